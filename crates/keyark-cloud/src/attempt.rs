//! One try of an operation on a cloud.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt;
use opendal::{Buffer, Executor, HttpTransporter, OperationContext, Operator};

use crate::errors::Failure;
use crate::name;
use crate::server::Server;
use crate::transport::Courier;
use crate::watch::{Answer, Fault, Met, Reason, Watch};

/// The most names in one folder.
const MOST_NAMES: usize = 200_000;

/// One try of an operation.
pub(crate) struct Try {
    server: Arc<Server>,
    operator: Operator,
    courier: Courier,
}

/// What is known of an operation from its earlier tries.
#[derive(Debug)]
pub(crate) struct SoFar {
    /// Whether one of them may have made the file, and was not told so.
    sent: AtomicBool,
    /// The name under which a file is brought before it gets its own.
    #[cfg(feature = "webdav")]
    temporary: String,
}

impl Default for SoFar {
    fn default() -> Self {
        Self {
            sent: AtomicBool::new(false),
            #[cfg(feature = "webdav")]
            temporary: format!(".tmp-{:016x}", random()),
        }
    }
}

pub(crate) type Outcome<T> = std::result::Result<T, Failure>;

/// Enough for names that must not meet and waits that must differ; not a secret.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

impl Try {
    pub(crate) fn new(server: &Arc<Server>, limit: usize) -> Self {
        let courier = Courier {
            client: server.client.clone(),
            rules: server.rules.clone(),
            watch: Arc::new(Watch::default()),
            limit,
        };
        let context = OperationContext::from_parts(HttpTransporter::new(courier.clone()), Executor::default());
        Self { server: server.clone(), operator: server.operator().with_context(context), courier }
    }

    pub(crate) fn failed(&self, error: &opendal::Error) -> Failure {
        Failure::of(error.kind(), &self.courier.watch)
    }

    /// As [`failed`](Self::failed), for writing: what is not found then is not the file.
    fn failed_write(&self, error: &opendal::Error) -> Failure {
        match self.failed(error) {
            Failure::NotFound => Failure::Answer(Answer { status: 404, ..Answer::default() }),
            failure => failure,
        }
    }

    pub(crate) async fn read(&self, name: &str) -> Outcome<Vec<u8>> {
        let bytes = match self.operator.read(name).await.map_err(|error| self.failed(&error)) {
            // Google Drive is asked for bytes from 0 on, which an empty file has not (RFC 9110, section 15.5.17).
            Err(failure) if failure.status() == Some(416) => match self.operator.stat(name).await {
                Ok(found) if found.content_length() == 0 => Buffer::new(),
                _ => return Err(failure),
            },
            bytes => bytes?,
        };
        if bytes.len() > self.courier.limit { Err(Failure::Fault(Fault::TooLarge)) } else { Ok(bytes.to_vec()) }
    }

    async fn exists(&self, name: &str) -> Outcome<bool> {
        match self.operator.stat(name).await.map_err(|error| self.failed(&error)) {
            Ok(_) => Ok(true),
            Err(Failure::NotFound) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Makes a file that does not exist yet. It looks first even where the service knows conditions, because some servers that speak S3 accept
    /// them and do not keep them.
    pub(crate) async fn write_new(&self, name: &str, bytes: Buffer, so_far: &SoFar) -> Outcome<()> {
        if self.exists(name).await? {
            let may_be_own = so_far.sent.load(Ordering::Relaxed);
            return if may_be_own { self.check_own(name, &bytes).await } else { Err(Failure::Exists) };
        }
        let before = so_far.sent.swap(true, Ordering::Relaxed);
        let mut written = Err(Failure::Internal);
        let conditional = self.server.conditional.load(Ordering::Relaxed);
        if conditional {
            let done = self.operator.write_with(name, bytes.clone()).if_not_exists(true).await;
            written = done.map(|_| ()).map_err(|error| self.failed_write(&error));
            if written.as_ref().is_err_and(|failure| failure.status() == Some(501)) {
                self.server.conditional.store(false, Ordering::Relaxed); // it says that it knows none
            }
        }
        if !self.server.conditional.load(Ordering::Relaxed) {
            written = self.put(name, bytes.clone(), false, so_far).await;
        }
        match written {
            Err(Failure::Exists) if before => self.check_own(name, &bytes).await,
            outcome => outcome,
        }
    }

    /// Whether the file is the one that was sent: then it was made, and only the answer was lost.
    async fn check_own(&self, name: &str, bytes: &Buffer) -> Outcome<()> {
        match self.read(name).await {
            Ok(found) if found == bytes.to_vec() => Ok(()),
            Ok(_) | Err(Failure::Fault(Fault::TooLarge)) => Err(Failure::Exists),
            Err(failure) => Err(failure),
        }
    }

    /// Writes a whole file: whoever reads sees the old one or the new one.
    pub(crate) async fn put(&self, name: &str, bytes: Buffer, overwrite: bool, so_far: &SoFar) -> Outcome<()> {
        #[cfg(feature = "webdav")]
        if let Some(dav) = &self.server.webdav {
            return self.put_and_rename(dav, name, bytes, overwrite, so_far).await;
        }
        let _ = (overwrite, so_far); // the other services have no such choice
        #[cfg(feature = "gdrive")]
        self.settle_folder(name).await?;
        self.operator.write(name, bytes).await.map(|_| ()).map_err(|error| self.failed_write(&error))
    }

    /// Google Drive may have many folders of one name, and two computers that write at once may make two. So a folder is made, and then looked
    /// for by an operator that does not remember having made it: all computers take the oldest.
    #[cfg(feature = "gdrive")]
    async fn settle_folder(&self, name: &str) -> Outcome<()> {
        let Some(again) = &self.server.again else { return Ok(()) };
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let _making = self.server.making.lock().await;
        if self.server.has_folder(folder) {
            return Ok(());
        }
        let maker = again().map_err(|_| Failure::Internal)?.with_context(self.operator.base_context().clone());
        maker.create_dir(&format!("{folder}/")).await.map_err(|error| self.failed_write(&error))?;
        self.server.remember_folder(folder);
        Ok(())
    }

    /// Servers write what a PUT brings as it comes, and keep the half of it; so the file is brought beside its place, and renamed.
    #[cfg(feature = "webdav")]
    async fn put_and_rename(
        &self,
        dav: &crate::connect::webdav::Dav,
        name: &str,
        bytes: Buffer,
        overwrite: bool,
        so_far: &SoFar,
    ) -> Outcome<()> {
        let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let temporary = format!("{folder}{}", so_far.temporary);
        self.put_in_folder(&temporary, &folder, bytes.clone()).await?;
        let moved = self.rename(dav, &temporary, name, overwrite).await;
        if moved.is_ok() {
            return Ok(());
        }
        let removed = self.operator.delete(&temporary).await; // if that fails too, a file stays that nobody lists
        match moved {
            // It cannot rename.
            Err(failure) if matches!(failure.status(), Some(405 | 501)) && removed.is_ok() => {
                self.put_in_folder(name, &folder, bytes).await
            }
            outcome => outcome,
        }
    }

    #[cfg(feature = "webdav")]
    async fn put_in_folder(&self, name: &str, folder: &str, bytes: Buffer) -> Outcome<()> {
        let put = |bytes| async { self.operator.write(name, bytes).await.map_err(|error| self.failed_write(&error)) };
        let known = self.server.has_folder(folder);
        match put(bytes.clone()).await {
            // RFC 4918, section 9.7.1: 409 where a folder is missing; many say 403 or 404, and nginx 500.
            Err(failure) if matches!(failure.status(), Some(403 | 404 | 409)) => {}
            Err(failure) if failure.status() == Some(500) && !known => {}
            outcome => {
                return outcome.map(|_| self.server.remember_folder(folder));
            }
        }
        let path = if folder.is_empty() { "/" } else { folder };
        self.operator.create_dir(path).await.map_err(|error| self.failed_write(&error))?;
        self.server.remember_folder(folder);
        put(bytes).await.map(|_| ())
    }

    #[cfg(feature = "webdav")]
    async fn rename(&self, dav: &crate::connect::webdav::Dav, from: &str, to: &str, overwrite: bool) -> Outcome<()> {
        use opendal::HttpTransport;

        let request = dav.rename(from, to, overwrite).ok_or(Failure::Internal)?;
        match self.courier.fetch(request).await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(_) => Err(Failure::of(opendal::ErrorKind::Unexpected, &self.courier.watch)),
            Err(error) => Err(self.failed_write(&error)),
        }
    }

    pub(crate) async fn delete(&self, name: &str) -> Outcome<()> {
        match self.operator.delete(name).await.map_err(|error| self.failed(&error)) {
            // OpenDAL takes every 404 for a file that is not there.
            Ok(()) => match self.courier.watch.met() {
                Met::Answer(answer) if answer.reason == Some(Reason::NoSuchBucket) => Err(Failure::Answer(answer)),
                _ => Ok(()),
            },
            Err(Failure::NotFound) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    pub(crate) async fn list(&self, folder: &str) -> Outcome<Vec<String>> {
        let path = if folder.is_empty() { "/".to_owned() } else { format!("{folder}/") };
        let mut entries = match self.operator.lister(&path).await.map_err(|error| self.failed(&error)) {
            Err(Failure::NotFound) => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for count in 0.. {
            let Some(entry) = entries.next().await else { break };
            match entry.map_err(|error| self.failed(&error)) {
                Err(Failure::NotFound) => break,
                entry => names.extend(name::within(folder, entry?.path()).map(str::to_owned)),
            }
            if count == MOST_NAMES {
                return Err(Failure::Fault(Fault::TooLarge));
            }
        }
        names.sort_unstable();
        names.dedup(); // Google Drive may have two files of one name
        Ok(names)
    }
}
