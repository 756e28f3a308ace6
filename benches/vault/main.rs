//! The vault on a real folder: how long its operations take beside the one password derivation, and what they read and write.
//!
//! `cargo bench -p keyark-benches --bench vault` prints the counts first. All vaults here have a work factor of 1, so that the password
//! derivation, which is measured by itself, is not in the other numbers.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark: what fails is a failed run

mod far;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use keyark::phrase::{Language, Phrase, WordCount};
use keyark::vault::{
    Folder, KeepPassphrase, Lock, NewPassword, Password, Storage, Timestamp, Unlocked, Vault, WalletName, WalletRecord,
    WorkFactor, phrase_record,
};
use keyark::{Result, SecretText};

const PASSWORD: &str = "crumpled-denim-opossum-trench-99";

/// A folder that counts what is asked of it.
struct Counted {
    folder: Folder,
    reads: AtomicUsize,
    writes: AtomicUsize,
    lists: AtomicUsize,
}

impl Storage for Counted {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.folder.read(name, limit)
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.folder.write_new(name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.folder.replace(name, bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.lists.fetch_add(1, Ordering::Relaxed);
        self.folder.list(folder)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.folder.delete(name)
    }

    fn lock(&self) -> Result<Lock> {
        self.folder.lock()
    }
}

/// A vault with so many wallets, in a folder that goes with it.
struct Made {
    _folder: tempfile::TempDir,
    storage: Arc<Counted>,
}

impl Made {
    fn new(wallets: usize, work: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let counted = Counted {
            folder: Folder::new(folder.path().join("vault")),
            reads: AtomicUsize::new(0),
            writes: AtomicUsize::new(0),
            lists: AtomicUsize::new(0),
        };
        let storage = Arc::new(counted);
        let password = NewPassword::new(&PASSWORD.into(), &[]).unwrap();
        let work = WorkFactor::new(work).unwrap();
        let mut vault = Vault::create(storage.clone(), &password, work, Timestamp::now()).unwrap();
        for number in 0..wallets {
            vault.add(&record(number), Timestamp::now()).unwrap();
        }
        Self { _folder: folder, storage }
    }

    fn unlock(&self) -> Unlocked {
        let password = Password::new(&PASSWORD.into()).unwrap();
        Vault::find(self.storage.clone()).unwrap().unwrap().unlock(&password).unwrap()
    }

    /// What `work` reads, writes and lists.
    fn count(&self, what: &str, work: impl FnOnce()) {
        let counters = [&self.storage.reads, &self.storage.writes, &self.storage.lists];
        counters.iter().for_each(|counter| counter.store(0, Ordering::Relaxed));
        work();
        let [reads, writes, lists] = counters.map(|counter| counter.load(Ordering::Relaxed));
        println!("{what:44} {reads:3} files read {writes:3} written {lists:3} folders listed");
    }
}

fn record(number: usize) -> WalletRecord {
    let phrase = Phrase::generate(WordCount::Words12, Language::English).unwrap();
    let name = WalletName::new(&format!("wallet {number}")).unwrap();
    phrase_record(name, &phrase, &SecretText::from(""), KeepPassphrase::Kept, Timestamp::now()).unwrap()
}

fn vault(criterion: &mut Criterion) {
    let (small, large) = (Made::new(100, 1), Made::new(1000, 1));
    println!();
    for (made, wallets) in [(&small, 100), (&large, 1000)] {
        made.count(&format!("unlock, {wallets} wallets"), || drop(made.unlock()));
        let mut vault = made.unlock();
        made.count(&format!("list {wallets} wallets"), || assert_eq!(vault.wallets().unwrap().len(), wallets));
        let id = vault.find("wallet 7").unwrap().id;
        made.count(&format!("open one of {wallets} wallets"), || drop(vault.record(id).unwrap()));
        let new = record(wallets);
        made.count(&format!("add one to {wallets} wallets"), || vault.add(&new, Timestamp::now()).unwrap());
    }
    println!();

    let (usual, empty) = (Made::new(0, WorkFactor::DEFAULT.log_n()), Made::new(0, 1));
    let mut group = criterion.benchmark_group("vault");
    group.sample_size(10);
    group.bench_function("unlock with the usual work factor, no wallets", |bencher| bencher.iter(|| usual.unlock()));
    // age itself tries how fast the computer is, for its limits, each time that a password is used.
    group.bench_function("the rest of unlocking, no wallets", |bencher| bencher.iter(|| empty.unlock()));
    group.bench_function("the rest of unlocking, 100 wallets", |bencher| bencher.iter(|| small.unlock()));
    group.bench_function("the rest of unlocking, 1000 wallets", |bencher| bencher.iter(|| large.unlock()));
    let vault = large.unlock();
    let id = vault.find("wallet 7").unwrap().id;
    group.bench_function("open one wallet", |bencher| bencher.iter(|| black_box(vault.record(id).unwrap())));
    let mut vault = large.unlock();
    let mut number = 10_000;
    group.bench_function("add one to 1000 wallets", |bencher| {
        let next = || {
            number += 1;
            record(number)
        };
        bencher.iter_batched(next, |new| vault.add(&new, Timestamp::now()).unwrap(), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = keyark_benches::criterion();
    targets = vault, far::far
}
criterion_main!(benches);
