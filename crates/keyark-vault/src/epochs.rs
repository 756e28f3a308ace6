//! Passwords that change, and passwords that were forgotten.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::header::{Header, epoch_folder, identity_copy, identity_file, manifest_file, manifests};
use crate::manifest::{Manifest, Retired};
use crate::seal::WorkFactor;
use crate::vault::{lost, next_epoch, start_epoch};
use crate::{NewPassword, Storage, Timestamp, Unlocked, Vault, WalletEntry, WalletName, identity};

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
        let _lock = storage.lock()?;
        let (mut header, _) = self.current_header()?;
        identity::write(&*storage, self.epoch, &keys, password.as_password(), work)?;
        self.heal = None;
        if let Some(epoch) = header.epochs.last_mut() {
            epoch.password_set = Some(now);
        }
        let _ = header.write(&*storage); // the password is changed; what is missing is its date
        self.header = header;
        Ok(())
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
        let _lock = storage.lock()?;
        let is_current = self.is_current();
        let (mut header, is_lost) = if is_current { self.current_header()? } else { found_header(&*storage)? };
        let found = crate::unlocked::find_manifest(&*storage, &keys, self.epoch)?;
        if let Some(error) = found.broken {
            return Err(error);
        }
        self.manifest = found.manifest;
        let records = self.manifest.wallets.iter().map(|entry| self.record(entry.id)).collect::<Result<Vec<_>>>()?;
        let number = next_epoch(&*storage, &header)?;
        let mut manifest = Manifest::new(self.manifest.vault.clone(), number, now);
        manifest.policy = self.manifest.policy.clone();
        // Where the header was lost, nobody knows which epochs count: all of them stay.
        let goes =
            |epoch: &u32| is_current && !is_lost && (*epoch == self.epoch || self.manifest.merged.contains(epoch));
        let (gone, stay): (Vec<_>, Vec<_>) = header.epochs.iter().map(|epoch| epoch.number).partition(goes);
        manifest.merged =
            self.manifest.merged.iter().copied().chain([self.epoch]).filter(|epoch| stay.contains(epoch)).collect();
        let mut files = Vec::new();
        for epoch in &gone {
            files.extend(files_of(&*storage, *epoch)?);
        }
        manifest.retired = files.iter().map(|file| Retired { file: file.clone(), since: 0 }).collect();
        header.epochs.retain(|epoch| stay.contains(&epoch.number));
        let started = start_epoch(&*storage, header, manifest, password, work, &records);
        let vault = Vault::find(Arc::clone(&storage))?.ok_or_else(lost)?;
        if vault.epochs().last().is_some_and(|epoch| epoch.number == number) {
            *self = vault.unlock_epoch(number, password.as_password())?;
        }
        started?;
        for file in files {
            let _ = storage.delete(&file); // what fails here is tried again by the next change
        }
        Ok(())
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
        self.change(now, |draft| {
            merged = Merged::default();
            for WalletEntry { id, name, .. } in older.wallets()? {
                let mut record = match older.record(*id) {
                    Ok(record) => record,
                    Err(error) => {
                        merged.damaged.push(error);
                        continue;
                    }
                };
                record.name = draft.free_name(&record.name)?;
                match draft.add(&record) {
                    Ok(()) => merged.added.push(record.name),
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        draft.take_backups(&record)?;
                        merged.known.push(name.clone());
                    }
                    Err(error) => return Err(error),
                }
            }
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
    fn current_header(&self) -> Result<(Header, bool)> {
        let (header, is_lost) = found_header(&*self.storage)?;
        if header.current().map(|epoch| epoch.number) == Some(self.epoch) {
            return Ok((header, is_lost));
        }
        Err(Error::new(
            ErrorKind::Locked,
            "this is a password of former times, and the wallets under it are not changed",
            "unlock the vault with the password of today",
        ))
    }
}

/// The header as it is, and whether it had to be found again.
fn found_header(storage: &dyn Storage) -> Result<(Header, bool)> {
    Header::find(storage)?.ok_or_else(lost)
}

/// Every file of an epoch.
fn files_of(storage: &dyn Storage, epoch: u32) -> Result<Vec<String>> {
    let records = format!("{}/records", epoch_folder(epoch));
    let records = storage.list(&records)?.into_iter().map(|name| format!("{records}/{name}"));
    let manifests = manifests(storage, epoch)?.into_iter().map(|generation| manifest_file(epoch, generation));
    Ok(records.chain(manifests).chain([identity_file(epoch), identity_copy(epoch)]).collect())
}
