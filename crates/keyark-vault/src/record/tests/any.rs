//! Any record is read as it was written; any text does no harm.

use keyark_core::SecretText;
use keyark_phrase::WordCount;
use proptest::prelude::*;

use super::*;

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
