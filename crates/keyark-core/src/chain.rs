//! The contract that a chain fulfils: one small trait, and data that says the rest.

use std::fmt;

use crate::{
    Address, BatchSupport, Capabilities, Curve, DerivationPath, Error, ErrorKind, ExportPermit, ExtendedKeySupport,
    ImportedKey, KeyFormat, KeystoreSupport, ParsedAddress, PathTemplate, Position, PrivateKey, PrivateKeyExport,
    PublicKey, Result, SecretText, Seed,
};

/// A chain, as keyark sees it: how keys become addresses, and what text forms a private key has.
///
/// Implementations are zero-sized statics, registered with [`register_chain!`](crate::register_chain).
/// They hold no policy: what may leave is said in [`ChainInfo::capabilities`] and enforced by this crate,
/// which alone can make the [`ExportPermit`] that the export methods ask for.
///
/// What not every chain has comes as an optional part ([`keystore`](Chain::keystore),
/// [`extended_keys`](Chain::extended_keys), [`batch`](Chain::batch)), never as a method that answers "unsupported".
pub trait Chain: Send + Sync + 'static {
    /// Who this chain is, and what it advertises.
    fn info(&self) -> &'static ChainInfo;

    /// The key at `location` of the wallet with this `seed`.
    ///
    /// # Errors
    /// Where the curve's scheme does not have that path (a step on Ed25519 that is not hardened).
    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey>;

    /// The public key of `key`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] when the bytes are not a key on the chain's curve.
    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey>;

    /// The address of `key`, of this `kind`, on this `network`.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] when the bytes are not a public key that this kind can have.
    fn address(&self, key: &PublicKey, kind: &AddressKind, network: Network) -> Result<Address>;

    /// Reads an address that a person typed or pasted, checks its checksum, and writes it in its normal form.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], with the position where the form allows to tell it.
    fn parse_address(&self, text: &str) -> Result<ParsedAddress>;

    /// Whether a text begins as only addresses of this chain do. Where it is wrong nevertheless, what this chain says of it is
    /// what counts. By default no beginning is this chain's alone.
    fn claims_address(&self, text: &str) -> bool {
        let _ = text;
        false
    }

    /// The private key that `permit` is for, in the text form `format`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when the permit is for another chain or the format is not this chain's.
    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText>;

    /// Reads a private key in any of the chain's text forms.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`]; the message never repeats the text.
    fn import_key(&self, text: &SecretText) -> Result<ImportedKey>;

    /// Encrypted keystore files, where the chain has a standard for them.
    fn keystore(&self) -> Option<&dyn KeystoreSupport> {
        None
    }

    /// Extended public keys and output descriptors, where the chain has them.
    fn extended_keys(&self) -> Option<&dyn ExtendedKeySupport> {
        None
    }

    /// Many keys at once, where the chain has a faster way than one after the other.
    fn batch(&self) -> Option<&dyn BatchSupport> {
        None
    }
}

/// Who a chain is and what it advertises: data, not code.
#[derive(Debug)]
pub struct ChainInfo {
    /// Stable, lower case, unique among the registered chains: `bitcoin`.
    pub id: &'static str,
    /// For people: `Bitcoin`.
    pub name: &'static str,
    /// The registered coin type (SLIP-44), without hardening.
    pub coin_type: u32,
    /// The curve of its keys.
    pub curve: Curve,
    /// The networks whose keys or addresses differ, the main one first.
    pub networks: &'static [Network],
    /// The kinds of address; exactly one is the default.
    pub kinds: &'static [AddressKind],
    /// The text forms of a private key, the default first.
    pub key_formats: &'static [KeyFormat],
    /// What may leave.
    pub capabilities: Capabilities,
}

impl ChainInfo {
    /// The coin type in the paths of `network`: every test network has 1 (SLIP-44).
    pub fn coin_on(&self, network: Network) -> u32 {
        if network == Network::Mainnet { self.coin_type } else { 1 }
    }

    /// The kind called `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], listing the known kinds.
    pub fn kind(&self, id: &str) -> Result<&'static AddressKind> {
        find(self.kinds, |kind| kind.id, id, "address kind", self.name)
    }

    /// The kind that is used when none is asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for a chain that names none, which the conformance suite refuses.
    pub fn default_kind(&self) -> Result<&'static AddressKind> {
        self.kinds.iter().find(|kind| kind.default).ok_or_else(|| {
            Error::new(
                ErrorKind::Internal,
                format!("the chain {} has no default address kind", self.id),
                "report this to the authors of the chain",
            )
        })
    }

    /// The text form called `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], listing the known forms.
    pub fn key_format(&self, id: &str) -> Result<&'static KeyFormat> {
        find(self.key_formats, |format| format.id, id, "private key format", self.name)
    }

    /// That `network` is one of this chain's.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`], listing the chain's networks.
    pub fn check_network(&self, network: Network) -> Result<()> {
        if self.networks.contains(&network) {
            return Ok(());
        }
        let known: Vec<_> = self.networks.iter().map(|network| network.id()).collect();
        Err(Error::new(
            ErrorKind::Usage,
            format!("{} has no keys or addresses of its own on {network}", self.name),
            format!("use one of: {}", known.join(", ")),
        ))
    }
}

fn find<T>(all: &'static [T], id_of: fn(&T) -> &'static str, id: &str, what: &str, chain: &str) -> Result<&'static T> {
    all.iter().find(|one| id_of(one) == id).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(id_of).collect();
        Error::new(
            ErrorKind::NotFound,
            format!("{chain} has no such {what}"),
            format!("use one of: {}", known.join(", ")),
        )
        .with_context("given", id.escape_debug())
    })
}

/// A network of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Network {
    /// The network whose coins have value.
    #[default]
    Mainnet,
    /// The public test network.
    Testnet,
    /// The signed test network (BIP-325).
    Signet,
    /// A private network for regression tests.
    Regtest,
}

impl Network {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Mainnet, Self::Testnet, Self::Signet, Self::Regtest];

    /// The stable name: `mainnet`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Mainnet => "mainnet",
            Self::Testnet => "testnet",
            Self::Signet => "signet",
            Self::Regtest => "regtest",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A kind of address: how it is derived and who uses it.
#[derive(Debug, PartialEq, Eq)]
pub struct AddressKind {
    /// Stable and unique within the chain: `p2wpkh`, `ledger-live`.
    pub id: &'static str,
    /// Where its keys are.
    pub source: KeySource,
    /// Whether it is meant when none is named.
    pub default: bool,
    /// The wallets that use it by default, as their users know them.
    pub used_by: &'static [&'static str],
}

/// Where the keys of an address kind come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySource {
    /// Derived at the paths of a template.
    Path(PathTemplate),
    /// The first 32 bytes of the seed, without derivation.
    SeedPrefix,
}

impl AddressKind {
    /// The template of its paths, if it has paths.
    pub fn template(&self) -> Option<PathTemplate> {
        match self.source {
            KeySource::Path(template) => Some(template),
            KeySource::SeedPrefix => None,
        }
    }

    /// Where the key at `position` is; `coin` is the coin type of the network ([`ChainInfo::coin_on`]).
    ///
    /// # Errors
    /// As [`PathTemplate::fill`]; [`ErrorKind::Usage`] for a second address of a kind that has only one.
    pub fn location(&self, coin: u32, position: Position) -> Result<KeyLocation> {
        match self.source {
            KeySource::Path(template) => template.fill(coin, position).map(KeyLocation::Path),
            KeySource::SeedPrefix if position == Position::default() => Ok(KeyLocation::SeedPrefix),
            KeySource::SeedPrefix => Err(Error::new(
                ErrorKind::Usage,
                format!("the kind {} has one address only", self.id),
                "leave the account and the index at 0, or choose another address kind",
            )),
        }
    }
}

/// Where one key of a wallet is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyLocation {
    /// At a path from the master key.
    Path(DerivationPath),
    /// The first 32 bytes of the seed.
    SeedPrefix,
}
