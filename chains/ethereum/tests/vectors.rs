//! The standards' own vectors and the details of Ethereum's text forms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test fails by panicking

use keyark_conformance::data;
use keyark_core::{Chain, ChainKey, Cut, ErrorKind, ExportPolicy, KeyLocation, Network, SecretText, Seed};
use keyark_ethereum::{ETHEREUM, address};
use proptest::prelude::*;

#[test]
fn eip55_addresses_are_read_and_written() {
    let rows = data::rows(include_str!("data/eip55.json"));
    assert!(rows.len() >= 8);
    for row in &rows {
        let text = data::text(row, "address");
        let parsed = address::parse(text).unwrap();
        assert!(parsed.address.as_str().eq_ignore_ascii_case(text));
        if row["case"] == "mixed" {
            assert_eq!(parsed.address.as_str(), text);
            assert!(parsed.warnings.is_empty());
        } else {
            assert_eq!(parsed.warnings[0].id(), "no-checksum");
        }
    }
}

#[test]
fn a_wrong_checksum_is_refused_and_the_position_named() {
    let error = address::parse("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").unwrap_err(); // the EIP's has 5aAe
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.problem().contains("character 2 behind 0x"), "{error}");
    for (text, part) in [
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "has 39"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "has 41"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", "character 40"),
        ("0xé4Aeb6053F3E94C9b9A09f33669435E7Ef1BeAedé", "has 41"),
        ("", "has 0"),
    ] {
        let error = address::parse(text).unwrap_err();
        assert!(error.problem().contains(part), "{text}: {error}");
    }
}

#[test]
fn paths_of_no_kind_give_the_keys_of_the_vectors_too() {
    let rows = data::rows(include_str!("data/accounts.json"));
    let without_kind: Vec<_> = rows.iter().filter(|row| row["kind"].is_null()).collect();
    for row in &without_kind {
        let seed = Seed::new(&data::seed(row)).unwrap();
        let location = KeyLocation::Path(data::text(row, "path").parse().unwrap());
        let key = ChainKey::derive(&ETHEREUM, &seed, location, Network::Mainnet).unwrap();
        let kind = ETHEREUM.info().default_kind().unwrap();
        assert_eq!(key.address(kind).unwrap().as_str(), data::text(row, "address"));
    }
}

#[test]
fn a_private_key_is_read_with_and_without_0x_and_in_either_case() {
    let digits = "cce64585e3b15a0e4ee601a467e050c9504a0db69a559d7ec416fa25ad3410c2"; // imToken's first vector
    for text in [digits.to_owned(), format!("0x{digits}\n"), format!("0X{}", digits.to_uppercase())] {
        let (key, ..) = ChainKey::import(&ETHEREUM, &text.into(), None).unwrap();
        let address = key.address(ETHEREUM.info().default_kind().unwrap()).unwrap();
        assert_eq!(address.as_str(), "0x6031564e7b2F5cc33737807b2E58DaFF870B590b");
    }
}

#[test]
fn what_is_not_a_private_key_says_why() {
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (text, part) in [
        (order.to_owned(), "below the order"),
        ("0".repeat(64), "below the order"),
        ("1".repeat(63), "has 63"),
        (format!("{}g", "1".repeat(63)), "character 64"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".to_owned(), "has 40"),
        (String::new(), "has 0"),
    ] {
        let error = ETHEREUM.import_key(&text.as_str().into()).unwrap_err();
        assert!(error.problem().contains(part), "{text}: {error}");
        assert!(text.is_empty() || !format!("{error:?}").contains(&text));
    }
}

#[test]
fn keys_at_other_chains_paths_do_not_leave_through_ethereum() {
    let seed = Seed::new(&[7; 64]).unwrap();
    let leaves = |path: &str| {
        let location = KeyLocation::Path(path.parse().unwrap());
        let key = ChainKey::derive(&ETHEREUM, &seed, location, Network::Mainnet).unwrap();
        ExportPolicy::advertised().permit(&key).is_ok()
    };
    for path in ["m/44'/60'/0'/0/0", "m/44'/60'/7'/0/0", "m/44'/60'/0'/3", "m/44'/60'/0'", "m/44'/60'/0'/0/0/1"] {
        assert!(leaves(path), "{path}");
    }
    for path in ["m", "m/44'", "m/44'/60'", "m/84'/0'/0'", "m/84'/0'/0'/0/0", "m/44'/0'/0'", "m/44'/60'/0/0/0", "m/0"] {
        assert!(!leaves(path), "{path}");
    }
}

proptest! {
    #[test]
    fn the_hidden_bits_of_a_secure_copy_are_bits_of_the_key(bytes in any::<[u8; 32]>(), hidden in 0u64..1 << 48) {
        // Every one of the 2^48 keys that differ in the last 48 bits has the same shown part: nothing tells them apart.
        let Cut::End { hidden_bits, .. } = ETHEREUM.info().key_formats[0].cut else { panic!("hex is cut at its end") };
        prop_assert_eq!(hidden_bits, 48);
        let mut other = bytes;
        other[26..].copy_from_slice(&hidden.to_be_bytes()[2..]);
        let shown = |bytes: &[u8; 32]| {
            let text = SecretText::from(format!("0x{}", keyark_core::hex::encode(bytes)));
            ETHEREUM.info().key_formats[0].cut.split(&text).unwrap().shown
        };
        prop_assert_eq!(shown(&bytes), shown(&other));
        other[25] ^= 1;
        prop_assert_ne!(shown(&bytes), shown(&other));
    }

    #[test]
    fn private_keys_round_trip(bytes in any::<[u8; 32]>()) {
        let text = format!("0x{}", keyark_core::hex::encode(&bytes));
        if let Ok((key, ..)) = ChainKey::import(&ETHEREUM, &text.as_str().into(), None) {
            let again = key.export_private_key(&ExportPolicy::advertised(), None).unwrap();
            prop_assert_eq!(again.text.expose(), text);
        }
    }
}

#[cfg(feature = "alloy")]
#[test]
fn an_account_becomes_an_alloy_signer_and_comes_back() {
    let seed = Seed::new(&[7; 64]).unwrap();
    let location = KeyLocation::Path("m/44'/60'/0'/0/0".parse().unwrap());
    let key = ChainKey::derive(&ETHEREUM, &seed, location, Network::Mainnet).unwrap();
    let permit = ExportPolicy::advertised().permit(&key).unwrap();
    let signer = keyark_ethereum::bridge::to_signer(&permit).unwrap();
    let kind = ETHEREUM.info().default_kind().unwrap();
    assert_eq!(signer.address().to_checksum(None), key.address(kind).unwrap().as_str());
    let back = keyark_ethereum::bridge::from_signer(&signer).unwrap();
    assert_eq!(back.public_key(), key.public_key());
}
