//! Names that no wallet may have are refused, and words are not repeated.

use super::*;

/// A name as it is given to each command that takes a new one; the wallet that is to get it has another.
#[track_caller]
fn refused(home: &VaultHome, name: &str, code: i32) -> Vec<Failure> {
    let end = ["--", name]; // a name is no option
    let renamed = if name.eq_ignore_ascii_case("hot") { "savings" } else { "hot" };
    let with = |args: &[&'static str]| [&with_password(args)[..], &end].concat();
    vec![
        home.fails_alone(&with(&["new"]), code),
        home.fails_alone(&with(&["import", "--phrase-file", "other-words.txt"]), code),
        home.fails_alone(&[&with_password(&["rename"])[..], &["--", renamed, name]].concat(), code),
    ]
}

#[test]
fn each_is_refused_for_its_own_reason() {
    let home = VaultHome::with_wallets();
    for (name, code, reason) in [
        ("", 3, "empty"),
        (" ", 3, "white space"),
        (" house", 3, "white space"),
        ("house ", 3, "white space"),
        ("house\t", 3, "white space"),
        ("a/b", 3, "slash"),
        ("../../etc", 3, "slash"),
        ("a\\b", 3, "slash"),
        ("bell\u{7}", 3, "cannot be seen"),
        ("two\nlines", 3, "cannot be seen"),
        ("\u{1b}[2Jhouse", 3, "cannot be seen"),
        ("h\u{202e}ouse", 3, "cannot be seen"),
        ("0123456789abcdef0123456789abcdef", 3, "id"),
        ("savings", 7, "already"),
        ("SAVINGS", 7, "already"),
        ("Hot", 7, "already"),
    ] {
        for failure in refused(&home, name, code) {
            failure.says(if code == 3 { "malformed" } else { "already-exists" }, reason);
        }
    }
}

#[test]
fn five_thousand_characters() {
    let home = VaultHome::with_wallets();
    for long in ["x".repeat(5000), "\u{e9}".repeat(5000), "x".repeat(101), "wallet ".repeat(700) + "s"] {
        for failure in refused(&home, &long, 3) {
            failure.says("out-of-bounds", "100");
            let said = format!("{} {}", failure.message, failure.remedy);
            assert!(said.len() < 300, "the name is not repeated: {said}");
        }
    }
}

/// Somebody who types the words where the name belongs finds them in no error, and in no file.
#[test]
fn words_are_no_name_and_not_repeated() {
    let home = VaultHome::with_wallets();
    let shouted = OTHER_WORDS.to_uppercase();
    let part: Vec<_> = OTHER_WORDS.split(' ').take(6).collect();
    for name in [WORDS, OTHER_WORDS, &shouted, &part.join(" "), &part.join(", ")] {
        for failure in refused(&home, name, 3) {
            failure.says("malformed", "words");
            let said = format!("{} {}", failure.message, failure.remedy).to_lowercase();
            assert!(!said.contains("abandon") && !said.contains("legal") && !said.contains("winner"), "{said}");
        }
    }
    let fresh = VaultHome::new();
    fresh.fails(&["new", OTHER_WORDS], 3).says("malformed", "words");
    // The likeliest place of all: where a wallet's name is expected.
    for args in [&["show"][..], &["remove", "--force"], &["export", "xpub"], &["backup", "key"]] {
        let failure = home.fails(&[args, &[OTHER_WORDS]].concat(), if args[0] == "backup" { 2 } else { 7 });
        assert!(!format!("{failure:?}").contains("winner"), "{failure:?}");
    }
}

#[test]
fn before_anything_is_asked_for() {
    let home = VaultHome::new();
    let nothing = ["--home", "vault"];
    home.fails_alone(&[&["new", ""], &nothing[..]].concat(), 3).says("malformed", "empty");
    home.fails_alone(&[&["import", "a/b"], &nothing[..]].concat(), 3).says("malformed", "slash");
    home.fails_alone(&[&["password", "reset", " "], &nothing[..]].concat(), 3).says("malformed", "white space");
}
