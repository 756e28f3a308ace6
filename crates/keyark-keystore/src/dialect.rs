//! What kind of file it is: which version, who wrote it, what it holds, and which address it names.

use keyark_core::{Error, Result, Warning};

use crate::json::{Fields, Json, shown, strip_0x};

/// What a file holds, by what it says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A private key, as the standard says.
    PrivateKey,
    /// A BIP-39 phrase, as Trust Wallet stores it.
    Phrase,
}

impl Content {
    /// The stable name, as it stands in JSON: `private-key`, `phrase`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::PrivateKey => "private-key",
            Self::Phrase => "phrase",
        }
    }
}

/// Passes version 3; any other format is named.
pub(crate) fn check_version(top: Fields<'_>, notes: &mut Vec<Warning>) -> Result<()> {
    if top.has("encseed") {
        return Err(Error::malformed(
            "the file is a wallet of Ethereum's presale of 2014, not a keystore of version 3",
            "open it with a program that reads presale wallets, such as MyCrypto or ethers, and save it as version 3",
        ));
    }
    let version = match top.get("version", notes)? {
        None => top.number("version", notes)?,
        Some(Json::Number(Some(version))) => *version,
        Some(Json::Text(text)) => {
            let version = text.parse().map_err(|_| top.wrong_type("version", "a whole number"))?;
            if version == 3 {
                notes.push(Warning::new(
                    "version-as-text",
                    "the file writes its version as text, \"3\", not as a number",
                ));
            }
            version
        }
        Some(_) => return Err(top.wrong_type("version", "a whole number")),
    };
    let (what, remedy) = match version {
        3 => return Ok(()),
        1 => (
            "a keystore of the first version, from 2014",
            "open it with geth, which still reads it, and save it as version 3",
        ),
        4 => ("the keystore of a validator's BLS key (EIP-2335)", "use the staking program that wrote it"),
        44 => (
            "imToken's own, and holds an extended private key instead of a private key",
            "restore the wallet from its phrase, or export the private key in imToken",
        ),
        10_000 | 10_001 | 11_000 | 11_001 | 12_000 | 12_001 => (
            "imToken's own, and not of the standard's form",
            "restore the wallet from its phrase, or export the keystore in imToken",
        ),
        _ => {
            ("not one that keyark knows", "keyark reads keystores of version 3; open it with the program that wrote it")
        }
    };
    Err(Error::malformed(format!("the keystore is of version {version}, not 3: it is {what}"), remedy))
}

/// Who wrote the file, where it carries that program's own fields. Nobody is guessed at.
pub(crate) fn writer(top: Fields<'_>) -> Option<&'static str> {
    if top.has("imTokenMeta") {
        Some("imToken")
    } else if top.has("x-ethers") {
        Some("ethers")
    } else if top.has("activeAccounts") && top.has("type") {
        Some("Trust Wallet")
    } else if top.plain_text("meta").is_some() && top.has("name") {
        Some("Parity")
    } else {
        None
    }
}

/// What the file says it holds.
pub(crate) fn content(top: Fields<'_>, notes: &mut Vec<Warning>) -> Result<Content> {
    for (field, what) in [
        ("x-ethers", "the entropy of the wallet's phrase"),
        ("encMnemonic", "the wallet's phrase"),
        ("encodedCrypto", "the key in another text form"),
    ] {
        // Without a phrase, x-ethers holds only names.
        let inner = top.plain(field).and_then(Fields::inner);
        if inner.is_some_and(|inner| field != "x-ethers" || inner.has("mnemonicCiphertext")) {
            let message =
                format!("the file holds {what} too, encrypted, in the field {field}; keyark does not read it");
            notes.push(Warning::new("more-secrets", message));
        }
    }
    match top.plain_text("type") {
        Some("mnemonic") => Ok(Content::Phrase),
        Some("watch") => Err(Error::malformed(
            "the file is a watch-only wallet: it holds no key",
            "use the file of the wallet that holds the key, or its phrase",
        )),
        _ => Ok(Content::PrivateKey),
    }
}

/// The address that the file names: in lower-case hexadecimal without 0x where it has that form, as found otherwise.
pub(crate) fn address(top: Fields<'_>, notes: &mut Vec<Warning>) -> Result<Option<String>> {
    let address = match top.get("address", notes)? {
        Some(Json::Text(text)) if !text.is_empty() => {
            let normal = normal_address(text)?;
            if strip_0x(text).len() < text.len() {
                notes.push(Warning::new(
                    "address-prefix",
                    "the file writes its address with 0x, which the standard does not have",
                ));
            }
            Some(normal)
        }
        Some(Json::Text(_)) | None => account_address(top)?,
        Some(_) => return Err(top.wrong_type("address", "text")),
    };
    if address.is_none() {
        notes.push(Warning::new(
            "no-address",
            "the file names no address, so the key could not be checked, and a damaged file can give another key: \
             compare the address with one that you know",
        ));
    }
    Ok(address)
}

/// Trust Wallet lists an address for each coin. Ethereum's comes first here, then one of its form, then any.
fn account_address(top: Fields<'_>) -> Result<Option<String>> {
    let Some(Json::List(accounts)) = top.plain("activeAccounts") else { return Ok(None) };
    let mut best: Option<(u8, String)> = None;
    for account in accounts.iter().filter_map(Fields::inner) {
        let Some(text) = account.plain_text("address").filter(|text| !text.is_empty()) else { continue };
        let normal = normal_address(text)?;
        let rank = match account.plain("coin") {
            Some(Json::Number(Some(60))) => 0, // SLIP-44
            _ if is_hex_address(&normal) => 1,
            _ => 2,
        };
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, normal));
        }
    }
    Ok(best.map(|(_, address)| address))
}

/// Refuses what is no address of any chain, and could not be shown: it ends up in messages.
fn normal_address(text: &str) -> Result<String> {
    if text.len() > 128 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::malformed(
            format!("the keystore's address, {}, is not an address of any chain", shown(text)),
            "the file is damaged; use another copy of it",
        ));
    }
    let digits = strip_0x(text);
    Ok(if is_hex_address(digits) { digits.to_ascii_lowercase() } else { text.to_owned() })
}

pub(crate) fn is_hex_address(digits: &str) -> bool {
    digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
