//! `keyark recover keystore`: the password of a keystore file.

use std::time::Duration;

use keyark::keystore::{Kdf, Keystore};
use keyark::recovery::{OpenedWith, PasswordSearch};
use keyark::{Error, ErrorKind, Result, Warning};
use serde::Serialize;

use super::drive::Drive;
use super::report::{Results, lasting, seconds};
use crate::args::RecoverKeystore;
use crate::commands::keystore::{keystore_chain, read};
use crate::ui::{Ui, quoted};
use crate::{files, progress};

/// How much memory all threads take together, unless their number is given.
const MOST_MEMORY: u64 = 2 << 30;

pub(super) fn run(args: &RecoverKeystore, ui: &mut Ui<'_>) -> Result<()> {
    let list = ("--passwords-file", args.passwords.passwords_file.as_deref());
    let pattern = ("--password-pattern-file", args.passwords.password_pattern_file.as_deref());
    let _lock = super::check_files(&args.out, &args.effort, &[list, pattern, ("the keystore", Some(&args.file))])?;
    let file = files::shown(&args.file);
    let text = read(&args.file)?;
    let guesses = super::guesses(list, pattern)?.ok_or_else(|| {
        Error::new(ErrorKind::Usage, "there are no guesses", "give --passwords-file or --password-pattern-file")
    })?;
    let search = PasswordSearch::new(&text, guesses).map_err(|error| error.with_context("file", &file))?;

    let mut results = Results::new(&args.out, super::is_going_on(&args.effort))?;
    let (effort, most_threads) = (&args.effort, most_threads(&Keystore::parse(&text)?.inspect().kdf));
    let drive = Drive { effort, what: "passwords", all: false, most_threads };
    let mut show = |found: OpenedWith, time: Duration, results: &mut Results, ui: &mut Ui<'_>| {
        let (address, warnings) = progress::during(ui, "reading its key", || key(&text, &found));
        let object = Match {
            file: &file,
            password: found.password.expose(),
            address: address.as_deref(),
            tried: found.tried,
            seconds: seconds(time),
            warnings: warnings.iter().map(Warning::message).collect(),
        };
        results.add(&object, found.password.expose(), ui)?;
        if !ui.json {
            let whose = address.as_deref().unwrap_or("an address that the file does not name");
            ui.note(&format!("it opens {file}, the keystore of {whose}; found in {}", lasting(time)));
            ui.warnings(&warnings);
            let password = found.password.expose();
            if password.trim() != password {
                ui.note("note: the password begins or ends with a space, which is part of it");
            }
        }
        Ok(())
    };
    let ended = drive.run(search, &mut results, &mut show, ui)?;
    if ui.is_broken() {
        return Ok(());
    }
    if ended.found == 0 {
        let remedy = "add guesses: others of your passwords, with other endings, in capitals, with a space behind";
        return Err(ended.nothing_fits(&drive, "the file", remedy));
    }
    if let Some(file) = results.file() {
        ui.note(&format!("written to {}, readable by you alone", files::shown(file)));
    }
    ui.note(&format!("import the key: keyark import NAME --keystore {}", quoted(&file)));
    Ok(())
}

/// The object of a match. It borrows the password, so that no copy of it is left behind.
#[derive(Serialize)]
struct Match<'a> {
    file: &'a str,
    password: &'a str,
    address: Option<&'a str>,
    tried: u64,
    seconds: f64,
    warnings: Vec<&'a str>,
}

/// The address of the key in the file, and what is unusual. The password opens it whatever there is to say about the key.
fn key(text: &str, found: &OpenedWith) -> (Option<String>, Vec<Warning>) {
    match keystore_chain().and_then(|(_, support)| support.open(text, &found.password)) {
        Ok(opened) => (opened.address.map(|address| address.to_string()), opened.warnings),
        Err(error) => (None, vec![Warning::new("key", format!("{}: {}", error.problem(), error.remedy()))]),
    }
}

/// How many threads have memory enough: scrypt takes 128 N r bytes.
fn most_threads(kdf: &Kdf) -> usize {
    match *kdf {
        Kdf::Scrypt { n, r, .. } => {
            let each = 128_u64.saturating_mul(u64::from(n)).saturating_mul(u64::from(r)).max(1);
            usize::try_from(MOST_MEMORY / each).unwrap_or(usize::MAX).max(1)
        }
        _ => usize::MAX,
    }
}
