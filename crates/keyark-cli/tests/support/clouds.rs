//! A home and a cloud beside it, in a folder or on a server of this process: what each password opens there, and copies of all of it.
#![allow(dead_code, reason = "each file of tests uses a part of this")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::any::Any;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyark::cloud::{CredentialSource, Options};
use keyark::vault::{Folder, Password, RecoveryCode, Storage, Unlocked, Vault, drill};
use keyark::{ErrorKind, SecretText};

use crate::place::Place;
use crate::server::{Face, Server};
use crate::support::{Run, files_below, finish};

/// The files with the passwords: of the vault in the home, of the cloud vault, and the one that it gets.
pub(crate) const LOCAL: &str = "password.txt";
pub(crate) const OLD: &str = "cloud.txt";
pub(crate) const NEW: &str = "new-cloud.txt";
/// The files with the recovery codes: the first one, and the one that a command makes.
pub(crate) const CODE: &str = "code.txt";
pub(crate) const NEW_CODE: &str = "new-code.txt";
/// In the arguments of a command: the cloud's address, with the flag for its credentials.
pub(crate) const URL: &str = "URL";

/// Where the cloud is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Folder,
    S3,
    WebDav,
}

/// Names and addresses.
pub(crate) type Wallets = BTreeMap<String, Vec<String>>;
/// What each of the cloud vault's passwords and codes opens.
pub(crate) type Opens = BTreeMap<&'static str, Wallets>;

/// A home, and the cloud that it knows.
pub(crate) struct World {
    pub(crate) place: Place,
    kind: Kind,
    /// Of a cloud that is a folder.
    folder: PathBuf,
    server: Option<Arc<Server>>,
}

impl World {
    /// Nothing but the files that commands are given.
    pub(crate) fn new(kind: Kind) -> Self {
        let server = match kind {
            Kind::Folder => None,
            Kind::S3 => Some(Arc::new(Server::start(Face::s3()))),
            Kind::WebDav => Some(Arc::new(Server::start(Face::webdav()))),
        };
        let place = Place::with_inputs();
        Self { folder: place.path("cloud"), place, kind, server }.with_files()
    }

    fn with_files(self) -> Self {
        let credentials = match self.kind {
            Kind::WebDav => r#"{"username": "tester", "password": "of the server"}"#,
            _ => "[default]\naws_access_key_id = AKIATESTERSKEYID\naws_secret_access_key = b2YgdGhlIHNlcnZlcg\n",
        };
        for (name, content) in [
            (OLD, "seven herons crossed a frozen canal 5"),
            (NEW, "forty drummers beside the marble harbour 8"),
            ("third-cloud.txt", "eleven magpies under a rusty carousel 2"),
            ("wrong.txt", "not the password of anything"),
            ("credentials", credentials),
        ] {
            std::fs::write(self.place.path(name), content).unwrap();
        }
        std::fs::set_permissions(self.place.path("credentials"), std::fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    /// Another computer with the same cloud.
    pub(crate) fn other_computer(&self) -> Self {
        let (folder, server) = (self.folder.clone(), self.server.clone());
        Self { place: Place::with_inputs(), kind: self.kind, folder, server }.with_files()
    }

    /// The same once more: another folder, another server.
    pub(crate) fn copy(&self) -> Self {
        let place = self.place.copy();
        let server = self.server.as_ref().map(|server| {
            let copy = Server::start(if self.kind == Kind::S3 { Face::s3() } else { Face::webdav() });
            server.objects().iter().for_each(|(path, bytes)| copy.put(path, bytes));
            Arc::new(copy)
        });
        let copy = Self { folder: place.path("cloud"), place, kind: self.kind, server };
        // The notes of cloud vaults name the place.
        let notes = copy.place.path("home/.clouds");
        for file in if notes.is_dir() { files_below(&notes) } else { Vec::new() } {
            let mut text = std::fs::read_to_string(notes.join(&file)).unwrap();
            text = text.replace(&self.root(), &copy.root());
            if let (Some(one), Some(other)) = (&self.server, &copy.server) {
                text = text.replace(&one.address().to_string(), &other.address().to_string());
            }
            std::fs::write(notes.join(file), text).unwrap();
        }
        copy
    }

    fn root(&self) -> String {
        self.place.path("home").parent().unwrap().display().to_string()
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        match &self.server {
            None => format!("file://{}", self.folder.display()),
            Some(server) => server.url("home/cloud"),
        }
    }

    pub(crate) fn credentials(&self) -> CredentialSource {
        match self.kind {
            Kind::Folder => CredentialSource::Usual,
            _ => CredentialSource::File(self.place.path("credentials")),
        }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_in(&self.place, args)
    }

    fn command_in(&self, place: &Place, args: &[&str]) -> Command {
        let (url, credentials) = (self.url(), self.place.path("credentials").display().to_string());
        let mut all = Vec::new();
        for arg in args {
            match *arg {
                URL if self.kind == Kind::Folder => all.push(url.as_str()),
                URL => all.extend([url.as_str(), "--credentials-file", credentials.as_str()]),
                arg => all.push(arg),
            }
        }
        place.command(&all)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), "")
    }

    /// The cloud, as a client with these limits sees it.
    pub(crate) fn storage(&self, options: &Options) -> Arc<dyn Storage> {
        keyark::cloud::open(&self.url().parse().unwrap(), &self.credentials(), options).unwrap()
    }

    pub(crate) fn password(&self, file: &str) -> Password {
        Password::new(&SecretText::from(self.text(file))).unwrap()
    }

    pub(crate) fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.place.path(file)).unwrap()
    }

    /// What each password and code opens in the cloud, with every wallet derived again.
    pub(crate) fn opens(&self) -> Opens {
        let mut opens = Opens::new();
        let Some(vault) = Vault::find(self.storage(&patient())).unwrap() else { return opens };
        for file in [OLD, NEW, CODE, NEW_CODE] {
            let Ok(text) = std::fs::read_to_string(self.place.path(file)).map(SecretText::from) else { continue };
            let opened = if [OLD, NEW].contains(&file) {
                vault.unlock(&Password::new(&text).unwrap())
            } else {
                let Ok(code) = RecoveryCode::parse(&text) else { continue };
                vault.unlock_with_recovery(&code)
            };
            match opened {
                Err(error) if matches!(error.kind(), ErrorKind::WrongPassword | ErrorKind::NotFound) => {}
                opened => _ = opens.insert(file, wallets(&opened.unwrap())),
            }
        }
        opens
    }

    /// The vault in the home, with whether each wallet is noted as proved in the cloud; `None` if there is no vault.
    pub(crate) fn local(&self) -> Option<BTreeMap<String, (Vec<String>, bool)>> {
        let unlocked = self.unlock_local()?;
        let proved = |name: &str| {
            let entry = unlocked.find(name).unwrap();
            entry.backups.iter().any(|backup| backup.to.as_deref() == Some("box") && backup.verified.is_some())
        };
        Some(wallets(&unlocked).into_iter().map(|(name, found)| (name.clone(), (found, proved(&name)))).collect())
    }

    pub(crate) fn unlock_local(&self) -> Option<Unlocked> {
        let vault = Vault::find(Arc::new(Folder::new(self.place.path("home")))).unwrap()?;
        Some(vault.unlock(&self.password(LOCAL)).unwrap())
    }

    /// Restores all that a password or code opens into an empty home.
    pub(crate) fn restore(&self, way: &str) -> Wallets {
        let home = Place::new();
        let path = |file: &str| self.place.path(file).display().to_string();
        let flag = if way.contains("code") { "--recovery-code-file" } else { "--cloud-password-file" };
        let (way, local) = (path(way), path(LOCAL));
        let args = ["restore", "cloud", URL, flag, &way, "--password-file", &local, "--work-factor", "1"];
        finish(self.command_in(&home, &args), "").ok();
        let vault = Vault::find(Arc::new(Folder::new(home.path("home")))).unwrap().unwrap();
        wallets(&vault.unlock(&self.password(LOCAL)).unwrap())
    }
}

/// The wallets, each derived again from what its record has.
fn wallets(unlocked: &Unlocked) -> Wallets {
    assert!(unlocked.broken().is_none(), "{:?}", unlocked.broken());
    let wallet = |entry: &keyark::vault::WalletEntry| {
        let record = unlocked.record(entry.id).unwrap();
        drill(&record, None).unwrap();
        let addresses = record.accounts.iter().map(|account| format!("{} {}", account.kind, account.address));
        (entry.name.to_string(), addresses.collect())
    };
    unlocked.wallets().unwrap().iter().map(wallet).collect()
}

/// For looking at what is left: no fault is planned any more.
pub(crate) fn patient() -> Options {
    Options { time_limit: Duration::from_secs(20), tries: 2, side_by_side: 4 }
}

/// Two wallets in the home, and no cloud yet.
pub(crate) fn two_wallets(world: &World) {
    let savings = ["import", "savings", "--phrase-file", "words.txt", "--work-factor", "1", "--password-file", LOCAL];
    world.run(&savings).ok();
    let hot = ["import", "hot", "--key-file", "key.txt", "--chain", "ethereum", "--password-file", LOCAL];
    world.run(&hot).ok();
}

/// A cloud vault called `box` with a recovery code, and nothing in it.
pub(crate) fn empty_box(world: &World) {
    let init = ["cloud", "init", "box", URL, "--recovery-code-out", CODE, "--work-factor", "1"];
    world.run(&[&init[..], &["--cloud-password-file", OLD]].concat()).ok();
}

/// Copies what is named (`--all`: everything) to the box.
pub(crate) fn back_up(world: &World, what: &str) {
    world.run(&["backup", "cloud", what, "--to", "box", "--cloud-password-file", OLD, "--password-file", LOCAL]).ok();
}

pub(crate) fn two_wallets_in_box(world: &World) {
    two_wallets(world);
    empty_box(world);
    back_up(world, "--all");
}

/// The newest manifest among the files of a vault.
pub(crate) fn newest_manifest<'a>(files: impl Iterator<Item = &'a str>) -> String {
    let number = |file: &str| {
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        name.strip_prefix("manifest-")?.split(['-', '.']).next()?.parse::<u64>().ok()
    };
    files.filter_map(|file| Some((number(file)?, file.to_owned()))).max().unwrap().1
}

/// Tries all the points on some threads, and fails with all the failures. How many of them came about, as `act` says.
pub(crate) fn try_all<T: Send + Sync>(
    points: &[T],
    threads: usize,
    name: impl Fn(&T) -> String + Sync,
    act: impl Fn(&T) -> bool + Sync,
) -> usize {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let count = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match catch_unwind(AssertUnwindSafe(|| act(point))) {
                        Ok(came) => _ = count.fetch_add(usize::from(came), Ordering::Relaxed),
                        Err(panic) => failures.lock().unwrap().push(format!("{}:\n{}\n", name(point), why(panic))),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {} points:\n{}", failures.len(), points.len(), failures.join("\n"));
    count.into_inner()
}

fn why(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast_ref::<&str>().copied().unwrap_or_default().to_owned(),
    }
}
