//! Changes of what the two devices left.

use super::*;
use holding::assert_holds;

#[test]
fn the_next_change_makes_one_of_the_two() {
    let memory = copy();
    let both = heads(&memory.files());
    let mut unlocked = unlock(&memory);
    let id = unlocked.find("travel (2)").unwrap().id;
    unlocked.rename(id, WalletName::new("journey").unwrap(), time("2030-01-01T00:00:00Z")).unwrap();

    let mut all = expected("v2-epoch-3");
    (all[4]["name"], all[4]["revision"]) = (json!("journey"), json!(2));
    // What each device noted of the savings' backups at the same time counts.
    all[0]["revision"] = json!(4);
    let paper = json!({
        "method": "phrase", "to": "paper", "made": "2026-11-21T12:53:00Z", "verified": "2026-11-21T12:53:00Z",
    });
    all[0]["backups"].as_array_mut().unwrap().push(paper);
    assert_holds(&unlock(&memory), &all);

    let files = memory.files();
    let names = manifests(&files, 3);
    let inside = Inside::open(&files, 3, DECOMPOSED);
    let manifest = inside.manifest(&files[&names[0]]);
    let follows = text(&manifest["follows"]);
    assert!(
        both.iter().all(|head| follows.split(' ').any(|name| format!("epochs/3/manifest-{name}.age") == *head)),
        "{follows}"
    );
    assert_eq!(names[1..], both, "both states are kept until the next change");
    assert_eq!(manifest["removed"].as_array().unwrap().len(), 3);
    assert_eq!(format!("epochs/3/manifest-{}.age", text(&manifest["name"])), names[0]);

    let now = time("2030-01-02T00:00:00Z");
    unlocked.remove(id, Removal::Anyway, now).unwrap();
    unlocked
        .change_password(
            &NewPassword::new(&"velvet-otter-plateau-32".into(), &[]).unwrap(),
            WorkFactor::new(2).unwrap(),
            now,
        )
        .unwrap();
    let code = RecoveryCode::parse(&golden_text("v2-recovery-code.txt").into()).unwrap();
    all.pop();
    assert_holds(&find(&memory).unlock_with_recovery(&code).unwrap(), &all);
    assert_eq!(manifests(&memory.files(), 3).len(), 2);
}

#[test]
fn a_wallet_that_got_a_number_can_be_changed() {
    let memory = copy();
    let mut unlocked = unlock(&memory);
    let id = unlocked.find("travel (2)").unwrap().id;
    assert_eq!(unlocked.record(id).unwrap().name.as_str(), "Travel (2)");
    let backup = Backup::new("phrase".to_owned().into(), None, time("2030-01-01T00:00:00Z"));
    unlocked
        .update(id, time("2030-01-01T00:00:00Z"), |record| {
            record.record_backup(backup);
            Ok(())
        })
        .unwrap();
    let again = unlock(&memory);
    assert_eq!((names(&again)[4].as_str(), again.record(id).unwrap().backups.len()), ("Travel (2)", 1));
}
