//! The identity of an epoch under the password: one small file on which everything hangs, and so kept twice.

use keyark_core::{ErrorKind, Result};

use crate::header::{identity_copy, identity_file};
use crate::seal::{Keys, WorkFactor};
use crate::{Password, Storage};

/// An identity that was opened.
pub(crate) struct Opened {
    pub(crate) keys: Keys,
    /// The one of the two files that is damaged or was not finished, and what belongs into it.
    pub(crate) heal: Option<(String, Vec<u8>)>,
}

/// Opens the identity with the password; one scrypt, or two where the files differ and the first does not open.
pub(crate) fn open(storage: &dyn Storage, epoch: u32, password: &Password) -> Result<Opened> {
    const MAX_SIZE: usize = 1 << 16;
    let names = [identity_file(epoch), identity_copy(epoch)];
    let [first, second] = names.each_ref().map(|name| storage.read(name, MAX_SIZE));
    let [name, copy] = names;
    match (first, second) {
        (Ok(first), Ok(second)) if first == second => {
            Ok(Opened { keys: Keys::open_identity(&name, &first, password)?, heal: None })
        }
        (Ok(first), second) => match Keys::open_identity(&name, &first, password) {
            Ok(keys) => Ok(Opened { keys, heal: Some((copy, first)) }),
            Err(error) => {
                let second = second.map_err(|_| error.clone())?;
                match Keys::open_identity(&copy, &second, password) {
                    Ok(keys) => Ok(Opened { keys, heal: Some((name, second)) }),
                    Err(other) if other.kind() == ErrorKind::WrongPassword => Err(other),
                    Err(_) => Err(error),
                }
            }
        },
        (Err(error), Ok(second)) => match Keys::open_identity(&copy, &second, password) {
            Ok(keys) => Ok(Opened { keys, heal: Some((name, second)) }),
            Err(other) if error.kind() == ErrorKind::NotFound || other.kind() == ErrorKind::WrongPassword => Err(other),
            Err(_) => Err(error),
        },
        (Err(error), Err(_)) => Err(error),
    }
}

/// Writes both files. The copy first: whichever of the passwords is given after a crash in between, its file opens and is copied over
/// the other one.
pub(crate) fn write(
    storage: &dyn Storage,
    epoch: u32,
    keys: &Keys,
    password: &Password,
    work: WorkFactor,
) -> Result<()> {
    let sealed = keys.seal_identity(password, work)?;
    storage.replace(&identity_copy(epoch), &sealed)?;
    storage.replace(&identity_file(epoch), &sealed)
}
