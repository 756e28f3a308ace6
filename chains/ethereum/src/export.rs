//! A private key as text, both ways.

use keyark_core::{Curve, Error, PrivateKey, Result, SecretText, hex};
use keyark_hd::bip32;
use zeroize::Zeroizing;

/// 0x and 64 lower-case digits.
pub(crate) fn to_hex(key: &PrivateKey) -> SecretText {
    let digits = Zeroizing::new(hex::encode(key.expose()));
    let mut text = String::with_capacity(2 + digits.len());
    text.push_str("0x");
    text.push_str(&digits);
    text.into()
}

/// 64 digits of either case, with or without 0x, with white space around.
pub(crate) fn from_hex(text: &SecretText) -> Result<PrivateKey> {
    let text = text.expose().trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if digits.chars().count() != 64 {
        return Err(Error::malformed(
            format!(
                "an Ethereum private key has 64 hexadecimal digits, and this has {} characters",
                digits.chars().count()
            ),
            "check whether its start or end is missing; an address (40 digits) is not a key",
        ));
    }
    let bytes = Zeroizing::new(hex::decode(digits)?);
    let bytes = <&[u8; 32]>::try_from(bytes.as_slice())
        .map_err(|_| Error::malformed("an Ethereum private key has 32 bytes", "check the key"))?;
    let key = PrivateKey::new(Curve::Secp256k1, bytes);
    bip32::public_key(&key)?; // zero and numbers above the order are not keys
    Ok(key)
}
