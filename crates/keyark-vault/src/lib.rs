//! Many wallets sealed under one password, on any storage, in files that stock `age` opens.
//!
//! A [`Vault`] lies on a [`Storage`]: a [`Folder`] of this computer, or whatever implements five small methods. Unlocking it costs one password
//! derivation and gives an [`Unlocked`], on which everything else is done. Each wallet is a [`WalletRecord`]: its words or its private key, its
//! addresses, and the backups that were made of it.
//!
//! ```
//! use std::sync::Arc;
//!
//! use keyark_phrase::{Language, Phrase, WordCount};
//! use keyark_vault::*;
//!
//! # fn main() -> keyark_core::Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("vault");
//! let storage = Arc::new(Folder::new(path));
//! let now = Timestamp::now();
//!
//! // A new password has to be strong. One of six random words is suggested; show it, and have it written down.
//! let password = NewPassword::suggest()?;
//! # let work = WorkFactor::new(4)?;
//! # /*
//! let work = WorkFactor::DEFAULT; // a guess at the password takes a second and 256 MiB
//! # */
//! let mut vault = Vault::create(storage.clone(), &password, work, now)?;
//!
//! let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
//! let record = WalletRecord::new(WalletName::new("savings")?, WalletSecret::Phrase(phrase), Passphrase::None, now)?;
//! vault.add(&record, now)?; // one record and one manifest are written
//!
//! // Another day. The list of wallets is in the manifest, which unlocking has read.
//! let password = Password::new(&password.expose().into())?;
//! let mut vault = Vault::find(storage)?.expect("it was made above").unlock(&password)?;
//! for wallet in vault.wallets()? {
//!     println!("{}: {}", wallet.name, if wallet.is_backed_up() { "backed up" } else { "NOT backed up" });
//! }
//! let id = vault.find("savings")?.id;
//!
//! // A wallet that is not backed up is not removed by mistake.
//! assert!(vault.remove(id, Removal::OnlyBackedUp, now).is_err());
//!
//! // The person has passed a quiz on the words: they are on paper.
//! vault.update(id, now, |record| {
//!     let mut backup = Backup::new(BackupMethod::Phrase, Some("paper".into()), now);
//!     backup.verified = Some(now);
//!     record.record_backup(backup);
//!     Ok(())
//! })?;
//! assert!(vault.find("savings")?.is_backed_up());
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises
//!
//! - A change happens whole or not at all, whenever the program or the power stops: new files first, the manifest last.
//! - The previous state is kept. Where the newest manifest is damaged, the one before it is used, [said](Unlocked::findings), and
//!   [repaired](Unlocked::repair).
//! - A file that was replaced, added, swapped, cut or changed is found out and named; the good rest opens.
//! - Two programs that change a vault at once wait for each other ([`Storage::lock`]); readers wait for nobody.
//! - A forgotten password costs nothing to who has the words: [`Vault::reset`] starts a new epoch, and the old one stays for the day on which the
//!   password comes back ([`Unlocked::merge`]).
//! - Where a storage has no locks, such as a cloud, two devices may write at once: each manifest has a name of its own, the next reader joins
//!   them, and nothing is lost.
//! - Besides the password, a [`RecoveryCode`] on paper and a [`DeviceStore`] (a keychain, a phone's secure store) can open a vault.
//! - What may leave can be narrowed ([`VaultPolicy`]); the policy is sealed, and `keyark-core` enforces it.
//! - Keys are locked into memory where the system allows, and erased on drop or [after a time without use](Unlocked::lock_after).
//!
//! Which wallets are backed up, and whose backup has gone stale and why, is told by [`WalletEntry::ledger`].
//!
//! The format is in `docs/format.md`: two `age` commands open a wallet without keyark.
//!
//! This crate knows no chain. `keyark::vault` is the same with the way between records and wallets.
#![forbid(unsafe_code)]

mod change;
mod claim;
mod device;
mod draft;
mod epochs;
mod folder;
mod header;
mod held;
mod identity;
mod json;
#[cfg(feature = "keychain")]
mod keychain;
mod ledger;
mod lineage;
mod manifest;
mod name;
mod parallel;
mod password;
mod policy;
mod record;
mod recovery;
mod removal;
mod seal;
mod seen;
mod state;
mod storage;
mod time;
mod unlocked;
mod vault;
mod ways;

pub use change::Removal;
pub use device::DeviceStore;
pub use epochs::Merged;
pub use folder::Folder;
pub use header::Epoch;
#[cfg(feature = "keychain")]
pub use keychain::Keychain;
pub use ledger::{Action, CloudState, Judged, Known, Ledger, Remedy, Stale, Standing};
pub use manifest::WalletEntry;
pub use name::{check_file_name, check_folder_name, is_name_part};
pub use password::{NewPassword, Password};
pub use policy::{AskPassword, VaultDenial, VaultPolicy};
pub use record::{
    Account, Backup, BackupMethod, Passphrase, WalletId, WalletName, WalletRecord, WalletSecret, is_newer_record,
};
pub use recovery::RecoveryCode;
pub use seal::WorkFactor;
pub use seen::Seen;
pub use storage::{Lock, Storage};
pub use time::Timestamp;
pub use unlocked::Unlocked;
pub use vault::Vault;
