//! Suggested passwords: random words of EFF's long list (its source and licence: data/SOURCES.md).

use std::sync::LazyLock;

use keyark_core::{Error, ErrorKind, Result, SecretText, random};
use keyark_phrase::Language;
use zeroize::Zeroizing;

/// How many words a suggestion has.
const WORDS: usize = 6;
/// Room for them with a hyphen after each, so that the text never moves while it grows. The longest word has nine letters.
const ROOM: usize = WORDS * 10;

static EFF_LONG_LIST: &str = include_str!("../../data/eff-long-wordlist.txt");

/// The words that are offered. Those of BIP-39 are left out, so that nobody takes one for the other; those with a hyphen, because
/// the hyphen joins them.
static OFFERED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let phrase_words = Language::English.word_list();
    EFF_LONG_LIST.lines().filter(|word| !word.contains('-') && !phrase_words.contains(word)).collect()
});

/// Six words joined by hyphens, each drawn from all that are offered.
pub(super) fn six_words() -> Result<SecretText> {
    let mut text = Zeroizing::new(String::with_capacity(ROOM));
    for position in 0..WORDS {
        if position > 0 {
            text.push('-');
        }
        text.push_str(draw()?);
    }
    Ok(SecretText::new(std::mem::take(&mut *text)))
}

fn draw() -> Result<&'static str> {
    let index = random::below(OFFERED.len() as u32)?; // thousands
    OFFERED.get(index as usize).copied().ok_or_else(|| {
        Error::new(ErrorKind::Internal, "the list of words is damaged", "install keyark again; nothing was made")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use keyark_core::hex;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{NewPassword, Password};

    #[test]
    fn the_list_is_that_of_eff() {
        let words: Vec<&str> = EFF_LONG_LIST.lines().collect();
        assert_eq!((words.len(), words.first(), words.last()), (7776, Some(&"abacus"), Some(&"zoom")));
        assert!(words.is_sorted_by(|one, next| one < next), "in order, each once");
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));

        let digest = hex::encode(&Sha256::digest(EFF_LONG_LIST.as_bytes()));
        assert_eq!(digest, "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522");
        assert!(include_str!("../../data/SOURCES.md").contains(&digest));
    }

    #[test]
    fn no_offered_word_is_one_of_a_phrase_and_no_two_read_as_one() {
        let phrase_words: HashSet<_> = Language::English.word_list().iter().collect();
        assert!(OFFERED.iter().all(|word| !phrase_words.contains(word) && !word.contains('-')));
        assert_eq!(OFFERED.len(), 6902);
        assert_eq!(OFFERED.iter().map(|word| word.len()).max(), Some(9));
    }

    #[test]
    fn six_words_have_76_bits() {
        let bits = WORDS as f64 * (OFFERED.len() as f64).log2();
        assert!((76.5..76.6).contains(&bits), "{bits}");
    }

    #[test]
    fn suggestions_are_strong_differ_and_are_what_is_typed_back() {
        let offered: HashSet<_> = OFFERED.iter().copied().collect();
        let mut seen = HashSet::new();
        for _ in 0..50 {
            let suggested = NewPassword::suggest().unwrap();
            let words: Vec<_> = suggested.expose().split('-').collect();
            assert_eq!(words.len(), 6);
            assert!(words.iter().all(|word| offered.contains(word)));
            let typed = SecretText::from(suggested.expose());
            assert_eq!(NewPassword::new(&typed, &["savings"]).unwrap(), suggested);
            assert_eq!(Password::new(&typed).unwrap(), *suggested.as_password());
            assert!(seen.insert(suggested.expose().to_owned()), "drawn twice");
        }
    }

    #[test]
    fn the_text_keeps_the_room_it_was_given() {
        assert!(six_words().unwrap().expose().len() < ROOM);
    }

    #[test]
    fn every_part_of_the_list_is_drawn() {
        let drawn: HashSet<_> = (0..3000).map(|_| draw().unwrap().as_bytes()[0]).collect();
        let offered: HashSet<_> = OFFERED.iter().map(|word| word.as_bytes()[0]).collect();
        // letters with a handful of words may be missed; a draw from half of the list would miss ten letters
        assert!(drawn.len() + 4 >= offered.len(), "{} of {}", drawn.len(), offered.len());
    }
}
