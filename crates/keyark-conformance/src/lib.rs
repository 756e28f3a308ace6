//! The test kit that every chain of keyark passes, in this workspace or outside it.
//!
//! One line in the chain's `tests/conformance.rs` makes a test of each demand:
//!
//! ```ignore
//! keyark_conformance::conformance!(keyark_x::X, keyark_conformance::data::vectors(include_str!("data/accounts.json")));
//! ```
//!
//! The vectors ([`data`]) are from a source other than keyark:
//!
//! ```
//! let vectors = keyark_conformance::data::vectors(
//!     r#"[{"phrase": "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
//!          "passphrase": "", "kind": "bip44", "path": "m/44'/60'/0'/0/0",
//!          "address": "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "source": "computed with ethers"}]"#,
//! );
//! assert_eq!((vectors.len(), vectors[0].seed.len()), (1, 64));
//! ```
//!
//! The demands: [`identity`] (the data is sound and registered), [`derivation`] (the vectors), [`exports`] (what leaves
//! comes back, what is denied is refused with its reason), [`hygiene`] (no secret in what is shown, no panic on hostile
//! text).
#![forbid(unsafe_code)]
// A test kit fails by panicking, and says so here once.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, clippy::indexing_slicing)]

pub mod batches;
pub mod data;
pub mod derivation;
pub mod exports;
pub mod hygiene;
pub mod identity;

use keyark_core::{Chain, ChainKey, KeyLocation, Network, Position, Seed, random};

/// One key of one wallet, as another implementation derives it.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The seed of the wallet.
    pub seed: Vec<u8>,
    /// The address kind.
    pub kind: &'static str,
    /// The network.
    pub network: Network,
    /// Where the key is.
    pub location: KeyLocation,
    /// Its address.
    pub address: String,
    /// The private key in the chain's first text form.
    pub private_key: Option<String>,
}

/// Makes a test of each demand on the chain whose static is named, with vectors from another implementation.
#[macro_export]
macro_rules! conformance {
    ($chain:path, $vectors:expr) => {
        $crate::conformance!(@tests &$chain, $vectors;
            identity: is_registered, has_sound_data, advertises_what_it_has;
            derivation: fits_the_vectors, finds_its_addresses_again, finds_a_changed_address;
            exports: come_back_as_the_same_key, are_refused_with_their_reason, obey_a_narrower_policy,
                refuse_a_permit_of_another_chain, survive_a_secure_copy, open_their_own_keystores,
                give_accounts_that_can_be_watched;
            batches: derive_for_many_wallets, derive_at_many_places, refuse_many_as_one;
            hygiene: shows_no_secret, survives_hostile_text);
    };
    (@tests $chain:expr, $vectors:expr; $($module:ident: $($test:ident),+);+) => {
        $($(
            #[test]
            fn $test() {
                $crate::$module::$test($chain, &$vectors);
            }
        )+)+
    };
}

/// The seed of a new wallet.
pub(crate) fn new_seed() -> Seed {
    let mut bytes = [0; 64];
    random::fill(&mut bytes).unwrap();
    Seed::new(&bytes).unwrap()
}

/// A key of a new wallet for each of the chain's kinds and networks.
pub(crate) fn new_keys(chain: &'static dyn Chain) -> Vec<(&'static keyark_core::AddressKind, ChainKey)> {
    let info = chain.info();
    let pairs = info.kinds.iter().flat_map(|kind| info.networks.iter().map(move |network| (kind, *network)));
    pairs
        .map(|(kind, network)| (kind, ChainKey::at(chain, &new_seed(), kind, Position::default(), network).unwrap()))
        .collect()
}
