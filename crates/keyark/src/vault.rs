//! Many wallets sealed under one password, on any storage: [`keyark_vault`], and the way between its records and [`Wallet`]s.

use keyark_core::{Chain, Error, ErrorKind, Network, Position, PrivateKey, Registry, Result, SecretText};
use keyark_phrase::Phrase;
pub use keyark_vault::*;

use crate::Wallet;

/// Whether the vault keeps a BIP-39 passphrase beside the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepPassphrase {
    /// It does: whoever opens the vault has the whole wallet.
    Kept,
    /// It does not; it notes that there is one, and knows the right one when it is typed.
    Noted,
}

/// The record of a wallet with these words, with the first address of every kind on every chain. An empty passphrase is none.
///
/// # Errors
/// As [`Wallet::from_phrase`].
pub fn phrase_record(
    name: WalletName,
    phrase: &Phrase,
    passphrase: &SecretText,
    keep: KeepPassphrase,
    now: Timestamp,
) -> Result<WalletRecord> {
    let wallet = Wallet::from_phrase(phrase, passphrase)?;
    let kept = match keep {
        _ if passphrase.is_empty() => Passphrase::None,
        KeepPassphrase::Kept => Passphrase::Kept(passphrase.clone()),
        KeepPassphrase::Noted => Passphrase::Noted,
    };
    let mut record = WalletRecord::new(name, WalletSecret::Phrase(phrase.clone()), kept, now)?;
    record.fingerprint = Some(wallet.fingerprint()?);
    for chain in Registry::installed()?.iter() {
        record.accounts.extend(first_accounts(&wallet, chain, Network::Mainnet)?);
    }
    Ok(record)
}

/// The record of a wallet that is one private key.
///
/// # Errors
/// As [`Wallet::from_private_key`].
pub fn key_record(
    name: WalletName,
    chain: &'static dyn Chain,
    key: PrivateKey,
    network: Network,
    now: Timestamp,
) -> Result<WalletRecord> {
    let wallet = Wallet::from_private_key(chain, key.clone(), network)?;
    let secret = WalletSecret::PrivateKey { chain: chain.info().id.to_owned(), network, key };
    let mut record = WalletRecord::new(name, secret, Passphrase::None, now)?;
    record.accounts = first_accounts(&wallet, chain, network)?;
    Ok(record)
}

/// The wallet of a record, compared with the addresses that were recorded when it was stored. `passphrase` is asked for where the vault has only
/// [noted](Passphrase::Noted) that there is one.
///
/// # Errors
/// [`ErrorKind::Usage`] when the passphrase is missing, [`ErrorKind::Mismatch`] when it is another one or the addresses differ,
/// [`ErrorKind::NotFound`] for a chain that this program does not have.
pub fn wallet_of(record: &WalletRecord, passphrase: Option<&SecretText>) -> Result<Wallet> {
    let wallet = match record.secret() {
        WalletSecret::PrivateKey { chain, network, key } => {
            Wallet::from_private_key(Registry::installed()?.get(chain)?, key.clone(), *network)?
        }
        WalletSecret::Phrase(phrase) => {
            let none = SecretText::from("");
            let passphrase = match (&record.passphrase, passphrase) {
                (Passphrase::None, _) => &none,
                (Passphrase::Kept(kept), _) => kept,
                (Passphrase::Noted, Some(typed)) => typed,
                (Passphrase::Noted, None) => {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        format!("{} has a BIP-39 passphrase that the vault does not keep", record.name),
                        "give the passphrase as well",
                    ));
                }
            };
            Wallet::from_phrase(phrase, passphrase)?
        }
    };
    check(&wallet, record)?;
    Ok(wallet)
}

/// That the first recorded address, and the fingerprint, come out again.
fn check(wallet: &Wallet, record: &WalletRecord) -> Result<()> {
    let mut fits = match record.fingerprint {
        Some(fingerprint) => wallet.fingerprint()? == fingerprint,
        None => true,
    };
    let registry = Registry::installed()?;
    let known = record.accounts.iter().find_map(|account| Some((registry.get(&account.chain).ok()?, account)));
    if let Some((chain, account)) = known.filter(|_| fits) {
        let kind = chain.info().kind(&account.kind)?;
        let key = wallet.key(chain, kind, Position::default(), account.network)?;
        fits = key.address(kind)?.as_str() == account.address;
    }
    match (fits, &record.passphrase) {
        (true, _) => Ok(()),
        (false, Passphrase::Noted) => Err(Error::new(
            ErrorKind::Mismatch,
            format!("this is not the passphrase of {}: it gives other addresses", record.name),
            "every passphrase gives a wallet, so look for the slip: capitals, spaces, another keyboard",
        )),
        (false, _) => Err(Error::new(
            ErrorKind::Mismatch,
            format!("the words of {} give other addresses than were recorded", record.name),
            "do not use either; open another copy of the vault, and report this",
        )),
    }
}

/// The first address of each kind of a chain.
fn first_accounts(wallet: &Wallet, chain: &'static dyn Chain, network: Network) -> Result<Vec<Account>> {
    let mut accounts = Vec::new();
    for kind in chain.info().kinds {
        let key = wallet.key(chain, kind, Position::default(), network)?;
        // An uncompressed key has no address of the newer kinds.
        let Ok(address) = key.address(kind) else { continue };
        // A single key has each address once, whatever kinds it is of.
        if wallet.only_chain().is_some() && accounts.iter().any(|known: &Account| known.address == address.as_str()) {
            continue;
        }
        let path = key.path().map(ToString::to_string);
        let public_key = key.public_key().as_bytes().to_vec();
        accounts.push(Account::new(chain.info().id, network, kind.id, path, address.as_str(), public_key));
    }
    Ok(accounts)
}
