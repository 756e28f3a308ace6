//! A wallet's record: its JSON to the letter, what is refused, and what stays.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod any;
mod json;
mod refusals;
mod revisions_and_backups;

use keyark_core::{Curve, Network, PointForm, PrivateKey};
use keyark_phrase::{Language, Phrase};

use super::*;

const PHRASE: &str = concat!(
    r#"{"format":"keyark-wallet","version":1,"id":"000102030405060708090a0b0c0d0e0f","revision":3,"name":"savings","#,
    r#""created":"2026-11-21T12:00:00Z","secret":{"type":"phrase","language":"english","words":"abandon abandon abandon "#,
    r#"abandon abandon abandon abandon abandon abandon abandon abandon about","entropy":"00000000000000000000000000000000"},"#,
    r#""passphrase":{"type":"none"},"fingerprint":"73c5da0a","accounts":[{"chain":"bitcoin","network":"mainnet","#,
    r#""kind":"p2wpkh","path":"m/84'/0'/0'/0/0","address":"bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu","#,
    r#""public_key":"0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c"}],"backups":[{"method":"phrase","#,
    r#""to":"paper","made":"2026-11-21T12:05:00Z","verified":"2026-11-21T12:10:00Z","detail":"in the \u0022safe\u0022"}]}"#,
);

const KEY: &str = concat!(
    r#"{"format":"keyark-wallet","version":1,"id":"000102030405060708090a0b0c0d0e0f","revision":1,"name":"old paper","#,
    r#""created":"2026-11-21T12:00:00Z","secret":{"type":"private-key","chain":"bitcoin","network":"testnet","curve":"secp256k1","#,
    r#""form":"uncompressed","key":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"},"#,
    r#""passphrase":{"type":"none"},"accounts":[],"backups":[]}"#,
);

fn name(text: &str) -> WalletName {
    WalletName::new(text).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn record(called: &str, secret: WalletSecret) -> WalletRecord {
    let mut record = WalletRecord::new(name(called), secret, Passphrase::None, time("2026-11-21T12:00:00Z")).unwrap();
    record.id = "000102030405060708090a0b0c0d0e0f".parse().unwrap();
    record
}

fn of_phrase() -> WalletRecord {
    let phrase = Phrase::from_entropy(&[0; 16], Language::English).unwrap();
    let mut record = record("savings", WalletSecret::Phrase(phrase));
    record.next_revision();
    record.next_revision();
    record.fingerprint = Some(Fingerprint([0x73, 0xc5, 0xda, 0x0a]));
    record.accounts.push(Account::new(
        "bitcoin",
        Network::Mainnet,
        "p2wpkh",
        Some("m/84'/0'/0'/0/0".to_owned()),
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
        hex::decode("0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c").unwrap(),
    ));
    record.record_backup(Backup {
        verified: Some(time("2026-11-21T12:10:00Z")),
        detail: Some("in the \"safe\"".to_owned()),
        ..Backup::new(BackupMethod::Phrase, Some("paper".to_owned()), time("2026-11-21T12:05:00Z"))
    });
    record
}

fn of_key() -> WalletRecord {
    let key = PrivateKey::new(Curve::Secp256k1, &[0x5a; 32]).with_form(PointForm::Uncompressed);
    record("old paper", WalletSecret::PrivateKey { chain: "bitcoin".to_owned(), network: Network::Testnet, key })
}

/// Both hold the same. `Debug` leaves nothing out that has no comparison of its own.
fn assert_same(one: &WalletRecord, other: &WalletRecord) {
    assert!(one.secret.same_as(&other.secret));
    assert_eq!((&one.name, &one.passphrase, one.fingerprint), (&other.name, &other.passphrase, other.fingerprint));
    assert_eq!((&one.accounts, &one.backups), (&other.accounts, &other.backups));
    assert_eq!((one.id, one.created, one.revision), (other.id, other.created, other.revision));
    assert_eq!(one.unknown.record, other.unknown.record);
    assert_eq!((&one.unknown.secret, &one.unknown.passphrase), (&other.unknown.secret, &other.unknown.passphrase));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

fn assert_shows_nothing(error: &Error) {
    let shown = format!("{error} {error:?}");
    for secret in ["canary", "abandon", "5a5a", "0000000000"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
