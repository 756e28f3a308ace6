//! The vault as two devices left it opens for ever, joins what they wrote, and can be changed: `golden/README.md`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod inside;
    pub(crate) mod memory;
}

mod changing;
mod holding;
mod making;
mod opening;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use keyark_core::{ExportItem, Result, SecretText, hex};
use keyark_vault::{
    Account, Backup, DeviceStore, NewPassword, Passphrase, Password, RecoveryCode, Removal, Timestamp, Unlocked, Vault,
    VaultDenial, WalletName, WalletSecret, WorkFactor,
};
use serde_json::{Value, json};
use support::inside::{Inside, manifests};
use support::memory::{Files, Memory};

/// Of epochs 1 and 2, and of epoch 3 with composed letters, which NFKD takes apart.
const PASSWORDS: [&str; 3] =
    ["velvet-otter-plateau-31", "rosy-lantern-tiger-oboe-17", "F\u{fc}nf \u{dc}berm\u{fc}tige Br\u{fc}cken 25"];
/// Epoch 3's as its files have it.
const DECOMPOSED: &str = "Fu\u{308}nf U\u{308}bermu\u{308}tige Bru\u{308}cken 25";

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A file of the golden folder, as text without the line's end.
fn golden_text(name: &str) -> String {
    fs::read_to_string(golden(name)).unwrap().trim_end().to_owned()
}

fn files_of(folder: &Path, start: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{start}{}", entry.file_name().into_string().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => files_of(&entry.path(), &format!("{name}/"), files),
            false => _ = files.insert(name, fs::read(entry.path()).unwrap()),
        }
    }
}

fn golden_files() -> Files {
    let mut files = Files::new();
    files_of(&golden("v2"), "", &mut files);
    files
}

/// A copy of the vault, on a storage that keeps nobody out.
fn copy() -> Memory {
    Memory::of(golden_files()).without_lock()
}

fn find(memory: &Memory) -> Vault {
    Vault::find(memory.arc()).unwrap().unwrap()
}

fn unlock(memory: &Memory) -> Unlocked {
    find(memory).unlock(&password(PASSWORDS[2])).unwrap()
}

fn password(text: &str) -> Password {
    Password::new(&SecretText::from(text)).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The records of an epoch as another program read them.
fn expected(name: &str) -> Vec<Value> {
    let text = golden_text(&format!("{name}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn names(unlocked: &Unlocked) -> Vec<String> {
    unlocked.wallets().unwrap().iter().map(|entry| entry.name.to_string()).collect()
}

/// The one device's store, with the key that it keeps.
#[derive(Default)]
struct Device(Mutex<BTreeMap<String, SecretText>>);

impl DeviceStore for Device {
    fn store(&self, entry: &str, secret: &SecretText) -> Result<()> {
        self.0.lock().unwrap().insert(entry.to_owned(), secret.clone());
        Ok(())
    }

    fn load(&self, entry: &str) -> Result<Option<SecretText>> {
        Ok(self.0.lock().unwrap().get(entry).cloned())
    }

    fn forget(&self, entry: &str) -> Result<()> {
        self.0.lock().unwrap().remove(entry);
        Ok(())
    }
}

/// The recovery code, as a person may type it, and the device.
fn other_ways() -> (RecoveryCode, Device) {
    let code = RecoveryCode::parse(&golden_text("v2-recovery-code.txt").to_lowercase().into()).unwrap();
    let device = Device::default();
    let kept = golden_text("v2-device-key.txt");
    let (id, key) = kept.split_once('\n').unwrap();
    device.store(&format!("keyark vault {id}"), &key.into()).unwrap();
    (code, device)
}

fn denial() -> VaultDenial {
    VaultDenial {
        item: ExportItem::PrivateKey,
        chain: Some("bitcoin".to_owned()),
        reason: "not from the phone".to_owned(),
    }
}

/// The names of the two heads: the phone's, the laptop's.
fn heads(files: &Files) -> [String; 2] {
    let all = manifests(files, 3);
    let inside = Inside::open(files, 3, DECOMPOSED);
    let follows: Vec<String> = all.iter().map(|file| text(&inside.manifest(&files[file])["follows"])).collect();
    let mark = |file: &str| file["epochs/3/manifest-".len()..].trim_end_matches(".age").to_owned();
    let is_head = |file: &&String| !follows.iter().any(|follows| follows.split(' ').any(|name| name == mark(file)));
    all.iter().filter(is_head).cloned().collect::<Vec<_>>().try_into().unwrap()
}
