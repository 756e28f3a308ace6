//! The Secret Service over D-Bus (freedesktop.org, "Secret Service API", 0.2).

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyark_core::SecretText;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};
use zeroize::Zeroizing;

use super::{Failure, SERVICE};

/// To be there and to agree on a session key. D-Bus may have to start the service for it.
const ANSWER: Duration = Duration::from_secs(10);
/// To do what is asked, for which a person may have to unlock it.
const PERSON: Duration = Duration::from_secs(120);
const TEXT: &str = "text/plain; charset=utf8";

pub(super) fn check() -> Result<(), Failure> {
    ask(|_| Ok(()))
}

pub(super) fn store(entry: &str, secret: &SecretText) -> Result<(), Failure> {
    let (entry, secret) = (entry.to_owned(), secret.clone());
    ask(move |service| {
        let bytes = secret.expose().as_bytes();
        let mut items = find(service, &entry)?;
        if let Some(newest) = items.pop() {
            newest.set_secret(bytes, TEXT)?;
            return items.iter().try_for_each(|item| Ok(item.delete()?));
        }
        let keyring = service.get_default_collection().map_err(|error| match error {
            Error::NoResult => Failure::NoCollection,
            error => error.into(),
        })?;
        if keyring.is_locked()? {
            keyring.unlock()?;
        }
        keyring.create_item(&entry, attributes(&entry), bytes, true, TEXT)?;
        Ok(())
    })
}

pub(super) fn load(entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let entry = entry.to_owned();
    ask(move |service| match find(service, &entry)?.pop() {
        Some(newest) => Ok(Some(Zeroizing::new(newest.get_secret()?))),
        None => Ok(None),
    })
}

pub(super) fn forget(entry: &str) -> Result<(), Failure> {
    let entry = entry.to_owned();
    ask(move |service| find(service, &entry)?.iter().try_for_each(|item| Ok(item.delete()?)))
}

/// Does `work` in a thread of its own: D-Bus has no time limits, and its blocking calls must not be made in an asynchronous program's threads. One that never
/// returns is left behind.
fn ask<T: Send + 'static>(
    work: impl FnOnce(&SecretService) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (here, connected) = mpsc::channel();
    let (done, finished) = mpsc::channel();
    let worker = thread::Builder::new().name("keyark-keychain".into()).spawn(move || {
        let service = SecretService::connect(EncryptionType::Dh);
        let service = match service {
            Ok(service) => service,
            Err(error) => return drop(here.send(Err(connecting(error)))),
        };
        if here.send(Ok(())).is_ok() {
            let _ = done.send(work(&service)); // nobody waits any more: what was done stays done
        }
    });
    worker.map_err(|error| Failure::Other(error.to_string()))?;
    connected.recv_timeout(ANSWER).map_err(|_| Failure::Silent(ANSWER))??;
    finished.recv_timeout(PERSON).map_err(|_| Failure::Unanswered(PERSON))?
}

/// What other programs look for too: `keyring` of Rust and of Python, `secret-tool`.
fn attributes(entry: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", entry)])
}

/// The items of that name, unlocked, the newest last. There is one at most, unless another program made more.
fn find<'a>(service: &'a SecretService, entry: &str) -> Result<Vec<Item<'a>>, Failure> {
    let found = service.search_items(attributes(entry))?;
    for item in &found.locked {
        item.unlock()?;
        item.ensure_unlocked()?;
    }
    let mut items: Vec<_> = found.unlocked.into_iter().chain(found.locked).collect();
    items.sort_by_cached_key(|item| item.get_modified().unwrap_or_default());
    Ok(items)
}

/// Errors before anything was asked. They hold addresses and names of D-Bus.
fn connecting(error: Error) -> Failure {
    match &error {
        Error::Unavailable => Failure::NoSession,
        Error::Zbus(cause) if name_of(cause).is_none() => Failure::NoSession,
        _ => error.into(),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let name = match &error {
            Error::Locked => return Self::Locked,
            Error::Prompt | Error::PromptDisconnected => return Self::Dismissed,
            Error::Zbus(cause) => name_of(cause),
            Error::ZbusFdo(cause) => name_of(cause),
            _ => None,
        };
        let Some(name) = name else { return Self::Other("its answer was not understood".into()) };
        match name.rsplit('.').next().unwrap_or_default() {
            "IsLocked" => Self::Locked,
            "AccessDenied" | "AuthFailed" => Self::Refused,
            "ServiceUnknown" | "NameHasNoOwner" | "NoReply" | "Disconnected" => Self::NoService,
            spawning if name.contains(".Spawn.") && !spawning.is_empty() => Self::NoService,
            _ => Self::Other(name),
        }
    }
}

/// The D-Bus name of an error, such as `org.freedesktop.DBus.Error.ServiceUnknown`, without the text behind it, which the service may have written.
fn name_of(error: &dyn std::error::Error) -> Option<String> {
    let text = error.to_string();
    let name = text.split(':').next().unwrap_or_default();
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_';
    (name.contains('.') && name.len() < 128 && name.bytes().all(of_name)).then(|| name.to_owned())
}
