//! `cloud remove` removes what was named and nothing else.

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
