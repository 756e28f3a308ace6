//! Words to seed (BIP-39): PBKDF2 with 2048 rounds of HMAC-SHA-512.

use alloy_signer_local::coins_bip39;
use criterion::Criterion;
use keyark_benches::{WORDS, Work, phrase};
use sha2::Sha512;

pub(crate) fn all(criterion: &mut Criterion) {
    let phrase = phrase().unwrap();
    let no_passphrase = "".into();
    let expected = phrase.to_seed(&no_passphrase).unwrap().expose().to_vec();
    let bip39 = bip39::Mnemonic::parse(WORDS).unwrap();
    let coins = coins_bip39::Mnemonic::<coins_bip39::English>::new_from_phrase(WORDS).unwrap();

    Work::new(criterion, "words to seed", expected)
        .contender("keyark", || phrase.to_seed(&no_passphrase).unwrap(), |seed| seed.expose().to_vec())
        .contender(
            "pbkdf2 + sha2",
            || {
                let mut seed = [0; 64];
                pbkdf2::pbkdf2_hmac::<Sha512>(WORDS.as_bytes(), b"mnemonic", 2048, &mut seed);
                seed
            },
            Vec::from,
        )
        .contender("bip39", || bip39.to_seed_normalized(""), Vec::from)
        .contender("coins-bip39 (alloy)", || coins.to_seed(None).unwrap(), Vec::from)
        .finish();
}
