//! Where a vault can be kept: a folder, one that a program copies to a cloud, or a cloud itself.
//!
//! A [`Location`] is read from a URL, and [`open`] makes the [`Storage`] of it on which a [`Vault`](keyark_vault::Vault) lies.
//!
//! ```
//! use keyark_cloud::{CredentialSource, Location, Options};
//! use keyark_vault::{NewPassword, Timestamp, Vault, WorkFactor};
//!
//! # fn main() -> keyark_core::Result<()> {
//! # let home = tempfile::tempdir().unwrap();
//! # let home = home.path().display();
//! let location: Location = format!("file://{home}/backup").parse()?; // or s3://bucket/prefix, webdav+https://host/folder, …
//! if let Some(hint) = location.hint() {
//!     println!("{hint}"); // Dropbox copies this folder: …
//! }
//! let storage = keyark_cloud::open(&location, &CredentialSource::Usual, &Options::default())?;
//!
//! # let work = WorkFactor::new(4)?;
//! # /*
//! let work = WorkFactor::DEFAULT;
//! # */
//! let password = NewPassword::suggest()?; // a cloud has a password of its own
//! let vault = Vault::create(storage, &password, work, Timestamp::now())?;
//! # drop(vault);
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises
//!
//! - Every request has a time limit, whatever the server does, and every answer a bound on its size. What may succeed later is tried again.
//! - Credentials come from the service's usual places, from a file that only its owner may read, or from where the program keeps them, such as the
//!   system's keychain ([`CredentialSource`]). They are not in URLs, not in errors, not in logs, are not sent on to another server, and not sent without TLS but to this computer.
//! - An error is made of a status and a few known words. What a server writes, addresses and headers do not come through.
//! - A file is there whole, or not at all: servers that keep the half of a broken upload (WebDAV) get it under another name first.
//! - Names from a server that a vault cannot have are left out, so that none leads elsewhere.
//!
//! The services that were built in say so: [`Service::is_built_in`]. Each is a feature of the same name as its [`Service::id`].
#![forbid(unsafe_code)]

#[cfg(feature = "async")]
mod asynchronous;
#[cfg(feature = "remote")]
mod attempt;
#[cfg(feature = "remote")]
mod connect;
mod credentials;
#[cfg(feature = "remote")]
mod errors;
mod hint;
mod location;
#[cfg(feature = "remote")]
mod name;
#[cfg(feature = "remote")]
mod server;
mod service;
#[cfg(feature = "remote")]
mod storage;
#[cfg(feature = "remote")]
mod transport;
#[cfg(feature = "remote")]
mod watch;
#[cfg(feature = "webdav")]
mod webdav;

use std::sync::Arc;
use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::{Folder, Storage};

#[cfg(feature = "async")]
pub use asynchronous::{Answer, AsyncStorage, AsyncVault, Blocking, run};
pub use credentials::CredentialSource;
pub use location::Location;
pub use service::Service;

/// How patient and how busy a cloud's storage is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// For one request. Large files get more: a second for every 64 kB.
    pub time_limit: Duration,
    /// How often a request is made that may succeed later; at least once.
    pub tries: usize,
    /// How many requests are made at a time; at least one.
    pub side_by_side: usize,
}

impl Default for Options {
    /// 30 seconds, 4 tries, 8 requests at a time.
    fn default() -> Self {
        Self { time_limit: Duration::from_secs(30), tries: 4, side_by_side: 8 }
    }
}

/// The storage at `location`. Reads the credentials, and sends nothing: whether they are good shows with the first request.
///
/// # Errors
/// [`ErrorKind::Usage`] for a service that is not built in, and where there are no credentials (with the places that were looked at);
/// [`ErrorKind::Malformed`] and [`ErrorKind::OutOfBounds`] for a credentials file of another form; [`ErrorKind::Storage`] for one that cannot be
/// read.
pub fn open(location: &Location, credentials: &CredentialSource, options: &Options) -> Result<Arc<dyn Storage>> {
    if let Some(folder) = location.folder() {
        return match credentials {
            CredentialSource::Usual => Ok(Arc::new(Folder::new(folder))),
            CredentialSource::File(_) | CredentialSource::Given(_) => Err(Error::new(
                ErrorKind::Usage,
                "a folder of this computer needs no credentials",
                "leave the credentials out",
            )),
        };
    }
    remote(location, credentials, options)
}

#[cfg(feature = "remote")]
fn remote(location: &Location, credentials: &CredentialSource, options: &Options) -> Result<Arc<dyn Storage>> {
    let connection = connect::connect(location, credentials)?;
    Ok(Arc::new(storage::Cloud::new(location, connection, options)?))
}

#[cfg(not(feature = "remote"))]
fn remote(location: &Location, _: &CredentialSource, _: &Options) -> Result<Arc<dyn Storage>> {
    Err(not_built_in(location.service()))
}

/// The error for a service whose feature is off.
fn not_built_in(service: Service) -> Error {
    let built_in: Vec<_> =
        Service::ALL.iter().filter(|service| service.is_built_in()).map(|service| service.url_form()).collect();
    Error::new(
        ErrorKind::Usage,
        format!("this build of keyark has no {service}"),
        format!("build it with the feature {}, or use one of {}", service.id(), built_in.join(", ")),
    )
}
