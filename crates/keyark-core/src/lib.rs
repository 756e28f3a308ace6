//! The vocabulary of keyark. No curve, no input or output.
//!
//! # A tour
//!
//! - [`Chain`] is the contract that a chain fulfils, [`ChainInfo`] the data that it is made of, and [`Registry`] the
//!   chains of this program.
//! - [`ChainKey`] is one private key of one chain, with where it came from. It gives public keys and addresses to
//!   anyone.
//! - [`Capabilities`] is what a chain advertises, [`ExportPolicy`] what a wallet allows of it, and [`ExportPermit`]
//!   the proof that both were asked: without one, no chain exports a key. (Whoever holds the seed
//!   can derive what it likes: the policy is no sandbox.)
//! - [`DerivationPath`] and [`RelativePath`] name keys; [`PathTemplate`] names those of an address kind.
//! - [`Seed`], [`PrivateKey`], [`SecretText`] are zeroized, redacted and compared in constant time.
//! - [`Error`] is the one error type: a kind for programs, a problem and a remedy for people.
//!
//! ```
//! use keyark_core::{DerivationPath, ErrorKind, SecretText, Seed};
//!
//! let path: DerivationPath = "m/84h/0h/0h/0/7".parse()?;
//! assert_eq!(path.to_string(), "m/84'/0'/0'/0/7");
//!
//! // A secret shows nothing of itself, and an error says what to do.
//! assert_eq!(format!("{:?}", SecretText::from("correct horse")), "SecretText(redacted)");
//! let error = Seed::new(&[0; 8]).unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::OutOfBounds);
//! println!("{error}\n  try: {}", error.remedy());
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! Wallets depend on the crate `keyark`; those who write a chain depend on this one.
#![forbid(unsafe_code)]

pub mod batch;
mod capabilities;
mod chain;
mod error;
mod export;
pub mod hex;
mod key;
mod parts;
mod path;
mod policy;
mod public;
pub mod random;
mod registry;
mod secret;
mod secure_copy;
mod template;

pub use batch::{BatchSupport, KeyAddress};
pub use capabilities::{
    Capabilities, Export, ExportItem, Exportable, ExtendedPrivateKeyExport, ExtendedPublicKeyExport, KeyScope,
    KeystoreExport, PrivateKeyExport, SecretExport,
};
pub use chain::{AddressKind, Chain, ChainInfo, KeyLocation, KeySource, Network};
pub use error::{Error, ErrorKind, Result, Warning};
pub use export::{CompletedKey, ExportedKey, complete};
#[doc(hidden)]
pub use inventory;
pub use key::{ChainKey, Fingerprint};
pub use parts::{
    AccountExport, ExtendedKeySupport, KeyExtension, KeystoreCost, KeystoreSecret, KeystoreSupport, OpenedKeystore,
    SealedKeystore, WatchAccount,
};
pub use path::{ChildNumber, DerivationPath, RelativePath};
pub use policy::{ExportGuard, ExportPermit, ExportPolicy};
pub use public::{Address, ImportedKey, KeyFormat, ParsedAddress, PublicKey};
pub use registry::{Registration, Registry};
pub use secret::{ChainCode, Curve, PointForm, PrivateKey, SecretText, Seed, is_invisible};
pub use secure_copy::{Cut, SecureCopy};
pub use template::{PathTemplate, Position, Step};
