//! Storages that break their promises: half a file, and a file that is said to be there already.

use std::sync::Arc;

use keyark_core::Error;
use keyark_vault::{Lock, Storage};

use super::*;

#[test]
fn half_a_manifest_is_found_and_repaired() {
    for change in [(|vault: &mut Unlocked| vault.add(&wallet("c", 3), at(9))) as Change, |vault| {
        vault.rename(vault.wallets()?[0].id, name("renamed"), at(9))
    }] {
        let memory = two_wallets();
        let fault = Fault { at: 1, changes_only: true, place: Where::Halfway, stops: true };
        let faulty = memory.with_fault(fault);
        assert!(change(&mut open(faulty.arc(), OLD).unwrap()).is_err() && faulty.hit());
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.broken().is_some());
        assert_eq!(names(&vault), ["a", "b"]);
        vault.repair(at(10)).unwrap();
        let again = open(memory.arc(), OLD).unwrap();
        assert!(again.broken().is_none() && again.findings().is_empty());
        let mut shown: Vec<_> = contents(&again).into_iter().map(|(name, ..)| name).collect();
        shown.sort();
        assert!(shown == ["a", "b"] || shown == ["a", "b", "c"], "{shown:?}");
    }
}

/// Says that a manifest is there already, after it has written it: a retry inside of a cloud's client, whose first reply got lost.
struct Retrying(Memory);

impl Storage for Retrying {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.0.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.0.write_new(name, bytes)?;
        if name.contains("manifest") {
            return Err(Error::new(ErrorKind::AlreadyExists, "it is there already", "choose another name"));
        }
        Ok(())
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.0.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.0.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.0.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.0.lock()
    }
}

#[test]
fn a_storage_that_tried_twice_by_itself_costs_no_record() {
    let memory = two_wallets();
    let mut vault = open(Arc::new(Retrying(memory.clone())), OLD).unwrap();
    let _ = vault.rename(vault.find("a").unwrap().id, name("renamed"), at(9));
    let _ = vault.add(&wallet("c", 3), at(10));
    let again = open(memory.arc(), OLD).unwrap();
    for entry in again.wallets().unwrap() {
        assert!(again.record(entry.id).is_ok(), "{}: {:?}", entry.name, again.record(entry.id));
    }
}
