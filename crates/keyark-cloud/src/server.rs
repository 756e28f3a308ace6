//! A service, as all tries of all operations ask it.

#[cfg(any(feature = "webdav", feature = "gdrive"))]
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use opendal::Operator;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::Options;
use crate::errors::Subject;
use crate::transport::Rules;

/// How long an operator's memory of what a name is may serve, in seconds.
#[cfg(feature = "gdrive")]
const MEMORY: std::time::Duration = std::time::Duration::from_secs(60);

pub(crate) struct Server {
    /// With the time at which it was made.
    pub(crate) operator: Mutex<(Operator, Instant)>,
    pub(crate) client: reqwest::Client,
    pub(crate) rules: Arc<Rules>,
    pub(crate) subject: Subject,
    pub(crate) options: Options,
    /// Whether the service makes a file only if there is none of that name. Some servers say only when asked that they do not.
    pub(crate) conditional: AtomicBool,
    /// Holds back requests beyond those that may be made at a time.
    pub(crate) places: Semaphore,
    #[cfg(feature = "webdav")]
    pub(crate) webdav: Option<crate::connect::webdav::Dav>,
    #[cfg(feature = "gdrive")]
    pub(crate) again: Option<crate::connect::Again>,
    /// Taken while folders are made.
    #[cfg(feature = "gdrive")]
    pub(crate) making: tokio::sync::Mutex<()>,
    /// The folders that are known to exist.
    #[cfg(any(feature = "webdav", feature = "gdrive"))]
    pub(crate) folders: Mutex<BTreeSet<String>>,
}

impl Server {
    pub(crate) fn operator(&self) -> Operator {
        #[cfg_attr(not(feature = "gdrive"), allow(unused_mut))] // replaced for Google Drive only
        let mut current = self.operator.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "gdrive")]
        if let Some(again) = &self.again
            && current.1.elapsed() > MEMORY
            && let Ok(operator) = again()
        {
            *current = (operator, Instant::now());
        }
        current.0.clone()
    }

    #[cfg(any(feature = "webdav", feature = "gdrive"))]
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).contains(folder)
    }

    #[cfg(any(feature = "webdav", feature = "gdrive"))]
    pub(crate) fn remember_folder(&self, folder: &str) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if !folders.contains(folder) {
            folders.insert(folder.to_owned());
        }
    }
}
