//! Folders that are read-only, locks, and several programs at once: each change is made or refused.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use super::*;

/// Root writes wherever it likes, so for root there is nothing to test here.
#[test]
fn a_read_only_folder() {
    let home = VaultHome::with_wallets();
    let folders = ["vault/epochs/1/records", "vault/epochs/1", "vault/epochs", "vault"];
    let set = |mode: u32| {
        for folder in folders {
            std::fs::set_permissions(home.path(folder), std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o500);
    if std::fs::write(home.path("vault/probe"), "").is_ok() {
        std::fs::remove_file(home.path("vault/probe")).unwrap();
        set(0o700);
        return; // nothing is read-only for this user
    }
    assert_eq!(home.objects(&["list"]).len(), 2);
    home.keyark(&["export", "key", "hot", "--chain", "ethereum"]).ok();
    for args in [&["new", "another"][..], &["rename", "hot", "warm"], &["remove", "hot", "--force"]] {
        home.fails(args, 6).says("storage", "permission");
    }
    set(0o700);
}

/// The lock of a process that has died is nobody's, and readers do not wait for one that lives.
#[test]
fn a_lock_that_was_left() {
    let home = VaultHome::with_wallets();
    std::fs::write(home.vault().join("lock"), "4194304\n").unwrap();
    home.keyark(&["rename", "hot", "warm"]).ok();
    let lock = std::fs::File::open(home.vault().join("lock")).unwrap();
    lock.lock().unwrap();
    let start = std::time::Instant::now();
    assert_eq!(home.objects(&["list"]).len(), 2);
    home.keyark(&["export", "xpub", "savings"]).ok();
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
    let run = home.json(&["rename", "warm", "hot"]);
    run.only_error(6).says("storage", "another keyark");
    lock.unlock().unwrap();
    home.keyark(&["rename", "warm", "hot"]).ok();
}

/// Several programs at once: each change is made, or refused and made again.
#[test]
fn ten_at_once() {
    let home = VaultHome::with_wallets();
    let names: Vec<_> = (0..10).map(|number| format!("wallet {number}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let home = &home;
            scope.spawn(move || home.keyark(&["new", name]).ok());
        }
    });
    let list = home.objects(&["list"]);
    let mut listed: Vec<_> = list.iter().map(|wallet| text(wallet, "name")).collect();
    listed.sort_unstable();
    let mut expected: Vec<_> = names.iter().map(String::as_str).chain(["hot", "savings"]).collect();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for name in &names {
        assert_eq!(home.objects(&["show", name]).len(), 11);
    }
}

/// Who reads while another writes sees the state before or after, and no sign of an older copy.
#[test]
fn readers_beside_a_writer() {
    let home = VaultHome::with_wallets();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..40 {
                home.keyark(&["rename", "hot", "warm"]).ok();
                home.keyark(&["rename", "warm", "hot"]).ok();
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..60 {
                    let run = home.json(&["list"]).ok();
                    assert_eq!(run.objects().len(), 2);
                    assert!(!run.err.contains("warning"), "nothing is wrong with this vault: {}", run.err);
                    home.keyark(&["export", "xpub", "savings"]).ok();
                }
            });
        }
    });
}

/// The same at the moment that is hardest to hit: another process makes its change between two reads of this one. The
/// note of the last state is a pipe here, at which the reader waits.
#[test]
fn a_change_while_the_vault_is_being_opened() {
    let home = VaultHome::with_wallets();
    let (note, pipe) = (home.vault().join(".last-seen"), home.path("pipe"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::rename(&pipe, &note).unwrap();
    let reader = home.command(&with_password(&["export", "xpub", "savings", "--json"]));
    let reader = std::thread::spawn(move || finish(reader, ""));
    // Opening a pipe waits for the other end: now the reader is there.
    let (sender, arrived) = std::sync::mpsc::channel();
    let opened = note.clone();
    std::thread::spawn(move || sender.send(std::fs::File::options().write(true).open(opened).unwrap()));
    let end = arrived.recv_timeout(PATIENCE / 3);
    std::fs::rename(&note, &pipe).unwrap();
    home.keyark(&["rename", "hot", "warm"]).ok();
    if let Ok(mut end) = end {
        end.write_all(&std::fs::read(&note).unwrap()).unwrap();
    }
    let run = reader.join().unwrap().ok();
    assert!(!run.err.contains("older state"), "{}", run.err);
}

#[test]
fn what_a_killed_writer_left_is_cleared() {
    let home = VaultHome::with_wallets();
    home.write("vault/epochs/1/records/.tmp-abc", "half a record");
    home.write("vault/.tmp-def", "half a header");
    assert_eq!(home.objects(&["list"]).len(), 2);
    home.keyark(&["rename", "hot", "warm"]).ok();
    assert!(home.files(".tmp-").is_empty(), "{:?}", home.files(".tmp-"));
    assert_eq!(home.objects(&["show", "warm"]).len(), 1);
}
