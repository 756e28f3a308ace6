//! Reading: from what was typed to words of a list. Forgiving in form; what is not sure is not found.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use zeroize::{Zeroize, Zeroizing};

use crate::Language;
use crate::numbers::{Numbers, without_numbers};

/// How many letters tell a word, where the list was made so (bip-0039-wordlists).
const PREFIX: usize = 4;

/// What was typed, in NFKD and lower case, cut into words.
pub(crate) struct Words {
    text: Zeroizing<String>,
    words: Vec<Range<usize>>,
    /// Some letters were capitals.
    pub(crate) capitals: bool,
    /// There were characters that cannot be seen, other than white space.
    pub(crate) invisible: bool,
    /// What was said of the numbers before words.
    pub(crate) numbers: Numbers,
}

impl Words {
    pub(crate) fn read(typed: &str) -> Self {
        let folded = || typed.nfkd().flat_map(char::to_lowercase);
        // The room is taken at once: growing would leave parts of the words in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(folded().map(char::len_utf8).sum()));
        text.extend(folded());
        let mut words = Self {
            text,
            words: Vec::new(),
            capitals: typed.chars().any(char::is_uppercase),
            invisible: typed.chars().any(|char| !char.is_whitespace() && (char.is_control() || is_invisible(char))),
            numbers: Numbers::None,
        };
        words.split();
        words
    }

    fn split(&mut self) {
        let typed = std::mem::take(&mut self.text);
        let tokens: Vec<_> = typed.split(is_separator).filter(|token| !token.is_empty()).collect();
        let (words, numbers) = without_numbers(&tokens);
        self.numbers = numbers;
        self.text.reserve_exact(typed.len());
        for word in words.into_iter().flatten() {
            let start = self.text.len();
            self.text.push_str(word);
            if word.chars().count() > 1 && word.chars().all(is_han) {
                // Chinese words are one character each, and are often written without spaces.
                self.words.extend(word.char_indices().map(|(i, char)| start + i..start + i + char.len_utf8()));
            } else {
                self.words.push(start..start + word.len());
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|range| self.text.get(range.clone()).unwrap_or_default())
    }
}

fn is_separator(char: char) -> bool {
    char.is_whitespace() || char.is_control() || is_invisible(char) || matches!(char, ',' | ';' | '、')
}

/// Zero-width spaces, direction marks, the byte-order mark: what copying from documents and chats leaves.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{4e00}'..='\u{9fff}')
}

/// A word of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroize)]
pub(crate) struct Found {
    pub(crate) index: u16,
    pub(crate) how: How,
}

/// How near what was typed is to the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroize)]
pub(crate) enum How {
    /// It is the word.
    Exact,
    /// It is the word without some of its accents.
    Accents,
    /// It is the first letters of the word and of no other.
    Prefix,
}

/// Finds `word`, in NFKD and lower case, where it stands in the list as it is.
pub(crate) fn find_exact(language: Language, word: &str) -> Option<u16> {
    language.bip39().find_word(word)
}

/// Finds `word`, in NFKD and lower case, in the list. What could be two words is not found.
pub(crate) fn find(language: Language, word: &str) -> Option<Found> {
    if let Some(index) = find_exact(language, word) {
        return Some(Found { index, how: How::Exact });
    }
    if !language.has_prefixes() {
        return None; // nor are there accents
    }
    let (mut whole, mut prefix) = (Only::None, Only::None);
    for (index, listed) in (0..).zip(language.word_list()) {
        if listed.bytes().next() != word.bytes().next() {
            continue; // most words, quickly
        }
        match fit(word, listed, language.accents_are_optional()) {
            Fit::Whole => whole.add(index),
            Fit::Prefix => prefix.add(index),
            Fit::No => {}
        }
    }
    match (whole, prefix) {
        (Only::One(index), _) => Some(Found { index, how: How::Accents }),
        (Only::None, Only::One(index)) if letters(word) >= PREFIX => Some(Found { index, how: How::Prefix }),
        _ => None,
    }
}

/// How many letters `word` has, its accents not counted.
pub(crate) fn letters(word: &str) -> usize {
    word.chars().filter(|char| !is_combining_mark(*char)).count()
}

/// Writes words of a list one after the other.
pub(crate) fn join(words: impl Iterator<Item = &'static str> + Clone, separator: &str) -> Zeroizing<String> {
    // The room is taken at once: growing would leave parts of the words in freed memory.
    let room = words.clone().map(|word| word.len() + separator.len()).sum();
    let mut text = Zeroizing::new(String::with_capacity(room));
    for word in words {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(word);
    }
    text
}

enum Only {
    None,
    One(u16),
    Many,
}

impl Only {
    fn add(&mut self, index: u16) {
        *self = if matches!(self, Self::None) { Self::One(index) } else { Self::Many };
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Fit {
    No,
    Whole,
    Prefix,
}

/// Compares letter by letter, each with its marks. A typed mark must be the word's; a missing one is forgiven only
/// with `accents_optional`. So `e` is the start of neither `è…` in a strict list nor of `c…` in any.
fn fit(typed: &str, word: &str, accents_optional: bool) -> Fit {
    let (mut typed, mut word) = (typed.chars().peekable(), word.chars().peekable());
    while let Some(letter) = typed.next() {
        if word.next() != Some(letter) || !fit_marks(&mut typed, &mut word, accents_optional) {
            return Fit::No;
        }
    }
    if word.peek().is_none() { Fit::Whole } else { Fit::Prefix }
}

fn fit_marks(typed: &mut Peekable<Chars<'_>>, word: &mut Peekable<Chars<'_>>, optional: bool) -> bool {
    let bare = !typed.peek().copied().is_some_and(is_combining_mark);
    loop {
        let in_typed = typed.next_if(|char| is_combining_mark(*char));
        let in_word = word.next_if(|char| is_combining_mark(*char));
        match (in_typed, in_word) {
            (None, None) => return true,
            (None, Some(_)) if bare && optional => {}
            (typed, word) if typed == word => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        Words::read(typed).iter().map(str::to_owned).collect()
    }

    fn found(language: Language, typed: &str) -> Option<(&'static str, How)> {
        let words = Words::read(typed);
        let found = find(language, words.iter().next()?)?;
        Some((language.word(found.index)?, found.how))
    }

    #[test]
    fn any_separation_gives_the_same_words() {
        for typed in [
            "one two three",
            " one\ttwo\r\nthree\n",
            "one\u{3000}two\u{a0}three\u{0}",
            "\u{feff}one,two;  three",
            "1. one 2. two 3. three",
            "1)one\n2)two\n3)three",
            "\u{ff2f}\u{ff2e}\u{ff25} TWO Three",
            "\u{2488} one \u{2489} two \u{248a} three",
        ] {
            assert_eq!(words(typed), ["one", "two", "three"], "{typed:?}");
        }
        assert_eq!(words("的一是 在"), ["的", "一", "是", "在"]);
        assert_eq!(words(" \n"), [""; 0]);
    }

    #[test]
    fn numbers_are_left_out() {
        assert_eq!(words("1 one 2: two 1.5 12."), ["1", "one", "2:", "two", "5"]);
        assert_eq!(words("1 one   3 three\n2 two   4 four"), ["one", "two", "three", "four"]);
        assert_eq!(words("1.的 2.一"), ["的", "一"]);
        assert_eq!(Words::read("1. a 2. b").numbers, Numbers::InOrder);
        assert_eq!(Words::read("1. a 3. b 2. c").numbers, Numbers::Sorted);
    }

    #[test]
    fn what_was_odd_is_noticed() {
        let words = Words::read("1. ONE\u{0}");
        assert!(words.capitals && words.invisible && words.numbers == Numbers::InOrder);
        let words = Words::read("one\ttwo\n");
        assert!(!words.capitals && words.numbers == Numbers::None);
    }

    #[test]
    fn an_exact_word_wins_over_longer_ones() {
        assert_eq!(found(Language::English, "act"), Some(("act", How::Exact)));
        assert_eq!(found(Language::English, "acto"), Some(("actor", How::Prefix)));
        assert_eq!(found(Language::English, "actio"), Some(("action", How::Prefix)));
    }

    #[test]
    fn three_letters_are_never_completed() {
        assert_eq!(found(Language::English, "aba"), None);
        assert_eq!(found(Language::English, "aban"), Some(("abandon", How::Prefix)));
        assert_eq!(found(Language::English, "abandonx"), None);
    }

    #[test]
    fn accents_may_be_missing_but_not_wrong() {
        let abaco = "a\u{301}baco";
        for typed in ["\u{e1}baco", "a\u{301}baco", "\u{c1}BACO"] {
            assert_eq!(found(Language::Spanish, typed), Some((abaco, How::Exact)), "{typed}");
        }
        assert_eq!(found(Language::Spanish, "abaco"), Some((abaco, How::Accents)));
        assert_eq!(found(Language::Spanish, "abac"), Some((abaco, How::Prefix)));
        assert_eq!(found(Language::Spanish, "\u{e1}bac"), Some((abaco, How::Prefix)));
        assert_eq!(found(Language::Spanish, "\u{e0}baco"), None);
        assert_eq!(found(Language::Spanish, "abac\u{f3}"), None);
    }

    #[test]
    fn japanese_voicing_marks_are_letters() {
        assert_eq!(fit("か", "か\u{3099}", true), Fit::Whole);
        assert_eq!(fit("か", "か\u{3099}く", false), Fit::No);
        assert_eq!(fit("か\u{3099}", "か\u{3099}く", false), Fit::Prefix);
        assert_eq!(fit("か\u{3099}", "かく", false), Fit::No);
    }

    #[test]
    fn korean_and_chinese_words_are_whole() {
        let word = Language::Korean.word(0).unwrap();
        assert!(found(Language::Korean, word).is_some());
        let cut: String = word.chars().take(word.chars().count() - 1).collect();
        assert_eq!(found(Language::Korean, &cut), None);
    }
}
