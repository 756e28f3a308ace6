//! BIP-39: words for people. Make them, read them, say what is wrong with them, ask for them, and make a seed of them.
//!
//! # Make a phrase
//!
//! The entropy is the operating system's. The words leave a [`Phrase`] only through [`Phrase::words`] and
//! [`Phrase::to_text`]; its `Debug` shows none of them, and it has no `Display`.
//!
//! ```
//! use keyark_phrase::{Language, Phrase, WordCount};
//!
//! let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
//! assert_eq!(phrase.words().count(), 12);
//! assert_eq!(format!("{phrase:?}"), "Phrase(12 words, english, redacted)");
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! # Read one
//!
//! Reading is forgiving in form and strict in substance. White space, line ends, capitals, numbers before the words,
//! missing accents, composed or decomposed characters and the first four letters of a word do no harm; a wrong
//! checksum is refused. See [`Phrase::parse`] for the rules and for what happens when two languages fit.
//!
//! ```
//! use keyark_phrase::{Language, Phrase};
//!
//! let typed = "1. ABAN 2. aban 3. aban 4. aban 5. aban 6. aban\n7. aban 8. aban 9. aban 10. aban 11. aban 12. abou";
//! let phrase = Phrase::parse(&typed.into())?;
//! assert_eq!(phrase.language(), Language::English);
//! assert_eq!(phrase.words().last(), Some("about"));
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! # Say what is wrong
//!
//! A [`Diagnosis`] names every problem, not the first, and words that may have been meant. It never repeats what was
//! typed, so it can be shown and stored.
//!
//! ```
//! use keyark_phrase::{ProblemKind, diagnose};
//!
//! let typed = "abandon abandno abandon abandon abandon licens abandon abandon abandon abandon zzzz";
//! let diagnosis = diagnose(&typed.into(), None);
//! let found: Vec<_> = diagnosis.problems().iter().map(|problem| (problem.kind(), problem.position())).collect();
//! assert_eq!(found, [
//!     (ProblemKind::UnknownWord, Some(2)),
//!     (ProblemKind::UnknownWord, Some(11)),
//!     (ProblemKind::WrongCount, None),
//! ]);
//! assert_eq!(diagnosis.problems()[0].suggestions()[0], "abandon");
//! // The sixth word was completed from its first letters, and that is said too.
//! assert_eq!(diagnosis.notes()[0].id(), "completed-words");
//! ```
//!
//! # Make a seed
//!
//! ```
//! use keyark_phrase::{Phrase, passphrase_warnings};
//!
//! let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
//! let seed = Phrase::parse(&words.into())?.to_seed(&"TREZOR".into())?;
//! assert_eq!(seed.expose()[..4], [0x2e, 0x89, 0x05, 0x81]);
//!
//! // Some wallets do not normalise a passphrase. Then the same one opens another wallet there.
//! assert_eq!(passphrase_warnings(&"caf\u{e9}".into())[0].id(), "passphrase-normalized");
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! # Ask for the words
//!
//! A [`Quiz`] finds out whether a person has written the words down, and its [`QuizResult`] can be stored.
//!
//! ```
//! use keyark_phrase::{Answer, Language, Phrase, Quiz, QuizResult, WordCount};
//!
//! let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
//! let written: Vec<_> = phrase.words().collect();
//!
//! let mut quiz = Quiz::new(&phrase, 4)?;
//! while let Some(question) = quiz.next_question() {
//!     assert_eq!(quiz.answer(&written[question.position() - 1].into()), Answer::Right);
//! }
//! let result = quiz.result().expect("all four were answered");
//! assert!(result.passed());
//! assert_eq!(result.to_text().parse::<QuizResult>()?, result);
//! # Ok::<(), keyark_core::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod batch;
mod diagnose;
mod examine;
mod language;
mod numbers;
mod other;
mod phrase;
mod quiz;
mod read;
mod seed;
mod suggest;

pub use diagnose::{Diagnosis, Problem, ProblemKind, diagnose};
pub use language::Language;
#[doc(hidden)]
pub use numbers::{Numbers, without_numbers};
pub use phrase::{Phrase, WordCount};
pub use quiz::{Answer, Question, Quiz, QuizResult};
pub use seed::passphrase_warnings;
