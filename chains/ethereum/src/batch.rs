//! Many keys at once.

use keyark_core::{AddressKind, BatchSupport, DerivationPath, KeyAddress, Network, PublicKey, Seed};
use keyark_hd::batch::{CodePath, Point, bip32, keccak256};

use crate::address;
use crate::chain::Ethereum;

impl BatchSupport for Ethereum {
    fn of_seeds_vartime(
        &self,
        seeds: &[Seed],
        path: &DerivationPath,
        _kind: &AddressKind,
        _network: Network,
    ) -> Vec<Option<KeyAddress>> {
        addresses(&bip32::public_keys_vartime(CodePath::best(), seeds, path))
    }

    fn of_paths_vartime(
        &self,
        seed: &Seed,
        paths: &[DerivationPath],
        _kind: &AddressKind,
        _network: Network,
    ) -> Vec<Option<KeyAddress>> {
        bip32::public_keys_at_vartime(CodePath::best(), seed, paths)
            .map(|points| addresses(&points))
            .unwrap_or_default()
    }
}

fn addresses(points: &[Option<Point>]) -> Vec<Option<KeyAddress>> {
    // In the place of a point that is not there stands another one, whose address is left out.
    let whole: Vec<_> = points.iter().map(|point| point.unwrap_or(Point::GENERATOR)).collect();
    let digests = keccak256(CodePath::best(), &whole);
    let found = points.iter().zip(&digests).map(|(point, digest)| {
        Some(KeyAddress { key: PublicKey::compressed((*point)?.to_compressed()), address: address::of_digest(digest) })
    });
    found.collect()
}
