//! A vault's life: wallets that come, change and go, how few files that touches, and what can be seen from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
    pub(crate) mod storage_promises;
}

mod few_files;
mod forgetting;
mod how_far;
mod later_versions;
mod outside;
mod passwords;
mod policies;
mod wallets;

use keyark_core::ErrorKind;
use keyark_phrase::{Language, Phrase};
use keyark_vault::{
    Backup, BackupMethod, Passphrase, Removal, Unlocked, Vault, VaultPolicy, WalletRecord, WalletSecret,
};
use support::fixture::*;
use support::inside::{Inside, newest, record_file, unlisted};
use support::memory::Memory;
use support::storage_promises;

#[test]
fn the_storage_of_these_tests_keeps_the_promises() {
    storage_promises::check(&Memory::new());
}
