//! Two devices that begin an epoch at the same time, or one while the other one goes on, on a storage that cannot keep them from it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod hooked;
    pub(crate) mod memory;
}

use std::sync::{Arc, Mutex};

use keyark_core::{ErrorKind, ExportItem, Result};
use keyark_vault::{RecoveryCode, Removal, Storage, Unlocked, Vault, VaultDenial, VaultPolicy};
use support::fixture::*;
use support::hooked::Hooked;
use support::memory::{Files, Memory};

/// What a device does with a storage that it has unlocked before, or finds now.
type Deed = Arc<dyn Fn(&Arc<dyn Storage>, Option<&mut Unlocked>) -> Result<()> + Send + Sync>;

fn deed(act: impl Fn(&Arc<dyn Storage>, Option<&mut Unlocked>) -> Result<()> + Send + Sync + 'static) -> Deed {
    Arc::new(act)
}

fn of_unlocked(act: impl Fn(&mut Unlocked) -> Result<()> + Send + Sync + 'static) -> Deed {
    deed(move |_, vault| act(vault.unwrap()))
}

/// Lets the inner deed happen before each operation of the outer one in turn, and shows what came of it.
fn race(base: &Files, outer: &Deed, inner: &Deed, check: impl Fn(&Memory, &Result<()>, &Result<()>, &str)) {
    for operations in 0..300 {
        let memory = Memory::of(base.clone()).without_lock().overwriting();
        let (one, other) = (Hooked::new(&memory), Hooked::new(&memory));
        let unlocked =
            |way: &Arc<Hooked>| Vault::find(way.arc()).unwrap().map(|vault| vault.unlock(&password(OLD)).unwrap());
        let (mut ours, mut theirs) = (unlocked(&one), unlocked(&other));
        let told = Arc::new(Mutex::new(Ok(())));
        let (tell, inner) = (Arc::clone(&told), Arc::clone(inner));
        one.before(operations, Box::new(move || *tell.lock().unwrap() = inner(&other.arc(), theirs.as_mut())));
        let outcome = outer(&one.arc(), ours.as_mut());
        if !one.ran() {
            assert!(operations > 3);
            return;
        }
        let inner = told.lock().unwrap().clone();
        check(&memory, &outcome, &inner, &format!("before operation {operations}; {outcome:?}, {inner:?}"));
    }
    panic!("it never ends");
}

fn two_wallets() -> Files {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    vault.rename(vault.find("a").unwrap().id, name("a"), at(5)).unwrap();
    memory.files()
}

/// The names of all wallets that a password opens, each of them opened; `None` where it opens nothing.
fn shown(memory: &Memory, with: &str) -> Option<Vec<String>> {
    let vault = open(memory.arc(), with).ok()?;
    assert!(vault.broken().is_none(), "{:?}", vault.findings());
    Some(contents(&vault).into_iter().map(|(name, ..)| name).collect())
}

fn has(memory: &Memory, with: &str, called: &str) -> bool {
    shown(memory, with).is_some_and(|names| names.iter().any(|name| name == called))
}

/// That today's vault can be changed, under one of the passwords.
fn assert_usable(memory: &Memory, what: &str) {
    let vaults = [OLD, NEW, THIRD].into_iter().filter_map(|with| open(memory.arc(), with).ok());
    let mut current: Vec<_> = vaults.filter(Unlocked::is_current).collect();
    assert!(!current.is_empty(), "{what}: no password opens the vault of today");
    current[0].add(&wallet("afterwards", 900), at(90)).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(current[0].reread().unwrap().find("afterwards").is_ok(), "{what}");
    assert!(memory.names("").iter().all(|name| !name.contains("claim-")), "{what}: a claim is left");
}

fn create(with: &'static str, number: u16) -> Deed {
    deed(move |storage, _| {
        let mut vault = Vault::create(Arc::clone(storage), &new_password(with), work(), at(number.into()))?;
        vault.add(&wallet(&format!("of {number}"), number), at(number.into()))
    })
}

fn reset(with: &'static str, number: u16) -> Deed {
    deed(move |storage, _| {
        let found = Vault::find(Arc::clone(storage))?.unwrap();
        let record = wallet(&format!("of {number}"), number);
        found.reset(&record, &new_password(with), work(), at(number.into())).map(drop)
    })
}

fn add(number: u16) -> Deed {
    of_unlocked(move |vault| vault.add(&wallet(&format!("of {number}"), number), at(number.into())))
}

fn rekey(with: &'static str) -> Deed {
    of_unlocked(move |vault| vault.rekey(&new_password(with), work(), at(20)))
}

#[test]
fn of_two_that_begin_a_vault_nobody_loses_a_wallet() {
    for second in [OLD, NEW] {
        race(&Files::new(), &create(OLD, 1), &create(second, 2), |memory, outer, inner, what| {
            assert!(outer.is_ok() || inner.is_ok(), "{what}");
            for (with, number, result) in [(OLD, 1, outer), (second, 2, inner)] {
                let called = format!("of {number}");
                match result {
                    Ok(()) => {
                        let there = Vault::find(memory.arc()).unwrap().unwrap().epochs().iter().any(|epoch| {
                            let vault = Vault::find(memory.arc()).unwrap().unwrap();
                            let opened = vault.unlock_epoch(epoch.number, &password(with));
                            opened.is_ok_and(|vault| contents(&vault).iter().any(|(name, ..)| *name == called))
                        });
                        assert!(there, "{what}: {called} is lost");
                    }
                    Err(error) => {
                        let known = [ErrorKind::AlreadyExists, ErrorKind::Locked, ErrorKind::Storage];
                        assert!(known.contains(&error.kind()), "{what}");
                    }
                }
            }
            assert_usable(memory, what);
        });
    }
}

#[test]
fn of_two_that_begin_anew_both_have_their_wallet() {
    race(&two_wallets(), &reset(NEW, 7), &reset(THIRD, 8), |memory, outer, inner, what| {
        assert!(outer.is_ok() && inner.is_ok(), "{what}");
        assert!(has(memory, NEW, "of 7") && has(memory, THIRD, "of 8"), "{what}");
        assert_eq!(shown(memory, OLD).unwrap(), ["a", "b"], "{what}");
        assert_eq!(Vault::find(memory.arc()).unwrap().unwrap().epochs().len(), 3, "{what}");
        assert_usable(memory, what);
    });
}

#[test]
fn what_was_added_while_another_device_began_anew_opens_with_its_password() {
    let base = two_wallets();
    let check = |memory: &Memory, added: &Result<()>, begun: &Result<()>, what: &str| {
        assert!(begun.is_ok() && has(memory, NEW, "of 7"), "{what}");
        let old = shown(memory, OLD).unwrap();
        assert!(old.starts_with(&["a".to_owned(), "b".to_owned()]), "{what}: {old:?}");
        match added {
            Ok(()) => assert!(has(memory, OLD, "of 9"), "{what}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Locked, "{what}"),
        }
        assert_usable(memory, what);
    };
    race(&base, &reset(NEW, 7), &add(9), |memory, outer, inner, what| check(memory, inner, outer, what));
    race(&base, &add(9), &reset(NEW, 7), |memory, outer, inner, what| check(memory, outer, inner, what));
}

#[test]
fn what_is_done_while_another_device_seals_anew_is_in_the_new_epoch_or_refused() {
    let base = two_wallets();
    let check = |memory: &Memory, added: &Result<()>, sealed: &Result<()>, what: &str| {
        assert!(sealed.is_ok(), "{what}");
        let new = shown(memory, NEW).unwrap();
        assert!(new.starts_with(&["a".to_owned(), "b".to_owned()]), "{what}: {new:?}");
        match added {
            Ok(()) => assert!(has(memory, NEW, "of 9") || has(memory, OLD, "of 9"), "{what}: of 9 is lost"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Locked, "{what}"),
        }
        assert_usable(memory, what);
    };
    race(&base, &rekey(NEW), &add(9), |memory, outer, inner, what| check(memory, inner, outer, what));
    race(&base, &add(9), &rekey(NEW), |memory, outer, inner, what| check(memory, outer, inner, what));
    // What is removed or denied meanwhile.
    let remove = of_unlocked(|vault| vault.remove(vault.find("a")?.id, Removal::Anyway, at(21)));
    race(&base, &rekey(NEW), &remove, |memory, outer, inner, what| {
        assert!(outer.is_ok(), "{what}");
        assert!(inner.is_err() || !has(memory, NEW, "a"), "{what}: what was removed is back");
        assert!(has(memory, NEW, "b"), "{what}");
        assert_usable(memory, what);
    });
    let deny = of_unlocked(|vault| {
        let denial = VaultDenial { item: ExportItem::PrivateKey, chain: None, reason: "x".to_owned() };
        vault.set_policy(VaultPolicy::advertised().deny(denial), at(21))
    });
    race(&base, &rekey(NEW), &deny, |memory, outer, inner, what| {
        assert!(outer.is_ok(), "{what}");
        let denied = open(memory.arc(), NEW).unwrap().policy().denials().len();
        assert!(inner.is_err() || denied == 1, "{what}: the policy that was told as set is not in force");
        assert_usable(memory, what);
    });
}

#[test]
fn of_two_that_seal_anew_no_wallet_is_lost() {
    let base = two_wallets();
    for (second, number) in [(rekey(THIRD), None), (reset(THIRD, 8), Some("of 8"))] {
        race(&base, &rekey(NEW), &second, |memory, outer, inner, what| {
            assert!(outer.is_ok() || inner.is_ok(), "{what}");
            // Who was told that another device was faster knows the password that was to be set, and is told to try it.
            let opened: Vec<_> = [NEW, THIRD, OLD].iter().filter_map(|with| shown(memory, with)).flatten().collect();
            for called in ["a", "b"] {
                assert!(
                    opened.iter().any(|name| name == called),
                    "{what}: {called} opens with no password: {opened:?}"
                );
            }
            assert!(outer.is_err() || shown(memory, NEW).is_some(), "{what}: the password that was set opens nothing");
            if let (Some(called), Ok(())) = (number, inner) {
                assert!(has(memory, THIRD, called), "{what}");
            }
            assert_usable(memory, what);
        });
    }
}

// Passwords and codes

#[test]
fn of_two_that_set_a_password_one_opens() {
    let set = |with: &'static str| of_unlocked(move |vault| vault.change_password(&new_password(with), work(), at(20)));
    race(&two_wallets(), &set(NEW), &set(THIRD), |memory, outer, inner, what| {
        assert!(outer.is_ok() || inner.is_ok(), "{what}");
        let opens = |with| shown(memory, with).is_some_and(|names| names == ["a", "b"]);
        assert!((outer.is_ok() && opens(NEW)) || (inner.is_ok() && opens(THIRD)), "{what}");
        assert!(!opens(OLD), "{what}: the old one still opens");
        assert_usable(memory, what);
    });
}

#[test]
fn a_code_that_is_set_meanwhile_opens() {
    let base = two_wallets();
    let code = RecoveryCode::generate().unwrap();
    let known = code.clone();
    let set_code = of_unlocked(move |vault| vault.set_recovery(&known, work()));
    let set_password = of_unlocked(|vault| vault.change_password(&new_password(NEW), work(), at(20)));
    let opens = |memory: &Memory| Vault::find(memory.arc()).unwrap().unwrap().unlock_with_recovery(&code);
    for (outer, inner) in
        [(&set_code, &set_password), (&set_password, &set_code), (&set_code, &add(9)), (&add(9), &set_code)]
    {
        race(&base, outer, inner, |memory, outer, inner, what| {
            assert!(outer.is_ok() && inner.is_ok(), "{what}");
            assert!(opens(memory).is_ok_and(|vault| contents(&vault).len() >= 2), "{what}");
            assert_usable(memory, what);
        });
    }
    // One that was told as set, while the vault was sealed anew, is that of today's vault.
    race(&base, &set_code, &rekey(NEW), |memory, outer, inner, what| {
        assert!(inner.is_ok() && (outer.is_err() || opens(memory).is_ok()), "{what}");
        assert_usable(memory, what);
    });
}
