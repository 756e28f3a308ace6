//! Devices that change one vault at the same time, on storages that cannot keep them from it: what each of them did is there afterwards.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod fixture;
    pub(crate) mod hooked;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

mod folders;
mod many;
mod pairs;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use keyark_core::{ErrorKind, ExportItem, Result};
use keyark_vault::{Backup, BackupMethod, Removal, Unlocked, VaultDenial, VaultPolicy, WalletId};
use support::fixture::*;
use support::hooked::Hooked;
use support::inside::{Inside, manifests, unlisted};
use support::memory::{Files, Memory};

/// A device, with the vault as it saw it last.
struct Device {
    way: Arc<Hooked>,
    vault: Arc<Mutex<Unlocked>>,
}

impl Device {
    fn new(memory: &Memory) -> Self {
        let way = Hooked::new(memory);
        let vault = open(way.arc(), OLD).unwrap();
        Self { way, vault: Arc::new(Mutex::new(vault)) }
    }
}

fn reopen(memory: &Memory) -> Unlocked {
    let vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none() && vault.findings().is_empty(), "{:?}", vault.findings());
    vault
}

fn backup(to: &str) -> Backup {
    Backup::new(BackupMethod::Sheet, Some(to.to_owned()), at(1))
}

/// The places of a wallet's backups, in its record, which are those in the list.
fn backups(vault: &Unlocked, id: WalletId) -> BTreeSet<String> {
    let places = |backups: &[Backup]| backups.iter().map(|backup| backup.to.clone().unwrap()).collect();
    let in_record: BTreeSet<_> = places(&vault.record(id).unwrap().backups);
    let entry = vault.wallets().unwrap().iter().find(|entry| entry.id == id).unwrap();
    assert_eq!(in_record, places(&entry.backups));
    in_record
}

fn denying(items: &BTreeSet<usize>) -> VaultPolicy {
    let denial = |item: &usize| VaultDenial { item: ExportItem::ALL[*item], chain: None, reason: "x".to_owned() };
    items.iter().map(denial).fold(VaultPolicy::advertised(), VaultPolicy::deny)
}

fn denied(vault: &Unlocked) -> BTreeSet<usize> {
    let items = vault.policy().denials().iter().map(|denial| denial.item);
    items.map(|item| ExportItem::ALL.iter().position(|known| *known == item).unwrap()).collect()
}

/// That every name is there once, and that every record opens under the name that the list gives it.
fn assert_sound(vault: &Unlocked, what: &str) {
    let shown = contents(vault);
    let names: BTreeSet<_> = shown.iter().map(|(name, ..)| name.to_lowercase()).collect();
    assert_eq!(names.len(), shown.len(), "{what}: {:?}", support::fixture::names(vault));
}

/// That two more changes leave one head, and no file that nobody lists.
fn assert_tidy(memory: &Memory, what: &str) {
    let mut vault = reopen(memory);
    vault.add(&wallet("one more", 9001), at(90)).unwrap();
    let files = memory.files();
    let all = manifests(&files, 1);
    let newest = Inside::open(&files, 1, OLD).manifest(&files[&all[0]]);
    let follows: Vec<_> = newest["follows"].as_str().unwrap().split(' ').collect();
    for older in &all[1..] {
        let name = older.trim_start_matches("epochs/1/manifest-").trim_end_matches(".age");
        assert!(follows.contains(&name), "{what}: {older} is a second head");
    }
    vault.remove(vault.find("one more").unwrap().id, Removal::Anyway, at(91)).unwrap();
    vault.set_policy(vault.policy().clone(), at(92)).unwrap();
    assert_eq!(unlisted(&memory.files(), 1, OLD), [""; 0], "{what}");
}

/// The wallet of this number, whatever it is called.
fn wallet_id(vault: &Unlocked, number: u16) -> Result<WalletId> {
    let address = wallet("x", number).accounts[0].address.clone();
    let is = |entry: &&keyark_vault::WalletEntry| entry.first_address.as_ref().is_some_and(|first| first.1 == address);
    vault.wallets()?.iter().find(is).map(|entry| entry.id).ok_or_else(|| vault.find("there is none").unwrap_err())
}
