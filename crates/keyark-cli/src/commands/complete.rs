//! `keyark complete`: joins the two parts of a securely copied private key.

use keyark::{Address, AddressKind, Error, ErrorKind, ExportPolicy, Registry, Result, SecretText, Warning, complete};
use serde::Serialize;

use crate::args::Complete;
use crate::input::Secret;
use crate::terminal;
use crate::ui::Ui;

pub(super) fn run(args: &Complete, ui: &mut Ui<'_>) -> Result<()> {
    let chain = Registry::installed()?.get(&args.chain)?;
    if let Some(address) = &args.address {
        chain.parse_address(address)?; // before anything is asked for
    }
    super::check_out(&args.out, &[args.key_file.as_deref(), args.rest_file.as_deref()])?;
    let shown = Secret { flag: "--key-file", file: args.key_file.as_deref(), prompt: "The copied part" }.read()?;
    let rest =
        Secret { flag: "--rest-file", file: args.rest_file.as_deref(), prompt: "The part written by hand" }.read()?;
    let rest = SecretText::from(rest.expose().split_whitespace().collect::<String>()); // people write in groups
    let address = match &args.address {
        Some(address) => Some(address.clone()),
        None => ask_address(ui)?,
    };
    let whole = complete(chain, &shown, &rest, address.as_deref(), args.network.get())?;
    // In the chain's first form, which most wallets read; the parts may have been of another one.
    let exported = whole.key.export_private_key(&ExportPolicy::advertised(), None)?;
    let text = exported.text;
    let addresses: Vec<_> = chain
        .info()
        .kinds
        .iter()
        .filter_map(|kind| Some((kind, whole.key.address(kind).ok()?))) // an uncompressed key has one kind only
        .collect();
    let mut distinct: Vec<_> = addresses.iter().map(|(_, address)| address.as_str()).collect();
    distinct.dedup(); // a chain's kinds may differ in their paths alone
    let address = whole.address.as_ref().map(|(_, address)| address.as_str()).or(distinct.first().copied());
    let object = CompletedObject {
        chain: chain.info().id,
        format: exported.format.id,
        address,
        addresses: &distinct,
        checked: whole.address.is_some(),
        private_key: text.expose(),
        warnings: whole.warnings.iter().map(Warning::message).collect(),
    };
    super::to_out(&args.out, ui, |ui| ui.result(&object, text.expose()))?;
    if !ui.json {
        match &whole.address {
            Some((_, address)) => ui.note(&format!("it is the private key of {address}")),
            None => ui.note(&format!(
                "not compared with an address. It is the private key of {}: if that is not yours, a part is wrong",
                addresses_by_kind(&addresses)
            )),
        }
        let told = |warning: &&Warning| warning.id() != "address-not-checked"; // said above
        whole.warnings.iter().filter(told).for_each(|warning| ui.warnings(std::slice::from_ref(warning)));
    }
    Ok(())
}

/// The address to compare with, where there is a person to ask.
fn ask_address(ui: &mut Ui<'_>) -> Result<Option<String>> {
    if !terminal::can_ask() {
        return Ok(None);
    }
    ui.note("The address of the key, to compare with (Enter to go without):");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| {
        Error::new(ErrorKind::Storage, format!("the terminal could not be read: {error}"), "give --address")
    })?;
    Ok(Some(line.trim().to_owned()).filter(|line| !line.is_empty()))
}

/// The addresses of one key, with their kinds where the kinds differ in their addresses.
fn addresses_by_kind(addresses: &[(&AddressKind, Address)]) -> String {
    match addresses {
        [(_, first), rest @ ..] if rest.iter().all(|(_, address)| address == first) => first.to_string(),
        all => all.iter().map(|(kind, address)| format!("{address} ({})", kind.id)).collect::<Vec<_>>().join(", "),
    }
}

/// What `complete` shows. It borrows the secret, so that no copies of it are left behind.
#[derive(Serialize)]
struct CompletedObject<'a> {
    chain: &'a str,
    format: &'a str,
    address: Option<&'a str>,
    addresses: &'a [&'a str],
    checked: bool,
    private_key: &'a str,
    warnings: Vec<&'a str>,
}
