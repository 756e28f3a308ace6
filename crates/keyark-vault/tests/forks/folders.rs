//! A folder that a cloud's client keeps equal on two computers.

use super::*;
use pairs::{Act, act};

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
