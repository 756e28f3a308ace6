//! `keyark derive`: addresses, public keys and private keys, from words or from an extended public key.

mod list;
mod row;
mod rows;
mod select;
#[cfg(feature = "parquet")]
mod table;
mod watch;

use keyark::{ChainKey, ExportItem, ExportPolicy, KeyLocation, Result, Step, all_cores};

use self::list::Sheet;
use self::row::Row;
use self::rows::Rows;
use self::select::Selected;
use super::ShownKey;
use crate::args::Derive;
use crate::ui::Ui;

pub(super) fn run(args: &Derive, ui: &mut Ui<'_>) -> Result<()> {
    super::check_out(&args.out, &args.words.files())?;
    list::check(args.out.out.as_deref())?;
    if let Some(xpub) = &args.xpub {
        return watch::run(args, xpub, ui);
    }
    let selected = select::from_args(args)?;
    let policy = ExportPolicy::advertised();
    if args.private {
        for one in &selected {
            let info = one.chain.info();
            policy.check(info, ExportItem::PrivateKey)?; // before anything is asked for
            args.format.as_deref().map_or(Ok(()), |format| info.key_format(format).map(drop))?;
        }
    }
    let network = args.network.get().unwrap_or_default();
    for one in selected.iter().filter(|one| one.network != network) {
        ui.note(&format!("note: {} has no addresses of its own on {network}", one.chain.info().name));
    }
    let wallet = super::read_wallet(&args.words, ui)?;
    list::write(args, &selected, ui, |sheet, ui| {
        for one in &selected {
            if one.path.is_none() && !args.private {
                let (range, mut rows) = (one.as_range(), Rows { one, sheet: &mut *sheet, ui: &mut *ui });
                let path_of = |at| range.location(at).map(|location| path_text(&location));
                rows.show(path_of, |each| range.of_wallet_vartime(&wallet, all_cores(), each))?;
                if ui.is_broken() {
                    return Ok(());
                }
                continue;
            }
            let keys: Box<dyn Iterator<Item = Result<ChainKey>>> = match &one.path {
                Some(path) => {
                    let location = KeyLocation::Path(path.clone());
                    Box::new(std::iter::once(wallet.key_at(one.chain, location, one.network)))
                }
                None => Box::new(wallet.keys(one.chain, one.kind, one.start, one.range.clone(), one.network)),
            };
            for key in keys {
                show(&key?, one, args, &policy, sheet, ui)?;
                if ui.is_broken() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

fn show(
    key: &ChainKey,
    one: &Selected,
    args: &Derive,
    policy: &ExportPolicy,
    sheet: &mut Sheet,
    ui: &mut Ui<'_>,
) -> Result<()> {
    let address = key.address(one.kind)?;
    let path = super::path_of(key);
    let shown = if args.private {
        let exported =
            key.export_private_key(policy, super::key_format(key.chain(), args.format.as_deref(), args.secure_copy))?;
        if !ui.json {
            ui.warn_once(&exported.warnings);
        }
        Some(ShownKey::new(exported, args.secure_copy)?)
    } else {
        None
    };
    let row = Row::new(one, path, &address, key.public_key(), shown.as_ref());
    sheet.row(&row, ui)?;
    if let Some(shown) = &shown {
        shown.tell(address.as_str(), ui);
    }
    Ok(())
}

/// Whether the range of a kind runs over the addresses of one account; else it runs over accounts.
fn has_index(kind: &keyark::AddressKind) -> bool {
    kind.template().is_some_and(|template| template.has(Step::Index))
}

/// The path of a key, if it has one.
fn path_text(location: &KeyLocation) -> Option<String> {
    match location {
        KeyLocation::Path(path) => Some(path.to_string()),
        _ => None,
    }
}
