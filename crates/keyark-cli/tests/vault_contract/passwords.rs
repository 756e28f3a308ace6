//! Passwords change, are forgotten and merged, and the wallets stay.

use std::collections::BTreeSet;

use super::*;

const CHANGE: [&str; 6] = ["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "3"];

/// Lists the wallets with the password in this file, or says how that failed.
fn names(home: &VaultHome, password: &str) -> Result<Vec<String>, i32> {
    let run = home.run(&["list", "--home", "vault", "--password-file", password, "--json"]);
    match run.code {
        Some(0) => Ok(run.objects().iter().map(|wallet| text(wallet, "name").to_owned()).collect()),
        code => Err(code.unwrap()),
    }
}

#[test]
fn a_change_rewrites_the_identity_alone() {
    let home = VaultHome::with_wallets();
    let records = home.files("records/");
    let run = home.json(&CHANGE);
    assert!(run.err.contains("still open with the old password") && run.err.contains("--rekey"), "{}", run.err);
    assert_eq!(run.object(), json!({ "changed": true, "rekeyed": false, "wallets": 2 }));
    assert_eq!(
        (names(&home, "password.txt"), names(&home, "other-password.txt").map(|names| names.len())),
        (Err(4), Ok(2))
    );
    assert_eq!(home.files("records/"), records);
}

#[test]
fn the_old_password_is_no_new_one() {
    let home = VaultHome::with_wallets();
    let same = ["password", "change", "--new-password-file", "password.txt", "--work-factor", "2"];
    for more in [&[][..], &["--rekey"]] {
        home.fails(&[&same[..], more].concat(), 2).says("usage", "the old one");
    }
}

#[test]
fn a_rekey_seals_everything_again() {
    let home = VaultHome::with_wallets();
    home.keyark(&["policy", "set", "--deny", "keystore"]).ok();
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    let (list, shown) = (home.objects(&["list"]), home.objects(&["show", "savings"]));
    let sealed: BTreeSet<_> = home.files(".age").into_iter().collect();
    let run = home.json(&[&CHANGE[..], &["--rekey"]].concat());
    assert!(run.err.contains("still open with the old password"), "copies do: {}", run.err);
    assert_eq!(run.object()["rekeyed"], true);
    let now: BTreeSet<_> = home.files(".age").into_iter().collect();
    assert_eq!(now.intersection(&sealed).count(), 0, "{now:?}");
    assert_eq!(names(&home, "password.txt"), Err(4));
    home.write("password.txt", OTHER_PASSWORD);
    assert_eq!(home.objects(&["list"]), list, "backups too");
    assert_eq!(home.objects(&["show", "savings"]), shown);
    assert_eq!(home.object(&["policy", "show"])["denied"][0]["item"], "keystore", "the policy is taken along");
}

/// The old password and the wallet's words: `password reset` wants no password.
#[test]
fn a_reset_seals_one_wallet_under_a_new_password() {
    let home = VaultHome::with_wallets();
    let reset = ["password", "reset", "mine", "--home", "vault", "--new-password-file", "other-password.txt"];
    let words = [&reset[..], &["--phrase-file", "words.txt"], &CHEAP].concat();
    let run = home.run(&[&words[..], &["--json"]].concat());
    assert!(run.err.contains("keyark password merge"), "{}", run.err);
    let object = run.object();
    assert_eq!((text(&object, "name"), &object["backed_up"]), ("mine", &json!(false)));
    assert_eq!(names(&home, "other-password.txt"), Ok(vec!["mine".to_owned()]));
    assert_eq!(
        names(&home, "password.txt"),
        Ok(vec!["savings".to_owned(), "hot".to_owned()]),
        "the old one still opens"
    );

    // The others are listed as sealed, by the date of their password.
    let listed = home.run(&["list", "--home", "vault", "--password-file", "other-password.txt"]).ok();
    assert!(listed.err.contains("more wallets are sealed under the password set on 20"), "{}", listed.err);
    let passwords = home.run(&["password", "list", "--home", "vault", "--json"]).ok().objects();
    assert_eq!(passwords.len(), 2);
    for (password, (current, records)) in passwords.iter().zip([(true, 1), (false, 2)]) {
        assert_fields(password, &["epoch", "password_set", "current", "records"]);
        assert_time(&password["password_set"]);
        assert_eq!((&password["current"], &password["records"]), (&json!(current), &json!(records)));
    }

    // What is sealed under the old one can be read, not changed.
    home.fails(&["rename", "hot", "warm"], 4).says("locked", "keyark password merge");
    home.fails(&["new", "another"], 4).says("locked", "keyark password merge");
    let proved = home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
    assert!(proved.err.contains("not noted"), "{}", proved.err);
    assert_eq!(text(&home.object(&["export", "key", "hot", "--chain", "ethereum"]), "private_key"), KEY);

    let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
    let wrong = [&merge[..], &["--old-password-file", "wrong.txt"]].concat();
    home.fails_alone(&wrong, 4).says("wrong-password", "nothing that a reset");
    let same = [&merge[..], &["--old-password-file", "other-password.txt"]].concat();
    home.fails_alone(&same, 4).says("wrong-password", "nothing that a reset");
    let right = [&merge[..], &["--old-password-file", "password.txt"]].concat();
    let merged = home.run(&[&right[..], &["--json"]].concat()).object();
    assert_eq!(merged, json!({ "added": ["hot"], "known": ["savings"], "damaged": [] }));
    let listed = home.run(&["list", "--home", "vault", "--password-file", "other-password.txt"]).ok();
    assert!(!listed.err.contains("sealed"), "{}", listed.err);
    let mut listed = names(&home, "other-password.txt").unwrap();
    listed.sort(); // by when they came, which may be the same second
    assert_eq!(listed, ["hot", "mine"]);
    let again = home.run(&[&right[..], &["--json"]].concat()).object();
    assert_eq!((&again["added"], again["known"].as_array().unwrap().len()), (&json!([]), 2));
}

/// What was proved of a wallet before its password was forgotten is not forgotten with it.
#[test]
fn backups_come_back_with_a_merge() {
    let home = VaultHome::with_wallets();
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
    let reset = ["password", "reset", "savings", "--home", "vault", "--new-password-file", "other-password.txt"];
    home.run(&[&reset[..], &["--phrase-file", "words.txt"], &CHEAP].concat()).ok();
    let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
    home.run(&[&merge[..], &["--old-password-file", "password.txt"]].concat()).ok();
    home.write("password.txt", OTHER_PASSWORD);
    for wallet in home.objects(&["list"]) {
        assert_eq!(wallet["backed_up"], true, "{wallet}");
    }
}

#[test]
fn a_key_is_a_proof_as_well() {
    let home = VaultHome::with_wallets();
    let reset = ["password", "reset", "hot", "--home", "vault", "--new-password-file", "other-password.txt"];
    home.fails_alone(&[&reset[..], &["--key-file", "key.txt"], &CHEAP].concat(), 2).says("usage", "--chain");
    home.run(&[&reset[..], &["--key-file", "key.txt", "--chain", "ethereum"], &CHEAP].concat()).ok();
    home.write("password.txt", OTHER_PASSWORD);
    assert_eq!(text(&home.object(&["export", "key", "hot", "--chain", "ethereum"]), "private_key"), KEY);
}

#[test]
fn a_reset_with_a_passphrase() {
    let home = VaultHome::with_wallets();
    let words = ["--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
    let reset = ["password", "reset", "hidden", "--home", "vault", "--new-password-file", "other-password.txt"];
    home.run(&[&reset[..], &words, &["--note-passphrase"], &CHEAP].concat()).ok();
    home.write("password.txt", OTHER_PASSWORD);
    assert_eq!(home.objects(&["show", "hidden"]), derived(&home, &words));
}

#[test]
fn the_list_of_passwords_needs_none() {
    let home = VaultHome::with_wallets();
    let run = home.run(&["password", "list", "--home", "vault"]).ok();
    assert_eq!(run.out.lines().count(), 2, "{}", run.out);
    assert!(run.out.contains("password of today"), "{}", run.out);
    home.keyark(&CHANGE).ok();
    let objects = home.run(&["password", "list", "--home", "vault", "--json"]).ok().objects();
    assert_eq!(objects.len(), 1, "a change is no new epoch");
}

/// Other Unicode forms of the same password open the vault, and nothing is trimmed.
#[test]
fn composed_and_decomposed() {
    let home = VaultHome::new();
    home.write("password.txt", " \u{dc}ber die sieben Br\u{fc}cken \n");
    home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    home.write("decomposed.txt", " U\u{308}ber die sieben Bru\u{308}cken \r\n");
    home.write("trimmed.txt", "\u{dc}ber die sieben Br\u{fc}cken");
    assert_eq!(names(&home, "decomposed.txt"), Ok(vec!["savings".to_owned()]));
    assert_eq!(names(&home, "trimmed.txt"), Err(4));
}
