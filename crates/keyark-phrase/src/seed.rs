//! From the words to the seed, and what to know about passphrases.

use keyark_core::{Result, SecretText, Seed, Warning};
use sha2::Sha512;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

const ROUNDS: u32 = 2048;
const SALT: &str = "mnemonic";

/// PBKDF2 as BIP-39 says, "From mnemonic to seed". The sentence is in NFKD already.
pub(crate) fn from_sentence(sentence: &str, passphrase: &str) -> Result<Seed> {
    // The room is taken at once: growing would leave the passphrase in freed memory.
    let room = SALT.len() + passphrase.nfkd().map(char::len_utf8).sum::<usize>();
    let mut salt = Zeroizing::new(String::with_capacity(room));
    salt.push_str(SALT);
    salt.extend(passphrase.nfkd());
    let mut seed = Zeroizing::new([0; 64]);
    pbkdf2::pbkdf2_hmac::<Sha512>(sentence.as_bytes(), salt.as_bytes(), ROUNDS, seed.as_mut_slice());
    Seed::new(seed.as_slice())
}

/// What a person must know about a passphrase before it is used. None of it is an error: every passphrase gives a
/// wallet, which is why a slip is not noticed until the wallet is empty.
///
/// - `passphrase-normalized`: it changes under NFKD, which the standard asks for and some wallets leave out. They have
///   another wallet for it.
/// - `passphrase-space`: it starts or ends with white space, which is easily lost when it is written down.
/// - `passphrase-control`: it has characters that cannot be seen, such as a tab or a line end.
pub fn passphrase_warnings(passphrase: &SecretText) -> Vec<Warning> {
    let text = passphrase.expose();
    let mut warnings = Vec::new();
    if !text.nfkd().eq(text.chars()) {
        warnings.push(Warning::new(
            "passphrase-normalized",
            "the passphrase has characters that BIP-39 rewrites (accents and the like); wallets that leave this step \
             out, such as Foundry's cast and Trust Wallet, have another wallet for it",
        ));
    }
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        warnings.push(Warning::new(
            "passphrase-space",
            "the passphrase starts or ends with white space, which counts; without it the wallet is another one",
        ));
    }
    if text.chars().any(char::is_control) {
        warnings.push(Warning::new(
            "passphrase-control",
            "the passphrase has control characters, which cannot be seen or typed in most wallets",
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(passphrase: &str) -> Vec<&'static str> {
        passphrase_warnings(&passphrase.into()).iter().map(Warning::id).collect()
    }

    #[test]
    fn plain_passphrases_are_not_warned_about() {
        for passphrase in ["", "TREZOR", "correct horse battery staple", "!\"#$%&'()*+,-./~", "cafe\u{301}"] {
            assert_eq!(ids(passphrase), [""; 0], "{passphrase}");
        }
    }

    #[test]
    fn each_trap_is_named() {
        assert_eq!(ids("caf\u{e9}"), ["passphrase-normalized"]);
        assert_eq!(ids("\u{334d}"), ["passphrase-normalized"]); // a square of five letters
        assert_eq!(ids(" TREZOR"), ["passphrase-space"]);
        assert_eq!(ids("TREZOR "), ["passphrase-space"]);
        assert_eq!(ids("a\u{7}b"), ["passphrase-control"]);
        assert_eq!(ids("\u{e9}\n"), ["passphrase-normalized", "passphrase-space", "passphrase-control"]);
    }

    #[test]
    fn composed_and_decomposed_passphrases_give_one_seed() {
        let seed = |passphrase| from_sentence("words", passphrase).unwrap();
        assert_eq!(seed("caf\u{e9}"), seed("cafe\u{301}"));
        assert_ne!(seed("cafe"), seed("caf\u{e9}"));
        assert_ne!(seed("a"), seed("a "));
    }
}
