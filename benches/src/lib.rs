//! Benchmarks of keyark beside its peers, in one run; `benches/report` runs them and prints the table.
//!
//! Here is what they share: the wallets that all derive from, and [`Work`], which sees to it that contenders are compared
//! for the same result. The benchmarks are in `peers/`, a file for each part of the work.
#![forbid(unsafe_code)]

use std::fmt::Debug;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};
use keyark::phrase::{Language, Phrase};
use keyark::{
    Address, AddressKind, BITCOIN, Chain, ChainKey, ETHEREUM, ExportPolicy, Network, Position, Result, Seed, Wallet,
    WatchAccount,
};

/// The words of BIP-39's first test vector.
pub const WORDS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// The phrase of [`WORDS`].
///
/// # Errors
/// None; the words are right.
pub fn phrase() -> Result<Phrase> {
    Phrase::parse(&WORDS.into())
}

/// The seed of [`WORDS`] without a passphrase.
///
/// # Errors
/// None; the words are right.
pub fn seed() -> Result<Seed> {
    phrase()?.to_seed(&"".into())
}

/// So many different phrases of 12 words.
///
/// # Errors
/// None; their length is right.
pub fn phrases(count: u32) -> Result<Vec<Phrase>> {
    (0..count).map(|number| Phrase::from_entropy(&number.to_be_bytes().repeat(4), Language::English)).collect()
}

/// So many different seeds.
///
/// # Errors
/// None; their length is right.
pub fn seeds(count: u32) -> Result<Vec<Seed>> {
    (0..count).map(|number| Seed::new(&number.to_be_bytes().repeat(16))).collect()
}

/// The extended public key m/84'/0'/0' of [`WORDS`].
///
/// # Errors
/// None; the account is there.
pub fn xpub() -> Result<String> {
    let kind = BITCOIN.info().kind("p2wpkh")?;
    let account = ChainKey::account(&BITCOIN, &seed()?, kind, 0, Network::Mainnet)?;
    Ok(account.export_account(&ExportPolicy::advertised(), kind)?.xpub)
}

/// The first `count` addresses of an account, so many at a time, without any thread.
///
/// # Errors
/// As [`WatchAccount::addresses`].
pub fn addresses(watched: &dyn WatchAccount, kind: &AddressKind, count: u32, block: u32) -> Result<Vec<Address>> {
    let mut all = Vec::with_capacity(count as usize);
    for start in (0..count).step_by(block as usize) {
        for found in watched.addresses(kind, Network::Mainnet, 0, start..count.min(start + block))? {
            all.push(found?.address);
        }
    }
    Ok(all)
}

/// The first Ethereum address of a phrase.
///
/// # Errors
/// None; every phrase has one.
pub fn ethereum_address(phrase: &Phrase) -> Result<String> {
    let kind = ETHEREUM.info().default_kind()?;
    let key = Wallet::from_phrase(phrase, &"".into())?.key(&ETHEREUM, kind, Position::default(), Network::Mainnet)?;
    Ok(key.address(kind)?.to_string())
}

/// A criterion that takes about a second for each contender: short, because `benches/report` repeats the whole run,
/// which tells more on a machine with other work than one long run does.
pub fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(20)
        .configure_from_args()
}

/// One piece of work, done by keyark and by its peers.
pub struct Work<'c, T> {
    group: BenchmarkGroup<'c, WallTime>,
    expected: T,
}

impl<'c, T: PartialEq + Debug> Work<'c, T> {
    /// The work called `name`, and the result that every contender must have.
    pub fn new(criterion: &'c mut Criterion, name: &str, expected: T) -> Self {
        Self { group: criterion.benchmark_group(name), expected }
    }

    /// For work that takes tens of milliseconds: as few samples as criterion can do with.
    #[must_use]
    pub fn slow(mut self) -> Self {
        self.group.sample_size(10).sampling_mode(SamplingMode::Flat);
        self
    }

    /// Measures `run`. What `show` does, to bring its result into the common form, is checked and not measured.
    ///
    /// # Panics
    /// When the result is not the expected one.
    #[must_use]
    pub fn contender<O>(mut self, name: &str, mut run: impl FnMut() -> O, show: impl Fn(O) -> T) -> Self {
        let (expected, mut checked) = (&self.expected, false);
        self.group.bench_function(name, |bencher| {
            if !checked {
                assert_eq!(&show(run()), expected, "{name}");
                checked = true;
            }
            bencher.iter(|| black_box(run()));
        });
        self
    }

    /// Ends the work.
    pub fn finish(self) {
        self.group.finish();
    }
}
