//! What the drills came to: a line for each copy, and how the command ends.

use keyark::vault::{Receipt, Timestamp, WalletEntry};
use keyark::{Error, ErrorKind, Result};
use serde_json::json;

use super::super::backup::{compared, tell_unknown};
use crate::ui::{Ui, printable};

/// What came out for one backup.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) method: &'static str,
    pub(super) to: String,
    pub(super) verified: Option<Timestamp>,
    pub(super) addresses: usize,
    pub(super) unknown: Vec<String>,
    pub(super) problem: Option<Error>,
    /// Whether the backup is not what it should be.
    pub(super) wrong: bool,
}

impl Row {
    pub(super) fn of(entry: &WalletEntry, method: &'static str, to: &str) -> Self {
        Self {
            name: entry.name.as_str().to_owned(),
            id: entry.id.to_string(),
            method,
            to: to.to_owned(),
            verified: None,
            addresses: 0,
            unknown: Vec::new(),
            problem: None,
            wrong: false,
        }
    }

    pub(super) fn show(&self, text: &str, ui: &mut Ui<'_>) -> Result<()> {
        let object = json!({
            "name": self.name,
            "id": self.id,
            "method": self.method,
            "to": self.to,
            "verified": self.verified.map(|verified| verified.to_string()),
            "addresses": self.addresses,
            "unknown": self.unknown,
            "problem": self.problem.as_ref().map(ToString::to_string),
            "needs": null,
        });
        ui.result(&object, text)
    }
}

/// What came out for all of them.
#[derive(Default)]
pub(super) struct Tally {
    /// The backups that are not what they should be, by the wallet's name and the place.
    pub(super) wrong: Vec<(String, Error)>,
    /// Why others could not be read.
    pub(super) errors: Vec<Error>,
    /// How many proved themselves.
    pub(super) proved: usize,
    /// The wallets whose passphrase is missing.
    pub(super) unasked: Vec<String>,
}

impl Tally {
    pub(super) fn receipt(&mut self, receipt: &Receipt, place: &str, ui: &mut Ui<'_>) -> Result<()> {
        self.proved += usize::from(receipt.is_proved());
        let mut row = Row {
            name: receipt.name.as_str().to_owned(),
            id: receipt.wallet.to_string(),
            method: "cloud",
            to: place.to_owned(),
            verified: receipt.is_proved().then_some(receipt.date),
            addresses: 0,
            unknown: Vec::new(),
            problem: receipt.result.as_ref().err().cloned(),
            wrong: receipt.is_wrong(),
        };
        if let Ok(drill) = &receipt.result {
            row.addresses = drill.compared;
            row.unknown = drill.unknown.iter().map(ToString::to_string).collect();
            row.show(&format!("{} in {}: {}", printable(&row.name), printable(place), compared(drill)), ui)?;
            tell_unknown(&printable(&row.name), drill, ui);
            return Ok(());
        }
        if receipt.lacks_passphrase() {
            self.unasked.push(row.name.clone());
            let text = format!(
                "{} in {}: not proved, for its passphrase is not at hand",
                printable(&row.name),
                printable(place)
            );
            return row.show(&text, ui);
        }
        self.row(&row, ui)
    }

    pub(super) fn row(&mut self, row: &Row, ui: &mut Ui<'_>) -> Result<()> {
        let (name, to) = (printable(&row.name), printable(&row.to));
        let Some(problem) = &row.problem else {
            self.proved += 1;
            return row.show(&format!("{name} in {to}: opens, and its key is the wallet's"), ui);
        };
        let verdict = if row.wrong { "NOT GOOD" } else { "not proved" };
        row.show(&format!("{name} in {to}: {verdict}: {}", printable(&problem.to_string())), ui)?;
        match row.wrong {
            true => self.wrong.push((format!("{name} in {to}"), problem.clone())),
            false => self.errors.push(problem.clone()),
        }
        Ok(())
    }

    /// A backup that could not be looked at, of which nothing is noted.
    pub(super) fn unreached(
        &self,
        entry: &WalletEntry,
        method: &'static str,
        to: &str,
        error: &Error,
        ui: &mut Ui<'_>,
    ) -> Result<()> {
        let row = Row { problem: Some(error.clone()), ..Row::of(entry, method, to) };
        let (name, to) = (printable(&row.name), printable(to));
        row.show(&format!("{name} in {to}: could not be looked at: {}", printable(&error.to_string())), ui)
    }

    pub(super) fn finish(self) -> Result<()> {
        let Some((first, error)) = self.wrong.first() else {
            return match (self.errors.into_iter().next(), self.unasked.first()) {
                (Some(error), _) => Err(error),
                (None, Some(name)) if self.proved == 0 => Err(Error::new(
                    ErrorKind::Usage,
                    format!("nothing was proved: the passphrase of {name} is missing"),
                    "give it with --passphrase-file FILE, or type it on a terminal",
                )),
                _ => Ok(()),
            };
        };
        let problem = match self.wrong.len() {
            1 => format!("the backup of {first} is not good, and does not count any more: {error}"),
            many => format!(
                "{many} backups are not good, and do not count any more, the first of them that of {first}: {error}"
            ),
        };
        Err(Error::new(ErrorKind::Mismatch, problem, error.remedy().to_owned()))
    }
}
