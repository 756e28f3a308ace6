//! Many wallets sealed under one password, on any storage: [`keyark_vault`], and the way between its records and [`Wallet`]s.

use keyark_core::{
    AddressKind, Chain, ChainKey, Error, ErrorKind, Network, Position, PrivateKey, Registry, Result, SecretText, Step,
};
use keyark_phrase::Phrase;
pub use keyark_vault::*;

use crate::Wallet;
pub use crate::copies::{AskPassphrase, Outcome, Planned, Receipt, Restore, back_up, verify};
pub use crate::drill::{Drill, UnknownKind, drill, drill_against};
use crate::drill::{Extent, compare};

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
/// [noted](Passphrase::Noted) that there is one. [`drill`] compares every address; this, the first one.
///
/// # Errors
/// [`ErrorKind::Usage`] when the passphrase is missing, [`ErrorKind::Mismatch`] when it is another one or the addresses differ,
/// [`ErrorKind::NotFound`] for a chain that this program does not have.
pub fn wallet_of(record: &WalletRecord, passphrase: Option<&SecretText>) -> Result<Wallet> {
    let wallet = derive_wallet(record, passphrase)?;
    compare(&wallet, record, Extent::First)?;
    Ok(wallet)
}

/// The wallet of a record, not compared with anything yet.
pub(crate) fn derive_wallet(record: &WalletRecord, passphrase: Option<&SecretText>) -> Result<Wallet> {
    let phrase = match record.secret() {
        WalletSecret::PrivateKey { chain, network, key } => {
            return Wallet::from_private_key(Registry::installed()?.get(chain)?, key.clone(), *network);
        }
        WalletSecret::Phrase(phrase) => phrase,
    };
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
    Wallet::from_phrase(phrase, passphrase)
}

/// Which addresses [`extend_accounts`] records: the first one of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Further<'a> {
    /// The id of the chain; `None` for every kind of every chain that has such an account and that the record lacks.
    pub chain: Option<&'a str>,
    /// The id of the address kind; `None` for the chain's default one.
    pub kind: Option<&'a str>,
    /// The account, from 0.
    pub account: u32,
}

/// Records further accounts of a wallet of words, after those that it has, and returns how many. `passphrase` as in [`wallet_of`], which is
/// done first: nothing is recorded of a wallet that is another one.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where all of it is recorded already; [`ErrorKind::Usage`] for a wallet that is one private key, a kind without
/// accounts, and a kind without a chain; [`ErrorKind::NotFound`] for an unknown chain or kind; [`ErrorKind::OutOfBounds`] for an account of
/// 2^31 or more, and for more accounts than a record holds. Nothing is changed then.
pub fn extend_accounts(
    record: &mut WalletRecord,
    passphrase: Option<&SecretText>,
    further: Further<'_>,
) -> Result<usize> {
    let kinds = further.kinds()?;
    let wallet = wallet_of(record, passphrase)?;
    if wallet.only_chain().is_some() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} is one private key: it has no other accounts", record.name),
            "add an account to a wallet that has words",
        ));
    }
    let mut new = Vec::new();
    for (chain, kind) in kinds {
        let key = wallet.key(chain, kind, further.position(), Network::Mainnet)?;
        let account = account_of(&key, kind)?;
        let is_same = |known: &Account| {
            (&known.chain, known.network, &known.kind, &known.path)
                == (&account.chain, account.network, &account.kind, &account.path)
        };
        if !record.accounts.iter().any(is_same) {
            new.push(account);
        }
    }
    if new.is_empty() {
        return Err(Error::new(
            ErrorKind::AlreadyExists,
            format!("what was asked for is recorded in {} already", record.name),
            "name another account or another kind",
        ));
    }
    if record.accounts.len() + new.len() > MOST_ACCOUNTS {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("a wallet's record holds at most {MOST_ACCOUNTS} accounts"),
            "nothing was changed; the words give every other account as well",
        ));
    }
    let count = new.len();
    record.accounts.extend(new);
    Ok(count)
}

/// As many as a record is read with.
const MOST_ACCOUNTS: usize = 10_000;

type ChainKind = (&'static dyn Chain, &'static AddressKind);

impl Further<'_> {
    /// That there are such accounts: before anything is asked for.
    ///
    /// # Errors
    /// As [`extend_accounts`], for what does not hang on the wallet.
    pub fn check(&self) -> Result<()> {
        self.kinds().map(drop)
    }

    fn position(&self) -> Position {
        Position { account: self.account, ..Position::default() }
    }

    /// The kinds that are meant.
    fn kinds(&self) -> Result<Vec<ChainKind>> {
        let registry = Registry::installed()?;
        let Some(id) = self.chain else {
            if self.kind.is_some() {
                let problem = "an address kind was named, but not its chain";
                return Err(Error::new(ErrorKind::Usage, problem, "name the chain too"));
            }
            if self.account >= 1 << 31 {
                return Err(Error::new(
                    ErrorKind::OutOfBounds,
                    format!("there is no account {}", self.account),
                    "accounts go up to 2147483647",
                ));
            }
            let has = |kind: &&AddressKind| {
                self.account == 0 || kind.template().is_some_and(|template| template.has(Step::Account))
            };
            let of_chain =
                |chain: &'static dyn Chain| chain.info().kinds.iter().filter(has).map(move |kind| (chain, kind));
            return Ok(registry.iter().flat_map(of_chain).collect());
        };
        let chain = registry.get(id)?;
        let kind = match self.kind {
            Some(id) => chain.info().kind(id)?,
            None => chain.info().default_kind()?,
        };
        if let Some(template) = kind.template() {
            template.fill(chain.info().coin_type, self.position())?;
        } else if self.account > 0 {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("the kind {} has one address only", kind.id),
                "leave the account at 0, or choose another address kind",
            ));
        }
        Ok(vec![(chain, kind)])
    }
}

/// The first address of each kind of a chain.
fn first_accounts(wallet: &Wallet, chain: &'static dyn Chain, network: Network) -> Result<Vec<Account>> {
    let mut accounts = Vec::new();
    for kind in chain.info().kinds {
        let key = wallet.key(chain, kind, Position::default(), network)?;
        // An uncompressed key has no address of the newer kinds.
        let Ok(account) = account_of(&key, kind) else { continue };
        // A single key has each address once, whatever kinds it is of.
        if wallet.only_chain().is_some() && accounts.iter().any(|known: &Account| known.address == account.address) {
            continue;
        }
        accounts.push(account);
    }
    Ok(accounts)
}

/// What is recorded of a key.
fn account_of(key: &ChainKey, kind: &AddressKind) -> Result<Account> {
    let address = key.address(kind)?;
    let path = key.path().map(ToString::to_string);
    let public_key = key.public_key().as_bytes().to_vec();
    Ok(Account::new(key.chain().info().id, key.network(), kind.id, path, address.as_str(), public_key))
}
