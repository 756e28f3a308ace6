//! The drill: that a record gives its wallet back. Everything that is recorded of it is derived again and compared.

use std::fmt;

use keyark_core::{
    Chain, DerivationPath, Error, ErrorKind, KeyLocation, Network, Position, Registry, Result, SecretText,
};
use keyark_vault::{Account, Passphrase, WalletRecord};

use crate::Wallet;
use crate::vault::derive_wallet;

/// What a drill has found: no difference, and how much there was to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// How many addresses were derived again and are the recorded ones, with their public keys.
    pub compared: usize,
    /// What could not be compared, each kind once: a newer keyark recorded it.
    pub unknown: Vec<UnknownKind>,
}

/// A kind of address that this program does not have. Displays as `dogecoin bip44`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind {
    /// The id of its chain.
    pub chain: String,
    /// Its own id.
    pub kind: String,
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.chain, self.kind)
    }
}

/// Derives every recorded account again, whatever its chain, kind, path and network, and compares its address and its public key; and the
/// fingerprint of the wallet. `passphrase` is needed where the record only [notes](Passphrase::Noted) that there is one.
///
/// # Errors
/// [`ErrorKind::Mismatch`] for the first difference, naming chain, kind and path; [`ErrorKind::Usage`] when the passphrase is missing;
/// [`ErrorKind::NotFound`] where there is nothing that this program could compare.
pub fn drill(record: &WalletRecord, passphrase: Option<&SecretText>) -> Result<Drill> {
    let wallet = derive_wallet(record, passphrase)?;
    let drill = compare(&wallet, record, Extent::Every)?;
    if drill.compared > 0 || (record.accounts.is_empty() && record.fingerprint.is_some()) {
        return Ok(drill);
    }
    Err(Error::new(
        ErrorKind::NotFound,
        format!("there is no address of {} that this program could compare", record.name),
        "use a keyark that has its chains; nothing is known to be wrong",
    ))
}

/// The drill of a copy: [`drill`], and that it is of the same wallet as the `original`: the same secret, compared in constant time, the same
/// passphrase, and every account of the original.
///
/// A copy that is older than some accounts is not the same. What was there when it was made can be compared all the same: cut the original's
/// accounts to so many ([`Backup::accounts`](keyark_vault::Backup::accounts)), for they are only ever appended.
///
/// # Errors
/// As [`drill`]; [`ErrorKind::Mismatch`] for a copy that is not the same.
pub fn drill_against(copy: &WalletRecord, original: &WalletRecord, passphrase: Option<&SecretText>) -> Result<Drill> {
    if !copy.secret().same_as(original.secret()) {
        return Err(differs(
            format!("the copy of {} holds another secret: it is another wallet", original.name),
            "keep both as they are, and make a new backup",
        ));
    }
    let same_passphrase = match (&copy.passphrase, &original.passphrase) {
        (Passphrase::Kept(_), Passphrase::Noted) => true, // whether it is the right one, the addresses tell
        (copy, original) => copy == original,
    };
    if !same_passphrase || copy.fingerprint != original.fingerprint {
        return Err(differs(
            format!(
                "the copy of {} has another BIP-39 passphrase, or lacks it: it gives other addresses",
                original.name
            ),
            "keep both as they are, and make a new backup",
        ));
    }
    let drill = drill(copy, passphrase)?;
    let mut missing =
        original.accounts.iter().filter(|account| !copy.accounts.iter().any(|other| same(account, other)));
    let Some(first) = missing.next() else { return Ok(drill) };
    let problem = match missing.count() {
        0 => format!("the copy of {} does not list {}", original.name, place(first)),
        more => format!("the copy of {} does not list {} and {more} more", original.name, place(first)),
    };
    Err(differs(problem, "make the backup again; no address is lost: the copy's secret gives them too"))
}

/// How many of the accounts are compared.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Extent {
    /// The first one that this program knows: enough to know a wallet again.
    First,
    /// Every one.
    Every,
}

/// Compares a wallet with what was recorded of it.
pub(crate) fn compare(wallet: &Wallet, record: &WalletRecord, extent: Extent) -> Result<Drill> {
    if let Some(fingerprint) = record.fingerprint
        && (wallet.expose_seed().is_none() || wallet.fingerprint()? != fingerprint)
    {
        return Err(other_wallet(record, None));
    }
    let registry = Registry::installed()?;
    let mut drill = Drill { compared: 0, unknown: Vec::new() };
    for account in &record.accounts {
        let known = registry.get(&account.chain).ok().filter(|chain| is_known(*chain, account));
        let Some(chain) = known else {
            let unknown = UnknownKind { chain: account.chain.clone(), kind: account.kind.clone() };
            if !drill.unknown.contains(&unknown) {
                drill.unknown.push(unknown);
            }
            continue;
        };
        if !gives(wallet, chain, account) {
            return Err(other_wallet(record, Some(account)));
        }
        drill.compared += 1;
        if extent == Extent::First {
            break;
        }
    }
    Ok(drill)
}

/// Whether this program can derive such an account.
fn is_known(chain: &dyn Chain, account: &Account) -> bool {
    chain.info().kind(&account.kind).is_ok() && chain.info().check_network(account.network).is_ok()
}

/// Whether the wallet has this account where it was recorded. A key that cannot be derived is a difference like another.
fn gives(wallet: &Wallet, chain: &'static dyn Chain, account: &Account) -> bool {
    let again = || -> Result<bool> {
        let kind = chain.info().kind(&account.kind)?;
        let key = match &account.path {
            Some(path) if wallet.expose_seed().is_some() => {
                let path: DerivationPath = path.parse()?;
                wallet.key_at(chain, KeyLocation::Path(path), account.network)?
            }
            _ => wallet.key(chain, kind, Position::default(), account.network)?,
        };
        let same_address = key.address(kind)?.as_str() == account.address;
        Ok(same_address && key.public_key().as_bytes() == account.public_key)
    };
    again().unwrap_or(false)
}

/// Whether two accounts are the same one; fields of later versions do not count.
fn same(one: &Account, other: &Account) -> bool {
    let place =
        |account: &Account| (account.chain.clone(), account.network, account.kind.clone(), account.path.clone());
    place(one) == place(other) && (&one.address, &one.public_key) == (&other.address, &other.public_key)
}

/// Where an account is: `bitcoin p2wpkh m/84'/0'/0'/0/0`.
fn place(account: &Account) -> String {
    let Account { chain, kind, network, path, .. } = account;
    let path = path.as_deref().unwrap_or("without a path");
    match network {
        Network::Mainnet => format!("{chain} {kind} {path}"),
        network => format!("{chain} {kind} {path} on {network}"),
    }
}

/// The wallet does not have the recorded fingerprint, or not this account.
fn other_wallet(record: &WalletRecord, account: Option<&Account>) -> Error {
    let name = &record.name;
    let is_doubtful = record.passphrase == Passphrase::Noted;
    match account {
        // Where there is a fingerprint, it has told by now whether the passphrase is the right one.
        Some(account) if !is_doubtful || record.fingerprint.is_some() => differs(
            format!("{name} gives another address or public key than was recorded: {}", place(account)),
            "do not use that address; compare it with another copy of the vault, and report this",
        ),
        None if !is_doubtful => differs(
            format!("{name} gives another fingerprint than was recorded, and so other addresses"),
            "do not use it; open another copy of the vault, and report this",
        ),
        _ => differs(
            format!("this is not the passphrase of {name}: it gives other addresses"),
            "every passphrase gives a wallet, so look for the slip: capitals, spaces, another keyboard",
        ),
    }
}

fn differs(problem: String, remedy: &'static str) -> Error {
    Error::new(ErrorKind::Mismatch, problem, remedy)
}
