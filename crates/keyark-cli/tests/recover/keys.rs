//! `keyark complete` finds the unknown characters of a private key.

use super::*;

const KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";
const ADDRESS: &str = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
/// The key of `m/84'/0'/0'/0/0` in BIP-84.
const WIF: &str = "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d";

fn complete(home: &Home, key: &str, args: &[&str]) -> Run {
    home.write("key.txt", key);
    home.run(&[&["complete", "--key-file", "key.txt", "--json"], args].concat())
}

#[test]
fn unknown_characters_are_found() {
    let home = Home::new();
    let ethereum = ["--chain", "ethereum", "--address", ADDRESS];
    let object = complete(&home, &KEY.replace("2cc4", "2??4"), &ethereum).object();
    assert_eq!((text(&object, "private_key"), text(&object, "address")), (KEY, ADDRESS));
    assert_eq!(object["checked"], true);
    // Its checksum tells the right one.
    let run = complete(&home, &WIF.replace("77V6", "7?V?"), &["--chain", "bitcoin"]);
    assert!(run.err.contains("3,364 keys"), "{}", run.err);
    let object = run.object();
    assert_eq!((text(&object, "private_key"), &object["checked"]), (WIF, &Value::Bool(false)));
    // Written in groups, and into a file.
    let grouped = format!("{} {}", &KEY[..10], KEY[10..].replace("b727", "b72?"));
    let args = [&ethereum[..], &["--out", "whole.txt"]].concat();
    assert_eq!(complete(&home, &grouped, &args).ok().out, "");
    assert!(home.read("whole.txt").contains(KEY));
}

#[test]
fn without_a_checksum_all_are_listed() {
    let home = Home::new();
    let run = complete(&home, &KEY.replace("b727", "b72?"), &["--chain", "ethereum"]).ok();
    let keys = run.objects();
    assert_eq!((keys.len(), keys.iter().filter(|key| key["private_key"] == KEY).count()), (16, 1));
    assert!(run.err.contains("16 keys fit"), "{}", run.err);
    let run = complete(&home, &KEY.replace("b727", "b???"), &["--chain", "ethereum"]);
    run.only_error(2).says("usage", "address");
}

#[test]
fn what_cannot_be_completed() {
    let home = Home::new();
    let failure =
        complete(&home, &KEY.replace("b727", "a72?"), &["--chain", "ethereum", "--address", ADDRESS]).only_error(8);
    failure.says("mismatch", "none of 16 keys fits the address");
    let many = format!("{}????????????", &KEY[..54]);
    complete(&home, &many, &["--chain", "ethereum", "--address", ADDRESS])
        .only_error(3)
        .says("out-of-bounds", "unknown characters");
    complete(&home, &WIF.replace("77V6", "0?V?"), &["--chain", "bitcoin"]).only_error(3).says("malformed", "character");
    home.write("rest.txt", "ab");
    let args = ["--chain", "ethereum", "--rest-file", "rest.txt"];
    complete(&home, &KEY.replace("b727", "b72?"), &args)
        .only_error(3)
        .says("malformed", "64 characters, and this has 66");
    let args = ["--chain", "ethereum", "--rest-file", "rest.txt", "--shard", "1/2"];
    complete(&home, &KEY[..54], &args).only_error(2).says("usage", "no ?");
}

/// The part written by hand is the likeliest to be smudged.
#[test]
fn marks_in_either_of_two_parts() {
    let home = Home::new();
    for (part, rest) in [
        (KEY[..54].to_owned(), KEY[54..].replace("b727", "b 72?")),
        (KEY[..54].replace("2cc4", "2??4"), KEY[54..].to_owned()),
    ] {
        home.write("rest.txt", rest);
        let args = ["--chain", "ethereum", "--rest-file", "rest.txt", "--address", ADDRESS];
        assert_eq!(text(&complete(&home, &part, &args).object(), "private_key"), KEY);
    }
}

/// Of another network, of several signers, of the compressed form where the key is not: no key that is tried has them.
#[test]
fn addresses_that_no_candidate_has() {
    let (own, testnet) = ("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx");
    let script = "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3";
    let damaged = WIF.replace("77V6", "7?V?");
    let unknown_start = damaged.replacen('K', "?", 1);
    let uncompressed = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvy??";
    for (key, args, part) in [
        (
            &damaged,
            &["--address", testnet][..],
            "this address is for testnet, and the private key begins as one for mainnet",
        ),
        (&damaged, &["--address", script], "derives no addresses of this kind"),
        (&unknown_start, &["--address", script], "derives no addresses of this kind"),
        (&damaged, &["--network", "testnet", "--address", own], "is for mainnet, not for testnet"),
        (&unknown_start, &["--network", "testnet", "--address", own], "is for mainnet, not for testnet"),
        (&damaged, &["--network", "testnet", "--address", testnet], "begins as one for mainnet, not for testnet"),
        (&damaged, &["--network", "testnet"], "begins as one for mainnet, not for testnet"),
        (&uncompressed.to_owned(), &["--address", own], "uncompressed form, which has no p2wpkh address"),
        (&damaged.replacen('K', "k", 1), &[], "begins as no private key of 52 characters does"),
        (&damaged.replacen('K', "5", 1), &[], "begins as no private key of 52 characters does"),
    ] {
        let run = complete(&Home::new(), key, &[&["--chain", "bitcoin"], args].concat());
        run.only_error(3).says("malformed", part);
    }
    let run = complete(&Home::new(), &KEY.replace("b727", "b72?"), &["--chain", "ethereum", "--network", "testnet"]);
    run.only_error(2).says("usage", "testnet");
    for key in [&damaged, &unknown_start] {
        let object = complete(&Home::new(), key, &["--chain", "bitcoin", "--address", own]).object();
        assert_eq!((text(&object, "private_key"), text(&object, "address")), (WIF, own));
    }
    let old = "1GAehh7TsJAHuUAeKZcXf5CnwuGuGgyX2S";
    let object = complete(&Home::new(), uncompressed, &["--chain", "bitcoin", "--address", old]).object();
    assert_eq!(text(&object, "address"), old);
}

/// The key of a test network, by an address of any of them.
#[test]
fn keys_of_test_networks() {
    let home = Home::new();
    home.write("words.txt", WORDS);
    for network in ["testnet", "signet", "regtest"] {
        let args =
            ["derive", "--phrase-file", "words.txt", "--chain", "bitcoin", "--private", "--json", "--network", network];
        let derived = home.run(&args).ok().objects().remove(0);
        let (key, address) = (text(&derived, "private_key"), text(&derived, "address"));
        for damaged in [format!("{}??", &key[..50]), format!("?{}?", &key[1..51])] {
            let object = complete(&home, &damaged, &["--chain", "bitcoin", "--address", address]).object();
            assert_eq!((text(&object, "private_key"), text(&object, "address")), (key, address));
        }
    }
}

/// What helps where nothing fits is of the form: not each has a checksum.
#[test]
fn what_to_do_where_nothing_fits() {
    let other = ["--chain", "ethereum", "--address", ETHEREUM];
    let failure = complete(&Home::new(), &KEY.replace("b727", "b72?"), &other).only_error(8);
    assert!(!failure.remedy.contains("checksum") && failure.remedy.contains("write a ?"), "{failure:?}");
    let damaged = WIF.replace("77V6", "7?V?");
    let other = ["--chain", "bitcoin", "--address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"];
    complete(&Home::new(), &damaged, &other).only_error(8).says("mismatch", "keys with a right checksum are shown");
    let failure = complete(&Home::new(), &format!("{}?", "f".repeat(63)), &["--chain", "ethereum"]).only_error(8);
    failure.says("mismatch", "none of 16 keys fits the form: as numbers they are too large");
}

/// Good characters are not called wrong because they are of a form that is not completed.
#[test]
fn forms_that_are_not_completed() {
    let array = format!("[{}, 3?, 255]", vec!["255"; 62].join(", "));
    let hex = KEY.replace("2cc4", "2??4");
    for (chain, key, parts) in [
        ("bitcoin", hex.as_str(), ["in hexadecimal", "wif (51 to 52 characters)"]),
        ("bitcoin", &hex[2..], ["in hexadecimal", "wif (51 to 52 characters)"]),
        ("solana", &hex, ["in hexadecimal", "base58-keypair (64 to 88 characters)"]),
        ("solana", &hex[2..].replace('0', "1"), ["in hexadecimal", "base58-keypair (64 to 88 characters)"]),
        ("solana", &array, ["an array of numbers", "base58-keypair (64 to 88 characters)"]),
        ("solana", "[12,34,?", ["an array of numbers", "base58-secret (32 to 44 characters)"]),
        ("ethereum", "[12,34,?", ["an array of numbers", "hex (64 characters)"]),
    ] {
        let failure = complete(&Home::new(), key, &["--chain", chain]).only_error(3);
        parts.iter().for_each(|part| failure.says("malformed", part));
        assert!(!failure.message.contains("character ") && !failure.remedy.contains("write a ?"), "{failure:?}");
    }
}

/// As editors on Windows put it before each file, and nobody sees it.
#[test]
fn a_mark_of_the_byte_order_is_no_character() {
    let home = Home::new();
    let ethereum = ["--chain", "ethereum", "--address", ADDRESS];
    let marked = format!("\u{feff}{}\r\n", KEY.replace("2cc4", "2??4"));
    assert_eq!(text(&complete(&home, &marked, &ethereum).object(), "private_key"), KEY);
    let args = [&ethereum[..], &["--rest-file", "rest.txt"]].concat();
    for rest in [&KEY[54..], &KEY[54..].replace("b727", "b72?")] {
        home.write("rest.txt", format!("\u{feff}{rest}"));
        let object = complete(&home, &format!("\u{feff}{}", &KEY[..54]), &args).object();
        assert_eq!(text(&object, "private_key"), KEY);
    }
}

/// The right key is not among those that are too short or too long.
#[test]
fn keys_of_another_length_are_not_searched() {
    let home = Home::new();
    let short = KEY.replace("b727", "b7?");
    for args in [&["--chain", "ethereum"][..], &["--chain", "ethereum", "--address", ADDRESS]] {
        let failure = complete(&home, &short, args).only_error(3);
        failure.says("malformed", "64 characters, and this has 63");
        failure.says("malformed", "write a ? for each character that is missing");
    }
    let failure = complete(&home, &WIF.replace("77V6", "7?"), &["--chain", "bitcoin"]).only_error(3);
    failure.says("malformed", "51 to 52 characters, and this has 50");
}

#[test]
fn a_key_without_its_end_needs_it_or_marks() {
    let run = complete(&Home::new(), &KEY[..60], &["--chain", "ethereum", "--address", ADDRESS]);
    let failure = run.only_error(2);
    failure.says("usage", "--rest-file FILE");
    failure.says("usage", "write a ? for each character");
}
