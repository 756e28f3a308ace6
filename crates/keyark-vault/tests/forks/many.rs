//! Any number of devices, any changes, one after the other and one in the middle of another.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

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
