//! Extended private keys.

use std::fmt;

use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{AffinePoint, ProjectivePoint, Scalar};
use keyark_core::{
    ChainCode, ChildNumber, Curve, DerivationPath, Error, Fingerprint, PointForm, PrivateKey, PublicKey, RelativePath,
    Result, Seed,
};
use zeroize::Zeroizing;

use super::{ExtendedPublicKey, Place, fingerprint, no_key_at, too_deep, wrong_curve};
use crate::hash::{Halves, hmac_sha512};

/// A private key with its chain code and its place in the tree (BIP-32, "Extended keys"). It gives everything below it.
#[derive(Clone)]
pub struct ExtendedPrivateKey {
    key: Zeroizing<Scalar>,
    place: Place,
}

impl ExtendedPrivateKey {
    /// The master key (BIP-32, "Master key generation").
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a seed that gives no key (1 in 2^127).
    pub fn from_seed(seed: &Seed) -> Result<Self> {
        let halves = hmac_sha512(b"Bitcoin seed", &[seed.expose()])?;
        let key = scalar(&halves.left)
            .ok_or_else(|| Error::malformed("BIP-32 has no key for this seed", "make another wallet"))?;
        let place = Place {
            depth: 0,
            parent: Fingerprint::default(),
            child: ChildNumber::from_raw(0),
            chain_code: ChainCode::new(&halves.right),
        };
        Ok(Self { key, place })
    }

    pub(super) fn from_parts(key: &[u8; 32], place: Place) -> Option<Self> {
        Some(Self { key: scalar(key)?, place })
    }

    /// The key at `path`, taking this one for the master key.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) below a depth of 255.
    pub fn derive(&self, path: &DerivationPath) -> Result<Self> {
        self.derive_steps(path.steps())
    }

    /// The key at `path` below this one.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) below a depth of 255.
    pub fn derive_relative(&self, path: &RelativePath) -> Result<Self> {
        self.derive_steps(path.steps())
    }

    fn derive_steps(&self, steps: &[ChildNumber]) -> Result<Self> {
        let Some((last, first)) = steps.split_last() else { return Ok(self.clone()) };
        let mut node = self.clone();
        for step in first {
            // The fingerprint of a parent on the way would cost a point multiplication and nobody sees it.
            let point = if step.is_hardened() { None } else { Some(node.point()) };
            node = node.step(*step, point.as_ref(), Fingerprint::default())?;
        }
        node.child(*last)
    }

    /// The child at `step` (BIP-32, "Private parent key → private child key").
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) below a depth of 255.
    pub fn child(&self, step: ChildNumber) -> Result<Self> {
        let point = self.point();
        self.step(step, Some(&point), fingerprint(&point))
    }

    fn step(&self, step: ChildNumber, point: Option<&[u8; 33]>, parent: Fingerprint) -> Result<Self> {
        let halves = self.halves(step, point)?;
        let key = add(&self.key, &halves.left).ok_or_else(|| no_key_at(step))?;
        let depth = self.place.depth.checked_add(1).ok_or_else(too_deep)?;
        Ok(Self { key, place: Place { depth, parent, child: step, chain_code: ChainCode::new(&halves.right) } })
    }

    fn halves(&self, step: ChildNumber, point: Option<&[u8; 33]>) -> Result<Halves> {
        let chain_code = self.place.chain_code.expose();
        let index = step.to_raw().to_be_bytes();
        match (step.is_hardened(), point) {
            (false, Some(point)) => hmac_sha512(chain_code, &[point, &index]),
            (false, None) => hmac_sha512(chain_code, &[&self.point(), &index]),
            (true, _) => hmac_sha512(
                chain_code,
                &[&[0], Zeroizing::new(<[u8; 32]>::from(self.key.to_repr())).as_slice(), &index],
            ),
        }
    }

    /// The extended public key (BIP-32, "neutered"): it gives every public key below it that is not hardened.
    pub fn public(&self) -> ExtendedPublicKey {
        ExtendedPublicKey::from_parts(affine(&self.key), self.place.clone())
    }

    /// The private key alone, without the chain code.
    pub fn private_key(&self) -> PrivateKey {
        PrivateKey::new(Curve::Secp256k1, &Zeroizing::new(self.key.to_repr().into()))
    }

    /// The fingerprint of this key.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.point())
    }

    /// The fingerprint of the parent; zeros for the master key.
    pub fn parent_fingerprint(&self) -> Fingerprint {
        self.place.parent
    }

    /// The chain code.
    pub fn chain_code(&self) -> &ChainCode {
        &self.place.chain_code
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    fn point(&self) -> [u8; 33] {
        compress(&affine(&self.key))
    }
}

impl fmt::Debug for ExtendedPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtendedPrivateKey(depth {}, redacted)", self.place.depth)
    }
}

/// The private key at `path`, without what only an extended key needs: the hot path of every chain on secp256k1.
///
/// # Errors
/// As [`ExtendedPrivateKey::from_seed`].
pub fn derive(seed: &Seed, path: &DerivationPath) -> Result<PrivateKey> {
    let mut node = ExtendedPrivateKey::from_seed(seed)?;
    for step in path.steps() {
        node = node.step(*step, None, Fingerprint::default())?;
    }
    Ok(node.private_key())
}

/// The public key of a private key (SEC 1, section 3.2.1), in the form that the key asks for.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for zero, for numbers not below the order of the group,
/// and for keys of another curve.
pub fn public_key(key: &PrivateKey) -> Result<PublicKey> {
    if key.curve() != Curve::Secp256k1 {
        return Err(wrong_curve(key));
    }
    let scalar = scalar(key.expose()).ok_or_else(|| {
        Error::malformed(
            "these 32 bytes are not a private key: it must be above zero and below the order of secp256k1",
            "compare them with the original",
        )
    })?;
    match key.form() {
        PointForm::Compressed => PublicKey::new(Curve::Secp256k1, &compress(&affine(&scalar))),
        PointForm::Uncompressed => PublicKey::new(Curve::Secp256k1, affine(&scalar).to_sec1_point(false).as_bytes()),
    }
}

/// A number above zero and below the order of the group.
pub(super) fn scalar(bytes: &[u8; 32]) -> Option<Zeroizing<Scalar>> {
    let scalar: Option<Scalar> = Scalar::from_repr((*bytes).into()).into();
    scalar.filter(|scalar| !bool::from(scalar.is_zero())).map(Zeroizing::new)
}

/// parse256(IL) + kpar mod n. `None` where IL is not below n or the sum is zero.
fn add(key: &Scalar, tweak: &[u8; 32]) -> Option<Zeroizing<Scalar>> {
    let tweak: Option<Scalar> = Scalar::from_repr((*tweak).into()).into();
    let sum = Zeroizing::new(*Zeroizing::new(tweak?) + key);
    (!bool::from(sum.is_zero())).then_some(sum)
}

fn affine(key: &Scalar) -> AffinePoint {
    ProjectivePoint::mul_by_generator(key).to_affine()
}

pub(super) fn compress(point: &AffinePoint) -> [u8; 33] {
    let mut bytes = [0; 33];
    // A multiple of the generator by a number that is not zero is not the point at infinity: 33 bytes.
    let encoded = point.to_sec1_point(true);
    if let Some(place) = bytes.get_mut(..encoded.len()) {
        place.copy_from_slice(encoded.as_bytes());
    }
    bytes
}
