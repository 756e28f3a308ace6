//! Copies of wallets in another vault: made, proved, and brought back.

mod restore;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use keyark_vault::{
    Backup, BackupMethod, Passphrase, Timestamp, Unlocked, WalletEntry, WalletId, WalletName, WalletRecord,
    is_newer_record,
};

pub use self::restore::{Outcome, Planned, Restore};
use crate::drill::{Drill, drill, drill_against};
use crate::vault::wallet_of;

/// Asks for the BIP-39 passphrase of a wallet whose vault has only [noted](Passphrase::Noted) that there is one. `None`: the person does not have it at
/// hand, and what needs it is not proved.
pub trait AskPassphrase {
    /// The passphrase of `wallet`.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] when the person stops everything.
    fn ask(&self, wallet: &WalletName) -> Result<Option<SecretText>>;
}

/// Asks nobody.
impl AskPassphrase for () {
    fn ask(&self, _: &WalletName) -> Result<Option<SecretText>> {
        Ok(None)
    }
}

/// What became of one wallet in a backup or a drill.
#[derive(Debug)]
#[non_exhaustive]
pub struct Receipt {
    /// The wallet.
    pub wallet: WalletId,
    /// Its name in the vault that was backed up.
    pub name: WalletName,
    /// What its copy is called; `None` where there is none.
    pub copy: Option<WalletName>,
    /// When it was.
    pub date: Timestamp,
    /// What was compared; or why the copy is not what it should be, or could not be compared.
    pub result: Result<Drill>,
    wrong: bool,
    /// When the copy was made, as far as it says.
    made: Option<Timestamp>,
}

impl Receipt {
    /// Whether the copy gave the wallet back.
    pub fn is_proved(&self) -> bool {
        self.result.is_ok()
    }

    /// Whether the copy is not what it should be: missing, damaged, or another wallet. Neither this nor proved: nothing is known to be wrong, but it
    /// could not be compared, for the passphrase is not at hand, this program is older than the copy, or the original itself cannot be opened.
    pub fn is_wrong(&self) -> bool {
        self.wrong
    }

    /// Whether there is nothing wrong but that a passphrase was not given: the copy is there, and was not proved.
    pub fn lacks_passphrase(&self) -> bool {
        !self.wrong && self.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Usage)
    }

    /// The receipt for a copy that was read.
    fn of(subject: &Subject, entry: Option<WalletEntry>, copy: Result<WalletRecord>, date: Timestamp) -> Self {
        let Subject { original, passphrase } = subject;
        let (result, wrong) = match copy {
            Err(error) => {
                let wrong = !is_newer_record(&error);
                (Err(error), wrong)
            }
            Ok(copy) => match drill_against(&copy, original, passphrase.as_ref()) {
                Err(error) => {
                    let wrong = match error.kind() {
                        ErrorKind::Usage => false,
                        ErrorKind::NotFound => drill(original, passphrase.as_ref()).is_ok(), // else its chains are not here
                        _ => true,
                    };
                    (Err(error), wrong)
                }
                Ok(drill) => (Ok(drill), false),
            },
        };
        let made = entry.as_ref().and_then(|entry| entry.backups.iter().filter_map(own_note).max());
        let copy = entry.map(|entry| entry.name);
        Self { wallet: original.id(), name: original.name.clone(), copy, date, result, wrong, made }
    }
}

/// A wallet that is copied or proved.
struct Subject {
    original: WalletRecord,
    passphrase: Option<SecretText>,
}

/// The wallets, each once, with their passphrases; and receipts for those that cannot be opened here.
struct Subjects {
    good: Vec<Subject>,
    damaged: Vec<Receipt>,
}

impl Subjects {
    fn read(local: &Unlocked, wallets: &[WalletId], ask: &dyn AskPassphrase, date: Timestamp) -> Result<Self> {
        let wallets = distinct(wallets);
        let mut subjects = Self { good: Vec::with_capacity(wallets.len()), damaged: Vec::new() };
        for (id, read) in wallets.iter().zip(local.records(&wallets)) {
            let name = local.wallets()?.iter().find(|entry| entry.id == *id).map(|entry| entry.name.clone());
            match (read, name) {
                (Ok(original), _) => {
                    let passphrase = passphrase_of(&original, ask)?;
                    subjects.good.push(Subject { original, passphrase });
                }
                (Err(error), Some(name)) if !is_of_the_vault(&error) => {
                    let (wrong, copy, made) = (false, None, None);
                    subjects.damaged.push(Receipt { wallet: *id, name, copy, date, result: Err(error), wrong, made });
                }
                (Err(error), _) => return Err(error),
            }
        }
        Ok(subjects)
    }
}

/// Copies wallets from `local` into `elsewhere`, which is called `place`, in one change; then reads every copy back from there, derives its addresses
/// again, compares them, and notes in `local` what came out. Each record and one manifest are written once, on either side. A wallet that cannot be
/// opened in `local` is not copied, and has a receipt that says so.
///
/// # Errors
/// [`ErrorKind::Mismatch`] for a passphrase that is another one, and the vaults' and the storages', before anything is written; nothing has changed then.
/// Where it fails later, the copies are whole and are not noted yet: make the backup again. That a copy is not what it should be is in its receipt.
pub fn back_up(
    local: &mut Unlocked,
    wallets: &[WalletId],
    elsewhere: &mut Unlocked,
    place: &str,
    ask: &dyn AskPassphrase,
    now: Timestamp,
) -> Result<Vec<Receipt>> {
    if let Some(error) = local.broken().or(elsewhere.broken()) {
        return Err(error.clone());
    }
    let Subjects { good, damaged } = Subjects::read(local, wallets, ask, now)?;
    if good.is_empty() {
        return Ok(damaged);
    }
    let made = backup_of(elsewhere, place, now)?;
    // A copy says of itself that it is one.
    let copies = good.iter().map(|subject| {
        let mut copy = subject.original.clone();
        let mut note = made.clone();
        note.accounts = Some(count(&copy));
        copy.record_backup(note);
        copy
    });
    let entries = elsewhere.put(&copies.collect::<Vec<_>>(), now)?;
    let mut found = elsewhere.reread()?;
    found.compare(&elsewhere.seen());
    if found.broken().is_some() {
        return Err(Error::new(
            ErrorKind::Storage,
            "the copies are written, but their storage shows an older state of itself",
            "make the backup again in a while: it counts when it can be read back",
        ));
    }
    let receipts = prove(&found, good, entries.into_iter().map(Some).collect(), now)?;
    let made = backup_of(&found, place, now)?;
    note(local, receipts.iter().filter(|receipt| receipt.copy.is_some()), now, |record, receipt| {
        let mut backup = made.clone();
        (backup.accounts, backup.detail) = (Some(count(record)), detail(receipt));
        if receipt.is_proved() {
            backup.prove(now, Some(found.cloud_state()));
        } else if receipt.lacks_passphrase() {
            // The same secret lies there as when it was last proved.
            backup.verified =
                record.backups.iter().find(|backup| is_copy_in(backup, place)).and_then(|last| last.verified);
        } else {
            backup.failed = Some(now);
        }
        record.record_backup(backup);
    })?;
    Ok(receipts.into_iter().chain(damaged).collect())
}

/// The drill: reads the copies of `wallets` in `elsewhere` anew, derives their addresses again, compares them with what `local` has recorded, and notes in
/// `local` what came out. A copy that is missing or does not give its wallet back counts as no backup from then on; one that gives it back and was not
/// known of here is noted.
///
/// # Errors
/// [`ErrorKind::Mismatch`] for a passphrase that is another one and for an `elsewhere` that is in an older state than it was before, and the vaults'
/// and the storages'; nothing is noted then.
pub fn verify(
    local: &mut Unlocked,
    wallets: &[WalletId],
    elsewhere: &Unlocked,
    place: &str,
    ask: &dyn AskPassphrase,
    now: Timestamp,
) -> Result<Vec<Receipt>> {
    if let Some(error) = elsewhere.broken() {
        return Err(Error::new(ErrorKind::Mismatch, error.problem().to_owned(), error.remedy().to_owned()));
    }
    let Subjects { mut good, damaged } = Subjects::read(local, wallets, ask, now)?;
    let found = elsewhere.reread()?;
    let mut entries = Vec::with_capacity(good.len());
    for Subject { original, .. } in &mut good {
        // Accounts that are newer than the copy make it stale, not wrong.
        let noted = original.backups.iter().find(|backup| is_copy_in(backup, place)).and_then(|backup| backup.accounts);
        original.accounts.truncate(noted.and_then(|noted| usize::try_from(noted).ok()).unwrap_or(usize::MAX));
        let listed = found.wallets()?;
        let entry = listed.iter().find(|entry| entry.id == original.id());
        entries.push(entry.or_else(|| listed.iter().find(|entry| is_same(&found, entry, original))).cloned());
    }
    let counts: Vec<u64> = good.iter().map(|subject| count(&subject.original)).collect();
    let receipts = prove(&found, good, entries, now)?;
    let (state, unnoted) = (found.cloud_state(), backup_of(&found, place, now)?);
    // What lies under an older password is not the backup that is noted.
    let is_this = |receipt: &&Receipt| found.is_current() && (receipt.is_proved() || receipt.is_wrong());
    let decided = receipts.iter().filter(is_this);
    note(local, decided, now, |record, receipt| {
        let compared = receipts.iter().zip(&counts).find(|(other, _)| other.wallet == receipt.wallet);
        let is_noted = record.backups.iter().any(|backup| is_copy_in(backup, place));
        if !is_noted && receipt.is_proved() {
            let mut backup = unnoted.clone();
            (backup.made, backup.accounts) = (receipt.made.unwrap_or(now), compared.map(|(_, count)| *count));
            record.record_backup(backup);
        }
        for backup in record.backups.iter_mut().filter(|backup| is_copy_in(backup, place)) {
            backup.detail = detail(receipt);
            match receipt.is_proved() {
                true => backup.prove(now, Some(state)),
                false => (backup.verified, backup.failed) = (None, Some(now)),
            }
        }
    })?;
    Ok(receipts.into_iter().chain(damaged).collect())
}

/// Reads the copies and compares each with its original.
fn prove(
    found: &Unlocked,
    subjects: Vec<Subject>,
    entries: Vec<Option<WalletEntry>>,
    date: Timestamp,
) -> Result<Vec<Receipt>> {
    let ids: Vec<WalletId> = entries.iter().flatten().map(|entry| entry.id).collect();
    let mut copies = found.records(&ids).into_iter();
    let mut receipts = Vec::with_capacity(subjects.len());
    for (subject, entry) in subjects.into_iter().zip(entries) {
        let copy = entry.as_ref().and_then(|_| copies.next()).unwrap_or_else(|| Err(missing(&subject.original)));
        match copy {
            Err(error) if is_of_the_vault(&error) => return Err(error),
            copy => receipts.push(Receipt::of(&subject, entry, copy, date)),
        }
    }
    Ok(receipts)
}

/// Notes in the vault what came out, if it is one that is changed.
fn note<'a>(
    local: &mut Unlocked,
    receipts: impl Iterator<Item = &'a Receipt>,
    now: Timestamp,
    mut edit: impl FnMut(&mut WalletRecord, &Receipt),
) -> Result<()> {
    let receipts: std::collections::BTreeMap<_, _> = receipts.map(|receipt| (receipt.wallet, receipt)).collect();
    let ids: Vec<WalletId> = receipts.keys().copied().collect();
    if ids.is_empty() || !local.is_current() {
        return Ok(());
    }
    let noted = local.update_all(&ids, now, |record| {
        if let Some(receipt) = receipts.get(&record.id()) {
            edit(record, receipt);
        }
        Ok(())
    });
    noted.map_err(|error| {
        let why = error.problem().replace("; nothing was changed", "");
        let problem = format!("what came out could not be noted: {why}");
        error.with_problem(problem)
    })
}

/// The wallets without those that are named again.
fn distinct(wallets: &[WalletId]) -> Vec<WalletId> {
    let mut seen = std::collections::BTreeSet::new();
    wallets.iter().copied().filter(|id| seen.insert(*id)).collect()
}

/// The passphrase that is asked for, and is the right one: what a slip in it would give is not the copy's fault.
fn passphrase_of(record: &WalletRecord, ask: &dyn AskPassphrase) -> Result<Option<SecretText>> {
    let asked = if record.passphrase == Passphrase::Noted { ask.ask(&record.name)? } else { None };
    asked.map(|passphrase| wallet_of(record, Some(&passphrase)).map(|_| passphrase)).transpose()
}

/// Whether the listed wallet is the one of the record: by its first address, and then by its secret.
fn is_same(vault: &Unlocked, entry: &WalletEntry, record: &WalletRecord) -> bool {
    let first = record.accounts.first().map(|first| (&first.chain, &first.address));
    let listed = entry.first_address.as_ref().map(|(chain, address)| (chain, address));
    (entry.id == record.id() || first == listed)
        && vault
            .record(entry.id)
            .is_ok_and(|known| known.secret().same_as(record.secret()) && known.passphrase == record.passphrase)
}

fn is_copy_in(backup: &Backup, place: &str) -> bool {
    backup.method == BackupMethod::Cloud && backup.to.as_deref() == Some(place)
}

/// When a copy was made, if this is what it says of itself: that it is one, and nothing more, for what is proved is noted in the vault it comes from.
fn own_note(backup: &Backup) -> Option<Timestamp> {
    (backup.method == BackupMethod::Cloud && backup.verified.is_none()).then_some(backup.made)
}

/// What is noted of a copy in the vault. Reads what a guess at the vault's password costs.
fn backup_of(vault: &Unlocked, place: &str, now: Timestamp) -> Result<Backup> {
    let mut backup = Backup::new(BackupMethod::Cloud, Some(place.to_owned()), now);
    let state = vault.cloud_state();
    (backup.epoch, backup.password_set) = (Some(state.epoch), state.password_set);
    backup.format = BackupMethod::Cloud.format();
    backup.work = vault.work()?;
    Ok(backup)
}

fn count(record: &WalletRecord) -> u64 {
    u64::try_from(record.accounts.len()).unwrap_or(u64::MAX)
}

/// What is noted of a backup that did not prove itself.
fn detail(receipt: &Receipt) -> Option<String> {
    const MOST_CHARS: usize = 300;
    let error = receipt.result.as_ref().err()?;
    Some(format!("{}: {}", receipt.date.date(), error.problem()).chars().take(MOST_CHARS).collect())
}

fn missing(original: &WalletRecord) -> Error {
    Error::new(ErrorKind::Mismatch, format!("there is no copy of {} there", original.name), "make the backup again")
}

/// Whether it is the network, the lock or the person, and nothing is said of a record.
fn is_of_the_vault(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Storage | ErrorKind::Locked | ErrorKind::Cancelled | ErrorKind::Internal)
}
