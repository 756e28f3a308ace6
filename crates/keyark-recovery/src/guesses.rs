//! Guesses at a passphrase or password: from a list, or all that a pattern stands for.

use std::collections::HashSet;
use std::fmt;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::mask::Mask;

/// The longest list, in bytes.
const MOST_BYTES: usize = 256 << 20;

/// Guesses at a passphrase or password, numbered, the most probable first.
#[derive(Clone)]
pub struct Guesses(Source);

#[derive(Clone)]
enum Source {
    List(Vec<SecretText>),
    Mask(Mask),
}

impl Guesses {
    /// One guess.
    pub fn one(text: SecretText) -> Self {
        Self(Source::List(vec![text]))
    }

    /// The lines of a list, each as it stands, with the white space in it; empty ones are left out, as are repeated ones.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a list without guesses, [`ErrorKind::OutOfBounds`] for one of more than 256 MiB.
    pub fn list(text: &SecretText) -> Result<Self> {
        let text = text.expose();
        if text.len() > MOST_BYTES {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("the list of guesses has {} bytes, and at most {MOST_BYTES} are read", text.len()),
                "split it, and try one part after the other",
            ));
        }
        let mut seen = HashSet::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text); // editors on Windows put it first
        let lines = text.lines().filter(|line| !line.is_empty() && seen.insert(*line)).map(SecretText::from);
        match lines.collect::<Vec<_>>() {
            lines if lines.is_empty() => {
                Err(Error::new(ErrorKind::Usage, "the list of guesses is empty", "write one guess on each line"))
            }
            lines => Ok(Self(Source::List(lines))),
        }
    }

    /// All texts of a pattern: literal text with `?d` (a digit), `?l` (a small letter), `?u` (a capital), `?s` (a space or special
    /// character), `?a` (any of these), `??` (a question mark), and sets such as `[abc]`, `[0-9a-f]`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for an empty pattern, [`ErrorKind::Malformed`] for an unknown mark or a set without an end,
    /// [`ErrorKind::OutOfBounds`] for 2^128 texts or more. The pattern is never repeated.
    pub fn pattern(text: &SecretText) -> Result<Self> {
        let mask = Mask::parse(text.expose())?;
        if mask.places().is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "the pattern is empty",
                "write what is known, with a mark for each character that is not: ?d for a digit, ?l for a small letter",
            ));
        }
        Ok(Self(Source::Mask(mask)))
    }

    /// How many there are.
    pub fn count(&self) -> u128 {
        match &self.0 {
            Source::List(list) => list.len() as u128,
            Source::Mask(mask) => mask.count(),
        }
    }

    /// The guess with the number `index`. `None` from [`count`](Self::count) on.
    pub fn get(&self, index: u128) -> Option<SecretText> {
        match &self.0 {
            Source::List(list) => list.get(usize::try_from(index).ok()?).cloned(),
            Source::Mask(mask) => (index < mask.count()).then(|| mask.get(index)),
        }
    }
}

impl Guesses {
    /// What tells these from others, as a secret.
    pub(crate) fn identity(&self) -> Zeroizing<[u8; 32]> {
        Passphrases::from(self.clone()).identity()
    }
}

impl fmt::Debug for Guesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guesses({}, redacted)", self.count())
    }
}

/// A passphrase as it goes into the seed.
#[derive(Clone, Debug)]
pub(crate) struct Passphrase {
    pub(crate) text: SecretText,
    /// It goes in as it stands, as some wallets have it, and not in NFKD, as BIP-39 says.
    pub(crate) raw: bool,
}

/// The passphrases to try with each phrase.
///
/// Where a guess changes under NFKD, which BIP-39 asks for and some wallets leave out (Foundry's cast, Trust Wallet), it is tried
/// in NFKD, then as it stands, then in NFC, which is what keyboards give.
#[derive(Clone)]
pub struct Passphrases {
    sources: Vec<Forms>,
    count: u128,
}

#[derive(Clone)]
enum Forms {
    List(Vec<Passphrase>),
    /// With the number of forms. Forms that are no other than those before are passed over.
    Mask(Mask, u128),
}

impl Forms {
    fn count(&self) -> u128 {
        match self {
            Self::List(list) => list.len() as u128,
            Self::Mask(mask, forms) => mask.count().saturating_mul(*forms),
        }
    }
}

impl Passphrases {
    /// No passphrase.
    pub fn none() -> Self {
        Self::from(Guesses::one(SecretText::from("")))
    }

    /// These, and then `guesses`.
    #[must_use]
    pub fn or(mut self, guesses: Guesses) -> Self {
        self.sources.extend(Self::from(guesses).sources);
        self.count = self.sources.iter().fold(0_u128, |count, source| count.saturating_add(source.count()));
        self
    }

    /// How many there are, with the forms of each.
    pub fn count(&self) -> u128 {
        self.count
    }

    /// The one with the number `index`. `None` for one that was there already in another form.
    pub(crate) fn get(&self, mut index: u128) -> Option<Passphrase> {
        for source in &self.sources {
            if index >= source.count() {
                index -= source.count();
                continue;
            }
            return match source {
                Forms::List(list) => list.get(usize::try_from(index).ok()?).cloned(),
                Forms::Mask(mask, _) => {
                    let form = index / mask.count().max(1);
                    let text = mask.get(index % mask.count().max(1));
                    match form {
                        0 => Some(Passphrase { text, raw: false }),
                        form => raw_forms(&text).into_iter().nth(form as usize - 1).flatten(),
                    }
                }
            };
        }
        None
    }

    /// What tells these from others, as a secret: it is a hash of them.
    pub(crate) fn identity(&self) -> Zeroizing<[u8; 32]> {
        let mut hash = Sha256::new_with_prefix(b"passphrases");
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        for source in &self.sources {
            add(&source.count().to_be_bytes());
            match source {
                Forms::List(list) => {
                    add(b"list");
                    list.iter().for_each(|one| add(one.text.expose().as_bytes()));
                }
                Forms::Mask(mask, _) => {
                    add(b"mask");
                    add(&(mask.places().len() as u64).to_be_bytes());
                    for place in mask.places() {
                        add(Zeroizing::new(place.iter().collect::<String>()).as_bytes());
                    }
                }
            }
        }
        Zeroizing::new(hash.finalize().into())
    }
}

/// Guesses are passphrases in the form of the standard first.
impl From<Guesses> for Passphrases {
    fn from(guesses: Guesses) -> Self {
        let source = match guesses.0 {
            Source::List(list) => Forms::List(list.into_iter().flat_map(forms).collect()),
            Source::Mask(mask) => {
                let forms = if mask.is_ascii() { 1 } else { 3 };
                Forms::Mask(mask, forms)
            }
        };
        Self { count: source.count(), sources: vec![source] }
    }
}

impl fmt::Debug for Passphrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passphrases({}, redacted)", self.count)
    }
}

fn forms(text: SecretText) -> Vec<Passphrase> {
    let mut forms = vec![Passphrase { text: text.clone(), raw: false }];
    forms.extend(raw_forms(&text).into_iter().flatten());
    forms
}

/// As it stands, and in NFC, each where it is another text than those before.
fn raw_forms(text: &SecretText) -> [Option<Passphrase>; 2] {
    let typed = text.expose();
    let mut composed = Zeroizing::new(String::with_capacity(3 * typed.len())); // NFC has no more (UAX #15, "Implementation Notes")
    composed.extend(typed.nfc());
    let raw = |text: &str| Some(Passphrase { text: text.into(), raw: true });
    let is_standard = |text: &str| text.nfkd().eq(text.chars());
    [
        if is_standard(typed) { None } else { raw(typed) },
        if is_standard(&composed) || composed.as_str() == typed { None } else { raw(&composed) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(passphrases: &Passphrases) -> Vec<(String, bool)> {
        let get = |index| passphrases.get(index).map(|one| (one.text.expose().to_owned(), one.raw));
        (0..passphrases.count()).filter_map(get).collect()
    }

    #[test]
    fn lists_are_taken_line_by_line() {
        let guesses = Guesses::list(&"one\r\n two \n\none\nthree".into()).unwrap();
        let read: Vec<_> = (0..guesses.count()).map(|at| guesses.get(at).unwrap().expose().to_owned()).collect();
        assert_eq!(read, ["one", " two ", "three"]);
        for empty in ["", "\u{feff}", "\r\n"] {
            assert_eq!(Guesses::pattern(&empty.into()).unwrap_err().kind(), ErrorKind::Usage);
        }
        assert!(guesses.get(3).is_none());
        assert_eq!(Guesses::list(&"\n\n".into()).unwrap_err().kind(), ErrorKind::Usage);
    }

    #[test]
    fn each_form_is_tried_once() {
        let both = Passphrases::none().or(Guesses::one("plain".into())).or(Guesses::one("caf\u{e9}".into()));
        let expected = [("", false), ("plain", false), ("caf\u{e9}", false), ("caf\u{e9}", true)];
        assert_eq!(all(&both), expected.map(|(text, raw)| (text.to_owned(), raw)));
        // Typed decomposed, which is the standard's form; a wallet that does not normalise had it composed.
        let typed = Passphrases::from(Guesses::one("cafe\u{301}".into()));
        assert_eq!(all(&typed)[1], ("caf\u{e9}".to_owned(), true));
        let mask = Passphrases::from(Guesses::pattern(&"caf[e\u{e9}]".into()).unwrap());
        assert_eq!((mask.count(), all(&mask).len()), (6, 3));
        assert_eq!(all(&Passphrases::from(Guesses::pattern(&"a?d".into()).unwrap())).len(), 10);
    }

    #[test]
    fn a_list_is_not_a_pattern() {
        let identity = |guesses: &str, list| {
            let guesses = if list { Guesses::list(&guesses.into()) } else { Guesses::pattern(&guesses.into()) };
            guesses.unwrap().identity()
        };
        assert_ne!(identity("mask\nab", true), identity("[ab]", false));
        assert_ne!(identity("list\na", true), identity("a", true));
        assert_eq!(identity("[ab]", false), identity("[ab]\n", false));
    }

    #[test]
    fn nothing_shows_a_guess() {
        let guesses = Guesses::list(&"canary\ncanary2".into()).unwrap();
        let shown =
            format!("{guesses:?} {:?} {:?}", Passphrases::from(guesses.clone()), Guesses::pattern(&"canary?d".into()));
        assert!(!shown.contains("canary"), "{shown}");
    }
}
