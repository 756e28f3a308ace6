//! Every change, in the middle of every other one.

use super::*;

fn cloud(files: &Files) -> Memory {
    Memory::of(files.clone()).without_lock().overwriting()
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
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
pub(super) fn act(vault: &mut Unlocked, act: Act, who: u16) -> Result<()> {
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
