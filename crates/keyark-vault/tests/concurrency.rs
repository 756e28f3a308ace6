//! Several programs at one vault: on a real folder, and on a storage whose lock keeps nobody out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod memory;
}

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use keyark_core::{ErrorKind, Result};
use keyark_vault::{Folder, Lock, Removal, Storage};
use support::fixture::*;
use support::memory::Memory;
use tempfile::TempDir;

fn folder(home: &TempDir) -> Arc<dyn Storage> {
    Arc::new(Folder::new(home.path().join("vault")))
}

#[test]
fn two_programs_add_in_turns() {
    let home = tempfile::tempdir().unwrap();
    drop(vault(folder(&home), &["a"]));
    let mut one = open(folder(&home), OLD).unwrap();
    let mut two = open(folder(&home), OLD).unwrap();
    for number in (10..30).step_by(2) {
        one.add(&wallet(&format!("w{number}"), number), at(9)).unwrap();
        two.add(&wallet(&format!("w{}", number + 1), number + 1), at(9)).unwrap();
        let taken = one.add(&wallet(&format!("W{}", number + 1), 99), at(9)).unwrap_err();
        assert_eq!(taken.kind(), ErrorKind::AlreadyExists, "it knows the other's");
    }
    assert_eq!(contents(&open(folder(&home), OLD).unwrap()).len(), 21);
}

#[test]
fn two_programs_at_once_lose_nothing_of_each_other_s() {
    let home = tempfile::tempdir().unwrap();
    drop(vault(folder(&home), &[]));
    thread::scope(|scope| {
        for writer in 0..2_u16 {
            let mut vault = open(folder(&home), OLD).unwrap();
            scope.spawn(move || {
                for number in 0..30 {
                    let number = 1000 * (writer + 1) + number;
                    vault.add(&wallet(&format!("w{number}"), number), at(number.into())).unwrap();
                }
            });
        }
    });
    assert_eq!(contents(&open(folder(&home), OLD).unwrap()).len(), 60);
}

#[test]
fn a_reader_is_never_disturbed_by_a_writer() {
    let home = tempfile::tempdir().unwrap();
    drop(vault(folder(&home), &["a", "b", "c"]));
    let done = AtomicBool::new(false);
    let (long, rounds) = (open(folder(&home), OLD).unwrap(), Mutex::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut vault = open(folder(&home), OLD).unwrap();
            let ids: Vec<_> = vault.wallets().unwrap().iter().map(|entry| entry.id).collect();
            for number in 0..200 {
                vault.update(ids[number % 3], at(9), back_up).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // One that was unlocked long ago, and one that is unlocked just now.
                let short = open(folder(&home), OLD).unwrap();
                for vault in [&long, &short] {
                    assert!(vault.findings().is_empty(), "{:?}", vault.findings());
                    assert_eq!(contents(vault).len(), 3);
                }
                *rounds.lock().unwrap() += 1;
            }
        });
    });
    assert!(*rounds.lock().unwrap() > 0);
}

#[test]
fn of_two_writers_of_one_wallet_one_is_told() {
    let home = tempfile::tempdir().unwrap();
    let mut one = vault(folder(&home), &["a", "b"]);
    let mut two = open(folder(&home), OLD).unwrap();
    let a = one.find("a").unwrap().id;
    one.rename(a, name("one's"), at(5)).unwrap();
    let error = two.rename(a, name("two's"), at(6)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.problem().contains("another program"), "{error}");
    assert_eq!(open(folder(&home), OLD).unwrap().find("one's").unwrap().id, a);
    two.rename(a, name("two's"), at(7)).unwrap(); // the next time it knows
    assert_eq!(names(&open(folder(&home), OLD).unwrap()), ["two's", "b"]);
}

#[test]
fn of_two_makers_of_a_vault_one_is_told() {
    for _ in 0..5 {
        let home = tempfile::tempdir().unwrap();
        let make = || keyark_vault::Vault::create(folder(&home), &new_password(OLD), work(), at(0)).map(drop);
        let results = thread::scope(|scope| {
            let makers = [scope.spawn(make), scope.spawn(make)];
            makers.map(|maker| maker.join().unwrap())
        });
        let told: Vec<_> = results.into_iter().filter_map(Result::err).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].kind(), ErrorKind::AlreadyExists, "{:?}", told[0]);
        assert!(names(&open(folder(&home), OLD).unwrap()).is_empty());
    }
}

#[test]
fn a_vault_that_another_program_rekeyed_is_left_alone() {
    let memory = Memory::new();
    let mut one = vault(memory.arc(), &["a", "b"]);
    let mut two = open(memory.arc(), OLD).unwrap();
    one.rekey(&new_password(NEW), work(), at(5)).unwrap();
    let before = memory.files();
    let a = two.find("a").unwrap().id;
    assert_eq!(two.add(&wallet("c", 3), at(6)).unwrap_err().kind(), ErrorKind::Locked);
    assert_eq!(two.rekey(&new_password(OLD), work(), at(6)).unwrap_err().kind(), ErrorKind::Locked);
    assert_eq!(two.change_password(&new_password(OLD), work(), at(6)).unwrap_err().kind(), ErrorKind::Locked);
    assert!(memory.files() == before);
    let error = two.record(a).unwrap_err();
    assert!(!error.problem().contains("damaged"), "nothing is damaged, it is sealed anew: {error}");
}

#[test]
fn a_vault_that_was_removed_says_so() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    for file in memory.files().keys() {
        memory.take(file);
    }
    assert_eq!(vault.add(&wallet("b", 2), at(5)).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(memory.files().is_empty());
}

// Without a lock

#[test]
fn without_a_lock_what_all_of_them_did_is_there() {
    let memory = Memory::new().without_lock();
    drop(vault(memory.arc(), &[]));
    thread::scope(|scope| {
        for writer in 0..3_u16 {
            let mut vault = open(memory.again().arc(), OLD).unwrap();
            scope.spawn(move || {
                for number in 0..30 {
                    let number = 1000 * (writer + 1) + number;
                    vault.add(&wallet(&format!("w{number}"), number), at(number.into())).unwrap();
                }
            });
        }
    });
    let vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none() && vault.findings().is_empty(), "{:?}", vault.findings());
    let mut listed: Vec<_> = contents(&vault).into_iter().map(|(name, ..)| name).collect();
    listed.sort();
    let mut added: Vec<_> = (1..4).flat_map(|writer| (0..30).map(move |n| format!("w{}", 1000 * writer + n))).collect();
    added.sort();
    assert_eq!(listed, added);
}

type Hook = Box<dyn FnOnce() + Send>;

/// Lets another program do something just before the next operation that begins so: `read epochs/1/manifest`.
struct Between {
    memory: Memory,
    hooks: Mutex<Vec<(&'static str, Hook)>>,
}

impl Between {
    fn before(&self, operation: &str) {
        let mut hooks = self.hooks.lock().unwrap();
        if hooks.first().is_some_and(|(start, _)| operation.starts_with(start)) {
            let (_, hook) = hooks.remove(0);
            drop(hooks);
            hook();
        }
    }
}

impl Storage for Between {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.before(&format!("read {name}"));
        self.memory.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.before(&format!("write {name}"));
        self.memory.write_new(name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.memory.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.memory.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.memory.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.memory.lock()
    }
}

/// Two changes of a, by another program: what one manifest listed is gone after them.
fn two_changes(memory: &Memory) -> Hook {
    let memory = memory.again();
    Box::new(move || {
        let mut other = open(memory.arc(), OLD).unwrap();
        let a = other.find("a").unwrap().id;
        for minute in 5..7 {
            other.update(a, at(minute), back_up).unwrap();
        }
    })
}

#[test]
fn a_record_that_is_written_anew_while_it_is_read_is_read_all_the_same() {
    for times in 1..4 {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        let between = Between { memory: memory.clone(), hooks: Mutex::default() };
        let between = Arc::new(between);
        let reader = open(Arc::clone(&between) as Arc<dyn Storage>, OLD).unwrap();
        let a = reader.find("a").unwrap().id;
        *between.hooks.lock().unwrap() = (0..times).map(|_| ("read epochs/1/records/", two_changes(&memory))).collect();
        let record = reader.record(a);
        assert!(record.is_ok(), "with {times} times two changes in between: {:?}", record.unwrap_err());
    }
}

#[test]
fn a_manifest_that_is_removed_between_two_reads_is_looked_for_again() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let hooks = Mutex::new(vec![("read epochs/1/manifest-", two_changes(&memory))]);
    let between = Between { memory: memory.clone(), hooks };
    let reader = open(Arc::new(between), OLD).unwrap();
    assert!(reader.broken().is_none() && reader.findings().is_empty());
    assert_eq!(contents(&reader), contents(&open(memory.arc(), OLD).unwrap()));
}

#[test]
fn a_change_of_a_wallet_that_is_removed_meanwhile_is_refused() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b"]));
    let other = memory.again();
    let remove: Hook = Box::new(move || {
        let mut other = open(other.arc(), OLD).unwrap();
        other.remove(other.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    });
    let between = Between { memory: memory.clone(), hooks: Mutex::new(vec![("read epochs/1/records/", remove)]) };
    let mut vault = open(Arc::new(between), OLD).unwrap();
    let a = vault.find("a").unwrap().id;
    assert_eq!(vault.rename(a, name("c"), at(6)).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["b"]);
}

#[test]
fn a_writer_whom_others_overtook_by_several_changes_loses_nothing_and_takes_nothing_away() {
    for changes in 1..4 {
        let memory = Memory::new().without_lock();
        drop(vault(memory.arc(), &["a"]));
        let other = memory.again();
        let overtake: Hook = Box::new(move || {
            let mut other = open(other.arc(), OLD).unwrap();
            for number in 0..changes {
                other.add(&wallet(&format!("other's {number}"), 10 + number), at(5)).unwrap();
            }
        });
        let hooks = Mutex::new(vec![("write epochs/1/manifest-", overtake)]);
        let mut slow = open(Arc::new(Between { memory: memory.clone(), hooks }), OLD).unwrap();
        slow.add(&wallet("mine", 2), at(6)).unwrap();
        let again = open(memory.arc(), OLD).unwrap();
        let mut listed: Vec<_> = contents(&again).into_iter().map(|(name, ..)| name).collect();
        listed.sort();
        let others = (0..changes).map(|number| format!("other's {number}"));
        let all: Vec<_> = ["a", "mine"].map(str::to_owned).into_iter().chain(others).collect();
        assert_eq!(listed, all, "overtaken by {changes}");
        assert!(again.broken().is_none() && again.findings().is_empty());
    }
}
