//! `keyark complete`: joins the two parts of a securely copied private key, or finds the characters of one that cannot be read.

mod characters;

use keyark::recovery::{Known, Shard};
use keyark::{
    Address, AddressKind, Chain, ChainKey, Error, ErrorKind, ExportPolicy, Registry, Result, SecretText, Warning,
    complete,
};
use serde::Serialize;

use crate::args::Complete;
use crate::input::Secret;
use crate::terminal;
use crate::ui::Ui;

pub(super) fn run(args: &Complete, ui: &mut Ui<'_>) -> Result<()> {
    let chain = Registry::installed()?.get(&args.chain)?;
    if let Some(address) = &args.address {
        Known::address(address, &[chain], args.network.get())?; // before anything is asked for
    }
    let (key, rest) = (("--key-file", args.key_file.as_deref()), ("--rest-file", args.rest_file.as_deref()));
    let _lock = super::recover::check_files(&args.out, &args.effort, &[key, rest])?;
    let shown = Secret { flag: key.0, file: key.1, prompt: "The copied part, or a key with ? in it" };
    let shown = read(&shown)?;
    if shown.expose().contains('?') && args.rest_file.is_none() {
        return characters::run(args, chain, &shown, ui);
    }
    if args.rest_file.is_none() && !terminal::can_ask() {
        return Err(Error::new(
            ErrorKind::Usage,
            "there is no terminal to ask on, and no --rest-file",
            "give --rest-file FILE, or write a ? for each character that is lost or cannot be read",
        ));
    }
    let rest = read(&Secret { flag: rest.0, file: rest.1, prompt: "The part written by hand" })?;
    let rest = SecretText::from(rest.expose().split_whitespace().collect::<String>()); // people write in groups
    if shown.expose().contains('?') || rest.expose().contains('?') {
        let whole = SecretText::from([shown.expose().trim(), rest.expose()].concat());
        return characters::run(args, chain, &whole, ui);
    }
    if args.effort.checkpoint.is_some() || args.effort.shard != Shard::WHOLE {
        let problem = "the key has no ?, so there is no search to share or to go on with";
        return Err(Error::new(ErrorKind::Usage, problem, "leave --checkpoint and --shard away"));
    }
    let address = address(args, ui)?;
    let found = complete(chain, &shown, &rest, address.as_deref(), args.network.get())?;
    let address = found.address.map(|(_, address)| address);
    let whole = Whole { chain, key: found.key, address, warnings: found.warnings };
    whole.show(|object, text| super::to_out(&args.out, ui, |ui| ui.result(object, text)))?;
    whole.tell(ui);
    Ok(())
}

/// A part of a key.
fn read(part: &Secret<'_>) -> Result<SecretText> {
    let text = part.read()?;
    Ok(match text.expose().strip_prefix('\u{feff}') {
        Some(text) => SecretText::from(text), // editors on Windows put it first
        None => text,
    })
}

/// A private key that is whole again.
struct Whole {
    chain: &'static dyn Chain,
    key: ChainKey,
    /// The address with which it was compared.
    address: Option<Address>,
    warnings: Vec<Warning>,
}

impl Whole {
    /// Prints it in the chain's first form, which most wallets read; what it was made from may have been of another one.
    fn show(&self, print: impl FnOnce(&CompletedObject<'_>, &str) -> Result<()>) -> Result<()> {
        let exported = self.key.export_private_key(&ExportPolicy::advertised(), None)?;
        let addresses = self.addresses();
        let mut distinct: Vec<_> = addresses.iter().map(|(_, address)| address.as_str()).collect();
        distinct.dedup(); // a chain's kinds may differ in their paths alone
        let object = CompletedObject {
            chain: self.chain.info().id,
            format: exported.format.id,
            address: self.address.as_ref().map(Address::as_str).or(distinct.first().copied()),
            addresses: &distinct,
            checked: self.address.is_some(),
            private_key: exported.text.expose(),
            warnings: self.warnings.iter().map(Warning::message).collect(),
        };
        print(&object, exported.text.expose())
    }

    fn addresses(&self) -> Vec<(&'static AddressKind, Address)> {
        let kinds = self.chain.info().kinds.iter();
        kinds.filter_map(|kind| Some((kind, self.key.address(kind).ok()?))).collect() // an uncompressed key has one kind only
    }

    /// Says whose key it is.
    fn tell(&self, ui: &mut Ui<'_>) {
        if ui.json {
            return;
        }
        match &self.address {
            Some(address) => ui.note(&format!("it is the private key of {address}")),
            None => ui.note(&format!(
                "not compared with an address. It is the private key of {}: if that is not yours, a part is wrong",
                addresses_by_kind(&self.addresses())
            )),
        }
        let told = |warning: &&Warning| warning.id() != "address-not-checked"; // said above
        self.warnings.iter().filter(told).for_each(|warning| ui.warnings(std::slice::from_ref(warning)));
    }
}

/// The address that was given, or that a person gives now.
fn address(args: &Complete, ui: &mut Ui<'_>) -> Result<Option<String>> {
    match &args.address {
        Some(address) => Ok(Some(address.clone())),
        None => ask_address(ui),
    }
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
