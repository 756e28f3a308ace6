//! `recover path` finds where in the wallet of known words an address is, and whether a passphrase is in use.

use super::*;

#[test]
fn which_wallet_is_this() {
    let home = Home::new();
    let known = address(
        &home,
        &["--chain", "bitcoin", "--kind", "p2tr", "--account", "3", "--range", "41..42", "--change", "1"],
    );
    let args = ["recover", "path", "--phrase-file", "right.txt", "--address", &known];
    let object = home.run(&[&args[..], &["--json"]].concat()).object();
    let place = json!([object["chain"], object["kind"], object["account"], object["change"], object["index"]]);
    assert_eq!(place, json!(["bitcoin", "p2tr", 3, 1, 41]));
    assert_eq!((text(&object, "path"), &object["passphrase"]), ("m/86'/0'/3'/1/41", &Value::Null));
    assert!(object.get("phrase").is_none(), "they are known");
    let run = home.run(&args).ok();
    assert!(run.out.contains("m/86'/0'/3'/1/41") && run.out.contains("passphrase  none"), "{}", run.out);
    assert!(run.err.contains("keyark import NAME"), "what to do next: {}", run.err);
}

/// Whoever has damaged words meets this command before the one that helps.
#[test]
fn damaged_words_lead_to_the_command_that_mends_them() {
    let home = Home::new();
    for damaged in [words(&[(8, "?")]), words(&[(8, "zebra")])] {
        home.write("damaged.txt", damaged);
        for args in [&["recover", "path", "--address", ETHEREUM][..], &["derive", "--chain", "ethereum"]] {
            let run = home.run(&[args, &["--phrase-file", "damaged.txt", "--json"]].concat());
            run.only_error(3).says("malformed", "keyark recover phrase");
        }
    }
}

#[test]
fn whether_a_passphrase_is_in_use() {
    let home = Home::new();
    home.write("passphrase.txt", PASSPHRASE);
    home.write("guesses.txt", format!("one\n{PASSPHRASE}\n"));
    let known = address(&home, &["--chain", "solana", "--passphrase-file", "passphrase.txt"]);
    let args = ["recover", "path", "--phrase-file", "right.txt", "--address", &known, "--json", "--accounts", "2"];
    home.run(&args).only_error(8).says("mismatch", "passphrase");
    for given in [["--passphrase-file", "passphrase.txt"], ["--passphrases-file", "guesses.txt"]] {
        let object = home.run(&[&args[..], &given].concat()).object();
        assert_eq!(
            (text(&object, "passphrase"), &object["account"], &object["index"]),
            (PASSPHRASE, &json!(0), &Value::Null)
        );
    }
    home.run(&["recover", "path", "--phrase-file", "right.txt", "--json"]).only_error(2).says("usage", "--address");
}

/// What is looked through in a share says nothing of the others.
#[test]
fn a_share_speaks_for_itself() {
    let home = Home::new();
    home.write("guesses.txt", "one\ntwo\nthree\nfour\n");
    home.write("right.txt", WORDS);
    let other = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
    let args = ["recover", "path", "--phrase-file", "right.txt", "--address", other, "--json"];
    let guesses = ["--passphrases-file", "guesses.txt", "--shard", "2/3"];
    home.run(&[&args[..], &guesses].concat()).error(8).says("mismatch", "none in share 2/3 of 5 passphrases");
}

/// The account of an extended key is shown, although it has no address of its own.
#[test]
fn an_extended_key_is_of_an_account() {
    let home = Home::new();
    home.write("right.txt", WORDS);
    let account = ["account", "--phrase-file", "right.txt", "--chain", "bitcoin", "--account", "2", "--json"];
    let key = text(&home.run(&account).object(), "slip132").to_owned();
    let object = home.run(&["recover", "path", "--phrase-file", "right.txt", "--xpub", &key, "--json"]).object();
    assert_eq!((text(&object, "path"), &object["account"]), ("m/84'/0'/2'", &json!(2)));
}

/// There is one wallet to look through, so what is said of a search is refused, and not ignored.
#[test]
fn one_passphrase_is_no_search() {
    let home = Home::new();
    home.write("guesses.txt", "one\ntwo\n");
    home.write("passphrase.txt", PASSPHRASE);
    let known = address(&home, &["--chain", "ethereum"]);
    let args = ["recover", "path", "--phrase-file", "right.txt", "--address", &known, "--json"];
    for flag in [["--checkpoint", "search.json"], ["--shard", "1/2"], ["--max-time", "1h"]] {
        for passphrase in [&[][..], &["--passphrase-file", "passphrase.txt"]] {
            let failure = home.run(&[&args[..], &flag, passphrase].concat()).only_error(2);
            failure.says("usage", flag[0]);
            failure.says("usage", "--passphrases-file");
        }
    }
    assert!(!home.path("search.json").exists() && !home.path("search.json.lock").exists());
    home.run(&[&args[..], &["--threads", "1"]].concat()).ok();
    let guesses = ["--passphrases-file", "guesses.txt", "--max-time", "1h", "--checkpoint", "search.json"];
    let codes = ["1/2", "2/2"].map(|share| home.run(&[&args[..], &guesses, &["--shard", share]].concat()).code);
    assert!(codes.contains(&Some(0)), "{codes:?}");
}
