//! An older copy of the vault, which who remembers finds out.

use super::*;

#[test]
fn an_older_copy_is_found_out_by_who_remembers() {
    let memory = three();
    let older = memory.files();
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.add(&wallet("d", 4), at(9)).unwrap();
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(10)).unwrap();
    let seen = vault.seen();
    vault.compare(&seen);
    assert!(vault.broken().is_none());

    let memory = Memory::of(older);
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none(), "by itself it cannot know");
    vault.compare(&seen);
    assert!(find_warning(&vault, "older-state").is_some() && contents(&vault).len() == 3);
    assert!(vault.add(&wallet("e", 5), at(11)).is_err() && vault.export_policy(None).is_err());
    vault.repair(at(12)).unwrap();
    assert!(vault.seen() != seen && vault.export_policy(None).is_ok());
    let mut again = open(memory.arc(), OLD).unwrap();
    again.compare(&seen);
    assert!(again.broken().is_none(), "it was accepted");
}

#[test]
fn a_manifest_that_was_taken_away_is_found_out_by_who_remembers() {
    let memory = three();
    let seen = open(memory.arc(), OLD).unwrap().seen();
    memory.take(&newest(&memory, 1));
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.compare(&seen);
    assert!(vault.broken().is_some());
    assert_eq!(vault.repair(at(9)).unwrap(), [name("c")]);
    assert!(!manifests(&memory.files(), 1).is_empty());
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a", "b", "c"]);
}

#[test]
fn a_copy_from_before_a_rekey_is_found_out_by_who_remembers() {
    let memory = three();
    let older = memory.files();
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.rekey(&new_password(NEW), work(), at(9)).unwrap();
    let seen = vault.seen();
    let memory = Memory::of(older);
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.compare(&seen);
    assert!(vault.broken().is_some());
}

#[test]
fn another_vault_in_the_place_of_this_one_is_found_out() {
    let seen = open(three().arc(), OLD).unwrap().seen();
    let memory = Memory::new();
    let mut other = vault(memory.arc(), &[]);
    other.compare(&seen);
    assert!(other.broken().is_some());
}

/// A reset begins a new vault in a new epoch: that is no older state. The state before it is.
#[test]
fn a_rollback_behind_a_reset_is_found_out() {
    let memory = three();
    let before = memory.files();
    let seen = open(memory.arc(), OLD).unwrap().seen();
    let vault = Vault::find(memory.arc()).unwrap().unwrap();
    let mut reset = vault.reset(&wallet("a", 1), &new_password(NEW), work(), at(9)).unwrap();
    reset.compare(&seen);
    assert!(reset.broken().is_none());
    let mut older = open(Memory::of(before).arc(), OLD).unwrap();
    older.compare(&reset.seen());
    assert!(older.broken().is_some());
}
