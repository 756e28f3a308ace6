//! Copies in another vault: made in one change, read back from where they lie, compared, noted, and brought back.
#![cfg(all(feature = "vault", feature = "bitcoin", feature = "ethereum", feature = "solana"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../../keyark-vault/tests/support/memory.rs"]
mod memory;

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use keyark::phrase::{Language, Phrase, WordCount};
use keyark::vault::{
    AskPassphrase, Backup, BackupMethod, Further, KeepPassphrase, Lock, NewPassword, Outcome, Passphrase, Password,
    Receipt, Restore, Storage, Timestamp, Unlocked, Vault, WalletId, WalletName, WalletRecord, WorkFactor, back_up,
    extend_accounts, key_record, phrase_record, verify,
};
use keyark::{Curve, Error, ErrorKind, Network, PrivateKey, Registry, Result, SecretText};
use memory::{Fault, Memory, Op, Where};

const PASSWORD: &str = "canary seldom whistles under water";
const CLOUD_PASSWORD: &str = "marble otters juggle nine lanterns";
const PASSPHRASE: &str = "canary-TREZOR";

fn text(text: &str) -> SecretText {
    SecretText::from(text)
}

fn day(day: i64) -> Timestamp {
    Timestamp::from_unix(1_795_262_400 + day * 86_400)
}

fn name(text: &str) -> WalletName {
    WalletName::new(text).unwrap()
}

fn create(storage: Arc<dyn Storage>, password: &str) -> Unlocked {
    let password = NewPassword::new(&text(password), &[]).unwrap();
    Vault::create(storage, &password, WorkFactor::new(1).unwrap(), day(0)).unwrap()
}

fn open(storage: Arc<dyn Storage>, password: &str) -> Unlocked {
    Vault::find(storage).unwrap().unwrap().unlock(&Password::new(&text(password)).unwrap()).unwrap()
}

/// The vault on this computer, and the empty one elsewhere.
fn both() -> (Memory, Unlocked, Memory, Unlocked) {
    let (here, there) = (Memory::new(), Memory::new());
    let (local, cloud) = (create(here.arc(), PASSWORD), create(there.arc(), CLOUD_PASSWORD));
    (here, local, there, cloud)
}

fn words(called: &str) -> WalletRecord {
    words_with(called, "")
}

/// A wallet of new words with a passphrase that the vault only notes.
fn words_with(called: &str, passphrase: &str) -> WalletRecord {
    let phrase = Phrase::generate(WordCount::Words12, Language::English).unwrap();
    phrase_record(name(called), &phrase, &text(passphrase), KeepPassphrase::Noted, day(0)).unwrap()
}

fn key(called: &str, number: u32) -> WalletRecord {
    let ethereum = Registry::installed().unwrap().get("ethereum").unwrap();
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    let key = PrivateKey::new(Curve::Secp256k1, &bytes);
    key_record(name(called), ethereum, key, Network::Mainnet, day(0)).unwrap()
}

fn add(vault: &mut Unlocked, record: WalletRecord) -> WalletId {
    vault.add(&record, day(0)).unwrap();
    record.id()
}

/// The one backup that is noted of a wallet.
#[track_caller]
fn noted(vault: &Unlocked, id: WalletId) -> Backup {
    let backups = vault.record(id).unwrap().backups;
    assert_eq!(backups.len(), 1, "{backups:?}");
    backups.into_iter().next().unwrap()
}

#[track_caller]
fn problem(receipt: &Receipt) -> (ErrorKind, String) {
    let error = receipt.result.as_ref().unwrap_err();
    let said = format!("{error:?} {error} {}", error.remedy());
    assert!(!said.contains("canary"), "{said}");
    (error.kind(), said)
}

/// Gives this passphrase for every wallet, and writes down which were asked for.
struct Says(Option<&'static str>, RefCell<Vec<String>>);

fn says(passphrase: Option<&'static str>) -> Says {
    Says(passphrase, RefCell::default())
}

impl AskPassphrase for Says {
    fn ask(&self, wallet: &WalletName) -> Result<Option<SecretText>> {
        self.1.borrow_mut().push(wallet.to_string());
        Ok(self.0.map(text))
    }
}

/// The one record's file.
fn record_file(memory: &Memory) -> String {
    let names: Vec<_> = memory.names("epochs/").into_iter().filter(|name| name.contains("/records/")).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names.into_iter().next().unwrap()
}

// Backing up

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

/// A storage that shows something else than was written to it.
struct Between {
    memory: Memory,
    /// What happens to a record's bytes when they are read.
    change: fn(&mut Vec<u8>),
    reads: AtomicUsize,
    lost: Mutex<Option<Error>>,
}

impl Storage for Between {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        let mut bytes = self.memory.read(name, limit)?;
        if name.contains("/records/") {
            self.reads.fetch_add(1, Ordering::Relaxed);
            if let Some(error) = &*self.lost.lock().unwrap() {
                return Err(error.clone());
            }
            (self.change)(&mut bytes);
        }
        Ok(bytes)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.memory.write_new(name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.memory.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.memory.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.memory.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.memory.lock()
    }
}

fn between(change: fn(&mut Vec<u8>)) -> Arc<Between> {
    Arc::new(Between { memory: Memory::new(), change, reads: AtomicUsize::new(0), lost: Mutex::new(None) })
}

#[test]
fn a_copy_that_is_changed_on_its_way_is_made_and_not_proved() {
    for (what, change) in [
        ("a bit", (|bytes| *bytes.last_mut().unwrap() ^= 1) as fn(&mut Vec<u8>)),
        ("the end", |bytes| bytes.truncate(bytes.len() / 2)),
        ("all of it", Vec::clear),
    ] {
        let storage = between(change);
        let mut local = create(Memory::new().arc(), PASSWORD);
        let mut cloud = create(storage.clone(), CLOUD_PASSWORD);
        let id = add(&mut local, words("savings"));
        let receipts = back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap();
        assert!(receipts[0].is_wrong() && !receipts[0].is_proved(), "{what}");
        assert_eq!(storage.reads.load(Ordering::Relaxed), 1, "it is read from there, not from memory");
        let (kind, said) = problem(&receipts[0]);
        assert_eq!(kind, ErrorKind::Malformed, "{what}: {said}");
        assert!(said.contains("savings") && said.contains("/records/"), "{said}");
        let backup = noted(&local, id);
        assert_eq!((backup.made, backup.verified, backup.detail.is_some()), (day(1), None, true), "{what}");
        assert!(!local.find("savings").unwrap().is_backed_up());
    }
}

#[test]
fn where_the_network_goes_in_between_nothing_is_noted() {
    let storage = between(|_| {});
    let here = Memory::new();
    let mut local = create(here.arc(), PASSWORD);
    let mut cloud = create(storage.clone(), CLOUD_PASSWORD);
    let id = add(&mut local, words("savings"));
    let gone = Error::new(ErrorKind::Storage, "the network is gone", "try again");
    *storage.lost.lock().unwrap() = Some(gone.clone());
    let before = here.files();
    let error = back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(here.files() == before);
    *storage.lost.lock().unwrap() = None;
    assert!(back_up(&mut local, &[id], &mut cloud, "box", &(), day(2)).unwrap()[0].is_proved(), "again");
    *storage.lost.lock().unwrap() = Some(gone);
    assert_eq!(verify(&mut local, &[id], &cloud, "box", &(), day(3)).unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(noted(&local, id).verified, Some(day(2)));
}

#[test]
fn whatever_fails_in_the_cloud_a_wallet_counts_as_backed_up_only_when_its_copy_restores() {
    let mut hit = 0;
    for at in 0.. {
        let (_, mut local, there, cloud) = both();
        drop(cloud);
        let id = add(&mut local, words("savings"));
        let fault = Fault { at, changes_only: false, place: Where::Before, stops: true };
        let faulty = there.with_fault(fault);
        let opened = Vault::find(faulty.arc())
            .map(|vault| vault.unwrap().unlock(&Password::new(&text(CLOUD_PASSWORD)).unwrap()));
        let result = opened
            .and_then(|cloud| cloud)
            .and_then(|mut cloud| back_up(&mut local, &[id], &mut cloud, "box", &(), day(1)));
        let counts = local.find("savings").unwrap().is_backed_up();
        assert_eq!(counts, result.is_ok_and(|receipts| receipts[0].is_proved()), "at {at}");
        if counts {
            let cloud = open(there.arc(), CLOUD_PASSWORD);
            let restore = Restore::read(&cloud, &[id], None, &()).unwrap();
            assert!(restore.planned()[0].proved, "at {at}");
        }
        // And after the fault the next one goes through.
        let mut cloud = open(there.arc(), CLOUD_PASSWORD);
        assert!(back_up(&mut local, &[id], &mut cloud, "box", &(), day(2)).unwrap()[0].is_proved(), "at {at}");
        if !faulty.hit() {
            break;
        }
        hit += 1;
    }
    assert!(hit > 20, "{hit} faults");
}

// The drill

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

// Restoring

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

// Many

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
