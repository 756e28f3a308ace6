//! `keyark account`: what a watch-only wallet needs of an account.

use keyark::{
    AccountExport, AddressKind, ChainKey, ExportItem, ExportPolicy, Fingerprint, Network, Registry, Result, Warning,
};
use serde_json::{Value, json};

use super::path_of;

use crate::args::Account;
use crate::ui::{Ui, fields};

pub(super) fn run(args: &Account, ui: &mut Ui<'_>) -> Result<()> {
    let chain = Registry::installed()?.get(&args.chain)?;
    let info = chain.info();
    let policy = ExportPolicy::advertised();
    policy.check(info, ExportItem::ExtendedPublicKey)?; // before anything is asked for
    let kind = match &args.kind {
        Some(id) => info.kind(id)?,
        None => info.default_kind()?,
    };
    let network = args.network.get().unwrap_or(Network::Mainnet);
    info.check_network(network)?;
    super::check_out(&args.out, &args.words.files())?;
    let wallet = super::read_wallet(&args.words, ui)?;
    let key = wallet.account(chain, kind, args.account, network)?;
    let export = key.export_account(&policy, kind)?;
    let path = path_of(&key).unwrap_or_default();
    let object = to_json(&key, kind, &wallet.fingerprint()?, &export);
    let title = format!("{path} ({}, {})", info.name, kind.id);
    let mut rows = vec![("account", title.as_str()), ("extended public key", &export.xpub)];
    rows.extend(export.slip132.as_deref().map(|slip132| ("the same (SLIP-132)", slip132)));
    rows.push(("descriptor", &export.descriptor));
    rows.push(("  receiving only", &export.receive_descriptor));
    rows.push(("  change only", &export.change_descriptor));
    let width = ui.width();
    super::to_out(&args.out, ui, |ui| ui.result(&object, &fields(&rows, width)))?;
    if !ui.json {
        ui.warnings(&export.warnings);
    }
    Ok(())
}

/// The object of an account, as scripts rely on it.
pub(super) fn to_json(key: &ChainKey, kind: &AddressKind, master: &Fingerprint, export: &AccountExport) -> Value {
    json!({
        "chain": key.chain().info().id,
        "kind": kind.id,
        "network": key.network().id(),
        "path": path_of(key),
        "fingerprint": master.to_string(),
        "xpub": export.xpub,
        "slip132": export.slip132,
        "descriptor": export.descriptor,
        "receive_descriptor": export.receive_descriptor,
        "change_descriptor": export.change_descriptor,
        "warnings": export.warnings.iter().map(Warning::message).collect::<Vec<_>>(),
    })
}
