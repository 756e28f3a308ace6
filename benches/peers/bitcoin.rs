//! Seed to Bitcoin's first address, m/84'/0'/0'/0/0.

use bitcoin::bip32::{DerivationPath, Xpriv};
use bitcoin::secp256k1::Secp256k1;
use bitcoin::{Address, CompressedPublicKey, NetworkKind};
use criterion::Criterion;
use keyark::{BITCOIN, Chain, ChainKey, Network, Position};
use keyark_benches::{Work, seed};

pub(crate) fn all(criterion: &mut Criterion) {
    let seed = seed().unwrap();
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let (context, path): (_, DerivationPath) = (Secp256k1::new(), "m/84'/0'/0'/0/0".parse().unwrap());
    let keyark =
        || ChainKey::at(&BITCOIN, &seed, kind, Position::default(), Network::Mainnet).unwrap().address(kind).unwrap();

    Work::new(criterion, "seed to Bitcoin address (P2WPKH)", keyark().to_string())
        .contender("keyark", keyark, |address| address.to_string())
        .contender(
            "bitcoin",
            || {
                let master = Xpriv::new_master(NetworkKind::Main, seed.expose()).unwrap();
                let key = master.derive_priv(&context, &path).unwrap().to_priv();
                let public = CompressedPublicKey::from_private_key(&context, &key).unwrap();
                Address::p2wpkh(&public, bitcoin::Network::Bitcoin).to_string()
            },
            |address| address,
        )
        .finish();
}
