//! What goes wrong on the way to a cloud: each fault gives the right kind of error in bounded time, shows no secret, and leaves the old file or the new.
#![cfg(all(feature = "s3", feature = "webdav"))] // what the servers here speak
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/cloud.rs"]
mod cloud;
#[path = "support/server/mod.rs"]
mod server;

use std::time::{Duration, Instant};

use cloud::{BOUND, Cloud, SHORT_LIMIT, TRIES, complete, options, shows_no_secret, side_by_side};
use keyark_cloud::Options;
use keyark_core::{Error, ErrorKind, Result};
use keyark_vault::Storage;
use server::{Face, Fault, Server, When};

/// A cloud with the file `a`, which holds `old`, and its storage; the log is empty.
fn with_a(face: Face) -> (Cloud, std::sync::Arc<dyn Storage>) {
    let cloud = Cloud::start(face);
    let storage = cloud.open();
    storage.write_new("a", b"old").unwrap();
    cloud.server.forget_log();
    (cloud, storage)
}

/// The five operations on a vault with the file `a`; `b` does not exist.
type Operation = fn(&dyn Storage) -> Result<()>;
const READ: Operation = |storage| storage.read("a", 1000).map(drop);
const LIST: Operation = |storage| storage.list("").map(drop);
const WRITE_NEW: Operation = |storage| storage.write_new("b", b"new");
const REPLACE: Operation = |storage| storage.replace("a", b"new");
const DELETE: Operation = |storage| storage.delete("a");
const ALL: [(&str, Operation); 5] =
    [("read", READ), ("list", LIST), ("write_new", WRITE_NEW), ("replace", REPLACE), ("delete", DELETE)];

/// Every operation on every face with every fault.
fn cases<F: Clone>(faults: &[F]) -> Vec<(Face, F, (&'static str, Operation))> {
    let mut cases = Vec::new();
    for face in complete() {
        for fault in faults {
            cases.extend(ALL.map(|operation| (face, fault.clone(), operation)));
        }
    }
    cases
}

/// The error of an operation that fails within the bound and shows no secret.
fn failure(storage: &dyn Storage, operation: Operation) -> Error {
    let start = Instant::now();
    let error = operation(storage).unwrap_err();
    assert!(start.elapsed() < BOUND, "{:?}: {error:?}", start.elapsed());
    shows_no_secret(&error);
    error
}

/// Each file is whole, the old one or the new one.
fn old_or_new(cloud: &Cloud) {
    for (name, contents) in [("a", [Some("old"), Some("new"), None]), ("b", [Some("new"), None, None])] {
        let object = cloud.object(name).map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(contents.contains(&object.as_deref()), "{name}: {object:?}");
    }
    assert!(cloud.paths().len() <= 2, "{:?}", cloud.paths());
}

#[test]
fn what_may_pass_is_tried_again_and_then_reported() {
    let faults = [Fault::Status(500), Fault::Status(502), Fault::Status(503), Fault::Status(429), Fault::Close];
    side_by_side(cases(&faults), |(face, fault, (name, operation))| {
        let (cloud, storage) = with_a(face);
        cloud.server.fault(When::always(), fault.clone());
        let error = failure(&*storage, operation);
        assert_eq!(error.kind(), ErrorKind::Storage, "{name}, {fault:?}: {error:?}");
        // A broken connection makes the HTTP client ask once more where that does no harm.
        let most = if matches!(fault, Fault::Close) { 2 * TRIES } else { TRIES };
        let requests = cloud.server.requests();
        assert!((TRIES..=most).contains(&requests), "{name}, {fault:?}: {:?}", cloud.server.log());
        assert_eq!(cloud.object("a").unwrap(), b"old");
        assert_eq!(cloud.paths().len(), 1);
    });
}

#[test]
fn what_passes_is_not_noticed() {
    let faults = [Fault::Status(500), Fault::Status(503), Fault::RetryAfter(429, 0), Fault::Close, Fault::HalfBody];
    side_by_side(cases(&faults), |(face, fault, (name, operation))| {
        let (cloud, storage) = with_a(face);
        cloud.server.fault(When::always().times(TRIES - 1), fault.clone());
        operation(&*storage).unwrap_or_else(|error| panic!("{name}, {fault:?}: {error:?}"));
        old_or_new(&cloud);
        let done = match name {
            "write_new" => cloud.object("b").unwrap() == b"new",
            "replace" => cloud.object("a").unwrap() == b"new",
            "delete" => cloud.object("a").is_none(),
            _ => true,
        };
        assert!(done, "{name}, {fault:?}");
    });
}

#[test]
fn a_refusal_is_not_repeated() {
    side_by_side(cases(&[400, 401, 403, 405, 413, 507]), |(face, status, (name, operation))| {
        let (cloud, storage) = with_a(face);
        cloud.server.fault(When::always(), Fault::Status(status));
        let error = failure(&*storage, operation);
        assert_eq!(error.kind(), ErrorKind::Storage, "{name}, {status}: {error:?}");
        assert!(error.problem().contains(&status.to_string()), "{name}, {status}: {error:?}");
        // On WebDAV some of these may mean that a folder is missing.
        let most = if matches!(face, Face::WebDav { .. }) { 3 } else { 1 };
        assert!(cloud.server.requests() <= most, "{name}, {status}: {:?}", cloud.server.log());
        assert_eq!(cloud.object("a").unwrap(), b"old");
    });
}

#[test]
fn a_server_that_wants_an_hour_is_not_waited_for() {
    for face in complete() {
        for status in [429, 503] {
            let (cloud, storage) = with_a(face);
            cloud.server.fault(When::always(), Fault::RetryAfter(status, 3600));
            assert_eq!(failure(&*storage, READ).kind(), ErrorKind::Storage);
            assert!(cloud.server.requests() <= TRIES);
        }
    }
}

#[test]
fn a_server_that_wants_a_second_gets_it() {
    for face in complete() {
        let (cloud, storage) = with_a(face);
        cloud.server.fault(When::always().times(1), Fault::RetryAfter(429, 1));
        let start = Instant::now();
        READ(&*storage).unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    }
}

/// The write took effect and nobody heard of it: it must not be reported as another program's file, and not be done twice with harm.
#[test]
fn a_lost_answer_is_no_failure() {
    side_by_side(cases(&[Fault::LoseAnswer, Fault::HalfBody]), |(face, fault, (name, operation))| {
        for request in 1..=4 {
            let (cloud, storage) = with_a(face);
            cloud.server.fault(When::always().since_request(request).times(1), fault.clone());
            operation(&*storage).unwrap_or_else(|error| panic!("{name}, {fault:?}, request {request}: {error:?}"));
            let content = cloud.object(if name == "write_new" { "b" } else { "a" });
            let expected: Option<&[u8]> = match name {
                "write_new" | "replace" => Some(b"new"),
                "delete" => None,
                _ => Some(b"old"),
            };
            assert_eq!(content.as_deref(), expected, "{name}, {fault:?}, request {request}");
        }
    });
}

/// A try that failed does not make another program's file ours.
#[test]
fn another_programs_file_is_not_taken_for_a_lost_answer() {
    side_by_side(complete().to_vec(), |face| {
        let (cloud, storage) = with_a(face);
        cloud.put("c", b"theirs");
        cloud.server.fault(When::always().times(1), Fault::Close);
        assert_eq!(storage.write_new("c", b"ours").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(cloud.object("c").unwrap(), b"theirs");
    });
}

#[test]
fn half_a_file_is_no_file() {
    for face in complete() {
        let (cloud, storage) = with_a(face);
        let long = vec![7; 100_000];
        storage.replace("a", &long).unwrap();
        cloud.server.fault(When::reading().times(1), Fault::HalfBody);
        assert_eq!(storage.read("a", 1 << 20).unwrap(), long);
        cloud.server.fault(When::reading(), Fault::HalfBody);
        let error = storage.read("a", 1 << 20).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage, "{error:?}");
        shows_no_secret(&error);
    }
}

/// A listing of which a part is missing would make records look lost.
#[test]
fn half_a_listing_is_no_listing() {
    for face in complete() {
        let (cloud, storage) = with_a(face);
        for fault in [Fault::HalfBody, Fault::Nonsense] {
            cloud.server.fault(When::listing(), fault);
            assert_eq!(failure(&*storage, LIST).kind(), ErrorKind::Storage);
            cloud.server.heal();
        }
    }
    let cloud = Cloud::start(Face::S3 { if_none_match: true, page: 3 });
    let storage = cloud.open();
    for number in 0..8 {
        cloud.put(&format!("{number}"), b"x");
    }
    for page in 0..3 {
        cloud.server.fault(When::listing().after(page), Fault::Close);
        assert_eq!(failure(&*storage, LIST).kind(), ErrorKind::Storage, "page {page}");
        cloud.server.heal();
        cloud.server.fault(When::listing().after(page).times(1), Fault::Close);
        assert_eq!(storage.list("").unwrap().len(), 8, "page {page}");
        cloud.server.heal();
    }
}

#[test]
fn a_slow_server_is_left_in_time() {
    let faults = [Fault::Slow(Duration::from_millis(50)), Fault::Wait(Duration::from_secs(20))];
    side_by_side(cases(&faults), |(face, fault, (name, operation))| {
        let (cloud, _) = with_a(face);
        let storage = cloud.open_with(&Options { time_limit: SHORT_LIMIT, ..options() });
        cloud.server.fault(When::always(), fault);
        let error = failure(&*storage, operation);
        assert_eq!(error.kind(), ErrorKind::Storage, "{name}: {error:?}");
        old_or_new(&cloud);
    });
}

/// A gigabyte, whether the server says so or not, is neither read nor kept.
#[test]
fn a_flood_is_cut_off() {
    const GIGABYTE: u64 = 1 << 30;
    for face in complete() {
        for says_length in [true, false] {
            let (cloud, storage) = with_a(face);
            cloud.server.fault(When::reading(), Fault::Flood { bytes: GIGABYTE, says_length });
            let error = failure(&*storage, READ);
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error:?}");
            // What is in the buffers of two sockets counts as sent.
            wait_for(&cloud.server, 1);
            assert!(cloud.server.log()[0].sent < 32 << 20, "{:?}", cloud.server.log());
            cloud.server.heal();
            cloud.server.forget_log();

            cloud.server.fault(When::listing(), Fault::Flood { bytes: GIGABYTE, says_length });
            cloud.server.fault(When::method("PUT|MOVE|DELETE"), Fault::Flood { bytes: GIGABYTE, says_length });
            for operation in [LIST, WRITE_NEW, REPLACE, DELETE] {
                let error = failure(&*storage, operation);
                assert!(matches!(error.kind(), ErrorKind::OutOfBounds | ErrorKind::Storage), "{error:?}");
            }
            wait_for(&cloud.server, 4);
            for logged in cloud.server.log() {
                assert!(logged.sent < 160 << 20, "{logged:?}");
            }
        }
    }
}

/// The log has a request when its answer has ended, which a client that hangs up does not wait for.
fn wait_for(server: &Server, requests: usize) {
    let end = Instant::now() + BOUND;
    while server.requests() < requests && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(server.requests() >= requests);
}

/// A listing without end: each page says that there is another.
#[test]
fn a_listing_has_an_end() {
    let cloud = Cloud::start(Face::S3 { if_none_match: true, page: 1 });
    let storage = cloud.open();
    for number in 0..40 {
        cloud.put(&format!("{number:02}"), b"x");
    }
    assert_eq!(storage.list("").unwrap().len(), 40);
    assert_eq!(cloud.server.requests(), 40);
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_server() {
    side_by_side(cases(&["bucket/data/vault/a", "dav/data/vault/a"]), |(face, path, (name, operation))| {
        let (cloud, storage) = with_a(face);
        let elsewhere = Server::start(face);
        elsewhere.put("home/vault/a", b"theirs");
        cloud.server.fault(When::always(), Fault::Redirect(elsewhere.http(path)));
        assert_eq!(failure(&*storage, operation).kind(), ErrorKind::Storage, "{name}");
        assert_eq!(elsewhere.requests(), 0, "{name}: {:?}", elsewhere.log());
        assert_eq!(cloud.server.requests(), 1, "{name}");
        assert_eq!(cloud.object("a").unwrap(), b"old");
    });
}

#[test]
fn a_redirect_on_the_same_server_has_an_end() {
    for face in complete() {
        let (cloud, storage) = with_a(face);
        let root = if matches!(face, Face::S3 { .. }) { "bucket" } else { "dav" };
        cloud.server.fault(When::always(), Fault::Redirect(cloud.server.http(&format!("{root}/data/vault/a"))));
        assert_eq!(failure(&*storage, READ).kind(), ErrorKind::Storage);
        assert!(cloud.server.requests() <= 6, "{:?}", cloud.server.log());
    }
}

#[test]
fn nobody_listens() {
    for face in complete() {
        let (cloud, storage) = with_a(face);
        cloud.server.stop();
        for (name, operation) in ALL {
            assert_eq!(failure(&*storage, operation).kind(), ErrorKind::Storage, "{name}");
        }
        cloud.server.start_again();
        for (name, operation) in ALL {
            operation(&*storage).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
    }
}

const NAMES: [&str; 3] = ["epochs/1/records/r1", "epochs/1/manifest-1", "keyark-vault.json"];

/// Three writes and a replacement, with `fault` from a request on. Whether all of them succeeded.
fn cut_short_at(face: Face, fault: &Fault, request: usize) -> bool {
    let cloud = Cloud::start(face);
    let storage = cloud.open_with(&Options { tries: 1, ..options() });
    storage.write_new("a", b"old").unwrap();
    cloud.server.fault(When::always().since_request(request), fault.clone());
    let done = NAMES.map(|name| storage.write_new(name, name.as_bytes()));
    let replaced = storage.replace("a", b"new");
    cloud.server.heal();
    if matches!(fault, Fault::Stop { .. }) {
        cloud.server.stop(); // it may have not been yet
        cloud.server.start_again();
    }
    for (name, done) in NAMES.iter().zip(&done) {
        let object = cloud.object(name);
        assert!(object.is_none() || object.as_deref() == Some(name.as_bytes()), "{name}: {object:?}");
        assert!(done.is_err() || object.is_some(), "{name}, {fault:?} from request {request}");
        if let Err(error) = done {
            assert_eq!(error.kind(), ErrorKind::Storage, "{error:?}");
            shows_no_secret(error);
        }
    }
    let a = cloud.object("a").unwrap();
    assert!(a == b"new" || (a == b"old" && replaced.is_err()), "{a:?}, {replaced:?}");
    assert_eq!(cloud.open().read("a", 100).unwrap(), a, "it works again");
    done.iter().all(Result::is_ok) && replaced.is_ok()
}

/// The network gone, and the server killed, at each request of a sequence of writes, before that did anything or after.
#[test]
fn whenever_the_network_goes_what_was_promised_is_there() {
    let faults = [
        Fault::Close,
        Fault::LoseAnswer,
        Fault::HalfBody,
        Fault::Stop { after_effect: false },
        Fault::Stop { after_effect: true },
    ];
    let cases = complete().into_iter().flat_map(|face| faults.clone().map(|fault| (face, fault))).collect();
    side_by_side(cases, |(face, fault)| {
        let cut_short = (1..60).take_while(|request| !cut_short_at(face, &fault, *request)).count();
        assert!((NAMES.len()..59).contains(&cut_short), "{fault:?}: {cut_short}");
    });
}

#[test]
fn a_missing_bucket_is_no_empty_vault() {
    let cloud = Cloud::start(Face::s3());
    let url = cloud.server.url("home/vault").replace("s3://bucket/", "s3://another/");
    let storage = cloud.open_at(&url, &options());
    for (name, operation) in ALL {
        let error = failure(&*storage, operation);
        assert_eq!(error.kind(), ErrorKind::Storage, "{name}: {error:?}");
        assert!(error.problem().contains("bucket"), "{error:?}");
    }
}

#[test]
fn a_web_page_instead_of_the_service_is_said() {
    for face in complete() {
        for operation in [LIST, REPLACE] {
            let (cloud, storage) = with_a(face);
            cloud.server.fault(When::method("GET|PROPFIND|MKCOL"), Fault::Nonsense);
            cloud.server.fault(When::method("PUT"), Fault::Status(405));
            assert_eq!(failure(&*storage, operation).kind(), ErrorKind::Storage);
            assert_eq!(cloud.object("a").unwrap(), b"old");
        }
    }
}
