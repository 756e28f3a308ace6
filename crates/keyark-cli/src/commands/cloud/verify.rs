//! `keyark verify`: the drill. Backups are read where they lie and compared with what the vault has recorded.

mod keystore;
mod tally;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keyark::cloud::Location;
use keyark::vault::{Backup, BackupMethod, Receipt, Timestamp, Unlocked, WalletEntry, WalletId, verify};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use self::tally::{Row, Tally};
use super::backup::Passphrases;
use super::book::Book;
use super::credentials::CredentialPlace;
use super::{Cloud, check_elsewhere, check_stdin};
use crate::args::Verify;
use crate::commands::vault::Home;
use crate::ui::{Ui, printable, quoted};
use crate::{files, progress, terminal};

pub(in crate::commands) fn run(args: &Verify, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let files = [
        ("--password-file", args.vault.password_file.as_deref()),
        ("--passphrase-file", args.passphrase_file.as_deref()),
        ("--keystore-password-file", args.keystore_password_file.as_deref()),
    ];
    check_stdin(&args.password, &files)?;
    let mut local = home.unlock(&args.vault, ui)?;
    if let Some(error) = local.unlocked.broken() {
        return Err(error.clone());
    }
    let plan = Plan::of(args, &local.unlocked, &Book::of(home))?;
    plan.check_files(args)?;
    let wallets: Vec<_> = plan.clouds.values().chain([&plan.of_keystores()]).flatten().copied().collect();
    let passphrase = args.passphrase_file.as_deref();
    let mut tally = Tally::default();
    let ask = if wallets.len() == 1 {
        Passphrases::of(&local.unlocked, &wallets, passphrase, ui)?
    } else {
        let (ask, wrong) = Passphrases::of_any(&local.unlocked, &wallets, passphrase, ui)?;
        tally.errors.extend(wrong);
        ask
    };
    for (place, wallets) in &plan.clouds {
        let receipts = drill(place, wallets, args, &mut local.unlocked, &ask, home, ui);
        match receipts {
            Ok(receipts) => receipts.iter().try_for_each(|receipt| tally.receipt(receipt, place, ui))?,
            Err(error) if plan.is_one() || error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                let entries: Vec<_> = wallets.iter().filter_map(|id| entry(&local.unlocked, *id)).collect();
                entries.iter().try_for_each(|entry| tally.unreached(entry, "cloud", place, &error, ui))?;
                tally.errors.push(error);
            }
        }
    }
    for file in &plan.keystores {
        match keystore::drill(file, args, &mut local.unlocked, &ask, ui) {
            Ok(row) => tally.row(&row, ui)?,
            Err(error) if plan.is_one() || error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                if let Some(entry) = file.wallet.and_then(|id| entry(&local.unlocked, id)) {
                    tally.unreached(&entry, "keystore", &file.to, &error, ui)?;
                }
                tally.errors.push(error);
            }
        }
    }
    plan.papers.iter().try_for_each(|(entry, backup)| tell_paper(entry, backup, ui))?;
    if !local.unlocked.is_current() {
        ui.note("none of it is noted here: wallets under an older password are not changed");
    }
    tally.finish()
}

fn entry(vault: &Unlocked, id: WalletId) -> Option<WalletEntry> {
    vault.find(&id.to_string()).ok().cloned()
}

/// The copies in one cloud vault.
fn drill(
    place: &str,
    wallets: &[WalletId],
    args: &Verify,
    local: &mut Unlocked,
    ask: &Passphrases,
    home: &Home,
    ui: &mut Ui<'_>,
) -> Result<Vec<Receipt>> {
    let cloud = Cloud::named(place, &CredentialPlace::Usual, home)?;
    check_elsewhere(&cloud.entry.location, home)?;
    let open = cloud.unlock(&args.password, ui)?;
    let now = Timestamp::now();
    progress::during(ui, "reading the copies and deriving their addresses", || {
        verify(local, wallets, &open.unlocked, place, ask, now)
    })
}

/// A keystore file that is to be opened.
struct KeystoreFile {
    path: PathBuf,
    /// As the vault notes it.
    to: String,
    /// Whose key is in it, where that is known.
    wallet: Option<WalletId>,
}

/// What is to be read.
#[derive(Default)]
struct Plan {
    clouds: BTreeMap<String, Vec<WalletId>>,
    keystores: Vec<KeystoreFile>,
    papers: Vec<(WalletEntry, Backup)>,
}

impl Plan {
    fn of(args: &Verify, local: &Unlocked, book: &Book) -> Result<Self> {
        let wallet = args.wallet.as_deref().map(|name| local.find(name).cloned()).transpose()?;
        let mut plan = Self::default();
        match (&args.from, wallet) {
            (Some(from), wallet) => plan.add_source(from, wallet.as_ref(), local, book)?,
            (None, Some(entry)) => {
                entry.backups.iter().for_each(|backup| plan.add(&entry, backup));
                (plan.keystores, plan.papers) = (Vec::new(), Vec::new());
                if plan.clouds.is_empty() {
                    return Err(no_copy(&entry));
                }
            }
            (None, None) => {
                for entry in local.wallets()? {
                    entry.backups.iter().for_each(|backup| plan.add(entry, backup));
                }
                if plan.clouds.is_empty() && plan.keystores.is_empty() && plan.papers.is_empty() {
                    let problem = "no wallet here has a backup yet";
                    return Err(Error::new(ErrorKind::NotFound, problem, "`keyark list` says how to make one"));
                }
            }
        }
        Ok(plan)
    }

    fn add(&mut self, entry: &WalletEntry, backup: &Backup) {
        match (&backup.method, &backup.to) {
            (BackupMethod::Cloud, Some(place)) => self.clouds.entry(place.clone()).or_default().push(entry.id),
            (BackupMethod::Keystore, Some(to)) => {
                let (path, to, wallet) = (PathBuf::from(to), to.clone(), Some(entry.id));
                self.keystores.push(KeystoreFile { path, to, wallet });
            }
            _ => self.papers.push((entry.clone(), backup.clone())),
        }
    }

    /// A cloud vault by its name or URL, or a keystore file.
    fn add_source(&mut self, from: &str, wallet: Option<&WalletEntry>, local: &Unlocked, book: &Book) -> Result<()> {
        let path = files::whole(Path::new(from));
        let to = files::shown(&path);
        let is_noted = |backup: &Backup| backup.method == BackupMethod::Keystore && backup.to.as_deref() == Some(&to);
        let owner = local.wallets()?.iter().find(|entry| entry.backups.iter().any(is_noted));
        let known = if from.contains("://") { named(from, book) } else { book.find(from).map(|entry| entry.name) };
        let error = match known {
            Ok(name) => return self.add_cloud(&name, wallet, local),
            Err(error) if from.contains("://") => return Err(error),
            Err(error) => error,
        };
        if owner.is_none() && !path.exists() {
            if Book::check_name(from).is_ok() && !from.contains(std::path::MAIN_SEPARATOR) {
                return Err(error);
            }
            let problem =
                format!("there is no file {}, and no cloud vault of that name", files::shown(Path::new(from)));
            return Err(Error::new(
                ErrorKind::NotFound,
                problem,
                "check the path; `keyark cloud list` shows the names",
            ));
        }
        let wallet = wallet.or(owner).map(|entry| entry.id);
        self.keystores.push(KeystoreFile { path, to, wallet });
        Ok(())
    }

    fn add_cloud(&mut self, place: &str, wallet: Option<&WalletEntry>, local: &Unlocked) -> Result<()> {
        let is_there = |backup: &Backup| backup.method == BackupMethod::Cloud && backup.to.as_deref() == Some(place);
        let wallets: Vec<_> = match wallet {
            Some(entry) => vec![entry.id],
            None => {
                let backed_up = local.wallets()?.iter().filter(|entry| entry.backups.iter().any(is_there));
                backed_up.map(|entry| entry.id).collect()
            }
        };
        if wallets.is_empty() {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("no wallet here is backed up in {}", printable(place)),
                format!("keyark backup cloud --all --to {}; or name a wallet whose copy may be there", quoted(place)),
            ));
        }
        self.clouds.insert(place.to_owned(), wallets);
        Ok(())
    }

    /// Whether one thing is read, of which an error is the command's.
    fn is_one(&self) -> bool {
        self.clouds.len() + self.keystores.len() == 1
    }

    fn of_keystores(&self) -> Vec<WalletId> {
        self.keystores.iter().filter_map(|file| file.wallet).collect()
    }

    /// That each file of a secret is of one thing, and that the others can be asked for.
    fn check_files(&self, args: &Verify) -> Result<()> {
        let clouds: Vec<_> = self.clouds.keys().map(String::as_str).collect();
        let keystores: Vec<_> = self.keystores.iter().map(|file| file.to.as_str()).collect();
        let cloud_files = args.password.files();
        let cloud_file = cloud_files.iter().find(|(_, file)| file.is_some());
        let flag = args.keystore_password_file.as_ref().map(|_| "--keystore-password-file");
        one_password(cloud_file.map(|(flag, _)| *flag), &clouds, "cloud vaults")?;
        one_password(flag, &keystores, "keystores")?;
        let Some(first) = keystores.first().filter(|_| flag.is_none() && !terminal::can_ask()) else { return Ok(()) };
        Err(Error::new(
            ErrorKind::Usage,
            format!("there is no terminal to ask on for the password of {first}, and no --keystore-password-file"),
            "give --keystore-password-file FILE; or prove the copies in one cloud vault with --from NAME",
        ))
    }
}

/// The name here of the vault at a URL, if it has one.
fn named(url: &str, book: &Book) -> Result<String> {
    let location: Location = url.parse()?;
    let known = book.all()?.into_iter().find(|entry| entry.location == location);
    Ok(known.map_or_else(|| location.to_string(), |entry| entry.name))
}

/// That a password's file is for one vault or keystore: each has a password of its own.
fn one_password(flag: Option<&str>, names: &[&str], what: &str) -> Result<()> {
    let Some(flag) = flag else { return Ok(()) };
    let (problem, remedy) = match names {
        [_] => return Ok(()),
        [] => (format!("{flag} was given, and no {what} are read"), format!("leave {flag} away")),
        names => (
            format!("{flag} has one password, and {} {what} are read: {}", names.len(), names.join(", ")),
            "prove them one by one with --from, or on a terminal, which asks for each password".to_owned(),
        ),
    };
    Err(Error::new(ErrorKind::Usage, problem, remedy))
}

fn no_copy(entry: &WalletEntry) -> Error {
    let name = quoted(entry.name.as_str());
    let files = entry.backups.iter().filter(|backup| backup.method == BackupMethod::Keystore);
    let remedy = match files.filter_map(|backup| backup.to.as_deref()).next() {
        Some(file) => {
            format!("keyark backup cloud {name} --to NAME; its keystore: keyark verify {name} --from {}", quoted(file))
        }
        None => format!("keyark backup cloud {name} --to NAME; paper is proved with keyark backup phrase {name}"),
    };
    Error::new(ErrorKind::NotFound, format!("{} has no copy in a cloud", entry.name), remedy)
}

/// A backup that nobody but its owner can read.
fn tell_paper(entry: &WalletEntry, backup: &Backup, ui: &mut Ui<'_>) -> Result<()> {
    let by_hand = if entry.secret_kind == "phrase" { "phrase" } else { "key" };
    let needs = format!("keyark backup {by_hand} {}", quoted(entry.name.as_str()));
    let object = json!({
        "name": entry.name.as_str(),
        "id": entry.id.to_string(),
        "method": backup.method.id(),
        "to": backup.to,
        "verified": backup.verified.map(|verified| verified.to_string()),
        "addresses": 0,
        "unknown": [],
        "problem": null,
        "needs": needs,
    });
    let to = backup.to.as_deref().unwrap_or("paper");
    ui.result(&object, &printable(&format!("{} on {to}: needs paper: {needs}", entry.name)))
}
