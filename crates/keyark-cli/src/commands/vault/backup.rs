//! `keyark backup`: the wallet goes onto paper, and the paper is proved; copies in clouds have a file of their own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use keyark::phrase::Phrase;
use keyark::vault::{Backup, BackupMethod, Passphrase, Timestamp, WalletRecord, WalletSecret};
use keyark::{Error, ErrorKind, Registry, Result, SecretText, Wallet};
use serde_json::json;
use zeroize::Zeroizing;

use super::export::Ask;
use super::list::command;
use super::{Home, Local};
use crate::args::{BackupCommand, VaultPassword};
use crate::commands::{cloud, phrase};
use crate::input::Secret;
use crate::ui::{Ui, printable, quoted};
use crate::{screen, terminal};

pub(in crate::commands) fn run(command: BackupCommand, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        BackupCommand::Phrase { wallet, answers_file, passphrase_file, vault } => {
            let paper = Paper { answers: answers_file.as_deref(), passphrase: passphrase_file.as_deref() };
            words(&wallet, &paper, &vault, home, ui)
        }
        BackupCommand::Cloud(args) => cloud::backup::run(&args, home, ui),
        BackupCommand::Forget { wallet, to, vault } => forget(&wallet, &to, &vault, home, ui),
        BackupCommand::Key { wallet, answers_file, vault } => key(&wallet, answers_file.as_deref(), &vault, home, ui),
    }
}

/// The wallet whose secret is to be shown, if the vault's policy agrees.
fn open(wallet: &str, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<(Local, WalletRecord)> {
    let local = home.unlock(password, ui)?;
    if let Some(error) = local.unlocked.broken() {
        return Err(error.clone());
    }
    let record = local.unlocked.record(local.unlocked.find(wallet)?.id)?;
    local.unlocked.confirm(&Ask::new(password), &format!("the secret of {} is about to be shown", record.name))?;
    Ok((local, record))
}

/// What was written down, where it is in files.
struct Paper<'a> {
    answers: Option<&'a Path>,
    passphrase: Option<&'a Path>,
}

fn words(wallet: &str, paper: &Paper<'_>, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_can_show(paper.answers)?;
    let (local, record) = open(wallet, password, home, ui)?;
    let WalletSecret::Phrase(phrase) = record.secret() else {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} is one private key and has no words", record.name),
            format!("keyark backup key {}", quoted(record.name.as_str())),
        ));
    };
    let proof = quiz(phrase, paper.answers, ui)?;
    prove_passphrase(&record, phrase, paper, ui)?;
    mark(local, &record, BackupMethod::Phrase, Some(proof), ui)
}

/// Words without their passphrase are another wallet: it has to be on paper too, on another one.
fn prove_passphrase(record: &WalletRecord, phrase: &Phrase, paper: &Paper<'_>, ui: &mut Ui<'_>) -> Result<()> {
    if record.passphrase == Passphrase::None {
        return Ok(());
    }
    if let (Passphrase::Kept(kept), None) = (&record.passphrase, paper.answers) {
        show(&Zeroizing::new(format!(
            "{} also has a BIP-39 passphrase: without it, the words give another wallet.\n\
             Write it down, character by character, apart from the words.\n\n{}",
            record.name,
            kept.expose()
        )))?;
    } else {
        ui.note("this wallet also has a BIP-39 passphrase, which belongs on another paper than the words");
    }
    let secret =
        Secret { flag: "--passphrase-file", file: paper.passphrase, prompt: "BIP-39 passphrase, from the paper" };
    let written = Wallet::from_phrase(phrase, &secret.read()?)?;
    if record.fingerprint == Some(written.fingerprint()?) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Mismatch,
        "what was written down is another passphrase: it gives another wallet",
        "compare capitals, spaces and accents, and try again",
    ))
}

/// Shows the words and asks for them, or takes the answers from a file.
fn quiz(phrase: &Phrase, answers: Option<&Path>, ui: &mut Ui<'_>) -> Result<String> {
    let most = phrase.word_count().as_usize(); // a paper with one wrong word is no backup
    let proof = match answers {
        Some(_) => phrase::quiz(phrase, None, answers, ui)?,
        None => phrase::teach(phrase, most, "Ctrl-C stops; the wallet stays, not backed up.", ui)?,
    };
    Ok(proof.to_text())
}

fn key(wallet: &str, answers: Option<&Path>, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    check_can_show(answers)?;
    let (local, record) = open(wallet, password, home, ui)?;
    let WalletSecret::PrivateKey { chain, network, key } = record.secret() else {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} has words, which give all of its keys", record.name),
            format!("keyark backup phrase {}", quoted(record.name.as_str())),
        ));
    };
    let chain = Registry::installed()?.get(chain)?;
    let whole = Wallet::from_private_key(chain, key.clone(), *network)?;
    let whole = whole.key(chain, chain.info().default_kind()?, keyark::Position::default(), *network)?;
    if answers.is_none() {
        let policy = local.unlocked.export_policy(Some(Arc::new(Ask::new(password))))?;
        let text = whole.export_private_key(&policy, None)?.text;
        show_key(&record, text.expose())?;
    }
    let secret = Secret { flag: "--answers-file", file: answers, prompt: "The private key, from the paper" };
    let mut tries = if answers.is_none() { 3 } else { 1 };
    loop {
        tries -= 1;
        let typed = secret.read()?;
        let typed = chain.import_key(&SecretText::from(typed.expose().trim())).map(|imported| imported.private_key);
        let error = match typed {
            Ok(typed) if typed == *key => break,
            Ok(_) => Error::new(
                ErrorKind::Mismatch,
                "what was written down is another private key",
                "compare the paper with the key, character by character, and try again",
            ),
            Err(error) => error,
        };
        if tries == 0 {
            return Err(error);
        }
        ui.error(&error);
    }
    mark(local, &record, BackupMethod::PrivateKey, None, ui)
}

fn show_key(record: &WalletRecord, key: &str) -> Result<()> {
    show(&Zeroizing::new(format!(
        "The private key of {}. Make sure that nobody and no camera sees this screen.\n\
         Write it on paper, and show it to nobody: whoever has it has the money.\n\n{key}",
        record.name
    )))
}

/// Shows a secret on a screen of its own.
fn show(text: &str) -> Result<()> {
    screen::show(text).map_err(|error| {
        Error::new(ErrorKind::Storage, format!("the terminal could not be used: {error}"), "try again on a terminal")
    })
}

/// That there is a screen to show a secret on, before the vault is opened.
fn check_can_show(answers: Option<&Path>) -> Result<()> {
    if answers.is_some() || terminal::can_ask() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        "there is no terminal to show the secret on and to ask for it, and no --answers-file",
        "run it on a terminal, or give --answers-file FILE with what was written down",
    ))
}

/// Notes in the vault that the paper is right.
fn mark(
    mut local: Local,
    record: &WalletRecord,
    method: BackupMethod,
    proof: Option<String>,
    ui: &mut Ui<'_>,
) -> Result<()> {
    let now = Timestamp::now();
    let object = json!({
        "name": record.name.as_str(),
        "method": method.id(),
        "to": "paper",
        "made": now.to_string(),
        "verified": now.to_string(),
        "backed_up": true,
    });
    let mut backup = Backup::new(method, Some("paper".to_owned()), now);
    backup.verified = Some(now);
    backup.detail = proof;
    backup.accounts = u64::try_from(record.accounts.len()).ok();
    if local.unlocked.is_current() {
        local.unlocked.update(record.id(), now, |record| {
            record.record_backup(backup);
            Ok(())
        })?;
    } else {
        ui.note("the paper is right, but that is not noted: wallets under an older password are not changed");
    }
    ui.result(&object, &format!("{} is backed up: the paper is right", record.name))?;
    ui.note("keep the paper where neither fire nor water nor a stranger finds it, and never make a picture of it");
    Ok(())
}

/// Forgets that a backup was made; the backup itself, where there still is one, is not touched.
fn forget(wallet: &str, to: &str, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let mut local = home.unlock(password, ui)?;
    let entry = local.unlocked.find(wallet)?.clone();
    let is_there = |backup: &Backup| backup.to.as_deref().is_some_and(|place| is_place(place, to));
    let forgotten = entry.backups.iter().filter(|backup| is_there(backup)).count();
    if forgotten == 0 {
        let known: Vec<_> = entry.backups.iter().filter_map(|backup| backup.to.as_deref()).map(printable).collect();
        let remedy = match known.as_slice() {
            [] => "no backup of it is noted at all".to_owned(),
            known => format!("use one of: {}", known.join(", ")),
        };
        let problem = format!("no backup of {} to that place is noted", entry.name);
        return Err(Error::new(ErrorKind::NotFound, problem, remedy));
    }
    let now = Timestamp::now();
    local.unlocked.update(entry.id, now, |record| {
        record.backups.retain(|backup| !is_there(backup));
        Ok(())
    })?;
    let entry = local.unlocked.find(&entry.id.to_string())?;
    let name = entry.name.as_str();
    let backed_up = entry.is_backed_up();
    let object = json!({ "name": name, "to": to, "forgotten": forgotten, "backed_up": backed_up });
    ui.result(&object, &format!("the backup of {name} to {} is forgotten", printable(to)))?;
    match entry.ledger(&BTreeMap::new(), now).remedy() {
        Some(remedy) if !backed_up => ui.note(&format!("it is NOT backed up now:\n  {}", command(entry, &remedy))),
        _ => {}
    }
    Ok(())
}

/// Whether a backup's place is the one that was typed: a file is listed by its name alone.
fn is_place(place: &str, typed: &str) -> bool {
    place == typed || (!place.contains("://") && place.rsplit('/').next() == Some(typed))
}
