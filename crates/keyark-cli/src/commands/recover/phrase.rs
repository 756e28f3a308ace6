//! `keyark recover phrase`: words of which some are lost, doubtful, misspelt or swapped.

use std::time::Duration;

use keyark::phrase::Phrase;
use keyark::recovery::{Found, Known, Pattern, PhraseSearch, Space};
use keyark::{DerivationPath, Error, ErrorKind, Result, SecretText};
use serde::Serialize;

use super::drive::{Drive, Ended};
use super::report::{Results, count, counted, lasting, seconds};
use crate::args::RecoverPhrase;
use crate::commands::phrase::grid;
use crate::files;
use crate::input::Secret;
use crate::ui::Ui;

const SAY_WHAT: &str =
    "write a ? for each word that is not sure, or say what may have happened: --damage swapped --damage one-wrong";

/// What the search is for: with the words it is what a match opens, without more it is a list to look through.
pub(super) fn run(args: &RecoverPhrase, ui: &mut Ui<'_>) -> Result<()> {
    let [first, second, third] = args.passphrases.files();
    let file = ("--phrase-file", args.phrase_file.as_deref());
    let _lock = super::check_files(&args.out, &args.effort, &[file, first, second, third])?;
    let known = match super::known(&args.known, &args.place)? {
        Some(known) => known,
        None if args.checksum_only => Known::checksum(),
        None => return Err(nothing_known()),
    };
    let secret = Secret { flag: "--phrase-file", file: file.1, prompt: "Words, with a ? for each lost one" };
    let text = secret.read_words()?;
    let pattern = Pattern::read(&text, args.language)?;
    pattern.notes().iter().for_each(|note| ui.note(&format!("note: {note}")));
    let space = Space::new(&pattern, &args.damages())?;
    let passphrases = super::passphrases(&args.passphrases, ui)?;
    let size = space.size();
    let is_plain = size.before <= 1 && !pattern.is_doubtful();
    if is_plain && (size.after == 0 || passphrases.count() <= 1) {
        return Err(nothing_to_find(&text, !args.damages().is_empty(), passphrases.count() > 1));
    }
    let what = match (size.before, passphrases.count()) {
        (_, 1) => "phrases",
        (1, _) => "passphrases",
        _ => "phrases with passphrases",
    };
    let search = PhraseSearch::new(space, passphrases, known, &args.bounds()).map_err(|error| match error.kind() {
        ErrorKind::Mismatch => error.with_remedy(SAY_WHAT), // no right checksum
        _ => error,
    })?;

    let mut results = Results::new(&args.out, super::is_going_on(&args.effort))?;
    let all = args.all || args.checksum_only;
    let drive = Drive { effort: &args.effort, what, all, most_threads: usize::MAX };
    let mut next = super::to_import(None);
    let mut show = |found: Found, time: Duration, results: &mut Results, ui: &mut Ui<'_>| {
        next = super::to_import(Some(&found));
        show(&found, time, args.checksum_only, results, ui)?;
        super::warn_of_form(&found, ui);
        Ok(())
    };
    let ended = drive.run(search, &mut results, &mut show, ui)?;
    if ui.is_broken() {
        return Ok(());
    }
    tell(args, &drive, &ended, &results, next, ui)
}

/// What to do next, or that nothing fits.
fn tell(
    args: &RecoverPhrase,
    drive: &Drive<'_>,
    ended: &Ended,
    results: &Results,
    next: &str,
    ui: &mut Ui<'_>,
) -> Result<()> {
    if ended.found == 0 {
        return Err(ended.nothing_fits(
            drive,
            "what is known",
            "see whether what is known is of this wallet; then allow for more: --accounts 3 --indexes 20 --change, another --damage \
             or --kind, a passphrase, and a ? for a word that may be quite another one",
        ));
    }
    if let Some(file) = results.file() {
        ui.note(&format!("written to {}, readable by you alone", files::shown(file)));
    }
    if args.checksum_only {
        let have = if ended.found == 1 { "has" } else { "have" };
        ui.note(&format!(
            "{} {have} a right checksum; an address of the wallet would tell the right one",
            counted(ended.found.into(), "phrases")
        ));
    } else {
        let matches =
            if ended.found == 1 { "found".to_owned() } else { format!("{} found", count(ended.found.into())) };
        ui.note(&format!("{matches} in {}. Write the words on paper now, and {next}", lasting(ended.time)));
    }
    Ok(())
}

/// The object of a match. It borrows the secrets, so that no copies of them are left behind.
#[derive(Serialize)]
struct Match<'a> {
    phrase: &'a str,
    passphrase: Option<&'a str>,
    passphrase_form: Option<&'static str>,
    chain: Option<&'a str>,
    kind: Option<&'a str>,
    path: Option<String>,
    address: Option<&'a str>,
    tried: u64,
    seconds: f64,
}

fn show(found: &Found, time: Duration, alone: bool, results: &mut Results, ui: &mut Ui<'_>) -> Result<()> {
    let phrase = found.phrase.to_text();
    let object = Match {
        phrase: phrase.expose(),
        passphrase: super::some(&found.passphrase),
        passphrase_form: super::form(found),
        chain: found.chain.map(|chain| chain.info().id),
        kind: found.kind.map(|kind| kind.id),
        path: found.path.as_ref().map(DerivationPath::to_string),
        address: found.address.as_ref().map(|address| address.as_str()),
        tried: found.tried,
        seconds: seconds(time),
    };
    if alone {
        return results.add(&object, phrase.expose(), ui); // one on each line
    }
    let words = grid(&found.phrase);
    let rows = [
        ("opens", object.address.or(Some("the wallet with that key"))),
        ("chain", object.chain),
        ("kind", object.kind),
        ("path", object.path.as_deref().filter(|_| object.chain.is_some())),
    ];
    let rows = super::with_passphrase(&rows, object.passphrase, ui);
    let gap = if results.has_some { "\n" } else { "" };
    let text = zeroize::Zeroizing::new(format!("{gap}{}\n\n{}", words.as_str(), rows.as_str()));
    results.add(&object, &text, ui)
}

fn nothing_known() -> Error {
    Error::new(
        ErrorKind::Usage,
        "nothing is known of the wallet by which the right phrase could be told from the others",
        "give --address, --addresses-file, --xpub or --fingerprint; --checksum-only lists every phrase with a right checksum",
    )
}

/// What can be done with words of which none is marked and nothing is said to have happened.
fn nothing_to_find(text: &SecretText, is_named: bool, has_guesses: bool) -> Error {
    if has_guesses {
        let problem = "the checksum of the words is wrong, so no passphrase opens anything with them";
        return Error::new(ErrorKind::Usage, problem, SAY_WHAT);
    }
    let remedy = match Phrase::parse(text) {
        Ok(_) => {
            "their checksum is right: keyark recover path finds what they open, and --passphrases-file looks for a passphrase; \
             if they open nothing, try --damage swapped --damage one-wrong"
                .to_owned()
        }
        Err(_) => format!("their checksum is wrong: {SAY_WHAT}"),
    };
    let problem = if is_named {
        "with that damage there is one phrase only that the words can be, so there is nothing to find"
    } else {
        "no word is marked as lost or doubtful and no damage is named, so there is nothing to find"
    };
    Error::new(ErrorKind::Usage, problem, remedy)
}
