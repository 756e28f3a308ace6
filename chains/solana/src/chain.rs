//! What Solana is, as data, and how it fulfils the contract.

use keyark_core::{
    Address, AddressKind, BatchSupport, Capabilities, Chain, ChainInfo, Curve, Cut, Error, ErrorKind, ExportPermit,
    Exportable, ImportedKey, KeyFormat, KeyLocation, KeySource, Network, ParsedAddress, PathTemplate, PrivateKey,
    PrivateKeyExport, PublicKey, Result, SecretText, Seed, Step,
};
use keyark_hd::slip10;

use crate::{address, export};

/// Solana.
#[derive(Debug)]
pub struct Solana;

pub(crate) static INFO: ChainInfo = ChainInfo {
    id: "solana",
    name: "Solana",
    coin_type: 501,
    curve: Curve::Ed25519,
    networks: &[Network::Mainnet], // the test networks have the same keys and addresses
    kinds: &[
        AddressKind {
            id: "bip44-change",
            source: KeySource::Path(PathTemplate::new(&[
                Step::Hardened(44),
                Step::Coin,
                Step::Account,
                Step::Hardened(0),
            ])),
            default: true,
            used_by: &["Phantom", "Solflare", "Backpack"],
        },
        AddressKind {
            id: "bip44",
            source: KeySource::Path(PathTemplate::new(&[Step::Hardened(44), Step::Coin, Step::Account])),
            default: false,
            used_by: &["Trust Wallet", "Ledger Live"],
        },
        AddressKind {
            id: "root",
            source: KeySource::Path(PathTemplate::new(&[Step::Hardened(44), Step::Coin])),
            default: false,
            used_by: &["Solana command line with a Ledger"],
        },
        AddressKind {
            id: "seed",
            source: KeySource::SeedPrefix,
            default: false,
            used_by: &["solana-keygen without a path"],
        },
    ],
    key_formats: &[KEYPAIR, SECRET, ID_JSON],
    capabilities: Capabilities {
        private_key: Exportable::Account,
        keystore: Exportable::Denied {
            reason: "Solana has no standard for encrypted keystore files that other wallets would read; \
                     back up the words, or export the private key",
        },
        extended_private_key: Exportable::Denied {
            reason: "no Solana wallet reads an extended private key; back up the words",
        },
        extended_public_key: Exportable::Denied {
            reason: "on Ed25519 every step is hardened (SLIP-10), so an extended public key gives no addresses; \
                     share addresses instead",
        },
    },
};

/// The secret and the public key, 64 bytes. It cannot be cut: base58 makes one number of both halves, so whoever knows the
/// address, which is the public half, computes nine missing characters from the others (by the Chinese remainder theorem).
pub(crate) const KEYPAIR: KeyFormat = KeyFormat {
    id: "base58-keypair",
    name: "base58 of the 64-byte keypair, read by Phantom and Solflare",
    cut: Cut::Never {
        reason: "with the address, what is left off a 64-byte keypair can be computed from the rest; \
                 copy the form base58-secret, from which `keyark complete` makes the keypair again",
    },
};

/// The secret alone, 32 bytes.
pub(crate) const SECRET: KeyFormat = KeyFormat {
    id: "base58-secret",
    name: "base58 of the 32-byte secret",
    cut: Cut::End { characters: 9, hidden_bits: 52 },
};

/// The file of solana-keygen.
pub(crate) const ID_JSON: KeyFormat = KeyFormat {
    id: "id-json",
    name: "the array of 64 numbers in solana-keygen's id.json",
    cut: Cut::Never { reason: "it is a file for programs, never for the clipboard; copy the form base58-secret" },
};

impl Chain for Solana {
    fn info(&self) -> &'static ChainInfo {
        &INFO
    }

    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey> {
        match location {
            KeyLocation::Path(path) => slip10::derive(seed, path),
            // Half of a BIP-39 seed. Of a shorter seed it would be most or all, and so the keys of every chain.
            KeyLocation::SeedPrefix => match (seed.expose().len(), seed.expose().first_chunk()) {
                (Seed::MAX_LEN, Some(prefix)) => Ok(PrivateKey::new(Curve::Ed25519, prefix)),
                (length, _) => Err(Error::malformed(
                    format!("the kind seed takes half of a seed of 64 bytes, and this one has {length}"),
                    "choose another address kind",
                )),
            },
            _ => Err(Error::new(ErrorKind::Usage, "Solana has no keys there", "name a path or an address kind")),
        }
    }

    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey> {
        slip10::public_key(key)
    }

    fn address(&self, key: &PublicKey, _kind: &AddressKind, _network: Network) -> Result<Address> {
        address::of(key)
    }

    fn parse_address(&self, text: &str) -> Result<ParsedAddress> {
        address::parse(text)
    }

    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText> {
        let format = INFO.key_format(format.id)?;
        export::to_text(permit.private_key(&INFO)?, permit.key().public_key(), format)
    }

    fn import_key(&self, text: &SecretText) -> Result<ImportedKey> {
        let (private_key, format, warnings) = export::from_text(text)?;
        Ok(ImportedKey { private_key, format: INFO.key_format(format)?, networks: INFO.networks, warnings })
    }

    fn batch(&self) -> Option<&dyn BatchSupport> {
        Some(self)
    }
}
