//! Passwords: as the vault uses them, and those that are strong enough to seal something new.

mod strength;
mod words;

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, SecretText, is_invisible};
use unicode_normalization::UnicodeNormalization;

/// The longest password, in bytes after NFKD.
const MAX_LEN: usize = 1024;

/// A password in the form that opens and seals: what was typed, in NFKD (Unicode Standard Annex #15).
///
/// NFKD, because the same accented letter leaves one keyboard as one character and another as two, and must open the vault from
/// both. Nothing else is changed, and nothing is trimmed.
///
/// ```
/// use keyark_core::SecretText;
/// use keyark_vault::Password;
///
/// let one = Password::new(&SecretText::from("caf\u{e9}"))?;
/// let two = Password::new(&SecretText::from("cafe\u{301}"))?;
/// assert_eq!(one, two);
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Password(SecretText);

impl Password {
    /// Reads what a person typed, up to 1,024 bytes in NFKD.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for no text at all, and for a character that cannot be seen ([`is_invisible`]), with its position
    /// counted in characters; [`ErrorKind::OutOfBounds`] for more bytes than that.
    pub fn new(typed: &SecretText) -> Result<Self> {
        let typed = typed.expose();
        if typed.is_empty() {
            return Err(Error::malformed("there is no password", "type one; it may hold spaces"));
        }
        // No character becomes shorter than a quarter of itself: what is longer still than that need not be normalised to tell.
        let length = match typed.len() {
            huge if huge > 4 * MAX_LEN => huge,
            _ => typed.nfkd().map(char::len_utf8).sum(),
        };
        if length > MAX_LEN {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("a password has at most {MAX_LEN} bytes, this one has {length}"),
                "choose a shorter one: six random words are about 50 bytes",
            ));
        }
        if let Some(index) = typed.chars().position(is_invisible) {
            return Err(Error::malformed(
                format!("character {} of the password is one that cannot be seen", index + 1),
                "type the password instead of pasting it; some emoji hold such characters too",
            ));
        }
        Ok(Self(gather(typed.nfkd())))
    }

    /// The text itself, in NFKD. Each call is a place where it can leak.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// A password that is strong enough to seal something new.
///
/// ```
/// use keyark_core::SecretText;
/// use keyark_vault::NewPassword;
///
/// let error = NewPassword::new(&SecretText::from("savings2026"), &["savings"]).unwrap_err();
/// assert!(error.problem().contains("too weak"));
///
/// let suggested = NewPassword::suggest()?;
/// assert_eq!(suggested.expose().split('-').count(), 6);
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(Password);

impl NewPassword {
    /// Reads what a person typed and refuses what is easily guessed: what zxcvbn scores below 3 of 4, which is to say what about
    /// a hundred million guesses find (D. L. Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016).
    /// A long one is judged by how it begins.
    ///
    /// `known` is what an attacker tries first or must not learn: the wallet's name, and its phrase, whole or as its words in
    /// their order. A password that is one of them, or holds three consecutive words, is refused however long it is.
    ///
    /// # Errors
    /// As [`Password::new`], and [`ErrorKind::Malformed`] for a weak one. No error repeats the password or a known word.
    pub fn new(typed: &SecretText, known: &[&str]) -> Result<Self> {
        let password = Password::new(typed)?;
        strength::check(password.expose(), known)?;
        Ok(Self(password))
    }

    /// Six words, drawn by the operating system's generator from the 6,902 of EFF's long list that are not in BIP-39's English
    /// list: 76.5 bits. At the vault's cost of a guess that is out of reach of anybody.
    ///
    /// The words are lower case and joined by hyphens. Every keyboard has the hyphen without a shift key, nothing puts in a
    /// second one or eats the last as phones do with spaces, it can be seen when read back from paper, and no word holds one.
    /// And such a password is not taken for a BIP-39 phrase: those have spaces, twelve words or more, and none of these words.
    ///
    /// # Errors
    /// As [`keyark_core::random::fill`].
    pub fn suggest() -> Result<Self> {
        Ok(Self(Password(words::six_words()?)))
    }

    /// The password, to seal with.
    pub fn as_password(&self) -> &Password {
        &self.0
    }

    /// The text itself, to show a suggestion. Each call is a place where it can leak.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// That a change of the password changes it.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when `old` is the same password.
    pub fn differs_from(&self, old: &Password) -> Result<()> {
        match self.0 == *old {
            true => Err(Error::new(
                ErrorKind::Usage,
                "the new password is the old one",
                "choose another, or leave the old one as it is: nothing was changed",
            )),
            false => Ok(()),
        }
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(redacted)")
    }
}

/// The characters as one text in memory that is erased. They are counted first, so that the text never moves while it grows and
/// leaves no copy behind. (What normalisation holds back to put in order, a letter and its marks, is out of reach.)
fn gather(characters: impl Iterator<Item = char> + Clone) -> SecretText {
    let mut text = String::with_capacity(characters.clone().map(char::len_utf8).sum());
    text.extend(characters);
    SecretText::new(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn password(text: &str) -> Result<Password> {
        Password::new(&SecretText::from(text))
    }

    #[test]
    fn other_forms_of_the_same_text_are_the_same_password() {
        for (one, other) in [
            ("caf\u{e9}", "cafe\u{301}"),
            ("\u{1e9b}\u{323}", "s\u{323}\u{307}"),
            ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
            ("\u{ff4b}\u{ff45}\u{ff59}", "key"),
            ("two\u{3000}words", "two words"),
        ] {
            assert_eq!(password(one).unwrap(), password(other).unwrap(), "{one}");
        }
        assert_eq!(password("caf\u{e9}").unwrap().expose(), "cafe\u{301}");
    }

    #[test]
    fn nothing_else_is_changed() {
        for text in [" key ", "Key", "  ", "-key-", "key."] {
            assert_eq!(password(text).unwrap().expose(), text);
            assert_ne!(password(text).unwrap(), password("key").unwrap());
        }
    }

    #[test]
    fn no_text_is_refused() {
        let error = password("").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.problem(), "there is no password");
    }

    #[test]
    fn what_cannot_be_seen_is_refused_by_its_position_in_characters() {
        let cases =
            [("\tcanary", 1), ("caf\u{e9}-canary\n", 12), ("\u{1f511}\u{feff}canary", 2), ("cana\u{200b}ry", 5)];
        for (text, position) in cases {
            let error = password(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert_eq!(error.problem(), format!("character {position} of the password is one that cannot be seen"));
            assert!(error.remedy().starts_with("type the password instead of pasting it"));
            assert!(!format!("{error:?}").contains("canary"));
        }
    }

    #[test]
    fn normalisation_brings_in_nothing_that_cannot_be_seen_and_shrinks_no_more_than_assumed() {
        for character in ('\0'..=char::MAX).filter(|character| !is_invisible(*character)) {
            let mut length = 0;
            for part in [character].into_iter().nfkd() {
                assert!(!is_invisible(part), "{character:?} becomes {part:?}");
                length += part.len_utf8();
            }
            assert!(length * 4 >= character.len_utf8(), "{character:?}");
        }
    }

    #[test]
    fn the_length_is_that_in_nfkd() {
        assert!(password(&"k".repeat(1024)).is_ok());
        assert!(password(&"\u{ff4b}".repeat(1024)).is_ok(), "3,072 bytes that become 1,024");
        for (text, length) in [
            ("k".repeat(1025), 1025),
            ("\u{e9}".repeat(342), 1026),
            ("\u{fdfa}".repeat(32), 1056),
            ("k".repeat(1 << 24), 1 << 24),
            ("\u{301}".repeat(1 << 20), 1 << 21),
        ] {
            let error = password(&text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds);
            assert_eq!(error.problem(), format!("a password has at most 1024 bytes, this one has {length}"));
        }
    }

    #[test]
    fn a_gathered_text_never_moved() {
        for text in ["canary", "caf\u{e9}", "\u{fdfa}\u{1f511}", ""] {
            let characters = text.nfkd();
            let exact: usize = characters.clone().map(char::len_utf8).sum();
            let mut grown = String::with_capacity(exact);
            let before = grown.as_ptr();
            grown.extend(characters.clone());
            assert_eq!((before, grown.capacity()), (grown.as_ptr(), exact));
            assert_eq!(gather(characters).expose(), grown);
        }
    }

    #[test]
    fn the_old_password_is_not_a_new_one() {
        let new = NewPassword::new(&SecretText::from("zu sp\u{e4}t f\u{fc}r Laternen"), &[]).unwrap();
        let error = new.differs_from(&password("zu spa\u{308}t fu\u{308}r Laternen").unwrap()).unwrap_err();
        assert_eq!((error.kind(), error.problem()), (ErrorKind::Usage, "the new password is the old one"));
        assert!(new.differs_from(&password("zu spat fur Laternen").unwrap()).is_ok());
        assert_eq!(new.as_password().expose(), new.expose());
    }

    #[test]
    fn debug_shows_nothing() {
        let typed = SecretText::from("canary seldom whistles under water");
        let shown = format!("{:?} {:?}", Password::new(&typed).unwrap(), NewPassword::new(&typed, &[]).unwrap());
        assert_eq!(shown, "Password(redacted) NewPassword(redacted)");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn reading_is_stable_and_hostile_text_never_panics(
            text in prop_oneof![any::<String>(), "\\PC{1,60}"],
            known in any::<[String; 3]>(),
        ) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            if let Ok(read) = password(&text) {
                prop_assert_eq!(&password(read.expose()).unwrap(), &read);
                prop_assert_eq!(read, password(&text.nfc().collect::<String>()).unwrap());
            }
            if let Ok(new) = NewPassword::new(&SecretText::from(text.as_str()), &known) {
                prop_assert_eq!(new.as_password(), &password(&text).unwrap());
            }
        }

        #[test]
        fn symbols_and_repeats_never_panic(text in "([a4@8(<3691!|70$5+%2]{1,12}| .{0,3}|\u{130}|\u{1c4}|\\PC){1,9}") {
            let _ = NewPassword::new(&SecretText::from(text.repeat(3)), &["s4vings", "\u{130}", &text]);
        }
    }
}
