//! Seed to Ethereum's first key and address, m/44'/60'/0'/0/0.

use alloy_signer_local::MnemonicBuilder;
use alloy_signer_local::coins_bip39::English;
use bitcoin::bip32::{DerivationPath, Xpriv};
use bitcoin::secp256k1::Secp256k1;
use criterion::Criterion;
use keyark::{Chain, ChainKey, ETHEREUM, Network, Position, Wallet, hd, hex};
use keyark_benches::{WORDS, Work, phrase, seed};
use sha3::{Digest, Keccak256};

pub(crate) const PATH: &str = "m/44'/60'/0'/0/0";

pub(crate) fn all(criterion: &mut Criterion) {
    key(criterion);
    address(criterion);
    words_to_address(criterion);
}

fn key(criterion: &mut Criterion) {
    let seed = seed().unwrap();
    let path = PATH.parse().unwrap();
    let bip32_path: bip32::DerivationPath = PATH.parse().unwrap();
    let (context, bitcoin_path): (_, DerivationPath) = (Secp256k1::new(), PATH.parse().unwrap());
    let expected = *hd::bip32::derive(&seed, &path).unwrap().expose();

    Work::new(criterion, "seed to key m/44'/60'/0'/0/0", expected)
        .contender("keyark", || hd::bip32::derive(&seed, &path).unwrap(), |key| *key.expose())
        .contender("bip32", || bip32::XPrv::derive_from_path(seed.expose(), &bip32_path).unwrap(), |key| key.to_bytes())
        .contender(
            "bitcoin",
            || {
                Xpriv::new_master(bitcoin::Network::Bitcoin, seed.expose())
                    .unwrap()
                    .derive_priv(&context, &bitcoin_path)
                    .unwrap()
            },
            |key| key.private_key.secret_bytes(),
        )
        .finish();
}

fn address(criterion: &mut Criterion) {
    let seed = seed().unwrap();
    let kind = ETHEREUM.info().default_kind().unwrap();
    let bip32_path: bip32::DerivationPath = PATH.parse().unwrap();
    let (context, bitcoin_path): (_, DerivationPath) = (Secp256k1::new(), PATH.parse().unwrap());
    let keyark =
        || ChainKey::at(&ETHEREUM, &seed, kind, Position::default(), Network::Mainnet).unwrap().address(kind).unwrap();

    // The peers stop at the 20 bytes; keyark goes on to the text with EIP-55's checksum, another Keccak.
    Work::new(criterion, "seed to Ethereum address", digits(keyark().as_str()))
        .contender("keyark", keyark, |address| digits(address.as_str()))
        .contender(
            "bip32",
            || {
                let key = bip32::XPrv::derive_from_path(seed.expose(), &bip32_path).unwrap();
                last_20(key.private_key().verifying_key().to_sec1_point(false).as_bytes())
            },
            |address| hex::encode(&address),
        )
        .contender(
            "bitcoin",
            || {
                let master = Xpriv::new_master(bitcoin::Network::Bitcoin, seed.expose()).unwrap();
                let key = master.derive_priv(&context, &bitcoin_path).unwrap().private_key;
                last_20(&key.public_key(&context).serialize_uncompressed())
            },
            |address| hex::encode(&address),
        )
        .finish();
}

fn words_to_address(criterion: &mut Criterion) {
    let phrase = phrase().unwrap();
    let no_passphrase = "".into();
    let kind = ETHEREUM.info().default_kind().unwrap();
    let keyark = || {
        let wallet = Wallet::from_phrase(&phrase, &no_passphrase).unwrap();
        wallet.key(&ETHEREUM, kind, Position::default(), Network::Mainnet).unwrap().address(kind).unwrap()
    };

    Work::new(criterion, "words to Ethereum address", digits(keyark().as_str()))
        .contender("keyark", keyark, |address| digits(address.as_str()))
        .contender(
            "alloy",
            || MnemonicBuilder::<English>::default().phrase(WORDS).build().unwrap().address(),
            |address| digits(&address.to_string()),
        )
        .finish();
}

/// The address of a public key in SEC 1's 65 bytes.
pub(crate) fn last_20(public_key: &[u8]) -> [u8; 20] {
    let (_, coordinates) = public_key.split_first().unwrap();
    *<[u8; 32]>::from(Keccak256::digest(coordinates)).last_chunk().unwrap()
}

/// An address without 0x and capitals.
pub(crate) fn digits(address: &str) -> String {
    address.trim_start_matches("0x").to_ascii_lowercase()
}
