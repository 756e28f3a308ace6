//! `keyark recover`: what a damaged backup has lost.

pub(super) mod drive;
mod keystore;
mod lock;
mod path;
mod phrase;
pub(super) mod report;

use std::path::Path;

use keyark::phrase::passphrase_warnings;
use keyark::recovery::{Found, Guesses, Known, Passphrases};
use keyark::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

use self::lock::Lock;
use crate::args::{Effort, KnownArgs, Out, PassphraseArgs, PlaceArgs, RecoverCommand};
use crate::input::{self, Secret};
use crate::ui::{Ui, fields, printable};
use crate::{commands, files};

/// The longest list of guesses or of addresses, in bytes.
const LONGEST_LIST: usize = 256 << 20;

pub(super) fn run(command: RecoverCommand, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        RecoverCommand::Phrase(args) => phrase::run(&args, ui),
        RecoverCommand::Path(args) => path::run(&args, ui),
        RecoverCommand::Keystore(args) => keystore::run(&args, ui),
    }
}

/// That the files are fit for what they are to be, before anything is asked for: each of the secret `inputs` with its flag. The
/// checkpoint, if there is one, is this search's alone as long as its lock is held.
pub(super) fn check_files(
    out: &Out,
    effort: &Effort,
    inputs: &[(&'static str, Option<&Path>)],
) -> Result<Option<Lock>> {
    input::check_one_stdin(inputs)?;
    let mut read: Vec<_> = inputs.iter().map(|(_, file)| *file).collect();
    read.push(effort.checkpoint.as_deref());
    match &out.out {
        // It is added to.
        Some(path) if is_going_on(effort) && path.exists() => {
            files::check_free(path, true)?;
            files::check_apart(path, &read)?;
        }
        _ => commands::check_out(out, &read)?,
    }
    // Seen now, and not after hours.
    out.out.as_deref().map_or(Ok(()), files::check_writable)?;
    let Some(checkpoint) = &effort.checkpoint else { return Ok(None) };
    if out.out.as_ref().is_some_and(|out| files::is_same_file(out, checkpoint)) {
        let problem = "--out and --checkpoint name the same file";
        return Err(Error::new(ErrorKind::Usage, problem, "give each a file of its own"));
    }
    check_lock(checkpoint, out, inputs)?;
    files::check_writable(checkpoint)?;
    Lock::take(checkpoint)
}

/// That the lock beside the checkpoint, which is removed in the end, is none of the other files.
fn check_lock(checkpoint: &Path, out: &Out, inputs: &[(&'static str, Option<&Path>)]) -> Result<()> {
    let lock = Lock::place(checkpoint);
    let out = ("--out", out.out.as_deref());
    let other = inputs.iter().chain([&out]).find(|(_, file)| file.is_some_and(|file| files::is_same_file(file, &lock)));
    let Some((name, _)) = other else { return Ok(()) };
    Err(Error::new(
        ErrorKind::Usage,
        format!("{name} is {}, which is the place of the checkpoint's lock", files::shown(&lock)),
        "choose another place for the checkpoint",
    ))
}

/// Whether there is a checkpoint to go on from.
pub(super) fn is_going_on(effort: &Effort) -> bool {
    effort.checkpoint.as_ref().is_some_and(|path| path.exists())
}

/// What is known of the wallet, if anything.
fn known(args: &KnownArgs, place: &PlaceArgs) -> Result<Option<Known>> {
    let chains = commands::chains_named(&place.chains)?;
    let network = place.network.get();
    if let Some(address) = &args.address {
        return Known::address(address, &chains, network).map(Some);
    }
    if let Some(path) = &args.addresses_file {
        let text = files::read_text(path, LONGEST_LIST)?;
        let known = Known::addresses(&text, &chains, network);
        return known.map(Some).map_err(|error| error.with_context("file", files::shown(path)));
    }
    if let Some(xpub) = &args.xpub {
        return Known::extended_key(xpub, &chains).map(Some);
    }
    args.fingerprint.as_deref().map(Known::fingerprint).transpose()
}

/// The passphrase that was given, or none and the guesses.
fn passphrases(args: &PassphraseArgs, ui: &mut Ui<'_>) -> Result<Passphrases> {
    if let Some(file) = &args.passphrase_file {
        let passphrase = Secret { flag: "--passphrase-file", file: Some(file), prompt: "BIP-39 passphrase" }.read()?;
        ui.warnings(&passphrase_warnings(&passphrase));
        return Ok(Passphrases::from(Guesses::one(passphrase)));
    }
    let list = ("--passphrases-file", args.passphrases_file.as_deref());
    let pattern = ("--passphrase-pattern-file", args.passphrase_pattern_file.as_deref());
    Ok(match guesses(list, pattern)? {
        Some(guesses) => Passphrases::none().or(guesses),
        None => Passphrases::none(),
    })
}

/// Guesses from a list or from a pattern, each with its flag.
fn guesses(list: (&'static str, Option<&Path>), pattern: (&'static str, Option<&Path>)) -> Result<Option<Guesses>> {
    let read = |(flag, file)| Secret { flag, file, prompt: "Guesses" }.read_up_to(LONGEST_LIST);
    let (guesses, (flag, _)) = match (list.1, pattern.1) {
        (Some(_), _) => (Guesses::list(&read(list)?), list),
        (None, Some(_)) => (Guesses::pattern(&read(pattern)?), pattern),
        (None, None) => return Ok(None),
    };
    guesses.map(Some).map_err(|error| error.with_context("from", flag))
}

/// What is found of a wallet, as far as there is something, and its passphrase as it is: in quotes where its ends could not be told, and never broken.
fn with_passphrase(rows: &[(&str, Option<&str>)], passphrase: Option<&str>, ui: &Ui<'_>) -> Zeroizing<String> {
    const NAME: &str = "passphrase";
    let given = rows.iter().filter_map(|(name, value)| Some((format!("{name:0$}", NAME.len()), (*value)?)));
    let rows: Vec<_> = given.collect();
    let rows: Vec<_> = rows.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let text = fields(&rows, ui.width());
    let shown = Zeroizing::new(passphrase.map_or_else(String::new, printable));
    let mut all = Zeroizing::new(String::with_capacity(text.len() + NAME.len() + shown.len() + "\n    ".len()));
    all.push_str(&text);
    all.push('\n');
    all.push_str(NAME);
    let is_plain = |text: &str| !text.contains(char::is_whitespace) && text != "none";
    match passphrase {
        None => all.push_str("  none"),
        Some(text) if is_plain(text) => ["  ", &shown].iter().for_each(|part| all.push_str(part)),
        Some(_) => ["  \"", &shown, "\""].iter().for_each(|part| all.push_str(part)),
    }
    all
}

/// How to go on with what was found. Of a match of an earlier run nothing is known.
fn to_import(found: Option<&Found>) -> &'static str {
    match found {
        None => "import the wallet: keyark import NAME, with --ask-passphrase where a passphrase stands beside it",
        Some(found) if found.passphrase.is_empty() => "import the wallet: keyark import NAME",
        Some(found) if found.passphrase_is_raw => {
            "the passphrase on another sheet; open the wallet with the program it was made with"
        }
        Some(_) => "the passphrase on another sheet, and import the wallet: keyark import NAME --ask-passphrase",
    }
}

/// In which form the passphrase goes into the seed: that of the standard, or as it was typed. `None` without one.
fn form(found: &Found) -> Option<&'static str> {
    let form = if found.passphrase_is_raw { "as-typed" } else { "nfkd" };
    some(&found.passphrase).map(|_| form)
}

/// Says that other programs have another wallet for the passphrase, where it is so.
fn warn_of_form(found: &Found, ui: &mut Ui<'_>) {
    if found.passphrase_is_raw {
        ui.note("warning: this wallet takes the passphrase as it is typed, and not as BIP-39 says. Most wallets, and keyark, have another \
                 wallet for it: open it with the program it was made with, and move what is in it");
    }
}

/// A text that is not empty.
fn some(text: &SecretText) -> Option<&str> {
    Some(text.expose()).filter(|text| !text.is_empty())
}

impl PassphraseArgs {
    /// The files that it names, with their flags.
    fn files(&self) -> [(&'static str, Option<&Path>); 3] {
        [
            ("--passphrase-file", self.passphrase_file.as_deref()),
            ("--passphrases-file", self.passphrases_file.as_deref()),
            ("--passphrase-pattern-file", self.passphrase_pattern_file.as_deref()),
        ]
    }
}
