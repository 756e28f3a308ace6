//! keyark beside its peers. Each contender is called as its own documentation says, with what it needs only once
//! (a curve context, a parsed path) made beforehand, and its result is compared before it is measured.
//!
//! Cargo builds one copy of each crate with all features that are asked for, so peers that share crates with keyark
//! (pbkdf2 + sha2, bip32) erase their states here too, as keyark asks for it.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, missing_docs)] // a benchmark that cannot go on should stop

mod bitcoin;
mod ethereum;
mod keystore;
mod list;
mod many;
mod seed;
mod solana;
mod xpub;

use criterion::{criterion_group, criterion_main};

criterion_group! {
    name = peers;
    config = keyark_benches::criterion();
    targets = seed::all, ethereum::all, bitcoin::all, xpub::all, solana::all, keystore::all, many::all, list::all
}
criterion_main!(peers);
