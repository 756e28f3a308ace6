//! A wallet is found, renamed and removed.

use super::*;

#[test]
fn is_found_by_its_name_in_any_case_and_by_its_id() {
    let home = VaultHome::with_wallets();
    let rows = home.objects(&["show", "savings"]);
    assert_eq!(rows, derived(&home, &["--phrase-file", "words.txt"]));
    let id = text(&home.objects(&["list"])[0], "id").to_owned();
    for name in ["Savings", &id, &id.to_uppercase()] {
        assert_eq!(home.objects(&["show", name]), rows, "{name}");
    }
    let run = home.keyark(&["show", "savings"]).ok();
    assert_eq!(run.out.lines().count(), rows.len());
    assert!(run.err.contains("12 English words") && run.err.contains("73c5da0a"), "{}", run.err);
    assert!(home.keyark(&["show", "hot"]).ok().err.contains("one private key of ethereum"));
}

#[test]
fn gets_another_name() {
    let home = VaultHome::with_wallets();
    let before = home.objects(&["list"]);
    let renamed = home.object(&["rename", "savings", "Mother's house (2026)"]);
    assert_eq!((text(&renamed, "name"), &renamed["id"]), ("Mother's house (2026)", &before[0]["id"]));
    assert_eq!(column(&home.objects(&["list"]), "name"), ["Mother's house (2026)", "hot"]);
    home.fails(&["show", "savings"], 7).says("not-found", "Mother's house (2026)");
    home.keyark(&["rename", "mother's house (2026)", "MOTHER"]).ok();
    home.keyark(&["rename", "mother", "Mother"]).ok(); // other capitals are no other wallet
    assert_eq!(home.objects(&["list"])[0]["id"], before[0]["id"]);
    home.fails(&["rename", "hot", "mother"], 7).says("already-exists", "another name");
}

#[test]
fn is_removed_when_it_is_backed_up_or_with_force() {
    let home = VaultHome::with_wallets();
    home.fails(&["remove", "savings"], 5).says("refused", "not backed up");
    let removed = home.object(&["remove", "savings", "--force"]);
    assert_eq!((text(&removed, "name"), &removed["removed"]), ("savings", &json!(true)));
    home.fails(&["show", "savings"], 7).says("not-found", "hot");
    assert_eq!(column(&home.objects(&["list"]), "name"), ["hot"]);
    // It can come again.
    home.keyark(&["import", "savings", "--phrase-file", "words.txt"]).ok();
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    home.fails(&["remove", "savings"], 2).says("usage", "--force"); // backed up, but there is nobody to ask
    home.keyark(&["remove", "savings", "--force"]).ok();
    home.keyark(&["rename", "hot", "warm"]).ok();
    assert_eq!(
        home.files("records/").len(),
        2,
        "what was removed is gone with the change after: warm, and hot before it"
    );
}
