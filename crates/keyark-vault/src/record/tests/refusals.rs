//! Each fault is named, and no value is: fields that do not fit, records that are cut, and too much of anything.

use keyark_core::ErrorKind;

use super::*;

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
