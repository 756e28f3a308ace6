//! Wallets that come back from another vault.

use std::collections::BTreeSet;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use keyark_vault::{Merged, Passphrase, Timestamp, Unlocked, WalletId, WalletName, WalletRecord};

use super::{AskPassphrase, backup_of, count, distinct, is_of_the_vault, is_same, own_note, passphrase_of};
use crate::drill::drill;
use crate::vault::wallet_of;

/// What a restore would do with one wallet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Planned {
    /// The wallet in the vault that is restored from.
    pub wallet: WalletId,
    /// Its name there.
    pub name: WalletName,
    /// Its addresses.
    pub accounts: usize,
    /// What would happen.
    pub outcome: Outcome,
    /// Whether its addresses were derived again and are the recorded ones. Not so where its passphrase is not at hand.
    pub proved: bool,
}

/// See [`Planned`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is added under its name, or the one that it was [given](Restore::rename).
    Added,
    /// Another wallet has its name: it needs a new one.
    NameTaken,
    /// It is there already, under this name; only what was noted of its backups is taken over.
    Known(WalletName),
    /// It cannot be restored, for this reason.
    Damaged(Error),
}

/// Wallets that were read from a copy, to be looked at and then taken in.
#[derive(Debug)]
pub struct Restore {
    records: Vec<WalletRecord>,
    planned: Vec<Planned>,
    /// The names that wallets have in the vault that they would come into.
    taken: Vec<WalletName>,
}

impl Restore {
    /// Reads wallets from a vault and derives their addresses again; nothing is written. `into` is the vault that they would come into, if there is one
    /// already. A passphrase that is not at hand is no obstacle: the words are restored, and it is noted that they have one.
    ///
    /// # Errors
    /// What `ask` returns; [`ErrorKind::Mismatch`] for a passphrase that is another one; the vaults'. What is wrong with one wallet is said in the
    /// [plan](Self::planned).
    pub fn read(
        from: &Unlocked,
        wallets: &[WalletId],
        into: Option<&Unlocked>,
        ask: &dyn AskPassphrase,
    ) -> Result<Self> {
        let wallets = distinct(wallets);
        let taken = into.map(Unlocked::wallets).transpose()?.unwrap_or_default();
        let taken = taken.iter().map(|entry| entry.name.clone()).collect();
        let mut restore = Self { records: Vec::new(), planned: Vec::with_capacity(wallets.len()), taken };
        for (id, read) in wallets.iter().zip(from.records(&wallets)) {
            let Some(listed) = from.wallets()?.iter().find(|entry| entry.id == *id) else {
                return Err(read.err().unwrap_or_else(|| not_read(*id)));
            };
            let (name, accounts) = (listed.name.clone(), listed.accounts.unwrap_or_default());
            let outcome = match read {
                Ok(record) => restore.take(record, &name, into, ask)?,
                Err(error) if is_of_the_vault(&error) => return Err(error),
                Err(error) => Taken { outcome: Outcome::Damaged(error), accounts, proved: false },
            };
            let Taken { outcome, accounts, proved } = outcome;
            restore.planned.push(Planned { wallet: *id, name, accounts, outcome, proved });
        }
        Ok(restore)
    }

    /// Looks at one record, and keeps it if it gives its wallet back.
    fn take(
        &mut self,
        mut record: WalletRecord,
        name: &WalletName,
        into: Option<&Unlocked>,
        ask: &dyn AskPassphrase,
    ) -> Result<Taken> {
        let passphrase = passphrase_of(&record, ask)?;
        let accounts = record.accounts.len();
        let proved = match check(&record, passphrase.as_ref()) {
            Ok(proved) => proved,
            Err(error) => return Ok(Taken { outcome: Outcome::Damaged(error), accounts, proved: false }),
        };
        record.name = name.clone(); // two wallets of one name are told apart in the list
        let mut outcome = if self.is_taken(name) { Outcome::NameTaken } else { Outcome::Added };
        if let Some(into) = into
            && let Some(known) = into.wallets()?.iter().find(|entry| is_same(into, entry, &record))
        {
            outcome = Outcome::Known(known.name.clone());
        }
        self.records.push(record);
        Ok(Taken { outcome, accounts, proved })
    }

    /// What would happen to each wallet.
    pub fn planned(&self) -> &[Planned] {
        &self.planned
    }

    /// The records of the wallets that can be restored, with their secrets.
    pub fn records(&self) -> &[WalletRecord] {
        &self.records
    }

    /// The wallets whose passphrases are not at hand yet.
    pub fn lacking_passphrase(&self) -> impl Iterator<Item = (WalletId, &WalletName)> {
        let lacks = |record: &&WalletRecord| record.passphrase == Passphrase::Noted && !self.is_proved(record.id());
        self.records.iter().filter(lacks).map(|record| (record.id(), &record.name))
    }

    fn is_proved(&self, wallet: WalletId) -> bool {
        self.planned.iter().any(|planned| planned.wallet == wallet && planned.proved)
    }

    /// Derives a wallet's addresses with its passphrase and compares them.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] for another passphrase: ask again. [`ErrorKind::NotFound`] for a wallet that is not restored.
    pub fn prove(&mut self, wallet: WalletId, passphrase: &SecretText) -> Result<()> {
        let record = self.records.iter().find(|record| record.id() == wallet).ok_or_else(|| not_read(wallet))?;
        wallet_of(record, Some(passphrase))?;
        let result = drill(record, Some(passphrase));
        let planned = self.planned.iter_mut().find(|planned| planned.wallet == wallet);
        let planned = planned.ok_or_else(|| not_read(wallet))?;
        match result {
            Ok(_) => planned.proved = true,
            Err(error) => {
                planned.outcome = Outcome::Damaged(error);
                self.records.retain(|record| record.id() != wallet);
            }
        }
        Ok(())
    }

    /// Gives a wallet another name, where its own is taken or to the person's liking.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] for a name that is taken as well; [`ErrorKind::NotFound`] for a wallet that is not restored.
    pub fn rename(&mut self, wallet: WalletId, name: WalletName) -> Result<()> {
        let is_other = |record: &&WalletRecord| record.id() != wallet && record.name.same_as(&name);
        if self.is_taken(&name) || self.records.iter().any(|record| is_other(&record)) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("there is a wallet called {name} already"),
                "choose another name",
            ));
        }
        let record = self.records.iter_mut().find(|record| record.id() == wallet).ok_or_else(|| not_read(wallet))?;
        record.name = name;
        for planned in self.planned.iter_mut().filter(|planned| planned.wallet == wallet) {
            if matches!(planned.outcome, Outcome::NameTaken) {
                planned.outcome = Outcome::Added;
            }
        }
        Ok(())
    }

    /// A name that is free, made of the wallet's own.
    pub fn free_name(&self, name: &WalletName) -> WalletName {
        let start: String = name.as_str().chars().take(WalletName::MAX_CHARS - 10).collect();
        let numbered = (2..).filter_map(|number| WalletName::new(&format!("{} ({number})", start.trim_end())).ok());
        let is_free =
            |name: &WalletName| !self.is_taken(name) && !self.records.iter().any(|record| record.name.same_as(name));
        numbered.take(self.taken.len() + self.records.len() + 1).find(is_free).unwrap_or_else(|| name.clone())
    }

    fn is_taken(&self, name: &WalletName) -> bool {
        self.taken.iter().any(|taken| taken.same_as(name))
    }

    /// Takes the wallets in, in one change. A name that is taken all the same gets a number after it. `from` and `place` are where they come from: a copy that
    /// has just given its wallet back is proved.
    ///
    /// # Errors
    /// The storage's; nothing has changed then.
    pub fn take_in(mut self, into: &mut Unlocked, from: &Unlocked, place: &str, now: Timestamp) -> Result<Merged> {
        let backup = backup_of(from, place, now)?;
        let proved: BTreeSet<_> =
            self.planned.iter().filter(|planned| planned.proved).map(|planned| planned.wallet).collect();
        for record in &mut self.records {
            // What the copy says of itself is said under the name that the place has here.
            let made = record.backups.iter().filter_map(own_note).max().unwrap_or(now);
            record.backups.retain(|backup| own_note(backup).is_none());
            let mut backup = backup.clone();
            (backup.made, backup.accounts) = (made, Some(count(record)));
            if proved.contains(&record.id()) {
                backup.prove(now, Some(from.cloud_state()));
            }
            record.record_backup(backup);
        }
        let mut merged = into.take_in(self.records, now)?;
        let damaged = self.planned.into_iter().filter_map(|planned| match planned.outcome {
            Outcome::Damaged(error) => Some(error),
            _ => None,
        });
        merged.damaged.extend(damaged);
        Ok(merged)
    }
}

/// What is planned for one record.
struct Taken {
    outcome: Outcome,
    accounts: usize,
    proved: bool,
}

/// Whether the record has given its wallet back: not without a passphrase that is not at hand.
fn check(record: &WalletRecord, passphrase: Option<&SecretText>) -> Result<bool> {
    if record.passphrase == Passphrase::Noted && passphrase.is_none() {
        return Ok(false);
    }
    match drill(record, passphrase) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false), // a newer keyark's chains, and nothing wrong
        Err(error) => Err(error),
    }
}

fn not_read(wallet: WalletId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no wallet {wallet} to restore"), "look into the list of wallets")
}
