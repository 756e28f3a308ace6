//! Solana for keyark.
//!
//! - Four kinds of address, because wallets derive the same words differently: `bip44-change` (Phantom, Solflare),
//!   `bip44` (Trust Wallet), `root` and `seed` (solana-keygen).
//! - Private keys in the three forms that programs read: base58 of the 64-byte keypair, base58 of the 32-byte secret, and
//!   the array of numbers in solana-keygen's `id.json`. A keypair whose halves do not belong together is refused.
//! - No keystore: there is no standard for one.
//! - With the feature `solana-sdk`, keys convert into Solana's own types and back: `bridge`.
//!
//! ```
//! use keyark_core::{Chain, ChainKey, Network, Position, Seed};
//! use keyark_solana::SOLANA;
//!
//! let seed = Seed::new(&[7; 64])?;
//! let kind = SOLANA.info().default_kind()?;
//! let key = ChainKey::at(&SOLANA, &seed, kind, Position { account: 1, ..Position::default() }, Network::Mainnet)?;
//! println!("{}", key.address(kind)?);
//! # Ok::<(), keyark_core::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod address;
mod batch;
#[cfg(feature = "solana-sdk")]
pub mod bridge;
mod chain;
mod export;

pub use chain::Solana;

/// Solana, as it registers itself.
pub static SOLANA: Solana = Solana;

keyark_core::register_chain!(SOLANA);
