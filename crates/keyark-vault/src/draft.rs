//! A change that is being prepared: what it adds, replaces and leaves out, up to the manifest that makes it so.

use keyark_core::{Error, ErrorKind, Result};

use crate::epochs::Merged;
use crate::header::{self, manifests, record_file};
use crate::manifest::{Manifest, Removed, Retired, file_id, first_address, random_id};
use crate::seal::{Keys, pad, sha256};
use crate::state::{MAX_RECORD, open_record, read_entry, read_record};
use crate::{Storage, WalletEntry, WalletId, WalletName, WalletRecord, parallel};

/// A change that is being prepared.
pub(crate) struct Draft<'a> {
    pub(crate) storage: &'a dyn Storage,
    pub(crate) keys: &'a Keys,
    pub(crate) manifest: Manifest,
    /// Records written for this change, to be removed if it does not come about.
    pub(crate) written: Vec<String>,
    /// Wallets that two devices had changed at once, and of which the changes were put together here.
    pub(crate) settled: Vec<WalletId>,
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
            return self.write(vec![record.with_new_id()?]); // the one in the vault cannot be opened, or is another
        }
        self.write(vec![record.clone()])
    }

    /// The wallet that is the same: of the same first address, and then with the same secret and the same passphrase. One that cannot be
    /// opened is not the same: what is good may be added beside it.
    fn same_as(&self, record: &WalletRecord) -> Option<&WalletEntry> {
        let first = first_address(record);
        self.manifest.wallets.iter().find(|entry| {
            let may_be = entry.id == record.id()
                || (entry.first_address == first && entry.secret_kind == record.secret().kind_id());
            may_be
                && read_record(self.storage, self.keys, &self.manifest, entry.id)
                    .is_ok_and(|known| known.secret().same_as(record.secret()) && known.passphrase == record.passphrase)
        })
    }

    /// Adds wallets, each under its own name or, where that is taken, with a number after it. Of those that are there already, only the backups are
    /// taken over.
    pub(crate) fn take_in(&mut self, records: Vec<WalletRecord>, merged: &mut Merged) -> Result<()> {
        let mut new = Vec::new();
        for mut record in records {
            if self.same_as(&record).is_some() {
                self.take_backups(&record)?;
                merged.known.push(record.name);
                continue;
            }
            let names = |name: &WalletName| new.iter().any(|other: &WalletRecord| other.name.same_as(name));
            record.name = self.manifest.free_name(&record.name, names);
            if self.entry(record.id()).is_ok() {
                record = record.with_new_id()?;
            }
            merged.added.push(record.name.clone());
            new.push(record);
        }
        self.write(new)
    }

    /// Puts copies of wallets here, in place of the earlier copies; addresses and backups that an earlier copy has stay.
    pub(crate) fn put(&mut self, records: &[WalletRecord]) -> Result<Vec<WalletEntry>> {
        let order: Vec<WalletId> = self.manifest.wallets.iter().map(|entry| entry.id).collect();
        let earlier = records.iter().map(|record| self.earlier_copy(record)).collect::<Result<Vec<_>>>()?;
        let epoch = self.manifest.epoch;
        let read = parallel::each(self.storage, &earlier, |entry| {
            Some(read_entry(self.storage, self.keys, epoch, entry.as_ref()?))
        });
        // All of the earlier ones go first, so that names can change places.
        earlier.iter().flatten().for_each(|entry| self.retire(entry.id));
        let mut copies: Vec<WalletRecord> = Vec::with_capacity(records.len());
        for ((record, entry), read) in records.iter().zip(&earlier).zip(read) {
            let mut copy = record.clone();
            if let Some(entry) = entry {
                copy.become_copy_of(entry);
            }
            match read {
                Some(Ok(known)) => _ = copy.take_from(&known),
                Some(Err(error)) if error.kind() == ErrorKind::Storage || crate::record::is_newer_record(&error) => {
                    return Err(error);
                }
                _ => {} // there is none, or it is damaged: this one takes its place
            }
            let names = |name: &WalletName| copies.iter().any(|other| other.name.same_as(name));
            copy.name = self.manifest.free_name(&copy.name, names);
            copies.push(copy);
        }
        self.write(copies)?;
        let first_new = self.manifest.wallets.len().saturating_sub(records.len());
        let listed = self.manifest.wallets.split_off(first_new);
        let kept = listed.iter().cloned().zip(earlier).map(|(entry, earlier)| match earlier {
            Some(earlier) => entry.keeping(&earlier),
            None => entry,
        });
        self.manifest.wallets.extend(kept);
        // Each stands where it stood before, and the new ones at the end.
        self.manifest.wallets.sort_by_key(|entry| order.iter().position(|id| *id == entry.id).unwrap_or(usize::MAX));
        Ok(listed)
    }

    /// The copy that is here of a wallet.
    fn earlier_copy(&self, record: &WalletRecord) -> Result<Option<WalletEntry>> {
        let Ok(entry) = self.entry(record.id()) else { return Ok(self.same_as(record).cloned()) };
        // Addresses may have been noted since; they are never taken away.
        if entry.first_address.is_some() && entry.first_address != first_address(record) {
            return Err(not_the_same(record));
        }
        Ok(Some(entry.clone()))
    }

    /// Takes over the backups of another record of a wallet that is listed.
    pub(crate) fn take_backups(&mut self, other: &WalletRecord) -> Result<()> {
        let Some(id) = self.same_as(other).map(|entry| entry.id) else { return Ok(()) };
        let mut record = read_record(self.storage, self.keys, &self.manifest, id)?;
        let before = record.revision();
        if !record.take_from(other) {
            return Ok(());
        }
        record.next_revision();
        self.replace(&record, before)
    }

    /// What two devices wrote of one wallet at once: the backups of both count.
    pub(crate) fn settle(&mut self) -> Result<()> {
        for loser in std::mem::take(&mut self.manifest.contested) {
            self.settled.push(loser.id);
            let file = record_file(self.manifest.epoch, &loser.file);
            match read_entry(self.storage, self.keys, self.manifest.epoch, &loser) {
                Ok(record) => self.take_backups(&record)?,
                Err(error) if error.kind() == ErrorKind::Storage => return Err(error),
                Err(_) => {} // it is gone, as that of a device that has gone on since
            }
            self.manifest.retired.push(Retired { file, since: self.manifest.generation });
        }
        Ok(())
    }

    /// Changes a record as it was read before this change; or as it is now, if it was put together here.
    pub(crate) fn edit(
        &mut self,
        mut record: WalletRecord,
        edit: impl FnOnce(&mut WalletRecord) -> Result<()>,
    ) -> Result<()> {
        let id = record.id();
        if self.settled.contains(&id) && self.entry(id).is_ok() {
            record = read_record(self.storage, self.keys, &self.manifest, id)?;
        }
        let before = record.revision();
        edit(&mut record)?;
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
        self.write(vec![record.clone()])?;
        if let (Some(place), Some(new)) = (place, self.manifest.wallets.pop()) {
            self.manifest.wallets.insert(place, new.keeping(&entry)); // where it stood before
        }
        Ok(())
    }

    /// Removes a wallet.
    pub(crate) fn remove(&mut self, id: WalletId) -> Result<()> {
        let revision = self.entry(id)?.revision;
        self.retire(id);
        self.manifest.note_removed(Removed { id, revision });
        Ok(())
    }

    /// Leaves a wallet's record out of the list.
    pub(crate) fn retire(&mut self, id: WalletId) {
        let Some(place) = self.manifest.wallets.iter().position(|entry| entry.id == id) else { return };
        let entry = self.manifest.wallets.remove(place);
        let file = record_file(self.manifest.epoch, &entry.file);
        self.manifest.retired.push(Retired { file, since: self.manifest.generation });
    }

    /// Writes records, side by side, and lists them.
    fn write(&mut self, mut records: Vec<WalletRecord>) -> Result<()> {
        for record in &mut records {
            // A wallet that was removed and comes back is newer than its removal.
            if let Some(removed) = self.manifest.removed.iter().find(|removed| removed.id == record.id()) {
                record.be_newer_than(removed.revision);
            }
        }
        let epoch = self.manifest.epoch;
        let entries = write_records(self.storage, self.keys, epoch, &records)?;
        self.written.extend(entries.iter().map(|entry| record_file(epoch, &entry.file)));
        self.manifest.removed.retain(|removed| !entries.iter().any(|entry| entry.id == removed.id));
        self.manifest.wallets.extend(entries);
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
            let name = self.manifest.free_name(&record.name, |_| false);
            let entry = WalletEntry::of(&record, id, sha256(&sealed));
            names.push(name.clone());
            self.manifest.wallets.push(entry.called(name));
        }
        Ok(names)
    }

    /// Writes the manifest, with which the change happens.
    pub(crate) fn commit(&mut self) -> Result<()> {
        self.manifest.keep_listed();
        let sealed = self.manifest.seal(self.keys).inspect_err(|_| self.give_up())?;
        let file = self.manifest.file();
        let Err(error) = self.storage.write_new(&file, &sealed) else { return Ok(()) };
        // A storage that tries again by itself may have written it the first time.
        if self.storage.read(&file, sealed.len()).is_ok_and(|there| there == sealed) {
            return Ok(());
        }
        // A failure may come after the file has got its name. Records that a manifest may list are not removed.
        let there = manifests(self.storage, self.manifest.epoch);
        if there.is_ok_and(|names| !names.contains(&self.manifest.name())) {
            self.give_up();
        }
        Err(error)
    }

    /// Removes what was written for nothing.
    pub(crate) fn give_up(&self) {
        for file in &self.written {
            let _ = self.storage.delete(file);
        }
    }
}

fn not_the_same(record: &WalletRecord) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        format!("the vault has another wallet with the id of {}", record.name),
        "nothing was changed; report this",
    )
}

/// Seals and writes records under new random names, side by side. Where one of them cannot be written, none is left behind.
pub(crate) fn write_records(
    storage: &dyn Storage,
    keys: &Keys,
    epoch: u32,
    records: &[WalletRecord],
) -> Result<Vec<WalletEntry>> {
    let written = parallel::each(storage, records, |record| write_record(storage, keys, epoch, record));
    if written.iter().any(Result::is_err) {
        for entry in written.iter().flatten() {
            let _ = storage.delete(&record_file(epoch, &entry.file));
        }
    }
    written.into_iter().collect()
}

/// Seals and writes one record under a new random name.
fn write_record(storage: &dyn Storage, keys: &Keys, epoch: u32, record: &WalletRecord) -> Result<WalletEntry> {
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
