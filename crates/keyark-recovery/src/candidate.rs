//! One phrase that may be the right one, and its checksum.

use std::fmt;

use keyark_phrase::{Language, Phrase};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::words::{self, Word};

/// The most words that a phrase has.
pub(crate) const MOST: usize = 24;

/// One phrase that may be the right one. Its checksum may be wrong. Zeroized on drop.
#[derive(Clone)]
pub struct Candidate {
    pub(crate) language: Language,
    pub(crate) words: Zeroizing<[Word; MOST]>,
    pub(crate) count: usize,
}

/// The bits of all words, in a row: entropy and behind it the checksum.
type Bits = Zeroizing<[u8; MOST * 11 / 8]>;

impl Candidate {
    pub(crate) fn new(language: Language, count: usize) -> Self {
        Self { language, words: Zeroizing::new([0; MOST]), count }
    }

    /// The language of the words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.numbers().iter().map(|index| words::word(self.language, *index))
    }

    /// Whether the checksum is right (BIP-39, "Generating the mnemonic").
    pub fn is_valid(&self) -> bool {
        let bits = self.bits();
        let last = bits.get(self.entropy_bytes()).copied().unwrap_or_default();
        last >> (8 - self.checksum_bits()) == self.checksum(&bits)
    }

    /// The phrase. `None` where the checksum is wrong.
    pub fn phrase(&self) -> Option<Phrase> {
        let phrase = || Phrase::from_entropy(self.bits().get(..self.entropy_bytes())?, self.language).ok();
        if self.is_valid() { phrase() } else { None }
    }

    pub(crate) fn numbers(&self) -> &[Word] {
        self.words.get(..self.count).unwrap_or_default()
    }

    /// Makes the last word the one that begins with `bits`, the entropy's last, and ends with the right checksum.
    pub(crate) fn close(&mut self, bits: Word) {
        self.set(self.count.saturating_sub(1), bits << self.checksum_bits());
        let checksum = self.checksum(&self.bits());
        if let Some(last) = self.words.get_mut(self.count.saturating_sub(1)) {
            *last |= Word::from(checksum);
        }
    }

    pub(crate) fn set(&mut self, place: usize, word: Word) {
        if let Some(slot) = self.words.get_mut(place) {
            *slot = word;
        }
    }

    pub(crate) fn checksum_bits(&self) -> u32 {
        checksum_bits(self.count)
    }

    fn entropy_bytes(&self) -> usize {
        self.count / 3 * 4
    }

    fn bits(&self) -> Bits {
        let mut bytes = Bits::new([0; MOST * 11 / 8]);
        let (mut held, mut length) = (Zeroizing::new(0_u32), 0);
        let mut places = bytes.iter_mut();
        for word in self.numbers() {
            *held = *held << 11 | u32::from(*word);
            length += 11;
            while length >= 8 {
                length -= 8;
                if let Some(place) = places.next() {
                    *place = (*held >> length) as u8;
                }
            }
        }
        if let Some(place) = places.next().filter(|_| length > 0) {
            *place = (*held << (8 - length)) as u8;
        }
        bytes
    }

    fn checksum(&self, bits: &Bits) -> u8 {
        let digest = Sha256::digest(bits.get(..self.entropy_bytes()).unwrap_or_default());
        digest.first().copied().unwrap_or_default() >> (8 - self.checksum_bits())
    }
}

/// How many bits of the last of `count` words are the checksum: 4 of 12 words, 8 of 24.
pub(crate) fn checksum_bits(count: usize) -> u32 {
    (count / 3).clamp(1, 8) as u32 // from 4 to 8
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({} words, {}, redacted)", self.count, self.language.id())
    }
}

#[cfg(test)]
mod tests {
    use keyark_phrase::WordCount;
    use proptest::prelude::*;

    use super::*;

    fn of(phrase: &Phrase) -> Candidate {
        let mut candidate = Candidate::new(phrase.language(), phrase.words().count());
        for (place, word) in phrase.words().enumerate() {
            let index = phrase.language().word_list().iter().position(|other| *other == word).unwrap();
            candidate.set(place, index as Word);
        }
        candidate
    }

    proptest! {
        #[test]
        fn the_checksum_is_that_of_the_standard(
            entropy: [u8; 32], count in prop::sample::select(WordCount::ALL.to_vec()), last in 0_u16..2048,
        ) {
            let phrase = Phrase::from_entropy(&entropy[..count.entropy_bytes()], Language::English).unwrap();
            let mut candidate = of(&phrase);
            prop_assert!(candidate.is_valid());
            prop_assert_eq!(candidate.phrase().unwrap(), phrase.clone());
            candidate.set(count.as_usize() - 1, last);
            let text = candidate.words().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(candidate.is_valid(), Phrase::parse(&text.into()).is_ok());
            candidate.close(last >> candidate.checksum_bits());
            prop_assert!(candidate.is_valid());
            prop_assert_eq!(candidate.numbers().last().unwrap() >> candidate.checksum_bits(), last >> candidate.checksum_bits());
        }
    }

    #[test]
    fn debug_shows_no_word() {
        let phrase = Phrase::from_entropy(&[0x7f; 16], Language::English).unwrap();
        assert_eq!(format!("{:?}", of(&phrase)), "Candidate(12 words, english, redacted)");
    }
}
