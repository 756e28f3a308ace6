//! What every storage of a vault must fulfil: one suite, which each implementation's tests call.
#![allow(dead_code)] // on servers that promise less, the promises are called one by one

use std::sync::Barrier;
use std::thread;

use keyark_core::{ErrorKind, Result};
use keyark_vault::Storage;

/// More than any file here has.
pub(crate) const LIMIT: usize = 4 << 20;

/// Checks the promises of [`Storage`] that can be seen from outside. `storage` must be empty, and holds no files afterwards.
pub(crate) fn check(storage: &dyn Storage) {
    nothing_is_there_at_first(storage);
    a_file_is_read_as_it_was_written(storage);
    more_than_the_limit_is_refused(storage);
    write_new_never_overwrites(storage);
    replace_writes_with_and_without_an_old_file(storage);
    folders_are_listed_one_at_a_time(storage);
    deleting_takes_away_one_file_and_may_be_repeated(storage);
    what_is_not_a_name_is_refused(storage);
    one_of_many_writers_wins(storage);
    readers_and_the_writer_go_on_under_the_lock(storage);
    assert_eq!(files(storage, ""), [""; 0], "the checks leave nothing behind");
}

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
    storage.write_new("none", b"").unwrap();
    for limit in [0, 1, 9] {
        assert_eq!(kind(storage.read("ten", limit)), ErrorKind::OutOfBounds, "{limit}");
    }
    for limit in [10, 11, usize::MAX] {
        assert_eq!(storage.read("ten", limit).unwrap(), b"0123456789", "{limit}");
    }
    assert_eq!(storage.read("none", 0).unwrap(), b"");
    storage.delete("ten").unwrap();
    storage.delete("none").unwrap();
}

/// One after the other; where several do it at once, see [`one_of_many_writers_wins`].
pub(crate) fn write_new_never_overwrites(storage: &dyn Storage) {
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
    // The beginning of a name is not a folder.
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
    // The folder, if it went with its last file, comes again.
    storage.write_new("epochs/1/a", b"again").unwrap();
    assert_eq!(storage.read("epochs/1/a", LIMIT).unwrap(), b"again");
    storage.delete("epochs/1/a").unwrap();
}

/// Names that no storage may touch, each for a reason of its own.
pub(crate) const NOT_NAMES: [&str; 34] = [
    "/",
    "//",
    ".",
    "..",
    "../a",
    "../../etc/passwd",
    "a/..",
    "a/../b",
    "a/./b",
    "./a",
    "/a",
    "/etc/passwd",
    "a/",
    "a//b",
    ".tmp-a",
    ".a",
    "a/.b",
    "a/b/c/d/e",
    "A",
    "a_b",
    "a b",
    " a",
    "a ",
    "a\\b",
    "..\\a",
    "c:a",
    "a\0b",
    "a\nb",
    "é",
    "а",
    "%2e%2e/a",
    "a*",
    "~",
    "a?b=c",
];

pub(crate) fn what_is_not_a_name_is_refused(storage: &dyn Storage) {
    for name in NOT_NAMES.into_iter().chain([""]) {
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

/// With the lock, which does no harm to a storage that needs none for this.
fn one_of_many_writers_wins(storage: &dyn Storage) {
    const WRITERS: u8 = 8;
    const SIZE: usize = 100_000;
    let together = Barrier::new(WRITERS.into());
    let write = |writer: u8| {
        together.wait();
        let _lock = storage.lock().unwrap();
        storage.write_new("epochs/3/manifest-1.age", &vec![writer; SIZE])
    };
    let results: Vec<_> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let winners: Vec<_> =
        (0..WRITERS).zip(&results).filter(|(_, result)| result.is_ok()).map(|(writer, _)| writer).collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert!(storage.read("epochs/3/manifest-1.age", LIMIT).unwrap() == vec![winners[0]; SIZE], "the winner's, whole");
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(kind(result), ErrorKind::AlreadyExists);
    }
    storage.delete("epochs/3/manifest-1.age").unwrap();
}

fn readers_and_the_writer_go_on_under_the_lock(storage: &dyn Storage) {
    for round in 0..3 {
        let lock = storage.lock().unwrap();
        storage.replace("keyark-vault.json", &[round]).unwrap();
        thread::scope(|scope| {
            let reader = scope.spawn(|| (storage.read("keyark-vault.json", LIMIT).unwrap(), files(storage, "")));
            assert_eq!(reader.join().unwrap(), (vec![round], vec!["keyark-vault.json".to_owned()]));
        });
        drop(lock);
    }
    storage.delete("keyark-vault.json").unwrap();
}
