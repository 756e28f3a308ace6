//! A vault that is still locked: what can be seen and done without the password.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result, Warning};

use crate::claim::Claim;
use crate::header::{self, Epoch, Header, epoch_folder, identity_file};
use crate::identity::Opened;
use crate::manifest::{Manifest, random_id};
use crate::seal::{Keys, WorkFactor};
use crate::{Lock, NewPassword, Password, Storage, Timestamp, Unlocked, WalletRecord, draft, identity};

/// A vault on a storage, locked.
pub struct Vault {
    pub(crate) storage: Arc<dyn Storage>,
    header: Header,
    header_lost: bool,
}

impl Vault {
    /// Looks for a vault. `None` on a storage that holds nothing.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] for a storage that holds something else, or a vault of a newer format.
    pub fn find(storage: Arc<dyn Storage>) -> Result<Option<Self>> {
        let mut found = Header::find(&*storage)?;
        if found.is_none()
            && let Err(error) = check_empty(&*storage)
        {
            found = Some(Header::find(&*storage)?.ok_or(error)?); // another device has begun one in this moment
        }
        Ok(found.map(|(header, header_lost)| Self { storage, header, header_lost }))
    }

    /// Makes a new vault without wallets.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] where there is one; else as [`find`](Self::find) and the storage's.
    pub fn create(
        storage: Arc<dyn Storage>,
        password: &NewPassword,
        work: WorkFactor,
        now: Timestamp,
    ) -> Result<Unlocked> {
        let lock = storage.lock()?;
        if Self::find(Arc::clone(&storage))?.is_some() {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                "there is a vault already",
                "add your wallet to it, or choose another folder",
            ));
        }
        let claim = Claim::stake(&*storage, &Header::default(), &lock)?;
        let manifest = Manifest::new(random_id()?, claim.epoch, now);
        start_epoch(&*storage, &lock, Header::default(), manifest.clone(), password, work, &[])?;
        drop(claim);
        let vault = Self::find(Arc::clone(&storage))?.ok_or_else(lost)?;
        if !lock.is_held() && vault.header.epochs.iter().any(|epoch| epoch.number != manifest.epoch) {
            // Another device has made one in the same moment. Whoever sees the other gives way; its own is empty.
            remove_unfinished(&*storage, &manifest);
            let _ = Header::write_what_is_left(&*storage);
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                "another device has made a vault here at the same time",
                "open that one with its password; or try again, if there is none",
            ));
        }
        vault.unlock(password.as_password())
    }

    /// The epochs, the oldest first. The last one is the current one; the others are sealed under passwords that were forgotten.
    pub fn epochs(&self) -> &[Epoch] {
        &self.header.epochs
    }

    /// How many records lie in an epoch. Without the password nobody can tell which of them still count.
    ///
    /// # Errors
    /// The storage's.
    pub fn count_records(&self, epoch: u32) -> Result<usize> {
        Ok(self.storage.list(&format!("{}/records", epoch_folder(epoch)))?.len())
    }

    /// Opens the current epoch with its password or, with an older password, the epoch that it was for: that one can be read and
    /// [merged](Unlocked::merge).
    ///
    /// # Errors
    /// [`ErrorKind::WrongPassword`], [`ErrorKind::OutOfBounds`] for a file that asks for too much work, [`ErrorKind::Malformed`] when no
    /// manifest of the epoch can be read.
    pub fn unlock(&self, password: &Password) -> Result<Unlocked> {
        self.unlock_newest(|storage, epoch| identity::open(storage, epoch, password))
    }

    /// Opens the newest epoch that `open` opens.
    pub(crate) fn unlock_newest(&self, open: impl Fn(&dyn Storage, u32) -> Result<Opened>) -> Result<Unlocked> {
        self.unlock_any(&open).or_else(|error| match Header::find(&*self.storage) {
            // Another program has sealed the vault anew since it was found: perhaps under this password.
            Ok(Some((header, header_lost))) if header.epochs != self.header.epochs => {
                Self { storage: Arc::clone(&self.storage), header, header_lost }.unlock_any(&open)
            }
            _ => Err(error),
        })
    }

    fn unlock_any(&self, open: &dyn Fn(&dyn Storage, u32) -> Result<Opened>) -> Result<Unlocked> {
        let mut newest = None;
        for epoch in self.header.epochs.iter().rev() {
            match open(&*self.storage, epoch.number).and_then(|opened| self.opened(epoch.number, opened)) {
                Err(error) if error.kind() != ErrorKind::Storage => _ = newest.get_or_insert(error),
                result => return result,
            }
        }
        Err(newest.unwrap_or_else(lost))
    }

    /// Opens one epoch with its password.
    ///
    /// # Errors
    /// As [`unlock`](Self::unlock).
    pub fn unlock_epoch(&self, epoch: u32, password: &Password) -> Result<Unlocked> {
        self.opened(epoch, identity::open(&*self.storage, epoch, password)?)
    }

    fn opened(&self, epoch: u32, opened: Opened) -> Result<Unlocked> {
        let mut findings = Vec::new();
        if self.header_lost {
            findings.push(Warning::new(
                "header-lost",
                format!(
                    "{} is missing or damaged; the vault was found without it, and repair writes it again",
                    header::FILE
                ),
            ));
        }
        if let Some(heal) = &opened.heal {
            findings.push(Warning::new(
                "identity-copy",
                format!(
                    "{} is damaged or was not finished; its twin is good, and the next change puts it right",
                    heal.file
                ),
            ));
        }
        Unlocked::open(Arc::clone(&self.storage), self.header.clone(), epoch, opened, findings)
    }

    /// Seals one wallet under a new password, because the old one is forgotten: a new epoch, which has that wallet only. The older epochs stay
    /// as they are, and open with their passwords if those are remembered.
    ///
    /// That the person may do this is proved by the words or the key in `record`: who has them has the wallet.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a password that opens the vault: it is not forgotten. The storage's; nothing has changed then.
    pub fn reset(
        &self,
        record: &WalletRecord,
        password: &NewPassword,
        work: WorkFactor,
        now: Timestamp,
    ) -> Result<Unlocked> {
        self.check_forgotten(password)?;
        self.begin_anew(std::slice::from_ref(record), password, work, now)
    }

    /// Starts a new epoch without wallets, because the password is forgotten and the wallets are elsewhere: in the vault of which this one is a
    /// copy. The older epochs stay as they are, and open with their passwords if those are remembered.
    ///
    /// # Errors
    /// As [`reset`](Self::reset).
    pub fn forget_password(&self, password: &NewPassword, work: WorkFactor, now: Timestamp) -> Result<Unlocked> {
        self.check_forgotten(password)?;
        self.begin_anew(&[], password, work, now)
    }

    fn check_forgotten(&self, password: &NewPassword) -> Result<()> {
        if self.unlock(password.as_password()).is_err() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            "this password opens the vault already: it is not forgotten",
            "use it; or choose a new one, under which the vault begins anew",
        ))
    }

    fn begin_anew(
        &self,
        records: &[WalletRecord],
        password: &NewPassword,
        work: WorkFactor,
        now: Timestamp,
    ) -> Result<Unlocked> {
        let lock = self.storage.lock()?;
        let (header, _) = Header::find(&*self.storage)?.ok_or_else(lost)?;
        let claim = Claim::stake(&*self.storage, &header, &lock)?;
        let epoch = claim.epoch;
        let manifest = Manifest::new(random_id()?, epoch, now);
        start_epoch(&*self.storage, &lock, header, manifest, password, work, records)?;
        drop(claim);
        let (header, header_lost) = Header::find(&*self.storage)?.ok_or_else(lost)?;
        let unlocked = Self { storage: Arc::clone(&self.storage), header, header_lost };
        unlocked.unlock_epoch(epoch, password.as_password())
    }
}

/// Writes an epoch: identity, records, manifest, with which it begins to count, and the header.
pub(crate) fn start_epoch(
    storage: &dyn Storage,
    lock: &Lock,
    mut header: Header,
    mut manifest: Manifest,
    password: &NewPassword,
    work: WorkFactor,
    records: &[WalletRecord],
) -> Result<()> {
    let keys = Keys::generate();
    identity::write_new(storage, manifest.epoch, &keys, password.as_password(), work)?;
    let written = (|| {
        manifest.wallets = draft::write_records(storage, &keys, manifest.epoch, records)?;
        storage.write_new(&manifest.file(), &manifest.seal(&keys)?)
    })();
    if written.is_err() {
        remove_unfinished(storage, &manifest);
    }
    written?;
    header.epochs.push(Epoch { number: manifest.epoch, password_set: Some(manifest.written) });
    header.dropped.retain(|epoch| *epoch != manifest.epoch);
    header.write(storage).inspect_err(|_| {
        // It may have been written all the same. Only where it can be seen that it was not, and that nobody else has built on the epoch, is it removed.
        if lock.is_held() && !Header::may_list(storage, manifest.epoch) {
            remove_unfinished(storage, &manifest);
        }
    })
}

/// That nothing lies here but, perhaps, what a crash left of a vault that was being made.
fn check_empty(storage: &dyn Storage) -> Result<()> {
    if storage.list("")?.iter().any(|name| name != "epochs/") {
        return Err(Error::malformed(
            "this folder holds other files and no vault",
            "check whether it is the right folder; a new vault needs an empty one",
        ));
    }
    for epoch in storage.list("epochs")? {
        if !storage.list(&format!("epochs/{}/records", epoch.trim_end_matches('/')))?.is_empty() {
            return Err(Error::malformed(
                "this folder holds wallets, but not the list of them",
                "use another copy of the folder, or open the wallets one by one with age, as docs/format.md shows",
            ));
        }
    }
    Ok(())
}

/// What was written of an epoch that does not count. What cannot be removed is passed over by everybody.
fn remove_unfinished(storage: &dyn Storage, manifest: &Manifest) {
    let epoch = manifest.epoch;
    let records = manifest.wallets.iter().map(|entry| header::record_file(epoch, &entry.file));
    let identity = [identity_file(epoch), header::identity_copy(epoch)];
    // The manifest first: without it the epoch does not count.
    for file in std::iter::once(manifest.file()).chain(records).chain(identity) {
        let _ = storage.delete(&file);
    }
}

pub(crate) fn lost() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "there is no vault here any more",
        "somebody else has removed it: use another copy of it",
    )
}
