//! The text forms of a private key whose unknown characters can be found.

use std::ops::RangeInclusive;

use keyark_core::{Chain, Error, ErrorKind, Network, Result};

use crate::known::Wanted;

const HEX: &str = "0123456789abcdef";
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// No form that is completed is longer.
const LONGEST: usize = 256;

/// A text form.
pub(crate) struct Form {
    id: &'static str,
    alphabet: &'static str,
    length: RangeInclusive<usize>,
    /// Whether few texts but the right one are a key.
    pub(crate) has_checksum: bool,
}

/// In the order in which they are told apart.
static FORMS: [Form; 4] = [
    Form { id: "hex", alphabet: HEX, length: 64..=64, has_checksum: false },
    Form { id: "wif", alphabet: BASE58, length: 51..=52, has_checksum: true },
    // Its public half follows from the other one.
    Form { id: "base58-keypair", alphabet: BASE58, length: 64..=88, has_checksum: true },
    // 32 bytes, of which the first may be zeros.
    Form { id: "base58-secret", alphabet: BASE58, length: 32..=44, has_checksum: false },
];

impl Form {
    /// The form of `chain` that has all known characters of `text`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a form that is not completed, for characters that the form does not have, by their place, and
    /// for another length; [`ErrorKind::Usage`] for a chain without such forms.
    pub(crate) fn of(chain: &dyn Chain, text: &[u8]) -> Result<&'static Self> {
        let is_of_chain = |form: &&Self| chain.info().key_formats.iter().any(|format| format.id == form.id);
        let forms: Vec<_> = FORMS.iter().filter(is_of_chain).collect();
        if text.first() == Some(&b'[') {
            return Err(not_completed(chain, "an array of numbers", &forms));
        }
        if is_hex(text) && forms.iter().all(|form| form.alphabet != HEX) {
            return Err(not_completed(chain, "in hexadecimal", &forms));
        }
        if text.len() > LONGEST {
            return Err(Error::malformed(
                format!("this text has {} bytes, and no private key is as long", text.len()),
                "give one private key and nothing else",
            ));
        }
        let mut wrong = None;
        let mut lengths = Vec::new();
        for form in forms {
            let part = if form.alphabet == HEX { without_prefix(text) } else { text };
            match part.iter().position(|byte| !form.has(*byte)) {
                None if form.length.contains(&part.len()) => return Ok(form),
                None => lengths.push(in_words(&form.length)),
                Some(at) => wrong = wrong.or(Some((at + text.len() - part.len(), form))),
            }
        }
        match wrong {
            _ if !lengths.is_empty() => Err(wrong_length(without_prefix(text).len(), &lengths)),
            Some((at, form)) => Err(form.has_not(at)),
            None => Err(Error::new(
                ErrorKind::Usage,
                format!("{} has no text form of a private key whose characters could be found", chain.info().name),
                "give the key in another form",
            )),
        }
    }

    /// What an unknown character can be.
    pub(crate) fn alphabet(&self) -> &'static [u8] {
        self.alphabet.as_bytes()
    }

    fn has(&self, byte: u8) -> bool {
        let byte = if self.alphabet == HEX { byte.to_ascii_lowercase() } else { byte };
        byte == b'?' || self.alphabet().contains(&byte)
    }

    fn has_not(&self, at: usize) -> Error {
        let (problem, remedy) = match self.alphabet == HEX {
            true => ("is not a hexadecimal digit".to_owned(), "the digits are 0 to 9 and the letters a to f"),
            false => (format!("does not occur in the form {}", self.id), "base58 has no 0, O, I and l"),
        };
        let remedy = format!("write a ? for it if it is not sure; {remedy}");
        Error::malformed(format!("character {} {problem}", at + 1), remedy)
    }

    /// What the first character and the length say of the key, where the form is one in which they do.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] where no key begins so.
    pub(crate) fn said_by_start(&self, text: &[u8]) -> Result<Start> {
        const TESTNETS: &[Network] = &[Network::Testnet, Network::Signet, Network::Regtest];
        const MAINNET: &[Network] = &[Network::Mainnet];
        // Wallet import format: the version byte is its start, and the mark of the compressed form makes it longer.
        let uncompressed = text.len() == 51;
        let networks = match (self.id, text.first(), uncompressed) {
            ("wif", Some(b'K' | b'L'), false) | ("wif", Some(b'5'), true) => Some(MAINNET),
            ("wif", Some(b'c'), false) | ("wif", Some(b'9'), true) => Some(TESTNETS),
            ("wif", Some(b'?'), _) => None,
            ("wif", ..) => {
                return Err(Error::malformed(
                    format!("this begins as no private key of {} characters does", text.len()),
                    "the first of 52 is K or L, or c on test networks; of 51 it is 5, or 9: write a ? for it if it is not sure, \
                     or for the character that is missing",
                ));
            }
            _ => return Ok(Start::default()),
        };
        Ok(Start { networks, uncompressed })
    }
}

/// What the start of a key says of it.
#[derive(Default)]
pub(crate) struct Start {
    /// The networks that it can be for; `None` for all of the chain.
    networks: Option<&'static [Network]>,
    /// Whether its public key is of the uncompressed form.
    uncompressed: bool,
}

impl Start {
    /// That the key can be for the network that was asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`].
    pub(crate) fn check_network(&self, asked: Network) -> Result<()> {
        let Some(own) = self.other_than(asked) else { return Ok(()) };
        Err(Error::malformed(
            format!("this private key begins as one for {own}, not for {asked}"),
            format!("ask for {own}; or write a ? for its first character, if that is not sure"),
        ))
    }

    /// That the key can have this address.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`].
    pub(crate) fn check_address(&self, wanted: &Wanted) -> Result<()> {
        if let Some(own) = self.other_than(wanted.network) {
            return Err(Error::malformed(
                format!("this address is for {}, and the private key begins as one for {own}", wanted.network),
                format!("give its address on {own}; or write a ? for its first character, if that is not sure"),
            ));
        }
        // BIP-143, "Restrictions on public key type".
        match wanted.kinds.as_slice() {
            [kind, ..] if self.uncompressed && wanted.kinds.iter().all(|kind| kind.id != "p2pkh") => {
                Err(Error::malformed(
                    format!(
                        "a private key of 51 characters is of the uncompressed form, which has no {} address",
                        kind.id
                    ),
                    "give its p2pkh address; or write a ? for the character that is missing, where it may be",
                ))
            }
            _ => Ok(()),
        }
    }

    /// The network that the key is for, where it is not for this one.
    fn other_than(&self, network: Network) -> Option<Network> {
        self.networks.filter(|own| !own.contains(&network))?.first().copied()
    }
}

/// Hexadecimal text of 32 bytes, or of any length where its prefix tells it: no other form begins so.
fn is_hex(text: &[u8]) -> bool {
    let digits = without_prefix(text);
    let is_digit = |byte: &u8| *byte == b'?' || byte.is_ascii_hexdigit();
    digits.len() < text.len() || (digits.len() == 64 && digits.iter().all(is_digit))
}

fn without_prefix(text: &[u8]) -> &[u8] {
    match text {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        text => text,
    }
}

fn in_words(length: &RangeInclusive<usize>) -> String {
    match (length.start(), length.end()) {
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    }
}

/// Nothing is wrong with its characters.
fn not_completed(chain: &dyn Chain, form: &str, completed: &[&Form]) -> Error {
    let completed: Vec<_> =
        completed.iter().map(|form| format!("{} ({} characters)", form.id, in_words(&form.length))).collect();
    let name = chain.info().name;
    Error::malformed(
        format!("this key is {form}, a form that is not completed for {name}"),
        format!("give it in a form that is: for {name}, {}", completed.join(" or ")),
    )
}

/// Of a key with too few or too many characters, the right one is not among those that are tried.
fn wrong_length(own: usize, lengths: &[String]) -> Error {
    Error::malformed(
        format!("a private key of this chain has {} characters, and this has {own}", lengths.join(" or ")),
        "write a ? for each character that is missing, where it may be, and leave out what does not belong to the key",
    )
}
