//! Many at once, on one core unless the name says otherwise: what lists of addresses and searches for lost words are made of.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use alloy_signer_local::MnemonicBuilder;
use alloy_signer_local::coins_bip39::English;
use bitcoin::bip32::{ChildNumber, DerivationPath, Xpriv, Xpub};
use bitcoin::secp256k1::Secp256k1;
use bitcoin::{Address, CompressedPublicKey};
use criterion::Criterion;
use keyark::batch::of_seeds_vartime;
use keyark::phrase::batch::{CodePath, Salt, seeds};
use keyark::phrase::{Language, Phrase};
use keyark::{
    AddressRange, BITCOIN, Chain, ETHEREUM, ExportPolicy, KeyLocation, Network, Position, SOLANA, Seed, WatchAccount,
};
use keyark_benches::{Work, seed};
use sha2::Sha512;
use sha3::{Digest, Keccak256};
use solana_keypair::seed_derivable::keypair_from_seed_and_derivation_path;
use solana_signer::Signer;

const PHRASES: u8 = 64;
const SEEDS: u16 = 1024;
const ADDRESSES: u32 = 100_000;

pub(crate) fn all(criterion: &mut Criterion) {
    let phrases: Vec<_> =
        (0..PHRASES).map(|number| Phrase::from_entropy(&[number; 16], Language::English).unwrap()).collect();
    let texts: Vec<_> = phrases.iter().map(|phrase| phrase.to_text().expose().to_owned()).collect();
    phrases_to_seeds(criterion, &phrases, &texts);
    phrases_to_ethereum(criterion, &phrases, &texts);
    seeds_to_solana(criterion);
    xpub_to_addresses(criterion);
}

fn pbkdf2(words: &str) -> [u8; 64] {
    let mut seed = [0; 64];
    pbkdf2::pbkdf2_hmac::<Sha512>(words.as_bytes(), b"mnemonic", 2048, &mut seed);
    seed
}

fn phrases_to_seeds(criterion: &mut Criterion, phrases: &[Phrase], texts: &[String]) {
    let salt = Salt::new(&"".into());
    let on = |path| seeds(path, phrases.iter().map(|phrase| (phrase, &salt))).unwrap();
    let show = |seeds: Vec<Seed>| seeds.iter().map(|seed| seed.expose().to_vec()).collect::<Vec<_>>();
    let mut work = Work::new(criterion, "64 phrases to seeds", show(on(CodePath::Portable))).slow();
    for path in CodePath::available() {
        let name = if path == CodePath::best() { "keyark".to_owned() } else { format!("keyark, {}", path.id()) };
        work = work.contender(&name, || on(path), show);
    }
    let peer = || texts.iter().map(|words| pbkdf2(words)).collect::<Vec<_>>();
    work.contender("pbkdf2 + sha2", peer, |seeds| seeds.iter().map(|seed| seed.to_vec()).collect()).finish();
}

fn phrases_to_ethereum(criterion: &mut Criterion, phrases: &[Phrase], texts: &[String]) {
    let kind = ETHEREUM.info().default_kind().unwrap();
    let location = kind.location(60, Position::default()).unwrap();
    let salt = Salt::new(&"".into());
    let keyark = || -> Vec<String> {
        let seeds = seeds(CodePath::best(), phrases.iter().map(|phrase| (phrase, &salt))).unwrap();
        let found = of_seeds_vartime(&ETHEREUM, &seeds, &location, kind, Network::Mainnet);
        found.into_iter().map(|found| found.unwrap().address.to_string()).collect()
    };
    let KeyLocation::Path(path) = &location else { unreachable!() };
    let (context, path): (_, DerivationPath) = (Secp256k1::new(), path.to_string().parse().unwrap());
    let bitcoin = || -> Vec<[u8; 20]> {
        let address = |words: &String| {
            let master = Xpriv::new_master(bitcoin::Network::Bitcoin, &pbkdf2(words)).unwrap();
            let key = master.derive_priv(&context, &path).unwrap().private_key.public_key(&context);
            let uncompressed = key.serialize_uncompressed();
            *<[u8; 32]>::from(Keccak256::digest(&uncompressed[1..])).last_chunk().unwrap()
        };
        texts.iter().map(address).collect()
    };
    let alloy = || -> Vec<String> {
        let address = |words: &String| MnemonicBuilder::<English>::default().phrase(words).build().unwrap().address();
        texts.iter().map(|words| address(words).to_string()).collect()
    };

    let lower = |addresses: Vec<String>| -> Vec<_> { addresses.iter().map(|text| text.to_lowercase()).collect() };
    Work::new(criterion, "64 phrases to Ethereum addresses", lower(keyark()))
        .slow()
        .contender("keyark", keyark, lower)
        .contender("pbkdf2 + sha2 + bitcoin", bitcoin, |all| {
            all.iter().map(|address| format!("0x{}", keyark::hex::encode(address))).collect()
        })
        .contender("alloy", alloy, lower)
        .finish();
}

fn seeds_to_solana(criterion: &mut Criterion) {
    let seeds: Vec<_> = (0..SEEDS)
        .map(|number| {
            let mut bytes = [7; 64];
            bytes[..2].copy_from_slice(&number.to_be_bytes());
            Seed::new(&bytes).unwrap()
        })
        .collect();
    let kind = SOLANA.info().kind("bip44-change").unwrap();
    let location = kind.location(501, Position::default()).unwrap();
    let keyark = || -> Vec<String> {
        let found = of_seeds_vartime(&SOLANA, &seeds, &location, kind, Network::Mainnet);
        found.into_iter().map(|found| found.unwrap().address.to_string()).collect()
    };
    let path = solana_derivation_path::DerivationPath::new_bip44(Some(0), Some(0));
    let peer = || -> Vec<String> {
        let pair = |seed: &Seed| keypair_from_seed_and_derivation_path(seed.expose(), Some(path.clone())).unwrap();
        seeds.iter().map(|seed| pair(seed).pubkey().to_string()).collect()
    };
    Work::new(criterion, "1,024 seeds to Solana addresses", keyark())
        .slow()
        .contender("keyark", keyark, |all| all)
        .contender("solana-keypair", peer, |all| all)
        .finish();
}

fn xpub_to_addresses(criterion: &mut Criterion) {
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let account = keyark::ChainKey::account(&BITCOIN, &seed().unwrap(), kind, 0, Network::Mainnet).unwrap();
    let xpub = account.export_account(&ExportPolicy::advertised(), kind).unwrap().xpub;
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub).unwrap();
    let on = |cores: usize| -> Vec<String> { list(watched.as_ref(), kind, NonZeroUsize::new(cores).unwrap()) };
    let (context, parsed): (_, Xpub) = (Secp256k1::verification_only(), xpub.parse().unwrap());
    let peer = || -> Vec<String> {
        let branch = parsed.ckd_pub(&context, ChildNumber::Normal { index: 0 }).unwrap();
        let address = |index| {
            let key = branch.ckd_pub(&context, ChildNumber::Normal { index }).unwrap().public_key;
            Address::p2wpkh(&CompressedPublicKey(key), bitcoin::Network::Bitcoin).to_string()
        };
        (0..ADDRESSES).map(address).collect()
    };
    Work::new(criterion, "xpub to 100,000 addresses (P2WPKH)", on(1))
        .slow()
        .contender("keyark", || on(1), |all| all)
        .contender("bitcoin", peer, |all| all)
        .finish();
    Work::new(criterion, "xpub to 100,000 addresses on two cores", on(1))
        .slow()
        .contender("keyark", || on(2), |all| all)
        .contender("keyark on one core", || on(1), |all| all)
        .finish();
}

fn list(watched: &dyn WatchAccount, kind: &keyark::AddressKind, cores: NonZeroUsize) -> Vec<String> {
    let range = AddressRange {
        chain: &BITCOIN,
        kind,
        network: Network::Mainnet,
        start: Position::default(),
        range: 0..ADDRESSES,
    };
    let mut all = Vec::with_capacity(ADDRESSES as usize);
    range
        .of_account(watched, cores, |one| {
            all.push(one.found.address.to_string());
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}
