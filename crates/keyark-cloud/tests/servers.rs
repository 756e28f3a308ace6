//! The storage's promises on a server that tests/clouds/run has started.
//!
//! `KEYARK_TEST_URL` is an empty folder on it, `KEYARK_TEST_CREDENTIALS` a file of credentials.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/promises.rs"]
mod promises;
#[path = "../../keyark-vault/tests/support/storage_promises.rs"]
mod storage_promises;

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use keyark_cloud::{CredentialSource, Options, open};
use keyark_vault::Storage;

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: see tests/clouds/run"))
}

fn storage() -> Arc<dyn Storage> {
    let location = setting("KEYARK_TEST_URL").parse().unwrap();
    let credentials = CredentialSource::File(PathBuf::from(setting("KEYARK_TEST_CREDENTIALS")));
    open(&location, &credentials, &Options::default()).unwrap()
}

/// More than one page of a listing: S3's have 1000 entries, those of the fakes 100.
fn many() -> usize {
    let url = setting("KEYARK_TEST_URL");
    if url.starts_with("s3:") { 1020 } else { 120 }
}

macro_rules! promises {
    ($($name:ident($($argument:expr),*);)*) => {$(
        #[test]
        #[ignore = "needs a server: tests/clouds/run"]
        fn $name() {
            promises::$name($($argument),*);
        }
    )*};
}

promises! {
    nothing_is_there_at_first(&*storage());
    a_file_is_read_as_it_was_written(&*storage());
    more_than_the_limit_is_refused(&*storage());
    write_new_never_overwrites(&*storage());
    replace_writes_with_and_without_an_old_file(&*storage());
    folders_are_listed_one_at_a_time(&*storage());
    deleting_takes_away_one_file_and_may_be_repeated(&*storage());
    what_is_not_a_name_is_refused(&*storage());
    writers_of_one_name_leave_one_whole_file(&*storage(), usize::MAX);
    many_files_are_written_side_by_side_and_listed(&*storage(), many());
    two_clients_see_each_other(&*storage(), &*storage());
    two_clients_write_at_once(&*storage(), &*storage());
}

#[test]
#[ignore = "needs a server: tests/clouds/run"]
fn two_clients_see_what_is_deleted() {
    // Google Drive does not promise it: what another computer deleted is seen for a minute there.
    if !setting("KEYARK_TEST_URL").starts_with("gdrive:") {
        promises::two_clients_see_what_is_deleted(&*storage(), &*storage());
    }
}

/// One operation, `KEYARK_TEST_TIMES` times; tests/clouds/run counts the requests. They come in the order of `operations`, from one process each.
#[test]
#[ignore = "needs a server: tests/clouds/run"]
fn operation() {
    let storage = storage();
    let (operation, times) = (setting("KEYARK_TEST_OPERATION"), setting("KEYARK_TEST_TIMES").parse::<usize>().unwrap());
    for number in 0..times {
        let name = format!("epochs/1/records/{number:032x}.age");
        match operation.as_str() {
            "write_new" => storage.write_new(&name, b"first").unwrap(),
            "replace" => storage.replace(&name, b"second").unwrap(),
            "read" => assert_eq!(storage.read(&name, 100).unwrap(), b"second"),
            "list" => assert_eq!(storage.list("epochs/1/records").unwrap().len(), times),
            "delete" => storage.delete(&name).unwrap(),
            other => panic!("no operation {other:?}"),
        }
    }
}

/// With credentials whose secret part is `wrong-password-9f2c`.
#[test]
#[ignore = "needs a server: tests/clouds/run"]
fn wrong_credentials_are_refused() {
    let storage = storage();
    let errors = [
        storage.read("keyark-vault.json", 100).unwrap_err(),
        storage.list("").unwrap_err(),
        storage.write_new("a", b"x").unwrap_err(),
        storage.replace("a", b"x").unwrap_err(),
        storage.delete("a").unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), keyark_core::ErrorKind::Storage, "{error:?}");
        let shown = format!("{error} {error:?} {} {}", error.problem(), error.remedy());
        for secret in ["wrong-password-9f2c", "Authorization", "Signature=", "Basic ", "Bearer ", "refresh_token="] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
