#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use keyark_core::{Curve, ErrorKind, Network, PointForm, PrivateKey, SecretText};
use keyark_phrase::{Language, Phrase, WordCount};
use proptest::prelude::*;

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

#[test]
fn the_json_is_the_format_s() {
    assert_eq!(of_phrase().to_json().as_str(), PHRASE);
    assert_same(&WalletRecord::from_json(PHRASE).unwrap(), &of_phrase());
    assert_eq!(of_key().to_json().as_str(), KEY);
    assert_same(&WalletRecord::from_json(KEY).unwrap(), &of_key());

    let mut with = of_phrase();
    with.passphrase = Passphrase::Kept("a \"b\" \\ c\n".into());
    let kept = r#""passphrase":{"type":"kept","text":"a \u0022b\u0022 \u005c c\u000a"}"#;
    assert_eq!(with.to_json().as_str(), PHRASE.replace(r#""passphrase":{"type":"none"}"#, kept));
    with.passphrase = Passphrase::Noted;
    let noted = r#""passphrase":{"type":"noted"}"#;
    assert_eq!(with.to_json().as_str(), PHRASE.replace(r#""passphrase":{"type":"none"}"#, noted));
    assert_eq!(WalletRecord::from_json(&with.to_json()).unwrap().passphrase, Passphrase::Noted);
}

#[test]
fn order_and_white_space_do_not_matter_and_lists_may_be_missing() {
    let text = KEY.replace(r#","accounts":[],"backups":[]"#, "").replace(',', " ,\n\t").replace(':', ": ");
    let text = text.replace("12: 00: 00Z", "12:00:00Z").replace(r#""format": "keyark-wallet" ,"#, "");
    let text =
        text.replace("\"type\": \"none\"}", "\"type\": \"none\"},\"fingerprint\":null,\"format\":\"keyark-wallet\"");
    assert_same(&WalletRecord::from_json(&format!("{text}  \n")).unwrap(), &of_key());
}

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

/// Text in the golden record, what it becomes, and what the error says of it.
const FAULTS: &[(&str, &str, &str)] = &[
    (r#""keyark-wallet""#, r#""canary""#, "not a wallet's record"),
    (r#""keyark-wallet""#, "7", "\"format\""),
    (r#""format":"keyark-wallet","#, "", "\"format\""),
    (r#""version":1,"#, "", "\"version\""),
    (r#""version":1,"#, r#""version":0,"#, "\"version\""),
    (r#""version":1,"#, r#""version":-1,"#, "\"version\""),
    (r#""version":1,"#, r#""version":1.5,"#, "\"version\""),
    (r#""version":1,"#, r#""version":"1","#, "\"version\""),
    (r#""version":1,"#, r#""version":2,"#, "newer keyark"),
    ("000102030405060708090a0b0c0d0e0f", "canary", "\"id\""),
    (r#""id":"#, r#""other":"#, "\"id\" of the wallet's record is missing"),
    (r#""revision":3"#, r#""revision":-3"#, "\"revision\""),
    (r#""revision":3,"#, "", "\"revision\""),
    (r#""name":"savings","#, "", "\"name\""),
    (r#""name":"savings""#, r#""name":null"#, "\"name\""),
    (r#""name":"savings""#, r#""name":"""#, "the name is empty"),
    (r#""name":"savings""#, r#""name":"canary/../..""#, "slash"),
    ("2026-11-21T12:00:00Z", "canary", "\"created\""),
    (r#""secret":{"type":"phrase""#, r#""secret":{"type":"canary""#, "\"type\" of the wallet's secret"),
    (r#""type":"phrase","#, "", "\"type\" of the wallet's secret is missing"),
    (r#""language":"english""#, r#""language":"klingon""#, "\"language\""),
    (r#""language":"english""#, r#""language":"french""#, "\"words\" of the wallet's secret does not fit"),
    ("abandon about", "abandon abandon", "\"words\" of the wallet's secret does not fit"),
    (r#""words":"abandon "#, r#""words":"canary "#, "\"words\""),
    (r#""words":"#, r#""word":"#, "\"words\""),
    ("00000000000000000000000000000000", "00000000000000000000000000000001", "\"words\""),
    ("00000000000000000000000000000000", "000000000000000000000000000000", "\"entropy\" of the wallet's secret has no"),
    (
        "00000000000000000000000000000000",
        "000000000000000000000000000000000",
        "\"entropy\" of the wallet's secret is not",
    ),
    (
        "00000000000000000000000000000000",
        "0000000000000000000000000000canary",
        "\"entropy\" of the wallet's secret is not",
    ),
    (r#""passphrase":{"type":"none"},"#, "", "\"passphrase\""),
    (r#"{"type":"none"}"#, "null", "the wallet's passphrase is not"),
    (r#"{"type":"none"}"#, r#""canary""#, "the wallet's passphrase is not"),
    (r#""type":"none""#, r#""type":"canary""#, "\"type\" of the wallet's passphrase"),
    (r#""type":"none""#, r#""type":"kept""#, "\"text\" of the wallet's passphrase is missing"),
    (r#""type":"none""#, r#""type":"kept","text":7"#, "\"text\""),
    (r#""type":"none""#, r#""type":"none","text":"canary""#, "\"text\" of the wallet's passphrase is there"),
    (r#""type":"none""#, r#""type":"noted","text":"canary""#, "\"text\" of the wallet's passphrase is there"),
    ("73c5da0a", "73c5da0a00", "\"fingerprint\""),
    ("73c5da0a", "canary00", "\"fingerprint\""),
    (r#""accounts":["#, r#""accounts":[7,"#, "an account is not a JSON object"),
    (r#""accounts":["#, r#""accounts":{},"x":["#, "\"accounts\" of the wallet's record is not a list"),
    (r#""network":"mainnet""#, r#""network":"canary""#, "\"network\" of an account"),
    (r#""chain":"bitcoin","#, "", "\"chain\" of an account is missing"),
    (r#""kind":"p2wpkh","#, "", "\"kind\""),
    (r#""path":"m/84'/0'/0'/0/0""#, r#""path":["canary"]"#, "\"path\""),
    (r#""address":"#, r#""adress":"#, "\"address\""),
    ("0330d54f", "canary", "\"public_key\""),
    (r#""method":"phrase","#, "", "\"method\" of a backup is missing"),
    ("2026-11-21T12:05:00Z", "yesterday", "\"made\" of a backup"),
    ("2026-11-21T12:10:00Z", "tomorrow", "\"verified\""),
    (r#""made":"2026-11-21T12:05:00Z","#, "", "\"made\" of a backup is missing"),
    (r#""to":"paper""#, r#""to":7"#, "\"to\""),
    (r#""detail":""#, r#""detail":false,"x":""#, "\"detail\""),
];

const KEY_FAULTS: &[(&str, &str, &str)] = &[
    (r#""chain":"bitcoin","#, "", "\"chain\""),
    (r#""network":"testnet""#, r#""network":"Testnet""#, "\"network\" of the wallet's secret"),
    ("secp256k1", "p256", "\"curve\""),
    (r#""uncompressed""#, r#""hybrid""#, "\"form\""),
    (r#""form":"uncompressed","#, "", "\"form\""),
    (r#""key":"5a"#, r#""key":""#, "\"key\" of the wallet's secret does not have 32 bytes"),
    (r#""key":"5a"#, r#""key":"5a5a"#, "\"key\" of the wallet's secret does not have 32 bytes"),
    (r#""key":"5a"#, r#""key":"0x"#, "\"key\" of the wallet's secret is not hexadecimal"),
    (r#""key":"5a"#, r#""key":"a"#, "\"key\" of the wallet's secret is not hexadecimal"),
];

fn assert_shows_nothing(error: &Error) {
    let shown = format!("{error} {error:?}");
    for secret in ["canary", "abandon", "5a5a", "0000000000"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn each_fault_is_named_and_no_value_is() {
    let phrase = FAULTS.iter().map(|fault| (PHRASE, fault));
    for (golden, (from, to, said)) in phrase.chain(KEY_FAULTS.iter().map(|fault| (KEY, fault))) {
        let bad = golden.replacen(from, to, 1);
        assert_ne!(bad, golden, "{from}");
        let error = WalletRecord::from_json(&bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{from} -> {to}");
        assert!(error.problem().contains(said), "{from} -> {to}: {error}");
        assert!(!error.remedy().is_empty());
        assert_shows_nothing(&error);
    }
    let error = WalletRecord::from_json(&PHRASE.replace(r#""version":1"#, r#""version":2"#)).unwrap_err();
    assert!(error.remedy().contains("update keyark"), "{}", error.remedy());
    let error = WalletRecord::from_json(&PHRASE.replace(r#""kind":"p2wpkh","#, "")).unwrap_err();
    assert!(error.to_string().contains("an account is missing (number 1)"), "{error}");
}

#[test]
fn a_cut_record_is_refused() {
    for golden in [PHRASE, KEY] {
        for end in 0..golden.len() {
            let error = WalletRecord::from_json(&golden[..end]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{end}");
            assert_shows_nothing(&error);
        }
        assert!(WalletRecord::from_json(&format!("{golden}}}")).is_err());
    }
}

#[test]
fn what_is_too_long_is_refused_with_both_numbers_before_it_is_written_and_when_it_is_read() {
    let long = "é".repeat(1_001);
    let account = of_phrase().accounts[0].clone();
    let backup = of_phrase().backups[0].clone();
    let with_account = |account| WalletRecord { accounts: vec![account], ..of_phrase() };
    let with_backup = |backup| WalletRecord { backups: vec![backup], ..of_phrase() };
    let key = PrivateKey::new(Curve::Ed25519, &[1; 32]);
    let secret = WalletSecret::PrivateKey { chain: long.clone(), network: Network::Mainnet, key };
    let error = WalletRecord::new(name("a"), secret.clone(), Passphrase::None, Timestamp::from_unix(0)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    for record in [
        with_account(Account { chain: long.clone(), ..account.clone() }),
        with_account(Account { kind: long.clone(), ..account.clone() }),
        with_account(Account { path: Some(long.clone()), ..account.clone() }),
        with_account(Account { address: long.clone(), ..account.clone() }),
        with_account(Account { public_key: vec![2; 1_001], ..account.clone() }),
        with_backup(Backup { method: BackupMethod::Other(long.clone()), ..backup.clone() }),
        with_backup(Backup { to: Some(long.clone()), ..backup.clone() }),
        with_backup(Backup { detail: Some(long.clone()), ..backup.clone() }),
        WalletRecord { secret, ..of_key() },
    ] {
        for error in [record.check().unwrap_err(), WalletRecord::from_json(&record.to_json()).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
            assert!(error.problem().contains("1001") && error.problem().contains("1000"), "{error}");
        }
    }

    let most = WalletRecord {
        accounts: vec![account.clone(); 10_000],
        backups: vec![Backup { to: Some("é".repeat(1_000)), ..backup.clone() }; 10_000],
        ..of_phrase()
    };
    most.check().unwrap();
    assert_same(&WalletRecord::from_json(&most.to_json()).unwrap(), &most);
    let accounts = WalletRecord { accounts: vec![account; 10_001], ..of_phrase() };
    let backups = WalletRecord { backups: vec![backup; 10_001], ..of_phrase() };
    for record in [accounts, backups] {
        assert_eq!(record.check().unwrap_err().kind(), ErrorKind::OutOfBounds);
        for error in [record.check().unwrap_err(), WalletRecord::from_json(&record.to_json()).unwrap_err()] {
            assert!(error.problem().contains("10001") && error.problem().contains("10000"), "{error}");
        }
    }
}

#[test]
fn fields_of_a_later_version_stay_as_they_are() {
    let later = r#""later":{"a": [1,  2.50e3, 1e400, {}] ,"b":"\u00e9 é \/", "":null},"nothing":null"#;
    let mut text = PHRASE.to_owned();
    for start in [r#""format":"#, r#""type":"phrase""#, r#""type":"none""#, r#""chain":"#, r#""method":"#] {
        text = text.replacen(start, &format!("{later},{start}"), 1);
    }
    let written = WalletRecord::from_json(&text).unwrap().to_json();
    assert_eq!(written.matches(later).count(), 5);
    // They stand behind those that are known, in each object.
    let mut expected = PHRASE.to_owned();
    for end in
        [r#""00000000000000000000000000000000""#, r#""type":"none""#, r#"af3c""#, r#"safe\u0022""#, r#"\u0022"}]"#]
    {
        expected = match expected.contains(end) {
            true => expected.replacen(end, &format!("{end},{later}"), 1),
            false => expected.replacen("}]}", &format!("}}],{later}}}"), 1),
        };
    }
    assert_eq!(written.as_str(), expected);
    assert_eq!(WalletRecord::from_json(&written).unwrap().to_json(), written);

    let mut record = WalletRecord::from_json(&text).unwrap();
    record.passphrase = Passphrase::Kept("new".into());
    record.name = name("renamed");
    assert_eq!(WalletRecord::from_json(&record.to_json()).unwrap().to_json().matches(later).count(), 5);
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

fn any_name() -> impl Strategy<Value = WalletName> {
    "[a-zA-Z0-9éßİ钱か\"'🦊][\\PC]{0,40}".prop_filter_map("no name", |text| WalletName::new(&text).ok())
}

fn any_phrase() -> impl Strategy<Value = WalletSecret> {
    let count = proptest::sample::select(WordCount::ALL.to_vec());
    let language = proptest::sample::select(Language::ALL.to_vec());
    (any::<[u8; 32]>(), count, language).prop_map(|(bytes, count, language)| {
        WalletSecret::Phrase(Phrase::from_entropy(&bytes[..count.entropy_bytes()], language).unwrap())
    })
}

fn any_network() -> impl Strategy<Value = Network> {
    proptest::sample::select(Network::ALL.to_vec())
}

fn any_key() -> impl Strategy<Value = WalletSecret> {
    (any::<String>(), any_network(), any::<(bool, bool, [u8; 32])>()).prop_map(
        |(chain, network, (curve, form, bytes))| {
            let curve = if curve { Curve::Secp256k1 } else { Curve::Ed25519 };
            let form = if form { PointForm::Compressed } else { PointForm::Uncompressed };
            WalletSecret::PrivateKey { chain, network, key: PrivateKey::new(curve, &bytes).with_form(form) }
        },
    )
}

fn any_passphrase() -> impl Strategy<Value = Passphrase> {
    prop_oneof![
        Just(Passphrase::None),
        Just(Passphrase::Noted),
        any::<String>().prop_map(|text| Passphrase::Kept(text.into())),
        "[\"\\\\\u{0}-\u{1f}\u{7f}é\u{301}\u{2028}🦊]{0,20}".prop_map(|text| Passphrase::Kept(text.into())),
    ]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![any::<i64>(), 0..=253_402_207_200_i64].prop_map(Timestamp::from_unix)
}

/// In the order of names, in which fields are read.
fn any_unknown() -> impl Strategy<Value = Unknown> {
    let value = proptest::sample::select(vec!["null", "-0.0", "1e999", "{ }", r#"[1,{"a" : "\u0041\/"}]"#, r#""é\n""#]);
    let field_name = prop_oneof!["later-[a-z]{0,3}", "later\\PC{0,3}", Just("later\"\n\\".to_owned())];
    proptest::collection::btree_map(field_name, value, 0..3)
        .prop_map(|fields| fields.into_iter().map(|(name, value)| (name, SecretText::from(value))).collect())
}

prop_compose! {
    fn any_account()(
        chain: String, network in any_network(), kind: String, path: Option<String>, address: String,
        public_key: Vec<u8>, unknown in any_unknown(),
    ) -> Account {
        Account { chain, network, kind, path, address, public_key, unknown }
    }
}

prop_compose! {
    fn any_backup()(
        method: String, known in 0_usize..12, to: Option<String>, made in any_time(),
        verified in proptest::option::of(any_time()), detail: Option<String>, accounts: Option<u64>,
        (format, work, epoch) in any::<(Option<u32>, Option<u8>, Option<u32>)>(),
        password_set in proptest::option::of(any_time()), unknown in any_unknown(),
    ) -> Backup {
        let ids = ["phrase", "private-key", "keystore", "cloud", "sheet", "shares"];
        let method = ids.get(known).map_or(method, |id| (*id).to_owned()).into();
        Backup { method, to, made, verified, failed: None, detail, accounts, format, work, password_set, epoch, unknown }
    }
}

prop_compose! {
    fn any_record()(
        name in any_name(), secret in prop_oneof![any_phrase(), any_key()], passphrase in any_passphrase(),
        fingerprint in any::<Option<[u8; 4]>>(), accounts in proptest::collection::vec(any_account(), 0..4),
        backups in proptest::collection::vec(any_backup(), 0..4), created in any_time(), revision: u64,
        later in (any_unknown(), any_unknown(), any_unknown()),
    ) -> WalletRecord {
        let unknown = Later { record: later.0, secret: later.1, passphrase: later.2 };
        let fingerprint = fingerprint.map(Fingerprint);
        let new = WalletRecord::new(name, secret, passphrase, created).unwrap();
        WalletRecord { fingerprint, accounts, backups, revision, unknown, ..new }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(record in any_record()) {
        record.check().unwrap();
        let text = record.to_json();
        let read = WalletRecord::from_json(&text).unwrap();
        assert_same(&read, &record);
        prop_assert_eq!(read.to_json(), text);
        prop_assert_eq!(read.is_backed_up(), record.is_backed_up());
    }

    #[test]
    fn a_changed_record_never_panics_and_shows_nothing(
        phrase: bool, at in 0_usize..1_000, length in 0_usize..20, new in "[\\PC\"{}\\[\\],:0-9]{0,4}",
    ) {
        let golden = if phrase { PHRASE } else { KEY };
        let at = at % golden.len();
        let end = golden.len().min(at + length);
        let text = format!("{}{new}{}", &golden[..at], &golden[end..]);
        match WalletRecord::from_json(&text) {
            Ok(record) => {
                let text = record.to_json();
                prop_assert_eq!(WalletRecord::from_json(&text).unwrap().to_json(), text);
            }
            Err(error) => assert_shows_nothing(&error),
        }
    }

    #[test]
    fn hostile_text_never_panics(text in "\\PC{0,60}") {
        prop_assert!(WalletRecord::from_json(&text).is_err());
    }
}
