//! `keyark recover`: what it finds and how it says so, what it refuses, and that no work is lost or done twice.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "support/canary.rs"]
mod canary;
mod support;

use std::collections::BTreeSet;
use std::io::BufRead;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use support::{Failure, Home, Run, text, wait, with_space};

/// The words of which something is lost, and what they open without a passphrase and with one.
use canary::{PASSPHRASE, WORDS};
const ETHEREUM: &str = "0x58A57ed9d8d624cBD12e2C467D34787555bB1b25";

/// The words with some of them replaced.
fn words(replaced: &[(usize, &str)]) -> String {
    let mut words: Vec<_> = WORDS.split(' ').collect();
    replaced.iter().for_each(|(at, word)| words[at - 1] = word);
    words.join(" ").trim().to_owned()
}

/// What the words open, under a passphrase or none: the address of the default kind of a chain.
fn address(home: &Home, args: &[&str]) -> String {
    home.write("right.txt", WORDS);
    let run = home.run(&[&["derive", "--phrase-file", "right.txt", "--json"], args].concat()).ok();
    text(&run.objects()[0], "address").to_owned()
}

fn recover(home: &Home, damaged: &str, args: &[&str]) -> Run {
    home.write("damaged.txt", damaged);
    home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt", "--json"], args].concat())
}

/// The one match.
#[track_caller]
fn found(home: &Home, damaged: &str, args: &[&str]) -> Value {
    recover(home, damaged, args).object()
}

#[track_caller]
fn refused(damaged: &str, args: &[&str], code: i32) -> Failure {
    recover(&Home::new(), damaged, args).only_error(code)
}

mod phrases {
    use super::*;

    #[test]
    fn a_lost_word_is_an_object() {
        let home = Home::new();
        let run = recover(&home, &words(&[(8, "?")]), &["--address", ETHEREUM]).ok();
        assert!(run.err.contains("2,048 phrases") && run.err.contains("a second"), "{}", run.err);
        assert!(run.err.contains("found while the speed was measured") && !run.err.contains("to try"), "{}", run.err);
        let [object] = &run.objects()[..] else { panic!("{}", run.out) };
        let names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["address", "chain", "kind", "passphrase", "passphrase_form", "path", "phrase", "seconds", "tried"];
        assert_eq!(names, expected);
        assert_eq!((text(object, "phrase"), &object["passphrase"]), (WORDS, &Value::Null));
        assert_eq!((text(object, "chain"), text(object, "kind")), ("ethereum", "bip44"));
        assert_eq!((text(object, "path"), text(object, "address")), ("m/44'/60'/0'/0/0", ETHEREUM));
        assert!(object["tried"].as_u64().unwrap() <= 2048 && object["seconds"].is_number(), "{object}");
    }

    #[test]
    fn a_person_sees_numbered_words_and_what_they_open() {
        let home = Home::new();
        home.write("damaged.txt", words(&[(12, "?")]));
        let run = home.run(&["recover", "phrase", "--phrase-file", "damaged.txt", "--address", ETHEREUM]).ok();
        for part in [" 1 legal", "12 yellow", ETHEREUM, "m/44'/60'/0'/0/0", "passphrase  none"] {
            assert!(run.out.contains(part), "{part}: {}", run.out);
        }
        assert!(run.err.contains("keyark import NAME"), "{}", run.err);
        let quiet = home.run(&["recover", "phrase", "--phrase-file", "damaged.txt", "--address", ETHEREUM, "--quiet"]);
        assert!(!quiet.ok().err.contains("phrases"));
    }

    #[test]
    fn each_damage() {
        let home = Home::new();
        let eleven = words(&[(8, "")]).replace("  ", " ");
        let thirteen = words(&[(8, "useful zebra")]);
        for (damaged, args) in [
            (words(&[(8, "usefull")]), &[][..]),
            (words(&[(8, "u*")]), &[]),
            (words(&[(8, "us?ful"), (2, "winter|winner|window")]), &[]),
            (eleven, &["--damage", "one-too-few"]),
            (thirteen, &["--damage", "one-too-many"]),
            (words(&[(8, "legal"), (9, "useful")]), &["--damage", "swapped"]),
            (words(&[(8, "wheat")]), &["--damage", "one-wrong"]),
            (words(&[(8, "zebra")]), &["--damage", "swapped", "--damage", "one-wrong"]),
            (words(&[(8, "?")]), &["--damage", "wrong-language", "--language", "japanese"]),
        ] {
            let object = found(&home, &damaged, &[&["--address", ETHEREUM], args].concat());
            assert_eq!(text(&object, "phrase"), WORDS, "{args:?}");
        }
        let mut mixed: Vec<_> = support::WORDS.split(' ').collect();
        mixed.rotate_right(1);
        let known = ["--address", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "--damage", "any-order"];
        assert_eq!(text(&found(&home, &mixed.join(" "), &known), "phrase"), support::WORDS);
    }

    #[test]
    fn whatever_is_known() {
        let home = Home::new();
        let damaged = words(&[(12, "?")]);
        let taproot = address(&home, &["--chain", "bitcoin", "--kind", "p2tr", "--range", "2..3", "--account", "1"]);
        let more = ["--accounts", "2", "--indexes", "3"];
        let object = found(&home, &damaged, &[&["--address", &taproot], &more[..]].concat());
        assert_eq!((text(&object, "kind"), text(&object, "path")), ("p2tr", "m/86'/0'/1'/0/2"));
        let change = address(&home, &["--chain", "bitcoin", "--change", "1"]);
        assert_eq!(text(&found(&home, &damaged, &["--address", &change, "--change"]), "path"), "m/84'/0'/0'/1/0");
        let solana = address(&home, &["--chain", "solana"]);
        assert_eq!(text(&found(&home, &damaged, &["--address", &solana]), "chain"), "solana");
        let testnet = address(&home, &["--chain", "bitcoin", "--network", "testnet"]);
        let known = ["--address", &testnet, "--network", "testnet", "--chain", "bitcoin", "--kind", "p2wpkh"];
        assert_eq!(text(&found(&home, &damaged, &known), "path"), "m/84'/1'/0'/0/0");

        home.write("list.txt", format!("# of others\n0x9858EfFD232B4033E47d90003D41EC34EcaEda94\n\n{ETHEREUM}\n"));
        let object = found(&home, &damaged, &["--addresses-file", "list.txt"]);
        assert_eq!(text(&object, "address"), ETHEREUM);

        let account = home.run(&["account", "--phrase-file", "right.txt", "--chain", "bitcoin", "--json"]).object();
        let object = found(&home, &damaged, &["--xpub", text(&account, "slip132")]);
        assert_eq!((text(&object, "path"), &object["address"]), ("m/84'/0'/0'", &Value::Null));
        let object = found(&home, &damaged, &["--fingerprint", text(&account, "fingerprint")]);
        assert_eq!((text(&object, "phrase"), &object["chain"]), (WORDS, &Value::Null));
    }

    /// Nothing is known: all that it can be, one on each line.
    #[test]
    fn the_checksum_alone() {
        let home = Home::new();
        let run = recover(&home, &words(&[(12, "?")]), &["--checksum-only"]).ok();
        let phrases = run.objects();
        assert_eq!(phrases.len(), 128);
        assert!(phrases.iter().any(|object| object["phrase"] == WORDS));
        let args = ["recover", "phrase", "--phrase-file", "damaged.txt", "--checksum-only", "--out", "list.txt"];
        home.run(&args).ok();
        let list = home.read("list.txt");
        assert_eq!((list.lines().count(), list.lines().filter(|line| *line == WORDS).count()), (128, 1));
    }

    /// Of words in any order, all that have a right checksum; and every address of a list.
    #[test]
    fn all_that_fit() {
        let home = Home::new();
        home.write("guesses.txt", format!("{PASSPHRASE}\n"));
        home.write("passphrase.txt", PASSPHRASE);
        let other = address(&home, &["--chain", "ethereum", "--passphrase-file", "passphrase.txt"]);
        home.write("list.txt", format!("{ETHEREUM}\n{other}\n"));
        let args = ["--addresses-file", "list.txt", "--passphrases-file", "guesses.txt", "--all"];
        let objects = recover(&home, &words(&[(12, "?")]), &args).ok().objects();
        let mut found: Vec<_> = objects.iter().map(|object| text(object, "address")).collect();
        found.sort_unstable();
        let mut expected = [ETHEREUM, &other];
        expected.sort_unstable();
        assert_eq!(found, expected);
        let run = home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt"], &args[..]].concat()).ok();
        assert!(run.out.contains("\n\n 1 legal") && run.err.contains("2 found"), "{}{}", run.out, run.err);
    }

    #[test]
    fn a_forgotten_passphrase() {
        let home = Home::new();
        home.write("passphrase.txt", PASSPHRASE);
        let known = address(&home, &["--chain", "ethereum", "--passphrase-file", "passphrase.txt"]);
        home.write("guesses.txt", format!("password\n{PASSPHRASE} \n{PASSPHRASE}\n"));
        home.write("pattern.txt", "TR[AEIOU]Z?u[RX]\n");
        for guesses in [
            ["--passphrases-file", "guesses.txt"],
            ["--passphrase-pattern-file", "pattern.txt"],
            ["--passphrase-file", "passphrase.txt"],
        ] {
            let object = found(&home, &words(&[(12, "?")]), &[&["--address", &known], &guesses[..]].concat());
            assert_eq!((text(&object, "phrase"), text(&object, "passphrase")), (WORDS, PASSPHRASE), "{guesses:?}");
        }
        // The words are right, and only the passphrase is not known.
        let object = found(&home, WORDS, &["--address", &known, "--passphrases-file", "guesses.txt"]);
        assert_eq!(text(&object, "passphrase"), PASSPHRASE);
        // That there is none is tried too.
        let object = found(&home, WORDS, &["--address", ETHEREUM, "--passphrases-file", "guesses.txt"]);
        assert_eq!(object["passphrase"], Value::Null);
    }

    #[test]
    fn words_from_standard_input() {
        let home = Home::new();
        let args = ["recover", "phrase", "--phrase-file", "-", "--address", ETHEREUM, "--json"];
        assert_eq!(text(&home.run_with(&args, &words(&[(12, "?")])).object(), "phrase"), WORDS);
    }

    #[test]
    fn a_file_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        let args = ["--address", ETHEREUM, "--out", "found.json"];
        let run = recover(&home, &words(&[(12, "?")]), &args).ok();
        assert_eq!(run.out, "");
        assert_eq!(serde_json::from_str::<Value>(&home.read("found.json")).unwrap()["phrase"], WORDS);
        assert_eq!(std::fs::metadata(home.path("found.json")).unwrap().permissions().mode() & 0o777, 0o600);
        recover(&home, &words(&[(12, "?")]), &args).only_error(7).says("already-exists", "found.json");
    }

    #[test]
    fn help_has_examples_and_the_damages() {
        let home = Home::new();
        for command in ["phrase", "path", "keystore"] {
            let help = home.run(&["help", "recover", command]).ok().out;
            assert!(help.contains("Example"), "{help}");
        }
        let help = home.run(&["help", "recover", "phrase"]).ok().out;
        for part in ["one-too-few", "a word is missing, and nobody knows where", "licen?e", "--max-time"] {
            assert!(help.contains(part), "{part}: {help}");
        }
    }
}

mod refusals {
    use super::*;

    const KNOWN: [&str; 2] = ["--address", ETHEREUM];

    #[test]
    fn too_many_unknowns() {
        let many = refused(&words(&[(1, "?"), (2, "?"), (3, "?"), (4, "?"), (5, "?"), (6, "?")]), &KNOWN, 3);
        many.says("out-of-bounds", "\u{d7} 10^");
        let failure = refused(&words(&[(7, "?"), (8, "?")]), &[&KNOWN[..], &["--max-time", "0s"]].concat(), 3);
        failure.says("out-of-bounds", "at most less than a second");
        failure.says("out-of-bounds", "--max-time");
        failure.says("out-of-bounds", "--shard");
        let failure = refused(&words(&[(7, "?"), (8, "?")]), &["--checksum-only"], 3);
        failure.says("out-of-bounds", "262,144");
    }

    /// It says what can be done instead.
    #[test]
    fn nothing_marked_and_no_damage() {
        refused(WORDS, &KNOWN, 2).says("usage", "keyark recover path");
        refused(&words(&[(8, "zebra")]), &KNOWN, 2).says("usage", "--damage");
        refused(&words(&[(12, "")]), &KNOWN, 2).says("usage", "one-too-few");
        refused(&format!("{WORDS} zebra"), &KNOWN, 2).says("usage", "one-too-many");
        refused("legal winner thank", &KNOWN, 2).says("usage", "12, 15, 18, 21 or 24");
        refused("", &KNOWN, 3).says("malformed", "no words");
        refused(&words(&[(8, "?")]), &[], 2).says("usage", "--checksum-only");
        refused(&words(&[(8, "q?q")]), &KNOWN, 3).says("malformed", "8 of 12");
    }

    #[test]
    fn addresses_that_are_none() {
        let damaged = words(&[(8, "?")]);
        let wrong = ETHEREUM.replace("58A5", "58a5");
        refused(&damaged, &["--address", &wrong, "--chain", "ethereum"], 3).says("malformed", "checksum");
        let bitcoin = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";
        refused(&damaged, &["--address", &bitcoin.replace("fyu", "fyv")], 3).says("malformed", "address");
        refused(&damaged, &["--address", bitcoin, "--network", "testnet"], 3).says("malformed", "mainnet");
        refused(&damaged, &["--address", bitcoin, "--chain", "dogecoin"], 7).says("not-found", "bitcoin");
        refused(&damaged, &["--address", bitcoin, "--kind", "p9"], 7).says("not-found", "p2wpkh");
        refused(&damaged, &["--fingerprint", "xyz"], 3).says("malformed", "eight");
        refused(&damaged, &["--xpub", "xpub"], 3).says("malformed", "checksum");
        refused(&damaged, &["--addresses-file", "nowhere.txt"], 7).says("not-found", "nowhere.txt");
        let home = Home::new();
        home.write("list.txt", format!("{ETHEREUM}\nnone\n"));
        recover(&home, &damaged, &["--addresses-file", "list.txt"]).only_error(3).says("malformed", "line 2");
    }

    #[test]
    fn bounds_and_shares_that_there_are_not() {
        let damaged = words(&[(8, "?")]);
        for (args, code) in [
            (&["--shard", "3/2"][..], 2),
            (&["--shard", "0/2"], 2),
            (&["--shard", "1"], 2),
            (&["--max-time", "soon"], 2),
            (&["--max-time", "1h30m"], 2),
            (&["--threads", "0"], 2),
            (&["--damage", "fire"], 2),
            (&["--indexes", "0"], 2),
            (&["--indexes", "2147483649"], 3),
            (&["--accounts", "4294967295", "--indexes", "4294967295"], 3),
            (&["--indexes", "4294967296"], 2),
            (&["--checksum-only"], 2),
            (&["--fingerprint", "73c5da0a"], 2),
        ] {
            let failure = refused(&damaged, &[&KNOWN[..], args].concat(), code);
            assert!(["usage", "out-of-bounds"].contains(&failure.kind.as_str()), "{args:?} {failure:?}");
        }
        refused(&damaged, &[&KNOWN[..], &["--shard", "3/2"]].concat(), 2).says("usage", "there is no share 3 of 2");
    }

    #[test]
    fn guesses_that_are_none() {
        let home = Home::new();
        home.write("empty.txt", "\n");
        home.write("pattern.txt", "pass?x");
        let with =
            |args: &[&str], code| recover(&home, &words(&[(8, "?")]), &[&KNOWN[..], args].concat()).only_error(code);
        with(&["--passphrases-file", "empty.txt"], 2).says("usage", "empty");
        with(&["--passphrase-pattern-file", "pattern.txt"], 3).says("malformed", "character 5");
        with(&["--passphrase-file", "-", "--phrase-file", "-"], 2);
        with(&["--passphrases-file", "empty.txt", "--passphrase-file", "empty.txt"], 2);
    }

    #[test]
    fn files_that_are_taken() {
        let home = Home::new();
        let damaged = words(&[(8, "?")]);
        let with = |args: &[&str], code| recover(&home, &damaged, &[&KNOWN[..], args].concat()).only_error(code);
        with(&["--checkpoint", "new.json", "--out", "new.json"], 2).says("usage", "same file");
        with(&["--checkpoint", "nowhere/new.json"], 7).says("not-found", "nowhere");
        with(&["--checkpoint", "."], 7).says("already-exists", "not a plain file");
        // The words in the place of the checkpoint are not overwritten.
        with(&["--checkpoint", "damaged.txt"], 3).says("malformed", "checkpoint");
        with(&["--out", "damaged.txt", "--force"], 2).says("usage", "damaged.txt");
        assert_eq!(home.read("damaged.txt"), damaged);
    }

    #[test]
    fn nothing_that_fits() {
        let other = ["--address", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"];
        let failure = refused(&words(&[(12, "?")]), &other, 8);
        failure.says("mismatch", "none of 2,048 phrases fits");
        failure.says("mismatch", "--kind");
    }
}

mod paths {
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
}

mod keystores {
    use super::*;

    /// A keystore under the password `hunter7`, in which a guess costs little.
    pub(super) fn home() -> Home {
        let home = Home::with_words();
        home.write("password.txt", "hunter7");
        let make = ["keystore", "make", "--chain", "ethereum", "--phrase-file", "words.txt", "--profile", "light"];
        let out = ["--keystore-password-file", "password.txt", "--out", "account.json"];
        home.run(&[&make[..], &out].concat()).ok();
        home
    }

    #[test]
    fn the_password_among_guesses() {
        let home = home();
        home.write("guesses.txt", "hunter\nhunter7 \nhunter7\n");
        home.write("pattern.txt", "hunter[3-9]\n");
        for (flag, file) in [("--passwords-file", "guesses.txt"), ("--password-pattern-file", "pattern.txt")] {
            let args = ["recover", "keystore", "account.json", flag, file];
            let object = home.run(&[&args[..], &["--json"]].concat()).object();
            support::assert_fields(&object, &["file", "password", "address", "tried", "seconds", "warnings"]);
            assert_eq!(text(&object, "password"), "hunter7");
            assert_eq!(text(&object, "address"), "0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
            let run = home.run(&args).ok();
            assert_eq!(run.out, "hunter7\n");
            assert!(!run.err.contains("hunter7") && run.err.contains("keyark import"), "{}", run.err);
        }
    }

    #[test]
    fn no_guess_that_opens_it_and_no_keystore() {
        let home = home();
        home.write("guesses.txt", "one\ntwo\n");
        let run = |file, args: &[&str]| home.run(&[&["recover", "keystore", file, "--json"], args].concat());
        run("account.json", &["--passwords-file", "guesses.txt"]).only_error(8).says("mismatch", "none of 2 passwords");
        run("account.json", &[]).only_error(2).says("usage", "--passwords-file");
        run("words.txt", &["--passwords-file", "guesses.txt"]).only_error(3).says("malformed", "words.txt");
        home.write("pattern.txt", "?d?d?d?d?d?d");
        let refused = run("account.json", &["--password-pattern-file", "pattern.txt", "--max-time", "1m"]);
        refused.only_error(3).says("out-of-bounds", "--max-time");
    }
}

/// `keyark complete` with unknown characters.
mod keys {
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
        complete(&home, &WIF.replace("77V6", "0?V?"), &["--chain", "bitcoin"])
            .only_error(3)
            .says("malformed", "character");
        home.write("rest.txt", "ab");
        let args = ["--chain", "ethereum", "--rest-file", "rest.txt"];
        complete(&home, &KEY.replace("b727", "b72?"), &args).only_error(2).says("usage", "--rest-file");
        let args = ["--chain", "ethereum", "--rest-file", "rest.txt", "--shard", "1/2"];
        complete(&home, &KEY[..54], &args).only_error(2).says("usage", "no ?");
    }
}

mod going_on {
    use super::*;

    /// Some seconds of work, with the right words at the end of them.
    const SLOW: [&str; 8] = ["--address", ETHEREUM, "--checkpoint", "search.json", "--threads", "1", "--indexes", "60"];

    /// Two words are not sure: one is lost, and of the 64 that the other can be, the right one is the last.
    fn slow() -> String {
        let list = keyark::phrase::Language::English.word_list();
        let right = list.iter().position(|word| *word == "useful").unwrap();
        words(&[(8, &list[right - 63..=right].join("|")), (5, "?")])
    }

    fn start(home: &Home, args: &[&str]) -> Child {
        home.write("damaged.txt", slow());
        let args = [&["recover", "phrase", "--phrase-file", "damaged.txt", "--json"], &SLOW[..], args].concat();
        home.command(&args).spawn().unwrap()
    }

    /// Waits until the command says that it has begun.
    fn has_begun(child: &mut Child) -> std::io::BufReader<std::process::ChildStderr> {
        let mut err = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("a second") {
            line.clear();
            assert_ne!(err.read_line(&mut line).unwrap(), 0, "it has ended");
        }
        err
    }

    fn end(mut child: Child, mut err: std::io::BufReader<std::process::ChildStderr>) -> Run {
        let (mut out, mut said) = (String::new(), String::new());
        std::io::Read::read_to_string(&mut err, &mut said).unwrap();
        std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut out).unwrap();
        let code = wait(&mut child, "recover").code();
        Run { line: "recover".to_owned(), code, out, err: said }
    }

    /// Stops a search in its middle, so that there is a checkpoint.
    fn stopped(home: &Home) -> Run {
        let mut child = start(home, &[]);
        let err = has_begun(&mut child);
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        end(child, err)
    }

    fn blocks_done(home: &Home) -> u64 {
        let object: Value = serde_json::from_str(&home.read("search.json")).unwrap();
        let ranges = object["done"].as_array().unwrap();
        ranges.iter().map(|range| range[1].as_u64().unwrap() - range[0].as_u64().unwrap()).sum()
    }

    /// Killed, stopped, and brought to its end: each time it goes on from where it was.
    #[test]
    fn kill_9_and_ctrl_c_lose_nothing() {
        let home = Home::new();
        let mut child = start(&home, &["--out", "found.json"]);
        let begin = Instant::now();
        while !home.path("search.json").exists() {
            assert!(child.try_wait().unwrap().is_none() && begin.elapsed() < support::PATIENCE, "no checkpoint");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let killed = blocks_done(&home);
        assert!(killed > 0);

        let mut child = start(&home, &["--out", "found.json"]);
        let err = has_begun(&mut child);
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        let run = end(child, err);
        run.only_error(130).says("cancelled", "search.json");
        assert!(blocks_done(&home) > killed);

        let child = start(&home, &["--out", "found.json"]);
        let run = finish_child(child);
        assert!(run.err.contains("going on from search.json"), "{}", run.err);
        run.ok();
        assert_eq!(serde_json::from_str::<Value>(&home.read("found.json")).unwrap()["phrase"], WORDS);
        assert!(!home.path("search.json").exists(), "it is complete");
    }

    fn finish_child(mut child: Child) -> Run {
        let err = std::io::BufReader::new(child.stderr.take().unwrap());
        end(child, err)
    }

    #[test]
    fn a_checkpoint_of_something_else_is_refused_and_kept() {
        let home = Home::new();
        stopped(&home).only_error(130).says("cancelled", "the same command goes on");
        let whole = home.read("search.json");
        let with = |damaged: &str, args: &[&str]| {
            let run = recover(&home, damaged, &[&SLOW[..], args].concat());
            assert_eq!(run.out, "", "{}", run.line);
            run
        };
        with(&slow().replace("winner", "window"), &[]).only_error(2).says("usage", "of other words");
        with(&slow(), &["--kind", "bip44"]).only_error(2).says("usage", "another");
        with(&slow(), &["--shard", "1/2"]).only_error(2).says("usage", "share");
        assert_eq!(home.read("search.json"), whole);
        for (content, said) in [
            (&whole[..whole.len() / 2], "cut off"),
            ("", "cut off"),
            (&whole.replace("\"version\":1", "\"version\":2"), "newer keyark"),
            (&whole.replace("\"tried\":", "\"tried\":1"), "changed"),
            ("{}", "version"),
            (slow().as_str(), "JSON"),
        ] {
            home.write("search.json", content);
            with(&slow(), &[]).only_error(3).says("malformed", said);
            assert_eq!(home.read("search.json"), content, "it is left as it is");
        }
    }

    /// A share of the work is a share of the blocks: each candidate is in one of them.
    #[test]
    fn the_shares_find_it_once() {
        let home = Home::new();
        for damaged in [words(&[(12, "?")]), words(&[(3, "?")]), slow()] {
            let shares = ["1/3", "2/3", "3/3"].map(|share| {
                let run = recover(&home, &damaged, &["--address", ETHEREUM, "--shard", share]);
                assert!(run.err.contains(&format!("share {share}")), "{}", run.err);
                match run.code {
                    Some(8) => run.only_error(8).says("mismatch", "other shares"),
                    _ => assert_eq!(text(&run.objects()[0], "phrase"), WORDS),
                }
                run.code
            });
            assert_eq!(shares.iter().filter(|code| **code == Some(0)).count(), 1, "{shares:?}");
        }
    }

    /// What was found before the search was stopped is in the file, and stays there.
    #[test]
    fn matches_are_kept() {
        let home = Home::new();
        let all = ["--all", "--checksum-only", "--out", "all.txt", "--checkpoint", "search.json"];
        home.write("damaged.txt", words(&[(12, "?")]));
        home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt"], &all[..]].concat()).ok();
        assert_eq!(home.read("all.txt").lines().count(), 128);
        assert!(!home.path("search.json").exists());
        let names = home.names();
        assert!(names.iter().all(|name| !name.contains(".keyark-")), "{names:?}");
    }

    /// A list of all that fit, which is killed: what was found is in the file, whole, and the same command adds the rest. What is
    /// found again, because the checkpoint did not count it yet, is not there twice.
    #[test]
    fn all_that_fit_survive_kill_9() {
        let home = Home::new();
        let phrases = recover(&home, &slow(), &["--checksum-only"]).ok().objects();
        let expected: BTreeSet<_> = phrases.iter().step_by(500).map(|object| text(object, "phrase")).collect();
        let known = expected.iter().map(|phrase| {
            let args = ["derive", "--phrase-file", "-", "--chain", "ethereum", "--json"];
            text(&home.run_with(&args, phrase).object(), "address").to_owned()
        });
        home.write("list.txt", known.collect::<Vec<_>>().join("\n"));
        for form in [&["--json"][..], &[]] {
            let place = ["--addresses-file", "list.txt", "--indexes", "60", "--threads", "1", "--all"];
            let files = ["--out", "found", "--checkpoint", "search.json", "--phrase-file", "damaged.txt"];
            let args = [&["recover", "phrase"], &place[..], &files, form].concat();
            let mut child = home.command(&args).spawn().unwrap();
            wait_for(&home, &mut child, "search.json");
            let early = home.read("search.json");
            wait_for(&home, &mut child, "found");
            child.kill().unwrap(); // SIGKILL
            child.wait().unwrap();
            let before = home.read("found");
            home.write("search.json", early); // as if it had been killed a moment earlier

            let run = home.run(&args).ok();
            assert!(run.err.contains(&format!("{} found", expected.len())), "{}", run.err);
            let found = home.read("found");
            assert!(found.starts_with(&before) && found.len() > before.len(), "{before}");
            assert_eq!(found.matches("0x").count(), expected.len(), "each once");
            if !form.is_empty() {
                let objects: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                assert_eq!(objects.iter().map(|object| text(object, "phrase")).collect::<BTreeSet<_>>(), expected);
            }
            std::fs::remove_file(home.path("found")).unwrap();
        }
        assert!(home.names().iter().all(|name| !name.starts_with("search")), "{:?}", home.names());
        // Without a checkpoint, too, what was found is there.
        let args = ["recover", "phrase", "--phrase-file", "damaged.txt", "--addresses-file", "list.txt", "--json"];
        let more = ["--indexes", "60", "--threads", "1", "--all", "--out", "found"];
        let mut child = home.command(&[&args[..], &more].concat()).spawn().unwrap();
        wait_for(&home, &mut child, "found");
        child.kill().unwrap();
        child.wait().unwrap();
        for line in home.read("found").lines() {
            assert!(expected.contains(text(&serde_json::from_str(line).unwrap(), "phrase")), "{line}");
        }
    }

    fn wait_for(home: &Home, child: &mut Child, name: &str) {
        let begin = Instant::now();
        while !home.path(name).exists() {
            assert!(child.try_wait().unwrap().is_none() && begin.elapsed() < support::PATIENCE, "no {name}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// That the checkpoint cannot be written is said at once, not after hours.
    #[test]
    fn a_checkpoint_that_cannot_be_written() {
        let home = Home::new();
        home.write("damaged.txt", slow());
        std::fs::create_dir(home.path("closed")).unwrap();
        std::fs::set_permissions(home.path("closed"), std::os::unix::fs::PermissionsExt::from_mode(0o500)).unwrap();
        let args = ["recover", "phrase", "--phrase-file", "damaged.txt", "--json", "--address", ETHEREUM];
        let slow = ["--threads", "1", "--indexes", "60"];
        for folder in ["closed", "/proc"] {
            if std::fs::write(home.path(folder).join("probe"), "").is_ok() {
                continue; // root writes also where it may not; into /proc nobody does
            }
            let file = format!("{folder}/search.json");
            let run = home.run(&[&args[..], &slow, &["--checkpoint", &file]].concat());
            run.only_error(6).says("storage", folder);
            assert!(!run.err.contains("a second"), "before anything is measured: {}", run.err);
        }
        let full = home.command(&[&args[..], &slow, &["--checkpoint", "search.json", "--out", "found.json"]].concat());
        let run = with_space(&full, 0);
        run.only_error(6).says("storage", "search.json could not be written");
        assert_eq!(run.out, "");
        assert!(home.names().iter().all(|name| !name.contains("search")), "{:?}", home.names());
    }

    /// Two at once would write over what the other has found: the second is refused, and the first goes on.
    #[test]
    fn one_search_at_a_time_on_a_checkpoint() {
        let home = Home::new();
        let mut first = start(&home, &["--out", "found.json"]);
        let err = has_begun(&mut first);
        let second = || finish_child(start(&home, &["--out", "found.json"]));
        second().only_error(6).says("storage", "another search is going on with the checkpoint search.json");
        let other = recover(&home, &words(&[(8, "?")]), &["--address", ETHEREUM, "--checkpoint", "other.json"]);
        other.ok();
        first.kill().unwrap();
        end(first, err);
        // The lock ends with the process, and its file with the next search.
        assert_eq!(finish_child(start(&home, &["--out", "found.json"])).code, Some(0));
        assert_eq!(serde_json::from_str::<Value>(&home.read("found.json")).unwrap()["phrase"], WORDS);
        assert!(home.names().iter().all(|name| !name.contains("search")), "{:?}", home.names());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_person_sees_how_far_it_is_and_stops_it() {
        let home = Home::new();
        home.write("damaged.txt", slow());
        let args = [&["recover", "phrase", "--phrase-file", "damaged.txt"], &SLOW[..]].concat();
        let mut terminal = support::terminal::Terminal::start(&home, &args);
        terminal.expect("a second");
        terminal.expect("%, ");
        terminal.expect(" left");
        terminal.types("\x03");
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echo), (Some(130), true), "{}", ended.screen);
        assert_eq!(ended.screen.matches("error:").count(), 1, "{}", ended.screen);
        assert!(home.path("search.json").exists());
    }
}

mod secrets {
    use super::*;

    /// No word of the phrase is in what is said, in an error or in a checkpoint.
    #[test]
    fn no_word_is_told() {
        let home = keystores::home();
        home.write("guesses.txt", format!("{}\n{PASSPHRASE}\n", canary::PASSWORD));
        let canaries = canary::canaries();
        let hides = |text: &str, place: &str| {
            canary::assert_hides(text, &canaries, &[], place);
            let told = text
                .split(|letter: char| !letter.is_alphabetic())
                .find(|part| WORDS.split(' ').any(|word| word == *part));
            assert_eq!(told, None, "{place}: {text}");
        };
        for (damaged, args) in [
            (words(&[(8, "?")]), &["--address", ETHEREUM][..]),
            (words(&[(8, "usefull"), (2, "winnr")]), &["--address", ETHEREUM]),
            (words(&[(8, "us?ful|")]), &["--address", ETHEREUM]),
            (words(&[(8, "u?q")]), &["--address", ETHEREUM]),
            (WORDS.to_owned(), &["--address", ETHEREUM]),
            (words(&[(12, "")]), &["--address", ETHEREUM]),
            (format!("{WORDS} {WORDS} {WORDS}"), &["--address", ETHEREUM]),
            (words(&[(8, "?"), (9, "?")]), &["--address", ETHEREUM, "--max-time", "0s"]),
            (words(&[(12, "?")]), &["--fingerprint", "00000000", "--passphrases-file", "guesses.txt"]),
            (words(&[(12, "?")]), &["--fingerprint", "00000000", "--passphrase-pattern-file", "guesses.txt"]),
            (words(&[(12, "?")]), &["--checksum-only"]),
            (words(&[(12, "?")]), &["--address", WORDS]),
            (words(&[(12, "?")]), &["--checkpoint", "right.txt", "--address", ETHEREUM]),
        ] {
            home.write("right.txt", WORDS);
            let run = recover(&home, &damaged, args);
            hides(&run.err, &run.line);
            home.write("damaged.txt", &damaged);
            let run = home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt"], args].concat());
            hides(&run.err, &run.line);
        }
        let run = home.run(&["recover", "path", "--phrase-file", "right.txt", "--fingerprint", "00000000"]);
        hides(&run.err, &run.line);
        let run = home.run(&["recover", "keystore", "account.json", "--passwords-file", "guesses.txt"]);
        hides(&run.err, &run.line);
        assert_eq!(run.code, Some(8));
    }
}
