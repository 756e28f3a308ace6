//! What is wrong gets an error of its exit code, with a problem and a remedy, and costs nothing: after each of these commands
//! every file and folder is as it was.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod damage;
mod homes;
mod names;
mod passwords;
mod storage;
mod wallets;

use std::os::unix::fs::symlink;

use support::vault::{CHEAP, KEY, OTHER_PASSWORD, OTHER_WORDS, PASSWORD, VaultHome, with_password};
use support::{Failure, PATIENCE, WORDS, finish, text};

/// Every command that opens the vault, with what it takes but the vault and its password.
const OPENING: &[&[&str]] = &[
    &["new", "another"],
    &["import", "another", "--phrase-file", "other-words.txt"],
    &["list"],
    &["list", "--check"],
    &["show", "savings"],
    &["rename", "savings", "house"],
    &["remove", "savings", "--force"],
    &["export", "key", "savings", "--chain", "bitcoin"],
    &["export", "xpub", "savings", "--out", "xpub.txt"],
    &["export", "descriptor", "savings"],
    &[
        "export",
        "keystore",
        "hot",
        "--chain",
        "ethereum",
        "--out",
        "x.json",
        "--keystore-password-file",
        "password.txt",
    ],
    &["backup", "phrase", "savings", "--answers-file", "words.txt"],
    &["backup", "key", "hot", "--answers-file", "key.txt"],
    &["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "2"],
    &["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"],
    &["password", "merge", "--old-password-file", "other-password.txt"],
    &["policy", "show"],
    &["policy", "set", "--deny", "keystore"],
    &["policy", "reset"],
    &["repair"],
];

/// The three that also make a vault where there is none.
fn makes(args: &[&str]) -> bool {
    ["new", "import"].contains(&args[0])
}
