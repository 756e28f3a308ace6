//! One private key of one chain, with where it came from: what the export policy judges.

use std::fmt;

use crate::{
    Address, AddressKind, Chain, DerivationPath, Error, ErrorKind, ImportedKey, KeyExtension, KeyFormat, KeyLocation,
    KeyScope, KeySource, Network, Position, PrivateKey, PublicKey, Result, SecretText, Seed, Step, Warning,
};

/// The first four bytes of the HASH160 of a public key (BIP-32, "Key identifiers").
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 4]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// One private key of one chain. It gives its public key and its addresses to anyone; the private key
/// itself only to a chain that was handed an [`ExportPermit`](crate::ExportPermit) for it.
pub struct ChainKey {
    chain: &'static dyn Chain,
    network: Network,
    location: Option<KeyLocation>,
    private: PrivateKey,
    public: PublicKey,
    extension: Option<KeyExtension>,
}

impl ChainKey {
    /// The key at `location` of the wallet with this `seed`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a network that the chain does not have; else as [`Chain::derive`].
    pub fn derive(chain: &'static dyn Chain, seed: &Seed, location: KeyLocation, network: Network) -> Result<Self> {
        chain.info().check_network(network)?;
        let private = chain.derive(seed, &location)?;
        let public = chain.public_key(&private)?;
        Ok(Self { chain, network, location: Some(location), private, public, extension: None })
    }

    /// The key of the address of `kind` at `position`.
    ///
    /// # Errors
    /// As [`derive`](Self::derive) and [`AddressKind::location`].
    pub fn at(
        chain: &'static dyn Chain,
        seed: &Seed,
        kind: &AddressKind,
        position: Position,
        network: Network,
    ) -> Result<Self> {
        check_kind(chain, kind)?;
        let location = kind.location(chain.info().coin_on(network), position)?;
        Self::derive(chain, seed, location, network)
    }

    /// The account node of `kind`, from which extended keys are made.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a kind without accounts; else as [`derive`](Self::derive).
    pub fn account(
        chain: &'static dyn Chain,
        seed: &Seed,
        kind: &AddressKind,
        account: u32,
        network: Network,
    ) -> Result<Self> {
        check_kind(chain, kind)?;
        let coin = chain.info().coin_on(network);
        let path = match kind.source {
            KeySource::Path(template) => template.account_path(coin, account)?,
            KeySource::SeedPrefix => None,
        };
        let path = path.ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("the kind {} has no accounts", kind.id), "choose another address kind")
        })?;
        let extension = chain.extended_keys().map(|support| support.extension(seed, &path)).transpose()?;
        let key = Self::derive(chain, seed, KeyLocation::Path(path), network)?;
        Ok(Self { extension, ..key })
    }

    /// A key from one of the chain's text forms, with the form it was in and what is unusual about it. Without a
    /// `network` the key is taken for the first one that its form allows.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a key of another network; else as [`Chain::import_key`].
    pub fn import(
        chain: &'static dyn Chain,
        text: &SecretText,
        network: Option<Network>,
    ) -> Result<(Self, &'static KeyFormat, Vec<Warning>)> {
        let ImportedKey { private_key, format, networks, warnings } = chain.import_key(text)?;
        let own = networks.first().copied().unwrap_or_default();
        let network = network.unwrap_or(own);
        if !networks.contains(&network) {
            return Err(Error::malformed(
                format!("this private key is for {own}, not for {network}"),
                format!("ask for {own}, or use a key of {network}"),
            ));
        }
        Ok((Self::from_private_key(chain, private_key, network)?, format, warnings))
    }

    /// A key that stands alone: from a keystore, or from another program.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] when it is not a key on the chain's curve.
    pub fn from_private_key(chain: &'static dyn Chain, private_key: PrivateKey, network: Network) -> Result<Self> {
        chain.info().check_network(network)?;
        if private_key.curve() != chain.info().curve {
            return Err(Error::malformed(
                format!("{} has no keys on {}", chain.info().name, private_key.curve().id()),
                "check which chain the key belongs to",
            ));
        }
        let public = chain.public_key(&private_key)?;
        Ok(Self { chain, network, location: None, private: private_key, public, extension: None })
    }

    /// The chain.
    pub fn chain(&self) -> &'static dyn Chain {
        self.chain
    }

    /// The network.
    pub fn network(&self) -> Network {
        self.network
    }

    /// Where in its wallet the key is; `None` for a key that stands alone.
    pub fn location(&self) -> Option<&KeyLocation> {
        self.location.as_ref()
    }

    /// The path from the master key; `None` for a key that has none.
    pub fn path(&self) -> Option<&DerivationPath> {
        match &self.location {
            Some(KeyLocation::Path(path)) => Some(path),
            _ => None,
        }
    }

    /// The public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The address of this kind.
    ///
    /// # Errors
    /// As [`Chain::address`].
    pub fn address(&self, kind: &AddressKind) -> Result<Address> {
        self.chain.address(&self.public, kind, self.network)
    }

    /// How much hangs on this key, judged by where it is and by the chain's own kinds.
    pub fn scope(&self) -> KeyScope {
        let path = match &self.location {
            None | Some(KeyLocation::SeedPrefix) => return KeyScope::ChildAddress,
            Some(KeyLocation::Path(path)) => path,
        };
        if path.steps().is_empty() {
            return KeyScope::Master;
        }
        let info = self.chain.info();
        let coins = [info.coin_on(self.network)];
        let templates = || info.kinds.iter().filter_map(AddressKind::template);
        let has_children = |template: &crate::PathTemplate| template.has(Step::Index) || template.has(Step::Change);
        // An account that is also an address (Solana's m/44'/501'/0' beside m/44'/501'/0'/0') has hardened children only:
        // its key alone gives none of them.
        if templates().any(|template| template.position_of(&coins, path).is_some()) {
            KeyScope::ChildAddress
        } else if templates().filter(has_children).any(|template| template.is_account(&coins, path)) {
            KeyScope::Account
        } else if templates().any(|template| template.is_within_account(&coins, path)) {
            KeyScope::WithinAccount
        } else if templates().any(|template| template.is_above_accounts(&coins, path)) {
            KeyScope::AboveAccounts
        } else {
            KeyScope::Other
        }
    }

    pub(crate) fn private_key(&self) -> &PrivateKey {
        &self.private
    }

    pub(crate) fn extension(&self) -> Option<&KeyExtension> {
        self.extension.as_ref()
    }
}

/// That the kind is one of the chain's: with another chain's kind, a path would be filled that no wallet knows.
fn check_kind(chain: &dyn Chain, kind: &AddressKind) -> Result<()> {
    if chain.info().kinds.contains(kind) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("{} is not an address kind of {}", kind.id, chain.info().name),
        "take the kind from the chain's own data",
    ))
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainKey")
            .field("chain", &self.chain.info().id)
            .field("network", &self.network)
            .field("location", &self.location)
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}
