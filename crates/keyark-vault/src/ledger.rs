//! The ledger: what is backed up, why a backup is not to be relied on any more, and what to do about it.
//!
//! A backup goes stale for a reason that its owner can remove, and for few of them. Words on paper bring every account back, so new accounts
//! do not age them, and neither do formats; a private key and a keystore are of one address. All of them are proved again twice a year.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Backup, BackupMethod, Timestamp, WalletEntry, WalletRecord, WorkFactor};

const DAY: i64 = 24 * 60 * 60;
/// How far ahead of this computer's clock another one may be.
const CLOCKS_DIFFER: i64 = DAY;

/// Why a backup is stale. Displays as a clause: `no drill since 2026-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stale {
    /// It is sealed in an older epoch of its vault: the password was forgotten since, or everything was sealed anew.
    OlderPassword {
        /// When its password was set, as far as that is known.
        set: Option<Timestamp>,
    },
    /// It was read back, and did not give the wallet.
    DrillFailed {
        /// When that was.
        date: Timestamp,
    },
    /// It has never been read back and compared.
    NeverVerified,
    /// The password of its vault was changed, and it was not opened with the new one since.
    PasswordChanged {
        /// When the new one was set.
        set: Timestamp,
    },
    /// It was verified on a day that has not come yet: a clock was wrong then or is now, so the date proves nothing.
    ClockWrong {
        /// That day.
        date: Timestamp,
    },
    /// It was last verified longer ago than [`Backup::DRILL_DAYS`].
    NoDrill {
        /// When that was.
        since: Timestamp,
    },
    /// The wallet has accounts that it does not list.
    NewAccounts {
        /// How many.
        count: u64,
    },
    /// A guess at its password costs less than a sixteenth of what it usually does.
    WeakKdf {
        /// What a guess costs, as a power of two.
        work: u8,
    },
    /// It was written in an older format.
    OlderFormat {
        /// That format's version.
        format: u32,
    },
}

impl Stale {
    /// The stable name: `no-drill`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::OlderPassword { .. } => "older-password",
            Self::DrillFailed { .. } => "drill-failed",
            Self::NeverVerified => "never-verified",
            Self::PasswordChanged { .. } => "password-changed",
            Self::ClockWrong { .. } => "clock-wrong",
            Self::NoDrill { .. } => "no-drill",
            Self::NewAccounts { .. } => "new-accounts",
            Self::WeakKdf { .. } => "weak-kdf",
            Self::OlderFormat { .. } => "older-format",
        }
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OlderPassword { set: Some(set) } => {
                write!(f, "sealed under the password set on {}, not the one of today", set.date())
            }
            Self::OlderPassword { set: None } => f.write_str("sealed under an older password than the one of today"),
            Self::DrillFailed { date } => write!(f, "the drill of {} failed", date.date()),
            Self::NeverVerified => f.write_str("never proved"),
            Self::PasswordChanged { set } => {
                write!(f, "not opened yet with the password set on {}", set.date())
            }
            Self::ClockWrong { date } => write!(f, "proved on {}, says a clock that was wrong", date.date()),
            Self::NoDrill { since } => write!(f, "no drill since {}", since.date()),
            Self::NewAccounts { count: 1 } => f.write_str("1 account is newer than it"),
            Self::NewAccounts { count } => write!(f, "{count} accounts are newer than it"),
            Self::WeakKdf { work } => {
                let usual = WorkFactor::DEFAULT.log_n();
                write!(f, "its password costs little to guess at (work factor {work}, usually {usual})")
            }
            Self::OlderFormat { format } => write!(f, "written in the older format {format}"),
        }
    }
}

/// What this computer knows of a vault elsewhere, from when it last opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloudState {
    /// Its current epoch.
    pub epoch: u32,
    /// When the password of that epoch was set.
    pub password_set: Option<Timestamp>,
    /// The newest of the older epochs whose wallets were not taken over: what was copied into it or before is not in the vault of today.
    pub newest_sealed: Option<u32>,
}

/// What is known today of a wallet and of the place of a backup. What is not known makes nothing stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How many accounts the wallet's record has.
    pub accounts: Option<u64>,
    /// The vault that the backup was copied to.
    pub cloud: Option<CloudState>,
}

impl BackupMethod {
    /// The version of the format in which such a backup is written today, where it has one.
    pub fn format(&self) -> Option<u32> {
        match self {
            Self::Cloud => Some(crate::header::VERSION),
            Self::Keystore => Some(3), // Web3 Secret Storage, version 3
            Self::Phrase | Self::PrivateKey | Self::Sheet | Self::Shares | Self::Other(_) => None,
        }
    }
}

impl Backup {
    /// So many days after it was verified, a backup is to be verified again: half a year.
    pub const DRILL_DAYS: i64 = 183;

    /// Notes that it has been read back and compared; `cloud` is the vault that it was read from.
    pub fn prove(&mut self, now: Timestamp, cloud: Option<CloudState>) {
        self.verified = Some(now);
        self.failed = None;
        if let Some(CloudState { epoch, password_set, .. }) = cloud {
            (self.epoch, self.password_set) = (Some(epoch), password_set);
        }
    }

    /// Why it is not to be relied on any more, the gravest reason first; nothing where it is. Of several reasons that one drill removes, one
    /// is named. A method that this version does not know is not judged.
    pub fn stale(&self, known: &Known, now: Timestamp) -> Vec<Stale> {
        if matches!(self.method, BackupMethod::Other(_)) {
            return Vec::new();
        }
        let is_cloud = self.method == BackupMethod::Cloud;
        // What is known of a vault may be older than the backup.
        let cloud = known.cloud.filter(|cloud| is_cloud && self.epoch.is_none_or(|epoch| epoch <= cloud.epoch));
        if let (Some(cloud), Some(epoch)) = (cloud, self.epoch)
            && cloud.newest_sealed.is_some_and(|sealed| epoch <= sealed)
        {
            return vec![Stale::OlderPassword { set: self.password_set }]; // it is made anew, whatever else there is
        }
        let reasons = [self.unproved(cloud, now), self.older_than(known.accounts), self.weak(), self.old_format()];
        reasons.into_iter().flatten().collect()
    }

    /// Why a drill is due.
    fn unproved(&self, cloud: Option<CloudState>, now: Timestamp) -> Option<Stale> {
        if let Some(date) = self.failed {
            return Some(Stale::DrillFailed { date });
        }
        let Some(verified) = self.verified else { return Some(Stale::NeverVerified) };
        let set = cloud.and_then(|cloud| cloud.password_set);
        let is_new = |set: &Timestamp| self.password_set.map_or(*set > verified, |known| known != *set);
        if let Some(set) = set.filter(is_new) {
            return Some(Stale::PasswordChanged { set });
        }
        let ahead = |time: Timestamp| time.seconds_since(now) > CLOCKS_DIFFER;
        if ahead(verified) {
            return Some(Stale::ClockWrong { date: verified });
        }
        // It was verified after it was made, whatever the clock said at the time.
        let since = if ahead(self.made) { verified } else { verified.max(self.made) };
        (now.seconds_since(since) > Self::DRILL_DAYS * DAY).then_some(Stale::NoDrill { since })
    }

    fn older_than(&self, accounts: Option<u64>) -> Option<Stale> {
        let lists = matches!(self.method, BackupMethod::Cloud | BackupMethod::Sheet | BackupMethod::Shares);
        let count = accounts?.saturating_sub(self.accounts.filter(|_| lists)?);
        (count > 0).then_some(Stale::NewAccounts { count })
    }

    fn weak(&self) -> Option<Stale> {
        let has_password = matches!(self.method, BackupMethod::Cloud | BackupMethod::Keystore);
        // A sixteenth of the usual work, as where a keystore is called weak.
        let work = self.work.filter(|work| has_password && work.saturating_add(4) < WorkFactor::DEFAULT.log_n())?;
        Some(Stale::WeakKdf { work })
    }

    fn old_format(&self) -> Option<Stale> {
        let today = self.method.format()?;
        let format = self.format.filter(|format| *format < today)?;
        Some(Stale::OlderFormat { format })
    }
}

/// How a wallet stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// No backup brings the whole wallet back and has proved it.
    Unbacked,
    /// One does; but it, or another one of the whole wallet, is stale.
    Stale,
    /// Every backup of the whole wallet is to be relied on.
    Good,
}

impl Standing {
    /// The stable name: `unbacked`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Unbacked => "unbacked",
            Self::Stale => "stale",
            Self::Good => "good",
        }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Make a first backup.
    BackUp,
    /// Make this backup anew, over the one that there is.
    BackUpAgain,
    /// Set the password of the backup's vault anew, at today's cost.
    ChangePassword,
    /// Read this backup back and compare it.
    Verify,
}

impl Action {
    /// The stable name: `back-up-again`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BackUp => "back-up",
            Self::BackUpAgain => "back-up-again",
            Self::ChangePassword => "change-password",
            Self::Verify => "verify",
        }
    }
}

/// What is to be done, and with which backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy<'a> {
    /// What.
    pub action: Action,
    /// The backup; `None` for [`Action::BackUp`].
    pub backup: Option<&'a Backup>,
}

/// A backup as the ledger sees it.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The backup.
    pub backup: &'a Backup,
    /// Whether it brings the whole wallet back.
    pub whole: bool,
    /// Why it is stale.
    pub stale: Vec<Stale>,
}

impl<'a> Judged<'a> {
    /// What makes it good again.
    pub fn remedy(&self) -> Option<Remedy<'a>> {
        let anew = |reason: &Stale| {
            let weak = matches!(reason, Stale::WeakKdf { .. }) && self.backup.method != BackupMethod::Cloud;
            weak || matches!(
                reason,
                Stale::OlderPassword { .. }
                    | Stale::DrillFailed { .. }
                    | Stale::NewAccounts { .. }
                    | Stale::OlderFormat { .. }
            )
        };
        let action = if self.stale.is_empty() {
            return None;
        } else if self.stale.iter().any(anew) {
            Action::BackUpAgain // which ends with a drill
        } else if self.stale.iter().any(|reason| matches!(reason, Stale::WeakKdf { .. })) {
            Action::ChangePassword
        } else {
            Action::Verify
        };
        Some(Remedy { action, backup: Some(self.backup) })
    }
}

/// A wallet's backups and how it stands.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    /// The backups, in the order in which they were recorded.
    pub backups: Vec<Judged<'a>>,
}

impl<'a> Ledger<'a> {
    fn new(
        (backups, secret_kind): (&'a [Backup], &str),
        accounts: Option<usize>,
        clouds: &BTreeMap<String, CloudState>,
        now: Timestamp,
    ) -> Self {
        let accounts = accounts.and_then(|accounts| accounts.try_into().ok());
        let judge = |backup: &'a Backup| {
            let cloud = backup.to.as_ref().and_then(|to| clouds.get(to)).copied();
            let stale = backup.stale(&Known { accounts, cloud }, now);
            Judged { backup, whole: backup.restores_all(secret_kind), stale }
        };
        Self { backups: backups.iter().map(judge).collect() }
    }

    /// How the wallet stands. Keystores and keys that are a part of it count neither for it nor against it.
    pub fn standing(&self) -> Standing {
        if !self.whole().any(|judged| judged.backup.verified.is_some()) {
            Standing::Unbacked
        } else if self.whole().any(|judged| !judged.stale.is_empty()) {
            Standing::Stale
        } else {
            Standing::Good
        }
    }

    /// What is to be done first; nothing for a wallet that stands well.
    pub fn remedy(&self) -> Option<Remedy<'a>> {
        let first = self.whole().find_map(Judged::remedy);
        let none_yet = || Remedy { action: Action::BackUp, backup: None };
        first.or_else(|| (self.standing() == Standing::Unbacked).then(none_yet))
    }

    fn whole(&self) -> impl Iterator<Item = &Judged<'a>> {
        self.backups.iter().filter(|judged| judged.whole)
    }
}

impl WalletEntry {
    /// The wallet's backups as they are to be judged `now`. `clouds` are the vaults elsewhere that this computer knows, by the name that a
    /// backup is [to](Backup::to).
    pub fn ledger(&self, clouds: &BTreeMap<String, CloudState>, now: Timestamp) -> Ledger<'_> {
        Ledger::new((&self.backups, &self.secret_kind), self.accounts, clouds, now)
    }
}

impl WalletRecord {
    /// As [`WalletEntry::ledger`].
    pub fn ledger(&self, clouds: &BTreeMap<String, CloudState>, now: Timestamp) -> Ledger<'_> {
        Ledger::new((&self.backups, self.secret().kind_id()), Some(self.accounts.len()), clouds, now)
    }
}
