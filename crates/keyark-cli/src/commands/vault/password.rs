//! `keyark password`: change it, set a new one when it is forgotten, take over what is sealed under an old one.

use keyark::vault::{NewPassword, Password, Timestamp, WalletName};
use keyark::{Error, ErrorKind, Registry, Result};
use serde_json::json;

use super::export::Ask;
use super::{Home, Local, NewPasswordFlag, THIS_VAULT, add, keychain, known_words};
use crate::args::{NewPasswordArgs, PasswordCommand, PasswordReset, VaultPassword};
use crate::input::Secret;
use crate::progress;
use crate::ui::{Ui, table};

pub(in crate::commands) fn run(command: PasswordCommand, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        PasswordCommand::Change { rekey, new, vault } => change(rekey, &new, &vault, home, ui),
        PasswordCommand::Reset(args) => reset(&args, home, ui),
        PasswordCommand::Merge { old_password_file, vault } => merge(old_password_file.as_deref(), &vault, home, ui),
        PasswordCommand::List => list(home, ui),
        PasswordCommand::Keychain { state, vault } => keychain::switch(state, &vault, home, ui),
    }
}

fn change(rekey: bool, new: &NewPasswordArgs, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let mut local = home.unlock(password, ui)?;
    if local.password.is_none() {
        // The keychain has opened it: a policy that asks for the password is not evaded by setting another one.
        local.unlocked.confirm(&Ask::new(password), "the password is about to be changed")?;
    }
    // The words too: a password that is made of them gives the wallet away with the password.
    let records = local.unlocked.wallets()?.iter().filter_map(|entry| local.unlocked.record(entry.id).ok());
    let known: Vec<_> = records.flat_map(|record| known_words(&record)).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let is_current = local.unlocked.is_current();
    let count = local.unlocked.wallets()?.len();
    let flag = NewPasswordFlag { flag: "--new-password-file", file: new.new_password_file.as_deref(), of: THIS_VAULT };
    let new_password = flag.read(&known, ui)?;
    check_differs(&new_password, &local, ui)?;
    let (work, now) = (new.work.work_factor, Timestamp::now());
    // An older password begins anew with its wallets: what the password of today seals is left as it is.
    let begins_anew = rekey || !is_current;
    if begins_anew {
        keychain::forget(&mut local, home, ui);
    }
    let sealed = progress::during(ui, "sealing the vault", || match begins_anew {
        true => local.unlocked.rekey(&new_password, work, now),
        false => local.unlocked.change_password(&new_password, work, now),
    });
    if begins_anew {
        keychain::renew(&mut local, home, ui);
    }
    sealed?;
    let object = json!({ "changed": true, "rekeyed": rekey, "wallets": count });
    ui.result(&object, "the vault has a new password")?;
    ui.note(match (is_current, rekey) {
        (true, true) => {
            "every wallet is sealed anew, and the old files are removed from this vault. Copies of it that were made before \
             still open with the old password, as they were then: remove those that you do not need"
        }
        (true, false) => {
            "copies of the vault that were made before still open with the old password. If somebody may have that password \
             and a copy: keyark password change --rekey, and move the funds"
        }
        (false, _) => {
            "the vault begins anew with these wallets, under the new password. What was sealed under other passwords stays \
             where it is: `keyark password merge` takes it over"
        }
    });
    Ok(())
}

/// That the new password is another one than the old one, also where the keychain has opened the vault and nobody has typed that.
fn check_differs(new: &NewPassword, local: &Local, ui: &Ui<'_>) -> Result<()> {
    let is_old = || local.unlocked.check_password(new.as_password()).is_ok();
    match &local.password {
        Some(old) => new.differs_from(old),
        None if progress::during(ui, "comparing it with the old one", is_old) => new.differs_from(new.as_password()),
        None => Ok(()),
    }
}

fn reset(args: &PasswordReset, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let name = WalletName::new(&args.wallet)?;
    add::check_flags(&args.words, args.chain.is_some(), args.network.get())?;
    let chain = args.chain.as_deref().map(|id| Registry::installed()?.get(id)).transpose()?;
    let vault = home.vault()?;
    let source = add::Source {
        chain,
        key_file: args.key_file.as_deref(),
        network: args.network.get(),
        words: &args.words,
        note_passphrase: args.note_passphrase,
    };
    let now = Timestamp::now();
    let record = source.read(name, now, ui)?;
    let known = known_words(&record);
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let flag =
        NewPasswordFlag { flag: "--new-password-file", file: args.new.new_password_file.as_deref(), of: THIS_VAULT };
    let password = flag.read(&known, ui)?;
    let work = args.new.work.work_factor;
    let unlocked = progress::during(ui, "sealing the wallet", || vault.reset(&record, &password, work, now))?;
    drop(Local { unlocked, password: Some(password.as_password().clone()), home: home.clone(), accepted: false });
    add::tell(&record, add::Origin::Brought, ui)?;
    ui.note(
        "it is sealed under the new password. Whatever else was in the vault stays sealed under the old one: if that comes \
         back to mind, `keyark password merge` takes it over; with words or keys, `keyark import` does",
    );
    Ok(())
}

fn merge(old: Option<&std::path::Path>, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let vault = home.vault()?;
    let mut local = home.unlock_found(&vault, password, ui)?;
    let old = Secret { flag: "--old-password-file", file: old, prompt: "The old password" }.read()?;
    let old = Password::new(&old)?;
    let now = local.unlocked.epoch();
    let open = || {
        vault
            .epochs()
            .iter()
            .rev()
            .filter(|epoch| epoch.number < now)
            .find_map(|epoch| vault.unlock_epoch(epoch.number, &old).ok())
    };
    let older = progress::during(ui, "opening what is sealed under it", open).ok_or_else(|| {
        let problem = "nothing that a reset has set aside in this vault is sealed under that password";
        let remedy = "check capitals and the keyboard; `keyark password list` shows the dates";
        Error::new(ErrorKind::WrongPassword, problem, remedy)
    })?;
    let merged = local.unlocked.merge(&older, Timestamp::now())?;
    let names = |names: &[WalletName]| names.iter().map(WalletName::as_str).collect::<Vec<_>>().join(", ");
    let damaged: Vec<_> = merged.damaged.iter().map(ToString::to_string).collect();
    let object = json!({
        "added": merged.added.iter().map(WalletName::as_str).collect::<Vec<_>>(),
        "known": merged.known.iter().map(WalletName::as_str).collect::<Vec<_>>(),
        "damaged": damaged,
    });
    let text = match merged.added.as_slice() {
        [] => "no wallet was sealed under it that is not in the vault already".to_owned(),
        added => format!("taken over: {}", names(added)),
    };
    ui.result(&object, &text)?;
    ui.note("what the old password seals stays where it is until `keyark password change --rekey`");
    merged.damaged.into_iter().next().map_or(Ok(()), |error: Error| Err(error))
}

fn list(home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let vault = home.vault()?;
    let newest = vault.epochs().last().map(|epoch| epoch.number);
    let mut rows = vec![["PASSWORD SET ON", "", "SEALED RECORDS"].map(str::to_owned).to_vec()];
    for epoch in vault.epochs().iter().rev() {
        let current = Some(epoch.number) == newest;
        let records = vault.count_records(epoch.number)?;
        if ui.json {
            let set = epoch.password_set.map(|set| set.to_string());
            ui.result(
                &json!({ "epoch": epoch.number, "password_set": set, "current": current, "records": records }),
                "",
            )?;
        }
        let set = epoch.password_set.map_or_else(|| "not known".to_owned(), |set| set.date());
        let state = if current { "the password of today" } else { "an older one, set aside by a reset" };
        rows.push(vec![set, state.to_owned(), records.to_string()]);
    }
    ui.text(&table(&rows, ui.width()))
}
