//! The names of a vault's files, which every storage checks before anything is touched: none leads out of the vault.

use keyark_core::{Error, ErrorKind, Result};

use crate::folder::printable;

const MOST_PARTS: usize = 4;

/// Refuses what is not the name of a vault's file: for those who write a [`Storage`](crate::Storage).
///
/// # Errors
/// [`ErrorKind::Usage`].
pub fn check_file_name(name: &str) -> Result<()> {
    check(name, MOST_PARTS)
}

/// Refuses what is not the name of a vault's folder; the vault's own is the empty text.
///
/// # Errors
/// [`ErrorKind::Usage`].
pub fn check_folder_name(name: &str) -> Result<()> {
    if name.is_empty() { Ok(()) } else { check(name, MOST_PARTS - 1) }
}

fn check(name: &str, most: usize) -> Result<()> {
    if name.split('/').count() <= most && name.split('/').all(is_name_part) {
        return Ok(());
    }
    let shown: String = name.chars().take(60).collect();
    Err(Error::new(
        ErrorKind::Usage,
        format!("{:?} is not a name of a file or folder of a vault", printable(&shown)),
        format!("use one to {most} parts of a-z, 0-9, - and . with / between, none of which begins with a dot"),
    ))
}

/// Whether a vault can have a file or folder of this name, without the folder's: what begins with a dot is the storage's own.
pub fn is_name_part(part: &str) -> bool {
    let known = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '.');
    !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
}
