//! The text that a person gives: words, some of them lost, unreadable, doubtful or misspelt.

use std::cmp::Reverse;
use std::fmt;

use keyark_core::{Error, ErrorKind, Result, SecretText, Warning};
use keyark_phrase::{Language, Numbers};

use crate::reading::{How, Misfit, Reading, Slot, known, read_in};
use crate::words::{LIST, Token, Tokens};

/// Longer texts are not looked at: no phrase comes near, however many alternatives it has.
const MOST_BYTES: usize = 16 * 1024;
/// One word more than a phrase has at most, and one more again.
const MOST_WORDS: usize = 26;
/// The most alternatives of one word.
const MOST_ALTERNATIVES: usize = 64;

/// A damaged phrase as a person writes it down:
///
/// - `?` for a lost word;
/// - `licen?e` where one letter cannot be read, `lic*` where any number cannot;
/// - `license|lizard` where it is one of several, which may have marks of their own;
/// - a word that is in no list stands for those near it;
/// - all others stand for themselves, under the forgiving rules by which [`keyark_phrase::Phrase`] is read.
#[derive(Clone)]
pub struct Pattern {
    tokens: Vec<Token>,
    numbers: Numbers,
    /// The places for whose numbers there is no word.
    missing: Vec<usize>,
    /// In each language that most words belong to.
    best: Vec<Reading>,
    named: bool,
}

impl Pattern {
    /// Reads a pattern, in a `language` or in the one that most words belong to; where several fit equally well, in all.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for no words, an alternative without a word, and letters that fit no word of the
    /// list, with the place; [`ErrorKind::OutOfBounds`] for more text than a phrase has. The text is never repeated.
    pub fn read(text: &SecretText, language: Option<Language>) -> Result<Self> {
        if text.expose().len() > MOST_BYTES {
            return Err(too_long(format!(
                "this text has {} bytes, and a phrase has fewer than {MOST_BYTES}",
                text.expose().len()
            )));
        }
        let Tokens { tokens, numbers, missing } = Tokens::read(text.expose());
        if tokens.is_empty() {
            return Err(Error::malformed(
                "there are no words",
                "write the words that are there, and a ? for each that is lost",
            ));
        }
        if tokens.len() > MOST_WORDS {
            return Err(too_long(format!("this text has {} words, and a phrase has 24 at most", tokens.len())));
        }
        check_alternatives(&tokens)?;
        let asked = language.as_ref().map_or(Language::ALL.as_slice(), std::slice::from_ref);
        let ranked: Vec<_> = asked.iter().map(|language| (known(*language, &tokens), *language)).collect();
        let top = ranked.iter().map(|(rank, _)| *rank).max().unwrap_or_default();
        let mut best: Vec<Reading> = Vec::new();
        let mut misfit = None;
        for (_, language) in ranked.iter().filter(|(rank, _)| *rank == top) {
            match read_in(*language, &tokens) {
                Ok(reading) => best.push(reading),
                Err(other) => misfit = misfit.or(Some(other)),
            }
        }
        match misfit {
            Some(misfit) if best.is_empty() => return Err(misfit_error(&misfit, tokens.len())),
            _ => {}
        }
        let pattern = Self { tokens, numbers, missing, best, named: language.is_some() };
        // In a language that was named, the damage may be that it is the wrong one.
        if language.is_none() { pattern.check_language().map(|()| pattern) } else { Ok(pattern) }
    }

    /// How many words there are, lost ones included.
    pub fn words(&self) -> usize {
        self.tokens.len()
    }

    /// The languages that are tried.
    pub fn languages(&self) -> Vec<Language> {
        self.best().iter().map(|reading| reading.language).collect()
    }

    /// How many words are not sure, in the first of the languages.
    pub fn unsure(&self) -> usize {
        self.best().first().map_or(0, |reading| reading.slots.iter().filter(|slot| slot.single().is_none()).count())
    }

    /// Whether a word is marked, misspelt or taken for lost. The marks may leave one word only, which is then the right one or not.
    pub fn is_doubtful(&self) -> bool {
        self.best().iter().any(|reading| reading.how.iter().any(|how| *how != How::Known))
    }

    /// How the words were understood, by their places; nothing of what was typed.
    ///
    /// - `near-words`: words that are not in the list, and how many near ones are tried.
    /// - `lost-words`: words that nothing is near to, which are taken for lost.
    /// - `languages`: several languages fit, and all are tried.
    /// - `numbers-sorted`: the words were put in the order of the numbers before them.
    /// - `numbers-missing`: some numbers have no word, which is taken for lost.
    /// - `numbers-out-of-order`: the numbers before words do not run 1, 2, 3, and do not tell the order.
    pub fn notes(&self) -> Vec<Warning> {
        let Some(first) = self.best().first() else { return Vec::new() };
        let mut notes = self.notes_on_numbers();
        let near = first.places(How::Near);
        if !near.is_empty() {
            let tried: Vec<_> =
                near.iter().filter_map(|at| first.slots.get(at - 1)).map(|slot| slot.len().to_string()).collect();
            notes.push(Warning::new(
                "near-words",
                format!(
                    "{} not in the {} list; tried are the words near: {}",
                    places(&near),
                    first.language,
                    tried.join(", ")
                ),
            ));
        }
        let lost = first.places(How::Lost);
        if !lost.is_empty() {
            let message =
                format!("{} near no word of the {} list; every word is tried there", places(&lost), first.language);
            notes.push(Warning::new("lost-words", message));
        }
        if self.best.len() > 1 {
            notes.push(Warning::new("languages", format!("several languages fit and are tried: {}", self.names())));
        }
        notes
    }

    fn notes_on_numbers(&self) -> Vec<Warning> {
        // That numbers in order were left out is nothing to tell.
        let told = Some(self.numbers).filter(|numbers| *numbers != Numbers::InOrder);
        let mut notes: Vec<_> = told.and_then(Numbers::note).into_iter().collect();
        if !self.missing.is_empty() {
            let message =
                format!("{} not there, and taken for lost; the others have their numbers", places(&self.missing));
            notes.push(Warning::new("numbers-missing", message));
        }
        notes
    }

    pub(crate) fn best(&self) -> &[Reading] {
        &self.best
    }

    /// The readings in the other languages that could be meant: of those that know most words, and up to two fewer, and at least
    /// half of all. In one that knows less, every word would stand for all those near it.
    pub(crate) fn others(&self) -> Vec<Reading> {
        const SLACK: usize = 2;
        let tried = self.languages();
        let others = Language::ALL.iter().filter(|language| !tried.contains(language));
        let mut ranked: Vec<_> = others.map(|language| (known(*language, &self.tokens), *language)).collect();
        ranked.sort_by_key(|(rank, _)| Reverse(*rank));
        let most = ranked.first().map_or(0, |((most, _), _)| *most);
        let near = ranked.into_iter().filter(|((known, _), _)| *known > 0 && known + SLACK >= most);
        let readings = near.filter_map(|(_, language)| read_in(language, &self.tokens).ok());
        let known = |reading: &Reading| reading.places(How::Known).len() >= reading.places(How::Near).len();
        readings.filter(|reading| !reading.how.contains(&How::Lost) && known(reading)).collect()
    }

    /// Whether the words are foreign to the languages that are tried: nothing is near some word, or fewer are known than would each
    /// stand for all those near it.
    pub(crate) fn is_foreign(&self) -> bool {
        let knows_less = |reading: &Reading| reading.places(How::Known).len() < reading.places(How::Near).len();
        self.best.iter().all(|reading| reading.how.contains(&How::Lost) || knows_less(reading))
    }

    /// That some word is in or near a list that is tried, where not all of them are marked as lost.
    pub(crate) fn check_language(&self) -> Result<()> {
        let is_lost = |reading: &Reading| {
            let says_nothing = |(how, slot): &(&How, &Slot)| **how == How::Marked && slot.len() == LIST;
            let mut words = reading.how.iter().zip(&reading.slots).filter(|word| !says_nothing(word)).peekable();
            words.peek().is_some() && words.all(|(how, _)| *how == How::Lost)
        };
        match self.best.iter().all(is_lost) {
            false => Ok(()),
            true if self.named => Err(Error::malformed(
                format!("none of the words is in the {} list or near a word of it", self.names()),
                "leave the language away, or name the damage wrong-language",
            )),
            true => Err(Error::malformed(
                "none of the words is in any list or near a word of one",
                "check that these are the words of a BIP-39 phrase",
            )),
        }
    }

    /// The languages that are tried, by their names.
    pub(crate) fn names(&self) -> String {
        self.best.iter().map(|reading| reading.language.name()).collect::<Vec<_>>().join(" and ")
    }

    pub(crate) fn language_was_named(&self) -> bool {
        self.named
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({} words, {} unsure, redacted)", self.words(), self.unsure())
    }
}

fn too_long(problem: String) -> Error {
    Error::new(ErrorKind::OutOfBounds, problem, "give the words of one phrase and nothing else")
}

fn check_alternatives(tokens: &[Token]) -> Result<()> {
    for (at, token) in (1..).zip(tokens) {
        if token.split('|').any(str::is_empty) {
            return Err(Error::malformed(
                format!("word {at} of {} has an alternative without letters", tokens.len()),
                "write alternatives as one|two, without spaces, and a ? alone for a lost word",
            ));
        }
        let alternatives = token.split('|').count();
        if alternatives > MOST_ALTERNATIVES {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!(
                    "word {at} of {} has {alternatives} alternatives, and at most {MOST_ALTERNATIVES} are read",
                    tokens.len()
                ),
                "write a ? alone for a word that can be any",
            ));
        }
    }
    Ok(())
}

fn misfit_error(misfit: &Misfit, of: usize) -> Error {
    let noun = if misfit.places.len() == 1 { "word" } else { "words" };
    Error::malformed(
        format!(
            "no word of the {} list has the letters of {noun} {} of {of}",
            misfit.language,
            list_of(&misfit.places)
        ),
        "? stands for one letter and * for any number; write a ? alone for a lost word",
    )
}

fn list_of(places: &[usize]) -> String {
    let numbers: Vec<_> = places.iter().map(usize::to_string).collect();
    match numbers.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => numbers.concat(),
    }
}

/// `word 3 is`, `words 3 and 7 are`.
fn places(places: &[usize]) -> String {
    let (noun, verb) = if places.len() == 1 { ("word", "is") } else { ("words", "are") };
    format!("{noun} {} {verb}", list_of(places))
}

#[cfg(test)]
#[path = "pattern_tests.rs"]
mod tests;
