//! The system's keychain as a [`DeviceStore`].

#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(not(any(windows, all(unix, not(any(target_os = "ios", target_os = "android"))))))]
mod none;
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
mod secret_service;

use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

use crate::DeviceStore;
#[cfg(any(target_os = "macos", windows))]
use native as system;
#[cfg(not(any(windows, all(unix, not(any(target_os = "ios", target_os = "android"))))))]
use none as system;
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
use secret_service as system;

/// Under which the entries stand in the keychain.
const SERVICE: &str = "keyark";
/// What each of the systems takes (Windows: 2,560 bytes, as UTF-16).
const MAX_SECRET: usize = 1024;
const MAX_ENTRY: usize = 64;
/// What opens the vault in any case.
const REMEDY: &str = "unlock with the password instead: at the prompt, or with --password-file";

/// The system's keychain: the Keychain of macOS, the Credential Manager of Windows, and elsewhere the Secret Service over D-Bus (GNOME Keyring, KWallet,
/// KeePassXC). Its entries are those of the service `keyark`; on D-Bus, `secret-tool lookup service keyark username ENTRY` shows one.
///
/// It guards against who has the disk but not the person's login. A program that runs as that person can ask for the entry too: on macOS the system then
/// asks the person, on Windows and with most Secret Services it does not.
///
/// Memory of the system's libraries through which a secret passes is not erased by them.
#[derive(Clone, Copy, Debug)]
pub struct Keychain(());

impl Keychain {
    /// The keychain of the person who runs this program. Whether there is one is tried at once, in 10 seconds at most; nobody is asked for anything.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] where there is no keychain, such as on a server without a desktop session.
    pub fn new() -> Result<Self> {
        system::check()?;
        Ok(Self(()))
    }
}

/// A person who is asked to unlock the keychain has two minutes; then it is [`ErrorKind::Cancelled`].
impl DeviceStore for Keychain {
    fn store(&self, entry: &str, secret: &SecretText) -> Result<()> {
        check_entry(entry)?;
        let length = secret.expose().len();
        if !(1..=MAX_SECRET).contains(&length) {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("a keychain's entry holds 1 to {MAX_SECRET} bytes, this one has {length}"),
                "keep a key there, and what it opens elsewhere",
            ));
        }
        Ok(system::store(entry, secret)?)
    }

    fn load(&self, entry: &str) -> Result<Option<SecretText>> {
        check_entry(entry)?;
        let Some(mut bytes) = system::load(entry)? else { return Ok(None) };
        if !(1..=MAX_SECRET).contains(&bytes.len()) {
            return Err(not_ours());
        }
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            not_ours()
        })?;
        Ok(Some(SecretText::new(text)))
    }

    fn forget(&self, entry: &str) -> Result<()> {
        check_entry(entry)?;
        Ok(system::forget(entry)?)
    }
}

fn check_entry(entry: &str) -> Result<()> {
    let printable = entry.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    match printable && (1..=MAX_ENTRY).contains(&entry.len()) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Usage,
            format!("the name of a keychain's entry is 1 to {MAX_ENTRY} characters of ASCII"),
            "name it as the vault does: keyark vault and 32 hexadecimal digits",
        )),
    }
}

fn not_ours() -> Error {
    Error::malformed(
        "what the system's keychain keeps for this vault is damaged or was changed by another program",
        REMEDY,
    )
}

/// Why a keychain did not do what it was asked. Each system knows some of these.
#[derive(Debug)]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))] // elsewhere the system says less
enum Failure {
    NoSession,
    NoService,
    NoCollection,
    Silent(Duration),
    Unanswered(Duration),
    Locked,
    Dismissed,
    Refused,
    /// A short name of the system's own for it, which holds nothing secret.
    Other(String),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        use Failure::*;
        let kind = match failure {
            Dismissed | Unanswered(_) => ErrorKind::Cancelled,
            _ => ErrorKind::Storage,
        };
        let problem = match failure {
            NoSession => "there is no D-Bus session here, and so no keychain of the system".into(),
            NoService => "no keychain of the system is running (no Secret Service on D-Bus)".into(),
            NoCollection => "the system's keychain has no default keyring yet".into(),
            Silent(limit) => format!("the system's keychain did not answer for {} seconds", limit.as_secs()),
            Unanswered(limit) => format!("the system's keychain waited {} seconds to be unlocked", limit.as_secs()),
            Locked => "the system's keychain is locked".into(),
            Dismissed => "the system's keychain is locked; its question was dismissed, or could not be shown".into(),
            Refused => "the system's keychain refused access".into(),
            Other(name) => format!("the system's keychain failed: {name}"),
        };
        Self::new(kind, problem, REMEDY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_done_because_a_person_did_not_agree_is_cancelled() {
        for (failure, kind, word) in [
            (Failure::NoSession, ErrorKind::Storage, "no D-Bus session"),
            (Failure::NoService, ErrorKind::Storage, "no Secret Service"),
            (Failure::NoCollection, ErrorKind::Storage, "no default keyring"),
            (Failure::Silent(Duration::from_secs(10)), ErrorKind::Storage, "10 seconds"),
            (Failure::Unanswered(Duration::from_secs(120)), ErrorKind::Cancelled, "120 seconds"),
            (Failure::Locked, ErrorKind::Storage, "locked"),
            (Failure::Dismissed, ErrorKind::Cancelled, "dismissed"),
            (Failure::Refused, ErrorKind::Storage, "refused"),
            (Failure::Other("org.example.Error".into()), ErrorKind::Storage, "org.example.Error"),
        ] {
            let error = Error::from(failure);
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.problem().contains(word), "{error}");
            assert!(error.remedy().contains("--password-file"));
        }
    }

    #[test]
    fn names_and_sizes_are_checked_before_the_system_is_asked() {
        let keychain = Keychain(());
        let secret = SecretText::from("canary");
        for entry in ["", "a\0b", "a\nb", "é", &"k".repeat(65)] {
            for error in [
                keychain.store(entry, &secret).unwrap_err(),
                keychain.load(entry).unwrap_err(),
                keychain.forget(entry).unwrap_err(),
            ] {
                assert_eq!(error.kind(), ErrorKind::Usage, "{entry:?}");
            }
        }
        for length in [0, 1025] {
            let error = keychain.store("keyark test", &"k".repeat(length).into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds);
            assert!(error.problem().contains(&length.to_string()));
        }
    }
}
