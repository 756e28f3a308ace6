//! A private key as text, both ways, in three forms.

use keyark_core::{Curve, Error, KeyFormat, PrivateKey, PublicKey, Result, SecretText, Warning};
use keyark_hd::base58check::base58_error;
use keyark_hd::slip10;
use zeroize::Zeroizing;

use crate::chain::{ID_JSON, KEYPAIR, SECRET};

/// The key in the form `format`.
pub(crate) fn to_text(key: &PrivateKey, public: &PublicKey, format: &KeyFormat) -> Result<SecretText> {
    let mut keypair = Zeroizing::new(Vec::with_capacity(64));
    keypair.extend_from_slice(key.expose());
    keypair.extend_from_slice(public.as_bytes());
    Ok(SecretText::new(if format.id == ID_JSON.id {
        array(&keypair)
    } else if format.id == SECRET.id {
        bs58::encode(key.expose()).into_string()
    } else {
        bs58::encode(keypair.as_slice()).into_string()
    }))
}

/// `[12,34,…]`, as solana-keygen writes it.
fn array(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + 4 * bytes.len()); // never grows, so leaves no copy behind
    for byte in bytes {
        text.push(if text.is_empty() { '[' } else { ',' });
        for place in [100, 10, 1] {
            if *byte >= place || place == 1 {
                text.push(char::from(b'0' + byte / place % 10));
            }
        }
    }
    text.push(']');
    text
}

/// The key, the id of the form that it was in, and what to be told about it.
pub(crate) fn from_text(text: &SecretText) -> Result<(PrivateKey, &'static str, Vec<Warning>)> {
    let text = text.expose().trim();
    if text.starts_with('[') {
        return Ok((keypair(&numbers(text)?)?, ID_JSON.id, Vec::new()));
    }
    const LONGEST: usize = 88; // 64 bytes in base58
    if text.len() > LONGEST {
        return Err(Error::malformed(
            format!("a Solana private key has at most {LONGEST} base58 characters, and this has {}", text.len()),
            "check what was pasted; an id.json file starts with [",
        ));
    }
    let bytes = Zeroizing::new(bs58::decode(text).into_vec().map_err(|error| base58_error(&error))?);
    match bytes.len() {
        64 => Ok((keypair(&bytes)?, KEYPAIR.id, Vec::new())),
        32 => Ok((secret(&bytes)?, SECRET.id, vec![looks_like_an_address()])),
        length => Err(Error::malformed(
            format!("a Solana private key has 64 bytes, or 32 without its public half, and this has {length}"),
            "check whether its start or end is missing",
        )),
    }
}

fn looks_like_an_address() -> Warning {
    Warning::new(
        "unchecked-secret",
        "32 bytes in base58 have no checksum and look like an address; compare the address below with yours",
    )
}

/// The numbers of an id.json array; 64 of them, as solana-keygen demands.
fn numbers(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    const COUNT: usize = 64;
    let broken = |problem: String| {
        Error::malformed(problem, "an id.json file is one array of 64 numbers from 0 to 255, as in [12,34,…]")
    };
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(|| broken("the array has no end".to_owned()))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(COUNT));
    for (at, number) in inner.split(',').enumerate() {
        if at >= COUNT {
            return Err(broken(format!("the array has more than {COUNT} numbers")));
        }
        let number = number.trim();
        let digits_only = number.bytes().all(|byte| byte.is_ascii_digit());
        let byte = number.parse().ok().filter(|_| digits_only);
        bytes.push(byte.ok_or_else(|| broken(format!("entry {} of the array is not a number from 0 to 255", at + 1)))?);
    }
    if bytes.len() != COUNT {
        return Err(broken(format!("the array has {} numbers", bytes.len())));
    }
    Ok(bytes)
}

/// The secret half of a keypair, if the public half belongs to it.
fn keypair(bytes: &[u8]) -> Result<PrivateKey> {
    let (first, second) = bytes.split_at_checked(32).unwrap_or_default();
    let key = secret(first)?;
    if slip10::public_key(&key)?.as_bytes() != second {
        return Err(Error::malformed(
            "the two halves of the keypair do not belong together",
            "a character is wrong, or it was put together from two keys; signing with it would give the key away",
        ));
    }
    Ok(key)
}

fn secret(bytes: &[u8]) -> Result<PrivateKey> {
    let bytes = bytes.try_into().map_err(|_| Error::malformed("a Solana secret has 32 bytes", "check the key"))?;
    Ok(PrivateKey::new(Curve::Ed25519, bytes))
}
