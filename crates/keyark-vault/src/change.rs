//! Changing a vault: new records first, then one new manifest, with which the change happens; then what nobody lists any more is removed.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{self, Header, manifests, record_file};
use crate::manifest::{Manifest, Retired, random_id};
use crate::seal::{Keys, pad, sha256};
use crate::unlocked::{MAX_RECORD, find_manifest, open_record};
use crate::vault::lost;
use crate::{Storage, Timestamp, Unlocked, VaultPolicy, WalletEntry, WalletId, WalletName, WalletRecord};

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
        for _ in 0..2 {
            self.change(now, |draft| {
                draft.manifest.policy = policy.clone();
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Accepts the state that is shown, and takes in the wallets whose records lie in the vault without being listed: those of a manifest that was
    /// damaged. Returns their names.
    ///
    /// # Errors
    /// The storage's.
    pub fn repair(&mut self, now: Timestamp) -> Result<Vec<WalletName>> {
        let was_broken = self.broken.take();
        let mut found = Vec::new();
        let looks = was_broken.is_some();
        let result = self.change(now, |draft| {
            if looks {
                found = draft.adopt()?;
            }
            Ok(())
        });
        if result.is_err() {
            self.broken = was_broken;
        } else {
            self.findings.clear();
        }
        result.map(|()| found)
    }

    /// Makes one change: all of it or none.
    pub(crate) fn change(&mut self, now: Timestamp, edit: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> Result<()> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let keys = self.keys()?;
        let storage = Arc::clone(&self.storage);
        let _lock = storage.lock()?;
        self.refresh(&keys)?;
        self.put_right()?;
        let mut manifest = self.manifest.clone();
        let before = manifest.generation;
        manifest.generation = self.highest.max(before) + 1;
        manifest.written = now;
        manifest.retired.retain(|retired| {
            // What was due after the last change but could not be removed, by a crash, is removed now.
            let overdue = retired.since < before;
            if overdue {
                let _ = storage.delete(&retired.file);
            }
            !overdue
        });
        let mut draft = Draft { storage: &*storage, keys: &keys, manifest, written: Vec::new() };
        if let Err(error) = edit(&mut draft) {
            draft.give_up();
            return Err(error);
        }
        draft.commit()?;
        self.manifest = draft.manifest;
        self.highest = self.manifest.generation;
        self.tidy(before);
        Ok(())
    }

    /// Takes over what another process has changed since. Needs the lock.
    fn refresh(&mut self, keys: &Keys) -> Result<()> {
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
        let newest = manifests(&*self.storage, self.epoch)?.first().copied().unwrap_or_default();
        if newest > self.highest {
            let found = find_manifest(&*self.storage, keys, self.epoch)?;
            if let Some(error) = found.broken {
                return Err(error);
            }
            (self.manifest, self.highest) = (found.manifest, found.highest);
        }
        Ok(())
    }

    /// Writes the identity's damaged copy anew.
    fn put_right(&mut self) -> Result<()> {
        if let Some((name, bytes)) = self.heal.take() {
            self.storage.replace(&name, &bytes)?;
        }
        Ok(())
    }

    /// Removes what neither the new manifest nor the one before it lists. What fails here is tried again by the next change.
    fn tidy(&self, before: u64) {
        for generation in manifests(&*self.storage, self.epoch).unwrap_or_default() {
            if generation < before {
                let _ = self.storage.delete(&header::manifest_file(self.epoch, generation));
            }
        }
        for retired in self.manifest.retired.iter().filter(|retired| retired.since <= before) {
            let _ = self.storage.delete(&retired.file);
        }
    }
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
        let new = WalletEntry::of(record, String::new(), [0; 32]);
        let same = |entry: &&WalletEntry| {
            entry.id == new.id || (new.first_address.is_some() && entry.first_address == new.first_address)
        };
        if let Some(entry) = self.manifest.wallets.iter().find(same) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                "this wallet is in the vault already",
                format!("it is called {}", entry.name),
            ));
        }
        self.write(record)
    }

    pub(crate) fn entry(&self, id: WalletId) -> Result<&WalletEntry> {
        self.manifest.wallets.iter().find(|entry| entry.id == id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the vault has no such wallet any more", "look into the list of wallets")
        })
    }

    fn replace(&mut self, record: &WalletRecord, before: u64) -> Result<()> {
        if self.entry(record.id())?.revision != before {
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
        if let (Some(place), Some(entry)) = (place, self.manifest.wallets.pop()) {
            self.manifest.wallets.insert(place, entry); // where it stood before
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

    /// Takes in records that lie there without being listed. Only who has the identity could seal them.
    fn adopt(&mut self) -> Result<Vec<WalletName>> {
        let epoch = self.manifest.epoch;
        let listed: Vec<_> = self.manifest.wallets.iter().map(|entry| record_file(epoch, &entry.file)).collect();
        let mut names = Vec::new();
        for file in self.storage.list(&format!("{}/records", header::epoch_folder(epoch)))? {
            let Some(id) = file.strip_suffix(".age") else { continue };
            let name = record_file(epoch, id);
            if listed.contains(&name) || self.manifest.retired.iter().any(|retired| retired.file == name) {
                continue;
            }
            let sealed = self.storage.read(&name, MAX_RECORD)?;
            let Ok(record) = open_record(self.keys, &name, &sealed) else { continue };
            let known = self.manifest.wallets.iter().find(|entry| entry.id == record.id());
            if known.is_some_and(|known| known.revision >= record.revision()) {
                continue;
            }
            self.retire(record.id());
            let name = self.free_name(&record.name)?;
            let entry = WalletEntry::of(&record, id.to_owned(), sha256(&sealed));
            names.push(name.clone());
            self.manifest.wallets.push(entry.called(name));
        }
        Ok(names)
    }

    /// Writes the manifest, with which the change happens.
    fn commit(&self) -> Result<()> {
        let sealed = self.manifest.seal(self.keys)?;
        let Err(error) = self.storage.write_new(&self.manifest.file(), &sealed) else { return Ok(()) };
        if error.kind() == ErrorKind::AlreadyExists {
            self.give_up();
            let problem = "another program changed this vault at the same time";
            return Err(Error::new(ErrorKind::Storage, problem, "nothing was changed; try again"));
        }
        // A failure may come after the file has got its name. Records that a manifest may list are not removed.
        let written = manifests(self.storage, self.manifest.epoch);
        if written.is_ok_and(|generations| !generations.contains(&self.manifest.generation)) {
            self.give_up();
        }
        Err(error)
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

/// Seals and writes one record under a new random name.
pub(crate) fn write_record(
    storage: &dyn Storage,
    keys: &Keys,
    epoch: u32,
    record: &WalletRecord,
) -> Result<WalletEntry> {
    record.check()?; // what would not be read is not written
    let sealed = keys.seal(pad(&record.to_json()).as_bytes())?;
    let id = random_id()?;
    storage.write_new(&record_file(epoch, &id), &sealed)?;
    Ok(WalletEntry::of(record, id, sha256(&sealed)))
}
