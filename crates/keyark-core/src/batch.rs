//! Many keys of a chain at once: an optional part of the contract, and what does the same for chains without it.

use crate::{Address, AddressKind, Chain, DerivationPath, KeyLocation, Network, PublicKey, Result, Seed};

/// A public key and its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAddress {
    /// The key.
    pub key: PublicKey,
    /// Its address.
    pub address: Address,
}

/// Many keys of one chain at once, several times as fast as one after the other: for long lists of addresses, and for finding what a damaged backup has
/// lost. It is asked through [`of_seeds_vartime`] and [`of_locations_vartime`].
///
/// The answers are those of [`Chain::derive`], [`Chain::public_key`] and [`Chain::address`], in the order of what was given; the conformance suite compares
/// them. Where one is `None`, or missing at the end, the single operations are asked, which say why there is none. Several threads may call at once.
///
/// # Not constant time
///
/// What is read from memory, and when, depends on the keys. That is for the owner's own computer. A service that derives keys for others, on machines where
/// others can measure, uses the single operations.
pub trait BatchSupport: Send + Sync {
    /// The keys at `path` of the wallets with these `seeds`, with their addresses of this `kind`, on this `network`.
    fn of_seeds_vartime(
        &self,
        seeds: &[Seed],
        path: &DerivationPath,
        kind: &AddressKind,
        network: Network,
    ) -> Vec<Option<KeyAddress>>;

    /// The keys at many `paths` of the wallet with this `seed`, with their addresses. Neighbours, which share the start of their paths, cost least.
    fn of_paths_vartime(
        &self,
        seed: &Seed,
        paths: &[DerivationPath],
        kind: &AddressKind,
        network: Network,
    ) -> Vec<Option<KeyAddress>>;
}

/// Fewer than these are done one after the other, in constant time: a batch's tables would take longer to make. Who has few seeds but many locations
/// asks for the locations of each seed.
pub const FEW: usize = 24;

/// The keys at `location` of the wallets with these `seeds`, with their addresses of this `kind`, on this `network`.
///
/// By the chain's [`BatchSupport`], of whose timing it tells; one after the other where it has none. All answers are in memory at once: some thousands at a
/// time are enough for full speed.
pub fn of_seeds_vartime(
    chain: &dyn Chain,
    seeds: &[Seed],
    location: &KeyLocation,
    kind: &AddressKind,
    network: Network,
) -> Vec<Result<KeyAddress>> {
    let found = match (chain.batch(), location) {
        (Some(batch), KeyLocation::Path(path)) if seeds.len() >= FEW => {
            batch.of_seeds_vartime(seeds, path, kind, network)
        }
        _ => Vec::new(),
    };
    let found = found.into_iter().chain(std::iter::repeat(None)).zip(seeds);
    found.map(|(found, seed)| found.map_or_else(|| one(chain, seed, location, kind, network), Ok)).collect()
}

/// The keys at many `locations` of the wallet with this `seed`, with their addresses; else as [`of_seeds_vartime`].
pub fn of_locations_vartime(
    chain: &dyn Chain,
    seed: &Seed,
    locations: &[KeyLocation],
    kind: &AddressKind,
    network: Network,
) -> Vec<Result<KeyAddress>> {
    let path = |location: &KeyLocation| match location {
        KeyLocation::Path(path) => Some(path.clone()),
        KeyLocation::SeedPrefix => None,
    };
    let found = match (chain.batch(), locations.iter().map(path).collect::<Option<Vec<_>>>()) {
        (Some(batch), Some(paths)) if paths.len() >= FEW => batch.of_paths_vartime(seed, &paths, kind, network),
        _ => Vec::new(),
    };
    let found = found.into_iter().chain(std::iter::repeat(None)).zip(locations);
    found.map(|(found, location)| found.map_or_else(|| one(chain, seed, location, kind, network), Ok)).collect()
}

fn one(
    chain: &dyn Chain,
    seed: &Seed,
    location: &KeyLocation,
    kind: &AddressKind,
    network: Network,
) -> Result<KeyAddress> {
    let key = chain.public_key(&chain.derive(seed, location)?)?;
    let address = chain.address(&key, kind, network)?;
    Ok(KeyAddress { key, address })
}
