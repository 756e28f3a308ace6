//! Public key to address, and back to what an address says, on the `bitcoin` crate's types.

use std::str::FromStr;
use std::sync::LazyLock;

use bitcoin::address::{AddressType, NetworkUnchecked};
use bitcoin::hashes::Hash;
use bitcoin::key::{CompressedPublicKey, Secp256k1, UntweakedPublicKey};
use bitcoin::secp256k1::VerifyOnly;
use bitcoin::{ScriptBuf, WPubkeyHash};
use keyark_core::{Address, AddressKind, Curve, Error, ErrorKind, Network, ParsedAddress, PublicKey, Result, Warning};

static CURVE: LazyLock<Secp256k1<VerifyOnly>> = LazyLock::new(Secp256k1::verification_only);

/// The address of a public key.
///
/// # Errors
/// [`ErrorKind::Malformed`] when the bytes are not a public key, or an uncompressed one for any kind but `p2pkh`
/// (BIP-143, "Restrictions on public key type"); [`ErrorKind::NotFound`] for a kind that is not Bitcoin's.
pub fn of(key: &PublicKey, kind: &AddressKind, network: Network) -> Result<Address> {
    let network = to_bitcoin(network)?;
    if kind.id == "p2pkh" {
        let key = bitcoin::PublicKey::from_slice(key.as_bytes()).map_err(|_| not_a_key())?;
        return Ok(Address::new(bitcoin::Address::p2pkh(key, network).to_string()));
    }
    if key.as_bytes().len() == 65 {
        return Err(Error::malformed(
            format!("an uncompressed public key has no {} address", kind.id),
            "use the kind p2pkh: coins of such a key can only lie there",
        ));
    }
    let address = match kind.id {
        "p2sh-p2wpkh" => bitcoin::Address::p2sh(&witness_script(key)?, network).map_err(|_| not_a_key())?,
        "p2wpkh" => bitcoin::Address::from_script(&witness_script(key)?, network).map_err(|_| not_a_key())?,
        "p2tr" => {
            let key = CompressedPublicKey::from_slice(key.as_bytes()).map_err(|_| not_a_key())?;
            // BIP-86: the internal key alone, with no script path.
            bitcoin::Address::p2tr(&CURVE, UntweakedPublicKey::from(key), None, network)
        }
        other => {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("Bitcoin has no address kind {other}"),
                "use one of: p2pkh, p2sh-p2wpkh, p2wpkh, p2tr",
            ));
        }
    };
    Ok(Address::new(address.to_string()))
}

/// The witness program of a key (BIP-141, "P2WPKH"): of its bytes, so the point need not be computed again.
fn witness_script(key: &PublicKey) -> Result<ScriptBuf> {
    match key.as_bytes() {
        bytes @ [2 | 3, ..] if key.curve() == Curve::Secp256k1 => Ok(ScriptBuf::new_p2wpkh(&WPubkeyHash::hash(bytes))),
        _ => Err(not_a_key()),
    }
}

fn not_a_key() -> Error {
    Error::malformed("these bytes are not a public key of secp256k1", "check which chain the key belongs to")
}

pub(crate) fn to_bitcoin(network: Network) -> Result<bitcoin::Network> {
    match network {
        Network::Mainnet => Ok(bitcoin::Network::Bitcoin),
        Network::Testnet => Ok(bitcoin::Network::Testnet),
        Network::Signet => Ok(bitcoin::Network::Signet),
        Network::Regtest => Ok(bitcoin::Network::Regtest),
        other => crate::chain::INFO.check_network(other).and(Ok(bitcoin::Network::Bitcoin)),
    }
}

/// Reads an address of any network, and says which networks and kinds it can belong to.
///
/// # Errors
/// [`ErrorKind::Malformed`] for a wrong checksum or form.
pub fn parse(text: &str) -> Result<ParsedAddress> {
    const LONGEST: usize = 90; // BIP-173
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(Error::malformed(
            format!("a Bitcoin address has at most {LONGEST} characters, and this has {}", text.len()),
            "check what was pasted",
        ));
    }
    let unchecked = bitcoin::Address::<NetworkUnchecked>::from_str(text).map_err(|error| {
        Error::malformed(
            format!("this is not a Bitcoin address: {}", reason(&error)),
            "copy it again; it starts with 1, 3 or bc1, on test networks with m, n, 2, tb1 or bcrt1",
        )
    })?;
    let fits = |network: &Network| to_bitcoin(*network).is_ok_and(|network| unchecked.is_valid_for_network(network));
    let networks = NETWORKS.iter().find(|set| set.iter().all(fits)).copied().unwrap_or_default();
    let address = unchecked.clone().assume_checked();
    let (kind, warning) = match address.address_type() {
        Some(AddressType::P2pkh) => (Some("p2pkh"), None),
        Some(AddressType::P2sh) => (Some("p2sh-p2wpkh"), Some("this address may belong to another kind of script too")),
        Some(AddressType::P2wpkh) => (Some("p2wpkh"), None),
        Some(AddressType::P2tr) => (Some("p2tr"), None),
        _ => (None, Some("keyark derives no addresses of this kind: it belongs to a script, as of several signers")),
    };
    Ok(ParsedAddress {
        address: Address::new(address.to_string()),
        networks,
        kinds: kind.into_iter().collect(),
        warnings: warning.map(|text| Warning::new("script-address", text)).into_iter().collect(),
    })
}

/// The sets of networks that addresses can belong to, the largest first.
const NETWORKS: &[&[Network]] = &[
    &[Network::Testnet, Network::Signet, Network::Regtest],
    &[Network::Testnet, Network::Signet],
    &[Network::Mainnet],
    &[Network::Regtest],
];

/// What the `bitcoin` crate says, without the address: it may be a pasted secret.
fn reason(error: &bitcoin::address::ParseError) -> &'static str {
    use bitcoin::address::ParseError;
    match error {
        ParseError::Bech32(_) => "its checksum or a character is wrong (BIP-173, BIP-350)",
        ParseError::Base58(_) => "its checksum or a character is wrong",
        ParseError::UnknownHrp(_) => "it starts like no network of Bitcoin",
        ParseError::InvalidBase58PayloadLength(_) | ParseError::InvalidLegacyPrefix(_) => {
            "it is of another coin, or a key"
        }
        _ => "its form is unknown",
    }
}
