//! The drill: a copy is proved again, and one that is gone or damaged counts no more.

use keyark::vault::{Further, extend_accounts};

use super::*;

#[test]
fn a_drill_is_dated_and_what_is_newer_than_the_copy_does_not_spoil_it() {
    let (_, mut local, _, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    let more = |record: &mut WalletRecord| extend_accounts(record, None, Further { account: 1, ..Further::default() });
    local.update(id, day(2), |record| more(record).map(drop)).unwrap();
    let count = local.record(id).unwrap().accounts.len();
    assert!(count > 11);

    let receipts = verify(&mut local, &[id], &cloud, "box", &(), day(3)).unwrap();
    assert_eq!(receipts[0].result.as_ref().unwrap().compared, 11);
    let backup = noted(&local, id);
    assert_eq!((backup.made, backup.verified, backup.accounts), (day(1), Some(day(3)), Some(11)));
    let ledger = local.find("savings").unwrap().ledger(&Default::default(), day(3));
    let reasons: Vec<_> = ledger.backups[0].stale.iter().map(|reason| reason.id()).collect();
    assert_eq!(reasons, ["new-accounts", "weak-kdf"], "stale, not wrong");

    let receipts = back_up(&mut local, &[id], &mut cloud, "box", &(), day(4)).unwrap();
    assert_eq!(receipts[0].result.as_ref().unwrap().compared, count);
}

#[test]
fn a_copy_that_is_gone_damaged_or_another_wallet_counts_no_more() {
    type Damage = fn(&Memory, &mut Unlocked, WalletId);
    let damage: [(&str, Damage); 3] = [
        ("gone", |_, cloud, id| cloud.remove(id, keyark::vault::Removal::Anyway, day(2)).unwrap()),
        ("file gone", |there, _, _| drop(there.take(&record_file(there)))),
        ("changed", |there, _, _| {
            let file = record_file(there);
            let mut bytes = there.get(&file);
            bytes[100] ^= 1;
            there.put(&file, &bytes);
        }),
    ];
    for (what, damage) in damage {
        let (_, mut local, there, mut cloud) = both();
        let id = add(&mut local, words("savings"));
        back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
        let mut cloud = open(there.arc(), CLOUD_PASSWORD);
        damage(&there, &mut cloud, id);
        let receipts = verify(&mut local, &[id], &cloud, "box", &(), day(3)).unwrap();
        assert!(receipts[0].is_wrong(), "{what}: {receipts:?}");
        let backup = noted(&local, id);
        assert_eq!((backup.made, backup.verified), (day(1), None), "{what}");
        assert!(backup.detail.unwrap().starts_with(&day(3).date()), "{what}");
        assert!(!local.find("savings").unwrap().is_backed_up(), "{what}");

        let mut cloud = open(there.arc(), CLOUD_PASSWORD);
        back_up(&mut local, &[id], &mut cloud, "box", &(), day(4)).unwrap();
        assert!(local.find("savings").unwrap().is_backed_up(), "{what}: and is made good");
        assert_eq!(noted(&local, id).detail, None);
    }
}

#[test]
fn an_address_that_was_changed_in_either_place_is_found() {
    let (_, mut local, _, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    let swap = |record: &mut WalletRecord| {
        record.accounts[3].address = record.accounts[2].address.clone();
        Ok(())
    };
    cloud.update(id, day(2), swap).unwrap();
    let receipts = verify(&mut local, &[id], &cloud, "box", &(), day(3)).unwrap();
    assert!(receipts[0].is_wrong());
    assert_eq!(problem(&receipts[0]).0, ErrorKind::Mismatch);
}

#[test]
fn a_copy_that_nobody_noted_here_is_noted_when_it_is_proved() {
    let (_, mut local, there, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    local
        .update(id, day(2), |record| {
            record.backups.clear();
            Ok(())
        })
        .unwrap();
    let cloud = open(there.arc(), CLOUD_PASSWORD);
    assert!(verify(&mut local, &[id], &cloud, "nas", &(), day(3)).unwrap()[0].is_proved());
    let backup = noted(&local, id);
    assert_eq!((backup.to.as_deref(), backup.made, backup.verified), (Some("nas"), day(1), Some(day(3))));
    assert_eq!(backup.accounts, Some(11));
}

#[test]
fn what_this_program_cannot_judge_is_not_called_wrong() {
    let (_, mut local, _, mut cloud) = both();
    let mut record = words("later");
    record.fingerprint = None;
    record.accounts.iter_mut().for_each(|account| account.chain = "dogecoin".to_owned());
    let id = add(&mut local, record);
    let receipts = back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    assert!(!receipts[0].is_proved() && !receipts[0].is_wrong() && !receipts[0].lacks_passphrase());
    assert_eq!(problem(&receipts[0]).0, ErrorKind::NotFound);
    let restore = Restore::read(&cloud, &[id], None, &()).unwrap();
    let planned = &restore.planned()[0];
    assert!(matches!(planned.outcome, Outcome::Added) && !planned.proved, "{planned:?}");
}
