//! Files that rot, get lost, or are put in each other's place: it is found out and named, and everything else still opens.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

use keyark_core::{Error, ErrorKind, Result, Warning};
use keyark_vault::{Removal, Unlocked, Vault, VaultPolicy};
use support::fixture::*;
use support::inside::{Inside, manifests, newest, record_file};
use support::memory::{Files, Memory};

const HEADER: &str = "keyark-vault.json";
const IDENTITY: &str = "epochs/1/identity.password.age";
const COPY: &str = "epochs/1/identity.password.copy.age";

/// A vault of three wallets and two generations, of which the newer one came with c.
fn three() -> Memory {
    let memory = Memory::new();
    drop(vault(memory.arc(), &["a", "b", "c"]));
    memory
}

/// The same file, damaged in many ways: a bit here and there, cut short, empty, missing, longer.
fn damages(bytes: &[u8], bits: usize) -> Vec<(String, Option<Vec<u8>>)> {
    let length = bytes.len();
    let mut all = vec![("missing".to_owned(), None), ("empty".to_owned(), Some(Vec::new()))];
    for step in 0..bits {
        let (at, bit) = (step * length / bits, step % 8);
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << bit;
        all.push((format!("bit {bit} of byte {at}"), Some(changed)));
    }
    for cut in [1, 20, length / 3, length / 2, length - 17, length - 1] {
        all.push((format!("cut to {cut}"), Some(bytes[..cut].to_vec())));
    }
    all.push(("one byte more".to_owned(), Some([bytes, b"\n"].concat())));
    all.push(("zeros".to_owned(), Some(vec![0; length])));
    all
}

fn damaged(files: &Files, name: &str, bytes: Option<Vec<u8>>) -> Memory {
    let memory = Memory::of(files.clone());
    match bytes {
        Some(bytes) => memory.put(name, &bytes),
        None => _ = memory.take(name),
    }
    memory
}

fn names_file(error: &Error, file: &str) -> bool {
    let inner = file.rsplit('/').next().unwrap();
    error.to_string().contains(inner)
}

fn find_warning<'a>(vault: &'a Unlocked, id: &str) -> Option<&'a Warning> {
    vault.findings().iter().find(|warning| warning.id() == id)
}

// One file at a time

#[test]
fn a_damaged_record_is_named_and_the_others_open() {
    let memory = three();
    let file = record_file(&memory, 1, OLD, "b");
    let files = memory.files();
    for (how, bytes) in damages(&files[&file], 40) {
        let memory = damaged(&files, &file, bytes);
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.findings().is_empty() && names(&vault).len() == 3, "{how}: nothing is read yet");
        let id = vault.find("b").unwrap().id;
        let error = vault.record(id).expect_err(&how);
        assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::NotFound), "{how}: {error:?}");
        assert!(names_file(&error, &file) && error.to_string().contains("wallet b"), "{how}: {error}");
        for other in ["a", "c"] {
            assert!(vault.record(vault.find(other).unwrap().id).is_ok(), "{how}: {other}");
        }
        assert!(vault.rename(id, name("x"), at(9)).is_err(), "{how}: it cannot be changed");
        let error = vault.rekey(&new_password(NEW), work(), at(9)).expect_err(&how);
        assert!(names_file(&error, &file), "{how}: nothing is left behind by a rekey");
        vault.add(&wallet("d", 4), at(9)).unwrap();
        vault.remove(id, Removal::Anyway, at(10)).unwrap(); // that is the way to get rid of it
        assert_eq!(contents(&open(memory.arc(), OLD).unwrap()).len(), 3, "{how}");
    }
}

#[test]
fn a_damaged_manifest_leads_to_the_one_before_it() {
    let memory = three();
    let files = memory.files();
    let newest = newest(&memory, 1);
    for (how, bytes) in damages(&files[&newest], 40).into_iter().filter(|(_, bytes)| bytes.is_some()) {
        let memory = damaged(&files, &newest, bytes);
        let before = memory.files();
        let mut vault = open(memory.arc(), OLD).unwrap_or_else(|error| panic!("{how}: {error}"));
        let finding = find_warning(&vault, "older-state").unwrap_or_else(|| panic!("{how}: not found out"));
        assert!(finding.message().contains(&newest), "{how}: {finding}");
        assert!(names_file(vault.broken().unwrap(), &newest), "{how}");
        assert_eq!(contents(&vault).len(), 2, "{how}: what the older one lists opens");

        let id = vault.find("a").unwrap().id;
        let refused = [
            ("add", vault.add(&wallet("d", 4), at(9)).err()),
            ("rename", vault.rename(id, name("d"), at(9)).err()),
            ("remove", vault.remove(id, Removal::Anyway, at(9)).err()),
            ("policy", vault.set_policy(VaultPolicy::advertised(), at(9)).err()),
            ("rekey", vault.rekey(&new_password(NEW), work(), at(9)).err()),
            ("export", vault.export_policy(None).err()),
        ];
        for (what, error) in refused {
            assert_eq!(error.expect(what).kind(), ErrorKind::Malformed, "{how}: {what}");
        }
        assert!(memory.files() == before, "{how}: nothing is written");

        assert_eq!(vault.repair(at(9)).unwrap(), [name("c")], "{how}: only the damaged one listed it");
        assert!(vault.broken().is_none() && vault.findings().is_empty(), "{how}");
        assert!(vault.export_policy(None).is_ok(), "{how}");
        let mut again = open(memory.arc(), OLD).unwrap();
        assert!(again.findings().is_empty(), "{how}: {:?}", again.findings());
        assert_eq!(names(&again), ["a", "b", "c"], "{how}");
        assert_eq!(contents(&again).len(), 3, "{how}");
        again.add(&wallet("d", 4), at(10)).unwrap();
        again.add(&wallet("e", 5), at(11)).unwrap();
        assert_eq!(manifests(&memory.files(), 1).len(), 2, "{how}: the damaged one goes");
    }
}

#[test]
fn the_password_is_not_changed_before_the_repair_either() {
    let memory = three();
    memory.put(&newest(&memory, 1), b"damaged");
    let before = memory.files();
    let mut vault = open(memory.arc(), OLD).unwrap();
    let result = vault.change_password(&new_password(NEW), work(), at(9));
    assert!(result.is_err() && memory.files() == before, "`broken` says that nothing is written before the repair");
}

#[test]
fn the_older_manifest_may_be_damaged() {
    let memory = three();
    let files = memory.files();
    let older = manifests(&files, 1).remove(1);
    for (how, bytes) in damages(&files[&older], 8) {
        let memory = damaged(&files, &older, bytes);
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(vault.findings().is_empty() && contents(&vault).len() == 3, "{how}");
        vault.add(&wallet("d", 4), at(9)).unwrap();
        assert!(!memory.files().contains_key(&older), "{how}");
    }
}

#[test]
fn where_no_manifest_is_good_nothing_is_shown() {
    let memory = three();
    for manifest in manifests(&memory.files(), 1) {
        memory.put(&manifest, b"age-encryption.org/v1\n");
    }
    let error = open(memory.arc(), OLD).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.problem().contains(&newest(&memory, 1)), "{error}");
    for manifest in manifests(&memory.files(), 1) {
        memory.take(&manifest);
    }
    assert_eq!(open(memory.arc(), OLD).unwrap_err().kind(), ErrorKind::Malformed);
    // And nobody makes a new vault over the records.
    memory.take(HEADER);
    let error = Vault::create(memory.arc(), &new_password(NEW), work(), at(9)).unwrap_err();
    assert!(error.problem().contains("holds wallets"), "{error}");
}

#[test]
fn either_file_of_the_identity_is_enough() {
    let files = three().files();
    for file in [IDENTITY, COPY] {
        for (how, bytes) in damages(&files[file], 40) {
            let memory = damaged(&files, file, bytes);
            let wrong = open(memory.arc(), NEW).unwrap_err();
            assert_eq!(wrong.kind(), ErrorKind::WrongPassword, "{file}, {how}: {wrong:?}");
            let mut vault = open(memory.arc(), OLD).unwrap_or_else(|error| panic!("{file}, {how}: {error}"));
            let finding = find_warning(&vault, "identity-copy").unwrap_or_else(|| panic!("{file}, {how}"));
            assert!(finding.message().contains(file), "{how}: {finding}");
            assert_eq!(contents(&vault).len(), 3);
            assert!(vault.broken().is_none() && vault.export_policy(None).is_ok(), "{file}, {how}");
            vault.add(&wallet("d", 4), at(9)).unwrap();
            assert!(memory.get(IDENTITY) == memory.get(COPY), "{file}, {how}: put right");
            assert!(open(memory.arc(), OLD).unwrap().findings().is_empty(), "{file}, {how}");
        }
    }
}

#[test]
fn where_both_files_of_the_identity_are_damaged_the_error_says_so() {
    let files = three().files();
    for (how, bytes) in damages(&files[IDENTITY], 40) {
        let memory = damaged(&files, IDENTITY, bytes.clone());
        match bytes {
            Some(bytes) => memory.put(COPY, &bytes),
            None => _ = memory.take(COPY),
        }
        let error = open(memory.arc(), OLD).expect_err(&how);
        let known = [ErrorKind::WrongPassword, ErrorKind::Malformed, ErrorKind::NotFound, ErrorKind::OutOfBounds];
        assert!(known.contains(&error.kind()), "{how}: {error:?}");
        let named = error.kind() == ErrorKind::WrongPassword || names_file(&error, IDENTITY);
        assert!(named, "{how}: {error}");
    }
}

#[test]
fn a_lost_header_is_found_again() {
    let files = three().files();
    let bad =
        [None, Some(Vec::new()), Some(b"{".to_vec()), Some(b"{\"format\":\"keyark-vault\",\"version\":1}".to_vec())];
    for bytes in bad {
        let memory = damaged(&files, HEADER, bytes);
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(find_warning(&vault, "header-lost").unwrap().message().contains(HEADER));
        assert_eq!(contents(&vault).len(), 3);
        vault.repair(at(9)).unwrap();
        let again = open(memory.arc(), OLD).unwrap();
        assert!(again.findings().is_empty() && contents(&again).len() == 3);
    }
}

/// The header is in the clear and authenticated by nothing: what a flipped bit makes of it must be noticed, or harm nothing.
#[test]
fn no_bit_of_the_header_keeps_the_wallets_away() {
    let files = three().files();
    let header = &files[HEADER];
    let mut kept_away = Vec::new();
    for bit in 0..header.len() * 8 {
        let mut changed = header.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let memory = damaged(&files, HEADER, Some(changed.clone()));
        let opened = Vault::find(memory.arc()).and_then(|found| found.unwrap().unlock(&password(OLD)));
        match opened {
            Ok(vault) => assert_eq!(contents(&vault).len(), 3),
            // Another version than this program knows is left alone.
            Err(error) if error.problem().contains("version") => {}
            Err(error) => kept_away.push((String::from_utf8_lossy(&changed).into_owned(), error.to_string())),
        }
    }
    assert!(kept_away.is_empty(), "{kept_away:#?}");
}

#[test]
fn random_damage_never_panics() {
    let files = three().files();
    for name in files.keys() {
        for (how, bytes) in damages(&files[name], 24) {
            let memory = damaged(&files, name, bytes);
            let use_it = || -> Result<()> {
                let Some(found) = Vault::find(memory.arc())? else { return Ok(()) };
                let mut vault = found.unlock(&password(OLD))?;
                for entry in vault.wallets()?.to_vec() {
                    let _ = vault.record(entry.id);
                }
                vault.repair(at(9))?;
                vault.add(&wallet("d", 4), at(10))?;
                assert!(names(&open(memory.arc(), OLD)?).contains(&"d".to_owned()), "{name}, {how}");
                Ok(())
            };
            if let Err(error) = use_it() {
                assert!(!error.remedy().is_empty() && error.kind() != ErrorKind::Internal, "{name}, {how}: {error:?}");
            }
        }
    }
}

// Files in each other's place

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

// An older copy

#[test]
fn an_older_copy_is_found_out_by_who_remembers() {
    let memory = three();
    let older = memory.files();
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.add(&wallet("d", 4), at(9)).unwrap();
    vault.remove(vault.find("a").unwrap().id, Removal::Anyway, at(10)).unwrap();
    let seen = vault.seen();
    vault.compare(&seen);
    assert!(vault.broken().is_none());

    let memory = Memory::of(older);
    let mut vault = open(memory.arc(), OLD).unwrap();
    assert!(vault.broken().is_none(), "by itself it cannot know");
    vault.compare(&seen);
    assert!(find_warning(&vault, "older-state").is_some() && contents(&vault).len() == 3);
    assert!(vault.add(&wallet("e", 5), at(11)).is_err() && vault.export_policy(None).is_err());
    vault.repair(at(12)).unwrap();
    assert!(vault.seen() != seen && vault.export_policy(None).is_ok());
    let mut again = open(memory.arc(), OLD).unwrap();
    again.compare(&seen);
    assert!(again.broken().is_none(), "it was accepted");
}

#[test]
fn a_manifest_that_was_taken_away_is_found_out_by_who_remembers() {
    let memory = three();
    let seen = open(memory.arc(), OLD).unwrap().seen();
    memory.take(&newest(&memory, 1));
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.compare(&seen);
    assert!(vault.broken().is_some());
    assert_eq!(vault.repair(at(9)).unwrap(), [name("c")]);
    assert!(!manifests(&memory.files(), 1).is_empty());
    assert_eq!(names(&open(memory.arc(), OLD).unwrap()), ["a", "b", "c"]);
}

#[test]
fn a_copy_from_before_a_rekey_is_found_out_by_who_remembers() {
    let memory = three();
    let older = memory.files();
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.rekey(&new_password(NEW), work(), at(9)).unwrap();
    let seen = vault.seen();
    let memory = Memory::of(older);
    let mut vault = open(memory.arc(), OLD).unwrap();
    vault.compare(&seen);
    assert!(vault.broken().is_some());
}

#[test]
fn another_vault_in_the_place_of_this_one_is_found_out() {
    let seen = open(three().arc(), OLD).unwrap().seen();
    let memory = Memory::new();
    let mut other = vault(memory.arc(), &[]);
    other.compare(&seen);
    assert!(other.broken().is_some());
}

/// A reset begins a new vault in a new epoch: that is no older state. The state before it is.
#[test]
fn a_rollback_behind_a_reset_is_found_out() {
    let memory = three();
    let before = memory.files();
    let seen = open(memory.arc(), OLD).unwrap().seen();
    let vault = Vault::find(memory.arc()).unwrap().unwrap();
    let mut reset = vault.reset(&wallet("a", 1), &new_password(NEW), work(), at(9)).unwrap();
    reset.compare(&seen);
    assert!(reset.broken().is_none());
    let mut older = open(Memory::of(before).arc(), OLD).unwrap();
    older.compare(&reset.seen());
    assert!(older.broken().is_some());
}

// What a repair takes in

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

// The identity's second copy

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

#[test]
fn an_old_password_does_not_come_back_with_a_repaired_copy() {
    for file in [IDENTITY, COPY] {
        let memory = three();
        memory.put(file, b"damaged");
        let mut slow = open(memory.arc(), OLD).unwrap(); // knows what belongs into the damaged file
        let mut other = open(memory.arc(), OLD).unwrap();
        other.change_password(&new_password(NEW), work(), at(8)).unwrap();
        slow.add(&wallet("d", 4), at(9)).unwrap();
        assert!(open(memory.arc(), NEW).is_ok());
        let old = open(memory.arc(), OLD);
        assert!(old.is_err(), "the changed password {file} opens the vault again");
    }
}

#[test]
fn an_epoch_that_the_header_does_not_list_and_a_lost_header_cost_no_wallet() {
    let memory = three();
    // What a rekey leaves that was stopped before its header.
    let fault =
        support::memory::Fault { at: 6, changes_only: true, place: support::memory::Where::Before, stops: true };
    let faulty = memory.with_fault(fault);
    assert!(open(faulty.arc(), OLD).unwrap().rekey(&new_password(NEW), work(), at(8)).is_err());
    assert!(!memory.names("epochs/2/manifest").is_empty(), "{:?}", memory.files().keys());
    // It counts from its manifest on, whatever the header says, and also where there is none any more.
    for header_lost in [false, true] {
        if header_lost {
            memory.take(HEADER);
        }
        let mut older = open(memory.arc(), OLD).unwrap();
        assert_eq!((older.is_current(), contents(&older).len()), (false, 3));
        assert_eq!(older.add(&wallet("d", 4), at(9)).unwrap_err().kind(), ErrorKind::Locked);
        let today = open(memory.arc(), NEW).unwrap();
        assert_eq!((today.is_current(), contents(&today).len()), (true, 3));
        assert_eq!(find_warning(&today, "header-lost").is_some(), header_lost);
    }
    let mut today = open(memory.arc(), NEW).unwrap();
    today.add(&wallet("d", 4), at(10)).unwrap();
    assert_eq!(contents(&open(memory.arc(), NEW).unwrap()).len(), 4);
}

#[test]
fn a_vault_that_is_away_is_not_said_to_be_sealed_anew() {
    let memory = Memory::new();
    let mut open = vault(memory.arc(), &["a"]);
    for name in memory.files().into_keys() {
        memory.take(&name);
    }
    let error = open.rename(open.find("a").unwrap().id, name("b"), at(9)).unwrap_err();
    assert_eq!((error.kind(), error.problem()), (ErrorKind::NotFound, "there is no vault here any more"));
}
