//! Seed to keys: BIP-32 on secp256k1 and SLIP-10 on Ed25519.
//!
//! # A tour
//!
//! ```
//! use keyark_core::Seed;
//! use keyark_hd::bip32::{ExtendedPrivateKey, ExtendedPublicKey, Version};
//!
//! let seed = Seed::new(&[7; 64])?;
//! let account = ExtendedPrivateKey::from_seed(&seed)?.derive(&"m/84'/0'/0'".parse()?)?;
//! let zpub = account.public().to_text(Version::ZPUB);
//! assert!(zpub.starts_with("zpub"));
//!
//! // Whoever has the extended public key derives the same addresses, and no private key.
//! let (watched, version) = ExtendedPublicKey::parse(&zpub)?;
//! assert_eq!(version, Version::ZPUB);
//! assert_eq!(
//!     watched.derive(&"0/5".parse()?)?.public_key(),
//!     account.derive_relative(&"0/5".parse()?)?.public().public_key(),
//! );
//!
//! // Solana's keys: every step is hardened, as SLIP-10 has it for Ed25519.
//! let key = keyark_hd::slip10::derive(&seed, &"m/44'/501'/0'/0'".parse()?)?;
//! assert_eq!(keyark_hd::slip10::public_key(&key)?.as_bytes().len(), 32);
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! Single operations skip what they do not need: on a path, only the parents of steps that are not hardened need a
//! public key, and only the last parent a fingerprint.
//!
//! Many keys at once have a way of their own: [`batch`].
#![forbid(unsafe_code)]

pub mod base58check;
pub mod batch;
pub mod bip32;
mod hash;
pub mod slip10;
