//! Files that rot, get lost, or are put in each other's place: it is found out and named, and everything else still opens.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

mod headers;
mod identities;
mod misplaced;
mod older_copies;
mod records_and_manifests;
mod repairs;

use keyark_core::{Error, ErrorKind, Warning};
use keyark_vault::{Removal, Unlocked, Vault};
use support::fixture::*;
use support::inside::{Inside, manifests, newest, record_file};
use support::memory::{Files, Memory};

const HEADER: &str = "keyark-vault.json";
const IDENTITY: &str = "epochs/1/identity.password.age";
const COPY: &str = "epochs/1/identity.password.copy.age";

/// A vault of three wallets and two generations, of which the newer one came with c.
fn three() -> Memory {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    memory
}

/// The same file, damaged in many ways: a bit here and there, cut short, empty, missing, longer.
fn damages(bytes: &[u8], bits: usize) -> Vec<(String, Option<Vec<u8>>)> {
    let length = bytes.len();
    let mut all = vec![("missing".to_owned(), None), ("empty".to_owned(), Some(Vec::new()))];
    for step in 0..bits {
        let (at, bit) = (step * length / bits, step % 8);
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << bit;
        all.push((format!("bit {bit} of byte {at}"), Some(changed)));
    }
    for cut in [1, 20, length / 3, length / 2, length - 17, length - 1] {
        all.push((format!("cut to {cut}"), Some(bytes[..cut].to_vec())));
    }
    all.push(("one byte more".to_owned(), Some([bytes, b"\n"].concat())));
    all.push(("zeros".to_owned(), Some(vec![0; length])));
    all
}

fn damaged(files: &Files, name: &str, bytes: Option<Vec<u8>>) -> Memory {
    let memory = Memory::of(files.clone());
    match bytes {
        Some(bytes) => memory.put(name, &bytes),
        None => _ = memory.take(name),
    }
    memory
}

fn names_file(error: &Error, file: &str) -> bool {
    let inner = file.rsplit('/').next().unwrap();
    error.to_string().contains(inner)
}

fn find_warning<'a>(vault: &'a Unlocked, id: &str) -> Option<&'a Warning> {
    vault.findings().iter().find(|warning| warning.id() == id)
}
