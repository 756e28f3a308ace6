//! Keystore files: Web3 Secret Storage, with the address checked.

use keyark_core::{
    Address, ChainKey, ExportPermit, KeystoreCost, KeystoreExport, KeystoreSecret, KeystoreSupport, Network,
    OpenedKeystore, PrivateKey, Result, SealedKeystore, SecretText,
};
use keyark_keystore::Keystore;

use crate::chain::INFO;
use crate::{ETHEREUM, Ethereum, address};

impl KeystoreSupport for Ethereum {
    fn format(&self) -> &'static str {
        "web3-v3"
    }

    fn seal(
        &self,
        permit: &ExportPermit<'_, KeystoreExport>,
        password: &SecretText,
        cost: KeystoreCost,
    ) -> Result<SealedKeystore> {
        let address = address::of(permit.key().public_key())?;
        let digits = address.as_str().trim_start_matches("0x").to_ascii_lowercase();
        keyark_keystore::seal(permit.private_key(&INFO)?, &digits, password, cost)
    }

    fn open(&self, file: &str, password: &SecretText) -> Result<OpenedKeystore> {
        let mut opened = Keystore::parse(file)?.open(password)?;
        let derived = match &opened.secret {
            KeystoreSecret::Key(key) => Some(address_of(key)?),
            _ => None, // the words of a wallet: which of its addresses is meant is for the caller to say
        };
        if let Some(derived) = &derived {
            opened.check_address(derived.as_str())?;
        }
        Ok(OpenedKeystore { secret: opened.secret, address: derived, warnings: opened.warnings })
    }
}

fn address_of(key: &PrivateKey) -> Result<Address> {
    let key = ChainKey::from_private_key(&ETHEREUM, key.clone(), Network::Mainnet)?;
    address::of(key.public_key())
}
