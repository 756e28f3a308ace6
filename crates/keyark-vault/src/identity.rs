//! The identity of an epoch under the password: one small file on which everything hangs, and so kept twice.

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{identity_copy, identity_file};
use crate::seal::{Keys, WorkFactor, sha256};
use crate::state::why_gone;
use crate::{Password, Storage};

/// The largest file of an identity that is read.
pub(crate) const MAX_SIZE: usize = 1 << 16;

/// An identity that was opened.
pub(crate) struct Opened {
    pub(crate) keys: Keys,
    pub(crate) way_in: WayIn,
    /// What would put right the one of the two files that is damaged or was not finished.
    pub(crate) heal: Option<Heal>,
}

/// The file that gave the keys, as it was then.
#[derive(Clone, Debug)]
pub(crate) struct WayIn {
    file: String,
    sha256: [u8; 32],
}

/// What a guess at the password of this file costs, as a power of two (age v1, "The scrypt recipient type").
pub(crate) fn work_of(sealed: &[u8]) -> Option<u8> {
    let line = sealed.split(|byte| *byte == b'\n').nth(1)?;
    let mut parts = std::str::from_utf8(line).ok()?.split(' ');
    (parts.next() == Some("->") && parts.next() == Some("scrypt")).then(|| parts.nth(1)?.parse().ok()).flatten()
}

/// A copy that is to be made of the good file.
pub(crate) struct Heal {
    /// The damaged file.
    pub(crate) file: String,
    /// The good one, and what it held when it was read.
    good: String,
    pub(crate) bytes: Vec<u8>,
}

impl WayIn {
    pub(crate) fn of(file: &str, bytes: &[u8]) -> Self {
        Self { file: file.to_owned(), sha256: sha256(bytes) }
    }

    /// That the file still lies there as it was.
    pub(crate) fn check(&self, storage: &dyn Storage) -> Result<()> {
        if sha256(&storage.read(&self.file, MAX_SIZE)?) == self.sha256 {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Locked,
            "another device has changed the password of this vault meanwhile, or somebody has changed its files",
            "unlock it again, with the password of today",
        ))
    }
}

impl Heal {
    /// Whether the good file is as it was: another program may have changed the password since.
    pub(crate) fn still_applies(&self, storage: &dyn Storage) -> bool {
        storage.read(&self.good, MAX_SIZE).is_ok_and(|bytes| bytes == self.bytes)
    }
}

/// Opens the identity with the password; one scrypt, or two where the files differ and the first does not open.
pub(crate) fn open(storage: &dyn Storage, epoch: u32, password: &Password) -> Result<Opened> {
    let (name, copy) = (identity_file(epoch), identity_copy(epoch));
    let (first, second) = (storage.read(&name, MAX_SIZE), storage.read(&copy, MAX_SIZE));
    match (first, second) {
        (Ok(first), Ok(second)) if first == second => {
            open_file(&name, &first, password).map(|opened| Opened { heal: None, ..opened })
        }
        (Ok(first), second) => match open_file(&name, &first, password) {
            Ok(opened) => Ok(opened.healing(copy, name, first)),
            Err(error) => {
                let second = second.map_err(|_| error.clone())?;
                match open_file(&copy, &second, password) {
                    Ok(opened) => Ok(opened.healing(name, copy, second)),
                    Err(other) if other.kind() == ErrorKind::WrongPassword => Err(other),
                    Err(_) => Err(error),
                }
            }
        },
        (Err(error), Ok(second)) => match open_file(&copy, &second, password) {
            Ok(opened) => Ok(opened.healing(name, copy, second)),
            Err(other) if error.kind() == ErrorKind::NotFound || other.kind() == ErrorKind::WrongPassword => Err(other),
            Err(_) => Err(error),
        },
        (Err(error), Err(_)) => Err(why_gone(storage, epoch, error)),
    }
}

fn open_file(name: &str, bytes: &[u8], password: &Password) -> Result<Opened> {
    let keys = Keys::open_identity(name, bytes, password.expose())?;
    Ok(Opened { keys, way_in: WayIn::of(name, bytes), heal: None })
}

impl Opened {
    fn healing(self, file: String, good: String, bytes: Vec<u8>) -> Self {
        Self { heal: Some(Heal { file, good, bytes }), ..self }
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
    let sealed = keys.seal_identity(password.expose(), work)?;
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
) -> Result<WayIn> {
    let sealed = keys.seal_identity(password.expose(), work)?;
    let (name, copy) = (identity_file(epoch), identity_copy(epoch));
    let before = storage.read(&copy, MAX_SIZE);
    storage.replace(&copy, &sealed)?;
    let Err(error) = storage.replace(&name, &sealed) else { return Ok(WayIn::of(&name, &sealed)) };
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
