//! Damaged phrases, and what is known of their wallets.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests; not every test uses each

use std::ops::ControlFlow;

use keyark_core::{Chain, Seed};
use keyark_hd::bip32::ExtendedPrivateKey;
use keyark_phrase::{Language, Phrase};
use keyark_recovery::{Bounds, Damage, Found, Known, Observer, Passphrases, Pattern, PhraseSearch, Progress, Space};

pub(crate) fn chains() -> [&'static dyn Chain; 3] {
    [&keyark_bitcoin::BITCOIN, &keyark_ethereum::ETHEREUM, &keyark_solana::SOLANA]
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    pub(crate) fn phrase(&mut self, language: Language) -> Phrase {
        let entropy: Vec<u8> = (0..16).map(|_| self.below(256) as u8).collect();
        Phrase::from_entropy(&entropy, language).unwrap()
    }

    pub(crate) fn word(&mut self, language: Language) -> &'static str {
        language.word_list()[self.below(2048)]
    }
}

/// What has happened to a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Harm {
    Lost,
    LostLast,
    LostAndUnreadable,
    OneLetter,
    ManyLetters,
    Alternatives,
    NeighbourKey,
    SwappedLetters,
    MissingLetter,
    OneTooFew,
    OneTooMany,
    Swapped,
    AnyOrder,
    WrongLanguage,
    OneWrong,
}

impl Harm {
    pub(crate) const ALL: [Self; 15] = [
        Self::Lost,
        Self::LostLast,
        Self::LostAndUnreadable,
        Self::OneLetter,
        Self::ManyLetters,
        Self::Alternatives,
        Self::NeighbourKey,
        Self::SwappedLetters,
        Self::MissingLetter,
        Self::OneTooFew,
        Self::OneTooMany,
        Self::Swapped,
        Self::AnyOrder,
        Self::WrongLanguage,
        Self::OneWrong,
    ];

    /// A phrase, what is left of it, the language that is named, and what is said to have happened.
    pub(crate) fn happen(self, dice: &mut Dice) -> (Phrase, String, Option<Language>, Vec<Damage>) {
        let language = if self == Self::WrongLanguage { Language::Spanish } else { Language::English };
        let phrase = if self == Self::AnyOrder { of_two_words(dice) } else { dice.phrase(language) };
        let mut words: Vec<String> = phrase.words().map(str::to_owned).collect();
        let (at, other) = (dice.below(12), dice.below(12));
        let letter = dice.below(words[at].len() - 1) + 1;
        let mut damages = Vec::new();
        match self {
            Self::Lost => words[at] = "?".to_owned(),
            Self::LostLast => words[11] = "?".to_owned(),
            Self::LostAndUnreadable => {
                words[at] = "?".to_owned();
                words[(at + 1) % 12].replace_range(0..1, "?");
            }
            Self::OneLetter => words[at].replace_range(letter..=letter, "?"),
            Self::ManyLetters => words[at].replace_range(1.., "*"),
            Self::Alternatives => words[at] = format!("{}|{}|{}", dice.word(language), words[at], dice.word(language)),
            Self::NeighbourKey => {
                let key = if words[at].as_bytes()[letter] == b'a' { "s" } else { "a" };
                words[at].replace_range(letter..=letter, key);
            }
            Self::SwappedLetters => {
                let mut letters: Vec<char> = words[at].chars().collect();
                letters.swap(letter - 1, letter);
                words[at] = letters.into_iter().collect();
            }
            Self::MissingLetter => drop(words[at].remove(letter)),
            Self::OneTooFew => {
                words.remove(at);
                damages.push(Damage::OneTooFew);
            }
            Self::OneTooMany => {
                words.insert(at, dice.word(language).to_owned());
                damages.push(Damage::OneTooMany);
            }
            Self::Swapped => {
                words.swap(at, other);
                damages.push(Damage::Swapped);
            }
            Self::AnyOrder => {
                for last in (1..12).rev() {
                    words.swap(last, dice.below(last + 1));
                }
                damages.push(Damage::AnyOrder);
            }
            Self::WrongLanguage => damages.push(Damage::WrongLanguage),
            Self::OneWrong => {
                words[at] = dice.word(language).to_owned();
                damages.push(Damage::OneWrong);
            }
        }
        let named = (self == Self::WrongLanguage).then_some(Language::Japanese);
        // A slip may have made another word of the list, and then nobody sees it: that is one wrong word.
        let slip = matches!(self, Self::NeighbourKey | Self::SwappedLetters | Self::MissingLetter);
        if slip && Language::English.word_list().iter().any(|word| *word == words[at] || is_prefix(word, &words[at])) {
            damages.push(Damage::OneWrong);
        }
        (phrase, words.join(" "), named, damages)
    }
}

fn is_prefix(word: &str, typed: &str) -> bool {
    typed.len() >= 4 && word.starts_with(typed)
}

/// A phrase in which one word stands six times or more: so that it has few orders.
fn of_two_words(dice: &mut Dice) -> Phrase {
    loop {
        let pair = [dice.word(Language::English), dice.word(Language::English)];
        for _ in 0..64 {
            let words: Vec<_> = (0..12).map(|_| pair[usize::from(dice.below(4) == 0)]).collect();
            if let Ok(phrase) = Phrase::parse_in(&words.join(" ").into(), Language::English) {
                return phrase;
            }
        }
    }
}

pub(crate) fn seed(phrase: &Phrase, passphrase: &str) -> Seed {
    phrase.to_seed(&passphrase.into()).unwrap()
}

pub(crate) fn fingerprint(phrase: &Phrase) -> Known {
    let master = ExtendedPrivateKey::from_seed(&seed(phrase, "")).unwrap();
    Known::fingerprint(&master.fingerprint().to_string()).unwrap()
}

pub(crate) fn space(text: &str, language: Option<Language>, damages: &[Damage]) -> Space {
    Space::new(&Pattern::read(&text.into(), language).unwrap(), damages).unwrap()
}

pub(crate) fn search(text: &str, damages: &[Damage], known: Known) -> PhraseSearch {
    PhraseSearch::new(space(text, None, damages), Passphrases::none(), known, &Bounds::default()).unwrap()
}

/// Everything that a search finds.
pub(crate) fn run(mut search: PhraseSearch) -> Vec<Found> {
    let mut found = Vec::new();
    search.run(2, &mut found).unwrap();
    found
}

pub(crate) fn text(found: &Found) -> String {
    found.phrase.words().collect::<Vec<_>>().join(" ")
}

/// Stops after some blocks.
pub(crate) struct StopAfter<F = Found> {
    pub(crate) blocks: usize,
    pub(crate) found: Vec<F>,
    pub(crate) checkpoint: Option<String>,
    done: u128,
}

impl<F> StopAfter<F> {
    pub(crate) fn new(blocks: usize) -> Self {
        Self { blocks, found: Vec::new(), checkpoint: None, done: 0 }
    }
}

impl<F> Observer<F> for StopAfter<F> {
    fn found(&mut self, found: F) {
        self.found.push(found);
    }

    fn progress(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        assert!(progress.done >= self.done && progress.done <= progress.total);
        if progress.done > self.done {
            self.done = progress.done;
            self.blocks = self.blocks.saturating_sub(1);
        }
        if self.blocks > 0 {
            return ControlFlow::Continue(());
        }
        self.checkpoint = Some(progress.checkpoint().unwrap().to_text());
        ControlFlow::Break(())
    }
}
