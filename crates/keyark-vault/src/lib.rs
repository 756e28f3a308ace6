//! Many wallets sealed under one password, on any storage, in files that stock `age` opens.
#![forbid(unsafe_code)]

mod change;
mod epochs;
mod folder;
mod header;
mod held;
mod identity;
mod json;
mod manifest;
mod password;
mod policy;
mod record;
mod seal;
mod storage;
mod time;
mod unlocked;
mod vault;

pub use change::Removal;
pub use epochs::Merged;
pub use folder::Folder;
pub use header::Epoch;
pub use manifest::WalletEntry;
pub use password::{NewPassword, Password};
pub use policy::{AskPassword, VaultDenial, VaultPolicy};
pub use record::{Account, Backup, BackupMethod, Passphrase, WalletId, WalletName, WalletRecord, WalletSecret};
pub use seal::WorkFactor;
pub use storage::{Lock, Storage};
pub use time::Timestamp;
pub use unlocked::{Seen, Unlocked};
pub use vault::Vault;
