//! A vault that has been unlocked: one password derivation, then as many operations as its owner likes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use keyark_core::{Error, ErrorKind, ExportPolicy, Result, Warning};

use crate::header::{Epoch, Header};
use crate::held::{Held, Locked};
use crate::identity::{Heal, Opened, WayIn};
use crate::lineage::ManifestName;
use crate::manifest::Manifest;
use crate::policy::PasswordGuard;
use crate::state::{Found, MOST_TRIES, find_manifest, read_record};
use crate::{
    AskPassword, CloudState, Password, Seen, Storage, Timestamp, VaultPolicy, WalletEntry, WalletId, WalletRecord,
    identity, parallel,
};

/// A vault whose keys are in memory: locked there where the system allows, erased when this value is dropped, when it is
/// [locked](Self::lock), or after [a time without use](Self::lock_after).
pub struct Unlocked {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) header: Header,
    pub(crate) epoch: u32,
    pub(crate) held: Held,
    pub(crate) manifest: Manifest,
    /// What was found wrong, and does not keep the rest from being used.
    pub(crate) findings: Vec<Warning>,
    /// Why nothing is written or exported before [`repair`](Self::repair).
    pub(crate) broken: Option<Error>,
    /// What belongs into a damaged copy of the identity.
    pub(crate) heal: Option<Heal>,
    /// The file that gave the keys, to be known again.
    pub(crate) way_in: WayIn,
    /// The highest generation that a good manifest has had, here or when the vault was last seen.
    pub(crate) floor: u64,
    /// The manifests that were seen before and are not there, which a repair gives up.
    pub(crate) given_up: Vec<ManifestName>,
}

impl Unlocked {
    pub(crate) fn open(
        storage: Arc<dyn Storage>,
        header: Header,
        epoch: u32,
        opened: Opened,
        mut findings: Vec<Warning>,
    ) -> Result<Self> {
        let Opened { keys, heal, way_in } = opened;
        let Found { manifest, broken, findings: found } = find_manifest(&*storage, &keys, epoch)?;
        findings.extend(found);
        let broken = broken.map(|error| {
            let remedy = "`keyark repair` goes on from the state before it; or put a good copy of that file back first";
            error.with_remedy(remedy)
        });
        let floor = manifest.generation;
        if let Some(error) = &broken {
            findings.push(previous_state(error, &manifest));
        }
        Ok(Self {
            storage,
            header,
            epoch,
            held: Held::new(keys),
            manifest,
            findings,
            broken,
            heal,
            way_in,
            floor,
            given_up: Vec::new(),
        })
    }

    /// The same vault as it lies on its storage now, read anew with the keys at hand: header, the file that gave the keys, manifest. For a proof
    /// that what was written can be read, without another password derivation.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] when the file that gave the keys is not the same any more: another device has changed the password. Else as
    /// [`Vault::unlock`](crate::Vault::unlock).
    pub fn reread(&self) -> Result<Self> {
        let keys = self.held.keys()?.copy();
        let (header, _) = Header::find(&*self.storage)?.ok_or_else(crate::vault::lost)?;
        self.way_in.check(&*self.storage)?;
        let opened = Opened { keys, heal: None, way_in: self.way_in.clone() };
        Self::open(Arc::clone(&self.storage), header, self.epoch, opened, Vec::new())
    }

    /// The wallets, in the order in which they came. Reads nothing: the manifest has been read when the vault was unlocked.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] when the vault is locked again.
    pub fn wallets(&self) -> Result<&[WalletEntry]> {
        self.held.keys()?;
        Ok(&self.manifest.wallets)
    }

    /// The wallet of this name or id. Names are compared without regard to case.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], listing the names that there are.
    pub fn find(&self, name: &str) -> Result<&WalletEntry> {
        self.held.keys()?;
        self.manifest.find(name)
    }

    /// The whole record of a wallet, with its secret. Reads one file.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an id that the vault does not have, [`ErrorKind::Malformed`] naming the file if it is damaged or is
    /// not the one that the manifest lists.
    pub fn record(&self, id: WalletId) -> Result<WalletRecord> {
        let keys = self.held.keys()?;
        let mut result = read_record(&*self.storage, &keys, &self.manifest, id);
        let mut generation = self.manifest.generation;
        for _ in 0..MOST_TRIES {
            let Err(error) = &result else { break };
            if error.kind() != ErrorKind::NotFound {
                break;
            }
            // Another program may have written a newer record since, and removed this one.
            let now = find_manifest(&*self.storage, &keys, self.epoch)?.manifest;
            if now.generation == generation {
                break;
            }
            generation = now.generation;
            result = read_record(&*self.storage, &keys, &now, id);
        }
        result
    }

    /// The whole records of several wallets, read side by side, in the order of `ids`.
    pub fn records(&self, ids: &[WalletId]) -> Vec<Result<WalletRecord>> {
        parallel::each(&*self.storage, ids, |id| self.record(*id))
    }

    /// What was found wrong with the vault's files: for the person, who can still use what is good.
    pub fn findings(&self) -> &[Warning] {
        &self.findings
    }

    /// Why nothing is written or exported before [`repair`](Self::repair), if that is so.
    pub fn broken(&self) -> Option<&Error> {
        self.broken.as_ref()
    }

    /// When the state that is shown was written.
    pub fn written(&self) -> Timestamp {
        self.manifest.written
    }

    /// Whether this is the epoch in which new things are sealed. Others can be read and [merged](Self::merge), not changed.
    pub fn is_current(&self) -> bool {
        self.header.current().is_some_and(|current| current.number == self.epoch)
    }

    /// The number of the epoch that is open.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How far this vault's passwords have come: for what another vault notes of its copies here.
    pub fn cloud_state(&self) -> CloudState {
        let epoch = self.header.epochs.iter().find(|epoch| epoch.number == self.epoch);
        let newest_sealed = self.sealed_epochs().map(|epoch| epoch.number).max();
        CloudState { epoch: self.epoch, password_set: epoch.and_then(|epoch| epoch.password_set), newest_sealed }
    }

    /// What a guess at the password costs, as a power of two: scrypt's N.
    ///
    /// # Errors
    /// The storage's.
    pub fn work(&self) -> Result<Option<u8>> {
        let file = crate::header::identity_file(self.epoch);
        let read = self.storage.read(&file, identity::MAX_SIZE);
        let bytes = read.map_err(|error| crate::state::why_gone(&*self.storage, self.epoch, error))?;
        Ok(identity::work_of(&bytes))
    }

    /// Older epochs whose wallets have not been taken over: sealed under passwords that were forgotten.
    pub fn sealed_epochs(&self) -> impl Iterator<Item = &Epoch> {
        let sealed = |epoch: &&Epoch| epoch.number < self.epoch && !self.manifest.merged.contains(&epoch.number);
        self.header.epochs.iter().filter(sealed)
    }

    /// What may leave this vault.
    pub fn policy(&self) -> &VaultPolicy {
        &self.manifest.policy
    }

    /// The vault's policy as the core enforces it. `ask` asks the person, if the policy wants the password again before each export; without
    /// it nothing leaves then.
    ///
    /// # Errors
    /// The reason for which the vault has to be [repaired](Self::repair) first: an older state may have another policy.
    pub fn export_policy(&self, ask: Option<Arc<dyn AskPassword>>) -> Result<ExportPolicy> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        let keys = self.held.keys()?.mark();
        let guard = PasswordGuard { storage: Arc::clone(&self.storage), epoch: self.epoch, keys, ask };
        self.manifest.policy.to_export_policy(Arc::new(guard))
    }

    /// That this is the vault's password: for a program that asks again before it does something grave.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPassword`].
    pub fn check_password(&self, password: &Password) -> Result<()> {
        let keys = self.held.keys()?;
        let opened = identity::open(&*self.storage, self.epoch, password)?;
        if opened.keys.mark() == keys.mark() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::WrongPassword, "this is not the password", "check the keyboard, and try again"))
    }

    /// Asks for the password once more, if the vault's policy wants that before each export: for a program that shows words, which is no export
    /// that the core sees.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPassword`], and what `ask` returns.
    pub fn confirm(&self, ask: &dyn AskPassword, why: &str) -> Result<()> {
        if !self.manifest.policy.asks_password() {
            return Ok(());
        }
        self.check_password(&Password::new(&ask.ask(why)?)?)
    }

    /// How far the vault has come: to be kept outside of it, and given to [`compare`](Self::compare) the next time.
    pub fn seen(&self) -> Seen {
        let is_newest = self.manifest.generation == self.floor;
        let manifests = if is_newest { self.manifest.heads.clone() } else { Vec::new() };
        Seen { vault: self.manifest.vault.clone(), epoch: self.epoch, generation: self.floor, manifests }
    }

    /// Compares the vault with how far it had come before. An older state, or another vault in its place, is reported among the
    /// [findings](Self::findings), and nothing is written or exported until it has been [repaired](Self::repair), which accepts it.
    pub fn compare(&mut self, seen: &Seen) {
        let same_vault = seen.vault == self.manifest.vault;
        let is_missing = |seen: &ManifestName| {
            seen.generation <= self.manifest.generation
                && !self.manifest.is_beyond_memory(seen)
                && !self.manifest.includes(seen)
        };
        let older = if same_vault {
            (self.epoch, self.manifest.generation) < (seen.epoch, seen.generation)
                || (self.epoch == seen.epoch && seen.manifests.iter().any(is_missing))
        } else {
            self.epoch <= seen.epoch // a reset begins a new vault, in a new epoch
        };
        // An epoch of former times is another vault, and earlier, if a reset began the one of today.
        if !older || self.broken.is_some() || (!self.is_current() && !same_vault) {
            return;
        }
        let error = Error::malformed(
            "this vault is in an older state than it was on this computer before, or another one in its place",
            "if you put back an older copy yourself, accept it with `keyark repair`; otherwise use the newer copy",
        );
        self.findings.push(previous_state(&error, &self.manifest));
        if same_vault && seen.epoch == self.epoch {
            self.floor = self.floor.max(seen.generation);
            self.given_up = seen.manifests.clone();
        }
        self.broken = Some(error);
    }

    /// Forgets the keys after so much time without use, by the steady clock or the wall clock, whichever runs faster.
    /// The time is looked at when the vault is used and by [`lock_if_idle`](Self::lock_if_idle), which a program calls from its own timer.
    pub fn lock_after(&self, idle: Option<Duration>) {
        self.held.set_limit(idle);
    }

    /// Forgets the keys if the time is over; returns whether the vault is locked.
    pub fn lock_if_idle(&self) -> bool {
        self.held.lock_if_idle()
    }

    /// Forgets the keys now.
    pub fn lock(&self) {
        self.held.lock();
    }

    pub(crate) fn keys(&self) -> Result<Arc<Locked>> {
        self.held.keys()
    }
}

fn previous_state(error: &Error, manifest: &Manifest) -> Warning {
    Warning::new(
        "older-state",
        format!(
            "{}. What is shown is the state of {}; your wallets can be seen, and changed again after `keyark repair`",
            error.problem(),
            manifest.written
        ),
    )
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unlocked(epoch {}, generation {}, redacted)", self.epoch, self.manifest.generation)
    }
}
