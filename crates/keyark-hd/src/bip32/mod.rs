//! BIP-32 on secp256k1: extended keys, private and public derivation, and their text forms.

mod private;
mod public;
mod text;
mod version;

pub use private::{ExtendedPrivateKey, derive, public_key};
pub use public::ExtendedPublicKey;
pub use version::{ScriptHint, Version};

use keyark_core::{ChainCode, ChildNumber, Error, ErrorKind, Fingerprint, PrivateKey};

use crate::hash::hash160;

/// What an extended key knows of its place in the tree (BIP-32, "Serialization format").
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) depth: u8,
    pub(crate) parent: Fingerprint,
    pub(crate) child: ChildNumber,
    pub(crate) chain_code: ChainCode,
}

/// The fingerprint of a compressed public key (BIP-32, "Key identifiers").
pub fn fingerprint(public_key: &[u8; 33]) -> Fingerprint {
    let [a, b, c, d, ..] = hash160(public_key);
    Fingerprint([a, b, c, d])
}

/// The chance of it is 1 in 2^127, and BIP-32 says to go on with the next index.
fn no_key_at(step: ChildNumber) -> Error {
    Error::new(ErrorKind::OutOfBounds, format!("BIP-32 has no key at step {step}"), "use the next index")
}

fn too_deep() -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        "the key is 255 steps deep already, the most that BIP-32 has",
        "wallets use up to six steps; check the path",
    )
}

fn wrong_curve(key: &PrivateKey) -> Error {
    Error::malformed(
        format!("this is a key on {}, not on secp256k1", key.curve().id()),
        "check which chain the key belongs to",
    )
}
