//! A private key of which characters are missing or cannot be read.

use std::fmt;

use keyark_core::{
    Address, AddressKind, Chain, ChainKey, Error, ErrorKind, KeyFormat, Network, Result, SecretText, Warning,
};
use zeroize::Zeroizing;

use crate::amount::counted;
use crate::engine::Gauge;
use crate::forms::Form;
use crate::known::{self, Wanted};
use crate::search::Search;
use crate::task::{Amount, Task};

/// How many texts a block has.
const BLOCK: u128 = 1024;
/// More than this are never tried: a million a second take two weeks.
const MOST_TRIES: u128 = 1 << 40;
/// Without an address, more keys than this mean that the form has no checksum to tell them apart.
const MOST_KEYS: u64 = 100;

/// A search for the characters of a private key that are marked with `?`: in hexadecimal, in WIF, in base58.
pub type KeySearch = Search<Keys>;

/// Every text that a private key with unknown characters may be.
pub struct Keys {
    chain: &'static dyn Chain,
    network: Option<Network>,
    expected: Option<Wanted>,
    /// The text, and where the unknown characters are.
    text: Zeroizing<Vec<u8>>,
    unknown: Vec<usize>,
    form: &'static Form,
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
    /// [`ErrorKind::Usage`] where no character is marked, and for a network that the chain does not have;
    /// [`ErrorKind::Malformed`] for characters that the form does not have, by their place, for a form that is not completed, for what
    /// the chain says of the address, and for an address or a network that no key with this start has;
    /// [`ErrorKind::OutOfBounds`] for too many. The text is never repeated.
    pub fn new(
        chain: &'static dyn Chain,
        text: &SecretText,
        address: Option<&str>,
        network: Option<Network>,
    ) -> Result<Self> {
        network.map_or(Ok(()), |network| chain.info().check_network(network))?;
        let expected = address.map(|address| known::wanted(address.trim(), &[chain], network)).transpose()?;
        let expected = expected.and_then(|expected| expected.into_iter().next()); // of the one chain
        let text = Zeroizing::new(text.expose().trim().as_bytes().to_vec());
        let unknown: Vec<_> = (0..).zip(text.iter()).filter(|(_, byte)| **byte == b'?').map(|(at, _)| at).collect();
        if unknown.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "no character of the key is marked as unknown",
                "write a ? for each character that is missing or cannot be read",
            ));
        }
        let form = Form::of(chain, &text)?;
        let start = form.said_by_start(&text)?;
        network.map_or(Ok(()), |network| start.check_network(network))?;
        expected.as_ref().map_or(Ok(()), |expected| start.check_address(expected))?;
        let size = form.alphabet().len() as u128;
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
        let search = Self::of(Keys { chain, network, expected, text, unknown, form, count });
        Ok(if all { search.all() } else { search })
    }

    /// Whether the form of the key has a checksum, which few texts but the right one fit.
    pub fn has_checksum(&self) -> bool {
        self.task.form.has_checksum
    }
}

impl Keys {
    /// The text with the number `index`.
    fn text(&self, mut index: u128) -> Option<SecretText> {
        let mut text = self.text.clone();
        let alphabet = self.form.alphabet();
        let radix = alphabet.len() as u128;
        for at in self.unknown.iter().rev() {
            let letter = alphabet.get((index % radix) as usize)?; // below the radix
            *text.get_mut(*at)? = *letter;
            index /= radix;
        }
        Some(SecretText::from(std::str::from_utf8(&text).ok()?))
    }

    /// The key of a text, if it is one, and that of the address.
    fn key(&self, text: SecretText) -> Option<Completed> {
        let network = self.network.or(self.expected.as_ref().map(|expected| expected.network));
        let (key, format, warnings) = ChainKey::import(self.chain, &text, network).ok()?;
        let address = match &self.expected {
            None => None,
            Some(expected) => Some(kind_of(&key, expected)?),
        };
        Some(Completed { text, key, format, address, warnings })
    }
}

/// The kind under which the key has the address.
fn kind_of(key: &ChainKey, expected: &Wanted) -> Option<(&'static AddressKind, Address)> {
    let kinds = expected.kinds.iter();
    kinds.filter_map(|kind| Some((*kind, key.address(kind).ok()?))).find(|(_, address)| *address == expected.address)
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
        add(self.expected.as_ref().map(|expected| expected.address.as_str()).unwrap_or_default().as_bytes());
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
