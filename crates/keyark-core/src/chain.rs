//! The contract that a chain fulfils: one small trait, and data that says the rest.

use std::fmt;
use std::ops::Range;

use crate::{
    Capabilities, ChainCode, Curve, Cut, Error, ErrorKind, ExportPermit, ExtendedPublicKeyExport, KeystoreExport,
    PathTemplate, PrivateKey, PrivateKeyExport, Result, SecretText, Seed, Warning,
};
use crate::{DerivationPath, Fingerprint};

/// A chain, as keyark sees it: how keys become addresses, and what text forms a private key has.
///
/// Implementations are zero-sized statics, registered with [`register_chain!`](crate::register_chain).
/// They hold no policy: what may leave is said in [`ChainInfo::capabilities`] and enforced by this crate,
/// which alone can make the [`ExportPermit`] that the export methods ask for.
///
/// What not every chain has comes as an optional part ([`keystore`](Chain::keystore),
/// [`extended_keys`](Chain::extended_keys)), never as a method that answers "unsupported".
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
}

/// Private keys in password-protected files.
pub trait KeystoreSupport: Send + Sync {
    /// The name of the format: `web3-v3`.
    fn format(&self) -> &'static str;

    /// Seals the private key that `permit` is for under `password` and returns the file's text.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when the permit is for another chain, [`ErrorKind::Internal`] without randomness.
    fn seal(
        &self,
        permit: &ExportPermit<'_, KeystoreExport>,
        password: &SecretText,
        cost: KeystoreCost,
    ) -> Result<SealedKeystore>;

    /// Opens the text of a keystore file and checks the address that it names.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`], [`ErrorKind::OutOfBounds`], [`ErrorKind::WrongPassword`], and
    /// [`ErrorKind::Mismatch`] when the key is not the key of the file's address.
    fn open(&self, file: &str, password: &SecretText) -> Result<OpenedKeystore>;
}

/// What it costs to guess at the password of a keystore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeystoreCost {
    /// scrypt with N = 262144, r = 8, p = 1: about a second and 256 MiB for each guess.
    #[default]
    ScryptStandard,
    /// scrypt with N = 4096, r = 8, p = 6: geth's light profile, for each guess 11 times less work and 64 times less
    /// memory.
    ScryptLight,
    /// PBKDF2-HMAC-SHA-256 with 1,000,000 rounds, for programs that cannot do scrypt.
    Pbkdf2Standard,
    /// PBKDF2-HMAC-SHA-256 with 262,144 rounds, the count of the first wallets: four times cheaper to guess at.
    Pbkdf2Light,
}

/// A keystore file as made.
#[derive(Clone, Debug)]
pub struct SealedKeystore {
    /// The file's text. Encrypted, so not a secret, but worth guarding.
    pub text: String,
    /// What the person must be told: a light profile, a password that other programs spell differently.
    pub warnings: Vec<Warning>,
}

/// What was in a keystore file.
#[derive(Debug)]
pub struct OpenedKeystore {
    /// The private key, or the words that some wallets put in its place.
    pub secret: KeystoreSecret,
    /// The address of the key, derived and compared with the one that the file names. `None` for words, which have many.
    pub address: Option<Address>,
    /// The address that the file names, as it stands there.
    pub named_address: Option<String>,
    /// What is unusual or weak about the file.
    pub warnings: Vec<Warning>,
}

/// The secret in a keystore file.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeystoreSecret {
    /// A private key, as the standard says.
    Key(PrivateKey),
    /// A BIP-39 phrase, as Trust Wallet stores it.
    Phrase(SecretText),
}

/// Extended public keys, output descriptors, and addresses from them.
pub trait ExtendedKeySupport: Send + Sync {
    /// What makes the key at `path` an extended key. Apart from [`Chain::derive`], because most keys are not exported
    /// as extended keys, and the fingerprints cost as much as the key.
    ///
    /// # Errors
    /// As [`Chain::derive`].
    fn extension(&self, seed: &Seed, path: &DerivationPath) -> Result<KeyExtension>;

    /// The account that `permit` is for, in the forms that watch-only wallets read.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when the permit is for another chain, or not for an account of `kind`.
    fn export_public(
        &self,
        permit: &ExportPermit<'_, ExtendedPublicKeyExport>,
        kind: &AddressKind,
    ) -> Result<AccountExport>;

    /// Reads an extended public key.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a wrong checksum, an unknown version, or a private key in its place.
    fn read_public(&self, text: &str) -> Result<Box<dyn WatchAccount>>;
}

/// The public half of an account, for watch-only wallets.
#[derive(Clone, Debug)]
pub struct AccountExport {
    /// The account's extended public key with BIP-32's version bytes: `xpub…`, `tpub…`.
    pub xpub: String,
    /// The same with the version bytes of SLIP-132 that name the kind: `zpub…`. `None` where there are none.
    pub slip132: Option<String>,
    /// The output descriptor with key origin and checksum (BIP-380), of the receiving and the change addresses (BIP-389).
    pub descriptor: String,
    /// The descriptor of the receiving addresses alone, for programs that do not read BIP-389.
    pub receive_descriptor: String,
    /// The descriptor of the change addresses alone, for programs that do not read BIP-389.
    pub change_descriptor: String,
    /// What the person must be told before it leaves.
    pub warnings: Vec<Warning>,
}

/// An account of which only the public half is known.
pub trait WatchAccount: Send {
    /// The kind that the version bytes name, if they name one.
    fn kind(&self) -> Option<&'static AddressKind>;

    /// The networks that the version bytes allow.
    fn networks(&self) -> &'static [Network];

    /// The fingerprint of the account's key.
    fn fingerprint(&self) -> Fingerprint;

    /// How many steps the account's key is from its master key; accounts of BIP-44 and its like have 3.
    fn depth(&self) -> u8;

    /// The public keys at `change`/`range`, one after the other.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] when a step is 2^31 or more.
    fn public_keys(&self, change: u32, range: Range<u32>) -> Result<Box<dyn Iterator<Item = Result<PublicKey>> + '_>>;
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

/// What makes a key an extended key (BIP-32, "Extended keys").
#[derive(Debug)]
pub struct KeyExtension {
    /// The chain code.
    pub chain_code: ChainCode,
    /// The fingerprint of the parent; four zeros for the master key.
    pub parent: Fingerprint,
    /// The fingerprint of the master key, which descriptors name.
    pub master: Fingerprint,
}

/// A private key as read from its text form.
#[derive(Debug)]
pub struct ImportedKey {
    /// The key.
    pub private_key: PrivateKey,
    /// The form it was in.
    pub format: &'static KeyFormat,
    /// The networks that the form allows.
    pub networks: &'static [Network],
    /// What is unusual about it.
    pub warnings: Vec<Warning>,
}

/// A text form of a private key.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyFormat {
    /// Stable and unique within the chain: `wif`.
    pub id: &'static str,
    /// For people: what it is and what reads it.
    pub name: &'static str,
    /// How a secure copy of it is cut.
    pub cut: Cut,
}

/// A public key: 33 or 65 bytes of SEC 1 on secp256k1, 32 bytes of RFC 8032 on Ed25519.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey {
    curve: Curve,
    len: u8,
    bytes: [u8; 65],
}

impl PublicKey {
    /// A public key from its bytes; whether they are a point is known to those who know the curve.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a length that the curve's keys do not have.
    pub fn new(curve: Curve, key: &[u8]) -> Result<Self> {
        let fits = match curve {
            Curve::Secp256k1 => key.len() == 33 || key.len() == 65,
            Curve::Ed25519 => key.len() == 32,
        };
        let mut bytes = [0; 65];
        match (fits, bytes.get_mut(..key.len())) {
            (true, Some(place)) => place.copy_from_slice(key),
            _ => {
                return Err(Error::malformed(
                    format!("a public key on {} does not have {} bytes", curve.id(), key.len()),
                    "33 or 65 bytes on secp256k1, 32 on ed25519",
                ));
            }
        }
        Ok(Self { curve, len: key.len() as u8, bytes }) // at most 65
    }

    /// A compressed public key on secp256k1.
    pub fn compressed(key: [u8; 33]) -> Self {
        let mut bytes = [0; 65];
        for (place, byte) in bytes.iter_mut().zip(key) {
            *place = byte;
        }
        Self { curve: Curve::Secp256k1, len: 33, bytes }
    }

    /// The curve it is a point of.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {})", self.curve.id(), crate::hex::encode(self.as_bytes()))
    }
}

/// An address in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// Takes an address over that its chain has made or checked.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An address as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedAddress {
    /// In its normal form.
    pub address: Address,
    /// The networks that it can belong to.
    pub networks: &'static [Network],
    /// The kinds that it can be of, by their ids.
    pub kinds: Vec<&'static str>,
    /// What could not be checked: an address without a checksum.
    pub warnings: Vec<Warning>,
}
