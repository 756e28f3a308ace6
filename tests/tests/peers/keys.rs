//! BIP-32 and Bitcoin's addresses and WIF, beside `bitcoin` and `bip32`.

use bitcoin::bip32::{ChildNumber, Xpriv, Xpub};
use bitcoin::key::{CompressedPublicKey, Secp256k1};
use keyark::hd::bip32::{ExtendedPrivateKey, ExtendedPublicKey, Version, derive};
use keyark::{BITCOIN, Chain, ExportPolicy, Network, Position, RelativePath, Seed, Wallet};
use proptest::prelude::*;

use crate::{address_of, cases, index, key_of, path, text_of};

fn to_bitcoin(network: Network) -> bitcoin::Network {
    network.id().replace("mainnet", "bitcoin").parse().unwrap()
}

/// bitcoin's key at the path of `kind` and `position`, for which it is given the purpose.
fn bitcoin_key(seed: &[u8], purpose: u32, position: Position, network: Network) -> Xpriv {
    let coin = u32::from(network != Network::Mainnet);
    let Position { account, change, index } = position;
    let path: bitcoin::bip32::DerivationPath =
        format!("m/{purpose}'/{coin}'/{account}'/{change}/{index}").parse().unwrap();
    Xpriv::new_master(to_bitcoin(network), seed).unwrap().derive_priv(&Secp256k1::new(), &path).unwrap()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn extended_keys_are_those_of_bitcoin(seed in prop::collection::vec(any::<u8>(), 16..=64), path in path()) {
        let curve = Secp256k1::new();
        let master = Xpriv::new_master(bitcoin::Network::Bitcoin, &seed).unwrap();
        let theirs = master.derive_priv(&curve, &path.to_string().parse::<bitcoin::bip32::DerivationPath>().unwrap()).unwrap();
        let seed = Seed::new(&seed).unwrap();
        let ours = ExtendedPrivateKey::from_seed(&seed).unwrap().derive(&path).unwrap();
        let text = ours.to_text(Version::XPUB);
        prop_assert_eq!(text.expose(), theirs.to_string());
        prop_assert_eq!(ours.public().to_text(Version::XPUB), Xpub::from_priv(&curve, &theirs).to_string());
        prop_assert_eq!(ours.fingerprint().0, theirs.fingerprint(&curve).to_bytes());
        prop_assert_eq!(*derive(&seed, &path).unwrap().expose(), theirs.private_key.secret_bytes());
    }

    #[test]
    fn public_derivation_is_that_of_bitcoin(seed: [u8; 32], steps in prop::collection::vec(index(), 0..=4)) {
        let curve = Secp256k1::new();
        let theirs = Xpub::from_priv(&curve, &Xpriv::new_master(bitcoin::Network::Testnet, &seed).unwrap());
        let (ours, version) = ExtendedPublicKey::parse(&theirs.to_string()).unwrap();
        prop_assert_eq!(version, Version::TPUB);
        let below = steps.iter().map(|index| ChildNumber::from_normal_idx(*index).unwrap());
        let theirs = theirs.derive_pub(&curve, &below.collect::<Vec<_>>()).unwrap();
        let below = steps.iter().map(|index| keyark::ChildNumber::normal(*index).unwrap()).collect();
        let ours = ours.derive(&RelativePath::new(below).unwrap()).unwrap();
        prop_assert_eq!(ours.to_text(Version::TPUB), theirs.to_string());
    }

    #[test]
    fn extended_keys_are_those_of_bip32(seed: [u8; 64], length in prop::sample::select(vec![16_usize, 32, 64]), path in path()) {
        let theirs = path.steps().iter().fold(bip32::XPrv::new(&seed[..length]).unwrap(), |key, step| {
            key.derive_child(bip32::ChildNumber(step.to_raw())).unwrap()
        });
        let ours = ExtendedPrivateKey::from_seed(&Seed::new(&seed[..length]).unwrap()).unwrap().derive(&path).unwrap();
        let text = ours.to_text(Version::ZPUB);
        prop_assert_eq!(text.expose(), theirs.to_extended_key(bip32::Prefix::ZPRV).to_string());
        let theirs = theirs.public_key().to_extended_key(bip32::Prefix::YPUB).to_string();
        prop_assert_eq!(ours.public().to_text(Version::YPUB), theirs);
    }

    #[test]
    fn addresses_and_wif_are_those_of_bitcoin(
        seed: [u8; 64], account in 0_u32..1 << 31, change in 0_u32..2, index in index(),
        network in prop::sample::select(Network::ALL),
    ) {
        let curve = Secp256k1::new();
        let position = Position { account, change, index };
        for (kind, purpose) in [("p2pkh", 44), ("p2sh-p2wpkh", 49), ("p2wpkh", 84), ("p2tr", 86)] {
            let theirs = bitcoin_key(&seed, purpose, position, network);
            let public = CompressedPublicKey::from_private_key(&curve, &theirs.to_priv()).unwrap();
            let network_of_bitcoin = to_bitcoin(network);
            let address = match kind {
                "p2pkh" => bitcoin::Address::p2pkh(public, network_of_bitcoin),
                "p2sh-p2wpkh" => bitcoin::Address::p2shwpkh(&public, network_of_bitcoin),
                "p2wpkh" => bitcoin::Address::p2wpkh(&public, network_of_bitcoin),
                _ => bitcoin::Address::p2tr(&curve, public.into(), None, network_of_bitcoin),
            };
            let ours = key_of(&BITCOIN, &seed, kind, position, network);
            prop_assert_eq!(address_of(&ours, kind), address.to_string());
            prop_assert_eq!(text_of(&ours, "wif"), theirs.to_priv().to_wif());
        }
    }

    #[test]
    fn an_exported_account_gives_the_addresses_in_bitcoin(seed: [u8; 64], account in 0_u32..1 << 31, index in index()) {
        let curve = Secp256k1::new();
        let kind = BITCOIN.info().kind("p2wpkh").unwrap();
        let wallet = Wallet::from_seed(Seed::new(&seed).unwrap());
        let key = wallet.account(&BITCOIN, kind, account, Network::Mainnet).unwrap();
        let xpub: Xpub = key.export_account(&ExportPolicy::advertised(), kind).unwrap().xpub.parse().unwrap();
        let steps = [ChildNumber::Normal { index: 1 }, ChildNumber::Normal { index }];
        let public = CompressedPublicKey(xpub.derive_pub(&curve, &steps).unwrap().public_key);
        let theirs = bitcoin::Address::p2wpkh(&public, bitcoin::Network::Bitcoin).to_string();
        let ours = key_of(&BITCOIN, &seed, "p2wpkh", Position { account, change: 1, index }, Network::Mainnet);
        prop_assert_eq!(address_of(&ours, "p2wpkh"), theirs);
    }
}
