//! What is asked when passwords change.

use super::*;

#[test]
fn change() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["password", "change", "--work-factor", "2"]);
    answer(&mut terminal, VAULT, PASSWORD);
    read_screen(&mut terminal);
    // Words of a wallet in the vault are no password.
    for prompt in [NEW, AGAIN] {
        answer(&mut terminal, prompt, "abandon abandon abandon");
    }
    terminal.expect("error:");
    for prompt in [NEW, AGAIN] {
        answer(&mut terminal, prompt, OTHER_PASSWORD);
    }
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &[PASSWORD, OTHER_PASSWORD, "abandon abandon"]);
    home.write("password.txt", OTHER_PASSWORD);
    assert_eq!(home.objects(&["list"]).len(), 2);
}

#[test]
fn reset_and_merge() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["password", "reset", "mine", "--work-factor", "2"]);
    answer(&mut terminal, "Words", WORDS);
    read_screen(&mut terminal);
    for prompt in [NEW, AGAIN] {
        answer(&mut terminal, prompt, OTHER_PASSWORD);
    }
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &["abandon", OTHER_PASSWORD]);

    let mut terminal = start(&home, &["password", "merge"]);
    answer(&mut terminal, VAULT, OTHER_PASSWORD);
    answer(&mut terminal, "The old password", PASSWORD);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(ended.screen.contains("taken over: hot"), "{}", ended.screen);
}
