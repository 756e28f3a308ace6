//! `keyark show`, `rename`, `remove` and `repair`.

use keyark::vault::{Removal, Timestamp, WalletName, WalletSecret};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::{AccountRow, Home, account_table};
use crate::args::VaultPassword;
use crate::terminal;
use crate::ui::{Ui, printable};

pub(in crate::commands) fn show(wallet: &str, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let local = home.unlock(password, ui)?;
    let record = local.unlocked.record(local.unlocked.find(wallet)?.id)?;
    if ui.json {
        return record.accounts.iter().try_for_each(|account| ui.result(&AccountRow::of(account), ""));
    }
    let what = match record.secret() {
        WalletSecret::Phrase(phrase) => {
            format!("{} {} words", phrase.word_count().as_usize(), phrase.language().name())
        }
        WalletSecret::PrivateKey { chain, .. } => format!("one private key of {chain}"),
    };
    let passphrase = match record.passphrase {
        keyark::vault::Passphrase::None => "",
        keyark::vault::Passphrase::Kept(_) => ", with a BIP-39 passphrase that the vault keeps",
        keyark::vault::Passphrase::Noted => ", with a BIP-39 passphrase that the vault does not keep",
    };
    let fingerprint = record.fingerprint.map(|print| format!(", fingerprint {print}")).unwrap_or_default();
    ui.note(&format!("{}: {what}{passphrase}{fingerprint}", printable(record.name.as_str())));
    ui.text(&account_table(&record.accounts, ui.width()))
}

pub(in crate::commands) fn rename(
    wallet: &str,
    name: &str,
    password: &VaultPassword,
    home: &Home,
    ui: &mut Ui<'_>,
) -> Result<()> {
    let name = WalletName::new(name)?;
    let mut local = home.unlock(password, ui)?;
    let id = local.unlocked.find(wallet)?.id;
    local.unlocked.rename(id, name.clone(), Timestamp::now())?;
    ui.result(&json!({ "name": name.as_str(), "id": id.to_string() }), &format!("it is called {name} now"))
}

pub(in crate::commands) fn remove(
    wallet: &str,
    force: bool,
    password: &VaultPassword,
    home: &Home,
    ui: &mut Ui<'_>,
) -> Result<()> {
    let mut local = home.unlock(password, ui)?;
    let entry = local.unlocked.find(wallet)?.clone();
    if !force && !entry.is_backed_up() {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("{} is not backed up: without it here, what it holds may be lost for ever", entry.name),
            "back it up first, or say --force",
        ));
    }
    if !force {
        ask(&entry.name, ui)?;
    }
    let removal = if force { Removal::Anyway } else { Removal::OnlyBackedUp };
    local.unlocked.remove(entry.id, removal, Timestamp::now())?;
    let object = json!({ "name": entry.name.as_str(), "id": entry.id.to_string(), "removed": true });
    ui.result(&object, &format!("{} is removed", entry.name))?;
    ui.note("its sealed record stays in the vault until the next change, in case the disk loses this one");
    Ok(())
}

/// Has the person type the wallet's name.
fn ask(name: &WalletName, ui: &mut Ui<'_>) -> Result<()> {
    if !terminal::can_ask() {
        return Err(Error::new(
            ErrorKind::Usage,
            "there is no terminal to ask on whether the wallet is to be removed",
            "say --force if it is",
        ));
    }
    ui.have_typed(&format!("This removes {name} from this computer."), name.as_str(), "removed")
}

pub(in crate::commands) fn repair(password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let mut local = home.unlock(password, ui)?;
    let was_broken = local.unlocked.broken().is_some() || !local.unlocked.findings().is_empty();
    let found = if was_broken { local.unlocked.repair(Timestamp::now())? } else { Vec::new() };
    local.accepted = true;
    let mut damaged = Vec::new();
    for entry in local.unlocked.wallets()? {
        if let Err(error) = local.unlocked.record(entry.id) {
            damaged.push(error.to_string());
        }
    }
    let names: Vec<_> = found.iter().map(WalletName::as_str).collect();
    let count = local.unlocked.wallets()?.len();
    let object = json!({ "repaired": was_broken, "found": names, "wallets": count, "damaged": damaged });
    let list = repaired(was_broken, &names);
    ui.result(&object, &format!("{list}. {} of {count} wallets open", count - damaged.len()))?;
    if damaged.is_empty() {
        return Ok(());
    }
    damaged.iter().for_each(|problem| ui.note(&format!("- {}", printable(problem))));
    Err(Error::malformed(
        format!("{} of {count} wallets cannot be opened", damaged.len()),
        "put good copies of these files back; or remove such a wallet with --force and import its words again",
    ))
}

/// What became of the list of wallets.
pub(in crate::commands) fn repaired(was_broken: bool, found: &[&str]) -> String {
    match (was_broken, found) {
        (false, _) => "the list of wallets is whole".to_owned(),
        (true, []) => "the list of wallets is whole again, in the state that was shown".to_owned(),
        (true, found) => format!("the list of wallets is whole again, and these were found: {}", found.join(", ")),
    }
}
