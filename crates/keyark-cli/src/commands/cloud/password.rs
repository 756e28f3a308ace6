//! `keyark cloud change-password`, `forgot-password`, `merge` and `recovery-code`.

use keyark::vault::{Epoch, NewPassword, Password, Timestamp, Vault, WalletName};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::account::set_recovery;
use super::recovery::{Made, Plan};
use super::{Cloud, OpenCloud, check_stdin, new_password};
use crate::args::{CloudChangePassword, CloudForgotPassword, CloudMerge, CloudRecoveryCode, NewCloudPassword};
use crate::commands::vault::{Home, NewPasswordFlag};
use crate::input::Secret;
use crate::ui::Ui;
use crate::{progress, terminal};

pub(super) fn change(args: &CloudChangePassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let new_file = args.new.new_password_file.as_deref();
    check_stdin(&args.password, &[("--new-password-file", new_file)])?;
    if !args.rekey && (args.recovery.recovery_code_out.is_some() || args.recovery.no_recovery_code) {
        return Err(Error::new(
            ErrorKind::Usage,
            "the recovery code stays as it is, unless everything is sealed anew",
            format!("add --rekey; or make a new code by itself: keyark cloud recovery-code {}", args.name),
        ));
    }
    let cloud = Cloud::known(&args.name, home)?;
    let [(_, password), (_, code)] = args.password.files();
    let plan = match args.rekey {
        true => Plan::new(&args.recovery, &cloud, &[password, code, new_file])?,
        false => Plan::None,
    };
    let mut open = cloud.unlock(&args.password, ui)?;
    check_current(&cloud, &open)?;
    cloud.check_whole(&open)?;
    let new = other_password(&args.new, &open, home, ui)?;
    let made = plan.make(&cloud, ui)?;
    let (work, now) = (args.new.work.work_factor, Timestamp::now());
    let done = progress::during(ui, "sealing the cloud vault", || match args.rekey {
        true => open.unlocked.rekey(&new, work, now),
        false => open.unlocked.change_password(&new, work, now),
    });
    done.inspect_err(|_| Made::take_back(made.as_ref())).map_err(|error| cloud.in_cloud(error))?;
    set_recovery(&cloud, &mut open, made.as_ref(), work, ui)?;
    let recovery = open.unlocked.has_recovery()?;
    let object = json!({
        "name": args.name,
        "changed": true,
        "rekeyed": args.rekey,
        "wallets": open.unlocked.wallets()?.len(),
        "recovery_code": recovery,
    });
    ui.result(&object, &format!("{} has a new password", cloud.title()))?;
    tell_changed(args.rekey, recovery, made.as_ref(), ui);
    tell_drill(&args.name, ui);
    Ok(())
}

/// What comes after the vault was sealed in another way.
fn tell_drill(name: &str, ui: &mut Ui<'_>) {
    ui.note(&format!("prove the copies in it now:\n  keyark verify --from {name}"));
}

/// What the change does not do, and what became of the recovery code.
fn tell_changed(rekeyed: bool, has_recovery: bool, made: Option<&Made>, ui: &mut Ui<'_>) {
    ui.note(if rekeyed {
        "every wallet is sealed anew, and the old files are removed. Copies of the vault that were taken before, by a service that keeps \
         older versions too, still open with the old password and the old recovery code, as they were then"
    } else {
        "copies of the vault that were taken before, by a service that keeps older versions too, still open with the old password. If \
         somebody may have it and such a copy: change it once more with --rekey, and move the funds"
    });
    match made {
        Some(made) => made.tell(ui),
        None if has_recovery => ui.note("the recovery code is the same as before"),
        None => ui.note("it has no recovery code: if the password is forgotten, nothing opens it"),
    }
}

/// The new password, which neither is the old one nor that of the vault on this computer.
fn other_password(args: &NewCloudPassword, open: &OpenCloud, home: &Home, ui: &mut Ui<'_>) -> Result<NewPassword> {
    let mut known: Vec<_> = open.unlocked.wallets()?.iter().map(|entry| entry.name.as_str()).collect();
    known.push(&open.entry.name);
    let flag = NewPasswordFlag {
        flag: "--new-password-file",
        file: args.new_password_file.as_deref(),
        of: &open.entry.title(),
    };
    let new = new_password(&flag, &known, home, ui)?;
    let compare = || match &open.password {
        Some(old) => new.differs_from(old),
        // With the recovery code, nobody has said what the old one is.
        None => match open.unlocked.check_password(new.as_password()) {
            Ok(()) => new.differs_from(new.as_password()),
            Err(_) => Ok(()),
        },
    };
    progress::during(ui, "comparing it with the old one", compare)?;
    Ok(new)
}

fn check_current(cloud: &Cloud, open: &OpenCloud) -> Result<()> {
    if open.unlocked.is_current() {
        return Ok(());
    }
    let name = &cloud.entry.name;
    Err(Error::new(
        ErrorKind::Locked,
        format!("what is under an older password is not changed in {}", cloud.title()),
        format!("give the password of today; `keyark cloud merge {name}` takes over what is under the old one"),
    ))
}

pub(super) fn forgot(args: &CloudForgotPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let cloud = Cloud::known(&args.name, home)?;
    let file = args.new.new_password_file.as_deref();
    let plan = Plan::new(&args.recovery, &cloud, &[file])?;
    let vault = cloud.vault(ui)?;
    if has_recovery(&cloud, &vault)? {
        let name = &args.name;
        let what = format!(
            "note: this vault has a recovery code, and with it nothing is lost. If you have it, stop here, and type the code where the \
             password is asked for:\n  keyark cloud change-password {name}"
        );
        match terminal::can_ask() {
            true => ui.have_typed(&format!("{what}\nWithout it:"), name, "changed")?,
            false => ui.note(&what),
        }
    }
    let flag = NewPasswordFlag { flag: "--new-password-file", file, of: &cloud.title() };
    let new = new_password(&flag, &[&args.name], home, ui)?;
    let made = plan.make(&cloud, ui)?;
    let (work, now) = (args.new.work.work_factor, Timestamp::now());
    let begun = progress::during(ui, "beginning anew", || vault.forget_password(&new, work, now));
    let unlocked = begun.inspect_err(|_| Made::take_back(made.as_ref())).map_err(|error| cloud.in_cloud(error))?;
    let mut open = cloud.opened(unlocked, Some(new.as_password().clone()), ui)?;
    set_recovery(&cloud, &mut open, made.as_ref(), work, ui)?;
    let sealed: Vec<_> = open.unlocked.sealed_epochs().cloned().collect();
    let as_json =
        |epoch: &Epoch| json!({ "epoch": epoch.number, "password_set": epoch.password_set.map(|set| set.to_string()) });
    let object = json!({
        "name": args.name,
        "epoch": open.unlocked.epoch(),
        "sealed": sealed.iter().map(as_json).collect::<Vec<_>>(),
        "recovery_code": made.is_some(),
    });
    ui.result(&object, &format!("{} begins anew, under the new password", cloud.title()))?;
    for epoch in &sealed {
        ui.note(&format!(
            "what was copied there before stays there, readable only with the password set {}. If it comes back to mind: \
             keyark cloud merge {}",
            set_on(epoch),
            args.name
        ));
    }
    match &made {
        Some(made) => made.tell(ui),
        None => ui.note("it has no recovery code: if this password is forgotten too, nothing opens it"),
    }
    ui.note(&format!(
        "no wallet is under the new password yet. Copy them there now:\n  keyark backup cloud --all --to {}",
        args.name
    ));
    Ok(())
}

fn set_on(epoch: &Epoch) -> String {
    epoch.password_set.map_or_else(|| "at a time that is not known".to_owned(), |set| format!("on {}", set.date()))
}

/// Whether the vault of today has a recovery code, which can be seen without opening it.
fn has_recovery(cloud: &Cloud, vault: &Vault) -> Result<bool> {
    const FILE: &str = "identity.recovery.age"; // docs/format.md
    let Some(current) = vault.epochs().last() else { return Ok(false) };
    let names = cloud.storage().list(&format!("epochs/{}", current.number)).map_err(|error| cloud.in_cloud(error))?;
    Ok(names.iter().any(|name| name == FILE))
}

pub(super) fn merge(args: &CloudMerge, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_stdin(&args.password, &[("--old-password-file", args.old_password_file.as_deref())])?;
    let cloud = Cloud::known(&args.name, home)?;
    let vault = cloud.vault(ui)?;
    if vault.epochs().len() < 2 {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("nothing in {} is sealed under an older password", cloud.title()),
            format!("its wallets are all under the password of today: keyark cloud list {}", args.name),
        ));
    }
    let mut open = cloud.unlock_vault(&vault, &args.password, ui)?;
    check_current(&cloud, &open)?;
    let old = Secret {
        flag: "--old-password-file",
        file: args.old_password_file.as_deref(),
        prompt: "The old password of that vault",
    };
    let old = Password::new(&old.read()?)?;
    let now = open.unlocked.epoch();
    let older = vault.epochs().iter().rev().filter(|epoch| epoch.number < now);
    let find = || older.clone().find_map(|epoch| vault.unlock_epoch(epoch.number, &old).ok());
    let older = progress::during(ui, "opening what is sealed under it", find).ok_or_else(|| {
        let problem = format!("nothing in {} is sealed under that old password", cloud.title());
        let dates: Vec<_> = older.clone().map(set_on).collect();
        let remedy = format!("check capitals and the keyboard; such passwords were set {}", dates.join(", "));
        Error::new(ErrorKind::WrongPassword, problem, remedy)
    })?;
    let merged = progress::during(ui, "taking the wallets over", || open.unlocked.merge(&older, Timestamp::now()));
    let merged = merged.map_err(|error| cloud.in_cloud(error))?;
    let names = |names: &[WalletName]| names.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>();
    let damaged: Vec<_> = merged.damaged.iter().map(ToString::to_string).collect();
    let object = json!({
        "name": args.name, "added": names(&merged.added), "known": names(&merged.known), "damaged": damaged,
    });
    let text = match merged.added.as_slice() {
        [] => "no wallet was sealed under it that is not under the password of today already".to_owned(),
        added => format!("taken over: {}", names(added).join(", ")),
    };
    ui.result(&object, &text)?;
    ui.note(&format!(
        "what the old password seals stays there as well, until `keyark cloud change-password {name} --rekey` or `keyark cloud remove {name} \
         --older`",
        name = args.name
    ));
    tell_drill(&args.name, ui);
    merged.damaged.into_iter().next().map_or(Ok(()), |error| Err(cloud.in_cloud(error)))
}

pub(super) fn recovery_code(args: &CloudRecoveryCode, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_stdin(&args.password, &[])?;
    let cloud = Cloud::known(&args.name, home)?;
    let [(_, password), (_, code)] = args.password.files();
    let plan = Plan::paper_or_file(args.recovery_code_out.as_deref(), &cloud, &[password, code])?;
    let mut open = cloud.unlock(&args.password, ui)?;
    check_current(&cloud, &open)?;
    cloud.check_whole(&open)?;
    let had_one = open.unlocked.has_recovery()?;
    let made = plan.make(&cloud, ui)?;
    set_recovery(&cloud, &mut open, made.as_ref(), args.work.work_factor, ui)?;
    let object = json!({ "name": args.name, "recovery_code": true, "replaced": had_one });
    ui.result(&object, &format!("{} has a new recovery code", cloud.title()))?;
    made.iter().for_each(|made| made.tell(ui));
    if had_one {
        ui.note("the one before opens nothing any more but copies of the vault that were taken before: cross it out");
    }
    Ok(())
}
