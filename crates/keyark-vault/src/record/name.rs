//! What a wallet is called: a number that never changes, and a name that its owner chooses.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind, Result, SecretText, hex, is_invisible, random};
use keyark_phrase::{Language, Phrase};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A wallet's id: 128 random bits. Its text is 32 hexadecimal digits, in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WalletId([u8; 16]);

impl WalletId {
    /// A new one.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] where the operating system gives no randomness.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 16];
        random::fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl FromStr for WalletId {
    type Err = Error;

    /// Reads 32 hexadecimal digits of either case.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for anything else.
    fn from_str(text: &str) -> Result<Self> {
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| {
            Error::malformed("this is not a wallet's id", "an id has 32 hexadecimal digits; or give the wallet's name")
        })
    }
}

impl fmt::Display for WalletId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for WalletId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a wallet's owner calls it: 1 to 100 characters, in NFC.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WalletName(String);

impl WalletName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 100;

    /// Takes a name and composes its characters (NFC). Nothing else is changed.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for more than 100 characters; [`ErrorKind::Malformed`] for a name that
    /// - is empty, or begins or ends with white space;
    /// - has `/` or `\` in it, or characters that cannot be seen or that end a line;
    /// - could be an id: 32 hexadecimal digits;
    /// - looks like a wallet's words: six or more, all of one BIP-39 list, or what [`Phrase::parse`] reads.
    ///
    /// No error repeats the name, since it may have been meant for another prompt.
    pub fn new(name: &str) -> Result<Self> {
        let mut name = composed(name);
        let length = name.chars().count();
        let fault = |problem, remedy| Err(Error::malformed(problem, remedy));
        if name.is_empty() {
            return fault("the name is empty", "give the wallet a name, such as savings");
        }
        if looks_like_words(&name) {
            return fault(
                "the name looks like a wallet's words",
                "names can be seen by others; choose one that is no secret",
            );
        }
        if length > Self::MAX_CHARS {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("the name has {length} characters, more than {}", Self::MAX_CHARS),
                "choose a shorter name",
            ));
        }
        if name.trim().len() < name.len() {
            return fault("the name begins or ends with white space", "leave the space at its ends out");
        }
        if name.contains(['/', '\\']) {
            return fault("the name has a slash or a backslash in it", "write a hyphen or a space instead");
        }
        if name.chars().any(|letter| is_invisible(letter) || matches!(letter, '\u{2028}' | '\u{2029}')) {
            return fault(
                "the name has characters in it that cannot be seen",
                "type it instead of pasting it; some emoji have such characters too",
            );
        }
        if name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return fault("the name looks like a wallet's id", "choose a name that is not 32 hexadecimal digits");
        }
        Ok(Self(std::mem::take(&mut *name)))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two names are the same but for capitals: `Savings` and `savings` are too easily mistaken for each other.
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }
}

impl fmt::Display for WalletName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for WalletName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WalletName({:?})", self.0)
    }
}

/// The name in NFC. It is erased if it is refused: it may be a secret that was typed in the wrong place.
fn composed(name: &str) -> Zeroizing<String> {
    collected(|| name.nfc())
}

fn collected<I: Iterator<Item = char>>(letters: impl Fn() -> I) -> Zeroizing<String> {
    // The room is taken at once: growing would leave parts of the text in freed memory.
    let mut text = Zeroizing::new(String::with_capacity(letters().map(char::len_utf8).sum()));
    text.extend(letters());
    text
}

/// The shortest text of words that is taken for a part of a phrase.
const FEWEST_WORDS: usize = 6;
/// The shortest phrase of BIP-39.
const SHORTEST_PHRASE: usize = 12;
/// Longer texts are not looked at; they are refused for their length.
const MOST_CHARS: usize = 1_000;

/// Whether these are the words of a wallet, or many of them. Chinese words need no space between them, and most Chinese
/// names are made of characters of the lists: without spaces, only a phrase with a right checksum is one.
fn looks_like_words(name: &str) -> bool {
    let length = name.chars().count();
    if !(FEWEST_WORDS..=MOST_CHARS).contains(&length) {
        return false;
    }
    let text = collected(|| name.nfkd().flat_map(char::to_lowercase));
    let words = || {
        let parts =
            text.split(|letter: char| letter.is_whitespace() || is_invisible(letter) || ",;、".contains(letter));
        let number = |letter: char| letter.is_ascii_digit() || ".)".contains(letter);
        parts.map(move |part| part.trim_start_matches(number)).filter(|word| !word.is_empty())
    };
    let count = words().count();
    let is_listed = |language: Language| words().all(|word| language.word_list().contains(&word));
    if count >= FEWEST_WORDS && Language::ALL.into_iter().any(is_listed) {
        return true;
    }
    let may_be_phrase = count >= SHORTEST_PHRASE || (length >= SHORTEST_PHRASE && name.contains(is_han));
    may_be_phrase && Phrase::parse(&SecretText::from(name)).is_ok()
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_random_and_their_text_is_read() {
        let ids: HashSet<WalletId> = (0..100).map(|_| WalletId::random().unwrap()).collect();
        assert_eq!(ids.len(), 100);
        for id in ids {
            let text = id.to_string();
            assert!(text.len() == 32 && text == text.to_lowercase() && text == format!("{id:?}"), "{text}");
            assert_eq!(text.parse::<WalletId>().unwrap(), id);
            assert_eq!(text.to_uppercase().parse::<WalletId>().unwrap(), id);
        }
        for bad in ["", "00", &"0".repeat(31), &"0".repeat(33), &"0".repeat(34), &"g".repeat(32), &"é".repeat(16)] {
            assert_eq!(bad.parse::<WalletId>().unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
        }
    }

    #[test]
    fn ordinary_names_are_taken_as_they_are() {
        for name in [
            "a",
            "savings",
            "Mother's savings (2026), no. 2",
            "我的比特币储蓄钱包",
            "今天天气很好我们去公园散步吧",
            "Спасибо",
            "gift for her birthday in June",
            "abandon ability able about above",
            "deadbeef",
            "🦊",
            &"x".repeat(100),
            &"é".repeat(100),
        ] {
            let taken = WalletName::new(name).unwrap();
            assert_eq!((taken.as_str(), taken.to_string().as_str()), (name, name));
        }
    }

    #[test]
    fn each_bad_name_is_refused_for_its_own_reason_and_not_repeated() {
        let id = "0123456789abcdefABCDEF0123456789";
        for (name, reason) in [
            ("", "empty"),
            (" canary", "white space"),
            ("canary\u{3000}", "white space"),
            ("canary\n", "white space"),
            (" ", "white space"),
            ("canary/b", "slash"),
            ("canary\\b", "backslash"),
            ("..\\..\\canary", "backslash"),
            ("can\u{0}ary", "cannot be seen"),
            ("can\u{202e}ary", "cannot be seen"),
            ("can\nary", "cannot be seen"),
            ("can\u{2028}ary", "cannot be seen"),
            ("\u{feff}canary", "cannot be seen"),
            (id, "id"),
        ] {
            let error = WalletName::new(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{name:?}");
            assert!(error.problem().contains(reason) && !error.remedy().is_empty(), "{name:?}: {error}");
            let shown = format!("{error:?}");
            assert!(!shown.contains("canary") && !shown.contains(id), "{shown}");
        }
        for length in [101, 5_000, 1 << 20] {
            let error = WalletName::new(&"é".repeat(length)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds);
            let problem = error.problem();
            assert!(problem.contains(&length.to_string()) && problem.contains("100"), "{problem}");
        }
    }

    fn assert_is_taken_for_words(name: &str) {
        let error = WalletName::new(name).unwrap_err();
        assert!(error.problem().contains("wallet's words"), "{error}");
        let shown = format!("{error:?}");
        assert!(!shown.contains("abandon") && !shown.contains(name), "{shown}");
    }

    #[test]
    fn words_of_a_wallet_are_no_name() {
        for name in [
            "abandon ability able about above absent",
            "Abandon  ABILITY able,about above; absent",
            "1. abandon 2. ability 3) able 4)about 5. above 6. absent",
            "abandon\u{200b}ability\u{200b}able\u{200b}about\u{200b}above\u{200b}absent ",
            "的 一 是 在 不 了",
            // A whole phrase, as people abbreviate it.
            "aban aban aban aban aban aban aban aban aban aban aban abou",
        ] {
            assert_is_taken_for_words(name);
        }
        for language in Language::ALL {
            for bytes in [16, 32] {
                let phrase = Phrase::from_entropy(&vec![0x7f; bytes], language).unwrap();
                let text = phrase.to_text();
                assert_is_taken_for_words(text.expose());
                assert_is_taken_for_words(&text.expose().nfc().collect::<String>());
            }
        }
        let phrase = Phrase::from_entropy(&[1; 16], Language::ChineseSimplified).unwrap();
        assert_is_taken_for_words(&phrase.words().collect::<String>());
    }

    #[test]
    fn capitals_and_composition_make_no_other_name() {
        let name = |text| WalletName::new(text).unwrap();
        assert_eq!(name("cafe\u{301}"), name("caf\u{e9}"));
        assert!(name("CAFE\u{301}").same_as(&name("caf\u{e9}")));
        assert!(name("Savings").same_as(&name("sAVINGS")) && name("Savings") != name("savings"));
        assert!(!name("savings").same_as(&name("saving")));
        assert_eq!(format!("{:?}", name("a \"b\"")), r#"WalletName("a \"b\"")"#);
    }

    proptest! {
        #[test]
        fn a_name_that_was_taken_is_taken_again(text in any::<String>()) {
            if let Ok(name) = WalletName::new(&text) {
                prop_assert_eq!(&WalletName::new(name.as_str()).unwrap(), &name);
                prop_assert!(name.same_as(&name));
                prop_assert!(name.as_str().chars().count() <= WalletName::MAX_CHARS);
            }
        }
    }
}
