//! Files in each other's place, of another vault, or made by somebody else.

use super::*;

#[test]
fn records_in_each_other_s_place_are_found_out() {
    let memory = three();
    let (a, b) = (record_file(&memory, 1, OLD, "a"), record_file(&memory, 1, OLD, "b"));
    let (of_a, of_b) = (memory.get(&a), memory.get(&b));
    memory.put(&a, &of_b);
    memory.put(&b, &of_a);
    let vault = open(memory.arc(), OLD).unwrap();
    for (called, file) in [("a", &a), ("b", &b)] {
        let error = vault.record(vault.find(called).unwrap().id).unwrap_err();
        assert!(error.kind() == ErrorKind::Malformed && error.problem().contains(file.as_str()), "{error}");
    }
    assert!(vault.record(vault.find("c").unwrap().id).is_ok());
}

#[test]
fn a_record_sealed_to_the_right_recipient_is_not_enough() {
    let memory = three();
    let file = record_file(&memory, 1, OLD, "a");
    let inside = Inside::open(&memory.files(), 1, OLD);
    let text = inside.text(&memory.get(&file));
    memory.put(&file, &inside.seal(&text)); // the same words, sealed by somebody else
    let vault = open(memory.arc(), OLD).unwrap();
    let error = vault.record(vault.find("a").unwrap().id).unwrap_err();
    assert!(error.problem().contains(&file), "{error}");
}

#[test]
fn a_record_of_another_vault_is_found_out() {
    let (memory, other) = (three(), three());
    let file = record_file(&memory, 1, OLD, "a");
    memory.put(&file, &other.get(&record_file(&other, 1, OLD, "a")));
    let vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(vault.record(vault.find("a").unwrap().id).unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn an_older_manifest_under_the_newest_name_is_found_out() {
    let memory = three();
    let newest = newest(&memory, 1);
    let older = memory.get(&manifests(&memory.files(), 1)[1]);
    memory.put(&newest, &older);
    let vault = open(memory.arc(), OLD).unwrap();
    let problem = vault.broken().unwrap().problem();
    assert!(problem.contains(&newest) && problem.contains("wrong name"), "{problem}");
    assert_eq!(names(&vault), ["a", "b"]);
}

#[test]
fn a_manifest_by_someone_without_the_password_is_found_out() {
    let memory = three();
    let inside = Inside::open(&memory.files(), 1, OLD);
    let newest = newest(&memory, 1);
    let good = inside.text(&memory.get(&newest));
    let (mac, body) = good.split_once('\n').unwrap();
    let forged = [
        format!("{}\n{body}", "0".repeat(64)),
        format!("{mac}\n{}", body.replacen("\"name\":\"a\"", "\"name\":\"A\"", 1)),
        format!("{}\n{body}", mac.to_uppercase()),
        format!("\n{body}"),
        body.to_owned(),
        String::new(),
    ];
    for text in forged {
        memory.put(&newest, &inside.seal(&text));
        let vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.broken().unwrap().problem().contains(&newest), "{:?}", vault.broken());
        assert_eq!(names(&vault), ["a", "b"]);
    }
    memory.put(&newest, &inside.seal(&good)); // sealed anew with a right HMAC: it could not be made without the password
    assert!(open(memory.arc(), OLD).unwrap().broken().is_none());
}

#[test]
fn a_manifest_of_a_higher_number_that_is_none_stops_changes_until_the_repair() {
    let memory = three();
    memory.put("epochs/1/manifest-99.age", b"planted");
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().unwrap().problem().contains("manifest-99"));
    assert_eq!(names(&vault), ["a", "b", "c"]);
    assert_eq!(vault.repair(at(9)).unwrap(), []);
    assert!(!memory.files().contains_key("epochs/1/manifest-99.age"), "the planted one is given up");
    assert!(open(memory.arc(), OLD).unwrap().broken().is_none());
}

/// A manifest whose number cannot be raised any more.
#[test]
fn a_manifest_of_the_highest_number_harms_nothing() {
    let memory = three();
    memory.put(&format!("epochs/1/manifest-{}.age", u64::MAX), b"planted");
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert_eq!(names(&vault), ["a", "b", "c"]);
    let repaired = vault.repair(at(9));
    let again = open(memory.arc(), OLD).unwrap();
    assert_eq!(contents(&again).len(), 3);
    assert!(repaired.is_err() || again.broken().is_none(), "{repaired:?}, {:?}", again.broken());
}
