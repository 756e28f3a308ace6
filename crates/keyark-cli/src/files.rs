//! The one place that writes files: 0600, whole or not at all, never over an existing file unasked.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use keyark::{Error, ErrorKind, Result};
use tempfile::NamedTempFile;

use crate::interrupt::{self, Cleanup};
use crate::ui::printable;

/// A file that is being written beside its place and gets its name when it is whole.
pub(crate) struct NewFile {
    target: PathBuf,
    force: bool,
    temporary: NamedTempFile,
    _cleanup: Cleanup,
}

impl NewFile {
    /// Begins to write `target`. Nothing stands there until [`finish`](Self::finish).
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] without `force`, [`ErrorKind::Storage`] where the folder cannot be written.
    pub(crate) fn create(target: &Path, force: bool) -> Result<Self> {
        check_free(target, force)?;
        Self::begin(target, force)
    }

    fn begin(target: &Path, force: bool) -> Result<Self> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            let problem = format!("there is no folder {}", shown(folder));
            return Err(Error::new(ErrorKind::NotFound, problem, "make it, or choose another place"));
        }
        // tempfile creates it for the owner alone: 0600.
        let temporary = tempfile::Builder::new().prefix(".keyark-").tempfile_in(folder);
        let temporary = temporary.map_err(|error| storage("written", folder, &error.kind().into()))?;
        let cleanup = interrupt::remove_on_interrupt(temporary.path());
        Ok(Self { target: target.to_owned(), force, temporary, _cleanup: cleanup })
    }

    /// Flushes it to the disk and gives it its name.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] when something came to stand there meanwhile, [`ErrorKind::Storage`].
    pub(crate) fn finish(self) -> Result<()> {
        self.sync()?;
        let target = self.target;
        let named = if self.force {
            self.temporary.persist(&target).map(drop).map_err(|error| error.error)
        } else {
            self.temporary.persist_noclobber(&target).map(drop).map_err(|error| error.error)
        };
        match named {
            Ok(()) => sync_folder(&target),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(&target)),
            Err(error) => Err(storage("written", &target, &error)),
        }
    }
}

impl NewFile {
    /// Flushes it to the disk, which some systems find to be full no sooner.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub(crate) fn sync(&self) -> Result<()> {
        self.temporary.as_file().sync_all().map_err(|error| storage("written", &self.target, &error))
    }

    /// Leaves its first `length` bytes; what is written next stands behind them.
    #[cfg(feature = "parquet")]
    pub(crate) fn cut(&mut self, length: u64) -> std::io::Result<()> {
        let file = self.temporary.as_file_mut();
        file.set_len(length)?;
        std::io::Seek::seek(file, std::io::SeekFrom::Start(length)).map(drop)
    }

    /// Keeps its first `length` bytes beside `target`, as the first of `target.partial`, `target.partial-2`… that is free, and
    /// gives that name.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub(crate) fn keep_part(self, target: &Path, length: u64) -> Result<PathBuf> {
        const MOST: usize = 100;
        let failed = |error: &std::io::Error| storage("kept", target, error);
        let mut temporary = self.temporary;
        temporary.as_file().set_len(length).map_err(|error| failed(&error))?;
        for at in 1..=MOST {
            let mut name = target.as_os_str().to_owned();
            name.push(if at == 1 { ".partial".to_owned() } else { format!(".partial-{at}") });
            match temporary.persist_noclobber(&name) {
                Ok(file) => {
                    let _ = file.sync_all(); // it is as it is: the disk is full
                    return Ok(name.into());
                }
                Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => temporary = error.file,
                Err(error) => return Err(failed(&error.error)),
            }
        }
        Err(failed(&std::io::ErrorKind::AlreadyExists.into()))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.temporary.as_file_mut().write(bytes) // its own `write` would name the temporary file in errors
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.temporary.as_file_mut().flush()
    }
}

/// The new name is on the disk only when its folder is.
fn sync_folder(target: &Path) -> Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match std::fs::File::open(folder) {
        Ok(folder) if cfg!(unix) => folder.sync_all().map_err(|error| {
            let problem = format!("{} was written, but may not be on the disk yet: {error}", shown(target));
            Error::new(ErrorKind::Storage, problem, "check the disk, and read the file before you rely on it")
        }),
        _ => Ok(()), // elsewhere a folder cannot be opened, and need not be
    }
}

/// Writes a whole file at once.
///
/// # Errors
/// As [`NewFile::create`] and [`NewFile::finish`].
pub(crate) fn write_new(target: &Path, text: &str, force: bool) -> Result<()> {
    let mut file = NewFile::create(target, force)?;
    file.write_all(text.as_bytes()).map_err(|error| storage("written", target, &error))?;
    file.finish()
}

/// Writes what must not be lost beside `target`, which could not be written: see [`NewFile::keep_part`].
///
/// # Errors
/// [`ErrorKind::NotFound`] without the folder, [`ErrorKind::Storage`].
pub(crate) fn write_beside(target: &Path, text: &str) -> Result<PathBuf> {
    let mut file = NewFile::begin(target, false)?;
    file.write_all(text.as_bytes()).map_err(|error| storage("written", target, &error))?;
    file.keep_part(target, text.len() as u64)
}

/// That a file could be made at `target`, before work begins that ends with writing it.
///
/// # Errors
/// As [`NewFile::create`].
pub(crate) fn check_writable(target: &Path) -> Result<()> {
    NewFile::create(target, true).map(drop)
}

/// Removes a file of ours that is no longer needed, if it is there.
pub(crate) fn remove(target: &Path) -> Result<()> {
    match std::fs::remove_file(target) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(storage("removed", target, &error)),
        _ => Ok(()),
    }
}

/// Makes a folder that only its owner can look into, if it is not there.
pub(crate) fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a small note over the one before. It may get lost in a crash, and no other file stays behind for it.
pub(crate) fn write_note(target: &Path, text: &str) -> std::io::Result<()> {
    let mut name = target.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(text.as_bytes())?;
    std::fs::rename(new, target)
}

/// Reads a text file of at most `limit` bytes.
///
/// # Errors
/// [`ErrorKind::NotFound`], [`ErrorKind::OutOfBounds`] with both numbers, [`ErrorKind::Malformed`] for bytes that are not
/// UTF-8, [`ErrorKind::Storage`].
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<zeroize::Zeroizing<String>> {
    let file = std::fs::File::open(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            let problem = format!("there is no file {}", shown(path));
            Error::new(ErrorKind::NotFound, problem, "check the path")
        } else {
            storage("read", path, &error)
        }
    })?;
    read_bounded(file, &shown(path), limit)
}

/// Reads text of at most `limit` bytes from `source`, which is called `name` in errors.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn read_bounded(source: impl Read, name: &str, limit: usize) -> Result<zeroize::Zeroizing<String>> {
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(limit.min(4096) + 1));
    source.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| storage("read", Path::new(name), &error))?;
    if bytes.len() > limit {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("{name} has more than the {limit} bytes that are read here"),
            "check whether it is the right file",
        ));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Error::malformed(
            format!("{name} is not UTF-8 text"),
            "check whether it is the right file, and save it as UTF-8",
        )
    })?;
    Ok(zeroize::Zeroizing::new(text.to_owned()))
}

/// A path as it can be shown.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// That nothing stands at `target`, before a person is asked for secrets that would go there.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] without `force`, and with it for what is not a plain file; [`ErrorKind::Usage`] for `-`.
pub(crate) fn check_free(target: &Path, force: bool) -> Result<()> {
    if target.as_os_str() == "-" {
        let problem = "--out takes a file, not - for standard output";
        return Err(Error::new(ErrorKind::Usage, problem, "leave --out away, or name the file ./-"));
    }
    check_no_vault(target)?;
    match target.symlink_metadata() {
        Err(_) => Ok(()),
        Ok(found) if !found.is_file() => Err(Error::new(
            ErrorKind::AlreadyExists,
            format!("{} exists and is not a plain file, so it is not replaced", shown(target)),
            "choose another name",
        )),
        Ok(_) if force => Ok(()),
        Ok(_) => Err(exists(target)),
    }
}

/// That `target` is none of a vault's own files: overwriting one, also with `--force`, could cost a wallet.
fn check_no_vault(target: &Path) -> Result<()> {
    const OWN_FILES: [&str; 7] =
        ["keyark-vault.json", "epochs", "lock", ".last-seen", ".last-seen.new", ".clouds", ".keychain"];
    let absolute = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(mut folder) = absolute.canonicalize() else { return Ok(()) }; // it does not exist
    folder.push(target.file_name().unwrap_or_default());
    let is_own = folder.ancestors().any(|path| {
        let is_vault = path.parent().is_some_and(|parent| parent.join("keyark-vault.json").exists());
        is_vault && OWN_FILES.iter().any(|own| path.file_name() == Some(own.as_ref()))
    });
    if !is_own {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("{} belongs to a vault, so it is not written", shown(target)),
        "choose a place outside of the vault's folder",
    ))
}

/// That `target` is none of the `inputs`: overwriting the words with what was made of them would lose them.
///
/// # Errors
/// [`ErrorKind::Usage`].
pub(crate) fn check_apart(target: &Path, inputs: &[Option<&Path>]) -> Result<()> {
    let Ok(target) = target.canonicalize() else { return Ok(()) }; // it does not exist yet
    let same = |input: &&&Path| input.canonicalize().is_ok_and(|input| input == target);
    match inputs.iter().flatten().find(|input| same(input)) {
        None => Ok(()),
        Some(input) => Err(Error::new(
            ErrorKind::Usage,
            format!("{} is read by this command, so it is not overwritten", shown(input)),
            "choose another name for --out",
        )),
    }
}

fn exists(path: &Path) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        format!("{} exists already and is not overwritten", shown(path)),
        "choose another name, or say --force",
    )
}

fn storage(what: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        format!("{} could not be {what}: {error}", shown(path)),
        "check the path, its permissions and the space on the disk; nothing was changed",
    )
}

/// The path from the root on, whether or not something is there; as it is, where nobody knows the current folder.
pub(crate) fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether two paths are those of one file, which need not be there.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let path = whole(path);
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let place = folder.unwrap_or_default().join(path.file_name().unwrap_or_default());
        match cfg!(any(windows, target_os = "macos")) {
            true => place.to_string_lossy().to_lowercase().into(), // as their file systems compare names
            false => place,
        }
    };
    let both = one.canonicalize().ok().zip(other.canonicalize().ok());
    both.is_some_and(|(one, other)| one == other) || place(one) == place(other)
}

/// Whether two paths lead to one folder that is there.
pub(crate) fn is_same_folder(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
