//! Vectors as data files: an array of objects, one for each key.
//!
//! ```json
//! {"phrase": "…", "passphrase": "", "kind": "p2wpkh", "network": "mainnet", "path": "m/84'/0'/0'/0/0",
//!  "address": "bc1q…", "private_key": "K…", "source": "BIP-84, test vectors"}
//! ```
//!
//! `network` may be left out where there is one only, `path` is null for a kind without paths, `private_key` is in the
//! chain's first text form and may be left out, and rows without a `kind` are for the chain's own tests.

use keyark_core::{KeyLocation, Network};
use serde_json::Value;

use crate::Vector;

/// The vectors among the rows of a data file.
pub fn vectors(json: &str) -> Vec<Vector> {
    rows(json).iter().filter(|row| row["kind"].is_string()).map(vector).collect()
}

/// All rows of a data file.
pub fn rows(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

/// The seed of a row's words, by a library other than keyark's.
pub fn seed(row: &Value) -> [u8; 64] {
    // Words can be in several lists; the seed depends on the sentence alone.
    let parsed = |language: &bip39::Language| bip39::Mnemonic::parse_in(*language, text(row, "phrase")).ok();
    bip39::Language::ALL.iter().find_map(parsed).unwrap().to_seed(text(row, "passphrase"))
}

/// A field of a row that is text.
pub fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("a row has no text {name}"))
}

/// The network of a row.
pub fn network(row: &Value) -> Network {
    let id = row["network"].as_str().unwrap_or("mainnet");
    *Network::ALL.iter().find(|network| network.id() == id).unwrap()
}

fn vector(row: &Value) -> Vector {
    Vector {
        seed: seed(row).to_vec(),
        kind: text(row, "kind").to_owned().leak(), // test data lives as long as the test
        network: network(row),
        location: row["path"].as_str().map_or(KeyLocation::SeedPrefix, |path| KeyLocation::Path(path.parse().unwrap())),
        address: text(row, "address").to_owned(),
        private_key: row["private_key"].as_str().map(str::to_owned),
    }
}
