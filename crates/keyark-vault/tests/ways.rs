//! The other ways into a vault: a recovery code, and a device's store. Neither is ever the only one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod memory;
}

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use age::secrecy::{ExposeSecret, SecretString};
use keyark_core::{Error, ErrorKind, Result, SecretText};
use keyark_vault::{DeviceStore, RecoveryCode, Removal, Unlocked, Vault, VaultPolicy};
use support::fixture::*;
use support::memory::{Fault, Memory, Op, Where};

const RECOVERY: &str = "epochs/1/identity.recovery.age";

fn code() -> RecoveryCode {
    RecoveryCode::generate().unwrap()
}

fn found(memory: &Memory) -> Vault {
    Vault::find(memory.arc()).unwrap().unwrap()
}

fn with_code(memory: &Memory, code: &RecoveryCode) -> Result<Unlocked> {
    found(memory).unlock_with_recovery(code)
}

/// A vault of a, b and c with a recovery code.
fn recoverable() -> (Memory, Unlocked, RecoveryCode) {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b", "c"]);
    let code = code();
    assert!(!vault.has_recovery().unwrap());
    vault.set_recovery(&code, work()).unwrap();
    assert!(vault.has_recovery().unwrap());
    (memory, vault, code)
}

// A recovery code

#[test]
fn a_code_opens_every_later_state_under_whatever_password() {
    let (memory, mut vault, code) = recoverable();
    let a = vault.find("a").unwrap().id;
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Unlocked) -> Result<()>);
    let changes: [Change<'_>; 7] = [
        ("nothing", &|_| Ok(())),
        ("add", &|vault| vault.add(&wallet("d", 4), at(5))),
        ("rename", &|vault| vault.rename(a, name("renamed"), at(6))),
        ("policy", &|vault| vault.set_policy(VaultPolicy::advertised().ask_password(), at(7))),
        ("password", &|vault| vault.change_password(&new_password(NEW), work(), at(8))),
        ("remove", &|vault| vault.remove(a, Removal::Anyway, at(9))),
        ("another password", &|vault| vault.change_password(&new_password(THIRD), work(), at(10))),
    ];
    for (what, change) in changes {
        change(&mut vault).unwrap();
        let mut by_code = with_code(&memory, &code).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(contents(&by_code), contents(&vault), "{what}");
        assert!(by_code.is_current() && by_code.findings().is_empty() && by_code.broken().is_none(), "{what}");
        assert!(by_code.has_recovery().unwrap() && by_code.reread().is_ok(), "{what}");
        by_code.compare(&vault.seen());
        assert!(by_code.broken().is_none(), "{what}");
    }
    assert_eq!(contents(&open(memory.arc(), THIRD).unwrap()), contents(&vault), "the password goes on opening it");
}

#[test]
fn a_forgotten_password_is_set_anew_with_the_code() {
    let (memory, before, code) = recoverable();
    let mut by_code = with_code(&memory, &code).unwrap();
    by_code.change_password(&new_password(NEW), work(), at(5)).unwrap();
    assert_eq!(open(memory.arc(), OLD).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert_eq!(contents(&open(memory.arc(), NEW).unwrap()), contents(&before), "nothing is lost");
    by_code.add(&wallet("d", 4), at(6)).unwrap();
    assert!(by_code.check_password(&password(NEW)).is_ok());
    assert_eq!(names(&with_code(&memory, &code).unwrap()), ["a", "b", "c", "d"]);
}

#[test]
fn a_new_code_takes_the_older_one_s_place() {
    let (memory, mut vault, older) = recoverable();
    let newer = code();
    vault.set_recovery(&newer, work()).unwrap();
    let error = with_code(&memory, &older).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongPassword);
    assert!(error.remedy().contains("later date"), "{error:?}");
    assert_eq!(contents(&with_code(&memory, &newer).unwrap()).len(), 3);
    assert!(!format!("{error:?} {error} {newer:?}").contains(newer.expose()), "no code is shown");
}

#[test]
fn a_vault_without_a_code_says_so() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let error = with_code(&memory, &code()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.remedy().contains("password"), "{error:?}");
}

#[test]
fn a_vault_that_was_sealed_anew_wants_a_new_code() {
    let (memory, mut vault, code) = recoverable();
    vault.rekey(&new_password(NEW), work(), at(5)).unwrap();
    assert!(!vault.has_recovery().unwrap());
    let error = with_code(&memory, &code).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
    assert!(!memory.files().contains_key(RECOVERY), "nothing that the old code opens is left");
    let newer = self::code();
    vault.set_recovery(&newer, work()).unwrap();
    assert_eq!(with_code(&memory, &code).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert_eq!(contents(&with_code(&memory, &newer).unwrap()), contents(&vault));
}

#[test]
fn after_a_forgotten_password_the_code_opens_what_was_there_before() {
    for with_wallet in [false, true] {
        let (memory, before, code) = recoverable();
        let now = match with_wallet {
            true => found(&memory).reset(&wallet("mine", 7), &new_password(NEW), work(), at(5)),
            false => found(&memory).forget_password(&new_password(NEW), work(), at(5)),
        };
        let mut now = now.unwrap();
        assert_eq!((now.epoch(), names(&now).len(), now.has_recovery().unwrap()), (2, with_wallet.into(), false));
        let mut older = with_code(&memory, &code).unwrap();
        assert_eq!((older.epoch(), older.is_current(), contents(&older)), (1, false, contents(&before)));
        assert_eq!(older.set_recovery(&self::code(), work()).unwrap_err().kind(), ErrorKind::Locked);
        assert_eq!(older.add(&wallet("d", 4), at(6)).unwrap_err().kind(), ErrorKind::Locked);
        let merged = now.merge(&older, at(7)).unwrap();
        assert_eq!((merged.added.len(), now.sealed_epochs().count()), (3, 0));
        let usage = found(&memory).forget_password(&new_password(NEW), work(), at(8)).unwrap_err();
        assert_eq!(usage.kind(), ErrorKind::Usage, "it is not forgotten");
    }
}

/// Who can write to the storage, and knows neither the code nor a password, puts files there.
#[test]
fn a_stranger_s_file_is_no_way_in_and_does_no_harm() {
    let (memory, _, code) = recoverable();
    let good = memory.get(RECOVERY);
    let identity = age::x25519::Identity::generate();
    let sealed = |with: &str| {
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(with));
        recipient.set_work_factor(1);
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
        writer.write_all(format!("{}\n", identity.to_string().expose_secret()).as_bytes()).unwrap();
        writer.finish().unwrap();
        sealed
    };
    let strangers = self::code();
    let other = recoverable().0.get(RECOVERY);
    // The last one even knows the code: then it opens, and nothing in the vault is that identity's.
    for bytes in [
        Vec::new(),
        b"age-encryption.org/v1\n".to_vec(),
        other,
        vec![0; 1 << 20],
        sealed(strangers.expose()),
        sealed(code.expose()),
    ] {
        memory.put(RECOVERY, &bytes);
        for code in [&code, &strangers] {
            let error = with_code(&memory, code).unwrap_err();
            let known = [ErrorKind::WrongPassword, ErrorKind::Malformed, ErrorKind::OutOfBounds];
            assert!(known.contains(&error.kind()) && !error.remedy().is_empty(), "{error:?}");
        }
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.findings().is_empty() && contents(&vault).len() >= 3, "the password's way is another file");
        vault.rename(vault.find("b").unwrap().id, name("b"), at(9)).unwrap();
    }
    memory.put(RECOVERY, &good);
    assert_eq!(contents(&with_code(&memory, &code).unwrap()).len(), 3);
    memory.take(RECOVERY);
    assert_eq!(with_code(&memory, &code).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_code_that_could_not_be_set_changes_nothing() {
    let (memory, _, code) = recoverable();
    for at_change in 0..3 {
        let fault = Fault { at: at_change, changes_only: true, place: Where::Before, stops: false };
        let faulty = memory.with_fault(fault);
        let set = open(faulty.arc(), OLD).unwrap().set_recovery(&self::code(), work());
        assert_eq!(set.is_err(), faulty.hit());
        if faulty.hit() {
            assert!(with_code(&memory, &code).is_ok());
        }
    }
}

#[test]
fn a_locked_or_other_vault_gets_no_code() {
    let (memory, mut vault, code) = recoverable();
    let before = memory.files();
    vault.lock();
    assert_eq!(vault.set_recovery(&self::code(), work()).unwrap_err().kind(), ErrorKind::Locked);
    assert!(memory.files() == before && with_code(&memory, &code).is_ok());
}

// A device's store

/// A keychain in memory.
#[derive(Default)]
struct Chain {
    kept: Mutex<BTreeMap<String, SecretText>>,
    asked: Mutex<usize>,
    refuses: Mutex<Option<&'static str>>,
}

impl Chain {
    fn refuse(&self, what: Option<&'static str>) {
        *self.refuses.lock().unwrap() = what;
    }

    fn check(&self, what: &'static str) -> Result<()> {
        if *self.refuses.lock().unwrap() == Some(what) {
            return Err(Error::new(ErrorKind::Cancelled, "the person declined", "use the password"));
        }
        Ok(())
    }

    fn kept(&self) -> usize {
        self.kept.lock().unwrap().len()
    }
}

impl DeviceStore for Chain {
    fn store(&self, entry: &str, secret: &SecretText) -> Result<()> {
        self.check("store")?;
        self.kept.lock().unwrap().insert(entry.to_owned(), SecretText::from(secret.expose()));
        Ok(())
    }

    fn load(&self, entry: &str) -> Result<Option<SecretText>> {
        self.check("load")?;
        let found = self.kept.lock().unwrap().get(entry).map(|secret| SecretText::from(secret.expose()));
        *self.asked.lock().unwrap() += usize::from(found.is_some()); // a person is asked for what is there
        Ok(found)
    }

    fn forget(&self, entry: &str) -> Result<()> {
        self.check("forget")?;
        self.kept.lock().unwrap().remove(entry);
        Ok(())
    }
}

fn with_device(memory: &Memory, chain: &Chain) -> Result<Unlocked> {
    found(memory).unlock_with_device(chain)
}

fn slots(memory: &Memory) -> usize {
    memory.names("epochs/1/identity.device-").len()
}

/// A vault of a, b and c that a device opens.
fn known_device() -> (Memory, Unlocked, Chain) {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b", "c"]);
    let chain = Chain::default();
    vault.add_device(&chain).unwrap();
    (memory, vault, chain)
}

#[test]
fn a_device_opens_every_later_state_and_derives_nothing() {
    let (memory, mut vault, chain) = known_device();
    vault.add(&wallet("d", 4), at(5)).unwrap();
    vault.change_password(&new_password(NEW), work(), at(6)).unwrap();
    let user = memory.again();
    let mut by_device = Vault::find(user.arc()).unwrap().unwrap().unlock_with_device(&chain).unwrap();
    let read: Vec<_> =
        user.log().into_iter().filter(|(op, name)| *op == Op::Read && name.contains("identity")).collect();
    assert_eq!(read.len(), 1, "its own slot: {read:?}");
    assert_eq!(*chain.asked.lock().unwrap(), 1, "the person is asked once");
    assert_eq!(contents(&by_device), contents(&vault));
    by_device.add(&wallet("e", 5), at(7)).unwrap();
    assert!(by_device.reread().is_ok());
    assert_eq!(contents(&open(memory.arc(), NEW).unwrap()).len(), 5, "the password goes on opening it");
    let (kept, secret) = chain
        .kept
        .lock()
        .unwrap()
        .iter()
        .next()
        .map(|(name, secret)| (name.clone(), secret.expose().to_owned()))
        .unwrap();
    assert!(kept.starts_with("keyark vault ") && kept.len() == 13 + 32, "{kept}");
    let key = secret.strip_suffix(" 1").unwrap(); // for this epoch
    assert_eq!(key.len(), 74);
    assert!(memory.files().values().all(|bytes| !bytes.windows(74).any(|window| window == key.as_bytes())));
}

#[test]
fn a_device_is_known_once() {
    let (memory, mut vault, chain) = known_device();
    for _ in 0..3 {
        vault.add_device(&chain).unwrap();
        assert_eq!((slots(&memory), chain.kept()), (1, 1));
        assert!(with_device(&memory, &chain).is_ok());
    }
    let other = Chain::default();
    assert_eq!(with_device(&memory, &other).unwrap_err().kind(), ErrorKind::NotFound);
    vault.add_device(&other).unwrap();
    assert_eq!((slots(&memory), chain.kept(), other.kept()), (2, 1, 1));
    assert!(vault.remove_device(&chain).unwrap() && !vault.remove_device(&chain).unwrap());
    assert_eq!((slots(&memory), chain.kept()), (1, 0));
    assert_eq!(with_device(&memory, &chain).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(with_device(&memory, &other).is_ok() && open(memory.arc(), OLD).is_ok());
}

#[test]
fn a_store_that_has_lost_its_key_or_has_a_wrong_one_costs_nothing_but_the_password() {
    let (memory, mut vault, chain) = known_device();
    let entry = chain.kept.lock().unwrap().keys().next().unwrap().clone();
    let wrong = age::x25519::Identity::generate().to_string().expose_secret().to_owned();
    for key in [wrong.as_str(), "", "AGE-SECRET-KEY-1", "\u{e4}"] {
        chain.kept.lock().unwrap().insert(entry.clone(), SecretText::from(key));
        let error = with_device(&memory, &chain).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error:?}");
        assert!(key.is_empty() || !format!("{error:?}{error}").contains(key));
        assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 3);
    }
    chain.kept.lock().unwrap().clear();
    let error = with_device(&memory, &chain).unwrap_err();
    assert!(error.kind() == ErrorKind::NotFound && error.remedy().contains("password"), "{error:?}");
    vault.add_device(&chain).unwrap();
    assert_eq!(contents(&with_device(&memory, &chain).unwrap()).len(), 3);
}

#[test]
fn a_person_who_declines_changes_nothing() {
    let (memory, mut vault, chain) = known_device();
    for refused in ["load", "store"] {
        chain.refuse(Some(refused));
        assert_eq!(vault.add_device(&chain).unwrap_err().kind(), ErrorKind::Cancelled, "{refused}");
        chain.refuse(None);
        assert!(with_device(&memory, &chain).is_ok(), "{refused} declined, and the device has lost its way in");
        assert_eq!((slots(&memory), chain.kept()), (1, 1), "{refused}");
    }
    chain.refuse(Some("load"));
    assert_eq!(with_device(&memory, &chain).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(vault.remove_device(&chain).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(slots(&memory), 1);
    assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 3);
}

#[test]
fn a_slot_that_could_not_be_written_leaves_no_key_behind() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let fault = Fault { at: 0, changes_only: true, place: Where::Before, stops: false };
    let faulty = memory.with_fault(fault);
    let chain = Chain::default();
    assert!(open(faulty.arc(), OLD).unwrap().add_device(&chain).is_err() && faulty.hit());
    assert_eq!((slots(&memory), chain.kept()), (0, 0));
}

#[test]
fn a_vault_that_was_sealed_anew_does_not_know_the_device() {
    let (memory, mut vault, chain) = known_device();
    vault.rekey(&new_password(NEW), work(), at(5)).unwrap();
    assert_eq!(slots(&memory), 0);
    assert_eq!(with_device(&memory, &chain).unwrap_err().kind(), ErrorKind::NotFound);
    vault.add_device(&chain).unwrap();
    assert_eq!(contents(&with_device(&memory, &chain).unwrap()), contents(&vault));
}

/// A stranger fills the folder with slots: the store is asked for so many at most, and the password opens.
#[test]
fn planted_slots_cost_little() {
    let (memory, _, chain) = known_device();
    for number in 0..500 {
        memory.put(&format!("epochs/1/identity.device-{number:032x}.age"), b"planted");
    }
    for other in ["x", "0123", &"G".repeat(32)] {
        memory.put(&format!("epochs/1/identity.device-{other}.age"), b"planted");
    }
    let opened = with_device(&memory, &chain);
    assert!(opened.as_ref().map_or_else(|error| error.kind() == ErrorKind::NotFound, |_| true), "{opened:?}");
    assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 3);
}
