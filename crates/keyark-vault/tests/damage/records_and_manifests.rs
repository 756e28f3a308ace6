//! A record or a manifest that is damaged, and any file that is.

use keyark_core::Result;
use keyark_vault::VaultPolicy;

use super::*;

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
