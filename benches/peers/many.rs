//! Many phrases or seeds at once, on one core: what searches for lost words are made of.

use alloy_signer_local::MnemonicBuilder;
use alloy_signer_local::coins_bip39::English;
use bitcoin::bip32::{DerivationPath, Xpriv};
use bitcoin::secp256k1::Secp256k1;
use criterion::Criterion;
use keyark::batch::of_seeds_vartime;
use keyark::phrase::Phrase;
use keyark::phrase::batch::{CodePath, Salt, seeds};
use keyark::{Chain, ETHEREUM, Network, Position, SOLANA, Seed};
use keyark_benches::Work;
use sha2::Sha512;
use solana_keypair::seed_derivable::keypair_from_seed_and_derivation_path;
use solana_signer::Signer;

use crate::ethereum::{PATH, digits, last_20};

const PHRASES: u32 = 64;
const SEEDS: u32 = 1024;

pub(crate) fn all(criterion: &mut Criterion) {
    let phrases = keyark_benches::phrases(PHRASES).unwrap();
    let texts: Vec<_> = phrases.iter().map(|phrase| phrase.to_text().expose().to_owned()).collect();
    phrases_to_seeds(criterion, &phrases, &texts);
    phrases_to_ethereum(criterion, &phrases, &texts);
    seeds_to_solana(criterion);
}

fn phrases_to_seeds(criterion: &mut Criterion, phrases: &[Phrase], texts: &[String]) {
    let on = |path| by_lanes(path, phrases);
    let show = |seeds: Vec<Seed>| seeds.iter().map(|seed| seed.expose().to_vec()).collect::<Vec<_>>();
    let best = CodePath::best();
    let mut work =
        Work::new(criterion, "64 phrases to seeds", texts.iter().map(|words| pbkdf2(words).to_vec()).collect())
            .slow()
            .contender("keyark", || on(best), show);
    // IFMA multiplies, and there is nothing to multiply here: its path is that of AVX-512.
    for path in CodePath::available().filter(|path| *path < best.min(CodePath::Avx512)) {
        work = work.contender(&format!("keyark, {}", path.id()), || on(path), show);
    }
    let peer = || texts.iter().map(|words| pbkdf2(words)).collect::<Vec<_>>();
    work.contender("pbkdf2 + sha2", peer, |seeds| seeds.iter().map(|seed| seed.to_vec()).collect()).finish();
}

fn phrases_to_ethereum(criterion: &mut Criterion, phrases: &[Phrase], texts: &[String]) {
    let kind = ETHEREUM.info().default_kind().unwrap();
    let location = kind.location(60, Position::default()).unwrap();
    let keyark = || -> Vec<String> {
        let seeds = by_lanes(CodePath::best(), phrases);
        let found = of_seeds_vartime(&ETHEREUM, &seeds, &location, kind, Network::Mainnet);
        found.into_iter().map(|found| found.unwrap().address.to_string()).collect()
    };
    let bip32_path: bip32::DerivationPath = PATH.parse().unwrap();
    let bip32 = |words: &String| {
        let key = bip32::XPrv::derive_from_path(&pbkdf2(words), &bip32_path).unwrap();
        last_20(key.private_key().verifying_key().to_sec1_point(false).as_bytes())
    };
    let (context, path): (_, DerivationPath) = (Secp256k1::new(), PATH.parse().unwrap());
    let bitcoin = |words: &String| {
        let master = Xpriv::new_master(bitcoin::Network::Bitcoin, &pbkdf2(words)).unwrap();
        let key = master.derive_priv(&context, &path).unwrap().private_key;
        last_20(&key.public_key(&context).serialize_uncompressed())
    };
    let alloy = |words: &String| MnemonicBuilder::<English>::default().phrase(words).build().unwrap().address();

    let expected = keyark().iter().map(|address| digits(address)).collect::<Vec<_>>();
    let show = |all: Vec<[u8; 20]>| all.iter().map(|address| keyark::hex::encode(address)).collect();
    // As for one address, the peers stop at the 20 bytes.
    Work::new(criterion, "64 phrases to Ethereum addresses", expected)
        .slow()
        .contender("keyark", keyark, |all| all.iter().map(|address| digits(address)).collect())
        .contender("pbkdf2 + sha2 + bip32", || texts.iter().map(bip32).collect(), show)
        .contender("pbkdf2 + sha2 + bitcoin", || texts.iter().map(bitcoin).collect(), show)
        .contender(
            "alloy",
            || texts.iter().map(alloy).collect::<Vec<_>>(),
            |all| all.iter().map(|address| digits(&address.to_string())).collect(),
        )
        .finish();
}

fn seeds_to_solana(criterion: &mut Criterion) {
    let seeds = keyark_benches::seeds(SEEDS).unwrap();
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
    Work::new(criterion, "1,024 seeds to Solana addresses", peer())
        .slow()
        .contender("keyark", keyark, |all| all)
        .contender("solana-keypair", peer, |all| all)
        .finish();
}

fn by_lanes(path: CodePath, phrases: &[Phrase]) -> Vec<Seed> {
    let salt = Salt::new(&"".into());
    seeds(path, phrases.iter().map(|phrase| (phrase, &salt))).unwrap()
}

fn pbkdf2(words: &str) -> [u8; 64] {
    let mut seed = [0; 64];
    pbkdf2::pbkdf2_hmac::<Sha512>(words.as_bytes(), b"mnemonic", 2048, &mut seed);
    seed
}
