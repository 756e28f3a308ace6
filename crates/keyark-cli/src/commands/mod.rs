//! One file for each command.

mod account;
mod chains;
mod cloud;
mod complete;
mod derive;
mod keystore;
mod papers;
mod phrase;
mod recover;
mod tour;
mod vault;

use std::path::Path;

use keyark::phrase::{Phrase, Problem, ProblemKind, diagnose, passphrase_warnings};
use keyark::{
    Chain, ChainKey, Cut, Error, ExportedKey, KeyFormat, KeystoreSecret, Registry, Result, SecretText, Wallet, Warning,
};

use crate::args::{Cli, Command, Out, RestoreCommand, Words};
use crate::files;
use crate::input::Secret;
use crate::ui::Ui;

/// Does what was asked.
pub(crate) fn run(cli: Cli, ui: &mut Ui<'_>) -> Result<()> {
    let home = vault::Home::new(cli.global.home);
    match cli.command {
        Command::New(args) => vault::add::new(&args, &home?, ui),
        Command::Import(args) => vault::add::import(&args, &home?, ui),
        Command::List { check, vault } => vault::list::run(check, &vault, &home?, ui),
        Command::Show { wallet, vault } => vault::wallets::show(&wallet, &vault, &home?, ui),
        Command::AddAccount(args) => vault::accounts::add(&args, &home?, ui),
        Command::Rename { wallet, name, vault } => vault::wallets::rename(&wallet, &name, &vault, &home?, ui),
        Command::Remove { wallet, force, vault } => vault::wallets::remove(&wallet, force, &vault, &home?, ui),
        Command::Export { command } => vault::export::run(command, &home?, ui),
        Command::Backup { command } => vault::backup::run(command, &home?, ui),
        Command::Cloud { command } => cloud::run(command, &home?, ui),
        Command::Verify(args) => cloud::verify::run(&args, &home?, ui),
        Command::Restore { command: RestoreCommand::Cloud(args) } => cloud::restore::run(&args, &home?, ui),
        Command::Password { command } => vault::password::run(command, &home?, ui),
        Command::Policy { command } => vault::policy::run(command, &home?, ui),
        Command::Repair { vault } => vault::wallets::repair(&vault, &home?, ui),
        Command::Tour => tour::run(ui),
        Command::Chains => chains::run(ui),
        Command::Derive(args) => derive::run(&args, ui),
        Command::Account(args) => account::run(&args, ui),
        Command::Phrase { command } => phrase::run(command, ui),
        Command::Keystore { command } => keystore::run(command, ui),
        Command::Recover { command } => recover::run(command, ui),
        Command::Complete(args) => complete::run(&args, ui),
        Command::Completions { shell } => papers::completions(shell, ui),
        Command::Man { out } => papers::man(&out, ui),
    }
}

/// The chains of these ids, each once; all where none is named.
fn chains_named(ids: &[String]) -> Result<Vec<&'static dyn Chain>> {
    let registry = Registry::installed()?;
    if ids.is_empty() {
        return Ok(registry.iter().collect());
    }
    let first = |(at, id): &(usize, &String)| !ids.iter().take(*at).any(|before| before == *id);
    ids.iter().enumerate().filter(first).map(|(_, id)| registry.get(id)).collect()
}

/// The words in a file or from the terminal.
fn read_phrase(file: Option<&Path>, language: Option<keyark::phrase::Language>) -> Result<Phrase> {
    let text = phrase_secret(file).read_words()?;
    let phrase = match language {
        Some(language) => Phrase::parse_in(&text, language),
        None => Phrase::parse(&text),
    };
    phrase.map_err(|error| {
        let is_damage = |problem: &Problem| {
            matches!(problem.kind(), ProblemKind::UnknownWord | ProblemKind::WrongCount | ProblemKind::WrongChecksum)
        };
        let diagnosis = diagnose(&text, language);
        let is_damaged = !diagnosis.valid() && diagnosis.problems().iter().all(is_damage);
        if is_damaged { or_recover(error) } else { error }
    })
}

/// Whoever has compared the words once more, and has nothing better, is not lost yet.
fn or_recover(error: Error) -> Error {
    let remedy = format!("{}; if words are lost or wrong, keyark recover phrase finds them", error.remedy());
    error.with_remedy(remedy)
}

fn phrase_secret(file: Option<&Path>) -> Secret<'_> {
    Secret { flag: "--phrase-file", file, prompt: "Words" }
}

/// The wallet of the words and the passphrase that the person names.
fn read_wallet(words: &Words, ui: &mut Ui<'_>) -> Result<Wallet> {
    let phrase = read_phrase(words.phrase_file.as_deref(), words.language)?;
    let passphrase = read_passphrase(words, Asked::Once, ui)?;
    Wallet::from_phrase(&phrase, &passphrase)
}

/// How often a secret is asked for on a terminal: twice where a slip would be kept.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Once,
    Twice,
}

/// The BIP-39 passphrase, if the person names one.
fn read_passphrase(words: &Words, asked: Asked, ui: &mut Ui<'_>) -> Result<SecretText> {
    let passphrase = if words.passphrase_file.is_some() || words.ask_passphrase {
        let file = words.passphrase_file.as_deref();
        let secret = Secret { flag: "--passphrase-file", file, prompt: "BIP-39 passphrase" };
        if asked == Asked::Twice { secret.read_new()? } else { secret.read()? }
    } else {
        SecretText::from("")
    };
    ui.warnings(&passphrase_warnings(&passphrase));
    Ok(passphrase)
}

/// Refuses an output file that exists, or that is one of the `inputs`, before a person is asked for secrets.
fn check_out(out: &Out, inputs: &[Option<&Path>]) -> Result<()> {
    let Some(path) = &out.out else { return Ok(()) };
    files::check_free(path, out.force)?;
    files::check_apart(path, inputs)
}

impl Words {
    /// The files that it names.
    fn files(&self) -> [Option<&Path>; 2] {
        [self.phrase_file.as_deref(), self.passphrase_file.as_deref()]
    }
}

/// Runs `work` with a ui that prints where `out` says: to a new file, or where it printed before.
fn to_out(out: &Out, ui: &mut Ui<'_>, work: impl FnOnce(&mut Ui<'_>) -> Result<()>) -> Result<()> {
    let Some(path) = &out.out else { return work(ui) };
    let mut file = std::io::BufWriter::with_capacity(1 << 16, files::NewFile::create(path, out.force)?);
    let mut messages = Vec::new();
    let mut inner = ui.with(&mut file, &mut messages, &files::shown(path));
    let result = work(&mut inner).and_then(|()| inner.flush());
    ui.note_all(&messages);
    result?;
    let file = file.into_inner().map_err(|error| {
        keyark::Error::new(
            keyark::ErrorKind::Storage,
            format!("{} could not be written: {}", files::shown(path), error.error()),
            "check the space on the disk; nothing was changed",
        )
    })?;
    file.finish()?;
    ui.note(&format!("written to {}, readable by you alone", files::shown(path)));
    Ok(())
}

/// A private key as it is shown: whole, or without the part to be written down by hand.
struct ShownKey {
    text: SecretText,
    hidden: Option<Hidden>,
    warnings: Vec<Warning>,
}

/// What a secure copy leaves off.
struct Hidden {
    bits: u32,
    characters: usize,
    place: &'static str,
    withheld: SecretText,
}

impl ShownKey {
    fn new(exported: ExportedKey, secure_copy: bool) -> Result<Self> {
        let warnings = exported.warnings;
        if !secure_copy {
            return Ok(Self { text: exported.text, hidden: None, warnings });
        }
        let parts = exported.format.cut.split(&exported.text)?;
        let hidden = Hidden {
            bits: parts.hidden_bits,
            characters: parts.withheld.expose().chars().count(),
            place: if parts.at_start { "start" } else { "end" },
            withheld: parts.withheld,
        };
        Ok(Self { text: parts.shown, hidden: Some(hidden), warnings })
    }

    /// Tells the person, on stderr, what to write down by hand.
    fn tell(&self, whose: &str, ui: &mut Ui<'_>) {
        let Some(Hidden { bits, characters, place, withheld }) = &self.hidden else { return };
        ui.note(&format!(
            "write down by hand, for {whose}: {}\n  these {characters} characters belong at the {place} of the key; \
             without them {bits} bits of it are missing. `keyark complete` joins the two parts.\n  that stops whoever \
             reads the clipboard, not someone with computers and time: if the copied part gets out, move the funds",
            withheld.expose()
        ));
    }
}

/// The form in which a key is shown: the one that was named, else for a secure copy the first one that can be cut, else the
/// chain's own choice.
fn key_format<'a>(chain: &dyn Chain, named: Option<&'a str>, secure_copy: bool) -> Option<&'a str> {
    let can_be_cut = |format: &&KeyFormat| !matches!(format.cut, Cut::Never { .. });
    match named {
        None if secure_copy => chain.info().key_formats.iter().find(can_be_cut).map(|format| format.id),
        named => named,
    }
}

/// The path of a key as text, if it has one.
fn path_of(key: &ChainKey) -> Option<String> {
    key.path().map(ToString::to_string)
}

/// The words of a wallet that were in a keystore file in place of a key.
fn stored_phrase(secret: &KeystoreSecret) -> Option<Result<(Phrase, Wallet)>> {
    let KeystoreSecret::Phrase(text) = secret else { return None };
    let none = SecretText::from("");
    Some(Phrase::parse(text).and_then(|phrase| Ok((phrase.clone(), Wallet::from_phrase(&phrase, &none)?))))
}
