//! A private key of which characters are missing or cannot be read.

use std::fmt;
use std::ops::RangeInclusive;

use keyark_core::{
    Address, AddressKind, Chain, ChainKey, Error, ErrorKind, KeyFormat, Network, Result, SecretText, Warning,
};
use zeroize::Zeroizing;

use crate::amount::counted;
use crate::engine::Gauge;
use crate::search::Search;
use crate::task::{Amount, Task};

/// How many texts a block has.
const BLOCK: u128 = 1024;
/// More than this are never tried: a million a second take two weeks.
const MOST_TRIES: u128 = 1 << 40;
/// Without an address, more keys than this mean that the form has no checksum to tell them apart.
const MOST_KEYS: u64 = 100;
/// No private key is longer.
const LONGEST: usize = 256;

const HEX: &str = "0123456789abcdef";
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// A search for the characters of a private key that are marked with `?`: in hexadecimal, in WIF, in base58.
pub type KeySearch = Search<Keys>;

/// Every text that a private key with unknown characters may be.
pub struct Keys {
    chain: &'static dyn Chain,
    network: Option<Network>,
    expected: Option<Address>,
    /// The text, and where the unknown characters are.
    text: Zeroizing<Vec<u8>>,
    unknown: Vec<usize>,
    alphabet: &'static [u8],
    count: u128,
}

/// A private key whose characters are all there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Completed {
    /// The key as text, in the form in which it was given.
    pub text: SecretText,
    /// The key.
    pub key: ChainKey,
    /// The form.
    pub format: &'static KeyFormat,
    /// The address, where one was given.
    pub address: Option<(&'static AddressKind, Address)>,
    /// What is unusual about it.
    pub warnings: Vec<Warning>,
}

impl KeySearch {
    /// A search for the unknown characters of a private key of `chain`: for the key of the `address`, or without one for every key
    /// whose checksum is right. Where more than a hundred fit, because the form has no checksum, running it says so.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where no character is marked; [`ErrorKind::Malformed`] for characters that the form does not have,
    /// by their place, and for what the chain says of the address; [`ErrorKind::OutOfBounds`] for too many. The text is
    /// never repeated.
    pub fn new(
        chain: &'static dyn Chain,
        text: &SecretText,
        address: Option<&str>,
        network: Option<Network>,
    ) -> Result<Self> {
        let expected = address.map(|address| chain.parse_address(address)).transpose()?.map(|parsed| parsed.address);
        let text = Zeroizing::new(text.expose().trim().as_bytes().to_vec());
        if text.len() > LONGEST {
            return Err(Error::malformed(
                format!("this text has {} bytes, and no private key is as long", text.len()),
                "give one private key and nothing else",
            ));
        }
        let unknown: Vec<_> = (0..).zip(text.iter()).filter(|(_, byte)| **byte == b'?').map(|(at, _)| at).collect();
        if unknown.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "no character of the key is marked as unknown",
                "write a ? for each character that is missing or cannot be read",
            ));
        }
        let alphabet = alphabet(chain, &text)?;
        let size = alphabet.len() as u128;
        let count = unknown.iter().try_fold(1_u128, |count, _| count.checked_mul(size)).unwrap_or(u128::MAX);
        if count > MOST_TRIES {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!(
                    "{} unknown characters give {} keys to try, and no more than {} are tried",
                    unknown.len(),
                    counted(count),
                    counted(MOST_TRIES)
                ),
                format!("each character that you find out makes it {size} times fewer"),
            ));
        }
        let all = expected.is_none();
        let search = Self::of(Keys { chain, network, expected, text, unknown, alphabet, count });
        Ok(if all { search.all() } else { search })
    }
}

impl Keys {
    /// The text with the number `index`.
    fn text(&self, mut index: u128) -> Option<SecretText> {
        let mut text = self.text.clone();
        let radix = self.alphabet.len() as u128;
        for at in self.unknown.iter().rev() {
            let letter = self.alphabet.get((index % radix) as usize)?; // below the radix
            *text.get_mut(*at)? = *letter;
            index /= radix;
        }
        Some(SecretText::from(std::str::from_utf8(&text).ok()?))
    }

    /// The key of a text, if it is one, and that of the address.
    fn key(&self, text: SecretText) -> Option<Completed> {
        let (key, format, warnings) = ChainKey::import(self.chain, &text, self.network).ok()?;
        let address = match &self.expected {
            None => None,
            Some(expected) => Some(self.kind_of(&key, expected)?),
        };
        Some(Completed { text, key, format, address, warnings })
    }

    fn kind_of(&self, key: &ChainKey, expected: &Address) -> Option<(&'static AddressKind, Address)> {
        let info = self.chain.info();
        info.kinds.iter().flat_map(|kind| info.networks.iter().map(move |network| (kind, *network))).find_map(
            |(kind, network)| {
                let address = self.chain.address(key.public_key(), kind, network).ok()?;
                (address == *expected).then_some((kind, address))
            },
        )
    }
}

impl Task for Keys {
    type Found = Completed;

    fn block(&self, block: u64, gauge: &Gauge) -> Result<Option<Vec<Completed>>> {
        let mut found = Vec::new();
        for index in self.amount().range(block) {
            if index % 64 == 0 && gauge.stopped() {
                return Ok(None);
            }
            found.extend(self.text(index).and_then(|text| self.key(text)));
            gauge.add(1);
            if found.len() as u64 > MOST_KEYS {
                break; // it is refused, and the rest would be memory without use
            }
        }
        Ok(Some(found))
    }

    fn amount(&self) -> Amount {
        Amount { total: self.count, block: BLOCK, before: self.count, after: self.count, exact: true, places: 1 }
    }

    fn open_input(&self, add: &mut dyn FnMut(&[u8])) {
        add(self.chain.info().id.as_bytes());
        add(self.network.map(|network| network.id()).unwrap_or_default().as_bytes());
        add(self.expected.as_ref().map(Address::as_str).unwrap_or_default().as_bytes());
    }

    fn secret_input(&self) -> Zeroizing<Vec<u8>> {
        self.text.clone()
    }

    fn check_found(&self, found: u64) -> Result<()> {
        if found <= MOST_KEYS {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            format!("more than {MOST_KEYS} keys fit: this form has no checksum that tells the right one"),
            "give the address of the key",
        ))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, {} unknown characters, redacted)", self.chain.info().id, self.unknown.len())
    }
}

/// The characters that the unknown ones can be: those of the chain's text forms which have all known ones.
fn alphabet(chain: &dyn Chain, text: &[u8]) -> Result<&'static [u8]> {
    let known = match text {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        text => text,
    };
    let mut wrong = None;
    let mut lengths = Vec::new();
    for format in chain.info().key_formats {
        let (alphabet, length) = match format.id {
            "hex" => (HEX, 64..=64),
            "wif" => (BASE58, 51..=52),
            "base58-secret" => (BASE58, 32..=44), // 32 bytes, of which the first may be zeros
            "base58-keypair" => (BASE58, 64..=88),
            _ => continue,
        };
        let is_known = |byte: &u8| {
            *byte == b'?' || alphabet.as_bytes().contains(byte) || (alphabet == HEX && byte.is_ascii_hexdigit())
        };
        let part = if alphabet == HEX { known } else { text };
        match part.iter().position(|byte| !is_known(byte)) {
            None if length.contains(&part.len()) => return Ok(alphabet.as_bytes()),
            None => lengths.push(length),
            Some(at) => wrong = wrong.or(Some((at + text.len() - part.len(), format.id))),
        }
    }
    if !lengths.is_empty() {
        return Err(wrong_length(known, &lengths));
    }
    Err(match wrong {
        Some((at, "hex")) => Error::malformed(
            format!("character {} is not a hexadecimal digit", at + 1),
            "write a ? for it if it is not sure; the digits are 0 to 9 and the letters a to f",
        ),
        Some((at, id)) => Error::malformed(
            format!("character {} does not occur in the form {id}", at + 1),
            "write a ? for it if it is not sure; base58 has no 0, O, I and l",
        ),
        None => Error::new(
            ErrorKind::Usage,
            format!("{} has no text form of a private key whose characters could be found", chain.info().name),
            "give the key in another form",
        ),
    })
}

/// Of a key with too few or too many characters, the right one is not among those that are tried.
fn wrong_length(text: &[u8], lengths: &[RangeInclusive<usize>]) -> Error {
    let lengths: Vec<_> = lengths
        .iter()
        .map(|length| match (length.start(), length.end()) {
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        })
        .collect();
    Error::malformed(
        format!("a private key of this chain has {} characters, and this has {}", lengths.join(" or "), text.len()),
        "write a ? for each character that is missing, where it may be, and leave out what does not belong to the key",
    )
}
