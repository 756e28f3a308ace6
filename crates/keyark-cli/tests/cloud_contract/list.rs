//! `cloud list`: the vaults that are known, and the wallets in one.

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
    assert!(run.out.starts_with("WALLET") && run.out.contains("savings") && !run.err.contains("sealed"), "{}", run.out);
    home.refused(&["list", "box", "--cloud-password-file", "wrong.txt"], 4).says("wrong-password", "box");
    home.refused(&["list", "box", "--recovery-code-file", "words.txt"], 3);
    home.refused(&["list", "box"], 2).says("usage", "--cloud-password-file");
}
