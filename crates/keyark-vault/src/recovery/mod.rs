//! The recovery code: the second way into a vault when the password is forgotten.

mod checksum;
mod explain;

use std::fmt;

use keyark_core::{Result, SecretText, random};
use keyark_phrase::Language;
use zeroize::Zeroizing;

use checksum::{CHECK, DATA, SYMBOLS};

/// What stands before the groups and tells what they are.
const PREFIX: &str = "KEYARK-RECOVERY";
/// Digits and letters without I, L, O and U: of what looks alike, one is left (D. Crockford, "Base 32").
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many symbols stand together.
const GROUP: usize = 5;
const GROUPS: usize = SYMBOLS / GROUP;

/// A code that is made by keyark, written down by a person, and opens the vault when the password is forgotten.
///
/// ```text
/// KEYARK-RECOVERY-7M3QK-W09TZ-XXXXX-XXXXX-XXXXX-XXXXX
/// ```
///
/// Behind the prefix there are six groups of five symbols of a base32 alphabet: 26 of them random, which is 130 bits, and a checksum of four. This text,
/// upper case and with its hyphens, is the passphrase of the file that it opens: `age -d identity.recovery.age` takes it as it is printed.
///
/// The checksum is that of a Reed–Solomon code over 32 symbols, the best that four of them can do: it finds every mistake in up to four places,
/// so every wrong character and every two that were swapped, and lets a random text through once in a million times. From one wrong character it
/// can tell the group that it is in.
///
/// It is taken for nothing else: no word list of BIP-39 holds any group of it, and it has hyphens and a prefix, as no key has.
///
/// ```
/// use keyark_core::SecretText;
/// use keyark_vault::RecoveryCode;
///
/// let code = RecoveryCode::generate()?;
/// let typed = code.expose().trim_start_matches("KEYARK-RECOVERY-").to_lowercase().replace('-', " ");
/// assert_eq!(RecoveryCode::parse(&typed.into())?, code);
///
/// let error = RecoveryCode::parse(&SecretText::from("KEYARK-RECOVERY-7M3QK")).unwrap_err();
/// assert!(error.problem().contains("25 characters are missing"));
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(SecretText);

impl RecoveryCode {
    /// A new code from the operating system's randomness.
    ///
    /// # Errors
    /// As [`keyark_core::random::fill`].
    pub fn generate() -> Result<Self> {
        loop {
            let mut drawn = Zeroizing::new([0; DATA]);
            random::fill(drawn.as_mut_slice())?;
            drawn.iter_mut().for_each(|symbol| *symbol %= 32); // 256 is a multiple: each is equally likely
            let code = Self::of(&drawn);
            if !has_word(code.expose()) {
                return Ok(code);
            }
        }
    }

    /// Reads what a person typed: upper or lower case, with or without the prefix and the hyphens, spaces anywhere, O for 0, and I or L for 1.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed), which names the wrong group where that can be told, how many characters are missing or
    /// too many, and what was typed instead if it looks like words of a wallet, a key or a password. It never repeats any of it.
    pub fn parse(typed: &SecretText) -> Result<Self> {
        let text = fold(typed.expose());
        let groups = without_prefix(&text);
        match read(groups) {
            Some(symbols) if checksum::is_right(&symbols) => {
                let mut data = Zeroizing::new([0; DATA]);
                data.iter_mut().zip(symbols.iter()).for_each(|(to, from)| *to = *from);
                Ok(Self::of(&data))
            }
            _ => Err(explain::explain(typed, groups, groups.len() < text.len())),
        }
    }

    /// The code as it is printed, and as `age` takes it. Each call is a place where it can leak.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    fn of(data: &[u8; DATA]) -> Self {
        let check: Zeroizing<[u8; CHECK]> = Zeroizing::new(checksum::of(data));
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + SYMBOLS + GROUPS)); // never moves while it grows
        text.push_str(PREFIX);
        for (position, symbol) in data.iter().chain(check.iter()).enumerate() {
            if position % GROUP == 0 {
                text.push('-');
            }
            text.extend(ALPHABET.get(usize::from(*symbol)).map(|letter| char::from(*letter)));
        }
        Self(SecretText::new(std::mem::take(&mut *text)))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(redacted)")
    }
}

/// The text with one `-` for whatever separates, none at the ends, and `?` for what stands in no code.
fn fold(typed: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(typed.len())); // no character becomes longer
    for letter in typed.chars() {
        match letter {
            // White space, the hyphens and dashes of Unicode, and what else is put between groups.
            _ if letter.is_whitespace()
                || matches!(letter, '-' | '_' | '.' | ':' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}') =>
            {
                if !text.is_empty() && !text.ends_with('-') {
                    text.push('-');
                }
            }
            _ if keyark_core::is_invisible(letter) => {}
            _ => text.push(fold_letter(letter)),
        }
    }
    if text.ends_with('-') {
        text.pop();
    }
    text
}

fn fold_letter(letter: char) -> char {
    let narrow = match letter {
        // The full-width forms that a Japanese or Chinese keyboard types.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or('?'),
        _ => letter,
    };
    match narrow.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        upper if u8::try_from(upper).is_ok_and(|byte| ALPHABET.contains(&byte)) => upper,
        _ => '?',
    }
}

/// Folded text without the prefix or a word of it.
fn without_prefix(text: &str) -> &str {
    let whole = ["KEYARK-REC0VERY", "KEYARKREC0VERY"].iter().find_map(|prefix| text.strip_prefix(prefix));
    // A word of it alone only where it stands apart: no group has so many symbols.
    let word = || ["KEYARK-", "REC0VERY-"].iter().find_map(|word| text.strip_prefix(word));
    whole.or_else(word).unwrap_or(text).trim_start_matches('-')
}

/// Whether a group reads as a word of BIP-39, as one code in some ten thousand has it: that one is not given to anybody.
fn has_word(code: &str) -> bool {
    code.split('-').any(|group| {
        Language::ALL.iter().any(|language| language.word_list().iter().any(|word| word.eq_ignore_ascii_case(group)))
    })
}

/// The symbols' values, if there are as many as there should be and nothing else.
fn read(groups: &str) -> Option<Zeroizing<[u8; SYMBOLS]>> {
    let mut symbols = Zeroizing::new([0; SYMBOLS]);
    let mut letters = groups.bytes().filter(|letter| *letter != b'-');
    for symbol in symbols.iter_mut() {
        let letter = letters.next()?;
        *symbol = ALPHABET.iter().position(|known| *known == letter)? as u8; // below 32
    }
    letters.next().is_none().then_some(symbols)
}

#[cfg(test)]
mod tests;
