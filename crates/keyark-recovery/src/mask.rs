//! Text of which some letters are known only by their kind, exactly counted.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

/// Longer ones are not patterns of a passphrase.
const MOST: usize = 256;

/// Literal text with `?d` (a digit), `?l` (a small letter), `?u` (a capital), `?s` (a space or special character), `?a`
/// (any of these), `??` (a question mark), and sets such as `[abc]`, `[0-9a-f]`.
#[derive(Clone)]
pub(crate) struct Mask {
    places: Vec<Zeroizing<Vec<char>>>,
    count: u128,
}

impl Mask {
    /// # Errors
    /// [`ErrorKind::Malformed`] for an unknown mark or a set without an end, by its place;
    /// [`ErrorKind::OutOfBounds`] for 2^128 texts or more. The text is never repeated.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        // What editors put there and nobody sees: a mark of the byte order in front, the end of the line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches(['\r', '\n']);
        let mut letters = (1..).zip(text.chars());
        let mut places = Vec::new();
        while let Some((at, letter)) = letters.next() {
            if letter.is_control() || letter == '\u{feff}' {
                return Err(invisible(at, letter));
            }
            if places.len() == MOST {
                return Err(too_long());
            }
            places.push(match letter {
                '?' => kind(at, letters.next().map(|(_, kind)| kind))?,
                '[' => set(at, &mut letters)?,
                letter => Zeroizing::new(vec![letter]),
            });
        }
        let product = places.iter().try_fold(1_u128, |product, place| product.checked_mul(place.len() as u128));
        let count = product.ok_or_else(|| {
            Error::new(
                ErrorKind::OutOfBounds,
                "the pattern stands for more texts than can be numbered (2^128)",
                "write what you know of it in place of the marks",
            )
        })?;
        Ok(Self { places, count })
    }

    pub(crate) fn count(&self) -> u128 {
        self.count
    }

    /// The text with the number `index`, below [`count`](Self::count); its last letter changes first.
    pub(crate) fn get(&self, mut index: u128) -> SecretText {
        let mut letters: Zeroizing<Vec<char>> = Zeroizing::new(Vec::with_capacity(self.places.len()));
        for place in self.places.iter().rev() {
            let radix = place.len().max(1) as u128;
            letters.extend(place.get((index % radix) as usize)); // below the length
            index /= radix;
        }
        let mut text = String::with_capacity(letters.iter().map(|letter| letter.len_utf8()).sum());
        text.extend(letters.iter().rev());
        text.into()
    }

    /// Whether all its letters are ASCII, so that its texts have one Unicode form only.
    pub(crate) fn is_ascii(&self) -> bool {
        self.places.iter().all(|place| place.iter().all(char::is_ascii))
    }

    pub(crate) fn places(&self) -> &[Zeroizing<Vec<char>>] {
        &self.places
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} texts, redacted)", self.count)
    }
}

fn too_long() -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        format!("the pattern has more than {MOST} characters"),
        "give the pattern of one passphrase or password",
    )
}

fn invisible(at: usize, letter: char) -> Error {
    let (problem, remedy) = match letter {
        '\n' | '\r' => ("has a second line", "give one pattern, on one line"),
        _ => ("has a character that cannot be seen", "remove it"),
    };
    Error::malformed(format!("the pattern {problem} at character {at}"), remedy)
}

fn kind(at: usize, kind: Option<char>) -> Result<Zeroizing<Vec<char>>> {
    let special = || (' '..='~').filter(|letter| !letter.is_ascii_alphanumeric()).collect();
    let letters: Vec<char> = match kind {
        Some('d') => ('0'..='9').collect(),
        Some('l') => ('a'..='z').collect(),
        Some('u') => ('A'..='Z').collect(),
        Some('s') => special(),
        Some('a') => (' '..='~').collect(),
        Some('?') => vec!['?'],
        _ => {
            return Err(Error::malformed(
                format!("the pattern has an unknown mark at character {at}"),
                "known marks are ?d ?l ?u ?s ?a and sets such as [abc]; write ?? for a question mark and [[] for a bracket",
            ));
        }
    };
    Ok(Zeroizing::new(letters))
}

/// The letters up to the closing bracket, with ranges; each once.
fn set(at: usize, letters: &mut impl Iterator<Item = (usize, char)>) -> Result<Zeroizing<Vec<char>>> {
    let broken = |problem: &str| {
        Error::malformed(
            format!("the set that begins at character {at} of the pattern {problem}"),
            "write it as [abc] or [0-9a-f]; write [[] for a bracket",
        )
    };
    let mut inside = Zeroizing::new(Vec::new());
    loop {
        match letters.next() {
            None => return Err(broken("has no end")),
            Some((_, ']')) => break,
            Some((_, letter)) => inside.push(letter),
        }
    }
    let mut all = Zeroizing::new(Vec::new());
    let mut rest = inside.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        let (last, behind) = match behind {
            ['-', last, behind @ ..] => (last, behind),
            _ => (first, behind),
        };
        const WIDEST: u32 = 256;
        if last < first || u32::from(*last) - u32::from(*first) > WIDEST {
            return Err(broken("has a range that runs backwards or too far"));
        }
        let new: Vec<_> = (*first..=*last).filter(|letter| !all.contains(letter)).collect();
        all.extend(new);
        rest = behind;
    }
    if all.is_empty() { Err(broken("is empty")) } else { Ok(all) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_stand_for_their_letters() {
        for (text, count) in [
            ("", 1),
            ("abc", 1),
            ("?d", 10),
            ("?l?u", 676),
            ("?s", 33),
            ("?a", 95),
            ("??", 1),
            ("[abc]x[0-9a-f]", 48),
            ("[[]", 1),
            ("[aab-]", 3),
        ] {
            let mask = Mask::parse(text).unwrap();
            assert_eq!(mask.count(), count, "{text}");
            let all: HashSet<_> = (0..count).map(|index| mask.get(index).expose().to_owned()).collect();
            assert_eq!(all.len() as u128, count, "{text}");
        }
        assert_eq!(Mask::parse("Sun?d?d!").unwrap().get(42).expose(), "Sun42!");
        // As Notepad and vi save it.
        for text in ["\u{feff}Sun?d?d!", "Sun?d?d!\n", "Sun?d?d!\r\n\r\n"] {
            assert_eq!(Mask::parse(text).unwrap().get(42).expose(), "Sun42!");
        }
        assert_eq!(Mask::parse("who??").unwrap().get(0).expose(), "who?");
    }

    #[test]
    fn broken_marks_are_named_by_their_place() {
        for (text, part) in [
            ("canary?x", "character 7"),
            ("canary?", "character 7"),
            ("canary[ab", "character 7"),
            ("[]", "is empty"),
            ("[z-a]", "backwards"),
            ("canary?d\nmore?d", "second line at character 9"),
            ("canary\t?d", "cannot be seen at character 7"),
        ] {
            let error = Mask::parse(text).unwrap_err();
            assert!(error.problem().contains(part) && !format!("{error:?}").contains("canary"), "{error:?}");
        }
        assert_eq!(Mask::parse(&"?a".repeat(20)).unwrap_err().kind(), ErrorKind::OutOfBounds);
        assert_eq!(Mask::parse(&"a".repeat(300)).unwrap_err().kind(), ErrorKind::OutOfBounds);
    }

    proptest! {
        #[test]
        fn hostile_text_never_panics(text in "[a-c?\\[\\]-]{0,12}|\\PC{0,20}") {
            if let Ok(mask) = Mask::parse(&text) {
                let _ = mask.get(mask.count() - 1);
            }
        }
    }
}
