//! Devices that change one vault at the same time, on storages that cannot keep them from it: what each of them did is there afterwards.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod hooked;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use keyark_core::{ErrorKind, ExportItem, Result};
use keyark_vault::{Backup, BackupMethod, Removal, Unlocked, VaultDenial, VaultPolicy, WalletId};
use proptest::prelude::*;
use support::fixture::*;
use support::hooked::Hooked;
use support::inside::{Inside, manifests, unlisted};
use support::memory::{Files, Memory};

/// A device, with the vault as it saw it last.
struct Device {
    way: Arc<Hooked>,
    vault: Arc<Mutex<Unlocked>>,
}

impl Device {
    fn new(memory: &Memory) -> Self {
        let way = Hooked::new(memory);
        let vault = open(way.arc(), OLD).unwrap();
        Self { way, vault: Arc::new(Mutex::new(vault)) }
    }
}

fn cloud(files: &Files) -> Memory {
    Memory::of(files.clone()).without_lock().overwriting()
}

fn reopen(memory: &Memory) -> Unlocked {
    let vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none() && vault.findings().is_empty(), "{:?}", vault.findings());
    vault
}

fn backup(to: &str) -> Backup {
    Backup::new(BackupMethod::Sheet, Some(to.to_owned()), at(1))
}

/// The places of a wallet's backups, in its record, which are those in the list.
fn backups(vault: &Unlocked, id: WalletId) -> BTreeSet<String> {
    let places = |backups: &[Backup]| backups.iter().map(|backup| backup.to.clone().unwrap()).collect();
    let in_record: BTreeSet<_> = places(&vault.record(id).unwrap().backups);
    let entry = vault.wallets().unwrap().iter().find(|entry| entry.id == id).unwrap();
    assert_eq!(in_record, places(&entry.backups));
    in_record
}

fn denying(items: &BTreeSet<usize>) -> VaultPolicy {
    let denial = |item: &usize| VaultDenial { item: ExportItem::ALL[*item], chain: None, reason: "x".to_owned() };
    items.iter().map(denial).fold(VaultPolicy::advertised(), VaultPolicy::deny)
}

fn denied(vault: &Unlocked) -> BTreeSet<usize> {
    let items = vault.policy().denials().iter().map(|denial| denial.item);
    items.map(|item| ExportItem::ALL.iter().position(|known| *known == item).unwrap()).collect()
}

/// That every name is there once, and that every record opens under the name that the list gives it.
fn assert_sound(vault: &Unlocked, what: &str) {
    let shown = contents(vault);
    let names: BTreeSet<_> = shown.iter().map(|(name, ..)| name.to_lowercase()).collect();
    assert_eq!(names.len(), shown.len(), "{what}: {:?}", support::fixture::names(vault));
}

/// That two more changes leave one head, and no file that nobody lists.
fn assert_tidy(memory: &Memory, what: &str) {
    let mut vault = reopen(memory);
    vault.add(&wallet("one more", 9001), at(90)).unwrap();
    let files = memory.files();
    let all = manifests(&files, 1);
    let newest = Inside::open(&files, 1, OLD).manifest(&files[&all[0]]);
    let follows: Vec<_> = newest["follows"].as_str().unwrap().split(' ').collect();
    for older in &all[1..] {
        let name = older.trim_start_matches("epochs/1/manifest-").trim_end_matches(".age");
        assert!(follows.contains(&name), "{what}: {older} is a second head");
    }
    vault.remove(vault.find("one more").unwrap().id, Removal::Anyway, at(91)).unwrap();
    vault.set_policy(vault.policy().clone(), at(92)).unwrap();
    assert_eq!(unlisted(&memory.files(), 1, OLD), [""; 0], "{what}");
}

// Every change, in the middle of every other one

#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Add,
    AddSameName,
    AddSameWallet,
    Put,
    PutAgain,
    Rename,
    RenameToOneName,
    BackUp,
    BackUpAll,
    Remove,
    Policy,
}

const ACTS: [Act; 11] = [
    Act::Add,
    Act::AddSameName,
    Act::AddSameWallet,
    Act::Put,
    Act::PutAgain,
    Act::Rename,
    Act::RenameToOneName,
    Act::BackUp,
    Act::BackUpAll,
    Act::Remove,
    Act::Policy,
];

/// Does it as device number `who`, in a vault of a, b and c.
fn act(vault: &mut Unlocked, act: Act, who: u16) -> Result<()> {
    let now = at(10 + i64::from(who));
    let id = |vault: &Unlocked, number| wallet_id(vault, number);
    match act {
        Act::Add => vault.add(&wallet(&format!("new {who}"), 10 + who), now),
        Act::AddSameName => vault.add(&wallet("same", 20 + who), now),
        Act::AddSameWallet => vault.add(&wallet(&format!("mine {who}"), 30), now),
        Act::Put => vault.put(&[wallet(&format!("copy {who}"), 40 + who), wallet("d", 50 + who)], now).map(drop),
        Act::PutAgain => {
            let mut copy = vault.record(id(vault, 2)?)?;
            copy.record_backup(backup(&format!("again {who}")));
            vault.put(&[copy], now).map(drop)
        }
        Act::Rename => vault.rename(id(vault, 1)?, name(&format!("renamed {who}")), now),
        Act::RenameToOneName => vault.rename(id(vault, 1 + who)?, name("one name"), now),
        Act::BackUp => vault.update(id(vault, 1)?, now, |record| {
            record.record_backup(backup(&format!("one {who}")));
            Ok(())
        }),
        Act::BackUpAll => {
            let ids = [id(vault, 1)?, id(vault, 2)?, id(vault, 3)?];
            vault.update_all(&ids, now, |record| {
                record.record_backup(backup(&format!("all {who}")));
                Ok(())
            })
        }
        Act::Remove => vault.remove(id(vault, 3)?, Removal::Anyway, now),
        Act::Policy => {
            let mut items = denied(vault);
            items.insert(who.into());
            vault.set_policy(denying(&items), now)
        }
    }
}

/// The wallet of this number, whatever it is called.
fn wallet_id(vault: &Unlocked, number: u16) -> Result<WalletId> {
    let address = wallet("x", number).accounts[0].address.clone();
    let is = |entry: &&keyark_vault::WalletEntry| entry.first_address.as_ref().is_some_and(|first| first.1 == address);
    vault.wallets()?.iter().find(is).map(|entry| entry.id).ok_or_else(|| vault.find("there is none").unwrap_err())
}

/// The numbers of the wallets that it adds, and of those that it changes.
fn touched(act: Act, who: u16) -> (Vec<u16>, Vec<u16>) {
    match act {
        Act::Add => (vec![10 + who], vec![]),
        Act::AddSameName => (vec![20 + who], vec![]),
        Act::AddSameWallet => (vec![30], vec![]),
        Act::Put => (vec![40 + who, 50 + who], vec![]),
        Act::PutAgain => (vec![], vec![2]),
        Act::Rename | Act::BackUp => (vec![], vec![1]),
        Act::RenameToOneName => (vec![], vec![1 + who]),
        Act::BackUpAll => (vec![], vec![1, 2, 3]),
        Act::Remove => (vec![], vec![3]),
        Act::Policy => (vec![], vec![]),
    }
}

/// The backups that it notes: of which wallet, and where.
fn noted(act: Act, who: u16) -> Vec<(u16, String)> {
    match act {
        Act::PutAgain => vec![(2, format!("again {who}"))],
        Act::BackUp => vec![(1, format!("one {who}"))],
        Act::BackUpAll => (1..4).map(|number| (number, format!("all {who}"))).collect(),
        _ => Vec::new(),
    }
}

/// Whether one of the two may be told that the other one was there first.
fn may_collide(one: Act, other: Act) -> bool {
    let ((added, changed), (also_added, also_changed)) = (touched(one, 0), touched(other, 1));
    let same_name = [Act::AddSameName, Act::Put, Act::RenameToOneName].contains(&one) && one == other;
    let both = |one: &[u16], other: &[u16]| one.iter().any(|number| other.contains(number));
    same_name || both(&added, &also_added) || both(&changed, &also_changed)
}

#[test]
fn whatever_two_devices_do_at_once_both_changes_are_there() {
    let base = Memory::new();
    drop(vault(base.arc(), &["a", "b", "c"]));
    let base = base.files();
    std::thread::scope(|scope| {
        for outers in ACTS.chunks(6) {
            scope.spawn(|| in_the_middle_of(&base, outers));
        }
    });
}

fn in_the_middle_of(base: &Files, outers: &[Act]) {
    for outer in outers.iter().copied() {
        for inner in ACTS {
            for operations in 0..100 {
                let what = format!("{inner:?} before operation {operations} of {outer:?}");
                let memory = cloud(base);
                let (one, other) = (Device::new(&memory), Device::new(&memory));
                let (inside, result) = (Arc::clone(&other.vault), Arc::new(Mutex::new(Ok(()))));
                let told = Arc::clone(&result);
                one.way.before(
                    operations,
                    Box::new(move || *told.lock().unwrap() = act(&mut inside.lock().unwrap(), inner, 1)),
                );
                let outcome = act(&mut one.vault.lock().unwrap(), outer, 0);
                if !one.way.ran() {
                    break;
                }
                let results = [(outer, 0, outcome), (inner, 1, result.lock().unwrap().clone())];
                check_pair(&memory, &results, false, &what);
                // Both of them go on.
                for (device, number) in [(&one, 100), (&other, 101)] {
                    let mut vault = device.vault.lock().unwrap();
                    vault.add(&wallet(&format!("later {number}"), number), at(30)).unwrap();
                    let a = wallet_id(&vault, 1).unwrap();
                    let changed = vault.update(a, at(31), |_| Ok(()));
                    assert!(changed.is_ok(), "{what}, and then another change of a: {changed:?}");
                }
                let vault = reopen(&memory);
                assert!(vault.find("later 100").is_ok() && vault.find("later 101").is_ok(), "{what}");
                check_pair(&memory, &results, true, &what);
                assert_tidy(&memory, &what);
            }
        }
    }
}

/// That all is there that was told as done. The backups of a wallet that both have changed come together with the next change.
fn check_pair(memory: &Memory, results: &[(Act, u16, Result<()>)], settled: bool, what: &str) {
    let (outer, inner) = (results[0].0, results[1].0);
    for (_, _, result) in results {
        let Err(error) = result else { continue };
        let known = [ErrorKind::Storage, ErrorKind::NotFound, ErrorKind::AlreadyExists];
        assert!(may_collide(outer, inner) && known.contains(&error.kind()), "{what}: {error:?}");
    }
    assert!(results.iter().any(|(_, _, result)| result.is_ok()), "{what}: {results:?}");
    let done = || results.iter().filter(|(_, _, result)| result.is_ok()).map(|(act, who, _)| (*act, *who));
    let vault = reopen(memory);
    assert_sound(&vault, what);
    let removed = done().any(|(act, _)| act == Act::Remove);
    let also_changed = done().any(|(act, _)| act == Act::BackUpAll);
    for number in [1, 2, 3].into_iter().chain(done().flat_map(|(act, who)| touched(act, who).0)) {
        match wallet_id(&vault, number) {
            Ok(id) => {
                assert!(number != 3 || !removed || also_changed, "{what}: what was removed is back");
                let record = vault.record(id).unwrap();
                assert_eq!(secret_of(&record), secret_of(&wallet("x", number)), "{what}");
                let wanted: BTreeSet<_> = done().flat_map(|(act, who)| noted(act, who)).collect();
                let wanted = wanted.into_iter().filter(|(of, _)| *of == number).map(|(_, place)| place).collect();
                if settled {
                    assert!(backups(&vault, id).is_superset(&wanted), "{what}: {:?}", backups(&vault, id));
                }
            }
            Err(_) => assert!(number == 3 && removed, "{what}: wallet {number} is lost"),
        }
    }
    let wanted: BTreeSet<usize> = done().filter(|(act, _)| *act == Act::Policy).map(|(_, who)| who.into()).collect();
    let denied = denied(&vault);
    // Where both set it, one of them may have known what the other one had set.
    let fits = if wanted.len() == 2 { !denied.is_empty() && denied.is_subset(&wanted) } else { denied == wanted };
    assert!(fits, "{what}: {denied:?}");
    let renames: Vec<_> =
        done().filter(|(act, _)| *act == Act::Rename).map(|(_, who)| format!("renamed {who}")).collect();
    let id = wallet_id(&vault, 1).unwrap();
    let called = &vault.wallets().unwrap().iter().find(|entry| entry.id == id).unwrap().name;
    let renamed = renames.is_empty() || renames.contains(&called.to_string());
    let by_others = [Act::RenameToOneName, Act::BackUp, Act::BackUpAll];
    assert!(renamed || done().any(|(act, _)| by_others.contains(&act)), "{what}: it is called {called}");
}

// Any number of devices, any changes, one after the other and one in the middle of another

#[derive(Clone, Copy, Debug)]
enum Step {
    Add,
    AddSameName,
    Put,
    BackUp(usize),
    Rename(usize),
    Remove(usize),
    /// The items that are denied from now on, as bits.
    Policy(usize),
    Reread,
}

/// What a step has done, if it was told as done.
#[derive(Clone, Debug, PartialEq)]
enum Done {
    Nothing,
    Added(u16),
    BackedUp(u16, String),
    Renamed(u16),
    Removed(u16),
    Policy(BTreeSet<usize>),
}

/// What is to be in the vault.
#[derive(Default)]
struct Model {
    /// The wallets, by their numbers, with their backups.
    wallets: BTreeMap<u16, BTreeSet<String>>,
    /// Of which one device removed what another one changed at the same time.
    either: BTreeSet<u16>,
    gone: BTreeSet<u16>,
    least_denied: BTreeSet<usize>,
    most_denied: BTreeSet<usize>,
}

fn number_of(entry: &keyark_vault::WalletEntry) -> u16 {
    entry.first_address.as_ref().unwrap().1.trim_start_matches("bc1qcanary").parse().unwrap()
}

fn perform(vault: &mut Unlocked, step: Step, fresh: u16) -> (Done, Result<()>) {
    let now = at(i64::from(fresh));
    let listed: Vec<_> = vault.wallets().unwrap().iter().map(|entry| (entry.id, number_of(entry))).collect();
    let pick = |index: usize| listed.get(index % listed.len().max(1)).copied();
    let place = format!("place {fresh}");
    match step {
        Step::Add => (Done::Added(fresh), vault.add(&wallet(&format!("w{fresh}"), fresh), now)),
        Step::AddSameName => (Done::Added(fresh), vault.add(&wallet("same", fresh), now)),
        Step::Put => (Done::Added(fresh), vault.put(&[wallet("copy", fresh)], now).map(drop)),
        Step::BackUp(index) => pick(index).map_or((Done::Nothing, Ok(())), |(id, number)| {
            let noted = backup(&place);
            let edit = |record: &mut keyark_vault::WalletRecord| {
                record.record_backup(noted);
                Ok(())
            };
            (Done::BackedUp(number, place.clone()), vault.update(id, now, edit))
        }),
        Step::Rename(index) => pick(index).map_or((Done::Nothing, Ok(())), |(id, number)| {
            (Done::Renamed(number), vault.rename(id, name(&format!("renamed {}", fresh % 3)), now))
        }),
        Step::Remove(index) => pick(index).map_or((Done::Nothing, Ok(())), |(id, number)| {
            (Done::Removed(number), vault.remove(id, Removal::Anyway, now))
        }),
        Step::Policy(bits) => {
            let items: BTreeSet<_> = (0..ExportItem::ALL.len()).filter(|item| bits >> item & 1 == 1).collect();
            (Done::Policy(items.clone()), vault.set_policy(denying(&items), now))
        }
        Step::Reread => (Done::Nothing, vault.reread().map(|newer| *vault = newer)),
    }
}

impl Model {
    /// One thing that was done, while the others were done.
    fn take(&mut self, done: &Done, others: &[Done]) {
        let changed = |number: u16| {
            let changes = |other: &Done| match other {
                Done::BackedUp(of, _) | Done::Renamed(of) => *of == number,
                _ => false,
            };
            others.iter().any(changes)
        };
        match done {
            Done::Added(number) => _ = self.wallets.insert(*number, BTreeSet::new()),
            Done::BackedUp(number, place) => {
                self.wallets.entry(*number).and_modify(|places| _ = places.insert(place.clone()));
            }
            Done::Removed(number) if changed(*number) => _ = self.either.insert(*number),
            Done::Removed(number) => {
                self.wallets.remove(number);
                self.either.remove(number);
                self.gone.insert(*number);
            }
            Done::Policy(items) if others.is_empty() => {
                (self.least_denied, self.most_denied) = (items.clone(), items.clone());
            }
            Done::Policy(items) => {
                let also_set = others.iter().find_map(|other| match other {
                    Done::Policy(items) => Some(items.clone()),
                    _ => None,
                });
                // Either of them may have come later, and then knew what the other one had set.
                self.least_denied =
                    also_set.map_or(items.clone(), |others| others.intersection(items).copied().collect());
                self.most_denied.extend(items);
            }
            Done::Nothing | Done::Renamed(_) => {}
        }
    }

    fn check(&self, vault: &Unlocked, settled: bool) {
        assert_sound(vault, "");
        let listed: BTreeMap<_, _> =
            vault.wallets().unwrap().iter().map(|entry| (number_of(entry), entry.id)).collect();
        for (number, places) in &self.wallets {
            let Some(id) = listed.get(number) else {
                assert!(self.either.contains(number), "wallet {number} is lost");
                continue;
            };
            assert_eq!(secret_of(&vault.record(*id).unwrap()), secret_of(&wallet("x", *number)));
            if settled {
                let there = backups(vault, *id);
                assert!(there.is_superset(places), "of wallet {number}: {there:?}, and not {places:?}");
            }
        }
        assert!(listed.keys().all(|number| !self.gone.contains(number)), "one of {:?} is back", self.gone);
        let denied = denied(vault);
        assert!(self.least_denied.is_subset(&denied), "{denied:?} and not {:?}", self.least_denied);
        assert!(denied.is_subset(&self.most_denied), "{denied:?} and not {:?}", self.most_denied);
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Add),
        1 => Just(Step::AddSameName),
        1 => Just(Step::Put),
        3 => (0..4_usize).prop_map(Step::BackUp),
        2 => (0..4_usize).prop_map(Step::Rename),
        2 => (0..4_usize).prop_map(Step::Remove),
        1 => (0..8_usize).prop_map(Step::Policy),
        1 => Just(Step::Reread),
    ]
}

type Move = (usize, Step, Option<(usize, Step, usize)>);

fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let meanwhile = proptest::option::weighted(0.7, (0..4_usize, any_step(), 0..24_usize));
    proptest::collection::vec((0..4_usize, any_step(), meanwhile), 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn devices_that_do_anything_lose_nothing(count in 2..5_usize, moves in any_moves()) {
        let memory = Memory::new().without_lock().overwriting();
        drop(vault(memory.arc(), &[]));
        let devices: Vec<_> = (0..count).map(|_| Device::new(&memory)).collect();
        let mut model = Model::default();
        for ((device, step, meanwhile), fresh) in moves.into_iter().zip((1..).step_by(2)) {
            let device = &devices[device % count];
            let inner = Arc::new(Mutex::new(None));
            if let Some((other, step, operations)) = meanwhile {
                let (other, told) = (Arc::clone(&devices[other % count].vault), Arc::clone(&inner));
                if !Arc::ptr_eq(&other, &device.vault) {
                    let hook = move || *told.lock().unwrap() = Some(perform(&mut other.lock().unwrap(), step, fresh + 1));
                    device.way.before(operations, Box::new(hook));
                }
            }
            let outer = perform(&mut device.vault.lock().unwrap(), step, fresh);
            device.way.ran();
            // The one in the middle was done first.
            let all: Vec<_> = inner.lock().unwrap().take().into_iter().chain([outer]).collect();
            let done: Vec<_> = all.iter().filter(|(_, result)| result.is_ok()).map(|(done, _)| done.clone()).collect();
            for (what, result) in &all {
                let kind = result.as_ref().map_err(keyark_core::Error::kind).err();
                let known: &[ErrorKind] = match what {
                    Done::Nothing | Done::Policy(_) => &[],
                    Done::Added(_) => &[ErrorKind::AlreadyExists],
                    _ => &[ErrorKind::AlreadyExists, ErrorKind::NotFound, ErrorKind::Storage],
                };
                prop_assert!(kind.is_none_or(|kind| known.contains(&kind)), "{what:?}: {result:?}");
            }
            for (index, one) in done.iter().enumerate() {
                let others = done.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, other)| other.clone());
                model.take(one, &others.collect::<Vec<_>>());
            }
            model.check(&reopen(&memory), false);
        }
        let mut vault = reopen(&memory);
        vault.set_policy(vault.policy().clone(), at(5000)).unwrap();
        model.check(&reopen(&memory), true);
        assert_tidy(&memory, "");
    }
}

// A folder that a cloud's client keeps equal on two computers

/// What the client makes of two copies of `base`: what one side added, changed or removed is so on both. Of a file that both have changed, one keeps its
/// name.
fn unite(base: &Files, left: &Files, right: &Files) -> Files {
    let names: BTreeSet<_> = base.keys().chain(left.keys()).chain(right.keys()).collect();
    let mut united = Files::new();
    for name in names {
        match (base.get(name), left.get(name), right.get(name)) {
            (before, one, other) if before == one => united.extend(other.map(|bytes| (name.clone(), bytes.clone()))),
            (before, one, other) if before == other || one == other => {
                united.extend(one.map(|bytes| (name.clone(), bytes.clone())));
            }
            (_, Some(one), Some(other)) => {
                united.insert(name.clone(), one.clone());
                united.insert(format!("{name}.conflicted-copy"), other.clone());
            }
            (_, one, other) => united.extend(one.or(other).map(|bytes| (name.clone(), bytes.clone()))),
        }
    }
    united
}

/// One side's changes: it adds, backs a up, renames b, and goes on; the left one removes c.
fn work_alone(files: &Files, changes: u16, who: u16) -> Files {
    let memory = Memory::of(files.clone());
    let mut vault = open(memory.arc(), OLD).unwrap();
    for change in 0..changes {
        let number = 100 * (who + 1) + change;
        let now = at(i64::from(number));
        match change % 4 {
            0 => vault.add(&wallet(&format!("w{number}"), number), now),
            1 => act(&mut vault, Act::BackUp, who),
            2 if who == 0 && change == 2 => vault.remove(wallet_id(&vault, 3).unwrap(), Removal::Anyway, now),
            2 => vault.put(&[wallet("copy", number)], now).map(drop),
            _ => vault.rename(wallet_id(&vault, 2).unwrap(), name(&format!("b of {who}")), now),
        }
        .unwrap();
    }
    memory.files()
}

#[test]
fn what_two_computers_did_alone_comes_together() {
    let base = Memory::new();
    drop(vault(base.arc(), &["a", "b", "c"]));
    let base = base.files();
    for (left, right) in (0..10).flat_map(|left| (0..10).map(move |right| (left, right))) {
        let what = format!("{left} changes here and {right} there");
        let (here, there) = (work_alone(&base, left, 0), work_alone(&base, right, 1));
        let memory = Memory::of(unite(&base, &here, &there));
        let again = Memory::of(unite(&base, &there, &here));
        assert_eq!(contents(&reopen(&memory)), contents(&reopen(&again)), "{what}: both computers show the same");
        for next_change in [false, true] {
            let mut vault = reopen(&memory);
            if next_change {
                vault.set_policy(vault.policy().clone(), at(1000)).unwrap();
            }
            assert_sound(&vault, &what);
            for number in (0..left).step_by(4).map(|change| 100 + change) {
                assert!(wallet_id(&vault, number).is_ok(), "{what}: {number}");
            }
            for number in (0..right).filter(|change| change % 2 == 0).map(|change| 200 + change) {
                assert!(wallet_id(&vault, number).is_ok(), "{what}: {number}");
            }
            assert_eq!(wallet_id(&vault, 3).is_ok(), left < 3, "{what}");
            if next_change {
                let noted = backups(&vault, wallet_id(&vault, 1).unwrap());
                let wanted = [(left > 1).then_some("one 0"), (right > 1).then_some("one 1")];
                let wanted: BTreeSet<_> = wanted.into_iter().flatten().map(str::to_owned).collect();
                assert_eq!(noted, wanted, "{what}");
            }
        }
        // And from there on.
        let united = memory.files();
        let (here, there) = (work_alone(&united, 0, 0), work_alone_again(&united));
        let memory = Memory::of(unite(&united, &here, &there));
        assert!(reopen(&memory).find("the last one").is_ok(), "{what}");
        assert_tidy(&memory, &what);
    }
}

fn work_alone_again(files: &Files) -> Files {
    let memory = Memory::of(files.clone());
    open(memory.arc(), OLD).unwrap().add(&wallet("the last one", 500), at(2000)).unwrap();
    memory.files()
}
