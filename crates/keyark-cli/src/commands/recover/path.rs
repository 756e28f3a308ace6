//! `keyark recover path`: which wallet is this?

use std::time::{Duration, Instant};

use keyark::recovery::{Found, PhraseSearch, Shard, Space, which_wallet};
use keyark::{Error, ErrorKind, Position, Result, Step};
use serde::Serialize;

use super::drive::Drive;
use super::report::{Results, seconds};
use crate::args::{Effort, RecoverPath};
use crate::ui::Ui;
use crate::{commands, files, progress};

pub(super) fn run(args: &RecoverPath, ui: &mut Ui<'_>) -> Result<()> {
    let [first, second, third] = args.passphrases.files();
    let file = ("--phrase-file", args.phrase_file.as_deref());
    let _lock = super::check_files(&args.out, &args.effort, &[file, first, second, third])?;
    let has_guesses = args.passphrases.passphrases_file.is_some() || args.passphrases.passphrase_pattern_file.is_some();
    if !has_guesses {
        check_effort(&args.effort)?;
    }
    let known = super::known(&args.known, &args.place)?.ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            "nothing is known of the wallet but its words",
            "give --address, --addresses-file, --xpub or --fingerprint; keyark derive shows the usual addresses",
        )
    })?;
    let phrase = commands::read_phrase(file.1, args.language)?;
    let passphrases = super::passphrases(&args.passphrases, ui)?;
    let bounds = args.bounds();
    let mut results = Results::new(&args.out, super::is_going_on(&args.effort))?;
    let mut next = super::to_import(None);
    let mut show = |found: Found, time: Duration, results: &mut Results, ui: &mut Ui<'_>| {
        next = super::to_import(Some(&found));
        show(&found, time, results, ui)?;
        super::warn_of_form(&found, ui);
        Ok(())
    };
    if has_guesses {
        let search = PhraseSearch::new(Space::of_phrase(&phrase)?, passphrases, known, &bounds)?;
        let drive = Drive { effort: &args.effort, what: "passphrases", all: false, most_threads: usize::MAX };
        let ended = drive.run(search, &mut results, &mut show, ui)?;
        if ended.found == 0 && !ui.is_broken() {
            let remedy = "give more guesses, look further with --accounts and --indexes, or see whether what is known is of this wallet";
            return Err(ended.nothing_fits(&drive, "what is known", remedy));
        }
    } else {
        let start = Instant::now();
        let threads = args.effort.threads.map_or_else(|| keyark::all_cores().get(), usize::from);
        let look = || which_wallet(&phrase, &known, passphrases, &bounds, threads);
        let found = progress::during(ui, "looking through the wallet", look)?.ok_or_else(|| not_there(args))?;
        show(found, start.elapsed(), &mut results, ui)?;
        results.store_at_last(ui)?;
    }
    if let Some(file) = results.file() {
        ui.note(&format!("written to {}, readable by you alone", files::shown(file)));
    }
    if !ui.is_broken() {
        ui.note(&format!("These words open it: keep them on paper, and {next}"));
    }
    Ok(())
}

/// The object of a place. It borrows the passphrase, so that no copy of it is left behind.
#[derive(Serialize)]
struct Place<'a> {
    chain: Option<&'a str>,
    kind: Option<&'a str>,
    account: Option<u32>,
    change: Option<u32>,
    index: Option<u32>,
    path: Option<String>,
    address: Option<&'a str>,
    passphrase: Option<&'a str>,
    passphrase_form: Option<&'static str>,
    tried: u64,
    seconds: f64,
}

fn show(found: &Found, time: Duration, results: &mut Results, ui: &mut Ui<'_>) -> Result<()> {
    let position = position(found);
    let has = |step| found.kind.and_then(|kind| kind.template()).is_some_and(|template| template.has(step));
    let number = |step, number: fn(&Position) -> u32| position.as_ref().filter(|_| has(step)).map(number);
    let object = Place {
        chain: found.chain.map(|chain| chain.info().id),
        kind: found.kind.map(|kind| kind.id),
        account: number(Step::Account, |position| position.account),
        change: number(Step::Change, |position| position.change),
        index: number(Step::Index, |position| position.index),
        path: found.path.as_ref().map(ToString::to_string),
        address: found.address.as_ref().map(|address| address.as_str()),
        passphrase: super::some(&found.passphrase),
        passphrase_form: super::form(found),
        tried: found.tried,
        seconds: seconds(time),
    };
    let shown = |number: Option<u32>| number.map(|number| number.to_string());
    let (account, change, index) = (shown(object.account), shown(object.change), shown(object.index));
    let rows = [
        ("address", object.address),
        ("chain", object.chain),
        ("kind", object.kind),
        ("account", account.as_deref()),
        ("change", change.as_deref()),
        ("index", index.as_deref()),
        ("path", object.path.as_deref()),
    ];
    let text = super::with_passphrase(&rows, object.passphrase, ui);
    results.add(&object, &text, ui)
}

/// Where the path stands among those of its kind, on whichever network: for an account, its first address.
fn position(found: &Found) -> Option<Position> {
    let (chain, kind, path) = (found.chain?, found.kind?, found.path.as_ref()?);
    let coins: Vec<_> = chain.info().networks.iter().map(|network| chain.info().coin_on(*network)).collect();
    let template = kind.template()?;
    template.position_of(&coins, path).or_else(|| template.position_of_account(&coins, path))
}

/// With one passphrase there is one wallet: its places are looked through in one go.
fn check_effort(effort: &Effort) -> Result<()> {
    let given = [
        ("--checkpoint", effort.checkpoint.is_some()),
        ("--shard", effort.shard != Shard::WHOLE),
        ("--max-time", effort.max_time.is_some()),
    ];
    let Some((flag, _)) = given.into_iter().find(|(_, is_given)| *is_given) else { return Ok(()) };
    Err(Error::new(
        ErrorKind::Usage,
        format!("{flag} is for guesses at the passphrase, and there are none: one wallet is looked through in one go"),
        format!("leave {flag} away, or give --passphrases-file or --passphrase-pattern-file"),
    ))
}

fn not_there(args: &RecoverPath) -> Error {
    if args.known.fingerprint.is_some() || args.known.xpub.is_some() {
        return Error::new(
            ErrorKind::Mismatch,
            "what is known is of another wallet than these words with that passphrase",
            "give the passphrase or guesses at it, or see whether it is of this wallet",
        );
    }
    Error::new(
        ErrorKind::Mismatch,
        format!(
            "what is known is not in the first {} accounts of these words, nor in the first {} addresses of each",
            args.accounts, args.indexes
        ),
        "look further with --accounts and --indexes, give the passphrase or guesses at it, or see whether it is of this wallet",
    )
}
