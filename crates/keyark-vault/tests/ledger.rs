//! When a backup is stale and why, to the day, and how a wallet stands.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/fixture.rs"]
mod fixture;
#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;

use fixture::{OLD, at, key_wallet, open, vault, wallet};
use keyark_core::Network;
use keyark_vault::{
    Account, Action, Backup, BackupMethod, CloudState, Known, Stale, Standing, Timestamp, WalletRecord,
};
use memory::Memory;

const NOW: &str = "2026-11-21T12:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| format!("{text}T12:00:00Z").parse().unwrap())
}

/// A backup, made and proved on this day.
fn proved(method: BackupMethod, to: &str, day: &str) -> Backup {
    let mut backup = Backup::new(method, Some(to.to_owned()), time(day));
    backup.prove(time(day), None);
    backup
}

fn with(mut backup: Backup, edit: impl FnOnce(&mut Backup)) -> Backup {
    edit(&mut backup);
    backup
}

fn recent(method: BackupMethod) -> Backup {
    proved(method, "box", "2026-11-01")
}

/// A cloud backup that knows everything of itself.
fn cloud() -> Backup {
    let mut backup = recent(BackupMethod::Cloud);
    backup.prove(time("2026-11-01"), Some(state(2, "2026-10-01")));
    with(backup, |one| {
        one.accounts = Some(11);
        one.format = Some(1);
        one.work = Some(18);
    })
}

fn state(epoch: u32, set: &str) -> CloudState {
    CloudState { epoch, password_set: Some(time(set)), newest_sealed: epoch.checked_sub(1) }
}

fn with_cloud(cloud: CloudState) -> Known {
    Known { cloud: Some(cloud), ..Known::default() }
}

fn with_accounts(accounts: u64) -> Known {
    Known { accounts: Some(accounts), ..Known::default() }
}

/// The ids of what is wrong with it today.
fn ids(backup: &Backup, known: &Known) -> Vec<&'static str> {
    backup.stale(known, time(NOW)).into_iter().map(Stale::id).collect()
}

fn said(backup: &Backup, known: &Known) -> String {
    let reasons: Vec<_> = backup.stale(known, time(NOW)).iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

const METHODS: [BackupMethod; 6] = [
    BackupMethod::Phrase,
    BackupMethod::PrivateKey,
    BackupMethod::Keystore,
    BackupMethod::Cloud,
    BackupMethod::Sheet,
    BackupMethod::Shares,
];

// Dates

/// When it was made, when it was verified, and what is said at noon on 2026-11-21.
const DATES: &[(&str, Option<&str>, &str)] = &[
    ("2026-11-21", Some("2026-11-21"), ""),
    ("2026-11-21", None, "never proved"),
    ("2020-01-01", None, "never proved"),
    // 183 days before are 2026-05-22, at noon.
    ("2026-05-23", Some("2026-05-23"), ""),
    ("2026-05-22", Some("2026-05-22"), ""),
    ("2026-05-22", Some("2026-05-22T11:59:59Z"), ""), // it was made at noon, and verified after that
    ("2026-05-21", Some("2026-05-22T12:00:00Z"), ""),
    ("2026-05-21", Some("2026-05-22T11:59:59Z"), "no drill since 2026-05-22"),
    ("2026-05-21", Some("2026-05-21"), "no drill since 2026-05-21"),
    ("2020-01-01", Some("2026-05-23"), ""),
    ("2020-01-01", Some("2020-01-01"), "no drill since 2020-01-01"),
    ("1970-01-01", Some("1970-01-01"), "no drill since 1970-01-01"),
    // Clocks that are a little ahead.
    ("2026-11-21", Some("2026-11-21T12:00:01Z"), ""),
    ("2026-11-22", Some("2026-11-22T12:00:00Z"), ""),
    ("2026-11-21", Some("2026-11-22T12:00:01Z"), "proved on 2026-11-22, says a clock that was wrong"),
    // Clocks that were a year ahead when it was made, when it was verified, and both times.
    ("2027-11-21", Some("2026-11-20"), ""),
    ("2027-11-21", Some("2026-05-21"), "no drill since 2026-05-21"),
    ("2026-11-20", Some("2027-11-20"), "proved on 2027-11-20, says a clock that was wrong"),
    ("2027-11-20", Some("2027-11-20"), "proved on 2027-11-20, says a clock that was wrong"),
    ("9999-12-30", Some("9999-12-30"), "proved on 9999-12-30, says a clock that was wrong"),
    ("2027-11-21", None, "never proved"),
    // And a year behind: it was verified after it was made, whatever the clock said.
    ("2026-11-01", Some("2025-11-02"), ""),
    ("2025-11-01", Some("2026-11-02"), ""),
    ("2025-11-01", Some("2025-11-02"), "no drill since 2025-11-02"),
];

#[test]
fn dates_are_judged_to_the_second() {
    for (made, verified, words) in DATES {
        for method in METHODS {
            let mut backup = Backup::new(method.clone(), Some("box".to_owned()), time(made));
            backup.verified = verified.map(time);
            assert_eq!(said(&backup, &Known::default()), *words, "{method}, made {made}, verified {verified:?}");
        }
    }
}

#[test]
fn a_clock_that_is_wrong_today_blames_nobody_for_ever() {
    let backup = recent(BackupMethod::Phrase);
    let ids = |now: &str| backup.stale(&Known::default(), time(now)).into_iter().map(Stale::id).collect::<Vec<_>>();
    assert_eq!(ids("2025-11-21"), ["clock-wrong"], "a year behind");
    assert_eq!(ids("1970-01-01"), ["clock-wrong"]);
    assert_eq!(ids("2027-11-21"), ["no-drill"], "a year ahead");
    assert_eq!(ids("9999-12-30"), ["no-drill"]);
    assert!(ids(NOW).is_empty(), "when it is right again, nothing is left");
}

#[test]
fn a_method_that_is_not_known_is_not_judged() {
    let mut backup = Backup::new(BackupMethod::Other("engraved".to_owned()), None, time("2020-01-01"));
    assert!(ids(&backup, &with_accounts(99)).is_empty());
    backup.verified = Some(time("2020-01-01"));
    backup.work = Some(1);
    assert!(ids(&backup, &Known::default()).is_empty());
}

// Accounts, passwords, formats

#[test]
fn new_accounts_age_what_lists_accounts() {
    for method in METHODS {
        let lists = matches!(method, BackupMethod::Cloud | BackupMethod::Sheet | BackupMethod::Shares);
        let backup = with(recent(method.clone()), |one| one.accounts = Some(11));
        assert!(ids(&backup, &with_accounts(11)).is_empty(), "{method}");
        assert!(ids(&backup, &with_accounts(10)).is_empty(), "{method}: the backup has more than this computer");
        assert_eq!(ids(&backup, &with_accounts(12)), if lists { vec!["new-accounts"] } else { vec![] }, "{method}");
        assert!(ids(&backup, &Known::default()).is_empty(), "{method}: how many there are is not known");
        let older = with(backup, |one| one.accounts = None);
        assert!(ids(&older, &with_accounts(12)).is_empty(), "{method}: how many there were is not known");
    }
    assert_eq!(said(&cloud(), &with_accounts(12)), "1 account is newer than it");
    assert_eq!(said(&cloud(), &with_accounts(13)), "2 accounts are newer than it");
    assert_eq!(cloud().stale(&with_accounts(13), time(NOW)), [Stale::NewAccounts { count: 2 }]);
}

#[test]
fn what_was_sealed_anew_wants_a_drill_and_what_failed_one_a_new_copy() {
    let rekeyed = CloudState { newest_sealed: None, ..state(3, "2026-11-10") };
    assert_eq!(ids(&cloud(), &with_cloud(rekeyed)), ["password-changed"], "every wallet was taken along");
    let forgotten_before = CloudState { newest_sealed: Some(1), ..rekeyed };
    assert_eq!(ids(&cloud(), &with_cloud(forgotten_before)), ["password-changed"]);
    assert_eq!(ids(&cloud(), &with_cloud(state(3, "2026-11-10"))), ["older-password"], "this one was not");

    let failed = with(cloud(), |one| (one.verified, one.failed) = (None, Some(time("2026-11-20"))));
    assert_eq!(said(&failed, &Known::default()), "the drill of 2026-11-20 failed");
    let mut again = failed;
    again.prove(time("2026-11-21"), None);
    assert!(ids(&again, &Known::default()).is_empty());
}

#[test]
fn a_password_that_was_changed_wants_a_drill() {
    let known = with_cloud(state(2, "2026-10-01"));
    assert!(ids(&cloud(), &known).is_empty());
    let changed = with_cloud(state(2, "2026-11-10"));
    assert_eq!(said(&cloud(), &changed), "not opened yet with the password set on 2026-11-10");
    let by_a_slow_clock = with_cloud(state(2, "2025-11-10"));
    assert_eq!(ids(&cloud(), &by_a_slow_clock), ["password-changed"]);
    let mut again = cloud();
    again.prove(time("2026-11-11"), changed.cloud);
    assert!(ids(&again, &changed).is_empty() && ids(&again, &known) == ["password-changed"]);

    // One that does not know its password is judged by the dates.
    let older = with(cloud(), |one| one.password_set = None);
    assert!(ids(&older, &with_cloud(state(2, "2026-10-31"))).is_empty());
    assert_eq!(ids(&older, &with_cloud(state(2, "2026-11-02"))), ["password-changed"]);
    assert!(ids(&older, &with_cloud(CloudState { epoch: 2, password_set: None, newest_sealed: None })).is_empty());
    assert!(ids(&cloud(), &with_cloud(CloudState { epoch: 2, password_set: None, newest_sealed: None })).is_empty());
    let unproved = with(older, |one| one.verified = None);
    assert_eq!(ids(&unproved, &changed), ["never-verified"], "one drill is for both");
    let long_ago = with(cloud(), |one| {
        one.verified = Some(time("2020-01-01"));
        one.made = time("2020-01-01");
    });
    assert_eq!(ids(&long_ago, &changed), ["password-changed"], "one drill is for both");
}

#[test]
fn a_password_that_was_forgotten_wants_a_new_backup() {
    let forgotten = with_cloud(state(3, "2026-11-10"));
    assert_eq!(said(&cloud(), &forgotten), "sealed under the password set on 2026-10-01, not the one of today");
    let unknown = with(cloud(), |one| one.password_set = None);
    assert_eq!(said(&unknown, &forgotten), "sealed under an older password than the one of today");
    let bad = with(cloud(), |one| {
        one.verified = None;
        one.work = Some(1);
        one.accounts = Some(0);
    });
    assert_eq!(ids(&bad, &Known { accounts: Some(12), ..forgotten }), ["older-password"], "it is made anew anyway");
    assert!(ids(&cloud(), &with_cloud(state(1, "2026-01-01"))).is_empty(), "an older note of the vault says nothing");
    let no_epoch = with(cloud(), |one| one.epoch = None);
    assert_eq!(ids(&no_epoch, &forgotten), ["password-changed"], "in which epoch it is, a drill tells");
}

#[test]
fn only_a_cloud_has_a_vault_s_password() {
    for method in METHODS.into_iter().filter(|method| *method != BackupMethod::Cloud) {
        let mut backup = recent(method.clone());
        backup.prove(time("2026-11-01"), Some(state(1, "2026-01-01")));
        assert!(ids(&backup, &with_cloud(state(9, "2026-11-20"))).is_empty(), "{method}");
    }
}

#[test]
fn weak_and_old_files_are_named() {
    for method in METHODS {
        let has_password = matches!(method, BackupMethod::Cloud | BackupMethod::Keystore);
        let of_work = |work| with(recent(method.clone()), |one| one.work = work);
        for (work, is_weak) in
            [(None, false), (Some(0), true), (Some(13), true), (Some(14), false), (Some(18), false), (Some(255), false)]
        {
            let expected = if is_weak && has_password { vec!["weak-kdf"] } else { vec![] };
            assert_eq!(ids(&of_work(work), &Known::default()), expected, "{method} {work:?}");
        }
        let of_format = |format| with(recent(method.clone()), |one| one.format = format);
        let today = method.format();
        assert_eq!(today.is_some(), has_password, "{method}");
        for (format, is_old) in [(None, false), (Some(0), true), (today, false), (Some(u32::MAX), false)] {
            let expected = if is_old && has_password { vec!["older-format"] } else { vec![] };
            assert_eq!(ids(&of_format(format), &Known::default()), expected, "{method} {format:?}");
        }
    }
    let weak = with(recent(BackupMethod::Keystore), |one| one.work = Some(12));
    let words = "its password costs little to guess at (work factor 12, usually 18)";
    assert_eq!(said(&weak, &Known::default()), words);
    let old = with(recent(BackupMethod::Keystore), |one| one.format = Some(1));
    assert_eq!(said(&old, &Known::default()), "written in the older format 1");
}

#[test]
fn several_reasons_are_told_the_gravest_first() {
    let bad = with(cloud(), |one| {
        one.verified = None;
        one.work = Some(4);
        one.format = Some(0);
    });
    assert_eq!(ids(&bad, &with_accounts(12)), ["never-verified", "new-accounts", "weak-kdf", "older-format"]);
}

// Wallets

fn of_words(backups: &[Backup]) -> WalletRecord {
    let mut record = wallet("savings", 1);
    record.backups = backups.to_vec();
    record
}

fn of_key(backups: &[Backup]) -> WalletRecord {
    let mut record = key_wallet("hot", 7);
    record.backups = backups.to_vec();
    record
}

fn standing(record: &WalletRecord) -> (Standing, Option<(Action, Option<String>)>) {
    let ledger = record.ledger(&BTreeMap::new(), time(NOW));
    let remedy = ledger.remedy().map(|remedy| (remedy.action, remedy.backup.map(|one| one.method.to_string())));
    (ledger.standing(), remedy)
}

#[test]
fn a_wallet_stands_as_its_backups_do() {
    let unproved = |method: BackupMethod| with(recent(method), |one| one.verified = None);
    let paper = || recent(BackupMethod::Phrase);
    let old_paper = || proved(BackupMethod::Phrase, "paper", "2026-01-01");
    let verify = |method: &str| Some((Action::Verify, Some(method.to_owned())));
    let weak = |method| with(recent(method), |one| one.work = Some(4));
    for (record, expected) in [
        (of_words(&[]), (Standing::Unbacked, Some((Action::BackUp, None)))),
        (of_key(&[]), (Standing::Unbacked, Some((Action::BackUp, None)))),
        (of_words(&[paper()]), (Standing::Good, None)),
        (of_words(&[paper(), cloud()]), (Standing::Good, None)),
        (of_words(&[old_paper()]), (Standing::Stale, verify("phrase"))),
        (of_words(&[paper(), old_paper()]), (Standing::Stale, verify("phrase"))),
        (of_words(&[unproved(BackupMethod::Cloud)]), (Standing::Unbacked, verify("cloud"))),
        (of_words(&[paper(), unproved(BackupMethod::Cloud)]), (Standing::Stale, verify("cloud"))),
        // A part of a wallet neither backs it up nor makes it stale.
        (of_words(&[recent(BackupMethod::Keystore)]), (Standing::Unbacked, Some((Action::BackUp, None)))),
        (of_words(&[unproved(BackupMethod::Keystore)]), (Standing::Unbacked, Some((Action::BackUp, None)))),
        (of_words(&[paper(), unproved(BackupMethod::Keystore)]), (Standing::Good, None)),
        (of_words(&[paper(), weak(BackupMethod::Keystore)]), (Standing::Good, None)),
        (of_key(&[recent(BackupMethod::Keystore)]), (Standing::Good, None)),
        (of_key(&[unproved(BackupMethod::PrivateKey)]), (Standing::Unbacked, verify("private-key"))),
        (
            of_key(&[weak(BackupMethod::Keystore)]),
            (Standing::Stale, Some((Action::BackUpAgain, Some("keystore".to_owned())))),
        ),
        (
            of_words(&[weak(BackupMethod::Cloud)]),
            (Standing::Stale, Some((Action::ChangePassword, Some("cloud".to_owned())))),
        ),
        (of_words(&[Backup::new(BackupMethod::Other("engraved".into()), None, time(NOW))]), {
            (Standing::Unbacked, Some((Action::BackUp, None)))
        }),
    ] {
        assert_eq!(standing(&record), expected, "{:?}", record.backups);
        assert_eq!(standing(&record).0 == Standing::Unbacked, !record.is_backed_up(), "{:?}", record.backups);
    }
}

#[test]
fn the_remedy_fits_every_reason() {
    let cases: [(Backup, Known, Action); 8] = [
        (with(cloud(), |one| one.verified = None), Known::default(), Action::Verify),
        (proved(BackupMethod::Cloud, "box", "2026-01-01"), Known::default(), Action::Verify),
        (proved(BackupMethod::Cloud, "box", "2027-11-21"), Known::default(), Action::Verify),
        (cloud(), with_cloud(state(2, "2026-11-10")), Action::Verify),
        (cloud(), with_cloud(state(3, "2026-11-10")), Action::BackUpAgain),
        (with(cloud(), |one| one.accounts = Some(0)), Known::default(), Action::BackUpAgain),
        (
            with(cloud(), |one| {
                one.accounts = Some(0);
                one.verified = None;
                one.work = Some(1);
            }),
            Known::default(),
            Action::BackUpAgain,
        ),
        (
            with(cloud(), |one| {
                one.verified = None;
                one.work = Some(1);
            }),
            Known::default(),
            Action::ChangePassword,
        ),
    ];
    for (backup, known, action) in cases {
        let record = of_words(&[backup]);
        let clouds = known.cloud.map(|cloud| ("box".to_owned(), cloud)).into_iter().collect();
        let ledger = record.ledger(&clouds, time(NOW));
        assert_eq!(ledger.remedy().map(|remedy| remedy.action), Some(action), "{:?}", ledger.backups);
        let elsewhere = BTreeMap::from([("another".to_owned(), state(9, "2026-11-20"))]);
        let other = record.ledger(&elsewhere, time(NOW));
        assert!(other.backups[0].stale.iter().all(|reason| reason.id() != "older-password"), "it is of another vault");
    }
    let ids = [Action::BackUp, Action::BackUpAgain, Action::ChangePassword, Action::Verify].map(Action::id);
    assert_eq!(ids, ["back-up", "back-up-again", "change-password", "verify"]);
}

#[test]
fn the_worst_come_first() {
    let mut all = [Standing::Good, Standing::Unbacked, Standing::Stale];
    all.sort();
    assert_eq!(all.map(Standing::id), ["unbacked", "stale", "good"]);
}

#[test]
fn the_list_of_wallets_tells_as_much_as_their_records() {
    let memory = Memory::new();
    let mut unlocked = vault(memory.arc(), &["savings"]);
    let id = unlocked.wallets().unwrap()[0].id;
    let edit = |record: &mut WalletRecord| {
        record.record_backup(with(cloud(), |one| one.accounts = Some(1)));
        let (path, address) = (Some("m/84'/0'/1'/0/0".to_owned()), "bc1qcanary-second");
        record.accounts.push(Account::new("bitcoin", Network::Mainnet, "p2wpkh", path, address, vec![2; 33]));
        Ok(())
    };
    unlocked.update(id, at(9), edit).unwrap();
    let unlocked = open(memory.arc(), OLD).unwrap();
    let clouds = BTreeMap::from([("box".to_owned(), state(2, "2026-10-01"))]);
    let (entry, record) = (&unlocked.wallets().unwrap()[0], unlocked.record(id).unwrap());
    for ledger in [entry.ledger(&clouds, time(NOW)), record.ledger(&clouds, time(NOW))] {
        assert_eq!(ledger.standing(), Standing::Stale);
        assert_eq!(ledger.backups[0].stale, [Stale::NewAccounts { count: 1 }]);
        assert!(ledger.backups[0].whole);
    }
}
