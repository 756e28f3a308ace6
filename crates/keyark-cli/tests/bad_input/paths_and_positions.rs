//! Paths, indexes and accounts that a kind does not have are refused.

use super::*;

#[track_caller]
fn refused(args: &[&str], code: i32) -> Failure {
    let home = Home::with_words();
    fails(&home, &[&["derive", "--phrase-file", "words.txt"], args].concat(), code)
}

#[test]
fn an_index_of_two_to_the_31() {
    for path in ["m/44'/60'/0'/0/2147483648", "m/44'/60'/0'/0/2147483648'", "m/84h/0h/99999999999999999999h/0/0"] {
        refused(&["--path", path], 3).says("out-of-bounds", "2147483647");
    }
    refused(&["--account", "2147483648"], 3).says("out-of-bounds", "2147483647");
    refused(&["--range", "0..2147483649"], 3).says("out-of-bounds", "2147483648");
}

#[test]
fn paths_that_are_none() {
    for path in ["", "44'/60'/0'/0/0", "m//0", "m/x", "m/-1", "m/0''", WORDS] {
        assert_eq!(refused(&["--path", path, "--chain", "bitcoin"], 3).kind, "malformed", "{path}");
    }
    let deep = format!("m{}", "/0".repeat(60_000));
    refused(&["--path", &deep, "--chain", "bitcoin"], 3);
}

#[test]
fn a_path_without_a_chain() {
    refused(&["--path", "m/0/0"], 2).says("usage", "--chain");
    refused(&["--path", "m/44'/60'/0'/0/0", "--chain", "bitcoin", "--chain", "ethereum"], 2).says("usage", "--chain");
}

#[test]
fn a_step_that_is_not_hardened_on_ed25519() {
    refused(&["--path", "m/44'/501'/0", "--chain", "solana"], 3).says("malformed", "hardened");
}

#[test]
fn a_position_that_a_kind_does_not_have() {
    refused(&["--chain", "ethereum", "--change", "1"], 2).says("usage", "change");
    refused(&["--chain", "solana", "--change", "1"], 2).says("usage", "change");
    refused(&["--chain", "solana", "--kind", "root", "--account", "1"], 2).says("usage", "account");
    refused(&["--chain", "solana", "--kind", "seed", "--account", "1"], 2).says("usage", "account");
    refused(&["--chain", "solana", "--kind", "seed", "--range", "0..2"], 2).says("usage", "one address");
    refused(&["--chain", "bitcoin", "--change", "2"], 2).says("usage", "--change");
}

/// Where a range runs over accounts, an account beside it would be ignored.
#[test]
fn an_account_and_a_range_of_accounts() {
    let args = ["--chain", "ethereum", "--kind", "ledger-live", "--account", "3", "--range", "0..2"];
    refused(&args, 2).says("usage", "--account");
}
