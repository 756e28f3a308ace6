//! The system's keychain where it is the Secret Service.
//!
//! What needs a session of its own is ignored here and run by `tests/keychain/run`: a module for each state that a keychain can be in.
#![cfg(all(feature = "keychain", unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::io::Write;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use keyark_core::{Error, ErrorKind, SecretText, random};
use keyark_vault::{DeviceStore, Keychain};

/// An entry that nobody else has.
fn entry() -> String {
    let mut bytes = [0; 16];
    random::fill(&mut bytes).unwrap();
    format!("keyark vault {}", keyark_core::hex::encode(&bytes))
}

fn check(error: &Error, kind: ErrorKind, word: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.problem().contains(word), "{error}");
    assert_eq!(error.remedy(), "unlock with the password instead: at the prompt, or with --password-file");
    assert!(!format!("{error:?}").contains("canary"));
}

/// In whatever session this runs. The tests below run it again in others.
#[test]
#[allow(clippy::print_stdout)] // for the test that started this one
fn there_is_a_keychain_or_the_reason_why_not() {
    match Keychain::new() {
        Ok(keychain) => assert!(keychain.load(&entry()).is_ok_and(|found| found.is_none())),
        Err(error) => {
            check(&error, ErrorKind::Storage, "keychain");
            println!("said: {}", error.problem());
        }
    }
}

/// What is said in a process whose session bus is at `address`, and after what time.
fn said_with(address: Option<&str>) -> (String, Duration) {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "there_is_a_keychain_or_the_reason_why_not", "--nocapture"]);
    command.env("XDG_RUNTIME_DIR", nowhere.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
    if let Some(address) = address {
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    let start = Instant::now();
    let output = command.output().unwrap();
    let took = start.elapsed();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    let said = stdout.lines().find_map(|line| line.split_once("said: ")).unwrap_or_else(|| panic!("{stdout}")).1;
    (said.to_owned(), took)
}

#[test]
fn without_a_session_bus_it_says_so_at_once() {
    for address in
        [None, Some("unix:path=/nonexistent/bus"), Some("nonsense"), Some(""), Some("tcp:host=127.0.0.1,port=1")]
    {
        let (said, took) = said_with(address);
        assert_eq!(said, "there is no D-Bus session here, and so no keychain of the system", "{address:?}");
        assert!(took < Duration::from_secs(5), "{address:?}: {took:?}");
    }
}

#[test]
fn a_bus_that_hangs_up_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let bus = UnixListener::bind(&path).unwrap();
    thread::spawn(move || bus.incoming().for_each(drop));
    let (said, took) = said_with(Some(&format!("unix:path={}", path.display())));
    assert_eq!(said, "there is no D-Bus session here, and so no keychain of the system");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_bus_that_never_answers_is_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let _bus = UnixListener::bind(&path).unwrap(); // takes connections, and leaves them
    let (said, took) = said_with(Some(&format!("unix:path={}", path.display())));
    assert_eq!(said, "the system's keychain did not answer for 10 seconds");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

/// `secret-tool`, which is libsecret's: another program that asks the same service.
fn secret_tool(arguments: &[&str], stdin: &[u8]) -> (bool, String) {
    let mut command = Command::new("secret-tool");
    let mut child =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

fn lookup(entry: &str) -> Option<String> {
    let (found, text) = secret_tool(&["lookup", "service", "keyark", "username", entry], b"");
    found.then_some(text)
}

/// As another program might, with an attribute more, so that it is an item of its own.
fn store_elsewhere(entry: &str, mark: &str, secret: &[u8]) {
    let arguments = ["store", "--label=test", "service", "keyark", "username", entry, "mark", mark];
    assert!(secret_tool(&arguments, secret).0);
}

/// With a keyring that is open.
mod open {
    use super::*;

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn what_is_stored_is_loaded_replaced_and_forgotten() {
        let (keychain, entry) = (Keychain::new().unwrap(), entry());
        assert_eq!(keychain.load(&entry).unwrap(), None);
        keychain.forget(&entry).unwrap();
        let long = "\u{e9}".repeat(512);
        for secret in ["AGE-SECRET-KEY-1CANARY", "another", " a\nb\u{1f511} ", &long] {
            let secret = SecretText::from(secret);
            keychain.store(&entry, &secret).unwrap();
            assert_eq!(keychain.load(&entry).unwrap(), Some(secret.clone()));
            assert_eq!(Keychain::new().unwrap().load(&entry).unwrap(), Some(secret));
        }
        keychain.forget(&entry).unwrap();
        assert_eq!(keychain.load(&entry).unwrap(), None);
        keychain.forget(&entry).unwrap();
    }

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn another_program_sees_the_same() {
        let (keychain, entry, neighbour) = (Keychain::new().unwrap(), entry(), entry());
        keychain.store(&neighbour, &"neighbour".into()).unwrap();
        keychain.store(&entry, &"canary".into()).unwrap();
        assert_eq!(lookup(&entry).as_deref(), Some("canary"));
        keychain.store(&entry, &"replaced".into()).unwrap();
        assert_eq!(lookup(&entry).as_deref(), Some("replaced"));
        assert!(secret_tool(&["store", "--label=x", "service", "keyark", "username", &entry], b"theirs").0);
        assert_eq!(keychain.load(&entry).unwrap(), Some("theirs".into()));
        keychain.forget(&entry).unwrap();
        assert_eq!(lookup(&entry), None);
        assert_eq!(lookup(&neighbour).as_deref(), Some("neighbour"));
        assert!(secret_tool(&["clear", "service", "keyark", "username", &neighbour], b"").0);
        assert_eq!(keychain.load(&neighbour).unwrap(), None);
    }

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn of_several_items_the_newest_counts_and_one_is_left() {
        let (keychain, entry) = (Keychain::new().unwrap(), entry());
        for mark in ["one", "two", "three"] {
            store_elsewhere(&entry, mark, mark.as_bytes());
            thread::sleep(Duration::from_millis(1100)); // its times are whole seconds
        }
        assert_eq!(keychain.load(&entry).unwrap(), Some("three".into()));
        keychain.store(&entry, &"ours".into()).unwrap();
        let (_, found) = secret_tool(&["search", "--all", "service", "keyark", "username", &entry], b"");
        assert_eq!(found.matches("secret = ").count(), 1, "{found}");
        assert_eq!(keychain.load(&entry).unwrap(), Some("ours".into()));
        store_elsewhere(&entry, "one", b"one");
        keychain.forget(&entry).unwrap();
        assert_eq!(lookup(&entry), None);
    }

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn what_others_put_there_is_refused_without_repeating_it() {
        let (keychain, entry) = (Keychain::new().unwrap(), entry());
        for bytes in [b"canary\xff\xfe".to_vec(), b"canary".repeat(200)] {
            store_elsewhere(&entry, "it", &bytes);
            let error = keychain.load(&entry).unwrap_err();
            check(&error, ErrorKind::Malformed, "damaged or was changed by another program");
            keychain.store(&entry, &"ours".into()).unwrap();
            assert_eq!(keychain.load(&entry).unwrap(), Some("ours".into()));
            keychain.forget(&entry).unwrap();
        }
    }

    #[test]
    #[ignore = "tests/keychain/run open"]
    fn many_threads_at_once_keep_to_their_entries() {
        let keychain = Keychain::new().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let entry = entry();
                    for round in 0..4 {
                        let secret = SecretText::new(format!("{entry} {round}"));
                        keychain.store(&entry, &secret).unwrap();
                        assert_eq!(keychain.load(&entry).unwrap(), Some(secret));
                    }
                    keychain.forget(&entry).unwrap();
                });
            }
        });
    }
}

/// With a keyring that holds the entry `keyark vault locked` and has been locked since, and nobody to ask for its password.
mod locked {
    use super::*;

    const ENTRY: &str = "keyark vault locked";

    #[test]
    #[ignore = "tests/keychain/run locked"]
    fn nothing_is_done_and_it_says_so() {
        let keychain = Keychain::new().unwrap();
        let start = Instant::now();
        for error in [
            keychain.load(ENTRY).unwrap_err(),
            keychain.store(ENTRY, &"canary".into()).unwrap_err(),
            keychain.store(&entry(), &"canary".into()).unwrap_err(),
            keychain.forget(ENTRY).unwrap_err(),
        ] {
            check(&error, ErrorKind::Cancelled, "the system's keychain is locked");
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
        assert_eq!(keychain.load(&entry()).unwrap(), None, "what is not there needs no unlocking");
    }
}

/// With a service that has no keyring yet, as on a machine where nobody has logged in at a desktop.
mod fresh {
    use super::*;

    #[test]
    #[ignore = "tests/keychain/run fresh"]
    fn there_is_nothing_and_nowhere_to_put_it() {
        let keychain = Keychain::new().unwrap();
        assert_eq!(keychain.load(&entry()).unwrap(), None);
        keychain.forget(&entry()).unwrap();
        let error = keychain.store(&entry(), &"canary".into()).unwrap_err();
        check(&error, ErrorKind::Storage, "no default keyring");
    }
}

/// On a bus without a Secret Service.
mod nobody {
    use super::*;

    #[test]
    #[ignore = "tests/keychain/run nobody"]
    fn that_no_service_runs_is_said_at_once() {
        let start = Instant::now();
        check(&Keychain::new().unwrap_err(), ErrorKind::Storage, "no keychain of the system is running");
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

/// With a service that was stopped (SIGSTOP) and answers nothing.
mod stopped {
    use super::*;

    #[test]
    #[ignore = "tests/keychain/run stopped"]
    fn it_is_not_waited_for_without_end() {
        let start = Instant::now();
        check(&Keychain::new().unwrap_err(), ErrorKind::Storage, "did not answer for 10 seconds");
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    }
}
