//! A fourth chain, from outside the workspace: it registers itself beside keyark's own, passes the conformance suite and
//! is used through the facade, and no other crate was changed for it. `dogecoin.rs` is the whole of it.
#![allow(clippy::unwrap_used)] // in helpers of tests: a vector that is not read is a failed test

mod dogecoin;

use dogecoin::{DOGECOIN, Dogecoin};
use keyark::{
    Address, AddressKind, Chain, ChainInfo, ErrorKind, ExportPermit, ExportPolicy, ImportedKey, KeyFormat, KeyLocation,
    KeystoreCost, Network, ParsedAddress, Position, PrivateKey, PrivateKeyExport, PublicKey, Registry, Result,
    SecretText, Seed, Wallet, hex, phrase::Phrase,
};
use keyark_conformance::Vector;
use serde_json::Value;

keyark_conformance::conformance!(dogecoin::DOGECOIN, vectors());

/// The rows of data/dogecoin.json; data/SOURCES.md says where they are from.
fn rows() -> Vec<Value> {
    serde_json::from_str(include_str!("data/dogecoin.json")).unwrap()
}

fn vectors() -> Vec<Vector> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows()
        .iter()
        .map(|row| Vector {
            seed: hex::decode(&text(row, "seed")).unwrap(),
            kind: "p2pkh",
            network: Network::Mainnet,
            location: KeyLocation::Path(text(row, "path").parse().unwrap()),
            address: text(row, "address"),
            private_key: Some(text(row, "wif")),
        })
        .collect()
}

#[test]
fn the_registry_has_four_chains() {
    let ids: Vec<_> = Registry::installed().unwrap().iter().map(|chain| chain.info().id).collect();
    assert_eq!(ids, ["bitcoin", "dogecoin", "ethereum", "solana"]);
}

#[test]
fn an_unknown_id_lists_the_known_ones() {
    let error = Registry::installed().unwrap().get("dogcoin").err().unwrap();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.remedy(), "use one of: bitcoin, dogecoin, ethereum, solana");
}

#[test]
fn a_wallet_uses_it_like_any_other_chain() {
    for row in rows() {
        let phrase = Phrase::parse(&row["phrase"].as_str().unwrap().into()).unwrap();
        let wallet = Wallet::from_phrase(&phrase, &"".into()).unwrap();
        let chain = Registry::installed().unwrap().get("dogecoin").unwrap();
        let kind = chain.info().default_kind().unwrap();
        let key = wallet.key(chain, kind, Position::default(), Network::Mainnet).unwrap();
        assert_eq!(key.address(kind).unwrap().as_str(), row["address"].as_str().unwrap());

        let policy = ExportPolicy::advertised();
        let refused = key.export_keystore(&policy, &"password".into(), KeystoreCost::default()).unwrap_err();
        assert_eq!((refused.kind(), refused.problem()), (ErrorKind::Refused, "no keystore leaves Dogecoin"));
    }
}

#[test]
fn two_chains_with_one_id_are_an_error_that_names_both() {
    let chains: [&'static dyn Chain; 3] = [&DOGECOIN, &keyark::BITCOIN, &Twin];
    let error = Registry::new(chains).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.problem(), "two chains have the id dogecoin: Dogecoin and Doge");
}

/// Somebody else's Dogecoin, under the same id. It is not registered: the registry of this program would be an error.
struct Twin;

static TWIN_INFO: ChainInfo = ChainInfo { name: "Doge", ..dogecoin::INFO };

impl Chain for Twin {
    fn info(&self) -> &'static ChainInfo {
        &TWIN_INFO
    }
    fn derive(&self, seed: &Seed, location: &KeyLocation) -> Result<PrivateKey> {
        Dogecoin.derive(seed, location)
    }
    fn public_key(&self, key: &PrivateKey) -> Result<PublicKey> {
        Dogecoin.public_key(key)
    }
    fn address(&self, key: &PublicKey, kind: &AddressKind, network: Network) -> Result<Address> {
        Dogecoin.address(key, kind, network)
    }
    fn parse_address(&self, text: &str) -> Result<ParsedAddress> {
        Dogecoin.parse_address(text)
    }
    fn export_key(&self, permit: &ExportPermit<'_, PrivateKeyExport>, format: &KeyFormat) -> Result<SecretText> {
        Dogecoin.export_key(permit, format)
    }
    fn import_key(&self, text: &SecretText) -> Result<ImportedKey> {
        Dogecoin.import_key(text)
    }
}
