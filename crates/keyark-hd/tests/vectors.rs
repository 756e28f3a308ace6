//! The vectors of BIP-32 and SLIP-10; data/SOURCES.md says where they are from.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test fails by panicking

use keyark_core::{Curve, ErrorKind, PrivateKey, Seed, hex};
use keyark_hd::bip32::{self, ExtendedPrivateKey, ExtendedPublicKey, Version};
use keyark_hd::slip10;
use serde_json::Value;

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

fn seed(row: &Value) -> Seed {
    Seed::new(&hex::decode(text(row, "seed")).unwrap()).unwrap()
}

#[test]
fn bip32_vectors_both_ways() {
    let data: Value = serde_json::from_str(include_str!("data/bip32.json")).unwrap();
    let rows = data["valid"].as_array().unwrap();
    assert!(rows.len() >= 17);
    for row in rows {
        let path = text(row, "path").parse().unwrap();
        let key = ExtendedPrivateKey::from_seed(&seed(row)).unwrap().derive(&path).unwrap();
        assert_eq!(key.to_text(Version::XPUB).expose(), text(row, "xprv"));
        assert_eq!(key.public().to_text(Version::XPUB), text(row, "xpub"));
        assert_eq!(bip32::derive(&seed(row), &path).unwrap(), key.private_key());

        let (read, version) = ExtendedPrivateKey::parse(&text(row, "xprv").into()).unwrap();
        assert_eq!((read.to_text(version), version), (key.to_text(Version::XPUB), Version::XPUB));
        let (read, version) = ExtendedPublicKey::parse(text(row, "xpub")).unwrap();
        assert_eq!((read, version), (key.public(), Version::XPUB));

        if let Some(last) = path.steps().last().filter(|step| !step.is_hardened()) {
            let parent = keyark_core::DerivationPath::new(path.steps()[..path.steps().len() - 1].to_vec()).unwrap();
            let parent = ExtendedPrivateKey::from_seed(&seed(row)).unwrap().derive(&parent).unwrap();
            assert_eq!(parent.public().child(*last).unwrap(), key.public());
        }
    }
}

#[test]
fn bip32_invalid_keys_are_refused() {
    let data: Value = serde_json::from_str(include_str!("data/bip32.json")).unwrap();
    let rows = data["invalid"].as_array().unwrap();
    assert_eq!(rows.len(), 16);
    for row in rows {
        let key = text(row, "key");
        for error in [ExtendedPublicKey::parse(key).unwrap_err(), ExtendedPrivateKey::parse(&key.into()).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Malformed, "{}", text(row, "reason"));
            assert!(!format!("{error:?}").contains(&key[8..40]));
        }
    }
}

#[test]
fn slip10_vectors() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/slip10.json")).unwrap();
    assert!(rows.len() >= 20);
    for row in &rows {
        let path = text(row, "path").parse().unwrap();
        let (key, public) = match text(row, "curve") {
            "ed25519" => {
                let key = slip10::derive(&seed(row), &path).unwrap();
                let public = slip10::public_key(&key).unwrap();
                (key, format!("00{}", hex::encode(public.as_bytes())))
            }
            _ => {
                let node = ExtendedPrivateKey::from_seed(&seed(row)).unwrap().derive(&path).unwrap();
                assert_eq!(hex::encode(node.chain_code().expose()), text(row, "chain_code"));
                assert_eq!(node.parent_fingerprint().to_string(), text(row, "fingerprint"));
                let key = node.private_key();
                let public = bip32::public_key(&key).unwrap();
                (key, hex::encode(public.as_bytes()))
            }
        };
        assert_eq!(hex::encode(key.expose()), text(row, "private_key"));
        assert_eq!(public, text(row, "public_key"));
    }
}

#[test]
fn every_version_is_written_and_read() {
    let key = ExtendedPrivateKey::from_seed(&Seed::new(&[7; 64]).unwrap()).unwrap().public();
    let names = ["xpub", "ypub", "zpub", "Ypub", "Zpub", "tpub", "upub", "vpub", "Upub", "Vpub"];
    for (version, name) in Version::ALL.iter().zip(names) {
        let text = key.to_text(*version);
        assert!(text.starts_with(name), "{text}");
        assert_eq!(ExtendedPublicKey::parse(&text).unwrap(), (key.clone(), *version));
    }
}

#[test]
fn what_cannot_be_derived_says_why() {
    let master = ExtendedPrivateKey::from_seed(&Seed::new(&[7; 16]).unwrap()).unwrap();
    let error = master.public().derive(&"0'/1".parse().unwrap()).unwrap_err();
    assert!(error.problem().contains("0' is hardened"), "{error}");
    let error = slip10::derive(&Seed::new(&[7; 64]).unwrap(), &"m/44'/501'/0'/0".parse().unwrap()).unwrap_err();
    assert!(error.problem().contains("step 4 of the path, 0, is not hardened"), "{error}");
    let deepest = (0..255).try_fold(master, |key, _| key.child(keyark_core::ChildNumber::from_raw(0))).unwrap();
    let step = keyark_core::ChildNumber::from_raw(0);
    assert_eq!(deepest.child(step).unwrap_err().kind(), ErrorKind::OutOfBounds);
    assert_eq!(deepest.public().child(step).unwrap_err().kind(), ErrorKind::OutOfBounds);
}

#[test]
fn a_private_key_in_place_of_a_public_one_is_named() {
    let key = ExtendedPrivateKey::from_seed(&Seed::new(&[7; 16]).unwrap()).unwrap();
    let error = ExtendedPublicKey::parse(key.to_text(Version::ZPUB).expose()).unwrap_err();
    assert!(error.problem().contains("extended private key"), "{error}");
    let error = ExtendedPrivateKey::parse(&key.public().to_text(Version::ZPUB).as_str().into()).unwrap_err();
    assert!(error.problem().contains("extended public key"), "{error}");
}

#[test]
fn keys_of_the_other_curve_are_refused() {
    assert!(bip32::public_key(&PrivateKey::new(Curve::Ed25519, &[1; 32])).is_err());
    assert!(slip10::public_key(&PrivateKey::new(Curve::Secp256k1, &[1; 32])).is_err());
}
