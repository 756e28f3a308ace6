//! A keychain that is not there or does not answer is said, and changes nothing.

use super::*;

/// A session without any keychain.
fn nowhere(home: &CloudHome, args: &[&str]) -> Run {
    let mut command = home.command(args);
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", home.path("tmp"));
    support::finish(command, "")
}

#[test]
fn where_there_is_none_it_is_said_and_nothing_changes() {
    let home = CloudHome::new();
    let on = ["password", "keychain", "on", "--home", "vault", "--password-file", "password.txt", "--json"];
    assert_eq!(nowhere(&home, &on).only_error(7).kind, "not-found");
    home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    let before = home.state();
    nowhere(&home, &on).only_error(6).says("storage", "keychain");
    home.assert_state(&before, "on");
}

#[test]
fn one_that_does_not_answer_is_a_note_and_the_password_opens() {
    let home = CloudHome::new();
    home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    home.write("vault/.keychain", "");
    let run = nowhere(&home, &["list", "--home", "vault"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("note: the system's keychain did not open the vault"), "{}", run.err);
    assert!(run.err.contains("--password-file"), "{}", run.err);
    let run = nowhere(&home, &["list", "--home", "vault", "--password-file", "password.txt"]).ok();
    assert!(!run.err.contains("keychain"), "with a file, nobody else is asked: {}", run.err);
    let off = ["password", "keychain", "off", "--home", "vault", "--password-file", "password.txt", "--json"];
    nowhere(&home, &off).only_error(6).says("storage", "not asked any more");
    assert!(!home.exists("vault/.keychain"));
}
