//! Ethereum for keyark.
//!
//! - Addresses with the checksum of EIP-55, written and checked: [`address`].
//! - Three kinds of address: `bip44` (most wallets), `ledger-live`, `ledger-legacy`: [`ETHEREUM`]'s info.
//! - Private keys as hexadecimal text, one account at a time.
//! - Keystores: Web3 Secret Storage, through `keyark-keystore`, with the address checked after decryption.
//! - With the feature `alloy`, accounts convert into alloy's signer and back: `bridge`.
//!
//! ```
//! use keyark_core::{Chain, ChainKey, Network, Position, Seed};
//! use keyark_ethereum::ETHEREUM;
//!
//! let seed = Seed::new(&[7; 64])?;
//! let kind = ETHEREUM.info().default_kind()?;
//! let key = ChainKey::at(&ETHEREUM, &seed, kind, Position::default(), Network::Mainnet)?;
//! assert_eq!(key.address(kind)?.as_str().len(), 42);
//! # Ok::<(), keyark_core::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod address;
mod batch;
#[cfg(feature = "alloy")]
pub mod bridge;
mod chain;
mod export;
mod keystore;

pub use chain::Ethereum;

/// Ethereum, as it registers itself.
pub static ETHEREUM: Ethereum = Ethereum;

keyark_core::register_chain!(ETHEREUM);
