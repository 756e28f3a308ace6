//! Dogecoin for keyark, as somebody outside this workspace would write it: a pattern to copy.
//!
//! It needs `keyark-core` for the contract, `keyark-hd` for the keys and Base58Check, and a library for the hash.
#![allow(unreachable_pub)] // it would be a crate of its own, and this its lib.rs

use bitcoin::hashes::{Hash, hash160};
use keyark_core::{
    Address, AddressKind, Capabilities, Chain, ChainInfo, Curve, Cut, Error, ErrorKind, ExportPermit, Exportable,
    ImportedKey, KeyFormat, KeyLocation, KeySource, Network, ParsedAddress, PathTemplate, PrivateKey, PrivateKeyExport,
    PublicKey, Result, SecretText, Seed, Step,
};
use keyark_hd::{base58check, bip32};
use zeroize::Zeroizing;

/// Dogecoin.
#[derive(Debug)]
pub struct Dogecoin;

/// Dogecoin, as it registers itself.
pub static DOGECOIN: Dogecoin = Dogecoin;

keyark_core::register_chain!(DOGECOIN);

/// Who the chain is and what may leave it: data, not code.
pub static INFO: ChainInfo = ChainInfo {
    id: "dogecoin",
    name: "Dogecoin",
    coin_type: 3, // SLIP-44
    curve: Curve::Secp256k1,
    networks: &[Network::Mainnet],
    kinds: &[AddressKind {
        id: "p2pkh",
        source: KeySource::Path(PathTemplate::new(&[
            Step::Hardened(44),
            Step::Coin,
            Step::Account,
            Step::Change,
            Step::Index,
        ])),
        default: true,
        used_by: &["Trust Wallet", "Trezor Suite", "Ledger Live"],
    }],
    key_formats: &[WIF],
    capabilities: Capabilities {
        private_key: Exportable::ChildAddress,
        keystore: Exportable::Denied {
            reason: "Dogecoin has no standard for encrypted keystore files; back up the words",
        },
        extended_private_key: Exportable::Denied {
            reason: "an extended private key gives every key of the account; back up the words",
        },
        extended_public_key: Exportable::Denied {
            reason: "this example writes no extended public keys; share addresses instead",
        },
    },
};

/// As Bitcoin's: 16 characters off the end are 93 bits, 40 of which (the checksum and the mark) follow from the rest.
const WIF: KeyFormat = KeyFormat {
    id: "wif",
    name: "wallet import format, read by Dogecoin Core",
    cut: Cut::End { characters: 16, hidden_bits: 53 },
};

/// The first byte of an address (Dogecoin Core, `base58Prefixes[PUBKEY_ADDRESS]`).
const ADDRESS: u8 = 30;
/// The first byte of a private key (Dogecoin Core, `base58Prefixes[SECRET_KEY]`).
const SECRET: u8 = 158;
/// Behind the key when its public key is compressed.
const COMPRESSED: u8 = 1;

impl Chain for Dogecoin {
    fn info(&self) -> &'static ChainInfo {
        &INFO
    }

    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey> {
        match location {
            KeyLocation::Path(path) => bip32::derive(seed, path),
            _ => Err(Error::new(ErrorKind::Usage, "Dogecoin keys have a path", "name a path or an address kind")),
        }
    }

    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey> {
        bip32::public_key(key)
    }

    fn address(&self, key: &PublicKey, _kind: &AddressKind, _network: Network) -> Result<Address> {
        let mut payload = vec![ADDRESS];
        payload.extend_from_slice(hash160::Hash::hash(key.as_bytes()).as_byte_array());
        Ok(Address::new(base58check::encode(&payload).to_string()))
    }

    fn parse_address(&self, text: &str) -> Result<ParsedAddress> {
        match base58check::decode(text.trim())?.as_slice() {
            [ADDRESS, hash @ ..] if hash.len() == 20 => Ok(ParsedAddress {
                address: Address::new(text.trim().to_owned()),
                networks: INFO.networks,
                kinds: vec!["p2pkh"],
                warnings: Vec::new(),
            }),
            _ => Err(Error::malformed("this is not an address of Dogecoin", "it starts with D; check the chain")),
        }
    }

    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText> {
        INFO.key_format(format.id)?;
        let mut payload = Zeroizing::new(Vec::with_capacity(34)); // never grows, so leaves no copy behind
        payload.push(SECRET);
        payload.extend_from_slice(permit.private_key(&INFO)?.expose());
        payload.push(COMPRESSED);
        Ok(SecretText::new(base58check::encode(&payload).to_string()))
    }

    fn import_key(&self, text: &SecretText) -> Result<ImportedKey> {
        let payload = base58check::decode(text.expose().trim())?;
        let key = match payload.as_slice() {
            [SECRET, key @ .., COMPRESSED] => <&[u8; 32]>::try_from(key).ok(),
            _ => None,
        };
        let key = key.ok_or_else(|| {
            Error::malformed("this is not a private key of Dogecoin", "its wallet import format starts with Q")
        })?;
        let private_key = PrivateKey::new(Curve::Secp256k1, key);
        bip32::public_key(&private_key)?; // zero and numbers above the order are not keys
        Ok(ImportedKey { private_key, format: INFO.key_format(WIF.id)?, networks: INFO.networks, warnings: Vec::new() })
    }
}
