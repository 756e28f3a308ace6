//! The state of an epoch, read from its manifests, and the records that it lists.

use keyark_core::{Error, ErrorKind, Result, Warning};

use crate::header::{Header, is_newer, manifests, record_file};
use crate::lineage::ManifestName;
use crate::manifest::Manifest;
use crate::seal::{Keys, damaged, sha256};
use crate::{Storage, WalletEntry, WalletId, WalletRecord};

/// The largest record that is read, and so that is written.
pub(crate) const MAX_RECORD: usize = 1 << 24;

/// How often a reader begins anew, when another program has changed the vault in the moment between two reads.
pub(crate) const MOST_TRIES: usize = 20;

/// So many manifests that are older than anybody remembers are looked into.
const MOST_FORGOTTEN: usize = 16;

/// The state of an epoch: its newest good manifest, or what several have together that were written at the same time.
pub(crate) struct Found {
    pub(crate) manifest: Manifest,
    /// Why a newer one could not be used.
    pub(crate) broken: Option<Error>,
    pub(crate) findings: Vec<Warning>,
}

/// Reads every manifest that no other one follows.
pub(crate) fn find_manifest(storage: &dyn Storage, keys: &Keys, epoch: u32) -> Result<Found> {
    for _ in 0..MOST_TRIES {
        let names = manifests(storage, epoch)?;
        if names.is_empty() {
            break;
        }
        match find_among(&names, storage, keys, epoch) {
            Err(error) if error.kind() == ErrorKind::NotFound => {} // another program has come further meanwhile
            result => return result,
        }
    }
    Err(is_no_part(storage, epoch)?.unwrap_or_else(|| damaged(&crate::header::epoch_folder(epoch))))
}

/// Why the epoch is no part of the vault any more; nothing where the header goes on listing it.
fn is_no_part(storage: &dyn Storage, epoch: u32) -> Result<Option<Error>> {
    let Some((header, _)) = Header::find(storage)? else { return Ok(Some(crate::vault::lost())) };
    let sealed_anew = || {
        let problem = "another program has sealed this vault anew";
        Error::new(ErrorKind::Locked, problem, "unlock it again, with the password of today")
    };
    Ok((!header.lists(epoch)).then(sealed_anew))
}

/// Why a file of an epoch is not there, where `error` says that it is not: it was lost, or its epoch is no part of the vault any more.
pub(crate) fn why_gone(storage: &dyn Storage, epoch: u32, error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => is_no_part(storage, epoch).ok().flatten().unwrap_or(error),
        _ => error,
    }
}

fn find_among(names: &[ManifestName], storage: &dyn Storage, keys: &Keys, epoch: u32) -> Result<Found> {
    let mut state: Option<Manifest> = None;
    let mut broken = Vec::new();
    let mut findings = Vec::new();
    for name in names {
        if state.as_ref().is_some_and(|state| state.includes(name)) {
            continue;
        }
        if let Some(state) = state.as_mut().filter(|state| state.is_beyond_memory(name)) {
            findings.push(take_forgotten(state, name, storage, keys, epoch)?);
            continue;
        }
        match Manifest::load(storage, keys, epoch, name) {
            Ok(manifest) => {
                state = Some(match state {
                    Some(state) if state.vault == manifest.vault => state.join(manifest),
                    Some(state) => {
                        findings.push(Warning::new(
                            "other-vault",
                            format!("{} belongs to another vault; it is not used", name.file(epoch)),
                        ));
                        state
                    }
                    None => manifest,
                });
            }
            Err(error) if matches!(error.kind(), ErrorKind::Storage | ErrorKind::NotFound) || is_newer(&error) => {
                return Err(error);
            }
            Err(error) => broken.push((name, error)),
        }
    }
    // One that a repair has given up, and could not remove, is no news.
    broken.retain(|(name, _)| !state.as_ref().is_some_and(|state| state.includes(name)));
    let broken = broken.into_iter().next().map(|(_, error)| error);
    match (state, broken) {
        (Some(manifest), broken) => Ok(Found { manifest, broken, findings }),
        (None, Some(error)) => Err(error),
        (None, None) => Err(damaged(&crate::header::epoch_folder(epoch))),
    }
}

/// Looks into a manifest that is older than anybody remembers: by a device that was away for long, or put back by somebody. Only wallets that nobody
/// else has heard of are taken from it.
fn take_forgotten(
    state: &mut Manifest,
    name: &ManifestName,
    storage: &dyn Storage,
    keys: &Keys,
    epoch: u32,
) -> Result<Warning> {
    let (file, before) = (name.file(epoch), state.wallets.len());
    if state.absorbed.len() < MOST_FORGOTTEN {
        match Manifest::load(storage, keys, epoch, name) {
            Ok(old) if old.vault == state.vault => state.absorb(old),
            Err(error) if error.kind() == ErrorKind::Storage => return Err(error),
            _ => {} // not one of this vault's
        }
    }
    let message = match state.wallets.len() - before {
        0 => format!("{file} is from long ago and was put back by another program; it is not used"),
        new => format!("{file} is from long ago; {new} of its wallets were listed nowhere else and are taken over"),
    };
    Ok(Warning::new("old-manifest", message))
}

pub(crate) fn read_record(
    storage: &dyn Storage,
    keys: &Keys,
    manifest: &Manifest,
    id: WalletId,
) -> Result<WalletRecord> {
    let entry = manifest.wallets.iter().find(|entry| entry.id == id).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "the vault has no wallet of that id", "look into the list of wallets")
    })?;
    read_entry(storage, keys, manifest.epoch, entry)
}

pub(crate) fn read_entry(storage: &dyn Storage, keys: &Keys, epoch: u32, entry: &WalletEntry) -> Result<WalletRecord> {
    let name = record_file(epoch, &entry.file);
    let in_file = |error: Error| error.with_context("wallet", &entry.name);
    let sealed = storage.read(&name, MAX_RECORD).map_err(in_file)?;
    if sha256(&sealed) != entry.sha256 {
        return Err(in_file(damaged(&name)));
    }
    let mut record = open_record(keys, &name, &sealed).map_err(in_file)?;
    record.name = entry.name.clone(); // the list tells two of one name apart
    if record.id() == entry.id && record.revision() == entry.revision {
        return Ok(record);
    }
    Err(in_file(Error::malformed(
        format!("{name} holds another wallet than the vault's list says"),
        "use another copy of the vault",
    )))
}

pub(crate) fn open_record(keys: &Keys, name: &str, sealed: &[u8]) -> Result<WalletRecord> {
    let text = keys.open(name, sealed)?;
    WalletRecord::from_json(&text).map_err(|error| error.with_context("file", name))
}
