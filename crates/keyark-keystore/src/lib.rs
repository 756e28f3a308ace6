//! One private key in one password-protected file: Web3 Secret Storage version 3, and its dialects.
//!
//! # A tour
//!
//! A key is sealed with a password into the text of a file, and opened again. This crate knows no curve, so it cannot
//! tell which address a key has; the caller derives it, and [`Opened::check_address`] compares. That step matters:
//! the format's checksum does not cover the field `iv`, and a file with a damaged `iv` opens to another key.
//!
//! ```
//! use keyark_core::{Curve, KeystoreCost, KeystoreSecret, PrivateKey, SecretText};
//! use keyark_keystore::{Keystore, seal};
//!
//! let key = PrivateKey::new(Curve::Secp256k1, &[0x42; 32]);
//! let address = "17c5185167401ed00cf5f5b2fc97d9bbfdb7d025"; // of this key, derived by chains/ethereum
//! let password = SecretText::from("a long password");
//!
//! let file = seal(&key, address, &password, KeystoreCost::ScryptStandard)?;
//! assert!(file.warnings.is_empty());
//!
//! let keystore = Keystore::parse(&file.text)?; // checks every bound; derives nothing yet
//! println!("{}", keystore.inspect().kdf); // scrypt, N=262144, r=8, p=1
//!
//! let opened = keystore.open(&password)?;
//! let checked = opened.check_address("0x17C5185167401eD00cF5F5b2fc97D9BBfDb7D025")?;
//! assert!(matches!(checked.secret, KeystoreSecret::Key(opened) if opened == key));
//! # Ok::<(), keyark_core::Error>(())
//! ```
//!
//! # What is read
//!
//! The files of geth, Foundry's cast, ethers, eth-account, web3.js, MyEtherWallet, Parity, Trust Wallet and imToken.
//! What is unusual about a file is said by [`Inspection::warnings`] and again when it is opened. Files of other
//! formats (version 1, presale wallets, EIP-2335, imToken's own versions) are named, not guessed at.
//!
//! # What is bounded
//!
//! [`limits`] holds every bound. [`Keystore::parse`] checks them all before anything is derived, so that a file
//! cannot ask for terabytes or for years; an error names what the file asks for and what is allowed.
//!
//! Derived keys, plaintexts and normalised passwords are erased after use. The working memory of scrypt belongs to
//! the library that computes it, which returns it to the allocator as it is.
#![forbid(unsafe_code)]

mod cipher;
mod dialect;
mod inspect;
mod json;
mod kdf;
pub mod limits;
mod open;
mod params;
mod parse;
mod password;
mod seal;

pub use dialect::Content;
pub use inspect::{Inspection, Strength};
pub use open::{Checked, Opened};
pub use params::Kdf;
pub use parse::Keystore;
pub use seal::seal;

/// The name of the format, as it stands in JSON.
pub const FORMAT: &str = "web3-v3";
