//! The names that a folder knows: those of a vault's files, but for the one that the folder uses itself.

use keyark_core::{Error, ErrorKind, Result};

use super::LOCK;
use crate::{check_file_name, check_folder_name};

/// Refuses what is not the name of a file.
pub(super) fn check_file(name: &str) -> Result<()> {
    check_file_name(name)?;
    check_own(name)
}

/// Refuses what is not the name of a folder; the vault's own is the empty text.
pub(super) fn check_folder(name: &str) -> Result<()> {
    check_folder_name(name)?;
    check_own(name)
}

fn check_own(name: &str) -> Result<()> {
    if name.split('/').next() != Some(LOCK) {
        return Ok(());
    }
    let shown: String = name.chars().take(60).collect(); // known letters only
    Err(Error::new(ErrorKind::Usage, format!("the name {shown} is the storage's own"), "choose another name"))
}
