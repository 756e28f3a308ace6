//! What was typed, cut into tokens, and the letters of a language.

use std::sync::OnceLock;

use keyark_phrase::{Language, Numbers, without_numbers};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

/// A word of a list by its number, below 2048.
pub(crate) type Word = u16;
/// How many words a list has.
pub(crate) const LIST: usize = 2048;

/// A token in NFKD and lower case.
pub(crate) type Token = Zeroizing<String>;

/// What was typed, cut at white space, commas and what cannot be seen; numbers before words (`7.`, `7)`) are left out and tell the order, as
/// when keyark-phrase reads a whole phrase.
pub(crate) struct Tokens {
    pub(crate) tokens: Vec<Token>,
    pub(crate) numbers: Numbers,
    /// The places of numbers that no word has. A `?` stands there.
    pub(crate) missing: Vec<usize>,
}

impl Tokens {
    pub(crate) fn read(typed: &str) -> Self {
        let folded = || typed.nfkd().flat_map(char::to_lowercase);
        // The room is taken at once: growing would leave parts of the words in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(folded().map(char::len_utf8).sum()));
        text.extend(folded());
        let cut: Vec<_> = text.split(is_separator).filter(|token| !token.is_empty()).collect();
        let (words, numbers) = without_numbers(&cut);
        let mut read = Self { tokens: Vec::with_capacity(words.len()), numbers, missing: Vec::new() };
        for word in words {
            match word {
                None => {
                    read.tokens.push(Token::new("?".to_owned()));
                    read.missing.push(read.tokens.len());
                }
                // Chinese words are one character each, and are often written without spaces.
                Some(word)
                    if word.chars().any(is_han) && word.chars().all(|letter| is_han(letter) || letter == '?') =>
                {
                    read.tokens.extend(word.chars().map(|letter| Token::new(letter.to_string())));
                }
                Some(word) => read.tokens.push(Token::new(word.to_owned())),
            }
        }
        read
    }
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || keyark_core::is_invisible(letter) || matches!(letter, ',' | ';' | '、')
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}')
}

/// The letters of a word, as people count them: without accents where the list tells its words apart without them
/// (bip-0039-wordlists), else composed. So `?` stands for one letter of any list.
pub(crate) fn letters(language: Language, text: &str) -> Zeroizing<Vec<char>> {
    let mut letters = Zeroizing::new(Vec::with_capacity(text.len()));
    if accents_are_optional(language) {
        letters.extend(text.nfkd().filter(|letter| !is_combining_mark(*letter)));
    } else {
        letters.extend(text.nfkc());
    }
    letters
}

fn accents_are_optional(language: Language) -> bool {
    !matches!(
        language,
        Language::Japanese | Language::ChineseSimplified | Language::ChineseTraditional | Language::Korean
    )
}

/// Whether the first four letters tell a word. In Chinese and Korean they are the whole word.
pub(crate) fn has_prefixes(language: Language) -> bool {
    !matches!(language, Language::ChineseSimplified | Language::ChineseTraditional | Language::Korean)
}

/// The letters of each word of a list. The lists are public, so they are kept.
pub(crate) fn list(language: Language) -> &'static [Vec<char>] {
    static LISTS: [OnceLock<Vec<Vec<char>>>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
    let at = Language::ALL.iter().position(|other| *other == language).unwrap_or_default();
    let make = || language.word_list().iter().map(|word| letters(language, word).to_vec()).collect();
    LISTS.get(at).map(|list| list.get_or_init(make).as_slice()).unwrap_or_default()
}

/// The word at `index`.
pub(crate) fn word(language: Language, index: Word) -> &'static str {
    language.word_list().get(usize::from(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Vec<String> {
        Tokens::read(typed).tokens.iter().map(|token| token.to_string()).collect()
    }

    #[test]
    fn any_separation_gives_the_same_tokens() {
        for typed in
            ["one ? thr?e|two", "1. ONE\n2. ?\n3. thr?e|two", "\u{feff}one,？;thr？e｜two", "1)one 2)? 3)thr?e|two"]
        {
            assert_eq!(read(typed), ["one", "?", "thr?e|two"], "{typed}");
        }
        assert_eq!(read("的?是 在|一"), ["的", "?", "是", "在|一"]);
        assert_eq!(read("1 one 3 thr?e|two\n2 ?"), ["one", "?", "thr?e|two"]);
        assert_eq!(read(" \n"), [""; 0]);
    }

    #[test]
    fn letters_are_those_that_people_count() {
        assert_eq!(letters(Language::Spanish, "a\u{301}baco").len(), 5);
        for word in Language::Korean.word_list() {
            assert!(letters(Language::Korean, word).len() <= 5);
        }
        for language in Language::ALL {
            let mut all: Vec<_> = list(language).to_vec();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), LIST, "{language}");
        }
    }
}
