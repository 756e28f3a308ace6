//! The identity of an epoch under the password: one small file on which everything hangs, and so kept twice.

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{identity_copy, identity_file};
use crate::seal::{Keys, WorkFactor};
use crate::{Password, Storage};

/// An identity that was opened.
pub(crate) struct Opened {
    pub(crate) keys: Keys,
    /// What would put right the one of the two files that is damaged or was not finished.
    pub(crate) heal: Option<Heal>,
}

/// A copy that is to be made of the good file.
pub(crate) struct Heal {
    /// The damaged file.
    pub(crate) file: String,
    /// The good one, and what it held when it was read.
    good: String,
    pub(crate) bytes: Vec<u8>,
}

impl Heal {
    /// Whether the good file is as it was: another program may have changed the password since.
    pub(crate) fn still_applies(&self, storage: &dyn Storage) -> bool {
        storage.read(&self.good, MAX_SIZE).is_ok_and(|bytes| bytes == self.bytes)
    }
}

const MAX_SIZE: usize = 1 << 16;

/// Opens the identity with the password; one scrypt, or two where the files differ and the first does not open.
pub(crate) fn open(storage: &dyn Storage, epoch: u32, password: &Password) -> Result<Opened> {
    let names = [identity_file(epoch), identity_copy(epoch)];
    let [first, second] = names.each_ref().map(|name| storage.read(name, MAX_SIZE));
    let [name, copy] = names;
    match (first, second) {
        (Ok(first), Ok(second)) if first == second => {
            Ok(Opened { keys: Keys::open_identity(&name, &first, password)?, heal: None })
        }
        (Ok(first), second) => match Keys::open_identity(&name, &first, password) {
            Ok(keys) => Ok(Opened { keys, heal: Some(Heal { file: copy, good: name, bytes: first }) }),
            Err(error) => {
                let second = second.map_err(|_| error.clone())?;
                match Keys::open_identity(&copy, &second, password) {
                    Ok(keys) => Ok(Opened { keys, heal: Some(Heal { file: name, good: copy, bytes: second }) }),
                    Err(other) if other.kind() == ErrorKind::WrongPassword => Err(other),
                    Err(_) => Err(error),
                }
            }
        },
        (Err(error), Ok(second)) => match Keys::open_identity(&copy, &second, password) {
            Ok(keys) => Ok(Opened { keys, heal: Some(Heal { file: name, good: copy, bytes: second }) }),
            Err(other) if error.kind() == ErrorKind::NotFound || other.kind() == ErrorKind::WrongPassword => Err(other),
            Err(_) => Err(error),
        },
        (Err(error), Err(_)) => Err(error),
    }
}

/// Writes both files of a new epoch, which has neither.
pub(crate) fn write_new(
    storage: &dyn Storage,
    epoch: u32,
    keys: &Keys,
    password: &Password,
    work: WorkFactor,
) -> Result<()> {
    let sealed = keys.seal_identity(password, work)?;
    storage.write_new(&identity_copy(epoch), &sealed)?;
    storage.write_new(&identity_file(epoch), &sealed).inspect_err(|_| {
        let _ = storage.delete(&identity_copy(epoch)); // ours: nobody else could write it
    })
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
    let copy = identity_copy(epoch);
    let before = storage.read(&copy, MAX_SIZE);
    storage.replace(&copy, &sealed)?;
    let Err(error) = storage.replace(&identity_file(epoch), &sealed) else { return Ok(()) };
    // Two passwords would be one too many.
    if before.and_then(|before| storage.replace(&copy, &before)).is_ok() {
        return Err(error);
    }
    let why = error.problem().replace("; nothing was changed", "");
    Err(Error::new(
        error.kind(),
        format!(
            "{why}. It was written into one of two files, so that the old password and the new one both open the vault"
        ),
        "free some space, and change the password again",
    ))
}
