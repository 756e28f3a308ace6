//! What scripts rely on of `keyark cloud`: its JSON, what it changes, and what it refuses before anything is written.
//!
//! The clouds are folders here: what differs between services is tested where they are.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use support::vault::{CHEAP, OTHER_PASSWORD, PASSWORD, VaultHome};
use support::{Failure, Run, assert_fields, text};

/// The password of the cloud vault.
const CLOUD_PASSWORD: &str = "seven herons crossed a frozen canal 5";
const OPEN: [&str; 2] = ["--cloud-password-file", "cloud.txt"];
const WORK: [&str; 2] = ["--work-factor", "4"];

/// A home with passwords in files, and a folder that is a cloud.
struct CloudHome(VaultHome);

impl std::ops::Deref for CloudHome {
    type Target = VaultHome;

    fn deref(&self) -> &VaultHome {
        &self.0
    }
}

impl CloudHome {
    fn new() -> Self {
        let home = VaultHome::new();
        home.write("cloud.txt", CLOUD_PASSWORD);
        home.write("weak.txt", "box2026");
        Self(home)
    }

    /// A cloud vault called `box` with the wallet `savings` in it, and its recovery code in code.txt.
    fn with_box() -> Self {
        let home = Self::new();
        home.init("box", &["--recovery-code-out", "code.txt"]).ok();
        home.put("savings", "words.txt", "cloud.txt");
        home
    }

    fn url(&self, folder: &str) -> String {
        format!("file://{}", self.path(folder).display())
    }

    fn cloud(&self, args: &[&str]) -> Run {
        self.run(&[&["cloud"], args, &["--home", "vault"]].concat())
    }

    fn object(&self, args: &[&str]) -> Value {
        self.cloud(&[args, &["--json"]].concat()).object()
    }

    fn objects(&self, args: &[&str]) -> Vec<Value> {
        self.cloud(&[args, &["--json"]].concat()).ok().objects()
    }

    fn init(&self, name: &str, more: &[&str]) -> Run {
        self.cloud(&[&["init", name, &self.url("cloud")], &OPEN[..], &WORK, more].concat())
    }

    /// Puts a wallet into the cloud vault, which is a vault like any other.
    fn put(&self, name: &str, words: &str, password: &str) {
        let args = ["import", name, "--phrase-file", words, "--home", "cloud", "--password-file", password];
        self.run(&args).ok();
    }

    /// Fails before anything is written, anywhere.
    #[track_caller]
    fn refused(&self, args: &[&str], code: i32) -> Failure {
        self.fails_alone(&[&["cloud"], args, &["--home", "vault"]].concat(), code)
    }

    /// Fails after the cloud vault was opened: it is as it was, and that it was opened is noted here.
    #[track_caller]
    fn refused_inside(&self, args: &[&str], code: i32) -> Failure {
        let cloud = |home: &Self| {
            let mut state = home.state();
            state.retain(|name, _| name.starts_with("cloud"));
            state
        };
        let before = cloud(self);
        let failure = self.cloud(&[args, &["--json"]].concat()).only_error(code);
        assert_eq!(cloud(self), before, "{args:?}");
        failure
    }

    /// The names of the wallets that this opens.
    #[track_caller]
    fn wallets(&self, open: [&str; 2]) -> Vec<String> {
        let objects = self.objects(&[&["list", "box"], &open[..]].concat());
        let wallets = objects.iter().filter(|object| object["type"] == "wallet");
        wallets.map(|wallet| text(wallet, "name").to_owned()).collect()
    }

    fn code(&self) -> String {
        self.read("code.txt").trim_end().to_owned()
    }

    fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

mod init {
    use super::*;

    #[test]
    fn makes_a_vault_with_a_recovery_code() {
        let home = CloudHome::new();
        let url = home.url("cloud");
        let run = home.init("box", &["--recovery-code-out", "code.txt", "--json"]);
        let object = run.object();
        assert_fields(&object, &["created", "name", "recovery_code", "url"]);
        assert_eq!(object, json!({ "created": true, "name": "box", "recovery_code": true, "url": url }));
        assert!(home.code().starts_with("KEYARK-RECOVERY-"));
        assert_eq!(mode(&home.path("code.txt")), 0o600);
        for file in ["keyark-vault.json", "epochs/1/identity.password.age", "epochs/1/identity.recovery.age"] {
            assert!(home.path("cloud").join(file).exists(), "{file}");
        }
        assert_eq!(mode(&home.path("vault/.clouds")), 0o700);
        assert_eq!(mode(&home.path("vault/.clouds/box.json")), 0o600);
        let note: Value = serde_json::from_str(&home.read("vault/.clouds/box.json")).unwrap();
        assert_eq!(note["epoch"], json!(1), "{note}");
        assert!(note["password_set"].is_string() && note["seen"].is_string(), "{note}");
        assert!(home.wallets(OPEN).is_empty());
        assert!(home.wallets(["--recovery-code-file", "code.txt"]).is_empty());
        // The vault on this computer can still be made beside the notes.
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    }

    #[test]
    fn tells_a_person_what_comes_next() {
        let home = CloudHome::new();
        let run = home.init("box", &["--no-recovery-code"]).ok();
        assert!(run.out.contains("the cloud vault box is made"), "{}", run.out);
        for words in ["no vault at file://", "no recovery code", "keyark backup cloud --all --to box"] {
            assert!(run.err.contains(words), "{words}:\n{}", run.err);
        }
        assert!(!home.exists("cloud/epochs/1/identity.recovery.age"));
        assert!(!run.err.contains("Dropbox"));
        let url = home.url("Dropbox/keyark");
        let run = home.cloud(&[&["init", "sync", &url, "--no-recovery-code"], &OPEN[..], &WORK].concat()).ok();
        assert!(run.err.contains("Dropbox copies this folder"), "{}", run.err);
    }

    #[test]
    fn takes_note_of_a_vault_that_is_there() {
        let home = CloudHome::with_box();
        let url = home.url("cloud");
        for open in [OPEN, ["--recovery-code-file", "code.txt"]] {
            let args = [&["cloud", "init", "other", &url, "--home", "elsewhere", "--json"], &open[..]].concat();
            let object = home.run(&args).object();
            assert_eq!(object, json!({ "created": false, "name": "other", "recovery_code": true, "url": url }));
        }
        let run = home.run(&[&["cloud", "init", "other", &url, "--home", "elsewhere"], &OPEN[..]].concat()).ok();
        assert!(run.err.contains("There is a vault at"), "{}", run.err);
        assert!(run.out.contains("1 wallet"), "{}", run.out);
        assert!(run.err.ends_with("\n  keyark restore cloud other --dry-run\n"), "{}", run.err);
        // The code that was asked for is not made for somebody else's vault.
        let run = home.init("box", &["--recovery-code-out", "second.txt"]).ok();
        assert!(run.err.contains("already, so none was made") && !home.exists("second.txt"), "{}", run.err);
    }

    #[test]
    fn warns_of_the_password_of_this_computer() {
        let home = CloudHome::with_box();
        home.write("password.txt", CLOUD_PASSWORD);
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        let run = home.init("box", &[]).ok();
        assert!(run.err.contains("the same password") && run.err.contains("cloud change-password box"), "{}", run.err);
    }

    #[test]
    fn makes_a_new_one_where_it_is_gone() {
        let home = CloudHome::with_box();
        std::fs::remove_dir_all(home.path("cloud")).unwrap();
        home.refused(&[&["list", "box"], &OPEN[..]].concat(), 7).says("not-found", "no vault at");
        let run = home.init("box", &["--no-recovery-code"]).ok();
        assert!(run.err.contains("warning: the vault that was at"), "{}", run.err);
        assert!(home.wallets(OPEN).is_empty());
    }

    #[test]
    fn refuses_what_is_no_place_for_a_vault() {
        let home = CloudHome::new();
        let refused = |url: &str, code, kind: &str, words: &str| {
            let args = [&["init", "box", url, "--no-recovery-code"], &OPEN[..], &WORK].concat();
            let failure = home.refused(&args, code);
            failure.says(kind, words);
            failure
        };
        let failure = refused("ftp://example.org/keyark", 2, "usage", "scheme");
        for known in ["file:///", "s3://", "webdav+https://", "gdrive://", "obs://"] {
            assert!(failure.remedy.contains(known), "{failure:?}");
        }
        refused("https://example.org/keyark", 2, "usage", "webdav+https://");
        refused("cloud", 3, "malformed", "not a URL");
        refused("s3://", 2, "usage", "bucket");
        refused("s3:///keyark", 2, "usage", "bucket");
        refused("obs:///keyark", 2, "usage", "bucket");
        refused("file:///", 2, "usage", "folder");
        refused("file:///tmp/../etc", 2, "usage", "out of its folder");
        refused("file:///tmp/%2e%2e/etc", 2, "usage", "out of its folder");
        refused("s3://my-bucket/../other", 2, "usage", "out of its folder");
        refused("webdav+http://example.org/keyark", 2, "usage", "without TLS");
        refused("gdrive://keyark", 2, "usage", "--credentials-file");
        refused(&home.url("vault"), 2, "usage", "vault on this computer");
        refused(&home.url("vault/backup"), 2, "usage", "vault on this computer");
        refused(&home.url("tmp/.."), 2, "usage", "out of its folder");
        let whole = home.url("");
        refused(whole.trim_end_matches('/'), 3, "malformed", "other files");
    }

    #[test]
    fn a_url_with_credentials_is_refused_and_not_repeated() {
        let home = CloudHome::new();
        let url = "webdav+https://me:canary-secret@example.org/keyark";
        let failure = home.refused(&["init", "box", url, "--no-recovery-code"], 2);
        failure.says("usage", "credentials");
        assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
    }

    #[test]
    fn credentials_come_from_a_file_that_is_ones_own() {
        let home = CloudHome::new();
        home.write("token.json", r#"{"access_token":"canary-token"}"#);
        std::fs::set_permissions(home.path("token.json"), std::fs::Permissions::from_mode(0o644)).unwrap();
        let init = ["init", "drive", "gdrive://keyark", "--no-recovery-code", "--credentials-file"];
        let failure = home.refused(&[&init[..], &["token.json"]].concat(), 2);
        failure.says("usage", "chmod 600");
        assert!(!format!("{failure:?}").contains("canary"));
        home.refused(&[&init[..], &["nowhere.json"]].concat(), 2).says("usage", "no such credentials file");
        let args = ["init", "box", &home.url("cloud"), "--no-recovery-code", "--credentials-file", "token.json"];
        home.refused(&args, 2).says("usage", "needs no credentials");
    }

    #[test]
    fn refuses_names_and_places_that_are_taken() {
        let home = CloudHome::with_box();
        let (here, other, link) = (home.url("cloud"), home.url("other"), home.url("link"));
        let args = |name, url| [&["init", name, url, "--no-recovery-code"], &OPEN[..], &WORK].concat();
        home.refused(&args("box", &other), 7).says("already-exists", "keyark cloud remove box");
        home.refused(&args("second", &here), 7).says("already-exists", "as box");
        std::os::unix::fs::symlink(home.path("cloud"), home.path("link")).unwrap();
        home.refused(&args("second", &link), 7).says("already-exists", "as box");
        let long = "b".repeat(41);
        for name in ["Box", "my box", "../box", "", ".box", &long] {
            home.refused(&args(name, &other), 2).says("usage", "lower-case letters");
        }
    }

    #[test]
    fn refuses_passwords_before_anything_is_made() {
        let home = CloudHome::new();
        let url = home.url("cloud");
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        let args = |file| ["init", "box", &url, "--no-recovery-code", "--cloud-password-file", file];
        home.refused(&args("weak.txt"), 3).says("malformed", "too weak");
        home.refused(&args("password.txt"), 2).says("usage", "password of the vault on this computer");
        home.refused(&args("nowhere.txt"), 7).says("not-found", "nowhere.txt");
        home.refused(&["init", "box", &url, "--no-recovery-code"], 2).says("usage", "--cloud-password-file");
        let code = [&args("cloud.txt")[..3], &["--recovery-code-file", "words.txt"]].concat();
        home.refused(&code, 7).says("not-found", "no vault at");
        let twice = [&args("-")[..], &["--recovery-code-file", "-"]].concat();
        assert_eq!(home.cloud(&twice).code, Some(2));
        assert!(!home.exists("cloud"));
    }

    #[test]
    fn without_a_terminal_it_must_be_said_what_becomes_of_the_recovery_code() {
        let home = CloudHome::new();
        let url = home.url("cloud");
        let init = [&["init", "box", &url], &OPEN[..], &WORK].concat();
        let failure = home.refused(&init, 2);
        failure.says("usage", "--recovery-code-out FILE");
        failure.says("usage", "--no-recovery-code");
        let to = |file: &'static str| [&init[..], &["--recovery-code-out", file]].concat();
        home.refused(&to("words.txt"), 7).says("already-exists", "choose another name");
        home.refused(&to("-"), 2).says("usage", "--recovery-code-out");
        home.refused(&to("nowhere/code.txt"), 7).says("not-found", "no folder");
        home.refused(&to("cloud/code.txt"), 2).says("usage", "beside the vault");
        let both = [&to("code.txt")[..], &["--no-recovery-code"]].concat();
        assert_eq!(home.cloud(&both).code, Some(2));
        assert!(!home.exists("cloud"));
    }

    #[test]
    fn an_existing_vault_opens_with_its_own_password_only() {
        let home = CloudHome::with_box();
        let args = ["init", "box", &home.url("cloud"), "--cloud-password-file"];
        home.refused(&[&args[..], &["wrong.txt"]].concat(), 4).says("wrong-password", "--recovery-code-file");
        let other = home.url("cloud");
        let args = ["cloud", "init", "new", &other, "--home", "elsewhere", "--cloud-password-file", "wrong.txt"];
        home.fails_alone(&args, 4);
        assert!(!home.exists("elsewhere"));
    }
}

mod list {
    use super::*;

    #[test]
    fn the_vaults_that_are_known() {
        let home = CloudHome::new();
        assert_eq!(home.objects(&["list"]), [] as [Value; 0]);
        assert!(home.cloud(&["list"]).ok().err.contains("keyark cloud init"));
        home.init("box", &["--no-recovery-code"]).ok();
        let objects = home.objects(&["list"]);
        assert_fields(&objects[0], &["name", "opened", "password_set", "service", "url"]);
        assert_eq!((text(&objects[0], "name"), text(&objects[0], "service")), ("box", "folder"));
        assert_eq!(text(&objects[0], "url"), home.url("cloud"));
        assert!(text(&objects[0], "opened").ends_with('Z') && text(&objects[0], "password_set").ends_with('Z'));
        let table = home.cloud(&["list"]).ok().out;
        assert!(table.starts_with("NAME") && table.contains("box"), "{table}");
        home.refused(&[&["list"], &OPEN[..]].concat(), 2).says("usage", "name the cloud vault");
        home.refused(&[&["list", "nas"], &OPEN[..]].concat(), 7).says("not-found", "use one of: box");
        home.write("vault/.clouds/box.json", "{");
        home.refused(&["list"], 3).says("malformed", "box.json");
    }

    #[test]
    fn the_wallets_in_one() {
        let home = CloudHome::with_box();
        let objects = home.objects(&[&["list", "box"], &OPEN[..]].concat());
        assert_fields(&objects[0], &["current", "epoch", "password_set", "sealed", "type"]);
        assert_eq!(
            (&objects[0]["epoch"], &objects[0]["current"], &objects[0]["sealed"]),
            (&json!(1), &json!(true), &json!(false))
        );
        assert_fields(&objects[1], &["addresses", "copied", "created", "id", "name", "secret", "type"]);
        assert_eq!((text(&objects[1], "name"), &objects[1]["addresses"]), ("savings", &json!(11)));
        assert_eq!(objects.len(), 2);
        let run = home.cloud(&[&["list", "box"], &OPEN[..]].concat()).ok();
        assert!(
            run.out.starts_with("WALLET") && run.out.contains("savings") && !run.err.contains("sealed"),
            "{}",
            run.out
        );
        home.refused(&["list", "box", "--cloud-password-file", "wrong.txt"], 4).says("wrong-password", "box");
        home.refused(&["list", "box", "--recovery-code-file", "words.txt"], 3);
        home.refused(&["list", "box"], 2).says("usage", "--cloud-password-file");
    }
}

mod passwords {
    use super::*;

    const NEW: [&str; 2] = ["--new-password-file", "other-password.txt"];
    const OPEN_NEW: [&str; 2] = ["--cloud-password-file", "other-password.txt"];
    const BY_CODE: [&str; 2] = ["--recovery-code-file", "code.txt"];

    fn change<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["change-password", "box"], more, &NEW, &WORK].concat()
    }

    #[test]
    fn a_change_leaves_the_wallets_and_the_recovery_code() {
        for open in [OPEN, BY_CODE] {
            let home = CloudHome::with_box();
            let set = home.objects(&["list"])[0]["password_set"].clone();
            std::thread::sleep(std::time::Duration::from_millis(1100)); // dates are in seconds
            let object = home.object(&change(&open));
            let expected =
                json!({ "name": "box", "changed": true, "rekeyed": false, "wallets": 1, "recovery_code": true });
            assert_eq!(object, expected);
            assert_ne!(home.objects(&["list"])[0]["password_set"], set, "the ledger must learn of it");
            assert_eq!(home.wallets(OPEN_NEW), ["savings"]);
            assert_eq!(home.wallets(BY_CODE), ["savings"]);
            home.refused(&[&["list", "box"], &OPEN[..]].concat(), 4);
        }
    }

    #[test]
    fn it_says_that_older_copies_open_with_the_old_password() {
        let home = CloudHome::with_box();
        let run = home.cloud(&change(&OPEN)).ok();
        assert!(
            run.err.contains("taken before") && run.err.contains("still open with the old password"),
            "{}",
            run.err
        );
        assert!(run.err.contains("--rekey") && run.err.contains("the recovery code is the same"), "{}", run.err);
    }

    #[test]
    fn a_rekey_makes_a_new_recovery_code() {
        let home = CloudHome::with_box();
        let old = home.code();
        let object = home.object(&change(&[&OPEN[..], &["--rekey", "--recovery-code-out", "new-code.txt"]].concat()));
        assert_eq!((&object["rekeyed"], &object["recovery_code"]), (&json!(true), &json!(true)));
        assert_ne!(home.read("new-code.txt").trim_end(), old);
        assert_eq!(home.wallets(["--recovery-code-file", "new-code.txt"]), ["savings"]);
        home.refused(&[&["list", "box"], &BY_CODE[..]].concat(), 4).says("wrong-password", "recovery code");
        assert!(!home.exists("cloud/epochs/1"), "what was sealed before is removed");

        let back = ["--new-password-file", "cloud.txt", "--rekey", "--no-recovery-code"];
        let object = home.object(&[&["change-password", "box"], &OPEN_NEW[..], &WORK, &back].concat());
        assert_eq!(object["recovery_code"], json!(false));
        assert_eq!(home.wallets(OPEN), ["savings"]);
    }

    #[test]
    fn a_password_that_was_changed_elsewhere_is_told_from_a_slip() {
        let home = CloudHome::with_box();
        let wrong = ["list", "box", "--cloud-password-file", "wrong.txt"];
        let failure = home.refused(&wrong, 4);
        assert!(!failure.message.contains("another computer"), "{}", failure.message);
        let mut note: Value = serde_json::from_str(&home.read("vault/.clouds/box.json")).unwrap();
        note["password_set"] = json!("2020-02-02T00:00:00Z");
        home.write("vault/.clouds/box.json", note.to_string());
        home.refused(&wrong, 4).says("wrong-password", "on another computer");
    }

    #[test]
    fn refusals_leave_everything_as_it_is() {
        let home = CloudHome::with_box();
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        let to = |open: [&'static str; 2], file: &'static str| {
            [&["change-password", "box"], &open[..], &WORK, &["--new-password-file", file]].concat()
        };
        for open in [OPEN, BY_CODE] {
            home.refused_inside(&to(open, "cloud.txt"), 2).says("usage", "the new password is the old one");
            home.refused_inside(&to(open, "password.txt"), 2).says("usage", "vault on this computer");
            home.refused_inside(&to(open, "weak.txt"), 3).says("malformed", "too weak");
        }
        home.refused(&to(["--cloud-password-file", "wrong.txt"], "other-password.txt"), 4);
        home.refused(&change(&[&OPEN[..], &["--recovery-code-out", "x.txt"]].concat()), 2).says("usage", "--rekey");
        home.refused(&change(&[&OPEN[..], &["--rekey"]].concat()), 2).says("usage", "--recovery-code-out");
        let taken = [&OPEN[..], &["--rekey", "--recovery-code-out", "code.txt"]].concat();
        home.refused(&change(&taken), 7).says("already-exists", "code.txt");
        home.refused(&["change-password", "nas"], 7);
        let stdin = ["change-password", "box", "--cloud-password-file", "-", "--new-password-file", "-"];
        home.refused(&stdin, 2).says("usage", "standard input");
        assert_eq!(home.wallets(OPEN), ["savings"]);
    }

    /// `box`, whose password was forgotten; its wallet of then is only under the old one.
    fn forgotten() -> CloudHome {
        let home = CloudHome::with_box();
        home.cloud(&[&["forgot-password", "box", "--recovery-code-out", "new-code.txt"], &NEW[..], &WORK].concat())
            .ok();
        home
    }

    #[test]
    fn a_forgotten_one_begins_anew_and_loses_nothing() {
        let home = CloudHome::with_box();
        let args = [&["forgot-password", "box", "--recovery-code-out", "new-code.txt"], &NEW[..], &WORK].concat();
        let run = home.cloud(&args).ok();
        for words in [
            "recovery code, and with it nothing is lost",
            "keyark cloud change-password box",
            "readable only with the password set on 20",
            "keyark backup cloud --all --to box",
        ] {
            assert!(run.err.contains(words), "{words}:\n{}", run.err);
        }
        assert!(home.wallets(OPEN_NEW).is_empty());
        assert!(home.wallets(["--recovery-code-file", "new-code.txt"]).is_empty());
        assert_eq!(home.wallets(OPEN), ["savings"], "under the older password");
        assert_eq!(home.wallets(BY_CODE), ["savings"], "and under its recovery code");
        let run = home.cloud(&[&["list", "box"], &OPEN_NEW[..]].concat()).ok();
        assert!(run.err.contains("part of it is sealed under the password set on 20"), "{}", run.err);
        let epochs = home.objects(&[&["list", "box"], &OPEN_NEW[..]].concat());
        let flags: Vec<_> = epochs.iter().map(|epoch| (&epoch["current"], &epoch["sealed"])).collect();
        assert_eq!(flags, [(&json!(false), &json!(true)), (&json!(true), &json!(false))]);
    }

    #[test]
    fn the_object_of_a_forgotten_one() {
        let home = CloudHome::with_box();
        let args = [&["forgot-password", "box", "--no-recovery-code"], &NEW[..], &WORK].concat();
        let object = home.object(&args);
        assert_fields(&object, &["epoch", "name", "recovery_code", "sealed"]);
        assert_eq!((&object["epoch"], &object["sealed"][0]["epoch"]), (&json!(2), &json!(1)));
        assert!(text(&object["sealed"][0], "password_set").ends_with('Z'));
    }

    #[test]
    fn one_that_opens_is_not_forgotten() {
        let home = CloudHome::with_box();
        let same = ["forgot-password", "box", "--no-recovery-code", "--new-password-file", "cloud.txt"];
        home.refused(&[&same[..], &WORK].concat(), 2).says("usage", "not forgotten");
        let with_code =
            ["forgot-password", "box", "--recovery-code-out", "new.txt", "--new-password-file", "cloud.txt"];
        home.refused(&[&with_code[..], &WORK].concat(), 2);
        home.refused(&[&["forgot-password", "box"], &NEW[..]].concat(), 2).says("usage", "--recovery-code-out");
    }

    #[test]
    fn what_came_back_to_mind_is_merged() {
        let home = forgotten();
        home.put("house", "other-words.txt", "other-password.txt");
        let merge = |file| [&["merge", "box"], &OPEN_NEW[..], &["--old-password-file", file]].concat();
        home.refused_inside(&merge("wrong.txt"), 4).says("wrong-password", "were set on 20");
        home.refused_inside(&merge("other-password.txt"), 4);
        let object = home.object(&merge("cloud.txt"));
        assert_eq!(object, json!({ "name": "box", "added": ["savings"], "known": [], "damaged": [] }));
        assert_eq!(home.wallets(OPEN_NEW), ["house", "savings"]);
        let object = home.object(&merge("cloud.txt"));
        assert_eq!((&object["added"], &object["known"]), (&json!([]), &json!(["savings"])));
        let run = home.cloud(&merge("cloud.txt")).ok();
        assert!(run.err.contains("keyark cloud remove box --older"), "{}", run.err);
        assert!(run.err.ends_with("\n  keyark verify --from box\n"), "{}", run.err);
        let old = ["merge", "box", "--cloud-password-file", "cloud.txt", "--old-password-file", "other-password.txt"];
        home.refused_inside(&old, 4).says("locked", "an older password");
    }

    #[test]
    fn there_is_nothing_to_merge_before_a_password_was_forgotten() {
        let home = CloudHome::with_box();
        home.refused(&[&["merge", "box"], &OPEN[..]].concat(), 7).says("not-found", "an older password");
    }

    #[test]
    fn an_old_password_changes_nothing() {
        let home = forgotten();
        home.write("third.txt", "some marble stairs lead nowhere 9");
        let args = [&["change-password", "box"], &OPEN[..], &["--new-password-file", "third.txt"]].concat();
        home.refused_inside(&args, 4).says("locked", "keyark cloud merge box");
        let args = [&["recovery-code", "box", "--recovery-code-out", "x.txt"], &OPEN[..]].concat();
        home.refused_inside(&args, 4);
        let (url, open) = (home.url("cloud"), OPEN);
        let args = [&["cloud", "init", "box", &url, "--home", "elsewhere"], &open[..]].concat();
        home.fails_alone(&args, 4).says("locked", "an older password");
    }

    #[test]
    fn a_recovery_code_takes_the_place_of_the_one_before() {
        let home = CloudHome::with_box();
        let args = |open: [&'static str; 2], out| {
            [&["recovery-code", "box", "--recovery-code-out", out], &open[..], &WORK].concat()
        };
        let object = home.object(&args(OPEN, "second.txt"));
        assert_eq!(object, json!({ "name": "box", "recovery_code": true, "replaced": true }));
        assert_eq!(mode(&home.path("second.txt")), 0o600);
        home.refused(&args(BY_CODE, "third.txt"), 4).says("wrong-password", "recovery code");
        home.cloud(&args(["--recovery-code-file", "second.txt"], "third.txt")).ok();
        assert_eq!(home.wallets(["--recovery-code-file", "third.txt"]), ["savings"]);
        home.refused(&args(OPEN, "third.txt"), 7).says("already-exists", "third.txt");
        home.refused(&[&["recovery-code", "box"], &OPEN[..]].concat(), 2).says("usage", "--recovery-code-out");
    }

    #[test]
    fn no_secret_is_in_what_is_said_or_noted() {
        let home = CloudHome::with_box();
        let code = home.code();
        let runs = [
            home.cloud(&[&["list", "box"], &BY_CODE[..]].concat()),
            home.cloud(&change(&OPEN)),
            home.cloud(&["list", "box", "--cloud-password-file", "wrong.txt"]),
            home.cloud(
                &[&["recovery-code", "box", "--recovery-code-out", "second.txt"], &OPEN_NEW[..], &WORK].concat(),
            ),
            home.cloud(&["remove", "box"]),
        ];
        let noted =
            home.state().into_iter().filter(|(name, _)| name.starts_with("vault") || name.starts_with("cloud/"));
        let texts = runs.iter().map(|run| format!("{}{}", run.out, run.err));
        let texts = texts.chain(noted.map(|(_, (_, bytes))| String::from_utf8_lossy(&bytes).into_owned()));
        let second = home.read("second.txt");
        for text in texts {
            for secret in [CLOUD_PASSWORD, OTHER_PASSWORD, PASSWORD, &code, second.trim_end(), "abandon abandon"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

mod repair {
    use super::*;

    #[test]
    fn an_older_state_is_told_and_accepted() {
        let home = CloudHome::with_box();
        home.wallets(OPEN); // so that this computer has seen the wallet
        let copy = |from: &str, to: &str| {
            let _ = std::fs::remove_dir_all(home.path(to));
            assert!(
                std::process::Command::new("cp")
                    .arg("-a")
                    .args([home.path(from), home.path(to)])
                    .status()
                    .unwrap()
                    .success()
            );
        };
        copy("cloud", "before");
        home.put("house", "other-words.txt", "cloud.txt");
        assert_eq!(home.wallets(OPEN), ["savings", "house"]);
        copy("before", "cloud");
        let run = home.cloud(&[&["list", "box"], &OPEN[..]].concat()).ok();
        assert!(run.err.contains("older state") && run.err.contains("`keyark cloud repair box`"), "{}", run.err);
        let change =
            [&["change-password", "box", "--new-password-file", "other-password.txt"], &OPEN[..], &WORK].concat();
        home.refused_inside(&change, 3).says("malformed", "`keyark cloud repair box`");
        let object = home.object(&[&["repair", "box"], &OPEN[..]].concat());
        assert_eq!(object, json!({ "name": "box", "repaired": true, "found": [], "wallets": 1 }));
        let object = home.object(&[&["repair", "box"], &OPEN[..]].concat());
        assert_eq!(object["repaired"], json!(false));
        home.cloud(&change).ok();
    }
}

mod remove {
    use super::*;

    #[test]
    fn by_itself_it_only_forgets() {
        let home = CloudHome::with_box();
        let url = home.url("cloud");
        home.refused(&[&["remove", "box"], &OPEN[..]].concat(), 2).says("usage", "no password");
        let object = home.object(&["remove", "box"]);
        assert_eq!(object, json!({ "name": "box", "removed": "note", "url": url }));
        assert!(home.exists("cloud/keyark-vault.json") && !home.exists("vault/.clouds/box.json"));
        home.refused(&["remove", "box"], 7).says("not-found", "keyark cloud init");
        home.init("box", &[]).ok();
        assert_eq!(home.wallets(OPEN), ["savings"]);
    }

    #[test]
    fn deletions_need_a_terminal_or_force() {
        let home = CloudHome::with_box();
        home.refused(&[&["remove", "box", "--wallet", "savings"], &OPEN[..]].concat(), 2).says("usage", "--force");
        home.refused(&[&["remove", "box", "--older"], &OPEN[..]].concat(), 2).says("usage", "--force");
        home.refused(&["remove", "box", "--everything"], 2).says("usage", "--force");
        let wrong = ["remove", "box", "--wallet", "savings", "--force", "--cloud-password-file", "wrong.txt"];
        home.refused(&wrong, 4);
        let none = [&["remove", "box", "--wallet", "house", "--force"], &OPEN[..]].concat();
        home.refused_inside(&none, 7).says("not-found", "savings");
        assert_eq!(home.cloud(&["remove", "box", "--everything", "--older"]).code, Some(2));
    }

    #[test]
    fn one_wallet() {
        let home = CloudHome::with_box();
        home.put("house", "other-words.txt", "cloud.txt");
        let object = home.object(&[&["remove", "box", "--wallet", "savings", "--force"], &OPEN[..]].concat());
        assert_fields(&object, &["id", "name", "removed", "wallet"]);
        assert_eq!((text(&object, "removed"), text(&object, "wallet")), ("wallet", "savings"));
        assert_eq!(home.wallets(OPEN), ["house"]);
    }

    #[test]
    fn what_is_older() {
        let home = CloudHome::with_box();
        let object = home.object(&[&["remove", "box", "--older", "--force"], &OPEN[..]].concat());
        assert_eq!(object, json!({ "name": "box", "removed": "older", "passwords": 0 }));
        let new = ["--new-password-file", "other-password.txt", "--no-recovery-code"];
        home.cloud(&[&["forgot-password", "box"], &new[..], &WORK].concat()).ok();
        home.put("house", "other-words.txt", "other-password.txt");
        home.refused_inside(&[&["remove", "box", "--older", "--force"], &OPEN[..]].concat(), 4)
            .says("locked", "older password");
        let open = ["--cloud-password-file", "other-password.txt"];
        let object = home.object(&[&["remove", "box", "--older", "--force"], &open[..]].concat());
        assert_eq!(object["passwords"], json!(1));
        assert!(!home.exists("cloud/epochs/1/identity.password.age") && !home.exists("cloud/epochs/1/records"));
        assert_eq!(home.wallets(open), ["house"]);
        home.refused(&[&["list", "box"], &OPEN[..]].concat(), 4);
    }

    #[test]
    fn everything() {
        let home = CloudHome::with_box();
        let object = home.object(&["remove", "box", "--everything", "--force"]);
        assert_eq!(object, json!({ "name": "box", "removed": "everything", "url": home.url("cloud") }));
        let left: Vec<_> = home.names().into_iter().filter(|name| name.starts_with("cloud/")).collect();
        assert!(left.iter().all(|name| name == "cloud/lock" || name.starts_with("cloud/.")), "{left:?}");
        assert_eq!(home.objects(&["list"]), [] as [Value; 0]);
        home.init("box", &["--no-recovery-code"]).ok(); // and a new one can be made there
    }
}

mod keychain {
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
}
