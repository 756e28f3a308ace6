//! Bitcoin for keyark.
//!
//! - Addresses `p2pkh`, `p2sh-p2wpkh`, `p2wpkh`, `p2tr` on mainnet, testnet, signet and regtest: [`address`].
//! - Private keys as WIF, and only those of child addresses: an account's key, with the extended public key that watch-only
//!   wallets are given, would be everything.
//! - Extended public keys (BIP-32, SLIP-132) and output descriptors with origin and checksum (BIP-380): [`account`].
//! - No keystore: there is no standard for one.
//!
//! ```
//! use keyark_bitcoin::BITCOIN;
//! use keyark_core::{Chain, ChainKey, ExportPolicy, Network, Position, Seed};
//!
//! let seed = Seed::new(&[7; 64])?;
//! let info = BITCOIN.info();
//! let kind = info.kind("p2wpkh")?;
//! let key = ChainKey::at(&BITCOIN, &seed, kind, Position { index: 3, ..Position::default() }, Network::Mainnet)?;
//! assert!(key.address(kind)?.as_str().starts_with("bc1q"));
//!
//! // The key of one address may leave; that of its account may not.
//! let policy = ExportPolicy::advertised();
//! let wif = BITCOIN.export_key(&policy.permit(&key)?, info.key_format("wif")?)?;
//! assert!(wif.expose().starts_with(['K', 'L']));
//! let account = ChainKey::account(&BITCOIN, &seed, kind, 0, Network::Mainnet)?;
//! assert!(policy.permit(&account).is_err());
//! # Ok::<(), keyark_core::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod account;
pub mod address;
mod batch;
mod chain;
mod export;

pub use chain::Bitcoin;

/// Bitcoin, as it registers itself.
pub static BITCOIN: Bitcoin = Bitcoin;

keyark_core::register_chain!(BITCOIN);
