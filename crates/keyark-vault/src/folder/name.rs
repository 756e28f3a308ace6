//! The names that a storage knows, checked before anything is touched: none leads out of the vault's folder.

use keyark_core::{Error, ErrorKind, Result};

use super::LOCK;
use super::problem::printable;

const MOST_PARTS: usize = 4;

/// Refuses what is not the name of a file.
pub(super) fn check_file(name: &str) -> Result<()> {
    check(name, MOST_PARTS)
}

/// Refuses what is not the name of a folder; the vault's own is the empty text.
pub(super) fn check_folder(name: &str) -> Result<()> {
    if name.is_empty() { Ok(()) } else { check(name, MOST_PARTS - 1) }
}

fn check(name: &str, most: usize) -> Result<()> {
    let shown = || printable(&name.chars().take(60).collect::<String>());
    if name.split('/').count() > most || !name.split('/').all(is_part) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{:?} is not a name of a file or folder of a vault", shown()),
            format!("use one to {most} parts of a-z, 0-9, - and . with / between, none of which begins with a dot"),
        ));
    }
    if name.split('/').next() == Some(LOCK) {
        let problem = format!("the name {} is the storage's own", shown());
        return Err(Error::new(ErrorKind::Usage, problem, "choose another name"));
    }
    Ok(())
}

/// Whether a vault can have a file or folder of this name: what begins with a dot is the storage's own.
pub(super) fn is_part(part: &str) -> bool {
    let known = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '.');
    !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
}
