//! Copies that are made: proved at once, or said to be not.

use super::*;
use support::vault::with_password;

#[test]
fn all_wallets() {
    let home = home();
    let rows = on_both(&home, &["backup", "cloud", "--all", "--to", "box"]).ok().objects();
    assert_eq!(rows.len(), 2);
    for (row, (name, addresses)) in rows.iter().zip([("savings", 11), ("hot", 1)]) {
        assert_fields(row, &["name", "id", "to", "copy", "made", "verified", "addresses", "backed_up"]);
        assert_eq!((text(row, "name"), text(row, "to"), text(row, "copy")), (name, "box", name));
        assert_eq!((&row["addresses"], &row["backed_up"]), (&json!(addresses), &json!(true)));
        assert_eq!(row["made"], row["verified"]);
        assert_eq!(backed_up(&home, name), true);
    }
    assert_eq!(records(&home, "cloud").len(), 2);
    let run = home.keyark(&[&["backup", "cloud", "SAVINGS", "--to", "box"], &CLOUD[..]].concat()).ok();
    assert!(run.out.contains("savings: copied to box, read back, all 11 addresses match"), "{}", run.out);
}

#[test]
fn one_password_for_both_vaults_is_warned_of() {
    let home = home();
    let warned = |home: &VaultHome, password: &str| {
        let args = ["backup", "cloud", "--all", "--to", "box", "--home", "vault", "--password-file", password];
        home.run(&[&args[..], &CLOUD].concat()).ok().err.contains("has the same password")
    };
    assert!(!warned(&home, "password.txt"));
    home.keyark(&[&["password", "change", "--new-password-file", "other-password.txt"], &CHEAP[..]].concat()).ok();
    assert!(warned(&home, "other-password.txt"));
}

#[test]
fn one_that_is_lost_is_forgotten() {
    let home = home();
    on_both(&home, &["backup", "cloud", "savings", "--to", "box"]).ok();
    assert_eq!(backed_up(&home, "savings"), true);
    let elsewhere = home.json(&["backup", "forget", "savings", "--to", "paper"]).only_error(7);
    assert_eq!(elsewhere.remedy, "use one of: box");
    assert_eq!(backups(&home, "savings").len(), 1);

    let row = home.json(&["backup", "forget", "savings", "--to", "box"]).object();
    assert_fields(&row, &["name", "to", "forgotten", "backed_up"]);
    assert_eq!(row, json!({ "name": "savings", "to": "box", "forgotten": 1, "backed_up": false }));
    assert!(backups(&home, "savings").is_empty());
    assert_eq!(records(&home, "cloud").len(), 1); // the copy is where it was
    let nothing = home.json(&["backup", "forget", "savings", "--to", "box"]).only_error(7);
    assert_eq!(nothing.remedy, "no backup of it is noted at all");
    home.json(&["verify", "--all"]).only_error(7); // nothing is left to prove
}

/// Neither names nor words nor addresses lie in the cloud.
#[test]
fn nothing_of_a_wallet_can_be_read_there() {
    let home = home();
    on_both(&home, &["backup", "cloud", "--all", "--to", "box"]).ok();
    for file in support::files_below(&home.path("cloud")) {
        let bytes = std::fs::read(home.path("cloud").join(&file)).unwrap();
        for secret in ["savings", "abandon", "bc1q", "0x98", "73c5da0a"] {
            let found = bytes.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret.as_bytes()));
            assert!(!found, "{secret} in {}", file.display());
        }
    }
}

#[test]
fn a_passphrase_that_is_only_noted() {
    let home = with_hidden();
    let backup = ["backup", "cloud", "hidden", "--to", "box"];
    let row = on_both(&home, &backup).object();
    assert_eq!((&row["verified"], &row["backed_up"], &row["addresses"]), (&Value::Null, &json!(false), &json!(0)));
    assert!(row["made"].is_string());
    let run = home.keyark(&[&backup, &CLOUD[..]].concat()).ok();
    assert!(run.out.contains("made, not proved") && run.err.contains("keyark verify hidden --from box"), "{}", run.err);

    home.fails(&[&backup, &CLOUD[..], &["--passphrase-file", "wrong.txt"]].concat(), 8).says("mismatch", "hidden");
    let row = on_both(&home, &[&backup[..], &["--passphrase-file", "passphrase.txt"]].concat()).object();
    assert_eq!((&row["backed_up"], &row["addresses"]), (&json!(true), &json!(11)));

    // One file for several wallets is used where it fits.
    let all = ["backup", "cloud", "--all", "--to", "box", "--passphrase-file", "passphrase.txt"];
    assert!(on_both(&home, &all).ok().objects().iter().all(|row| row["backed_up"] == true));
    let needless = ["backup", "cloud", "savings", "--to", "box", "--passphrase-file", "passphrase.txt"];
    home.fails(&[&needless, &CLOUD[..]].concat(), 2).says("usage", "--passphrase-file");
}

#[test]
fn the_policy_asks_for_the_password_again() {
    let home = home();
    home.keyark(&["policy", "set", "--ask-password"]).ok();
    on_both(&home, &["backup", "cloud", "savings", "--to", "box"]).ok();
    let args = ["backup", "cloud", "savings", "--to", "box", "--password-file", "-", "--home", "vault", "--json"];
    let run = home.run_with(&[&args, &CLOUD[..]].concat(), support::vault::PASSWORD);
    run.only_error(2).says("usage", "standard input gave it once");
}

#[test]
fn one_that_cannot_be_opened_here_is_named_and_the_others_are_copied() {
    let home = home();
    let first = home.files("records/");
    home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
    std::fs::write(&first[0], "not a record").unwrap();
    let run = on_both(&home, &["backup", "cloud", "--all", "--to", "box"]);
    run.error(8).says("mismatch", "not backed up");
    let rows = run.objects();
    assert_eq!(rows.iter().filter(|row| row["verified"].is_string()).count(), 2);
    assert_eq!(rows.iter().filter(|row| row["made"].is_null()).count(), 1);
}

#[test]
fn bad_input_costs_nothing() {
    let home = home();
    let to_box = |args: &[&'static str]| [&["backup", "cloud"], args, &CLOUD[..]].concat();
    home.fails(&to_box(&["nothing", "--to", "box"]), 7).says("not-found", "savings");
    home.fails(&to_box(&["savings", "--to", "nas"]), 7).says("not-found", "box");
    home.fails(&to_box(&["savings", "--to", "../box"]), 2).says("usage", "lower-case");
    let wrong = ["backup", "cloud", "savings", "--to", "box", "--cloud-password-file", "wrong.txt"];
    home.fails(&wrong, 4).says("wrong-password", "box");
    let recovery = ["backup", "cloud", "savings", "--to", "box", "--recovery-code-file", "wrong.txt"];
    home.fails(&recovery, 3);
    let both = ["backup", "cloud", "savings", "--to", "box", "--home", "vault"];
    let stdin = [&both[..], &["--password-file", "-", "--cloud-password-file", "-"]].concat();
    home.fails_alone(&stdin, 2).says("usage", "standard input");
    let none = home.fails_alone(&with_password(&both[..5]), 2);
    none.says("usage", "--cloud-password-file");
    home.write("short.txt", "");
    home.fails(&[&both[..5], &["--cloud-password-file", "short.txt"]].concat(), 3);
}

#[test]
fn what_is_there_is_no_vault_or_a_newer_one() {
    let home = home();
    let header = home.path("cloud/keyark-vault.json");
    let good = std::fs::read_to_string(&header).unwrap();
    std::fs::write(&header, good.replace("\"version\":1", "\"version\":9").replace("\"version\": 1", "\"version\": 9"))
        .unwrap();
    let args = [&["backup", "cloud", "savings", "--to", "box"], &CLOUD[..]].concat();
    home.fails(&args, 3).says("malformed", "version 9");
    std::fs::remove_dir_all(home.path("cloud")).unwrap();
    home.fails(&args, 7).says("not-found", "no vault at");
    std::fs::create_dir(home.path("cloud")).unwrap();
    home.write("cloud/holiday.jpg", "not a vault");
    home.fails(&args, 3).says("malformed", "no vault");
}

#[test]
fn the_folder_of_the_vault_here_is_no_place_for_copies() {
    let home = home();
    let note = home.path("vault/.clouds/box.json");
    let text = std::fs::read_to_string(&note).unwrap();
    std::os::unix::fs::symlink(home.path("vault"), home.path("link")).unwrap();
    for folder in ["vault", "link"] {
        let there = home.path(folder).display().to_string();
        std::fs::write(&note, text.replace(&home.path("cloud").display().to_string(), &there)).unwrap();
        let args = [&["backup", "cloud", "savings", "--to", "box"], &CLOUD[..]].concat();
        home.fails(&args, 2).says("usage", "the vault on this computer");
        let args = [&["restore", "cloud", "box"], &CLOUD[..]].concat();
        home.fails(&args, 2).says("usage", "the vault on this computer");
    }
}
