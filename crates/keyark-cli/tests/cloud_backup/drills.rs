//! The drill: a backup is proved again, and one that is damaged or gone counts no more.

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
        assert_eq!((text(&row, "method"), &row["addresses"], &row["problem"]), ("keystore", &json!(1), &Value::Null));
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
