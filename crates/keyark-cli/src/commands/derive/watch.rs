//! Addresses from an extended public key.

use keyark::{Chain, Error, ErrorKind, ExtendedKeySupport, Network, Position, Result, WatchAccount, all_cores};

use super::list;
use super::rows::Rows;
use super::select::{self, Selected};
use crate::args::Derive;
use crate::ui::Ui;

pub(super) fn run(args: &Derive, xpub: &str, ui: &mut Ui<'_>) -> Result<()> {
    let (chain, support) = chain(args)?;
    let account = support.read_public(xpub)?;
    let kind = match (args.kinds.first(), account.kind()) {
        (Some(id), named) => {
            let kind = chain.info().kind(id)?;
            if named.is_some_and(|named| named.id != kind.id) {
                ui.note("warning: the extended public key names another address kind than --kind does");
            }
            kind
        }
        (None, Some(named)) => named,
        (None, None) => {
            let kind = chain.info().default_kind()?;
            ui.note(&format!(
                "note: this extended public key does not name its address kind; these are {}. If they are not yours, \
                 try another --kind",
                kind.id
            ));
            kind
        }
    };
    if account.depth() != 3 {
        ui.note(&format!("warning: this key is {} steps below its master key, and accounts are 3", account.depth()));
    }
    let network = network(args, account.as_ref())?;
    let range = args.range.as_deref().map(select::parse_range).transpose()?.unwrap_or(0..1);
    let change = args.change.unwrap_or_default();
    let start = Position { change, ..Position::default() };
    let one = Selected { chain, kind, label: Some(kind.id), network, start, range, path: None };
    list::write(args, std::slice::from_ref(&one), ui, |sheet, ui| {
        let mut rows = Rows { one: &one, sheet, ui };
        let path_of = |index| Ok(Some(format!("{change}/{index}")));
        rows.show(path_of, |each| one.as_range().of_account(account.as_ref(), all_cores(), each))
    })
}

/// The chain that was named, or the first one with extended public keys.
fn chain(args: &Derive) -> Result<(&'static dyn Chain, &'static dyn ExtendedKeySupport)> {
    let chains = crate::commands::chains_named(&args.chains)?;
    let found = chains.iter().find_map(|chain| Some((*chain, chain.extended_keys()?)));
    found.ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            "addresses are not derived from extended public keys on that chain",
            "leave --chain away, or derive from the words",
        )
    })
}

fn network(args: &Derive, account: &dyn WatchAccount) -> Result<Network> {
    let allowed = account.networks();
    let own = allowed.first().copied().unwrap_or_default();
    let network = args.network.get().unwrap_or(own);
    if allowed.contains(&network) {
        return Ok(network);
    }
    Err(Error::malformed(
        format!("this extended public key is for {own}, not for {network}"),
        format!("leave --network away, or show the key of {network}"),
    ))
}
