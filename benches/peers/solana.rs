//! Seed to Solana's first address, m/44'/501'/0'/0'.

use criterion::Criterion;
use keyark::{Chain, ChainKey, Network, Position, SOLANA, hd};
use keyark_benches::{Work, seed};
use solana_derivation_path::DerivationPath;
use solana_keypair::seed_derivable::keypair_from_seed_and_derivation_path;
use solana_signer::Signer;

pub(crate) fn all(criterion: &mut Criterion) {
    let seed = seed().unwrap();
    let path = "m/44'/501'/0'/0'".parse().unwrap();
    let solana_path = DerivationPath::new_bip44(Some(0), Some(0));
    let kind = SOLANA.info().kind("bip44-change").unwrap();
    let keyark = || {
        let private = hd::slip10::derive(&seed, &path).unwrap();
        let public = hd::slip10::public_key(&private).unwrap();
        (private, public)
    };
    let solana = || keypair_from_seed_and_derivation_path(seed.expose(), Some(solana_path.clone())).unwrap();

    let (private, public) = keyark();
    Work::new(
        criterion,
        "seed to key pair m/44'/501'/0'/0'",
        [private.expose().as_slice(), public.as_bytes()].concat(),
    )
    .contender("keyark", keyark, |(private, public)| [private.expose().as_slice(), public.as_bytes()].concat())
    .contender("solana-keypair", solana, |pair| pair.to_bytes().to_vec())
    .finish();

    let keyark =
        || ChainKey::at(&SOLANA, &seed, kind, Position::default(), Network::Mainnet).unwrap().address(kind).unwrap();
    Work::new(criterion, "seed to Solana address", keyark().to_string())
        .contender("keyark", keyark, |address| address.to_string())
        .contender("solana-keypair", || solana().pubkey().to_string(), |address| address)
        .finish();
}
