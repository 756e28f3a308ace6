//! What a search for a phrase finds.

use std::fmt;

use keyark_core::{Address, AddressKind, Chain, DerivationPath, SecretText};
use keyark_phrase::Phrase;

use crate::derive::Job;
use crate::places::Place;

/// A phrase that fits what is known.
#[derive(Clone)]
#[non_exhaustive]
pub struct Found {
    /// The phrase.
    pub phrase: Phrase,
    /// The passphrase; empty for none.
    pub passphrase: SecretText,
    /// Whether the wallet takes the passphrase as it stands here, and not in NFKD, as BIP-39 says. Where it does, [`Phrase::to_seed`] gives
    /// another wallet; the seed of this one is that of [`Salt::as_typed`](keyark_phrase::batch::Salt::as_typed).
    pub passphrase_is_raw: bool,
    /// The chain on which it fits. `None` for a fingerprint, an extended master key and the checksum.
    pub chain: Option<&'static dyn Chain>,
    /// The address kind.
    pub kind: Option<&'static AddressKind>,
    /// The path of what was known; none where the kind has none.
    pub path: Option<DerivationPath>,
    /// The address, where one was known.
    pub address: Option<Address>,
    /// How many phrases with passphrases had been tried.
    pub tried: u64,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("phrase", &self.phrase)
            .field("passphrase", &self.passphrase)
            .field("chain", &self.chain.map(|chain| chain.info().id))
            .field("kind", &self.kind.map(|kind| kind.id))
            .field("path", &self.path)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Found {
    pub(crate) fn new(job: &Job, place: Option<&Place>, address: Option<Address>, tried: u64) -> Self {
        Self {
            phrase: job.phrase.clone(),
            passphrase: job.passphrase.text.clone(),
            passphrase_is_raw: job.passphrase.raw,
            chain: place.and_then(|place| place.chain),
            kind: place.and_then(|place| place.kind),
            path: place.and_then(Place::path).cloned(),
            address,
            tried,
        }
    }
}
