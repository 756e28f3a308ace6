//! An account's extended public key to public keys and addresses below it.

use bitcoin::bip32::{ChildNumber, Xpub};
use bitcoin::secp256k1::Secp256k1;
use bitcoin::{Address, CompressedPublicKey};
use criterion::Criterion;
use keyark::hd::bip32::{ExtendedPrivateKey, ExtendedPublicKey, Version};
use keyark::{BITCOIN, Chain, Network};
use keyark_benches::{Work, seed};

pub(crate) fn all(criterion: &mut Criterion) {
    let account = ExtendedPrivateKey::from_seed(&seed().unwrap()).unwrap().derive(&"m/84'/0'/0'".parse().unwrap());
    let xpub = account.unwrap().public().to_text(Version::XPUB);
    child(criterion, &xpub);
    addresses(criterion, &xpub);
}

fn child(criterion: &mut Criterion, xpub: &str) {
    let (keyark, _) = ExtendedPublicKey::parse(xpub).unwrap();
    let step = keyark::ChildNumber::normal(7).unwrap();
    let (context, bitcoin): (_, Xpub) = (Secp256k1::verification_only(), xpub.parse().unwrap());
    let bip32: bip32::XPub = xpub.parse().unwrap();
    let bip32_step = bip32::ChildNumber::new(7, false).unwrap();

    Work::new(criterion, "xpub to child public key", *keyark.child(step).unwrap().as_bytes())
        .contender("keyark", || keyark.child(step).unwrap(), |key| *key.as_bytes())
        .contender(
            "bitcoin",
            || bitcoin.ckd_pub(&context, ChildNumber::Normal { index: 7 }).unwrap(),
            |key| key.public_key.serialize(),
        )
        .contender("bip32", || bip32.derive_child(bip32_step).unwrap(), |key| key.to_bytes())
        .finish();
}

fn addresses(criterion: &mut Criterion, xpub: &str) {
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let watched = BITCOIN.extended_keys().unwrap().read_public(xpub).unwrap();
    let keyark = || -> Vec<String> {
        let found = watched.addresses(kind, Network::Mainnet, 0, 0..20).unwrap();
        found.into_iter().map(|found| found.unwrap().address.to_string()).collect()
    };
    let (context, bitcoin): (_, Xpub) = (Secp256k1::verification_only(), xpub.parse().unwrap());

    Work::new(criterion, "xpub to 20 addresses (P2WPKH)", keyark())
        .contender("keyark", keyark, |addresses| addresses)
        .contender(
            "bitcoin",
            || {
                let branch = bitcoin.ckd_pub(&context, ChildNumber::Normal { index: 0 }).unwrap();
                let address = |index| {
                    let key = branch.ckd_pub(&context, ChildNumber::Normal { index }).unwrap().public_key;
                    Address::p2wpkh(&CompressedPublicKey(key), bitcoin::Network::Bitcoin).to_string()
                };
                (0..20).map(address).collect()
            },
            |addresses: Vec<_>| addresses,
        )
        .finish();
}
