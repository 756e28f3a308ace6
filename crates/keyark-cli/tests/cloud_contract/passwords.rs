//! Passwords and recovery codes of a cloud vault: changed, forgotten, merged; and no wallet is lost by it.

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
        let expected = json!({ "name": "box", "changed": true, "rekeyed": false, "wallets": 1, "recovery_code": true });
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
    assert!(run.err.contains("taken before") && run.err.contains("still open with the old password"), "{}", run.err);
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
    home.cloud(&[&["forgot-password", "box", "--recovery-code-out", "new-code.txt"], &NEW[..], &WORK].concat()).ok();
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
    let with_code = ["forgot-password", "box", "--recovery-code-out", "new.txt", "--new-password-file", "cloud.txt"];
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
        home.cloud(&[&["recovery-code", "box", "--recovery-code-out", "second.txt"], &OPEN_NEW[..], &WORK].concat()),
        home.cloud(&["remove", "box"]),
    ];
    let noted = home.state().into_iter().filter(|(name, _)| name.starts_with("vault") || name.starts_with("cloud/"));
    let texts = runs.iter().map(|run| format!("{}{}", run.out, run.err));
    let texts = texts.chain(noted.map(|(_, (_, bytes))| String::from_utf8_lossy(&bytes).into_owned()));
    let second = home.read("second.txt");
    for text in texts {
        for secret in [CLOUD_PASSWORD, OTHER_PASSWORD, PASSWORD, &code, second.trim_end(), "abandon abandon"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
