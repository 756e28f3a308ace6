//! Passwords that are wrong, weak or cannot be read are refused, each with its reason.

use super::*;

#[test]
fn a_wrong_one_opens_nothing() {
    let home = VaultHome::with_wallets();
    for wrong in [
        "not the password",
        "Seldom whistles under water 7",
        " seldom whistles under water 7",
        "seldom whistles under water 7\n\n",
    ] {
        home.write("wrong.txt", wrong);
        for args in OPENING {
            let failure = home.fails_alone(
                &[args, &["--home", "vault", "--password-file", "wrong.txt"][..]].concat(),
                wrong_code(wrong),
            );
            assert!(["wrong-password", "malformed"].contains(&failure.kind.as_str()), "{args:?}: {failure:?}");
        }
    }
}

/// A line end inside of the password is a character that cannot be seen, and needs no opening.
fn wrong_code(password: &str) -> i32 {
    if password.contains('\n') { 3 } else { 4 }
}

#[test]
fn without_a_terminal_the_flag_is_named() {
    let home = VaultHome::with_wallets();
    for args in OPENING {
        home.fails_alone(&[args, &["--home", "vault"][..]].concat(), 2).says("usage", "--password-file");
    }
    let change = ["password", "change", "--home", "vault", "--password-file", "password.txt"];
    home.fails_alone(&change, 2).says("usage", "--new-password-file");
    let merge = ["password", "merge", "--home", "vault", "--password-file", "password.txt"];
    home.fails_alone(&merge, 2).says("usage", "--old-password-file");
    let reset = ["password", "reset", "savings", "--home", "vault"];
    home.fails_alone(&reset, 2).says("usage", "--phrase-file");
    home.fails_alone(&[&reset[..], &["--phrase-file", "words.txt"]].concat(), 2).says("usage", "--new-password-file");
    let keystore = ["export", "keystore", "hot", "--chain", "ethereum", "--out", "x.json"];
    home.fails(&keystore, 2).says("usage", "--keystore-password-file");
    home.fails(&["import", "another"], 2).says("usage", "--phrase-file");
    let fresh = VaultHome::new();
    fresh.fails_alone(&["new", "savings", "--home", "vault"], 2).says("usage", "--password-file");
    fresh
        .fails_alone(&["import", "x", "--home", "vault", "--phrase-file", "words.txt"], 2)
        .says("usage", "--password-file");
}

#[test]
fn files_that_hold_none() {
    let home = VaultHome::with_wallets();
    home.write("password.txt", "");
    home.fails(&["list"], 3).says("malformed", "no password");
    home.write("password.txt", "\n");
    home.fails(&["list"], 3).says("malformed", "no password");
    home.write("password.txt", b"\xff\xfe");
    home.fails(&["list"], 3).says("malformed", "UTF-8");
    home.write("password.txt", "x".repeat(1025));
    home.fails(&["list"], 3).says("out-of-bounds", "1024");
    std::fs::remove_file(home.path("password.txt")).unwrap();
    home.fails(&["list"], 7).says("not-found", "password.txt");
    let folder = ["list", "--home", "vault", "--password-file", "tmp"];
    home.fails_alone(&folder, 6).says("storage", "tmp");
}

#[test]
fn what_cannot_be_seen_is_refused() {
    for bad in [
        "tab\there and there",
        "sel\u{200b}dom whistles under water",
        "\u{7}bell in the old tower",
        "two\nlines of a password",
    ] {
        let home = VaultHome::new();
        home.write("password.txt", bad);
        let failure = home.fails(&[&["new", "savings"], &CHEAP[..]].concat(), 3);
        failure.says("malformed", "cannot be seen");
        assert!(!format!("{failure:?}").contains("under water"));
        let home = VaultHome::with_wallets();
        home.write("bad.txt", bad);
        home.fails(&["password", "change", "--new-password-file", "bad.txt"], 3).says("malformed", "cannot be seen");
    }
}

/// Each is refused with its reason, wherever a new password is set.
#[test]
fn weak_ones() {
    let fresh = VaultHome::new();
    let home = VaultHome::with_wallets();
    for weak in [
        "a",
        "        ",
        "password",
        "Passw0rd!",
        "123456789012",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaaaaaa",
        "correct",
        "2026-11-21",
        "bitcoin2026",
        "savings",
        "SAVINGS2026",
        "s4v1ngs!",
    ] {
        fresh.write("password.txt", weak);
        home.write("weak.txt", weak);
        let refused = [
            fresh.fails(&[&["new", "savings"], &CHEAP[..]].concat(), 3),
            fresh.fails(&[&["import", "savings", "--phrase-file", "words.txt"], &CHEAP[..]].concat(), 3),
            home.fails(&["password", "change", "--new-password-file", "weak.txt", "--work-factor", "2"], 3),
            home.fails(&["password", "change", "--rekey", "--new-password-file", "weak.txt", "--work-factor", "2"], 3),
            home.fails_alone(
                &[
                    "password",
                    "reset",
                    "savings",
                    "--home",
                    "vault",
                    "--phrase-file",
                    "words.txt",
                    "--new-password-file",
                    "weak.txt",
                ],
                3,
            ),
        ];
        for failure in refused {
            assert_eq!(failure.kind, "malformed", "{weak}: {failure:?}");
            assert!(
                failure.message.contains("weak") || failure.message.contains("wallet's own"),
                "{weak}: {failure:?}"
            );
        }
    }
}

/// Who sees the password must not see a part of the words.
#[test]
fn the_wallets_own_words() {
    let own = "sausage worth useful legal";
    let home = VaultHome::with_wallets();
    home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
    home.write("own.txt", own);
    home.fails(&["password", "change", "--new-password-file", "own.txt", "--work-factor", "2"], 3)
        .says("malformed", "wallet");
    let reset = ["password", "reset", "third", "--home", "vault", "--phrase-file", "other-words.txt"];
    home.fails_alone(&[&reset[..], &["--new-password-file", "own.txt"]].concat(), 3).says("malformed", "wallet");
}

#[test]
fn the_words_of_the_wallet_that_comes_in() {
    let home = VaultHome::new();
    home.write("password.txt", "sausage worth useful legal");
    home.fails(&[&["import", "third", "--phrase-file", "other-words.txt"], &CHEAP[..]].concat(), 3)
        .says("malformed", "wallet");
}

#[test]
fn standard_input_serves_one_flag_only() {
    let home = VaultHome::with_wallets();
    for args in [
        &["import", "x", "--phrase-file", "-", "--password-file", "-"][..],
        &["password", "change", "--password-file", "-", "--new-password-file", "-"],
        &["password", "merge", "--password-file", "-", "--old-password-file", "-"],
        &["password", "reset", "x", "--phrase-file", "-", "--new-password-file", "-"],
        &["backup", "phrase", "savings", "--password-file", "-", "--answers-file", "-"],
    ] {
        let before = home.state();
        let input = if args[0] == "import" || args[1] == "reset" { OTHER_WORDS } else { PASSWORD };
        let run = home.run_with(&[args, &["--home", "vault", "--json"]].concat(), input);
        run.only_error(2).says("usage", "read once");
        home.assert_state(&before, args);
    }
}
