//! A vault with chains: records of wallets, wallets of records, and the vault's policy as the core enforces it.
#![cfg(feature = "vault")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../../keyark-vault/tests/support/memory.rs"]
mod memory;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use keyark::phrase::{Language, Phrase};
use keyark::vault::{
    AskPassword, KeepPassphrase, NewPassword, Passphrase, Password, Timestamp, Unlocked, Vault, VaultDenial,
    VaultPolicy, WalletName, WalletRecord, WalletSecret, WorkFactor, key_record, phrase_record, wallet_of,
};
use keyark::{
    ChainKey, Curve, Error, ErrorKind, ExportItem, ExportPolicy, Network, Position, PrivateKey, Registry, Result,
    SecretText,
};
use memory::Memory;

const PASSWORD: &str = "canary seldom whistles under water";
const OTHER: &str = "marble otters juggle nine lanterns";
const ABANDON: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn text(text: &str) -> SecretText {
    SecretText::from(text)
}

fn now() -> Timestamp {
    Timestamp::from_unix(1_795_262_400)
}

fn name(text: &str) -> WalletName {
    WalletName::new(text).unwrap()
}

fn abandon() -> Phrase {
    Phrase::parse(&text(ABANDON)).unwrap()
}

fn create(memory: &Memory, password: &str) -> Unlocked {
    let password = NewPassword::new(&text(password), &[]).unwrap();
    Vault::create(memory.arc(), &password, WorkFactor::new(1).unwrap(), now()).unwrap()
}

fn open(memory: &Memory, password: &str) -> Unlocked {
    Vault::find(memory.arc()).unwrap().unwrap().unlock(&Password::new(&text(password)).unwrap()).unwrap()
}

/// The record as it comes back from a vault.
fn stored(record: &WalletRecord) -> WalletRecord {
    let memory = Memory::new();
    create(&memory, PASSWORD).add(record, now()).unwrap();
    open(&memory, PASSWORD).record(record.id()).unwrap()
}

/// The first key of a chain's default kind.
fn key_of(record: &WalletRecord, passphrase: Option<&SecretText>, chain: &str) -> ChainKey {
    let chain = Registry::installed().unwrap().get(chain).unwrap();
    let kind = chain.info().default_kind().unwrap();
    wallet_of(record, passphrase).unwrap().key(chain, kind, Position::default(), Network::Mainnet).unwrap()
}

fn address_of(record: &WalletRecord, chain: &str, kind: &str) -> String {
    let account = record.accounts.iter().find(|account| account.chain == chain && account.kind == kind);
    account.unwrap_or_else(|| panic!("{chain} {kind}")).address.clone()
}

// Records and wallets

#[test]
fn words_become_a_record_with_an_address_of_every_kind() {
    let record =
        phrase_record(name("savings"), &abandon(), &text(""), KeepPassphrase::Kept, now()).map(|r| stored(&r)).unwrap();
    assert_eq!(record.passphrase, Passphrase::None);
    assert_eq!(record.fingerprint.unwrap().to_string(), "73c5da0a");
    // BIP-84, "Test vectors".
    assert_eq!(address_of(&record, "bitcoin", "p2wpkh"), "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu");
    let kinds: usize = Registry::installed().unwrap().iter().map(|chain| chain.info().kinds.len()).sum();
    assert_eq!(record.accounts.len(), kinds);
    for account in &record.accounts {
        let chain = Registry::installed().unwrap().get(&account.chain).unwrap();
        let kind = chain.info().kind(&account.kind).unwrap();
        let key = wallet_of(&record, None).unwrap().key(chain, kind, Position::default(), Network::Mainnet).unwrap();
        assert_eq!(key.address(kind).unwrap().as_str(), account.address);
        assert_eq!(key.public_key().as_bytes(), account.public_key);
    }
}

#[test]
fn words_of_every_language_come_back() {
    for language in Language::ALL {
        let phrase = Phrase::from_entropy(&[7; 16], language).unwrap();
        let record = phrase_record(name("x"), &phrase, &text("p\u{e4}ss"), KeepPassphrase::Kept, now()).unwrap();
        let again = stored(&record);
        let WalletSecret::Phrase(read) = again.secret() else { panic!("it has words") };
        assert_eq!((read, read.language()), (&phrase, language));
        assert!(again.passphrase == Passphrase::Kept(text("p\u{e4}ss")) && again.accounts == record.accounts);
        assert!(wallet_of(&again, None).is_ok(), "{language:?}");
    }
}

#[test]
fn a_noted_passphrase_is_not_kept_and_known_again() {
    let (right, wrong) = (text("TREZOR"), text("trezor"));
    let record = stored(&phrase_record(name("hidden"), &abandon(), &right, KeepPassphrase::Noted, now()).unwrap());
    assert_eq!(record.passphrase, Passphrase::Noted);
    let missing = wallet_of(&record, None).unwrap_err();
    assert!(missing.kind() == ErrorKind::Usage && missing.problem().contains("hidden"), "{missing}");
    for wrong in [&wrong, &text("TREZOR "), &text("")] {
        let error = wallet_of(&record, Some(wrong)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        assert!(!error.to_string().contains("TREZOR") && !error.remedy().contains("TREZOR"), "{error:?}");
    }
    let wallet = wallet_of(&record, Some(&right)).unwrap();
    assert_eq!(wallet.fingerprint().unwrap(), record.fingerprint.unwrap());
    let with = phrase_record(name("x"), &abandon(), &right, KeepPassphrase::Kept, now()).unwrap();
    let without = phrase_record(name("x"), &abandon(), &text(""), KeepPassphrase::Noted, now()).unwrap();
    assert_eq!(with.accounts, record.accounts);
    assert_ne!(without.accounts, record.accounts);
    assert_eq!(without.passphrase, Passphrase::None, "no passphrase is none");
    assert!(wallet_of(&with, None).is_ok() && wallet_of(&without, Some(&wrong)).is_ok(), "none is needed");
}

#[test]
fn the_same_words_with_and_without_a_passphrase_are_two_wallets() {
    let memory = Memory::new();
    let mut vault = create(&memory, PASSWORD);
    let record = |called: &str, passphrase: &str| {
        phrase_record(name(called), &abandon(), &text(passphrase), KeepPassphrase::Noted, now()).unwrap()
    };
    vault.add(&record("plain", ""), now()).unwrap();
    vault.add(&record("hidden", "x"), now()).unwrap();
    let twice = vault.add(&record("again", "x"), now()).unwrap_err();
    assert!(twice.kind() == ErrorKind::AlreadyExists && twice.remedy().contains("hidden"), "{twice:?}");
}

#[test]
fn one_key_is_a_wallet_of_one_chain() {
    for chain in Registry::installed().unwrap().iter() {
        let curve = chain.info().curve;
        let key = PrivateKey::new(curve, &[0x5a; 32]);
        let record = key_record(name("old paper"), chain, key.clone(), Network::Mainnet, now()).unwrap();
        let record = stored(&record);
        assert!(!record.accounts.is_empty() && record.accounts.iter().all(|account| account.chain == chain.info().id));
        let wallet = wallet_of(&record, None).unwrap();
        assert_eq!(wallet.only_chain().unwrap().0.info().id, chain.info().id);
        let read = key_of(&record, None, chain.info().id);
        let kind = chain.info().default_kind().unwrap();
        assert_eq!(read.address(kind).unwrap().as_str(), address_of(&record, chain.info().id, kind.id));
    }
    let secp = PrivateKey::new(Curve::Secp256k1, &[0x5a; 32]);
    let solana = Registry::installed().unwrap().get("solana").unwrap();
    assert!(key_record(name("x"), solana, secp, Network::Mainnet, now()).is_err(), "a key of another curve");
}

#[test]
fn a_record_whose_words_give_other_addresses_is_refused() {
    let mut record = phrase_record(name("x"), &abandon(), &text(""), KeepPassphrase::Kept, now()).unwrap();
    record.accounts[0].address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".to_owned();
    assert_eq!(wallet_of(&record, None).unwrap_err().kind(), ErrorKind::Mismatch);
    let mut record = phrase_record(name("x"), &abandon(), &text(""), KeepPassphrase::Kept, now()).unwrap();
    record.passphrase = Passphrase::Kept(text("changed"));
    assert_eq!(wallet_of(&record, None).unwrap_err().kind(), ErrorKind::Mismatch);
}

#[test]
fn a_record_of_a_chain_that_this_program_does_not_have_says_so() {
    let key = PrivateKey::new(Curve::Secp256k1, &[1; 32]);
    let secret = WalletSecret::PrivateKey { chain: "dogecoin".to_owned(), network: Network::Mainnet, key };
    let record = stored(&WalletRecord::new(name("x"), secret, Passphrase::None, now()).unwrap());
    let error = wallet_of(&record, None).unwrap_err();
    assert!(error.kind() == ErrorKind::NotFound, "{error:?}");
}

// What may leave

/// Gives these answers, one after the other, and remembers what it was asked.
#[derive(Default)]
struct Person {
    answers: Mutex<Vec<Result<SecretText>>>,
    asked: AtomicUsize,
    why: Mutex<String>,
}

impl Person {
    fn who_says(answers: &[&str]) -> Arc<Self> {
        let answers = answers.iter().rev().map(|answer| Ok(text(answer))).collect();
        Arc::new(Self { answers: Mutex::new(answers), ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl AskPassword for Person {
    fn ask(&self, why: &str) -> Result<SecretText> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        why.clone_into(&mut self.why.lock().unwrap());
        let none = || Err(Error::new(ErrorKind::Cancelled, "the person left", "ask again later"));
        self.answers.lock().unwrap().pop().unwrap_or_else(none)
    }
}

fn denial(item: ExportItem, chain: Option<&str>, reason: &str) -> VaultDenial {
    VaultDenial { item, chain: chain.map(str::to_owned), reason: reason.to_owned() }
}

/// A vault with one wallet and this policy, opened again.
fn with_policy(memory: &Memory, policy: VaultPolicy) -> (Unlocked, WalletRecord) {
    let record = phrase_record(name("savings"), &abandon(), &text(""), KeepPassphrase::Kept, now()).unwrap();
    let mut vault = create(memory, PASSWORD);
    vault.add(&record, now()).unwrap();
    vault.set_policy(policy, now()).unwrap();
    (open(memory, PASSWORD), record)
}

fn leaves(policy: &ExportPolicy, key: &ChainKey) -> Result<()> {
    policy.permit(key).map(drop)
}

#[test]
fn the_vault_s_policy_is_the_one_that_the_core_enforces() {
    let memory = Memory::new();
    let policy = VaultPolicy::advertised()
        .deny(denial(ExportItem::PrivateKey, Some("bitcoin"), "of the house"))
        .deny(denial(ExportItem::Keystore, None, "of the law"))
        .deny(denial(ExportItem::PrivateKey, Some("dogecoin"), "a chain that is not here"));
    let (vault, record) = with_policy(&memory, policy);
    let policy = vault.export_policy(None).unwrap();
    let (bitcoin, ethereum) = (key_of(&record, None, "bitcoin"), key_of(&record, None, "ethereum"));
    let error = leaves(&policy, &bitcoin).unwrap_err();
    assert!(error.kind() == ErrorKind::Refused && error.problem().contains("of the house"), "{error}");
    assert!(leaves(&policy, &ethereum).is_ok(), "it is denied on one chain");
    let error = policy.allows(&ethereum, ExportItem::Keystore).unwrap_err();
    assert!(error.problem().contains("of the law"), "{error}");
    assert!(leaves(&ExportPolicy::advertised(), &bitcoin).is_ok(), "it is the vault that denies it");
}

#[test]
fn the_password_is_asked_for_before_each_export() {
    let memory = Memory::new();
    let (vault, record) = with_policy(&memory, VaultPolicy::advertised().ask_password());
    let key = key_of(&record, None, "ethereum");

    let nobody = leaves(&vault.export_policy(None).unwrap(), &key).unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Refused);

    let person = Person::who_says(&[PASSWORD, OTHER, PASSWORD, ""]);
    let policy = vault.export_policy(Some(person.clone())).unwrap();
    assert!(policy.allows(&key, ExportItem::PrivateKey).is_ok());
    assert_eq!(person.asked(), 0, "whether it could be is no export");
    assert!(leaves(&policy, &key).is_ok());
    assert!(person.why.lock().unwrap().contains("Ethereum"), "{:?}", person.why);
    assert_eq!(leaves(&policy, &key).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert!(leaves(&policy, &key).is_ok());
    assert_eq!(leaves(&policy, &key).unwrap_err().kind(), ErrorKind::Malformed, "no password at all");
    assert_eq!(leaves(&policy, &key).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(person.asked(), 5, "once each");
}

#[test]
fn nobody_is_asked_where_the_policy_does_not_want_it_or_denies() {
    let memory = Memory::new();
    let (mut vault, record) = with_policy(&memory, VaultPolicy::advertised());
    let key = key_of(&record, None, "ethereum");
    let person = Person::who_says(&[]);
    assert!(leaves(&vault.export_policy(Some(person.clone())).unwrap(), &key).is_ok());
    let denying = VaultPolicy::advertised().deny(denial(ExportItem::PrivateKey, None, "never")).ask_password();
    vault.set_policy(denying, now()).unwrap();
    let error = leaves(&vault.export_policy(Some(person.clone())).unwrap(), &key).unwrap_err();
    assert!(error.problem().contains("never"), "{error}");
    assert_eq!(person.asked(), 0);
}

#[test]
fn the_password_of_today_is_the_one_that_is_asked_for() {
    let memory = Memory::new();
    let (mut vault, record) = with_policy(&memory, VaultPolicy::advertised().ask_password());
    let key = key_of(&record, None, "ethereum");
    let new = NewPassword::new(&text(OTHER), &[]).unwrap();
    vault.change_password(&new, WorkFactor::new(1).unwrap(), now()).unwrap();
    let policy = vault.export_policy(Some(Person::who_says(&[PASSWORD, OTHER]))).unwrap();
    assert_eq!(leaves(&policy, &key).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert!(leaves(&policy, &key).is_ok());
}

/// Who can write to the folder, and sits at a vault that was left open, puts an identity there whose password is known.
#[test]
fn the_password_of_another_identity_opens_no_way_out() {
    let (memory, theirs) = (Memory::new(), Memory::new());
    let (vault, record) = with_policy(&memory, VaultPolicy::advertised().ask_password());
    drop(create(&theirs, OTHER));
    for file in theirs.names("epochs/1/identity") {
        memory.put(&file, &theirs.get(&file));
    }
    let key = key_of(&record, None, "ethereum");
    let policy = vault.export_policy(Some(Person::who_says(&[OTHER]))).unwrap();
    assert!(vault.check_password(&Password::new(&text(OTHER)).unwrap()).is_err());
    assert!(leaves(&policy, &key).is_err(), "a key left the vault with a password that is not the vault's");
}

#[test]
fn a_vault_that_needs_repair_lets_nothing_leave() {
    let memory = Memory::new();
    let (vault, _) = with_policy(&memory, VaultPolicy::advertised().ask_password());
    assert!(vault.broken().is_none());
    let newest = memory.names("epochs/1/manifest-").pop().unwrap();
    memory.put(&newest, b"damaged");
    let mut vault = open(&memory, PASSWORD);
    assert!(vault.export_policy(Some(Person::who_says(&[PASSWORD]))).is_err());
    vault.repair(now()).unwrap();
    assert!(vault.export_policy(None).is_ok() && vault.policy().asks_password());
}
