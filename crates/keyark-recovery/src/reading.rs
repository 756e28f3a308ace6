//! A pattern as one language has it: what may stand at each place.

use std::sync::Arc;

use keyark_phrase::Language;
use zeroize::Zeroizing;

use crate::near::near;
use crate::words::{self, LIST, Token, Word};

/// Words that are equally probable at one place.
pub(crate) type Group = Arc<Zeroizing<Vec<Word>>>;

pub(crate) fn group(words: Vec<Word>) -> Group {
    Arc::new(Zeroizing::new(words))
}

/// What may stand at one place, the most probable group first. No word is in it twice.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Slot(pub(crate) Vec<Group>);

impl Slot {
    fn any() -> Self {
        Self(vec![group((0..LIST as Word).collect())])
    }

    /// The only word that it can be.
    pub(crate) fn single(&self) -> Option<Word> {
        match self.0.as_slice() {
            [group] => match group.as_slice() {
                [word] => Some(*word),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many words it can be.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|group| group.len()).sum()
    }

    pub(crate) fn has(&self, word: Word) -> bool {
        self.0.iter().any(|group| group.contains(&word))
    }
}

/// How a token was understood in one language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It is a word of the list, or the only one that begins so.
    Known,
    /// It has a `?`, a `*` or a `|`.
    Marked,
    /// It is in no list, and words near it are tried.
    Near,
    /// Nothing is near it, so it is taken for a lost word.
    Lost,
}

/// The pattern as one language has it.
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) language: Language,
    pub(crate) slots: Vec<Slot>,
    pub(crate) how: Vec<How>,
}

impl Reading {
    /// The places of the words that were understood so, counted from 1.
    pub(crate) fn places(&self, how: How) -> Vec<usize> {
        (1..).zip(&self.how).filter(|(_, other)| **other == how).map(|(at, _)| at).collect()
    }
}

/// Marks that no word of the list fits.
pub(crate) struct Misfit {
    pub(crate) language: Language,
    /// The places, counted from 1.
    pub(crate) places: Vec<usize>,
}

/// How many of the tokens stand for known words, and how many of them as typed: the language that has most is meant.
pub(crate) fn known(language: Language, tokens: &[Token]) -> (usize, usize) {
    let list = words::list(language);
    let mut count = (0, 0);
    for token in tokens {
        let parts = || token.split('|').map(|part| one_word(language, list, part, &words::letters(language, part)));
        if parts().all(|found| found.is_some()) {
            count.0 += 1;
            count.1 += usize::from(parts().flatten().all(|(_, exact)| exact));
        }
    }
    count
}

pub(crate) fn read_in(language: Language, tokens: &[Token]) -> Result<Reading, Misfit> {
    let list = words::list(language);
    let mut reading = Reading { language, slots: Vec::new(), how: Vec::new() };
    let mut misfits = Vec::new();
    for (at, token) in (1..).zip(tokens) {
        match slot(language, list, token) {
            Some((slot, how)) => {
                reading.slots.push(slot);
                reading.how.push(how);
            }
            None => misfits.push(at),
        }
    }
    if misfits.is_empty() { Ok(reading) } else { Err(Misfit { language, places: misfits }) }
}

fn slot(language: Language, list: &[Vec<char>], token: &str) -> Option<(Slot, How)> {
    let mut groups: Zeroizing<Vec<Vec<Word>>> = Zeroizing::default();
    let mut how = None;
    for part in token.split('|') {
        if matches!(part, "?" | "*") {
            return Some((Slot::any(), How::Marked));
        }
        let letters = words::letters(language, part);
        let (found, found_how) = if part.contains(['?', '*']) {
            let fits = (0..).zip(list).filter(|(_, word)| fits(&letters, word)).map(|(index, _)| index);
            (vec![fits.collect::<Vec<_>>()], How::Marked)
        } else {
            match one_word(language, list, part, &letters) {
                Some((word, _)) => (vec![vec![word]], How::Known),
                None => match near(language, list, &letters) {
                    near if near.is_empty() => (near, How::Lost),
                    near => (near, How::Near),
                },
            }
        };
        if found_how == How::Lost && token.contains('|') {
            continue; // the other alternatives are what is known
        }
        for (rank, words) in found.into_iter().enumerate() {
            let known: Vec<_> =
                words.into_iter().filter(|word| !groups.iter().flatten().any(|other| other == word)).collect();
            match groups.get_mut(rank) {
                Some(group) => group.extend(known),
                None => groups.push(known),
            }
        }
        how = Some(if how.is_some() { How::Marked } else { found_how });
    }
    groups.retain(|group| !group.is_empty());
    let how = how.map_or(How::Lost, |how| if token.contains('|') { How::Marked } else { how });
    match (groups.is_empty(), how) {
        (true, How::Lost) => Some((Slot::any(), how)),
        (true, _) => None,
        (false, _) => Some((Slot(groups.iter_mut().map(|words| group(std::mem::take(words))).collect()), how)),
    }
}

/// A word without marks, by the rules of keyark-phrase: as it stands, without accents, by its first four letters. And
/// whether it is as it stands.
fn one_word(language: Language, list: &[Vec<char>], typed: &str, letters: &[char]) -> Option<(Word, bool)> {
    if let Some((index, _)) = (0..).zip(language.word_list()).find(|(_, word)| **word == typed) {
        return Some((index, true));
    }
    if let Some((index, _)) = (0..).zip(list).find(|(_, word)| word.as_slice() == letters) {
        return Some((index, false));
    }
    let mut begin = (0..).zip(list).filter(|(_, word)| word.starts_with(letters));
    match (begin.next(), begin.next()) {
        (Some((index, _)), None) if letters.len() >= 4 && words::has_prefixes(language) => Some((index, false)),
        _ => None,
    }
}

/// Whether `word` has the letters of `mask`, in which `?` is one letter and `*` any number. Long masks fit nothing. Only the last `*` is taken back,
/// which is enough, and keeps hostile masks from taking exponential time.
fn fits(mask: &[char], word: &[char]) -> bool {
    const LONGEST: usize = 64;
    if mask.len() > LONGEST {
        return false;
    }
    let (mut in_mask, mut in_word) = (0, 0);
    let mut last_star = None;
    loop {
        match (mask.get(in_mask), word.get(in_word)) {
            (None, None) => return true,
            (Some('*'), _) => {
                last_star = Some((in_mask + 1, in_word));
                in_mask += 1;
            }
            (Some(letter), Some(other)) if *letter == '?' || letter == other => {
                in_mask += 1;
                in_word += 1;
            }
            _ => match last_star {
                Some((after, at)) if at < word.len() => {
                    last_star = Some((after, at + 1));
                    (in_mask, in_word) = (after, at + 1);
                }
                _ => return false,
            },
        }
    }
}
