//! The system's keychain beside the password: `keyark password keychain`, and unlocking with it.

use std::fs;
use std::path::PathBuf;

use keyark::vault::{Keychain, Unlocked, Vault};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::{Home, Local};
use crate::args::{Switch, VaultPassword};
use crate::ui::Ui;
use crate::{files, progress};

/// Beside the vault's own files: that its keychain is to be asked. Copied elsewhere, it costs one question to a keychain that has no such key.
fn mark(home: &Home) -> PathBuf {
    home.path().join(".keychain")
}

fn is_on(home: &Home) -> bool {
    mark(home).symlink_metadata().is_ok_and(|found| found.is_file())
}

fn clear_mark(home: &Home) -> Result<()> {
    let file = mark(home);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::new(
            ErrorKind::Storage,
            format!("{} could not be removed: {error}", files::shown(&file)),
            "remove it yourself: as long as it is there, the keychain is asked",
        )),
        _ => Ok(()),
    }
}

/// The vault, opened by the keychain. `None` where the password is to be asked for, after one note that says why.
pub(super) fn unlock(home: &Home, vault: &Vault, password: &VaultPassword, ui: &mut Ui<'_>) -> Option<Unlocked> {
    if password.password_file.is_some() || !is_on(home) {
        return None;
    }
    let opened = progress::during(ui, "asking the system's keychain", || vault.unlock_with_device(&Keychain::new()?));
    let why = match opened {
        Ok(unlocked) if unlocked.is_current() => return Some(unlocked),
        Ok(_) => {
            "it has the key of an older password's part only; `keyark password keychain on` gives it the one of today"
                .to_owned()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            "it has no key for this vault; `keyark password keychain on` gives it one".to_owned()
        }
        Err(error) => error.to_string(),
    };
    ui.note(&format!("note: the system's keychain did not open the vault: {why}. The password does"));
    None
}

/// `keyark password keychain on|off`.
pub(super) fn switch(state: Switch, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match state {
        Switch::On => on(password, home, ui),
        Switch::Off => off(password, home, ui),
    }
}

fn on(password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    home.vault()?; // before the keychain is asked, and that before the password is
    let keychain = progress::during(ui, "looking for the system's keychain", Keychain::new)?;
    let mut local = home.unlock_by_password(password, ui)?; // who knows it may add a way in
    if let Some(error) = local.unlocked.broken() {
        return Err(error.clone());
    }
    progress::during(ui, "asking the system's keychain", || local.unlocked.add_device(&keychain))?;
    let noted = files::write_note(&mark(home), "");
    noted.map_err(|error| {
        let _ = local.unlocked.remove_device(&keychain); // without the note it would never be asked
        Error::new(
            ErrorKind::Storage,
            format!("{} could not be written: {error}", files::shown(&mark(home))),
            "check the permissions and the space on the disk; the keychain does not open the vault",
        )
    })?;
    ui.result(&json!({ "keychain": true }), "the system's keychain opens the vault on this computer from now on")?;
    ui.note(
        "the password goes on opening it, here and everywhere else: keep it. Whoever can use your login on this computer can \
         open the vault now; `keyark policy set --ask-password` has the password asked for before each export",
    );
    Ok(())
}

fn off(password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let mut local = home.unlock(password, ui)?;
    clear_mark(home)?; // whatever the keychain says, it is not asked any more
    let removed =
        progress::during(ui, "asking the system's keychain", || local.unlocked.remove_device(&Keychain::new()?));
    let had_one = removed.map_err(|error| {
        let problem = format!("the keychain is not asked any more, but it still has its key: {}", error.problem());
        Error::new(
            error.kind(),
            problem,
            "unlock the keychain and run the command again; or delete its entry `keyark vault …`",
        )
    })?;
    let text = if had_one {
        "the system's keychain does not open the vault any more"
    } else {
        "the system's keychain had no key for this vault"
    };
    ui.result(&json!({ "keychain": false, "removed": had_one }), text)?;
    ui.note("the password opens it, as before");
    Ok(())
}

/// Before a vault is sealed anew: the key that the keychain has opens no more than copies of the vault as it was.
pub(super) fn forget(local: &mut Local, home: &Home, ui: &Ui<'_>) {
    if is_on(home) {
        let forget = || local.unlocked.remove_device(&Keychain::new()?);
        let _ = progress::during(ui, "asking the system's keychain", forget); // where it does not answer, `renew` says so
    }
}

/// A vault that was sealed anew has another identity: the keychain gets a key for that one.
pub(super) fn renew(local: &mut Local, home: &Home, ui: &mut Ui<'_>) {
    if !is_on(home) {
        return;
    }
    let renewed = progress::during(ui, "asking the system's keychain", || local.unlocked.add_device(&Keychain::new()?));
    if let Err(error) = renewed {
        ui.note(&format!(
            "note: the system's keychain got no key for the vault as it is sealed now: {error}. `keyark password keychain on` tries again"
        ));
    }
}
