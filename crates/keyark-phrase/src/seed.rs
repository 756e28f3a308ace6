//! From the words to the seed, and what to know about passphrases.

use std::num::NonZeroU32;
use std::slice;

use hmac::{Hmac, KeyInit, Mac};
use keyark_core::{Error, ErrorKind, Result, SecretText, Seed, Warning};
use sha2::block_api::compress512;
use sha2::{Digest, Sha512};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

pub(crate) const ROUNDS: NonZeroU32 = NonZeroU32::new(2048).unwrap();
pub(crate) const SALT: &str = "mnemonic";

/// SHA-512 between two blocks, as eight words.
type State = Zeroizing<[u64; 8]>;
/// What SHA-512 takes at once.
type Block = Zeroizing<[u8; 128]>;

/// What SHA-512 starts from (FIPS 180-4, section 5.3.5).
const START: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// PBKDF2 as BIP-39 says, "From mnemonic to seed". The sentence is in NFKD already.
pub(crate) fn from_sentence(sentence: &str, passphrase: &str) -> Result<Seed> {
    Seed::new(pbkdf2(sentence.as_bytes(), salt(passphrase).as_bytes())?.as_slice())
}

/// BIP-39's salt, in NFKD.
pub(crate) fn salt(passphrase: &str) -> Zeroizing<String> {
    // The room is taken at once: growing would leave the passphrase in freed memory.
    let room = SALT.len() + passphrase.nfkd().map(char::len_utf8).sum::<usize>();
    let mut salt = Zeroizing::new(String::with_capacity(room));
    salt.push_str(SALT);
    salt.extend(passphrase.nfkd());
    salt
}

/// PBKDF2 with HMAC-SHA-512 and 2048 rounds, 64 bytes of it (RFC 8018, section 5.2).
///
/// This is nearly all the time that a wallet takes, so it stands here on SHA-512's compression function: from the
/// second round on, an HMAC is two compressions, each from a state that the password alone fixes, over a block of
/// which only the first 64 bytes change. A library's HMAC makes and erases four states for each of the 2048 rounds.
fn pbkdf2(password: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 64]>> {
    let (inner, outer) = keyed(password);
    let mut block = Block::new([0; 128]);
    let first = first_round(password, salt)?;
    for (place, byte) in block.iter_mut().zip(first.iter().chain(&[0x80])) {
        *place = *byte; // the message and the bit that ends it
    }
    // The length in bits: the pad's 128 bytes, which are in the state, and 64 more.
    if let Some(place) = block.last_chunk_mut() {
        *place = (8_u64 * (128 + 64)).to_be_bytes();
    }

    let mut seed = first;
    let mut state = State::default();
    for _ in 1..ROUNDS.get() {
        for keyed in [&inner, &outer] {
            state.copy_from_slice(keyed.as_slice());
            compress512(&mut state, slice::from_ref(&block));
            for (place, word) in block.as_chunks_mut().0.iter_mut().zip(state.iter()) {
                *place = word.to_be_bytes();
            }
        }
        for (sum, byte) in seed.iter_mut().zip(block.iter()) {
            *sum ^= byte;
        }
    }
    Ok(seed)
}

/// HMAC of the salt and the number of the output's block, which is the first and only one.
fn first_round(password: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 64]>> {
    // HMAC takes keys of any length, so this never fails; the type does not know that.
    let mut mac = Hmac::<Sha512>::new_from_slice(password)
        .map_err(|_| Error::new(ErrorKind::Internal, "HMAC refused its key", "report this"))?;
    mac.update(salt);
    mac.update(&1_u32.to_be_bytes());
    let mut output = mac.finalize().into_bytes();
    let mut first = Zeroizing::new([0; 64]);
    first.copy_from_slice(&output);
    output.as_mut_slice().zeroize();
    Ok(first)
}

/// The states that HMAC's inner and outer hash have after the padded key (FIPS 198-1, section 4).
fn keyed(password: &[u8]) -> (State, State) {
    let mut key = Block::new([0; 128]);
    if password.len() <= key.len() {
        key.iter_mut().zip(password).for_each(|(place, byte)| *place = *byte);
    } else {
        let mut digest = Sha512::digest(password);
        key.iter_mut().zip(&digest).for_each(|(place, byte)| *place = *byte);
        digest.as_mut_slice().zeroize();
    }
    let after = |pad: u8| {
        let mut block = key.clone();
        block.iter_mut().for_each(|byte| *byte ^= pad);
        let mut state = State::new(START);
        compress512(&mut state, slice::from_ref(&block));
        state
    };
    (after(0x36), after(0x5c))
}

/// What a person must know about a passphrase before it is used. None of it is an error: every passphrase gives a
/// wallet, which is why a slip is not noticed until the wallet is empty.
///
/// - `passphrase-normalized`: it changes under NFKD, which the standard asks for and some wallets leave out. They have
///   another wallet for it.
/// - `passphrase-space`: it starts or ends with white space, which is easily lost when it is written down.
/// - `passphrase-control`: it has characters that cannot be seen, such as a tab, a line end or a byte order mark.
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
    if passphrase.has_invisible() {
        warnings.push(Warning::new(
            "passphrase-control",
            "the passphrase has characters that cannot be seen, such as a tab or a byte order mark; without them the wallet \
             is another one",
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        // Keys of HMAC are used as they are up to 128 bytes and hashed beyond; phrases in Japanese have more.
        #[test]
        fn pbkdf2_is_that_of_the_library(
            password in prop::collection::vec(any::<u8>(), 0..300),
            salt in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut expected = [0; 64];
            pbkdf2::pbkdf2_hmac::<Sha512>(&password, &salt, ROUNDS.get(), &mut expected);
            prop_assert_eq!(*super::pbkdf2(&password, &salt).unwrap(), expected);
        }
    }

    #[test]
    fn pbkdf2_is_that_of_the_library_where_keys_begin_to_be_hashed() {
        for length in [0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 257] {
            let password = vec![0xa5; length];
            let mut expected = [0; 64];
            pbkdf2::pbkdf2_hmac::<Sha512>(&password, b"mnemonic", ROUNDS.get(), &mut expected);
            assert_eq!(*super::pbkdf2(&password, b"mnemonic").unwrap(), expected, "{length} bytes");
        }
    }

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
