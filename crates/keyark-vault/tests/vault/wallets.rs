//! Wallets that come, change and go.

use keyark_vault::WalletId;

use super::*;

#[test]
fn a_new_vault_is_empty_and_opens_again() {
    let memory = Memory::new();
    assert!(Vault::find(memory.arc()).unwrap().is_none());
    let vault = Vault::create(memory.arc(), &new_password(OLD), work(), at(3)).unwrap();
    assert!(vault.wallets().unwrap().is_empty() && vault.findings().is_empty() && vault.broken().is_none());
    assert!(vault.is_current() && vault.sealed_epochs().next().is_none());
    assert_eq!((vault.epoch(), vault.written()), (1, at(3)));
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let epochs: Vec<_> = found.epochs().iter().map(|epoch| (epoch.number, epoch.password_set)).collect();
    assert_eq!((epochs, found.count_records(1).unwrap()), (vec![(1, Some(at(3)))], 0));
    assert!(names(&found.unlock(&password(OLD)).unwrap()).is_empty());
    assert_eq!(found.unlock(&password(NEW)).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert_eq!(
        Vault::create(memory.arc(), &new_password(NEW), work(), at(4)).unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert!(found.unlock(&password(OLD)).is_ok(), "the vault that was there is untouched");
}

#[test]
fn every_kind_of_wallet_comes_back_as_it_was_stored() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let mut stored = Vec::new();
    for (language, number) in Language::ALL.into_iter().zip(1..) {
        let phrase = Phrase::from_entropy(&[number; 32], language).unwrap();
        let kept = if number % 2 == 0 { Passphrase::Kept("caf\u{e9} \"x\"\n".into()) } else { Passphrase::Noted };
        stored.push(
            WalletRecord::new(name(language.id()), WalletSecret::Phrase(phrase), kept, at(number.into())).unwrap(),
        );
    }
    stored.push(key_wallet("old paper", 0x5a));
    for (record, minute) in stored.iter().zip(1..) {
        vault.add(record, at(minute)).unwrap();
    }
    let again = open(memory.arc(), OLD).unwrap();
    assert_eq!(again.wallets().unwrap().len(), stored.len());
    for (entry, record) in again.wallets().unwrap().iter().zip(&stored) {
        let read = again.record(entry.id).unwrap();
        assert!(read.secret().same_as(record.secret()), "{}", entry.name);
        assert_eq!((&read.name, &read.passphrase), (&record.name, &record.passphrase));
        assert_eq!((read.id(), read.created(), read.revision()), (record.id(), record.created(), 1));
        assert_eq!((entry.id, &entry.name, entry.created), (record.id(), &record.name, record.created()));
        assert_eq!(entry.secret_kind, record.secret().kind_id());
    }
    assert!(unlisted(&memory.files(), 1, OLD).is_empty());
}

#[test]
fn a_wallet_is_found_by_name_and_by_id() {
    let mut vault = vault(Memory::new().arc(), &["Savings", "spending"]);
    let id = vault.find("spending").unwrap().id;
    assert_eq!(vault.find("SPENDING").unwrap().id, id);
    assert_eq!(vault.find(&id.to_string().to_uppercase()).unwrap().name, name("spending"));
    let error = vault.find("spent").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.remedy().contains("Savings, spending"), "{error:?}");
    let unknown = WalletId::random().unwrap();
    assert_eq!(vault.find(&unknown.to_string()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.record(unknown).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.rename(unknown, name("x"), at(5)).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.remove(unknown, Removal::Anyway, at(5)).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn names_and_wallets_are_there_once() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["Savings", "\u{c4}rger"]);
    let before = memory.files();
    let mut kind = |record: &WalletRecord| vault.add(record, at(9)).unwrap_err();
    for taken in ["savings", "SAVINGS", "\u{e4}rger", "A\u{308}rger"] {
        assert_eq!(kind(&wallet(taken, 7)).kind(), ErrorKind::AlreadyExists, "{taken}");
    }
    let twice = kind(&wallet("another name", 1));
    assert_eq!(twice.kind(), ErrorKind::AlreadyExists);
    assert!(twice.remedy().contains("Savings"), "it says what it is called: {twice:?}");
    let (one, two) = (vault.wallets().unwrap()[0].id, vault.wallets().unwrap()[1].id);
    let error = vault.rename(two, name("SAVINGS"), at(9)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert!(memory.files() == before, "nothing was changed by any of it");
    vault.rename(one, name("SAVINGS"), at(9)).unwrap(); // its own name in other letters
    assert_eq!(names(&vault), ["SAVINGS", "\u{c4}rger"]);
}

/// A private key has the first address of the words that it came from, and must not stand for them.
#[test]
fn a_key_is_not_taken_for_the_words_that_it_came_from() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let words = wallet("words", 1);
    let secret = WalletSecret::PrivateKey {
        chain: "bitcoin".to_owned(),
        network: keyark_core::Network::Mainnet,
        key: keyark_core::PrivateKey::new(keyark_core::Curve::Secp256k1, &[7; 32]),
    };
    let mut key = WalletRecord::new(name("key"), secret, Passphrase::None, at(1)).unwrap();
    key.accounts = words.accounts.clone();
    vault.add(&key, at(1)).unwrap();
    vault.add(&words, at(2)).unwrap();
    let mut again = WalletRecord::new(name("again"), words.secret().clone(), Passphrase::None, at(3)).unwrap();
    again.accounts = words.accounts.clone();
    assert_eq!(vault.add(&again, at(3)).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(names(&vault), ["key", "words"]);
}

#[test]
fn an_update_keeps_place_and_id_and_counts_the_revision() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b", "c"]);
    let id = vault.find("b").unwrap().id;
    vault.update(id, at(10), back_up).unwrap();
    vault.rename(id, name("renamed"), at(11)).unwrap();
    for vault in [&vault, &open(memory.arc(), OLD).unwrap()] {
        assert_eq!(names(vault), ["a", "renamed", "c"]);
        let (entry, record) = (vault.find("renamed").unwrap(), vault.record(id).unwrap());
        assert!(entry.id == id && entry.is_backed_up() && record.is_backed_up());
        assert_eq!((record.revision(), vault.written()), (3, at(11)));
        assert_eq!(record.backups, [proved_backup()]);
    }
    let before = memory.files();
    let refuse = |_: &mut WalletRecord| Err(keyark_core::Error::malformed("no", "no"));
    assert_eq!(vault.update(id, at(12), refuse).unwrap_err().problem(), "no");
    assert!(memory.files() == before);
}

#[test]
fn a_wallet_that_is_not_backed_up_is_not_removed_by_mistake() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let (a, b) = (vault.find("a").unwrap().id, vault.find("b").unwrap().id);
    let backups = [
        Backup::new(BackupMethod::Phrase, None, at(1)), // never read back
        proved(BackupMethod::Keystore),                 // one address only
        proved(BackupMethod::from("later".to_owned())),
    ];
    for backup in backups {
        let before = memory.files();
        assert_eq!(vault.remove(a, Removal::OnlyBackedUp, at(5)).unwrap_err().kind(), ErrorKind::Refused);
        assert!(memory.files() == before);
        vault
            .update(a, at(5), |record| {
                record.record_backup(backup.clone());
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(vault.remove(a, Removal::OnlyBackedUp, at(5)).unwrap_err().kind(), ErrorKind::Refused);
    vault.update(a, at(6), back_up).unwrap();
    vault.remove(a, Removal::OnlyBackedUp, at(7)).unwrap();
    assert_eq!(names(&vault), ["b"]);
    assert_eq!(vault.record(a).unwrap_err().kind(), ErrorKind::NotFound);
    vault.remove(b, Removal::Anyway, at(8)).unwrap();
    assert!(names(&open(memory.arc(), OLD).unwrap()).is_empty());
}

#[test]
fn a_removed_wallet_s_file_is_gone_after_the_next_change() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let file = record_file(&memory, 1, OLD, "a");
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(5)).unwrap();
    assert!(memory.files().contains_key(&file), "the previous state needs it");
    vault.set_policy(VaultPolicy::default(), at(6)).unwrap();
    assert!(!memory.files().contains_key(&file));
    assert!(unlisted(&memory.files(), 1, OLD).is_empty());
    vault.add(&wallet("a", 1), at(7)).unwrap(); // neither its name nor its words are taken
    assert_eq!(names(&vault), ["b", "a"]);
}

#[test]
fn a_wallet_that_came_is_the_one_that_another_program_removed() {
    let memory = Memory::new();
    let mut one = vault(memory.arc(), &["a", "b"]);
    let mut two = open(memory.arc(), OLD).unwrap();
    let a = two.find("a").unwrap().id;
    one.remove(a, Removal::Anyway, at(5)).unwrap();
    let error = two.rename(a, name("c"), at(6)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
    assert_eq!(names(&two), ["b"], "and it knows now");
}
