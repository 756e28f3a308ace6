//! Passwords that change, and passwords that were forgotten.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::change::remove_retired;
use crate::claim::Claim;
use crate::header::{Header, epoch_folder, identity_copy, identity_file, record_file};
use crate::identity::Opened;
use crate::manifest::{Manifest, Retired};
use crate::seal::WorkFactor;
use crate::state::find_manifest;
use crate::vault::{lost, start_epoch};
use crate::{NewPassword, Storage, Timestamp, Unlocked, Vault, WalletId, WalletName, WalletRecord, identity};

/// What became of the wallets of an older epoch.
#[derive(Debug, Default)]
pub struct Merged {
    /// Taken over, under these names.
    pub added: Vec<WalletName>,
    /// In the vault already.
    pub known: Vec<WalletName>,
    /// Could not be opened, and why. They stay where they are.
    pub damaged: Vec<Error>,
}

impl Unlocked {
    /// Puts the vault under another password. Two small files are rewritten, and the records stay as they are: copies of the vault that were
    /// made before still open with the old password, and say all that they said. [`rekey`](Self::rekey) seals everything anew.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] for an epoch that is not the current one; the storage's.
    pub fn change_password(&mut self, password: &NewPassword, work: WorkFactor, now: Timestamp) -> Result<()> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let keys = self.keys()?;
        let storage = Arc::clone(&self.storage);
        let lock = storage.lock()?;
        let (mut header, _) = self.current_header()?;
        self.way_in = identity::write(&*storage, self.epoch, &keys, password.as_password(), work)?;
        self.heal = None;
        if let Some(epoch) = header.epochs.last_mut() {
            epoch.password_set = Some(now);
        }
        let _ = header.write(&*storage); // the password is changed; what is missing is its date
        self.header = header;
        if lock.is_held() {
            return Ok(());
        }
        self.way_in.check(&*storage).and_then(|()| self.current_header().map(drop)) // another device may have done the same
    }

    /// Seals every wallet again, to a new identity under another password, and removes the old files, also those of older epochs that were
    /// [merged](Self::merge): what somebody may have learned of the old identities or passwords opens nothing that is written from now on.
    /// Reads and writes every record.
    ///
    /// In an epoch that is not the current one, when its password is known and the current one's is not, this begins a new epoch with the wallets
    /// of this one. Then nothing is removed: what only the other epochs have is still there.
    ///
    /// # Errors
    /// As [`record`](Self::record) for a record that is damaged, and the storage's. Nothing has changed then, unless the last of all writes failed
    /// after it took effect; this value is of the vault as it is in either case.
    pub fn rekey(&mut self, password: &NewPassword, work: WorkFactor, now: Timestamp) -> Result<()> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let keys = self.keys()?;
        let storage = Arc::clone(&self.storage);
        let lock = storage.lock()?;
        let is_current = self.is_current();
        let (mut header, is_lost) = if is_current { self.current_header()? } else { found_header(&*storage)? };
        let found = find_manifest(&*storage, &keys, self.epoch)?;
        if let Some(error) = found.broken {
            return Err(error);
        }
        self.manifest = found.manifest;
        let records = self.all_records().into_iter().collect::<Result<Vec<_>>>()?;
        let claim = Claim::stake(&*storage, &header, &lock)?;
        let number = claim.epoch;
        let mut manifest = Manifest::new(self.manifest.vault.clone(), number, now);
        manifest.policy = self.manifest.policy.clone();
        // Where the header was lost, nobody knows which epochs count: all of them stay.
        let goes =
            |epoch: &u32| is_current && !is_lost && (*epoch == self.epoch || self.manifest.merged.contains(epoch));
        let (gone, stay): (Vec<_>, Vec<_>) = header.epochs.iter().map(|epoch| epoch.number).partition(goes);
        // Without a lock, the old epoch counts until it is known that nobody has changed it meanwhile.
        let is_merged = |epoch: &u32| lock.is_held() || stay.contains(epoch);
        manifest.merged = self.manifest.merged.iter().copied().chain([self.epoch]).filter(is_merged).collect();
        let mut files = Vec::new();
        for epoch in &gone {
            files.extend(files_of(&*storage, *epoch)?);
        }
        manifest.retired = files.iter().map(|file| Retired { file: file.clone(), since: 0 }).collect();
        if lock.is_held() {
            header.epochs.retain(|epoch| stay.contains(&epoch.number));
            header.dropped.extend(gone);
        }
        let started = start_epoch(&*storage, &lock, header, manifest, password, work, &records);
        drop(claim);
        let vault = Vault::find(Arc::clone(&storage))?.ok_or_else(lost)?;
        let is_sealed = vault.epochs().last().is_some_and(|epoch| epoch.number == number);
        if is_sealed {
            let before = std::mem::replace(self, vault.unlock_epoch(number, password.as_password())?);
            started?;
            if !lock.is_held() {
                files.extend(self.take_in_late(before, now)?);
                files.sort_by_key(|file| file.contains("/identity.")); // these at the end, as before
                self.header = self.current_header()?.0;
                if self.drop_epochs()? {
                    self.header.write(&*storage)?;
                }
            }
        } else {
            started?;
            // Nothing of the old epoch is removed: it is not in the one that counts.
            return Err(Error::new(
                ErrorKind::Locked,
                "another device has put this vault under a new password at the same time",
                "unlock it with the password of today; with the one that was set here, its wallets can be merged",
            ));
        }
        for file in files {
            let _ = remove_retired(&*storage, &file); // what fails here is tried again by the next change
        }
        Ok(())
    }

    /// Takes over what another device has done to the epoch that has just been sealed anew, and returns its files. Whoever changes it from now on
    /// sees the new one.
    fn take_in_late(&mut self, before: Self, now: Timestamp) -> Result<Vec<String>> {
        let late = before.reread_epoch()?;
        if late.manifest.heads.iter().all(|head| before.manifest.includes(head)) {
            return Ok(Vec::new());
        }
        let manifests = late.manifest.heads.iter().map(|head| head.file(late.epoch));
        let records = late.manifest.wallets.iter().map(|entry| record_file(late.epoch, &entry.file));
        let dropped = late.manifest.retired.iter().map(|retired| retired.file.clone());
        let files: Vec<String> = records.chain(manifests).chain(dropped).collect();
        let is_listed = |manifest: &Manifest, id: WalletId| manifest.wallets.iter().any(|entry| entry.id == id);
        let news = late.manifest.wallets.iter().filter(|entry| {
            let known = before.manifest.wallets.iter().find(|known| known.id == entry.id);
            known.is_none_or(|known| known.file != entry.file)
        });
        let news: Vec<WalletId> = news.map(|entry| entry.id).collect();
        let records = late.records(&news).into_iter().collect::<Result<Vec<_>>>()?;
        let removed = late.manifest.removed.iter().map(|removed| removed.id);
        let removed = removed.filter(|id| is_listed(&before.manifest, *id) && !is_listed(&late.manifest, *id));
        self.change(now, |draft| {
            for id in removed {
                if is_listed(&draft.manifest, id) {
                    draft.remove(id)?;
                }
            }
            draft.manifest.policy = draft.manifest.policy.clone().and(late.policy());
            draft.manifest.retired.extend(files.iter().map(|file| Retired { file: file.clone(), since: 0 }));
            draft.put(&records).map(drop)
        })?;
        Ok(files)
    }

    /// The same epoch as it lies there now, current or not.
    fn reread_epoch(&self) -> Result<Self> {
        let opened = Opened { keys: self.keys()?.copy(), heal: None, way_in: self.way_in.clone() };
        Self::open(Arc::clone(&self.storage), self.header.clone(), self.epoch, opened, Vec::new())
    }

    /// The records of all wallets, read side by side.
    fn all_records(&self) -> Vec<Result<WalletRecord>> {
        let ids: Vec<WalletId> = self.manifest.wallets.iter().map(|entry| entry.id).collect();
        self.records(&ids)
    }

    /// Takes the wallets of an older epoch over into this one: its password has come back to mind. The older epoch stays where it is.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when `older` is not an older epoch of this vault; the storage's.
    pub fn merge(&mut self, older: &Unlocked, now: Timestamp) -> Result<Merged> {
        let is_older = older.epoch < self.epoch && self.header.epochs.iter().any(|epoch| epoch.number == older.epoch);
        if !is_older || !self.has_identity_of(older) {
            return Err(Error::new(
                ErrorKind::Usage,
                "that is not an older part of this vault",
                "give the password that the vault had before it was forgotten",
            ));
        }
        let mut merged = Merged::default();
        let mut records = Vec::new();
        for record in older.all_records() {
            match record {
                Ok(record) => records.push(record),
                Err(error) => merged.damaged.push(error),
            }
        }
        self.change(now, |draft| {
            draft.take_in(records, &mut merged)?;
            // What may leave does not become more by a detour.
            draft.manifest.policy = draft.manifest.policy.clone().and(older.policy());
            // One that could not be read whole goes on being listed as sealed.
            if merged.damaged.is_empty() && older.broken.is_none() && !draft.manifest.merged.contains(&older.epoch) {
                draft.manifest.merged.push(older.epoch);
            }
            Ok(())
        })?;
        Ok(merged)
    }

    /// Whether the older epoch lies on this vault's storage.
    fn has_identity_of(&self, older: &Unlocked) -> bool {
        const MAX_SIZE: usize = 1 << 16;
        [identity_file(older.epoch), identity_copy(older.epoch)].iter().any(|name| {
            let here = self.storage.read(name, MAX_SIZE);
            here.is_ok_and(|here| older.storage.read(name, MAX_SIZE).is_ok_and(|there| there == here))
        })
    }

    /// The header as it is now, with this epoch as the current one. Needs the lock.
    pub(crate) fn current_header(&self) -> Result<(Header, bool)> {
        let (header, is_lost) = found_header(&*self.storage)?;
        if header.current().map(|epoch| epoch.number) == Some(self.epoch) {
            return Ok((header, is_lost));
        }
        Err(Error::new(
            ErrorKind::Locked,
            "this is an older password, and the wallets under it are not changed",
            "unlock the vault with the password of today",
        ))
    }
}

/// The header as it is, and whether it had to be found again.
fn found_header(storage: &dyn Storage) -> Result<(Header, bool)> {
    Header::find(storage)?.ok_or_else(lost)
}

/// Every file of an epoch.
pub(crate) fn files_of(storage: &dyn Storage, epoch: u32) -> Result<Vec<String>> {
    let folder = epoch_folder(epoch);
    let records = format!("{folder}/records");
    let records = storage.list(&records)?.into_iter().map(|name| format!("{records}/{name}"));
    // The identities at the end: `remove_retired` says why.
    let mut others: Vec<_> = storage.list(&folder)?.into_iter().filter(|name| !name.ends_with('/')).collect();
    others.sort_by_key(|name| name.starts_with("identity."));
    Ok(records.chain(others.into_iter().map(|name| format!("{folder}/{name}"))).collect())
}
