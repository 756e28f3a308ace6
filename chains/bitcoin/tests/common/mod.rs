//! The vectors in data/, as the conformance suite takes them. SOURCES.md says where they are from.
#![allow(dead_code, unreachable_pub)] // each test file uses its part

use keyark_conformance::Vector;
use keyark_core::{KeyLocation, Network};
use serde_json::Value;

/// Every row of data/bip44_49_84_86.json that names an address kind.
pub fn vectors() -> Vec<Vector> {
    rows().iter().filter(|row| row["kind"].is_string()).map(vector).collect()
}

/// The rows of data/bip44_49_84_86.json.
pub fn rows() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/bip44_49_84_86.json")).unwrap()
}

/// The seed of a row's words, by a library other than keyark's.
pub fn seed(row: &Value) -> [u8; 64] {
    let phrase = bip39::Mnemonic::parse(text(row, "phrase")).unwrap();
    phrase.to_seed(text(row, "passphrase"))
}

/// A field of a row that is text.
pub fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

fn vector(row: &Value) -> Vector {
    let kind: &'static str = text(row, "kind").to_owned().leak();
    let network = row["network"].as_str().unwrap_or("mainnet");
    Vector {
        seed: seed(row).to_vec(),
        kind,
        network: *Network::ALL.iter().find(|one| one.id() == network).unwrap(),
        location: row["path"].as_str().map_or(KeyLocation::SeedPrefix, |path| KeyLocation::Path(path.parse().unwrap())),
        address: text(row, "address").to_owned(),
        private_key: row["private_key"].as_str().map(str::to_owned),
    }
}
