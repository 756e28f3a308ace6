//! A vault that stays unlocked goes on being used after a change that failed.

use super::*;

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
