//! Base58Check: base58 with the first four bytes of a double SHA-256 behind the payload.

use keyark_core::{Error, Result};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const CHECKSUM: usize = 4;

/// The payload with its checksum, in base58.
pub fn encode(payload: &[u8]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(payload.len() + CHECKSUM));
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&checksum(payload));
    Zeroizing::new(bs58::encode(bytes.as_slice()).into_string())
}

/// The payload of base58 text of at most 128 characters, after its checksum was checked.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a character outside the alphabet (its position is
/// named), for other lengths and for a wrong checksum. The text is never repeated.
pub fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    const MOST: usize = 128; // an extended key has 111; base58 takes quadratic time
    if text.len() > MOST {
        return Err(Error::malformed(
            format!("this text has {} characters, and base58 keys have at most {MOST}", text.len()),
            "check what was pasted",
        ));
    }
    let mut bytes = Zeroizing::new(bs58::decode(text).into_vec().map_err(|error| base58_error(&error))?);
    let length = bytes.len().checked_sub(CHECKSUM).ok_or_else(|| {
        Error::malformed("the text is too short to have a checksum", "check whether its start or end is missing")
    })?;
    let (payload, given) = bytes.split_at(length);
    if given != checksum(payload) {
        return Err(Error::malformed(
            "the checksum does not fit: some character is wrong, missing or too many",
            "compare it with the original; 0, O, I and l do not occur in base58",
        ));
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// What base58 says about a text, without the text.
pub fn base58_error(error: &bs58::decode::Error) -> Error {
    let problem = match error {
        bs58::decode::Error::InvalidCharacter { index, .. } | bs58::decode::Error::NonAsciiCharacter { index } => {
            format!("character {} is not a base58 character", index + 1)
        }
        _ => "this is not base58 text".to_owned(),
    };
    Error::malformed(problem, "base58 has digits and letters without 0, O, I and l")
}

fn checksum(payload: &[u8]) -> [u8; CHECKSUM] {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(Sha256::digest(payload)));
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn round_trips_and_a_changed_character_is_found(
            payload in proptest::collection::vec(any::<u8>(), 0..80), at: prop::sample::Index,
        ) {
            let text = super::encode(&payload);
            prop_assert_eq!(&*super::decode(&text).unwrap(), &payload);
            let mut changed = text.as_bytes().to_vec();
            let at = at.index(changed.len());
            changed[at] = if changed[at] == b'2' { b'3' } else { b'2' };
            prop_assert!(super::decode(std::str::from_utf8(&changed).unwrap()).is_err());
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,200}") {
            let _ = super::decode(&text);
        }
    }
}
