//! The details of Solana's text forms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test fails by panicking

use keyark_conformance::data;
use keyark_core::{Chain, ChainKey, Cut, ErrorKind, ExportPolicy, KeyLocation, Network, Position, Seed};
use keyark_solana::{SOLANA, address};
use proptest::prelude::*;

fn export(bytes: &[u8; 32], format: &str) -> String {
    let key = keyark_core::PrivateKey::new(keyark_core::Curve::Ed25519, bytes);
    let key = ChainKey::from_private_key(&SOLANA, key, Network::Mainnet).unwrap();
    key.export_private_key(&ExportPolicy::advertised(), Some(format)).unwrap().text.expose().to_owned()
}

#[test]
fn id_json_is_solana_keygens_array() {
    let row = &data::rows(include_str!("data/accounts.json"))[0];
    let keypair = bs58::decode(data::text(row, "private_key")).into_vec().unwrap();
    let text = export(keypair[..32].try_into().unwrap(), "id-json");
    assert_eq!(serde_json::from_str::<Vec<u8>>(&text).unwrap(), keypair);
    let spaced = text.replace(',', ", \n");
    assert!(SOLANA.import_key(&spaced.as_str().into()).is_ok());
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    let mut keypair = bs58::decode(export(&[1; 32], "base58-keypair")).into_vec().unwrap();
    keypair[40] ^= 1;
    for text in [bs58::encode(&keypair).into_string(), serde_json::to_string(&keypair).unwrap()] {
        let error = SOLANA.import_key(&text.as_str().into()).unwrap_err();
        assert!(error.problem().contains("do not belong together"), "{error}");
    }
}

#[test]
fn what_is_not_a_private_key_says_why() {
    for (text, part) in [
        ("", "has 0"),
        ("[]", "entry 1"),
        ("[1,2,3]", "has 3 numbers"),
        ("[1,2", "no end"),
        ("[300]", "entry 1"),
        ("[1.5]", "entry 1"),
        ("[+1]", "entry 1"),
        ("0OIl", "character 1"),
        ("é", "character 1"),
        ("3yZe7d", "has 4"),
    ] {
        let error = SOLANA.import_key(&text.into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.problem().contains(part), "{text}: {error}");
    }
    let thirty_two = serde_json::to_string(&[1u8; 32]).unwrap(); // solana-keygen refuses it too
    assert!(SOLANA.import_key(&thirty_two.as_str().into()).unwrap_err().problem().contains("has 32 numbers"));
    let sixty_five = serde_json::to_string(&[1u8; 65][..]).unwrap();
    assert!(SOLANA.import_key(&sixty_five.as_str().into()).unwrap_err().problem().contains("more than 64"));
}

#[test]
fn a_bare_secret_is_read_with_the_warning_that_it_looks_like_an_address() {
    let imported = SOLANA.import_key(&export(&[1; 32], "base58-secret").as_str().into()).unwrap();
    assert_eq!(imported.warnings[0].id(), "unchecked-secret");
}

#[test]
fn a_step_that_is_not_hardened_is_refused_not_dropped() {
    let seed = Seed::new(&[7; 64]).unwrap();
    let location = KeyLocation::Path("m/44'/501'/0'/0".parse().unwrap());
    let error = SOLANA.derive(&seed, &location).unwrap_err();
    assert!(error.problem().contains("not hardened"), "{error}");
}

#[test]
fn the_kind_seed_has_one_address_and_wants_a_whole_seed() {
    let kind = SOLANA.info().kind("seed").unwrap();
    let second = Position { account: 1, ..Position::default() };
    let seed = Seed::new(&[7; 64]).unwrap();
    assert_eq!(ChainKey::at(&SOLANA, &seed, kind, second, Network::Mainnet).unwrap_err().kind(), ErrorKind::Usage);
    for short in [16, 31, 32, 63] {
        assert!(SOLANA.derive(&Seed::new(&vec![7; short]).unwrap(), &KeyLocation::SeedPrefix).is_err());
    }
}

#[test]
fn addresses_of_another_length_are_refused() {
    for text in [
        "",
        "1",
        "HiipoCKL8hX2RVmJTz3vaLy34hS2zLhWWMkUWtw85T",
        "HiipoCKL8hX2RVmJTz3vaLy34hS2zLhWWMkUWtw85TmZZZ",
        "0x6031564e7b2F5cc33737807b2E58DaFF870B590b",
    ] {
        assert_eq!(address::parse(text).unwrap_err().kind(), ErrorKind::Malformed, "{text}");
    }
}

/// About half of all slips lead off the curve.
#[test]
fn addresses_that_no_key_has_are_of_no_kind() {
    const RIGHT: &str = "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk";
    let kinds = |text: &str| address::parse(text).unwrap().kinds.len();
    assert_eq!(kinds(RIGHT), SOLANA.info().kinds.len());
    let wrong = (b'a'..=b'k').map(|letter| RIGHT.replacen('g', &char::from(letter).to_string(), 1));
    let off = wrong.filter(|text| kinds(text) == 0).count();
    assert!((2..=9).contains(&off), "{off}");
}

#[test]
fn a_keypair_is_never_cut_because_its_address_gives_the_rest() {
    for id in ["base58-keypair", "id-json"] {
        assert!(matches!(SOLANA.info().key_format(id).unwrap().cut, Cut::Never { .. }), "{id}");
    }
}

proptest! {
    #[test]
    fn the_hidden_bits_of_a_secure_copy_are_bits_of_the_key(bytes in any::<[u8; 32]>()) {
        // The shown part fixes the secret up to an interval of 58^9 numbers: count the secrets in it.
        let format = SOLANA.info().key_format("base58-secret").unwrap();
        let Cut::End { characters, hidden_bits } = format.cut else { panic!("the secret is cut at its end") };
        let text = export(&bytes, format.id);
        let shown = &text[..text.len() - characters];
        let secret = |fill: &str| {
            let whole = bs58::decode(format!("{shown}{}", fill.repeat(characters))).into_vec().unwrap();
            u128::from_be_bytes(whole[whole.len() - 16..].try_into().unwrap()) // its low half
        };
        let secrets = secret("z").wrapping_sub(secret("1")); // the last and the first character of the alphabet
        prop_assert_eq!(secrets.ilog2(), hidden_bits);
    }

    #[test]
    fn every_form_round_trips(bytes in any::<[u8; 32]>()) {
        for format in SOLANA.info().key_formats {
            let text = export(&bytes, format.id);
            let imported = SOLANA.import_key(&text.as_str().into()).unwrap();
            prop_assert_eq!(imported.private_key.expose(), &bytes);
            prop_assert_eq!(imported.format.id, format.id);
        }
    }
}

#[cfg(feature = "solana-sdk")]
#[test]
fn a_key_becomes_a_keypair_of_solanas_sdk_and_comes_back() {
    use solana_signer::Signer;
    let kind = SOLANA.info().default_kind().unwrap();
    let key =
        ChainKey::at(&SOLANA, &Seed::new(&[7; 64]).unwrap(), kind, Position::default(), Network::Mainnet).unwrap();
    let keypair = keyark_solana::bridge::to_keypair(&ExportPolicy::advertised().permit(&key).unwrap()).unwrap();
    assert_eq!(keypair.pubkey().to_string(), key.address(kind).unwrap().as_str());
    assert_eq!(keypair.to_base58_string(), export_of(&key));
    assert_eq!(keyark_solana::bridge::from_keypair(&keypair).unwrap().public_key(), key.public_key());
    let pubkey = keyark_solana::bridge::to_pubkey(key.public_key()).unwrap();
    assert_eq!(pubkey, keypair.pubkey());
    assert_eq!(keyark_solana::bridge::from_pubkey(&pubkey).unwrap(), *key.public_key());
}

#[cfg(feature = "solana-sdk")]
fn export_of(key: &ChainKey) -> String {
    key.export_private_key(&ExportPolicy::advertised(), None).unwrap().text.expose().to_owned()
}
