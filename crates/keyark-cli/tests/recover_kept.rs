//! `keyark recover`: what was found is kept, whatever stands in the way of the file it should go into.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "support/search.rs"]
mod search;
mod support;

use std::io::Write;
use std::process::Command;

use keyark::Registry;
use search::FirstBlock;
use serde_json::Value;
use support::{Home, text, wait};

/// BIP-39, `vectors.json`, the second one; and what it opens.
const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const ETHEREUM: &str = "0x58A57ed9d8d624cBD12e2C467D34787555bB1b25";

/// The words, of which the first one is lost.
fn damaged() -> String {
    WORDS.replacen("legal", "?", 1)
}

/// The first Ethereum address of the words in `right.txt` under a passphrase.
fn address_under(home: &Home, passphrase: &str) -> String {
    home.write("passphrase.txt", passphrase);
    let words = ["--phrase-file", "right.txt", "--passphrase-file", "passphrase.txt"];
    let run = home.run(&[&["derive", "--chain", "ethereum", "--json"], &words[..]].concat()).ok();
    text(&run.objects()[0], "address").to_owned()
}

#[test]
fn one_file_is_not_both_however_it_is_named() {
    let home = Home::new();
    home.write("damaged.txt", damaged());
    std::fs::create_dir(home.path("folder")).unwrap();
    for (out, checkpoint) in
        [("./same.json", "same.json"), ("folder/../same.json", "same.json"), ("same.json", "same.json")]
    {
        let run = home.run(&[
            "recover",
            "phrase",
            "--phrase-file",
            "damaged.txt",
            "--address",
            ETHEREUM,
            "--json",
            "--out",
            out,
            "--checkpoint",
            checkpoint,
        ]);
        run.only_error(2).says("usage", "the same file");
    }
}

/// What an earlier run has found counts, also where the rest is done while the speed is measured.
#[test]
fn a_search_whose_rest_has_no_match_has_found_what_it_found() {
    let first = FirstBlock::of(&damaged(), ETHEREUM);
    assert_eq!(first.found, 1);

    let home = Home::new();
    home.write("damaged.txt", damaged());
    home.write("search.json", &first.checkpoint);
    home.write("found.json", "{\"phrase\":\"of the run before\"}\n");
    let run = home.run(&[
        "recover",
        "phrase",
        "--phrase-file",
        "damaged.txt",
        "--address",
        ETHEREUM,
        "--all",
        "--json",
        "--checkpoint",
        "search.json",
        "--out",
        "found.json",
    ]);
    assert!(run.err.contains("going on from search.json") && run.err.contains("written to found.json"), "{}", run.err);
    run.ok();
    assert_eq!(home.read("found.json"), "{\"phrase\":\"of the run before\"}\n");
    assert!(!home.path("search.json").exists(), "it is complete");
}

#[test]
fn what_cannot_go_into_its_file_goes_beside_it() {
    let home = Home::new();
    assert!(Command::new("mkfifo").arg(home.path("words")).status().unwrap().success());
    let args = ["recover", "phrase", "--phrase-file", "words", "--address", ETHEREUM, "--json", "--out", "found.json"];
    let mut child = home.command(&args).spawn().unwrap();
    // It has looked at the name before it reads the words, for which this waits; then somebody else takes it.
    let mut words = std::fs::OpenOptions::new().write(true).open(home.path("words")).unwrap();
    home.write("found.json", "somebody else's");
    words.write_all(damaged().as_bytes()).unwrap();
    drop(words);
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(wait(&mut child, "recover").code(), Some(7), "{said}");
    assert!(said.contains("found.json exists already") && said.contains("found.json.partial"), "{said}");
    assert_eq!(home.read("found.json"), "somebody else's");
    let found: Value = serde_json::from_str(&home.read("found.json.partial")).unwrap();
    assert_eq!(text(&found, "phrase"), WORDS);
}

/// A mark that leaves one word is a doubt all the same: the person wants to know whether that is the phrase.
#[test]
fn one_reading_is_a_finding() {
    let home = Home::new();
    let recover = |damaged: &str, args: &[&str]| {
        home.write("damaged.txt", damaged);
        let phrase = ["recover", "phrase", "--phrase-file", "damaged.txt", "--address", ETHEREUM, "--json"];
        home.run(&[&phrase, args].concat())
    };
    for marked in ["us?ful", "usefu?", "useful|qqq"] {
        assert_eq!(text(&recover(&WORDS.replace("useful", marked), &[]).object(), "phrase"), WORDS);
    }
    let named = ["--damage", "wrong-language", "--language", "japanese"];
    assert_eq!(text(&recover(WORDS, &named).object(), "phrase"), WORDS);
    recover(&WORDS.replace("useful", "us?less"), &[])
        .only_error(8)
        .says("mismatch", "the only phrase that the words can be has a wrong checksum");
}

/// A passphrase is shown as it is, with the spaces at its ends, and the way on takes it along.
#[test]
fn passphrases_are_shown_as_they_are() {
    let home = Home::new();
    home.write("right.txt", WORDS);
    for (passphrase, shown) in
        [("Sun7 ", "passphrase  \"Sun7 \"\n"), ("none", "passphrase  \"none\"\n"), ("Sun7", "passphrase  Sun7\n")]
    {
        home.write("list.txt", format!("x\n{passphrase}\n"));
        let address = address_under(&home, passphrase);
        let known = ["--phrase-file", "right.txt", "--address", &address, "--passphrases-file", "list.txt"];
        let run = home.run(&[&["recover", "phrase"], &known[..]].concat()).ok();
        assert!(
            run.out.contains(shown) && run.err.contains("keyark import NAME --ask-passphrase"),
            "{}{}",
            run.out,
            run.err
        );
        let run = home.run(&[&["recover", "path"], &known[..]].concat()).ok();
        assert!(run.out.contains(shown), "{}", run.out);
    }
}

/// Some programs take a passphrase as it is typed: keyark finds it, and says that it opens another wallet there than elsewhere.
#[test]
fn raw_passphrases_are_warned_of() {
    let home = Home::new();
    home.write("right.txt", WORDS);
    home.write("list.txt", "Z\u{fc}rich\n");
    let phrase = keyark::phrase::Phrase::parse(&WORDS.into()).unwrap();
    let salt = keyark::phrase::batch::Salt::as_typed(&"Z\u{fc}rich".into());
    let path = keyark::phrase::batch::CodePath::best();
    let seed = keyark::phrase::batch::seeds(path, std::iter::once((&phrase, &salt))).unwrap().remove(0);
    let chain = Registry::installed().unwrap().get("ethereum").unwrap();
    let kind = chain.info().default_kind().unwrap();
    let key = keyark::ChainKey::at(chain, &seed, kind, keyark::Position::default(), keyark::Network::Mainnet).unwrap();
    let address = key.address(kind).unwrap().to_string();
    for command in ["path", "phrase"] {
        let known = ["--phrase-file", "right.txt", "--address", &address, "--passphrases-file", "list.txt", "--json"];
        let run = home.run(&[&["recover", command], &known[..]].concat()).ok();
        assert_eq!(text(&run.objects()[0], "passphrase_form"), "as-typed");
        assert!(run.err.contains("warning: this wallet takes the passphrase as it is typed"), "{}", run.err);
        assert!(!run.err.contains("keyark import"), "{}", run.err);
    }
}

/// Editors put a line end at the end of a file, and some a mark at its start.
#[test]
fn a_pattern_is_what_the_person_sees() {
    let home = Home::new();
    home.write("right.txt", WORDS);
    let address = address_under(&home, "Sun7");
    let recover = |pattern: &str| {
        home.write("pattern.txt", pattern);
        let pattern = ["--passphrase-pattern-file", "pattern.txt", "--json"];
        home.run(&[&["recover", "path", "--phrase-file", "right.txt", "--address", &address], &pattern[..]].concat())
    };
    for pattern in ["Sun?d", "Sun?d\n", "Sun?d\r\n", "\u{feff}Sun?d\n\n"] {
        assert_eq!(text(&recover(pattern).object(), "passphrase"), "Sun7");
    }
    recover("Sun?d\nMoon?d\n").only_error(3).says("malformed", "second line");
}
