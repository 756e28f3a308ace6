//! What scripts rely on of `keyark cloud`: its JSON, what it changes, and what it refuses before anything is written.
//!
//! The clouds are folders here: what differs between services is tested where they are.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod init;
mod keychain;
mod list;
mod passwords;
mod remove;
mod repair;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use support::vault::{CHEAP, OTHER_PASSWORD, PASSWORD, VaultHome};
use support::{Failure, Run, assert_fields, text};

/// The password of the cloud vault.
const CLOUD_PASSWORD: &str = "seven herons crossed a frozen canal 5";
const OPEN: [&str; 2] = ["--cloud-password-file", "cloud.txt"];
const WORK: [&str; 2] = ["--work-factor", "4"];

/// A home with passwords in files, and a folder that is a cloud.
struct CloudHome(VaultHome);

impl std::ops::Deref for CloudHome {
    type Target = VaultHome;

    fn deref(&self) -> &VaultHome {
        &self.0
    }
}

impl CloudHome {
    fn new() -> Self {
        let home = VaultHome::new();
        home.write("cloud.txt", CLOUD_PASSWORD);
        home.write("weak.txt", "box2026");
        Self(home)
    }

    /// A cloud vault called `box` with the wallet `savings` in it, and its recovery code in code.txt.
    fn with_box() -> Self {
        let home = Self::new();
        home.init("box", &["--recovery-code-out", "code.txt"]).ok();
        home.put("savings", "words.txt", "cloud.txt");
        home
    }

    fn url(&self, folder: &str) -> String {
        format!("file://{}", self.path(folder).display())
    }

    fn cloud(&self, args: &[&str]) -> Run {
        self.run(&[&["cloud"], args, &["--home", "vault"]].concat())
    }

    fn object(&self, args: &[&str]) -> Value {
        self.cloud(&[args, &["--json"]].concat()).object()
    }

    fn objects(&self, args: &[&str]) -> Vec<Value> {
        self.cloud(&[args, &["--json"]].concat()).ok().objects()
    }

    fn init(&self, name: &str, more: &[&str]) -> Run {
        self.cloud(&[&["init", name, &self.url("cloud")], &OPEN[..], &WORK, more].concat())
    }

    /// Puts a wallet into the cloud vault, which is a vault like any other.
    fn put(&self, name: &str, words: &str, password: &str) {
        let args = ["import", name, "--phrase-file", words, "--home", "cloud", "--password-file", password];
        self.run(&args).ok();
    }

    /// Fails before anything is written, anywhere.
    #[track_caller]
    fn refused(&self, args: &[&str], code: i32) -> Failure {
        self.fails_alone(&[&["cloud"], args, &["--home", "vault"]].concat(), code)
    }

    /// Fails after the cloud vault was opened: it is as it was, and that it was opened is noted here.
    #[track_caller]
    fn refused_inside(&self, args: &[&str], code: i32) -> Failure {
        let cloud = |home: &Self| {
            let mut state = home.state();
            state.retain(|name, _| name.starts_with("cloud"));
            state
        };
        let before = cloud(self);
        let failure = self.cloud(&[args, &["--json"]].concat()).only_error(code);
        assert_eq!(cloud(self), before, "{args:?}");
        failure
    }

    /// The names of the wallets that this opens.
    #[track_caller]
    fn wallets(&self, open: [&str; 2]) -> Vec<String> {
        let objects = self.objects(&[&["list", "box"], &open[..]].concat());
        let wallets = objects.iter().filter(|object| object["type"] == "wallet");
        wallets.map(|wallet| text(wallet, "name").to_owned()).collect()
    }

    fn code(&self) -> String {
        self.read("code.txt").trim_end().to_owned()
    }

    fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}
