//! Wallets come back from a cloud vault: onto a computer that has nothing, or beside the wallets that are there.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use serde_json::{Value, json};
use support::vault::{CHEAP, OTHER_PASSWORD, PASSWORD, VaultHome};
use support::{Run, assert_fields, text};

const CLOUD: [&str; 2] = ["--cloud-password-file", "other-password.txt"];
/// What a new computer has.
const NEW: [&str; 6] = ["--home", "new", "--password-file", "new-password.txt", "--work-factor", "2"];
const NEW_PASSWORD: &str = "velvet hammers beneath the orchard 5";

/// A home whose wallets `savings` and `hot` are backed up in the vault in `cloud/`.
fn home() -> VaultHome {
    let home = VaultHome::with_wallets();
    home.write("new-password.txt", NEW_PASSWORD);
    let url = url(&home);
    let args = ["cloud", "init", "box", &url, "--recovery-code-out", "code.txt"];
    home.run(&[&args[..], &CLOUD, &CHEAP, &["--home", "vault"]].concat()).ok();
    back_up(&home);
    home
}

fn back_up(home: &VaultHome) {
    home.json(&[&["backup", "cloud", "--all", "--to", "box"], &CLOUD[..]].concat()).ok();
}

fn url(home: &VaultHome) -> String {
    format!("file://{}", home.path("cloud").display())
}

/// Restores onto a new computer, with --json.
fn anew(home: &VaultHome, more: &[&str]) -> Run {
    let url = url(home);
    home.run(&[&["restore", "cloud", &url, "--json"], more, &NEW[..]].concat())
}

fn on_new(home: &VaultHome, args: &[&str]) -> Run {
    home.run(&[args, &NEW[..4], &["--json"]].concat())
}

fn outcomes(rows: &[Value]) -> Vec<(String, String)> {
    rows.iter().map(|row| (text(row, "name").to_owned(), text(row, "outcome").to_owned())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, outcome)| ((*name).to_owned(), (*outcome).to_owned())).collect()
}

mod onto_a_new_computer {
    use super::*;

    #[test]
    fn everything_with_the_password() {
        let home = home();
        let run = anew(&home, &CLOUD).ok();
        let rows = run.objects();
        assert_eq!(outcomes(&rows), pairs(&[("savings", "added"), ("hot", "added")]));
        for row in &rows {
            assert_fields(row, &["name", "id", "outcome", "restored_as", "addresses"]);
            assert_eq!(
                (&row["restored_as"], &row["proved"], &row["problem"]),
                (&row["name"], &json!(true), &Value::Null)
            );
        }
        assert!(run.err.contains("2 wallets count as backed up"), "{}", run.err);
        for wallet in ["savings", "hot"] {
            assert_eq!(on_new(&home, &["show", wallet]).ok().out, home.json(&["show", wallet]).ok().out);
        }
        let list = on_new(&home, &["list"]).ok().objects();
        assert!(list.iter().all(|wallet| wallet["backed_up"] == true));
        assert_eq!(list[0]["backups"][0]["to"], "box", "as it was called before");
        on_new(&home, &[&["verify", "--from", "box"], &CLOUD[..]].concat()).ok();
    }

    #[test]
    fn with_the_recovery_code_alone() {
        let home = home();
        let rows = anew(&home, &["--recovery-code-file", "code.txt"]).ok().objects();
        assert_eq!(outcomes(&rows), pairs(&[("savings", "added"), ("hot", "added")]));
    }

    #[test]
    fn one_under_another_name() {
        let home = home();
        let rows = anew(&home, &[&["hot", "--as", "old key"], &CLOUD[..]].concat()).ok().objects();
        assert_eq!((rows.len(), text(&rows[0], "restored_as")), (1, "old key"));
        assert_eq!(text(&on_new(&home, &["list"]).object(), "name"), "old key");
    }

    #[test]
    fn a_dry_run_shows_it_and_leaves_no_trace() {
        let home = home();
        let before = home.state();
        let url = url(&home);
        let args = [&["restore", "cloud", &url, "--dry-run", "--home", "new"], &CLOUD[..]].concat();
        let rows = home.run(&[&args[..], &["--json"]].concat()).ok().objects();
        assert_eq!(outcomes(&rows), pairs(&[("savings", "added"), ("hot", "added")]));
        let run = home.run(&args).ok();
        assert!(run.out.starts_with("WALLET") && run.out.contains("is added"), "{}", run.out);
        home.assert_state(&before, "a dry run");
    }

    #[test]
    fn not_under_the_clouds_password_or_a_weak_one() {
        let home = home();
        let url = url(&home);
        for (file, password, opens) in [
            ("same.txt", OTHER_PASSWORD, &CLOUD[..]),
            ("same.txt", OTHER_PASSWORD, &["--recovery-code-file", "code.txt"]),
            ("weak.txt", "savings2026", &CLOUD),
        ] {
            home.write(file, password);
            let args = ["restore", "cloud", &url, "--home", "new", "--password-file", file];
            let code = if password == OTHER_PASSWORD { 2 } else { 3 };
            home.fails_alone(&[&args, opens, &CHEAP].concat(), code);
        }
    }

    #[test]
    fn a_passphrase_that_is_only_noted_is_restored_and_not_proved() {
        let home = home();
        let import = ["import", "hidden", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
        home.keyark(&[&import[..], &["--note-passphrase"]].concat()).ok();
        back_up(&home);
        let hidden = [&["hidden"], &CLOUD[..]].concat();
        anew(&home, &[&hidden[..], &["--passphrase-file", "wrong.txt"]].concat())
            .only_error(8)
            .says("mismatch", "hidden");
        assert!(!home.path("new").exists());
        let run = anew(&home, &hidden).ok();
        assert!(run.err.contains("keyark verify hidden --from box"), "{}", run.err);
        assert_eq!((&run.objects()[0]["proved"], &run.objects()[0]["outcome"]), (&json!(false), &json!("added")));
        assert_eq!(on_new(&home, &["list"]).object()["backed_up"], false);
        let verify = ["verify", "hidden", "--from", "box", "--passphrase-file", "passphrase.txt"];
        on_new(&home, &[&verify, &CLOUD[..]].concat()).ok();
        assert_eq!(on_new(&home, &["list"]).object()["backed_up"], true);
    }

    #[test]
    fn with_a_password_of_former_times_what_is_under_it() {
        let home = home();
        home.write("third.txt", NEW_PASSWORD);
        let forgot = ["cloud", "forgot-password", "box", "--new-password-file", "third.txt", "--no-recovery-code"];
        let run = home.run(&[&forgot[..], &CHEAP, &["--home", "vault"]].concat());
        assert_eq!(run.code, Some(0), "{}", run.err);
        home.write("new-password.txt", "seven otters paint the harbour 9");
        let rows = anew(&home, &CLOUD).ok().objects();
        assert_eq!(outcomes(&rows), pairs(&[("savings", "added"), ("hot", "added")]));
        anew(&home, &["--cloud-password-file", "third.txt"]).only_error(7).says("not-found", "no wallets");
    }
}

mod beside_others {
    use super::*;

    #[test]
    fn what_is_here_already_is_left_as_it_is() {
        let home = home();
        let rows = home.objects(&[&["restore", "cloud", "box"], &CLOUD[..]].concat());
        assert_eq!(outcomes(&rows), pairs(&[("savings", "known"), ("hot", "known")]));
        assert_eq!(home.objects(&["list"]).len(), 2);
    }

    #[test]
    fn a_name_that_is_taken_needs_another_one() {
        let home = home();
        let make = ["import", "SAVINGS", "--phrase-file", "other-words.txt"];
        home.run(&[&make[..], &NEW].concat()).ok();
        let url = url(&home);
        let new = ["--home", "new", "--password-file", "new-password.txt"];
        let args = [&["restore", "cloud", &url], &CLOUD[..], &new].concat();
        home.fails_alone(&args, 7).says("already-exists", "--as");
        let dry = home.run(&[&args[..], &["--dry-run", "--json"]].concat()).ok().objects();
        assert_eq!(outcomes(&dry), pairs(&[("savings", "name-taken"), ("hot", "added")]));
        home.fails_alone(&[&args[..], &["--as", "house"]].concat(), 2).says("usage", "--as");
        let one = |name| [&["restore", "cloud", &url, "savings", "--as", name], &CLOUD[..], &new].concat();
        home.fails_alone(&one("savings"), 7).says("already-exists", "savings");
        home.run(&one("house")).ok();
        let names: Vec<_> = on_new(&home, &["list"]).ok().objects().iter().map(|row| row["name"].clone()).collect();
        assert_eq!(names.len(), 2);
        assert!(names.contains(&json!("house")) && names.contains(&json!("SAVINGS")), "{names:?}");
    }
}

mod damage {
    use super::*;

    fn records(home: &VaultHome) -> Vec<std::path::PathBuf> {
        let files = support::files_below(&home.path("cloud")).into_iter().map(|file| home.path("cloud").join(file));
        files.filter(|file| file.display().to_string().contains("/records/")).collect()
    }

    #[test]
    fn the_good_rest_is_restored_and_the_damaged_named() {
        let home = home();
        std::fs::write(&records(&home)[0], "not a record").unwrap();
        let dry = home
            .run(&[&["restore", "cloud", &url(&home), "--dry-run", "--json", "--home", "new"], &CLOUD[..]].concat());
        dry.error(3).says("malformed", "the others can be restored");
        assert!(!home.path("new").exists());
        let run = anew(&home, &CLOUD);
        run.error(3).says("malformed", "the others are restored");
        let rows = run.objects();
        let damaged = rows.iter().find(|row| row["outcome"] == "damaged").unwrap();
        assert!(text(damaged, "problem").contains("/records/") && damaged["restored_as"].is_null(), "{damaged}");
        assert_eq!(on_new(&home, &["list"]).ok().objects().len(), 1);
    }

    #[test]
    fn where_nothing_can_be_restored_no_vault_is_made() {
        let home = home();
        records(&home).iter().for_each(|file| std::fs::remove_file(file).unwrap());
        anew(&home, &CLOUD).error(3).says("malformed", "nothing can be restored");
        assert!(!home.path("new").exists());
    }

    #[test]
    fn bad_input_costs_nothing() {
        let home = home();
        let url = url(&home);
        let fails = |args: &[&str], code| home.fails_alone(&[&["restore", "cloud"], args, &NEW[..]].concat(), code);
        fails(&[&[&*url, "nothing"], &CLOUD[..]].concat(), 7).says("not-found", "savings");
        fails(&[&url, "--cloud-password-file", "wrong.txt"], 4).says("wrong-password", "password");
        fails(&[&url, "--recovery-code-file", "wrong.txt"], 3);
        fails(&[&["box"], &CLOUD[..]].concat(), 7).says("not-found", "cloud init");
        fails(&[&["gopher://box/keyark"], &CLOUD[..]].concat(), 2).says("usage", "s3://");
        fails(&[&["file:///"], &CLOUD[..]].concat(), 2).says("usage", "names no folder");
        fails(&[&[&*url, "--as", ""], &CLOUD[..]].concat(), 3);
        fails(&[&url, "--cloud-password-file", "-", "--passphrase-file", "-"], 2).says("usage", "standard input");
        home.write("cloud/keyark-vault.json", r#"{"format":"keyark-vault","version":2,"epochs":7}"#);
        fails(&[&[&*url], &CLOUD[..]].concat(), 3).says("malformed", "version 2");
    }

    #[test]
    fn what_is_put_back_by_somebody_else_is_said() {
        let home = home();
        let older = home.path("older");
        copy(&home.path("cloud"), &older);
        home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
        back_up(&home);
        std::fs::remove_dir_all(home.path("cloud")).unwrap();
        std::fs::rename(&older, home.path("cloud")).unwrap();
        let run = home.keyark(&[&["restore", "cloud", "box", "--dry-run"], &CLOUD[..]].concat()).ok();
        assert!(run.err.contains("older state"), "{}", run.err);
        let args = [&["backup", "cloud", "--all", "--to", "box"], &CLOUD[..]].concat();
        home.json(&args).only_error(3).says("malformed", "keyark cloud repair box");
    }

    fn copy(from: &std::path::Path, to: &std::path::Path) {
        for file in support::files_below(from) {
            std::fs::create_dir_all(to.join(&file).parent().unwrap()).unwrap();
            std::fs::copy(from.join(&file), to.join(&file)).unwrap();
        }
    }
}

#[cfg(target_os = "linux")]
mod on_a_terminal {
    use super::*;
    use support::terminal::Terminal;

    #[test]
    fn names_that_clash_are_asked_about() {
        let home = home();
        home.run(&[&["import", "savings", "--phrase-file", "other-words.txt"], &NEW[..]].concat()).ok();
        let url = url(&home);
        let mut terminal = Terminal::start(&home, &["restore", "cloud", &url, "--home", "new"]);
        for (prompt, password) in
            [("Password of the vault", NEW_PASSWORD), ("Password of the cloud vault", OTHER_PASSWORD)]
        {
            terminal.asked(prompt);
            terminal.types(&format!("{password}\n"));
        }
        terminal.expect("its name is taken");
        terminal.expect("Enter for: savings (2)");
        terminal.types("Hot\n");
        terminal.expect("already");
        terminal.expect("Enter for:");
        terminal.types("\n");
        let ended = terminal.end();
        assert_eq!(ended.code, Some(0), "{}", ended.screen);
        let list = on_new(&home, &["list"]).ok().objects();
        let names: Vec<_> = list.iter().map(|row| text(row, "name")).collect();
        assert!(names.contains(&"savings (2)") && names.contains(&"hot") && names.len() == 3, "{names:?}");
        for secret in [PASSWORD, NEW_PASSWORD, OTHER_PASSWORD] {
            assert!(!ended.screen.contains(secret));
        }
    }

    #[test]
    fn a_passphrase_is_asked_for_again_after_a_slip_and_enter_goes_on_without() {
        let home = home();
        let import = ["import", "hidden", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
        home.keyark(&[&import[..], &["--note-passphrase"]].concat()).ok();
        let args = ["backup", "cloud", "hidden", "--to", "box", "--home", "vault", "--password-file", "password.txt"];
        for (answers, proved) in [(&["slip", support::vault::PASSPHRASE][..], true), (&[""], false)] {
            let mut terminal = Terminal::start(&home, &[&args, &CLOUD[..]].concat());
            for answer in answers {
                terminal.asked("BIP-39 passphrase of hidden");
                terminal.types(&format!("{answer}\n"));
            }
            let ended = terminal.end();
            assert_eq!(ended.code, Some(0), "{}", ended.screen);
            let said = if proved { "11 addresses" } else { "made, not proved" };
            assert!(ended.screen.contains(said), "{}", ended.screen);
        }
    }
}
