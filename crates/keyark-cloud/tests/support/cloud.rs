//! A cloud of `server` and keyark's storage on it, with limits that suit tests.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use keyark_cloud::{CredentialSource, Options, open};
use keyark_core::Error;
use keyark_vault::Storage;
use tempfile::TempDir;

use crate::server::{Face, SECRET_OF_THE_SERVER, Server};

/// In the credentials that every test uses. No error may show them.
pub(crate) const USER: &str = "AKIATESTERSKEYID";
pub(crate) const PASSWORD: &str = "dGVzdGVycy1zZWNyZXQta2V5";

/// How often one operation is tried here.
pub(crate) const TRIES: usize = 2;
/// For one request: long enough for a machine that does other things, so that no try is lost to it.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(10);
/// For one request to a server that is slow on purpose.
pub(crate) const SHORT_LIMIT: Duration = Duration::from_millis(300);
/// For one operation that fails at every try, with the pauses between them.
pub(crate) const BOUND: Duration = Duration::from_secs(6);

/// The servers that promise all that a storage may want.
pub(crate) fn complete() -> [Face; 2] {
    [Face::s3(), Face::webdav()]
}

/// Those that ignore `If-None-Match`, make parents by themselves, list in small pages.
pub(crate) fn all() -> [Face; 5] {
    let [s3, webdav] = complete();
    [
        s3,
        webdav,
        Face::S3 { if_none_match: false, page: 7 },
        Face::WebDav { conditional: false, missing_parent: Some(404) },
        Face::WebDav { conditional: false, missing_parent: None },
    ]
}

pub(crate) struct Cloud {
    pub(crate) server: Server,
    home: TempDir,
}

impl Cloud {
    pub(crate) fn start(face: Face) -> Self {
        Self { server: Server::start(face), home: tempfile::tempdir().unwrap() }
    }

    /// A storage in the folder `home/vault`, with the limits of these tests.
    pub(crate) fn open(&self) -> Arc<dyn Storage> {
        self.open_with(&options())
    }

    pub(crate) fn open_with(&self, options: &Options) -> Arc<dyn Storage> {
        self.open_at(&self.server.url("home/vault"), options)
    }

    pub(crate) fn open_at(&self, url: &str, options: &Options) -> Arc<dyn Storage> {
        open(&url.parse().unwrap(), &self.credentials(), options).unwrap()
    }

    /// A file that only its owner may read.
    pub(crate) fn credentials(&self) -> CredentialSource {
        let path: PathBuf = self.home.path().join("credentials");
        if !path.exists() {
            let text = if self.server.url("").starts_with("s3:") {
                format!("[default]\naws_access_key_id = {USER}\naws_secret_access_key = {PASSWORD}\n")
            } else {
                format!("{{\"username\": \"{USER}\", \"password\": \"{PASSWORD}\"}}")
            };
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path).unwrap().write_all(text.as_bytes()).unwrap();
            assert!(fs::metadata(&path).unwrap().len() > 0);
        }
        CredentialSource::File(path)
    }

    /// The paths of all objects but those that a broken upload may leave: nobody lists them.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.server.objects().into_keys().filter(|path| !path.contains("/.tmp-")).collect()
    }

    /// What the server has under that name of the vault.
    pub(crate) fn object(&self, name: &str) -> Option<Vec<u8>> {
        self.server.objects().remove(&format!("home/vault/{name}"))
    }

    /// As another client would.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        self.server.put(&format!("home/vault/{name}"), bytes);
    }
}

pub(crate) fn options() -> Options {
    Options { time_limit: TIME_LIMIT, tries: TRIES, side_by_side: 8 }
}

/// Every case in a thread of its own: most of the time of these tests is spent waiting.
pub(crate) fn side_by_side<T: Send>(cases: Vec<T>, check: impl Fn(T) + Sync) {
    assert!(!cases.is_empty());
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| check(case));
        }
    });
}

/// Looks for what no error may show: secrets, signed addresses, the text of answers.
pub(crate) fn shows_no_secret(error: &Error) {
    let context: Vec<_> = error.context().map(|(name, value)| format!("{name} {value}")).collect();
    let shown = format!("{error}\n{error:?}\n{}\n{}\n{context:?}", error.problem(), error.remedy());
    for secret in [
        USER,
        PASSWORD,
        SECRET_OF_THE_SERVER,
        "Signature",
        "Credential=",
        "Authorization",
        "Basic ",
        "X-Amz-",
        "list-type",
    ] {
        assert!(!shown.contains(secret), "{secret:?} in {shown}");
    }
    assert!(!error.problem().is_empty() && !error.remedy().is_empty(), "{shown}");
    assert!(!error.problem().contains('\n') && !error.remedy().contains('\n'), "{shown}");
}
