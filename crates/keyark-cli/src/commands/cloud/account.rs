//! `keyark cloud init`, `list` and `repair`.

use keyark::cloud::Location;
use keyark::vault::{BackupMethod, Timestamp, Vault, WalletEntry, WalletName};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::book::{Book, Entry};
use super::recovery::{self, Made, Plan};
use super::{Cloud, OpenCloud, check_elsewhere, check_stdin, new_password, warn_of_same_password};
use crate::args::{CloudInit, CloudPassword};
use crate::commands::vault::wallets::repaired;
use crate::commands::vault::{Home, NewPasswordFlag};
use crate::progress;
use crate::ui::{Ui, printable, table};

pub(super) fn init(args: &CloudInit, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    Book::check_name(&args.name)?; // all that can be told before anything is asked for
    let location: Location = args.url.parse()?;
    check_elsewhere(&location, home)?;
    check_stdin(&args.password, &[])?;
    let book = Book::of(home);
    let before = book.check_free(&args.name, &location)?;
    let had = before.as_ref().map(|entry| entry.credentials.clone());
    let mut new = Entry::new(&args.name, location.clone(), args.credentials.place());
    if args.credentials_keychain {
        Cloud::at(new.clone(), None)?; // whether they are such credentials is told before the keychain is asked
        new.credentials = new.credentials.into_keychain(ui)?;
    }
    let place = new.credentials.clone();
    let done = init_with(new, before, args, home, ui);
    // What is not noted is not needed: the entry of before, or the one of a vault that did not open.
    let noted = book.find(&args.name).ok().map(|entry| entry.credentials);
    let unused = [Some(place), had].into_iter().flatten().filter(|place| noted.as_ref() != Some(place));
    unused.for_each(|place| place.forget(ui));
    done
}

fn init_with(new: Entry, before: Option<Entry>, args: &CloudInit, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let (book, location) = (Book::of(home), new.location.clone());
    let entry = match before {
        Some(Entry { seen, state, opened, .. }) => Entry { seen, state, opened, ..new.clone() },
        None => new.clone(),
    };
    let cloud = Cloud::at(entry, Some(book))?;
    let found = cloud.find(ui)?;
    if let Some(hint) = location.hint() {
        ui.note(&format!("note: {}", printable(&hint)));
    }
    match found {
        Some(vault) => take_note(&cloud, &vault, args, home, ui),
        None => {
            if cloud.entry.seen.is_some() {
                ui.note(&format!(
                    "warning: the vault that was at {location} before is not there any more: this makes a new one"
                ));
            }
            create(&Cloud { entry: new, ..cloud }, args, home, ui)
        }
    }
}

/// Makes a vault where none is.
fn create(cloud: &Cloud, args: &CloudInit, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let location = &cloud.entry.location;
    if args.password.recovery_code_file.is_some() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("there is no vault at {location} that a recovery code could open"),
            "check the address and the folder in it; to make a new vault there, leave --recovery-code-file away",
        ));
    }
    let file = args.password.cloud_password_file.as_deref();
    let plan = Plan::new(&args.recovery, cloud, &[file, args.credentials.credentials_file.as_deref()])?;
    ui.note(&format!("There is no vault at {location} yet. One password of its own protects all the wallets in it."));
    let password = new_password(
        &NewPasswordFlag { flag: "--cloud-password-file", file, of: &cloud.title() },
        &[&args.name],
        home,
        ui,
    )?;
    let made = plan.make(cloud, ui)?;
    let (work, now) = (args.work.work_factor, Timestamp::now());
    let unlocked =
        progress::during(ui, "making the cloud vault", || Vault::create(cloud.storage(), &password, work, now));
    let unlocked = unlocked.inspect_err(|_| Made::take_back(made.as_ref())).map_err(|error| cloud.in_cloud(error))?;
    let mut open = cloud.opened(unlocked, Some(password.as_password().clone()), ui)?;
    open.note().inspect_err(|_| Made::take_back(made.as_ref())).map_err(|error| {
        let problem = format!("the cloud vault is made, but {}", error.problem());
        Error::new(
            error.kind(),
            problem,
            format!("{}; then run the same command again: it takes note of the vault", error.remedy()),
        )
    })?;
    set_recovery(cloud, &mut open, made.as_ref(), args.work.work_factor, ui)?;
    let object = json!({
        "name": args.name, "url": location.to_string(), "created": true, "recovery_code": made.is_some(),
    });
    ui.result(&object, &format!("the cloud vault {} is made, at {location}", args.name))?;
    match &made {
        Some(made) => made.tell(ui),
        None => ui.note("it has no recovery code: if the password is forgotten, nothing opens it. `keyark cloud recovery-code` makes one"),
    }
    ui.note(&format!("nothing is in it yet. Copy your wallets there:\n  keyark backup cloud --all --to {}", args.name));
    Ok(())
}

/// Lets the code that the person has open the vault. Where that fails, the vault is as good as without.
pub(super) fn set_recovery(
    cloud: &Cloud,
    open: &mut OpenCloud,
    made: Option<&Made>,
    work: keyark::vault::WorkFactor,
    ui: &Ui<'_>,
) -> Result<()> {
    let Some(new) = made else { return Ok(()) };
    let set =
        progress::during(ui, "sealing it under the recovery code", || open.unlocked.set_recovery(&new.code, work));
    set.map_err(|error| cloud.in_cloud(recovery::in_doubt(&error, &cloud.entry.name)))
}

/// Takes note of a vault that is there.
fn take_note(cloud: &Cloud, vault: &Vault, args: &CloudInit, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let location = &cloud.entry.location;
    ui.note(&format!("There is a vault at {location} already. Its own password opens it."));
    let mut open = cloud.unlock_vault(vault, &args.password, ui)?;
    if !open.unlocked.is_current() {
        return Err(Error::new(
            ErrorKind::Locked,
            format!("this is an older password of {}", cloud.title()),
            format!("give the password of today; or restore what is under this one: keyark restore cloud {location}"),
        ));
    }
    let recovery = open.unlocked.has_recovery()?;
    let count = open.unlocked.wallets()?.len();
    open.note()?;
    let object = json!({ "name": args.name, "url": location.to_string(), "created": false, "recovery_code": recovery });
    let wallets = if count == 1 { "1 wallet".to_owned() } else { format!("{count} wallets") };
    ui.result(&object, &format!("{} is known here now: it is at {location} and has {wallets}", cloud.title()))?;
    if args.recovery.recovery_code_out.is_some() || (!recovery && !args.recovery.no_recovery_code) {
        let has = if recovery { "it has a recovery code already, so none was made" } else { "it has no recovery code" };
        ui.note(&format!("note: {has}. `keyark cloud recovery-code {}` makes a new one", args.name));
    }
    if let Some(password) = &open.password
        && home.opens_with(password, ui)?
    {
        warn_of_same_password(&args.name, ui);
    }
    ui.note(&format!("what would come back from it is shown by:\n  keyark restore cloud {} --dry-run", args.name));
    Ok(())
}

pub(super) fn list(name: Option<&str>, password: &CloudPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let Some(name) = name else {
        if password.files().iter().any(|(_, file)| file.is_some()) {
            let problem = "the list of cloud vaults needs no password";
            return Err(Error::new(ErrorKind::Usage, problem, "name the cloud vault whose wallets are to be listed"));
        }
        return vaults(&Book::of(home), ui);
    };
    check_stdin(password, &[])?;
    let cloud = Cloud::known(name, home)?;
    let vault = cloud.vault(ui)?;
    let newest = vault.epochs().last().map(|epoch| epoch.number);
    for epoch in vault.epochs().iter().filter(|epoch| Some(epoch.number) != newest) {
        let set = epoch.password_set.map_or_else(|| "at another time".to_owned(), |set| format!("on {}", set.date()));
        ui.note(&format!("note: part of it is sealed under the password set {set}"));
    }
    let open = cloud.unlock_vault(&vault, password, ui)?;
    let sealed: Vec<_> = open.unlocked.sealed_epochs().map(|epoch| epoch.number).collect();
    for epoch in vault.epochs() {
        let object = json!({
            "type": "password",
            "epoch": epoch.number,
            "password_set": epoch.password_set.map(|set| set.to_string()),
            "current": Some(epoch.number) == newest,
            "sealed": sealed.contains(&epoch.number),
        });
        if ui.json {
            ui.result(&object, "")?;
        }
    }
    wallets(&open, ui)?;
    if !sealed.is_empty() {
        ui.note(&format!(
            "if such a password comes back to mind, `keyark cloud merge {name}` takes over what is under it"
        ));
    }
    Ok(())
}

/// The cloud vaults that are known here.
fn vaults(book: &Book, ui: &mut Ui<'_>) -> Result<()> {
    let entries = book.all()?;
    let mut rows = vec![["NAME", "SERVICE", "LAST OPENED", "URL"].map(str::to_owned).to_vec()];
    for entry in &entries {
        let service = entry.location.service();
        let url = entry.location.to_string();
        if ui.json {
            let set = entry.state.and_then(|state| state.password_set);
            let object = json!({
                "name": entry.name,
                "url": url,
                "service": service.id(),
                "opened": entry.opened.map(|opened| opened.to_string()),
                "password_set": set.map(|set| set.to_string()),
            });
            ui.result(&object, "")?;
        }
        let opened = entry.opened.map_or_else(|| "never".to_owned(), Timestamp::date);
        rows.push(vec![entry.name.clone(), service.name().to_owned(), opened, printable(&url)]);
    }
    if entries.is_empty() {
        ui.note(
            "no cloud vault is known here: `keyark cloud init NAME URL` makes one, or takes note of one that is there",
        );
        return Ok(());
    }
    ui.text(&table(&rows, ui.width()))
}

/// The wallets in one of them.
fn wallets(open: &OpenCloud, ui: &mut Ui<'_>) -> Result<()> {
    let mut rows = vec![["WALLET", "CREATED", "ADDRESSES", "COPIED"].map(str::to_owned).to_vec()];
    let entries = open.unlocked.wallets()?;
    for entry in entries {
        let copied = copied(entry, open);
        if ui.json {
            let object = json!({
                "type": "wallet",
                "name": entry.name.as_str(),
                "id": entry.id.to_string(),
                "created": entry.created.to_string(),
                "secret": entry.secret_kind,
                "addresses": entry.accounts,
                "copied": copied.map(|copied| copied.to_string()),
            });
            ui.result(&object, "")?;
        }
        let count = entry.accounts.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let copied = copied.map_or_else(|| "-".to_owned(), Timestamp::date);
        rows.push(vec![printable(entry.name.as_str()), entry.created.date(), count, copied]);
    }
    if entries.is_empty() {
        ui.note(&format!("no wallet is in it: `keyark backup cloud --all --to {}` copies them there", open.entry.name));
        return Ok(());
    }
    ui.text(&table(&rows, ui.width()))
}

/// When the wallet was copied there, as its copy says: under this name, or the one that another computer knows the vault by.
fn copied(entry: &WalletEntry, open: &OpenCloud) -> Option<Timestamp> {
    let cloud = entry.backups.iter().filter(|backup| backup.method == BackupMethod::Cloud);
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        cloud.partition(|backup| backup.to.as_deref() == Some(open.entry.name.as_str()));
    let of = |backups: &[&keyark::vault::Backup]| backups.iter().map(|backup| backup.made).max();
    of(&here).or_else(|| of(&elsewhere))
}

pub(super) fn repair(name: &str, password: &CloudPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_stdin(password, &[])?;
    let cloud = Cloud::known(name, home)?;
    let mut open = cloud.unlock(password, ui)?;
    let was_broken = open.unlocked.broken().is_some() || !open.unlocked.findings().is_empty();
    let found = if was_broken {
        progress::during(ui, "repairing the cloud vault", || open.unlocked.repair(Timestamp::now()))
            .map_err(|error| cloud.in_cloud(error))?
    } else {
        Vec::new()
    };
    open.accepted = true;
    let found: Vec<_> = found.iter().map(WalletName::as_str).collect();
    let count = open.unlocked.wallets()?.len();
    let object = json!({ "name": name, "repaired": was_broken, "found": found, "wallets": count });
    ui.result(&object, &repaired(was_broken, &found))?;
    ui.note(&format!("whether each wallet in it is good is shown by: keyark verify --from {name}"));
    Ok(())
}
