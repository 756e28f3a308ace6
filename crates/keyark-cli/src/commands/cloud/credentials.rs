//! Where the credentials of a cloud are: the service's usual places, a file, or the system's keychain.

use std::path::PathBuf;

use keyark::cloud::CredentialSource;
use keyark::vault::{DeviceStore, Keychain};
use keyark::{Error, ErrorKind, Result, hex, random};

use crate::args::Credentials;
use crate::ui::Ui;
use crate::{files, progress};

/// What is noted of it: nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands) enum CredentialPlace {
    Usual,
    File(PathBuf),
    /// The name of the keychain's entry.
    Keychain(String),
}

impl Credentials {
    /// The file by its whole path, so that it is found from every folder.
    pub(super) fn place(&self) -> CredentialPlace {
        let file = self.credentials_file.as_deref();
        file.map_or(CredentialPlace::Usual, |file| CredentialPlace::File(files::whole(file)))
    }
}

impl CredentialPlace {
    /// The credentials as the cloud takes them. The keychain may ask the person.
    pub(super) fn source(&self) -> Result<CredentialSource> {
        match self {
            Self::Usual => Ok(CredentialSource::Usual),
            Self::File(file) => Ok(CredentialSource::File(file.clone())),
            Self::Keychain(entry) => {
                let kept = Keychain::new().and_then(|keychain| keychain.load(entry)).map_err(in_keychain)?;
                kept.map(CredentialSource::Given).ok_or_else(|| {
                    let problem = "the system's keychain has the credentials of this cloud no more";
                    Error::new(ErrorKind::NotFound, problem, REMEDY)
                })
            }
        }
    }

    /// Copies what the file holds into the keychain; that entry's place.
    pub(super) fn into_keychain(self, ui: &mut Ui<'_>) -> Result<Self> {
        let Self::File(file) = &self else { return Ok(self) };
        let text = CredentialSource::read_file(file)?;
        let mut number = [0; 16];
        random::fill(&mut number)?;
        let entry = format!("keyark cloud {}", hex::encode(&number));
        let stored = progress::during(ui, "asking the system's keychain", || Keychain::new()?.store(&entry, &text));
        stored.map_err(|error| match error.kind() {
            ErrorKind::OutOfBounds => error
                .with_problem("the system's keychain does not hold as much as is in the credentials file")
                .with_remedy("leave --credentials-keychain away: the file is read each time, and only you can read it"),
            _ => error.with_remedy("leave --credentials-keychain away to go on with the file"),
        })?;
        Ok(Self::Keychain(entry))
    }

    /// Removes what the keychain has, if it has something.
    pub(super) fn forget(&self, ui: &mut Ui<'_>) {
        let Self::Keychain(entry) = self else { return };
        let forgotten = progress::during(ui, "asking the system's keychain", || Keychain::new()?.forget(entry));
        if let Err(error) = forgotten {
            ui.note(&format!("note: the system's keychain still has credentials, as `{entry}`: {}", error.problem()));
        }
    }
}

const REMEDY: &str = "name a file with them, and run `keyark cloud init NAME URL --credentials-file FILE` once more: the vault in the cloud is not touched";

fn in_keychain(error: Error) -> Error {
    let problem = format!("the credentials of this cloud are in the system's keychain, and {}", error.problem());
    error.with_problem(problem).with_remedy(format!("unlock the keychain and try again; or {REMEDY}"))
}
