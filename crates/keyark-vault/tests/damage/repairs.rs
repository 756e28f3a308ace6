//! What a repair takes in, and what it passes over.

use super::*;

/// A damaged newest manifest, in whose folder lie the records of c, which it alone listed, and of a, which was changed with it before.
fn to_repair(change: impl FnOnce(&mut Unlocked)) -> Memory {
    let memory = three();
    change(&mut open(memory.arc(), OLD).unwrap());
    memory.put(&newest(&memory, 1), b"damaged");
    memory
}

#[test]
fn a_repair_keeps_the_record_that_is_listed() {
    let memory = to_repair(|vault| vault.rename(vault.find("a").unwrap().id, name("renamed"), at(8)).unwrap());
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(names(&vault), ["a", "b", "c"]);
    assert_eq!(vault.repair(at(9)).unwrap(), []);
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a", "b", "c"]);
}

#[test]
fn a_repair_does_not_bring_back_what_was_removed_before() {
    let memory = to_repair(|vault| {
        vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(8)).unwrap();
        vault.add(&wallet("d", 4), at(8)).unwrap();
    });
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(names(&vault), ["b", "c"]);
    assert_eq!(vault.repair(at(9)).unwrap(), [name("d")]);
    assert_eq!(names(&vault), ["b", "c", "d"]);
}

#[test]
fn a_repair_gives_a_wallet_a_free_name() {
    let memory = to_repair(|vault| vault.add(&wallet("d", 4), at(8)).unwrap());
    let inside = Inside::open(&memory.files(), 1, OLD);
    for file in memory.names("epochs/1/records/") {
        let mut record = inside.record(&memory.get(&file));
        if record["name"] == "d" {
            record["name"] = "B".into(); // as if b had had another name in the manifest that is damaged
            memory.put(&file, &inside.seal(&record.to_string()));
        }
    }
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(vault.repair(at(9)).unwrap(), [name("B (2)")]);
    let mut again = open(memory.arc(), OLD).unwrap();
    assert_eq!(names(&again), ["a", "b", "c", "B (2)"]);
    let id = again.find("b (2)").unwrap().id;
    assert!(again.record(id).is_ok() && again.rename(id, name("e"), at(10)).is_ok());
}

#[test]
fn a_repair_passes_over_files_that_are_no_records() {
    let memory = to_repair(|vault| vault.add(&wallet("d", 4), at(8)).unwrap());
    for (file, bytes) in [("junk.age", b"junk".to_vec()), ("notes.txt", Vec::new()), ("conflict-copy.age", Vec::new())]
    {
        memory.put(&format!("epochs/1/records/{file}"), &bytes);
    }
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(vault.repair(at(9)).unwrap(), [name("d")]);
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a", "b", "c", "d"]);
}

#[test]
fn a_repair_passes_over_a_huge_file() {
    let memory = to_repair(|vault| vault.add(&wallet("d", 4), at(8)).unwrap());
    memory.put(&format!("epochs/1/records/{}.age", "0".repeat(32)), &vec![0; (1 << 24) + 1]);
    let mut vault = open(memory.arc(), OLD).unwrap();
    let repaired = vault.repair(at(9));
    assert!(repaired.is_ok_and(|names| names == [name("d")]), "one planted file keeps the vault from being repaired");
}

#[test]
fn a_record_under_a_name_of_somebody_else_s_does_not_spoil_the_next_manifest() {
    let memory = to_repair(|vault| vault.add(&wallet("d", 4), at(8)).unwrap());
    let inside = Inside::open(&memory.files(), 1, OLD);
    let is_d = |file: &String| inside.record(&memory.get(file))["name"] == "d";
    let file = memory.names("epochs/1/records/").into_iter().find(is_d).unwrap();
    let bytes = memory.take(&file);
    memory.put("epochs/1/records/copy-of-my-wallet.age", &bytes); // a cloud's client resolved a conflict
    open(memory.arc(), OLD).unwrap().repair(at(9)).unwrap();
    let again = open(memory.arc(), OLD).unwrap();
    assert!(again.broken().is_none(), "the repaired vault cannot be read: {:?}", again.broken());
    assert_eq!(contents(&again).len(), again.wallets().unwrap().len());
}

#[test]
fn a_repair_does_not_take_the_same_wallet_twice() {
    let memory = three();
    // What stays of an addition that was stopped before its manifest: the record of the same words under another id.
    let inside = Inside::open(&memory.files(), 1, OLD);
    let mut record = inside.record(&memory.get(&record_file(&memory, 1, OLD, "a")));
    record["id"] = "0123456789abcdef0123456789abcdef".into();
    memory.put(&format!("epochs/1/records/{}.age", "0".repeat(32)), &inside.seal(&record.to_string()));
    memory.put(&newest(&memory, 1), b"damaged");
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(vault.repair(at(9)).unwrap(), [name("c")]);
    assert_eq!(names(&vault), ["a", "b", "c"]);
}

/// The record that is listed is lost, and a newer one of the same wallet lies there.
#[test]
fn a_repair_takes_another_record_of_a_wallet_whose_own_is_lost() {
    let memory = three();
    let listed = record_file(&memory, 1, OLD, "a");
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.rename(vault.find("a").unwrap().id, name("renamed"), at(8)).unwrap();
    memory.put(&newest(&memory, 1), b"damaged");
    memory.take(&listed);
    assert_eq!(open(memory.arc(), OLD).unwrap().repair(at(9)).unwrap(), [name("renamed")]);
    let vault = open(memory.arc(), OLD).unwrap();
    let mut found = names(&vault);
    found.sort();
    assert_eq!(found, ["b", "c", "renamed"]);
    contents(&vault); // which opens each of them
}
