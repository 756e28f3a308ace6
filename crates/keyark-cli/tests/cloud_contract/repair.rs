//! `cloud repair` accepts an older state that was told before.

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
    let change = [&["change-password", "box", "--new-password-file", "other-password.txt"], &OPEN[..], &WORK].concat();
    home.refused_inside(&change, 3).says("malformed", "`keyark cloud repair box`");
    let object = home.object(&[&["repair", "box"], &OPEN[..]].concat());
    assert_eq!(object, json!({ "name": "box", "repaired": true, "found": [], "wallets": 1 }));
    let object = home.object(&[&["repair", "box"], &OPEN[..]].concat());
    assert_eq!(object["repaired"], json!(false));
    home.cloud(&change).ok();
}
