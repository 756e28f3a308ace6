//! A storage without a lock, in which other devices get their turn between any two operations of this one.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::sync::{Arc, Mutex};

use keyark_core::Result;
use keyark_vault::{Lock, Storage};

use super::memory::Memory;

/// What another device does meanwhile.
pub(crate) type Hook = Box<dyn FnOnce() + Send>;

/// A device's way to the files of a [`Memory`].
pub(crate) struct Hooked {
    memory: Memory,
    next: Mutex<Option<(usize, Hook)>>,
}

impl Hooked {
    /// As many WebDAV servers are: no lock, and a file that is there already is written over.
    pub(crate) fn new(memory: &Memory) -> Arc<Self> {
        Arc::new(Self { memory: memory.again().without_lock().overwriting(), next: Mutex::new(None) })
    }

    pub(crate) fn arc(self: &Arc<Self>) -> Arc<dyn Storage> {
        Arc::<Self>::clone(self)
    }

    /// Lets `hook` run just before the operation that comes after `operations` others.
    pub(crate) fn before(&self, operations: usize, hook: Hook) {
        *self.next.lock().unwrap() = Some((operations, hook));
    }

    /// Whether the hook has run; it does not run any more.
    pub(crate) fn ran(&self) -> bool {
        self.next.lock().unwrap().take().is_none()
    }

    fn step(&self) {
        let mut next = self.next.lock().unwrap();
        let hook = match next.take() {
            Some((0, hook)) => Some(hook),
            Some((left, hook)) => {
                *next = Some((left - 1, hook));
                None
            }
            None => None,
        };
        drop(next);
        if let Some(hook) = hook {
            hook();
        }
    }
}

impl Storage for Hooked {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.step();
        self.memory.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.step();
        self.memory.write_new(name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.step();
        self.memory.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.step();
        self.memory.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.step();
        self.memory.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.memory.lock()
    }
}
