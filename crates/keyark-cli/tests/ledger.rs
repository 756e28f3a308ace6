//! What `list` says of backups, to people, to programs and to cron; and the accounts that `add-account` records.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::sync::Arc;

use keyark::vault::{Backup, BackupMethod, Folder, Password, Timestamp, Vault, WalletRecord};
use serde_json::{Value, json};
use support::vault::{CHEAP, PASSWORD, VaultHome};
use support::{assert_fields, text};

const DAY: i64 = 24 * 60 * 60;

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_unix(Timestamp::now().as_unix() - days * DAY)
}

/// Changes a wallet's record behind the command's back.
fn edit(home: &VaultHome, wallet: &str, edit: impl FnOnce(&mut WalletRecord)) {
    let vault = Vault::find(Arc::new(Folder::new(home.vault()))).unwrap().unwrap();
    let mut vault = vault.unlock(&Password::new(&PASSWORD.into()).unwrap()).unwrap();
    let id = vault.find(wallet).unwrap().id;
    let change = |record: &mut WalletRecord| {
        edit(record);
        Ok(())
    };
    vault.update(id, Timestamp::now(), change).unwrap();
}

/// Notes a backup that was proved so many days ago; `None` for one that never was.
fn note(home: &VaultHome, wallet: &str, method: BackupMethod, to: &str, proved: Option<i64>) {
    edit(home, wallet, |record| {
        let mut backup = Backup::new(method, Some(to.to_owned()), days_ago(proved.unwrap_or(1)));
        backup.verified = proved.map(days_ago);
        backup.accounts = Some(record.accounts.len() as u64);
        record.record_backup(backup);
    });
}

/// Has this computer know a cloud vault of this name.
fn know(home: &VaultHome, name: &str) {
    let folder = home.vault().join(".clouds");
    std::fs::create_dir_all(&folder).unwrap();
    let note = json!({ "name": name, "url": format!("file:///media/{name}") });
    std::fs::write(folder.join(format!("{name}.json")), note.to_string()).unwrap();
}

fn column<'a>(objects: &'a [Value], name: &str) -> Vec<&'a str> {
    objects.iter().map(|object| text(object, name)).collect()
}

mod listing {
    use super::*;

    /// Four wallets: one is not backed up, two are stale, one stands well.
    fn home() -> VaultHome {
        let home = VaultHome::with_wallets();
        for name in ["house", "old"] {
            home.keyark(&["new", name]).ok();
        }
        note(&home, "savings", BackupMethod::Phrase, "paper", Some(10));
        note(&home, "hot", BackupMethod::Keystore, "/data/user/hot wallet.json", Some(184));
        note(&home, "old", BackupMethod::Phrase, "paper", Some(10));
        note(&home, "old", BackupMethod::Cloud, "box", None);
        know(&home, "box");
        home
    }

    #[test]
    fn the_unbacked_come_first_then_the_stale_then_the_good() {
        let home = home();
        let list = home.objects(&["list"]);
        assert_eq!(column(&list, "name"), ["house", "hot", "old", "savings"]);
        assert_eq!(column(&list, "standing"), ["unbacked", "stale", "stale", "good"]);
        let remedies: Vec<_> = list.iter().map(|wallet| wallet["remedy"].as_str()).collect();
        assert_eq!(
            remedies,
            [
                Some("keyark backup phrase house"),
                Some("keyark verify hot --from '/data/user/hot wallet.json'"),
                Some("keyark verify old --from box"),
                None
            ]
        );
        for wallet in &list {
            assert_fields(wallet, &["name", "id", "backed_up", "backups", "standing", "remedy"]);
            assert_eq!(wallet["backed_up"], json!(wallet["standing"] != "unbacked"));
            for backup in wallet["backups"].as_array().unwrap() {
                assert_fields(backup, &["method", "to", "made", "verified", "stale", "stale_reasons"]);
                assert_eq!(backup["stale"].is_null(), backup["stale_reasons"] == json!([]), "{backup}");
            }
        }
        let hot = &list[1]["backups"][0];
        assert_eq!(text(hot, "stale"), format!("no drill since {}", days_ago(184).date()));
        assert_eq!(hot["stale_reasons"], json!(["no-drill"]));
        assert_eq!(list[2]["backups"][0]["stale"], Value::Null);
        assert_eq!(list[2]["backups"][1]["stale_reasons"], json!(["never-verified"]));
    }

    #[test]
    fn a_person_reads_one_line_for_each_backup() {
        let home = home();
        let run = home.keyark(&["list"]).ok();
        let (drill, proved) = (days_ago(184).date(), days_ago(10).date());
        let expected = format!(
            "\
WALLET   BACKED UP                 LAST PROVED  WHAT TO DO
house    NO                        never        keyark backup phrase house
hot      keystore hot wallet.json  {drill}   no drill since {drill}: keyark verify hot --from '/data/user/hot wallet.json'
old      words on paper            {proved}
         cloud box                 never        never proved: keyark verify old --from box
savings  words on paper            {proved}
"
        );
        assert_eq!(run.out, expected);
        let problem = "house is not backed up, and backups of 2 more are stale";
        assert!(run.err.contains(problem) && run.err.contains("\n  keyark backup phrase house\n"), "{}", run.err);
    }

    #[test]
    fn cron_hears_of_what_is_due_and_of_nothing_else() {
        let home = home();
        let run = home.keyark(&["list", "--check"]);
        assert_eq!(run.code, Some(8), "{}", run.err);
        let names: Vec<_> = run.out.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(names, ["WALLET", "house", "hot", "old", ""], "{}", run.out);
        let run = home.json(&["list", "--check"]);
        run.error(8).says("mismatch", "keyark backup phrase house");
        assert_eq!(run.objects(), home.objects(&["list"]), "what is listed is the same");

        note(&home, "house", BackupMethod::Phrase, "paper", Some(1));
        home.json(&["list", "--check"])
            .error(8)
            .says("mismatch", "2 wallets have stale backups, the first of them hot");
        note(&home, "hot", BackupMethod::Keystore, "/data/user/hot wallet.json", Some(1));
        let failure = home.json(&["list", "--check"]).error(8);
        failure.says("mismatch", "a backup of old is stale: never proved");
        failure.says("mismatch", "keyark verify old --from box");
        note(&home, "old", BackupMethod::Cloud, "box", Some(182));
        let run = home.keyark(&["list", "--check"]).ok();
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "nothing to mail");
        assert_eq!(home.json(&["list", "--check"]).ok().objects().len(), 4);
    }

    #[test]
    fn every_method_has_a_command_that_puts_it_right() {
        let home = VaultHome::with_wallets();
        know(&home, "box");
        for (method, to, command) in [
            (BackupMethod::Phrase, "paper", "keyark backup phrase savings"),
            (BackupMethod::Sheet, "/data/user/sheet.pdf", "keyark verify savings --from /data/user/sheet.pdf"),
            (BackupMethod::Shares, "the three brothers", "keyark verify savings --from 'the three brothers'"),
            (BackupMethod::Cloud, "box", "keyark verify savings --from box"),
            (BackupMethod::Cloud, "s3://bucket/x", "keyark verify savings --from 's3://bucket/x'"),
        ] {
            edit(&home, "savings", |record| record.backups.clear());
            note(&home, "savings", method, to, Some(300));
            let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "savings").unwrap();
            assert_eq!((text(&wallet, "remedy"), text(&wallet, "standing")), (command, "stale"));
        }
        note(&home, "hot", BackupMethod::PrivateKey, "paper", Some(300));
        let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "hot").unwrap();
        assert_eq!(text(&wallet, "remedy"), "keyark backup key hot");
    }

    #[test]
    fn a_copy_in_a_cloud_that_was_forgotten_is_stale() {
        let home = VaultHome::with_wallets();
        know(&home, "nas");
        note(&home, "hot", BackupMethod::PrivateKey, "paper", Some(1));
        note(&home, "savings", BackupMethod::Phrase, "paper", Some(1));
        note(&home, "savings", BackupMethod::Cloud, "nas", Some(1));
        home.keyark(&["list", "--check"]).ok();
        note(&home, "savings", BackupMethod::Cloud, "box", Some(1));
        let failure = home.json(&["list", "--check"]).error(8);
        failure.says("mismatch", "a backup of savings is stale: box is not known on this computer any more");
        failure.says("mismatch", "keyark cloud init box URL");
        let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "savings").unwrap();
        assert_eq!((text(&wallet, "standing"), &wallet["backed_up"]), ("stale", &json!(true)));
        let reasons: Vec<_> =
            wallet["backups"].as_array().unwrap().iter().map(|backup| &backup["stale_reasons"]).collect();
        assert_eq!(reasons, [&json!([]), &json!([]), &json!(["unknown-place"])]);
        let run = home.keyark(&["list"]).ok();
        let line = "box is not known on this computer any more: keyark cloud init box URL";
        assert!(run.out.contains(line), "{}", run.out);
        know(&home, "box");
        home.keyark(&["list", "--check"]).ok();
        // Where the notes cannot be read, nothing is said to be forgotten.
        std::fs::remove_file(home.vault().join(".clouds/box.json")).unwrap();
        std::fs::write(home.vault().join(".clouds/nas.json"), "{").unwrap();
        home.keyark(&["list", "--check"]).ok();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_copy_at_a_url_is_shown_whole_and_its_commands_take_it() {
        let home = VaultHome::with_wallets();
        let url = "s3://my-bucket-of-backups/keyark";
        note(&home, "savings", BackupMethod::Cloud, url, Some(1));
        edit(&home, "savings", |record| record.backups[0].accounts = Some(0));
        let run = home.keyark(&["list"]).ok();
        assert!(run.out.contains(&format!("cloud {url} ")), "{}", run.out);
        assert!(run.out.contains(&format!("keyark cloud init NAME '{url}'")), "{}", run.out);
        let args = support::vault::with_password(&["list"]);
        let ended = support::terminal::Terminal::start(&home, &args).end();
        assert!(ended.screen.contains(&format!("cloud {url} ")), "{}", ended.screen);
    }

    #[test]
    fn a_weak_or_old_copy_is_made_anew() {
        let home = VaultHome::with_wallets();
        know(&home, "box");
        for (change, reason, command) in [
            (
                (|backup: &mut Backup| backup.work = Some(4)) as fn(&mut Backup),
                "weak-kdf",
                "keyark cloud change-password box",
            ),
            (|backup| backup.format = Some(0), "older-format", "keyark backup cloud savings --to box"),
            (|backup| backup.accounts = Some(0), "new-accounts", "keyark backup cloud savings --to box"),
            (|backup| backup.verified = Some(days_ago(-366)), "clock-wrong", "keyark verify savings --from box"),
        ] {
            note(&home, "savings", BackupMethod::Cloud, "box", Some(1));
            edit(&home, "savings", |record| change(record.backups.last_mut().unwrap()));
            let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "savings").unwrap();
            assert_eq!(wallet["backups"][0]["stale_reasons"], json!([reason]));
            assert_eq!(text(&wallet, "remedy"), command);
        }
        note(&home, "hot", BackupMethod::Keystore, "/data/user/hot.json", Some(1));
        edit(&home, "hot", |record| record.backups[0].work = Some(12));
        let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "hot").unwrap();
        let command = "keyark export keystore hot --chain ethereum --out /data/user/hot.json --force";
        assert_eq!(text(&wallet, "remedy"), command);
    }

    #[test]
    fn a_part_of_a_wallet_is_shown_and_makes_nothing_stale() {
        let home = VaultHome::with_wallets();
        note(&home, "savings", BackupMethod::Keystore, "/data/user/a.json", Some(300));
        let run = home.keyark(&["list"]).ok();
        assert!(run.out.contains("\nsavings  NO (single keys: 1)  never"), "{}", run.out);
        note(&home, "savings", BackupMethod::Phrase, "paper", Some(1));
        let savings = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "savings").unwrap();
        assert_eq!(text(&savings, "standing"), "good");
        assert_eq!(savings["backups"][0]["stale_reasons"], json!(["no-drill"]), "to whom it matters");
        let run = home.keyark(&["list"]).ok();
        assert!(run.out.contains("single keys: 1"), "{}", run.out);
    }

    #[test]
    fn what_is_proved_now_stands_well() {
        let home = VaultHome::with_wallets();
        note(&home, "savings", BackupMethod::Phrase, "paper", Some(200));
        note(&home, "hot", BackupMethod::PrivateKey, "paper", Some(200));
        assert_eq!(column(&home.objects(&["list"]), "standing"), ["stale", "stale"]);
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
        home.keyark(&["list", "--check"]).ok();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_terminal_of_80_columns_is_wide_enough() {
        let home = VaultHome::with_wallets();
        home.keyark(&["rename", "hot", "my mother's hot wallet of 2019"]).ok();
        note(
            &home,
            "my mother's hot wallet of 2019",
            BackupMethod::Keystore,
            "/media/stick/keystore-2019.json",
            Some(300),
        );
        let args = support::vault::with_password(&["list"]);
        let ended = support::terminal::Terminal::start(&home, &args).end();
        assert_eq!(ended.code, Some(0), "{}", ended.screen);
        // What the progress bar left on the line is erased.
        let lines: Vec<_> =
            ended.screen.lines().map(|line| line.rsplit("\u{1b}[2K").next().unwrap().trim_end()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", ended.screen);
        assert!(lines.iter().any(|line| line.starts_with("my mother's hot wal…")), "{}", ended.screen);
        assert!(ended.screen.contains("keystore keystore-2…"), "{}", ended.screen);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_address_is_broken_at_80_columns() {
        let home = VaultHome::with_wallets();
        let ended =
            support::terminal::Terminal::start(&home, &support::vault::with_password(&["show", "savings"])).end();
        for account in home.objects(&["show", "savings"]).iter().filter(|account| account["address"].is_string()) {
            assert!(ended.screen.contains(text(account, "address")), "{account}: {}", ended.screen);
        }
        let lines = ended.screen.lines().map(|line| line.rsplit("\u{1b}[2K").next().unwrap().trim_end());
        assert!(lines.into_iter().all(|line| line.chars().count() <= 80), "{}", ended.screen);
    }
}

mod add_account {
    use super::*;

    #[test]
    fn it_is_shown_and_is_the_one_that_derive_gives() {
        let home = VaultHome::with_wallets();
        let before = home.objects(&["show", "savings"]);
        let args = ["add-account", "savings", "--chain", "bitcoin", "--kind", "p2tr", "--account", "3"];
        let added = home.object(&args);
        let derive = ["derive", "--phrase-file", "words.txt", "--chain", "bitcoin", "--kind", "p2tr", "--account", "3"];
        assert_eq!(added, home.run(&[&derive[..], &["--json"]].concat()).object());
        let shown = home.objects(&["show", "savings"]);
        assert_eq!((&shown[..before.len()], shown.last()), (&before[..], Some(&added)));
        home.fails(&args, 7).says("already-exists", "savings");
        assert_eq!(
            text(&home.object(&["add-account", "savings", "--chain", "ethereum", "--account", "1"]), "kind"),
            "bip44"
        );
        let run = home.keyark(&["add-account", "savings", "--chain", "solana", "--account", "1"]).ok();
        assert!(run.out.starts_with("solana  bip44-change  m/44'/501'/1'/0'  ") && run.err.is_empty(), "{}", run.out);
    }

    #[test]
    fn all_that_is_missing_is_added() {
        let home = VaultHome::with_wallets();
        let all = home.objects(&["show", "savings"]);
        home.fails(&["add-account", "savings"], 7).says("already-exists", "savings");
        edit(&home, "savings", |record| record.accounts.retain(|account| account.chain != "solana"));
        let added = home.objects(&["add-account", "savings"]);
        assert!(added.len() == 4 && added.iter().all(|account| account["chain"] == "solana"), "{added:?}");
        assert_eq!(home.objects(&["show", "savings"]).len(), all.len());
        let added = home.objects(&["add-account", "savings", "--account", "1"]);
        assert!(added.len() > 6 && added.iter().all(|account| account["kind"] != "seed"), "{added:?}");
    }

    #[test]
    fn copies_that_list_accounts_are_stale_then_and_paper_is_not() {
        let home = VaultHome::with_wallets();
        know(&home, "box");
        note(&home, "savings", BackupMethod::Phrase, "paper", Some(1));
        note(&home, "savings", BackupMethod::Cloud, "box", Some(1));
        let run = home.keyark(&["add-account", "savings", "--account", "1", "--chain", "bitcoin"]).ok();
        assert!(run.err.contains("keyark backup cloud savings --to box"), "{}", run.err);
        let wallet = home.objects(&["list"]).into_iter().find(|wallet| wallet["name"] == "savings").unwrap();
        let stale: Vec<_> = wallet["backups"].as_array().unwrap().iter().map(|backup| &backup["stale"]).collect();
        assert_eq!(stale, [&Value::Null, &json!("1 account is newer than it")]);
    }

    #[test]
    fn a_passphrase_that_is_not_kept_is_asked_for() {
        let home = VaultHome::new();
        let import = ["import", "hidden", "--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
        home.keyark(&[&import, &["--note-passphrase"][..], &CHEAP].concat()).ok();
        let add = ["add-account", "hidden", "--chain", "bitcoin", "--account", "1"];
        home.fails(&add, 2).says("usage", "--passphrase-file");
        home.fails(&[&add[..], &["--passphrase-file", "wrong.txt"]].concat(), 8).says("mismatch", "passphrase");
        home.keyark(&[&add[..], &["--passphrase-file", "passphrase.txt"]].concat()).ok();
    }

    #[test]
    fn what_cannot_be_added_changes_nothing() {
        let home = VaultHome::with_wallets();
        let add = |more: &[&'static str]| [&["add-account", "savings"], more].concat();
        for (args, code, kind, words) in [
            (add(&["--chain", "dogecoin"]), 7, "not-found", "bitcoin, ethereum, solana"),
            (add(&["--chain", "bitcoin", "--kind", "bip44"]), 7, "not-found", "p2wpkh"),
            (add(&["--chain", "bitcoin", "--account", "2147483648"]), 3, "out-of-bounds", "2147483647"),
            (add(&["--account", "2147483648"]), 3, "out-of-bounds", "2147483647"),
            (add(&["--chain", "solana", "--kind", "seed", "--account", "1"]), 2, "usage", "one address"),
            (add(&["--chain", "solana", "--kind", "root", "--account", "1"]), 2, "usage", "no account"),
            (add(&["--kind", "p2tr"]), 2, "usage", "--chain"),
            (add(&["--account", "4294967296"]), 2, "usage", "--account"),
            (add(&["--chain", "bitcoin", "--account", "-1"]), 2, "usage", "-1"),
            (vec!["add-account", "nobody", "--account", "1"], 7, "not-found", "savings"),
            (vec!["add-account", "hot", "--account", "1"], 2, "usage", "private key"),
            (add(&["--account", "1", "--passphrase-file", "passphrase.txt"]), 2, "usage", "passphrase"),
        ] {
            home.fails(&args, code).says(kind, words);
        }
        // What needs no vault to be known wrong is said before the password is asked for.
        home.fails_alone(&["add-account", "savings", "--home", "vault", "--chain", "dogecoin"], 7);
        let run = home.run(&["add-account", "--help"]).ok();
        assert!(run.out.contains("Example") && run.out.contains("--home"), "{}", run.out);
    }
}
