//! A vault's life: wallets that come, change and go, how few files that touches, and what can be seen from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
    pub(crate) mod storage_promises;
}

use std::thread;
use std::time::Duration;

use keyark_core::{ErrorKind, ExportItem, SecretText};
use keyark_phrase::{Language, Phrase};
use keyark_vault::{
    Account, Backup, BackupMethod, Passphrase, Removal, Seen, Unlocked, Vault, VaultDenial, VaultPolicy, WalletId,
    WalletRecord, WalletSecret,
};
use support::fixture::*;
use support::inside::{Inside, listed, newest, record_file, sha256_hex, unlisted};
use support::memory::{Memory, Op};
use support::storage_promises;

#[test]
fn the_storage_of_these_tests_keeps_the_promises() {
    storage_promises::check(&Memory::new());
}

// Wallets come, change and go

#[test]
fn a_new_vault_is_empty_and_opens_again() {
    let memory = Memory::new();
    assert!(Vault::find(memory.arc()).unwrap().is_none());
    let vault = Vault::create(memory.arc(), &new_password(OLD), work(), at(3)).unwrap();
    assert!(vault.wallets().unwrap().is_empty() && vault.findings().is_empty() && vault.broken().is_none());
    assert!(vault.is_current() && vault.sealed_epochs().next().is_none());
    assert_eq!((vault.epoch(), vault.written()), (1, at(3)));
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let epochs: Vec<_> = found.epochs().iter().map(|epoch| (epoch.number, epoch.password_set)).collect();
    assert_eq!((epochs, found.count_records(1).unwrap()), (vec![(1, Some(at(3)))], 0));
    assert!(names(&found.unlock(&password(OLD)).unwrap()).is_empty());
    assert_eq!(found.unlock(&password(NEW)).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert_eq!(
        Vault::create(memory.arc(), &new_password(NEW), work(), at(4)).unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert!(found.unlock(&password(OLD)).is_ok(), "the vault that was there is untouched");
}

#[test]
fn every_kind_of_wallet_comes_back_as_it_was_stored() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let mut stored = Vec::new();
    for (language, number) in Language::ALL.into_iter().zip(1..) {
        let phrase = Phrase::from_entropy(&[number; 32], language).unwrap();
        let kept = if number % 2 == 0 { Passphrase::Kept("caf\u{e9} \"x\"\n".into()) } else { Passphrase::Noted };
        stored.push(
            WalletRecord::new(name(language.id()), WalletSecret::Phrase(phrase), kept, at(number.into())).unwrap(),
        );
    }
    stored.push(key_wallet("old paper", 0x5a));
    for (record, minute) in stored.iter().zip(1..) {
        vault.add(record, at(minute)).unwrap();
    }
    let again = open(memory.arc(), OLD).unwrap();
    assert_eq!(again.wallets().unwrap().len(), stored.len());
    for (entry, record) in again.wallets().unwrap().iter().zip(&stored) {
        let read = again.record(entry.id).unwrap();
        assert!(read.secret().same_as(record.secret()), "{}", entry.name);
        assert_eq!((&read.name, &read.passphrase), (&record.name, &record.passphrase));
        assert_eq!((read.id(), read.created(), read.revision()), (record.id(), record.created(), 1));
        assert_eq!((entry.id, &entry.name, entry.created), (record.id(), &record.name, record.created()));
        assert_eq!(entry.secret_kind, record.secret().kind_id());
    }
    assert!(unlisted(&memory.files(), 1, OLD).is_empty());
}

#[test]
fn a_wallet_is_found_by_name_and_by_id() {
    let mut vault = vault(Memory::new().arc(), &["Savings", "spending"]);
    let id = vault.find("spending").unwrap().id;
    assert_eq!(vault.find("SPENDING").unwrap().id, id);
    assert_eq!(vault.find(&id.to_string().to_uppercase()).unwrap().name, name("spending"));
    let error = vault.find("spent").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.remedy().contains("Savings, spending"), "{error:?}");
    let unknown = WalletId::random().unwrap();
    assert_eq!(vault.find(&unknown.to_string()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.record(unknown).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.rename(unknown, name("x"), at(5)).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.remove(unknown, Removal::Anyway, at(5)).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn names_and_wallets_are_there_once() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["Savings", "\u{c4}rger"]);
    let before = memory.files();
    let mut kind = |record: &WalletRecord| vault.add(record, at(9)).unwrap_err();
    for taken in ["savings", "SAVINGS", "\u{e4}rger", "A\u{308}rger"] {
        assert_eq!(kind(&wallet(taken, 7)).kind(), ErrorKind::AlreadyExists, "{taken}");
    }
    let twice = kind(&wallet("another name", 1));
    assert_eq!(twice.kind(), ErrorKind::AlreadyExists);
    assert!(twice.remedy().contains("Savings"), "it says what it is called: {twice:?}");
    let (one, two) = (vault.wallets().unwrap()[0].id, vault.wallets().unwrap()[1].id);
    let error = vault.rename(two, name("SAVINGS"), at(9)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(memory.files() == before, "nothing was changed by any of it");
    vault.rename(one, name("SAVINGS"), at(9)).unwrap(); // its own name in other letters
    assert_eq!(names(&vault), ["SAVINGS", "\u{c4}rger"]);
}

#[test]
fn an_update_keeps_place_and_id_and_counts_the_revision() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b", "c"]);
    let id = vault.find("b").unwrap().id;
    vault.update(id, at(10), back_up).unwrap();
    vault.rename(id, name("renamed"), at(11)).unwrap();
    for vault in [&vault, &open(memory.arc(), OLD).unwrap()] {
        assert_eq!(names(vault), ["a", "renamed", "c"]);
        let (entry, record) = (vault.find("renamed").unwrap(), vault.record(id).unwrap());
        assert!(entry.id == id && entry.is_backed_up() && record.is_backed_up());
        assert_eq!((record.revision(), vault.written()), (3, at(11)));
        assert_eq!(record.backups, [proved_backup()]);
    }
    let before = memory.files();
    let refuse = |_: &mut WalletRecord| Err(keyark_core::Error::malformed("no", "no"));
    assert_eq!(vault.update(id, at(12), refuse).unwrap_err().problem(), "no");
    assert!(memory.files() == before);
}

#[test]
fn a_wallet_that_is_not_backed_up_is_not_removed_by_mistake() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let (a, b) = (vault.find("a").unwrap().id, vault.find("b").unwrap().id);
    let backups = [
        Backup::new(BackupMethod::Phrase, None, at(1)), // never read back
        proved(BackupMethod::Keystore),                 // one address only
        proved(BackupMethod::from("later".to_owned())),
    ];
    for backup in backups {
        let before = memory.files();
        assert_eq!(vault.remove(a, Removal::OnlyBackedUp, at(5)).unwrap_err().kind(), ErrorKind::Refused);
        assert!(memory.files() == before);
        vault
            .update(a, at(5), |record| {
                record.record_backup(backup.clone());
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(vault.remove(a, Removal::OnlyBackedUp, at(5)).unwrap_err().kind(), ErrorKind::Refused);
    vault.update(a, at(6), back_up).unwrap();
    vault.remove(a, Removal::OnlyBackedUp, at(7)).unwrap();
    assert_eq!(names(&vault), ["b"]);
    assert_eq!(vault.record(a).unwrap_err().kind(), ErrorKind::NotFound);
    vault.remove(b, Removal::Anyway, at(8)).unwrap();
    assert!(names(&open(memory.arc(), OLD).unwrap()).is_empty());
}

#[test]
fn a_removed_wallet_s_file_is_gone_after_the_next_change() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let file = record_file(&memory, 1, OLD, "a");
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    assert!(memory.files().contains_key(&file), "the previous state needs it");
    vault.set_policy(VaultPolicy::default(), at(6)).unwrap();
    assert!(!memory.files().contains_key(&file));
    assert!(unlisted(&memory.files(), 1, OLD).is_empty());
    vault.add(&wallet("a", 1), at(7)).unwrap(); // neither its name nor its words are taken
    assert_eq!(names(&vault), ["b", "a"]);
}

#[test]
fn a_wallet_that_came_is_the_one_that_another_program_removed() {
    let memory = Memory::new();
    let mut one = vault(memory.arc(), &["a", "b"]);
    let mut two = open(memory.arc(), OLD).unwrap();
    let a = two.find("a").unwrap().id;
    one.remove(a, Removal::Anyway, at(5)).unwrap();
    let error = two.rename(a, name("c"), at(6)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
    assert_eq!(names(&two), ["b"], "and it knows now");
}

/// Seals a record and a manifest that have fields of a later version, as that version would.
fn with_later_fields(memory: &Memory) {
    let inside = Inside::open(&memory.files(), 1, OLD);
    let newest = newest(memory, 1);
    let mut manifest = inside.manifest(&memory.get(&newest));
    let (file, _) = listed(&manifest).remove(0);
    let mut record = inside.record(&memory.get(&file));
    for place in ["/secret", "/passphrase", "/accounts/0", "/backups/0", ""] {
        let place = record.pointer_mut(place).unwrap();
        place["later"] = serde_json::json!({ "than": [1, "this"], "big": 123456789012345678_u64 });
    }
    let sealed = inside.seal(&record.to_string());
    manifest["records"][0]["sha256"] = sha256_hex(&sealed).into();
    for place in ["/records/0", "/policy", ""] {
        manifest.pointer_mut(place).unwrap()["later"] = "field".into();
    }
    memory.put(&file, &sealed);
    memory.put(&newest, &inside.seal_manifest(&manifest.to_string()));
}

#[test]
fn fields_of_later_versions_survive_a_change() {
    let memory = Memory::new();
    let mut first = vault(memory.arc(), &["a"]);
    first.update(first.find("a").unwrap().id, at(2), back_up).unwrap();
    with_later_fields(&memory);
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.findings().is_empty(), "{:?}", vault.findings());
    vault.rename(vault.find("a").unwrap().id, name("b"), at(5)).unwrap();

    let inside = Inside::open(&memory.files(), 1, OLD);
    let record = inside.record(&memory.get(&record_file(&memory, 1, OLD, "b")));
    assert_eq!(record["name"], "b");
    for place in ["/secret", "/passphrase", "/accounts/0", "/backups/0", ""] {
        let later = &record.pointer(place).unwrap()["later"];
        assert_eq!(later["than"], serde_json::json!([1, "this"]), "{place}");
        assert_eq!(later["big"], 123456789012345678_u64, "{place}");
    }
    let manifest = inside.manifest(&memory.get(&newest(&memory, 1)));
    assert_eq!((&manifest["later"], &manifest["policy"]["later"]), (&"field".into(), &"field".into()));
    vault.set_policy(vault.policy().clone().ask_password(), at(6)).unwrap();
    let manifest = inside.manifest(&memory.get(&newest(&memory, 1)));
    assert_eq!(manifest["policy"]["later"], "field");
}

#[test]
fn fields_that_later_versions_add_to_a_list_s_entry_survive_a_change_of_the_wallet() {
    let memory = Memory::new();
    let mut first = vault(memory.arc(), &["a", "b"]);
    first.update(first.find("a").unwrap().id, at(2), back_up).unwrap();
    with_later_fields(&memory);
    let mut vault = open(memory.arc(), OLD).unwrap();
    let entry_of = |vault: &mut Unlocked, minute| {
        vault.rename(vault.find("b").unwrap().id, name("b"), at(minute)).unwrap(); // of the other one
        let inside = Inside::open(&memory.files(), 1, OLD);
        inside.manifest(&memory.get(&newest(&memory, 1)))["records"][0].clone()
    };
    assert_eq!(entry_of(&mut vault, 5)["later"], "field");
    vault.rename(vault.find("a").unwrap().id, name("c"), at(6)).unwrap();
    assert_eq!(entry_of(&mut vault, 7)["later"], "field");
}

#[test]
fn the_policy_is_kept_and_travels_with_a_rekey() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let denial = |item, chain: Option<&str>, reason: &str| VaultDenial {
        item,
        chain: chain.map(str::to_owned),
        reason: reason.to_owned(),
    };
    let policy = VaultPolicy::advertised()
        .deny(denial(ExportItem::PrivateKey, None, "first reason"))
        .deny(denial(ExportItem::PrivateKey, Some("bitcoin"), "another"))
        .deny(denial(ExportItem::PrivateKey, None, "second reason"))
        .ask_password();
    let kept = [
        denial(ExportItem::PrivateKey, Some("bitcoin"), "another"),
        denial(ExportItem::PrivateKey, None, "second reason"),
    ];
    assert_eq!(policy.denials(), kept, "the same thing is denied once");
    vault.set_policy(policy, at(5)).unwrap();
    vault.rename(vault.find("a").unwrap().id, name("b"), at(6)).unwrap();
    for rekeyed in [false, true] {
        if rekeyed {
            vault.rekey(&new_password(NEW), work(), at(7)).unwrap();
        }
        let again = open(memory.arc(), if rekeyed { NEW } else { OLD }).unwrap();
        for vault in [&vault, &again] {
            assert_eq!(vault.policy().denials(), kept);
            assert!(vault.policy().asks_password());
        }
    }
    vault.set_policy(VaultPolicy::advertised(), at(8)).unwrap();
    let policy = open(memory.arc(), NEW).unwrap().policy().clone();
    assert!(policy.denials().is_empty() && !policy.asks_password());
}

// Passwords

#[test]
fn another_password_opens_the_same_files() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let (before, records) = (contents(&vault), memory.names("epochs/1/records/"));
    vault.change_password(&new_password(NEW), work(), at(5)).unwrap();
    assert_eq!(open(memory.arc(), OLD).unwrap_err().kind(), ErrorKind::WrongPassword);
    let mut again = open(memory.arc(), NEW).unwrap();
    assert_eq!((contents(&again), memory.names("epochs/1/records/")), (before, records));
    assert_eq!(Vault::find(memory.arc()).unwrap().unwrap().epochs()[0].password_set, Some(at(5)));
    assert!(vault.check_password(&password(NEW)).is_ok());
    assert_eq!(vault.check_password(&password(OLD)).unwrap_err().kind(), ErrorKind::WrongPassword);
    vault.add(&wallet("c", 3), at(6)).unwrap(); // the value goes on being used
    again.add(&wallet("d", 4), at(7)).unwrap();
    assert_eq!(names(&open(memory.arc(), NEW).unwrap()), ["a", "b", "c", "d"]);
}

#[test]
fn a_rekey_leaves_nothing_that_the_old_identity_opens() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let (before, seen) = (contents(&vault), vault.seen());
    let old = Inside::open(&memory.files(), 1, OLD);
    vault.rekey(&new_password(NEW), work(), at(5)).unwrap();
    assert_eq!((vault.epoch(), contents(&vault)), (2, before));
    assert_eq!(memory.names("epochs/1/"), [""; 0]);
    assert_ne!(Inside::open(&memory.files(), 2, NEW).recipient(), old.recipient());
    assert_eq!(open(memory.arc(), OLD).unwrap_err().kind(), ErrorKind::WrongPassword);
    vault.compare(&seen);
    assert!(vault.broken().is_none(), "a rekeyed vault is newer than what was seen before");
    vault.add(&wallet("c", 3), at(6)).unwrap();
    assert_eq!(names(&open(memory.arc(), NEW).unwrap()), ["a", "b", "c"]);
    assert!(unlisted(&memory.files(), 2, NEW).is_empty());
}

#[test]
fn a_forgotten_password_leaves_one_wallet_until_it_is_remembered() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let mut now = found.reset(&wallet("mine", 2), &new_password(NEW), work(), at(9)).unwrap();
    assert_eq!((now.epoch(), names(&now)), (2, vec!["mine".to_owned()]));
    let sealed: Vec<_> = now.sealed_epochs().map(|epoch| (epoch.number, epoch.password_set)).collect();
    assert_eq!(sealed, [(1, Some(at(0)))]);
    assert_eq!(Vault::find(memory.arc()).unwrap().unwrap().count_records(1).unwrap(), 3);

    now.add(&wallet("A", 7), at(10)).unwrap(); // another wallet of a name that the old part has
    let mut older = open(memory.arc(), OLD).unwrap();
    assert!(!older.is_current() && older.broken().is_none());
    assert_eq!(names(&older), ["a", "b", "c"]);
    let locked = older.add(&wallet("x", 9), at(11)).unwrap_err();
    assert_eq!(locked.kind(), ErrorKind::Locked);
    assert_eq!(older.change_password(&new_password(NEW), work(), at(11)).unwrap_err().kind(), ErrorKind::Locked);
    assert_eq!(older.merge(&now, at(11)).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(now.merge(&open(memory.arc(), NEW).unwrap(), at(11)).unwrap_err().kind(), ErrorKind::Usage);

    let merged = now.merge(&older, at(12)).unwrap();
    assert_eq!(merged.added, [name("a (2)"), name("c")]);
    assert_eq!(merged.known, [name("b")]);
    assert!(merged.damaged.is_empty() && now.sealed_epochs().next().is_none());
    let again = open(memory.arc(), NEW).unwrap();
    assert_eq!(names(&again), ["mine", "A", "a (2)", "c"]);
    assert_eq!(contents(&again).len(), 4);
    assert!(again.sealed_epochs().next().is_none());
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a", "b", "c"], "the older part stays");
    let twice = now.merge(&older, at(13)).unwrap();
    assert_eq!((twice.added.len(), twice.known.len()), (0, 3));
}

/// The old password is known, and the one of today is not.
#[test]
fn a_password_of_former_times_begins_anew_with_its_wallets() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b"]));
    Vault::find(memory.arc()).unwrap().unwrap().reset(&wallet("mine", 7), &new_password(NEW), work(), at(9)).unwrap();
    let mut older = open(memory.arc(), OLD).unwrap();
    older.rekey(&new_password(THIRD), work(), at(10)).unwrap();
    assert_eq!((older.epoch(), older.is_current(), names(&older)), (3, true, vec!["a".to_owned(), "b".to_owned()]));
    older.add(&wallet("c", 3), at(11)).unwrap();
    assert_eq!(names(&open(memory.arc(), NEW).unwrap()), ["mine"], "nothing of the others is touched");
    let mut today = open(memory.arc(), THIRD).unwrap();
    assert_eq!(today.sealed_epochs().map(|epoch| epoch.number).collect::<Vec<_>>(), [2]);
    assert_eq!(today.merge(&open(memory.arc(), NEW).unwrap(), at(12)).unwrap().added, [name("mine")]);
    // Sealed anew, nothing is left under the passwords of former times.
    today.rekey(&new_password(NEW), work(), at(13)).unwrap();
    assert_eq!(names(&today), ["a", "b", "c", "mine"]);
    assert_eq!(Vault::find(memory.arc()).unwrap().unwrap().epochs().len(), 1);
    assert_eq!(memory.names("epochs/1").len() + memory.names("epochs/2").len() + memory.names("epochs/3").len(), 0);
}

/// A private key has the first address of the words that it came from, and must not stand for them.
#[test]
fn a_key_is_not_taken_for_the_words_that_it_came_from() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let words = wallet("words", 1);
    let secret = WalletSecret::PrivateKey {
        chain: "bitcoin".to_owned(),
        network: keyark_core::Network::Mainnet,
        key: keyark_core::PrivateKey::new(keyark_core::Curve::Secp256k1, &[7; 32]),
    };
    let mut key = WalletRecord::new(name("key"), secret, Passphrase::None, at(1)).unwrap();
    key.accounts = words.accounts.clone();
    vault.add(&key, at(1)).unwrap();
    vault.add(&words, at(2)).unwrap();
    let mut again = WalletRecord::new(name("again"), words.secret().clone(), Passphrase::None, at(3)).unwrap();
    again.accounts = words.accounts.clone();
    assert_eq!(vault.add(&again, at(3)).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(names(&vault), ["key", "words"]);
}

#[test]
fn only_an_older_part_of_the_same_vault_is_merged() {
    let (memory, other) = (Memory::new(), Memory::new());
    drop(vault(memory.arc(), &["a", "b"]));
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let mut now = found.reset(&wallet("mine", 2), &new_password(NEW), work(), at(9)).unwrap();
    let foreign = vault(other.arc(), &["theirs"]); // has an epoch 1 too
    assert_eq!(now.merge(&foreign, at(10)).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(now.sealed_epochs().count(), 1, "the vault's own epoch 1 has not been taken over");
}

// How few files are touched

fn count(log: &[(Op, String)], op: Op) -> usize {
    log.iter().filter(|(known, _)| *known == op).count()
}

fn read_files(log: &[(Op, String)]) -> Vec<&str> {
    log.iter().filter(|(op, _)| *op == Op::Read).map(|(_, name)| name.as_str()).collect()
}

const IDENTITIES: [&str; 2] = ["epochs/1/identity.password.age", "epochs/1/identity.password.copy.age"];

#[test]
fn unlocking_reads_no_record_and_listing_reads_nothing() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    let reader = memory.again();
    let vault = open(reader.arc(), OLD).unwrap();
    let log = reader.log();
    let newest = newest(&memory, 1);
    assert_eq!(read_files(&log), ["keyark-vault.json", IDENTITIES[0], IDENTITIES[1], newest.as_str()]);
    assert_eq!(count(&log, Op::Read) + count(&log, Op::List), log.len(), "nothing is written or locked");
    assert_eq!(count(&log, Op::List), 3, "which epochs there are, whether this one is whole, and its manifests");

    assert_eq!(names(&vault).len(), 3);
    let id = vault.find("B").unwrap().id;
    let _ = (vault.policy(), vault.seen(), vault.export_policy(None).unwrap(), vault.sealed_epochs().count());
    assert_eq!(reader.log(), []);

    vault.record(id).unwrap();
    assert_eq!(reader.log(), [(Op::Read, record_file(&memory, 1, OLD, "b"))]);
}

#[test]
fn a_change_writes_one_record_and_one_manifest() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    let writer = memory.again();
    let mut vault = open(writer.arc(), OLD).unwrap();
    let id = vault.find("b").unwrap().id;
    let mut written = |what: &str, change: &mut dyn FnMut(&mut Unlocked), records: usize, reads: usize| {
        writer.log();
        change(&mut vault);
        let log = writer.log();
        let new: Vec<_> = log.iter().filter(|(op, _)| *op == Op::WriteNew).map(|(_, name)| name).collect();
        assert_eq!(new.len(), records + 1, "{what}: {log:?}");
        assert!(new.iter().take(records).all(|name| name.starts_with("epochs/1/records/")), "{what}: {log:?}");
        assert!(new[records].starts_with("epochs/1/manifest-"), "the manifest comes last: {what}, {log:?}");
        assert_eq!(count(&log, Op::Replace), 0, "{what}: {log:?}");
        assert_eq!(read_files(&log).len(), 1 + reads, "the header, which others may have changed: {what}, {log:?}");
        assert_eq!(count(&log, Op::Lock), 1, "{what}: {log:?}");
        assert!(!log.iter().any(|(op, name)| *op == Op::Read && name.contains("identity")), "no scrypt: {what}");
    };
    written("add", &mut |vault| vault.add(&wallet("d", 4), at(4)).unwrap(), 1, 0);
    written("rename", &mut |vault| vault.rename(id, name("e"), at(5)).unwrap(), 1, 1);
    written("remove", &mut |vault| vault.remove(id, Removal::Anyway, at(6)).unwrap(), 0, 0);
}

#[test]
fn a_new_policy_is_in_both_manifests_that_are_kept() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    vault.set_policy(VaultPolicy::advertised().ask_password(), at(5)).unwrap();
    memory.take(&newest(&memory, 1));
    let previous = open(memory.arc(), OLD).unwrap();
    assert!(previous.policy().asks_password(), "taking the newest one away brings the older policy back");
}

#[test]
fn a_thousand_wallets_are_opened_and_listed_with_four_reads() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    for number in 1..=1000 {
        vault.add(&wallet(&format!("wallet no. {number}"), number), at(number.into())).unwrap();
    }
    assert_eq!(memory.names("epochs/1/records/").len(), 1000);
    let reader = memory.again();
    let vault = open(reader.arc(), OLD).unwrap();
    assert_eq!(count(&reader.log(), Op::Read), 4);
    assert_eq!(vault.wallets().unwrap().len(), 1000);
    let last = vault.find("Wallet No. 1000").unwrap();
    assert_eq!(last.first_address, Some(("bitcoin".to_owned(), "bc1qcanary1000".to_owned())));
    assert_eq!(reader.log(), []);
    assert_eq!(secret_of(&vault.record(last.id).unwrap()), phrase(1000, Language::English).to_text().expose());
    assert_eq!(reader.log().len(), 1);
}

#[test]
fn one_password_derivation_serves_all_operations() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let user = memory.again();
    let mut vault = open(user.arc(), OLD).unwrap();
    for number in 2..12 {
        vault.add(&wallet(&format!("w{number}"), number), at(number.into())).unwrap();
        assert_eq!(contents(&vault).len(), usize::from(number));
    }
    vault.set_policy(VaultPolicy::default(), at(20)).unwrap();
    vault.repair(at(21)).unwrap();
    let log = user.log();
    let identities: Vec<_> = read_files(&log).into_iter().filter(|name| name.contains("identity")).collect();
    assert_eq!(identities, IDENTITIES, "each read once, and equal: one derivation");
    vault.check_password(&password(OLD)).unwrap();
    assert_eq!(count(&user.log(), Op::Read), 2, "which does derive again");
}

// What can be seen from outside

#[test]
fn no_file_shows_a_wallet_a_password_or_the_recipient() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["canary name"]);
    let mut key = key_wallet("key canary", 0x5a);
    let address = "0xCanaryCanary".to_owned();
    key.accounts.push(Account::new("ethereum", keyark_core::Network::Mainnet, "eoa", None, address, vec![4; 65]));
    key.record_backup(Backup::new(BackupMethod::Cloud, Some("canary cloud".to_owned()), at(1)));
    vault.add(&key, at(2)).unwrap();
    let mut kept = wallet("third", 3);
    kept.passphrase = Passphrase::Kept(SecretText::from("canary passphrase"));
    vault.add(&kept, at(3)).unwrap();
    vault.change_password(&new_password(NEW), work(), at(4)).unwrap();

    let words = phrase(1, Language::English).to_text();
    let key = "5a".repeat(32);
    let inside = Inside::open(&memory.files(), 1, NEW);
    let recipient = inside.recipient();
    let raw_key = [0x5a; 32];
    let entropy = phrase(1, Language::English).entropy();
    let vault_id = inside.manifest(&memory.get(&newest(&memory, 1)))["vault"].as_str().unwrap().to_owned();
    let ids: Vec<_> = vault.wallets().unwrap().iter().map(|entry| entry.id.to_string()).collect();
    let mut secrets: Vec<&[u8]> =
        vec![b"canary", b"Canary", b"bitcoin", b"ethereum", b"phrase", b"AGE-SECRET", b"age1"];
    secrets.extend([words.expose(), OLD, NEW, &key, &recipient, &vault_id].map(str::as_bytes));
    secrets.extend([&raw_key[..], &entropy]);
    secrets.extend(ids.iter().map(String::as_bytes));
    let words: Vec<_> = words.expose().split(' ').filter(|word| word.len() > 5).collect();
    secrets.extend(words.iter().map(|word| word.as_bytes()));
    for (file, bytes) in memory.files() {
        for secret in &secrets {
            let shown = String::from_utf8_lossy(secret);
            assert!(!bytes.windows(secret.len()).any(|window| window == *secret), "{file} shows {shown}");
            assert!(!file.contains(&*shown), "{file} is called after {shown}");
        }
    }
    let header = String::from_utf8(memory.get("keyark-vault.json")).unwrap();
    let expected =
        r#"{"format":"keyark-vault","version":1,"epochs":[{"epoch":1,"password_set":"2026-11-21T12:04:00Z"}]}"#;
    assert_eq!(header.trim_end(), expected, "the one file in the clear");
}

#[test]
fn sizes_do_not_tell_wallets_apart() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let mut sizes = Vec::new();
    for (entropy, called) in [(vec![1; 16], "twelve"), (vec![2; 32], "twenty-four words and a much longer name")] {
        let secret = WalletSecret::Phrase(Phrase::from_entropy(&entropy, Language::English).unwrap());
        let record = WalletRecord::new(name(called), secret, Passphrase::None, at(0)).unwrap();
        vault.add(&record, at(1)).unwrap();
        sizes.push(memory.get(&record_file(&memory, 1, OLD, called)).len());
        sizes.push(memory.get(&newest(&memory, 1)).len());
    }
    vault.add(&key_wallet("key", 1), at(2)).unwrap();
    sizes.push(memory.get(&record_file(&memory, 1, OLD, "key")).len());
    // age adds a random line of its own ("grease") to the header: sizes are those of one class, not equal.
    let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
    assert!(*least > 4096 && *most < 4096 + 1024, "{sizes:?}");
}

#[test]
fn debug_shows_nothing_secret() {
    let memory = Memory::new();
    let vault = vault(memory.arc(), &["canary name"]);
    let record = vault.record(vault.find("canary name").unwrap().id).unwrap();
    let words = phrase(1, Language::English).to_text();
    let inside = Inside::open(&memory.files(), 1, OLD);
    let shown = format!("{vault:?}");
    for secret in ["canary", OLD, &inside.recipient(), "AGE-SECRET"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let shown = format!("{record:?} {:?} {:?}", vault.policy(), vault.wallets().unwrap());
    let words: Vec<_> = words.expose().split(' ').collect();
    for pair in words.windows(2) {
        assert!(!shown.contains(&pair.join(" ")), "{shown}");
    }
}

// Forgetting the keys

#[test]
fn a_locked_vault_says_so_whatever_is_asked() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let id = vault.find("a").unwrap().id;
    let before = memory.files();
    assert!(!vault.lock_if_idle());
    vault.lock();
    assert!(vault.lock_if_idle());
    let other = open(memory.arc(), OLD).unwrap();
    let kinds = [
        ("wallets", vault.wallets().err()),
        ("find", vault.find("a").err()),
        ("record", vault.record(id).err()),
        ("check", vault.check_password(&password(OLD)).err()),
        ("add", vault.add(&wallet("b", 2), at(5)).err()),
        ("rename", vault.rename(id, name("b"), at(5)).err()),
        ("remove", vault.remove(id, Removal::Anyway, at(5)).err()),
        ("policy", vault.set_policy(VaultPolicy::default(), at(5)).err()),
        ("repair", vault.repair(at(5)).err()),
        ("password", vault.change_password(&new_password(NEW), work(), at(5)).err()),
        ("rekey", vault.rekey(&new_password(NEW), work(), at(5)).err()),
    ];
    for (what, error) in kinds {
        assert_eq!(error.expect(what).kind(), ErrorKind::Locked, "{what}");
    }
    assert!(memory.files() == before);
    assert_eq!(contents(&other).len(), 1, "the other program's is open");
}

#[test]
fn keys_are_forgotten_after_a_time_without_use() {
    let vault = vault(Memory::new().arc(), &["a"]);
    let id = vault.find("a").unwrap().id;
    vault.lock_after(Some(Duration::from_secs(3600)));
    assert!(!vault.lock_if_idle() && vault.record(id).is_ok());
    vault.lock_after(Some(Duration::from_millis(500)));
    for _ in 0..6 {
        thread::sleep(Duration::from_millis(100));
        assert!(vault.record(id).is_ok(), "use keeps it open");
    }
    vault.lock_after(Some(Duration::from_millis(5)));
    thread::sleep(Duration::from_millis(20));
    assert_eq!(vault.record(id).unwrap_err().kind(), ErrorKind::Locked, "without anybody asking for it before");
    vault.lock_after(None);
    assert!(vault.lock_if_idle(), "what is forgotten does not come back");
}

#[test]
fn an_idle_vault_is_locked_by_the_program_s_timer() {
    let vault = vault(Memory::new().arc(), &["a"]);
    vault.lock_after(Some(Duration::from_millis(50)));
    let mut rounds = 0;
    while !vault.lock_if_idle() {
        rounds += 1; // asking is not using
        assert!(rounds < 100, "it never locks");
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(vault.wallets().unwrap_err().kind(), ErrorKind::Locked);
}

// How far it had come

#[test]
fn a_note_of_how_far_it_had_come_is_text() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let seen = vault.seen();
    assert_eq!(seen.to_string().parse::<Seen>().unwrap(), seen);
    vault.add(&wallet("b", 2), at(5)).unwrap();
    assert_ne!(vault.seen(), seen);
    vault.compare(&seen);
    assert!(vault.broken().is_none() && vault.findings().is_empty());
    for bad in ["", "keyark-seen-1 vault=x epoch=1", "keyark-seen-2 vault=x epoch=1 generation=1"] {
        assert_eq!(bad.parse::<Seen>().unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
    }
    for bad in ["keyark-seen-1 vault=x epoch=01 generation=1", "keyark-seen-1 vault=x epoch=1 generation=1\n"] {
        assert_eq!(bad.parse::<Seen>().unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
    }
}
