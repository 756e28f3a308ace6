//! The seeds of many phrases, or under many passphrases, at once: in the lanes of the processor, several times as fast as one after the other.
//!
//! What is asked for at once is held in memory at once. A multiple of 8 leaves no lane idle.

use std::fmt;

use keyark_core::{Result, SecretText, Seed};
pub use keyark_lanes::CodePath;
use keyark_lanes::{Pbkdf2Input, pbkdf2_hmac_sha512};
use zeroize::Zeroizing;

use crate::Phrase;
use crate::seed::{ROUNDS, SALT, salt};

/// What a passphrase adds to the words (BIP-39, "From mnemonic to seed"). Redacted in `Debug`, zeroized on drop.
#[derive(Clone)]
pub struct Salt(Zeroizing<String>);

impl Salt {
    /// Of a passphrase as the standard has it, in NFKD; the empty text where there is none.
    #[must_use]
    pub fn new(passphrase: &SecretText) -> Self {
        Self(salt(passphrase.expose()))
    }

    /// Of a passphrase as it was typed: some wallets leave NFKD out, and have another wallet for it.
    #[must_use]
    pub fn as_typed(passphrase: &SecretText) -> Self {
        Self(Zeroizing::new([SALT, passphrase.expose()].concat()))
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(redacted)")
    }
}

/// The seed of each phrase with each salt.
///
/// # Errors
/// As [`Phrase::to_seed`].
pub fn seeds<'a>(path: CodePath, inputs: impl IntoIterator<Item = (&'a Phrase, &'a Salt)>) -> Result<Vec<Seed>> {
    let inputs: Vec<_> = inputs.into_iter().map(|(phrase, salt)| (phrase.joined(" "), salt)).collect();
    let inputs: Vec<_> = inputs
        .iter()
        .map(|(sentence, salt)| Pbkdf2Input { password: sentence.as_bytes(), salt: salt.0.as_bytes() })
        .collect();
    let mut keys = Zeroizing::new(vec![[0; 64]; inputs.len()]);
    pbkdf2_hmac_sha512(path, ROUNDS, &inputs, &mut keys);
    keys.iter().map(|key| Seed::new(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, WordCount};

    #[test]
    fn they_are_those_of_the_single_operation() {
        let languages = [Language::English, Language::Japanese, Language::French];
        let counts = [WordCount::Words12, WordCount::Words24];
        let kinds = languages.iter().flat_map(|language| counts.map(|count| (count, *language)));
        let phrases: Vec<_> = kinds.map(|(count, language)| Phrase::generate(count, language).unwrap()).collect();
        let passphrases = ["", "TREZOR", "caf\u{e9}", " "].map(SecretText::from);
        let salts = passphrases.each_ref().map(Salt::new);
        let pairs: Vec<_> = phrases.iter().flat_map(|phrase| (0..4).map(move |at| (phrase, at))).collect();
        let single: Vec<_> = pairs.iter().map(|(phrase, at)| phrase.to_seed(&passphrases[*at]).unwrap()).collect();
        for path in CodePath::available() {
            for many in [0, 1, 7, 8, 9, pairs.len()] {
                let inputs = pairs[..many].iter().map(|(phrase, at)| (*phrase, &salts[*at]));
                assert_eq!(seeds(path, inputs).unwrap(), single[..many]);
            }
        }
    }

    #[test]
    fn a_passphrase_as_typed_differs_only_where_the_standard_rewrites() {
        let phrase = Phrase::generate(WordCount::Words12, Language::English).unwrap();
        let seed = |salt: Salt| seeds(CodePath::best(), [(&phrase, &salt)]).unwrap().remove(0);
        for plain in ["", "plain", "cafe\u{301}"].map(SecretText::from) {
            assert_eq!(seed(Salt::as_typed(&plain)), seed(Salt::new(&plain)));
        }
        let composed = SecretText::from("caf\u{e9}");
        assert_ne!(seed(Salt::as_typed(&composed)), seed(Salt::new(&composed)));
        assert_eq!(seed(Salt::new(&composed)), phrase.to_seed(&composed).unwrap());
    }
}
