//! The storage on a local disk: its promises, hostile names and places, permissions, and the lock between processes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod storage_promises;
}

mod at_once;
#[cfg(unix)]
mod disks;
#[cfg(unix)]
mod links;
mod lock;
mod names_and_places;
mod processes;
mod promises;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use keyark_core::{Error, ErrorKind};
use keyark_vault::{Folder, Storage};
use support::storage_promises;
use tempfile::TempDir;

const RECORD: &str = "epochs/1/records/a.age";

/// A place for folders, gone after the test.
fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn folder(home: &TempDir) -> Folder {
    Folder::new(home.path().join("vault"))
}

/// Every path below `root`, sorted, folders with a `/` at the end.
fn tree(root: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let is_folder = entry.file_type().unwrap().is_dir();
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(if is_folder { name + "/" } else { name });
            if is_folder {
                walk(root, &path, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

/// Each operation, and the error that it gives.
fn each_fails(storage: &dyn Storage, name: &str, check: impl Fn(&str, &Error)) {
    check("read", &storage.read(name, 100).unwrap_err());
    check("write_new", &storage.write_new(name, b"x").unwrap_err());
    check("replace", &storage.replace(name, b"x").unwrap_err());
    check("delete", &storage.delete(name).unwrap_err());
}

/// The same, where the whole folder is at fault.
fn all_fail(storage: &dyn Storage, check: impl Fn(&str, &Error)) {
    each_fails(storage, "keyark-vault.json", &check);
    each_fails(storage, RECORD, &check);
    check("list", &storage.list("").unwrap_err());
    check("list", &storage.list("epochs/1").unwrap_err());
    check("lock", &storage.lock().unwrap_err());
}
