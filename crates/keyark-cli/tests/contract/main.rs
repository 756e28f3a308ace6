//! What scripts rely on: the JSON of every command, where it goes, how files are written, and how arguments are read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod chains;
mod derivation;
mod errors;
mod extended_public_keys;
mod keystores;
mod output;
mod phrases;
mod secrets_from_files;

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use support::{Home, WORDS, assert_fields, column, text};

/// The first addresses of [`WORDS`]: BIP-84, and MetaMask's and Phantom's as the chains' vectors have them.
const BITCOIN: &str = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";
const ETHEREUM: &str = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
const SOLANA: &str = "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk";
const ETHEREUM_KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";

/// `keyark derive` from [`WORDS`], as objects.
#[track_caller]
fn derive(home: &Home, args: &[&str]) -> Vec<Value> {
    let args = [&["derive", "--phrase-file", "words.txt", "--json"], args].concat();
    home.run(&args).ok().objects()
}

fn mode(home: &Home, name: &str) -> u32 {
    std::fs::metadata(home.path(name)).unwrap().permissions().mode() & 0o777
}
