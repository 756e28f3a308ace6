//! Hexadecimal text, lower case.

use crate::{Error, Result};

/// The bytes as lower-case hexadecimal digits.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0')); // digit is below 16
        }
    }
    text
}

/// The bytes of hexadecimal text, of either case, without a prefix.
///
/// # Errors
/// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for an odd number of digits or another character; the
/// message names its position, never the text.
pub fn decode(text: &str) -> Result<Vec<u8>> {
    let digit = |position: usize, byte: u8| {
        char::from(byte).to_digit(16).map(|digit| digit as u8).ok_or_else(|| {
            Error::malformed(
                format!("character {} is not a hexadecimal digit", position + 1),
                "hexadecimal text has the digits 0 to 9 and the letters a to f",
            )
        })
    };
    if !text.len().is_multiple_of(2) {
        return Err(Error::malformed(
            format!("hexadecimal text has two digits a byte, and this has {} characters", text.len()),
            "check whether its start or end is missing",
        ));
    }
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for (position, pair) in text.as_bytes().chunks_exact(2).enumerate() {
        if let [high, low] = pair {
            bytes.push(digit(position * 2, *high)? << 4 | digit(position * 2 + 1, *low)?);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn round_trips(bytes: Vec<u8>) {
            let text = super::encode(&bytes);
            prop_assert_eq!(&super::decode(&text).unwrap(), &bytes);
            prop_assert_eq!(&super::decode(&text.to_uppercase()).unwrap(), &bytes);
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,12}") {
            let _ = super::decode(&text);
        }
    }
}
