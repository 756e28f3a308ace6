//! Copies in a cloud vault: made, proved at once, proved again by the drill, and found out when they are not what they should be.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod backing_up;
mod drills;

use std::path::PathBuf;

use serde_json::{Value, json};
use support::vault::{CHEAP, OTHER_PASSWORD, VaultHome};
use support::{Run, assert_fields, text};

const CLOUD: [&str; 2] = ["--cloud-password-file", "other-password.txt"];

/// A home with two wallets and an empty cloud vault in `cloud/`, which is known as `box`.
fn home() -> VaultHome {
    let home = VaultHome::with_wallets();
    init(&home, "box", "cloud", OTHER_PASSWORD);
    home
}

fn init(home: &VaultHome, name: &str, folder: &str, password: &str) {
    home.write("cloud-password.txt", password);
    let url = format!("file://{}", home.path(folder).display());
    let args = ["cloud", "init", name, &url, "--cloud-password-file", "cloud-password.txt", "--no-recovery-code"];
    home.run(&[&args[..], &CHEAP, &["--home", "vault"]].concat()).ok();
}

fn with_hidden() -> VaultHome {
    let home = home();
    let import = ["import", "hidden", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
    home.keyark(&[&import[..], &["--note-passphrase"]].concat()).ok();
    home
}

/// A command on both vaults, with --json.
fn on_both(home: &VaultHome, args: &[&str]) -> Run {
    home.json(&[args, &CLOUD[..]].concat())
}

fn backed_up(home: &VaultHome, wallet: &str) -> Value {
    let list = home.objects(&["list"]);
    list.into_iter().find(|object| object["name"] == wallet).unwrap()["backed_up"].clone()
}

/// The backups that are noted of a wallet.
fn backups(home: &VaultHome, wallet: &str) -> Vec<Value> {
    let list = home.objects(&["list"]);
    list.into_iter().find(|object| object["name"] == wallet).unwrap()["backups"].as_array().unwrap().clone()
}

/// The files of the records in a cloud vault.
fn records(home: &VaultHome, folder: &str) -> Vec<PathBuf> {
    let files = support::files_below(&home.path(folder)).into_iter().map(|file| home.path(folder).join(file));
    files.filter(|file| file.display().to_string().contains("/records/")).collect()
}
