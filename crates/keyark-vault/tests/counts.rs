//! How many requests a vault makes of its storage, and how many at a time: that is what a cloud takes its time for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod memory;
}

use std::collections::BTreeSet;

use keyark_core::ErrorKind;
use keyark_vault::{RecoveryCode, Removal, Vault, WalletId, WalletRecord};
use support::fixture::*;
use support::memory::{Fault, Memory, Op, Where};

const MANY: u16 = 1000;

fn wallets(count: u16) -> Vec<WalletRecord> {
    (1..=count).map(|number| wallet(&format!("wallet {number}"), number)).collect()
}

/// A vault of so many wallets, and their ids.
fn filled(count: u16) -> (Memory, Vec<WalletId>) {
    let memory = Memory::new().without_lock();
    let mut vault = vault(memory.arc(), &[]);
    vault.put(&wallets(count), at(1)).unwrap();
    let ids = vault.wallets().unwrap().iter().map(|entry| entry.id).collect();
    (memory, ids)
}

/// Without the random parts of names, so that two runs can be compared.
fn shape(log: &[(Op, String)]) -> Vec<(Op, String)> {
    let plain = |name: &String| match name.split_once("manifest-") {
        Some((start, rest)) => format!("{start}manifest-{}", rest.split('-').next().unwrap()),
        None => name.clone(),
    };
    log.iter().map(|(op, name)| (*op, plain(name))).collect()
}

fn is_record(name: &str) -> bool {
    name.contains("/records/")
}

#[test]
fn opening_takes_as_many_requests_with_a_thousand_wallets_as_with_one() {
    let opened = |count: u16| {
        let memory = filled(count).0;
        let user = memory.again();
        let vault = open(user.arc(), OLD).unwrap();
        let log = user.log();
        assert_eq!(vault.wallets().unwrap().len(), usize::from(count));
        for entry in vault.wallets().unwrap() {
            assert!(vault.find(&entry.name.to_string()).is_ok() && !entry.is_backed_up());
            assert_eq!(entry.accounts, Some(1));
        }
        assert_eq!(user.log(), [], "the list of wallets needs no request");
        log
    };
    let (one, many) = (opened(1), opened(MANY));
    assert_eq!(shape(&one), shape(&many));
    let identities: Vec<_> = many.iter().filter(|(_, name)| name.contains("identity")).collect();
    let expected = ["epochs/1/identity.password.age", "epochs/1/identity.password.copy.age"];
    assert_eq!(identities.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), expected, "one derivation");
    assert!(many.len() <= 7, "{many:?}");
}

#[test]
fn rereading_derives_nothing_and_reads_no_record() {
    let memory = filled(MANY).0;
    let user = memory.again();
    let vault = open(user.arc(), OLD).unwrap();
    user.log();
    let again = vault.reread().unwrap();
    let log = user.log();
    assert_eq!(names(&again), names(&vault));
    assert!(log.iter().all(|(op, name)| matches!(op, Op::Read | Op::List) && !is_record(name)), "{log:?}");
    assert!(log.len() <= 7, "{log:?}");
}

#[test]
fn many_copies_are_put_with_one_write_each_and_one_manifest() {
    let put = |count: u16| {
        let memory = filled(0).0;
        let user = memory.again();
        let mut vault = open(user.arc(), OLD).unwrap();
        user.log();
        let given = vault.put(&wallets(count), at(5)).unwrap();
        let called =
            |entries: Vec<keyark_vault::WalletEntry>| entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>();
        assert_eq!(called(given), wallets(count).into_iter().map(|record| record.name).collect::<Vec<_>>());
        let log = user.log();
        let written: Vec<_> = log.iter().filter(|(op, _)| *op == Op::WriteNew).map(|(_, name)| name).collect();
        let records: BTreeSet<_> = written.iter().filter(|name| is_record(name)).collect();
        assert_eq!((records.len(), written.len()), (count.into(), usize::from(count) + 1));
        assert!(written.last().unwrap().contains("/manifest-"), "the manifest comes last");
        log.into_iter().filter(|(_, name)| !is_record(name)).collect::<Vec<_>>()
    };
    let (one, many) = (put(1), put(MANY));
    assert_eq!(shape(&one), shape(&many), "all other requests are as many as for one");
    assert!(!many.iter().any(|(op, name)| *op == Op::Read && name.contains("identity")));
}

#[test]
fn copies_that_are_there_already_are_read_once_and_written_once() {
    let (memory, _) = filled(50);
    let user = memory.again();
    let mut vault = open(user.arc(), OLD).unwrap();
    let records: Vec<_> = vault.records(&vault.wallets().unwrap().iter().map(|e| e.id).collect::<Vec<_>>());
    let records: Vec<_> = records.into_iter().map(|record| record.unwrap()).collect();
    user.log();
    vault.put(&records, at(5)).unwrap();
    let log = user.log();
    // They may have addresses and backups that the new ones lack.
    assert_eq!(log.iter().filter(|(op, name)| *op == Op::Read && is_record(name)).count(), 50);
    assert_eq!(log.iter().filter(|(op, name)| *op == Op::WriteNew && is_record(name)).count(), 50);
    assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 50);
}

#[test]
fn all_wallets_are_changed_with_one_read_and_one_write_each_and_one_manifest() {
    let (memory, ids) = filled(MANY);
    let user = memory.again();
    let mut vault = open(user.arc(), OLD).unwrap();
    user.log();
    vault.update_all(&ids, at(5), back_up).unwrap();
    let log = user.log();
    let of = |wanted: Op| {
        let names = log.iter().filter(|(op, name)| *op == wanted && is_record(name)).map(|(_, name)| name);
        names.collect::<Vec<_>>()
    };
    assert_eq!((of(Op::Read).len(), of(Op::Read).into_iter().collect::<BTreeSet<_>>().len()), (1000, 1000));
    assert_eq!(of(Op::WriteNew).len(), 1000);
    let manifests = log.iter().filter(|(op, name)| *op == Op::WriteNew && name.contains("/manifest-"));
    assert_eq!(manifests.count(), 1);
    let again = open(memory.arc(), OLD).unwrap();
    assert!(again.wallets().unwrap().iter().all(|entry| entry.is_backed_up()));
    assert_eq!(again.wallets().unwrap().iter().map(|entry| entry.id).collect::<Vec<_>>(), ids, "each in its place");
}

// As many at a time as the storage likes

/// That there are never more than `likes`, and really several where it likes several.
fn check_at_once(user: &Memory, likes: usize, what: &str) {
    let most = user.most_at_once();
    assert!(most <= likes.clamp(1, 64), "{what}: {most} at once, and it likes {likes}");
    assert!(most > 1 || likes <= 1, "{what}: one after the other, and it likes {likes}");
}

#[test]
fn requests_come_side_by_side_as_many_as_the_storage_likes() {
    for likes in [0, 1, 2, 8, 500] {
        let (memory, ids) = filled(100);
        let user = memory.again().side_by_side(likes);
        let mut vault = open(user.arc(), OLD).unwrap();
        assert_eq!(user.most_at_once(), 1, "opening is one after the other");
        let read: Vec<_> = vault.records(&ids).into_iter().map(|record| record.unwrap().id()).collect();
        assert_eq!(read, ids, "in the order in which they were asked for");
        check_at_once(&user, likes, "records");
        vault.update_all(&ids, at(5), back_up).unwrap();
        check_at_once(&user, likes, "update_all reads");
        let more: Vec<_> = (1000..1100).map(|number| wallet(&format!("w{number}"), number)).collect();
        vault.put(&more, at(6)).unwrap();
        check_at_once(&user, likes, "put");
        vault.rekey(&new_password(NEW), work(), at(7)).unwrap();
        check_at_once(&user, likes, "rekey");
        let again = open(memory.arc(), NEW).unwrap();
        let called: Vec<_> = contents(&again).into_iter().map(|(name, ..)| name).collect();
        let expected = (1..=100).map(|n| format!("wallet {n}")).chain((1000..1100).map(|n| format!("w{n}")));
        assert_eq!(called, expected.collect::<Vec<_>>(), "in the order in which they came");
    }
}

#[test]
fn a_wallet_that_is_not_there_does_not_keep_the_others_from_being_read() {
    let (memory, mut ids) = filled(20);
    ids.insert(7, WalletId::random().unwrap());
    let vault = open(memory.again().side_by_side(4).arc(), OLD).unwrap();
    for (number, record) in vault.records(&ids).into_iter().enumerate() {
        match record {
            Ok(record) => assert_eq!((record.id(), number == 7), (ids[number], false)),
            Err(error) => assert_eq!((error.kind(), number), (ErrorKind::NotFound, 7)),
        }
    }
    assert!(vault.records(&[]).is_empty());
}

#[test]
fn where_one_of_many_cannot_be_written_nothing_of_them_stays() {
    for likes in [1, 8] {
        for (fails, place) in [0, 13, 29].into_iter().flat_map(|n| [(n, Where::Before), (n, Where::After)]) {
            let memory = filled(3).0;
            let before = memory.files();
            let fault = Fault { at: fails, changes_only: true, place, stops: false };
            let user = memory.with_fault(fault).side_by_side(likes);
            let mut vault = open(user.arc(), OLD).unwrap();
            let more: Vec<_> = (100..130).map(|number| wallet(&format!("w{number}"), number)).collect();
            assert!(vault.put(&more, at(5)).is_err() && user.hit());
            let left: Vec<_> = memory.files().into_keys().filter(|name| !before.contains_key(name)).collect();
            // Of the one that was told as failed and was written all the same, nobody knows.
            assert!(left.len() <= usize::from(place == Where::After), "{likes}, {fails} {place:?}: {left:?}");
            assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 3);
            vault.put(&more, at(6)).unwrap();
            assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 33, "the next time it is done");
        }
    }
}

#[test]
fn one_wallet_s_change_costs_as_much_in_a_vault_of_a_thousand() {
    let changed = |count: u16| {
        let (memory, ids) = filled(count);
        let user = memory.again();
        let mut vault = open(user.arc(), OLD).unwrap();
        user.log();
        vault.add(&wallet("new", 5000), at(5)).unwrap();
        vault.update(ids[0], at(6), back_up).unwrap();
        vault.remove(ids[0], Removal::Anyway, at(7)).unwrap();
        user.log().len()
    };
    assert_eq!(changed(1), changed(MANY));
}

#[test]
fn the_other_ways_in_take_one_request_less() {
    let (memory, _) = filled(3);
    let user = memory.again();
    let mut vault = open(user.arc(), OLD).unwrap();
    let by_password = user.log().len();
    let code = RecoveryCode::generate().unwrap();
    vault.set_recovery(&code, work()).unwrap();
    user.log();
    Vault::find(user.arc()).unwrap().unwrap().unlock_with_recovery(&code).unwrap();
    assert_eq!(user.log().len(), by_password - 1, "its file is there once");
}

#[test]
fn a_device_that_knows_fewer_addresses_does_not_cut_the_copy() {
    use keyark_core::Network;
    use keyark_vault::{Account, Unlocked};

    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b", "c"]);
    let id = |vault: &Unlocked, name: &str| vault.find(name).unwrap().id;
    let short = vault.record(id(&vault, "b")).unwrap();
    let mut long = short.clone();
    long.accounts.push(Account::new("bitcoin", Network::Mainnet, "p2tr", None, "bc1p", vec![2; 33]));
    vault.put(&[long.clone()], at(5)).unwrap();
    vault.put(&[short], at(6)).unwrap();
    assert_eq!(vault.record(id(&vault, "b")).unwrap().accounts, long.accounts);

    // Each copy stands where it stood, and names can change places.
    let (mut one, mut other) = (vault.record(id(&vault, "a")).unwrap(), vault.record(id(&vault, "c")).unwrap());
    std::mem::swap(&mut one.name, &mut other.name);
    vault.put(&[other, one], at(7)).unwrap();
    let names: Vec<_> = vault.wallets().unwrap().iter().map(|entry| entry.name.as_str().to_owned()).collect();
    assert_eq!(names, ["c", "b", "a"]);
}
