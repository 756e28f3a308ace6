//! `keyark cloud remove`: the note of a cloud vault, or what lies in it.

use keyark::vault::{Removal, Timestamp};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::book::Book;
use super::{Cloud, check_stdin};
use crate::args::CloudRemove;
use crate::commands::vault::Home;
use crate::ui::Ui;
use crate::{progress, terminal};

pub(super) fn run(args: &CloudRemove, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_stdin(&args.password, &[])?;
    let is_deletion = args.wallet.is_some() || args.older || args.everything;
    if is_deletion && !args.force && !terminal::can_ask() {
        return Err(Error::new(
            ErrorKind::Usage,
            "there is no terminal to ask on whether this is to be deleted",
            "say --force if it is",
        ));
    }
    let takes_no_password = args.everything || !is_deletion;
    if takes_no_password && args.password.files().iter().any(|(_, file)| file.is_some()) {
        return Err(Error::new(ErrorKind::Usage, "this needs no password of the cloud vault", "leave that flag away"));
    }
    match (&args.wallet, args.older, args.everything) {
        (Some(wallet), ..) => remove_wallet(wallet, args, home, ui),
        (None, true, _) => remove_older(args, home, ui),
        (None, _, true) => remove_everything(args, home, ui),
        _ => forget(&args.name, home, ui),
    }
}

fn forget(name: &str, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let book = Book::of(home);
    let entry = book.find(name)?;
    book.forget(name)?;
    entry.credentials.forget(ui);
    let url = entry.location.to_string();
    ui.result(
        &json!({ "name": name, "removed": "note", "url": url }),
        &format!("this computer has forgotten the cloud vault {name}"),
    )?;
    ui.note(&format!(
        "the vault stays where it is; to know it again:\n  keyark cloud init {name} {url}\n\
         wallets whose copies there are not to count any more:\n  keyark backup forget WALLET --to {name}"
    ));
    Ok(())
}

fn remove_wallet(wallet: &str, args: &CloudRemove, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let cloud = Cloud::known(&args.name, home)?;
    let mut open = cloud.unlock(&args.password, ui)?;
    let entry = open.unlocked.find(wallet)?.clone();
    if !args.force {
        ask(&format!("This deletes the copy of {} in {}.", entry.name, cloud.title()), entry.name.as_str(), ui)?;
    }
    let removed =
        progress::during(ui, "deleting the copy", || open.unlocked.remove(entry.id, Removal::Anyway, Timestamp::now()));
    removed.map_err(|error| cloud.in_cloud(error))?;
    let name = entry.name.as_str();
    let object = json!({ "name": args.name, "removed": "wallet", "wallet": name, "id": entry.id.to_string() });
    ui.result(&object, &format!("the copy of {name} in {} is deleted", cloud.title()))?;
    ui.note("its sealed record stays there until the next change. `keyark list` goes on naming this copy until `keyark verify` misses it");
    Ok(())
}

fn remove_older(args: &CloudRemove, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let cloud = Cloud::known(&args.name, home)?;
    let vault = cloud.vault(ui)?;
    let mut open = cloud.unlock_vault(&vault, &args.password, ui)?;
    let current = open.unlocked.epoch();
    let dates: Vec<_> = vault
        .epochs()
        .iter()
        .filter(|epoch| epoch.number < current)
        .map(|epoch| epoch.password_set.map_or_else(|| "a time that is not known".to_owned(), |set| set.date()))
        .collect();
    if !args.force && !dates.is_empty() {
        let what = format!("This deletes what {} has under the passwords of {}.", cloud.title(), dates.join(", "));
        let sealed = open.unlocked.sealed_epochs().count();
        let lost = if sealed > 0 { " Wallets that are only there are lost with it." } else { "" };
        ask(&format!("{what}{lost}"), &args.name, ui)?;
    }
    let deleted = progress::during(ui, "deleting what is older", || open.unlocked.delete_older(Timestamp::now()));
    let count = deleted.map_err(|error| cloud.in_cloud(error))?;
    let text = match count {
        0 => "nothing in it is sealed under an older password".to_owned(),
        _ => format!("what was sealed under the passwords of {} is deleted", dates.join(", ")),
    };
    ui.result(&json!({ "name": args.name, "removed": "older", "passwords": count }), &text)
}

fn remove_everything(args: &CloudRemove, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let cloud = Cloud::known(&args.name, home)?;
    let vault = cloud.vault(ui)?;
    if !args.force {
        let what = format!(
            "This deletes {} at {}, with all the wallets in it. What is nowhere else is lost.",
            cloud.title(),
            cloud.entry.location
        );
        ask(&what, &args.name, ui)?;
    }
    progress::during(ui, "deleting the cloud vault", || vault.delete()).map_err(|error| cloud.in_cloud(error))?;
    Book::of(home).forget(&args.name)?;
    cloud.entry.credentials.forget(ui);
    let object = json!({ "name": args.name, "removed": "everything", "url": cloud.entry.location.to_string() });
    ui.result(&object, &format!("{} is deleted, and this computer has forgotten it", cloud.title()))?;
    ui.note(&format!("`keyark backup forget WALLET --to {}` has its copies count no more", args.name));
    ui.note("a service that keeps older versions or a bin may still have its files, sealed as they were");
    Ok(())
}

/// Has the person type a name before something is deleted.
fn ask(what: &str, name: &str, ui: &mut Ui<'_>) -> Result<()> {
    ui.have_typed(what, name, "deleted")
}
