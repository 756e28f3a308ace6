//! Many keys at once: one path of many seeds, many paths of one seed, the children of one extended public key.
//!
//! The steps of all of them are taken together, in the lanes and shared inversions of `keyark-lanes`, which makes them several times as fast as one
//! after the other. What is asked for at once is held in memory at once: some thousands are enough for full speed.
//!
//! ```
//! use keyark_core::Seed;
//! use keyark_hd::batch::{CodePath, bip32};
//!
//! let seeds: Vec<_> = (1..=20).map(|number| Seed::new(&[number; 64])).collect::<Result<_, _>>()?;
//! let path = "m/44'/60'/0'/0/0".parse()?;
//! let keys = bip32::public_keys_vartime(CodePath::best(), &seeds, &path);
//! let single = keyark_hd::bip32::public_key(&keyark_hd::bip32::derive(&seeds[7], &path)?)?;
//! assert_eq!(keys[7].unwrap().to_compressed(), single.as_bytes());
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! Not constant time, as the names say: what is read from memory depends on the keys. Secrets in buffers are erased.

pub mod bip32;
mod codes;
pub mod slip10;

pub use keyark_lanes::CodePath;
pub use keyark_lanes::secp256k1::AffinePoint as Point;

use keyark_lanes::secp256k1::{NoKey, Parents, add_mul_base_vartime};

/// RIPEMD-160 of SHA-256 of each compressed key: the identifiers of BIP-32, and what most of Bitcoin's addresses are made of.
#[must_use]
pub fn hash160(path: CodePath, points: &[Point]) -> Vec<[u8; 20]> {
    let compressed: Vec<_> = points.iter().map(Point::to_compressed).collect();
    let mut hashes = vec![[0; 20]; points.len()];
    keyark_lanes::hash160(path, &compressed, &mut hashes);
    hashes
}

/// Keccak-256, as Ethereum has it, of the two coordinates of each point.
#[must_use]
pub fn keccak256(path: CodePath, points: &[Point]) -> Vec<[u8; 32]> {
    let coordinates: Vec<_> = points.iter().map(Point::to_coordinates).collect();
    let mut digests = vec![[0; 32]; points.len()];
    keyark_lanes::keccak256(path, &coordinates, &mut digests);
    digests
}

/// point + scalar·G of each; `None` for a scalar that is not below the order of the group, and where the sum is no key.
#[must_use]
pub fn add_base_multiples_vartime(path: CodePath, points: &[Point], scalars: &[[u8; 32]]) -> Vec<Option<Point>> {
    let count = points.len().min(scalars.len());
    let mut sums = vec![Err(NoKey::Zero); count];
    let (points, scalars) = (points.split_at(count).0, scalars.split_at(count).0);
    add_mul_base_vartime(path, Parents::Each(points), scalars, &mut sums);
    sums.into_iter().map(Result::ok).collect()
}
