//! Parts of a key that do not belong together are refused.

use super::*;

#[track_caller]
fn complete(shown: &str, rest: &str, args: &[&str], code: i32) -> Failure {
    let home = Home::new();
    home.write("part.txt", shown);
    home.write("rest.txt", rest);
    let files = ["complete", "--key-file", "part.txt", "--rest-file", "rest.txt"];
    fails(&home, &[&files[..], args].concat(), code)
}

/// Cuts a key as a secure copy does.
fn cut(key: &str) -> (&str, &str) {
    key.split_at(key.len() - if key.starts_with("0x") { 12 } else { 16 })
}

#[test]
fn a_wif_for_another_network() {
    let (shown, rest) = cut(WIF_TESTNET);
    complete(shown, rest, &["--chain", "bitcoin", "--network", "mainnet"], 3).says("malformed", "testnet");
    let (shown, rest) = cut(WIF_MAINNET);
    complete(shown, rest, &["--chain", "bitcoin", "--network", "regtest"], 3).says("malformed", "mainnet");
}

#[test]
fn parts_that_do_not_belong_together() {
    let shown = cut(WIF_MAINNET).0;
    let other = cut(WIF_TESTNET).1;
    complete(shown, other, &["--chain", "bitcoin"], 3).says("malformed", "checksum");
    complete(shown, "", &["--chain", "bitcoin"], 3);
    complete("", "", &["--chain", "bitcoin"], 3);
    // Nothing in hex tells, so the address must.
    let (shown, rest) = cut(ETHEREUM_KEY);
    let address = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
    let changed = rest.replace("30da", "30db");
    complete(shown, &changed, &["--chain", "ethereum", "--address", address], 8).says("mismatch", "address");
}

#[test]
fn an_address_that_is_none() {
    let (shown, rest) = cut(ETHEREUM_KEY);
    for (address, said) in [
        ("0x9858EfFD232B4033E47d90003D41EC34EcaEda9", "40 digits"),
        ("0x9858effD232B4033E47d90003D41EC34EcaEda94", "checksum"),
        ("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", ""),
        ("", ""),
    ] {
        complete(shown, rest, &["--chain", "ethereum", "--address", address], 3).says("malformed", said);
    }
}
