//! The keys of an unlocked vault: locked into memory, forgotten after a time without use.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use keyark_core::{Error, ErrorKind, Result};

use crate::seal::Keys;

/// Keys in memory that the system does not swap out, where it allows that.
pub(crate) struct Locked {
    keys: Box<Keys>,
    _guard: Option<region::LockGuard>,
}

/// Keys that are there until the time is over.
pub(crate) struct Held(Mutex<State>);

struct State {
    keys: Option<Arc<Locked>>,
    limit: Option<Duration>,
    /// By two clocks: the first one stands still while a computer sleeps, the second one can be set back.
    used: (Instant, SystemTime),
}

impl Locked {
    fn new(keys: Keys) -> Self {
        let keys = Box::new(keys);
        // Where the system's limit is reached, the keys are as they would be without.
        let guard = region::lock(&raw const *keys, size_of::<Keys>()).ok();
        Self { keys, _guard: guard }
    }
}

impl std::ops::Deref for Locked {
    type Target = Keys;

    fn deref(&self) -> &Keys {
        &self.keys
    }
}

impl Held {
    pub(crate) fn new(keys: Keys) -> Self {
        let used = (Instant::now(), SystemTime::now());
        Self(Mutex::new(State { keys: Some(Arc::new(Locked::new(keys))), limit: None, used }))
    }

    /// The keys, for one operation.
    pub(crate) fn keys(&self) -> Result<Arc<Locked>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.expire();
        state.used = (Instant::now(), SystemTime::now());
        state.keys.clone().ok_or_else(|| {
            Error::new(
                ErrorKind::Locked,
                "the vault has been locked, after a time without use or because that was asked for",
                "unlock it again with its password",
            )
        })
    }

    pub(crate) fn set_limit(&self, limit: Option<Duration>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).limit = limit;
    }

    /// Forgets the keys if their time is over; whether they are gone.
    pub(crate) fn lock_if_idle(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.expire();
        state.keys.is_none()
    }

    pub(crate) fn lock(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys = None;
    }
}

impl State {
    fn expire(&mut self) {
        let (steady, wall) = self.used;
        let idle = wall.elapsed().unwrap_or_default().max(steady.elapsed());
        if self.limit.is_some_and(|limit| idle >= limit) {
            self.keys = None;
        }
    }
}
