//! A backup on paper is proved by what is read from it.

use super::*;

#[track_caller]
fn wallet(home: &VaultHome, name: &str) -> Value {
    home.objects(&["list"]).into_iter().find(|wallet| text(wallet, "name") == name).unwrap()
}

#[test]
fn words_on_paper() {
    let home = VaultHome::with_wallets();
    let before = home.state();
    for (sheet, code, kind) in [
        (WORDS.replace("about", "above"), 8, "mismatch"),
        (WORDS.replace("abandon", "ability"), 8, "mismatch"),
        ("abandon abandon".to_owned(), 3, "malformed"),
    ] {
        home.write("sheet.txt", sheet);
        let run = home.json(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
        assert_eq!(run.error(code).kind, kind);
        let run = home.keyark(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
        assert_eq!(run.code, Some(code));
        std::fs::remove_file(home.path("sheet.txt")).unwrap();
        home.assert_state(&before, "a wrong sheet");
        assert_eq!(wallet(&home, "savings")["backed_up"], false);
    }
    home.write(
        "sheet.txt",
        WORDS.split(' ').enumerate().map(|(at, word)| format!("{}. {word}\n", at + 1)).collect::<String>(),
    );
    let object = home.object(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
    assert_eq!(
        (text(&object, "name"), text(&object, "method"), &object["backed_up"]),
        ("savings", "phrase", &json!(true))
    );
    let listed = wallet(&home, "savings");
    assert_eq!((&listed["backed_up"], &listed["backups"][0]["made"]), (&json!(true), &object["made"]));
    // Once more is the same paper.
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]).ok();
    assert_eq!(wallet(&home, "savings")["backups"].as_array().unwrap().len(), 1);
}

#[test]
fn a_key_on_paper() {
    let home = VaultHome::with_wallets();
    home.write("sheet.txt", KEY.replace("1ab4", "1ab5"));
    home.fails(&["backup", "key", "hot", "--answers-file", "sheet.txt"], 8).says("mismatch", "another private key");
    home.write("sheet.txt", &KEY[..40]);
    home.fails(&["backup", "key", "hot", "--answers-file", "sheet.txt"], 3);
    let object = home.object(&["backup", "key", "hot", "--answers-file", "key.txt"]);
    assert_eq!(text(&object, "method"), "private-key");
    assert_eq!(wallet(&home, "hot")["backed_up"], true);
}

#[test]
fn each_kind_of_wallet_has_its_own() {
    let home = VaultHome::with_wallets();
    home.fails(&["backup", "phrase", "hot", "--answers-file", "words.txt"], 2).says("usage", "keyark backup key hot");
    home.fails(&["backup", "key", "savings", "--answers-file", "key.txt"], 2)
        .says("usage", "keyark backup phrase savings");
    for args in [["backup", "phrase", "savings"], ["backup", "key", "hot"]] {
        home.fails(&args, 2).says("usage", "--answers-file");
    }
}

/// Words without their passphrase are another wallet, so it has to be on paper as well.
#[test]
fn a_passphrase_is_asked_for_too() {
    let home = VaultHome::with_wallets();
    let words = ["--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
    for (name, note) in [("kept", &[][..]), ("noted", &["--note-passphrase"])] {
        home.keyark(&[&["import", name], &words[..], note].concat()).ok();
        let backup = ["backup", "phrase", name, "--answers-file", "other-words.txt"];
        home.fails(&backup, 2).says("usage", "--passphrase-file");
        home.fails(&[&backup[..], &["--passphrase-file", "wrong.txt"]].concat(), 8).says("mismatch", "passphrase");
        home.keyark(&[&backup[..], &["--passphrase-file", "passphrase.txt"]].concat()).ok();
        assert_eq!(wallet(&home, name)["backed_up"], true);
        home.keyark(&["remove", name, "--force"]).ok();
    }
}
