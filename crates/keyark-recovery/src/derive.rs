//! The heavy work, in batches: slices in, vectors out. Everything that takes time in a search goes through here.
//!
//! Not constant time: the candidates are secrets, and their keys are computed in a time that depends on them. A search runs on the owner's own computer.

use std::collections::HashMap;

use keyark_core::batch::{of_locations_vartime, of_seeds_vartime};
use keyark_core::{Address, DerivationPath, Error, ErrorKind, Fingerprint, PublicKey, Result, Seed};
use keyark_hd::batch::{CodePath, bip32};
use keyark_hd::bip32::fingerprint;
use keyark_phrase::Phrase;
use keyark_phrase::batch::Salt;

use crate::guesses::Passphrase;
use crate::places::Place;

/// A phrase with a passphrase.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) phrase: Phrase,
    pub(crate) passphrase: Passphrase,
}

/// The seed of each job.
pub(crate) fn seeds(jobs: &[Job]) -> Result<Vec<Seed>> {
    let salt = |job: &Job| match job.passphrase.raw {
        true => Salt::as_typed(&job.passphrase.text),
        false => Salt::new(&job.passphrase.text),
    };
    let salts: Vec<_> = jobs.iter().map(salt).collect();
    keyark_phrase::batch::seeds(CodePath::best(), jobs.iter().map(|job| &job.phrase).zip(&salts))
}

/// The address of each seed at a place of a chain. `None` where the curve has no key there (1 in 2^127).
pub(crate) fn addresses(seeds: &[Seed], place: &Place) -> Result<Vec<Option<Address>>> {
    let (Some(chain), Some(kind)) = (place.chain, place.kind) else {
        return Err(no_chain());
    };
    let found = of_seeds_vartime(chain, seeds, &place.location, kind, place.network);
    Ok(found.into_iter().map(|found| Some(found.ok()?.address)).collect())
}

/// The address of one seed at each of the places, those of a kind together, which share the start of their paths.
pub(crate) fn addresses_at(seed: &Seed, places: &[Place]) -> Result<Vec<Option<Address>>> {
    let mut kinds: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, place) in places.iter().enumerate() {
        let kind = (place.chain.map(|chain| chain.info().id), place.kind.map(|kind| kind.id), place.network);
        kinds.entry(kind).or_default().push(at);
    }
    let mut addresses = vec![None; places.len()];
    for all in kinds.into_values() {
        let of_kind: Vec<_> = all.iter().filter_map(|at| places.get(*at)).collect();
        let Some((chain, kind, network)) = of_kind.first().and_then(|one| Some((one.chain?, one.kind?, one.network)))
        else {
            return Err(no_chain());
        };
        let locations: Vec<_> = of_kind.iter().map(|place| place.location.clone()).collect();
        for (at, found) in all.into_iter().zip(of_locations_vartime(chain, seed, &locations, kind, network)) {
            if let (Some(address), Ok(found)) = (addresses.get_mut(at), found) {
                *address = Some(found.address);
            }
        }
    }
    Ok(addresses)
}

fn no_chain() -> Error {
    Error::new(ErrorKind::Internal, "an address was asked for without a chain", "report this")
}

/// The public key of each seed at a path of BIP-32. `None` where the curve has no key there (1 in 2^127).
pub(crate) fn public_keys(seeds: &[Seed], path: &DerivationPath) -> Vec<Option<PublicKey>> {
    let points = bip32::public_keys_vartime(CodePath::best(), seeds, path).into_iter();
    points.map(|point| Some(PublicKey::compressed(point?.to_compressed()))).collect()
}

/// The fingerprint of each seed's master key.
pub(crate) fn fingerprints(seeds: &[Seed]) -> Vec<Option<Fingerprint>> {
    let points = bip32::public_keys_vartime(CodePath::best(), seeds, &DerivationPath::default()).into_iter();
    points.map(|point| Some(fingerprint(&point?.to_compressed()))).collect()
}
