//! Opening a file with its password, and checking what came out.

use std::fmt;

use keyark_core::{Curve, Error, ErrorKind, KeystoreSecret, PrivateKey, Result, SecretText, Warning};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::dialect::{Content, is_hex_address};
use crate::json::strip_0x;
use crate::parse::Keystore;
use crate::password::{self, Form};

/// Old programs left the leading zeros of a key off. Fewer bytes than this happen once in 2^40 keys.
const SHORTEST_KEY: usize = 28;

/// What was in a file, before the address is checked: [`check_address`](Self::check_address) gives it away.
pub struct Opened {
    secret: KeystoreSecret,
    address: Option<String>,
    warnings: Vec<Warning>,
}

/// What was in a file, after the address was checked or the caller chose to go without.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The key, of the curve secp256k1, or the phrase.
    pub secret: KeystoreSecret,
    /// The address that the file names, as in [`Inspection::address`](crate::Inspection::address).
    pub address: Option<String>,
    /// What is weak or unusual about the file, and what could not be checked.
    pub warnings: Vec<Warning>,
}

impl Keystore {
    /// Opens the file. Tries the password as typed, then in NFKC, then in NFKD, each only where it differs, and says
    /// by a warning when it was not the first; each takes one key derivation.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPassword`] when no form fits the checksum, which a damaged file looks the same as;
    /// [`ErrorKind::Malformed`] when the contents are not a private key or a phrase;
    /// [`ErrorKind::Internal`] where the memory for scrypt is missing.
    pub fn open(&self, password: &SecretText) -> Result<Opened> {
        let mut warnings = self.warnings();
        for (form, text) in password::forms(password.expose()) {
            let derived = self.kdf.derive(text.as_bytes(), &self.salt)?;
            let mac = self.cipher.mac(&derived, &self.ciphertext)?;
            if !bool::from(mac.ct_eq(&self.mac)) {
                continue;
            }
            warnings.extend(form_warning(form));
            let mut plaintext = Zeroizing::new(self.ciphertext.clone());
            self.cipher.apply(&derived, &self.iv, &mut plaintext)?;
            let secret = match self.content {
                Content::PrivateKey => KeystoreSecret::Key(key(&plaintext, &mut warnings)?),
                Content::Phrase => KeystoreSecret::Phrase(phrase(&plaintext, &mut warnings)?),
            };
            return Ok(Opened { secret, address: self.address.clone(), warnings });
        }
        Err(Error::new(
            ErrorKind::WrongPassword,
            "the password does not open the keystore, or the file is damaged: the two look the same",
            "check the password, its capitals and the keyboard's language; then try another copy of the file",
        ))
    }
}

impl Opened {
    /// The key or phrase, to derive the address from.
    pub fn secret(&self) -> &KeystoreSecret {
        &self.secret
    }

    /// The address that the file names, as in [`Inspection::address`](crate::Inspection::address).
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// What is weak or unusual about the file.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Compares the address that the caller `derived` from the secret with the one that the file names: hexadecimal
    /// ones in any case, with or without 0x, others to the letter.
    ///
    /// A file that names none passes, with the warning `no-address`.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] when they differ: the file is damaged where its checksum does not reach, or its key
    /// belongs to another chain.
    pub fn check_address(self, derived: &str) -> Result<Checked> {
        let Some(named) = &self.address else { return Ok(self.give_away()) };
        let digits = strip_0x(derived);
        if named == derived || (is_hex_address(named) && named.eq_ignore_ascii_case(digits)) {
            return Ok(self.give_away());
        }
        if is_hex_address(digits) && !is_hex_address(named) {
            return Err(Error::new(
                ErrorKind::Mismatch,
                format!("the file names the address {named}, which is one of another chain"),
                "open it with the wallet that wrote it, or with the chain that the address belongs to",
            ));
        }
        Err(Error::new(
            ErrorKind::Mismatch,
            format!("the key in the file has the address {derived}, but the file names {named}"),
            "the file is damaged: its checksum does not cover the field iv, and a changed iv gives another key; \
             use another copy of the file",
        ))
    }

    /// Goes without the check, for a secret whose address cannot be derived: a phrase has many. Where the file names
    /// an address, a warning says that it was not compared.
    pub fn into_unchecked(mut self) -> Checked {
        if let Some(named) = &self.address {
            let message =
                format!("the file names the address {named}, which was not compared with what the file holds");
            self.warnings.push(Warning::new("address-not-checked", message));
        }
        self.give_away()
    }

    fn give_away(self) -> Checked {
        Checked { secret: self.secret, address: self.address, warnings: self.warnings }
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("secret", &self.secret).field("address", &self.address).finish_non_exhaustive()
    }
}

fn form_warning(form: Form) -> Option<Warning> {
    let form = match form {
        Form::Typed => return None,
        Form::Nfkc => "NFKC",
        Form::Nfkd => "NFKD",
    };
    Some(Warning::new(
        "password-form",
        format!(
            "the password opened the file in its Unicode form {form}, not as typed; other programs may refuse it as typed"
        ),
    ))
}

fn key(plaintext: &[u8], warnings: &mut Vec<Warning>) -> Result<PrivateKey> {
    let mut bytes = Zeroizing::new([0; 32]);
    if (SHORTEST_KEY..=bytes.len()).contains(&plaintext.len()) {
        let missing = bytes.len() - plaintext.len();
        for (byte, given) in bytes.iter_mut().skip(missing).zip(plaintext) {
            *byte = *given;
        }
        if missing > 0 {
            let message = format!("the key in the file has {} bytes; its leading zeros were added", plaintext.len());
            warnings.push(Warning::new("short-key", message));
        }
        return Ok(PrivateKey::new(Curve::Secp256k1, &bytes));
    }
    let base58 = plaintext.iter().all(u8::is_ascii_alphanumeric);
    let extended = plaintext.get(1..4) == Some(b"prv");
    let (what, remedy) = match plaintext.len() {
        107..=112 if base58 && extended => {
            ("an extended private key, as imToken stores it for Bitcoin", "restore the wallet from its phrase")
        }
        51 | 52 if base58 => (
            "a private key in WIF, as imToken stores it for Bitcoin and EOS",
            "export the key in the wallet that wrote it",
        ),
        64 if plaintext.iter().all(u8::is_ascii_hexdigit) => {
            ("a private key written as hexadecimal text", "export the key in the wallet that wrote it")
        }
        64 => ("a key pair of Ed25519, as Solana has it", "export the key in the wallet that wrote it"),
        _ => ("not a private key that keyark knows", "open it with the program that wrote it"),
    };
    Err(Error::malformed(
        format!(
            "the password is right, but the file holds {} bytes instead of 32: by its form, {what}",
            plaintext.len()
        ),
        remedy,
    ))
}

fn phrase(plaintext: &[u8], warnings: &mut Vec<Warning>) -> Result<SecretText> {
    let mut text = plaintext;
    while let Some(shorter) = text.strip_suffix(&[0]) {
        text = shorter;
    }
    if text.len() < plaintext.len() {
        let message = "a NUL character stood after the phrase, as old versions of Trust Wallet left it; it was removed";
        warnings.push(Warning::new("trailing-nul", message));
    }
    match std::str::from_utf8(text) {
        Ok(text) if !text.is_empty() => Ok(SecretText::from(text)),
        _ => Err(Error::malformed(
            "the password is right, but the file holds no text where it says that it holds a phrase",
            "the file is damaged, perhaps in its field iv; use another copy of it",
        )),
    }
}
