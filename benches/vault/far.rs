//! A vault far away: each request takes five milliseconds, as in a cloud nearby. What counts is how many requests there are, and how many at a time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use criterion::Criterion;
use keyark::vault::{NewPassword, Password, Restore, Storage, Timestamp, Unlocked, Vault, WorkFactor, back_up};
use keyark::{Error, ErrorKind, Result};

use crate::{Made, PASSWORD};

const LATENCY: Duration = Duration::from_millis(5);
const WALLETS: usize = 1000;

/// A map behind a wire, which keeps nobody out and counts what is asked of it.
#[derive(Default)]
struct Far {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    side_by_side: AtomicUsize,
    requests: AtomicUsize,
}

impl Far {
    fn ask<T>(&self, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        self.requests.fetch_add(1, Ordering::Relaxed);
        thread::sleep(LATENCY);
        work(&mut self.files.lock().unwrap())
    }

    fn vault(self: &Arc<Self>) -> Unlocked {
        let password = Password::new(&PASSWORD.into()).unwrap();
        Vault::find(self.clone()).unwrap().unwrap().unlock(&password).unwrap()
    }

    /// How many requests `work` makes.
    fn count<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        let before = self.requests.load(Ordering::Relaxed);
        let result = work();
        println!("{what:44} {:5} requests", self.requests.load(Ordering::Relaxed) - before);
        result
    }
}

impl Storage for Far {
    fn read(&self, name: &str, _: usize) -> Result<Vec<u8>> {
        let found = self.ask(|files| files.get(name).cloned());
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file", "look again"))
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.replace(name, bytes)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.ask(|files| files.insert(name.to_owned(), bytes.to_vec()));
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = |name: &String| {
            let rest = name.strip_prefix(&start)?;
            Some(rest.split_once('/').map_or_else(|| rest.to_owned(), |(folder, _)| format!("{folder}/")))
        };
        let mut names: Vec<_> = self.ask(|files| files.keys().filter_map(inside).collect());
        names.dedup();
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.ask(|files| files.remove(name));
        Ok(())
    }

    fn side_by_side(&self) -> usize {
        self.side_by_side.load(Ordering::Relaxed)
    }
}

/// Backs a thousand wallets up and brings them back, one request at a time and eight.
pub(crate) fn far(criterion: &mut Criterion) {
    let made = Made::new(WALLETS, 1);
    let mut local = made.unlock();
    let ids: Vec<_> = local.wallets().unwrap().iter().map(|wallet| wallet.id).collect();
    let (storage, now) = (Arc::new(Far::default()), Timestamp::now());
    let password = NewPassword::new(&PASSWORD.into(), &[]).unwrap();
    let mut cloud = Vault::create(storage.clone(), &password, WorkFactor::new(1).unwrap(), now).unwrap();

    println!();
    storage.side_by_side.store(8, Ordering::Relaxed);
    storage.count("open the cloud vault, no wallets", || storage.vault());
    let records: Vec<_> = local.records(&ids).into_iter().map(Result::unwrap).collect();
    storage.count("copy 1000 wallets", || cloud.put(&records, now).unwrap());
    storage.count("copy them again", || cloud.put(&records, now).unwrap());
    let opened = storage.count("open the cloud vault, 1000 wallets", || storage.vault());
    storage.count("list 1000 wallets", || assert_eq!(opened.wallets().unwrap().len(), WALLETS));
    storage.count("back up 1000 wallets, with the drill", || {
        back_up(&mut local, &ids, &mut cloud, "far", &(), now).unwrap().len()
    });
    println!();

    let mut group = criterion.benchmark_group("a vault far away, 1000 wallets");
    group.sample_size(10);
    for side_by_side in [1, 8] {
        storage.side_by_side.store(side_by_side, Ordering::Relaxed);
        group.bench_function(format!("copy, {side_by_side} at a time"), |bencher| {
            bencher.iter(|| cloud.put(&records, now).unwrap());
        });
        group.bench_function(format!("read and compare, {side_by_side} at a time"), |bencher| {
            bencher.iter(|| Restore::read(&cloud, &ids, None, &()).unwrap().planned().len());
        });
    }
    group.bench_function("open", |bencher| bencher.iter(|| storage.vault()));
    group.finish();
}
