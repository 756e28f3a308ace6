//! A storage that stops or fails at every single operation: afterwards there is the old state or the new one, and all of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, ExportItem, Result};
use keyark_vault::{Lock, Removal, Storage, Unlocked, Vault, VaultDenial, VaultPolicy};
use support::fixture::*;
use support::inside::{newest, record_file, unlisted};
use support::memory::{Fault, Files, Memory, Op, Where};

/// What can be had with each of the two passwords, everything that is listed having been opened.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    old: Option<State>,
    new: Option<State>,
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    wallets: Vec<(String, String, usize)>,
    denials: Vec<VaultDenial>,
    current: bool,
    broken: bool,
    sealed: usize,
}

impl State {
    fn of(vault: &Unlocked) -> Self {
        Self {
            wallets: contents(vault),
            denials: vault.policy().denials().to_vec(),
            current: vault.is_current(),
            broken: vault.broken().is_some(),
            sealed: vault.sealed_epochs().count(),
        }
    }
}

impl Shown {
    fn of(memory: &Memory) -> Self {
        let state = |with: &str| {
            let vault = Vault::find(memory.arc()).unwrap()?;
            match vault.unlock(&password(with)) {
                Ok(vault) => Some(State::of(&vault)),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::WrongPassword, "{error:?}");
                    None
                }
            }
        };
        Self { old: state(OLD), new: state(NEW) }
    }

    /// The password that opens the current epoch.
    fn current(&self) -> Option<&'static str> {
        let is = |state: &Option<State>| state.as_ref().is_some_and(|state| state.current);
        is(&self.new).then_some(NEW).or(is(&self.old).then_some(OLD))
    }
}

/// One operation, on files in which it can be done.
struct Case {
    name: &'static str,
    before: Files,
    /// Unlocks what it needs, and does it.
    act: fn(&Memory) -> Result<()>,
    /// Whether each of the two passwords may open while it happens.
    both_passwords: bool,
}

fn case(name: &'static str, before: fn() -> Memory, act: fn(&Memory) -> Result<()>) -> Case {
    Case { name, before: before().files(), act, both_passwords: false }
}

/// Wallets a and b, of which b has been changed; what was there before has been retired.
fn two_wallets() -> Memory {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let b = vault.find("b").unwrap().id;
    vault.update(b, at(3), back_up).unwrap();
    memory
}

/// An older epoch with a and b, and the current one with mine, under the new password.
fn two_epochs() -> Memory {
    let memory = two_wallets();
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    found.reset(&wallet("mine", 7), &new_password(NEW), work(), at(4)).unwrap();
    memory
}

/// The newest manifest is damaged, which alone lists c.
fn damaged() -> Memory {
    let memory = two_wallets();
    open(memory.arc(), OLD).unwrap().add(&wallet("c", 3), at(4)).unwrap();
    let newest = newest(&memory, 1);
    memory.put(&newest, b"age-encryption.org/v1\n");
    memory
}

fn old(memory: &Memory) -> Unlocked {
    open(memory.arc(), OLD).unwrap()
}

fn denying() -> VaultPolicy {
    let denial = VaultDenial { item: ExportItem::PrivateKey, chain: None, reason: "of the test".to_owned() };
    VaultPolicy::advertised().deny(denial)
}

fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("create", Memory::new, |memory| Vault::create(memory.arc(), &new_password(NEW), work(), at(9)).map(drop)),
        case("add", two_wallets, |memory| old(memory).add(&wallet("c", 3), at(9))),
        case("update", two_wallets, |memory| {
            let mut vault = old(memory);
            let a = vault.find("a")?.id;
            vault.update(a, at(9), back_up)
        }),
        case("rename", two_wallets, |memory| {
            let mut vault = old(memory);
            let a = vault.find("a")?.id;
            vault.rename(a, name("renamed"), at(9))
        }),
        case("remove", two_wallets, |memory| {
            let mut vault = old(memory);
            let a = vault.find("a")?.id;
            vault.remove(a, Removal::Anyway, at(9))
        }),
        case("set_policy", two_wallets, |memory| old(memory).set_policy(denying(), at(9))),
        case("rekey", two_wallets, |memory| old(memory).rekey(&new_password(NEW), work(), at(9))),
        case("reset", two_wallets, |memory| {
            let found = Vault::find(memory.arc())?.unwrap();
            found.reset(&wallet("mine", 7), &new_password(NEW), work(), at(9)).map(drop)
        }),
        case("merge", two_epochs, |memory| {
            let older = old(memory);
            open(memory.arc(), NEW).unwrap().merge(&older, at(9)).map(drop)
        }),
        case("repair", damaged, |memory| old(memory).repair(at(9)).map(drop)),
        case("repair of a lost header", lost_header, |memory| old(memory).repair(at(9)).map(drop)),
        case("add with a damaged copy of the identity", damaged_copy, |memory| old(memory).add(&wallet("c", 3), at(9))),
    ];
    let change: fn(&Memory) -> Result<()> = |memory| old(memory).change_password(&new_password(NEW), work(), at(9));
    cases.push(Case { both_passwords: true, ..case("change_password", two_wallets, change) });
    cases
}

fn lost_header() -> Memory {
    let memory = two_wallets();
    memory.take("keyark-vault.json");
    memory
}

fn damaged_copy() -> Memory {
    let memory = two_wallets();
    memory.put("epochs/1/identity.password.copy.age", b"age-encryption.org/v1\n");
    memory
}

/// How many operations that change something the case has.
fn length(case: &Case) -> usize {
    let memory = Memory::of(case.before.clone());
    (case.act)(&memory).unwrap();
    let changes = |(op, _): &(Op, String)| matches!(op, Op::WriteNew | Op::Replace | Op::Delete);
    memory.log().iter().filter(|done| changes(done)).count()
}

/// The state before and the state after.
fn old_and_new(case: &Case) -> (Shown, Shown) {
    let memory = Memory::of(case.before.clone());
    let before = Shown::of(&memory);
    (case.act)(&memory).unwrap();
    let after = Shown::of(&memory);
    assert_ne!((&before, case.name), (&after, "add"), "the case does something");
    (before, after)
}

/// That the state is the old one or the new one. While a password is changed, both of them may open; and between the two last writes of a rekey, the old one
/// opens what was there before, as it does after a password was forgotten.
fn check_state(case: &Case, shown: &Shown, (before, after): &(Shown, Shown), what: &str) {
    let both = case.both_passwords && shown.old == before.old && shown.new == after.new;
    let older = |state: &State| State { current: false, ..state.clone() };
    let sealed_anew = case.name == "rekey" && shown.old == before.old.as_ref().map(older) && shown.new == after.new;
    let known = shown == before || shown == after || both || sealed_anew;
    assert!(known, "{what}: neither the old state nor the new one: {shown:?}");
}

/// Makes changes after the fault, and looks that they work and what is left lying about.
fn go_on(case: &Case, memory: &Memory, what: &str) {
    let Some(with) = Shown::of(memory).current() else {
        assert_eq!(case.name, "create", "{what}: no password opens it");
        drop(Vault::create(memory.arc(), &new_password(NEW), work(), at(20)).unwrap());
        return go_on(case, memory, what);
    };
    let mut vault = open(memory.arc(), with).unwrap();
    let mut expected = contents(&vault);
    if vault.broken().is_some() {
        vault.repair(at(20)).unwrap();
        expected = contents(&vault);
    }
    let record = wallet("next", 99);
    vault.add(&record, at(21)).unwrap_or_else(|error| panic!("{what}: {error}"));
    expected.push(("next".to_owned(), secret_of(&record), 0));
    vault.set_policy(VaultPolicy::default(), at(22)).unwrap();
    let again = open(memory.arc(), with).unwrap();
    assert_eq!(contents(&again), expected, "{what}");
    assert!(again.findings().is_empty(), "{what}: {:?}", again.findings());
    let other = if with == OLD { NEW } else { OLD };
    if case.both_passwords || (case.name == "rekey" && again.epoch() > 1) {
        assert!(open(memory.arc(), other).is_err(), "{what}: one password is left after the next change");
    }
    // What may stay: a record that no manifest ever listed, and an epoch that no header ever listed.
    for file in unlisted(&memory.files(), again.epoch(), with) {
        let orphan = file.starts_with(&format!("epochs/{}/records/", again.epoch()));
        let epoch: u32 = file.split('/').nth(1).unwrap().parse().unwrap();
        let unfinished = again.epoch() != epoch && matches!(case.name, "create" | "reset" | "rekey");
        let superseded = case.name == "rekey" && epoch == 1 && again.epoch() > 1;
        assert!((orphan || unfinished) && !superseded, "{what}: {file} stays for ever");
    }
}

#[test]
fn a_program_that_ends_anywhere_leaves_the_old_state_or_the_new_one() {
    for case in cases() {
        let states = old_and_new(&case);
        for at in 0..length(&case) {
            for place in [Where::Before, Where::After] {
                let what = format!("{} that ends {place:?} change {at}", case.name);
                let memory = Memory::of(case.before.clone());
                let faulty = memory.with_fault(Fault { at, changes_only: true, place, stops: true });
                let _ = (case.act)(&faulty);
                assert!(faulty.hit(), "{what}");
                check_state(&case, &Shown::of(&memory), &states, &what);
                go_on(&case, &memory, &what);
            }
        }
    }
}

#[test]
fn a_storage_that_fails_once_loses_nothing() {
    for case in cases() {
        let states = old_and_new(&case);
        for at in 0..length(&case) {
            for place in [Where::Before, Where::After] {
                let what = format!("{} with change {at} failing {place:?}", case.name);
                let memory = Memory::of(case.before.clone());
                let faulty = memory.with_fault(Fault { at, changes_only: true, place, stops: false });
                let result = (case.act)(&faulty);
                assert!(faulty.hit(), "{what}");
                let shown = Shown::of(&memory);
                check_state(&case, &shown, &states, &what);
                if result.is_ok() {
                    assert_eq!(shown, states.1, "{what}: it said that it was done");
                }
                go_on(&case, &memory, &what);
            }
        }
    }
}

/// Where nothing was done, the caller is told so; where it says that nothing was done, nothing was.
#[test]
fn an_operation_that_fails_before_it_takes_effect_has_changed_nothing() {
    for case in cases() {
        let (before, after) = old_and_new(&case);
        for at in 0..length(&case) {
            let what = format!("{} with change {at} failing before", case.name);
            let memory = Memory::of(case.before.clone());
            let faulty = memory.with_fault(Fault { at, changes_only: true, place: Where::Before, stops: false });
            let result = (case.act)(&faulty);
            let shown = Shown::of(&memory);
            if case.both_passwords || matches!(case.name, "create" | "set_policy") {
                continue; // the last write only confirms what counts already
            }
            assert_eq!(shown, if result.is_ok() { after.clone() } else { before.clone() }, "{what}: {result:?}");
        }
    }
}

/// Operations that read as well: each single one of them fails, once.
#[test]
fn a_read_that_fails_once_loses_nothing() {
    // Merging reports a record that could not be read, and takes the others: see below.
    for case in cases().into_iter().filter(|case| case.name != "merge") {
        let states = old_and_new(&case);
        // Unlocking fails in these too, and then nothing has begun.
        for at in 0..200 {
            let what = format!("{} with operation {at} failing", case.name);
            let memory = Memory::of(case.before.clone());
            let faulty = memory.with_fault(Fault { at, changes_only: false, place: Where::Before, stops: false });
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (case.act)(&faulty)));
            if !faulty.hit() {
                assert!(at > 5, "{what}");
                break;
            }
            let shown = Shown::of(&memory);
            check_state(&case, &shown, &states, &what);
            if matches!(result, Ok(Ok(()))) {
                assert_eq!(shown, states.1, "{what}: it said that it was done");
            }
        }
    }
}

#[test]
fn a_record_that_could_not_be_read_is_merged_the_next_time() {
    let memory = two_epochs();
    let file = record_file(&memory, 1, OLD, "a");
    let mut now = open(memory.arc(), NEW).unwrap();
    let away = memory.take(&file);
    let merged = now.merge(&old(&memory), at(9)).unwrap();
    assert_eq!((merged.added, merged.damaged.len()), (vec![name("b")], 1));
    assert_eq!(now.sealed_epochs().count(), 1, "it goes on being listed");
    memory.put(&file, &away);
    let merged = now.merge(&old(&memory), at(10)).unwrap();
    assert_eq!((merged.added, merged.known), (vec![name("a")], vec![name("b")]));
    assert_eq!(now.sealed_epochs().count(), 0);
}

#[test]
fn a_merge_does_not_take_a_damaged_epoch_for_taken_over() {
    let memory = damaged(); // c is listed by a damaged manifest only
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let mut now = found.reset(&wallet("mine", 7), &new_password(NEW), work(), at(5)).unwrap();
    let older = old(&memory);
    assert!(older.broken().is_some());
    let merged = now.merge(&older, at(6));
    let all = merged.is_ok_and(|merged| merged.added.contains(&name("c")));
    assert!(
        all || now.sealed_epochs().count() == 1,
        "c was not taken over, and nothing tells any more that it is there"
    );
}

/// A change of a vault that stays unlocked.
type Change = fn(&mut Unlocked) -> Result<()>;

fn rekey(vault: &mut Unlocked) -> Result<()> {
    vault.rekey(&new_password(NEW), work(), at(9))
}

fn changes() -> Vec<(&'static str, Change)> {
    vec![
        ("add", |vault| vault.add(&wallet("c", 3), at(9))),
        ("rename", |vault| {
            let a = vault.wallets()?[0].id;
            vault.rename(a, name("renamed"), at(9))
        }),
        ("remove", |vault| {
            let a = vault.wallets()?[0].id;
            vault.remove(a, Removal::Anyway, at(9))
        }),
        ("set_policy", |vault| vault.set_policy(denying(), at(9))),
        ("change_password", |vault| vault.change_password(&new_password(NEW), work(), at(9))),
        ("rekey", rekey),
    ]
}

#[test]
fn an_unlocked_vault_goes_on_being_used_after_a_failure() {
    for (name, change) in changes() {
        goes_on(name, change, Where::Before);
        if name != "rekey" {
            goes_on(name, change, Where::After);
        }
    }
}

#[test]
fn an_unlocked_vault_goes_on_being_used_after_a_rekey_that_happened_and_was_told_as_failed() {
    goes_on("rekey", rekey, Where::After);
}

/// Lets each operation of the change fail, and goes on with the same value.
fn goes_on(what: &str, change: Change, place: Where) {
    let start = two_wallets().files();
    for number in 0..50 {
        let what = format!("{what} with change {number} failing {place:?}");
        let memory = Memory::of(start.clone());
        let faulty = memory.with_fault(Fault { at: number, changes_only: true, place, stops: false });
        let mut vault = open(faulty.arc(), OLD).unwrap();
        let result = change(&mut vault);
        if !faulty.hit() {
            return;
        }
        contents(&vault);
        let added = vault.add(&wallet("next", 99), at(20));
        assert!(added.is_ok(), "{what} gave {result:?}, and the next change {added:?}");
        let with = Shown::of(&memory).current().unwrap();
        let again = open(memory.arc(), with).unwrap();
        assert_eq!(contents(&again), contents(&vault), "{what}");
        for wallet in ["b", "next"] {
            assert!(names(&again).contains(&wallet.to_owned()), "{what}");
        }
    }
}

#[test]
fn a_change_that_is_told_as_failed_can_be_made_again() {
    let start = two_wallets().files();
    for (name, change) in changes() {
        for at_change in 0..50 {
            let what = format!("{name} with change {at_change} failing");
            let memory = Memory::of(start.clone());
            let fault = Fault { at: at_change, changes_only: true, place: Where::Before, stops: false };
            let faulty = memory.with_fault(fault);
            let mut vault = open(faulty.arc(), OLD).unwrap();
            let first = change(&mut vault);
            if !faulty.hit() {
                break;
            }
            if first.is_err() {
                change(&mut vault).unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            let expected = {
                let memory = Memory::of(start.clone());
                change(&mut open(memory.arc(), OLD).unwrap()).unwrap();
                Shown::of(&memory)
            };
            assert_eq!(Shown::of(&memory), expected, "{what}");
        }
    }
}

// Files that cannot be deleted

#[test]
fn a_removed_wallet_does_not_come_back_where_files_cannot_be_deleted() {
    let memory = two_wallets();
    let removed = record_file(&memory, 1, OLD, "a");
    let keeping = memory.again();
    keeping.keep(&removed);
    let mut vault = open(keeping.arc(), OLD).unwrap();
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    for minute in 6..10 {
        vault.set_policy(VaultPolicy::default(), at(minute)).unwrap();
    }
    assert!(memory.files().contains_key(&removed));
    memory.put(&newest(&memory, 1), b"damaged");
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_some());
    assert_eq!(vault.repair(at(11)).unwrap(), [], "nothing that was removed is adopted");
    assert_eq!(names(&vault), ["b"]);
}

#[test]
fn a_file_that_could_not_be_deleted_is_deleted_later() {
    let memory = two_wallets();
    let removed = record_file(&memory, 1, OLD, "a");
    let keeping = memory.again();
    keeping.keep(&removed);
    let mut vault = open(keeping.arc(), OLD).unwrap();
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    for minute in 6..10 {
        vault.set_policy(VaultPolicy::default(), at(minute)).unwrap();
    }
    let mut later = open(memory.arc(), OLD).unwrap(); // where it can be deleted again
    later.set_policy(VaultPolicy::default(), at(11)).unwrap();
    later.set_policy(VaultPolicy::default(), at(12)).unwrap();
    assert_eq!(unlisted(&memory.files(), 1, OLD), [""; 0]);
}

// Storages that break their promises

#[test]
fn half_a_manifest_is_found_and_repaired() {
    for change in [(|vault: &mut Unlocked| vault.add(&wallet("c", 3), at(9))) as Change, |vault| {
        vault.rename(vault.wallets()?[0].id, name("renamed"), at(9))
    }] {
        let memory = two_wallets();
        let fault = Fault { at: 1, changes_only: true, place: Where::Halfway, stops: true };
        let faulty = memory.with_fault(fault);
        assert!(change(&mut open(faulty.arc(), OLD).unwrap()).is_err() && faulty.hit());
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.broken().is_some());
        assert_eq!(names(&vault), ["a", "b"]);
        vault.repair(at(10)).unwrap();
        let again = open(memory.arc(), OLD).unwrap();
        assert!(again.broken().is_none() && again.findings().is_empty());
        let mut shown: Vec<_> = contents(&again).into_iter().map(|(name, ..)| name).collect();
        shown.sort();
        assert!(shown == ["a", "b"] || shown == ["a", "b", "c"], "{shown:?}");
    }
}

/// Says that a manifest is there already, after it has written it: a retry inside of a cloud's client, whose first reply got lost.
struct Retrying(Memory);

impl Storage for Retrying {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.0.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.0.write_new(name, bytes)?;
        if name.contains("manifest") {
            return Err(Error::new(ErrorKind::AlreadyExists, "it is there already", "choose another name"));
        }
        Ok(())
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.0.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.0.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.0.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.0.lock()
    }
}

#[test]
fn a_storage_that_tried_twice_by_itself_costs_no_record() {
    let memory = two_wallets();
    let mut vault = open(Arc::new(Retrying(memory.clone())), OLD).unwrap();
    let _ = vault.rename(vault.find("a").unwrap().id, name("renamed"), at(9));
    let _ = vault.add(&wallet("c", 3), at(10));
    let again = open(memory.arc(), OLD).unwrap();
    for entry in again.wallets().unwrap() {
        assert!(again.record(entry.id).is_ok(), "{}: {:?}", entry.name, again.record(entry.id));
    }
}
