//! A damaged phrase is found again by whatever is known of its wallet, and shown to scripts and to people.

use super::*;

#[test]
fn a_lost_word_is_an_object() {
    let home = Home::new();
    let run = recover(&home, &words(&[(8, "?")]), &["--address", ETHEREUM]).ok();
    assert!(run.err.contains("2,048 phrases") && run.err.contains("a second"), "{}", run.err);
    assert!(run.err.contains("found while the speed was measured") && !run.err.contains("to try"), "{}", run.err);
    let [object] = &run.objects()[..] else { panic!("{}", run.out) };
    let names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["address", "chain", "kind", "passphrase", "passphrase_form", "path", "phrase", "seconds", "tried"];
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

/// A fingerprint is of every chain.
#[test]
fn of_a_fingerprint_nothing_is_shown_that_it_does_not_tell() {
    let home = Home::new();
    home.write("damaged.txt", words(&[(12, "?")]));
    home.write("right.txt", WORDS);
    let account = home.run(&["account", "--phrase-file", "right.txt", "--chain", "bitcoin", "--json"]).object();
    let fingerprint = text(&account, "fingerprint");
    let run = home.run(&["recover", "phrase", "--phrase-file", "damaged.txt", "--fingerprint", fingerprint]).ok();
    assert!(run.out.ends_with("\nopens       the wallet with that key\npassphrase  none\n"), "{}", run.out);
}

/// Columns that were read row by row, as paper and keyark's own table have them; a number without a word tells where one is lost.
#[test]
fn numbers_before_the_words_tell_their_order() {
    let home = Home::new();
    let all: Vec<_> = WORDS.split(' ').collect();
    let columns = |mark: &str, lost: usize| -> String {
        let place = |at: usize| if at + 1 == lost { String::new() } else { format!("{}{mark} {}  ", at + 1, all[at]) };
        (0..4).map(|row| [row, row + 4, row + 8].map(place).concat() + "\n").collect()
    };
    for mark in ["", ".", ":"] {
        let run = recover(&home, &columns(mark, 8), &["--address", ETHEREUM]).ok();
        assert_eq!(text(&run.objects()[0], "phrase"), WORDS);
        assert!(
            run.err.contains("in the order of the numbers") && run.err.contains("word 8 is not there"),
            "{}",
            run.err
        );
    }
    home.write("table.txt", columns("", 0));
    let run = home.run(&["phrase", "check", "--phrase-file", "table.txt", "--json"]).ok();
    assert_eq!(run.objects()[0]["valid"], true);
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
    home.write("pattern.txt", "TRE[XYZ]O[RX]\n");
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
    home.write("pattern.txt", "TR[AEIOU]Z?u[RX]\n");
    let object = found(&home, WORDS, &["--address", &known, "--passphrase-pattern-file", "pattern.txt"]);
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
