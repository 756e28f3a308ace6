//! The storage on a local disk.

mod disk;
mod lock;
mod name;
mod problem;

pub(crate) use problem::printable;

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyark_core::Result;

use crate::{Lock, Storage};

/// The file that writers lock.
const LOCK: &str = "lock";

/// How the names of files begin that are being written.
const TEMPORARY: &str = ".tmp-";

/// A vault's files in a folder of a local disk, for the owner alone: folders 0700, files 0600.
///
/// The first write makes the folder. A file is written beside its place, flushed, and gets its name when it is whole;
/// then the folder is flushed. Links inside of the folder are not followed; the folder itself may be reached through
/// one. Readers need no permission to write.
///
/// ```
/// use keyark_vault::{Folder, Storage};
///
/// # let home = tempfile::tempdir().unwrap();
/// let folder = Folder::new(home.path().join("vault"));
/// let _lock = folder.lock()?; // one writer at a time
/// folder.write_new("epochs/1/manifest-1.age", b"sealed")?;
/// assert_eq!(folder.read("epochs/1/manifest-1.age", 100)?, b"sealed");
/// assert_eq!(folder.list("epochs")?, ["1/"]);
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    lock_wait: Duration,
}

impl Folder {
    /// The storage in the folder `path`, which need not exist yet. Nothing is touched.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        // Without a trailing slash, which would hide that the path is a file's.
        Self { path: path.into().components().collect(), lock_wait: Duration::from_secs(10) }
    }

    /// How long [`lock`](Storage::lock) waits for another writer; 10 seconds unless told.
    #[must_use]
    pub fn with_lock_wait(self, wait: Duration) -> Self {
        Self { lock_wait: wait, ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where `name` is, and what is there. An error for links and files on the way, so that nothing leads out of the
    /// folder.
    fn find(&self, name: &str) -> Result<(PathBuf, Option<Metadata>)> {
        let full = self.path.join(name);
        if !disk::root_is_there(&self.path)? {
            return Ok((full, None));
        }
        let mut path = self.path.clone();
        let mut parts = name.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            match disk::look(&path).map_err(|error| problem::cannot_read(&path, &error))? {
                None => return Ok((full, None)),
                Some(found) if found.is_symlink() => return Err(problem::a_link(&path)),
                Some(found) if parts.peek().is_none() => return Ok((full, Some(found))),
                Some(found) if !found.is_dir() => return Err(problem::not_a_folder(&path)),
                Some(_) => {}
            }
        }
        Ok((full, None)) // no name has no parts
    }

    /// Where the file `name` is, and its metadata if it exists.
    fn find_file(&self, name: &str) -> Result<(PathBuf, Option<Metadata>)> {
        name::check_file(name)?;
        match self.find(name)? {
            // Opening a named pipe would wait for ever.
            (path, Some(found)) if !found.is_file() => Err(problem::not_a_file(&path)),
            found => Ok(found),
        }
    }

    /// Where the folder `name` is, if it exists.
    fn find_folder(&self, name: &str) -> Result<Option<PathBuf>> {
        name::check_folder(name)?;
        if name.is_empty() {
            return Ok(disk::root_is_there(&self.path)?.then(|| self.path.clone()));
        }
        match self.find(name)? {
            (path, Some(found)) if !found.is_dir() => Err(problem::not_a_folder(&path)),
            (path, found) => Ok(found.map(|_| path)),
        }
    }

    /// Writes `path` beside its place, flushes it, and gives it its name with `persist`.
    fn write(&self, path: &Path, bytes: &[u8], persist: Persist) -> Result<()> {
        let folder = path.parent().unwrap_or(&self.path);
        let written = disk::temporary(folder).and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            persist(file, path).map_err(|failed| failed.error) // drops the file, which removes it
        });
        match written {
            Ok(_) => disk::flush_up_to(&self.path, folder).map_err(|error| problem::not_confirmed(path, &error)),
            Err(error) => {
                disk::remove_empty(&self.path, folder);
                Err(match error.kind() {
                    io::ErrorKind::AlreadyExists => problem::already_there(path),
                    _ => problem::cannot_write(path, &error),
                })
            }
        }
    }
}

/// Gives a temporary file its name.
type Persist = fn(tempfile::NamedTempFile, &Path) -> Result<File, tempfile::PersistError>;

impl Storage for Folder {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        let (path, found) = self.find_file(name)?;
        let Some(found) = found else { return Err(problem::missing(&path)) };
        let most = u64::try_from(limit).unwrap_or(u64::MAX);
        if found.len() > most {
            return Err(problem::too_large(&path, &found.len().to_string(), limit));
        }
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes)) {
            Ok(_) if bytes.len() > limit => Err(problem::too_large(&path, &format!("at least {}", bytes.len()), limit)),
            Ok(_) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(problem::missing(&path)),
            Err(error) => Err(problem::cannot_read(&path, &error)),
        }
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        match self.find_file(name)? {
            (path, Some(_)) => Err(problem::already_there(&path)),
            (path, None) => self.write(&path, bytes, |file, path| file.persist_noclobber(path)),
        }
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write(&self.find_file(name)?.0, bytes, |file, path| file.persist(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let Some(path) = self.find_folder(folder)? else { return Ok(Vec::new()) };
        let failed = |error: io::Error| problem::cannot_read(&path, &error);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !crate::is_name_part(&name) || (folder.is_empty() && name == LOCK) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => names.push(name + "/"),
                // Whatever else it is: reading it will say so.
                Ok(_) => names.push(name),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {} // deleted just now
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<()> {
        let (path, Some(_)) = self.find_file(name)? else { return Ok(()) };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(problem::cannot_delete(&path, &error)),
            _ => {}
        }
        let folder = path.parent().unwrap_or(&self.path);
        disk::flush(folder).map_err(|error| problem::not_confirmed(&path, &error))?;
        disk::remove_empty(&self.path, folder);
        Ok(())
    }

    fn lock(&self) -> Result<Lock> {
        disk::root_is_there(&self.path)?;
        lock::Held::take(&self.path, self.lock_wait).map(Lock::new)
    }
}
