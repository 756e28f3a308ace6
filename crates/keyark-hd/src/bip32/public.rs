//! Extended public keys.

use std::fmt;

use k256::elliptic_curve::{BatchNormalize, PrimeField};
use k256::{AffinePoint, ProjectivePoint, Scalar};
use keyark_core::{ChainCode, ChildNumber, Error, Fingerprint, PublicKey, RelativePath, Result};

use super::private::compress;
use super::{Place, fingerprint, no_key_at, too_deep};
use crate::hash::hmac_sha512;

/// A public key with its chain code and its place in the tree (BIP-32, "Extended keys"): it gives every public key below
/// it that is not hardened. With one private key from below, it gives its own private key too.
#[derive(Clone)]
pub struct ExtendedPublicKey {
    point: AffinePoint,
    bytes: [u8; 33],
    place: Place,
}

impl ExtendedPublicKey {
    pub(super) fn from_parts(point: AffinePoint, place: Place) -> Self {
        Self { point, bytes: compress(&point), place }
    }

    /// An extended key from a public key and its place in the tree.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) when `key` is not a point of secp256k1.
    pub fn new(
        key: &PublicKey,
        chain_code: ChainCode,
        depth: u8,
        parent: Fingerprint,
        child: ChildNumber,
    ) -> Result<Self> {
        let point = k256::PublicKey::from_sec1_bytes(key.as_bytes())
            .map_err(|_| Error::malformed("these bytes are not a public key of secp256k1", "check the key"))?;
        Ok(Self::from_parts(*point.as_affine(), Place { depth, parent, child, chain_code }))
    }

    /// The child at `step` (BIP-32, "Public parent key → public child key"). Takes a time that depends on the key, which
    /// is no secret.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a hardened step, which needs the private key;
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) below a
    /// depth of 255.
    pub fn child(&self, step: ChildNumber) -> Result<Self> {
        if step.is_hardened() {
            return Err(Error::malformed(
                format!("step {step} is hardened, and a public key has no hardened children"),
                "derive it from the words or the extended private key; only steps without ' work from here",
            ));
        }
        let depth = self.place.depth.checked_add(1).ok_or_else(too_deep)?;
        let halves = hmac_sha512(self.place.chain_code.expose(), &[&self.bytes, &step.to_raw().to_be_bytes()])?;
        let tweak: Option<Scalar> = Scalar::from_repr((*halves.left).into()).into();
        let tweak = tweak.ok_or_else(|| no_key_at(step))?;
        let sum = ProjectivePoint::mul_by_generator_vartime(&tweak) + self.point;
        // `to_affine` takes the time that secrets need, twice as long as this.
        let [point] = ProjectivePoint::batch_normalize_vartime(&[sum]);
        if point == AffinePoint::IDENTITY {
            return Err(no_key_at(step));
        }
        let chain_code = ChainCode::new(&halves.right);
        let place = Place { depth, parent: self.fingerprint(), child: step, chain_code };
        Ok(Self::from_parts(point, place))
    }

    /// The key at `path` below this one.
    ///
    /// # Errors
    /// As [`child`](Self::child).
    pub fn derive(&self, path: &RelativePath) -> Result<Self> {
        path.steps().iter().try_fold(self.clone(), |key, step| key.child(*step))
    }

    /// The public key alone, without the chain code.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::compressed(self.bytes)
    }

    /// The public key as 33 bytes.
    pub fn as_bytes(&self) -> &[u8; 33] {
        &self.bytes
    }

    /// The fingerprint of this key.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.bytes)
    }

    /// The chain code.
    pub fn chain_code(&self) -> &ChainCode {
        &self.place.chain_code
    }

    /// The fingerprint of the parent; zeros for a master key.
    pub fn parent_fingerprint(&self) -> Fingerprint {
        self.place.parent
    }

    /// How many steps it is from the master key.
    pub fn depth(&self) -> u8 {
        self.place.depth
    }

    /// The last step to it; 0 for a master key.
    pub fn child_number(&self) -> ChildNumber {
        self.place.child
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }
}

impl PartialEq for ExtendedPublicKey {
    fn eq(&self, other: &Self) -> bool {
        let name = |key: &Self| (key.bytes, key.place.depth, key.place.parent, key.place.child);
        name(self) == name(other) && self.place.chain_code.expose() == other.place.chain_code.expose()
    }
}

impl Eq for ExtendedPublicKey {}

impl fmt::Debug for ExtendedPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtendedPublicKey(depth {}, fingerprint {})", self.place.depth, self.fingerprint())
    }
}
