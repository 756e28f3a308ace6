//! The cloud vaults that this computer knows: a small file for each, with its address and how far it had come. Nothing in it is secret.

use std::path::PathBuf;
use std::{fs, io};

use keyark::cloud::Location;
use keyark::vault::{CloudState, Seen, Timestamp};
use keyark::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};

use super::credentials::CredentialPlace;
use crate::commands::vault::Home;
use crate::files;

/// The most cloud vaults that are listed.
const MOST: usize = 1000;
const LIMIT: usize = 1 << 16;
const LONGEST_NAME: usize = 40;

/// The folder with the files.
#[derive(Clone)]
pub(in crate::commands) struct Book(PathBuf);

/// One cloud vault.
#[derive(Clone)]
pub(in crate::commands) struct Entry {
    /// What the person calls it.
    pub(in crate::commands) name: String,
    pub(in crate::commands) location: Location,
    pub(in crate::commands) credentials: CredentialPlace,
    /// How far it had come when it was last open.
    pub(in crate::commands) seen: Option<Seen>,
    /// Which password it had then.
    pub(in crate::commands) state: Option<CloudState>,
    /// When that was.
    pub(in crate::commands) opened: Option<Timestamp>,
}

impl Entry {
    pub(in crate::commands) fn new(name: &str, location: Location, credentials: CredentialPlace) -> Self {
        Self { name: name.to_owned(), location, credentials, seen: None, state: None, opened: None }
    }

    /// What the vault is called in messages: `the cloud vault box`.
    pub(in crate::commands) fn title(&self) -> String {
        format!("the cloud vault {}", self.name)
    }
}

/// The file's form.
#[derive(Serialize, Deserialize)]
struct Note {
    name: String,
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credentials_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credentials_keychain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epoch: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_set: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    newest_sealed: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opened: Option<String>,
}

impl Book {
    pub(in crate::commands) fn of(home: &Home) -> Self {
        Self(home.path().join(".clouds"))
    }

    /// A name that can be one: it is part of a file's name.
    pub(in crate::commands) fn check_name(name: &str) -> Result<()> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-') {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            format!("a cloud vault's name has 1 to {LONGEST_NAME} lower-case letters, digits, - and _"),
            "choose a short one: box, nas, drive",
        ))
    }

    /// The cloud vault of this name.
    pub(in crate::commands) fn find(&self, name: &str) -> Result<Entry> {
        Self::check_name(name)?;
        match self.read(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let known: Vec<_> = self.all()?.into_iter().map(|entry| entry.name).take(10).collect();
                let remedy = match known.as_slice() {
                    [] => "`keyark cloud init NAME URL` makes one, or takes note of one that is there".to_owned(),
                    known => format!("use one of: {}", known.join(", ")),
                };
                Err(Error::new(ErrorKind::NotFound, format!("no cloud vault here is called {name}"), remedy))
            }
            result => result,
        }
    }

    /// All of them, by name.
    pub(in crate::commands) fn all(&self) -> Result<Vec<Entry>> {
        let listed = match fs::read_dir(&self.0) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.problem("listed", &error)),
        };
        let name = |file: io::Result<fs::DirEntry>| {
            let name = file.ok()?.file_name().into_string().ok()?.strip_suffix(".json")?.to_owned();
            Self::check_name(&name).is_ok().then_some(name)
        };
        let mut names: Vec<_> = listed.filter_map(name).take(MOST).collect();
        names.sort_unstable();
        names.iter().map(|name| self.read(name)).collect()
    }

    fn read(&self, name: &str) -> Result<Entry> {
        let file = self.file(name);
        let damaged = || {
            Error::malformed(
                format!("{} is not a note of a cloud vault", files::shown(&file)),
                "remove that file, and run `keyark cloud init NAME URL` again: the vault in the cloud is not touched",
            )
        };
        if file.symlink_metadata().is_ok_and(|found| !found.is_file()) {
            return Err(damaged()); // a pipe in its place would never end
        }
        let text = files::read_text(&file, LIMIT)?;
        let note: Note = serde_json::from_str(&text).map_err(|_| damaged())?;
        let credentials = match (note.credentials_keychain, note.credentials_file) {
            (Some(entry), _) => CredentialPlace::Keychain(entry),
            (None, Some(file)) => CredentialPlace::File(file),
            (None, None) => CredentialPlace::Usual,
        };
        let seen = note.seen.map(|seen| seen.parse()).transpose().map_err(|_| damaged())?;
        let time = |text: Option<String>| text.map(|text| text.parse()).transpose().map_err(|_| damaged());
        let (password_set, opened) = (time(note.password_set)?, time(note.opened)?);
        let state = note.epoch.map(|epoch| CloudState { epoch, password_set, newest_sealed: note.newest_sealed });
        Ok(Entry {
            name: name.to_owned(),
            location: note.url.parse().map_err(|_| damaged())?,
            credentials,
            seen,
            state,
            opened,
        })
    }

    /// That neither the name nor the place is another vault's. The note of this very one, if there is one.
    pub(in crate::commands) fn check_free(&self, name: &str, location: &Location) -> Result<Option<Entry>> {
        let all = self.all()?;
        if let Some(taken) = all.iter().find(|entry| entry.name == name && entry.location != *location) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("a cloud vault here is called {name} already, at {}", taken.location),
                format!(
                    "choose another name; or forget that one with `keyark cloud remove {name}`: it stays where it is"
                ),
            ));
        }
        if let Some(known) = all.iter().find(|entry| entry.name != name && is_same_place(&entry.location, location)) {
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("the vault at {location} is known here already, as {}", known.name),
                format!("use it under that name: keyark cloud list {}", known.name),
            ));
        }
        Ok(all.into_iter().find(|entry| entry.name == name))
    }

    /// Writes the note, over the one before.
    pub(in crate::commands) fn write(&self, entry: &Entry) -> Result<()> {
        let (credentials_file, credentials_keychain) = match &entry.credentials {
            CredentialPlace::Usual => (None, None),
            CredentialPlace::File(file) => (Some(file.clone()), None),
            CredentialPlace::Keychain(entry) => (None, Some(entry.clone())),
        };
        let note = Note {
            name: entry.name.clone(),
            url: entry.location.to_string(),
            credentials_file,
            credentials_keychain,
            seen: entry.seen.as_ref().map(ToString::to_string),
            epoch: entry.state.map(|state| state.epoch),
            newest_sealed: entry.state.and_then(|state| state.newest_sealed),
            password_set: entry.state.and_then(|state| state.password_set).map(|set| set.to_string()),
            opened: entry.opened.map(|opened| opened.to_string()),
        };
        let text = serde_json::to_string_pretty(&note).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("a note could not be written: {error}"), "report this")
        })?;
        files::make_private_folder(&self.0)
            .and_then(|()| files::write_note(&self.file(&entry.name), &format!("{text}\n")))
            .map_err(|error| self.problem("written", &error))
    }

    /// Forgets a cloud vault; the vault itself stays.
    pub(in crate::commands) fn forget(&self, name: &str) -> Result<()> {
        fs::remove_file(self.file(name)).map_err(|error| self.problem("removed", &error))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }

    fn problem(&self, what: &str, error: &io::Error) -> Error {
        Error::new(
            ErrorKind::Storage,
            format!("the list of cloud vaults in {} could not be {what}: {error}", files::shown(&self.0)),
            "see whether that folder can be written and the disk has room",
        )
    }
}

/// Whether both are one folder, also where links lead to it, or the same place in a cloud.
pub(super) fn is_same_place(one: &Location, other: &Location) -> bool {
    one == other || one.folder().zip(other.folder()).is_some_and(|(one, other)| files::is_same_folder(one, other))
}
