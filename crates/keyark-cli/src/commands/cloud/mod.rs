//! `keyark cloud`, and what copies wallets there and back: a file for each group of commands.

pub(super) mod account;
pub(super) mod backup;
pub(super) mod book;
pub(super) mod credentials;
pub(super) mod password;
mod recovery;
mod remove;
pub(super) mod restore;
pub(super) mod verify;

use std::path::Path;
use std::sync::Arc;

use keyark::cloud::{Location, Options, open as open_storage};
use keyark::vault::{NewPassword, Password, RecoveryCode, Storage, Timestamp, Unlocked, Vault};
use keyark::{Error, ErrorKind, Result, Warning};

use self::book::{Book, Entry};
use self::credentials::CredentialPlace;
use super::vault::{Home, NewPasswordFlag};
use crate::args::{CloudCommand, CloudPassword};
use crate::input::{Secret, check_one_stdin};
use crate::progress;
use crate::ui::Ui;

pub(super) fn run(command: CloudCommand, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        CloudCommand::Init(args) => account::init(&args, home, ui),
        CloudCommand::List { name, password } => account::list(name.as_deref(), &password, home, ui),
        CloudCommand::Remove(args) => remove::run(&args, home, ui),
        CloudCommand::ChangePassword(args) => password::change(&args, home, ui),
        CloudCommand::ForgotPassword(args) => password::forgot(&args, home, ui),
        CloudCommand::Merge(args) => password::merge(&args, home, ui),
        CloudCommand::RecoveryCode(args) => password::recovery_code(&args, home, ui),
        CloudCommand::Repair { name, password } => account::repair(&name, &password, home, ui),
    }
}

impl CloudPassword {
    /// The flags that may read standard input.
    pub(super) fn files(&self) -> [(&'static str, Option<&Path>); 2] {
        [
            ("--cloud-password-file", self.cloud_password_file.as_deref()),
            ("--recovery-code-file", self.recovery_code_file.as_deref()),
        ]
    }
}

/// A cloud vault that is known here, and where its files are.
pub(super) struct Cloud {
    pub(super) entry: Entry,
    storage: Arc<dyn Storage>,
    /// `None` for one that is only visited, by its URL.
    book: Option<Book>,
}

impl Cloud {
    /// The cloud vault of this name.
    pub(super) fn known(name: &str, home: &Home) -> Result<Self> {
        let book = Book::of(home);
        let entry = book.find(name)?;
        Self::at(entry, Some(book))
    }

    /// The cloud vault of this name, or at this URL.
    pub(super) fn named(name: &str, credentials: &CredentialPlace, home: &Home) -> Result<Self> {
        if !name.contains("://") {
            return Self::known(name, home);
        }
        let location: Location = name.parse()?;
        Self::at(Entry::new(name, location, credentials.clone()), None)
    }

    pub(super) fn at(entry: Entry, book: Option<Book>) -> Result<Self> {
        let credentials = entry.credentials.source()?;
        let storage = open_storage(&entry.location, &credentials, &Options::default()).map_err(with_flag)?;
        Ok(Self { entry, storage, book })
    }

    pub(super) fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.storage)
    }

    /// What the vault is called in messages: `the cloud vault box`.
    pub(super) fn title(&self) -> String {
        self.entry.title()
    }

    /// The vault there, if there is one.
    pub(super) fn find(&self, ui: &mut Ui<'_>) -> Result<Option<Vault>> {
        progress::during(ui, "looking for the cloud vault", || Vault::find(self.storage()))
            .map_err(|error| self.in_cloud(error))
    }

    /// The vault there, which must be there.
    pub(super) fn vault(&self, ui: &mut Ui<'_>) -> Result<Vault> {
        self.find(ui)?.ok_or_else(|| {
            let problem = format!("there is no vault at {}", self.entry.location);
            let Some(opened) = self.entry.opened else {
                let remedy = "check the address and the folder in it; `keyark cloud init NAME URL` makes a new one";
                return Error::new(ErrorKind::NotFound, problem, remedy);
            };
            let date = opened.date();
            Error::new(
                ErrorKind::NotFound,
                problem,
                format!("it was there on {date}: plug in the disk, or wait until it has synced; do not make a new one"),
            )
        })
    }

    /// Opens the vault with its password or its recovery code, and compares it with how far it had come when this computer last saw it.
    pub(super) fn unlock(&self, password: &CloudPassword, ui: &mut Ui<'_>) -> Result<OpenCloud> {
        let vault = self.vault(ui)?; // before the password is asked for
        self.unlock_vault(&vault, password, ui)
    }

    /// As [`unlock`](Self::unlock), where the vault has been found already.
    pub(super) fn unlock_vault(&self, vault: &Vault, password: &CloudPassword, ui: &mut Ui<'_>) -> Result<OpenCloud> {
        let (unlocked, password) = self.unlock_found(vault, password, ui)?;
        self.opened(unlocked, password, ui)
    }

    fn unlock_found(
        &self,
        vault: &Vault,
        password: &CloudPassword,
        ui: &mut Ui<'_>,
    ) -> Result<(Unlocked, Option<Password>)> {
        let recover = |code: RecoveryCode, ui: &Ui<'_>| {
            let opened = progress::during(ui, "opening the cloud vault", || vault.unlock_with_recovery(&code));
            opened.map(|unlocked| (unlocked, None)).map_err(|error| self.in_cloud(error))
        };
        if let Some(code) = read_recovery(password)? {
            return recover(code, ui);
        }
        let file = password.cloud_password_file.as_deref();
        let prompt = format!("Password of {}", self.title());
        let mut tries = if file.is_none() { 3 } else { 1 };
        loop {
            tries -= 1;
            let typed = Secret { flag: "--cloud-password-file", file, prompt: &prompt }.read()?;
            // Who has lost the password has the paper at hand, and types what is on it.
            let opened = match RecoveryCode::parse(&typed) {
                Ok(code) if file.is_none() => recover(code, ui),
                _ => {
                    let typed = Password::new(&typed)?;
                    let opened = progress::during(ui, "opening the cloud vault", || vault.unlock(&typed));
                    opened.map(|unlocked| (unlocked, Some(typed))).map_err(|error| self.wrong_password(vault, error))
                }
            };
            match opened {
                Err(error) if error.kind() == ErrorKind::WrongPassword && tries > 0 => ui.error(&error),
                result => return result,
            }
        }
    }

    /// Says what was found wrong. What is returned notes how far the vault has come.
    pub(super) fn opened(
        &self,
        mut unlocked: Unlocked,
        password: Option<Password>,
        ui: &mut Ui<'_>,
    ) -> Result<OpenCloud> {
        if let Some(seen) = &self.entry.seen {
            unlocked.compare(seen);
        }
        let in_cloud = |finding: &Warning| Warning::new(finding.id(), self.in_terms(finding.message()));
        let findings: Vec<Warning> = unlocked.findings().iter().map(in_cloud).collect();
        ui.warnings(&findings);
        if !unlocked.is_current() {
            ui.note(&format!(
                "note: this is an older password of {}. The wallets under it can be restored; `keyark cloud merge {}` takes \
                 them over into the vault of today",
                self.title(),
                self.entry.name
            ));
        }
        Ok(OpenCloud { unlocked, password, entry: self.entry.clone(), book: self.book.clone(), accepted: false })
    }

    fn wrong_password(&self, vault: &Vault, error: Error) -> Error {
        if error.kind() != ErrorKind::WrongPassword {
            return self.in_cloud(error);
        }
        // This computer has noted each password that was set by itself.
        let noted = self.entry.state.and_then(|state| state.password_set);
        let set = vault.epochs().last().and_then(|epoch| epoch.password_set);
        let changed = match set.filter(|set| noted.is_some_and(|noted| *set > noted)) {
            Some(set) => format!(": its password was changed on {}, on another computer", set.date()),
            None => String::new(),
        };
        Error::new(
            ErrorKind::WrongPassword,
            format!("this is not the password of {}{changed}", self.title()),
            "check capitals and the keyboard. The recovery code opens it too: at the prompt, or with --recovery-code-file FILE. If both \
             are lost: keyark cloud forgot-password NAME",
        )
    }

    /// The error as it is of this vault: the vault's own remedies name the commands for the one on this computer.
    pub(super) fn in_cloud(&self, error: Error) -> Error {
        let (problem, remedy) = (self.in_terms(error.problem()), self.in_terms(error.remedy()));
        error.with_problem(problem).with_remedy(remedy).with_context("cloud", &self.entry.name)
    }

    fn in_terms(&self, text: &str) -> String {
        let name = &self.entry.name;
        text.replace("`keyark repair`", &format!("`keyark cloud repair {name}`"))
            .replace("`keyark password merge`", &format!("`keyark cloud merge {name}`"))
    }

    /// Why nothing is written before the vault is repaired, if that is so.
    pub(super) fn check_whole(&self, open: &OpenCloud) -> Result<()> {
        match open.unlocked.broken() {
            Some(error) => Err(self.in_cloud(error.clone())),
            None => Ok(()),
        }
    }
}

/// A cloud vault, unlocked. When it is dropped, how far it has come is noted.
pub(super) struct OpenCloud {
    pub(super) unlocked: Unlocked,
    /// `None` where a recovery code opened it.
    pub(super) password: Option<Password>,
    pub(super) entry: Entry,
    book: Option<Book>,
    /// Whether the person has accepted an older state than was seen before.
    pub(super) accepted: bool,
}

impl OpenCloud {
    /// What is noted of the vault as it is now. `before` is what was noted by this command or another one.
    fn noted(&self, before: Entry) -> Entry {
        let now = self.unlocked.seen();
        let is_older = before.seen.as_ref().is_some_and(|before| *before != now && !now.is_newer_than(before));
        let mut entry = Entry { opened: Some(Timestamp::now()), ..before };
        if self.unlocked.is_current() && self.unlocked.broken().is_none() && (self.accepted || !is_older) {
            entry.seen = Some(now);
            entry.state = Some(self.unlocked.cloud_state()); // a new password is no new generation
        }
        entry
    }

    /// Notes it at once, also where nothing was noted before.
    fn note(&mut self) -> Result<()> {
        let Some(book) = &self.book else { return Ok(()) };
        let entry = self.noted(self.entry.clone());
        book.write(&entry)?;
        self.entry = entry;
        Ok(())
    }
}

impl Drop for OpenCloud {
    fn drop(&mut self) {
        let Some(book) = &self.book else { return };
        // One that was forgotten meanwhile stays so. What could not be noted is noted the next time.
        let Ok(before) = book.find(&self.entry.name) else { return };
        if before.location == self.entry.location {
            let _ = book.write(&self.noted(before));
        }
    }
}

/// The recovery code from its file, if the person gives one instead of the password.
fn read_recovery(password: &CloudPassword) -> Result<Option<RecoveryCode>> {
    let Some(file) = password.recovery_code_file.as_deref() else { return Ok(None) };
    let prompt = "Recovery code";
    let secret = Secret { flag: "--recovery-code-file", file: Some(file), prompt }.read()?;
    RecoveryCode::parse(&secret).map(Some)
}

/// The error with the flag that its remedy needs, which the library does not know.
fn with_flag(error: Error) -> Error {
    const REMEDY: &str = "name a credentials file";
    if !error.remedy().starts_with(REMEDY) {
        return error;
    }
    let remedy = error.remedy().replacen(REMEDY, "name a credentials file with --credentials-file FILE", 1);
    error.with_remedy(remedy)
}

/// That it is not in the vault on this computer, of which it is to be a copy.
fn check_elsewhere(location: &Location, home: &Home) -> Result<()> {
    if !location.folder().is_some_and(|folder| home.holds(folder)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        "this is the folder of the vault on this computer: a copy in it would be lost with it",
        "choose another folder, one that is copied to a cloud or lies on another disk",
    ))
}

/// A new password for a cloud vault: strong, and not the one of the vault on this computer. `known` are words that guessers would try.
pub(super) fn new_password(
    flag: &NewPasswordFlag<'_>,
    known: &[&str],
    home: &Home,
    ui: &mut Ui<'_>,
) -> Result<NewPassword> {
    flag.read_that(known, ui, |password, ui| match home.opens_with(password.as_password(), ui)? {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::Usage,
            "this is the password of the vault on this computer",
            "choose another one for the cloud: who learns one of them must not have both",
        )),
    })
}

/// Where both vaults have one password. It is made sure of when one is set for the cloud; that of this computer can become the same later.
fn warn_of_same_password(name: &str, ui: &mut Ui<'_>) {
    ui.note(&format!(
        "warning: the vault on this computer has the same password: who learns it has both. Choose another one:\n  \
         keyark cloud change-password {name}"
    ));
}

/// That standard input is named by one flag at most.
fn check_stdin(password: &CloudPassword, more: &[(&'static str, Option<&Path>)]) -> Result<()> {
    check_one_stdin(&[&password.files(), more].concat())
}
