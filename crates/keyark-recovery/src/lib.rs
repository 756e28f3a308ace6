//! Finds what a damaged backup has lost: words, characters, paths, passphrases.
//!
//! # A tour
//!
//! A [`Pattern`] is the phrase as a person has it: `?` for a lost word, `licen?e` for letters that cannot be read, `a|b` for
//! one of several, misspelt words as they stand. [`Damage`] is what may have happened besides. Together they are a
//! [`Space`] of candidates, counted exactly and numbered, the most probable first.
//!
//! ```
//! use keyark_core::Chain;
//! use keyark_recovery::{Bounds, Damage, Found, Known, Outcome, Passphrases, Pattern, PhraseSearch, Space};
//!
//! let text = "legal winner thank year wave sausage worth useful legal winner thank ?";
//! let pattern = Pattern::read(&text.into(), None)?;
//! let space = Space::new(&pattern, &[Damage::None])?;
//! assert_eq!(space.size().before, 2048);
//! assert_eq!(space.size().after, 128); // the last word holds the checksum
//!
//! // What is known of the wallet tells the right phrase from the others.
//! let chains: [&'static dyn Chain; 1] = [&keyark_ethereum::ETHEREUM];
//! let known = Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains, None)?;
//!
//! let mut search = PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default())?;
//! let mut found: Vec<Found> = Vec::new();
//! assert_eq!(search.run(2, &mut found)?, Outcome::FoundFirst);
//! assert_eq!(found[0].phrase.words().last(), Some("yellow"));
//! assert_eq!(found[0].path.as_ref().unwrap().to_string(), "m/44'/60'/0'/0/0");
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! - [`Search::estimate`] says what there is to do and how long it takes here; [`Estimate::check_time`] refuses what takes
//!   too long.
//! - [`Search::run`] works in blocks over threads, streams what it finds to an [`Observer`], and can be stopped. A
//!   [`Checkpoint`] says what is done; [`Search::resume`] does exactly the rest. A [`Shard`] is one share of many machines.
//! - [`which_wallet`] finds chain, kind, account, index and passphrase of words that are right.
//! - [`PasswordSearch`] finds the password of a keystore file among [`Guesses`], [`KeySearch`] the unknown characters of a
//!   private key.
//!
//! # What it is not
//!
//! Constant in time: it runs on the owner's machine, over phrases of which all but one are wrong. It opens no file and
//! no connection. Candidates are zeroized when they are done with, and no error, `Debug` or checkpoint has a word of them.
#![forbid(unsafe_code)]

mod amount;
mod binding;
mod blocks;
mod candidate;
mod checkpoint;
mod complete;
mod damage;
mod derive;
mod done;
mod engine;
mod estimate;
mod forms;
mod found;
mod guesses;
mod known;
mod mask;
mod near;
mod orders;
mod part;
mod passwords;
mod pattern;
mod phrases;
mod places;
mod reading;
mod search;
mod shard;
mod space;
mod task;
mod which;
mod words;

pub use candidate::Candidate;
pub use checkpoint::Checkpoint;
pub use complete::{Completed, KeySearch, Keys};
pub use damage::Damage;
pub use estimate::Estimate;
pub use found::Found;
pub use guesses::{Guesses, Passphrases};
pub use known::Known;
pub use passwords::{OpenedWith, PasswordSearch, Passwords};
pub use pattern::Pattern;
pub use phrases::Phrases;
pub use places::Bounds;
pub use search::{Observer, Outcome, PhraseSearch, Progress, Search};
pub use shard::Shard;
pub use space::{Size, Space, Walk};
pub use task::Task;
pub use which::which_wallet;
