//! Systems for which an app brings a store of its own: phones, browsers.

use keyark_core::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

fn none() -> Error {
    Error::new(
        ErrorKind::Storage,
        "keyark knows no keychain of this system",
        "unlock with the password instead, or let the app bring a DeviceStore of its own",
    )
}

pub(super) fn check() -> Result<()> {
    Err(none())
}

pub(super) fn store(_: &str, _: &SecretText) -> Result<()> {
    Err(none())
}

pub(super) fn load(_: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
    Err(none())
}

pub(super) fn forget(_: &str) -> Result<()> {
    Err(none())
}
