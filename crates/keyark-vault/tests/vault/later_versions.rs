//! Fields that later versions add: they survive whatever this one changes.

use super::*;
use support::inside::{listed, sha256_hex};

/// Seals a record and a manifest that have fields of a later version, as that version would.
fn with_later_fields(memory: &Memory) {
    let inside = Inside::open(&memory.files(), 1, OLD);
    let newest = newest(memory, 1);
    let mut manifest = inside.manifest(&memory.get(&newest));
    let (file, _) = listed(&manifest).remove(0);
    let mut record = inside.record(&memory.get(&file));
    for place in ["/secret", "/passphrase", "/accounts/0", "/backups/0", ""] {
        let place = record.pointer_mut(place).unwrap();
        place["later"] = serde_json::json!({ "than": [1, "this"], "big": 123456789012345678_u64 });
    }
    let sealed = inside.seal(&record.to_string());
    manifest["records"][0]["sha256"] = sha256_hex(&sealed).into();
    for place in ["/records/0", "/policy", ""] {
        manifest.pointer_mut(place).unwrap()["later"] = "field".into();
    }
    memory.put(&file, &sealed);
    memory.put(&newest, &inside.seal_manifest(&manifest.to_string()));
}

#[test]
fn fields_of_later_versions_survive_a_change() {
    let memory = Memory::new();
    let mut first = vault(memory.arc(), &["a"]);
    first.update(first.find("a").unwrap().id, at(2), back_up).unwrap();
    with_later_fields(&memory);
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.findings().is_empty(), "{:?}", vault.findings());
    vault.rename(vault.find("a").unwrap().id, name("b"), at(5)).unwrap();

    let inside = Inside::open(&memory.files(), 1, OLD);
    let record = inside.record(&memory.get(&record_file(&memory, 1, OLD, "b")));
    assert_eq!(record["name"], "b");
    for place in ["/secret", "/passphrase", "/accounts/0", "/backups/0", ""] {
        let later = &record.pointer(place).unwrap()["later"];
        assert_eq!(later["than"], serde_json::json!([1, "this"]), "{place}");
        assert_eq!(later["big"], 123456789012345678_u64, "{place}");
    }
    let manifest = inside.manifest(&memory.get(&newest(&memory, 1)));
    assert_eq!((&manifest["later"], &manifest["policy"]["later"]), (&"field".into(), &"field".into()));
    vault.set_policy(vault.policy().clone().ask_password(), at(6)).unwrap();
    let manifest = inside.manifest(&memory.get(&newest(&memory, 1)));
    assert_eq!(manifest["policy"]["later"], "field");
}

#[test]
fn fields_that_later_versions_add_to_a_list_s_entry_survive_a_change_of_the_wallet() {
    let memory = Memory::new();
    let mut first = vault(memory.arc(), &["a", "b"]);
    first.update(first.find("a").unwrap().id, at(2), back_up).unwrap();
    with_later_fields(&memory);
    let mut vault = open(memory.arc(), OLD).unwrap();
    let entry_of = |vault: &mut Unlocked, minute| {
        vault.rename(vault.find("b").unwrap().id, name("b"), at(minute)).unwrap(); // of the other one
        let inside = Inside::open(&memory.files(), 1, OLD);
        inside.manifest(&memory.get(&newest(&memory, 1)))["records"][0].clone()
    };
    assert_eq!(entry_of(&mut vault, 5)["later"], "field");
    vault.rename(vault.find("a").unwrap().id, name("c"), at(6)).unwrap();
    assert_eq!(entry_of(&mut vault, 7)["later"], "field");
}
