//! Copies that change on their way, and clouds that fail: only what was read back counts.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use keyark::Error;
use keyark::vault::Lock;

use super::*;
use memory::{Fault, Where};

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
