//! A wallet: a seed, from which the keys of every chain are derived.

use std::ops::Range;

use keyark_core::{
    AddressKind, Chain, ChainKey, Fingerprint, KeyLocation, Network, Position, Result, SecretText, Seed, Step,
};
use keyark_hd::bip32::ExtendedPrivateKey;
use keyark_phrase::Phrase;

/// A wallet: a seed, from which the keys of every chain are derived. Redacted in `Debug`, zeroized on drop.
#[derive(Debug)]
pub struct Wallet {
    seed: Seed,
}

impl Wallet {
    /// The wallet of these words and this BIP-39 passphrase; the empty text where there is none.
    ///
    /// Every passphrase gives a wallet, and a mistyped one gives another wallet: compare an address.
    ///
    /// # Errors
    /// As [`Phrase::to_seed`].
    pub fn from_phrase(phrase: &Phrase, passphrase: &SecretText) -> Result<Self> {
        phrase.to_seed(passphrase).map(Self::from_seed)
    }

    /// The wallet of this seed.
    pub fn from_seed(seed: Seed) -> Self {
        Self { seed }
    }

    /// The seed. Each call is a place where it can leak.
    pub fn expose_seed(&self) -> &Seed {
        &self.seed
    }

    /// The fingerprint of the master key on secp256k1, by which descriptors and signing devices name a wallet.
    ///
    /// # Errors
    /// As [`ExtendedPrivateKey::from_seed`].
    pub fn fingerprint(&self) -> Result<Fingerprint> {
        ExtendedPrivateKey::from_seed(&self.seed).map(|master| master.fingerprint())
    }

    /// The key of the address of `kind` at `position`.
    ///
    /// # Errors
    /// As [`ChainKey::at`].
    pub fn key(
        &self,
        chain: &'static dyn Chain,
        kind: &AddressKind,
        position: Position,
        network: Network,
    ) -> Result<ChainKey> {
        ChainKey::at(chain, &self.seed, kind, position, network)
    }

    /// The key at `location`, whatever kind it is of.
    ///
    /// # Errors
    /// As [`ChainKey::derive`].
    pub fn key_at(&self, chain: &'static dyn Chain, location: KeyLocation, network: Network) -> Result<ChainKey> {
        ChainKey::derive(chain, &self.seed, location, network)
    }

    /// The account node of `kind`, for its extended public key and descriptors.
    ///
    /// # Errors
    /// As [`ChainKey::account`].
    pub fn account(
        &self,
        chain: &'static dyn Chain,
        kind: &AddressKind,
        account: u32,
        network: Network,
    ) -> Result<ChainKey> {
        ChainKey::account(chain, &self.seed, kind, account, network)
    }

    /// The keys of a range of addresses from `start` on, one after the other. Where the kind has no index in its paths, the
    /// range runs over accounts.
    pub fn keys<'a>(
        &'a self,
        chain: &'static dyn Chain,
        kind: &'a AddressKind,
        start: Position,
        range: Range<u32>,
        network: Network,
    ) -> impl Iterator<Item = Result<ChainKey>> + 'a {
        let has_index = kind.template().is_some_and(|template| template.has(Step::Index));
        range.map(move |at| {
            let position = if has_index { Position { index: at, ..start } } else { Position { account: at, ..start } };
            self.key(chain, kind, position, network)
        })
    }
}
