//! Sealing and opening: age v1 files, to an identity or under a password.

use std::io::{Read, Write};

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, Identity, x25519};
use hmac::{Hmac, KeyInit, Mac};
use keyark_core::{Error, ErrorKind, Result, SecretText};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How much a guess at the password costs: scrypt with N = 2 to this power, r = 8, p = 1 (age v1, "The scrypt recipient type").
///
/// Each step doubles the time and the memory, for the owner as for the thief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// About a second and 256 MiB: age's own default.
    pub const DEFAULT: Self = Self(18);
    /// The highest that is written or read: 1 GiB. A file that asks for more is refused before anything is computed.
    pub const MAX: Self = Self(20);

    /// A work factor of 1 to 20. Below 18 a stolen vault is easier to guess at; such are for tests and very small devices.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] with the numbers.
    pub fn new(log_n: u8) -> Result<Self> {
        if (1..=Self::MAX.0).contains(&log_n) {
            return Ok(Self(log_n));
        }
        Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("a work factor of {log_n} is not one of 1 to {}", Self::MAX.0),
            format!("the default is {}", Self::DEFAULT.0),
        ))
    }

    /// The power of two.
    pub fn log_n(self) -> u8 {
        self.0
    }
}

impl Default for WorkFactor {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The keys of an epoch: its age identity, and the key of its manifests' HMAC.
pub(crate) struct Keys {
    identity: x25519::Identity,
    manifest_key: Zeroizing<[u8; 32]>,
}

impl Keys {
    pub(crate) fn generate() -> Self {
        Self::of(x25519::Identity::generate()) // from the operating system's randomness, as age does it
    }

    fn of(identity: x25519::Identity) -> Self {
        let text = identity.to_string();
        let key = hmac_sha256(text.expose_secret().as_bytes(), b"keyark manifest v1");
        Self { identity, manifest_key: Zeroizing::new(key) }
    }

    /// Encrypts to the identity's recipient.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let recipient = self.identity.to_public();
        encrypt(Encryptor::with_recipients(std::iter::once(&recipient as _)), plain)
    }

    /// Decrypts the file called `name` in errors.
    pub(crate) fn open(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<String>> {
        decrypt(sealed, &self.identity).map_err(|_| damaged(name)) // the identity is the right one: what fails is the file
    }

    /// The HMAC-SHA-256 of a manifest.
    pub(crate) fn authenticate(&self, manifest: &[u8]) -> [u8; 32] {
        hmac_sha256(self.manifest_key.as_slice(), manifest)
    }

    /// The same keys once more, for a second reading of the vault.
    pub(crate) fn copy(&self) -> Self {
        Self::of(self.identity.clone())
    }

    /// The identity under a passphrase, as `age --passphrase` would write it.
    pub(crate) fn seal_identity(&self, passphrase: &str, work: WorkFactor) -> Result<Vec<u8>> {
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase));
        recipient.set_work_factor(work.log_n());
        encrypt(Encryptor::with_recipients(std::iter::once(&recipient as _)), self.identity_line().as_bytes())
    }

    /// The identity sealed to a key for one device, and that key: an age identity of its own.
    pub(crate) fn seal_for_device(&self) -> Result<(Vec<u8>, SecretText)> {
        let device = x25519::Identity::generate();
        let recipient = device.to_public();
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as _));
        let sealed = encrypt(encryptor, self.identity_line().as_bytes())?;
        Ok((sealed, SecretText::from(device.to_string().expose_secret())))
    }

    /// The identity from a file that was sealed for a device with this key.
    pub(crate) fn open_for_device(name: &str, sealed: &[u8], key: &SecretText) -> Result<Self> {
        let device: x25519::Identity = key.expose().parse().map_err(|_| damaged(name))?;
        let text = decrypt(sealed, &device).map_err(|_| damaged(name))?;
        text.trim_end().parse().map(Self::of).map_err(|_| damaged(name))
    }

    fn identity_line(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", self.identity.to_string().expose_secret()))
    }

    /// The identity from the file called `name` in errors.
    ///
    /// [`ErrorKind::WrongPassword`] also where the file is damaged in the part that the password opens: the two cannot be told
    /// apart.
    pub(crate) fn open_identity(name: &str, sealed: &[u8], passphrase: &str) -> Result<Self> {
        let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase));
        identity.set_max_work_factor(WorkFactor::MAX.log_n());
        let text = decrypt(sealed, &identity).map_err(|error| match error {
            DecryptError::ExcessiveWork { required, .. } => Error::new(
                ErrorKind::OutOfBounds,
                format!("{name} asks for a work factor of {required}, and at most {} is done", WorkFactor::MAX.0),
                "keyark writes no such file: use another copy of it",
            ),
            DecryptError::DecryptionFailed => {
                Error::new(ErrorKind::WrongPassword, "this is not the password", "check the keyboard, and try again")
            }
            _ => damaged(name),
        })?;
        text.trim_end().parse().map(Self::of).map_err(|_| damaged(name))
    }

    /// A value by which the same keys are known again, and that tells nothing of them.
    pub(crate) fn mark(&self) -> Mark {
        Mark(hmac_sha256(self.manifest_key.as_slice(), b"keyark mark v1"))
    }
}

/// See [`Keys::mark`].
#[derive(Clone, Copy)]
pub(crate) struct Mark([u8; 32]);

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

fn encrypt(encryptor: Result<Encryptor, age::EncryptError>, plain: &[u8]) -> Result<Vec<u8>> {
    let sealed = || -> Result<Vec<u8>, age::EncryptError> {
        let mut sealed = Vec::with_capacity(plain.len() + 1024);
        let mut writer = encryptor?.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish()?;
        Ok(sealed)
    };
    sealed().map_err(|error| {
        Error::new(ErrorKind::Internal, format!("sealing a file failed: {error}"), "nothing was written; report this")
    })
}

fn decrypt(sealed: &[u8], identity: &dyn Identity) -> Result<Zeroizing<String>, DecryptError> {
    let mut reader = Decryptor::new_buffered(sealed)?.decrypt(std::iter::once(identity))?;
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len())); // never grows, so leaves no copies behind
    reader.read_to_end(&mut plain)?;
    let text = String::from_utf8(std::mem::take(&mut *plain)).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        DecryptError::InvalidHeader
    })?;
    Ok(Zeroizing::new(text))
}

/// A file that is not as it was written.
pub(crate) fn damaged(name: &str) -> Error {
    Error::malformed(
        format!("{name} is damaged or was changed by another program"),
        "use another copy of that file if there is one: a backup of this folder, or the cloud's older versions",
    )
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of every length (RFC 2104, section 3).
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap_or_else(|_| unreachable!());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The SHA-256 of a file as it lies in the storage.
pub(crate) fn sha256(file: &[u8]) -> [u8; 32] {
    Sha256::digest(file).into()
}

/// Fills up with white space, so that the size of the file tells only its order of magnitude: to the next power of two, at least 4096.
pub(crate) fn pad(text: &str) -> Zeroizing<String> {
    const LEAST: usize = 4096;
    let length = (text.len() + 1).next_power_of_two().max(LEAST);
    let mut padded = Zeroizing::new(String::with_capacity(length));
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', length - text.len() - 1));
    padded.push('\n');
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_and_nothing_else() {
        let (keys, other) = (Keys::generate(), Keys::generate());
        let sealed = keys.seal(b"{}").unwrap();
        assert_eq!(*keys.open("x", &sealed).unwrap(), "{}");
        assert_eq!(other.open("x", &sealed).unwrap_err().kind(), ErrorKind::Malformed);
        assert!(keys.mark() != other.mark() && keys.mark() == keys.mark());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            let error = keys.open("x", &changed).unwrap_err();
            assert!(error.problem().starts_with("x is damaged"), "{error}");
        }
        for length in 0..sealed.len() {
            assert!(keys.open("x", &sealed[..length]).is_err());
        }
    }

    #[test]
    fn an_identity_opens_with_its_password() {
        let keys = Keys::generate();
        let sealed = keys.seal_identity("one", WorkFactor::new(2).unwrap()).unwrap();
        assert!(Keys::open_identity("x", &sealed, "one").unwrap().mark() == keys.mark());
        let error = Keys::open_identity("x", &sealed, "two").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::WrongPassword);
        assert_eq!(keys.authenticate(b"a"), Keys::open_identity("x", &sealed, "one").unwrap().authenticate(b"a"));
    }

    #[test]
    fn an_identity_opens_with_the_key_of_its_device_only() {
        let keys = Keys::generate();
        let (sealed, key) = keys.seal_for_device().unwrap();
        let (_, other) = keys.seal_for_device().unwrap();
        assert!(Keys::open_for_device("x", &sealed, &key).unwrap().mark() == keys.mark());
        for wrong in [other, SecretText::from(""), SecretText::from("AGE-SECRET-KEY-1")] {
            assert_eq!(Keys::open_for_device("x", &sealed, &wrong).err().unwrap().kind(), ErrorKind::Malformed);
        }
        assert!(keys.copy().mark() == keys.mark());
    }

    #[test]
    fn work_is_bounded_before_it_is_done() {
        let keys = Keys::generate();
        let sealed = keys.seal_identity("one", WorkFactor::new(3).unwrap()).unwrap();
        let text = String::from_utf8_lossy(&sealed).into_owned();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with("-> scrypt ") && line.ends_with(" 3"), "{line}");
        let greedy = [line.trim_end_matches('3'), "40"].concat();
        let at = sealed.windows(line.len()).position(|window| window == line.as_bytes()).unwrap();
        let changed = [&sealed[..at], greedy.as_bytes(), &sealed[at + line.len()..]].concat();
        let error = Keys::open_identity("x", &changed, "one").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::OutOfBounds);
        assert!(error.problem().contains("40") && error.problem().contains("20"), "{error}");
        assert!(WorkFactor::new(0).is_err() && WorkFactor::new(21).is_err());
    }

    #[test]
    fn padding_is_white_space_to_a_power_of_two() {
        for (length, padded) in [(0, 4096), (4095, 4096), (4096, 8192), (8191, 8192)] {
            let text = "a".repeat(length);
            assert_eq!(pad(&text).len(), padded);
            assert_eq!(pad(&text).trim_end(), text);
        }
    }
}
