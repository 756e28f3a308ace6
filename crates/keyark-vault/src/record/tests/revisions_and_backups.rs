//! A record's id, revisions and backups, and what its `Debug` shows.

use super::*;

#[test]
fn a_new_record_has_an_id_of_its_own() {
    let new = || {
        let secret = of_key().secret().clone();
        WalletRecord::new(name("a"), secret, Passphrase::Noted, Timestamp::from_unix(7)).unwrap()
    };
    let (mut one, other) = (new(), new());
    assert_ne!(one.id(), other.id());
    assert_eq!((one.revision(), one.created()), (1, Timestamp::from_unix(7)));
    assert!(one.accounts.is_empty() && one.backups.is_empty() && !one.is_backed_up() && one.fingerprint.is_none());
    one.next_revision();
    assert_eq!((one.revision(), one.clone().revision()), (2, 2));
    one.revision = u64::MAX;
    one.next_revision();
    assert_eq!(one.revision(), u64::MAX);
}

#[test]
fn a_wallet_is_backed_up_when_one_verified_backup_restores_it() {
    let now = time("2026-11-21T12:00:00Z");
    let verified = |method| Backup { verified: Some(now), ..Backup::new(method, None, now) };
    let mut record = of_phrase();
    record.backups.clear();
    assert!(!record.is_backed_up());
    record.record_backup(Backup::new(BackupMethod::Phrase, None, now));
    record.record_backup(verified(BackupMethod::Keystore));
    record.record_backup(verified(BackupMethod::Other("engraved".to_owned())));
    assert!(!record.is_backed_up());
    record.record_backup(verified(BackupMethod::Phrase));
    assert!(record.is_backed_up());
    assert_eq!(record.backups.len(), 3);

    let mut record = of_key();
    record.record_backup(verified(BackupMethod::Keystore));
    assert!(record.is_backed_up());
    // A newer backup that was not read back takes its place, and another place has an entry of its own.
    record.record_backup(Backup::new(BackupMethod::Keystore, None, now));
    assert!(!record.is_backed_up());
    record.record_backup(Backup::new(BackupMethod::Keystore, Some("stick".to_owned()), now));
    assert_eq!(record.backups.len(), 2);
}

#[test]
fn debug_shows_no_secret() {
    let mut record = of_phrase();
    record.passphrase = Passphrase::Kept("canary".into());
    record.unknown.record.push(("later".to_owned(), "\"canary\"".into()));
    record.unknown.secret.push(("later".to_owned(), "\"canary\"".into()));
    record.accounts[0].unknown.push(("later".to_owned(), "\"canary\"".into()));
    record.backups[0].unknown.push(("later".to_owned(), "\"canary\"".into()));
    let shown = format!("{record:?} {:#?} {:?} {:?}", of_key(), record.accounts, record.backups);
    for secret in ["canary", "abandon", "about", "0000000000", "0, 0, 0", "5a5a", "90, 90"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("savings") && shown.contains("old paper"), "{shown}");
}
