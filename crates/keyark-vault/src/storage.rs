//! Where a vault's files are: a folder, a cloud, a wallet app's own database.

use std::any::Any;
use std::fmt;

use keyark_core::Result;

/// A place for the files of one vault.
///
/// Files are whole and small. A name is a path of one to four parts with `/` between: lower-case letters, digits, `-` and `.`, as
/// in `epochs/1/manifest-7-0123456789abcdef.age` ([`check_file_name`](crate::check_file_name)). All but two of a vault's files are written once and never changed, so the promises are few:
///
/// | operation | afterwards | when it fails or the power goes |
/// |---|---|---|
/// | [`write_new`](Self::write_new) | the whole file is there, and stays after a crash | there is no file of that name, or the whole one |
/// | [`replace`](Self::replace) | as above | the old file is there whole, or the new one |
/// | [`delete`](Self::delete) | the file is not there | it is, or it is not |
/// | [`read`](Self::read), [`list`](Self::list) | – | what every finished write left |
///
/// Failures are [`ErrorKind::Storage`](keyark_core::ErrorKind::Storage) unless another kind is named, and
/// [`ErrorKind::Usage`](keyark_core::ErrorKind::Usage) for a name of another form, before anything is touched.
pub trait Storage: Send + Sync {
    /// What the file holds.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](keyark_core::ErrorKind::NotFound); [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds)
    /// for more than `limit` bytes, before they are read.
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>>;

    /// Writes a file that does not exist yet, in folders that need not exist yet.
    ///
    /// Two writers of one name: one succeeds, the other gets an error. Where a storage cannot promise that (many WebDAV servers), nothing is lost: names
    /// that matter are drawn at random.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`](keyark_core::ErrorKind::AlreadyExists), and the old file is untouched.
    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()>;

    /// Writes a file, over the one of that name if there is one.
    ///
    /// # Errors
    /// As the trait says.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()>;

    /// The names in `folder` (the empty text for the vault's own), in any order, without the folder's: files as they are, folders with a `/` at the
    /// end. What a storage keeps for itself (unfinished files, locks) is left out. Empty for a folder that does not exist.
    ///
    /// # Errors
    /// As the trait says.
    fn list(&self, folder: &str) -> Result<Vec<String>>;

    /// Removes a file; nothing happens if it does not exist. The storage may remove the folders that become empty.
    ///
    /// # Errors
    /// As the trait says.
    fn delete(&self, name: &str) -> Result<()>;

    /// Keeps other writers out until the returned value is dropped or its process ends, however it ends. Readers are never kept out.
    /// The default keeps nobody out: where that is so, what two writers did at the same time is put together by the next one.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](keyark_core::ErrorKind::Storage) when another writer does not finish in time.
    fn lock(&self) -> Result<Lock> {
        Ok(Lock::none())
    }

    /// How many requests at a time it likes. Where many records are read or written, the vault makes so many side by side, each from a thread of
    /// its own.
    fn side_by_side(&self) -> usize {
        1
    }
}

/// See [`Storage::lock`].
pub struct Lock(Option<Box<dyn Any + Send>>);

impl Lock {
    /// A lock that is given back when `held` is dropped.
    pub fn new(held: impl Any + Send) -> Self {
        Self(Some(Box::new(held)))
    }

    /// A lock that keeps nobody out.
    pub fn none() -> Self {
        Self(None)
    }

    /// Whether it keeps anybody out.
    pub fn is_held(&self) -> bool {
        self.0.is_some()
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Lock(held)" } else { "Lock(none)" })
    }
}
