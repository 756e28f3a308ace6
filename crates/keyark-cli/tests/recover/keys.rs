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
