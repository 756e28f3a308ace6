//! Copies in another vault: made in one change, read back from where they lie, compared, noted, and brought back.
#![cfg(all(feature = "vault", feature = "bitcoin", feature = "ethereum", feature = "solana"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../../../keyark-vault/tests/support/memory.rs"]
mod memory;

mod backing_up;
mod drills;
mod many;
mod on_the_way;
mod restoring;

use std::cell::RefCell;
use std::sync::Arc;

use keyark::phrase::{Language, Phrase, WordCount};
use keyark::vault::{
    AskPassphrase, Backup, KeepPassphrase, NewPassword, Outcome, Password, Receipt, Restore, Storage, Timestamp,
    Unlocked, Vault, WalletId, WalletName, WalletRecord, WorkFactor, back_up, key_record, phrase_record, verify,
};
use keyark::{Curve, ErrorKind, Network, PrivateKey, Registry, Result, SecretText};
use memory::{Memory, Op};

const PASSWORD: &str = "canary seldom whistles under water";
const CLOUD_PASSWORD: &str = "marble otters juggle nine lanterns";
const PASSPHRASE: &str = "canary-TREZOR";

fn text(text: &str) -> SecretText {
    SecretText::from(text)
}

fn day(day: i64) -> Timestamp {
    Timestamp::from_unix(1_795_262_400 + day * 86_400)
}

fn name(text: &str) -> WalletName {
    WalletName::new(text).unwrap()
}

fn create(storage: Arc<dyn Storage>, password: &str) -> Unlocked {
    let password = NewPassword::new(&text(password), &[]).unwrap();
    Vault::create(storage, &password, WorkFactor::new(1).unwrap(), day(0)).unwrap()
}

fn open(storage: Arc<dyn Storage>, password: &str) -> Unlocked {
    Vault::find(storage).unwrap().unwrap().unlock(&Password::new(&text(password)).unwrap()).unwrap()
}

/// The vault on this computer, and the empty one elsewhere.
fn both() -> (Memory, Unlocked, Memory, Unlocked) {
    let (here, there) = (Memory::new(), Memory::new());
    let (local, cloud) = (create(here.arc(), PASSWORD), create(there.arc(), CLOUD_PASSWORD));
    (here, local, there, cloud)
}

fn words(called: &str) -> WalletRecord {
    words_with(called, "")
}

/// A wallet of new words with a passphrase that the vault only notes.
fn words_with(called: &str, passphrase: &str) -> WalletRecord {
    let phrase = Phrase::generate(WordCount::Words12, Language::English).unwrap();
    phrase_record(name(called), &phrase, &text(passphrase), KeepPassphrase::Noted, day(0)).unwrap()
}

fn key(called: &str, number: u32) -> WalletRecord {
    let ethereum = Registry::installed().unwrap().get("ethereum").unwrap();
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    let key = PrivateKey::new(Curve::Secp256k1, &bytes);
    key_record(name(called), ethereum, key, Network::Mainnet, day(0)).unwrap()
}

fn add(vault: &mut Unlocked, record: WalletRecord) -> WalletId {
    vault.add(&record, day(0)).unwrap();
    record.id()
}

/// The one backup that is noted of a wallet.
#[track_caller]
fn noted(vault: &Unlocked, id: WalletId) -> Backup {
    let backups = vault.record(id).unwrap().backups;
    assert_eq!(backups.len(), 1, "{backups:?}");
    backups.into_iter().next().unwrap()
}

#[track_caller]
fn problem(receipt: &Receipt) -> (ErrorKind, String) {
    let error = receipt.result.as_ref().unwrap_err();
    let said = format!("{error:?} {error} {}", error.remedy());
    assert!(!said.contains("canary"), "{said}");
    (error.kind(), said)
}

/// Gives this passphrase for every wallet, and writes down which were asked for.
struct Says(Option<&'static str>, RefCell<Vec<String>>);

fn says(passphrase: Option<&'static str>) -> Says {
    Says(passphrase, RefCell::default())
}

impl AskPassphrase for Says {
    fn ask(&self, wallet: &WalletName) -> Result<Option<SecretText>> {
        self.1.borrow_mut().push(wallet.to_string());
        Ok(self.0.map(text))
    }
}

/// The one record's file.
fn record_file(memory: &Memory) -> String {
    let names: Vec<_> = memory.names("epochs/").into_iter().filter(|name| name.contains("/records/")).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names.into_iter().next().unwrap()
}
