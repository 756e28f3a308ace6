//! The seeds of many phrases, or under many passphrases, at once: in the lanes of the processor, several times as fast as one after the other.
//!
//! What is asked for at once is held in memory at once. A multiple of 8 leaves no lane idle.

use keyark_core::{Result, SecretText, Seed};
pub use keyark_lanes::CodePath;
use keyark_lanes::{Pbkdf2Input, pbkdf2_hmac_sha512};
use zeroize::Zeroizing;

use crate::Phrase;
use crate::seed::{ROUNDS, salt};

/// The seeds of many phrases under one passphrase.
///
/// # Errors
/// As [`Phrase::to_seed`].
pub fn seeds(path: CodePath, phrases: &[Phrase], passphrase: &SecretText) -> Result<Vec<Seed>> {
    let salt = salt(passphrase.expose());
    let sentences: Vec<_> = phrases.iter().map(|phrase| phrase.joined(" ")).collect();
    let inputs = sentences.iter().map(|sentence| (sentence.as_bytes(), salt.as_bytes()));
    derive(path, inputs)
}

/// The seeds of one phrase under many passphrases; else as [`seeds`].
///
/// # Errors
/// As [`Phrase::to_seed`].
pub fn seeds_under(path: CodePath, phrase: &Phrase, passphrases: &[SecretText]) -> Result<Vec<Seed>> {
    let sentence = phrase.joined(" ");
    let salts: Vec<_> = passphrases.iter().map(|passphrase| salt(passphrase.expose())).collect();
    derive(path, salts.iter().map(|salt| (sentence.as_bytes(), salt.as_bytes())))
}

fn derive<'a>(path: CodePath, inputs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Result<Vec<Seed>> {
    let inputs: Vec<_> = inputs.map(|(password, salt)| Pbkdf2Input { password, salt }).collect();
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
        for path in CodePath::available() {
            for passphrase in &passphrases {
                let single: Vec<_> = phrases.iter().map(|phrase| phrase.to_seed(passphrase).unwrap()).collect();
                for many in 0..phrases.len() {
                    assert_eq!(seeds(path, &phrases[..many], passphrase).unwrap(), single[..many]);
                }
            }
            let single: Vec<_> = passphrases.iter().map(|passphrase| phrases[0].to_seed(passphrase).unwrap()).collect();
            assert_eq!(seeds_under(path, &phrases[0], &passphrases).unwrap(), single);
        }
    }
}
