//! Changing a vault: new records first, then one new manifest, with which the change happens; then what nobody lists any more is removed.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{self, Header, MAX_GENERATION, manifests, record_file};
use crate::manifest::{Manifest, Retired, file_id, random_id};
use crate::seal::{Keys, pad, sha256};
use crate::unlocked::{MAX_RECORD, find_manifest, open_record, read_record};
use crate::vault::lost;
use crate::{Backup, Storage, Timestamp, Unlocked, VaultPolicy, WalletEntry, WalletId, WalletName, WalletRecord};

/// Whether a wallet that is not backed up is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is not: nothing else may have its words.
    OnlyBackedUp,
    /// It is. The person has been asked.
    Anyway,
}

impl Unlocked {
    /// Adds a wallet. Writes one record and one manifest.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] when the name is taken or the same wallet is there under another name; the storage's errors, and nothing
    /// has changed then.
    pub fn add(&mut self, record: &WalletRecord, now: Timestamp) -> Result<()> {
        self.change(now, |draft| draft.add(record))
    }

    /// Changes a wallet's record: its name, its backups, its accounts. Writes one record and one manifest.
    ///
    /// # Errors
    /// As [`add`](Self::add), and what `edit` returns.
    pub fn update(
        &mut self,
        id: WalletId,
        now: Timestamp,
        edit: impl FnOnce(&mut WalletRecord) -> Result<()>,
    ) -> Result<()> {
        let mut record = self.record(id)?;
        let before = record.revision();
        edit(&mut record)?;
        record.next_revision();
        self.change(now, |draft| draft.replace(&record, before))
    }

    /// Gives a wallet another name.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn rename(&mut self, id: WalletId, name: WalletName, now: Timestamp) -> Result<()> {
        self.update(id, now, |record| {
            record.name = name;
            Ok(())
        })
    }

    /// Removes a wallet. Its record stays, sealed, until the change after this one; then the previous state is given up.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] for a wallet that is not backed up, unless it is to be removed anyway.
    pub fn remove(&mut self, id: WalletId, removal: Removal, now: Timestamp) -> Result<()> {
        self.change(now, |draft| {
            let entry = draft.entry(id)?;
            if removal == Removal::OnlyBackedUp && !entry.is_backed_up() {
                return Err(Error::new(
                    ErrorKind::Refused,
                    "this wallet is not backed up: without it here, its words may be lost for ever",
                    "back it up first, or say that it is to be removed anyway",
                ));
            }
            draft.retire(id);
            Ok(())
        })
    }

    /// Sets what may leave this vault. It is sealed; nobody changes it without the password. Both generations that are kept get it, so that who
    /// deletes the newer one does not bring the older policy back.
    ///
    /// # Errors
    /// The storage's.
    pub fn set_policy(&mut self, policy: VaultPolicy, now: Timestamp) -> Result<()> {
        self.change(now, |draft| {
            draft.manifest.policy = policy;
            Ok(())
        })?;
        let _ = self.change(now, |_| Ok(())); // it is set; where this fails, the next change does the same
        Ok(())
    }

    /// Accepts the state that is shown, and takes in the wallets whose records lie in the vault without being listed: those of a manifest that was
    /// damaged. Returns their names.
    ///
    /// # Errors
    /// The storage's.
    pub fn repair(&mut self, now: Timestamp) -> Result<Vec<WalletName>> {
        let looks = self.broken.is_some();
        let mut found = Vec::new();
        self.change_with(now, Damage::Accepted, |draft| {
            if looks {
                found = draft.adopt()?;
            }
            Ok(())
        })?;
        self.findings.clear();
        self.broken = None;
        Ok(found)
    }

    /// Makes one change: all of it or none.
    pub(crate) fn change(&mut self, now: Timestamp, edit: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> Result<()> {
        self.change_with(now, Damage::Refused, edit)
    }

    fn change_with(
        &mut self,
        now: Timestamp,
        damage: Damage,
        edit: impl FnOnce(&mut Draft<'_>) -> Result<()>,
    ) -> Result<()> {
        if let (Some(error), Damage::Refused) = (&self.broken, damage) {
            return Err(error.clone());
        }
        let keys = self.keys()?;
        let storage = Arc::clone(&self.storage);
        let _lock = storage.lock()?;
        let there = self.refresh(&keys, damage)?;
        self.put_right()?;
        let mut manifest = self.manifest.clone();
        let before = manifest.generation;
        let next = (self.floor.max(before) + 1..=MAX_GENERATION).find(|generation| !there.contains(generation));
        manifest.generation = next.ok_or_else(|| {
            Error::new(
                ErrorKind::OutOfBounds,
                "the vault's generation has a number that keyark never reaches",
                "another program has written it: use another copy of the vault, and of the note of how far it had come",
            )
        })?;
        manifest.written = now;
        // What was due after the last change but could not be removed is removed now.
        let is_due = |retired: &Retired| retired.since < before && self.may_delete(retired);
        manifest.retired.retain(|retired| !is_due(retired) || storage.delete(&retired.file).is_err());
        let mut draft = Draft { storage: &*storage, keys: &keys, manifest, written: Vec::new() };
        if let Err(error) = edit(&mut draft) {
            draft.give_up();
            return Err(error);
        }
        draft.commit()?;
        self.manifest = draft.manifest;
        self.floor = self.manifest.generation;
        self.tidy(before, damage);
        Ok(())
    }

    /// Whether a file that was dropped can go: not one of an epoch that the header still lists, as after a crash or when it was found again.
    fn may_delete(&self, retired: &Retired) -> bool {
        let in_epoch = |epoch: u32| retired.file.starts_with(&format!("{}/", header::epoch_folder(epoch)));
        in_epoch(self.epoch) || !self.header.epochs.iter().any(|epoch| in_epoch(epoch.number))
    }

    /// Takes over what another process has changed since; returns the generations that are there. Needs the lock.
    fn refresh(&mut self, keys: &Keys, damage: Damage) -> Result<Vec<u64>> {
        let (header, header_lost) = Header::find(&*self.storage)?.ok_or_else(lost)?;
        if header.current().map(|epoch| epoch.number) != Some(self.epoch) {
            return Err(Error::new(
                ErrorKind::Locked,
                "these wallets are sealed under a password of former times, and are not changed",
                "take them over into the vault of today with `keyark password merge`, or unlock that one",
            ));
        }
        self.header = header;
        if header_lost {
            self.header.write(&*self.storage)?;
        }
        let there = manifests(&*self.storage, self.epoch)?;
        if there.first() != Some(&self.manifest.generation) {
            let found = find_manifest(&*self.storage, keys, self.epoch)?;
            if let (Some(error), Damage::Refused) = (found.broken, damage) {
                return Err(error);
            }
            if found.manifest.generation > self.manifest.generation {
                self.manifest = found.manifest;
            }
        }
        Ok(there)
    }

    /// Writes the identity's damaged copy anew, unless another program has changed the password since. Needs the lock.
    fn put_right(&mut self) -> Result<()> {
        if let Some(heal) = self.heal.take()
            && heal.still_applies(&*self.storage)
        {
            self.storage.replace(&heal.file, &heal.bytes)?;
        }
        Ok(())
    }

    /// Removes what neither the new manifest nor the one before it lists. What fails here is tried again by the next change.
    fn tidy(&self, before: u64, damage: Damage) {
        let now = self.manifest.generation;
        let gone = |generation: &u64| match damage {
            Damage::Refused => *generation < before,
            // The newer ones that cannot be read are given up with the repair.
            Damage::Accepted => *generation != before && *generation != now,
        };
        for generation in manifests(&*self.storage, self.epoch).unwrap_or_default().into_iter().filter(gone) {
            let _ = self.storage.delete(&header::manifest_file(self.epoch, generation));
        }
        for retired in
            self.manifest.retired.iter().filter(|retired| retired.since <= before && self.may_delete(retired))
        {
            let _ = self.storage.delete(&retired.file);
        }
    }
}

/// Whether a manifest that cannot be read keeps a change from being made.
#[derive(Clone, Copy, PartialEq)]
enum Damage {
    Refused,
    Accepted,
}

/// A change that is being prepared.
pub(crate) struct Draft<'a> {
    pub(crate) storage: &'a dyn Storage,
    keys: &'a Keys,
    pub(crate) manifest: Manifest,
    /// Records written for this change, to be removed if it does not come about.
    written: Vec<String>,
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

    fn replace(&mut self, record: &WalletRecord, before: u64) -> Result<()> {
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
    fn retire(&mut self, id: WalletId) {
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
    fn adopt(&mut self) -> Result<Vec<WalletName>> {
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
            if self.same_as(&record).is_some() {
                continue; // what may be newer in it is not worth a doubt about the wallet that is listed
            }
            let name = self.free_name(&record.name)?;
            let entry = WalletEntry::of(&record, id, sha256(&sealed));
            names.push(name.clone());
            self.manifest.wallets.push(entry.called(name));
        }
        Ok(names)
    }

    /// Writes the manifest, with which the change happens.
    fn commit(&self) -> Result<()> {
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
        // Without a lock, another program may have come further meanwhile, and given up the generation that this one built on.
        let newest = manifests(self.storage, self.manifest.epoch).unwrap_or_default().first().copied();
        let is_overtaken = newest.is_some_and(|newest| newest > self.manifest.generation)
            && find_manifest(self.storage, self.keys, self.manifest.epoch)
                .is_ok_and(|found| found.manifest.generation > self.manifest.generation);
        if is_overtaken {
            let _ = self.storage.delete(&file);
            self.give_up();
            return Err(overtaken());
        }
        Ok(())
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
    fn give_up(&self) {
        for file in &self.written {
            let _ = self.storage.delete(file);
        }
    }
}

pub(crate) fn overtaken() -> Error {
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
