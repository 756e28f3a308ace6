//! Reading a file, as far as that goes without its password.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, Warning};

use crate::cipher::Cipher;
use crate::dialect::{self, Content};
use crate::json::{self, Fields};
use crate::limits::MAX_CIPHERTEXT;
use crate::params::{self, Kdf};

/// A keystore file that was read and found within bounds. Nothing is derived or decrypted yet.
pub struct Keystore {
    pub(crate) content: Content,
    pub(crate) writer: Option<&'static str>,
    pub(crate) address: Option<String>,
    pub(crate) kdf: Kdf,
    pub(crate) salt: Vec<u8>,
    pub(crate) cipher: Cipher,
    pub(crate) iv: [u8; 16],
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) mac: [u8; 32],
    pub(crate) notes: Vec<Warning>,
}

impl Keystore {
    /// Reads the text of a file, and checks its structure and every cost in it ([`limits`](crate::limits)).
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for what is no keystore of version 3, with the field or the format's name;
    /// [`ErrorKind::OutOfBounds`] for a cost or length, with what the file has and what is allowed.
    pub fn parse(text: &str) -> Result<Self> {
        let mut notes = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text); // editors on Windows put it first
        let tree = json::read(text)?;
        let top = Fields::top(&tree)?;
        dialect::check_version(top, &mut notes)?;
        let content = dialect::content(top, &mut notes)?;
        let crypto = top.object("crypto", "crypto", &mut notes)?;

        let cipher = Cipher::from_id(crypto.text("cipher", &mut notes)?)?;
        if cipher != Cipher::Aes128 {
            let message = format!("the file uses {}, and a checksum that only Trust Wallet computes so", cipher.id());
            notes.push(Warning::new("unusual-cipher", message));
        }
        let (kdf, salt) = params::read(crypto, &mut notes)?;
        let iv = crypto.object("cipherparams", "crypto.cipherparams", &mut notes)?.hex("iv", &mut notes)?;
        let iv = exact(iv, "IV")?;
        let mac = exact(crypto.hex("mac", &mut notes)?, "MAC")?;
        let ciphertext = crypto.hex("ciphertext", &mut notes)?;
        check_ciphertext(&ciphertext)?;

        let address = dialect::address(top, &mut notes)?;
        if !top.has("id") {
            notes.push(Warning::new("no-id", "the file has no id, which the standard asks for"));
        }
        let writer = dialect::writer(top);
        Ok(Self { content, writer, address, kdf, salt, cipher, iv, ciphertext, mac, notes })
    }
}

/// The contents are encrypted but worth guarding, so they are not printed by the way.
impl fmt::Debug for Keystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keystore")
            .field("content", &self.content)
            .field("kdf", &self.kdf)
            .field("cipher", &self.cipher)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn exact<const N: usize>(bytes: Vec<u8>, name: &str) -> Result<[u8; N]> {
    bytes.try_into().map_err(|bytes: Vec<u8>| {
        Error::malformed(
            format!("the {name} has {} bytes, and must have {N}", bytes.len()),
            "the file is damaged; use another copy of it",
        )
    })
}

fn check_ciphertext(ciphertext: &[u8]) -> Result<()> {
    if ciphertext.is_empty() {
        return Err(Error::malformed("the ciphertext is empty", "the file is damaged; use another copy of it"));
    }
    if ciphertext.len() > MAX_CIPHERTEXT {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("the ciphertext has {} bytes, and keyark allows at most {MAX_CIPHERTEXT}", ciphertext.len()),
            "check that this is the file you meant: a private key has 32 bytes",
        ));
    }
    Ok(())
}
