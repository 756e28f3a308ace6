//! Folders that are looked for, made, flushed and given up.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use keyark_core::{Error, ErrorKind, Result};
use tempfile::NamedTempFile;

use super::TEMPORARY;
use super::problem::{cannot_read, leads_nowhere, not_a_folder};

/// Whether the vault's folder is there. An error when something else stands in its way.
pub(super) fn root_is_there(root: &Path) -> Result<bool> {
    if root.as_os_str().is_empty() {
        return Err(Error::new(ErrorKind::Storage, "the vault's folder has no name", "name the folder"));
    }
    // The nearest that exists, from the folder upwards, is a folder or in the way.
    let mut failure = None;
    for (above, path) in root.ancestors().enumerate().filter(|(_, path)| !path.as_os_str().is_empty()) {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_dir() => return Err(not_a_folder(path)),
            Ok(_) => return failure.map_or(Ok(above == 0), Err),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(cannot_read(path, &error)),
            Err(_) if fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) => {
                return Err(leads_nowhere(path));
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => failure = failure.or(Some(cannot_read(path, &error))),
        }
    }
    failure.map_or(Ok(false), Err)
}

/// What stands there itself, links not followed; none if there is nothing.
pub(super) fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a folder for the owner alone, with its parents, and flushes each parent that it makes an entry in.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    match make_one(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => make(parent).and_then(|()| make_one(folder)),
            _ => Err(error),
        },
        made => made,
    }
}

fn make_one(folder: &Path) -> io::Result<()> {
    #[allow(unused_mut, reason = "only Unix has permissions to set")]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Ok(()) => folder.parent().map_or(Ok(()), flush),
        // Another writer was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// A new file for the owner alone (0600) in `folder`, which is made if need be. It is gone when it is dropped.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut again = 0..100;
    loop {
        let made =
            make(folder).and_then(|()| tempfile::Builder::new().prefix(TEMPORARY).rand_bytes(12).tempfile_in(folder));
        match made {
            // Another writer deleted the last file of the folder, and the folder with it, in between.
            Err(error) if error.kind() == io::ErrorKind::NotFound && again.next().is_some() => {}
            made => return made,
        }
    }
}

/// Flushes `folder` and those above it as far as `root`. All of them each time: the writer that made one of
/// them may have died before it was flushed.
pub(super) fn flush_up_to(root: &Path, folder: &Path) -> io::Result<()> {
    for folder in folder.ancestors() {
        flush(folder)?;
        if folder == root {
            break;
        }
    }
    Ok(())
}

/// Makes the disk keep the entries of a folder.
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(()); // Windows opens no folders; its file systems log the change of an entry themselves
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // It was deleted meanwhile, or its file system (some network disks) has nothing to flush for folders.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        flushed => flushed,
    }
}

/// Removes `folder` and those above it below `root` as long as they are empty. Failures do no harm.
pub(super) fn remove_empty(root: &Path, folder: &Path) {
    for folder in folder.ancestors().take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
