//! `account` and addresses from extended public keys agree with those from the words.

use super::*;

/// The account of BIP-84's vector.
const ZPUB: &str =
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

#[test]
fn an_account_is_one_object() {
    let home = Home::with_words();
    let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin"];
    let object = home.run(&[&args[..], &["--json"]].concat()).object();
    assert_fields(&object, &["chain", "kind", "path", "fingerprint", "xpub", "slip132", "descriptor", "warnings"]);
    assert_eq!((text(&object, "slip132"), text(&object, "fingerprint")), (ZPUB, "73c5da0a"));
    assert!(text(&object, "descriptor").starts_with("wpkh([73c5da0a/84h/0h/0h]xpub"));
    assert!(!object["warnings"].as_array().unwrap().is_empty(), "with one private key it gives them all");
    let run = home.run(&args).ok();
    assert!(run.out.contains(ZPUB) && run.err.starts_with("warning: "));
}

#[test]
fn they_give_the_addresses_that_the_words_give() {
    let home = Home::with_words();
    for change in ["0", "1"] {
        let watched = home.run(&["derive", "--xpub", ZPUB, "--change", change, "--range", "0..20", "--json"]);
        let watched = watched.ok().objects();
        let derived = derive(&home, &["--chain", "bitcoin", "--change", change, "--range", "0..20"]);
        assert_eq!(column(&watched, "address"), column(&derived, "address"));
        assert_eq!(column(&watched, "public_key"), column(&derived, "public_key"));
        assert_eq!(text(&watched[3], "path"), format!("{change}/3"), "relative: the key does not know its path");
    }
}

#[test]
fn a_bare_xpub_takes_the_named_kind() {
    let home = Home::with_words();
    let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin", "--kind", "p2tr", "--json"];
    let xpub = text(&home.run(&args).object(), "xpub").to_owned();
    let rows = home.run(&["derive", "--xpub", &xpub, "--kind", "p2tr", "--json"]).ok().objects();
    let address = "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"; // BIP-86
    assert_eq!(column(&rows, "address"), [address]);
}
