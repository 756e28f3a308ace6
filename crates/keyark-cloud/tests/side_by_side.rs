//! Requests that a vault makes at one time are really on their way at one time.
#![cfg(all(feature = "s3", feature = "webdav"))] // what the servers here speak
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/cloud.rs"]
mod cloud;
#[path = "support/server/mod.rs"]
mod server;

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use cloud::{Cloud, complete, options};
use keyark_cloud::Options;
use keyark_vault::Storage;
use server::{Fault, When};

fn patient(side_by_side: usize) -> Options {
    Options { time_limit: Duration::from_secs(10), side_by_side, ..options() }
}

/// `work` on the names, each from a thread of its own.
fn each(storage: &dyn Storage, names: &[String], work: impl Fn(&dyn Storage, &str) + Sync) {
    thread::scope(|scope| {
        for name in names {
            let work = &work;
            scope.spawn(move || work(storage, name));
        }
    });
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("epochs/1/records/{number}.age")).collect()
}

#[test]
fn the_option_is_what_the_vault_is_told() {
    for face in complete() {
        let cloud = Cloud::start(face);
        for wanted in [1, 4, 16] {
            assert_eq!(cloud.open_with(&patient(wanted)).side_by_side(), wanted);
        }
    }
}

/// None of the requests is answered before all of them have come: one after the other, this would never end.
#[test]
fn writes_and_reads_are_in_flight_together() {
    const AT_ONCE: usize = 8;
    for face in complete() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient(AT_ONCE));
        storage.write_new("epochs/1/records/made", b"x").unwrap(); // its folders
        let names = names(AT_ONCE);
        cloud.server.fault(When::method("PUT").times(AT_ONCE), Fault::Meet(Arc::new(Barrier::new(AT_ONCE))));
        each(&*storage, &names, |storage, name| storage.write_new(name, name.as_bytes()).unwrap());
        cloud.server.fault(When::reading().times(AT_ONCE), Fault::Meet(Arc::new(Barrier::new(AT_ONCE))));
        each(&*storage, &names, |storage, name| assert_eq!(storage.read(name, 100).unwrap(), name.as_bytes()));
        assert!(cloud.server.most_at_once() >= AT_ONCE, "{}", cloud.server.most_at_once());
        assert_eq!(storage.list("epochs/1/records").unwrap().len(), AT_ONCE + 1);
    }
}

/// A caller with more threads than that does not flood the server.
#[test]
fn no_more_are_in_flight_than_the_option_says() {
    for face in complete() {
        for most in [1, 3] {
            let cloud = Cloud::start(face);
            let storage = cloud.open_with(&patient(most));
            cloud.server.fault(When::always(), Fault::Wait(Duration::from_millis(5)));
            each(&*storage, &names(12), |storage, name| storage.write_new(name, b"x").unwrap());
            assert!(cloud.server.most_at_once() <= most, "{} of {most}", cloud.server.most_at_once());
            assert_eq!(cloud.server.objects().len(), 12);
        }
    }
}

/// Two hundred files in a folder that does not exist yet, at 5 ms per request: eight at a time take less than a third of the time of one.
#[test]
fn many_at_a_time_are_faster() {
    let time = |side_by_side: usize| {
        let cloud = Cloud::start(complete()[0]);
        let storage = cloud.open_with(&patient(side_by_side));
        cloud.server.fault(When::always(), Fault::Wait(Duration::from_millis(5)));
        let start = Instant::now();
        for chunk in names(96).chunks(side_by_side) {
            each(&*storage, chunk, |storage, name| storage.write_new(name, b"x").unwrap());
        }
        assert_eq!(cloud.server.objects().len(), 96);
        start.elapsed()
    };
    let (one, eight) = (time(1), time(8));
    assert!(eight * 3 < one, "{eight:?}, {one:?}");
}

/// Any thread may use it, one that is in an async runtime too.
#[test]
fn it_works_inside_an_async_runtime() {
    for face in complete() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient(4));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            storage.write_new("a", b"from within").unwrap();
            assert_eq!(storage.read("a", 100).unwrap(), b"from within");
        });
        drop(storage);
    }
}
