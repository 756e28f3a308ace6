//! How few files are touched, whatever is done and however many wallets there are.

use super::*;
use support::memory::Op;

fn count(log: &[(Op, String)], op: Op) -> usize {
    log.iter().filter(|(known, _)| *known == op).count()
}

fn read_files(log: &[(Op, String)]) -> Vec<&str> {
    log.iter().filter(|(op, _)| *op == Op::Read).map(|(_, name)| name.as_str()).collect()
}

const IDENTITIES: [&str; 2] = ["epochs/1/identity.password.age", "epochs/1/identity.password.copy.age"];

#[test]
fn unlocking_reads_no_record_and_listing_reads_nothing() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    let reader = memory.again();
    let vault = open(reader.arc(), OLD).unwrap();
    let log = reader.log();
    let newest = newest(&memory, 1);
    assert_eq!(read_files(&log), ["keyark-vault.json", IDENTITIES[0], IDENTITIES[1], newest.as_str()]);
    assert_eq!(count(&log, Op::Read) + count(&log, Op::List), log.len(), "nothing is written or locked");
    assert_eq!(count(&log, Op::List), 3, "which epochs there are, whether this one is whole, and its manifests");

    assert_eq!(names(&vault).len(), 3);
    let id = vault.find("B").unwrap().id;
    let _ = (vault.policy(), vault.seen(), vault.export_policy(None).unwrap(), vault.sealed_epochs().count());
    assert_eq!(reader.log(), []);

    vault.record(id).unwrap();
    assert_eq!(reader.log(), [(Op::Read, record_file(&memory, 1, OLD, "b"))]);
}

#[test]
fn a_change_writes_one_record_and_one_manifest() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    let writer = memory.again();
    let mut vault = open(writer.arc(), OLD).unwrap();
    let id = vault.find("b").unwrap().id;
    let mut written = |what: &str, change: &mut dyn FnMut(&mut Unlocked), records: usize, reads: usize| {
        writer.log();
        change(&mut vault);
        let log = writer.log();
        let new: Vec<_> = log.iter().filter(|(op, _)| *op == Op::WriteNew).map(|(_, name)| name).collect();
        assert_eq!(new.len(), records + 1, "{what}: {log:?}");
        assert!(new.iter().take(records).all(|name| name.starts_with("epochs/1/records/")), "{what}: {log:?}");
        assert!(new[records].starts_with("epochs/1/manifest-"), "the manifest comes last: {what}, {log:?}");
        assert_eq!(count(&log, Op::Replace), 0, "{what}: {log:?}");
        assert_eq!(read_files(&log).len(), 1 + reads, "the header, which others may have changed: {what}, {log:?}");
        assert_eq!(count(&log, Op::Lock), 1, "{what}: {log:?}");
        assert!(!log.iter().any(|(op, name)| *op == Op::Read && name.contains("identity")), "no scrypt: {what}");
    };
    written("add", &mut |vault| vault.add(&wallet("d", 4), at(4)).unwrap(), 1, 0);
    written("rename", &mut |vault| vault.rename(id, name("e"), at(5)).unwrap(), 1, 1);
    written("remove", &mut |vault| vault.remove(id, Removal::Anyway, at(6)).unwrap(), 0, 0);
}

#[test]
fn a_thousand_wallets_are_opened_and_listed_with_four_reads() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    for number in 1..=1000 {
        vault.add(&wallet(&format!("wallet no. {number}"), number), at(number.into())).unwrap();
    }
    assert_eq!(memory.names("epochs/1/records/").len(), 1000);
    let reader = memory.again();
    let vault = open(reader.arc(), OLD).unwrap();
    assert_eq!(count(&reader.log(), Op::Read), 4);
    assert_eq!(vault.wallets().unwrap().len(), 1000);
    let last = vault.find("Wallet No. 1000").unwrap();
    assert_eq!(last.first_address, Some(("bitcoin".to_owned(), "bc1qcanary1000".to_owned())));
    assert_eq!(reader.log(), []);
    assert_eq!(secret_of(&vault.record(last.id).unwrap()), phrase(1000, Language::English).to_text().expose());
    assert_eq!(reader.log().len(), 1);
}

#[test]
fn one_password_derivation_serves_all_operations() {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a"]));
    let user = memory.again();
    let mut vault = open(user.arc(), OLD).unwrap();
    for number in 2..12 {
        vault.add(&wallet(&format!("w{number}"), number), at(number.into())).unwrap();
        assert_eq!(contents(&vault).len(), usize::from(number));
    }
    vault.set_policy(VaultPolicy::default(), at(20)).unwrap();
    vault.repair(at(21)).unwrap();
    let log = user.log();
    let identities: Vec<_> = read_files(&log).into_iter().filter(|name| name.contains("identity")).collect();
    assert_eq!(identities, IDENTITIES, "each read once, and equal: one derivation");
    vault.check_password(&password(OLD)).unwrap();
    assert_eq!(count(&user.log(), Op::Read), 2, "which does derive again");
}
