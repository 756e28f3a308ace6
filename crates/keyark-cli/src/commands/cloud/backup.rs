//! `keyark backup cloud`: copies of wallets go into a cloud vault, and are proved from there.

use std::collections::BTreeMap;
use std::path::Path;

use keyark::vault::{
    AskPassphrase, Drill, Passphrase, Receipt, Timestamp, Unlocked, WalletId, WalletName, back_up, wallet_of,
};
use keyark::{Error, ErrorKind, Result, SecretText};
use serde_json::json;

use super::{Cloud, check_elsewhere, check_stdin, warn_of_same_password};
use crate::args::BackupCloud;
use crate::commands::vault::Home;
use crate::commands::vault::export::Ask;
use crate::input::Secret;
use crate::ui::{Ui, printable, quoted};
use crate::{progress, terminal};

pub(in crate::commands) fn run(args: &BackupCloud, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    if args.wallets.is_empty() && !args.all {
        return Err(Error::new(ErrorKind::Usage, "no wallet was named", "name a wallet, or say --all"));
    }
    let (password, passphrase) = (args.vault.password_file.as_deref(), args.passphrase_file.as_deref());
    check_stdin(&args.password, &[("--password-file", password), ("--passphrase-file", passphrase)])?;
    let cloud = Cloud::known(&args.to, home)?;
    check_elsewhere(&cloud.entry.location, home)?;
    let mut local = home.unlock(&args.vault, ui)?;
    if let Some(error) = local.unlocked.broken() {
        return Err(error.clone());
    }
    let wallets = choose(&local.unlocked, &args.wallets)?;
    let why = match wallets.len() {
        1 => format!("a copy of a wallet is about to go into {}", cloud.title()),
        many => format!("copies of {many} wallets are about to go into {}", cloud.title()),
    };
    local.unlocked.confirm(&Ask::new(&args.vault), &why)?;
    let ask = Passphrases::of(&local.unlocked, &wallets, passphrase, ui)?;
    let mut open = cloud.unlock(&args.password, ui)?;
    cloud.check_whole(&open)?;
    if !open.unlocked.is_current() {
        return Err(Error::new(
            ErrorKind::Locked,
            format!("this is an older password of {}: nothing new is sealed under it", cloud.title()),
            "give the password of today",
        ));
    }
    let (now, place) = (Timestamp::now(), cloud.entry.name.as_str());
    let receipts = progress::during(ui, "copying, and reading the copies back", || {
        back_up(&mut local.unlocked, &wallets, &mut open.unlocked, place, &ask, now)
    })?;
    receipts.iter().try_for_each(|receipt| tell(receipt, &cloud, &local.unlocked, ui))?;
    if let Some(hint) = cloud.entry.location.hint() {
        ui.note(&format!("note: {}", printable(&hint)));
    }
    if local.password.is_some() && local.password == open.password {
        warn_of_same_password(place, ui);
    }
    if !local.unlocked.is_current() {
        ui.note("none of it is noted here: wallets under an older password are not changed");
    }
    finish(&receipts, &cloud)
}

/// The wallets of these names or ids, each once; all of them if none is named.
pub(super) fn choose(vault: &Unlocked, names: &[String]) -> Result<Vec<WalletId>> {
    if !names.is_empty() {
        return names.iter().map(|name| vault.find(name).map(|entry| entry.id)).collect();
    }
    let all: Vec<_> = vault.wallets()?.iter().map(|entry| entry.id).collect();
    if all.is_empty() {
        let problem = "the vault has no wallets yet";
        return Err(Error::new(
            ErrorKind::NotFound,
            problem,
            "`keyark new NAME` makes one, `keyark import NAME` takes one in",
        ));
    }
    Ok(all)
}

fn tell(receipt: &Receipt, cloud: &Cloud, local: &Unlocked, ui: &mut Ui<'_>) -> Result<()> {
    let place = &cloud.entry.name;
    let backed_up = local.find(&receipt.wallet.to_string()).is_ok_and(|entry| entry.is_backed_up());
    let (copy, date) = (receipt.copy.as_ref().map(WalletName::as_str), receipt.date.to_string());
    let object = json!({
        "name": receipt.name.as_str(),
        "id": receipt.wallet.to_string(),
        "to": place,
        "copy": copy,
        "made": copy.map(|_| &date),
        "verified": receipt.is_proved().then_some(&date),
        "addresses": receipt.result.as_ref().map_or(0, |drill| drill.compared),
        "backed_up": backed_up,
    });
    let name = printable(receipt.name.as_str());
    let called = match copy {
        Some(copy) if copy != receipt.name.as_str() => format!(" as {}", printable(copy)),
        _ => String::new(),
    };
    let text = match (&receipt.result, copy) {
        (Ok(drill), _) => format!("{name}: copied to {place}{called}, read back, {}", compared(drill)),
        (Err(_), _) if receipt.lacks_passphrase() => {
            format!("{name}: copied to {place}{called}; made, not proved: its passphrase is not at hand")
        }
        (Err(error), Some(_)) => {
            format!("{name}: copied to {place}{called}, but NOT proved: {}", printable(&error.to_string()))
        }
        (Err(error), None) => format!("{name}: NOT copied: {}", printable(&error.to_string())),
    };
    ui.result(&object, &text)?;
    if let Ok(drill) = &receipt.result {
        tell_unknown(&name, drill, ui);
    }
    if receipt.lacks_passphrase() {
        let again = quoted(receipt.name.as_str());
        ui.note(&format!("prove it with the passphrase: keyark verify {again} --from {place}"));
    }
    Ok(())
}

/// What was compared.
pub(super) fn compared(drill: &Drill) -> String {
    match drill.compared {
        1 => "its address matches".to_owned(),
        many => format!("all {many} addresses match"),
    }
}

/// Tells of addresses that this keyark cannot derive.
pub(super) fn tell_unknown(name: &str, drill: &Drill, ui: &mut Ui<'_>) {
    if drill.unknown.is_empty() {
        return;
    }
    let kinds: Vec<_> = drill.unknown.iter().map(ToString::to_string).collect();
    let kinds = printable(&kinds.join(", "));
    ui.note(&format!("note: {name} has addresses that a newer keyark recorded and this one cannot derive: {kinds}"));
}

/// Fails if a copy was not proved for another reason than that a passphrase was left out.
fn finish(receipts: &[Receipt], cloud: &Cloud) -> Result<()> {
    let failed: Vec<_> =
        receipts.iter().filter(|receipt| !receipt.is_proved() && !receipt.lacks_passphrase()).collect();
    let Some(first) = failed.first() else { return Ok(()) };
    let (name, title) = (&first.name, cloud.title());
    let problem = match failed.len() {
        1 => format!("{name} is not backed up in {title}: its copy is not proved"),
        many => format!("{many} of {} wallets are not backed up in {title}, the first of them {name}", receipts.len()),
    };
    let remedy = first.result.as_ref().err().map_or_else(String::new, |error| error.remedy().to_owned());
    Err(Error::new(ErrorKind::Mismatch, problem, remedy))
}

/// Passphrases that the vault only notes, asked for before the work begins.
pub(super) struct Passphrases(BTreeMap<String, SecretText>);

impl AskPassphrase for Passphrases {
    fn ask(&self, wallet: &WalletName) -> Result<Option<SecretText>> {
        Ok(self.0.get(wallet.as_str()).cloned())
    }
}

impl Passphrases {
    /// The passphrases of those wallets that need one.
    pub(super) fn of(vault: &Unlocked, wallets: &[WalletId], file: Option<&Path>, ui: &mut Ui<'_>) -> Result<Self> {
        Self::ask_all(vault, wallets, file, ui, &mut Err)
    }

    /// As [`of`](Self::of), where a wrong passphrase of one wallet does not keep the others from being looked at. With the first that was wrong.
    pub(super) fn of_any(
        vault: &Unlocked,
        wallets: &[WalletId],
        file: Option<&Path>,
        ui: &mut Ui<'_>,
    ) -> Result<(Self, Option<Error>)> {
        let mut first = None;
        let found = Self::ask_all(vault, wallets, file, ui, &mut |error| {
            first.get_or_insert(error);
            Ok(())
        })?;
        Ok((found, first))
    }

    /// `wrong` is given what is said of a passphrase that is another one.
    fn ask_all(
        vault: &Unlocked,
        wallets: &[WalletId],
        file: Option<&Path>,
        ui: &mut Ui<'_>,
        wrong: &mut dyn FnMut(Error) -> Result<()>,
    ) -> Result<Self> {
        let records = vault.records(wallets).into_iter().flatten();
        let records: Vec<_> = records.filter(|record| record.passphrase == Passphrase::Noted).collect();
        let mut typed = Typed::new(file, records.first().map(|record| &record.name))?;
        let mut found = BTreeMap::new();
        for record in &records {
            let fits = |passphrase: &SecretText| wallet_of(record, Some(passphrase)).map(drop);
            match typed.read(&record.name, fits, ui) {
                Ok(Some(passphrase)) => {
                    found.insert(record.name.as_str().to_owned(), passphrase);
                }
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Mismatch => wrong(error)?,
                Err(error) => return Err(error),
            }
        }
        typed.check_used().or_else(wrong)?;
        Ok(Self(found))
    }
}

/// Where a passphrase is read from: a file for every wallet that it fits, or the terminal.
pub(super) struct Typed {
    from_file: Option<SecretText>,
    used: bool,
    /// Why it does not fit the first wallet that it does not fit.
    misfit: Option<Error>,
}

impl Typed {
    /// `first` is a wallet that needs one, if there is any.
    pub(super) fn new(file: Option<&Path>, first: Option<&WalletName>) -> Result<Self> {
        if file.is_some() && first.is_none() {
            return Err(Error::new(
                ErrorKind::Usage,
                "none of these wallets has a passphrase that the vault does not know",
                "leave --passphrase-file away",
            ));
        }
        let read = |file| Secret { flag: "--passphrase-file", file: Some(file), prompt: "BIP-39 passphrase" }.read();
        Ok(Self { from_file: file.map(read).transpose()?, used: false, misfit: None })
    }

    /// The passphrase of a wallet; `None` where there is nobody to ask, or the person presses Enter.
    pub(super) fn read(
        &mut self,
        name: &WalletName,
        mut fits: impl FnMut(&SecretText) -> Result<()>,
        ui: &mut Ui<'_>,
    ) -> Result<Option<SecretText>> {
        if let Some(passphrase) = &self.from_file {
            return match fits(passphrase) {
                Ok(()) => {
                    self.used = true;
                    Ok(Some(passphrase.clone()))
                }
                Err(error) if error.kind() == ErrorKind::Mismatch => {
                    self.misfit.get_or_insert(error);
                    Ok(None)
                }
                Err(error) => Err(error),
            };
        }
        if !terminal::can_ask() {
            return Ok(None);
        }
        let prompt = format!("BIP-39 passphrase of {}, or Enter to go on without a proof", printable(name.as_str()));
        for left in (0..3).rev() {
            let typed = Secret { flag: "--passphrase-file", file: None, prompt: &prompt }.read()?;
            if typed.is_empty() {
                return Ok(None);
            }
            match fits(&typed) {
                Ok(()) => return Ok(Some(typed)),
                Err(error) if error.kind() == ErrorKind::Mismatch && left > 0 => ui.error(&error),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// That the file's passphrase was one of these wallets'.
    pub(super) fn check_used(self) -> Result<()> {
        if self.used { Ok(()) } else { self.misfit.map_or(Ok(()), Err) }
    }
}
