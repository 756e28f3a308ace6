//! The operations, on files in which each can be done, and what may come of one that fails.

use super::*;
use support::memory::{Files, Op};

/// One operation, on files in which it can be done.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) before: Files,
    /// Unlocks what it needs, and does it.
    pub(super) act: fn(&Memory) -> Result<()>,
    /// Whether each of the two passwords may open while it happens.
    pub(super) both_passwords: bool,
}

fn case(name: &'static str, before: fn() -> Memory, act: fn(&Memory) -> Result<()>) -> Case {
    Case { name, before: before().files(), act, both_passwords: false }
}

pub(super) fn cases() -> Vec<Case> {
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
pub(super) fn length(case: &Case) -> usize {
    let memory = Memory::of(case.before.clone());
    (case.act)(&memory).unwrap();
    let changes = |(op, _): &(Op, String)| matches!(op, Op::WriteNew | Op::Replace | Op::Delete);
    memory.log().iter().filter(|done| changes(done)).count()
}

/// The state before and the state after.
pub(super) fn old_and_new(case: &Case) -> (Shown, Shown) {
    let memory = Memory::of(case.before.clone());
    let before = Shown::of(&memory);
    (case.act)(&memory).unwrap();
    let after = Shown::of(&memory);
    assert_ne!((&before, case.name), (&after, "add"), "the case does something");
    (before, after)
}

/// That the state is the old one or the new one. While a password is changed, both of them may open; and between the two last writes of a rekey, the old one
/// opens what was there before, as it does after a password was forgotten.
pub(super) fn check_state(case: &Case, shown: &Shown, (before, after): &(Shown, Shown), what: &str) {
    let both = case.both_passwords && shown.old == before.old && shown.new == after.new;
    let older = |state: &State| State { current: false, ..state.clone() };
    let sealed_anew = case.name == "rekey" && shown.old == before.old.as_ref().map(older) && shown.new == after.new;
    let known = shown == before || shown == after || both || sealed_anew;
    assert!(known, "{what}: neither the old state nor the new one: {shown:?}");
}

/// Makes changes after the fault, and looks that they work and what is left lying about.
pub(super) fn go_on(case: &Case, memory: &Memory, what: &str) {
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
