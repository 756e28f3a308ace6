//! Forgetting the keys: when asked to, and after a time without use.

use std::thread;
use std::time::Duration;

use super::*;

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
