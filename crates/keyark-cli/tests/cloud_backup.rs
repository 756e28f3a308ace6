//! Copies in a cloud vault: made, proved at once, proved again by the drill, and found out when they are not what they should be.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::path::PathBuf;

use serde_json::{Value, json};
use support::vault::{CHEAP, OTHER_PASSWORD, VaultHome, with_password};
use support::{Run, assert_fields, text};

const CLOUD: [&str; 2] = ["--cloud-password-file", "other-password.txt"];

/// A home with two wallets and an empty cloud vault in `cloud/`, which is known as `box`.
fn home() -> VaultHome {
    let home = VaultHome::with_wallets();
    init(&home, "box", "cloud", OTHER_PASSWORD);
    home
}

fn init(home: &VaultHome, name: &str, folder: &str, password: &str) {
    home.write("cloud-password.txt", password);
    let url = format!("file://{}", home.path(folder).display());
    let args = ["cloud", "init", name, &url, "--cloud-password-file", "cloud-password.txt", "--no-recovery-code"];
    home.run(&[&args[..], &CHEAP, &["--home", "vault"]].concat()).ok();
}

fn with_hidden() -> VaultHome {
    let home = home();
    let import = ["import", "hidden", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
    home.keyark(&[&import[..], &["--note-passphrase"]].concat()).ok();
    home
}

/// A command on both vaults, with --json.
fn on_both(home: &VaultHome, args: &[&str]) -> Run {
    home.json(&[args, &CLOUD[..]].concat())
}

fn backed_up(home: &VaultHome, wallet: &str) -> Value {
    let list = home.objects(&["list"]);
    list.into_iter().find(|object| object["name"] == wallet).unwrap()["backed_up"].clone()
}

/// The backups that are noted of a wallet.
fn backups(home: &VaultHome, wallet: &str) -> Vec<Value> {
    let list = home.objects(&["list"]);
    list.into_iter().find(|object| object["name"] == wallet).unwrap()["backups"].as_array().unwrap().clone()
}

/// The files of the records in a cloud vault.
fn records(home: &VaultHome, folder: &str) -> Vec<PathBuf> {
    let files = support::files_below(&home.path(folder)).into_iter().map(|file| home.path(folder).join(file));
    files.filter(|file| file.display().to_string().contains("/records/")).collect()
}

mod backing_up {
    use super::*;

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
        assert!(
            run.out.contains("made, not proved") && run.err.contains("keyark verify hidden --from box"),
            "{}",
            run.err
        );

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
        std::fs::write(
            &header,
            good.replace("\"version\":1", "\"version\":9").replace("\"version\": 1", "\"version\": 9"),
        )
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
}

mod drills {
    use super::*;

    #[test]
    fn of_one_wallet_and_of_all_in_a_cloud() {
        let home = home();
        on_both(&home, &["backup", "cloud", "--all", "--to", "box"]).ok();
        let row = on_both(&home, &["verify", "savings"]).object();
        assert_fields(&row, &["name", "id", "method", "to", "verified", "addresses", "unknown", "problem", "needs"]);
        assert_eq!((text(&row, "method"), text(&row, "to"), &row["addresses"]), ("cloud", "box", &json!(11)));
        assert_eq!((&row["problem"], &row["unknown"], &row["needs"]), (&Value::Null, &json!([]), &Value::Null));
        assert_eq!(backups(&home, "savings")[0]["verified"], row["verified"]);
        assert_eq!(on_both(&home, &["verify", "--from", "box"]).ok().objects().len(), 2);
        let url = format!("file://{}", home.path("cloud").display());
        let row = on_both(&home, &["verify", "savings", "--from", &url]).object();
        assert_eq!(text(&row, "to"), "box", "it has a name here");
        assert!(row["verified"].is_string() && backups(&home, "savings").len() == 1);
    }

    #[test]
    fn a_copy_that_is_damaged_or_gone_counts_no_more() {
        let home = home();
        on_both(&home, &["backup", "cloud", "savings", "--to", "box"]).ok();
        let file = &records(&home, "cloud")[0];
        let good = std::fs::read(file).unwrap();
        let mut bad = good.clone();
        *bad.last_mut().unwrap() ^= 1;
        std::fs::write(file, &bad).unwrap();
        for what in ["damaged", "gone"] {
            let run = on_both(&home, &["verify", "savings"]);
            run.error(8).says("mismatch", "savings in box");
            let row = &run.objects()[0];
            assert!(row["problem"].is_string() && row["verified"].is_null(), "{what}: {row}");
            assert_eq!(backed_up(&home, "savings"), false, "{what}");
            std::fs::remove_file(file).ok();
        }
        std::fs::write(file, &good).unwrap();
        on_both(&home, &["verify", "savings"]).ok();
        assert_eq!(backed_up(&home, "savings"), true, "what is good again counts again");
    }

    #[test]
    fn what_cannot_be_reached_is_not_noted() {
        let home = home();
        on_both(&home, &["backup", "cloud", "savings", "--to", "box"]).ok();
        std::fs::rename(home.path("cloud"), home.path("away")).unwrap();
        let failure = home.fails(&[&["verify", "savings"], &CLOUD[..]].concat(), 7);
        failure.says("not-found", "no vault at");
        failure.says("not-found", "it was there on");
        failure.says("not-found", "do not make a new one");
        assert_eq!(backed_up(&home, "savings"), true);
    }

    #[test]
    fn two_clouds_have_two_passwords() {
        let home = home();
        init(&home, "nas", "second", "velvet hammers beneath the orchard 5");
        on_both(&home, &["backup", "cloud", "savings", "--to", "box"]).ok();
        home.json(&["backup", "cloud", "savings", "--to", "nas", "--cloud-password-file", "cloud-password.txt"]).ok();
        let failure = home.fails(&[&["verify", "savings"], &CLOUD[..]].concat(), 2);
        failure.says("usage", "box, nas");
        on_both(&home, &["verify", "savings", "--from", "box"]).ok();
        home.fails(&[&["verify", "savings", "--from", "nas"], &CLOUD[..]].concat(), 4).says("wrong-password", "nas");
    }

    #[test]
    fn of_a_keystore_file() {
        let home = home();
        let password = ["--keystore-password-file", "password.txt"];
        for (wallet, file, more) in [
            ("savings", "first.json", &["--account", "0"][..]),
            ("savings", "far.json", &["--index", "700"]),
            ("savings", "farther.json", &["--account", "700"]),
        ] {
            let export = ["export", "keystore", wallet, "--chain", "ethereum", "--out", file];
            home.keyark(&[&export, more, &password[..]].concat()).ok();
            let row = home.object(&[&["verify", wallet, "--from", file], &password[..]].concat());
            assert_eq!(
                (text(&row, "method"), &row["addresses"], &row["problem"]),
                ("keystore", &json!(1), &Value::Null)
            );
            assert!(text(&row, "to").ends_with(file));
        }
        let run = home.json(&[&["verify", "--from", "far.json"], &password[..]].concat());
        assert_eq!(text(&run.object(), "name"), "savings", "the vault knows whose it is");
        std::fs::copy(home.path("far.json"), home.path("stick.json")).unwrap();
        home.keyark(&[&["verify", "savings", "--from", "stick.json"], &password[..]].concat()).ok();
        assert!(backups(&home, "savings").iter().any(|backup| text(backup, "to").ends_with("stick.json")));

        home.fails(&["verify", "savings", "--from", "far.json", "--keystore-password-file", "wrong.txt"], 4);
        let far =
            || backups(&home, "savings").into_iter().find(|backup| text(backup, "to").ends_with("/far.json")).unwrap();
        assert!(far()["verified"].is_string());
        std::fs::rename(home.path("first.json"), home.path("far.json")).unwrap();
        home.keyark(&[&["verify", "savings", "--from", "far.json"], &password[..]].concat()).ok();
        for damage in ["not a keystore", ""] {
            home.write("far.json", damage);
            let run = home.json(&[&["verify", "savings", "--from", "far.json"], &password[..]].concat());
            run.error(8).says("mismatch", "far.json");
            assert!(far()["verified"].is_null());
        }
        std::fs::remove_file(home.path("far.json")).unwrap();
        home.json(&[&["verify", "savings", "--from", "far.json"], &password[..]].concat()).error(8);
        home.fails(&[&["verify", "savings", "--from", "./nothing.json"], &password[..]].concat(), 7);
    }

    #[test]
    fn of_everything_but_paper() {
        let home = home();
        on_both(&home, &["backup", "cloud", "--all", "--to", "box"]).ok();
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        let rows = on_both(&home, &["verify", "--all"]).ok().objects();
        assert_eq!(rows.len(), 3);
        assert_eq!(on_both(&home, &["verify"]).ok().objects().len(), 3, "the same");
        let paper = rows.iter().find(|row| row["method"] == "phrase").unwrap();
        assert_eq!((&paper["needs"], &paper["problem"]), (&json!("keyark backup phrase savings"), &Value::Null));
        let run = home.keyark(&[&["verify", "--all"], &CLOUD[..]].concat()).ok();
        assert!(run.out.contains("needs paper: keyark backup phrase savings"), "{}", run.out);

        let export = ["export", "keystore", "hot", "--chain", "ethereum", "--out", "hot.json"];
        home.keyark(&[&export[..], &["--keystore-password-file", "password.txt"]].concat()).ok();
        home.fails(&[&["verify", "--all"], &CLOUD[..]].concat(), 2).says("usage", "--keystore-password-file");
        let all = ["verify", "--all", "--keystore-password-file", "password.txt"];
        assert_eq!(on_both(&home, &all).ok().objects().len(), 4);

        // What one cloud lacks does not keep the rest from being proved.
        std::fs::rename(home.path("cloud"), home.path("away")).unwrap();
        let run = on_both(&home, &all);
        run.error(7);
        let rows = run.objects();
        assert_eq!(rows.iter().filter(|row| row["method"] == "cloud" && row["problem"].is_string()).count(), 2);
        assert!(rows.iter().any(|row| row["method"] == "keystore" && row["verified"].is_string()));
        assert_eq!(backed_up(&home, "savings"), true);
    }

    #[test]
    fn a_passphrase_that_is_missing_or_another_one() {
        let home = with_hidden();
        on_both(&home, &["backup", "cloud", "--all", "--to", "box"]).ok();
        let run = on_both(&home, &["verify", "hidden"]);
        run.error(2).says("usage", "--passphrase-file");
        assert!(run.objects()[0]["verified"].is_null());
        // One wallet's passphrase does not keep the others from being proved.
        let proved = |run: &Run| {
            let rows = run.objects();
            let names = rows.iter().filter(|row| row["verified"].is_string()).map(|row| text(row, "name").to_owned());
            names.collect::<Vec<_>>()
        };
        let run = on_both(&home, &["verify", "--all"]);
        assert_eq!(proved(&run).len(), 2, "{}", run.out);
        assert_eq!(run.code, Some(0), "{}", run.err);
        let run = on_both(&home, &["verify", "--all", "--passphrase-file", "wrong.txt"]);
        run.error(8).says("mismatch", "hidden");
        assert_eq!(proved(&run).len(), 2, "{}", run.out);
        let run = on_both(&home, &["verify", "--all", "--passphrase-file", "passphrase.txt"]);
        assert_eq!((proved(&run).len(), run.code), (3, Some(0)), "{}", run.err);
    }

    #[test]
    fn bad_input_costs_nothing() {
        let home = home();
        let fails = |args: &[&str], code| home.fails(&[args, &CLOUD[..]].concat(), code);
        fails(&["verify", "savings"], 7).says("not-found", "backup cloud savings");
        fails(&["verify", "--from", "box"], 7).says("not-found", "no wallet here is backed up in box");
        fails(&["verify", "--from", "nas"], 7).says("not-found", "box");
        fails(&["verify", "nothing"], 7).says("not-found", "savings");
        fails(&["verify", "--all"], 7).says("not-found", "keyark list");
        fails(&["verify", "savings", "--from", "s3:///"], 2);
        fails(&["verify"], 7).says("not-found", "keyark list");
        fails(&["backup", "cloud", "--to", "box"], 2).says("usage", "name a wallet, or say --all");
        // A copy that nobody has noted is looked for, and is not there.
        let run = on_both(&home, &["verify", "savings", "--from", "box"]);
        run.error(8).says("mismatch", "no copy of savings");
        assert!(backups(&home, "savings").is_empty());
    }
}
