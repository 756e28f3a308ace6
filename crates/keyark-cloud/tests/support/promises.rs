//! What a storage in a cloud must do, on any server: tests of this crate call it on servers in the same process, tests/servers.rs on others.
//!
//! keyark-vault's own suite wants more where a server can do more: one writer of a new name, whatever the timing.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::sync::{Barrier, Mutex};
use std::thread;

use keyark_core::{ErrorKind, Result};
use keyark_vault::Storage;

/// More than any file here has.
pub(crate) const LIMIT: usize = 4 << 20;

pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T>) -> ErrorKind {
    let error = result.unwrap_err();
    assert!(!error.problem().is_empty() && !error.remedy().is_empty(), "{error:?}");
    error.kind()
}

/// The names in a folder, sorted.
pub(crate) fn names(storage: &dyn Storage, folder: &str) -> Vec<String> {
    let mut names = storage.list(folder).unwrap();
    names.sort();
    names
}

/// The files of a folder: those folders may stay that have become empty.
pub(crate) fn files(storage: &dyn Storage, folder: &str) -> Vec<String> {
    names(storage, folder).into_iter().filter(|name| !name.ends_with('/')).collect()
}

pub(crate) fn nothing_is_there_at_first(storage: &dyn Storage) {
    for folder in ["", "epochs", "epochs/1", "epochs/1/records"] {
        assert_eq!(names(storage, folder), [""; 0], "{folder:?}");
    }
    assert_eq!(kind(storage.read("keyark-vault.json", LIMIT)), ErrorKind::NotFound);
    assert_eq!(kind(storage.read("epochs/1/records/a.age", LIMIT)), ErrorKind::NotFound);
    storage.delete("keyark-vault.json").unwrap();
    storage.delete("epochs/1/records/a.age").unwrap();
}

pub(crate) fn a_file_is_read_as_it_was_written(storage: &dyn Storage) {
    let every_byte: Vec<u8> = (0..=255).collect();
    let contents = [vec![0], b"line\r\nline\n".to_vec(), every_byte.clone(), every_byte.repeat(4096), Vec::new()];
    for name in ["a", "a.b-c.0", "epochs/1/identity.password.age", "epochs/1/records/0123456789abcdef.age"] {
        for content in &contents {
            storage.write_new(name, content).unwrap();
            let read = storage.read(name, LIMIT);
            assert!(
                read.as_ref().is_ok_and(|read| read == content),
                "{name}, {} bytes: {:?}",
                content.len(),
                read.err()
            );
            storage.delete(name).unwrap();
            assert_eq!(kind(storage.read(name, LIMIT)), ErrorKind::NotFound, "{name}");
        }
    }
}

pub(crate) fn more_than_the_limit_is_refused(storage: &dyn Storage) {
    storage.write_new("ten", b"0123456789").unwrap();
    for limit in [0, 1, 9] {
        assert_eq!(kind(storage.read("ten", limit)), ErrorKind::OutOfBounds, "{limit}");
    }
    for limit in [10, 11, usize::MAX] {
        assert_eq!(storage.read("ten", limit).unwrap(), b"0123456789", "{limit}");
    }
    storage.delete("ten").unwrap();
}

/// One after the other; where two do it at once, see [`writers_of_one_name_leave_one_whole_file`].
pub(crate) fn write_new_leaves_an_old_file(storage: &dyn Storage) {
    const NAME: &str = "epochs/1/manifest-1.age";
    storage.write_new(NAME, b"first").unwrap();
    for other in ["second", "first", ""] {
        assert_eq!(kind(storage.write_new(NAME, other.as_bytes())), ErrorKind::AlreadyExists, "{other:?}");
        assert_eq!(storage.read(NAME, LIMIT).unwrap(), b"first");
    }
    storage.delete(NAME).unwrap();
    storage.write_new(NAME, b"third").unwrap();
    assert_eq!(storage.read(NAME, LIMIT).unwrap(), b"third");
    storage.delete(NAME).unwrap();
}

pub(crate) fn replace_writes_with_and_without_an_old_file(storage: &dyn Storage) {
    for name in ["keyark-vault.json", "epochs/1/identity.password.age"] {
        for content in ["new", "a longer one", "short", ""] {
            storage.replace(name, content.as_bytes()).unwrap();
            assert_eq!(storage.read(name, LIMIT).unwrap(), content.as_bytes(), "{name}");
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
            assert_eq!(files(storage, folder), [file], "one file of that name");
        }
        storage.delete(name).unwrap();
        assert_eq!(kind(storage.read(name, LIMIT)), ErrorKind::NotFound, "{name}");
    }
}

pub(crate) fn folders_are_listed_one_at_a_time(storage: &dyn Storage) {
    let written =
        ["keyark-vault.json", "epochs/1/a.age", "epochs/1/records/b.age", "epochs/1/records/c.age", "epochs/10/d"];
    for name in written {
        storage.write_new(name, b"x").unwrap();
    }
    assert_eq!(names(storage, ""), ["epochs/", "keyark-vault.json"]);
    assert_eq!(names(storage, "epochs"), ["1/", "10/"]);
    assert_eq!(names(storage, "epochs/1"), ["a.age", "records/"]);
    assert_eq!(names(storage, "epochs/1/records"), ["b.age", "c.age"]);
    assert_eq!(names(storage, "epochs/10"), ["d"]);
    // The beginning of a name is not a folder, and a file is none.
    assert_eq!(names(storage, "epoch"), [""; 0]);
    assert_eq!(names(storage, "epochs/100"), [""; 0]);
    for name in written {
        storage.delete(name).unwrap();
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        assert!(!files(storage, folder).contains(&file.to_owned()), "{name}");
    }
}

pub(crate) fn deleting_takes_away_one_file_and_may_be_repeated(storage: &dyn Storage) {
    storage.write_new("epochs/1/a", b"a").unwrap();
    storage.write_new("epochs/1/ab", b"ab").unwrap();
    for _ in 0..3 {
        storage.delete("epochs/1/a").unwrap();
    }
    assert_eq!(kind(storage.read("epochs/1/a", LIMIT)), ErrorKind::NotFound);
    assert_eq!(storage.read("epochs/1/ab", LIMIT).unwrap(), b"ab");
    storage.delete("epochs/1/ab").unwrap();
    assert_eq!(files(storage, "epochs/1"), [""; 0]);
    storage.write_new("epochs/1/a", b"again").unwrap();
    assert_eq!(storage.read("epochs/1/a", LIMIT).unwrap(), b"again");
    storage.delete("epochs/1/a").unwrap();
}

/// `bad` are names that no storage may touch.
pub(crate) fn what_is_not_a_name_is_refused(storage: &dyn Storage, bad: &[&str]) {
    for name in bad.iter().copied().chain([""]) {
        assert_eq!(kind(storage.read(name, LIMIT)), ErrorKind::Usage, "{name:?}");
        assert_eq!(kind(storage.write_new(name, b"x")), ErrorKind::Usage, "{name:?}");
        assert_eq!(kind(storage.replace(name, b"x")), ErrorKind::Usage, "{name:?}");
        assert_eq!(kind(storage.delete(name)), ErrorKind::Usage, "{name:?}");
        if !name.is_empty() {
            assert_eq!(kind(storage.list(name)), ErrorKind::Usage, "{name:?}");
        }
    }
    assert_eq!(files(storage, ""), [""; 0], "nothing was written");
}

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
