//! What stands around private keys: public keys, addresses, text forms.

use std::fmt;

use crate::{Curve, Cut, Error, Network, PrivateKey, Result, Warning};

/// A private key as read from its text form.
#[derive(Debug)]
pub struct ImportedKey {
    /// The key.
    pub private_key: PrivateKey,
    /// The form it was in.
    pub format: &'static KeyFormat,
    /// The networks that the form allows.
    pub networks: &'static [Network],
    /// What is unusual about it.
    pub warnings: Vec<Warning>,
}

/// A text form of a private key.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyFormat {
    /// Stable and unique within the chain: `wif`.
    pub id: &'static str,
    /// For people: what it is and what reads it.
    pub name: &'static str,
    /// How a secure copy of it is cut.
    pub cut: Cut,
}

/// A public key: 33 or 65 bytes of SEC 1 on secp256k1, 32 bytes of RFC 8032 on Ed25519.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    curve: Curve,
    len: u8,
    bytes: [u8; 65],
}

impl PublicKey {
    /// A public key from its bytes; whether they are a point is known to those who know the curve.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for a length that the curve's keys do not have.
    pub fn new(curve: Curve, key: &[u8]) -> Result<Self> {
        let fits = match curve {
            Curve::Secp256k1 => key.len() == 33 || key.len() == 65,
            Curve::Ed25519 => key.len() == 32,
        };
        let mut bytes = [0; 65];
        match (fits, bytes.get_mut(..key.len())) {
            (true, Some(place)) => place.copy_from_slice(key),
            _ => {
                return Err(Error::malformed(
                    format!("a public key on {} does not have {} bytes", curve.id(), key.len()),
                    "33 or 65 bytes on secp256k1, 32 on ed25519",
                ));
            }
        }
        Ok(Self { curve, len: key.len() as u8, bytes }) // at most 65
    }

    /// A compressed public key on secp256k1.
    pub fn compressed(key: [u8; 33]) -> Self {
        let mut bytes = [0; 65];
        for (place, byte) in bytes.iter_mut().zip(key) {
            *place = byte;
        }
        Self { curve: Curve::Secp256k1, len: 33, bytes }
    }

    /// The curve it is a point of.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.curve.id(), crate::hex::encode(self.as_bytes()))
    }
}

/// An address in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// Takes an address over that its chain has made or checked.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An address as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedAddress {
    /// In its normal form.
    pub address: Address,
    /// The networks that it can belong to.
    pub networks: &'static [Network],
    /// The kinds that it can be of, by their ids.
    pub kinds: Vec<&'static str>,
    /// What could not be checked: an address without a checksum.
    pub warnings: Vec<Warning>,
}
