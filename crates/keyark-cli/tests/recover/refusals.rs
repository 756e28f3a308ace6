//! What no search can be made of is refused before one begins, with what can be done instead.

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
    refused(&words(&[(8, "?")]), &[&KNOWN[..], &["--language", "japanese"]].concat(), 3).says("malformed", "Japanese");
    refused(&words(&[(8, "q?q")]), &KNOWN, 3).says("malformed", "8 of 12");
}

/// Guesses at the passphrase are in vain when the words are wrong; so are words of which no combination has a right checksum.
#[test]
fn words_with_a_wrong_checksum() {
    let home = Home::new();
    home.write("guesses.txt", "one\ntwo\n");
    home.write("pattern.txt", "Sun?d?d?d?d?d?d?d?d?d");
    home.write("empty.txt", "");
    let wrong = words(&[(8, "zebra")]);
    for guesses in [["--passphrases-file", "guesses.txt"], ["--passphrase-pattern-file", "pattern.txt"]] {
        let failure = recover(&home, &wrong, &[&KNOWN[..], &guesses].concat()).only_error(2);
        failure.says("usage", "the checksum of the words is wrong");
        failure.says("usage", "--damage one-wrong");
    }
    let failure = refused(&words(&[(8, "zebra|zoo")]), &KNOWN, 8);
    failure.says("mismatch", "none of the 2 phrases that the words can be has a right checksum");
    let empty = [&KNOWN[..], &["--passphrase-pattern-file", "empty.txt"]].concat();
    recover(&home, WORDS, &empty).only_error(2).says("usage", "the pattern is empty");
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
    let of_another = refused(&damaged, &[&KNOWN[..], &["--kind", "p2tr"]].concat(), 7);
    of_another.says("not-found", "is of Ethereum, which has no such address kind");
    refused(&damaged, &["--fingerprint", "xyz"], 3).says("malformed", "eight");
    refused(&damaged, &["--xpub", "xpub"], 3).says("malformed", "checksum");
    refused(&damaged, &["--addresses-file", "nowhere.txt"], 7).says("not-found", "nowhere.txt");
    let home = Home::new();
    home.write("list.txt", format!("{ETHEREUM}\nnone\n"));
    recover(&home, &damaged, &["--addresses-file", "list.txt"]).only_error(3).says("malformed", "line 2");
}

#[test]
fn what_a_chain_alone_begins_with_is_answered_by_that_chain() {
    let bitcoin = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv";
    let failure = refused(&words(&[(8, "?")]), &["--address", bitcoin], 3);
    assert!(!failure.message.contains("Ethereum") && !failure.message.contains("Solana"), "{failure:?}");
    let failure = refused(&words(&[(8, "?")]), &["--address", &ETHEREUM[..40]], 3);
    failure.says("malformed", "40 digits behind 0x, and this has 38");
    assert!(!failure.message.contains("Bitcoin"), "{failure:?}");
}

#[test]
fn damages_that_want_other_numbers_of_words() {
    let failure =
        refused(&words(&[(8, "")]), &[&KNOWN[..], &["--damage", "one-too-few", "--damage", "swapped"]].concat(), 2);
    failure.says("usage", "leave out those that do not");
}

/// After hours it would be too late.
#[test]
fn a_file_that_cannot_be_made() {
    let run = |out| refused(&words(&[(7, "?"), (8, "?")]), &[&KNOWN[..], &["--out", out]].concat(), 7);
    run("nowhere/found.json").says("not-found", "there is no folder nowhere");
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
    let with = |args: &[&str], code| recover(&home, &words(&[(8, "?")]), &[&KNOWN[..], args].concat()).only_error(code);
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

/// The lock beside a checkpoint is removed in the end, so nobody's file is taken for one.
#[test]
fn files_in_the_place_of_the_lock() {
    let home = Home::new();
    let damaged = words(&[(8, "?")]);
    let with = |args: &[&str]| recover(&home, &damaged, &[&KNOWN[..], args, &["--checkpoint", "ck"]].concat());
    home.write("ck.lock", &damaged);
    with(&[]).only_error(7).says("already-exists", "ck.lock is there already");
    let args = ["recover", "phrase", "--phrase-file", "ck.lock", "--checkpoint", "ck", "--json"];
    home.run(&[&args[..], &KNOWN].concat()).only_error(2).says("usage", "is ck.lock, which is the place");
    home.run(&["complete", "--chain", "ethereum", "--key-file", "ck.lock", "--checkpoint", "ck", "--json"])
        .only_error(2)
        .says("usage", "is ck.lock, which is the place");
    with(&["--out", "ck.lock", "--force"]).only_error(2).says("usage", "--out is ck.lock");
    assert_eq!(home.read("ck.lock"), damaged);
    // A list of addresses, by another name.
    home.write("list.txt", ETHEREUM);
    std::fs::remove_file(home.path("ck.lock")).unwrap();
    std::os::unix::fs::symlink("list.txt", home.path("ck.lock")).unwrap();
    let args = ["--addresses-file", "list.txt", "--checkpoint", "ck"];
    recover(&home, &damaged, &args).only_error(7).says("already-exists", "is not a lock of keyark's");
    assert_eq!(home.read("list.txt"), ETHEREUM);
    // That of a search that was killed.
    std::fs::remove_file(home.path("ck.lock")).unwrap();
    home.write("ck.lock", "");
    with(&[]).ok();
    assert!(!home.path("ck.lock").exists());
}

#[test]
fn nothing_that_fits() {
    let other = ["--address", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"];
    let failure = refused(&words(&[(12, "?")]), &other, 8);
    failure.says("mismatch", "none of 2,048 phrases fits");
    failure.says("mismatch", "--kind");
}
