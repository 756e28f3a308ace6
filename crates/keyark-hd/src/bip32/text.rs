//! Extended keys as text (BIP-32, "Serialization format").

use k256::elliptic_curve::sec1::FromSec1Point;
use k256::{AffinePoint, Sec1Point};
use keyark_core::{ChainCode, ChildNumber, Error, Fingerprint, Result, SecretText};
use zeroize::Zeroizing;

use super::{ExtendedPrivateKey, ExtendedPublicKey, Place, Version};
use crate::base58check;

const LENGTH: usize = 78; // version 4, depth 1, parent 4, child 4, chain code 32, key 33

impl ExtendedPublicKey {
    /// The key as text: `xpub…`.
    pub fn to_text(&self, version: Version) -> String {
        write(version.public, self.place(), self.as_bytes()).to_string()
    }

    /// Reads a key as text, with the version bytes that it had.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a wrong checksum or length, unknown version
    /// bytes, a private key, a place that cannot be, and bytes that are not a point. Never repeats the text.
    pub fn parse(text: &str) -> Result<(Self, Version)> {
        let raw = Raw::read(text)?;
        let Some(version) = Version::ALL.iter().find(|version| version.public == raw.version) else {
            return Err(if Version::ALL.iter().any(|version| version.private == raw.version) {
                Error::malformed(
                    "this is an extended private key, not a public one",
                    "guard it: it gives every key of the account; show the extended public key in its place",
                )
            } else {
                unknown_version()
            });
        };
        let point: Option<AffinePoint> = match raw.key.first() {
            Some(2 | 3) => Sec1Point::from_bytes(raw.key.as_slice())
                .ok()
                .and_then(|encoded| AffinePoint::from_sec1_point(&encoded).into()),
            _ => None,
        };
        let point = point.ok_or_else(|| {
            Error::malformed("the extended key has a right checksum, but holds no public key", "export it again")
        })?;
        Ok((Self::from_parts(point, raw.place), *version))
    }
}

impl ExtendedPrivateKey {
    /// The key as text: `xprv…`. It gives everything below it.
    pub fn to_text(&self, version: Version) -> SecretText {
        let mut key = Zeroizing::new([0; 33]);
        for (place, byte) in key.iter_mut().skip(1).zip(self.private_key().expose()) {
            *place = *byte;
        }
        SecretText::new(write(version.private, self.place(), &key).to_string())
    }

    /// Reads a key as text, with the version bytes that it had.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a wrong checksum or length, unknown version
    /// bytes, a public key, a place that cannot be, and bytes that are not a key. Never repeats the text.
    pub fn parse(text: &SecretText) -> Result<(Self, Version)> {
        let raw = Raw::read(text.expose())?;
        let Some(version) = Version::ALL.iter().find(|version| version.private == raw.version) else {
            return Err(if Version::ALL.iter().any(|version| version.public == raw.version) {
                Error::malformed("this is an extended public key, not a private one", "it has no private keys in it")
            } else {
                unknown_version()
            });
        };
        let key = match raw.key.split_first() {
            Some((0, key)) => <&[u8; 32]>::try_from(key).ok().and_then(|key| Self::from_parts(key, raw.place)),
            _ => None,
        };
        let key = key.ok_or_else(|| {
            Error::malformed("the extended key has a right checksum, but holds no private key", "export it again")
        })?;
        Ok((key, *version))
    }
}

fn unknown_version() -> Error {
    Error::malformed(
        "this is not an extended key of a kind that keyark knows",
        "it reads those that start with x, y, z, Y, Z and, for test networks, t, u, v, U, V",
    )
}

fn write(version: u32, place: &Place, key: &[u8; 33]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.push(place.depth);
    bytes.extend_from_slice(&place.parent.0);
    bytes.extend_from_slice(&place.child.to_raw().to_be_bytes());
    bytes.extend_from_slice(place.chain_code.expose());
    bytes.extend_from_slice(key);
    base58check::encode(&bytes)
}

/// The fields of the text, before it is known whether the key is a public or a private one.
struct Raw {
    version: u32,
    place: Place,
    key: Zeroizing<[u8; 33]>,
}

impl Raw {
    fn read(text: &str) -> Result<Self> {
        let bytes = base58check::decode(text.trim())?;
        let raw = Self::split(&bytes).ok_or_else(|| {
            Error::malformed(
                format!("an extended key has {LENGTH} bytes, and this has {}", bytes.len()),
                "check what was pasted: it starts with xpub, ypub, zpub or their like",
            )
        })?;
        let place = &raw.place;
        if place.depth == 0 && (place.parent != Fingerprint::default() || place.child.to_raw() != 0) {
            return Err(Error::malformed(
                "the extended key says that it is a master key and that it has a parent",
                "the program that made it is at fault; export it again",
            ));
        }
        Ok(raw)
    }

    fn split(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first_chunk()?;
        let (&depth, rest) = rest.split_first()?;
        let (&parent, rest) = rest.split_first_chunk()?;
        let (&child, rest) = rest.split_first_chunk()?;
        let (chain_code, key) = rest.split_first_chunk()?;
        let child = ChildNumber::from_raw(u32::from_be_bytes(child));
        let place = Place { depth, parent: Fingerprint(parent), child, chain_code: ChainCode::new(chain_code) };
        Some(Self { version: u32::from_be_bytes(*version), place, key: Zeroizing::new(key.try_into().ok()?) })
    }
}
