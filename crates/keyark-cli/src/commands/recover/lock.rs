//! One search at a time on a checkpoint: of two, each would write over what the other has found.

use std::fs::{File, Metadata, TryLockError};
use std::io::ErrorKind::Interrupted;
use std::path::{Path, PathBuf};

use keyark::{Error, ErrorKind, Result};

use crate::files::shown;
use crate::interrupt::{self, Cleanup};

/// The system's lock on a file beside the checkpoint, until it is dropped or the process ends. The checkpoint itself cannot
/// carry it: each time it is written it is another file.
pub(in crate::commands) struct Lock {
    path: PathBuf,
    file: File,
    _cleanup: Cleanup,
}

impl Lock {
    /// The file that carries it.
    pub(super) fn place(checkpoint: &Path) -> PathBuf {
        let mut name = checkpoint.as_os_str().to_owned();
        name.push(".lock");
        name.into()
    }

    /// Takes it, or none on a file system without locks.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] while another search has it, or where it cannot be made; [`ErrorKind::AlreadyExists`] where
    /// something else has its place.
    pub(super) fn take(checkpoint: &Path) -> Result<Option<Self>> {
        const MOST: usize = 100;
        let path = Self::place(checkpoint);
        for _ in 0..MOST {
            // Before it is opened: a pipe would wait for a reader.
            if path.symlink_metadata().is_ok_and(|found| !is_lock(&found)) {
                return Err(taken(&path));
            }
            let file = open(&path).map_err(|error| {
                let problem = format!("{} could not be written: {error}", shown(&path));
                Error::new(ErrorKind::Storage, problem, "choose another place for the checkpoint")
            })?;
            match file.try_lock() {
                Ok(()) if is_at(&file, &path) => {
                    let cleanup = interrupt::remove_on_interrupt(&path);
                    return Ok(Some(Self { path, file, _cleanup: cleanup }));
                }
                Ok(()) => {} // whoever had it has removed the file: there may be another one by now
                Err(TryLockError::Error(error)) if error.kind() == Interrupted => {}
                Err(TryLockError::Error(_)) => return Ok(None),
                Err(TryLockError::WouldBlock) => break,
            }
        }
        Err(Error::new(
            ErrorKind::Storage,
            format!("another search is going on with the checkpoint {}", shown(checkpoint)),
            "wait for its end or stop it; or give this one a checkpoint and a file of its own, and a share with --shard",
        ))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What came to stand there meanwhile is somebody's.
        if is_at(&self.file, &self.path) && self.file.metadata().is_ok_and(|found| is_lock(&found)) {
            let _ = std::fs::remove_file(&self.path); // while it is locked; a file that stays does no harm
        }
    }
}

/// A lock has no bytes. What has some is somebody's file: it is not taken for one, and so not removed in the end.
fn is_lock(found: &Metadata) -> bool {
    found.is_file() && found.len() == 0
}

fn taken(path: &Path) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        format!("{} is there already and is not a lock of keyark's", shown(path)),
        "choose another place for the checkpoint",
    )
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether the file still has its name.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let place = |found: Metadata| (found.dev(), found.ino());
        let (own, there) = (file.metadata().map(place), path.symlink_metadata().map(place));
        matches!((own, there), (Ok(own), Ok(there)) if own == there)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}
