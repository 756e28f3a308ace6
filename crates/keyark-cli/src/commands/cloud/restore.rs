//! `keyark restore cloud`: wallets come back from a cloud vault, also onto a computer that has nothing.

use std::io::Write;
use std::sync::Arc;

use keyark::cloud::Location;
use keyark::vault::{
    BackupMethod, Folder, NewPassword, Outcome, Planned, Restore, Timestamp, Unlocked, Vault, WalletId, WalletName,
    WalletRecord,
};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::backup::{Typed, choose};
use super::book::{Book, Entry};
use super::credentials::CredentialPlace;
use super::{Cloud, OpenCloud, check_elsewhere, check_stdin};
use crate::args::RestoreCloud;
use crate::commands::vault::{Home, NewPasswordFlag, THIS_VAULT, known_words};
use crate::ui::{Ui, printable, quoted, table};
use crate::{files, progress, terminal};

pub(in crate::commands) fn run(args: &RestoreCloud, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let (password, passphrase) = (args.vault.password_file.as_deref(), args.passphrase_file.as_deref());
    check_stdin(&args.password, &[("--password-file", password), ("--passphrase-file", passphrase)])?;
    let as_name = args.as_name.as_deref().map(WalletName::new).transpose()?;
    let mut cloud = locate(args, home)?;
    check_elsewhere(&cloud.entry.location, home)?;
    let vault = cloud.vault(ui)?; // before anything is asked for
    let mut local = home.unlock_if_there(&args.vault, ui)?;
    if let Some(local) = &local
        && !args.dry_run
    {
        check_can_take(&local.unlocked)?;
    }
    let mut open = cloud.unlock_vault(&vault, &args.password, ui)?;
    let is_new = take_name(&mut cloud, &mut open, home)?;
    let wallets = wallets(&open, &args.wallets, &cloud)?;
    let into = local.as_ref().map(|local| &local.unlocked);
    let read = progress::during(ui, "reading the wallets and deriving their addresses", || {
        Restore::read(&open.unlocked, &wallets, into, &())
    });
    let mut restore = read.map_err(|error| cloud.in_cloud(error))?;
    prove(&mut restore, args, ui)?;
    if let Some(name) = as_name {
        rename(&mut restore, name)?;
    }
    if args.dry_run {
        show(&restore, ui)?;
        return finish(restore.planned(), &cloud, Tense::Would);
    }
    let shown = !ui.json && terminal::can_ask();
    if shown {
        show(&restore, ui)?;
    }
    settle_names(&mut restore, &args.from, ui)?;
    let (planned, records) = (restore.planned().to_vec(), restore.records().to_vec());
    if records.is_empty() {
        return finish(&planned, &cloud, Tense::Did);
    }
    match &mut local {
        Some(local) => take_in(restore, &mut local.unlocked, &open, &cloud, ui)?,
        None => make(restore, args, home, &open, &cloud, ui)?,
    }
    tell(&planned, &records, &cloud, shown, ui)?;
    if is_new && Book::of(home).write(&cloud.entry).is_ok() {
        ui.note(&format!("this computer knows {} now, as it was called before", cloud.title()));
    } else if cloud.book.is_none() {
        let url = quoted(&cloud.entry.name);
        ui.note(&format!("to copy wallets there again, give it a name on this computer: keyark cloud init NAME {url}"));
    }
    finish(&planned, &cloud, Tense::Did)
}

/// Calls a vault that was named by its URL what its newest copy says that it is called, if that name is free here: then the notes of backups
/// name something that this computer knows. Whether it did.
fn take_name(cloud: &mut Cloud, open: &mut OpenCloud, home: &Home) -> Result<bool> {
    if cloud.book.is_some() {
        return Ok(false);
    }
    let book = Book::of(home);
    let backups = open.unlocked.wallets()?.iter().flat_map(|entry| &entry.backups);
    let own = backups.filter(|backup| backup.method == BackupMethod::Cloud && backup.verified.is_none());
    let name = own.max_by_key(|backup| backup.made).and_then(|backup| backup.to.clone());
    let is_free = |name: &String| {
        Book::check_name(name).is_ok() && book.find(name).is_err_and(|error| error.kind() == ErrorKind::NotFound)
    };
    let Some(name) = name.filter(is_free) else { return Ok(false) };
    (cloud.entry.name, cloud.book) = (name, Some(book));
    (open.entry, open.book) = (cloud.entry.clone(), cloud.book.clone());
    Ok(true)
}

/// The cloud vault of this name or at this URL, under its name here if it has one.
fn locate(args: &RestoreCloud, home: &Home) -> Result<Cloud> {
    let place = args.credentials.place();
    let book = Book::of(home);
    let mut entry = if args.from.contains("://") {
        let location: Location = args.from.parse()?;
        let known = book.all().unwrap_or_default().into_iter().find(|entry| entry.location == location);
        match known {
            Some(known) => known,
            None => return Cloud::at(Entry::new(&location.to_string(), location, place), None),
        }
    } else {
        book.find(&args.from)?
    };
    if place != CredentialPlace::Usual {
        entry.credentials = place;
    }
    Cloud::at(entry, Some(book))
}

/// That the vault here takes wallets in, before they are read.
fn check_can_take(local: &Unlocked) -> Result<()> {
    if let Some(error) = local.broken() {
        return Err(error.clone());
    }
    if local.is_current() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Locked,
        "this is an older password of the vault on this computer: nothing new is sealed under it",
        "give the password of today",
    ))
}

fn wallets(open: &OpenCloud, names: &[String], cloud: &Cloud) -> Result<Vec<WalletId>> {
    if open.unlocked.wallets()?.is_empty() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("there are no wallets in {} under this password", cloud.title()),
            "if the password was changed or forgotten once, an older one may open more; or look at another cloud vault",
        ));
    }
    choose(&open.unlocked, names).map_err(|error| cloud.in_cloud(error))
}

/// Asks for passphrases that the vault only notes. Wallets are restored without them, but not proved.
fn prove(restore: &mut Restore, args: &RestoreCloud, ui: &mut Ui<'_>) -> Result<()> {
    let lacking: Vec<_> = restore.lacking_passphrase().map(|(id, name)| (id, name.clone())).collect();
    let mut typed = Typed::new(args.passphrase_file.as_deref(), lacking.first().map(|(_, name)| name))?;
    for (id, name) in &lacking {
        typed.read(name, |passphrase| restore.prove(*id, passphrase), ui)?;
    }
    typed.check_used()
}

fn rename(restore: &mut Restore, name: WalletName) -> Result<()> {
    if let ([planned], [record]) = (restore.planned(), restore.records()) {
        // One that is here already keeps its name here.
        let (id, is_known) = (record.id(), matches!(planned.outcome, Outcome::Known(_)));
        return if is_known { Ok(()) } else { restore.rename(id, name) };
    }
    if restore.planned().len() == 1 {
        return Ok(()); // it is damaged, which is said later
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("--as names one wallet, and {} would be restored", restore.planned().len()),
        "name the wallet that is meant, too",
    ))
}

/// Asks for new names where they are taken.
fn settle_names(restore: &mut Restore, from: &str, ui: &mut Ui<'_>) -> Result<()> {
    let taken: Vec<_> =
        restore.planned().iter().filter(|one| matches!(one.outcome, Outcome::NameTaken)).cloned().collect();
    for Planned { wallet, name, .. } in taken {
        if !terminal::can_ask() {
            let command = format!("keyark restore cloud {} {} --as NAME", quoted(from), quoted(name.as_str()));
            return Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("another wallet here is called {name}; nothing was restored"),
                format!("restore it under another name: {command}"),
            ));
        }
        loop {
            let free = restore.free_name(&name);
            let typed = ask_name(&name, &free, ui)?;
            let renamed = if typed.is_empty() { Ok(free) } else { WalletName::new(&typed) };
            match renamed.and_then(|name| restore.rename(wallet, name)) {
                Ok(()) => break,
                Err(error) => ui.error(&error),
            }
        }
    }
    Ok(())
}

fn ask_name(name: &WalletName, free: &WalletName, ui: &mut Ui<'_>) -> Result<String> {
    let (name, free) = (printable(name.as_str()), printable(free.as_str()));
    ui.note(&format!("Another wallet here is called {name}. What shall the restored one be called? Enter for: {free}"));
    let _ = std::io::stderr().flush();
    let mut typed = String::new();
    match std::io::stdin().read_line(&mut typed) {
        Ok(count @ 1..) if count > 0 => Ok(typed.trim().to_owned()),
        _ => {
            Err(Error::new(ErrorKind::Cancelled, "no name was typed, so nothing was restored", "run the command again"))
        }
    }
}

fn take_in(restore: Restore, into: &mut Unlocked, open: &OpenCloud, cloud: &Cloud, ui: &Ui<'_>) -> Result<()> {
    let (place, now) = (cloud.entry.name.as_str(), Timestamp::now());
    progress::during(ui, "sealing the wallets", || restore.take_in(into, &open.unlocked, place, now)).map(drop)
}

/// Makes the vault on this computer, with the wallets in it.
fn make(
    restore: Restore,
    args: &RestoreCloud,
    home: &Home,
    open: &OpenCloud,
    cloud: &Cloud,
    ui: &mut Ui<'_>,
) -> Result<()> {
    let folder = files::shown(home.path());
    ui.note(&format!(
        "There is no vault in {folder} yet. One password, another one than the cloud's, protects the wallets in it."
    ));
    let new = new_password(restore.records(), args, open, ui)?;
    let storage = Arc::new(Folder::new(home.path()));
    let (work, now) = (args.work.work_factor, Timestamp::now());
    let mut unlocked = progress::during(ui, "making the vault", || Vault::create(storage, &new, work, now))
        .map_err(|error| error.with_context("vault", &folder))?;
    take_in(restore, &mut unlocked, open, cloud, ui).map_err(|error| {
        let why = error.problem().replace("; nothing was changed", "");
        let problem = format!("the vault is made, under that password, but no wallet is in it: {why}");
        error.with_problem(problem)
    })
}

fn new_password(
    records: &[WalletRecord],
    args: &RestoreCloud,
    open: &OpenCloud,
    ui: &mut Ui<'_>,
) -> Result<NewPassword> {
    let known: Vec<_> = records.iter().flat_map(known_words).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let file = args.vault.password_file.as_deref();
    let flag = NewPasswordFlag { flag: "--password-file", file, of: THIS_VAULT };
    flag.read_that(&known, ui, |new, ui| {
        let is_same = progress::during(ui, "comparing it with the cloud's password", || match &open.password {
            Some(cloud) => new.differs_from(cloud).is_err(),
            None => open.unlocked.check_password(new.as_password()).is_ok(), // a recovery code opened it
        });
        match is_same {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Usage,
                "this is the password of the cloud vault",
                "choose another one for this computer: who learns one of them must not have both",
            )),
        }
    })
}

/// A wallet's row: what would happen to it, or has.
fn outcome(planned: &Planned) -> (&'static str, String) {
    match &planned.outcome {
        Outcome::Added => ("added", "is added".to_owned()),
        Outcome::NameTaken => ("name-taken", "its name is taken by another wallet here".to_owned()),
        Outcome::Known(name) => ("known", format!("is here already, as {}", printable(name.as_str()))),
        Outcome::Damaged(error) => ("damaged", format!("damaged: {}", printable(&error.to_string()))),
        _ => ("unknown", "is left alone".to_owned()),
    }
}

/// The object of one wallet. `record` is what is restored of it.
fn object(planned: &Planned, record: Option<&WalletRecord>) -> serde_json::Value {
    let (id, problem) = match &planned.outcome {
        Outcome::Damaged(error) => ("damaged", Some(error.to_string())),
        _ => (outcome(planned).0, None),
    };
    let restored_as = match &planned.outcome {
        Outcome::Added => record.map(|record| record.name.as_str()),
        Outcome::Known(name) => Some(name.as_str()),
        _ => None,
    };
    json!({
        "name": planned.name.as_str(),
        "id": planned.wallet.to_string(),
        "outcome": id,
        "restored_as": restored_as,
        "addresses": planned.accounts,
        "proved": planned.proved,
        "problem": problem,
    })
}

fn record_of(planned: &Planned, records: &[WalletRecord]) -> Option<WalletRecord> {
    records.iter().find(|record| record.id() == planned.wallet).cloned()
}

/// The table of what would happen.
fn show(restore: &Restore, ui: &mut Ui<'_>) -> Result<()> {
    let mut rows = vec![["WALLET", "ADDRESSES", "WHAT HAPPENS"].map(str::to_owned).to_vec()];
    for planned in restore.planned() {
        let record = record_of(planned, restore.records());
        if ui.json {
            ui.result(&object(planned, record.as_ref()), "")?;
        }
        let (_, mut what) = outcome(planned);
        if let (Outcome::Added, Some(record)) = (&planned.outcome, &record)
            && record.name != planned.name
        {
            what = format!("is added, as {}", printable(record.name.as_str()));
        }
        rows.push(vec![printable(planned.name.as_str()), planned.accounts.to_string(), what]);
    }
    ui.text(&table(&rows, ui.width()))
}

/// What has happened, and whether the wallets count as backed up.
fn tell(planned: &[Planned], records: &[WalletRecord], cloud: &Cloud, shown: bool, ui: &mut Ui<'_>) -> Result<()> {
    let name = &cloud.entry.name;
    for one in planned {
        let record = record_of(one, records);
        let text = match (&one.outcome, &record) {
            (Outcome::Added, Some(record)) => format!("{} is restored", printable(record.name.as_str())),
            _ => format!("{}: {}", printable(one.name.as_str()), outcome(one).1),
        };
        if ui.json || !shown || matches!(one.outcome, Outcome::Added) {
            ui.result(&object(one, record.as_ref()), &text)?;
        }
    }
    let added: Vec<_> = planned.iter().filter(|one| matches!(one.outcome, Outcome::Added)).collect();
    let proved = added.iter().filter(|one| one.proved).count();
    if proved > 0 {
        ui.note(&match proved {
            1 => format!("1 wallet counts as backed up: its copy in {name} was read and compared"),
            many => format!("{many} wallets count as backed up: their copies in {name} were read and compared"),
        });
    }
    for one in added.iter().filter(|one| !one.proved) {
        let wallet = record_of(one, records).map_or_else(|| one.name.clone(), |record| record.name);
        ui.note(&format!(
            "{} does not count as backed up: its copy was not proved. When its passphrase is at hand:\n  keyark verify {} --from {}",
            printable(wallet.as_str()),
            quoted(wallet.as_str()),
            quoted(name)
        ));
    }
    Ok(())
}

/// Whether it is a dry run that ends.
#[derive(Clone, Copy, PartialEq)]
enum Tense {
    Would,
    Did,
}

/// Fails if a wallet cannot be restored.
fn finish(planned: &[Planned], cloud: &Cloud, tense: Tense) -> Result<()> {
    let damaged = planned.iter().filter_map(|one| match &one.outcome {
        Outcome::Damaged(error) => Some((one, error)),
        _ => None,
    });
    let damaged: Vec<_> = damaged.collect();
    let Some((first, error)) = damaged.first() else { return Ok(()) };
    let rest = match (damaged.len() == planned.len(), tense) {
        (true, _) => "nothing can be restored",
        (false, Tense::Would) => "the others can be restored",
        (false, Tense::Did) => "the others are restored",
    };
    let problem = match damaged.len() {
        1 => format!("{} in {} cannot be restored: {error}; {rest}", first.name, cloud.title()),
        many => format!(
            "{many} of {} wallets in {} cannot be restored, the first of them {}: {error}; {rest}",
            planned.len(),
            cloud.title(),
            first.name
        ),
    };
    Err(Error::malformed(problem, error.remedy().to_owned()))
}
