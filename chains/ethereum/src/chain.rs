//! What Ethereum is, as data, and how it fulfils the contract.

use keyark_core::{
    Address, AddressKind, BatchSupport, Capabilities, Chain, ChainInfo, Curve, Cut, Error, ErrorKind, ExportPermit,
    Exportable, ImportedKey, KeyFormat, KeyLocation, KeySource, KeystoreSupport, Network, ParsedAddress, PathTemplate,
    PrivateKey, PrivateKeyExport, PublicKey, Result, SecretText, Seed, Step,
};
use keyark_hd::bip32;

use crate::{address, export};

/// Ethereum, and every chain that uses its keys and addresses.
#[derive(Debug)]
pub struct Ethereum;

pub(crate) static INFO: ChainInfo = ChainInfo {
    id: "ethereum",
    name: "Ethereum",
    coin_type: 60,
    curve: Curve::Secp256k1,
    networks: &[Network::Mainnet], // the test networks have the same keys and addresses
    kinds: &[
        AddressKind {
            id: "bip44",
            source: KeySource::Path(PathTemplate::new(&[
                Step::Hardened(44),
                Step::Coin,
                Step::Account,
                Step::Normal(0),
                Step::Index,
            ])),
            default: true,
            used_by: &["MetaMask", "Trust Wallet", "imToken", "Trezor", "Rabby"],
        },
        AddressKind {
            id: "ledger-live",
            source: KeySource::Path(PathTemplate::new(&[
                Step::Hardened(44),
                Step::Coin,
                Step::Account,
                Step::Normal(0),
                Step::Normal(0),
            ])),
            default: false,
            used_by: &["Ledger Live"],
        },
        AddressKind {
            id: "ledger-legacy",
            source: KeySource::Path(PathTemplate::new(&[Step::Hardened(44), Step::Coin, Step::Account, Step::Index])),
            default: false,
            used_by: &["Ledger before Ledger Live", "MyEtherWallet with a Ledger"],
        },
    ],
    key_formats: &[HEX],
    capabilities: Capabilities {
        private_key: Exportable::Account,
        keystore: Exportable::Account,
        extended_private_key: Exportable::Denied {
            reason: "an extended private key gives every account of the wallet; \
                     back up the words, or export the key of one account",
        },
        extended_public_key: Exportable::Denied {
            reason: "Ethereum wallets export single keys, and one of those together with the extended public key gives \
                     every key beside it; share addresses instead",
        },
    },
};

/// Hexadecimal digits behind 0x.
const HEX: KeyFormat = KeyFormat {
    id: "hex",
    name: "hexadecimal with 0x, read by every Ethereum wallet",
    cut: Cut::End { characters: 12, hidden_bits: 48 },
};

impl Chain for Ethereum {
    fn info(&self) -> &'static ChainInfo {
        &INFO
    }

    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey> {
        match location {
            KeyLocation::Path(path) => bip32::derive(seed, path),
            _ => Err(Error::new(ErrorKind::Usage, "Ethereum keys have a path", "name a path or an address kind")),
        }
    }

    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey> {
        bip32::public_key(key)
    }

    fn address(&self, key: &PublicKey, _kind: &AddressKind, _network: Network) -> Result<Address> {
        address::of(key)
    }

    fn parse_address(&self, text: &str) -> Result<ParsedAddress> {
        address::parse(text)
    }

    fn claims_address(&self, text: &str) -> bool {
        text.starts_with("0x") || text.starts_with("0X")
    }

    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText> {
        INFO.key_format(format.id)?;
        permit.private_key(&INFO).map(export::to_hex)
    }

    fn import_key(&self, text: &SecretText) -> Result<ImportedKey> {
        let private_key = export::from_hex(text)?;
        Ok(ImportedKey { private_key, format: INFO.key_format(HEX.id)?, networks: INFO.networks, warnings: Vec::new() })
    }

    fn keystore(&self) -> Option<&dyn KeystoreSupport> {
        Some(self)
    }

    fn batch(&self) -> Option<&dyn BatchSupport> {
        Some(self)
    }
}
