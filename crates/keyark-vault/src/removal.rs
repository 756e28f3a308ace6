//! What is deleted when the person has asked for it: the epochs of forgotten passwords, or the whole vault.

use std::sync::Arc;

use keyark_core::{Error, ErrorKind, Result};

use crate::epochs::files_of;
use crate::header::{self, Header};
use crate::manifest::Retired;
use crate::{Storage, Timestamp, Unlocked, Vault, parallel};

impl Unlocked {
    /// Deletes the older epochs, with what is still sealed under their passwords; the current one stays as it is. Returns how many there were. What an
    /// earlier deletion has left behind goes too.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] for an epoch that is not the current one, [`ErrorKind::Malformed`] for a vault that has to be
    /// [repaired](Self::repair) first; the storage's. Where files could not be removed, they do not count any more, and the next call tries again.
    pub fn delete_older(&mut self, now: Timestamp) -> Result<usize> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let storage = Arc::clone(&self.storage);
        let count = self.drop_older(&*storage)?;
        let mut files = Vec::new();
        for epoch in storage.list("epochs")?.iter().filter_map(|name| name.trim_end_matches('/').parse().ok()) {
            if epoch < self.epoch && self.header.dropped.contains(&epoch) {
                files.extend(files_of(&*storage, epoch)?);
            }
        }
        if files.is_empty() {
            return Ok(count);
        }
        // The manifest has them as well: what cannot be removed now is removed by a later change.
        self.change(now, |draft| {
            let known = |file: &String| draft.manifest.retired.iter().any(|retired| retired.file == *file);
            let new: Vec<_> = files.iter().filter(|file| !known(file)).cloned().collect();
            draft.manifest.retired.extend(new.into_iter().map(|file| Retired { file, since: 0 }));
            Ok(())
        })?;
        delete_all(&*storage, files)?;
        Ok(count)
    }

    /// Leaves the older epochs out of the header, with which they stop to count.
    fn drop_older(&mut self, storage: &dyn Storage) -> Result<usize> {
        let _lock = storage.lock()?;
        let (mut header, is_lost) = self.current_header()?;
        if is_lost {
            return Err(Error::malformed(
                format!("{} is missing or damaged, so that nobody can tell which epochs are older ones", header::FILE),
                "repair the vault first, with `keyark repair` or any change to it",
            ));
        }
        let (stay, gone): (Vec<_>, Vec<_>) = header.epochs.into_iter().partition(|epoch| epoch.number >= self.epoch);
        header.epochs = stay;
        header.dropped.extend(gone.iter().map(|epoch| epoch.number));
        if !gone.is_empty() {
            header.write(storage)?;
        }
        self.header = header;
        Ok(gone.len())
    }
}

impl Vault {
    /// Deletes the whole vault. The manifests go last: as long as one of them is there, the vault is found, and this can be called again.
    ///
    /// # Errors
    /// The storage's. What is still there then is no use as a vault.
    pub fn delete(self) -> Result<()> {
        let storage = self.storage;
        let _lock = storage.lock()?;
        let mut files = Vec::new();
        for epoch in storage.list("epochs")?.iter().filter_map(|name| name.trim_end_matches('/').parse().ok()) {
            files.extend(files_of(&*storage, epoch)?);
        }
        let is_manifest = |file: &String| file.rsplit('/').next().is_some_and(|name| name.starts_with("manifest-"));
        let (manifests, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_manifest);
        delete_all(&*storage, others)?;
        storage.delete(header::FILE)?;
        delete_all(&*storage, manifests)?;
        // A storage that was late with its list may have shown less than there is.
        match Header::find(&*storage)? {
            None => Ok(()),
            Some(_) => Err(not_all(1)),
        }
    }
}

/// Deletes files, as many at a time as the storage likes. The identity of an epoch goes after its records.
fn delete_all(storage: &dyn Storage, files: Vec<String>) -> Result<()> {
    let is_identity = |file: &String| file.rsplit('/').next().is_some_and(|name| name.starts_with("identity."));
    let (identities, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_identity);
    for files in [others, identities] {
        let failed: Vec<_> =
            parallel::each(storage, &files, |file| storage.delete(file)).into_iter().filter_map(Result::err).collect();
        if let Some(first) = failed.first() {
            return Err(Error::new(first.kind(), format!("{}: {first}", not_all(failed.len()).problem()), AGAIN));
        }
    }
    Ok(())
}

const AGAIN: &str = "try again: what is deleted already stays deleted";

fn not_all(count: usize) -> Error {
    Error::new(ErrorKind::Storage, format!("{count} of the files could not be deleted"), AGAIN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use keyark_core::{Network, PrivateKey, SecretText};

    use super::*;
    use crate::{NewPassword, Passphrase, WalletName, WalletRecord, WalletSecret, WorkFactor};

    /// Files in memory. From a certain deletion on, none succeeds.
    #[derive(Default)]
    struct Files {
        files: Mutex<BTreeMap<String, Vec<u8>>>,
        deletions: AtomicUsize,
        most: AtomicUsize,
    }

    impl Files {
        fn new() -> Arc<Self> {
            let files = Self::default();
            files.most.store(usize::MAX, Ordering::SeqCst);
            Arc::new(files)
        }

        fn names(&self) -> Vec<String> {
            self.files.lock().unwrap().keys().cloned().collect()
        }

        fn stop_after(&self, deletions: usize) {
            self.deletions.store(0, Ordering::SeqCst);
            self.most.store(deletions, Ordering::SeqCst);
        }
    }

    impl Storage for Files {
        fn read(&self, name: &str, _: usize) -> Result<Vec<u8>> {
            let files = self.files.lock().unwrap();
            files.get(name).cloned().ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file", "none"))
        }

        fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
            assert!(self.files.lock().unwrap().insert(name.to_owned(), bytes.to_owned()).is_none());
            Ok(())
        }

        fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
            self.files.lock().unwrap().insert(name.to_owned(), bytes.to_owned());
            Ok(())
        }

        fn list(&self, folder: &str) -> Result<Vec<String>> {
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let files = self.files.lock().unwrap();
            let part = |name: &String| {
                let rest = name.strip_prefix(&prefix)?;
                Some(rest.split_once('/').map_or(rest.to_owned(), |(folder, _)| format!("{folder}/")))
            };
            let mut parts: Vec<_> = files.keys().filter_map(part).collect();
            parts.dedup();
            Ok(parts)
        }

        fn delete(&self, name: &str) -> Result<()> {
            if self.deletions.fetch_add(1, Ordering::SeqCst) >= self.most.load(Ordering::SeqCst) {
                return Err(Error::new(ErrorKind::Storage, "the server said 403", "none"));
            }
            self.files.lock().unwrap().remove(name);
            Ok(())
        }

        fn side_by_side(&self) -> usize {
            2
        }
    }

    const OLD: &str = "seldom whistles under water 7";
    const NEW: &str = "quiet lanterns over the marsh 3";

    fn password(text: &str) -> NewPassword {
        NewPassword::new(&SecretText::from(text), &[]).unwrap()
    }

    fn work() -> WorkFactor {
        WorkFactor::new(2).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn wallet(name: &str, byte: u8) -> WalletRecord {
        let key = PrivateKey::new(keyark_core::Curve::Secp256k1, &[byte; 32]);
        let secret = WalletSecret::PrivateKey { chain: "ethereum".to_owned(), network: Network::Mainnet, key };
        WalletRecord::new(WalletName::new(name).unwrap(), secret, Passphrase::None, now()).unwrap()
    }

    /// Two wallets under the old password, one under the new one.
    fn with_two_epochs() -> (Arc<Files>, Unlocked) {
        let files = Files::new();
        let mut old = Vault::create(files.clone(), &password(OLD), work(), now()).unwrap();
        old.add(&wallet("first", 1), now()).unwrap();
        old.add(&wallet("second", 2), now()).unwrap();
        let vault = Vault::find(files.clone()).unwrap().unwrap();
        let mut new = vault.forget_password(&password(NEW), work(), now()).unwrap();
        new.add(&wallet("third", 3), now()).unwrap();
        (files, new)
    }

    #[test]
    fn older_epochs_go_and_the_current_one_stays() {
        let (files, mut vault) = with_two_epochs();
        assert_eq!(vault.sealed_epochs().count(), 1);
        assert_eq!(vault.delete_older(now()).unwrap(), 1);
        let left = files.names();
        assert!(left.iter().all(|name| name == "keyark-vault.json" || name.starts_with("epochs/2/")), "{left:?}");
        let found = Vault::find(files.clone()).unwrap().unwrap();
        assert_eq!(found.epochs().iter().map(|epoch| epoch.number).collect::<Vec<_>>(), [2]);
        assert!(found.unlock(password(OLD).as_password()).is_err());
        let opened = found.unlock(password(NEW).as_password()).unwrap();
        assert!(opened.findings().is_empty());
        let id = opened.find("third").unwrap().id;
        assert_eq!(opened.record(id).unwrap().name.as_str(), "third");
        assert_eq!((vault.sealed_epochs().count(), vault.delete_older(now()).unwrap()), (0, 0));
    }

    #[test]
    fn what_could_not_be_deleted_does_not_count_and_is_deleted_by_the_next_call() {
        for stop in 0..8 {
            let (files, mut vault) = with_two_epochs();
            files.stop_after(stop);
            let first = vault.delete_older(now());
            files.stop_after(usize::MAX);
            let found = Vault::find(files.clone()).unwrap().unwrap();
            assert_eq!(found.epochs().len(), 1, "{stop}");
            let mut again = found.unlock(password(NEW).as_password()).unwrap();
            assert!(again.find("third").is_ok());
            again.delete_older(now()).unwrap();
            assert!(!files.names().iter().any(|name| name.starts_with("epochs/1/")), "{stop}: {:?}", files.names());
            if let Err(error) = first {
                assert!(error.problem().contains("could not be deleted"), "{error}");
            }
        }
    }

    #[test]
    fn only_the_password_of_today_deletes_older_epochs() {
        let (files, _) = with_two_epochs();
        let before = files.names();
        let mut old = Vault::find(files.clone()).unwrap().unwrap().unlock(password(OLD).as_password()).unwrap();
        assert_eq!(old.delete_older(now()).unwrap_err().kind(), ErrorKind::Locked);
        files.files.lock().unwrap().remove("keyark-vault.json");
        let mut new = Vault::find(files.clone()).unwrap().unwrap().unlock(password(NEW).as_password()).unwrap();
        assert_eq!(new.delete_older(now()).unwrap_err().kind(), ErrorKind::Malformed);
        assert_eq!(files.names().len(), before.len() - 1);
    }

    #[test]
    fn a_whole_vault_goes_however_often_it_is_stopped() {
        for stop in 0..20 {
            let (files, vault) = with_two_epochs();
            drop(vault);
            files.stop_after(stop);
            let first = Vault::find(files.clone()).unwrap().unwrap().delete();
            files.stop_after(usize::MAX);
            if let Err(error) = first {
                assert_eq!(error.kind(), ErrorKind::Storage, "{stop}: {error}");
                Vault::find(files.clone()).unwrap().unwrap().delete().unwrap();
            }
            assert_eq!(files.names(), Vec::<String>::new(), "{stop}");
            assert!(Vault::find(files.clone()).unwrap().is_none());
            Vault::create(files, &password(OLD), work(), now()).unwrap(); // and another one can be made there
        }
    }
}
