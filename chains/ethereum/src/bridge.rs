//! Accounts as alloy's signers, and back.
//!
//! A signer gives its key away to whoever asks, so making one is an export and takes a permit.

use alloy_signer_local::PrivateKeySigner;
use keyark_core::{ChainKey, Curve, Error, ExportPermit, Network, PrivateKey, PrivateKeyExport, Result};
use zeroize::Zeroizing;

use crate::ETHEREUM;
use crate::chain::INFO;

/// The account that `permit` is for, as a signer of alloy. Crosses as bytes: alloy is on an older k256.
///
/// # Errors
/// [`ErrorKind::Usage`](keyark_core::ErrorKind::Usage) when the permit is for another chain.
pub fn to_signer(permit: &ExportPermit<'_, PrivateKeyExport>) -> Result<PrivateKeySigner> {
    PrivateKeySigner::from_slice(permit.private_key(&INFO)?.expose())
        .map_err(|_| Error::malformed("alloy does not take this private key", "check the key"))
}

/// A signer of alloy as a key that stands alone.
///
/// # Errors
/// Never for a signer that holds a key.
pub fn from_signer(signer: &PrivateKeySigner) -> Result<ChainKey> {
    let bytes = Zeroizing::new(<[u8; 32]>::from(signer.to_bytes()));
    ChainKey::from_private_key(&ETHEREUM, PrivateKey::new(Curve::Secp256k1, &bytes), Network::Mainnet)
}
