//! The drill of a keystore file: it opens, and its key is one of the wallet's.

use keyark::keystore::{Kdf, Keystore};
use keyark::phrase::Phrase;
use keyark::vault::{
    AskPassphrase, Backup, BackupMethod, Passphrase, Timestamp, Unlocked, WalletEntry, WalletId, WalletRecord,
    WalletSecret, wallet_of,
};
use keyark::{Address, Chain, Error, ErrorKind, KeystoreSecret, Network, OpenedKeystore, Position, Result, Wallet};

use super::{KeystoreFile, Row};
use crate::args::Verify;
use crate::commands::cloud::backup::Passphrases;
use crate::commands::{keystore, stored_phrase};
use crate::ui::Ui;

/// Opens the file, looks for its key in the wallet, and notes what came out. An error says nothing of the file: its password, the disk.
pub(super) fn drill(
    file: &KeystoreFile,
    args: &Verify,
    local: &mut Unlocked,
    ask: &Passphrases,
    ui: &mut Ui<'_>,
) -> Result<Row> {
    let opened = match keystore::open_file(&file.path, args.keystore_password_file.as_deref(), ui) {
        Ok((chain, opened)) => Ok(Key::of(chain, opened)?),
        // What the file itself is at fault for; where it is not known whose it is, that is the command's error.
        Err(error) if file.wallet.is_some() && is_of_the_file(&error) => Err(error),
        Err(error) => return Err(error),
    };
    let id = match (&opened, file.wallet) {
        (_, Some(id)) => id,
        (Ok(key), None) => key.owner(local)?,
        (Err(error), None) => return Err(error.clone()),
    };
    let record = local.record(id)?;
    let found = match opened {
        Ok(key) => key.is_of(&record, &file.to, ask),
        Err(error) => Err(error),
    };
    let entry = local.find(&id.to_string())?.clone();
    let now = Timestamp::now();
    let mut row = Row::of(&entry, "keystore", &file.to);
    match found {
        Ok(()) => (row.verified, row.addresses) = (Some(now), 1),
        Err(error) => (row.problem, row.wrong) = (Some(error), true),
    }
    note(&row, file, id, &entry, now, local)?;
    Ok(row)
}

fn is_of_the_file(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Malformed | ErrorKind::OutOfBounds | ErrorKind::Mismatch)
}

/// What was in the file.
struct Key {
    chain: &'static dyn Chain,
    address: Address,
    phrase: Option<Phrase>,
}

impl Key {
    fn of(chain: &'static dyn Chain, opened: OpenedKeystore) -> Result<Self> {
        if let Some(words) = stored_phrase(&opened.secret) {
            let (phrase, wallet) = words?;
            let key = wallet.key(chain, chain.info().default_kind()?, Position::default(), Network::Mainnet)?;
            return Ok(Self { chain, address: key.address(chain.info().default_kind()?)?, phrase: Some(phrase) });
        }
        match (opened.secret, opened.address) {
            (KeystoreSecret::Key(_), Some(address)) => Ok(Self { chain, address, phrase: None }),
            _ => Err(Error::malformed(
                "the keystore holds something that is not a key",
                "open it with the program that wrote it",
            )),
        }
    }

    /// The wallet that has recorded the address.
    fn owner(&self, local: &Unlocked) -> Result<WalletId> {
        let ids: Vec<_> = local.wallets()?.iter().map(|entry| entry.id).collect();
        let records = local.records(&ids).into_iter().flatten();
        let found = { records }.find(|record| self.is_recorded(record)).map(|record| record.id());
        found.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("no wallet here has recorded {}, whose key is in the file", self.address),
                "name the wallet: keyark verify WALLET --from FILE",
            )
        })
    }

    fn is_recorded(&self, record: &WalletRecord) -> bool {
        let mut accounts = record.accounts.iter();
        accounts.any(|account| account.chain == self.chain.info().id && account.address == self.address.as_str())
    }

    /// Whether the key is the wallet's: a recorded one, the one that the file was made of, or one within bounds.
    fn is_of(&self, record: &WalletRecord, to: &str, ask: &Passphrases) -> Result<()> {
        let was_exported =
            |backup: &Backup| is_of_file(backup, to) && backup.detail.as_deref() == Some(self.address.as_str());
        let has_words = match (&self.phrase, record.secret()) {
            (Some(phrase), WalletSecret::Phrase(own)) => phrase.to_text() == own.to_text(),
            (Some(_), _) => false,
            (None, _) => {
                self.is_recorded(record) || record.backups.iter().any(was_exported) || self.is_derived(record, ask)?
            }
        };
        if has_words {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Mismatch,
            format!("the file has the key of {}, which {} does not have", self.address, record.name),
            "it is of another wallet, or of an address far from the first ones: name the right wallet",
        ))
    }

    /// Looks through the first addresses of every kind.
    fn is_derived(&self, record: &WalletRecord, ask: &Passphrases) -> Result<bool> {
        const ACCOUNTS: u32 = 100;
        const INDEXES: u32 = 1000;
        let passphrase = if record.passphrase == Passphrase::Noted { ask.ask(&record.name)? } else { None };
        let wallet: Wallet = wallet_of(record, passphrase.as_ref())?;
        if wallet.only_chain().is_some() {
            return Ok(false);
        }
        let of_account = (1..ACCOUNTS).map(|account| Position { account, ..Position::default() });
        let positions = (0..INDEXES).map(|index| Position { index, ..Position::default() }).chain(of_account);
        let positions: Vec<_> = positions.collect();
        let has = |kind: &'static keyark::AddressKind| {
            positions.iter().any(|position| {
                let key = wallet.key(self.chain, kind, *position, Network::Mainnet);
                key.and_then(|key| key.address(kind)).is_ok_and(|address| address == self.address)
            })
        };
        Ok(self.chain.info().kinds.iter().any(has))
    }
}

fn is_of_file(backup: &Backup, to: &str) -> bool {
    backup.method == BackupMethod::Keystore && backup.to.as_deref() == Some(to)
}

/// Notes the date on the backup of that file; what a guess at its password costs, too.
fn note(
    row: &Row,
    file: &KeystoreFile,
    id: WalletId,
    entry: &WalletEntry,
    now: Timestamp,
    local: &mut Unlocked,
) -> Result<()> {
    let is_noted = entry.backups.iter().any(|backup| is_of_file(backup, &file.to));
    if !local.is_current() || (row.wrong && !is_noted) {
        return Ok(());
    }
    let work = work_of(file);
    local.update(id, now, |record| {
        if !is_noted {
            record.record_backup(Backup::new(BackupMethod::Keystore, Some(file.to.clone()), now));
        }
        for backup in record.backups.iter_mut().filter(|backup| is_of_file(backup, &file.to)) {
            if row.wrong {
                backup.verified = None;
            } else {
                backup.prove(now, None);
                (backup.format, backup.work) = (BackupMethod::Keystore.format(), work);
            }
        }
        Ok(())
    })
}

/// What a guess at the file's password costs, as a power of two.
fn work_of(file: &KeystoreFile) -> Option<u8> {
    let text = keystore::read(&file.path).ok()?;
    let cost = match Keystore::parse(&text).ok()?.inspect().kdf {
        Kdf::Scrypt { n, .. } => n,
        Kdf::Pbkdf2 { rounds } => rounds,
        _ => return None,
    };
    u8::try_from(cost.checked_ilog2()?).ok()
}
