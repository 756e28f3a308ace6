//! Many at once: SHA-512, HMAC and PBKDF2 in the lanes of vectors, and curve arithmetic in batches.
//!
//! One phrase to its seed takes 4,096 compressions of SHA-512, one after the other. Eight phrases take the same time as one where the processor has
//! vectors of 512 bits, each lane with a phrase of its own. Additions on a curve want a division each; a thousand of them share one. That is all there is to
//! this crate: it knows no wallet and no chain. `keyark-hd` and `keyark-phrase` build on it.
//!
//! ```
//! use std::num::NonZeroU32;
//!
//! use keyark_lanes::{CodePath, Pbkdf2Input, pbkdf2_hmac_sha512};
//!
//! let salt = b"mnemonic";
//! let inputs = [b"first".as_slice(), b"second", b"third"].map(|password| Pbkdf2Input { password, salt });
//! let mut keys = [[0; 64]; 3];
//! pbkdf2_hmac_sha512(CodePath::best(), NonZeroU32::new(2048).unwrap(), &inputs, &mut keys);
//!
//! // The same on every machine, whatever it is done with.
//! let mut plain = [[0; 64]; 3];
//! pbkdf2_hmac_sha512(CodePath::Portable, NonZeroU32::new(2048).unwrap(), &inputs, &mut plain);
//! assert_eq!(keys, plain);
//! ```
//!
//! | | vectors of 128 bits | of 256 bits | of 512 bits | with 52-bit multiplication |
//! |---|---|---|---|---|
//! | [`pbkdf2_hmac_sha512`], [`hmac_sha512`], [`sha512`] | 2 lanes | 4 lanes | 8 lanes | 8 lanes |
//! | [`hash160()`] | 4 lanes | 8 lanes | 16 lanes | 16 lanes |
//! | [`keccak256`] | 2 lanes | 4 lanes | 8 lanes | 8 lanes |
//! | [`secp256k1`], [`ed25519`] | portable | portable | portable | 8 lanes |
//!
//! # Secrets
//!
//! Hashing takes the same time whatever the contents; lengths are not hidden. Curve arithmetic takes a time that depends on the scalars, and says so in its
//! names (`_vartime`): it is for public keys, and for the owner's own computer. Buffers that held secrets are erased at the end of a call; registers, and what the
//! compiler moves to the stack, are not.
//!
//! # Unsafe code
//!
//! This is the one crate of keyark that has any: loads and stores of vectors, and calls of functions that want instructions which
//! [`CodePath`] has found to be there. Each block says why it is sound. Results are compared with those of other libraries, on every code path that the machine
//! has, in tests and by a fuzz target.
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod code_path;
pub mod ed25519;
mod hash160;
mod hmac;
mod keccak;
mod pbkdf2;
pub mod secp256k1;
mod sha512;
mod unroll;
mod vectors;

pub use code_path::CodePath;
pub use hash160::hash160;
pub use hmac::{HmacKey, hmac_sha512, hmac_sha512_one_key};
pub use keccak::keccak256;
pub use pbkdf2::{Pbkdf2Input, pbkdf2_hmac_sha512};
pub use sha512::sha512;
