//! `keyark list`: the wallets, those without a backup first.

use keyark::vault::{Backup, WalletEntry};
use keyark::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use super::Home;
use crate::args::VaultPassword;
use crate::ui::{Ui, printable, table};

pub(in crate::commands) fn run(check: bool, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let local = home.unlock(password, ui)?;
    let mut wallets: Vec<_> = local.unlocked.wallets()?.iter().collect();
    wallets.sort_by_key(|entry| (entry.is_backed_up(), entry.created)); // stable: as they came
    if ui.json {
        wallets.iter().try_for_each(|entry| ui.result(&to_json(entry), ""))?;
    } else if wallets.is_empty() {
        ui.note("the vault has no wallets yet: `keyark new NAME` makes one, `keyark import NAME` takes one in");
    } else {
        let mut rows = vec![["WALLET", "BACKED UP", "SINCE"].map(str::to_owned).to_vec()];
        rows.extend(wallets.iter().map(|entry| row(entry)));
        ui.text(&table(&rows, ui.width()))?;
    }
    for epoch in local.unlocked.sealed_epochs() {
        let set = epoch.password_set.map_or_else(|| "another time".to_owned(), |set| set.date());
        ui.note(&format!(
            "note: more wallets are sealed under the password set on {set}. If it comes back to mind: keyark password merge"
        ));
    }
    let unbacked: Vec<_> = wallets.iter().filter(|entry| !entry.is_backed_up()).collect();
    let Some(first) = unbacked.first() else { return Ok(()) };
    let how = if first.secret_kind == "phrase" { "phrase" } else { "key" };
    let remedy = format!("keyark backup {how} {}", quoted(first.name.as_str()));
    let problem = match unbacked.len() {
        1 => format!("{} is not backed up", first.name),
        many => format!("{many} wallets are not backed up, the first of them {}", first.name),
    };
    if check {
        return Err(Error::new(ErrorKind::Mismatch, problem, remedy));
    }
    if !ui.json {
        ui.note(&format!(
            "{problem}: if this computer is lost, so is what only this computer has. Back up now:\n  {remedy}"
        ));
    }
    Ok(())
}

fn row(entry: &WalletEntry) -> Vec<String> {
    let (whole, parts): (Vec<_>, Vec<_>) =
        entry.backups.iter().partition(|backup| backup.restores_all(&entry.secret_kind));
    let mut backups: Vec<_> = whole.into_iter().map(backup_text).collect();
    if !parts.is_empty() {
        backups.push(format!("keystores of single keys: {}", parts.len()));
    }
    let backed_up = match (entry.is_backed_up(), backups.is_empty()) {
        (false, true) => "NO".to_owned(),
        (false, false) => format!("NO ({})", backups.join("; ")),
        (true, _) => backups.join("; "),
    };
    vec![printable(entry.name.as_str()), backed_up, entry.created.date()]
}

fn backup_text(backup: &Backup) -> String {
    let what = match backup.method.id() {
        "phrase" => "words",
        "private-key" => "private key",
        other => other,
    };
    let to = match backup.to.as_deref() {
        Some("paper") => " on paper".to_owned(),
        Some(to) => format!(" {}", printable(to.rsplit('/').next().unwrap_or(to))), // a file's name; --json has the path
        None => String::new(),
    };
    match backup.verified {
        Some(verified) => format!("{what}{to}, proved {}", verified.date()),
        None => format!("{what}{to}, made {}, not proved", backup.made.date()),
    }
}

/// The object of one wallet, as scripts rely on it.
pub(super) fn to_json(entry: &WalletEntry) -> Value {
    let backup = |backup: &Backup| {
        json!({
            "method": backup.method.id(),
            "to": backup.to,
            "made": backup.made.to_string(),
            "verified": backup.verified.map(|verified| verified.to_string()),
            "stale": null,
        })
    };
    json!({
        "name": entry.name.as_str(),
        "id": entry.id.to_string(),
        "created": entry.created.to_string(),
        "secret": entry.secret_kind,
        "backed_up": entry.is_backed_up(),
        "backups": entry.backups.iter().map(backup).collect::<Vec<_>>(),
    })
}

/// A name as it is typed in a shell.
pub(super) fn quoted(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if name.chars().all(plain) && !name.starts_with('-') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}
