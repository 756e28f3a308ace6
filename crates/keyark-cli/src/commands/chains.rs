//! `keyark chains`: what this program knows, and what may leave.

use keyark::{ChainInfo, ExportItem, Exportable, Registry, Result};
use serde_json::{Map, Value, json};

use crate::ui::{Ui, table};

pub(super) fn run(ui: &mut Ui<'_>) -> Result<()> {
    for (position, chain) in Registry::installed()?.iter().enumerate() {
        let info = chain.info();
        let blank = if position == 0 { "" } else { "\n" };
        let text = format!("{blank}{}\n{}\n{}", heading(info, ui), kinds(info, ui.width()), exports(info, ui.width()));
        ui.result(&to_json(info), &text)?;
    }
    ui.text("\n* used when no kind is named")
}

fn heading(info: &ChainInfo, ui: &Ui<'_>) -> String {
    format!("{} ({}, coin type {}, {})", ui.bold(info.name), info.id, info.coin_type, info.curve.id())
}

fn kinds(info: &ChainInfo, width: usize) -> String {
    let path = |kind: &keyark::AddressKind| match kind.template() {
        Some(template) => template.for_coin(info.coin_type).to_string(),
        None => "the first 32 bytes of the seed".to_owned(),
    };
    let row = |kind: &keyark::AddressKind| {
        let mark = if kind.default { " *" } else { "" };
        vec![format!("  {}{mark}", kind.id), path(kind), kind.used_by.join(", ")]
    };
    table(&info.kinds.iter().map(row).collect::<Vec<_>>(), width)
}

fn exports(info: &ChainInfo, width: usize) -> String {
    let row = |item: ExportItem| {
        let what = match info.capabilities.get(item) {
            Exportable::Account if item.is_extended() => "yes, of an account".to_owned(),
            Exportable::Account => format!("yes{}", formats(info, item)),
            Exportable::ChildAddress => format!("yes, of child addresses only{}", formats(info, item)),
            Exportable::Denied { reason } => format!("no: {reason}"),
        };
        vec![format!("  {item}"), what]
    };
    table(&ExportItem::ALL.map(row), width)
}

fn formats(info: &ChainInfo, item: ExportItem) -> String {
    let ids: Vec<_> = info.key_formats.iter().map(|format| format.id).collect();
    if item == ExportItem::PrivateKey { format!(", as {}", ids.join(", ")) } else { String::new() }
}

fn to_json(info: &ChainInfo) -> Value {
    let kind = |kind: &keyark::AddressKind| {
        let path = kind.template().map(|template| template.for_coin(info.coin_type).to_string());
        json!({ "id": kind.id, "path": path, "default": kind.default, "used_by": kind.used_by })
    };
    let mut exports = Map::new();
    for item in ExportItem::ALL {
        let capability = info.capabilities.get(item);
        let mut export = Map::from_iter([("scope".to_owned(), json!(capability.scope()))]);
        match capability {
            Exportable::Denied { reason } => {
                export.insert("reason".to_owned(), json!(reason));
            }
            _ if item == ExportItem::PrivateKey => {
                let ids: Vec<_> = info.key_formats.iter().map(|format| format.id).collect();
                export.insert("formats".to_owned(), json!(ids));
            }
            _ => {}
        }
        exports.insert(item.id().to_owned(), Value::Object(export));
    }
    let networks: Vec<_> = info.networks.iter().map(|network| network.id()).collect();
    json!({
        "id": info.id,
        "name": info.name,
        "coin_type": info.coin_type,
        "curve": info.curve.id(),
        "networks": networks,
        "kinds": info.kinds.iter().map(kind).collect::<Vec<_>>(),
        "exports": exports,
        "ownership_proof": [],
    })
}
