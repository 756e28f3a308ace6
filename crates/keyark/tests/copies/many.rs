//! A thousand wallets in one call: each record is written once and read back once.

use super::*;

#[test]
fn a_thousand_wallets_in_one_call() {
    const MANY: u32 = 1000;
    let (here, mut local, there, mut cloud) = both();
    let records: Vec<_> = (0..MANY).map(|number| key(&format!("wallet {number}"), number + 1)).collect();
    let ids: Vec<_> = records.iter().map(WalletRecord::id).collect();
    local.put(&records, day(0)).unwrap();

    let count = |log: &[(Op, String)], op: Op, part: &str| {
        log.iter().filter(|(done, file)| *done == op && file.contains(part)).count()
    };
    let writes = |log: &[(Op, String)], what: &str| {
        assert_eq!(count(log, Op::WriteNew, "/records/"), MANY as usize, "{what}");
        assert_eq!(count(log, Op::WriteNew, "/manifest-"), 1, "{what}");
        assert_eq!(count(log, Op::WriteNew, "") + count(log, Op::Replace, ""), MANY as usize + 1, "{what}");
        assert!(count(log, Op::Read, "identity") < 10 && count(log, Op::List, "") < 20, "{what}: not for each wallet");
    };
    here.log();
    there.log();
    let receipts = back_up(&mut local, &ids, &mut cloud, "box", &(), day(1)).unwrap();
    assert!(receipts.len() == MANY as usize && receipts.iter().all(Receipt::is_proved));
    assert_eq!(receipts.iter().map(|receipt| receipt.wallet).collect::<Vec<_>>(), ids, "in their order");
    let (log, log_there) = (here.log(), there.log());
    writes(&log, "here");
    writes(&log_there, "there");
    assert_eq!(count(&log_there, Op::Read, "/records/"), MANY as usize, "each copy is read back once");
    assert!(local.wallets().unwrap().iter().all(|entry| entry.is_backed_up()));

    let receipts = verify(&mut local, &ids, &cloud, "box", &(), day(2)).unwrap();
    assert!(receipts.iter().all(Receipt::is_proved));
    let log = there.log();
    assert_eq!((count(&log, Op::Read, "/records/"), count(&log, Op::WriteNew, "")), (MANY as usize, 0));
    here.log();

    let memory = Memory::new();
    let mut new = create(memory.arc(), PASSWORD);
    memory.log();
    let restore = Restore::read(&cloud, &ids, Some(&new), &()).unwrap();
    let merged = restore.take_in(&mut new, &cloud, "box", day(3)).unwrap();
    assert_eq!(merged.added.len(), MANY as usize);
    writes(&memory.log(), "restored");
    assert_eq!(count(&there.log(), Op::Read, "/records/"), MANY as usize);
}
