//! Wallets, passwords and vaults that the tests have in common.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::sync::{Arc, LazyLock};

use keyark_core::{Curve, Network, PrivateKey, Result, SecretText};
use keyark_phrase::{Language, Phrase};
use keyark_vault::{
    Account, Backup, BackupMethod, NewPassword, Passphrase, Password, Storage, Timestamp, Unlocked, Vault, WalletName,
    WalletRecord, WalletSecret, WorkFactor,
};

pub(crate) const OLD: &str = "canary seldom whistles under water";
pub(crate) const NEW: &str = "marble otters juggle nine lanterns";
pub(crate) const THIRD: &str = "rickety octaves hum in velvet barns";

pub(crate) fn work() -> WorkFactor {
    WorkFactor::new(1).unwrap()
}

/// `text`, which is [`OLD`], [`NEW`] or [`THIRD`]. Their strength is judged once.
pub(crate) fn new_password(text: &str) -> NewPassword {
    static ALL: LazyLock<[NewPassword; 3]> =
        LazyLock::new(|| [OLD, NEW, THIRD].map(|text| NewPassword::new(&SecretText::from(text), &[]).unwrap()));
    ALL.iter().find(|password| password.expose() == text).unwrap().clone()
}

pub(crate) fn password(text: &str) -> Password {
    Password::new(&SecretText::from(text)).unwrap()
}

/// So many minutes after a point in time.
pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_unix(1_795_262_400 + 60 * minute)
}

pub(crate) fn name(text: &str) -> WalletName {
    WalletName::new(text).unwrap()
}

/// The words of wallet number `number`.
pub(crate) fn phrase(number: u16, language: Language) -> Phrase {
    Phrase::from_entropy(&number.to_be_bytes().repeat(8), language).unwrap()
}

/// A wallet of words, with one address that no other number has.
pub(crate) fn wallet(called: &str, number: u16) -> WalletRecord {
    let secret = WalletSecret::Phrase(phrase(number, Language::English));
    let mut record = WalletRecord::new(name(called), secret, Passphrase::None, at(0)).unwrap();
    let path = Some("m/84'/0'/0'/0/0".to_owned());
    let address = format!("bc1qcanary{number}");
    record.accounts.push(Account::new("bitcoin", Network::Mainnet, "p2wpkh", path, address, vec![2; 33]));
    record
}

/// A wallet that is one key.
pub(crate) fn key_wallet(called: &str, byte: u8) -> WalletRecord {
    let key = PrivateKey::new(Curve::Secp256k1, &[byte; 32]);
    let secret = WalletSecret::PrivateKey { chain: "ethereum".to_owned(), network: Network::Mainnet, key };
    WalletRecord::new(name(called), secret, Passphrase::None, at(0)).unwrap()
}

/// A backup that restores a wallet of words, and has proved it.
pub(crate) fn proved_backup() -> Backup {
    proved(BackupMethod::Phrase)
}

pub(crate) fn proved(method: BackupMethod) -> Backup {
    let mut backup = Backup::new(method, Some("paper".to_owned()), at(1));
    backup.verified = Some(at(2));
    backup
}

/// An edit of a record: that it has been backed up.
pub(crate) fn back_up(record: &mut WalletRecord) -> Result<()> {
    record.record_backup(proved_backup());
    Ok(())
}

/// A vault with these wallets, numbered from 1, under the old password.
pub(crate) fn vault(storage: Arc<dyn Storage>, names: &[&str]) -> Unlocked {
    let mut vault = Vault::create(storage, &new_password(OLD), work(), at(0)).unwrap();
    for (called, number) in names.iter().zip(1..) {
        vault.add(&wallet(called, number), at(number.into())).unwrap();
    }
    vault
}

pub(crate) fn open(storage: Arc<dyn Storage>, with: &str) -> Result<Unlocked> {
    Vault::find(storage)?.expect("a vault").unlock(&password(with))
}

pub(crate) fn names(vault: &Unlocked) -> Vec<String> {
    vault.wallets().unwrap().iter().map(|entry| entry.name.to_string()).collect()
}

/// The words or the key of a record.
pub(crate) fn secret_of(record: &WalletRecord) -> String {
    match record.secret() {
        WalletSecret::Phrase(phrase) => phrase.to_text().expose().to_owned(),
        WalletSecret::PrivateKey { key, .. } => format!("{:?}", key.expose()),
    }
}

/// Opens every record that is listed: name, secret and number of backups of each.
pub(crate) fn contents(vault: &Unlocked) -> Vec<(String, String, usize)> {
    let read = |entry: &keyark_vault::WalletEntry| {
        let record = vault.record(entry.id).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        assert_eq!((record.id(), &record.name), (entry.id, &entry.name));
        (record.name.to_string(), secret_of(&record), record.backups.len())
    };
    vault.wallets().unwrap().iter().map(read).collect()
}
