//! Google Drive, OneDrive, Dropbox: a file with what OAuth 2.0 gives (RFC 6749), in the form of Google's `authorized_user`.

use std::path::PathBuf;

use keyark_core::{Error, ErrorKind, Result, SecretText};

use super::file::Found;
use super::json::Object;
use super::{CredentialSource, file};
use crate::Service;

/// What opens the account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// For about an hour.
    Access(SecretText),
    /// For as long as it is not revoked (RFC 6749, section 6).
    Refresh { client_id: String, client_secret: Option<SecretText>, refresh_token: SecretText },
}

const FORM: &str = r#"the file holds {"type":"authorized_user","client_id":…,"client_secret":…,"refresh_token":…} or {"access_token":…}"#;

/// The token for `service`.
pub(crate) fn find(source: &CredentialSource, service: Service) -> Result<Token> {
    let found = Found::in_source(source)?.map_or_else(|| in_usual_places(service), Ok)?;
    read(found.text(), service).map_err(|error| found.named(error))
}

fn in_usual_places(service: Service) -> Result<Found> {
    let places = usual(service);
    for path in &places {
        if let Some(found) = file::find(path)? {
            return Ok(found);
        }
    }
    Err(nowhere(service, &places))
}

/// Google's Application Default Credentials; the others have no place that their own tools share.
#[cfg(feature = "gdrive")]
fn usual(service: Service) -> Vec<PathBuf> {
    if service != Service::GoogleDrive {
        return Vec::new();
    }
    if let Some(path) = super::variable("GOOGLE_APPLICATION_CREDENTIALS") {
        return vec![path.into()];
    }
    let folder = match super::variable("CLOUDSDK_CONFIG") {
        Some(folder) => Some(PathBuf::from(folder)),
        None if cfg!(windows) => super::variable("APPDATA").map(|folder| PathBuf::from(folder).join("gcloud")),
        None => super::home().map(|home| home.join(".config/gcloud")),
    };
    folder.map(|folder| folder.join("application_default_credentials.json")).into_iter().collect()
}

#[cfg(not(feature = "gdrive"))]
fn usual(_: Service) -> Vec<PathBuf> {
    Vec::new()
}

fn nowhere(service: Service, places: &[PathBuf]) -> Error {
    let places: Vec<_> = places.iter().map(|path| file::shown(path)).collect();
    let looked = if places.is_empty() {
        "its tools share no usual place".to_owned()
    } else {
        format!("looked at {}", places.join(", "))
    };
    let problem = format!("there are no credentials for {service}: {looked}");
    Error::new(ErrorKind::Usage, problem, format!("name a credentials file; {FORM}"))
}

fn read(text: &str, service: Service) -> Result<Token> {
    let mut object = Object::read(text)?;
    if let Some(kind) = object.take("type")?
        && kind.expose() != "authorized_user"
    {
        let problem = "the credentials file is of another type than authorized_user";
        return Err(Error::malformed(problem, "sign in as a person: a service account has no folder of yours"));
    }
    let access = object.take("access_token")?;
    match (object.take("refresh_token")?, object.take("client_id")?, object.take("client_secret")?, access) {
        (Some(refresh_token), Some(client_id), client_secret, _)
            if client_secret.is_some() || service == Service::OneDrive =>
        {
            Ok(Token::Refresh { client_id: client_id.expose().to_owned(), client_secret, refresh_token })
        }
        (None, _, _, Some(access)) => Ok(Token::Access(access)),
        _ => Err(Error::malformed("the credentials file lacks a member", FORM)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_both_kinds() {
        let text = r#"{"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r","quota_project_id":"x"}"#;
        let refresh =
            Token::Refresh { client_id: "i".into(), client_secret: Some("s".into()), refresh_token: "r".into() };
        assert_eq!(read(text, Service::GoogleDrive).unwrap(), refresh);
        assert_eq!(read(r#"{"access_token":"a"}"#, Service::Dropbox).unwrap(), Token::Access("a".into()));
        let public = r#"{"client_id":"i","refresh_token":"r"}"#;
        assert!(read(public, Service::OneDrive).is_ok());
        assert!(read(public, Service::Dropbox).is_err());
    }

    #[test]
    fn others_are_refused_and_not_shown() {
        for text in [
            "canary",
            "[\"canary\"]",
            "{\"canary\"",
            r#"{"access_token":["canary"]}"#,
            r#"{"access_token":""}"#,
            r#"{"refresh_token":"canary"}"#,
            r#"{"client_id":"canary","client_secret":"canary"}"#,
            r#"{"type":"service_account","private_key":"canary","client_email":"canary"}"#,
            r#"{"type":"canary","access_token":"canary"}"#,
        ] {
            let error = read(text, Service::GoogleDrive).unwrap_err();
            assert!(
                error.kind() == ErrorKind::Malformed && !format!("{error:?}").contains("canary"),
                "{text}: {error:?}"
            );
        }
        assert!(!format!("{:?}", read(r#"{"access_token":"canary"}"#, Service::Dropbox).unwrap()).contains("canary"));
    }

    #[test]
    fn where_there_is_no_usual_place_it_says_so() {
        for service in [Service::OneDrive, Service::Dropbox] {
            let error = find(&CredentialSource::Usual, service).unwrap_err();
            assert!(error.kind() == ErrorKind::Usage && error.problem().contains(service.name()), "{error:?}");
        }
    }
}
