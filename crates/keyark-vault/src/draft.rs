//! A change that is being prepared: what it adds, replaces and leaves out, up to the manifest that makes it so.

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{self, manifests, record_file};
use crate::manifest::{Manifest, Retired, file_id, random_id};
use crate::seal::{Keys, pad, sha256};
use crate::unlocked::{MAX_RECORD, find_manifest, open_record, read_record};
use crate::{Backup, Storage, WalletEntry, WalletId, WalletName, WalletRecord};

/// A change that is being prepared.
pub(crate) struct Draft<'a> {
    pub(crate) storage: &'a dyn Storage,
    pub(crate) keys: &'a Keys,
    pub(crate) manifest: Manifest,
    /// Records written for this change, to be removed if it does not come about.
    pub(crate) written: Vec<String>,
}

impl Draft<'_> {
    pub(crate) fn add(&mut self, record: &WalletRecord) -> Result<()> {
        self.check_name(record)?;
        if let Some(entry) = self.same_as(record) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                "this wallet is in the vault already",
                format!("it is called {}", entry.name),
            ));
        }
        if self.entry(record.id()).is_ok() {
            return self.write(&record.with_new_id()?); // the one in the vault cannot be opened, or is another
        }
        self.write(record)
    }

    /// The wallet that is the same: of the same first address, and then with the same secret and the same passphrase. One that cannot be
    /// opened is not the same: what is good may be added beside it.
    fn same_as(&self, record: &WalletRecord) -> Option<&WalletEntry> {
        let first = record.accounts.first().map(|first| (first.chain.as_str(), first.address.as_str()));
        self.manifest.wallets.iter().find(|entry| {
            let own = entry.first_address.as_ref().map(|(chain, address)| (chain.as_str(), address.as_str()));
            let may_be = entry.id == record.id() || (own == first && entry.secret_kind == record.secret().kind_id());
            may_be
                && read_record(self.storage, self.keys, &self.manifest, entry.id)
                    .is_ok_and(|known| known.secret().same_as(record.secret()) && known.passphrase == record.passphrase)
        })
    }

    /// Takes over the backups of another record of a wallet that is listed.
    pub(crate) fn take_backups(&mut self, other: &WalletRecord) -> Result<()> {
        let Some(id) = self.same_as(other).map(|entry| entry.id) else { return Ok(()) };
        let mut record = read_record(self.storage, self.keys, &self.manifest, id)?;
        let is_new = |backup: &&Backup| {
            !record.backups.iter().any(|known| (&known.method, &known.to) == (&backup.method, &backup.to))
        };
        let new: Vec<_> = other.backups.iter().filter(is_new).cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let before = record.revision();
        record.backups.extend(new);
        record.next_revision();
        self.replace(&record, before)
    }

    pub(crate) fn entry(&self, id: WalletId) -> Result<&WalletEntry> {
        self.manifest.wallets.iter().find(|entry| entry.id == id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the vault has no such wallet any more", "look into the list of wallets")
        })
    }

    pub(crate) fn replace(&mut self, record: &WalletRecord, before: u64) -> Result<()> {
        let entry = self.entry(record.id())?.clone();
        if entry.revision != before {
            return Err(Error::new(
                ErrorKind::Storage,
                "another program changed this wallet at the same time",
                "try again",
            ));
        }
        self.check_name(record)?;
        let place = self.manifest.wallets.iter().position(|entry| entry.id == record.id());
        self.retire(record.id());
        self.write(record)?;
        if let (Some(place), Some(new)) = (place, self.manifest.wallets.pop()) {
            self.manifest.wallets.insert(place, new.keeping(&entry)); // where it stood before
        }
        Ok(())
    }

    /// Leaves a wallet out of the list.
    pub(crate) fn retire(&mut self, id: WalletId) {
        let Some(place) = self.manifest.wallets.iter().position(|entry| entry.id == id) else { return };
        let entry = self.manifest.wallets.remove(place);
        let file = record_file(self.manifest.epoch, &entry.file);
        self.manifest.retired.push(Retired { file, since: self.manifest.generation });
    }

    fn write(&mut self, record: &WalletRecord) -> Result<()> {
        let entry = write_record(self.storage, self.keys, self.manifest.epoch, record)?;
        self.written.push(record_file(self.manifest.epoch, &entry.file));
        self.manifest.wallets.push(entry);
        Ok(())
    }

    fn check_name(&self, record: &WalletRecord) -> Result<()> {
        let taken = |entry: &WalletEntry| entry.id != record.id() && entry.name.same_as(&record.name);
        if self.manifest.wallets.iter().any(taken) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("there is a wallet called {} already", record.name),
                "choose another name",
            ));
        }
        Ok(())
    }

    /// Takes in wallets that the list does not have and whose records lie there. They were sealed by somebody who knows the recipient, which
    /// is written nowhere: who knows it has had the identity, and could as well have written a manifest.
    pub(crate) fn adopt(&mut self) -> Result<Vec<WalletName>> {
        let epoch = self.manifest.epoch;
        let listed: Vec<_> = self.manifest.wallets.iter().map(|entry| record_file(epoch, &entry.file)).collect();
        let mut names = Vec::new();
        for file in self.storage.list(&format!("{}/records", header::epoch_folder(epoch)))? {
            let Some(id) = file.strip_suffix(".age").and_then(|id| file_id(id.to_owned()).ok()) else { continue };
            let name = record_file(epoch, &id);
            if listed.contains(&name) || self.manifest.retired.iter().any(|retired| retired.file == name) {
                continue;
            }
            let sealed = match self.storage.read(&name, MAX_RECORD) {
                Ok(sealed) => sealed,
                Err(error) if error.kind() == ErrorKind::Storage => return Err(error), // it may be a wallet: try again
                Err(_) => continue,
            };
            let Ok(record) = open_record(self.keys, &name, &sealed) else { continue };
            let is_listed = self.entry(record.id()).is_ok();
            let opens = is_listed && read_record(self.storage, self.keys, &self.manifest, record.id()).is_ok();
            if opens || self.same_as(&record).is_some() {
                continue; // what may be newer in it is not worth a doubt about the wallet that is listed
            }
            self.retire(record.id()); // the one that is listed is lost
            let name = self.free_name(&record.name)?;
            let entry = WalletEntry::of(&record, id, sha256(&sealed));
            names.push(name.clone());
            self.manifest.wallets.push(entry.called(name));
        }
        Ok(names)
    }

    /// Writes the manifest, with which the change happens.
    pub(crate) fn commit(&self) -> Result<()> {
        let sealed = self.manifest.seal(self.keys).inspect_err(|_| self.give_up())?;
        let file = self.manifest.file();
        if let Err(error) = self.storage.write_new(&file, &sealed) {
            // A storage that tries again by itself may have written it the first time.
            let is_ours = || self.storage.read(&file, sealed.len()).is_ok_and(|there| there == sealed);
            if error.kind() == ErrorKind::AlreadyExists && !is_ours() {
                self.give_up();
                return Err(overtaken());
            }
            if error.kind() != ErrorKind::AlreadyExists {
                // A failure may come after the file has got its name. Records that a manifest may list are not removed.
                let there = manifests(self.storage, self.manifest.epoch);
                if there.is_ok_and(|generations| !generations.contains(&self.manifest.generation)) {
                    self.give_up();
                }
                return Err(error);
            }
        }
        // Without a lock, others may have come further meanwhile: on top of this change, or past it, if the generation had been there
        // before and been given up. Nothing is removed then; what nobody lists is passed over.
        let newest = manifests(self.storage, self.manifest.epoch).unwrap_or_default().first().copied();
        if newest.is_some_and(|newest| newest > self.manifest.generation)
            && find_manifest(self.storage, self.keys, self.manifest.epoch)
                .is_ok_and(|found| found.manifest.generation > self.manifest.generation && !self.is_in(&found.manifest))
        {
            return Err(overtaken());
        }
        Ok(())
    }

    /// Whether a later manifest was built on this one: what was written here is listed there, or was, and what was dropped is not.
    fn is_in(&self, later: &Manifest) -> bool {
        let lists = |file: &String| later.wallets.iter().any(|entry| record_file(later.epoch, &entry.file) == *file);
        let dropped = |file: &String| later.retired.iter().any(|retired| retired.file == *file);
        let own = self.manifest.retired.iter().filter(|retired| retired.since == self.manifest.generation);
        self.written.iter().all(|file| lists(file) || dropped(file)) && !own.map(|retired| &retired.file).any(lists)
    }

    /// A name that no wallet has: this one, or with a number after it.
    pub(crate) fn free_name(&self, name: &WalletName) -> Result<WalletName> {
        let taken = |name: &WalletName| self.manifest.wallets.iter().any(|entry| entry.name.same_as(name));
        let mut free = name.clone();
        for number in 2.. {
            if !taken(&free) {
                break;
            }
            let start: String = name.as_str().chars().take(WalletName::MAX_CHARS - 10).collect();
            free = WalletName::new(&format!("{} ({number})", start.trim_end()))?;
        }
        Ok(free)
    }

    /// Removes what was written for nothing.
    pub(crate) fn give_up(&self) {
        for file in &self.written {
            let _ = self.storage.delete(file);
        }
    }
}

fn overtaken() -> Error {
    let problem = "another program changed this vault at the same time";
    Error::new(ErrorKind::Storage, problem, "nothing was changed; try again")
}

/// Seals and writes one record under a new random name.
pub(crate) fn write_record(
    storage: &dyn Storage,
    keys: &Keys,
    epoch: u32,
    record: &WalletRecord,
) -> Result<WalletEntry> {
    record.check()?; // what would not be read is not written
    let sealed = keys.seal(pad(&record.to_json()).as_bytes())?;
    if sealed.len() > MAX_RECORD {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("this wallet's record has {} bytes, and at most {MAX_RECORD} are kept", sealed.len()),
            "keep fewer accounts in it; nothing was changed",
        ));
    }
    let id = random_id()?;
    storage.write_new(&record_file(epoch, &id), &sealed)?;
    Ok(WalletEntry::of(record, id, sha256(&sealed)))
}
