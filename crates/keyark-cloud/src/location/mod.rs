//! Where a vault is, as a URL.

mod parse;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Service, hint};

#[cfg(any(feature = "s3", feature = "obs"))]
pub(crate) use parse::endpoint;
#[cfg(feature = "remote")]
pub(crate) use parse::region;
#[cfg(feature = "remote")]
pub(crate) use text::is_loopback;
#[cfg(feature = "webdav")]
pub(crate) use text::{decode, encode};

/// Where a vault is. It is read from a URL and shows as one, and never holds a secret.
///
/// | URL | parameters, all optional but where noted |
/// |---|---|
/// | `file:///folder` | |
/// | `s3://bucket/prefix` | `endpoint=https://…` for what is not Amazon's, `region=…` |
/// | `webdav+https://host:port/folder`, and `webdav+http://` on this computer | |
/// | `gdrive://folder/…`, `onedrive://folder/…`, `dropbox://folder/…` | |
/// | `obs://bucket/prefix` | `endpoint=https://obs.REGION.myhuaweicloud.com`, unless `OBS_ENDPOINT` says it |
///
/// ```
/// use keyark_cloud::{Location, Service};
///
/// let location: Location = "s3://backups/keyark//?region=eu-central-1".parse()?;
/// assert_eq!(location.service(), Service::S3);
/// assert_eq!(location.to_string(), "s3://backups/keyark?region=eu-central-1");
///
/// // Credentials do not belong in URLs, which end in shell histories and logs.
/// assert!("webdav+https://me:secret@example.org/keyark".parse::<Location>().is_err());
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Location {
    place: Place,
    /// As it is shown, without parameters.
    short: String,
    parameters: String,
}

/// The parts of a URL, checked and decoded.
#[cfg_attr(not(feature = "remote"), allow(dead_code))] // URLs of clouds are read by every build
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Folder(PathBuf),
    /// S3 and OBS. `prefix` has no slash at its ends.
    Bucket {
        service: Service,
        bucket: String,
        prefix: String,
        endpoint: Option<String>,
        region: Option<String>,
    },
    /// `origin` without a slash at the end, `path` without any at its ends.
    WebDav {
        origin: String,
        path: String,
    },
    /// Google Drive, OneDrive, Dropbox. `stand_in` is a server on this computer that is asked instead.
    Drive {
        service: Service,
        folder: String,
        stand_in: Option<String>,
    },
}

impl Location {
    /// The service that holds it.
    pub fn service(&self) -> Service {
        match &self.place {
            Place::Folder(_) => Service::Folder,
            Place::Bucket { service, .. } | Place::Drive { service, .. } => *service,
            Place::WebDav { .. } => Service::WebDav,
        }
    }

    /// What a person should know about the place: which program copies the folder, and that the copy is there only when it has.
    /// `None` for clouds and for folders that no known program copies. Looks at the folder and at those above it.
    pub fn hint(&self) -> Option<String> {
        self.folder().and_then(hint::of_folder)
    }

    /// The folder, if it is one of this computer.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(path) => Some(path),
            _ => None,
        }
    }

    #[cfg(any(feature = "remote", test))]
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// The URL without its parameters, for messages.
    #[cfg(feature = "remote")]
    pub(crate) fn short(&self) -> &str {
        &self.short
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short)?;
        f.write_str(&self.parameters)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}
