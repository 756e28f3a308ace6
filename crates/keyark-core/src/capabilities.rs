//! What a chain advertises: what may leave, for which keys, and why not.

use std::fmt;

/// For each thing that could leave a wallet, whether it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// A private key in a text form.
    pub private_key: Exportable,
    /// A private key in a password-protected file.
    pub keystore: Exportable,
    /// A private key with its chain code, which gives every key below it.
    pub extended_private_key: Exportable,
    /// A public key with its chain code, which gives every address below it.
    pub extended_public_key: Exportable,
}

/// Whether a thing may leave, and for which keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exportable {
    /// For an account of one of the chain's kinds: extended keys at the account's own node; single keys there and below it.
    Account,
    /// For the address at the end of a path of one of the chain's kinds, and for nothing above it.
    ChildAddress,
    /// For no key, for this reason, in words for the person who asked.
    Denied {
        /// One or two sentences: why not, and what to do instead.
        reason: &'static str,
    },
}

impl Exportable {
    /// The stable name of the scope, as it stands in JSON: `account`, `child-address`, `denied`.
    pub const fn scope(&self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ChildAddress => "child-address",
            Self::Denied { .. } => "denied",
        }
    }
}

/// How much hangs on one key: everything, an account, or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    /// The master key: everything.
    Master,
    /// A key on the way to the accounts: every account hangs on it.
    AboveAccounts,
    /// The account node of one of the chain's kinds.
    Account,
    /// A key below the account node of one of the chain's kinds, at a path that is no address of the kind.
    WithinAccount,
    /// The address at the end of a path of one of the chain's kinds, or a key that stands alone.
    ChildAddress,
    /// A key at a path that no kind of the chain uses.
    Other,
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Master => "the master key",
            Self::AboveAccounts => "a key above every account",
            Self::Account => "an account key",
            Self::WithinAccount => "a key within an account, but not of an address",
            Self::ChildAddress => "the key of an address",
            Self::Other => "a key at a path that no address kind uses",
        })
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A thing that could leave. Each is a type, so that a permit for one cannot be used for another.
pub trait Export: sealed::Sealed {
    /// Which of the things it is, as a value.
    const ITEM: ExportItem;
}

/// A thing that holds the private key itself. A permit for an extended public key must not give that.
pub trait SecretExport: Export {}

impl SecretExport for PrivateKeyExport {}
impl SecretExport for KeystoreExport {}
impl SecretExport for ExtendedPrivateKeyExport {}

/// The things that could leave, as values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportItem {
    /// See [`Capabilities::private_key`].
    PrivateKey,
    /// See [`Capabilities::keystore`].
    Keystore,
    /// See [`Capabilities::extended_private_key`].
    ExtendedPrivateKey,
    /// See [`Capabilities::extended_public_key`].
    ExtendedPublicKey,
}

impl ExportItem {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::PrivateKey, Self::Keystore, Self::ExtendedPrivateKey, Self::ExtendedPublicKey];

    /// The stable name, as it stands in JSON: `private_key`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::PrivateKey => "private_key",
            Self::Keystore => "keystore",
            Self::ExtendedPrivateKey => "extended_private_key",
            Self::ExtendedPublicKey => "extended_public_key",
        }
    }

    /// Whether it is an extended key, which gives the keys or addresses below it.
    pub const fn is_extended(self) -> bool {
        matches!(self, Self::ExtendedPrivateKey | Self::ExtendedPublicKey)
    }
}

impl fmt::Display for ExportItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "private key",
            Self::Keystore => "keystore",
            Self::ExtendedPrivateKey => "extended private key",
            Self::ExtendedPublicKey => "extended public key",
        })
    }
}

impl Capabilities {
    /// What is said of `item`.
    pub const fn get(&self, item: ExportItem) -> Exportable {
        match item {
            ExportItem::PrivateKey => self.private_key,
            ExportItem::Keystore => self.keystore,
            ExportItem::ExtendedPrivateKey => self.extended_private_key,
            ExportItem::ExtendedPublicKey => self.extended_public_key,
        }
    }
}

/// [`Capabilities::private_key`] as a type.
#[derive(Debug)]
pub enum PrivateKeyExport {}
/// [`Capabilities::keystore`] as a type.
#[derive(Debug)]
pub enum KeystoreExport {}
/// [`Capabilities::extended_private_key`] as a type.
#[derive(Debug)]
pub enum ExtendedPrivateKeyExport {}
/// [`Capabilities::extended_public_key`] as a type.
#[derive(Debug)]
pub enum ExtendedPublicKeyExport {}

macro_rules! export_items {
    ($($name:ident => $item:ident),*) => {$(
        impl sealed::Sealed for $name {}
        impl Export for $name {
            const ITEM: ExportItem = ExportItem::$item;
        }
    )*};
}

export_items!(
    PrivateKeyExport => PrivateKey,
    KeystoreExport => Keystore,
    ExtendedPrivateKeyExport => ExtendedPrivateKey,
    ExtendedPublicKeyExport => ExtendedPublicKey
);
