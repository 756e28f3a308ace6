//! `list` shows what is not backed up first, and checks for cron.

use super::*;

#[test]
fn the_unbacked_come_first() {
    let home = VaultHome::with_wallets();
    home.keyark(&["new", "house"]).ok();
    let list = home.objects(&["list"]);
    assert_eq!(column(&list, "name"), ["savings", "hot", "house"]);
    for wallet in &list {
        assert_fields(wallet, &["name", "id", "backed_up", "backups"]);
        assert_eq!((&wallet["backed_up"], &wallet["backups"]), (&json!(false), &json!([])));
    }
    let before: Vec<_> = list.iter().map(|wallet| text(wallet, "id").to_owned()).collect();

    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    let list = home.objects(&["list"]);
    assert_eq!(column(&list, "name"), ["hot", "house", "savings"]);
    assert_eq!(column(&list, "id"), [&*before[1], &before[2], &before[0]], "ids stay");
    let savings = &list[2];
    assert_eq!(savings["backed_up"], true);
    let backup = &savings["backups"][0];
    assert_fields(backup, &["method", "to", "made", "verified", "stale"]);
    assert_eq!((text(backup, "method"), &backup["stale"]), ("phrase", &Value::Null));
    assert_time(&backup["made"]);
    assert_time(&backup["verified"]);
}

#[test]
fn the_check_is_for_cron() {
    let home = VaultHome::with_wallets();
    let run = home.json(&["list", "--check"]);
    run.error(8).says("mismatch", "2 wallets");
    assert_eq!(run.objects(), home.objects(&["list"]), "what is listed is the same");
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    home.json(&["list", "--check"]).error(8).says("mismatch", "keyark backup key hot");
    home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
    let run = home.json(&["list", "--check"]).ok();
    assert_eq!(run.objects().len(), 2);
    assert_eq!(run.err, "", "nothing to mail");
}

#[test]
fn a_person_sees_what_is_not_backed_up() {
    let home = VaultHome::with_wallets();
    let run = home.keyark(&["list"]).ok();
    let rows: Vec<_> = run.out.lines().collect();
    assert!(rows.len() == 3 && rows[1].starts_with("savings  NO") && rows[2].starts_with("hot      NO"), "{}", run.out);
    assert!(run.err.contains("2 wallets are not backed up"), "{}", run.err);
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    let run = home.keyark(&["list"]).ok();
    assert!(run.out.lines().last().unwrap().contains("words on paper"), "{}", run.out);
    assert!(run.err.contains("hot is not backed up"), "{}", run.err);
}

#[test]
fn an_empty_vault_says_what_to_do() {
    let home = VaultHome::with_wallets();
    for wallet in ["savings", "hot"] {
        home.keyark(&["remove", wallet, "--force"]).ok();
    }
    let run = home.keyark(&["list"]).ok();
    assert!(run.out.is_empty() && run.err.contains("keyark new"), "{}{}", run.out, run.err);
    home.keyark(&["list", "--check"]).ok();
}
