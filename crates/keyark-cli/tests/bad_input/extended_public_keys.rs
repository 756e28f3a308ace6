//! What is no extended public key of the chain and network is refused.

use super::*;

const ZPUB: &str =
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
/// The master key of BIP-32's first vector.
const XPRV: &str =
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

#[track_caller]
fn refused(xpub: &str, args: &[&str], code: i32) -> Failure {
    let failure = fails(&Home::new(), &[&["derive", "--xpub", xpub], args].concat(), code);
    let said = format!("{failure:?}");
    assert!(xpub.len() < 20 || !said.contains(xpub), "what was given is not repeated: {said}");
    failure
}

#[test]
fn a_wrong_checksum() {
    refused(&ZPUB.replace("GutZYs", "GutZYt"), &[], 3).says("malformed", "checksum");
    refused(&ZPUB.replacen("AijB", "AijC", 1), &[], 3).says("malformed", "checksum");
    refused(&ZPUB[..ZPUB.len() - 1], &[], 3);
}

#[test]
fn another_network() {
    refused(ZPUB, &["--network", "testnet"], 3).says("malformed", "mainnet");
    let home = Home::with_words();
    let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin", "--network", "testnet", "--json"];
    let vpub = text(&home.run(&args).object(), "slip132").to_owned();
    refused(&vpub, &["--network", "mainnet"], 3).says("malformed", "testnet");
}

#[test]
fn a_private_key_in_its_place() {
    refused(XPRV, &[], 3).says("malformed", "private");
    refused(WIF_MAINNET, &[], 3);
    refused(ETHEREUM_KEY, &[], 3);
    refused(WORDS, &[], 3);
    refused("", &[], 3);
}

#[test]
fn a_chain_that_has_none() {
    for chain in ["ethereum", "solana"] {
        refused(ZPUB, &["--chain", chain], 2).says("usage", "--chain");
        let args = ["account", "--phrase-file", "words.txt", "--chain", chain];
        fails(&Home::with_words(), &args, 5).says("refused", "extended public key");
    }
}

#[test]
fn an_index_of_two_to_the_31() {
    refused(ZPUB, &["--range", "0..2147483649"], 3).says("out-of-bounds", "2147483647");
}
