//! Backing up: what is copied, what is noted of it on each side, and what is asked for.

use keyark::vault::BackupMethod;

use super::*;

#[test]
fn a_backup_is_proved_and_noted_on_this_side_only_as_what_it_is() {
    let (_, mut local, there, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    let receipts = back_up(&mut local, &[id, id], &mut cloud, "box", &(), day(1)).unwrap();
    let [receipt] = receipts.as_slice() else { panic!("named twice, copied once: {receipts:?}") };
    assert!(receipt.is_proved() && !receipt.is_wrong() && !receipt.lacks_passphrase());
    assert_eq!((receipt.wallet, &receipt.name, receipt.date), (id, &name("savings"), day(1)));
    assert_eq!((receipt.copy.as_ref(), receipt.result.as_ref().unwrap().compared), (Some(&name("savings")), 11));

    let backup = noted(&local, id);
    assert_eq!((&backup.method, backup.to.as_deref()), (&BackupMethod::Cloud, Some("box")));
    assert_eq!((backup.made, backup.verified, backup.detail), (day(1), Some(day(1)), None));
    assert_eq!((backup.accounts, backup.format, backup.work, backup.epoch), (Some(11), Some(1), Some(1), Some(1)));
    assert_eq!(backup.password_set, cloud.cloud_state().password_set);
    assert!(local.find("savings").unwrap().is_backed_up());

    let cloud = open(there.arc(), CLOUD_PASSWORD);
    let copy = cloud.record(cloud.find("savings").unwrap().id).unwrap();
    assert!(copy.secret().same_as(local.record(id).unwrap().secret()));
    assert_eq!(noted(&cloud, copy.id()).verified, None, "a copy does not prove itself");
    assert!(!cloud.find("savings").unwrap().is_backed_up());
}

#[test]
fn a_second_backup_takes_the_place_of_the_first_under_the_name_of_today() {
    let (_, mut local, _, mut cloud) = both();
    let (id, other) = (add(&mut local, words("savings")), add(&mut local, key("hot", 1)));
    back_up(&mut local, &[id, other], &mut cloud, "box", &(), day(1)).unwrap();
    local.rename(id, name("house"), day(2)).unwrap();
    let receipts = back_up(&mut local, &[id], &mut cloud, "box", &(), day(3)).unwrap();
    assert!(receipts[0].is_proved());
    let names: Vec<_> = cloud.wallets().unwrap().iter().map(|entry| entry.name.to_string()).collect();
    assert_eq!(names, ["house", "hot"]);
    assert_eq!((noted(&local, id).made, noted(&local, other).made), (day(3), day(1)));
}

#[test]
fn a_name_that_another_wallet_has_there_gets_a_number() {
    let (_, mut local, _, mut cloud) = both();
    add(&mut cloud, key("Savings", 1));
    let id = add(&mut local, words("savings"));
    let receipts = back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    assert_eq!((receipts[0].is_proved(), receipts[0].copy.as_ref()), (true, Some(&name("savings (2)"))));
    assert!(verify(&mut local, &[id], &cloud, "box", &(), day(2)).unwrap()[0].is_proved());
}

#[test]
fn a_noted_passphrase_is_asked_for_once_and_must_be_the_right_one() {
    let (here, mut local, there, mut cloud) = both();
    let (id, other) = (add(&mut local, words_with("hidden", PASSPHRASE)), add(&mut local, words("savings")));
    let (before, before_there) = (here.files(), there.files());
    let error = back_up(&mut local, &[id, other], &mut cloud, "box", &says(Some("wrong")), day(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.problem().contains("passphrase of hidden"), "{error}");
    assert!(here.files() == before && there.files() == before_there, "nothing was written for a slip");

    let right = says(Some(PASSPHRASE));
    let receipts = back_up(&mut local, &[id, other], &mut cloud, "box", &right, day(1)).unwrap();
    assert!(receipts.iter().all(Receipt::is_proved));
    assert_eq!(*right.1.borrow(), ["hidden"]);

    let receipts = verify(&mut local, &[id], &cloud, "box", &says(None), day(2)).unwrap();
    assert!(receipts[0].lacks_passphrase() && !receipts[0].is_wrong());
    assert_eq!(noted(&local, id).verified, Some(day(1)), "what was proved stays so");
    let error = verify(&mut local, &[id], &cloud, "box", &says(Some("wrong")), day(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch, "{error}");
    assert_eq!(noted(&local, id).verified, Some(day(1)), "a slip says nothing of the copy");

    let receipts = back_up(&mut local, &[id], &mut cloud, "box", &says(None), day(3)).unwrap();
    assert!(receipts[0].lacks_passphrase());
    let backup = noted(&local, id);
    assert_eq!((backup.made, backup.verified), (day(3), Some(day(1))), "the same secret as when it was proved");
    assert!(backup.detail.unwrap().contains("passphrase"));

    // That its passphrase is not at hand does not hide that the copy is gone.
    cloud.remove(id, keyark::vault::Removal::Anyway, day(4)).unwrap();
    let receipts = verify(&mut local, &[id], &cloud, "box", &says(None), day(4)).unwrap();
    assert!(receipts[0].is_wrong() && !receipts[0].lacks_passphrase());
}

#[test]
fn one_wallet_that_cannot_be_opened_here_does_not_keep_the_others_from_being_copied() {
    let (here, mut local, _, mut cloud) = both();
    let bad = add(&mut local, words("bad"));
    let file = record_file(&here);
    let good = add(&mut local, words("good"));
    let mut bytes = here.get(&file);
    *bytes.last_mut().unwrap() ^= 1;
    here.put(&file, &bytes);
    let receipts = back_up(&mut local, &[bad, good], &mut cloud, "box", &(), day(1)).unwrap();
    let of = |id| receipts.iter().find(|receipt| receipt.wallet == id).unwrap();
    assert!(of(good).is_proved());
    assert!(!of(bad).is_proved() && !of(bad).is_wrong() && of(bad).copy.is_none());
    assert!(problem(of(bad)).1.contains("bad"));
    let listed: Vec<_> = cloud.wallets().unwrap().iter().map(|entry| entry.id).collect();
    assert_eq!(listed, [good]);
    assert!(verify(&mut local, &[good, bad], &cloud, "box", &(), day(2)).unwrap()[0].is_proved());
}

#[test]
fn a_vault_that_needs_repair_is_neither_copied_nor_written_to() {
    let (here, mut local, there, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    let seen = local.seen();
    let old = here.files();
    add(&mut local, words("later"));
    let newer = local.seen();
    assert_ne!(seen, newer);
    let mut older = open(Memory::of(old).arc(), PASSWORD);
    older.compare(&newer);
    let before = there.files();
    assert_eq!(back_up(&mut older, &[id], &mut cloud, "box", &(), day(1)).unwrap_err().kind(), ErrorKind::Malformed);
    assert!(there.files() == before);
}
