//! Many keys at once are what one after the other is.

use keyark_core::batch::{of_locations_vartime, of_seeds_vartime};
use keyark_core::{AddressKind, Chain, ChainKey, KeyAddress, KeyLocation, Network, Position, Result, Seed, Step};

use crate::{Vector, new_seed};

/// More than any number of lanes, and no multiple of one.
const MANY: u32 = 67;

/// The keys of many wallets at one place.
pub fn derive_for_many_wallets(chain: &'static dyn Chain, _: &[Vector]) {
    let seeds: Vec<_> = (0..MANY).map(|_| new_seed()).collect();
    for (kind, network) in kinds_and_networks(chain) {
        let location = kind.location(chain.info().coin_on(network), Position::default()).unwrap();
        let found = of_seeds_vartime(chain, &seeds, &location, kind, network);
        let expected = seeds.iter().map(|seed| single(chain, seed, &location, kind, network));
        assert_all_eq(found, expected, kind);
    }
}

/// The keys of one wallet at many places: neighbours, and others in between.
pub fn derive_at_many_places(chain: &'static dyn Chain, _: &[Vector]) {
    let seed = new_seed();
    for (kind, network) in kinds_and_networks(chain) {
        let Some(template) = kind.template() else { continue };
        let only = |step, value| if template.has(step) { value } else { 0 };
        let at = |number| Position {
            account: only(Step::Account, if template.has(Step::Index) { number / 60 } else { number }),
            change: only(Step::Change, number / 50),
            index: only(Step::Index, number),
        };
        for range in [0..MANY, 0..50] {
            let coin = chain.info().coin_on(network);
            let locations: Vec<_> = range.map(|number| kind.location(coin, at(number)).unwrap()).collect();
            let found = of_locations_vartime(chain, &seed, &locations, kind, network);
            let expected = locations.iter().map(|location| single(chain, &seed, location, kind, network));
            assert_all_eq(found, expected, kind);
        }
    }
}

/// What has no key has none in a batch either, for the same reason.
pub fn refuse_many_as_one(chain: &'static dyn Chain, _: &[Vector]) {
    let seeds: Vec<_> = (0..MANY).map(|_| new_seed()).collect();
    let kind = chain.info().default_kind().unwrap();
    for path in ["m", "m/0", "m/44'/0'/0'", "m/2147483647/0'"] {
        let location = KeyLocation::Path(path.parse().unwrap());
        let found = of_seeds_vartime(chain, &seeds, &location, kind, Network::Mainnet);
        let expected = seeds.iter().map(|seed| single(chain, seed, &location, kind, Network::Mainnet));
        assert_all_eq(found, expected, kind);
    }
}

fn kinds_and_networks(chain: &'static dyn Chain) -> impl Iterator<Item = (&'static AddressKind, Network)> {
    let info = chain.info();
    info.kinds.iter().flat_map(|kind| info.networks.iter().map(move |network| (kind, *network)))
}

fn single(
    chain: &'static dyn Chain,
    seed: &Seed,
    location: &KeyLocation,
    kind: &AddressKind,
    network: Network,
) -> Result<KeyAddress> {
    let key = ChainKey::derive(chain, seed, location.clone(), network)?;
    Ok(KeyAddress { key: *key.public_key(), address: key.address(kind)? })
}

fn assert_all_eq(
    found: Vec<Result<KeyAddress>>,
    expected: impl ExactSizeIterator<Item = Result<KeyAddress>>,
    kind: &AddressKind,
) {
    assert_eq!(found.len(), expected.len());
    for (number, (found, expected)) in found.into_iter().zip(expected).enumerate() {
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "number {number} of kind {}", kind.id),
            (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string()),
            (found, expected) => panic!("number {number} of kind {}: {found:?}, and alone {expected:?}", kind.id),
        }
    }
}
