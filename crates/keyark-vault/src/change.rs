//! Changing a vault: new records first, then one new manifest, with which the change happens; then what nobody lists any more is removed.

use std::collections::HashSet;
use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::draft::Draft;
use crate::epochs::files_of;
use crate::header::{self, Epoch, Header, MAX_GENERATION, identity_file, manifests};
use crate::lineage::ManifestName;
use crate::manifest::Retired;
use crate::seal::Keys;
use crate::state::find_manifest;
use crate::vault::lost;
use crate::{Merged, Storage, Timestamp, Unlocked, VaultPolicy, WalletEntry, WalletId, WalletName, WalletRecord};

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

    /// Adds copies of wallets from another vault, or puts them in the place of the earlier copies. Writes each record once, as many at a time as the
    /// storage likes, and one manifest. Returns them as they are listed here, in the order of `records`: another wallet of that name here gives a
    /// copy a number after its name.
    ///
    /// # Errors
    /// The storage's; nothing has changed then.
    pub fn put(&mut self, records: &[WalletRecord], now: Timestamp) -> Result<Vec<WalletEntry>> {
        let mut copies = Vec::new();
        self.change(now, |draft| {
            copies = draft.put(records)?;
            Ok(())
        })?;
        Ok(copies)
    }

    /// Takes wallets of another vault in: those that are new here, and of the others what was noted of their backups. A name that is taken gets a
    /// number after it. Writes each record once and one manifest.
    ///
    /// # Errors
    /// The storage's; nothing has changed then.
    pub fn take_in(&mut self, records: Vec<WalletRecord>, now: Timestamp) -> Result<Merged> {
        let mut merged = Merged::default();
        self.change(now, |draft| draft.take_in(records, &mut merged))?;
        Ok(merged)
    }

    /// Changes several wallets' records in one change: each record is written once, and one manifest.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub fn update_all(
        &mut self,
        ids: &[WalletId],
        now: Timestamp,
        mut edit: impl FnMut(&mut WalletRecord) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(ids).into_iter().collect::<Result<Vec<_>>>()?;
        self.change(now, |draft| records.into_iter().try_for_each(|record| draft.edit(record, &mut edit)))
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
        let record = self.record(id)?;
        self.change(now, |draft| draft.edit(record, edit))
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
            draft.remove(id)
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
        let lock = storage.lock()?;
        let there = self.refresh(&keys, damage)?;
        self.put_right()?;
        let mut manifest = self.manifest.clone();
        if damage == Damage::Accepted {
            // What cannot be read is given up, and what was seen before: who remembers it accepts what follows.
            manifest.follows.extend(there.iter().chain(&self.given_up).cloned());
        }
        let before = manifest.generation;
        let next = self.floor.max(before) + 1;
        if next > MAX_GENERATION {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                "the vault's generation has a number that keyark never reaches",
                "another program has written it: use another copy of the vault, and of the note of how far it had come",
            ));
        }
        manifest.advance(next)?;
        manifest.written = now;
        // What was due after the last change but could not be removed is removed now.
        let is_due = |retired: &Retired| retired.since < before && self.may_delete(retired);
        manifest.retired.retain(|retired| !is_due(retired) || remove_retired(&*storage, &retired.file).is_err());
        let mut draft = Draft { storage: &*storage, keys: &keys, manifest, written: Vec::new(), settled: Vec::new() };
        if let Err(error) = draft.settle().and_then(|()| edit(&mut draft)) {
            draft.give_up();
            return Err(error);
        }
        draft.commit()?;
        let parents = std::mem::replace(&mut self.manifest, draft.manifest).heads;
        self.floor = self.manifest.generation;
        if !lock.is_held() {
            self.check_still_current()?;
        }
        self.tidy(before, &parents, &there, damage);
        Ok(())
    }

    /// That no other device has begun a new epoch while this change was made: it may not have seen it.
    fn check_still_current(&self) -> Result<()> {
        let (header, _) = Header::find(&*self.storage)?.ok_or_else(lost)?;
        if header.current().is_some_and(|current| current.number == self.epoch) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Locked,
            "another device has put this vault under a new password at the same time: this change may not count",
            "unlock it with the password of today, see what is there, and try again",
        ))
    }

    /// Whether a file that was dropped can go: not one of an epoch that the header still lists, as after a crash or when it was found again.
    fn may_delete(&self, retired: &Retired) -> bool {
        let in_epoch = |epoch: u32| retired.file.starts_with(&format!("{}/", header::epoch_folder(epoch)));
        in_epoch(self.epoch) || !self.header.epochs.iter().any(|epoch| in_epoch(epoch.number))
    }

    /// Takes over what others have changed since; returns the manifests that are there. Needs the lock, where there is one.
    fn refresh(&mut self, keys: &Keys, damage: Damage) -> Result<Vec<ManifestName>> {
        let (header, header_lost) = Header::find(&*self.storage)?.ok_or_else(lost)?;
        if header.current().map(|epoch| epoch.number) != Some(self.epoch) {
            return Err(Error::new(
                ErrorKind::Locked,
                "these wallets are sealed under an older password, and are not changed",
                "take them over into the vault of today with `keyark password merge`, or unlock that one",
            ));
        }
        self.header = header;
        let there = manifests(&*self.storage, self.epoch)?;
        let is_news = |name: &ManifestName| !self.manifest.includes(name) && !self.manifest.is_beyond_memory(name);
        if there.iter().any(is_news) {
            let found = find_manifest(&*self.storage, keys, self.epoch)?;
            if let (Some(error), Damage::Refused) = (found.broken, damage) {
                return Err(error);
            }
            // A listing that is late may not have what was written here last.
            let knows = |head| found.manifest.includes(head) || found.manifest.is_beyond_memory(head);
            let has_own = self.manifest.heads.iter().all(knows);
            let own = std::mem::replace(&mut self.manifest, found.manifest);
            if !has_own && own.vault == self.manifest.vault {
                self.manifest = own.join(self.manifest.clone());
            }
        }
        let has_sealed_anew = self.drop_epochs()?;
        if header_lost || self.header.is_behind || has_sealed_anew {
            self.header.write(&*self.storage)?;
            self.header.is_behind = false;
        }
        Ok(there)
    }

    /// Leaves the epochs that were sealed anew into this one out of the header. Not those in which something lies that was not there then: another
    /// device has written it, and it opens with the old password. Returns whether there were any.
    pub(crate) fn drop_epochs(&mut self) -> Result<bool> {
        let retired: HashSet<&str> = self.manifest.retired.iter().map(|retired| retired.file.as_str()).collect();
        let mut gone = Vec::new();
        for Epoch { number, .. } in &self.header.epochs {
            if *number < self.epoch && retired.contains(identity_file(*number).as_str()) {
                let files = files_of(&*self.storage, *number)?;
                if files.iter().all(|file| retired.contains(file.as_str())) {
                    gone.push(*number);
                }
            }
        }
        self.header.epochs.retain(|epoch| !gone.contains(&epoch.number));
        self.header.dropped.extend(&gone);
        Ok(!gone.is_empty())
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
    fn tidy(&self, before: u64, parents: &[ManifestName], there: &[ManifestName], damage: Damage) {
        let own = self.manifest.name();
        // The newer ones that cannot be read are given up with the repair. One that was written meanwhile is nobody's past.
        let gone = |name: &ManifestName| {
            self.manifest.includes(name)
                || self.manifest.absorbed.contains(name)
                || (damage == Damage::Accepted && there.contains(name))
        };
        for name in manifests(&*self.storage, self.epoch).unwrap_or_default() {
            if gone(&name) && name != own && !parents.contains(&name) {
                let _ = self.storage.delete(&name.file(self.epoch));
            }
        }
        for retired in
            self.manifest.retired.iter().filter(|retired| retired.since <= before && self.may_delete(retired))
        {
            let _ = remove_retired(&*self.storage, &retired.file);
        }
    }
}

/// Removes a file that was dropped. The identity of an epoch goes last: as long as anything lies there that another device may have written
/// meanwhile, it can be opened.
pub(crate) fn remove_retired(storage: &dyn Storage, file: &str) -> Result<()> {
    if let Some((folder, name)) = file.rsplit_once('/')
        && name.starts_with("identity.")
        && !storage.list(&format!("{folder}/records"))?.is_empty()
    {
        return Ok(());
    }
    storage.delete(file)
}

/// Whether a manifest that cannot be read keeps a change from being made.
#[derive(Clone, Copy, PartialEq)]
enum Damage {
    Refused,
    Accepted,
}
