//! A phrase: entropy, and the words that stand for it.

use std::fmt;

use bip39::Mnemonic;
use keyark_core::{Error, ErrorKind, Result, SecretText, Seed, random};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Language, examine::examine, read::join, seed};

/// How many words a phrase has (BIP-39, "Generating the mnemonic").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordCount {
    /// 12 words: 128 bits of entropy.
    #[default]
    Words12,
    /// 15 words: 160 bits.
    Words15,
    /// 18 words: 192 bits.
    Words18,
    /// 21 words: 224 bits.
    Words21,
    /// 24 words: 256 bits.
    Words24,
}

impl WordCount {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [Self::Words12, Self::Words15, Self::Words18, Self::Words21, Self::Words24];

    /// The number of words.
    pub const fn as_usize(self) -> usize {
        match self {
            Self::Words12 => 12,
            Self::Words15 => 15,
            Self::Words18 => 18,
            Self::Words21 => 21,
            Self::Words24 => 24,
        }
    }

    /// The number of bytes of entropy: 16, 20, 24, 28 or 32.
    pub const fn entropy_bytes(self) -> usize {
        self.as_usize() / 3 * 4
    }
}

impl TryFrom<usize> for WordCount {
    type Error = Error;

    /// # Errors
    /// [`ErrorKind::Usage`] for a number of words that no phrase has.
    fn try_from(words: usize) -> Result<Self> {
        Self::ALL.into_iter().find(|count| count.as_usize() == words).ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                format!("there are no phrases of {words} words"),
                "choose 12, 15, 18, 21 or 24 words",
            )
        })
    }
}

/// A BIP-39 phrase with a right checksum. Zeroized on drop.
///
/// Two phrases are equal when their words are, for nothing else goes into the seed. The comparison takes the same time
/// wherever the words differ.
#[derive(Clone)]
pub struct Phrase {
    mnemonic: Box<Mnemonic>, // boxed: moving a phrase leaves no copy of its words behind
    language: Language,
}

impl Phrase {
    /// A new phrase, from the operating system's randomness and nothing else.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] where the system gives no randomness.
    pub fn generate(words: WordCount, language: Language) -> Result<Self> {
        let mut entropy = Zeroizing::new(vec![0; words.entropy_bytes()]);
        random::fill(&mut entropy)?;
        Self::from_entropy(&entropy, language)
    }

    /// The phrase that stands for `entropy`: 16, 20, 24, 28 or 32 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for any other length.
    pub fn from_entropy(entropy: &[u8], language: Language) -> Result<Self> {
        match Mnemonic::from_entropy_in(language.bip39(), entropy) {
            Ok(mnemonic) => Ok(Self { mnemonic: Box::new(mnemonic), language }),
            Err(_) => Err(Error::malformed(
                format!("entropy of {} bytes has no phrase", entropy.len()),
                "give 16, 20, 24, 28 or 32 bytes, for 12, 15, 18, 21 or 24 words",
            )),
        }
    }

    /// The phrase of the words with these numbers, if there are as many as a phrase has and the checksum is right.
    pub(crate) fn from_indices(indices: &[u16], language: Language) -> Option<Self> {
        let count = WordCount::try_from(indices.len()).ok()?;
        let mut entropy = Zeroizing::new(Vec::with_capacity(indices.len() * 11 / 8 + 1));
        let (mut bits, mut length) = (Zeroizing::new(0_u32), 0);
        for index in indices {
            *bits = *bits << 11 | u32::from(*index);
            length += 11;
            while length >= 8 {
                length -= 8;
                entropy.push((*bits >> length) as u8);
            }
        }
        // The last word ends with the checksum. It is right when the entropy alone gives the same words.
        let phrase = Self::from_entropy(entropy.get(..count.entropy_bytes())?, language).ok()?;
        phrase.mnemonic.word_indices().eq(indices.iter().map(|index| usize::from(*index))).then_some(phrase)
    }

    /// Reads a phrase and finds its language.
    ///
    /// # Behavior
    /// - Words may be separated by any white space, line ends, ideographic spaces, commas, or several of them; Chinese
    ///   characters need not be separated. Numbers before words (`1.`, `2)`) and control characters are left out.
    /// - Capitals, composed and decomposed characters (NFC, NFD, NFKC, NFKD) are the same.
    /// - A word may be typed without its accents where the language's list allows it, and as its first four or more
    ///   letters except in Korean and Chinese. A word that stands in the list as typed is always itself.
    /// - The checksum must be right.
    ///
    /// The languages are tried in the order of [`Language::ALL`], and one in which all words stand as typed goes
    /// before one in which words must be completed. English and French share 100 words, the two Chinese lists 1275,
    /// so a phrase can be right in two languages; then the first is taken. **The seed is the same in both**, because
    /// it is made from the words, not from the entropy ([`Phrase::to_seed`]). Only where abbreviated words could be
    /// two different phrases is the language asked for; use [`Phrase::parse_in`] then.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], naming every problem that [`diagnose`](crate::diagnose) finds, with positions and
    /// suggestions; the typed words are not repeated.
    pub fn parse(text: &SecretText) -> Result<Self> {
        examine(text.expose(), None).into_phrase()
    }

    /// Reads a phrase in a language that is known, by the rules of [`Phrase::parse`].
    ///
    /// # Errors
    /// As [`Phrase::parse`].
    pub fn parse_in(text: &SecretText, language: Language) -> Result<Self> {
        examine(text.expose(), Some(language)).into_phrase()
    }

    /// The words, in NFKD as the list has them.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + Clone + '_ {
        self.mnemonic.words()
    }

    /// The words in NFKD, separated as the language's list says: by an ideographic space (U+3000) in Japanese, by a
    /// space in all others. Both are a space for the seed, since U+3000 is one in NFKD.
    pub fn to_text(&self) -> SecretText {
        let separator = if self.language == Language::Japanese { "\u{3000}" } else { " " };
        SecretText::new(std::mem::take(&mut *self.joined(separator)))
    }

    /// The entropy that the words stand for: 16, 20, 24, 28 or 32 bytes.
    pub fn entropy(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.mnemonic.to_entropy())
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// How many words it has.
    pub fn word_count(&self) -> WordCount {
        let words = self.words().count();
        WordCount::ALL.into_iter().find(|count| count.as_usize() == words).unwrap_or_default()
    }

    /// The seed of 64 bytes (BIP-39, "From mnemonic to seed"): PBKDF2 with HMAC-SHA-512 and 2048 rounds, of the words
    /// in NFKD separated by one space, with `mnemonic` and the passphrase in NFKD as the salt. Without a passphrase,
    /// pass the empty text. Every passphrase gives a wallet; no passphrase is wrong.
    ///
    /// # Errors
    /// None that a phrase can cause; the result is [`Seed::new`]'s.
    pub fn to_seed(&self, passphrase: &SecretText) -> Result<Seed> {
        seed::from_sentence(&self.joined(" "), passphrase.expose())
    }

    /// The number of the word at `position`, counted from 1.
    pub(crate) fn index_at(&self, position: usize) -> Option<u16> {
        let index = self.mnemonic.word_indices().nth(position.checked_sub(1)?)?;
        u16::try_from(index).ok()
    }

    pub(crate) fn joined(&self, separator: &str) -> Zeroizing<String> {
        join(self.words(), separator)
    }
}

impl PartialEq for Phrase {
    fn eq(&self, other: &Self) -> bool {
        self.joined(" ").as_bytes().ct_eq(other.joined(" ").as_bytes()).into()
    }
}

impl Eq for Phrase {}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrase({} words, {}, redacted)", self.words().count(), self.language.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_five_of_the_standard() {
        for count in WordCount::ALL {
            assert_eq!(WordCount::try_from(count.as_usize()).unwrap(), count);
            assert_eq!(count.entropy_bytes() * 8 * 33 / 32, count.as_usize() * 11);
            let phrase = Phrase::generate(count, Language::Czech).unwrap();
            assert_eq!((phrase.word_count(), phrase.entropy().len()), (count, count.entropy_bytes()));
        }
        for words in [0, 11, 13, 20, 25, usize::MAX] {
            assert_eq!(WordCount::try_from(words).unwrap_err().kind(), ErrorKind::Usage);
        }
    }

    #[test]
    fn entropy_of_another_length_is_refused() {
        for length in [0, 1, 12, 15, 17, 18, 31, 33, 36, 64] {
            let error = Phrase::from_entropy(&vec![0; length], Language::English).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{length}");
        }
    }

    #[test]
    fn equality_compares_the_other_phrase_not_itself() {
        let one = Phrase::from_entropy(&[1; 16], Language::English).unwrap();
        assert_eq!(one, one.clone());
        assert_ne!(one, Phrase::from_entropy(&[2; 16], Language::English).unwrap());
        assert_ne!(one, Phrase::from_entropy(&[1; 16], Language::Italian).unwrap());
        assert_ne!(one, Phrase::from_entropy(&[1; 20], Language::English).unwrap());
    }

    #[test]
    fn two_new_phrases_differ() {
        let make = || Phrase::generate(WordCount::Words12, Language::English).unwrap();
        assert_ne!(make(), make());
    }

    #[test]
    fn debug_shows_no_word() {
        let phrase = Phrase::from_entropy(&[0x7f; 16], Language::English).unwrap();
        let shown = format!("{phrase:?}");
        assert_eq!(shown, "Phrase(12 words, english, redacted)");
        assert!(phrase.words().all(|word| !shown.contains(word)));
    }

    #[test]
    fn japanese_is_written_with_its_own_space_and_read_with_any() {
        let phrase = Phrase::from_entropy(&[9; 16], Language::Japanese).unwrap();
        let text = phrase.to_text();
        assert_eq!(text.expose().matches('\u{3000}').count(), 11);
        assert!(!text.expose().contains(' '));
        assert_eq!(Phrase::parse(&text).unwrap(), phrase);
        assert_eq!(Phrase::parse(&text.expose().replace('\u{3000}', " ").into()).unwrap(), phrase);
    }
}
