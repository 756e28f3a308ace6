//! Public key to address: base58 of its 32 bytes, without a checksum.

use ed25519_dalek::VerifyingKey;
use keyark_core::{Address, Curve, Error, ParsedAddress, PublicKey, Result, Warning};
use keyark_hd::base58check::base58_error;

use crate::chain::INFO;

/// The address of a public key.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for a key of another curve.
pub fn of(key: &PublicKey) -> Result<Address> {
    if key.curve() != Curve::Ed25519 {
        return Err(Error::malformed(
            format!("this is a public key on {}, and Solana's are on ed25519", key.curve().id()),
            "check which chain the key belongs to",
        ));
    }
    Ok(Address::new(bs58::encode(key.as_bytes()).into_string()))
}

/// Reads an address. Solana's have no checksum, which is reported. One that no key can have is of none of the kinds.
///
/// # Errors
/// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for text that is not base58 of 32 bytes.
pub fn parse(text: &str) -> Result<ParsedAddress> {
    const LONGEST: usize = 44;
    let text = text.trim();
    let mut bytes = [0; 32];
    let length = if text.len() > LONGEST {
        None
    } else {
        match bs58::decode(text).onto(&mut bytes) {
            Ok(length) => Some(length),
            Err(bs58::decode::Error::BufferTooSmall) => None,
            Err(error) => return Err(base58_error(&error)),
        }
    };
    if length != Some(bytes.len()) {
        return Err(Error::malformed(
            "a Solana address is 32 bytes in base58, and this has another length",
            "check whether its start or end is missing",
        ));
    }
    let address = of(&PublicKey::new(Curve::Ed25519, &bytes)?)?;
    // Off the curve are accounts of programs and tokens, and half of all slips: no key has such an address.
    let kinds = if VerifyingKey::from_bytes(&bytes).is_ok() { INFO.kinds } else { &[] };
    let warning =
        Warning::new("no-checksum", "Solana addresses have no checksum, so a mistyped character may not be found");
    Ok(ParsedAddress {
        address,
        networks: INFO.networks,
        kinds: kinds.iter().map(|kind| kind.id).collect(),
        warnings: vec![warning],
    })
}
