//! `cloud init`: a new vault or one that is there, and what is refused before anything is made.

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
