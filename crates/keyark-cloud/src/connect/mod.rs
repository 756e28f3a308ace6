//! From a location and credentials to something that can be asked.

#[cfg(any(feature = "gdrive", feature = "onedrive", feature = "dropbox"))]
mod drive;
#[cfg(feature = "obs")]
mod obs;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "webdav")]
pub(crate) mod webdav;

use keyark_core::{Error, ErrorKind, Result};
use opendal::Operator;
use url::Url;

use crate::location::{Place, is_loopback};
use crate::transport::Hosts;
use crate::{CredentialSource, Location, Service};

/// How to ask a service.
pub(crate) struct Connection {
    pub(crate) operator: Operator,
    pub(crate) hosts: Hosts,
    /// Certificates of authorities beside the system's (PEM).
    pub(crate) certificates: Option<Vec<u8>>,
    /// Whether the server is on this computer, where no proxy leads.
    pub(crate) is_local: bool,
    #[cfg(feature = "webdav")]
    pub(crate) webdav: Option<webdav::Dav>,
    /// Makes another operator, for Google Drive: one remembers which file a name was, and never asks again.
    #[cfg(feature = "gdrive")]
    pub(crate) again: Option<Again>,
}

/// Makes another operator of the same kind.
#[cfg(feature = "gdrive")]
pub(crate) type Again = Box<dyn Fn() -> Result<Operator> + Send + Sync>;

impl Connection {
    fn new(operator: Operator, hosts: Hosts) -> Self {
        Self {
            operator,
            hosts,
            certificates: None,
            is_local: false,
            #[cfg(feature = "webdav")]
            webdav: None,
            #[cfg(feature = "gdrive")]
            again: None,
        }
    }

    fn at(self, server: &str) -> Self {
        Self { is_local: Url::parse(server).is_ok_and(|url| is_loopback(url.host())), ..self }
    }
}

/// Everything but the network: reads the credentials, sends nothing.
pub(crate) fn connect(location: &Location, credentials: &CredentialSource) -> Result<Connection> {
    let service = location.service();
    match location.place() {
        #[cfg(feature = "s3")]
        Place::Bucket { service: Service::S3, bucket, prefix, endpoint, region } => {
            s3::connect(bucket, prefix, endpoint.as_deref(), region.as_deref(), credentials)
        }
        #[cfg(feature = "obs")]
        Place::Bucket { service: Service::HuaweiObs, bucket, prefix, endpoint, .. } => {
            obs::connect(bucket, prefix, endpoint.as_deref(), credentials)
        }
        #[cfg(feature = "webdav")]
        Place::WebDav { origin, path } => webdav::connect(origin, path, credentials),
        #[cfg(any(feature = "gdrive", feature = "onedrive", feature = "dropbox"))]
        Place::Drive { service, folder, stand_in } if service.is_built_in() => {
            drive::connect(*service, folder, stand_in.as_deref(), credentials)
        }
        _ => Err(not_built_in(service)),
    }
}

/// The error for a service whose feature is off.
pub(crate) fn not_built_in(service: Service) -> Error {
    crate::not_built_in(service)
}

/// An operator made of a builder; its errors could quote what the builder was given.
fn operator(builder: impl opendal::Builder, service: Service) -> Result<Operator> {
    Operator::new(builder).map_err(|_| {
        let problem = format!("{service} cannot be set up from this location and these credentials");
        Error::new(ErrorKind::Usage, problem, "check both for letters that do not belong there")
    })
}
