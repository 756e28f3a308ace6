//! Reading a file that holds credentials.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use keyark_core::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

use super::CredentialSource;

/// The largest file, in bytes.
const LARGEST: usize = 1 << 16;

/// Credentials that are not read yet, and where they are from.
pub(super) struct Found {
    text: Zeroizing<String>,
    /// `None` where the program gave them.
    path: Option<PathBuf>,
}

impl Found {
    /// What the source has itself; `None` for the usual places.
    pub(super) fn in_source(source: &CredentialSource) -> Result<Option<Self>> {
        match source {
            CredentialSource::Usual => Ok(None),
            CredentialSource::File(path) => get(path).map(Some),
            CredentialSource::Given(text) => {
                Ok(Some(Self { text: Zeroizing::new(text.expose().to_owned()), path: None }))
            }
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> Zeroizing<String> {
        self.text
    }

    /// The error with the file that it is about.
    pub(super) fn named(&self, error: Error) -> Error {
        match &self.path {
            Some(path) => error.with_context("file", shown(path)),
            None => error,
        }
    }
}

/// The file's text, or `None` if there is no such file.
///
/// Looks before it opens: opening a pipe would wait for ever.
pub(super) fn find(path: &Path) -> Result<Option<Found>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_read(path, &error)),
        Ok(found) => {
            check(path, &found)?;
            Ok(Some(Found { text: read(path)?, path: Some(path.to_owned()) }))
        }
    }
}

/// The file's text.
pub(super) fn get(path: &Path) -> Result<Found> {
    find(path)?.ok_or_else(|| {
        Error::new(ErrorKind::Usage, "there is no such credentials file", "name one that exists")
            .with_context("file", shown(path))
    })
}

fn read(path: &Path) -> Result<Zeroizing<String>> {
    let failed = |error: io::Error| cannot_read(path, &error);
    let file = File::open(path).map_err(failed)?;
    check(path, &file.metadata().map_err(failed)?)?; // another file may be there by now
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST + 1)); // room for all of it: a vector that grows leaves copies behind
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > LARGEST {
        return Err(too_large(path));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())),
        Err(_) => {
            let error = Error::malformed("the credentials file is not text", "name a text file in UTF-8");
            Err(error.with_context("file", shown(path)))
        }
    }
}

fn check(path: &Path, found: &Metadata) -> Result<()> {
    if !found.is_file() {
        let error = Error::new(
            ErrorKind::Usage,
            "the credentials file is a folder, a pipe or a device",
            "name an ordinary file",
        );
        return Err(error.with_context("file", shown(path)));
    }
    if found.len() > LARGEST as u64 {
        return Err(too_large(path));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0 {
        let error = Error::new(
            ErrorKind::Usage,
            "others may read or change the credentials file",
            format!(
                "run chmod 600 {}; if others had access to this computer, change the credentials too",
                path.display()
            ),
        );
        return Err(error.with_context("file", shown(path)));
    }
    Ok(())
}

fn too_large(path: &Path) -> Error {
    let problem = format!("the credentials file is larger than {LARGEST} bytes");
    Error::new(ErrorKind::OutOfBounds, problem, "name the file that holds the credentials")
        .with_context("file", shown(path))
}

fn cannot_read(path: &Path, error: &io::Error) -> Error {
    let problem = format!("the credentials file cannot be read: {}", error.kind());
    Error::new(ErrorKind::Storage, problem, "check its path and its permissions").with_context("file", shown(path))
}

pub(super) fn shown(path: &Path) -> String {
    format!("{path:?}") // escapes what cannot be seen
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn write(path: &Path, bytes: &[u8], mode: u32) {
        fs::write(path, bytes).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn failure(path: &Path) -> Error {
        get(path).err().unwrap()
    }

    #[test]
    fn only_a_small_file_of_ones_own_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        assert!(find(&path).unwrap().is_none());
        assert_eq!(failure(&path).kind(), ErrorKind::Usage);

        write(&path, b"\xef\xbb\xbfcanary", 0o600);
        assert_eq!(get(&path).unwrap().text(), "canary");
        for mode in [0o640, 0o604, 0o660, 0o601] {
            write(&path, b"canary", mode);
            let error = failure(&path);
            assert!(error.remedy().contains("chmod 600") && error.remedy().contains("token"), "{error:?}");
        }
        write(&path, &vec![b'a'; LARGEST], 0o600);
        assert_eq!(get(&path).unwrap().text().len(), LARGEST);
        write(&path, &vec![b'a'; LARGEST + 1], 0o600);
        assert_eq!(failure(&path).kind(), ErrorKind::OutOfBounds);
        write(&path, b"canary\xff", 0o600);
        let error = failure(&path);
        assert!(error.kind() == ErrorKind::Malformed && !format!("{error:?}").contains("canary"), "{error:?}");
    }

    #[test]
    fn what_is_not_a_file_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(failure(folder.path()).kind(), ErrorKind::Usage);
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(failure(&pipe).kind(), ErrorKind::Usage);
        let around = folder.path().join("loop");
        symlink(&around, &around).unwrap();
        assert_eq!(failure(&around).kind(), ErrorKind::Storage);
        assert_eq!(failure(Path::new("/dev/null")).kind(), ErrorKind::Usage);
    }
}
