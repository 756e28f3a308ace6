//! What could not be taken over in a merge is there the next time.

use super::*;

#[test]
fn a_record_that_could_not_be_read_is_merged_the_next_time() {
    let memory = two_epochs();
    let file = record_file(&memory, 1, OLD, "a");
    let mut now = open(memory.arc(), NEW).unwrap();
    let away = memory.take(&file);
    let merged = now.merge(&old(&memory), at(9)).unwrap();
    assert_eq!((merged.added, merged.damaged.len()), (vec![name("b")], 1));
    assert_eq!(now.sealed_epochs().count(), 1, "it goes on being listed");
    memory.put(&file, &away);
    let merged = now.merge(&old(&memory), at(10)).unwrap();
    assert_eq!((merged.added, merged.known), (vec![name("a")], vec![name("b")]));
    assert_eq!(now.sealed_epochs().count(), 0);
}

#[test]
fn a_merge_does_not_take_a_damaged_epoch_for_taken_over() {
    let memory = damaged(); // c is listed by a damaged manifest only
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    let mut now = found.reset(&wallet("mine", 7), &new_password(NEW), work(), at(5)).unwrap();
    let older = old(&memory);
    assert!(older.broken().is_some());
    let merged = now.merge(&older, at(6));
    let all = merged.is_ok_and(|merged| merged.added.contains(&name("c")));
    assert!(
        all || now.sealed_epochs().count() == 1,
        "c was not taken over, and nothing tells any more that it is there"
    );
}
