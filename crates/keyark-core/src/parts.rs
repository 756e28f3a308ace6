//! The optional parts of the contract: keystores, and extended keys for watch-only wallets.

use std::ops::Range;

use crate::{
    Address, AddressKind, ChainCode, DerivationPath, ExportPermit, ExtendedPublicKeyExport, Fingerprint, KeyAddress,
    KeystoreExport, Network, PrivateKey, Result, SecretText, Seed, Warning,
};

/// Private keys in password-protected files.
pub trait KeystoreSupport: Send + Sync {
    /// The name of the format: `web3-v3`.
    fn format(&self) -> &'static str;

    /// Seals the private key that `permit` is for under `password` and returns the file's text.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) when the permit is for another chain, [`ErrorKind::Internal`](crate::ErrorKind::Internal) without randomness.
    fn seal(
        &self,
        permit: &ExportPermit<'_, KeystoreExport>,
        password: &SecretText,
        cost: KeystoreCost,
    ) -> Result<SealedKeystore>;

    /// Opens the text of a keystore file and checks the address that it names.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed), [`ErrorKind::OutOfBounds`](crate::ErrorKind::OutOfBounds), [`ErrorKind::WrongPassword`](crate::ErrorKind::WrongPassword), and
    /// [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) when the key is not the key of the file's address.
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
    /// What makes the key at `path` an extended key. Apart from [`Chain::derive`](crate::Chain::derive), because most keys are not exported
    /// as extended keys, and the fingerprints cost as much as the key.
    ///
    /// # Errors
    /// As [`Chain::derive`](crate::Chain::derive).
    fn extension(&self, seed: &Seed, path: &DerivationPath) -> Result<KeyExtension>;

    /// The account that `permit` is for, in the forms that watch-only wallets read.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) when the permit is for another chain, or not for an account of `kind`.
    fn export_public(
        &self,
        permit: &ExportPermit<'_, ExtendedPublicKeyExport>,
        kind: &AddressKind,
    ) -> Result<AccountExport>;

    /// Reads an extended public key.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for a wrong checksum, an unknown version, or a private key in its place.
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
pub trait WatchAccount: Send + Sync {
    /// The kind that the version bytes name, if they name one.
    fn kind(&self) -> Option<&'static AddressKind>;

    /// The networks that the version bytes allow.
    fn networks(&self) -> &'static [Network];

    /// The fingerprint of the account's key.
    fn fingerprint(&self) -> Fingerprint;

    /// How many steps the account's key is from its master key; accounts of BIP-44 and its like have 3.
    fn depth(&self) -> u8;

    /// The public keys at `change`/`range`, with their addresses of this `kind`, on this `network`. All of them are held in memory: ask for some
    /// thousands at a time.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`](crate::ErrorKind::OutOfBounds) when a step is 2^31 or more.
    fn addresses(
        &self,
        kind: &AddressKind,
        network: Network,
        change: u32,
        range: Range<u32>,
    ) -> Result<Vec<Result<KeyAddress>>>;
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
