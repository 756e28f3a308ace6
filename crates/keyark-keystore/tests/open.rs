//! Opening: wrong passwords, damaged files, unusual forms, and the check of the address.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests, which the lints take for code

mod support;

use keyark_core::{Curve, ErrorKind, KeystoreCost, KeystoreSecret, PrivateKey, SecretText};
use keyark_keystore::{Keystore, Opened, Strength, seal};
use serde_json::Value;
use support::data;

const ADDRESS: &str = "f466859ead1932d743d622cb74fc058882e8648a";

fn open(text: &str, password: &str) -> keyark_core::Result<Opened> {
    Keystore::parse(text)?.open(&password.into())
}

fn key(opened: &Opened) -> &PrivateKey {
    match opened.secret() {
        KeystoreSecret::Key(key) => key,
        _ => panic!("not a key"),
    }
}

#[test]
fn a_wrong_password_says_that_damage_looks_the_same() {
    for password in ["", "Foobar", "foobar ", "foobar\n", "f\u{f6}obar"] {
        let error = open(&data("geth-aaa.json"), password).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongPassword);
        assert!(error.problem().contains("damaged"), "{error}");
    }
}

/// Every hexadecimal digit of ciphertext, MAC and salt, and every cost: the checksum finds them. The IV it does not
/// cover: the file opens to another key, and only the address tells.
#[test]
fn a_changed_digit_is_found() {
    let whole: Value = serde_json::from_str(&data("geth-aaa.json")).unwrap();
    let good = open(&whole.to_string(), "foobar").unwrap();
    for (pointer, covered) in [
        ("/crypto/ciphertext", true),
        ("/crypto/mac", true),
        ("/crypto/kdfparams/salt", true),
        ("/crypto/cipherparams/iv", false),
    ] {
        let text = whole.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        for at in 0..text.len() {
            let mut changed = whole.clone();
            let digit = u8::from_str_radix(&text[at..=at], 16).unwrap() ^ (1 << (at % 4));
            *changed.pointer_mut(pointer).unwrap() = format!("{}{digit:x}{}", &text[..at], &text[at + 1..]).into();
            match open(&changed.to_string(), "foobar") {
                Err(error) => {
                    assert!(covered);
                    assert_eq!(error.kind(), ErrorKind::WrongPassword, "{pointer} {at}");
                }
                Ok(opened) => {
                    assert!(!covered);
                    assert_ne!(key(&opened), key(&good), "{pointer} {at}");
                    // The address of another key: any but the one that the file names.
                    let error = opened.check_address("0x17c5185167401ed00cf5f5b2fc97d9bbfdb7d025").unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Mismatch);
                    assert!(error.remedy().contains("iv"), "{}", error.remedy());
                }
            }
        }
    }
    for (name, value) in [("n", 16), ("r", 16), ("p", 8)] {
        let mut changed = whole.clone();
        changed["crypto"]["kdfparams"][name] = value.into();
        assert_eq!(open(&changed.to_string(), "foobar").unwrap_err().kind(), ErrorKind::WrongPassword, "{name}");
    }
}

#[test]
fn the_address_is_compared_in_any_case_with_or_without_0x() {
    for derived in [ADDRESS.to_owned(), format!("0x{}", ADDRESS.to_uppercase()), format!("0X{ADDRESS}")] {
        let checked = open(&data("geth-aaa.json"), "foobar").unwrap().check_address(&derived).unwrap();
        assert_eq!(checked.address.as_deref(), Some(ADDRESS));
    }
    for derived in ["", "0x", "0x00", &ADDRESS[1..], &format!("{ADDRESS}0")] {
        let error = open(&data("geth-aaa.json"), "foobar").unwrap().check_address(derived).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch, "{derived}");
    }
    // geth's own example of a file that names the wrong address.
    let error = open(&data("geth-zero-address.json"), "foobar").unwrap().check_address(ADDRESS).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.problem().contains(ADDRESS) && error.problem().contains(&"0".repeat(40)), "{error}");
}

#[test]
fn a_file_without_address_says_that_it_was_not_checked() {
    for change in ["\"address\":null,", "\"address\":\"\",", ""] {
        let text = data("geth-aaa.json").replace(&format!("\"address\":\"{ADDRESS}\","), change);
        let checked = open(&text, "foobar").unwrap().check_address("0x00").unwrap();
        let warning = checked.warnings.iter().find(|warning| warning.id() == "no-address").unwrap();
        assert!(warning.message().contains("could not be checked"));
        assert_eq!(checked.address, None);
    }
    let unchecked = open(&data("geth-aaa.json"), "foobar").unwrap().into_unchecked();
    assert!(unchecked.warnings.iter().any(|warning| warning.id() == "address-not-checked"));
}

#[test]
fn unusual_spellings_open_and_are_reported() {
    let whole = data("geth-aaa.json");
    let mac = "bac9af994b15a45dd39669fc66f9aa8a3b9dd8c22cb16e4d8d7ea089d0f1a1a9";
    for (from, to, id) in [
        ("\"version\":3", "\"version\":\"3\"".to_owned(), "version-as-text"),
        ("\"crypto\"", "\"Crypto\"".to_owned(), "unusual-case"),
        ("\"crypto\"", "\"CRYPTO\"".to_owned(), "unusual-case"),
        ("\"kdfparams\"", "\"KdfParams\"".to_owned(), "unusual-case"),
        (ADDRESS, format!("0x{ADDRESS}"), "address-prefix"),
        (mac, format!("0x{mac}"), "hex-prefix"),
        ("\"dklen\":32", "\"dklen\":64".to_owned(), "unusual-dklen"),
        ("\"id\"", "\"uuid\"".to_owned(), "no-id"),
    ] {
        let changed = whole.replace(from, &to);
        assert_ne!(changed, whole);
        let checked = open(&changed, "foobar").unwrap().check_address(ADDRESS).unwrap();
        assert!(checked.warnings.iter().any(|warning| warning.id() == id), "{id}: {:?}", checked.warnings);
    }
    for (from, to) in [
        (mac, mac.to_uppercase()),
        (ADDRESS, ADDRESS.to_uppercase()),
        ("\"scrypt\"", "\"Scrypt\"".to_owned()),
        ("aes-128-ctr", "AES-128-CTR".to_owned()),
        ("{\"address\"", "\u{feff}{\"address\"".to_owned()),
    ] {
        let checked = open(&whole.replace(from, &to), "foobar").unwrap().check_address(ADDRESS).unwrap();
        assert_eq!(checked.address.as_deref(), Some(ADDRESS));
        let ids: Vec<_> = checked.warnings.iter().map(|warning| warning.id()).collect();
        assert_eq!(ids, ["weak-kdf"]);
    }
}

#[test]
fn a_damaged_phrase_is_an_error() {
    let text = data("trust-missing-address.json");
    let iv = "09246e7f7af92374eda0237da20c6696";
    assert!(text.contains(iv));
    let error = open(&text.replace(iv, &"f".repeat(32)), "password").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.problem().contains("no text where it says that it holds a phrase"), "{error}");
}

#[test]
fn nothing_secret_is_shown() {
    let opened = open(&data("trust-legacy-mnemonic.json"), "password").unwrap();
    let before = format!("{opened:?} {:?}", opened.warnings());
    let shown = format!("{before} {:?}", opened.into_unchecked());
    assert!(!shown.contains("ripple") && !shown.contains("wagon"), "{shown}");
    let keystore = Keystore::parse(&data("geth-aaa.json")).unwrap();
    let opened = keystore.open(&"foobar".into()).unwrap();
    let secret = keyark_core::hex::encode(key(&opened).expose());
    let shown = format!("{opened:?} {keystore:?} {:?}", keystore.inspect());
    assert!(!shown.contains(&secret) && !shown.contains("foobar"), "{shown}");
}

#[test]
fn what_is_sealed_opens_at_each_cost() {
    let key = PrivateKey::new(Curve::Secp256k1, &[0x42; 32]);
    let address = "17c5185167401ed00cf5f5b2fc97d9bbfdb7d025";
    let password = SecretText::from("a long password");
    let mut texts = Vec::new();
    for (cost, kdf, strength) in [
        (KeystoreCost::ScryptStandard, "scrypt, N=262144, r=8, p=1", Strength::Standard),
        (KeystoreCost::ScryptLight, "scrypt, N=4096, r=8, p=6", Strength::Light),
        (KeystoreCost::ScryptLight, "scrypt, N=4096, r=8, p=6", Strength::Light),
        (KeystoreCost::Pbkdf2Standard, "PBKDF2-HMAC-SHA-256, c=1000000", Strength::Standard),
        (KeystoreCost::Pbkdf2Light, "PBKDF2-HMAC-SHA-256, c=262144", Strength::Light),
    ] {
        let sealed = seal(&key, address, &password, cost).unwrap();
        let keystore = Keystore::parse(&sealed.text).unwrap();
        let inspection = keystore.inspect();
        assert_eq!((inspection.kdf.to_string().as_str(), inspection.strength), (kdf, strength));
        assert_eq!(inspection.address.as_deref(), Some(address));
        let said: Vec<_> = sealed.warnings.iter().map(|warning| warning.id()).collect();
        assert_eq!(said, if strength == Strength::Standard { vec![] } else { vec!["light-kdf"] });

        let checked = keystore.open(&password).unwrap().check_address(address).unwrap();
        assert!(matches!(checked.secret, KeystoreSecret::Key(opened) if opened == key));
        assert_eq!(checked.warnings, inspection.warnings);
        texts.push(serde_json::from_str::<Value>(&sealed.text).unwrap());
    }
    let (one, two) = (&texts[1], &texts[2]);
    for pointer in ["/id", "/crypto/cipherparams/iv", "/crypto/kdfparams/salt", "/crypto/ciphertext", "/crypto/mac"] {
        assert_ne!(one.pointer(pointer).unwrap(), two.pointer(pointer).unwrap(), "{pointer} is drawn anew");
    }
}

#[test]
fn what_makes_no_sense_is_not_sealed() {
    let key = PrivateKey::new(Curve::Secp256k1, &[0x42; 32]);
    let good = "17c5185167401ed00cf5f5b2fc97d9bbfdb7d025";
    let kind = |key: &PrivateKey, address: &str, password: &str| {
        seal(key, address, &password.into(), KeystoreCost::ScryptStandard).unwrap_err().kind()
    };
    assert_eq!(kind(&key, good, ""), ErrorKind::Usage);
    assert_eq!(kind(&PrivateKey::new(Curve::Ed25519, &[0x42; 32]), good, "password"), ErrorKind::Usage);
    for address in ["", &good[1..], &format!("0x{good}"), &good.to_uppercase(), &good.replace('7', "\"")] {
        assert_eq!(kind(&key, address, "password"), ErrorKind::Usage, "{address}");
    }
}
