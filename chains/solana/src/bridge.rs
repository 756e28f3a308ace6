//! Keys as Solana's own types, and back.
//!
//! A keypair gives its key away to whoever asks, so making one is an export and takes a permit.

use keyark_core::{ChainKey, Curve, Error, ExportPermit, Network, PrivateKey, PrivateKeyExport, PublicKey, Result};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use zeroize::Zeroizing;

use crate::SOLANA;
use crate::chain::INFO;

/// The key that `permit` is for, as a keypair of Solana's SDK.
///
/// # Errors
/// [`ErrorKind::Usage`](keyark_core::ErrorKind::Usage) when the permit is for another chain.
pub fn to_keypair(permit: &ExportPermit<'_, PrivateKeyExport>) -> Result<Keypair> {
    Ok(Keypair::new_from_array(*permit.private_key(&INFO)?.expose()))
}

/// A keypair of Solana's SDK as a key that stands alone.
///
/// # Errors
/// Never for a keypair that holds a key.
pub fn from_keypair(keypair: &Keypair) -> Result<ChainKey> {
    let bytes = Zeroizing::new(*keypair.secret_bytes());
    ChainKey::from_private_key(&SOLANA, PrivateKey::new(Curve::Ed25519, &bytes), Network::Mainnet)
}

/// A public key as an address of Solana's SDK.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a key of another curve.
pub fn to_pubkey(key: &PublicKey) -> Result<Pubkey> {
    <[u8; 32]>::try_from(key.as_bytes())
        .map(Pubkey::new_from_array)
        .map_err(|_| Error::malformed("Solana's public keys have 32 bytes", "check which chain the key belongs to"))
}

/// An address of Solana's SDK as a public key.
///
/// # Errors
/// Never: every address has 32 bytes.
pub fn from_pubkey(address: &Pubkey) -> Result<PublicKey> {
    PublicKey::new(Curve::Ed25519, &address.to_bytes())
}
