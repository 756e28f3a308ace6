//! The two hashes of BIP-32.

use hmac::{Hmac, KeyInit, Mac};
use keyark_core::{Error, ErrorKind, Result};
use ripemd::{Digest, Ripemd160};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

/// HMAC-SHA512 of the concatenated `parts`, as its left and right half: a key and a chain code.
pub(crate) struct Halves {
    pub(crate) left: Zeroizing<[u8; 32]>,
    pub(crate) right: Zeroizing<[u8; 32]>,
}

pub(crate) fn hmac_sha512(key: &[u8], parts: &[&[u8]]) -> Result<Halves> {
    // HMAC takes keys of any length, so this never fails; the type does not know that.
    let mut mac = Hmac::<Sha512>::new_from_slice(key)
        .map_err(|_| Error::new(ErrorKind::Internal, "HMAC refused its key", "report this"))?;
    for part in parts {
        mac.update(part);
    }
    let mut output = mac.finalize().into_bytes();
    let mut halves = Halves { left: Zeroizing::new([0; 32]), right: Zeroizing::new([0; 32]) };
    let (left, right) = output.split_at(32);
    halves.left.copy_from_slice(left);
    halves.right.copy_from_slice(right);
    zeroize::Zeroize::zeroize(output.as_mut_slice());
    Ok(halves)
}

/// RIPEMD-160 of SHA-256: the identifier of a key (BIP-32, "Key identifiers").
pub(crate) fn hash160(bytes: &[u8]) -> [u8; 20] {
    Ripemd160::digest(Sha256::digest(bytes)).into()
}
