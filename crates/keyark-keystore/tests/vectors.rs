//! Files of other programs, each opened with its password: see data/SOURCES.md.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests, which the lints take for code

mod support;

use keyark_core::{ErrorKind, KeystoreSecret, SecretText, hex};
use keyark_keystore::{Content, Keystore, Strength};
use serde_json::Value;
use support::data;

#[test]
fn every_file_opens_to_its_secret() {
    let Value::Array(cases) = serde_json::from_str(&data("cases.json")).unwrap() else { panic!("not a list") };
    assert!(cases.len() > 40, "{}", cases.len());
    for case in &cases {
        check(case);
    }
}

fn check(case: &Value) {
    let file = case["file"].as_str().unwrap();
    let keystore = Keystore::parse(&data(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let inspection = keystore.inspect();
    assert_eq!(inspection.writer, case["writer"].as_str(), "{file}");

    let opened = keystore.open(&password(case)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let checked = match opened.secret() {
        KeystoreSecret::Key(key) => {
            assert_eq!(inspection.content, Content::PrivateKey, "{file}");
            assert_eq!(hex::encode(key.expose()), case["key"].as_str().unwrap(), "{file}");
            let derived = case["address"].as_str().unwrap();
            if let Some(other) = case["other_chain"].as_str() {
                assert_eq!(opened.address(), Some(other), "{file}");
                assert_ids(file, opened.warnings(), case);
                let error = opened.check_address(derived).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Mismatch, "{file}");
                assert!(error.problem().contains("another chain"), "{file}: {error}");
                return;
            }
            opened.check_address(derived).unwrap_or_else(|error| panic!("{file}: {error}"))
        }
        KeystoreSecret::Phrase(phrase) => {
            assert_eq!(inspection.content, Content::Phrase, "{file}");
            assert_eq!(phrase.expose(), case["phrase"].as_str().unwrap(), "{file}");
            opened.into_unchecked()
        }
        _ => panic!("{file}: another secret"),
    };
    assert_eq!(checked.address, inspection.address, "{file}");
    assert_ids(file, &checked.warnings, case);
}

fn assert_ids(file: &str, warnings: &[keyark_core::Warning], case: &Value) {
    let mut found: Vec<_> = warnings.iter().map(|warning| warning.id()).collect();
    let mut expected: Vec<_> = case["warnings"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{file}");
}

fn password(case: &Value) -> SecretText {
    match case["password_hex"].as_str() {
        Some(bytes) => String::from_utf8(hex::decode(bytes).unwrap()).unwrap().into(),
        None => case["password"].as_str().unwrap().into(),
    }
}

#[test]
fn inspection_needs_no_password() {
    let inspection = Keystore::parse(&data("trust-myetherwallet.json")).unwrap().inspect();
    assert_eq!(inspection.format, "web3-v3");
    assert_eq!(inspection.writer, None, "Crypto in capitals is written by many");
    assert_eq!((inspection.cipher, inspection.kdf.to_string().as_str()), ("aes-128-ctr", "scrypt, N=1024, r=8, p=1"));
    assert_eq!(inspection.strength, Strength::Weak);
    assert!(inspection.strength_note.contains("256 times less work"), "{}", inspection.strength_note);
    assert_eq!(inspection.address.as_deref(), Some("8562fcccbae3019f5a716997609b301ac31fe04a"));
    let warnings: Vec<_> = inspection.warnings.iter().map(|warning| warning.id()).collect();
    assert_eq!(warnings, ["unusual-case", "weak-kdf"]);

    let standard = Keystore::parse(&data("trust-livepeer.json")).unwrap().inspect();
    assert_eq!((standard.strength, standard.warnings.len()), (Strength::Standard, 0));
}

#[test]
fn files_that_are_no_keystore_of_version_3_are_named() {
    for (file, part) in [
        ("geth-version-1.json", "version 1, not 3: it is a keystore of the first version"),
        ("presale.json", "presale"),
        ("imtoken-version-44.json", "version 44, not 3: it is imToken's own, and holds an extended private key"),
        ("imtoken-version-10001.json", "version 10001, not 3: it is imToken's own"),
        ("imtoken-version-11001.json", "version 11001, not 3: it is imToken's own"),
        ("imtoken-version-12000.json", "version 12000, not 3: it is imToken's own"),
        ("trust-watch.json", "watch-only"),
        ("trust-cbc-encrypted.json", "unknown cipher, \"aes-128-cbc\""),
        ("trust-invalid-iv.json", "IV has 8 bytes, and must have 16"),
    ] {
        let error = Keystore::parse(&data(file)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{file}");
        assert!(error.problem().contains(part), "{file}: {error}");
    }
}

#[test]
fn contents_that_are_no_key_are_named() {
    let wif = Keystore::parse(&data("imtoken-wif.json")).unwrap().open(&"password".into()).unwrap_err();
    assert_eq!(wif.kind(), ErrorKind::Malformed);
    assert!(wif.problem().contains("51 bytes instead of 32") && wif.problem().contains("WIF"), "{wif}");

    // Version 44 differs in what it holds, not in its form.
    let extended = data("imtoken-version-44.json").replace("\"version\": 44", "\"version\": 3");
    let error = Keystore::parse(&extended).unwrap().open(&"Insecure Pa55w0rd".into()).unwrap_err();
    assert!(error.problem().contains("111 bytes") && error.problem().contains("extended private key"), "{error}");
    for error in [wif, error] {
        let shown = format!("{error} {error:?} {}", error.remedy());
        for secret in ["xprv", "tprv", "5K", "5J"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
