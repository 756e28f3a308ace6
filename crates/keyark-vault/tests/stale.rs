//! Storages that show what was a while ago, and people who put it back: nothing is lost, and what can be known is said.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod hooked;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

use std::sync::{Arc, Mutex};

use keyark_core::{ErrorKind, ExportItem, Result};
use keyark_vault::{Lock, Removal, Storage, Unlocked, VaultDenial, VaultPolicy};
use support::fixture::*;
use support::hooked::Hooked;
use support::inside::{Inside, manifests, newest};
use support::memory::{Files, Memory};

/// A storage without a lock whose lists are as they were some writes ago. What a file holds is true at once.
#[derive(Clone)]
struct Late {
    memory: Memory,
    past: Arc<Mutex<Vec<Files>>>,
    behind: usize,
}

impl Late {
    fn new(memory: &Memory) -> Self {
        let memory = memory.again().without_lock().overwriting();
        let now = names_only(&memory);
        Self { memory, past: Arc::new(Mutex::new(vec![now])), behind: 0 }
    }

    /// The same for a device whose lists are so far behind.
    fn behind(&self, behind: usize) -> Arc<dyn Storage> {
        Arc::new(Self { behind, ..self.clone() })
    }

    fn changed(&self, result: Result<()>) -> Result<()> {
        self.past.lock().unwrap().push(names_only(&self.memory));
        result
    }
}

fn names_only(memory: &Memory) -> Files {
    memory.files().into_keys().map(|name| (name, Vec::new())).collect()
}

impl Storage for Late {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.memory.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.changed(self.memory.write_new(name, bytes))
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.changed(self.memory.replace(name, bytes))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let past = self.past.lock().unwrap();
        let then = past[past.len().saturating_sub(1 + self.behind)].clone();
        Memory::of(then).list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.changed(self.memory.delete(name))
    }

    fn lock(&self) -> Result<Lock> {
        Ok(Lock::none())
    }
}

fn reopen(memory: &Memory) -> Unlocked {
    let vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none(), "{:?}", vault.findings());
    vault
}

fn sorted(vault: &Unlocked) -> Vec<String> {
    let mut names: Vec<_> = contents(vault).into_iter().map(|(name, ..)| name).collect();
    names.sort();
    names
}

fn denying(item: ExportItem) -> VaultPolicy {
    VaultPolicy::advertised().deny(VaultDenial { item, chain: None, reason: "x".to_owned() })
}

// Late lists

#[test]
fn a_device_whose_lists_are_late_remembers_what_it_wrote() {
    for behind in 0..12 {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        let late = Late::new(&memory);
        let mut vault = open(late.behind(behind), OLD).unwrap();
        for number in 10..16 {
            vault.add(&wallet(&format!("w{number}"), number), at(number.into())).unwrap();
            assert_eq!(contents(&vault).len(), usize::from(number) - 8, "{behind}");
            assert_eq!(sorted(&reopen(&memory)), sorted(&vault), "{behind}");
        }
        vault.remove(vault.find("w12").unwrap().id, Removal::Anyway, at(20)).unwrap();
        vault.set_policy(denying(ExportItem::PrivateKey), at(21)).unwrap();
        let again = reopen(&memory);
        assert_eq!(sorted(&again), ["a", "w10", "w11", "w13", "w14", "w15"], "{behind}");
        assert_eq!(again.policy().denials().len(), 1, "{behind}");
    }
}

#[test]
fn devices_whose_lists_are_late_lose_nothing_that_was_told_as_done() {
    for (one, other) in (0..9).flat_map(|one| [(one, 0), (one, one), (one, 3)]) {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a", "b"]));
        let late = Late::new(&memory);
        let mut devices = [open(late.behind(one), OLD).unwrap(), open(late.behind(other), OLD).unwrap()];
        let mut done = vec!["a".to_owned(), "b".to_owned()];
        for number in 10..26_u16 {
            let device = &mut devices[usize::from(number / 2 % 2)];
            let called = format!("w{number}");
            let known = [ErrorKind::Malformed, ErrorKind::Storage, ErrorKind::NotFound, ErrorKind::Locked];
            match device.add(&wallet(&called, number), at(number.into())) {
                Ok(()) => done.push(called),
                Err(error) => assert!(known.contains(&error.kind()), "{error:?}"),
            }
            if number == 15 {
                let b = device.find("b").unwrap().id;
                match device.remove(b, Removal::Anyway, at(number.into())) {
                    Ok(()) => done.retain(|called| called != "b"),
                    Err(error) => assert!(known.contains(&error.kind()), "{error:?}"),
                }
            }
        }
        // Where the list shows what is gone and nobody writes, nothing moves any more.
        assert!(done.len() > 5, "{one} and {other}: {done:?}");
        for settled in [false, true] {
            let mut vault = reopen(&memory);
            if settled {
                vault.add(&wallet("last", 99), at(99)).unwrap();
                done.push("last".to_owned());
            }
            let mut expected = done.clone();
            expected.sort();
            assert_eq!(sorted(&vault), expected, "{one} and {other}");
        }
    }
}

#[test]
fn a_list_that_does_not_show_the_last_change_is_a_rollback_for_who_remembers_it() {
    for behind in 1..10 {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a", "b"]));
        let late = Late::new(&memory);
        let mut vault = open(late.behind(0), OLD).unwrap();
        vault.add(&wallet("c", 3), at(9)).unwrap();
        let seen = vault.seen();
        let before = memory.files();
        let Ok(mut stale) = open(late.behind(behind), OLD) else { continue };
        let knows_it = names(&stale).contains(&"c".to_owned());
        stale.compare(&seen);
        assert_eq!(stale.broken().is_none(), knows_it, "{behind}");
        if !knows_it {
            assert!(stale.findings().iter().any(|finding| finding.id() == "older-state"), "{behind}");
            assert!(stale.add(&wallet("d", 4), at(10)).is_err() && stale.export_policy(None).is_err(), "{behind}");
            assert!(memory.files() == before, "{behind}");
        }
        let mut later = open(late.behind(0), OLD).unwrap();
        later.compare(&seen);
        assert!(later.broken().is_none() && contents(&later).len() == 3);
    }
}

/// A device that was switched off while others went on for a long time, and still has its view of then.
#[test]
fn a_device_that_slept_brings_nothing_of_then_back() {
    for changes in [1, 5, 20, 31, 32, 33, 34, 60] {
        let memory = Memory::new().without_lock().overwriting();
        let mut busy = vault(memory.arc(), &["a", "b", "c"]);
        busy.set_policy(denying(ExportItem::PrivateKey), at(5)).unwrap();
        let mut sleepy = reopen(&memory);
        busy.remove(busy.find("b").unwrap().id, Removal::Anyway, at(6)).unwrap();
        busy.rename(busy.find("a").unwrap().id, name("renamed"), at(7)).unwrap();
        busy.set_policy(VaultPolicy::advertised(), at(8)).unwrap();
        for change in 0..changes {
            busy.update(busy.find("c").unwrap().id, at(10 + change), back_up).unwrap();
        }
        sleepy.add(&wallet("d", 4), at(100)).unwrap();
        let again = reopen(&memory);
        assert_eq!(sorted(&again), ["c", "d", "renamed"], "after {changes}");
        assert!(again.policy().denials().is_empty(), "after {changes}: the policy of then is back");
        assert!(again.findings().is_empty(), "after {changes}: {:?}", again.findings());
    }
}

/// One that is too far behind to be told from one that was put back: it is said, and its record is not removed.
#[test]
fn a_change_that_comes_very_late_is_said() {
    let memory = Memory::new().without_lock().overwriting();
    drop(vault(memory.arc(), &["a"]));
    let offline = Memory::of(memory.files());
    reopen(&offline).add(&wallet("late", 2), at(5)).unwrap();
    let mut busy = reopen(&memory);
    for change in 0..40 {
        busy.update(busy.find("a").unwrap().id, at(10 + change), back_up).unwrap();
    }
    let late = newest(&offline, 1);
    for (file, bytes) in offline.files() {
        if !memory.files().contains_key(&file) && (file == late || file.contains("/records/")) {
            memory.put(&file, &bytes);
        }
    }
    let mut vault = reopen(&memory);
    let said = vault.findings().iter().any(|finding| finding.message().contains(&late));
    assert!(said || names(&vault).contains(&"late".to_owned()), "a wallet is left out and nobody says so");
    vault.rename(vault.find("a").unwrap().id, name("b"), at(99)).unwrap();
    let inside = Inside::open(&memory.files(), 1, OLD);
    let records = memory.names("epochs/1/records/").into_iter().map(|file| inside.record(&memory.get(&file)));
    assert!(records.into_iter().any(|record| record["name"] == "late"), "and its record stays");
}

// What is put back

/// A vault of many generations, and every file that it ever had.
fn history() -> (Memory, Files) {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "removed", "c"]);
    let mut all = memory.files();
    for change in 0..70 {
        match change {
            5 => vault.set_policy(denying(ExportItem::PrivateKey), at(10)).unwrap(),
            10 => vault.remove(vault.find("removed").unwrap().id, Removal::Anyway, at(10)).unwrap(),
            50 => vault.set_policy(denying(ExportItem::Keystore), at(10)).unwrap(),
            _ => vault.update(vault.find("c").unwrap().id, at(10 + change), back_up).unwrap(),
        }
        all.extend(memory.files());
    }
    (memory, all)
}

#[test]
fn an_old_manifest_that_is_put_back_changes_nothing() {
    let (memory, all) = history();
    let (today, shown) = (memory.files(), contents(&reopen(&memory)));
    let old = manifests(&all, 1);
    assert!(old.len() > 70);
    let mut said = 0;
    for manifest in &old[2..] {
        let memory = Memory::of(today.clone());
        memory.put(manifest, &all[manifest]);
        for next_change in [false, true] {
            let mut vault = reopen(&memory);
            if next_change {
                vault.add(&wallet("new", 50), at(99)).unwrap();
                vault = reopen(&memory);
            }
            assert_eq!(contents(&vault)[..2], shown[..], "{manifest}");
            let denied: Vec<_> = vault.policy().denials().iter().map(|denial| denial.item).collect();
            assert_eq!(denied, [ExportItem::Keystore], "{manifest}: the policy of today");
            let findings: Vec<_> = vault.findings().iter().collect();
            assert!(findings.iter().all(|finding| finding.message().contains(manifest)), "{findings:?}");
            said += findings.len();
        }
    }
    assert!(said > 10, "those of long ago are named");
    // All of them at once, with the records of then.
    let memory = Memory::of(all.into_iter().chain(today).collect());
    for _ in 0..2 {
        let mut vault = reopen(&memory);
        assert!(vault.find("removed").is_err() && contents(&vault) == shown);
        assert_eq!(vault.policy().denials().len(), 1);
        let seen = vault.seen();
        vault.update(vault.find("a").unwrap().id, at(99), |_| Ok(())).unwrap();
        vault.compare(&seen);
        assert!(vault.broken().is_none());
    }
}

#[test]
fn a_planted_manifest_is_named_and_the_good_rest_opens() {
    let (memory, all) = history();
    let (today, shown) = (memory.files(), contents(&reopen(&memory)));
    let generation: u64 =
        newest(&memory, 1).split("manifest-").nth(1).unwrap().split('-').next().unwrap().parse().unwrap();
    let old = &all[&manifests(&all, 1)[20]];
    for number in [generation - 40, generation - 20, generation - 1, generation, generation + 1, 1 << 40] {
        for bytes in [b"planted".as_slice(), old] {
            let memory = Memory::of(today.clone());
            let planted = format!("epochs/1/manifest-{number}-00112233aabbccdd.age");
            memory.put(&planted, bytes);
            let mut vault = open(memory.arc(), OLD).unwrap();
            let said = vault.findings().iter().any(|finding| finding.message().contains(&planted));
            assert!(said, "{planted}: {:?}", vault.findings());
            assert_eq!(contents(&vault), shown, "{planted}");
            vault.repair(at(90)).unwrap();
            let mut again = open(memory.arc(), OLD).unwrap();
            assert!(again.broken().is_none(), "{planted}");
            assert_eq!(contents(&again), shown, "{planted}");
            again.add(&wallet("new", 50), at(91)).unwrap();
            assert!(reopen(&memory).find("new").is_ok(), "{planted}");
        }
    }
}

#[test]
fn a_head_that_is_taken_away_is_found_out_by_who_wrote_it() {
    let memory = Memory::new().without_lock().overwriting();
    drop(vault(memory.arc(), &["a"]));
    let (one, mut other) = (Hooked::new(&memory), reopen(&memory));
    let mut vault = open(one.arc(), OLD).unwrap();
    let hook = Box::new(move || other.add(&wallet("theirs", 3), at(6)).unwrap());
    one.before(5, hook); // just before its own manifest
    vault.add(&wallet("mine", 2), at(5)).unwrap();
    assert!(one.ran());
    let seen = vault.seen();
    assert_eq!(sorted(&reopen(&memory)), ["a", "mine", "theirs"], "two heads");
    let mine = seen.to_string().split("manifests=").nth(1).unwrap().to_owned();
    memory.take(&format!("epochs/1/manifest-{mine}.age"));
    let mut left = reopen(&memory);
    assert_eq!(sorted(&left), ["a", "theirs"], "the other one opens");
    left.compare(&seen);
    assert!(left.broken().is_some() && left.add(&wallet("b", 4), at(7)).is_err());
    // Accepted, it is not asked for again; and the record that nobody lists is taken in.
    assert_eq!(left.repair(at(8)).unwrap(), [name("mine")]);
    let mut again = reopen(&memory);
    again.compare(&seen);
    assert!(again.broken().is_none() && sorted(&again) == ["a", "mine", "theirs"]);
}

#[test]
fn what_is_written_during_a_repair_is_not_taken_for_damage() {
    let base = Memory::new();
    let mut before = vault(base.arc(), &["a", "b"]);
    let older = base.files();
    before.add(&wallet("c", 3), at(5)).unwrap();
    let seen = before.seen();
    for operations in 0..100 {
        let memory = Memory::of(older.clone()).without_lock().overwriting();
        let (way, mut other) = (Hooked::new(&memory), reopen(&memory));
        let mut vault = open(way.arc(), OLD).unwrap();
        vault.compare(&seen);
        assert!(vault.broken().is_some());
        way.before(operations, Box::new(move || other.add(&wallet("meanwhile", 9), at(6)).unwrap()));
        vault.repair(at(7)).unwrap();
        if !way.ran() {
            assert!(operations > 8);
            return;
        }
        assert!(reopen(&memory).find("meanwhile").is_ok(), "before operation {operations}");
        assert_eq!(contents(&reopen(&memory)).len(), 3);
    }
}
