//! One wallet's record: its secret, what it is called, its addresses and its backups. Its JSON is `docs/format.md`'s.

mod account;
mod backup;
mod limits;
mod name;
mod secret;
#[cfg(test)]
mod tests;

use std::fmt;

use keyark_core::{Error, Fingerprint, Result, hex};
use zeroize::Zeroizing;

pub use account::Account;
pub use backup::{Backup, BackupMethod};
pub use name::{WalletId, WalletName};
pub use secret::{Passphrase, WalletSecret};

use crate::json::{Fields, Unknown, Writer};
use crate::{Timestamp, WalletEntry};
use limits::MOST_ENTRIES;

const FORMAT: &str = "keyark-wallet";
const VERSION: u64 = 1;

/// One wallet, as a vault keeps it. `Debug` shows no secret.
#[derive(Clone)]
pub struct WalletRecord {
    /// What its owner calls it.
    pub name: WalletName,
    /// Its BIP-39 passphrase.
    pub passphrase: Passphrase,
    /// The fingerprint of its master key, passphrase included (BIP-32, "Key identifiers"), where it has one.
    pub fingerprint: Option<Fingerprint>,
    /// Its addresses, with which a restored wallet is compared; at most 10,000.
    pub accounts: Vec<Account>,
    /// The backups that were made of it; at most 10,000.
    pub backups: Vec<Backup>,
    id: WalletId,
    created: Timestamp,
    revision: u64,
    secret: WalletSecret,
    unknown: Later,
}

/// Fields of later versions, in the record and in its two objects.
#[derive(Clone, Default)]
struct Later {
    record: Unknown,
    secret: Unknown,
    passphrase: Unknown,
}

impl WalletRecord {
    /// A new wallet, with an id of its own and without accounts and backups.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](keyark_core::ErrorKind::Internal) where the operating system gives no randomness;
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) for a chain's id of more than 1,000 characters.
    pub fn new(name: WalletName, secret: WalletSecret, passphrase: Passphrase, created: Timestamp) -> Result<Self> {
        secret.check()?;
        Ok(Self {
            name,
            passphrase,
            fingerprint: None,
            accounts: Vec::new(),
            backups: Vec::new(),
            id: WalletId::random()?,
            created,
            revision: 1,
            secret,
            unknown: Later::default(),
        })
    }

    /// The id, which never changes.
    pub fn id(&self) -> WalletId {
        self.id
    }

    /// When the wallet came into keyark.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// How often the record has been written, from 1.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the wallet is made from.
    pub fn secret(&self) -> &WalletSecret {
        &self.secret
    }

    /// Whether one backup brings the whole wallet back, and has been read back and compared.
    pub fn is_backed_up(&self) -> bool {
        let kind = self.secret.kind_id();
        self.backups.iter().any(|backup| backup.verified.is_some() && backup.restores_all(kind))
    }

    /// Adds a backup, in place of an earlier one by the same method to the same place.
    pub fn record_backup(&mut self, backup: Backup) {
        self.backups.retain(|earlier| !backup.replaces(earlier));
        self.backups.push(backup);
    }

    /// The same wallet under another id, where its own is taken.
    pub(crate) fn with_new_id(&self) -> Result<Self> {
        Ok(Self { id: WalletId::random()?, ..self.clone() })
    }

    /// Adds what another record of the same wallet has and this one lacks: accounts and backups; whether there was anything.
    pub(crate) fn take_from(&mut self, other: &Self) -> bool {
        let is_new = |account: &&Account| {
            let place = (&account.chain, account.network, &account.kind, &account.path, &account.address);
            !self.accounts.iter().any(|own| (&own.chain, own.network, &own.kind, &own.path, &own.address) == place)
        };
        let new: Vec<_> = other.accounts.iter().filter(is_new).cloned().collect();
        self.accounts.extend(new.iter().cloned());
        self.take_backups(&other.backups) || !new.is_empty()
    }

    /// Adds those of another record's backups that are not known here; whether there were any.
    pub(crate) fn take_backups(&mut self, others: &[Backup]) -> bool {
        let is_new = |other: &&Backup| !self.backups.iter().any(|known| other.replaces(known));
        let new: Vec<_> = others.iter().filter(is_new).cloned().collect();
        self.backups.extend(new.iter().cloned());
        !new.is_empty()
    }

    /// Takes an earlier copy's place in a vault: its id there, a later revision, and what was noted of its backups.
    pub(crate) fn become_copy_of(&mut self, earlier: &WalletEntry) {
        self.id = earlier.id;
        self.be_newer_than(earlier.revision);
        self.take_backups(&earlier.backups);
    }

    pub(crate) fn be_newer_than(&mut self, revision: u64) {
        self.revision = self.revision.max(revision.saturating_add(1));
    }

    /// To be called before a changed record is written.
    pub(crate) fn next_revision(&mut self) {
        self.revision = self.revision.saturating_add(1);
    }

    /// Whether the record could be read again: lists and texts within their bounds. To be asked before it is written.
    pub(crate) fn check(&self) -> Result<()> {
        limits::check("list of accounts", "entries", self.accounts.len(), MOST_ENTRIES)?;
        limits::check("list of backups", "entries", self.backups.len(), MOST_ENTRIES)?;
        self.secret.check()?;
        self.accounts.iter().try_for_each(Account::check)?;
        self.backups.iter().try_for_each(Backup::check)
    }

    /// The record as JSON, in one line. [`from_json`](Self::from_json) reads it if [`check`](Self::check) finds nothing.
    pub(crate) fn to_json(&self) -> Zeroizing<String> {
        let mut writer = Writer::new();
        writer.text("format", FORMAT);
        writer.number("version", VERSION);
        writer.text("id", &self.id.to_string());
        writer.number("revision", self.revision);
        writer.text("name", self.name.as_str());
        writer.text("created", &self.created.to_string());
        writer.object("secret", |writer| {
            self.secret.write(writer);
            writer.unknown(&self.unknown.secret);
        });
        writer.object("passphrase", |writer| {
            self.passphrase.write(writer);
            writer.unknown(&self.unknown.passphrase);
        });
        writer.text_if_there("fingerprint", self.fingerprint.map(|print| print.to_string()).as_deref());
        writer.objects("accounts", &self.accounts, |writer, account| account.write(writer));
        writer.objects("backups", &self.backups, |writer, backup| backup.write(writer));
        writer.unknown(&self.unknown.record);
        writer.finish()
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed), naming the field;
    /// [`ErrorKind::OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) for a text or public key that is too long. No
    /// error repeats a value.
    pub(crate) fn from_json(text: &str) -> Result<Self> {
        let mut fields = Fields::read(text, "the wallet's record")?;
        check_version(&mut fields)?;
        let mut secret_fields = fields.take_object("secret", "the wallet's secret")?;
        let mut passphrase_fields = fields.take_object("passphrase", "the wallet's passphrase")?;
        let record = Self {
            name: WalletName::new(fields.take_secret("name")?.expose())?,
            passphrase: Passphrase::read(&mut passphrase_fields)?,
            fingerprint: read_fingerprint(&mut fields)?,
            accounts: read_list(&mut fields, "accounts", "an account", Account::read)?,
            backups: read_list(&mut fields, "backups", "a backup", Backup::read)?,
            id: read_id(&mut fields)?,
            created: read_time(&mut fields, "created")?,
            revision: fields.take("revision")?,
            secret: WalletSecret::read(&mut secret_fields)?,
            unknown: Later {
                record: fields.rest(),
                secret: secret_fields.rest(),
                passphrase: passphrase_fields.rest(),
            },
        };
        record.check()?;
        Ok(record)
    }
}

impl fmt::Debug for WalletRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalletRecord")
            .field("id", &self.id)
            .field("revision", &self.revision)
            .field("name", &self.name)
            .field("created", &self.created)
            .field("secret", &self.secret)
            .field("passphrase", &self.passphrase)
            .field("accounts", &self.accounts.len())
            .field("backups", &self.backups)
            .finish_non_exhaustive()
    }
}

const NEWER: &str = "update keyark; the record is not changed";

/// Whether the error says that a newer keyark wrote the wallet's record: it is not damaged, and this keyark cannot read it.
pub fn is_newer_record(error: &Error) -> bool {
    error.remedy() == NEWER
}

fn check_version(fields: &mut Fields<'_>) -> Result<()> {
    if fields.take::<String>("format")? != FORMAT {
        return Err(Error::malformed("this is not a wallet's record", "use another copy of the wallet's file"));
    }
    match fields.take::<u64>("version")? {
        VERSION => Ok(()),
        newer if newer > VERSION => Err(Error::malformed(
            format!(
                "the wallet's record has version {newer}: a newer keyark wrote it, this one reads version {VERSION}"
            ),
            NEWER,
        )),
        _ => Err(fields.fault("version", "is below 1")),
    }
}

fn read_list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    item: &'static str,
    read: impl Fn(Fields<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let items = fields.take_objects(name, item, MOST_ENTRIES)?;
    let numbered = items.into_iter().zip(1_usize..);
    numbered.map(|(fields, number)| read(fields).map_err(|error| error.with_context("number", number))).collect()
}

fn read_id(fields: &mut Fields<'_>) -> Result<WalletId> {
    fields.take::<String>("id")?.parse().map_err(|_| fields.fault("id", "is not 32 hexadecimal digits"))
}

fn read_fingerprint(fields: &mut Fields<'_>) -> Result<Option<Fingerprint>> {
    let Some(text) = fields.take_if_there::<String>("fingerprint")? else { return Ok(None) };
    let bytes = hex::decode(&text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes
        .map(|bytes| Some(Fingerprint(bytes)))
        .ok_or_else(|| fields.fault("fingerprint", "is not 8 hexadecimal digits"))
}

fn read_time(fields: &mut Fields<'_>, name: &'static str) -> Result<Timestamp> {
    read_time_if_there(fields, name)?.ok_or_else(|| fields.fault(name, "is missing"))
}

fn read_time_if_there(fields: &mut Fields<'_>, name: &'static str) -> Result<Option<Timestamp>> {
    let text: Option<String> = fields.take_if_there(name)?;
    text.map(|text| text.parse()).transpose().map_err(|_| fields.fault(name, "is not a point in time"))
}
