//! Where credentials come from: each service's usual places, a file, or what the program keeps itself, such as in the system's keychain. Never a URL,
//! an argument or a variable of keyark's own.

#[cfg(feature = "remote")]
mod file;
#[cfg(any(feature = "webdav", feature = "gdrive", feature = "onedrive", feature = "dropbox"))]
mod json;
#[cfg(any(feature = "s3", feature = "obs"))]
pub(crate) mod keys;
#[cfg(feature = "webdav")]
pub(crate) mod netrc;
#[cfg(any(feature = "gdrive", feature = "onedrive", feature = "dropbox"))]
pub(crate) mod token;

use std::path::PathBuf;

use keyark_core::SecretText;

/// Where the credentials of a cloud come from.
///
/// | service | usual places | what a file holds |
/// |---|---|---|
/// | S3 | `AWS_*`, `~/.aws/credentials` and `~/.aws/config` with their profiles and SSO, web identities, containers | a section of `~/.aws/credentials` |
/// | WebDAV | `~/.netrc`, or the file that `NETRC` names; none, for a server that asks for none | the same, or `{"username":…,"password":…}`, or `{"token":…}` |
/// | Google Drive | the file that `GOOGLE_APPLICATION_CREDENTIALS` names, gcloud's `application_default_credentials.json` | the same, or `{"access_token":…}` |
/// | OneDrive, Dropbox | none | `{"type":"authorized_user","client_id":…,"client_secret":…,"refresh_token":…}`, or `{"access_token":…}` |
/// | OBS | `OBS_ACCESS_KEY_ID` and `OBS_SECRET_ACCESS_KEY`, or `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK` | as for S3 |
///
/// A file of passwords, keys or tokens that others may read is refused. The profiles in `~/.aws` are read as AWS's own tools read them.
/// Instances are asked for their role only where `AWS_EC2_METADATA_DISABLED` is `false`: on other computers the question takes long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialSource {
    /// The service's usual places.
    #[default]
    Usual,
    /// A file of at most 64 KiB, which only its owner may read.
    File(PathBuf),
    /// What such a file holds, from where the program keeps it: the system's keychain, a phone's secure store.
    Given(SecretText),
}

#[cfg(feature = "remote")]
impl CredentialSource {
    /// The text of a file as [`File`](Self::File) reads it, to be kept elsewhere and [`Given`](Self::Given) from there.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](keyark_core::ErrorKind::Usage) where there is none or others may read it;
    /// [`Malformed`](keyark_core::ErrorKind::Malformed), [`OutOfBounds`](keyark_core::ErrorKind::OutOfBounds) and
    /// [`Storage`](keyark_core::ErrorKind::Storage) as in [`open`](crate::open).
    pub fn read_file(path: &std::path::Path) -> keyark_core::Result<SecretText> {
        file::get(path).map(|found| SecretText::new(std::mem::take(&mut *found.into_text())))
    }
}

#[cfg(any(feature = "s3", feature = "gdrive", feature = "webdav"))]
pub(crate) fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// The variable's value, if it has one that is text.
#[cfg(any(feature = "s3", feature = "obs", feature = "gdrive", feature = "webdav"))]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
