//! The ten languages that BIP-39 has word lists for.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind};

/// A language with a word list of 2048 words (BIP-39, "Wordlists").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the one that every wallet reads.
    #[default]
    English,
    /// Japanese, in hiragana.
    Japanese,
    /// Chinese, simplified characters.
    ChineseSimplified,
    /// Chinese, traditional characters.
    ChineseTraditional,
    /// Korean.
    Korean,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// Italian.
    Italian,
    /// Czech, written without its accents.
    Czech,
    /// Portuguese, written without its accents.
    Portuguese,
}

impl Language {
    /// All of them, in the order in which they are tried when none is named.
    pub const ALL: [Self; 10] = [
        Self::English,
        Self::Japanese,
        Self::ChineseSimplified,
        Self::ChineseTraditional,
        Self::Korean,
        Self::Spanish,
        Self::French,
        Self::Italian,
        Self::Czech,
        Self::Portuguese,
    ];

    /// The stable name: `english`, `chinese-simplified`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::English => "english",
            Self::Japanese => "japanese",
            Self::ChineseSimplified => "chinese-simplified",
            Self::ChineseTraditional => "chinese-traditional",
            Self::Korean => "korean",
            Self::Spanish => "spanish",
            Self::French => "french",
            Self::Italian => "italian",
            Self::Czech => "czech",
            Self::Portuguese => "portuguese",
        }
    }

    /// The name for people: `English`, `Simplified Chinese`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "Japanese",
            Self::ChineseSimplified => "Simplified Chinese",
            Self::ChineseTraditional => "Traditional Chinese",
            Self::Korean => "Korean",
            Self::Spanish => "Spanish",
            Self::French => "French",
            Self::Italian => "Italian",
            Self::Czech => "Czech",
            Self::Portuguese => "Portuguese",
        }
    }

    /// The list: 2048 words in NFKD, in the standard's order, which is the numbers' order.
    pub fn word_list(self) -> &'static [&'static str; 2048] {
        self.bip39().word_list()
    }

    pub(crate) const fn bip39(self) -> bip39::Language {
        match self {
            Self::English => bip39::Language::English,
            Self::Japanese => bip39::Language::Japanese,
            Self::ChineseSimplified => bip39::Language::SimplifiedChinese,
            Self::ChineseTraditional => bip39::Language::TraditionalChinese,
            Self::Korean => bip39::Language::Korean,
            Self::Spanish => bip39::Language::Spanish,
            Self::French => bip39::Language::French,
            Self::Italian => bip39::Language::Italian,
            Self::Czech => bip39::Language::Czech,
            Self::Portuguese => bip39::Language::Portuguese,
        }
    }

    /// The word at `index`, below 2048.
    pub(crate) fn word(self, index: u16) -> Option<&'static str> {
        self.word_list().get(usize::from(index)).copied()
    }

    /// Whether a word may be typed without its accents. The lists say that words are told apart without them
    /// (bip-0039-wordlists, Spanish and French). Japanese voicing marks are not accents: they make another letter.
    pub(crate) const fn accents_are_optional(self) -> bool {
        !matches!(self, Self::Japanese | Self::ChineseSimplified | Self::ChineseTraditional | Self::Korean)
    }

    /// Whether the first four letters tell a word. Chinese words have one character. Korean words have two to four
    /// syllables, so that the first four are the whole word, and four of the letters that make a syllable do not tell
    /// a word.
    pub(crate) const fn has_prefixes(self) -> bool {
        !matches!(self, Self::ChineseSimplified | Self::ChineseTraditional | Self::Korean)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = Error;

    /// Reads the stable name, in any case.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], listing the known names.
    fn from_str(id: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|language| language.id().eq_ignore_ascii_case(id)).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|language| language.id()).collect();
            Error::new(
                ErrorKind::NotFound,
                "there is no word list of that name",
                format!("BIP-39 has lists for {}", known.join(", ")),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    use super::*;

    #[test]
    fn ids_are_read_again_and_an_unknown_one_lists_them() {
        for language in Language::ALL {
            assert_eq!(language.id().parse::<Language>().unwrap(), language);
            assert_eq!(language.id().to_uppercase().parse::<Language>().unwrap(), language);
        }
        let error = "klingon".parse::<Language>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        for language in Language::ALL {
            assert!(error.remedy().contains(language.id()), "{language}");
        }
    }

    #[test]
    fn all_holds_every_list_of_the_crate_once() {
        let lists: HashSet<_> = Language::ALL.iter().map(|language| language.bip39()).collect();
        assert_eq!(lists, bip39::Language::ALL.iter().copied().collect());
    }

    #[test]
    fn the_lists_are_as_the_rules_of_reading_need_them() {
        for language in Language::ALL {
            let (mut starts, mut plain) = (HashSet::new(), HashSet::new());
            for word in language.word_list() {
                assert!(word.nfkd().eq(word.chars()), "NFKD");
                assert!(word.chars().eq(word.chars().flat_map(char::to_lowercase)), "lower case");
                let letters = |word: &str| match language.accents_are_optional() {
                    true => word.chars().filter(|char| !is_combining_mark(*char)).collect::<Vec<_>>(),
                    false => word.nfc().collect(),
                };
                plain.insert(letters(word));
                starts.insert(letters(word).into_iter().take(4).collect::<Vec<_>>());
            }
            assert_eq!((plain.len(), starts.len()), (2048, 2048), "{language}");
        }
    }
}
