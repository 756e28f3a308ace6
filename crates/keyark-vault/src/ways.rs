//! Other ways into a vault than its password: a recovery code on paper, and a device that knows its owner. The password is always one of the ways.

use keyark_core::{Error, ErrorKind, Result, SecretText};

use crate::header::{device_file, epoch_folder, recovery_file};
use crate::identity::{MAX_SIZE, Opened, WayIn};
use crate::manifest::{file_id, random_id};
use crate::seal::{Keys, WorkFactor};
use crate::{DeviceStore, RecoveryCode, Storage, Unlocked, Vault};

/// So many devices are asked for at most.
const MAX_DEVICES: usize = 100;

impl Vault {
    /// Opens the vault with its recovery code, newest epoch first: then [`change_password`](Unlocked::change_password) sets a new password,
    /// and nothing is lost with the old one.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPassword`] for another code, [`ErrorKind::NotFound`] for a vault without one; else as [`unlock`](Self::unlock).
    pub fn unlock_with_recovery(&self, code: &RecoveryCode) -> Result<Unlocked> {
        self.unlock_newest(|storage, epoch| {
            let name = recovery_file(epoch);
            let sealed = storage.read(&name, MAX_SIZE).map_err(|error| match error.kind() {
                ErrorKind::NotFound => no_recovery(),
                _ => error,
            })?;
            let keys = Keys::open_identity(&name, &sealed, code.expose()).map_err(|error| match error.kind() {
                ErrorKind::WrongPassword => Error::new(
                    ErrorKind::WrongPassword,
                    "this is not the recovery code of this vault as it is today",
                    "a vault whose password was forgotten, or that was sealed anew, has a new code since: look for the paper with the later date",
                ),
                _ => error,
            })?;
            Ok(Opened { keys, way_in: WayIn::of(&name, &sealed), heal: None })
        })
    }

    /// Opens the vault with the key that a store on this device keeps, after [`Unlocked::add_device`]. No password is derived.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where this device has no key for it; the store's, when the person does not let it.
    pub fn unlock_with_device(&self, store: &dyn DeviceStore) -> Result<Unlocked> {
        self.unlock_newest(|storage, epoch| {
            for id in devices(storage, epoch)? {
                let Some(key) = store.load(&entry(&id))?.and_then(|kept| key_for(&kept, epoch)) else { continue };
                let name = device_file(epoch, &id);
                let sealed = storage.read(&name, MAX_SIZE)?;
                let keys = Keys::open_for_device(&name, &sealed, &key)?;
                return Ok(Opened { keys, way_in: WayIn::of(&name, &sealed), heal: None });
            }
            Err(Error::new(ErrorKind::NotFound, "this device has no key for this vault", "unlock it with its password"))
        })
    }
}

impl Unlocked {
    /// Makes `code` a second way in, in place of an earlier code. Show it, and have it written down and typed back, before this is called.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] for an epoch that is not the current one; the storage's.
    pub fn set_recovery(&mut self, code: &RecoveryCode, work: WorkFactor) -> Result<()> {
        let keys = self.keys()?;
        let storage = std::sync::Arc::clone(&self.storage);
        let lock = storage.lock()?;
        self.current_header()?;
        storage.replace(&recovery_file(self.epoch), &keys.seal_identity(code.expose(), work)?)?;
        if !lock.is_held() {
            self.current_header()?; // another device may have sealed the vault anew meanwhile
        }
        Ok(())
    }

    /// Whether there is a recovery code.
    ///
    /// # Errors
    /// The storage's.
    pub fn has_recovery(&self) -> Result<bool> {
        let file = recovery_file(self.epoch);
        let names = self.storage.list(&epoch_folder(self.epoch))?;
        Ok(names.iter().any(|name| file.ends_with(&format!("/{name}"))))
    }

    /// Lets this device open the vault: a key that only `store` keeps. The password goes on opening it.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] for an epoch that is not the current one; the store's and the storage's, and nothing has changed then.
    pub fn add_device(&mut self, store: &dyn DeviceStore) -> Result<()> {
        let keys = self.keys()?;
        let storage = std::sync::Arc::clone(&self.storage);
        let lock = storage.lock()?;
        self.current_header()?;
        let earlier = self.own_devices(store)?;
        let (sealed, key) = keys.seal_for_device()?;
        let id = random_id()?;
        store.store(&entry(&id), &SecretText::new(format!("{} {}", key.expose(), self.epoch)))?;
        storage.write_new(&device_file(self.epoch, &id), &sealed).inspect_err(|_| {
            let _ = store.forget(&entry(&id));
        })?;
        for id in earlier {
            let _ = self.forget_device(store, &id); // it opens nothing more than the new one
        }
        if !lock.is_held() {
            self.current_header()?; // another device may have sealed the vault anew meanwhile
        }
        Ok(())
    }

    /// Takes this device's key away again. Returns whether it had one.
    ///
    /// # Errors
    /// The store's and the storage's.
    pub fn remove_device(&mut self, store: &dyn DeviceStore) -> Result<bool> {
        let storage = std::sync::Arc::clone(&self.storage);
        let _lock = storage.lock()?;
        let own = self.own_devices(store)?;
        own.iter().try_for_each(|id| self.forget_device(store, id))?;
        Ok(!own.is_empty())
    }

    /// Under which ids this device is known: one, unless something was left half done.
    fn own_devices(&self, store: &dyn DeviceStore) -> Result<Vec<String>> {
        let mut own = Vec::new();
        for id in devices(&*self.storage, self.epoch)? {
            if store.load(&entry(&id))?.is_some() {
                own.push(id);
            }
        }
        Ok(own)
    }

    fn forget_device(&self, store: &dyn DeviceStore, id: &str) -> Result<()> {
        self.storage.delete(&device_file(self.epoch, id))?;
        store.forget(&entry(id))
    }
}

/// The ids of the devices that have a key.
fn devices(storage: &dyn Storage, epoch: u32) -> Result<Vec<String>> {
    let names = storage.list(&epoch_folder(epoch))?;
    let id = |name: &String| file_id(name.strip_prefix("identity.device-")?.strip_suffix(".age")?.to_owned()).ok();
    Ok(names.iter().filter_map(id).take(MAX_DEVICES).collect())
}

/// What the key is called in the device's store.
fn entry(id: &str) -> String {
    format!("keyark vault {id}")
}

/// The key that a store has kept, if it is for this epoch: the files of an epoch that was sealed anew could have been put into another one.
fn key_for(kept: &SecretText, epoch: u32) -> Option<SecretText> {
    match kept.expose().split_once(' ') {
        Some((key, number)) => (number.parse() == Ok(epoch)).then(|| SecretText::from(key)),
        None => Some(kept.clone()), // as age writes it, without a number
    }
}

fn no_recovery() -> Error {
    Error::new(ErrorKind::NotFound, "this vault has no recovery code", "unlock it with its password")
}
