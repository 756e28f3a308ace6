//! What is known of the wallet, by which the right phrase is told from the others.

use std::fmt;

use keyark_core::{
    Address, AddressKind, Chain, ChildNumber, Curve, Error, ErrorKind, Fingerprint, Network, PublicKey, Result, hex,
};
use keyark_hd::bip32::{ExtendedPublicKey, Version};

/// The most addresses in a list.
const MOST_ADDRESSES: usize = 1_000_000;

/// What is known of the wallet.
#[derive(Clone)]
pub struct Known(pub(crate) Target);

#[derive(Clone)]
pub(crate) enum Target {
    Addresses(Vec<Wanted>),
    Account(Account),
    Master(Fingerprint),
    Checksum,
}

/// An address, as one of the chains that it can belong to has it.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) chain: &'static dyn Chain,
    pub(crate) kinds: Vec<&'static AddressKind>,
    pub(crate) network: Network,
    pub(crate) address: Address,
}

/// An extended public key.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) key: PublicKey,
    pub(crate) depth: u8,
    pub(crate) child: ChildNumber,
    /// The chains that have such keys, with the kind that the key names.
    pub(crate) chains: Vec<(&'static dyn Chain, Option<&'static AddressKind>, Network)>,
}

impl Known {
    /// An address of any of `chains`, on `network` or on the first one that it can belong to.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] where no chain reads it (with what each says: a wrong checksum, by its position), where it
    /// belongs to another network, and for an address of a kind that keyark derives none of.
    pub fn address(text: &str, chains: &[&'static dyn Chain], network: Option<Network>) -> Result<Self> {
        wanted(text.trim(), chains, network).map(|wanted| Self(Target::Addresses(wanted)))
    }

    /// A list of addresses, one on each line, of any of `chains`; empty lines and those that begin with `#` are left out. One
    /// of them suffices to find the wallet.
    ///
    /// # Errors
    /// As [`address`](Self::address), with the line; [`ErrorKind::Usage`] for a list without addresses;
    /// [`ErrorKind::OutOfBounds`] for more than a million.
    pub fn addresses(text: &str, chains: &[&'static dyn Chain], network: Option<Network>) -> Result<Self> {
        let mut all = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            all.extend(wanted(line, chains, network).map_err(|error| error.with_context("line", at))?);
            if all.len() > MOST_ADDRESSES {
                return Err(Error::new(
                    ErrorKind::OutOfBounds,
                    format!("the list has more than {MOST_ADDRESSES} addresses"),
                    "give some that you are sure of; one suffices",
                ));
            }
        }
        if all.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "the list has no addresses", "write one address on each line"));
        }
        Ok(Self(Target::Addresses(all)))
    }

    /// An extended public key (`xpub…`, `zpub…`) of an account, or of the master key, of any of `chains`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a wrong checksum, a private key in its place, and where none of the chains has
    /// extended keys.
    pub fn extended_key(text: &str, chains: &[&'static dyn Chain]) -> Result<Self> {
        let (key, version) = ExtendedPublicKey::parse(text)?;
        let mut errors = Vec::new();
        let mut readers = Vec::new();
        for chain in chains {
            let Some(support) = chain.extended_keys() else {
                // Other wallets export such keys of chains for which keyark does not: the key alone tells its account.
                if chain.info().curve == Curve::Secp256k1 && version == Version::XPUB {
                    readers.push((*chain, None, Network::Mainnet));
                }
                continue;
            };
            match support.read_public(text.trim()) {
                Ok(account) => {
                    let network = account.networks().first().copied().unwrap_or_default();
                    readers.push((*chain, account.kind(), network));
                }
                Err(error) => errors.push(error),
            }
        }
        if readers.is_empty() {
            return Err(errors.into_iter().next().unwrap_or_else(|| {
                Error::malformed("none of these chains has extended public keys", "give an address in its place")
            }));
        }
        let (depth, child) = (key.depth(), key.child_number());
        Ok(Self(Target::Account(Account { key: key.public_key(), depth, child, chains: readers })))
    }

    /// The fingerprint of the master key, eight hexadecimal digits, as descriptors and hardware wallets show it. It is
    /// short: of four billion wrong phrases, one has the same.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for any other text.
    pub fn fingerprint(text: &str) -> Result<Self> {
        let bytes = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| {
            Error::malformed(
                "this is not a fingerprint, which has eight hexadecimal digits",
                "copy it from the descriptor, where it stands behind the [, or from the hardware wallet",
            )
        })?;
        Ok(Self(Target::Master(Fingerprint(bytes))))
    }

    /// Nothing but the checksum of the words: every phrase in which it is right is a match. For a person who can look through them.
    pub fn checksum() -> Self {
        Self(Target::Checksum)
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Addresses(all) => write!(f, "Known({} addresses)", all.len()),
            Target::Account(account) => write!(f, "Known(extended key, depth {})", account.depth),
            Target::Master(fingerprint) => write!(f, "Known({fingerprint:?})"),
            Target::Checksum => f.write_str("Known(checksum)"),
        }
    }
}

/// What each chain that reads the address makes of it.
pub(crate) fn wanted(text: &str, chains: &[&'static dyn Chain], network: Option<Network>) -> Result<Vec<Wanted>> {
    let mut said = Vec::new();
    let mut found = Vec::new();
    let mut refused = None;
    for chain in chains {
        match chain.parse_address(text) {
            Err(error) if chain.claims_address(text) => refused = Some(error),
            Err(error) => said.push((chain.info().name, error)),
            Ok(parsed) => {
                let own = parsed.networks.first().copied().unwrap_or_default();
                let asked = network.unwrap_or(own);
                if !parsed.networks.contains(&asked) {
                    refused = Some(other_network(chain.info().name, own, asked));
                    continue;
                }
                let kinds: Vec<_> = chain.info().kinds.iter().filter(|kind| parsed.kinds.contains(&kind.id)).collect();
                if kinds.is_empty() {
                    let problem = format!("keyark derives no addresses of this kind on {}", chain.info().name);
                    refused = Some(Error::malformed(
                        problem,
                        "see whether each character is right; if so, give another address of the wallet, of one key alone",
                    ));
                    continue;
                }
                found.push(Wanted { chain: *chain, kinds, network: asked, address: parsed.address });
            }
        }
    }
    match (found.is_empty(), refused, said.as_slice()) {
        (false, ..) => Ok(found),
        (true, Some(error), _) => Err(error),
        (true, None, [(_, error)]) => Err(error.clone()),
        (true, None, []) => Err(Error::new(ErrorKind::Usage, "there is no chain to read the address", "name a chain")),
        (true, None, all) => {
            let parts: Vec<_> = all.iter().map(|(name, error)| format!("{name}: {}", error.problem())).collect();
            Err(Error::malformed(
                format!("no chain reads this address ({})", parts.join("; ")),
                "copy it again, every character of it",
            ))
        }
    }
}

fn other_network(chain: &str, own: Network, asked: Network) -> Error {
    Error::malformed(
        format!("this address of {chain} is for {own}, not for {asked}"),
        format!("leave the network away, or give an address of {asked}"),
    )
}
