//! The number of a new epoch, where nothing keeps two devices from taking the same one.

use std::thread;
use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result, random};

use crate::header::{Header, epoch_folder};
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
        for _ in 0..MOST_TRIES {
            epoch += 1;
            let folder = epoch_folder(epoch);
            if !storage.list(&folder)?.is_empty() {
                continue; // listed nowhere: left behind by a crash
            }
            if lock.is_held() {
                return Ok(Self { epoch, file: None, storage });
            }
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
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            let _ = self.storage.delete(file);
        }
    }
}

/// Waits for a random time, so that two devices do not run into each other again.
fn pause() -> Result<()> {
    let mut byte = [0];
    random::fill(&mut byte)?;
    thread::sleep(Duration::from_millis(byte.iter().copied().map(u64::from).sum()));
    Ok(())
}
