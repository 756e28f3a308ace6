//! What a storage in a cloud must do, on any server: tests of this crate call it on servers in the same process, tests/servers.rs on others.
//!
//! It is keyark-vault's suite, one promise after the other, and what several clients see. The whole suite wants more where a server can do more: one writer
//! of a new name, whatever the timing.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::sync::{Barrier, Mutex};
use std::thread;

use keyark_core::ErrorKind;
use keyark_vault::Storage;

pub(crate) use crate::storage_promises::*;

/// Some servers let several of them win: then `most` is larger than 1. None of them may be told of a success that nobody had, and the file is never
/// a mixture.
pub(crate) fn writers_of_one_name_leave_one_whole_file(storage: &dyn Storage, most: usize) {
    const WRITERS: u8 = 6;
    const SIZE: usize = 50_000;
    const NAME: &str = "epochs/1/manifest-1.age";
    let together = Barrier::new(WRITERS.into());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (together, results) = (&together, &results);
            scope.spawn(move || {
                together.wait();
                let result = storage.write_new(NAME, &vec![writer; SIZE]);
                results.lock().unwrap().push((writer, result));
            });
        }
    });
    let results = results.into_inner().unwrap();
    let content = storage.read(NAME, LIMIT).unwrap();
    let (winners, losers): (Vec<_>, Vec<_>) = results.into_iter().partition(|(_, result)| result.is_ok());
    assert!(
        winners.iter().any(|(writer, _)| content == vec![*writer; SIZE]),
        "whole, and a winner's: {winners:?}, {losers:?}"
    );
    assert!(winners.len() <= most, "{winners:?}");
    for (_, result) in losers {
        assert!(matches!(kind(result), ErrorKind::AlreadyExists | ErrorKind::Storage));
    }
    storage.delete(NAME).unwrap();
}

/// `count` files, written `side_by_side` at a time into folders that none of them has made before.
pub(crate) fn many_files_are_written_side_by_side_and_listed(storage: &dyn Storage, count: usize) {
    let name = |number: usize| format!("{number:032x}.age");
    let next = Mutex::new(0..count);
    thread::scope(|scope| {
        for _ in 0..storage.side_by_side().clamp(2, 16) {
            scope.spawn(|| {
                loop {
                    let Some(number) = next.lock().unwrap().next() else { return };
                    storage
                        .write_new(&format!("epochs/1/records/{}", name(number)), format!("{number}").as_bytes())
                        .unwrap();
                }
            });
        }
    });
    let expected: Vec<_> = (0..count).map(name).collect();
    assert!(names(storage, "epochs/1/records") == expected, "{count} files and no other");
    for number in [0, count / 2, count - 1] {
        let read = storage.read(&format!("epochs/1/records/{}", name(number)), LIMIT).unwrap();
        assert_eq!(read, format!("{number}").as_bytes());
    }
}

/// Two computers with the same vault: each sees at once what the other has done.
pub(crate) fn two_clients_see_each_other(one: &dyn Storage, other: &dyn Storage) {
    for name in ["keyark-vault.json", "epochs/1/records/a.age"] {
        one.write_new(name, b"one").unwrap();
        assert_eq!(other.read(name, LIMIT).unwrap(), b"one");
        other.replace(name, b"two").unwrap();
        assert_eq!(one.read(name, LIMIT).unwrap(), b"two");
        assert_eq!(kind(one.write_new(name, b"three")), ErrorKind::AlreadyExists);
    }
}

/// The same of what is deleted.
pub(crate) fn two_clients_see_what_is_deleted(one: &dyn Storage, other: &dyn Storage) {
    for name in ["deleted.json", "epochs/8/records/a.age"] {
        one.write_new(name, b"one").unwrap();
        other.delete(name).unwrap();
        let (folder, _) = name.rsplit_once('/').unwrap_or(("", name));
        assert!(!files(one, folder).contains(&name.rsplit('/').next().unwrap().to_owned()), "{name}");
        assert_eq!(kind(one.read(name, LIMIT)), ErrorKind::NotFound, "{name}: the other has deleted it");
        other.write_new(name, b"two").unwrap();
        assert_eq!(one.read(name, LIMIT).unwrap(), b"two");
        one.delete(name).unwrap();
        assert_eq!(kind(other.read(name, LIMIT)), ErrorKind::NotFound, "{name}: the one has deleted it");
    }
}

/// Two computers at the same time, in folders that do not exist yet: every file is there for both afterwards.
pub(crate) fn two_clients_write_at_once(one: &dyn Storage, other: &dyn Storage) {
    let together = Barrier::new(2);
    thread::scope(|scope| {
        for (storage, letter) in [(one, 'a'), (other, 'b')] {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                for number in 0..5 {
                    storage.write_new(&format!("epochs/7/records/{letter}{number}"), b"x").unwrap();
                }
            });
        }
    });
    let expected: Vec<_> = ["a0", "a1", "a2", "a3", "a4", "b0", "b1", "b2", "b3", "b4"].map(String::from).into();
    for storage in [one, other] {
        assert_eq!(names(storage, "epochs/7/records"), expected);
        for name in &expected {
            assert_eq!(storage.read(&format!("epochs/7/records/{name}"), LIMIT).unwrap(), b"x");
        }
    }
}
