//! The heavy work, in batches: slices in, vectors out. Everything that takes time in a search goes through here, one operation
//! after the other by the crates that do one; what does many at once takes its place here.

use keyark_core::{Address, DerivationPath, Error, ErrorKind, Fingerprint, PublicKey, Result, Seed};
use keyark_hd::bip32::{self, ExtendedPrivateKey};
use keyark_phrase::Phrase;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::guesses::Passphrase;
use crate::places::Place;

/// BIP-39, "From mnemonic to seed".
const ROUNDS: u32 = 2048;

/// A phrase with a passphrase.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) phrase: Phrase,
    pub(crate) passphrase: Passphrase,
}

/// The seed of each job.
pub(crate) fn seeds(jobs: &[Job]) -> Result<Vec<Seed>> {
    jobs.iter().map(seed).collect()
}

fn seed(Job { phrase, passphrase }: &Job) -> Result<Seed> {
    if !passphrase.raw {
        return phrase.to_seed(&passphrase.text);
    }
    let words = Zeroizing::new(phrase.words().collect::<Vec<_>>().join(" "));
    let salt = Zeroizing::new(["mnemonic", passphrase.text.expose()].concat());
    let mut seed = Zeroizing::new([0; Seed::MAX_LEN]);
    pbkdf2::pbkdf2_hmac::<Sha512>(words.as_bytes(), salt.as_bytes(), ROUNDS, seed.as_mut_slice());
    Seed::new(seed.as_slice())
}

/// The address of each seed at a place of a chain. `None` where the curve has no key there (1 in 2^127).
pub(crate) fn addresses(seeds: &[Seed], place: &Place) -> Result<Vec<Option<Address>>> {
    let (Some(chain), Some(kind)) = (place.chain, place.kind) else {
        return Err(Error::new(ErrorKind::Internal, "an address was asked for without a chain", "report this"));
    };
    let one = |seed| {
        let key = chain.public_key(&chain.derive(seed, &place.location).ok()?).ok()?;
        chain.address(&key, kind, place.network).ok()
    };
    Ok(seeds.iter().map(one).collect())
}

/// The public key of each seed at a path of BIP-32. `None` where the curve has no key there (1 in 2^127).
pub(crate) fn public_keys(seeds: &[Seed], path: &DerivationPath) -> Vec<Option<PublicKey>> {
    let one = |seed| bip32::public_key(&bip32::derive(seed, path).ok()?).ok();
    seeds.iter().map(one).collect()
}

/// The fingerprint of each seed's master key.
pub(crate) fn fingerprints(seeds: &[Seed]) -> Vec<Option<Fingerprint>> {
    let one = |seed| ExtendedPrivateKey::from_seed(seed).ok().map(|key| key.fingerprint());
    seeds.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use keyark_core::SecretText;
    use keyark_phrase::Language;

    use super::*;

    #[test]
    fn the_raw_form_differs_only_where_the_standard_rewrites() {
        let phrase = Phrase::from_entropy(&[7; 16], Language::English).unwrap();
        let of = |text: &str, raw| {
            let passphrase = Passphrase { text: SecretText::from(text), raw };
            seed(&Job { phrase: phrase.clone(), passphrase }).unwrap()
        };
        assert_eq!(of("plain", true), of("plain", false));
        assert_eq!(of("cafe\u{301}", true), of("caf\u{e9}", false));
        assert_ne!(of("caf\u{e9}", true), of("caf\u{e9}", false));
    }
}
