//! Ethereum's keys, addresses and keystore files, beside `alloy-signer-local` and `eth-keystore`, and the bridge to alloy.

use std::fs;
use std::path::Path;

use alloy_signer_local::{MnemonicBuilder, PrivateKeySigner};
use keyark::ethereum::bridge;
use keyark::phrase::{Language, Phrase};
use keyark::{
    Chain, ChainKey, Curve, ETHEREUM, ErrorKind, ExportPolicy, KeystoreCost, KeystoreSecret, Network, Position,
    PrivateKey, SecretText, random,
};
use proptest::prelude::*;

use crate::{address_of, cases, index, key_of, text_of};

/// Passwords that programs spell in one way only: the others are the business of keyark-keystore's own tests.
/// The last is for the others' files only: keyark seals nothing under an empty password.
const PASSWORDS: [&str; 4] = ["correct horse", " with spaces ", "pässwörd 密码 🔑", ""];

/// A random key; every fourth has a leading zero, which old programs left off.
fn random_key(case: usize) -> ChainKey {
    let mut bytes = [0; 32];
    random::fill(&mut bytes).unwrap();
    if case.is_multiple_of(4) {
        bytes[0] = 0;
    }
    bytes[31] |= 1; // never zero
    bytes[0] &= 0x7f; // always below the order
    ChainKey::from_private_key(&ETHEREUM, PrivateKey::new(Curve::Secp256k1, &bytes), Network::Mainnet).unwrap()
}

fn bytes_of(key: &ChainKey) -> [u8; 32] {
    *ExportPolicy::advertised().permit(key).unwrap().private_key(ETHEREUM.info()).unwrap().expose()
}

/// Opens a file of another program, which must hold `key`.
fn open_theirs(file: &Path, password: &str, key: &ChainKey) {
    let support = ETHEREUM.keystore().unwrap();
    let text = fs::read_to_string(file).unwrap();
    let opened = support.open(&text, &SecretText::from(password)).unwrap();
    let KeystoreSecret::Key(secret) = opened.secret else { panic!("the file holds a key") };
    assert_eq!(secret.expose(), &bytes_of(key));
    assert_eq!(opened.address.unwrap().as_str(), address_of(key, "bip44"));
    let error = support.open(&text, &SecretText::from("another password")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongPassword);
}

/// Writes a file of ours for another program to open.
fn seal_ours(folder: &Path, key: &ChainKey, password: &str, cost: KeystoreCost) -> std::path::PathBuf {
    let sealed = key.export_keystore(&ExportPolicy::advertised(), &SecretText::from(password), cost).unwrap();
    let file = folder.join("ours.json");
    fs::write(&file, sealed.text).unwrap();
    file
}

#[test]
fn keystores_of_eth_keystore_open_here() {
    let folder = tempfile::tempdir().unwrap();
    for case in 0..24 {
        let (key, password) = (random_key(case), PASSWORDS[case % 4]);
        eth_keystore::encrypt_key(&folder, &mut rand::thread_rng(), bytes_of(&key), password, Some("theirs")).unwrap();
        open_theirs(&folder.path().join("theirs"), password, &key);
    }
}

#[test]
fn keystores_of_alloy_open_here() {
    let folder = tempfile::tempdir().unwrap();
    for case in 0..24 {
        let (key, password) = (random_key(case), PASSWORDS[case % 4]);
        let random = &mut rand::thread_rng();
        PrivateKeySigner::encrypt_keystore(&folder, random, bytes_of(&key), password, Some("theirs")).unwrap();
        open_theirs(&folder.path().join("theirs"), password, &key);
    }
}

#[test]
fn our_keystores_open_in_eth_keystore_and_alloy() {
    let folder = tempfile::tempdir().unwrap();
    let light = [KeystoreCost::ScryptLight; 24];
    let others = [KeystoreCost::ScryptStandard, KeystoreCost::Pbkdf2Standard, KeystoreCost::Pbkdf2Light];
    for (case, cost) in light.into_iter().chain(others).enumerate() {
        let (key, password) = (random_key(case), PASSWORDS[case % 3]);
        let file = seal_ours(folder.path(), &key, password, cost);
        assert_eq!(eth_keystore::decrypt_key(&file, password).unwrap(), bytes_of(&key), "{cost:?}");
        let signer = PrivateKeySigner::decrypt_keystore(&file, password).unwrap();
        assert_eq!(signer.address().to_string(), address_of(&key, "bip44"), "{cost:?}");
        assert!(eth_keystore::decrypt_key(&file, "another password").is_err());
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn words_give_the_accounts_of_alloy(
        entropy: [u8; 16], passphrase in "[ -~]{0,12}", account in 0_u32..1 << 31, index in index(),
    ) {
        let phrase = Phrase::from_entropy(&entropy, Language::English).unwrap();
        let builder = MnemonicBuilder::english().phrase(phrase.to_text().expose()).password(passphrase.as_str());
        let seed = phrase.to_seed(&SecretText::from(passphrase)).unwrap();
        for (kind, path, position) in [
            ("bip44", format!("m/44'/60'/{account}'/0/{index}"), Position { account, change: 0, index }),
            ("ledger-live", format!("m/44'/60'/{account}'/0/0"), Position { account, change: 0, index: 0 }),
            ("ledger-legacy", format!("m/44'/60'/{account}'/{index}"), Position { account, change: 0, index }),
        ] {
            let theirs = builder.clone().derivation_path(path).unwrap().build().unwrap();
            let ours = key_of(&ETHEREUM, seed.expose(), kind, position, Network::Mainnet);
            prop_assert_eq!(address_of(&ours, kind), theirs.address().to_string());
            prop_assert_eq!(bytes_of(&ours), theirs.to_bytes().0);
        }
    }

    #[test]
    fn an_account_becomes_a_signer_of_alloy_and_comes_back(seed: [u8; 64], index in index()) {
        let position = Position { index, ..Position::default() };
        let key = key_of(&ETHEREUM, &seed, "bip44", position, Network::Mainnet);
        let signer = bridge::to_signer(&ExportPolicy::advertised().permit(&key).unwrap()).unwrap();
        prop_assert_eq!(signer.address().to_string(), address_of(&key, "bip44"));
        let again = bridge::from_signer(&signer).unwrap();
        prop_assert_eq!(again.public_key(), key.public_key());
        prop_assert_eq!(text_of(&key, "hex").parse::<PrivateKeySigner>().unwrap(), signer);
    }
}
