//! The vault on this computer: where it is, how it is opened, and a file for each group of its commands.

pub(super) mod accounts;
pub(super) mod add;
pub(super) mod backup;
pub(super) mod export;
mod keychain;
pub(super) mod list;
pub(super) mod password;
pub(super) mod policy;
pub(super) mod wallets;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;
use keyark::vault::{
    Account, Folder, NewPassword, Passphrase, Password, Seen, Unlocked, Vault, WalletRecord, WalletSecret, WorkFactor,
    wallet_of,
};
use keyark::{Error, ErrorKind, Result, SecretText, Wallet};
use serde::Serialize;

use crate::args::VaultPassword;
use crate::input::Secret;
use crate::ui::{Ui, table};
use crate::{files, progress, screen, terminal};

/// The folder of the vault.
#[derive(Clone)]
pub(super) struct Home(PathBuf);

/// Beside the vault's own files: how far it had come, so that an older copy put in its place is found out.
const SEEN_FILE: &str = ".last-seen";

impl Home {
    /// The folder that was named, or `keyark` in the platform's data folder.
    pub(super) fn new(named: Option<PathBuf>) -> Result<Self> {
        let default =
            || etcetera::base_strategy::choose_native_strategy().ok().map(|base| base.data_dir().join("keyark"));
        named.or_else(default).filter(|home| !home.as_os_str().is_empty()).map(Self).ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "this computer does not say where data belongs",
                "name a folder for the vault with --home DIR",
            )
        })
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Whether it is this folder, by whatever way.
    fn is_at(&self, folder: &Path) -> bool {
        let whole = files::whole(&self.0);
        folder == whole || files::is_same_folder(folder, &whole)
    }

    /// Whether `folder` is this one, or lies in it.
    pub(super) fn holds(&self, folder: &Path) -> bool {
        folder.ancestors().any(|folder| self.is_at(folder))
    }

    /// Whether the password opens the vault here. Derives it once, where there is a vault.
    pub(super) fn opens_with(&self, password: &Password, ui: &mut Ui<'_>) -> Result<bool> {
        let Some(vault) = self.find()? else { return Ok(false) };
        Ok(progress::during(ui, "comparing it with the vault's password", || vault.unlock(password)).is_ok())
    }

    fn storage(&self) -> Arc<Folder> {
        Arc::new(Folder::new(&self.0))
    }

    fn find(&self) -> Result<Option<Vault>> {
        Vault::find(self.storage()).map_err(|error| self.in_home(error))
    }

    /// How far the vault had come. To be read before the vault is: what another command changes meanwhile is newer, not older.
    fn seen(&self) -> Option<Seen> {
        const LIMIT: usize = 1000;
        let file = self.0.join(SEEN_FILE);
        file.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?; // a pipe in its place would never end
        files::read_text(&file, LIMIT).ok()?.trim().parse().ok()
    }

    /// The vault, which must be there.
    fn vault(&self) -> Result<Vault> {
        self.find()?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("there is no vault in {} yet", files::shown(&self.0)),
                "make your first wallet with `keyark new NAME`, bring back what is in a cloud with `keyark restore cloud URL`, or name another \
                 folder with --home DIR",
            )
        })
    }

    /// Opens the vault with its password, or with the system's keychain where that has been switched on.
    pub(super) fn unlock(&self, password: &VaultPassword, ui: &mut Ui<'_>) -> Result<Local> {
        let vault = self.vault()?; // before the password is asked for
        self.unlock_found(&vault, password, ui)
    }

    /// Opens the vault with its password in any case.
    fn unlock_by_password(&self, password: &VaultPassword, ui: &mut Ui<'_>) -> Result<Local> {
        let vault = self.vault()?;
        self.unlock_with_password(&vault, password, ui)
    }

    fn unlock_found(&self, vault: &Vault, password: &VaultPassword, ui: &mut Ui<'_>) -> Result<Local> {
        let seen = self.seen();
        match keychain::unlock(self, vault, password, ui) {
            Some(unlocked) => Ok(self.opened(unlocked, None, seen, ui)),
            None => self.unlock_with_password(vault, password, ui),
        }
    }

    fn unlock_with_password(&self, vault: &Vault, password: &VaultPassword, ui: &mut Ui<'_>) -> Result<Local> {
        let seen = self.seen();
        let file = password.password_file.as_deref();
        let mut tries = if file.is_none() { 3 } else { 1 };
        loop {
            tries -= 1;
            let password = vault_password(file)?;
            match progress::during(ui, "opening the vault", || vault.unlock(&password)).map_err(wrong_password) {
                Ok(unlocked) => return Ok(self.opened(unlocked, Some(password), seen, ui)),
                Err(error) if error.kind() == ErrorKind::WrongPassword && tries > 0 => ui.error(&error),
                Err(error) => return Err(error),
            }
        }
    }

    /// Compares the vault with how far it had come, and says what was found wrong.
    fn opened(&self, mut unlocked: Unlocked, password: Option<Password>, seen: Option<Seen>, ui: &mut Ui<'_>) -> Local {
        if let Some(seen) = seen {
            unlocked.compare(&seen);
        }
        let local = Local { unlocked, password, home: self.clone(), accepted: false };
        ui.warnings(local.unlocked.findings());
        if !local.unlocked.is_current() {
            ui.note(
                "note: this is an older password. These wallets are sealed under it, and are not changed. \
                 `keyark password merge` takes them over; if the password of today is forgotten, `keyark password change` \
                 begins anew with these",
            );
        }
        local
    }

    /// Opens the vault to put something into it; none if there is no vault yet.
    pub(super) fn unlock_if_there(&self, password: &VaultPassword, ui: &mut Ui<'_>) -> Result<Option<Local>> {
        match self.find()? {
            Some(vault) => self.unlock_found(&vault, password, ui).map(Some),
            None => Ok(None),
        }
    }

    /// Puts a wallet into the vault that is open, or into a new one.
    fn put(
        &self,
        open: Option<Local>,
        record: &WalletRecord,
        password: &VaultPassword,
        work: WorkFactor,
        ui: &mut Ui<'_>,
    ) -> Result<()> {
        if let Some(mut local) = open {
            return local.unlocked.add(record, record.created());
        }
        ui.note(&format!(
            "There is no vault in {} yet. One password protects all the wallets in it.",
            files::shown(&self.0)
        ));
        let known = known_words(record);
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let file = password.password_file.as_deref();
        let flag = NewPasswordFlag { flag: "--password-file", file, of: THIS_VAULT };
        let new = flag.read(&known, ui)?;
        let (storage, now) = (self.storage(), record.created());
        let made = progress::during(ui, "making the vault", || Vault::create(storage, &new, work, now));
        let unlocked = made.map_err(|error| self.in_home(error))?;
        let password = Some(new.as_password().clone());
        let mut local = Local { unlocked, password, home: self.clone(), accepted: false };
        local.unlocked.add(record, now).map_err(|error| {
            let why = error.problem().replace("; nothing was changed", "");
            let problem = format!("the vault is made, under that password, but the wallet is not in it: {why}");
            error.with_problem(problem)
        })?;
        Ok(())
    }

    fn in_home(&self, error: Error) -> Error {
        error.with_context("vault", files::shown(&self.0))
    }
}

/// The vault on this computer, unlocked. When it is dropped, how far it has come is noted.
pub(super) struct Local {
    pub(super) unlocked: Unlocked,
    /// `None` where the system's keychain opened it.
    pub(in crate::commands) password: Option<Password>,
    home: Home,
    /// Whether the person has accepted an older state than was seen before.
    accepted: bool,
}

impl Drop for Local {
    fn drop(&mut self) {
        let now = self.unlocked.seen();
        // Another command may have come further meanwhile.
        let is_news = self.accepted || self.home.seen().is_none_or(|before| now.is_newer_than(&before));
        if self.unlocked.is_current() && self.unlocked.broken().is_none() && is_news {
            let _ = files::write_note(&self.home.0.join(SEEN_FILE), &now.to_string()); // a read-only folder has no rollbacks
        }
    }
}

/// The words by which a password is guessed first: a wallet's name, and the words that it is made of.
pub(super) fn known_words(record: &WalletRecord) -> Vec<String> {
    let mut known = vec![record.name.as_str().to_owned()];
    if let WalletSecret::Phrase(phrase) = record.secret() {
        known.extend(phrase.words().map(str::to_owned));
    }
    known
}

/// Says what to do when the password is not a slip, but forgotten.
fn wrong_password(error: Error) -> Error {
    if error.kind() != ErrorKind::WrongPassword {
        return error;
    }
    error.with_remedy(
        "check capitals and the keyboard. If it is forgotten, the words of a wallet set a new one: keyark password reset WALLET",
    )
}

fn vault_password(file: Option<&Path>) -> Result<Password> {
    let typed = Secret { flag: "--password-file", file, prompt: "Password of the vault" }.read()?;
    Password::new(&typed)
}

/// What a password can be of.
pub(super) const THIS_VAULT: &str = "the vault on this computer";

/// A new password: which flag names its file.
pub(super) struct NewPasswordFlag<'a> {
    pub(super) flag: &'static str,
    pub(super) file: Option<&'a Path>,
    /// What it is of: [`THIS_VAULT`], or `the cloud vault box`.
    pub(super) of: &'a str,
}

impl NewPasswordFlag<'_> {
    /// The new password, strong enough; on a terminal after one has been suggested. `known` are words that guessers would try.
    pub(super) fn read(&self, known: &[&str], ui: &mut Ui<'_>) -> Result<NewPassword> {
        self.read_that(known, ui, |_, _| Ok(()))
    }

    /// The same, one that `check` takes; on a terminal another one is asked for otherwise.
    pub(super) fn read_that(
        &self,
        known: &[&str],
        ui: &mut Ui<'_>,
        mut check: impl FnMut(&NewPassword, &mut Ui<'_>) -> Result<()>,
    ) -> Result<NewPassword> {
        let secret = Secret { flag: self.flag, file: self.file, prompt: "New password, that one or one of your own" };
        if self.file.is_some() || !terminal::can_ask() {
            let new = NewPassword::new(&secret.read()?, known)?;
            check(&new, ui)?;
            return Ok(new);
        }
        let suggested = NewPassword::suggest()?;
        let text = zeroize::Zeroizing::new(format!(
            "A password for {}, strong and yet to be remembered, made of random words:\n\n  {}\n\n\
             Write it down and keep it apart from this computer. You can also\nthink of one of your own. It is asked for next.",
            self.of,
            suggested.expose()
        ));
        screen::show(&text).map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                format!("the terminal could not be used: {error}"),
                "give the password in a file",
            )
        })?;
        loop {
            let new = match secret.read_new().and_then(|typed| NewPassword::new(&typed, known)) {
                Err(error) if is_another_wanted(&error) => {
                    ui.error(&error);
                    continue;
                }
                result => result?,
            };
            match check(&new, ui) {
                Err(error) if error.kind() == ErrorKind::Usage => ui.error(&error),
                result => return result.map(|()| new),
            }
        }
    }
}

/// Whether another password mends it.
fn is_another_wanted(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Mismatch | ErrorKind::OutOfBounds)
}

/// The wallet of a record. Where the vault does not keep its BIP-39 passphrase, that is asked for.
fn wallet_from(record: &WalletRecord, passphrase_file: Option<&Path>) -> Result<Wallet> {
    wallet_of(record, passphrase_of(record, passphrase_file)?.as_ref())
}

/// The BIP-39 passphrase of a record, where the vault does not keep it.
fn passphrase_of(record: &WalletRecord, file: Option<&Path>) -> Result<Option<SecretText>> {
    match record.passphrase {
        Passphrase::Noted => {
            let prompt = format!("BIP-39 passphrase of {}", record.name);
            Secret { flag: "--passphrase-file", file, prompt: &prompt }.read().map(Some)
        }
        Passphrase::Kept(_) | Passphrase::None if file.is_some() => Err(Error::new(
            ErrorKind::Usage,
            format!("{} has no passphrase that the vault does not know", record.name),
            "leave --passphrase-file away; for other keys, import the words with that passphrase as another wallet",
        )),
        _ => Ok(None),
    }
}

/// An address as `derive` shows it.
#[derive(Serialize)]
struct AccountRow<'a> {
    chain: &'a str,
    kind: &'a str,
    path: Option<&'a str>,
    address: &'a str,
    public_key: String,
}

impl<'a> AccountRow<'a> {
    fn of(account: &'a Account) -> Self {
        Self {
            chain: &account.chain,
            kind: &account.kind,
            path: account.path.as_deref(),
            address: &account.address,
            public_key: keyark::hex::encode(&account.public_key),
        }
    }

    fn cells(&self) -> Vec<String> {
        [self.chain, self.kind, self.path.unwrap_or("-"), self.address].map(str::to_owned).to_vec()
    }
}

/// Addresses in aligned columns.
fn account_table<'a>(accounts: impl IntoIterator<Item = &'a Account>, width: usize) -> String {
    let rows: Vec<_> = accounts.into_iter().map(|account| AccountRow::of(account).cells()).collect();
    table(&rows, width)
}
