//! Credentials of a cloud in the system's keychain.
//!
//! What needs a keychain is ignored here and run by `tests/keychain/run`, in a session of its own.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "support/clouds.rs"]
mod clouds;
#[allow(dead_code, reason = "crash.rs uses more of it")]
#[path = "crash/place.rs"]
mod place;
#[path = "../../keyark-cloud/tests/support/server/mod.rs"]
mod server;
mod support;

use clouds::{Kind, OLD, URL, World};
use support::{Run, files_below, finish};

const SECRET: &str = "of the server";

fn init(world: &World, more: &[&str]) -> Run {
    let args = ["cloud", "init", "box", URL, "--cloud-password-file", OLD, "--no-recovery-code", "--work-factor", "4"];
    world.run(&[&args, more].concat())
}

fn list(world: &World) -> Run {
    world.run(&["cloud", "list", "box", "--cloud-password-file", OLD])
}

/// The note of the cloud vault.
fn note(world: &World) -> serde_json::Value {
    serde_json::from_str(&world.text("home/.clouds/box.json")).unwrap()
}

/// No file of the home has the credentials in it.
fn nothing_secret(world: &World) {
    let home = world.place.path("home");
    for file in if home.is_dir() { files_below(&home) } else { Vec::new() } {
        let bytes = std::fs::read(home.join(&file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{file:?}");
    }
}

#[test]
fn without_a_keychain_it_says_so_and_makes_nothing() {
    let world = World::new(Kind::WebDav);
    let args = ["cloud", "init", "box", URL, "--credentials-keychain", "--cloud-password-file", OLD];
    let mut command = world.command(&args);
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", world.place.path("nowhere"));
    let failure = finish(command, "").only_error(6);
    assert!(failure.message.contains("keychain"), "{failure:?}");
    assert!(failure.remedy.contains("--credentials-keychain"), "{failure:?}");
    assert!(!world.place.path("home").exists());
    assert_eq!(world.server().requests(), 0);
}

#[test]
fn it_keeps_what_a_file_holds_and_nothing_else() {
    let world = World::new(Kind::Folder);
    let url = world.url();
    let alone = ["cloud", "init", "box", url.as_str(), "--credentials-keychain", "--cloud-password-file", OLD];
    world.run(&alone).only_error(2).says("usage", "--credentials-file");
    let folder = [&alone[..], &["--credentials-file", "credentials"]].concat();
    let failure = world.run(&folder).only_error(2);
    assert!(failure.message.contains("needs no credentials"), "{failure:?}");
    let nothing = [&alone[..3], &["s3://bucket", "--credentials-keychain", "--credentials-file", "nothing"]].concat();
    world.run(&nothing).only_error(2);
    assert!(!world.place.path("home").exists());
}

/// Run by `tests/keychain/run` where a keychain is open.
mod open {
    use super::*;

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn a_cloud_opens_with_credentials_from_the_keychain() {
        let world = World::new(Kind::WebDav);
        init(&world, &["--credentials-keychain"]).ok();
        let entry = note(&world)["credentials_keychain"].as_str().unwrap().to_owned();
        assert!(entry.starts_with("keyark cloud ") && note(&world).get("credentials_file").is_none());
        nothing_secret(&world);
        std::fs::remove_file(world.place.path("credentials")).unwrap();
        list(&world).ok();

        // Removed there by somebody else.
        let cleared = std::process::Command::new("secret-tool")
            .args(["clear", "service", "keyark", "username", &entry])
            .status()
            .unwrap();
        assert!(cleared.success());
        let failure = list(&world).only_error(7);
        assert!(failure.message.contains("keychain"), "{failure:?}");
        assert!(failure.remedy.contains("--credentials-file"), "{failure:?}");
    }

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn an_entry_that_is_not_used_any_more_is_removed() {
        let world = World::new(Kind::S3);
        let entries = || {
            let args = ["search", "--all", "service", "keyark"];
            let found = std::process::Command::new("secret-tool").args(args).output().unwrap();
            let found = [found.stdout, found.stderr].concat();
            String::from_utf8(found).unwrap().matches("keyark cloud ").count()
        };
        let before = entries();
        init(&world, &["--credentials-keychain"]).ok();
        let first = note(&world)["credentials_keychain"].clone();
        let one = entries();
        assert!(one > before);
        init(&world, &["--credentials-keychain"]).ok();
        assert_ne!(note(&world)["credentials_keychain"], first);
        assert_eq!(entries(), one);

        // A password that does not open the vault: what was there before stays.
        let known = note(&world);
        let args = ["cloud", "init", "box", URL, "--cloud-password-file", "wrong.txt", "--credentials-keychain"];
        world.run(&args).only_error(4);
        assert_eq!(note(&world), known);
        assert_eq!(entries(), one);

        init(&world, &[]).ok();
        assert!(note(&world).get("credentials_keychain").is_none());
        assert_eq!(entries(), before);
        init(&world, &["--credentials-keychain"]).ok();
        world.run(&["cloud", "remove", "box"]).ok();
        assert_eq!(entries(), before);
    }
}
