//! The storage's promises on servers of this process: complete ones, and those that promise less.
#![cfg(all(feature = "s3", feature = "webdav"))] // what the servers here speak
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "support/cloud.rs"]
mod cloud;
#[path = "support/promises.rs"]
mod promises;
#[path = "support/server/mod.rs"]
mod server;
#[path = "../../keyark-vault/tests/support/storage_promises.rs"]
mod storage_promises;

use std::time::Duration;

use cloud::{Cloud, all, options};
use keyark_cloud::Options;
use keyark_core::ErrorKind;
use server::{Face, Fault, Server, When};

/// Time limits are no part of these tests.
fn patient() -> Options {
    Options { time_limit: Duration::from_secs(20), ..options() }
}

/// Whether the server lets only one of several writers make a file.
fn is_complete(face: Face) -> bool {
    matches!(face, Face::S3 { if_none_match: true, .. } | Face::WebDav { conditional: true, .. })
}

#[test]
fn the_vaults_own_suite_passes_where_a_new_name_has_one_writer() {
    // On WebDAV folders stay that have become empty, which the suite does not expect, though it is allowed.
    let cloud = Cloud::start(Face::s3());
    storage_promises::check(&*cloud.open_with(&patient()));
}

/// Some that speak S3 know no conditions and say so.
#[test]
fn a_server_without_conditions_is_asked_first() {
    let cloud = Cloud::start(Face::s3());
    cloud.server.fault(When::conditional(), Fault::Status(501));
    promises::write_new_never_overwrites(&*cloud.open_with(&patient()));
    assert!(cloud.server.log().iter().filter(|logged| logged.status == 501).count() <= 1, "it is asked once");
}

#[test]
fn every_server_keeps_the_promises_of_clouds() {
    for face in all() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient());
        promises::nothing_is_there_at_first(&*storage);
        promises::a_file_is_read_as_it_was_written(&*storage);
        promises::more_than_the_limit_is_refused(&*storage);
        promises::write_new_never_overwrites(&*storage);
        promises::replace_writes_with_and_without_an_old_file(&*storage);
        promises::folders_are_listed_one_at_a_time(&*storage);
        promises::deleting_takes_away_one_file_and_may_be_repeated(&*storage);
        promises::what_is_not_a_name_is_refused(&*storage);
        let most = if is_complete(face) { 1 } else { usize::MAX };
        for _ in 0..5 {
            promises::writers_of_one_name_leave_one_whole_file(&*storage, most);
        }
        assert!(cloud.server.objects().is_empty(), "{:?}", cloud.server.objects().keys());
    }
}

#[test]
fn two_clients_share_a_folder() {
    for face in all() {
        let cloud = Cloud::start(face);
        let (one, other) = (cloud.open_with(&patient()), cloud.open_with(&patient()));
        promises::two_clients_see_each_other(&*one, &*other);
        promises::two_clients_see_what_is_deleted(&*one, &*other);
        promises::two_clients_write_at_once(&*one, &*other);
    }
}

#[test]
fn a_listing_of_several_pages_is_whole() {
    for face in all() {
        let cloud = Cloud::start(face);
        promises::many_files_are_written_side_by_side_and_listed(&*cloud.open_with(&patient()), 60);
        let pages = if matches!(face, Face::S3 { page: 7, .. }) { 60usize.div_ceil(7) } else { 1 };
        let lists = cloud.server.log().into_iter().filter(|logged| {
            logged.query.iter().any(|(name, _)| name == "list-type")
                || (logged.method == "PROPFIND" && logged.path.ends_with("records/"))
        });
        assert!(lists.count() >= pages);
    }
}

#[test]
fn what_others_put_into_the_folder_is_left_alone() {
    for face in all() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient());
        storage.write_new("epochs/1/a.age", b"a").unwrap();
        let others = [
            "epochs/1/.hidden",
            "epochs/1/A.AGE",
            "epochs/1/a b",
            "epochs/1/ä",
            "epochs/1/desktop.ini~",
            "epochs/1/a&<b>.age",
        ];
        for other in others {
            cloud.put(other, b"x");
        }
        assert_eq!(promises::names(&*storage, "epochs/1"), ["a.age"]);
        storage.delete("epochs/1/a.age").unwrap();
        for other in others {
            assert_eq!(cloud.object(other).unwrap(), b"x", "{other}");
        }
    }
}

/// The folder of the URL, and no other, whatever lies beside it.
#[test]
fn folders_beside_the_vault_are_not_seen() {
    for face in all() {
        let cloud = Cloud::start(face);
        for beside in [
            "keyark-vault.json",
            "home/keyark-vault.json",
            "home/vault-2/keyark-vault.json",
            "home/vaul/keyark-vault.json",
        ] {
            cloud.server.put(beside, b"not ours");
        }
        let storage = cloud.open_with(&patient());
        assert_eq!(promises::names(&*storage, ""), [""; 0]);
        assert_eq!(promises::kind(storage.read("keyark-vault.json", 100)), ErrorKind::NotFound);
        storage.write_new("keyark-vault.json", b"ours").unwrap();
        assert_eq!(cloud.object("keyark-vault.json").unwrap(), b"ours");
        assert_eq!(cloud.server.objects().values().filter(|bytes| *bytes == b"not ours").count(), 4);
    }
}

/// A folder name with blanks, dots and letters that a URL has to encode.
#[test]
fn folders_with_unusual_names_are_found_again() {
    for face in all() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_at(&cloud.server.url("My%20Files/%C3%BCber+100%25.d"), &patient());
        promises::folders_are_listed_one_at_a_time(&*storage);
        storage.write_new("epochs/1/a", b"x").unwrap();
        assert_eq!(cloud.paths(), ["My Files/über+100%.d/epochs/1/a"]);
        assert_eq!(
            promises::names(&*storage, "epochs/1").into_iter().filter(|name| name != "records/").collect::<Vec<_>>(),
            ["a"]
        );
    }
}

fn folders_are_made_where_a_missing_one_is_answered_with(status: u16) {
    let cloud = Cloud::start(Face::WebDav { conditional: true, missing_parent: Some(status) });
    let storage = cloud.open_with(&patient());
    storage.write_new("epochs/1/records/a", b"a").unwrap();
    storage.replace("epochs/2/records/b", b"b").unwrap();
    assert_eq!(cloud.paths(), ["home/vault/epochs/1/records/a", "home/vault/epochs/2/records/b"]);
}

#[test]
fn missing_folders_are_made() {
    for status in [403, 404, 409] {
        folders_are_made_where_a_missing_one_is_answered_with(status);
    }
}

/// nginx looks for the folder when it has the file.
#[test]
fn missing_folders_are_made_on_nginx() {
    folders_are_made_where_a_missing_one_is_answered_with(500);
}

/// Every request that could have had credentials had them; each operation costs what it should.
#[test]
fn operations_cost_few_requests() {
    for face in all() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient());
        storage.write_new("epochs/1/first", b"x").unwrap();
        let is_webdav = matches!(face, Face::WebDav { .. });
        let cost = |operation: &dyn Fn()| {
            cloud.server.forget_log();
            operation();
            let log = cloud.server.log();
            assert!(log.iter().all(|logged| logged.authorization), "{log:?}");
            log.len()
        };
        assert!(cost(&|| storage.write_new("epochs/1/a", b"a").unwrap()) <= if is_webdav { 3 } else { 2 });
        assert_eq!(cost(&|| storage.replace("epochs/1/a", b"b").unwrap()), if is_webdav { 2 } else { 1 });
        assert_eq!(cost(&|| drop(storage.read("epochs/1/a", 100).unwrap())), 1);
        assert_eq!(cost(&|| drop(storage.list("epochs/1").unwrap())), 1);
        assert_eq!(cost(&|| storage.delete("epochs/1/a").unwrap()), 1);
    }
}

/// The listing and reading of old content is no failure: the vault is built for it.
#[test]
fn stale_answers_are_passed_on_as_they_are() {
    for face in all() {
        let cloud = Cloud::start(face);
        let storage = cloud.open_with(&patient());
        for (name, content) in [("a", "old"), ("a", "new"), ("b", "b")] {
            cloud.put(name, content.as_bytes());
        }
        cloud.server.fault(When::listing().times(1), Fault::Stale { writes: 1 });
        assert_eq!(promises::names(&*storage, ""), ["a"]);
        cloud.server.fault(When::reading().times(1), Fault::Stale { writes: 2 });
        assert_eq!(storage.read("a", 100).unwrap(), b"old");
        assert_eq!(storage.read("a", 100).unwrap(), b"new");
        assert_eq!(promises::names(&*storage, ""), ["a", "b"]);
    }
}

#[test]
fn opening_makes_no_request() {
    for face in all() {
        let cloud = Cloud::start(face);
        let _storage = cloud.open();
        let server: &Server = &cloud.server;
        assert_eq!(server.requests(), 0);
    }
}
