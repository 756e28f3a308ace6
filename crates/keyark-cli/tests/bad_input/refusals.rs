//! What the policy keeps is refused as such, and unknown names are answered with the known ones.

use super::*;

#[test]
fn what_the_policy_keeps() {
    let home = Home::with_words();
    for path in ["m", "m/84'", "m/84'/0'/0'", "m/84'/0'/0'/0", "m/44'/60'/0'/0/0", "m/7/8/9"] {
        let args = ["derive", "--phrase-file", "words.txt", "--chain", "bitcoin", "--private", "--path", path];
        let failure = fails(&home, &args, 5);
        assert_eq!(failure.kind, "refused", "{path}: {failure:?}");
    }
    // The chain refuses before it looks at anything else, so no words are asked for.
    for chain in ["bitcoin", "solana"] {
        let args = ["keystore", "make", "--chain", chain, "--out", "account.json"];
        fails(&home, &args, 5).says("refused", "standard for encrypted keystore files");
    }
}

#[test]
fn a_form_that_cannot_be_cut() {
    let home = Home::with_words();
    let args = ["derive", "--phrase-file", "words.txt", "--chain", "solana", "--private", "--secure-copy"];
    for format in ["id-json", "base58-keypair"] {
        fails(&home, &[&args[..], &["--format", format]].concat(), 5).says("refused", "base58-secret");
    }
}

#[test]
fn unknown_names_get_the_known_ones() {
    let home = Home::with_words();
    let derive = ["derive", "--phrase-file", "words.txt"];
    for (args, code, known) in [
        (&["--chain", "nope"][..], 7, "bitcoin, ethereum, solana"),
        (&["--chain", ""], 7, "bitcoin, ethereum, solana"),
        (&["--kind", "nope"], 7, "p2wpkh"),
        (&["--chain", "bitcoin", "--kind", "bip44"], 7, "p2pkh, p2sh-p2wpkh, p2wpkh, p2tr"),
        (&["--chain", "solana", "--private", "--format", "wif"], 7, "base58-keypair, base58-secret, id-json"),
        (&["--network", "nope"], 2, "mainnet, testnet, signet, regtest"),
        (&["--language", "klingon"], 2, "english, japanese"),
    ] {
        let failure = fails(&home, &[&derive[..], args].concat(), code);
        failure.says(if code == 7 { "not-found" } else { "usage" }, known);
    }
    let account = ["account", "--phrase-file", "words.txt", "--chain"];
    fails(&home, &[&account[..], &["nope"]].concat(), 7).says("not-found", "bitcoin, ethereum, solana");
    fails(&home, &[&account[..], &["bitcoin", "--kind", "nope"]].concat(), 7).says("not-found", "p2tr");
    let make = ["keystore", "make", "--out", "a.json", "--chain", "nope"];
    fails(&home, &make, 7).says("not-found", "bitcoin, ethereum, solana");
    fails(&home, &["complete", "--chain", "nope"], 7).says("not-found", "bitcoin, ethereum, solana");
}
