//! Backs up crypto wallets: words, private keys and keystores on every chain, under one export policy.
//!
//! A wallet depends on this crate and switches its chains on by feature (`ethereum`, `bitcoin`, `solana`; all by default).
//!
//! # Make words, prove that they were written down, show addresses
//!
//! ```
//! use keyark::phrase::{Answer, Language, Phrase, Quiz, WordCount};
//! use keyark::{Network, Position, Registry, SecretText, Wallet};
//!
//! let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
//!
//! // The person writes the words down; the quiz asks for them by position, in random order.
//! let mut quiz = Quiz::new(&phrase, 3)?;
//! while let Some(question) = quiz.next_question() {
//!     let word = phrase.words().nth(question.position() - 1).unwrap(); // here the person answers
//!     assert_eq!(quiz.answer(&word.into()), Answer::Right);
//! }
//! assert!(quiz.result().unwrap().passed());
//!
//! let wallet = Wallet::from_phrase(&phrase, &SecretText::from(""))?; // no BIP-39 passphrase
//! for chain in Registry::installed()?.iter() {
//!     let kind = chain.info().default_kind()?;
//!     let key = wallet.key(chain, kind, Position::default(), Network::Mainnet)?;
//!     println!("{}: {}", chain.info().name, key.address(kind)?);
//! }
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! # Export a key, under the policy
//!
//! What may leave is said by each chain and enforced by keyark: for Bitcoin, only the keys of child addresses do. Your
//! wallet can allow less, never more.
//!
#![cfg_attr(feature = "bitcoin", doc = "```")]
#![cfg_attr(not(feature = "bitcoin"), doc = "```ignore")]
//! use keyark::{ExportItem, ExportPolicy, KeystoreCost, Network, Position, Registry, Seed, Wallet};
//!
//! let bitcoin = Registry::installed()?.get("bitcoin")?;
//! let kind = bitcoin.info().kind("p2wpkh")?;
//! let wallet = Wallet::from_seed(Seed::new(&[7; 64])?);
//! let key = wallet.key(bitcoin, kind, Position { index: 3, ..Position::default() }, Network::Mainnet)?;
//!
//! let policy = ExportPolicy::advertised();
//! let exported = key.export_private_key(&policy, Some("wif"))?;
//! for warning in &exported.warnings {
//!     println!("{warning}"); // show these first
//! }
//! // For the clipboard: a part is left off, to be written down by hand.
//! let copy = exported.format.cut.split(&exported.text)?;
//! println!("{} bits of the key are not in the clipboard", copy.hidden_bits);
//!
//! // Bitcoin has no keystores, and the refusal says why.
//! let refused = key.export_keystore(&policy, &"password".into(), KeystoreCost::default()).unwrap_err();
//! println!("{refused}: {}", refused.remedy());
//!
//! // On this device, no private key leaves at all.
//! let strict = policy.deny(ExportItem::PrivateKey, "private keys stay on this device");
//! assert!(key.export_private_key(&strict, None).is_err());
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! # Keystores
//!
#![cfg_attr(feature = "ethereum", doc = "```")]
#![cfg_attr(not(feature = "ethereum"), doc = "```ignore")]
//! use keyark::{ExportPolicy, KeystoreCost, Network, Position, Registry, Seed, Wallet};
//!
//! let ethereum = Registry::installed()?.get("ethereum")?;
//! let wallet = Wallet::from_seed(Seed::new(&[7; 64])?);
//! let key = wallet.key(ethereum, ethereum.info().default_kind()?, Position::default(), Network::Mainnet)?;
//!
//! let password = "correct horse".into();
//! // ScryptStandard is the default; Light is for this example's haste.
//! let file = key.export_keystore(&ExportPolicy::advertised(), &password, KeystoreCost::ScryptLight)?;
//!
//! let opened = ethereum.keystore().unwrap().open(&file.text, &password)?;
//! assert_eq!(opened.address.unwrap(), key.address(ethereum.info().default_kind()?)?);
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! # Keep wallets under one password
//!
//! With the feature `vault`, wallets are sealed on a storage of yours, in files that stock `age` opens. `examples/wallet_app.rs` is a wallet
//! with its own storage and its own prompts.
//!
#![cfg_attr(feature = "vault", doc = "```")]
#![cfg_attr(not(feature = "vault"), doc = "```ignore")]
//! # fn main() -> keyark::Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("vault");
//! use std::sync::Arc;
//!
//! use keyark::phrase::{Language, Phrase, WordCount};
//! use keyark::vault::{Folder, KeepPassphrase, NewPassword, Timestamp, Vault, WalletName, WorkFactor, phrase_record, wallet_of};
//! use keyark::{Network, Position, Registry, SecretText};
//!
//! let (storage, now) = (Arc::new(Folder::new(path)), Timestamp::now());
//! let password = NewPassword::suggest()?; // six random words, to be shown and written down
//! # let work = WorkFactor::new(4)?;
//! # /*
//! let work = WorkFactor::DEFAULT;
//! # */
//! let mut vault = Vault::create(storage, &password, work, now)?;
//!
//! let phrase = Phrase::generate(WordCount::Words24, Language::English)?;
//! let record = phrase_record(WalletName::new("savings")?, &phrase, &SecretText::from(""), KeepPassphrase::Kept, now)?;
//! vault.add(&record, now)?;
//!
//! // Its keys leave under the vault's own policy.
//! let wallet = wallet_of(&vault.record(record.id())?, None)?;
//! for chain in Registry::installed()?.iter() {
//!     let key = wallet.key(chain, chain.info().default_kind()?, Position::default(), Network::Mainnet)?;
//!     let exported = key.export_private_key(&vault.export_policy(None)?, None)?;
//!     assert!(!exported.text.is_empty());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Copy them to a cloud, prove the copies, see what is not backed up
//!
//! A copy lies in a second vault, with a password of its own, on any [`Storage`](vault::Storage): with the feature `cloud`, `cloud::open` gives
//! one for a folder, and with a feature for each (`s3`, `webdav`, `gdrive`, …) for the services. [`back_up`](vault::back_up) reads the copy
//! back, derives every address again and compares; [`verify`](vault::verify) does that at any time. `examples/cloud_app.rs` is an asynchronous
//! app that goes through it all: change and forget the password, restore on a new phone.
//!
#![cfg_attr(feature = "vault", doc = "```")]
#![cfg_attr(not(feature = "vault"), doc = "```ignore")]
//! # fn main() -> keyark::Result<()> {
//! # use keyark::phrase::{Language, Phrase, WordCount};
//! # use keyark::vault::{KeepPassphrase, WalletName, phrase_record};
//! # let folder = tempfile::tempdir().unwrap();
//! # let (here, there) = (folder.path().join("here"), folder.path().join("there"));
//! # let work = WorkFactor::new(4)?;
//! use std::collections::BTreeMap;
//! use std::sync::Arc;
//!
//! use keyark::vault::{Folder, NewPassword, RecoveryCode, Restore, Standing, Timestamp, Vault, WorkFactor, back_up};
//!
//! # let now = Timestamp::now();
//! # let mut vault = Vault::create(Arc::new(Folder::new(here)), &NewPassword::suggest()?, work, now)?;
//! # let phrase = Phrase::generate(WordCount::Words24, Language::English)?;
//! # let record = phrase_record(WalletName::new("savings")?, &phrase, &"".into(), KeepPassphrase::Kept, now)?;
//! # vault.add(&record, now)?;
//! // The reminder: nothing is backed up yet.
//! assert_eq!(vault.wallets()?[0].ledger(&BTreeMap::new(), now).standing(), Standing::Unbacked);
//!
//! // A cloud vault, with a password of its own, and a code on paper for the day on which that is forgotten.
//! let password = NewPassword::suggest()?;
//! let mut cloud = Vault::create(Arc::new(Folder::new(&there)), &password, work, now)?;
//! let code = RecoveryCode::generate()?;
//! cloud.set_recovery(&code, work)?;
//!
//! let wallets: Vec<_> = vault.wallets()?.iter().map(|wallet| wallet.id).collect();
//! for receipt in back_up(&mut vault, &wallets, &mut cloud, "my cloud", &(), now)? {
//!     assert!(receipt.is_proved()); // read back, derived again, compared
//! }
//! let states = BTreeMap::from([("my cloud".to_owned(), cloud.cloud_state())]);
//! let entry = &vault.wallets()?[0];
//! assert_ne!(entry.ledger(&states, now).standing(), Standing::Unbacked); // from now on it says what has gone stale, and why
//!
//! // On a computer that has nothing: what would come back, before anything is changed.
//! let cloud = Vault::find(Arc::new(Folder::new(there)))?.expect("it was made above").unlock_with_recovery(&code)?;
//! let restore = Restore::read(&cloud, &wallets, None, &())?;
//! assert_eq!(restore.planned()[0].name.as_str(), "savings");
//! # Ok(())
//! # }
//! ```
//!
//! # Find what a damaged backup has lost
//!
//! With the feature `recovery`: a damaged phrase is a [`Pattern`](recovery::Pattern), where `?` is a lost word, with what may have happened to it
//! besides; something known of the wallet tells the right phrase from the others. What takes too long is refused before it begins, and
//! what was stopped goes on from a [`Checkpoint`](recovery::Checkpoint), a text that holds no word.
//!
#![cfg_attr(all(feature = "recovery", feature = "ethereum"), doc = "```")]
#![cfg_attr(not(all(feature = "recovery", feature = "ethereum")), doc = "```ignore")]
//! use std::ops::ControlFlow;
//! use std::time::Duration;
//!
//! use keyark::recovery::{
//!     Bounds, Checkpoint, Damage, Found, Known, Observer, Outcome, Passphrases, Pattern, PhraseSearch, Progress, Space,
//! };
//! use keyark::{Registry, Result, all_cores};
//!
//! fn search() -> Result<PhraseSearch> {
//!     // Eleven words: one is missing, and nobody knows where.
//!     let words = "legal winner thank year wave sausage worth legal winner thank yellow";
//!     let space = Space::new(&Pattern::read(&words.into(), None)?, &[Damage::OneTooFew])?;
//!     let chains: Vec<_> = Registry::installed()?.iter().collect();
//!     let known = Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains, None)?;
//!     PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default())
//! }
//!
//! /// Whoever watches it: with a button to stop, and a place for what is done.
//! struct App {
//!     found: Vec<Found>,
//!     checkpoint: String,
//!     stop: bool,
//! }
//!
//! impl Observer for App {
//!     fn found(&mut self, found: Found) {
//!         self.found.push(found);
//!     }
//!
//!     fn progress(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
//!         if let Ok(checkpoint) = progress.checkpoint() {
//!             self.checkpoint = checkpoint.to_text(); // to a file, every few seconds
//!         }
//!         if self.stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
//!     }
//! }
//!
//! let threads = all_cores().get();
//! let mut app = App { found: Vec::new(), checkpoint: String::new(), stop: true }; // the button is pressed at once
//! let mut first = search()?;
//! let estimate = first.estimate(threads, Duration::from_millis(20))?;
//! estimate.check_time(Duration::from_secs(3600))?; // refused with both times
//! let mut outcome = first.run(threads, &mut app)?;
//!
//! // The next day: the same input, and exactly the rest.
//! if outcome == Outcome::Stopped {
//!     app.stop = false;
//!     let checkpoint: Checkpoint = app.checkpoint.parse()?;
//!     outcome = search()?.resume(&checkpoint)?.run(threads, &mut app)?;
//! }
//! assert_eq!(outcome, Outcome::FoundFirst);
//! assert_eq!(app.found[0].phrase.words().nth(7), Some("useful"));
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! Words that are right, of which nobody knows the passphrase or the path; the password of a keystore; characters of a private key:
//!
#![cfg_attr(all(feature = "recovery", feature = "ethereum"), doc = "```")]
#![cfg_attr(not(all(feature = "recovery", feature = "ethereum")), doc = "```ignore")]
//! use keyark::phrase::Phrase;
//! use keyark::recovery::{Bounds, Guesses, KeySearch, Known, Passphrases, PasswordSearch, which_wallet};
//! # use keyark::{ExportPolicy, KeystoreCost, Network, Position, Seed, Wallet};
//! use keyark::{Registry, all_cores};
//!
//! let threads = all_cores().get();
//! let chains: Vec<_> = Registry::installed()?.iter().collect();
//! let ethereum = Registry::installed()?.get("ethereum")?;
//!
//! let phrase = Phrase::parse(&"legal winner thank year wave sausage worth useful legal winner thank yellow".into())?;
//! let known = Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains, None)?;
//! let passphrases = Passphrases::none().or(Guesses::list(&"moon\nstar".into())?);
//! let bounds = Bounds { accounts: 3, indices: 20, ..Bounds::default() };
//! let found = which_wallet(&phrase, &known, passphrases, &bounds, threads)?.expect("it is the first address");
//! assert_eq!(found.path.unwrap().to_string(), "m/44'/60'/0'/0/0");
//!
//! # let (policy, wallet) = (ExportPolicy::advertised(), Wallet::from_seed(Seed::new(&[7; 64])?));
//! # let key = wallet.key(ethereum, ethereum.info().default_kind()?, Position::default(), Network::Mainnet)?;
//! # let file = key.export_keystore(&policy, &"Sun7".into(), KeystoreCost::ScryptLight)?.text;
//! let mut search = PasswordSearch::new(&file, Guesses::pattern(&"Sun[5-8]".into())?)?;
//! let mut opened = Vec::new(); // a Vec is an Observer that never stops
//! search.run(threads, &mut opened)?;
//! assert_eq!(opened[0].password.expose(), "Sun7");
//!
//! let text = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2??80";
//! let address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
//! let mut completed = Vec::new();
//! KeySearch::new(ethereum, &text.into(), Some(address), None)?.run(threads, &mut completed)?;
//! assert_eq!(completed[0].text.expose(), text.replace("??", "ff"));
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! # Long lists of addresses
//!
//! In blocks over all cores, in order, in little memory; [`AddressRange::of_account`] makes the same from a public account. The module
//! [`batch`] is what lies below, for lists of one's own.
//!
#![cfg_attr(feature = "bitcoin", doc = "```")]
#![cfg_attr(not(feature = "bitcoin"), doc = "```ignore")]
//! use std::ops::ControlFlow;
//!
//! use keyark::{AddressRange, Network, Position, Registry, Seed, Wallet, all_cores};
//!
//! let bitcoin = Registry::installed()?.get("bitcoin")?;
//! let (kind, network, start) = (bitcoin.info().kind("p2wpkh")?, Network::Mainnet, Position::default());
//! let range = AddressRange { chain: bitcoin, kind, network, start, range: 0..100 };
//!
//! let wallet = Wallet::from_seed(Seed::new(&[7; 64])?);
//! range.of_wallet_vartime(&wallet, all_cores(), |one| {
//!     println!("{} {}", one.at, one.found.address);
//!     ControlFlow::Continue(())
//! })?;
//! # Ok::<(), keyark::Error>(())
//! ```
//!
//! # Errors
//!
//! There is one error type, [`Error`]: a [kind](ErrorKind) for programs, a problem and a remedy for people, never a secret.
//!
//! # Add a chain
//!
//! Implement [`Chain`] in a crate of your own, register it with [`register_chain!`], and run
//! `keyark_conformance::conformance!` on it. Nothing here has to change.
#![forbid(unsafe_code)]
// A chain that is a dependency but is named nowhere registers nothing, silently.
#![deny(unused_crate_dependencies)]

#[cfg(test)]
use tokio as _; // of the examples

#[cfg(feature = "cloud")]
pub use keyark_cloud as cloud;
/// What a damaged backup has lost: words, characters, paths, passphrases.
#[cfg(feature = "recovery")]
pub use keyark_recovery as recovery;

mod addresses;
#[cfg(feature = "vault")]
mod copies;
#[cfg(feature = "vault")]
mod drill;
#[cfg(feature = "vault")]
pub mod vault;
mod wallet;

pub use addresses::{AddressRange, RangeAddress, all_cores};
pub use keyark_core::*;
pub use wallet::Wallet;

/// Extended keys: BIP-32 and SLIP-10.
pub use keyark_hd as hd;
/// Web3 Secret Storage files, without a chain: to look into them.
pub use keyark_keystore as keystore;
/// BIP-39 words.
pub use keyark_phrase as phrase;

// Naming each chain's static is what keeps its registration in the program, on every target.
macro_rules! chains {
    ($($feature:literal: $chain:ident::$name:ident;)*) => {
        $(
            #[cfg(feature = $feature)]
            pub use ::$chain::{self, $name};
        )*

        #[cfg(test)]
        const SWITCHED_ON: &[&str] = &[$(#[cfg(feature = $feature)] $feature),*];
    };
}

chains! {
    "bitcoin": bitcoin::BITCOIN;
    "ethereum": ethereum::ETHEREUM;
    "solana": solana::SOLANA;
}

#[cfg(test)]
use tempfile as _; // in the examples above

#[cfg(test)]
mod tests {
    #[test]
    fn the_registry_has_every_chain_that_is_switched_on() {
        let ids: Vec<_> = super::Registry::installed().unwrap().iter().map(|chain| chain.info().id).collect();
        assert_eq!(ids, super::SWITCHED_ON);
    }
}
