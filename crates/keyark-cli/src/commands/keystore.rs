//! `keyark keystore`: look into password-protected key files, open them, make them.

use std::path::Path;

use keyark::keystore::{Kdf, Keystore};
use keyark::{
    Address, AddressKind, Chain, ChainKey, Error, ErrorKind, ExportItem, ExportPolicy, KeystoreCost, KeystoreSecret,
    KeystoreSupport, Network, OpenedKeystore, Position, Registry, Result, SecretText, Warning,
};
use serde::Serialize;
use serde_json::json;

use super::ShownKey;
use crate::args::{KeystoreCommand, KeystoreMake, Out, Words};
use crate::input::{LIMIT, Secret};
use crate::ui::{Ui, fields};
use crate::{files, progress};

pub(super) fn run(command: KeystoreCommand, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        KeystoreCommand::Inspect { file } => inspect(&file, ui),
        KeystoreCommand::Open { file, keystore_password_file, secure_copy, out } => {
            open(&file, keystore_password_file.as_deref(), secure_copy, &out, ui)
        }
        KeystoreCommand::Make(args) => make(&args, ui),
    }
}

fn inspect(file: &Path, ui: &mut Ui<'_>) -> Result<()> {
    let text = files::read_text(file, LIMIT)?;
    let inspection = Keystore::parse(&text).map_err(|error| error.with_context("file", files::shown(file)))?.inspect();
    let kdf = match inspection.kdf {
        Kdf::Scrypt { n, r, p } => json!({ "name": "scrypt", "n": n, "r": r, "p": p }),
        Kdf::Pbkdf2 { rounds } => json!({ "name": "pbkdf2", "c": rounds, "prf": "hmac-sha256" }),
        other => json!({ "name": other.id() }),
    };
    let address = inspection.address.as_deref().map(normal_address);
    let problems: Vec<_> = inspection.warnings.iter().map(Warning::message).collect();
    let object = json!({
        "format": inspection.format,
        "writer": inspection.writer,
        "content": inspection.content.id(),
        "cipher": inspection.cipher,
        "kdf": kdf,
        "strength": inspection.strength.id(),
        "strength_note": inspection.strength_note,
        "address": address,
        "problems": problems,
    });
    let kdf = inspection.kdf.to_string();
    let strength = format!("{}: {}", inspection.strength.id(), inspection.strength_note);
    let mut rows = vec![
        ("format", inspection.format),
        ("written by", inspection.writer.unwrap_or("not said")),
        ("holds", inspection.content.id()),
        ("address", address.as_deref().unwrap_or("not said")),
        ("cipher", inspection.cipher),
        ("key derivation", &kdf),
        ("strength", &strength),
    ];
    // The row above says it already where the cost is what is unusual.
    rows.extend(
        problems
            .iter()
            .filter(|problem| !problem.contains(&inspection.strength_note))
            .map(|problem| ("note", *problem)),
    );
    ui.result(&object, &fields(&rows, ui.width()))
}

/// The address in its chain's normal form, where a chain with keystores knows it.
fn normal_address(named: &str) -> String {
    let parsed = keystore_chain().and_then(|(chain, _)| chain.parse_address(named));
    parsed.map_or_else(|_| named.to_owned(), |parsed| parsed.address.to_string())
}

/// The chain whose keystores these files are. With more than one such chain, the address would have to tell.
pub(super) fn keystore_chain() -> Result<(&'static dyn Chain, &'static dyn KeystoreSupport)> {
    Registry::installed()?.iter().find_map(|chain| Some((chain, chain.keystore()?))).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "no chain of this program has keystores", "build it with the feature ethereum")
    })
}

fn open(file: &Path, password: Option<&Path>, secure_copy: bool, out: &Out, ui: &mut Ui<'_>) -> Result<()> {
    super::check_out(out, &[Some(file), password])?;
    let (chain, opened) = open_file(file, password, ui)?;
    let contents = Contents::of(chain, opened)?;
    let address = contents.key.address(chain.info().default_kind()?)?;
    let exported =
        contents.key.export_private_key(&ExportPolicy::advertised(), super::key_format(chain, None, secure_copy))?;
    let shown = ShownKey::new(exported, secure_copy)?;
    let phrase = contents.phrase.as_ref().filter(|_| !secure_copy).map(keyark::phrase::Phrase::to_text);
    let object = OpenedObject {
        chain: chain.info().id,
        address: address.as_str(),
        private_key: shown.text.expose(),
        phrase: phrase.as_ref().map(SecretText::expose),
        warnings: contents.warnings.iter().map(Warning::message).collect(),
    };
    super::to_out(out, ui, |ui| ui.result(&object, shown.text.expose()))?;
    if !ui.json {
        ui.note(&format!("the private key of {address}"));
        if contents.phrase.is_some() {
            ui.note("the file holds the words of a whole wallet; this is the key of its first account (--json shows the words)");
        }
        ui.warnings(&contents.warnings);
    }
    shown.tell(address.as_str(), ui);
    Ok(())
}

/// The text of a keystore file, if it is one.
pub(super) fn read(file: &Path) -> Result<zeroize::Zeroizing<String>> {
    let text = files::read_text(file, LIMIT)?;
    Keystore::parse(&text).map_err(|error| error.with_context("file", files::shown(file)))?;
    Ok(text)
}

/// Opens a keystore file, of which the form is checked before its password is asked for.
pub(super) fn open_file(
    file: &Path,
    password: Option<&Path>,
    ui: &mut Ui<'_>,
) -> Result<(&'static dyn Chain, OpenedKeystore)> {
    let in_file = |error: Error| error.with_context("file", files::shown(file));
    let text = read(file)?;
    let (chain, support) = keystore_chain()?;
    let password =
        Secret { flag: "--keystore-password-file", file: password, prompt: "Password of the keystore" }.read()?;
    let opened = progress::during(ui, "opening the keystore", || support.open(&text, &password)).map_err(in_file)?;
    Ok((chain, opened))
}

/// What `keystore open` shows. It borrows the secrets, so that no copies of them are left behind.
#[derive(Serialize)]
struct OpenedObject<'a> {
    chain: &'a str,
    address: &'a str,
    private_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<&'a str>,
    warnings: Vec<&'a str>,
}

/// What was in a file, as a key: its own, or the first one of the words in its place.
struct Contents {
    key: ChainKey,
    phrase: Option<keyark::phrase::Phrase>,
    warnings: Vec<Warning>,
}

impl Contents {
    fn of(chain: &'static dyn Chain, opened: OpenedKeystore) -> Result<Self> {
        let mut warnings = opened.warnings;
        if let Some(words) = super::stored_phrase(&opened.secret) {
            let (phrase, wallet) = words?;
            let kind = chain.info().default_kind()?;
            let key = wallet.key(chain, kind, Position::default(), Network::Mainnet)?;
            let address = key.address(kind)?;
            let named = opened.named_address.as_deref().and_then(|text| chain.parse_address(text).ok());
            if let Some(named) = named {
                warnings.retain(|warning| warning.id() != "address-not-checked"); // now it is
                if named.address != address {
                    let message =
                        format!("the file names {}, which is not the first account of its words", named.address);
                    warnings.push(Warning::new("another-account", message));
                }
            }
            return Ok(Self { key, phrase: Some(phrase), warnings });
        }
        let KeystoreSecret::Key(private_key) = opened.secret else {
            return Err(Error::malformed(
                "the keystore holds something that is not a key",
                "open it with the program that wrote it",
            ));
        };
        let key = ChainKey::from_private_key(chain, private_key, Network::Mainnet)?;
        Ok(Self { key, phrase: None, warnings })
    }
}

/// A keystore is made when it has been read back and opened, and its key has the address.
fn read_back(chain: &dyn Chain, file: &Path, password: &SecretText, address: &Address) -> Result<()> {
    let text = files::read_text(file, LIMIT)?;
    let opened = chain.keystore().map(|support| support.open(&text, password)).transpose()?;
    if opened.and_then(|opened| opened.address).as_ref() == Some(address) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Mismatch,
        format!("{} was written, but does not give the key of {address} back", files::shown(file)),
        "the disk or keyark is at fault: do not rely on this file",
    ))
}

fn make(args: &KeystoreMake, ui: &mut Ui<'_>) -> Result<()> {
    let chain = Registry::installed()?.get(&args.chain)?;
    let policy = ExportPolicy::advertised();
    policy.check(chain.info(), ExportItem::Keystore)?; // before anything is asked for
    files::check_free(&args.out, args.force)?;
    let [phrase, passphrase] = args.words.files();
    let (key, password) = (args.key_file.as_deref(), args.keystore_password_file.as_deref());
    files::check_apart(&args.out, &[phrase, passphrase, key, password])?;
    let kind = match &args.kind {
        Some(id) => chain.info().kind(id)?,
        None => chain.info().default_kind()?,
    };
    let Words { passphrase_file, ask_passphrase, language, .. } = &args.words;
    if args.words.phrase_file.is_none() && (passphrase_file.is_some() || *ask_passphrase || language.is_some()) {
        let problem = "a passphrase or a language goes with words, and no --phrase-file was given";
        return Err(Error::new(ErrorKind::Usage, problem, "give --phrase-file FILE, or leave them away"));
    }
    let key = if args.words.phrase_file.is_some() {
        let position = Position { account: args.account, change: 0, index: args.index };
        super::read_wallet(&args.words, ui)?.key(chain, kind, position, Network::Mainnet)?
    } else {
        let secret = Secret { flag: "--key-file", file: args.key_file.as_deref(), prompt: "Private key" };
        let (key, _, warnings) = ChainKey::import(chain, &secret.read()?, None)?;
        ui.warnings(&warnings);
        key
    };
    let file = args.keystore_password_file.as_deref();
    Target { path: &args.out, force: args.force, cost: args.cost(), password_file: file }.write(&key, kind, &policy, ui)
}

/// A keystore file that is to be made.
pub(super) struct Target<'a> {
    pub(super) path: &'a Path,
    pub(super) force: bool,
    pub(super) cost: KeystoreCost,
    pub(super) password_file: Option<&'a Path>,
}

impl Target<'_> {
    /// Asks for the password, writes the file, and reads it back.
    pub(super) fn write(
        &self,
        key: &ChainKey,
        kind: &AddressKind,
        policy: &ExportPolicy,
        ui: &mut Ui<'_>,
    ) -> Result<()> {
        let (chain, prompt) = (key.chain(), "New password for the keystore");
        let password = Secret { flag: "--keystore-password-file", file: self.password_file, prompt }.read_new()?;
        let sealed =
            progress::during(ui, "sealing the keystore", || key.export_keystore(policy, &password, self.cost))?;
        files::write_new(self.path, &sealed.text, self.force)?;
        let address = key.address(kind)?;
        progress::during(ui, "reading the keystore back", || read_back(chain, self.path, &password, &address))?;
        let format = chain.keystore().map(|support| support.format());
        let messages: Vec<_> = sealed.warnings.iter().map(Warning::message).collect();
        let object = json!({
            "chain": chain.info().id,
            "address": address.as_str(),
            "format": format,
            "file": files::shown(self.path),
            "warnings": messages,
        });
        ui.result(&object, &format!("{}: the keystore of {address}", files::shown(self.path)))?;
        if !ui.json {
            ui.warnings(&sealed.warnings);
        }
        Ok(())
    }
}
