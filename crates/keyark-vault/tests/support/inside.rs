//! What is inside a vault's files, by age alone: what they list, and files that only who has the password could have made.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::io::{Read, Write};

use age::secrecy::{ExposeSecret, SecretString};
use age::{Decryptor, Encryptor, x25519};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::memory::{Files, Memory};

/// The identity of an epoch.
pub(crate) struct Inside(x25519::Identity);

impl Inside {
    pub(crate) fn open(files: &Files, epoch: u32, password: &str) -> Self {
        let sealed = &files[&format!("epochs/{epoch}/identity.password.age")];
        let identity = age::scrypt::Identity::new(SecretString::from(password));
        Self(decrypt(sealed, &identity).trim_end().parse().unwrap())
    }

    /// `age1…`
    pub(crate) fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The text of a record, or of a manifest with its first line.
    pub(crate) fn text(&self, sealed: &[u8]) -> String {
        decrypt(sealed, &self.0)
    }

    pub(crate) fn record(&self, sealed: &[u8]) -> Value {
        serde_json::from_str(&self.text(sealed)).unwrap()
    }

    pub(crate) fn manifest(&self, sealed: &[u8]) -> Value {
        serde_json::from_str(self.text(sealed).split_once('\n').unwrap().1).unwrap()
    }

    pub(crate) fn seal(&self, plain: &str) -> Vec<u8> {
        let recipient = self.0.to_public();
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
        writer.write_all(plain.as_bytes()).unwrap();
        writer.finish().unwrap();
        sealed
    }

    /// A manifest with a right first line.
    pub(crate) fn seal_manifest(&self, json: &str) -> Vec<u8> {
        let identity = self.0.to_string();
        let key = hmac(identity.expose_secret().as_bytes(), b"keyark manifest v1");
        self.seal(&format!("{}\n{json}", hex(&hmac(&key, json.as_bytes()))))
    }
}

/// The files of an epoch's manifests, the newest first.
pub(crate) fn manifests(files: &Files, epoch: u32) -> Vec<String> {
    let start = format!("epochs/{epoch}/manifest-");
    let generation = |name: &String| {
        let text = name.strip_prefix(&start)?.strip_suffix(".age")?;
        text.split('-').next()?.parse::<u64>().ok()
    };
    let mut found: Vec<_> = files.keys().filter_map(|name| Some((generation(name)?, name.clone()))).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, name)| name).collect()
}

/// The name of the newest manifest.
pub(crate) fn newest(memory: &Memory, epoch: u32) -> String {
    manifests(&memory.files(), epoch).remove(0)
}

/// The records' files that a manifest lists, each with the wallet's name.
pub(crate) fn listed(manifest: &Value) -> Vec<(String, String)> {
    let epoch = &manifest["epoch"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |entry: &Value| (format!("epochs/{epoch}/records/{}.age", text(&entry["file"])), text(&entry["name"]));
    manifest["records"].as_array().unwrap().iter().map(of).collect()
}

/// The file of a wallet's record.
pub(crate) fn record_file(memory: &Memory, epoch: u32, password: &str, name: &str) -> String {
    let inside = Inside::open(&memory.files(), epoch, password);
    let manifest = inside.manifest(&memory.get(&newest(memory, epoch)));
    listed(&manifest).into_iter().find(|(_, wallet)| wallet == name).unwrap().0
}

/// Files that no header and no kept manifest of `epoch`, the current one, gives a reason to be there.
pub(crate) fn unlisted(files: &Files, epoch: u32, password: &str) -> Vec<String> {
    let inside = Inside::open(files, epoch, password);
    let header: Value = serde_json::from_slice(&files["keyark-vault.json"]).unwrap();
    let epochs = header["epochs"].as_array().unwrap();
    let mut known = vec!["keyark-vault.json".to_owned()];
    for identity in ["identity.password.age", "identity.password.copy.age"] {
        known.push(format!("epochs/{epoch}/{identity}"));
    }
    let kept = manifests(files, epoch);
    assert!(kept.len() <= 2, "{kept:?}");
    for name in kept {
        let manifest = inside.manifest(&files[&name]);
        known.push(name);
        known.extend(listed(&manifest).into_iter().map(|(file, _)| file));
    }
    let older = |name: &String| {
        let counts =
            |entry: &Value| entry["epoch"] != epoch && name.starts_with(&format!("epochs/{}/", entry["epoch"]));
        epochs.iter().any(counts)
    };
    files.keys().filter(|name| !known.contains(name) && !older(name)).cloned().collect()
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn decrypt(sealed: &[u8], identity: &dyn age::Identity) -> String {
    let mut text = String::new();
    let decryptor = Decryptor::new_buffered(sealed).unwrap();
    decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
