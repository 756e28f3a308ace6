//! What is too much, too new, or not a vault: refused before any work is done, and never written in the first place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyark_core::{ErrorKind, Network};
use keyark_vault::{Account, Backup, BackupMethod, Folder, Storage, Vault};
use serde_json::{Value, json};
use support::fixture::*;
use support::inside::{Inside, newest, sha256_hex};
use support::memory::Memory;
use tempfile::TempDir;

const HEADER: &str = "keyark-vault.json";
const IDENTITIES: [&str; 2] = ["epochs/1/identity.password.age", "epochs/1/identity.password.copy.age"];
const GIGABYTE: u64 = 1 << 30;

/// A vault of two wallets on a disk.
struct Disk {
    home: TempDir,
}

impl Disk {
    fn new() -> Self {
        let disk = Self { home: tempfile::tempdir().unwrap() };
        drop(vault(disk.storage(), &["a", "b"]));
        disk
    }

    fn storage(&self) -> Arc<dyn Storage> {
        Arc::new(Folder::new(self.home.path().join("vault")))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join("vault").join(name)
    }

    /// Makes a file so long, without content that would take room.
    fn stretch(&self, name: &str, length: u64) {
        File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.path(name))
            .unwrap()
            .set_len(length)
            .unwrap();
    }

    fn newest_manifest(&self) -> String {
        let generations = fs::read_dir(self.path("epochs/1")).unwrap().filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let text = name.strip_prefix("manifest-")?.strip_suffix(".age")?;
            Some((text.split('-').next()?.parse::<u64>().ok()?, name))
        });
        format!("epochs/1/{}", generations.max().unwrap().1)
    }
}

/// That it takes no time that a person would notice.
fn at_once<T>(act: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = act();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    result
}

#[test]
fn a_huge_header_is_refused_and_named() {
    let disk = Disk::new();
    disk.stretch(HEADER, 2 << 20);
    match at_once(|| open(disk.storage(), OLD)) {
        Ok(vault) => assert!(vault.findings().iter().any(|finding| finding.id() == "header-lost")),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::OutOfBounds);
            assert!(error.to_string().contains(HEADER), "{error}");
        }
    }
}

#[test]
fn a_huge_manifest_is_not_read() {
    let disk = Disk::new();
    let newest = disk.newest_manifest();
    disk.stretch(&newest, GIGABYTE);
    let mut vault = at_once(|| open(disk.storage(), OLD)).unwrap();
    assert_eq!(names(&vault), ["a"]);
    assert!(vault.broken().unwrap().to_string().contains("manifest-"), "{:?}", vault.broken());
    assert_eq!(vault.repair(at(9)).unwrap(), [name("b")]);
    assert_eq!(contents(&open(disk.storage(), OLD).unwrap()).len(), 2);
}

#[test]
fn a_huge_record_is_not_read() {
    let disk = Disk::new();
    let record = fs::read_dir(disk.path("epochs/1/records")).unwrap().next().unwrap().unwrap().file_name();
    disk.stretch(&format!("epochs/1/records/{}", record.to_str().unwrap()), GIGABYTE);
    let vault = open(disk.storage(), OLD).unwrap();
    let read = |called| at_once(|| vault.record(vault.find(called).unwrap().id));
    let results = [read("a"), read("b")];
    let errors: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind(), ErrorKind::OutOfBounds);
    assert!(errors[0].to_string().contains(record.to_str().unwrap()), "{}", errors[0]);
}

#[test]
fn a_huge_identity_is_not_read() {
    for name in IDENTITIES {
        let disk = Disk::new();
        disk.stretch(name, GIGABYTE);
        let vault = at_once(|| open(disk.storage(), OLD)).unwrap();
        assert!(vault.findings()[0].message().contains(name), "{:?}", vault.findings());
    }
    let disk = Disk::new();
    for name in IDENTITIES {
        disk.stretch(name, GIGABYTE);
    }
    let error = at_once(|| open(disk.storage(), OLD)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.to_string().contains("identity.password"), "{error}");
}

#[test]
fn too_much_work_is_refused_before_it_is_done() {
    for factor in ["21", "40", "63", "64", "255"] {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        let sealed = memory.get(IDENTITIES[0]);
        let line = sealed.split(|byte| *byte == b'\n').nth(1).unwrap().to_vec();
        assert!(line.starts_with(b"-> scrypt ") && line.ends_with(b" 1"));
        let end = sealed.iter().position(|byte| *byte == b'\n').unwrap() + 1 + line.len();
        let greedy = [&sealed[..end - 1], factor.as_bytes(), &sealed[end..]].concat();
        memory.put(IDENTITIES[0], &greedy);
        let vault = at_once(|| open(memory.arc(), OLD)).unwrap();
        assert!(vault.findings()[0].message().contains(IDENTITIES[0]), "the twin is good");
        memory.put(IDENTITIES[1], &greedy);
        let error = at_once(|| open(memory.arc(), OLD)).unwrap_err();
        assert_eq!(
            error.kind(),
            if factor.len() < 3 && factor != "64" { ErrorKind::OutOfBounds } else { error.kind() }
        );
        assert!(matches!(error.kind(), ErrorKind::OutOfBounds | ErrorKind::Malformed), "{factor}: {error:?}");
        assert!(error.problem().contains(IDENTITIES[0]), "{error}");
    }
}

// Newer formats

#[test]
fn a_vault_of_a_newer_format_is_left_alone() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    memory.put(HEADER, br#"{"format":"keyark-vault","version":2,"epochs":{"other":"form"}}"#);
    let before = memory.files();
    let error = Vault::find(memory.arc()).err().unwrap();
    assert!(error.kind() == ErrorKind::Malformed && error.problem().contains("version 2"), "{error:?}");
    assert!(error.remedy().contains("newer keyark"), "{error:?}");
    assert!(Vault::create(memory.arc(), &new_password(NEW), work(), at(9)).is_err());
    assert!(memory.files() == before);
}

/// The newest manifest, changed by who has the password.
fn edit_manifest(memory: &Memory, edit: impl FnOnce(&mut Value)) {
    let inside = Inside::open(&memory.files(), 1, OLD);
    let newest = newest(memory, 1);
    let mut manifest = inside.manifest(&memory.get(&newest));
    edit(&mut manifest);
    memory.put(&newest, &inside.seal_manifest(&manifest.to_string()));
}

#[test]
fn a_manifest_of_a_newer_format_is_not_passed_over() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b"]));
    edit_manifest(&memory, |manifest| manifest["version"] = 2.into());
    let error = open(memory.arc(), OLD).unwrap_err();
    assert!(error.problem().contains("version 2"), "{error:?}");
    assert!(error.remedy().contains("newer keyark"), "{error:?}");
}

#[test]
fn what_a_newer_version_denies_is_not_passed_over() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b"]));
    edit_manifest(&memory, |manifest| {
        manifest["policy"]["denied"] = json!([{ "item": "telepathy", "reason": "x" }]);
    });
    let vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.export_policy(None).is_err(), "nothing is exported under a policy that is not understood");
}

#[test]
fn a_record_of_a_newer_format_says_so() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let inside = Inside::open(&memory.files(), 1, OLD);
    let file = memory.names("epochs/1/records/").remove(0);
    let mut record = inside.record(&memory.get(&file));
    record["version"] = 2.into();
    let sealed = inside.seal(&record.to_string());
    memory.put(&file, &sealed);
    edit_manifest(&memory, |manifest| manifest["records"][0]["sha256"] = sha256_hex(&sealed).into());
    let vault = open(memory.arc(), OLD).unwrap();
    let error = vault.record(vault.find("a").unwrap().id).unwrap_err();
    assert!(error.problem().contains("version 2") && error.to_string().contains(&file), "{error}");
}

// Not a vault

#[test]
fn other_things_are_not_taken_for_a_vault() {
    let format = |epochs: &str| format!(r#"{{"format":"keyark-vault","version":1,"epochs":{epochs}}}"#);
    let garbage = ["[]", "{}", "7", "null", r#"[{"epoch":"1"}]"#, r#"[{"epoch":1.5}]"#, r#"[{"epoch":4294967296}]"#];
    let many = format!("[{}]", (1..1002).map(|n| format!(r#"{{"epoch":{n}}}"#)).collect::<Vec<_>>().join(","));
    for epochs in garbage.into_iter().chain([many.as_str()]) {
        let memory = Memory::new();
        memory.put(HEADER, format(epochs).as_bytes());
        let error = Vault::find(memory.arc()).err().unwrap();
        assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::OutOfBounds), "{epochs:.40}: {error:?}");
        assert!(!error.remedy().is_empty());
        // Beside good files it is as if it were lost.
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        memory.put(HEADER, format(epochs).as_bytes());
        assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a"], "{epochs:.40}");
    }
}

#[test]
fn no_number_of_an_epoch_overflows() {
    for number in [u32::MAX, u32::MAX - 1] {
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        memory.put(
            HEADER,
            format!(r#"{{"format":"keyark-vault","version":1,"epochs":[{{"epoch":1}},{{"epoch":{number}}}]}}"#)
                .as_bytes(),
        );
        let found = Vault::find(memory.arc()).unwrap().unwrap();
        // An error or a new epoch; never a panic, nor an epoch whose number is below the last one's.
        if let Ok(vault) = found.reset(&wallet("b", 2), &new_password(NEW), work(), at(9)) {
            assert!(vault.is_current() && vault.epoch() > 1, "{vault:?}");
        }
    }
}

#[test]
fn a_folder_with_other_files_stays_as_it_is() {
    for other in ["notes.txt", "photos/cat.jpg"] {
        let memory = Memory::new();
        memory.put(other, b"mine");
        let before = memory.files();
        for error in [
            Vault::find(memory.arc()).err().unwrap(),
            Vault::create(memory.arc(), &new_password(NEW), work(), at(9)).unwrap_err(),
        ] {
            assert!(error.kind() == ErrorKind::Malformed && error.problem().contains("other files"), "{error}");
        }
        assert!(memory.files() == before);
        // Beside a vault they do no harm.
        let memory = Memory::new();
        drop(vault(memory.arc(), &["a"]));
        for other in [other, "epochs/notes.txt", "epochs/x/manifest-1.age", "epochs/01/manifest-1.age"] {
            memory.put(other, b"mine");
        }
        let mut vault = open(memory.arc(), OLD).unwrap();
        vault.add(&wallet("b", 2), at(9)).unwrap();
        vault.rekey(&new_password(NEW), work(), at(10)).unwrap();
        assert_eq!((contents(&vault).len(), memory.get(other)), (2, b"mine".to_vec()));
        memory.take(HEADER);
        assert_eq!(contents(&open(memory.arc(), NEW).unwrap()).len(), 2);
    }
}

// Too much of the owner's own

/// A manifest that lists so many wallets, all of one record.
fn with_entries(memory: &Memory, count: usize) {
    edit_manifest(memory, |manifest| {
        let first = manifest["records"][0].clone();
        let entry = |number: usize| {
            let mut entry = first.clone();
            entry["id"] = format!("{number:032x}").into();
            entry["name"] = format!("wallet {number}").into();
            entry["address"] = format!("bc1q{number}").into();
            entry
        };
        manifest["records"] = (0..count).map(entry).collect();
    });
}

#[test]
fn more_records_than_are_read_are_refused() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    with_entries(&memory, 100_001);
    let vault = open(memory.arc(), OLD).unwrap();
    let error = vault.broken().unwrap();
    assert!(error.problem().contains("100001") && error.problem().contains("100000"), "both numbers: {error}");
    assert!(names(&vault).is_empty(), "the state before it");
}

#[test]
fn no_manifest_is_written_that_could_not_be_read() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    with_entries(&memory, 100_000);
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(vault.wallets().unwrap().len(), 100_000);
    let added = vault.add(&wallet("one more", 9), at(9));
    let again = open(memory.arc(), OLD).unwrap();
    assert!(again.broken().is_none(), "adding gave {added:?}, and then: {:?}", again.broken());
    assert!(again.wallets().unwrap().len() >= 100_000);
}

#[test]
fn no_record_is_written_that_could_not_be_read() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let mut accounts = wallet("accounts", 2);
    let text = |length: usize| "x".repeat(length);
    for _ in 0..10_000 {
        accounts.accounts.push(Account::new("bitcoin", Network::Mainnet, "p2wpkh", None, text(1000), vec![2; 33]));
    }
    accounts.accounts.truncate(10_000);
    let mut backups = wallet("backups", 3);
    for number in 0..10_000 {
        let mut backup = Backup::new(BackupMethod::Sheet, Some(format!("{number} {}", text(900))), at(1));
        backup.detail = Some(text(1000));
        backups.backups.push(backup);
    }
    for record in [accounts, backups] {
        let added = vault.add(&record, at(9));
        let again = open(memory.arc(), OLD).unwrap();
        assert!(again.broken().is_none(), "{} gave {added:?}, then {:?}", record.name, again.broken());
        match added {
            Ok(()) => {
                let read = again.record(record.id());
                assert!(read.is_ok(), "{} was added, and then: {}", record.name, read.unwrap_err());
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error:?}"),
        }
    }
}
