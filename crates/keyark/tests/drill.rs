//! The drill finds every difference between a record and what its secret gives, and further accounts are recorded once.
#![cfg(all(feature = "vault", feature = "bitcoin", feature = "ethereum", feature = "solana"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use keyark::phrase::{Language, Phrase};
use keyark::vault::{
    Account, Drill, Further, KeepPassphrase, Passphrase, Timestamp, UnknownKind, WalletName, WalletRecord,
    WalletSecret, drill, drill_against, extend_accounts, key_record, phrase_record, wallet_of,
};
use keyark::{
    Curve, DerivationPath, Error, ErrorKind, Fingerprint, KeyLocation, Network, PrivateKey, Registry, SecretText,
};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const PASSPHRASE: &str = "canary-TREZOR";

fn text(text: &str) -> SecretText {
    SecretText::from(text)
}

fn named(name: &str, passphrase: &str, keep: KeepPassphrase) -> WalletRecord {
    let phrase = Phrase::parse(&text(WORDS)).unwrap();
    phrase_record(WalletName::new(name).unwrap(), &phrase, &text(passphrase), keep, Timestamp::from_unix(0)).unwrap()
}

fn savings() -> WalletRecord {
    named("savings", "", KeepPassphrase::Kept)
}

fn noted() -> WalletRecord {
    named("hidden", PASSPHRASE, KeepPassphrase::Noted)
}

fn single(byte: u8) -> WalletRecord {
    let ethereum = Registry::installed().unwrap().get("ethereum").unwrap();
    let key = PrivateKey::new(Curve::Secp256k1, &[byte; 32]);
    key_record(WalletName::new("hot").unwrap(), ethereum, key, Network::Mainnet, Timestamp::from_unix(0)).unwrap()
}

fn further<'a>(chain: &'a str, kind: &'a str, account: u32) -> Further<'a> {
    Further { chain: Some(chain), kind: Some(kind), account }
}

/// A record with accounts of the second kind of position that there is: account 1 of everything, and test networks.
fn wide() -> WalletRecord {
    let mut record = savings();
    extend_accounts(&mut record, None, Further { account: 1, ..Further::default() }).unwrap();
    extend_accounts(&mut record, None, further("bitcoin", "p2tr", (1 << 31) - 1)).unwrap();
    let wallet = wallet_of(&record, None).unwrap();
    let bitcoin = Registry::installed().unwrap().get("bitcoin").unwrap();
    let kind = bitcoin.info().kind("p2wpkh").unwrap();
    for network in [Network::Testnet, Network::Signet, Network::Regtest] {
        let path: DerivationPath = "m/84'/1'/5'/1/7".parse().unwrap();
        let key = wallet.key_at(bitcoin, KeyLocation::Path(path.clone()), network).unwrap();
        let (address, public_key) = (key.address(kind).unwrap(), key.public_key().as_bytes().to_vec());
        let path = Some(path.to_string());
        record.accounts.push(Account::new("bitcoin", network, "p2wpkh", path, address.as_str(), public_key));
    }
    record
}

/// That it is found, and that nothing secret is said about it.
#[track_caller]
fn mismatch(result: Result<Drill, Error>, words: &[&str]) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch, "{error:?}");
    let said = format!("{error:?} {error} {}", error.remedy());
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
    for secret in ["legal winner", "canary", &"7f".repeat(8)] {
        assert!(!said.contains(secret), "{said}");
    }
}

fn all_known(compared: usize) -> Drill {
    Drill { compared, unknown: Vec::new() }
}

// One record

#[test]
fn every_account_is_derived_again() {
    let kinds: usize = Registry::installed().unwrap().iter().map(|chain| chain.info().kinds.len()).sum();
    assert_eq!(drill(&savings(), None).unwrap(), all_known(kinds));
    let wide = wide();
    assert!(wide.accounts.len() > kinds + 10, "{}", wide.accounts.len());
    assert_eq!(drill(&wide, None).unwrap(), all_known(wide.accounts.len()));
    assert_eq!(drill(&noted(), Some(&text(PASSPHRASE))).unwrap(), all_known(kinds));
    assert_eq!(drill(&named("kept", PASSPHRASE, KeepPassphrase::Kept), None).unwrap(), all_known(kinds));
    assert_eq!(drill(&single(7), None).unwrap(), all_known(1));
    for language in [Language::Japanese, Language::French] {
        let phrase = Phrase::from_entropy(&[7; 32], language).unwrap();
        let name = WalletName::new("x").unwrap();
        let record = phrase_record(name, &phrase, &text(""), KeepPassphrase::Kept, Timestamp::from_unix(0)).unwrap();
        assert_eq!(drill(&record, None).unwrap(), all_known(kinds));
    }
}

#[test]
fn every_difference_is_found_wherever_it_is() {
    let wide = wide();
    for at in 0..wide.accounts.len() {
        let place = |account: &Account| {
            let path = account.path.clone().unwrap_or_default();
            [account.chain.clone(), account.kind.clone(), path]
        };
        let other = (at + 1) % wide.accounts.len();
        let changes: [&dyn Fn(&mut WalletRecord); 5] = [
            &|record| record.accounts[at].address = wide.accounts[other].address.clone() + "x",
            &|record| record.accounts[at].address.make_ascii_uppercase(),
            &|record| record.accounts[at].address.clear(),
            &|record| record.accounts[at].public_key[3] ^= 1,
            &|record| record.accounts[at].public_key.clear(),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut record = wide.clone();
            change(&mut record);
            let place = place(&record.accounts[at]);
            mismatch(drill(&record, None), &[&place[0], &place[1], &place[2], "savings"]);
            assert_eq!(wallet_of(&record, None).is_err(), at == 0, "{number}: it looks at the first one only");
        }
    }
}

#[test]
fn another_path_or_network_is_a_difference() {
    for path in [
        Some("m/84'/0'/0'/0/1"),
        Some("m/84'/0'/1'/0/0"),
        Some("m/84/0/0/0/0"),
        Some("m"),
        Some("84'/0'"),
        Some(""),
        Some("m/84'/0'/0'/0/99999999999"),
        Some("canary canary"),
    ] {
        for chain in ["bitcoin", "ethereum", "solana"] {
            let mut record = savings();
            let at = record.accounts.iter().position(|account| account.chain == chain).unwrap();
            record.accounts[at].path = path.map(str::to_owned);
            let error = drill(&record, None).unwrap_err();
            assert!(error.kind() == ErrorKind::Mismatch && error.problem().contains(chain), "{path:?}: {error}");
        }
    }
    let mut record = savings();
    record.accounts[2].network = Network::Testnet;
    mismatch(drill(&record, None), &["bitcoin", "on testnet"]);
    let mut record = savings();
    let (first, second) = (record.accounts[0].kind.clone(), record.accounts[1].kind.clone());
    (record.accounts[0].kind, record.accounts[1].kind) = (second, first);
    mismatch(drill(&record, None), &["bitcoin"]);
}

#[test]
fn the_fingerprint_and_the_passphrase_are_compared() {
    let mut record = savings();
    record.fingerprint = Some(Fingerprint([1, 2, 3, 4]));
    mismatch(drill(&record, None), &["fingerprint", "savings"]);
    let mut record = single(7);
    record.fingerprint = Some(Fingerprint([1, 2, 3, 4]));
    mismatch(drill(&record, None), &["fingerprint", "hot"]);

    for wrong in ["", "canary-trezor", "canary-TREZOR "] {
        mismatch(drill(&noted(), Some(&text(wrong))), &["not the passphrase of hidden"]);
        let mut old = noted();
        old.fingerprint = None;
        mismatch(drill(&old, Some(&text(wrong))), &["not the passphrase of hidden"]);
    }
    assert_eq!(drill(&noted(), None).unwrap_err().kind(), ErrorKind::Usage);
    // With the right passphrase, it is the address that differs.
    let mut record = noted();
    record.accounts[3].address.push('x');
    mismatch(drill(&record, Some(&text(PASSPHRASE))), &["hidden", "bitcoin p2tr m/86'/0'/0'/0/0"]);
}

#[test]
fn what_this_program_does_not_have_is_reported() {
    let mut record = savings();
    let account = |chain: &str, kind: &str| Account::new(chain, Network::Mainnet, kind, None, "x", vec![1]);
    for (chain, kind) in [("dogecoin", "bip44"), ("bitcoin", "p2qr"), ("dogecoin", "bip44"), ("dogecoin", "other")] {
        record.accounts.insert(0, account(chain, kind));
    }
    let known = record.accounts.len() - 4;
    let found = drill(&record, None).unwrap();
    let unknown: Vec<_> = found.unknown.iter().map(ToString::to_string).collect();
    assert_eq!(
        (found.compared, unknown),
        (known, ["dogecoin other", "dogecoin bip44", "bitcoin p2qr"].map(str::to_owned).to_vec())
    );
    assert!(wallet_of(&record, None).is_ok());
    record.accounts[7].address.push('x');
    mismatch(drill(&record, None), &["bitcoin"]);

    // A network that a later version of the chain may have.
    let mut record = savings();
    record.accounts.push(Account::new("solana", Network::Regtest, "bip44", None, "x", vec![1]));
    let unknown = vec![UnknownKind { chain: "solana".to_owned(), kind: "bip44".to_owned() }];
    assert_eq!(drill(&record, None).unwrap(), Drill { compared: known, unknown });
}

#[test]
fn a_drill_that_compared_nothing_is_none() {
    let mut record = savings();
    record.accounts = vec![Account::new("dogecoin", Network::Mainnet, "bip44", None, "x", vec![1])];
    assert_eq!(drill(&record, None).unwrap_err().kind(), ErrorKind::NotFound);
    record.accounts.clear();
    assert_eq!(drill(&record, None).unwrap(), all_known(0), "there is a fingerprint, and it fits");
    record.fingerprint = None;
    assert_eq!(drill(&record, None).unwrap_err().kind(), ErrorKind::NotFound);

    let key = PrivateKey::new(Curve::Secp256k1, &[1; 32]);
    let secret = WalletSecret::PrivateKey { chain: "dogecoin".to_owned(), network: Network::Mainnet, key };
    let name = WalletName::new("x").unwrap();
    let record = WalletRecord::new(name, secret, Passphrase::None, Timestamp::from_unix(0)).unwrap();
    assert_eq!(drill(&record, None).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn one_key_has_no_address_of_another_one() {
    let mut record = single(7);
    record.accounts = single(8).accounts;
    mismatch(drill(&record, None), &["hot", "ethereum"]);
    let mut record = single(7);
    record.accounts.extend(savings().accounts);
    mismatch(drill(&record, None), &["hot", "bitcoin"]);
}

// Two records

#[test]
fn a_copy_is_the_same_wallet() {
    let original = wide();
    assert_eq!(drill_against(&original.clone(), &original, None).unwrap(), all_known(original.accounts.len()));
    let (with, typed) = (noted(), text(PASSPHRASE));
    assert!(drill_against(&with, &with, Some(&typed)).is_ok());
    assert_eq!(drill_against(&with, &with, None).unwrap_err().kind(), ErrorKind::Usage);
    assert!(drill_against(&single(7), &single(7), None).is_ok());

    // A copy that keeps the passphrase is more than the original.
    let kept = named("hidden", PASSPHRASE, KeepPassphrase::Kept);
    assert!(drill_against(&kept, &noted(), None).is_ok());
    mismatch(drill_against(&noted(), &kept, Some(&typed)), &["passphrase"]);
    mismatch(drill_against(&savings(), &noted(), None), &["passphrase"]);
    mismatch(drill_against(&named("x", "canary", KeepPassphrase::Kept), &kept, None), &["passphrase"]);
}

#[test]
fn a_copy_of_another_secret_is_found_although_all_its_addresses_are_right() {
    let phrase = Phrase::from_entropy(&[9; 16], Language::English).unwrap();
    let name = WalletName::new("savings").unwrap();
    let other = phrase_record(name, &phrase, &text(""), KeepPassphrase::Kept, Timestamp::from_unix(0)).unwrap();
    assert!(drill(&other, None).is_ok());
    mismatch(drill_against(&other, &savings(), None), &["another secret", "savings"]);
    mismatch(drill_against(&single(8), &single(7), None), &["another secret"]);
    mismatch(drill_against(&single(7), &savings(), None), &["another secret"]);
}

#[test]
fn a_copy_lacks_nothing_and_has_nothing_wrong() {
    let original = wide();
    let mut copy = original.clone();
    let last = copy.accounts.pop().unwrap();
    mismatch(drill_against(&copy, &original, None), &["bitcoin p2wpkh m/84'/1'/5'/1/7 on regtest", "does not list"]);
    copy.accounts.truncate(3);
    mismatch(drill_against(&copy, &original, None), &["more", "make the backup again"]);
    // Compared with what was there when it was made.
    let mut then = original.clone();
    then.accounts.truncate(3);
    assert_eq!(drill_against(&copy, &then, None).unwrap(), all_known(3));

    // One that has more, in another order, has all that is needed; but all of it has to be right.
    let mut copy = original.clone();
    copy.accounts.reverse();
    assert!(drill_against(&copy, &savings(), None).is_ok());
    copy.accounts[1].public_key[0] ^= 1;
    mismatch(drill_against(&copy, &savings(), None), &["on signet"]);
    let mut copy = original.clone();
    let mut wrong = last;
    wrong.address.push('x');
    *copy.accounts.last_mut().unwrap() = wrong;
    mismatch(drill_against(&copy, &original, None), &["on regtest"]);
    let mut copy = original.clone();
    copy.fingerprint = None;
    mismatch(drill_against(&copy, &original, None), &["passphrase"]);
}

// Further accounts

#[test]
fn an_account_is_recorded_once() {
    let mut record = savings();
    let before = record.accounts.clone();
    assert_eq!(extend_accounts(&mut record, None, further("bitcoin", "p2wpkh", 1)).unwrap(), 1);
    let (new, old) = record.accounts.split_last().unwrap();
    assert_eq!((old, new.path.as_deref()), (before.as_slice(), Some("m/84'/0'/1'/0/0")));
    let again = extend_accounts(&mut record, None, further("bitcoin", "p2wpkh", 1)).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AlreadyExists);
    let default = Further { chain: Some("bitcoin"), kind: None, account: 1 };
    assert_eq!(extend_accounts(&mut record, None, default).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(extend_accounts(&mut record, None, Further { account: 2, ..default }).unwrap(), 1);
    assert_eq!(record.accounts.last().unwrap().kind, "p2wpkh", "the default kind");
    assert!(drill(&record, None).is_ok());
}

#[test]
fn what_a_record_lacks_is_filled_in() {
    let mut record = savings();
    let whole = record.accounts.clone();
    let nothing = extend_accounts(&mut record, None, Further::default()).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::AlreadyExists);
    // As an older keyark had written it, that knew neither Solana nor Taproot.
    record.accounts.retain(|account| account.chain != "solana" && account.kind != "p2tr");
    let kept = record.accounts.len();
    assert_eq!(extend_accounts(&mut record, None, Further::default()).unwrap(), whole.len() - kept);
    assert!(whole.iter().all(|account| record.accounts.contains(account)) && record.accounts.len() == whole.len());
    // Account 1 of every kind that has accounts.
    let mut record = savings();
    let with_accounts = extend_accounts(&mut record, None, Further { account: 1, ..Further::default() }).unwrap();
    assert!(with_accounts < whole.len() && with_accounts >= 6, "{with_accounts}");
    assert_eq!(drill(&record, None).unwrap().compared, whole.len() + with_accounts);
}

#[test]
fn what_cannot_be_recorded_changes_nothing() {
    for (chain, kind, account, error) in [
        (Some("bitcoin"), Some("p2wpkh"), 1 << 31, ErrorKind::OutOfBounds),
        (Some("ethereum"), None, u32::MAX, ErrorKind::OutOfBounds),
        (None, None, u32::MAX, ErrorKind::OutOfBounds),
        (Some("solana"), Some("seed"), 1, ErrorKind::Usage),
        (Some("solana"), Some("root"), 1, ErrorKind::Usage),
        (None, Some("p2tr"), 1, ErrorKind::Usage),
        (Some("dogecoin"), None, 1, ErrorKind::NotFound),
        (Some("bitcoin"), Some("bip44"), 1, ErrorKind::NotFound),
    ] {
        let mut record = savings();
        let before = record.accounts.clone();
        let result = extend_accounts(&mut record, None, Further { chain, kind, account });
        assert_eq!(result.unwrap_err().kind(), error, "{chain:?} {kind:?} {account}");
        assert_eq!(record.accounts, before);
    }
    let one = further("bitcoin", "p2tr", 3);
    assert_eq!(extend_accounts(&mut single(7), None, one).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(extend_accounts(&mut noted(), None, one).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(extend_accounts(&mut noted(), Some(&text("wrong")), one).unwrap_err().kind(), ErrorKind::Mismatch);
    assert_eq!(extend_accounts(&mut noted(), Some(&text(PASSPHRASE)), one).unwrap(), 1);

    let mut full = savings();
    let filler = full.accounts[0].clone();
    full.accounts.resize(9_999, filler);
    assert_eq!(extend_accounts(&mut full, None, one).unwrap(), 1);
    let error = extend_accounts(&mut full, None, further("bitcoin", "p2tr", 4)).unwrap_err();
    assert!(error.kind() == ErrorKind::OutOfBounds && full.accounts.len() == 10_000, "{error}");
}
