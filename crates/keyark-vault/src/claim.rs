//! The number of a new epoch, where nothing keeps two devices from taking the same one.

use std::thread;
use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result, random};

use crate::header::{Header, MAX_EPOCH, MAX_EPOCHS, epoch_folder};
use crate::manifest::random_id;
use crate::{Lock, Storage};

const MOST_TRIES: u32 = 20;

/// A number that no epoch has and that nobody else takes meanwhile. Given back when it is dropped.
///
/// Each of two devices lays a file into the folder and then looks into it. The one that looks later sees both, whichever it is, and goes away.
pub(crate) struct Claim<'a> {
    pub(crate) epoch: u32,
    /// The file that says so, where no lock does.
    file: Option<String>,
    storage: &'a dyn Storage,
}

impl<'a> Claim<'a> {
    pub(crate) fn stake(storage: &'a dyn Storage, header: &Header, lock: &Lock) -> Result<Self> {
        let listed = header.epochs.iter().map(|epoch| epoch.number).chain(header.dropped.iter().copied());
        let mut epoch = listed.max().unwrap_or_default();
        if header.epochs.len() >= MAX_EPOCHS {
            return Err(too_many());
        }
        for _ in 0..MOST_TRIES {
            epoch = Self::next_free(storage, epoch)?;
            if lock.is_held() {
                return Ok(Self { epoch, file: None, storage });
            }
            let folder = epoch_folder(epoch);
            let file = format!("{folder}/claim-{}", random_id()?);
            storage.write_new(&file, b"")?;
            let claim = Self { epoch, file: Some(file), storage };
            if storage.list(&folder)?.len() == 1 {
                return Ok(claim);
            }
            drop(claim);
            pause()?;
        }
        Err(Error::new(
            ErrorKind::Storage,
            "other devices are setting passwords for this vault at the same time",
            "wait a minute, and try again",
        ))
    }

    /// The next number whose folder is empty. What lies in the others is listed nowhere: a crash left it behind, or somebody put it there.
    fn next_free(storage: &dyn Storage, after: u32) -> Result<u32> {
        for epoch in (after + 1..=MAX_EPOCH).take(10 * MAX_EPOCHS) {
            if storage.list(&epoch_folder(epoch))?.is_empty() {
                return Ok(epoch);
            }
        }
        Err(too_many())
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            let _ = self.storage.delete(file);
        }
    }
}

fn too_many() -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        "this vault has as many epochs as are read, or somebody has put folders into it",
        "remove the folders in epochs/ that are not yours; or restore the wallets into a new vault. Nothing was changed",
    )
}

/// Waits for a random time, so that two devices do not run into each other again.
fn pause() -> Result<()> {
    let mut byte = [0];
    random::fill(&mut byte)?;
    thread::sleep(Duration::from_millis(byte.iter().copied().map(u64::from).sum()));
    Ok(())
}
