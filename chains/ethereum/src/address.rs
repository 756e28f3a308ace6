//! Public key to address, and the checksum of EIP-55.

use k256::PublicKey as Point;
use k256::elliptic_curve::sec1::ToSec1Point;
use keyark_core::{Address, Curve, Error, Network, ParsedAddress, PublicKey, Result, Warning, hex};
use sha3::{Digest, Keccak256};

/// The address of a public key: the last 20 bytes of the Keccak-256 of its point, without the mark of the form
/// (Yellow Paper, appendix F).
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) when the bytes are not a point of secp256k1.
pub fn of(key: &PublicKey) -> Result<Address> {
    let point = (key.curve() == Curve::Secp256k1).then(|| Point::from_sec1_bytes(key.as_bytes()).ok()).flatten();
    let point = point.ok_or_else(|| {
        Error::malformed("these bytes are not a public key of secp256k1", "check which chain the key belongs to")
    })?;
    let uncompressed = point.to_sec1_point(false);
    let digest = Keccak256::digest(uncompressed.as_bytes().get(1..).unwrap_or_default());
    Ok(of_digest(&digest.into()))
}

/// The address that is the end of the hash of a point.
pub(crate) fn of_digest(digest: &[u8; 32]) -> Address {
    Address::new(checksummed(&hex::encode(digest.get(12..).unwrap_or_default())))
}

/// The address with upper-case letters where EIP-55 wants them, from 40 lower-case digits.
fn checksummed(digits: &str) -> String {
    let digest = Keccak256::digest(digits.as_bytes());
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(42);
    text.push_str("0x");
    text.extend(digits.chars().zip(nibbles).map(
        |(digit, nibble)| {
            if nibble >= 8 { digit.to_ascii_uppercase() } else { digit }
        },
    ));
    text
}

/// Reads an address, with or without 0x. Mixed case is a checksum and must be right (EIP-55); one case only has no
/// checksum, which is reported.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed), naming the first position that is wrong.
pub fn parse(text: &str) -> Result<ParsedAddress> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if digits.chars().count() != 40 {
        return Err(Error::malformed(
            format!("an Ethereum address has 40 digits behind 0x, and this has {}", digits.chars().count()),
            "check whether its start or end is missing",
        ));
    }
    if let Some(at) = digits.chars().position(|digit| !digit.is_ascii_hexdigit()) {
        return Err(Error::malformed(
            format!("character {} behind 0x is not a hexadecimal digit", at + 1),
            "an address has the digits 0 to 9 and the letters a to f",
        ));
    }
    let right = checksummed(&digits.to_ascii_lowercase());
    let has = |case: fn(&char) -> bool| digits.chars().any(|digit| case(&digit));
    let mut warnings = Vec::new();
    if has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) {
        let wrong = digits.chars().zip(right.chars().skip(2)).position(|(given, right)| given != right);
        if let Some(at) = wrong {
            return Err(Error::malformed(
                format!("the checksum of the address is wrong at character {} behind 0x", at + 1),
                "a character is mistyped, there or elsewhere; copy the address again (EIP-55)",
            ));
        }
    } else {
        warnings.push(Warning::new(
            "no-checksum",
            "the address is in one case, so it has no checksum and a mistyped character cannot be found",
        ));
    }
    let kinds = crate::chain::INFO.kinds.iter().map(|kind| kind.id).collect();
    Ok(ParsedAddress { address: Address::new(right), networks: &[Network::Mainnet], kinds, warnings })
}
