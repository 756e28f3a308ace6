//! The services that can hold a vault.

use std::fmt;

/// Where a vault can be. Each but [`Folder`](Self::Folder) is a feature of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// A folder of this computer, perhaps one that a program copies to a cloud.
    Folder,
    /// Amazon S3 and what speaks its protocol.
    S3,
    /// WebDAV (RFC 4918): Nextcloud, ownCloud, Hetzner, Koofr, many home servers.
    WebDav,
    /// Google Drive. What another computer deleted may be seen for a minute more.
    GoogleDrive,
    /// Huawei Cloud's Object Storage Service.
    HuaweiObs,
    /// Microsoft OneDrive.
    OneDrive,
    /// Dropbox.
    Dropbox,
}

impl Service {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: &'static [Self] =
        &[Self::Folder, Self::S3, Self::WebDav, Self::GoogleDrive, Self::HuaweiObs, Self::OneDrive, Self::Dropbox];

    /// The stable name, which is also that of the crate's feature: `webdav`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::S3 => "s3",
            Self::WebDav => "webdav",
            Self::GoogleDrive => "gdrive",
            Self::HuaweiObs => "obs",
            Self::OneDrive => "onedrive",
            Self::Dropbox => "dropbox",
        }
    }

    /// The name for people: `Google Drive`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "a folder of this computer",
            Self::S3 => "S3",
            Self::WebDav => "WebDAV",
            Self::GoogleDrive => "Google Drive",
            Self::HuaweiObs => "Huawei Cloud OBS",
            Self::OneDrive => "OneDrive",
            Self::Dropbox => "Dropbox",
        }
    }

    /// Whether this build can open it.
    pub const fn is_built_in(self) -> bool {
        match self {
            Self::Folder => true,
            Self::S3 => cfg!(feature = "s3"),
            Self::WebDav => cfg!(feature = "webdav"),
            Self::GoogleDrive => cfg!(feature = "gdrive"),
            Self::HuaweiObs => cfg!(feature = "obs"),
            Self::OneDrive => cfg!(feature = "onedrive"),
            Self::Dropbox => cfg!(feature = "dropbox"),
        }
    }

    /// How its URLs look.
    pub const fn url_form(self) -> &'static str {
        match self {
            Self::Folder => "file:///folder",
            Self::S3 => "s3://bucket/prefix",
            Self::WebDav => "webdav+https://host/folder",
            Self::GoogleDrive => "gdrive://folder",
            Self::HuaweiObs => "obs://bucket/prefix?endpoint=https://obs.REGION.myhuaweicloud.com",
            Self::OneDrive => "onedrive://folder",
            Self::Dropbox => "dropbox://folder",
        }
    }

    /// The parameters that its URLs may have.
    pub(crate) const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Folder | Self::WebDav => &[],
            Self::S3 => &["endpoint", "region"],
            Self::GoogleDrive | Self::HuaweiObs | Self::OneDrive | Self::Dropbox => &["endpoint"],
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_the_forms_begin_with_known_schemes() {
        let ids: BTreeSet<_> = Service::ALL.iter().map(|service| service.id()).collect();
        assert_eq!(ids.len(), Service::ALL.len());
        for service in Service::ALL {
            let location: crate::Location = service.url_form().replace("REGION", "x").parse().unwrap();
            assert_eq!(location.service(), *service);
        }
        assert!(Service::Folder.is_built_in());
    }
}
