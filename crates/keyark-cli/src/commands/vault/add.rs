//! `keyark new` and `keyark import`: wallets that come into the vault.

use keyark::phrase::Phrase;
use keyark::vault::{KeepPassphrase, Timestamp, WalletName, WalletRecord, WalletSecret, key_record, phrase_record};
use keyark::{Chain, Error, ErrorKind, KeystoreSecret, Network, Registry, Result, SecretText};
use serde::Serialize;

use super::{AccountRow, Home, account_table};
use crate::args::{Import, NewWallet, Words};
use crate::commands::{Asked, keystore, read_passphrase, read_phrase};
use crate::input::{Secret, check_one_stdin};
use crate::ui::{Ui, quoted};

pub(in crate::commands) fn new(args: &NewWallet, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let name = WalletName::new(&args.name)?; // before anything is asked for
    let open = home.unlock_if_there(&args.vault, ui)?;
    if let Some(local) = &open {
        check_free(&local.unlocked, &name)?;
    }
    let phrase = Phrase::generate(args.words, args.language)?;
    let record = phrase_record(name, &phrase, &SecretText::from(""), KeepPassphrase::Kept, Timestamp::now())?;
    home.put(open, &record, &args.vault, args.work.work_factor, ui)?;
    tell(&record, Origin::New, ui)
}

pub(in crate::commands) fn import(args: &Import, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let name = WalletName::new(&args.name)?;
    check_one_stdin(&[
        ("--phrase-file", args.words.phrase_file.as_deref()),
        ("--passphrase-file", args.words.passphrase_file.as_deref()),
        ("--key-file", args.key_file.as_deref()),
        ("--keystore-password-file", args.keystore_password_file.as_deref()),
        ("--password-file", args.vault.password_file.as_deref()),
    ])?;
    check_flags(&args.words, args.chain.is_some(), args.network.get().filter(|_| args.keystore.is_none()))?;
    if args.keystore.is_none() && args.keystore_password_file.is_some() {
        let problem = "--keystore-password-file goes with --keystore";
        return Err(Error::new(ErrorKind::Usage, problem, "name the keystore file, or leave the flag away"));
    }
    let chain = args.chain.as_deref().map(|id| Registry::installed()?.get(id)).transpose()?;
    if let Some(chain) = chain {
        chain.info().check_network(args.network.get().unwrap_or_default())?;
    }
    let source = Source {
        chain,
        key_file: args.key_file.as_deref(),
        network: args.network.get(),
        words: &args.words,
        note_passphrase: args.note_passphrase,
    };
    args.keystore.as_deref().map(keystore::read).transpose()?; // that it is one, before anything is asked for
    let open = home.unlock_if_there(&args.vault, ui)?; // before the words are typed, which a slip in the password would lose
    if let Some(local) = &open {
        check_free(&local.unlocked, &name)?;
    }
    let now = Timestamp::now();
    let record = match &args.keystore {
        Some(file) => from_keystore(name, file, args, now, ui)?,
        None => source.read(name, now, ui)?,
    };
    home.put(open, &record, &args.vault, args.work.work_factor, ui)?;
    tell(&record, Origin::Brought, ui)
}

/// That a chain is named for a private key only, and a network only with a chain: words are a wallet on all of them.
pub(super) fn check_flags(words: &Words, chain: bool, network: Option<Network>) -> Result<()> {
    let has_words = words.files().iter().any(Option::is_some) || words.ask_passphrase || words.language.is_some();
    let flag = match (chain, network) {
        (true, _) if has_words => "--chain",
        (false, Some(_)) => "--network",
        _ => return Ok(()),
    };
    Err(Error::new(
        ErrorKind::Usage,
        format!("{flag} goes with a private key; words are a wallet on every chain"),
        format!("leave {flag} away, or name the chain of a private key without words"),
    ))
}

/// Words or a private key, as the person names them.
pub(super) struct Source<'a> {
    /// The chain of a private key; words are a wallet on every chain.
    pub(super) chain: Option<&'static dyn Chain>,
    pub(super) key_file: Option<&'a std::path::Path>,
    pub(super) network: Option<Network>,
    pub(super) words: &'a Words,
    pub(super) note_passphrase: bool,
}

impl Source<'_> {
    /// The record of the wallet, under this name.
    pub(super) fn read(&self, name: WalletName, now: Timestamp, ui: &mut Ui<'_>) -> Result<WalletRecord> {
        if let Some(chain) = self.chain {
            let text = Secret { flag: "--key-file", file: self.key_file, prompt: "Private key" }.read()?;
            let imported = chain.import_key(&SecretText::from(text.expose().trim()))?;
            ui.warnings(&imported.warnings);
            let own = imported.networks.first().copied().unwrap_or_default();
            let network = self.network.unwrap_or(own);
            if !imported.networks.contains(&network) {
                return Err(Error::malformed(
                    format!("this private key is for {own}, not for {network}"),
                    format!("ask for {own}, or use a key of {network}"),
                ));
            }
            return key_record(name, chain, imported.private_key, network, now);
        }
        let phrase = read_phrase(self.words.phrase_file.as_deref(), self.words.language)?;
        let passphrase = read_passphrase(self.words, Asked::Twice, ui)?;
        let keep = if self.note_passphrase { KeepPassphrase::Noted } else { KeepPassphrase::Kept };
        if self.note_passphrase && passphrase.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "there is no passphrase to note",
                "give it with --ask-passphrase or --passphrase-file, or leave --note-passphrase away",
            ));
        }
        phrase_record(name, &phrase, &passphrase, keep, now)
    }
}

fn from_keystore(
    name: WalletName,
    file: &std::path::Path,
    args: &Import,
    now: Timestamp,
    ui: &mut Ui<'_>,
) -> Result<WalletRecord> {
    let (chain, opened) = keystore::open_file(file, args.keystore_password_file.as_deref(), ui)?;
    ui.warnings(&opened.warnings);
    match opened.secret {
        KeystoreSecret::Key(key) => key_record(name, chain, key, args.network.get().unwrap_or_default(), now),
        KeystoreSecret::Phrase(text) => {
            phrase_record(name, &Phrase::parse(&text)?, &SecretText::from(""), KeepPassphrase::Kept, now)
        }
        _ => Err(Error::malformed("the keystore holds something unknown", "use a newer keyark")),
    }
}

/// That no wallet has the name, before words are made for it.
fn check_free(vault: &keyark::vault::Unlocked, name: &WalletName) -> Result<()> {
    if vault.wallets()?.iter().any(|entry| entry.name.same_as(name)) {
        return Err(Error::new(
            ErrorKind::AlreadyExists,
            format!("there is a wallet called {name} already"),
            "choose another name",
        ));
    }
    Ok(())
}

#[derive(Serialize)]
struct Added<'a> {
    name: &'a str,
    id: String,
    fingerprint: Option<String>,
    backed_up: bool,
    accounts: Vec<AccountRow<'a>>,
}

/// Where a wallet comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// From randomness: nothing else has it.
    New,
    /// From a person's own words, key or file.
    Brought,
}

/// What was added: its default addresses, and that it is not backed up.
pub(super) fn tell(record: &WalletRecord, origin: Origin, ui: &mut Ui<'_>) -> Result<()> {
    let object = Added {
        name: record.name.as_str(),
        id: record.id().to_string(),
        fingerprint: record.fingerprint.map(|fingerprint| fingerprint.to_string()),
        backed_up: record.is_backed_up(),
        accounts: record.accounts.iter().map(AccountRow::of).collect(),
    };
    let registry = Registry::installed()?;
    let only_one = matches!(record.secret(), WalletSecret::PrivateKey { .. });
    let is_default = |account: &&keyark::vault::Account| {
        only_one
            || registry
                .get(&account.chain)
                .and_then(|chain| chain.info().default_kind())
                .is_ok_and(|kind| kind.id == account.kind)
    };
    let shown = account_table(record.accounts.iter().filter(is_default), ui.width());
    ui.result(&object, &shown)?;
    let (name, how) = (record.name.as_str(), if only_one { "key" } else { "phrase" });
    let why = match origin {
        Origin::New => "is not backed up: if this computer is lost, so is the wallet. Back it up now:",
        Origin::Brought => "counts as not backed up until its paper has been proved:",
    };
    ui.note(&format!("{name} {why}\n  keyark backup {how} {}", quoted(name)));
    Ok(())
}
