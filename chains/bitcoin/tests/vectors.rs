//! The standards' own vectors and the details of Bitcoin's text forms and policy.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test fails by panicking

use keyark_bitcoin::{BITCOIN, address};
use keyark_conformance::data;
use keyark_core::{
    Chain, ChainKey, Cut, ErrorKind, ExportItem, ExportPolicy, KeyLocation, KeyScope, Network, Position, Seed,
};
use keyark_hd::base58check;
use miniscript::{Descriptor, DescriptorPublicKey};
use proptest::prelude::*;

fn key_at(path: &str) -> ChainKey {
    let location = KeyLocation::Path(path.parse().unwrap());
    ChainKey::derive(&BITCOIN, &Seed::new(&[7; 64]).unwrap(), location, Network::Mainnet).unwrap()
}

#[test]
fn accounts_have_the_extended_keys_and_descriptors_of_other_programs() {
    let rows = data::rows(include_str!("data/accounts.json"));
    assert!(rows.len() >= 8);
    for row in &rows {
        let text = |name| data::text(row, name);
        let kind = BITCOIN.info().kind(text("kind")).unwrap();
        let network = data::network(row);
        let path: keyark_core::DerivationPath = text("path").parse().unwrap();
        let account = path.steps().last().unwrap().index();
        let seed = Seed::new(&data::seed(row)).unwrap();
        let key = ChainKey::account(&BITCOIN, &seed, kind, account, network).unwrap();
        let export = key.export_account(&ExportPolicy::advertised(), kind).unwrap();
        assert_eq!(export.xpub, text("xpub"));
        assert_eq!(export.slip132.as_deref(), row["slip132"].as_str());
        assert_eq!(export.descriptor, text("descriptor"));
        assert_eq!(export.receive_descriptor, text("descriptor_receive"));
        assert_eq!(export.change_descriptor, text("descriptor_change"));
        // And miniscript reads each of them and derives our addresses from it.
        let descriptor: Descriptor<DescriptorPublicKey> = export.receive_descriptor.parse().unwrap();
        let bitcoin_network = network.id().replace("mainnet", "bitcoin").parse::<bitcoin::Network>().unwrap();
        let theirs = descriptor.at_derivation_index(5).unwrap().address(bitcoin_network).unwrap().to_string();
        let position = Position { account, change: 0, index: 5 };
        let ours = ChainKey::at(&BITCOIN, &seed, kind, position, network).unwrap().address(kind).unwrap();
        assert_eq!(ours.as_str(), theirs);
        assert!(export.descriptor.parse::<Descriptor<DescriptorPublicKey>>().unwrap().is_multipath());
    }
}

#[test]
fn only_the_keys_of_child_addresses_leave() {
    let policy = ExportPolicy::advertised();
    for path in ["m/44'/0'/0'/0/0", "m/49'/0'/3'/1/9", "m/86'/0'/0'/0/2147483647"] {
        assert!(policy.permit(&key_at(path)).is_ok(), "{path}");
    }
    for path in [
        "m",
        "m/84'",
        "m/84'/0'",
        "m/84'/0'/0'",
        "m/84'/0'/0'/0",
        "m/84'/0'/0'/2/0",
        "m/0'/0'/5'",
        "m/84/0/0/0/0",
        "m/84'/1'/0'/0/0",
    ] {
        let error = policy.permit(&key_at(path)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{path}");
        assert!(error.problem().contains("only the keys of child addresses"), "{error}");
    }
    for path in ["m", "m/84'", "m/84'/0'", "m/84'/0'/0'/0", "m/84'/0'/0'/0/0"] {
        assert!(policy.allows(&key_at(path), ExportItem::ExtendedPublicKey).is_err(), "{path}");
    }
    assert_eq!(key_at("m/86'/0'/0'").scope(), KeyScope::Account);
}

#[test]
fn a_child_key_leaves_with_the_warning_about_the_extended_public_key() {
    let exported = key_at("m/84'/0'/0'/0/0").export_private_key(&ExportPolicy::advertised(), None).unwrap();
    assert_eq!(exported.warnings[0].id(), "child-private-key");
}

#[test]
fn an_extended_key_is_exported_for_its_own_kind_only() {
    let seed = Seed::new(&[7; 64]).unwrap();
    let kind = |id| BITCOIN.info().kind(id).unwrap();
    let account = ChainKey::account(&BITCOIN, &seed, kind("p2wpkh"), 0, Network::Mainnet).unwrap();
    let error = account.export_account(&ExportPolicy::advertised(), kind("p2tr")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

#[test]
fn an_uncompressed_key_is_read_reported_and_has_its_own_address() {
    // Bitcoin wiki, "Wallet import format": the example key.
    let text = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ";
    let (key, _, warnings) = ChainKey::import(&BITCOIN, &text.into(), None).unwrap();
    assert_eq!(warnings[0].id(), "uncompressed");
    let p2pkh = BITCOIN.info().kind("p2pkh").unwrap();
    assert_eq!(key.address(p2pkh).unwrap().as_str(), "1GAehh7TsJAHuUAeKZcXf5CnwuGuGgyX2S");
    assert!(key.address(BITCOIN.info().kind("p2wpkh").unwrap()).is_err());
    let again = key.export_private_key(&ExportPolicy::advertised(), None).unwrap();
    assert_eq!(again.text.expose(), text);
}

#[test]
fn a_key_of_another_network_is_refused() {
    let testnet = ChainKey::at(
        &BITCOIN,
        &Seed::new(&[7; 64]).unwrap(),
        BITCOIN.info().kind("p2wpkh").unwrap(),
        Position::default(),
        Network::Testnet,
    );
    let wif = testnet.unwrap().export_private_key(&ExportPolicy::advertised(), None).unwrap().text;
    assert!(ChainKey::import(&BITCOIN, &wif, Some(Network::Regtest)).is_ok());
    let error = ChainKey::import(&BITCOIN, &wif, Some(Network::Mainnet)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.problem().contains("testnet"), "{error}");
}

#[test]
fn what_is_mistaken_for_a_wif_is_named() {
    let payload = |version: u8, key: [u8; 32]| base58check::encode(&[&[version][..], &key, &[1]].concat()).to_string();
    for (text, part) in [
        ("6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg".to_owned(), "BIP-38"),
        ("xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi".to_owned(), "extended private key"),
        ("ab".repeat(32), "hexadecimal"),
        (payload(0xb0, [1; 32]), "another coin"),
        (payload(0x80, [0; 32]), "not a private key"),
        (payload(0x80, [0xff; 32]), "not a private key"),
        ("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu".to_owned(), "character"),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2".to_owned(), "not a private key"),
        (String::new(), "too short"),
    ] {
        let error = BITCOIN.import_key(&text.as_str().into()).unwrap_err();
        assert!(error.problem().contains(part), "{error}");
    }
}

#[test]
fn addresses_of_other_kinds_and_coins_are_named() {
    // BIP-173's P2WSH example; a P2SH of another script is not told apart.
    let parsed = address::parse("bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3").unwrap();
    assert!(parsed.kinds.is_empty() && parsed.warnings[0].id() == "script-address");
    for text in [
        "",
        "ltc1q29z992hhr2925f4a5h47tlnvh79vaj9mdyvpyl",
        "LWGzogpGd7ve3yw2boeU31JrW5Gap5o4jZ",
        "0x6031564e7b2F5cc33737807b2E58DaFF870B590b",
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv",
    ] {
        assert_eq!(address::parse(text).unwrap_err().kind(), ErrorKind::Malformed, "{text}");
    }
    assert_eq!(
        address::parse("BC1QCR8TE4KR609GCAWUTMRZA0J4XV80JY8Z306FYU").unwrap().address.as_str(),
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"
    );
}

proptest! {
    #[test]
    fn the_hidden_bits_of_a_secure_copy_are_bits_of_the_key(key in any::<[u8; 32]>()) {
        // The shown part fixes the payload up to an interval of 58^16 numbers. The lowest 40 bits of the payload (the mark
        // and the checksum) follow from the key, so the keys in the interval are 58^16 / 2^40 of them: count them.
        let Cut::End { characters, hidden_bits } = BITCOIN.info().key_formats[0].cut else { panic!("WIF is cut at its end") };
        let wif = base58check::encode(&[&[0x80][..], &key, &[1]].concat());
        let shown = &wif[..wif.len() - characters];
        let key_of = |fill: &str| {
            let whole = bs58::decode(format!("{shown}{}", fill.repeat(characters))).into_vec().unwrap();
            u128::from_be_bytes(whole[17..33].try_into().unwrap()) // the low half of the key
        };
        let keys = key_of("z").wrapping_sub(key_of("1")); // the last and the first character of the alphabet
        prop_assert_eq!(keys.ilog2(), hidden_bits);
    }

    #[test]
    fn keys_of_both_forms_round_trip(key in any::<[u8; 32]>(), compressed: bool, test: bool) {
        let version = if test { 0xef } else { 0x80 };
        let mark: &[u8] = if compressed { &[1] } else { &[] };
        let wif = base58check::encode(&[&[version], &key[..], mark].concat());
        if let Ok((key, ..)) = ChainKey::import(&BITCOIN, &wif.as_str().into(), None) {
            let again = key.export_private_key(&ExportPolicy::advertised(), None).unwrap();
            prop_assert_eq!(again.text.expose(), wif.as_str());
        }
    }
}
