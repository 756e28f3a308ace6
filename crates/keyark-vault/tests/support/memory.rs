//! A storage in memory that writes down what is done to it, and fails or stops at a chosen operation.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::{Lock, Storage};

/// The files, by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// An operation of a storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Read,
    List,
    WriteNew,
    Replace,
    Delete,
    Lock,
}

impl Op {
    fn changes(self) -> bool {
        matches!(self, Self::WriteNew | Self::Replace | Self::Delete)
    }
}

/// Where an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Nothing of it has happened.
    Before,
    /// All of it has happened.
    After,
    /// A half of the file is there. No storage may do that; a bad disk does.
    Halfway,
}

/// What goes wrong, once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The how-manieth operation it is, from 0.
    pub(crate) at: usize,
    /// Whether only operations that change something are counted, or all.
    pub(crate) changes_only: bool,
    pub(crate) place: Where,
    /// Whether everything after it fails as well, as when the program ends there.
    pub(crate) stops: bool,
}

/// See the module. Clones are the same storage.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    disk: Arc<Disk>,
    fault: Option<Fault>,
    run: Arc<Mutex<Run>>,
    without_lock: bool,
    overwriting: bool,
    side_by_side: usize,
}

#[derive(Default)]
struct Disk {
    files: Mutex<Files>,
    locked: Mutex<bool>,
    unlocked: Condvar,
}

#[derive(Default)]
struct Run {
    log: Vec<(Op, String)>,
    counted: usize,
    hit: bool,
    undeletable: BTreeSet<String>,
    under_way: usize,
    most: usize,
}

/// A request that is under way.
struct Request<'a>(&'a Memory);

impl<'a> Request<'a> {
    /// Where requests may come side by side, each takes as long as the others need to come.
    fn begin(memory: &'a Memory) -> Self {
        {
            let mut run = memory.run.lock().unwrap();
            run.under_way += 1;
            run.most = run.most.max(run.under_way);
        }
        if memory.side_by_side > 1 {
            std::thread::sleep(Duration::from_micros(300));
        }
        Self(memory)
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        self.0.run.lock().unwrap().under_way -= 1;
    }
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A storage with these files.
    pub(crate) fn of(files: Files) -> Self {
        let new = Self::new();
        *new.disk.files.lock().unwrap() = files;
        new
    }

    pub(crate) fn arc(&self) -> Arc<dyn Storage> {
        Arc::new(self.clone())
    }

    /// The same files, seen by another program, with this fault.
    pub(crate) fn with_fault(&self, fault: Fault) -> Self {
        Self { fault: Some(fault), ..self.again() }
    }

    /// The same files, seen by another program.
    pub(crate) fn again(&self) -> Self {
        Self { disk: Arc::clone(&self.disk), fault: None, run: Arc::default(), ..*self }
    }

    /// The same, with a lock that keeps nobody out.
    pub(crate) fn without_lock(self) -> Self {
        Self { without_lock: true, ..self }
    }

    /// The same, which writes over files that are there already, whatever it was asked.
    pub(crate) fn overwriting(self) -> Self {
        Self { overwriting: true, ..self }
    }

    /// The same, which likes so many requests at a time.
    pub(crate) fn side_by_side(self, requests: usize) -> Self {
        Self { side_by_side: requests, ..self }
    }

    /// How many requests there were at the same time, at most, since the last call.
    pub(crate) fn most_at_once(&self) -> usize {
        std::mem::take(&mut self.run.lock().unwrap().most)
    }

    /// From now on this file cannot be deleted.
    pub(crate) fn keep(&self, name: &str) {
        self.run.lock().unwrap().undeletable.insert(name.to_owned());
    }

    /// Whether the fault has come about.
    pub(crate) fn hit(&self) -> bool {
        self.run.lock().unwrap().hit
    }

    pub(crate) fn files(&self) -> Files {
        self.disk.files.lock().unwrap().clone()
    }

    /// The names of all files that begin so.
    pub(crate) fn names(&self, start: &str) -> Vec<String> {
        self.files().into_keys().filter(|name| name.starts_with(start)).collect()
    }

    /// Puts a file there, or another content into it, without any rule.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        self.disk.files.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
    }

    pub(crate) fn get(&self, name: &str) -> Vec<u8> {
        self.files().remove(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(crate) fn take(&self, name: &str) -> Vec<u8> {
        self.disk.files.lock().unwrap().remove(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// What has been done since the last call.
    pub(crate) fn log(&self) -> Vec<(Op, String)> {
        std::mem::take(&mut self.run.lock().unwrap().log)
    }

    /// Writes the operation down; where it goes wrong, if it does.
    fn begin(&self, op: Op, name: &str) -> Result<Option<Where>> {
        let mut run = self.run.lock().unwrap();
        run.log.push((op, name.to_owned()));
        if op == Op::Delete && run.undeletable.contains(name) {
            return Err(failed(op, name));
        }
        let Some(fault) = self.fault else { return Ok(None) };
        if run.hit {
            return if fault.stops { Err(failed(op, name)) } else { Ok(None) };
        }
        if fault.changes_only && !op.changes() {
            return Ok(None);
        }
        let here = run.counted == fault.at;
        run.counted += 1;
        run.hit = here;
        match (here, fault.place) {
            (false, _) => Ok(None),
            (true, Where::Before) => Err(failed(op, name)),
            (true, place) => Ok(Some(place)),
        }
    }

    fn write(&self, op: Op, name: &str, bytes: &[u8]) -> Result<()> {
        check(name, 4)?;
        let _request = Request::begin(self);
        let wrong = self.begin(op, name)?;
        let mut files = self.disk.files.lock().unwrap();
        if op == Op::WriteNew && files.contains_key(name) && !self.overwriting {
            let problem = format!("there is a file {name} already");
            return Err(Error::new(ErrorKind::AlreadyExists, problem, "choose another name"));
        }
        let written = if wrong == Some(Where::Halfway) { &bytes[..bytes.len() / 2] } else { bytes };
        files.insert(name.to_owned(), written.to_vec());
        if wrong.is_some() { Err(failed(op, name)) } else { Ok(()) }
    }
}

impl Storage for Memory {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        check(name, 4)?;
        let _request = Request::begin(self);
        if self.begin(Op::Read, name)?.is_some() {
            return Err(failed(Op::Read, name));
        }
        match self.disk.files.lock().unwrap().get(name) {
            None => Err(Error::new(ErrorKind::NotFound, format!("there is no file {name}"), "look for another copy")),
            Some(bytes) if bytes.len() > limit => {
                let problem = format!("{name} has {} bytes; at most {limit} are read", bytes.len());
                Err(Error::new(ErrorKind::OutOfBounds, problem, "no vault has such a file"))
            }
            Some(bytes) => Ok(bytes.clone()),
        }
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write(Op::WriteNew, name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.write(Op::Replace, name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        if !folder.is_empty() {
            check(folder, 3)?;
        }
        let _request = Request::begin(self);
        if self.begin(Op::List, folder)?.is_some() {
            return Err(failed(Op::List, folder));
        }
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files = self.disk.files.lock().unwrap();
        let below = files.keys().filter_map(|name| name.strip_prefix(&start));
        let names = below.map(|name| name.split_inclusive('/').next().unwrap_or_default().to_owned());
        Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn delete(&self, name: &str) -> Result<()> {
        check(name, 4)?;
        let _request = Request::begin(self);
        let wrong = self.begin(Op::Delete, name)?;
        if wrong != Some(Where::Halfway) {
            self.disk.files.lock().unwrap().remove(name);
        }
        if wrong.is_some() { Err(failed(Op::Delete, name)) } else { Ok(()) }
    }

    fn lock(&self) -> Result<Lock> {
        if self.begin(Op::Lock, "")?.is_some() {
            return Err(failed(Op::Lock, ""));
        }
        if self.without_lock {
            return Ok(Lock::none());
        }
        let locked = self.disk.locked.lock().unwrap();
        let wait = Duration::from_secs(10);
        let (mut locked, waited) = self.disk.unlocked.wait_timeout_while(locked, wait, |locked| *locked).unwrap();
        if waited.timed_out() {
            return Err(Error::new(ErrorKind::Storage, "another program is writing", "try again"));
        }
        *locked = true;
        Ok(Lock::new(Unlock(Arc::clone(&self.disk))))
    }

    fn side_by_side(&self) -> usize {
        self.side_by_side.max(1)
    }
}

struct Unlock(Arc<Disk>);

impl Drop for Unlock {
    fn drop(&mut self) {
        *self.0.locked.lock().unwrap() = false;
        self.0.unlocked.notify_one();
    }
}

fn failed(op: Op, name: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("the test let {op:?} of {name:?} fail"), "this is meant so")
}

fn check(name: &str, most: usize) -> Result<()> {
    let known = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '.');
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(known);
    if name.split('/').count() <= most && name.split('/').all(is_part) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, "this is not a name", "use another one"))
}
