//! `recover keystore` finds the password of a keystore among guesses.

use super::*;

/// A keystore under the password `hunter7`, in which a guess costs little.
pub(super) fn home() -> Home {
    let home = Home::with_words();
    home.write("password.txt", "hunter7");
    let make = ["keystore", "make", "--chain", "ethereum", "--phrase-file", "words.txt", "--profile", "light"];
    let out = ["--keystore-password-file", "password.txt", "--out", "account.json"];
    home.run(&[&make[..], &out].concat()).ok();
    home
}

#[test]
fn the_password_among_guesses() {
    let home = home();
    home.write("guesses.txt", "hunter\nhunter7 \nhunter7\n");
    home.write("pattern.txt", "hunter[3-9]\n");
    for (flag, file) in [("--passwords-file", "guesses.txt"), ("--password-pattern-file", "pattern.txt")] {
        let args = ["recover", "keystore", "account.json", flag, file];
        let object = home.run(&[&args[..], &["--json"]].concat()).object();
        support::assert_fields(&object, &["file", "password", "address", "tried", "seconds", "warnings"]);
        assert_eq!(text(&object, "password"), "hunter7");
        assert_eq!(text(&object, "address"), "0x9858EfFD232B4033E47d90003D41EC34EcaEda94");
        let run = home.run(&args).ok();
        assert_eq!(run.out, "hunter7\n");
        assert!(!run.err.contains("hunter7") && run.err.contains("keyark import"), "{}", run.err);
    }
}

#[test]
fn a_password_with_a_space_at_its_end() {
    let home = Home::with_words();
    home.write("password.txt", "hunter7 ");
    let make = ["keystore", "make", "--chain", "ethereum", "--phrase-file", "words.txt", "--profile", "light"];
    let out = ["--keystore-password-file", "password.txt", "--out", "account.json"];
    home.run(&[&make[..], &out].concat()).ok();
    let run = home.run(&["recover", "keystore", "account.json", "--passwords-file", "password.txt"]).ok();
    assert!(run.out == "hunter7 \n" && run.err.contains("ends with a space"), "{}{}", run.out, run.err);
}

#[test]
fn no_guess_that_opens_it_and_no_keystore() {
    let home = home();
    home.write("guesses.txt", "one\ntwo\n");
    let run = |file, args: &[&str]| home.run(&[&["recover", "keystore", file, "--json"], args].concat());
    run("account.json", &["--passwords-file", "guesses.txt"]).only_error(8).says("mismatch", "none of 2 passwords");
    run("account.json", &[]).only_error(2).says("usage", "--passwords-file");
    run("words.txt", &["--passwords-file", "guesses.txt"]).only_error(3).says("malformed", "words.txt");
    home.write("pattern.txt", "?d?d?d?d?d?d");
    let refused = run("account.json", &["--password-pattern-file", "pattern.txt", "--max-time", "1m"]);
    refused.only_error(3).says("out-of-bounds", "--max-time");
}
