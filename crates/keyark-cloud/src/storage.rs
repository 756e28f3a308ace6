//! A vault's files in a cloud.

use std::fmt;
use std::future::Future;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::Storage;
use opendal::Buffer;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};

use crate::attempt::{Outcome, SoFar, Try, random};
use crate::connect::Connection;
use crate::errors::{Failure, Subject};
use crate::server::Server;
use crate::transport::{Rules, allowance, client};
use crate::watch::Fault;
use crate::{Location, Options, Service, name};

/// The wait before the second try; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait between tries, whatever the server asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The time of one try of an operation, in time limits of a request: folders are made, tokens renewed, pages turned.
const LIMITS_PER_TRY: u32 = 10;

/// A vault's files in a cloud. Its requests run on two threads of its own, so it may be used from any thread, a runtime's own too.
pub(crate) struct Cloud {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    server: Arc<Server>,
}

impl Cloud {
    pub(crate) fn new(location: &Location, connection: Connection, options: &Options) -> Result<Self> {
        let broken = |what: &str| {
            Error::new(
                ErrorKind::Internal,
                format!("{what} could not be set up"),
                "check the system's limits and certificates",
            )
        };
        let service = location.service();
        let rules = Rules {
            time_limit: options.time_limit,
            hosts: connection.hosts,
            downloads_elsewhere: service == Service::OneDrive,
            service,
        };
        let client =
            client(&rules, connection.certificates.as_deref(), connection.is_local).map_err(|_| broken("TLS"))?;
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).thread_name("keyark-cloud").enable_all().build();
        let places = Semaphore::new(options.side_by_side.clamp(1, Semaphore::MAX_PERMITS));
        let options =
            Options { tries: options.tries.max(1), side_by_side: options.side_by_side.max(1), ..options.clone() };
        let place = location.short().to_owned();
        let subject = Subject { service, place, time_limit: options.time_limit, tries: options.tries };
        let conditional = AtomicBool::new(connection.operator.info().capability().write_with_if_not_exists);
        Ok(Self {
            runtime: Some(runtime.map_err(|_| broken("threads"))?),
            server: Arc::new(Server {
                operator: Mutex::new((connection.operator, Instant::now())),
                client,
                rules: Arc::new(rules),
                subject,
                options,
                conditional,
                places,
                #[cfg(feature = "webdav")]
                webdav: connection.webdav,
                #[cfg(feature = "gdrive")]
                again: connection.again,
                #[cfg(feature = "gdrive")]
                making: Default::default(),
                #[cfg(any(feature = "webdav", feature = "gdrive"))]
                folders: Default::default(),
            }),
        })
    }

    /// Tries until it succeeds, fails for good, or the tries or the time are used up. `limit` is the size of the largest file, in bytes.
    fn run<T, F, W>(&self, name: &str, limit: usize, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(Try) -> W + Send + 'static,
        W: Future<Output = Outcome<T>> + Send + 'static,
    {
        let server = self.server.clone();
        let (sender, receiver) = sync_channel(1);
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                let _ = sender.send(tried(server, limit, work).await); // whoever asked waits for it
            });
        }
        // Nothing is sent when the task panicked.
        receiver.recv().unwrap_or(Err((Failure::Internal, 0))).map_err(|(failure, tries)| {
            let error = failure.into_error(&Subject { tries, ..self.server.subject.clone() });
            if name.is_empty() { error } else { error.with_context("name", name) }
        })
    }
}

/// The outcome of the last try, with the number of tries if it failed.
async fn tried<T, F, W>(server: Arc<Server>, limit: usize, work: F) -> std::result::Result<T, (Failure, usize)>
where
    F: Fn(Try) -> W,
    W: Future<Output = Outcome<T>>,
{
    // Whatever one request after the other does, the whole of them ends.
    let whole = server.options.time_limit.saturating_mul(LIMITS_PER_TRY).saturating_add(allowance(limit));
    let mut wait = FIRST_WAIT;
    for number in 1.. {
        let outcome = {
            let _place = server.places.acquire().await;
            timeout(whole, work(Try::new(&server, limit))).await.unwrap_or(Err(Failure::Fault(Fault::Slow)))
        };
        let failure = match outcome {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        let told = failure.retry_after().unwrap_or_default();
        if !failure.is_temporary() || number >= server.options.tries || told > LONGEST_WAIT {
            return Err((failure, number));
        }
        // Programs that failed together do not come back together.
        let spread = wait.mul_f64(0.5 + f64::from(u8::try_from(random() % 128).unwrap_or(0)) / 128.0);
        sleep(told.max(spread)).await;
        wait = wait.saturating_mul(2).min(LONGEST_WAIT);
    }
    Err((Failure::Internal, 0)) // no number is the last
}

impl Storage for Cloud {
    fn side_by_side(&self) -> usize {
        self.server.options.side_by_side
    }

    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        name::check_file(name)?;
        let path = name.to_owned();
        self.run(name, limit, move |a_try| {
            let path = path.clone();
            async move { a_try.read(&path).await }
        })
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        name::check_file(name)?;
        let (path, buffer, so_far) = (name.to_owned(), Buffer::from(bytes.to_vec()), Arc::new(SoFar::default()));
        self.run(name, bytes.len(), move |a_try| {
            let (path, buffer, so_far) = (path.clone(), buffer.clone(), so_far.clone());
            async move { a_try.write_new(&path, buffer, &so_far).await }
        })
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        name::check_file(name)?;
        let (path, buffer, so_far) = (name.to_owned(), Buffer::from(bytes.to_vec()), Arc::new(SoFar::default()));
        self.run(name, bytes.len(), move |a_try| {
            let (path, buffer, so_far) = (path.clone(), buffer.clone(), so_far.clone());
            async move { a_try.put(&path, buffer, true, &so_far).await }
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        name::check_folder(folder)?;
        let path = folder.to_owned();
        self.run(folder, 0, move |a_try| {
            let path = path.clone();
            async move { a_try.list(&path).await }
        })
    }

    fn delete(&self, name: &str) -> Result<()> {
        name::check_file(name)?;
        let path = name.to_owned();
        self.run(name, 0, move |a_try| {
            let path = path.clone();
            async move { a_try.delete(&path).await }
        })
    }
}

impl Drop for Cloud {
    /// A runtime may not be waited for on a thread of another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cloud({})", self.server.subject.place)
    }
}
