//! What is asked when a vault is opened, and when something comes into it.

use super::*;

#[test]
fn the_list() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["list"]);
    answer(&mut terminal, VAULT, PASSWORD);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &[PASSWORD]);
    assert!(
        ended.screen.contains("savings  NO") && ended.screen.contains("2 wallets are not backed up"),
        "{}",
        ended.screen
    );
}

#[test]
fn a_wrong_password() {
    let home = VaultHome::with_wallets();
    let before = home.state();
    for wrong in ["seldom whistles under water 8", "seldom whistles under water 7 "] {
        let mut terminal = start(&home, &["list"]);
        (0..3).for_each(|_| answer(&mut terminal, VAULT, wrong));
        let ended = terminal.end();
        assert_ended(&ended, 4);
        assert_hidden(&ended, &[wrong]);
        assert!(ended.screen.contains("this is not the password") && ended.screen.contains("try:"), "{}", ended.screen);
    }
    let mut terminal = start(&home, &["list"]);
    answer(&mut terminal, VAULT, "");
    let ended = terminal.end();
    assert_ended(&ended, 3);
    assert!(ended.screen.contains("there is no password"), "{}", ended.screen);
    home.assert_state(&before, "wrong passwords");
}

/// What is wrong with the arguments is said before anything is asked for.
#[test]
fn no_question_is_asked_in_vain() {
    let home = VaultHome::with_wallets();
    for (args, code) in [
        (&["new", "a/b"][..], 3),
        (&["import", "a/b"], 3),
        (&["import", "x", "--keystore", "nowhere.json"], 7),
        (&["import", "x", "--key-file", "key.txt", "--chain", "dogecoin"], 7),
        (&["rename", "savings", ""], 3),
        (&["export", "key", "savings", "--chain", "dogecoin"], 7),
        (&["export", "key", "savings", "--chain", "bitcoin", "--format", "hex"], 7),
        (&["export", "key", "savings", "--chain", "bitcoin", "--out", "words.txt"], 7),
        (&["export", "keystore", "savings", "--chain", "bitcoin", "--out", "x.json"], 5),
        (&["export", "keystore", "savings", "--chain", "ethereum", "--out", "words.txt"], 7),
        (&["export", "xpub", "savings", "--chain", "solana"], 5),
        (&["policy", "set"], 2),
        (&["password", "reset", "a/b"], 3),
        (&["list", "--home", "elsewhere"], 7),
        (&["password", "change", "--home", "elsewhere"], 7),
        (&["password", "reset", "x", "--home", "elsewhere"], 7),
        (&["password", "merge", "--home", "elsewhere"], 7),
    ] {
        let args: Vec<_> = if args.contains(&"--home") { args.to_vec() } else { [args, &["--home", "vault"]].concat() };
        let ended = Terminal::start(&home, &args).end();
        assert_ended(&ended, code);
        assert!(!ended.screen.contains("not shown"), "{args:?}: {}", ended.screen);
    }
}

/// Who types for a long time finds the vault as it is then, not as it was when the question was asked.
#[test]
fn a_vault_that_changes_while_its_password_is_typed() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["list"]);
    terminal.asked(VAULT);
    home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
    terminal.types(&format!("{PASSWORD}\n"));
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(ended.screen.contains("third") && !ended.screen.contains("warning"), "{}", ended.screen);
}

/// Also where all of its files are others by then.
#[test]
fn a_vault_that_is_sealed_anew_while_its_password_is_typed() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["list"]);
    terminal.asked(VAULT);
    let change = ["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"];
    home.keyark(&change).ok();
    terminal.types(&format!("{OTHER_PASSWORD}\n"));
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(ended.screen.contains("savings") && !ended.screen.contains("warning"), "{}", ended.screen);
}

#[test]
fn the_password_again_before_each_export() {
    let home = VaultHome::with_wallets();
    home.keyark(&["policy", "set", "--ask-password"]).ok();
    for (second, code) in [(PASSWORD, 0), ("not the password", 4)] {
        let mut terminal = start(&home, &["export", "key", "hot", "--chain", "ethereum"]);
        answer(&mut terminal, VAULT, PASSWORD);
        let prompt = terminal.expect("(not shown): ");
        assert!(prompt.contains("Ethereum") && prompt.contains("once more"), "{prompt}");
        terminal.types(&format!("{second}\n"));
        let ended = terminal.end();
        assert_ended(&ended, code);
        assert_eq!(ended.screen.contains(KEY), code == 0, "{}", ended.screen);
    }
}

#[test]
fn a_private_key_that_is_typed() {
    let home = VaultHome::with_wallets();
    home.keyark(&["remove", "hot", "--force"]).ok();
    let mut terminal = start(&home, &["import", "typed", "--chain", "ethereum"]);
    answer(&mut terminal, VAULT, PASSWORD);
    answer(&mut terminal, "Private key", KEY);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &[KEY, PASSWORD]);
    let exported = home.object(&["export", "key", "typed", "--chain", "ethereum"]);
    assert_eq!(text(&exported, "private_key"), KEY);
}

#[test]
fn words_and_a_passphrase_that_are_typed() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["import", "hidden", "--ask-passphrase", "--note-passphrase"]);
    answer(&mut terminal, VAULT, PASSWORD);
    answer(&mut terminal, "Words", OTHER_WORDS);
    answer(&mut terminal, "BIP-39 passphrase", PASSPHRASE);
    answer(&mut terminal, AGAIN, PASSPHRASE);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &["winner", PASSPHRASE, PASSWORD]);

    let mut terminal = start(&home, &["export", "key", "hidden", "--chain", "ethereum"]);
    answer(&mut terminal, VAULT, PASSWORD);
    answer(&mut terminal, "BIP-39 passphrase of hidden", PASSPHRASE);
    assert_ended(&terminal.end(), 0);
}
