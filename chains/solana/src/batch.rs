//! Many keys at once.

use keyark_core::{AddressKind, BatchSupport, Curve, DerivationPath, KeyAddress, Network, PublicKey, Seed};
use keyark_hd::batch::{CodePath, slip10};

use crate::address;
use crate::chain::Solana;

impl BatchSupport for Solana {
    fn of_seeds_vartime(
        &self,
        seeds: &[Seed],
        path: &DerivationPath,
        _kind: &AddressKind,
        _network: Network,
    ) -> Vec<Option<KeyAddress>> {
        slip10::public_keys_vartime(CodePath::best(), seeds, path).map(|keys| addresses(&keys)).unwrap_or_default()
    }

    fn of_paths_vartime(
        &self,
        seed: &Seed,
        paths: &[DerivationPath],
        _kind: &AddressKind,
        _network: Network,
    ) -> Vec<Option<KeyAddress>> {
        slip10::public_keys_at_vartime(CodePath::best(), seed, paths).map(|keys| addresses(&keys)).unwrap_or_default()
    }
}

fn addresses(keys: &[[u8; 32]]) -> Vec<Option<KeyAddress>> {
    let with_address = |key: &[u8; 32]| {
        let key = PublicKey::new(Curve::Ed25519, key).ok()?;
        Some(KeyAddress { key, address: address::of(&key).ok()? })
    };
    keys.iter().map(with_address).collect()
}
