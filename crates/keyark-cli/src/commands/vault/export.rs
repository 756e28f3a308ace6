//! `keyark export`: what leaves the vault, under its policy.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyark::vault::{AskPassword, Backup, BackupMethod, Timestamp, WalletRecord, WalletSecret};
use keyark::{
    AccountExport, AddressKind, Chain, ChainKey, Error, ErrorKind, ExportItem, ExportPolicy, KeystoreCost, Network,
    Position, Registry, Result, SecretText, Wallet, Warning,
};
use serde::Serialize;

use super::{Home, Local, wallet_from};
use crate::args::{ExportAccount, ExportCommand, ExportKey, ExportKeystore, OneAddress, VaultPassword};
use crate::commands::{ShownKey, account as account_command, check_out, key_format, keystore, path_of, to_out};
use crate::files;
use crate::input::Secret;
use crate::ui::{Ui, fields};

/// What a guess at the keystore's password costs, as a power of two: that of `KeystoreCost::default()`.
const KEYSTORE_WORK: u8 = 18;

pub(in crate::commands) fn run(command: ExportCommand, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        ExportCommand::Key(args) => key(&args, home, ui),
        ExportCommand::Keystore(args) => keystore_file(&args, home, ui),
        ExportCommand::Xpub(args) => account(&args, Part::Xpub, home, ui),
        ExportCommand::Descriptor(args) => account(&args, Part::Descriptor, home, ui),
    }
}

/// Asks for the vault's password once more, where its policy wants that.
pub(in crate::commands) struct Ask {
    file: Option<PathBuf>,
}

impl Ask {
    pub(in crate::commands) fn new(password: &VaultPassword) -> Self {
        Self { file: password.password_file.clone() }
    }
}

impl AskPassword for Ask {
    fn ask(&self, why: &str) -> Result<SecretText> {
        if self.file.as_deref().is_some_and(|file| file.as_os_str() == "-") {
            return Err(Error::new(
                ErrorKind::Usage,
                "this vault wants its password again before anything leaves, and standard input gave it once",
                "give the password in a file, or type it on a terminal",
            ));
        }
        let prompt = format!("{why}. Password of the vault, once more");
        Secret { flag: "--password-file", file: self.file.as_deref(), prompt: &prompt }.read()
    }
}

fn policy(local: &Local, password: &VaultPassword) -> Result<ExportPolicy> {
    local.unlocked.export_policy(Some(Arc::new(Ask::new(password))))
}

/// What an export is of.
struct Selected {
    record: WalletRecord,
    key: ChainKey,
    kind: &'static AddressKind,
}

impl OneAddress {
    /// The chain and kind that are meant, before anything is asked for.
    fn chain(&self, item: ExportItem) -> Result<(&'static dyn Chain, &'static AddressKind)> {
        let chain = Registry::installed()?.get(&self.chain)?;
        ExportPolicy::advertised().check(chain.info(), item)?;
        Ok((chain, kind(chain, self.kind.as_deref())?))
    }

    fn select(&self, local: &Local, chain: &'static dyn Chain, kind: &'static AddressKind) -> Result<Selected> {
        let (record, wallet) = open(local, &self.wallet, self.passphrase_file.as_deref())?;
        let own = wallet.only_chain().filter(|(own, _)| own.info().id == chain.info().id).map(|(_, network)| network);
        let network = self.network.get().or(own).unwrap_or_default();
        let position = Position { account: self.account, change: self.change, index: self.index };
        let key = wallet.key(chain, kind, position, network)?;
        Ok(Selected { record, key, kind })
    }
}

fn kind(chain: &dyn Chain, named: Option<&str>) -> Result<&'static AddressKind> {
    match named {
        Some(id) => chain.info().kind(id),
        None => chain.info().default_kind(),
    }
}

fn open(local: &Local, wallet: &str, passphrase: Option<&Path>) -> Result<(WalletRecord, Wallet)> {
    let record = local.unlocked.record(local.unlocked.find(wallet)?.id)?;
    let wallet = wallet_from(&record, passphrase)?;
    Ok((record, wallet))
}

/// What `export key` shows. It borrows the secret, so that no copies of it are left behind.
#[derive(Serialize)]
struct KeyObject<'a> {
    chain: &'a str,
    kind: &'a str,
    path: Option<String>,
    address: &'a str,
    format: &'a str,
    private_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_bits: Option<u32>,
    warnings: Vec<&'a str>,
}

fn key(args: &ExportKey, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let (chain, kind) = args.address.chain(ExportItem::PrivateKey)?;
    let format = args.format.as_deref();
    format.map(|id| chain.info().key_format(id)).transpose()?;
    check_out(&args.out, &[args.vault.password_file.as_deref(), args.address.passphrase_file.as_deref()])?;
    let local = home.unlock(&args.vault, ui)?;
    let policy = policy(&local, &args.vault)?;
    policy.check(chain.info(), ExportItem::PrivateKey)?;
    let selected = args.address.select(&local, chain, kind)?;
    let exported = selected.key.export_private_key(&policy, key_format(chain, format, args.secure_copy))?;
    let format = exported.format.id;
    let address = selected.key.address(kind)?;
    let shown = ShownKey::new(exported, args.secure_copy)?;
    let object = KeyObject {
        chain: chain.info().id,
        kind: kind.id,
        path: path_of(&selected.key),
        address: address.as_str(),
        format,
        private_key: shown.text.expose(),
        hidden_bits: shown.hidden.as_ref().map(|hidden| hidden.bits),
        warnings: shown.warnings.iter().map(Warning::message).collect(),
    };
    if !ui.json {
        ui.warnings(&shown.warnings);
        ui.note(&format!("the private key of {address} ({}):", path_of(&selected.key).as_deref().unwrap_or(kind.id)));
    }
    to_out(&args.out, ui, |ui| ui.result(&object, shown.text.expose()))?;
    shown.tell(address.as_str(), ui);
    Ok(())
}

fn keystore_file(args: &ExportKeystore, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let (chain, kind) = args.address.chain(ExportItem::Keystore)?;
    files::check_free(&args.out, args.force)?;
    let inputs = [&args.vault.password_file, &args.address.passphrase_file, &args.keystore_password_file];
    files::check_apart(&args.out, &inputs.map(|input| input.as_deref()))?;
    let mut local = home.unlock(&args.vault, ui)?;
    let policy = policy(&local, &args.vault)?;
    policy.check(chain.info(), ExportItem::Keystore)?;
    let selected = args.address.select(&local, chain, kind)?;
    let password_file = args.keystore_password_file.as_deref();
    let target = keystore::Target { path: &args.out, force: args.force, cost: KeystoreCost::default(), password_file };
    target.write(&selected.key, selected.kind, &policy, ui)?;
    if !local.unlocked.is_current() {
        return Ok(());
    }
    // It has been read back and opened, so it is proved.
    let now = Timestamp::now();
    let shown = files::whole(&args.out);
    let mut backup = Backup::new(BackupMethod::Keystore, Some(files::shown(&shown)), now);
    backup.verified = Some(now);
    (backup.format, backup.work) = (BackupMethod::Keystore.format(), Some(KEYSTORE_WORK));
    backup.detail = selected.key.address(selected.kind).ok().map(|address| address.to_string());
    let noted = local.unlocked.update(selected.record.id(), now, |record| {
        record.record_backup(backup);
        Ok(())
    });
    noted.map_err(|error| {
        let problem = format!("the keystore is written, but the vault could not note it: {}", error.problem());
        error.with_problem(problem)
    })?;
    if matches!(selected.record.secret(), WalletSecret::Phrase(_)) {
        ui.note("the file has this one key. The words are not in it, and neither are the wallet's other keys");
    }
    Ok(())
}

/// What of an account is exported.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Xpub,
    Descriptor,
}

fn account(args: &ExportAccount, part: Part, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let chain = match &args.chain {
        Some(id) => Registry::installed()?.get(id)?,
        None => with_accounts()?,
    };
    ExportPolicy::advertised().check(chain.info(), ExportItem::ExtendedPublicKey)?; // before anything is asked for
    let kind = kind(chain, args.kind.as_deref())?;
    let network = args.network.get().unwrap_or(Network::Mainnet);
    chain.info().check_network(network)?;
    check_out(&args.out, &[args.vault.password_file.as_deref(), args.passphrase_file.as_deref()])?;
    let local = home.unlock(&args.vault, ui)?;
    let policy = policy(&local, &args.vault)?;
    let (_, wallet) = open(&local, &args.wallet, args.passphrase_file.as_deref())?;
    let key = wallet.account(chain, kind, args.account, network)?;
    let export = key.export_account(&policy, kind)?;
    let object = account_command::to_json(&key, kind, &wallet.fingerprint()?, &export);
    let width = ui.width();
    to_out(&args.out, ui, |ui| ui.result(&object, &account_text(&export, part, width)))?;
    if !ui.json {
        ui.warnings(&export.warnings);
    }
    Ok(())
}

fn account_text(export: &AccountExport, part: Part, width: usize) -> String {
    match (part, &export.slip132) {
        (Part::Descriptor, _) => export.descriptor.clone(),
        (Part::Xpub, None) => export.xpub.clone(),
        (Part::Xpub, Some(slip132)) => {
            fields(&[("extended public key", &export.xpub), ("the same (SLIP-132)", slip132)], width)
        }
    }
}

/// The one chain that has extended public keys.
fn with_accounts() -> Result<&'static dyn Chain> {
    Registry::installed()?.iter().find(|chain| chain.extended_keys().is_some()).ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            "no chain of this program has extended public keys",
            "name a chain with --chain",
        )
    })
}
