//! Values that must not leak: zeroized on drop, not `Copy`, redacted in `Debug`, without `Display`
//! and without serialisation, compared in constant time. [`SecretText::expose`] and its like are
//! the one explicit way out.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Error, ErrorKind, Result};

/// Whether a character cannot be seen, or changes how others are shown: controls, byte order marks, zero-width spaces, separators of
/// lines, fillers, marks of the writing direction.
pub fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2028}' | '\u{2029}'
            | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Text that must not leak: a password, a phrase, a private key in its text form.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text over; the caller's own copies, if any, stay the caller's to erase.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Each call is a place where it can leak.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there are characters in it that cannot be seen ([`is_invisible`]), which come along when text is pasted.
    pub fn has_invisible(&self) -> bool {
        self.expose().chars().any(is_invisible)
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for SecretText {}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

/// The seed of a wallet, 16 to 64 bytes (BIP-32, "Master key generation"; BIP-39 makes 64).
#[derive(Clone)]
pub struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// The shortest seed, in bytes.
    pub const MIN_LEN: usize = 16;
    /// The longest seed, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Copies the seed from `bytes`.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for fewer than 16 or more than 64 bytes.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        if !(Self::MIN_LEN..=Self::MAX_LEN).contains(&bytes.len()) {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("a seed has 16 to 64 bytes, this one has {}", bytes.len()),
                "a BIP-39 phrase gives 64 bytes; do not pass its entropy or its words",
            ));
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// The bytes themselves. Each call is a place where they can leak.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for Seed {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for Seed {}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(redacted)")
    }
}

/// The curve, with its signature scheme where that fixes the form of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// secp256k1 (SEC 2, section 2.4.1); keys by BIP-32.
    Secp256k1,
    /// Ed25519 (RFC 8032); keys by SLIP-10.
    Ed25519,
}

impl Curve {
    /// The curve's stable name: `secp256k1`, `ed25519`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Secp256k1 => "secp256k1",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// How the public key of a private key is written (SEC 1, section 2.3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PointForm {
    /// 33 bytes, and the only form made since 2012.
    #[default]
    Compressed,
    /// 65 bytes: some old paper wallets. It has an address of its own.
    Uncompressed,
}

/// A private key of 32 bytes: a scalar on secp256k1, the secret seed of RFC 8032 on Ed25519.
///
/// Its value is checked by those who know the curve, when they make a public key of it.
#[derive(Clone)]
pub struct PrivateKey {
    curve: Curve,
    form: PointForm,
    bytes: Box<Zeroizing<[u8; 32]>>, // boxed: moving a key leaves no copies of it on the stack
}

impl PrivateKey {
    /// A key on `curve` from its 32 bytes, big-endian on secp256k1.
    pub fn new(curve: Curve, bytes: &[u8; 32]) -> Self {
        Self { curve, form: PointForm::Compressed, bytes: Box::new(Zeroizing::new(*bytes)) }
    }

    /// The same key, whose public key is written in `form`.
    #[must_use]
    pub fn with_form(self, form: PointForm) -> Self {
        Self { form, ..self }
    }

    /// The curve it is a key of.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// How its public key is written.
    pub fn form(&self) -> PointForm {
        self.form
    }

    /// The bytes themselves. Each call is a place where they can leak.
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        let same: bool = self.bytes.as_slice().ct_eq(other.bytes.as_slice()).into();
        same && self.curve == other.curve && self.form == other.form
    }
}

impl Eq for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, redacted)", self.curve.id())
    }
}

/// The chain code of an extended key (BIP-32): with it, a public key gives all its children.
#[derive(Clone)]
pub struct ChainCode(Box<Zeroizing<[u8; 32]>>);

impl ChainCode {
    /// A chain code from its 32 bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Box::new(Zeroizing::new(*bytes)))
    }

    /// The bytes themselves. Each call is a place where they can leak.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ChainCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainCode(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let text = SecretText::from("canary");
        let seed = Seed::new(b"canary-canary-canary").unwrap();
        let key = PrivateKey::new(Curve::Secp256k1, &[0x5a; 32]);
        let shown = format!("{text:?} {seed:?} {key:?} {:?}", ChainCode::new(&[0x5a; 32]));
        assert!(!shown.contains("canary") && !shown.contains("5a") && !shown.contains("90"), "{shown}");
    }

    #[test]
    fn equality_compares_the_other_key_not_itself() {
        let one = PrivateKey::new(Curve::Secp256k1, &[1; 32]);
        assert_eq!(one, one.clone());
        assert_ne!(one, PrivateKey::new(Curve::Secp256k1, &[2; 32]));
        assert_ne!(one, PrivateKey::new(Curve::Ed25519, &[1; 32]));
        assert_ne!(SecretText::from("a"), SecretText::from("b"));
        assert_ne!(Seed::new(&[1; 16]).unwrap(), Seed::new(&[1; 17]).unwrap());
    }

    #[test]
    fn what_cannot_be_seen_is_found() {
        for text in ["\u{feff}word", "wo\u{200b}rd", "word\t", "\u{ad}"] {
            assert!(SecretText::from(text).has_invisible(), "{text:?}");
        }
        for text in ["", "a word", "\u{e9}", "cafe\u{301}", "\u{3000}"] {
            assert!(!SecretText::from(text).has_invisible(), "{text:?}");
        }
    }

    #[test]
    fn a_seed_has_16_to_64_bytes() {
        assert!(Seed::new(&[0; 15]).is_err());
        assert!(Seed::new(&[0; 16]).is_ok());
        assert!(Seed::new(&[0; 64]).is_ok());
        assert!(Seed::new(&[0; 65]).is_err());
    }
}
