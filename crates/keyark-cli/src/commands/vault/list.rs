//! `keyark list`: the wallets, those without a backup first, then those whose backups are stale, and what to do about it.

use std::collections::{BTreeMap, BTreeSet};

use keyark::vault::{
    Action, Backup, BackupMethod, CloudState, Judged, Ledger, Remedy, Standing, Timestamp, WalletEntry,
};
use keyark::{Error, ErrorKind, Result};
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Home, Local};
use crate::args::VaultPassword;
use crate::commands::cloud::book::{Book, Entry};
use crate::ui::{Ui, printable, quoted, table};

pub(in crate::commands) fn run(check: bool, password: &VaultPassword, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let local = home.unlock(password, ui)?;
    let (known, now) = (known(home, ui), Timestamp::now());
    let states = known.as_deref().map(states).unwrap_or_default();
    let names = known.as_deref().map(|known| known.iter().map(|entry| entry.name.as_str()).collect());
    let listed = |entry| Listed::new(entry, &states, names.as_ref(), now);
    let mut wallets: Vec<_> = local.unlocked.wallets()?.iter().map(listed).collect();
    wallets.sort_by_key(|wallet| (wallet.standing, wallet.entry.created)); // stable: as they came
    let due: Vec<_> = wallets.iter().filter(|wallet| wallet.standing != Standing::Good).collect();
    if ui.json {
        wallets.iter().try_for_each(|wallet| ui.result(&wallet.to_json(), ""))?;
    } else if check {
        show(&due, ui)?; // where all is well, cron has nothing to mail
    } else {
        show(&wallets.iter().collect::<Vec<_>>(), ui)?;
        if wallets.is_empty() {
            ui.note(
                "the vault has no wallets yet: `keyark new NAME` makes one, `keyark import NAME` takes one in, and `keyark restore cloud \
                 URL` brings back what is in a cloud",
            );
        }
    }
    if !check {
        tell_sealed(&local, ui);
    }
    let Some(first) = due.first() else { return Ok(()) };
    let (problem, remedy) = (problem(&due), first.command().unwrap_or_default());
    if check {
        return Err(Error::new(ErrorKind::Mismatch, problem, remedy));
    }
    if !ui.json {
        let why = match first.standing {
            Standing::Unbacked => ": if this computer is lost, so is what only this computer has. Back up now:",
            _ => ". It is put right with:",
        };
        ui.note(&format!("{problem}{why}\n  {remedy}"));
    }
    Ok(())
}

/// The cloud vaults as this computer saw them last. Where that cannot be read, nothing is stale for what a cloud says.
pub(super) fn clouds(home: &Home, ui: &mut Ui<'_>) -> BTreeMap<String, CloudState> {
    known(home, ui).as_deref().map(states).unwrap_or_default()
}

/// The cloud vaults that this computer knows; `None` where that cannot be read.
fn known(home: &Home, ui: &mut Ui<'_>) -> Option<Vec<Entry>> {
    let told = |error: Error| {
        ui.note(&format!("warning: {}; {}", printable(&error.to_string()), printable(error.remedy())));
    };
    Book::of(home).all().map_err(told).ok()
}

fn states(known: &[Entry]) -> BTreeMap<String, CloudState> {
    known.iter().filter_map(|entry| Some((entry.name.clone(), entry.state?))).collect()
}

/// Tells of wallets that are not listed, because they are sealed under forgotten passwords.
fn tell_sealed(local: &Local, ui: &mut Ui<'_>) {
    for epoch in local.unlocked.sealed_epochs() {
        let set = epoch.password_set.map_or_else(|| "another time".to_owned(), |set| set.date());
        ui.note(&format!(
            "note: more wallets are sealed under the password set on {set}. If it comes back to mind: keyark password merge"
        ));
    }
}

/// What is to be said of the wallets that want something, the unbacked first.
fn problem(due: &[&Listed<'_>]) -> String {
    let unbacked = due.iter().filter(|wallet| wallet.standing == Standing::Unbacked).count();
    let stale = due.len() - unbacked;
    let first = due.first().map(|wallet| wallet.entry.name.as_str()).unwrap_or_default();
    let why = || due.first().map(|wallet| wallet.why()).unwrap_or_default();
    match (unbacked, stale) {
        (0, 1) => format!("a backup of {first} is stale: {}", why()),
        (0, many) => format!("{many} wallets have stale backups, the first of them {first}"),
        (1, 0) => format!("{first} is not backed up"),
        (many, 0) => format!("{many} wallets are not backed up, the first of them {first}"),
        (1, stale) => format!("{first} is not backed up, and backups of {stale} more are stale"),
        (many, stale) => format!(
            "{many} wallets are not backed up, the first of them {first}, and backups of {stale} more are stale"
        ),
    }
}

/// A wallet and how it stands.
struct Listed<'a> {
    entry: &'a WalletEntry,
    ledger: Ledger<'a>,
    standing: Standing,
    /// The names of the cloud vaults that are known here, where that can be read.
    places: Option<&'a BTreeSet<&'a str>>,
}

impl<'a> Listed<'a> {
    fn new(
        entry: &'a WalletEntry,
        clouds: &BTreeMap<String, CloudState>,
        places: Option<&'a BTreeSet<&'a str>>,
        now: Timestamp,
    ) -> Self {
        let ledger = entry.ledger(clouds, now);
        let mut listed = Self { entry, standing: ledger.standing(), ledger, places };
        if listed.standing == Standing::Good && listed.whole().any(|judged| listed.unknown_place(judged).is_some()) {
            listed.standing = Standing::Stale;
        }
        listed
    }

    fn whole(&self) -> impl Iterator<Item = &Judged<'a>> {
        self.ledger.backups.iter().filter(|judged| judged.whole)
    }

    /// The cloud vault of a backup, where this computer has forgotten which one has that name.
    fn unknown_place<'b>(&self, judged: &'b Judged<'_>) -> Option<&'b str> {
        let place = judged.backup.to.as_deref().filter(|place| !place.contains("://"))?;
        let is_cloud = judged.backup.method == BackupMethod::Cloud;
        (is_cloud && self.places.is_some_and(|known| !known.contains(place))).then_some(place)
    }

    /// The command that is to be given first.
    fn command(&self) -> Option<String> {
        let first = self.whole().find_map(|judged| self.put_right(judged));
        first.or_else(|| self.ledger.remedy().map(|remedy| command(self.entry, &remedy)))
    }

    /// The command that makes a backup good again.
    fn put_right(&self, judged: &Judged<'a>) -> Option<String> {
        match self.unknown_place(judged) {
            Some(place) => Some(format!("keyark cloud init {} URL", quoted(place))),
            None => judged.remedy().map(|remedy| command(self.entry, &remedy)),
        }
    }

    /// Why it is stale.
    fn why(&self) -> String {
        self.whole().find_map(|judged| self.reasons(judged)).unwrap_or_default()
    }

    /// Why a backup is stale, in one line; none where it is not.
    fn reasons(&self, judged: &Judged<'_>) -> Option<String> {
        let unknown = self.unknown_place(judged).map(|place| format!("{place} is not known on this computer any more"));
        let reasons: Vec<_> = unknown.into_iter().chain(judged.stale.iter().map(ToString::to_string)).collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }

    /// The reasons by their stable names.
    fn reason_ids(&self, judged: &Judged<'_>) -> Vec<&'static str> {
        let unknown = self.unknown_place(judged).map(|_| "unknown-place");
        unknown.into_iter().chain(judged.stale.iter().map(|reason| reason.id())).collect()
    }

    /// The object of one wallet, as scripts rely on it.
    fn to_json(&self) -> Value {
        let backup = |judged: &Judged<'_>| {
            json!({
                "method": judged.backup.method.id(),
                "to": judged.backup.to,
                "made": judged.backup.made.to_string(),
                "verified": judged.backup.verified.map(|verified| verified.to_string()),
                "stale": self.reasons(judged),
                "stale_reasons": self.reason_ids(judged),
            })
        };
        let entry = self.entry;
        json!({
            "name": entry.name.as_str(),
            "id": entry.id.to_string(),
            "created": entry.created.to_string(),
            "secret": entry.secret_kind,
            "backed_up": entry.is_backed_up(),
            "standing": self.standing.id(),
            "remedy": self.command(),
            "backups": self.ledger.backups.iter().map(backup).collect::<Vec<_>>(),
        })
    }

    /// The rows of one wallet: one for each backup that brings it back whole. Its name stands in the first.
    fn rows(&self) -> Vec<[String; 4]> {
        let name = printable(self.entry.name.as_str());
        let (whole, parts): (Vec<_>, Vec<_>) = self.ledger.backups.iter().partition(|judged| judged.whole);
        let parts_text = format!("single keys: {}", parts.len());
        let mut rows: Vec<[String; 4]> = whole.iter().map(|judged| self.row(judged)).collect();
        match (rows.is_empty(), parts.is_empty()) {
            (true, is_all) => {
                let backed_up = if is_all { "NO".to_owned() } else { format!("NO ({parts_text})") };
                rows.push([String::new(), backed_up, "never".to_owned(), self.command().unwrap_or_default()]);
            }
            (false, true) => {}
            (false, false) => {
                let proved = parts.iter().filter_map(|judged| judged.backup.verified).max();
                rows.push([String::new(), parts_text, date(proved), String::new()]);
            }
        }
        if let Some([first, ..]) = rows.first_mut() {
            *first = name;
        }
        rows
    }

    fn row(&self, judged: &Judged<'a>) -> [String; 4] {
        let what = backup_text(judged.backup);
        let what = if self.standing == Standing::Unbacked { format!("NO ({what})") } else { what };
        let to_do = self.reasons(judged).zip(self.put_right(judged));
        let to_do = to_do.map(|(why, remedy)| printable(&format!("{why}: {remedy}")));
        [String::new(), what, date(judged.backup.verified), to_do.unwrap_or_default()]
    }
}

fn date(proved: Option<Timestamp>) -> String {
    proved.map_or_else(|| "never".to_owned(), Timestamp::date)
}

/// The table of these wallets. On a terminal its first columns are cut, so that there is room for the last one.
fn show(wallets: &[&Listed<'_>], ui: &mut Ui<'_>) -> Result<()> {
    const WIDEST: usize = 20;
    if wallets.is_empty() {
        return Ok(());
    }
    let width = ui.width();
    let most = if width == usize::MAX { usize::MAX } else { WIDEST };
    let mut rows = vec![["WALLET", "BACKED UP", "LAST PROVED", "WHAT TO DO"].map(str::to_owned).to_vec()];
    for [name, backed_up, proved, to_do] in wallets.iter().flat_map(|wallet| wallet.rows()) {
        rows.push(vec![cut(name, most), cut(backed_up, most), proved, to_do]);
    }
    ui.text(&table(&rows, width))
}

/// Text that takes so many columns at most.
fn cut(text: String, most: usize) -> String {
    if text.width() <= most || text.contains("://") {
        return text; // a URL is of use only whole
    }
    let mut width = 1; // of the sign that something is left away
    let fits = |letter: &char| {
        width += letter.width().unwrap_or_default();
        width <= most
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{start}…")
}

fn backup_text(backup: &Backup) -> String {
    let what = match backup.method.id() {
        "phrase" => "words",
        "private-key" => "private key",
        other => other,
    };
    match backup.to.as_deref() {
        Some("paper") => format!("{what} on paper"),
        Some(url) if url.contains("://") => printable(&format!("{what} {url}")),
        Some(to) => printable(&format!("{what} {}", to.rsplit('/').next().unwrap_or(to))), // a file's name; --json has the path
        None => printable(what),
    }
}

/// The command that does what is to be done.
pub(super) fn command(entry: &WalletEntry, remedy: &Remedy<'_>) -> String {
    let name = quoted(entry.name.as_str());
    let by_hand = if entry.secret_kind == "phrase" { "phrase" } else { "key" };
    let Some(backup) = remedy.backup else { return format!("keyark backup {by_hand} {name}") };
    let to = backup.to.as_deref().map(quoted).unwrap_or_default();
    let is_url = backup.to.as_deref().is_some_and(|to| to.contains("://"));
    match (remedy.action, &backup.method) {
        // These take a name, not a URL.
        (Action::BackUpAgain | Action::ChangePassword, BackupMethod::Cloud) if is_url => {
            format!("keyark cloud init NAME {to}")
        }
        (_, BackupMethod::Phrase | BackupMethod::PrivateKey)
        // A later keyark made these, and this one cannot.
        | (Action::BackUpAgain, BackupMethod::Sheet | BackupMethod::Shares) => {
            format!("keyark backup {by_hand} {name}")
        }
        (Action::ChangePassword, _) => format!("keyark cloud change-password {to}"),
        (Action::BackUpAgain, BackupMethod::Cloud) => format!("keyark backup cloud {name} --to {to}"),
        (Action::BackUpAgain, BackupMethod::Keystore) => {
            let chain = entry.first_address.as_ref().map_or("CHAIN", |(chain, _)| chain);
            format!("keyark export keystore {name} --chain {chain} --out {to} --force")
        }
        _ if to.is_empty() => format!("keyark verify {name}"),
        _ => format!("keyark verify {name} --from {to}"),
    }
}
