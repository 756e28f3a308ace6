//! Other passwords, a vault that is sealed anew, and one whose password was forgotten.

use super::*;

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
