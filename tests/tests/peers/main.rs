//! The same results as other Rust implementations, on random input: keys, words, and the files and types of Ethereum and
//! Solana, each both ways. `interop/` does the same with programs in other languages.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod ethereum;
mod keys;
mod solana;
mod words;

use keyark::{Chain, ChainKey, ChildNumber, DerivationPath, ExportPolicy, Network, Position, Seed, Wallet};
use proptest::prelude::*;

/// How many random cases each test tries.
fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) }
}

/// An index of a path, without the mark of hardening.
fn index() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..4, 0_u32..1 << 31, Just((1 << 31) - 1)]
}

/// A path of up to six steps, hardened and not.
fn path() -> impl Strategy<Value = DerivationPath> {
    let step = (index(), any::<bool>()).prop_map(|(index, hardened)| match hardened {
        true => ChildNumber::hardened(index).unwrap(),
        false => ChildNumber::normal(index).unwrap(),
    });
    proptest::collection::vec(step, 0..=6).prop_map(|steps| DerivationPath::new(steps).unwrap())
}

/// The key of `kind` at `position` in the wallet of `seed`.
fn key_of(chain: &'static dyn Chain, seed: &[u8], kind: &str, position: Position, network: Network) -> ChainKey {
    let wallet = Wallet::from_seed(Seed::new(seed).unwrap());
    wallet.key(chain, chain.info().kind(kind).unwrap(), position, network).unwrap()
}

/// The address of `kind` that `key` has.
fn address_of(key: &ChainKey, kind: &str) -> String {
    key.address(key.chain().info().kind(kind).unwrap()).unwrap().to_string()
}

/// The private key in the text form called `format`.
fn text_of(key: &ChainKey, format: &str) -> String {
    let exported = key.export_private_key(&ExportPolicy::advertised(), Some(format)).unwrap();
    exported.text.expose().to_owned()
}
