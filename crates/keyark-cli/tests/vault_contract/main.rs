//! What scripts rely on of the vault's commands: their JSON, what they change, and that they say the same as the commands that
//! need no vault.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod adding;
mod backups;
mod exports;
mod listing;
mod one_wallet;
mod passwords;
mod places;
mod policies;
mod repairs;

use serde_json::{Value, json};
use support::vault::{CHEAP, KEY, KEY_ADDRESS, OTHER_PASSWORD, PASSWORD, VaultHome, with_password};
use support::{WORDS, assert_fields, column, finish, text};

/// The kinds of each chain.
const KINDS: [(&str, &[&str]); 3] = [
    ("bitcoin", &["p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr"]),
    ("ethereum", &["bip44", "ledger-live", "ledger-legacy"]),
    ("solana", &["bip44-change", "bip44", "root", "seed"]),
];

/// The first address of every kind, as `derive` gives it.
fn derived(home: &VaultHome, more: &[&str]) -> Vec<Value> {
    let of_chain = |(chain, kinds): &(&str, &[&str])| {
        let kinds: Vec<_> = kinds.iter().flat_map(|kind| ["--kind", *kind]).collect();
        let args = [&["derive", "--json", "--chain", chain], &kinds[..], more].concat();
        home.run(&args).ok().objects()
    };
    KINDS.iter().flat_map(of_chain).collect()
}

/// A point in time as RFC 3339 has it, of this century.
fn assert_time(value: &Value) {
    let time = value.as_str().unwrap_or_else(|| panic!("no time: {value}"));
    assert!(time.len() == "2026-01-01T00:00:00Z".len() && time.starts_with("20") && time.ends_with('Z'), "{time}");
}
