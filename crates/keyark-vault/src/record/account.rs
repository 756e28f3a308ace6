//! An address of a wallet, as it was when the wallet was made: what a restored wallet is compared with.

use keyark_core::{Network, Result, hex};

use super::limits::{self, check_text};
use crate::json::{Fields, Unknown, Writer};

/// One address of a wallet, with where its key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The id of its chain: `bitcoin`.
    pub chain: String,
    /// The network.
    pub network: Network,
    /// The id of the address kind: `p2wpkh`.
    pub kind: String,
    /// The path of its key; `None` for a key without one.
    pub path: Option<String>,
    /// The address.
    pub address: String,
    /// The public key, as its chain writes it.
    pub public_key: Vec<u8>,
    pub(super) unknown: Unknown,
}

impl Account {
    /// An account. Its texts have at most 1,000 characters, its public key 1,000 bytes; more is refused where the
    /// record is written.
    pub fn new(
        chain: impl Into<String>,
        network: Network,
        kind: impl Into<String>,
        path: Option<String>,
        address: impl Into<String>,
        public_key: Vec<u8>,
    ) -> Self {
        let (chain, kind, address) = (chain.into(), kind.into(), address.into());
        Self { chain, network, kind, path, address, public_key, unknown: Unknown::new() }
    }

    pub(super) fn check(&self) -> Result<()> {
        check_text("chain", &self.chain)?;
        check_text("kind", &self.kind)?;
        check_text("path", self.path.as_deref().unwrap_or_default())?;
        check_text("address", &self.address)?;
        limits::check("public key", "bytes", self.public_key.len(), limits::MOST_CHARS)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text("chain", &self.chain);
        writer.text("network", self.network.id());
        writer.text("kind", &self.kind);
        writer.text_if_there("path", self.path.as_deref());
        writer.text("address", &self.address);
        writer.text("public_key", &hex::encode(&self.public_key));
        writer.unknown(&self.unknown);
    }

    pub(super) fn read(mut fields: Fields<'_>) -> Result<Self> {
        let public_key: String = fields.take("public_key")?;
        Ok(Self {
            chain: fields.take("chain")?,
            network: read_network(&mut fields)?,
            kind: fields.take("kind")?,
            path: fields.take_if_there("path")?,
            address: fields.take("address")?,
            public_key: hex::decode(&public_key).map_err(|_| fields.fault("public_key", "is not hexadecimal"))?,
            unknown: fields.rest(),
        })
    }
}

pub(super) fn read_network(fields: &mut Fields<'_>) -> Result<Network> {
    let id: String = fields.take("network")?;
    let network = Network::ALL.iter().find(|network| network.id() == id);
    network.copied().ok_or_else(|| fields.fault("network", "is not one that this keyark knows"))
}
