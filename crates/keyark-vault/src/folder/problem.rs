//! What can go wrong with a folder, in words: each names the file and says what to do.

use std::io;
use std::path::Path;

use keyark_core::{Error, ErrorKind, is_invisible};

/// Text of unknown origin with its control characters escaped: they could rewrite the screen.
pub(crate) fn printable(text: &str) -> String {
    let escape = |letter: char| match letter {
        control if is_invisible(control) => control.escape_default().to_string(),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}

pub(super) fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn storage(problem: String, remedy: &'static str) -> Error {
    Error::new(ErrorKind::Storage, problem, remedy)
}

/// Why the system refused, and what to do about it.
fn cause(error: &io::Error) -> (String, &'static str) {
    let (reason, remedy) = match error.kind() {
        io::ErrorKind::StorageFull => ("the disk is full", "free some space, and try again"),
        io::ErrorKind::QuotaExceeded => ("your share of the disk is used up", "free some space, and try again"),
        io::ErrorKind::FileTooLarge => ("files may not become that large here", "raise the limit, or use another disk"),
        io::ErrorKind::ReadOnlyFilesystem => {
            ("the disk is read-only", "make it writable, or copy the vault to a disk that is")
        }
        io::ErrorKind::PermissionDenied => {
            ("permission is missing", "see to whom the folder and its files belong, and what their permissions are")
        }
        _ => return (printable(&error.to_string()), "see whether the folder and its disk are in order, and try again"),
    };
    (reason.to_owned(), remedy)
}

pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Error {
    let (reason, remedy) = cause(error);
    storage(format!("{} cannot be read: {reason}", shown(path)), remedy)
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let (reason, remedy) = cause(error);
    storage(format!("{} cannot be written: {reason}; nothing was changed", shown(path)), remedy)
}

pub(super) fn cannot_delete(path: &Path, error: &io::Error) -> Error {
    let (reason, remedy) = cause(error);
    storage(format!("{} cannot be deleted: {reason}; nothing was changed", shown(path)), remedy)
}

/// The change is made, but the disk did not confirm it: it may be undone if the power goes now.
pub(super) fn not_confirmed(path: &Path, error: &io::Error) -> Error {
    let (reason, remedy) = cause(error);
    storage(format!("{} was changed, but the disk does not confirm that this will last: {reason}", shown(path)), remedy)
}

pub(super) fn missing(path: &Path) -> Error {
    let problem = format!("there is no file {}", shown(path));
    Error::new(ErrorKind::NotFound, problem, "see whether the vault's folder is the right one and complete")
}

pub(super) fn already_there(path: &Path) -> Error {
    let problem = format!("there is a file {} already; it is left as it is", shown(path));
    Error::new(ErrorKind::AlreadyExists, problem, "delete it first, or choose another name")
}

/// More than `limit` bytes; `size` is a number or a lower bound in words.
pub(super) fn too_large(path: &Path, size: &str, limit: usize) -> Error {
    let problem = format!("{} has {size} bytes; at most {limit} are read", shown(path));
    Error::new(ErrorKind::OutOfBounds, problem, "no vault has such a file: restore it from a backup")
}

pub(super) fn not_a_file(path: &Path) -> Error {
    storage(format!("{} is not a file, though a file belongs there", shown(path)), "move it away")
}

pub(super) fn not_a_folder(path: &Path) -> Error {
    storage(
        format!("{} is not a folder, though a folder belongs there", shown(path)),
        "move it away, or choose another folder for the vault",
    )
}

/// Inside of a vault, links would lead out of it.
pub(super) fn a_link(path: &Path) -> Error {
    storage(
        format!("{} is a link, and links inside of a vault's folder are not followed", shown(path)),
        "put the file or folder itself in its place",
    )
}

pub(super) fn leads_nowhere(path: &Path) -> Error {
    storage(
        format!("{} is a link that leads nowhere", shown(path)),
        "connect the disk that it leads to, correct the link, or choose another folder for the vault",
    )
}

pub(super) fn no_locks(path: &Path, error: &io::Error) -> Error {
    storage(
        format!("{} cannot be locked: {}; nothing was changed", shown(path), printable(&error.to_string())),
        "keep the vault on a disk of this computer: some network disks cannot lock files",
    )
}

/// Somebody else has the lock, and did not give it back in time.
pub(super) fn busy(process: Option<u32>) -> Error {
    let who = process.map(|id| format!(" (process {id})")).unwrap_or_default();
    let problem = format!("another keyark{who} is changing this vault");
    storage(problem, "wait until it has finished, and try again")
}
