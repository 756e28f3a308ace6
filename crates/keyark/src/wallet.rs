//! A wallet: a seed, from which the keys of every chain are derived, or one private key that stands alone.

use std::ops::Range;

use keyark_core::{
    AddressKind, Chain, ChainKey, Error, ErrorKind, Fingerprint, KeyLocation, Network, Position, PrivateKey, Result,
    SecretText, Seed, Step,
};
use keyark_hd::bip32::ExtendedPrivateKey;
use keyark_phrase::Phrase;

/// A wallet: a seed, from which the keys of every chain are derived, or one private key that stands alone. Redacted in `Debug`,
/// zeroized on drop.
#[derive(Debug)]
pub struct Wallet {
    source: Source,
}

enum Source {
    Seed(Seed),
    Key { chain: &'static dyn Chain, key: PrivateKey, network: Network },
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Seed(seed) => seed.fmt(f),
            Self::Key { chain, key, .. } => write!(f, "{} {key:?}", chain.info().id),
        }
    }
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
        Self { source: Source::Seed(seed) }
    }

    /// The wallet that is one private key: it has one key, on one chain.
    ///
    /// # Errors
    /// As [`ChainKey::from_private_key`].
    pub fn from_private_key(chain: &'static dyn Chain, key: PrivateKey, network: Network) -> Result<Self> {
        ChainKey::from_private_key(chain, key.clone(), network)?; // it is a key of that chain
        Ok(Self { source: Source::Key { chain, key, network } })
    }

    /// The seed; `None` for a single private key. Each call is a place where it can leak.
    pub fn expose_seed(&self) -> Option<&Seed> {
        match &self.source {
            Source::Seed(seed) => Some(seed),
            Source::Key { .. } => None,
        }
    }

    /// The chain and network of a wallet that is one private key.
    pub fn only_chain(&self) -> Option<(&'static dyn Chain, Network)> {
        match &self.source {
            Source::Seed(_) => None,
            Source::Key { chain, network, .. } => Some((*chain, *network)),
        }
    }

    /// The fingerprint of the master key on secp256k1, by which descriptors and signing devices name a wallet.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a single private key; else as [`ExtendedPrivateKey::from_seed`].
    pub fn fingerprint(&self) -> Result<Fingerprint> {
        ExtendedPrivateKey::from_seed(self.seed()?).map(|master| master.fingerprint())
    }

    /// The key of the address of `kind` at `position`. A single private key has the first position only.
    ///
    /// # Errors
    /// As [`ChainKey::at`]; [`ErrorKind::Usage`] for what a single private key does not have.
    pub fn key(
        &self,
        chain: &'static dyn Chain,
        kind: &AddressKind,
        position: Position,
        network: Network,
    ) -> Result<ChainKey> {
        match &self.source {
            Source::Seed(seed) => ChainKey::at(chain, seed, kind, position, network),
            Source::Key { chain: own, key, network: on }
                if own.info().id == chain.info().id && *on == network && position == Position::default() =>
            {
                ChainKey::from_private_key(chain, key.clone(), network)
            }
            Source::Key { .. } => Err(self.only_one_key()),
        }
    }

    /// The key at `location`, whatever kind it is of.
    ///
    /// # Errors
    /// As [`ChainKey::derive`]; [`ErrorKind::Usage`] for a single private key.
    pub fn key_at(&self, chain: &'static dyn Chain, location: KeyLocation, network: Network) -> Result<ChainKey> {
        ChainKey::derive(chain, self.seed()?, location, network)
    }

    /// The account node of `kind`, for its extended public key and descriptors.
    ///
    /// # Errors
    /// As [`ChainKey::account`]; [`ErrorKind::Usage`] for a single private key.
    pub fn account(
        &self,
        chain: &'static dyn Chain,
        kind: &AddressKind,
        account: u32,
        network: Network,
    ) -> Result<ChainKey> {
        ChainKey::account(chain, self.seed()?, kind, account, network)
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

    fn seed(&self) -> Result<&Seed> {
        self.expose_seed().ok_or_else(|| self.only_one_key())
    }

    fn only_one_key(&self) -> Error {
        let whose = self
            .only_chain()
            .map_or_else(String::new, |(chain, network)| format!("of {} on {network}", chain.info().name));
        Error::new(
            ErrorKind::Usage,
            format!("this wallet is one private key {whose}: it has no other keys, and no accounts"),
            "ask for that key, or use a wallet that has words",
        )
    }
}
