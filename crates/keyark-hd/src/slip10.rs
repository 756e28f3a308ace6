//! SLIP-10 on Ed25519: every step is hardened, and there are no public derivations.

use ed25519_dalek::SigningKey;
use keyark_core::{ChildNumber, Curve, DerivationPath, Error, PrivateKey, PublicKey, Result, Seed};
use zeroize::Zeroizing;

use crate::hash::{Halves, hmac_sha512};

/// The private key at `path` (SLIP-10, "Private parent key → private child key").
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a step that is not hardened: Ed25519 has none, and
/// leaving the mark off in silence, as some programs do, gives another wallet.
pub fn derive(seed: &Seed, path: &DerivationPath) -> Result<PrivateKey> {
    Node::at(seed, path).map(|node| node.key())
}

/// The public key of a private key (RFC 8032, section 5.1.5).
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a key of another curve.
pub fn public_key(key: &PrivateKey) -> Result<PublicKey> {
    if key.curve() != Curve::Ed25519 {
        return Err(Error::malformed(
            format!("this is a key on {}, not on ed25519", key.curve().id()),
            "check which chain the key belongs to",
        ));
    }
    let signing = SigningKey::from_bytes(key.expose());
    PublicKey::new(Curve::Ed25519, signing.verifying_key().as_bytes())
}

/// A key with its chain code: a node of the tree.
struct Node(Halves);

impl Node {
    fn at(seed: &Seed, path: &DerivationPath) -> Result<Self> {
        // SLIP-10, "Master key generation": on this curve every 32 bytes are a key.
        let master = Self(hmac_sha512(b"ed25519 seed", &[seed.expose()])?);
        check_hardened(path)?;
        path.steps().iter().try_fold(master, |node, step| node.child(*step))
    }

    /// The child at a step that is hardened.
    fn child(&self, step: ChildNumber) -> Result<Self> {
        let key: &Zeroizing<[u8; 32]> = &self.0.left;
        hmac_sha512(self.0.right.as_slice(), &[&[0], key.as_slice(), &step.to_raw().to_be_bytes()]).map(Self)
    }

    fn key(&self) -> PrivateKey {
        PrivateKey::new(Curve::Ed25519, &self.0.left)
    }

    #[cfg(test)]
    fn chain_code(&self) -> &[u8; 32] {
        &self.0.right
    }
}

/// That all steps are hardened.
pub(crate) fn check_hardened(path: &DerivationPath) -> Result<()> {
    match path.steps().iter().enumerate().find(|(_, step)| !step.is_hardened()) {
        None => Ok(()),
        Some((at, step)) => Err(Error::malformed(
            format!("step {} of the path, {step}, is not hardened, and Ed25519 has hardened steps only", at + 1),
            format!("write {step}' if that is meant; the address differs from wallet to wallet, so compare it"),
        )),
    }
}

#[cfg(test)]
#[path = "slip10_tests.rs"]
mod tests;
