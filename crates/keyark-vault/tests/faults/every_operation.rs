//! Each operation that a storage is asked for fails or is the last one.

use super::*;
use cases::{cases, check_state, go_on, length, old_and_new};

#[test]
fn a_program_that_ends_anywhere_leaves_the_old_state_or_the_new_one() {
    for case in cases() {
        let states = old_and_new(&case);
        for at in 0..length(&case) {
            for place in [Where::Before, Where::After] {
                let what = format!("{} that ends {place:?} change {at}", case.name);
                let memory = Memory::of(case.before.clone());
                let faulty = memory.with_fault(Fault { at, changes_only: true, place, stops: true });
                let _ = (case.act)(&faulty);
                assert!(faulty.hit(), "{what}");
                check_state(&case, &Shown::of(&memory), &states, &what);
                go_on(&case, &memory, &what);
            }
        }
    }
}

#[test]
fn a_storage_that_fails_once_loses_nothing() {
    for case in cases() {
        let states = old_and_new(&case);
        for at in 0..length(&case) {
            for place in [Where::Before, Where::After] {
                let what = format!("{} with change {at} failing {place:?}", case.name);
                let memory = Memory::of(case.before.clone());
                let faulty = memory.with_fault(Fault { at, changes_only: true, place, stops: false });
                let result = (case.act)(&faulty);
                assert!(faulty.hit(), "{what}");
                let shown = Shown::of(&memory);
                check_state(&case, &shown, &states, &what);
                if result.is_ok() {
                    assert_eq!(shown, states.1, "{what}: it said that it was done");
                }
                go_on(&case, &memory, &what);
            }
        }
    }
}

/// Where nothing was done, the caller is told so; where it says that nothing was done, nothing was.
#[test]
fn an_operation_that_fails_before_it_takes_effect_has_changed_nothing() {
    for case in cases() {
        let (before, after) = old_and_new(&case);
        for at in 0..length(&case) {
            let what = format!("{} with change {at} failing before", case.name);
            let memory = Memory::of(case.before.clone());
            let faulty = memory.with_fault(Fault { at, changes_only: true, place: Where::Before, stops: false });
            let result = (case.act)(&faulty);
            let shown = Shown::of(&memory);
            if case.both_passwords || matches!(case.name, "create" | "set_policy") {
                continue; // the last write only confirms what counts already
            }
            assert_eq!(shown, if result.is_ok() { after.clone() } else { before.clone() }, "{what}: {result:?}");
        }
    }
}

/// Operations that read as well: each single one of them fails, once.
#[test]
fn a_read_that_fails_once_loses_nothing() {
    // Merging reports a record that could not be read, and takes the others: see below.
    for case in cases().into_iter().filter(|case| case.name != "merge") {
        let states = old_and_new(&case);
        // Unlocking fails in these too, and then nothing has begun.
        for at in 0..200 {
            let what = format!("{} with operation {at} failing", case.name);
            let memory = Memory::of(case.before.clone());
            let faulty = memory.with_fault(Fault { at, changes_only: false, place: Where::Before, stops: false });
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (case.act)(&faulty)));
            if !faulty.hit() {
                assert!(at > 5, "{what}");
                break;
            }
            let shown = Shown::of(&memory);
            check_state(&case, &shown, &states, &what);
            if matches!(result, Ok(Ok(()))) {
                assert_eq!(shown, states.1, "{what}: it said that it was done");
            }
        }
    }
}
