//! The lock of a folder: the system's lock on the file `lock`, which ends with the process that holds it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{process, thread};

use keyark_core::Result;

use super::problem::{a_link, busy, cannot_read, cannot_write, no_locks, not_a_file};
use super::{LOCK, TEMPORARY, disk};

const PAUSE: Duration = Duration::from_millis(20);

/// The lock, until it is dropped. The file stays: who removed it could let in two at once.
pub(super) struct Held(File);

impl Held {
    /// Takes the lock of `root`, which is made if need be, and removes what killed writers left.
    pub(super) fn take(root: &Path, wait: Duration) -> Result<Self> {
        let path = root.join(LOCK);
        disk::make(root).map_err(|error| cannot_write(&path, &error))?;
        let mut file = open(&path)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(fs::TryLockError::WouldBlock) => match wait.saturating_sub(started.elapsed()) {
                    Duration::ZERO => return Err(busy(holder(&mut file))),
                    left => thread::sleep(left.min(PAUSE)),
                },
                Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(fs::TryLockError::Error(error)) => return Err(no_locks(&path, &error)),
            }
        }
        let mut held = Self(file);
        held.sign();
        remove_leftovers(root);
        Ok(held)
    }

    /// Says who holds it, for the message that others get; if that fails, theirs is less exact.
    fn sign(&mut self) {
        let _ = self.0.set_len(0).and_then(|()| self.0.rewind()).and_then(|()| writeln!(self.0, "{}", process::id()));
    }
}

impl Drop for Held {
    /// Unlocks rather than leaving it to the file's closing: a child process that is just being started may have
    /// the file open, too.
    fn drop(&mut self) {
        let _ = self.0.set_len(0);
        let _ = self.0.unlock();
    }
}

fn open(path: &Path) -> Result<File> {
    match disk::look(path).map_err(|error| cannot_read(path, &error))? {
        Some(found) if found.is_symlink() => return Err(a_link(path)),
        Some(found) if !found.is_file() => return Err(not_a_file(path)),
        _ => {}
    }
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| cannot_write(path, &error))
}

/// The process that signed the lock file, if that can be read.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim_end().parse().ok()
}

/// Removes the temporary files of writers that were killed: who holds the lock is the only writer.
/// What cannot be removed does no harm. Only where writers write, lest a folder chosen by mistake loses anything.
fn remove_leftovers(root: &Path) {
    remove_leftovers_in(root);
    for epoch in folders(&root.join("epochs")) {
        remove_leftovers_in(&epoch);
        folders(&epoch).filter(|folder| folder.ends_with("records")).for_each(|folder| remove_leftovers_in(&folder));
    }
}

fn remove_leftovers_in(folder: &Path) {
    for entry in entries(folder) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folders in a folder. As everywhere in a vault, links are not followed.
fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let is_link = fs::symlink_metadata(folder).is_ok_and(|found| found.is_symlink());
    let entries = entries(folder).filter(move |entry| !is_link && entry.file_type().is_ok_and(|kind| kind.is_dir()));
    entries.map(|entry| entry.path())
}

/// What is in a folder; nothing where there is none.
fn entries(folder: &Path) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}
