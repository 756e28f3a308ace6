//! Files that cannot be deleted: nothing comes back with them, and they go later.

use super::*;

/// A vault of which a wallet is removed, whose file could not be deleted; and that file.
fn removed_and_still_there() -> (Memory, String) {
    let memory = two_wallets();
    let removed = record_file(&memory, 1, OLD, "a");
    let keeping = memory.again();
    keeping.keep(&removed);
    let mut vault = open(keeping.arc(), OLD).unwrap();
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    for minute in 6..10 {
        vault.set_policy(VaultPolicy::default(), at(minute)).unwrap();
    }
    (memory, removed)
}

#[test]
fn a_removed_wallet_does_not_come_back_where_files_cannot_be_deleted() {
    let (memory, removed) = removed_and_still_there();
    assert!(memory.files().contains_key(&removed));
    memory.put(&newest(&memory, 1), b"damaged");
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_some());
    assert_eq!(vault.repair(at(11)).unwrap(), [], "nothing that was removed is adopted");
    assert_eq!(names(&vault), ["b"]);
}

#[test]
fn a_file_that_could_not_be_deleted_is_deleted_later() {
    let (memory, _) = removed_and_still_there();
    let mut later = open(memory.arc(), OLD).unwrap(); // where it can be deleted again
    later.set_policy(VaultPolicy::default(), at(11)).unwrap();
    later.set_policy(VaultPolicy::default(), at(12)).unwrap();
    assert_eq!(unlisted(&memory.files(), 1, OLD), [""; 0]);
}
