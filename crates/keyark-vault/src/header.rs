//! `keyark-vault.json`: the one file in the clear. It names the format and the epochs, and no wallet.

use keyark_core::{Error, ErrorKind, Result};

use crate::Timestamp;
use crate::json::{Fields, Unknown, Writer};
use crate::lineage::ManifestName;
use crate::storage::Storage;

pub(crate) const FILE: &str = "keyark-vault.json";
pub(crate) const VERSION: u32 = 1;
const FORMAT: &str = "keyark-vault";
const MAX_SIZE: usize = 1 << 20;
pub(crate) const MAX_EPOCHS: usize = 100;
/// The highest numbers that are read: whatever stands beyond them was not written by keyark.
pub(crate) const MAX_EPOCH: u32 = 1 << 20;
pub(crate) const MAX_GENERATION: u64 = 1 << 48;

/// What the file says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// The epochs, the oldest first.
    pub(crate) epochs: Vec<Epoch>,
    /// Epochs that were sealed anew: what is left of them does not count.
    pub(crate) dropped: Vec<u32>,
    /// Whether an epoch lies there that the file does not list: two devices wrote it at once, or one was stopped before it did.
    pub(crate) is_behind: bool,
    unknown: Unknown,
}

/// A time during which one identity sealed the vault. A forgotten password starts a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, from 1 on.
    pub number: u32,
    /// When its password was set. `None` where the file that says so is damaged.
    pub password_set: Option<Timestamp>,
}

impl Header {
    /// The epoch that new things are sealed in.
    pub(crate) fn current(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    pub(crate) fn write(&self, storage: &dyn Storage) -> Result<()> {
        storage.replace(FILE, self.to_json().as_bytes())
    }

    fn to_json(&self) -> String {
        let mut writer = Writer::new();
        writer.text("format", FORMAT);
        writer.number("version", VERSION.into());
        writer.objects("epochs", &self.epochs, |writer, epoch| {
            writer.number("epoch", epoch.number.into());
            writer.text_if_there("password_set", epoch.password_set.map(|time| time.to_string()).as_deref());
        });
        // What is left of the last ones matters; of those before them nothing is left.
        let dropped = self.dropped.iter().skip(self.dropped.len().saturating_sub(MAX_EPOCHS));
        if !self.dropped.is_empty() {
            writer.objects("dropped", dropped, |writer, epoch| writer.number("epoch", u64::from(*epoch)));
        }
        writer.unknown(&self.unknown);
        format!("{}\n", writer.finish().as_str())
    }

    /// What the storage holds: a vault, one whose header is lost (found again from its folders, with `true`), or nothing.
    pub(crate) fn find(storage: &dyn Storage) -> Result<Option<(Self, bool)>> {
        let lost = match storage.read(FILE, MAX_SIZE) {
            Ok(bytes) => match Self::parse(&bytes).and_then(|header| header.check(storage)) {
                Ok(header) => return Ok(Some((header, false))),
                Err(error) if is_newer(&error) || error.kind() == ErrorKind::Storage => return Err(error),
                Err(error) => error,
            },
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            Err(error) => return Err(error),
        };
        let found = Self::rebuild(storage)?;
        match (found.epochs.is_empty(), lost.kind()) {
            (false, _) => Ok(Some((found, true))),
            (true, ErrorKind::NotFound) => Ok(None),
            (true, _) => Err(lost),
        }
    }

    /// The epochs that lie in the storage, at most as many as are read.
    pub(crate) fn rebuild(storage: &dyn Storage) -> Result<Self> {
        let mut found = Self::default();
        found.take_in_unlisted(storage)?;
        Ok(found)
    }

    /// Lists what lies in the storage after something was taken back; where nothing is left, there is no vault, and no header says that there were one.
    pub(crate) fn write_what_is_left(storage: &dyn Storage) -> Result<()> {
        let left = Self::rebuild(storage)?;
        if left.epochs.is_empty() { storage.delete(FILE) } else { left.write(storage) }
    }

    /// Takes in the epochs that lie there and are not listed: an epoch counts from its first manifest on.
    fn take_in_unlisted(&mut self, storage: &dyn Storage) -> Result<()> {
        let mut numbers: Vec<u32> = storage.list("epochs")?.iter().filter_map(|name| epoch_of(name)).collect();
        numbers.retain(|number| !self.lists(*number) && !self.dropped.contains(number));
        numbers.sort_unstable_by(|one, other| other.cmp(one)); // the newest matter most
        for number in numbers.into_iter().take(10 * MAX_EPOCHS) {
            if self.epochs.len() < MAX_EPOCHS && !manifests(storage, number)?.is_empty() {
                self.epochs.push(Epoch { number, password_set: None });
                self.is_behind = true;
            }
        }
        self.epochs.sort_by_key(|epoch| epoch.number);
        Ok(())
    }

    /// Whether it names the epoch.
    pub(crate) fn lists(&self, number: u32) -> bool {
        self.epochs.iter().any(|epoch| epoch.number == number)
    }

    /// Whether the file names the epoch, or cannot be read.
    pub(crate) fn may_list(storage: &dyn Storage, number: u32) -> bool {
        match storage.read(FILE, MAX_SIZE) {
            Ok(bytes) => Self::parse(&bytes).map_or(true, |header| header.lists(number)),
            Err(error) => error.kind() != ErrorKind::NotFound,
        }
    }

    /// That each epoch is there: a flipped bit can name another one.
    fn check(mut self, storage: &dyn Storage) -> Result<Self> {
        for epoch in &self.epochs {
            if manifests(storage, epoch.number)?.is_empty() {
                return Err(crate::seal::damaged(FILE));
            }
        }
        self.take_in_unlisted(storage)?;
        Ok(self)
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| not_a_vault())?;
        let mut fields = Fields::read(text, FILE)?;
        if fields.take::<String>("format")? != FORMAT {
            return Err(not_a_vault());
        }
        check_version(fields.take("version")?, "this vault")?;
        let epochs = fields.take_objects("epochs", "an epoch", MAX_EPOCHS)?.into_iter().map(|mut epoch| {
            let password_set: Option<String> = epoch.take_if_there("password_set")?;
            let password_set = password_set.map(|text| text.parse()).transpose()?;
            Ok(Epoch { number: epoch.take("epoch")?, password_set })
        });
        let epochs: Vec<Epoch> = epochs.collect::<Result<_>>()?;
        let rising = epochs.windows(2).all(|pair| matches!(pair, [a, b] if a.number < b.number));
        let in_range = epochs.iter().all(|epoch| (1..=MAX_EPOCH).contains(&epoch.number));
        if epochs.is_empty() || !rising || !in_range {
            return Err(fields.fault("epochs", "is not a rising list of epochs"));
        }
        let dropped = fields.take_objects("dropped", "an epoch", 10 * MAX_EPOCHS)?;
        let mut dropped: Vec<u32> =
            dropped.into_iter().map(|mut epoch| epoch.take("epoch")).collect::<Result<Vec<_>>>()?;
        // Only what was sealed anew into a later epoch can have been dropped.
        let newest = epochs.last().map_or(0, |epoch| epoch.number);
        dropped.retain(|number| *number < newest && !epochs.iter().any(|epoch| epoch.number == *number));
        Ok(Self { epochs, dropped, is_behind: false, unknown: fields.rest() })
    }
}

/// That this version reads the format of `what`.
pub(crate) fn check_version(version: u32, what: &str) -> Result<()> {
    if version == VERSION {
        return Ok(());
    }
    let problem = format!("{what} is of format version {version}, and this keyark knows version {VERSION}");
    Err(Error::new(ErrorKind::Malformed, problem, NEWER))
}

const NEWER: &str = "a newer keyark wrote it: use that one. Nothing was changed";

pub(crate) fn is_newer(error: &Error) -> bool {
    error.remedy() == NEWER
}

fn not_a_vault() -> Error {
    Error::malformed(format!("{FILE} is not the header of a vault"), "check whether this is the right folder")
}

/// The number of an epoch from its folder's name: `7/`.
fn epoch_of(name: &str) -> Option<u32> {
    let number: u32 = name.strip_suffix('/')?.parse().ok()?;
    (name == format!("{number}/") && (1..=MAX_EPOCH).contains(&number)).then_some(number)
}

pub(crate) fn epoch_folder(epoch: u32) -> String {
    format!("epochs/{epoch}")
}

pub(crate) fn identity_file(epoch: u32) -> String {
    format!("epochs/{epoch}/identity.password.age")
}

/// The same file once more: it is small, everything hangs on it, and disks lose bits.
pub(crate) fn identity_copy(epoch: u32) -> String {
    format!("epochs/{epoch}/identity.password.copy.age")
}

/// The same identity under a recovery code.
pub(crate) fn recovery_file(epoch: u32) -> String {
    format!("epochs/{epoch}/identity.recovery.age")
}

/// The same identity under a key that a device keeps.
pub(crate) fn device_file(epoch: u32, id: &str) -> String {
    format!("epochs/{epoch}/identity.device-{id}.age")
}

pub(crate) fn record_file(epoch: u32, id: &str) -> String {
    format!("epochs/{epoch}/records/{id}.age")
}

/// The manifests of an epoch, the newest first.
pub(crate) fn manifests(storage: &dyn Storage, epoch: u32) -> Result<Vec<ManifestName>> {
    let names = storage.list(&epoch_folder(epoch))?;
    let mut manifests: Vec<_> = names.iter().filter_map(|name| ManifestName::parse(name)).collect();
    manifests.sort_unstable_by(|one, other| other.cmp(one));
    Ok(manifests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_as_written_with_what_later_versions_add() {
        let text = r#"{"format":"keyark-vault","version":1,"epochs":[{"epoch":1},{"epoch":3,"password_set":"2026-11-21T12:00:00Z"}],"later":[1, 2]}"#;
        let header = Header::parse(text.as_bytes()).unwrap();
        assert_eq!(header.current().unwrap().number, 3);
        assert_eq!(header.to_json(), format!("{text}\n"));
    }

    /// Two devices that begin a vault at once can both give way.
    #[test]
    fn where_nothing_is_left_there_is_no_header() {
        let folder = tempfile::tempdir().unwrap();
        let storage = crate::Folder::new(folder.path().join("vault"));
        let listed = vec![Epoch { number: 1, password_set: None }];
        Header { epochs: listed, ..Header::default() }.write(&storage).unwrap();
        Header::write_what_is_left(&storage).unwrap();
        assert_eq!(storage.read(FILE, MAX_SIZE).unwrap_err().kind(), ErrorKind::NotFound);

        storage.write_new("epochs/2/manifest-1-0123456789abcdef.age", b"sealed").unwrap();
        Header::write_what_is_left(&storage).unwrap();
        let left = Header::parse(&storage.read(FILE, MAX_SIZE).unwrap()).unwrap();
        assert_eq!(left.epochs.iter().map(|epoch| epoch.number).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn other_files_and_newer_versions_are_refused() {
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"format":"other","version":1,"epochs":[{"epoch":1}]}"#,
            r#"{"format":"keyark-vault","version":1,"epochs":[]}"#,
            r#"{"format":"keyark-vault","version":1,"epochs":[{"epoch":2},{"epoch":1}]}"#,
            r#"{"format":"keyark-vault","version":1,"epochs":[{"epoch":-1}]}"#,
        ] {
            let error = Header::parse(bad.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), is_newer(&error)), (ErrorKind::Malformed, false), "{bad}");
        }
        let error = Header::parse(br#"{"format":"keyark-vault","version":2,"epochs":7}"#).unwrap_err();
        assert!(is_newer(&error) && error.problem().contains("version 2"), "{error}");
    }
}
