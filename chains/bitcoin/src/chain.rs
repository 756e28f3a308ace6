//! What Bitcoin is, as data, and how it fulfils the contract.

use keyark_core::{
    Address, AddressKind, BatchSupport, Capabilities, Chain, ChainInfo, Curve, Cut, Error, ErrorKind, ExportPermit,
    Exportable, ExtendedKeySupport, ImportedKey, KeyFormat, KeyLocation, KeySource, Network, ParsedAddress,
    PathTemplate, PrivateKey, PrivateKeyExport, PublicKey, Result, SecretText, Seed, Step,
};
use keyark_hd::bip32;

use crate::{address, export};

/// Bitcoin and its test networks.
#[derive(Debug)]
pub struct Bitcoin;

const fn bip44_like(steps: &'static [Step]) -> KeySource {
    KeySource::Path(PathTemplate::new(steps))
}

pub(crate) static INFO: ChainInfo = ChainInfo {
    id: "bitcoin",
    name: "Bitcoin",
    coin_type: 0,
    curve: Curve::Secp256k1,
    networks: Network::ALL,
    kinds: &[
        AddressKind {
            id: "p2pkh",
            source: bip44_like(&[Step::Hardened(44), Step::Coin, Step::Account, Step::Change, Step::Index]),
            default: false,
            used_by: &["wallets before 2017", "imToken (legacy)"],
        },
        AddressKind {
            id: "p2sh-p2wpkh",
            source: bip44_like(&[Step::Hardened(49), Step::Coin, Step::Account, Step::Change, Step::Index]),
            default: false,
            used_by: &["Trezor Suite (legacy SegWit)", "Ledger Live (SegWit)", "BlueWallet"],
        },
        AddressKind {
            id: "p2wpkh",
            source: bip44_like(&[Step::Hardened(84), Step::Coin, Step::Account, Step::Change, Step::Index]),
            default: true,
            used_by: &["Trezor Suite", "Ledger Live", "Sparrow", "BlueWallet", "Trust Wallet"],
        },
        AddressKind {
            id: "p2tr",
            source: bip44_like(&[Step::Hardened(86), Step::Coin, Step::Account, Step::Change, Step::Index]),
            default: false,
            used_by: &["Trezor Suite (Taproot)", "Ledger Live (Taproot)", "Sparrow (Taproot)"],
        },
    ],
    key_formats: &[WIF],
    capabilities: Capabilities {
        private_key: Exportable::ChildAddress,
        keystore: Exportable::Denied {
            reason: "Bitcoin has no standard for encrypted keystore files that other wallets would read; \
                     back up the words, or export the private key of one address",
        },
        extended_private_key: Exportable::Denied {
            reason: "an extended private key gives every key of the account, past and future; \
                     back up the words, or export the private key of one address",
        },
        extended_public_key: Exportable::Account,
    },
};

/// Wallet import format. Its last characters are the checksum and the mark of the form, so a secure copy leaves off more:
/// 16 characters are 93 bits, 40 of which follow from the rest.
pub(crate) const WIF: KeyFormat = KeyFormat {
    id: "wif",
    name: "wallet import format, read by Electrum, Sparrow and Bitcoin Core",
    cut: Cut::End { characters: 16, hidden_bits: 53 },
};

impl Chain for Bitcoin {
    fn info(&self) -> &'static ChainInfo {
        &INFO
    }

    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey> {
        match location {
            KeyLocation::Path(path) => bip32::derive(seed, path),
            _ => Err(Error::new(ErrorKind::Usage, "Bitcoin keys have a path", "name a path or an address kind")),
        }
    }

    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey> {
        bip32::public_key(key)
    }

    fn address(&self, key: &PublicKey, kind: &AddressKind, network: Network) -> Result<Address> {
        address::of(key, kind, network)
    }

    fn parse_address(&self, text: &str) -> Result<ParsedAddress> {
        address::parse(text)
    }

    /// By the human-readable parts of BIP-173.
    fn claims_address(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        ["bc1", "tb1", "bcrt1"].iter().any(|start| text.starts_with(start))
    }

    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText> {
        INFO.key_format(format.id)?;
        Ok(export::to_wif(permit.private_key(&INFO)?, permit.key().network()))
    }

    fn import_key(&self, text: &SecretText) -> Result<ImportedKey> {
        export::from_wif(text)
    }

    fn extended_keys(&self) -> Option<&dyn ExtendedKeySupport> {
        Some(self)
    }

    fn batch(&self) -> Option<&dyn BatchSupport> {
        Some(self)
    }
}
