//! For asynchronous programs: a vault whose work is done on threads of their own, and storages that are asynchronous themselves.
//!
//! Opening a vault keeps a processor busy for a second, and its storage answers when it likes. Neither belongs on a thread that drives other tasks, so
//! everything here runs on tokio's threads for blocking work.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};

use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::{NewPassword, Password, Storage, Timestamp, Unlocked, Vault, WorkFactor};
use tokio::runtime::Handle;

/// What an asynchronous operation of a storage gives.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A [`Storage`] whose operations are asynchronous, with the same promises. [`Blocking`] makes one of the other.
pub trait AsyncStorage: Send + Sync + 'static {
    /// As [`Storage::read`].
    fn read<'a>(&'a self, name: &'a str, limit: usize) -> Answer<'a, Vec<u8>>;
    /// As [`Storage::write_new`].
    fn write_new<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Answer<'a, ()>;
    /// As [`Storage::replace`].
    fn replace<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Answer<'a, ()>;
    /// As [`Storage::list`].
    fn list<'a>(&'a self, folder: &'a str) -> Answer<'a, Vec<String>>;
    /// As [`Storage::delete`].
    fn delete<'a>(&'a self, name: &'a str) -> Answer<'a, ()>;
    /// As [`Storage::side_by_side`].
    fn side_by_side(&self) -> usize {
        1
    }
}

/// An asynchronous storage as the vault uses it. Its futures run on the runtime; the thread that asked waits.
pub struct Blocking<S> {
    storage: Arc<S>,
    runtime: Handle,
}

impl<S: AsyncStorage> Blocking<S> {
    /// A storage whose futures `runtime` drives. It must not be a runtime of one thread that is kept busy by the vault itself.
    pub fn new(storage: S, runtime: Handle) -> Self {
        Self { storage: Arc::new(storage), runtime }
    }

    fn wait<T: Send + 'static>(&self, ask: impl for<'a> FnOnce(&'a S) -> Answer<'a, T> + Send + 'static) -> Result<T> {
        let (send, receive) = sync_channel(1);
        let storage = Arc::clone(&self.storage);
        self.runtime.spawn(async move {
            let _ = send.send(ask(&storage).await);
        });
        receive.recv().unwrap_or_else(|_| Err(stopped()))
    }
}

impl<S: AsyncStorage> Storage for Blocking<S> {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        let name = name.to_owned();
        self.wait(move |storage| Box::pin(async move { storage.read(&name, limit).await }))
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (name, bytes) = (name.to_owned(), bytes.to_owned());
        self.wait(move |storage| Box::pin(async move { storage.write_new(&name, &bytes).await }))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (name, bytes) = (name.to_owned(), bytes.to_owned());
        self.wait(move |storage| Box::pin(async move { storage.replace(&name, &bytes).await }))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let folder = folder.to_owned();
        self.wait(move |storage| Box::pin(async move { storage.list(&folder).await }))
    }

    fn delete(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.wait(move |storage| Box::pin(async move { storage.delete(&name).await }))
    }

    fn side_by_side(&self) -> usize {
        self.storage.side_by_side()
    }
}

/// An unlocked vault that tasks share. Everything that an [`Unlocked`] can do is done in [`with`](Self::with).
#[derive(Clone)]
pub struct AsyncVault(Arc<Mutex<Unlocked>>);

impl AsyncVault {
    /// A vault that is unlocked already.
    pub fn new(unlocked: Unlocked) -> Self {
        Self(Arc::new(Mutex::new(unlocked)))
    }

    /// As [`Vault::create`].
    ///
    /// # Errors
    /// As there.
    pub async fn create(
        storage: Arc<dyn Storage>,
        password: NewPassword,
        work: WorkFactor,
        now: Timestamp,
    ) -> Result<Self> {
        run(move || Vault::create(storage, &password, work, now)).await.map(Self::new)
    }

    /// Finds the vault and unlocks it. `None` on a storage that holds nothing.
    ///
    /// # Errors
    /// As [`Vault::find`] and [`Vault::unlock`].
    pub async fn unlock(storage: Arc<dyn Storage>, password: Password) -> Result<Option<Self>> {
        let open = move || Vault::find(storage)?.map(|vault| vault.unlock(&password)).transpose();
        Ok(run(open).await?.map(Self::new))
    }

    /// Does `work` with the vault, when nobody else does.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Unlocked) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let vault = Arc::clone(&self.0);
        run(move || work(&mut vault.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    /// Does `work` with this vault and another one: a backup, a drill, a restore. Tasks that take the same two in another order do not wait for each
    /// other for ever.
    ///
    /// # Errors
    /// What `work` returns; [`ErrorKind::Usage`] when both are the same.
    pub async fn with_both<R: Send + 'static>(
        &self,
        other: &Self,
        work: impl FnOnce(&mut Unlocked, &mut Unlocked) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let (own, other) = (Arc::clone(&self.0), Arc::clone(&other.0));
        if Arc::ptr_eq(&own, &other) {
            return Err(Error::new(
                ErrorKind::Usage,
                "a vault cannot be copied into itself",
                "name another vault for the copy",
            ));
        }
        run(move || {
            let own_first = Arc::as_ptr(&own) < Arc::as_ptr(&other);
            let early = if own_first { &own } else { &other };
            let late = if own_first { &other } else { &own };
            let mut early = early.lock().unwrap_or_else(PoisonError::into_inner);
            let mut late = late.lock().unwrap_or_else(PoisonError::into_inner);
            if own_first { work(&mut early, &mut late) } else { work(&mut late, &mut early) }
        })
        .await
    }
}

/// Does blocking work on a thread of its own.
///
/// # Errors
/// What `work` returns; [`ErrorKind::Cancelled`] when the runtime is shut down meanwhile.
pub async fn run<R: Send + 'static>(work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(stopped()))
}

fn stopped() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the program stopped the work on the vault before it was done",
        "look what is there before you do it again: what was begun is whole or not there",
    )
}
