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
        let opened = Keystore::parse(file)?.open(password)?;
        let (checked, address) = match opened.secret() {
            KeystoreSecret::Key(key) => {
                let address = address_of(key)?;
                (opened.check_address(address.as_str())?, Some(address))
            }
            _ => (opened.into_unchecked(), None), // words have many addresses: which one is meant is for the caller to say
        };
        Ok(OpenedKeystore {
            secret: checked.secret,
            address,
            named_address: checked.address,
            warnings: checked.warnings,
        })
    }
}

fn address_of(key: &PrivateKey) -> Result<Address> {
    let key = ChainKey::from_private_key(&ETHEREUM, key.clone(), Network::Mainnet)?;
    address::of(key.public_key())
}
