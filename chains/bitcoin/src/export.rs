//! A private key as text: wallet import format, both ways.

use keyark_core::{Curve, Error, ErrorKind, ImportedKey, Network, PointForm, PrivateKey, Result, SecretText, Warning};
use keyark_hd::{base58check, bip32};
use zeroize::Zeroizing;

use crate::chain::INFO;

const MAINNET: u8 = 0x80;
const TESTNETS: u8 = 0xef;
/// Behind the key when its public key is compressed.
const COMPRESSED: u8 = 0x01;

/// The WIF of `key`.
pub(crate) fn to_wif(key: &PrivateKey, network: Network) -> SecretText {
    let mut payload = Zeroizing::new(Vec::with_capacity(34));
    payload.push(if network == Network::Mainnet { MAINNET } else { TESTNETS });
    payload.extend_from_slice(key.expose());
    if key.form() == PointForm::Compressed {
        payload.push(COMPRESSED);
    }
    SecretText::new(base58check::encode(&payload).to_string())
}

/// Reads a WIF of any network.
pub(crate) fn from_wif(text: &SecretText) -> Result<ImportedKey> {
    let text = text.expose().trim();
    if let Some(error) = mistaken_for_wif(text) {
        return Err(error);
    }
    let payload = base58check::decode(text)?;
    let (version, form, key) = split(&payload).ok_or_else(|| {
        Error::malformed(
            "the checksum is right, but this is not a private key of Bitcoin",
            "a WIF starts with K, L or 5, on test networks with c or 9; an address is not a key",
        )
    })?;
    let networks: &'static [Network] = match version {
        MAINNET => &[Network::Mainnet],
        TESTNETS => &[Network::Testnet, Network::Signet, Network::Regtest],
        _ => {
            return Err(Error::malformed(
                "this private key is of another coin than Bitcoin",
                "a WIF of Bitcoin starts with K, L or 5, on test networks with c or 9",
            ));
        }
    };
    let private_key = PrivateKey::new(Curve::Secp256k1, key).with_form(form);
    bip32::public_key(&private_key)?; // zero and numbers above the order are not keys
    let old = Warning::new(
        "uncompressed",
        "this key is of the uncompressed form: its coins lie at its own p2pkh address and at no other",
    );
    let warnings = if form == PointForm::Uncompressed { vec![old] } else { Vec::new() };
    Ok(ImportedKey { private_key, format: INFO.key_format("wif")?, networks, warnings })
}

fn split(payload: &[u8]) -> Option<(u8, PointForm, &[u8; 32])> {
    let (version, rest) = payload.split_first()?;
    let (key, mark) = rest.split_first_chunk()?;
    match mark {
        [] => Some((*version, PointForm::Uncompressed, key)),
        [COMPRESSED] => Some((*version, PointForm::Compressed, key)),
        _ => None,
    }
}

/// What people paste in place of a WIF, by name.
fn mistaken_for_wif(text: &str) -> Option<Error> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (problem, remedy) = if text.starts_with("6P") {
        ("this key is encrypted under a password (BIP-38)", "decrypt it with the program that made it, and use the WIF")
    } else if text.get(1..4) == Some("prv") {
        (
            "this is an extended private key, not the key of an address",
            "it gives every key of an account: restore it in a wallet that reads it, and export the WIF of one address",
        )
    } else if is_hex {
        (
            "this is a private key in hexadecimal, which does not say its network nor the form of its public key",
            "use its wallet import format (WIF)",
        )
    } else {
        return None;
    };
    Some(Error::new(ErrorKind::Malformed, problem, remedy))
}
