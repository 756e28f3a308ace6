//! Restoring: all comes back in one change, what is here is known again, and what is damaged is named.

use keyark::vault::Passphrase;

use super::*;

#[test]
fn a_restore_brings_all_back_to_an_empty_vault_in_one_change() {
    let (_, mut local, there, mut cloud) = both();
    let ids = [
        add(&mut local, words("savings")),
        add(&mut local, key("hot", 1)),
        add(&mut local, words_with("hidden", PASSPHRASE)),
    ];
    back_up(&mut local, &ids, &mut cloud, "box", &says(Some(PASSPHRASE)), day(1)).unwrap();

    let cloud = open(there.arc(), CLOUD_PASSWORD);
    let asked = says(None);
    let restore = Restore::read(&cloud, &ids, None, &asked).unwrap();
    assert_eq!(*asked.1.borrow(), ["hidden"]);
    let planned = restore.planned();
    assert!(planned.iter().all(|one| matches!(one.outcome, Outcome::Added)), "{planned:?}");
    assert_eq!(planned.iter().map(|one| one.proved).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(planned.iter().map(|one| one.accounts).collect::<Vec<_>>(), [11, 1, 11]);

    let memory = Memory::new();
    let mut new = create(memory.arc(), PASSWORD);
    memory.log();
    let merged = restore.take_in(&mut new, &cloud, "nas", day(2)).unwrap();
    let written: Vec<_> =
        memory.log().into_iter().filter(|(op, _)| *op == Op::WriteNew).map(|(_, file)| file).collect();
    assert_eq!(written.iter().filter(|file| file.contains("/records/")).count(), 3);
    assert_eq!(written.len(), 4, "each record once and one manifest: {written:?}");
    assert_eq!((merged.added.len(), merged.known.len(), merged.damaged.len()), (3, 0, 0));
    for (id, proved) in ids.into_iter().zip([true, true, false]) {
        let (old, back) = (local.record(id).unwrap(), new.record(id).unwrap());
        assert!(
            back.secret().same_as(old.secret()) && back.accounts == old.accounts && back.passphrase == old.passphrase
        );
        let backup = noted(&new, id); // what the copy said of itself, under another name, is not repeated
        assert_eq!((backup.to.as_deref(), backup.made), (Some("nas"), day(1)));
        assert_eq!(backup.verified, proved.then_some(day(2)));
        assert_eq!(new.find(&id.to_string()).unwrap().is_backed_up(), proved);
    }
    // The drill goes on from there.
    let receipts = verify(&mut new, &ids, &cloud, "nas", &says(Some(PASSPHRASE)), day(3)).unwrap();
    assert!(receipts.iter().all(Receipt::is_proved));
}

#[test]
fn a_passphrase_proves_a_restore_and_a_wrong_one_is_said_to_be_wrong() {
    let (_, mut local, _, mut cloud) = both();
    let id = add(&mut local, words_with("hidden", PASSPHRASE));
    back_up(&mut local, &[id], &mut cloud, "box", &says(None), day(1)).unwrap();
    let error = Restore::read(&cloud, &[id], None, &says(Some("wrong"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch, "a slip is no damage");
    let mut restore = Restore::read(&cloud, &[id], None, &()).unwrap();
    assert_eq!(restore.lacking_passphrase().collect::<Vec<_>>(), [(id, &name("hidden"))]);
    assert_eq!(restore.prove(id, &text("wrong")).unwrap_err().kind(), ErrorKind::Mismatch);
    assert!(!restore.planned()[0].proved);
    restore.prove(id, &text(PASSPHRASE)).unwrap();
    assert!(restore.planned()[0].proved && restore.lacking_passphrase().next().is_none());
    assert_eq!(restore.records()[0].passphrase, Passphrase::Noted, "it is not kept by the way");
    assert_eq!(restore.prove(words("x").id(), &text("")).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn what_is_here_is_known_again_and_names_do_not_clash() {
    let (_, mut local, _, mut cloud) = both();
    let ids = [add(&mut local, words("savings")), add(&mut local, key("hot", 1))];
    back_up(&mut local, &ids, &mut cloud, "box", &(), day(1)).unwrap();
    let mut other = create(Memory::new().arc(), PASSWORD);
    other.add(&key("my key", 1), day(0)).unwrap();
    other.add(&key("SAVINGS", 2), day(0)).unwrap();

    let mut restore = Restore::read(&cloud, &ids, Some(&other), &()).unwrap();
    let planned = restore.planned();
    assert!(matches!(planned[0].outcome, Outcome::NameTaken), "{planned:?}");
    assert!(matches!(&planned[1].outcome, Outcome::Known(known) if *known == name("my key")), "{planned:?}");
    assert_eq!(restore.free_name(&name("savings")), name("savings (2)"));
    for taken in ["My Key", "savings", "hot"] {
        assert_eq!(restore.rename(ids[0], name(taken)).unwrap_err().kind(), ErrorKind::AlreadyExists, "{taken}");
    }
    restore.rename(ids[0], name("old savings")).unwrap();
    assert!(matches!(restore.planned()[0].outcome, Outcome::Added));
    let merged = restore.take_in(&mut other, &cloud, "box", day(2)).unwrap();
    assert_eq!((merged.added, merged.known.len()), (vec![name("old savings")], 1));
    assert!(other.find("my key").unwrap().is_backed_up(), "what is noted of its backups is taken over");
    assert_eq!(other.wallets().unwrap().len(), 3);
}

#[test]
fn a_wallet_that_is_damaged_here_comes_back_from_its_copy() {
    let (here, mut local, _, mut cloud) = both();
    let id = add(&mut local, words("savings"));
    back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
    let newest = local.find("savings").unwrap().clone();
    for file in here.names("epochs/").into_iter().filter(|file| file.contains("/records/")) {
        here.put(&file, b"nothing that age could open");
    }
    let mut local = open(here.arc(), PASSWORD);
    let mut restore = Restore::read(&cloud, &[newest.id], Some(&local), &()).unwrap();
    assert!(matches!(restore.planned()[0].outcome, Outcome::NameTaken), "{:?}", restore.planned());
    restore.rename(id, name("savings again")).unwrap();
    restore.take_in(&mut local, &cloud, "box", day(2)).unwrap();
    let back = local.record(local.find("savings again").unwrap().id).unwrap();
    assert_eq!((back.accounts.len(), back.is_backed_up()), (11, true));
}

#[test]
fn the_good_rest_is_restored_and_the_damaged_named() {
    let (_, mut local, there, mut cloud) = both();
    let bad = add(&mut local, words("bad"));
    back_up(&mut local, &[bad], &mut cloud, "box", &(), day(1)).unwrap();
    let file = record_file(&there);
    let good = add(&mut local, words("good"));
    back_up(&mut local, &[good], &mut cloud, "box", &(), day(1)).unwrap();
    there.put(&file, b"");
    let changed = add(&mut local, key("changed", 3));
    back_up(&mut local, &[changed], &mut cloud, "box", &(), day(1)).unwrap();
    let change = |record: &mut WalletRecord| {
        record.accounts[0].public_key[5] ^= 1;
        Ok(())
    };
    cloud.update(changed, day(1), change).unwrap();

    let restore = Restore::read(&cloud, &[bad, good, changed], None, &()).unwrap();
    let outcomes: Vec<_> = restore.planned().iter().map(|one| matches!(one.outcome, Outcome::Damaged(_))).collect();
    assert_eq!(outcomes, [true, false, true]);
    let mut new = create(Memory::new().arc(), PASSWORD);
    let merged = restore.take_in(&mut new, &cloud, "box", day(2)).unwrap();
    assert_eq!((merged.added, merged.damaged.len()), (vec![name("good")], 2));
    assert!(merged.damaged[0].to_string().contains("bad"), "{}", merged.damaged[0]);
    assert_eq!(merged.damaged[1].kind(), ErrorKind::Mismatch);
    let unknown = Restore::read(&cloud, &[words("x").id()], None, &()).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}
