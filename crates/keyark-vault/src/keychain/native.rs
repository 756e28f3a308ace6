//! The Keychain of macOS and the Credential Manager of Windows.

use keyark_core::SecretText;
use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::{Failure, SERVICE};

pub(super) fn check() -> Result<(), Failure> {
    Entry::store_status().as_ref().map(|_| ()).map_err(failure)
}

pub(super) fn store(entry: &str, secret: &SecretText) -> Result<(), Failure> {
    find(entry)?.set_secret(secret.expose().as_bytes()).map_err(|error| failure(&error))
}

pub(super) fn load(entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    match find(entry)?.get_secret() {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(failure(&error)),
    }
}

pub(super) fn forget(entry: &str) -> Result<(), Failure> {
    match find(entry)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(failure(&error)),
    }
}

fn find(entry: &str) -> Result<Entry, Failure> {
    Entry::new(SERVICE, entry).map_err(|error| failure(&error))
}

/// Of the errors that carry what was kept, nothing but their names is shown.
fn failure(error: &Error) -> Failure {
    match error {
        Error::NoStorageAccess(_) => Failure::Refused,
        Error::PlatformFailure(error) => Failure::Other(error.to_string()), // the system's own text for its code
        Error::BadEncoding(_) | Error::BadDataFormat(..) => Failure::Other("its entry has another form".into()),
        Error::Ambiguous(_) => Failure::Other("it holds several entries of this name".into()),
        Error::TooLong(..) => Failure::Other("the entry is too long for it".into()),
        _ => Failure::Other("it is not available".into()),
    }
}
