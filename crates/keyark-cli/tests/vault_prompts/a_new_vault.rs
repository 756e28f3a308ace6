//! What is asked when a vault is made.

use super::*;

#[test]
fn under_the_suggested_password() {
    let home = VaultHome::new();
    let mut terminal = start(&home, &[&["new", "savings"], &CHEAP[..]].concat());
    terminal.expect("One password protects");
    let shown = read_screen(&mut terminal);
    let suggested = shown.split_whitespace().find(|token| token.split('-').count() == 6).unwrap().to_owned();
    for prompt in [NEW, AGAIN] {
        answer(&mut terminal, prompt, &suggested);
    }
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &[&suggested]);
    for words in ["bc1q", "savings is not backed up", "keyark backup phrase savings"] {
        assert!(ended.screen.contains(words), "{words}:\n{}", ended.screen);
    }
    home.write("password.txt", &suggested);
    assert_eq!(text(&home.objects(&["list"])[0], "name"), "savings");
}

#[test]
fn under_one_of_ones_own_after_slips() {
    let home = VaultHome::new();
    let mut terminal = start(&home, &[&["new", "savings"], &CHEAP[..]].concat());
    let first = read_screen(&mut terminal);
    let mut slip = |first: &str, second: &str, said: &str| {
        answer(&mut terminal, NEW, first);
        answer(&mut terminal, AGAIN, second);
        terminal.expect(said);
    };
    slip(PASSWORD, "seldom whistles under water 8", "the two entries differ");
    slip("savings2026", "savings2026", "too weak");
    slip("savings", "savings", "wallet's own name");
    slip("", "", "no password");
    slip("tab\tand another one", "tab\tand another one", "cannot be seen");
    for prompt in [NEW, AGAIN] {
        answer(&mut terminal, prompt, PASSWORD);
    }
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert_hidden(&ended, &[PASSWORD, "under water 8", "savings2026"]);
    assert_eq!(home.objects(&["list"]).len(), 1);

    // Each time another one is suggested.
    let other = VaultHome::new();
    let mut terminal = start(&other, &["new", "savings"]);
    assert_ne!(read_screen(&mut terminal), first);
    terminal.asked(NEW);
    terminal.types("\x03");
    assert_ended(&terminal.end(), 130);
}

/// In an existing vault the password is asked for once, and nothing is suggested.
#[test]
fn is_made_once() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["new", "house"]);
    answer(&mut terminal, VAULT, PASSWORD);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(!ended.screen.contains(ENTER_SCREEN) && !ended.screen.contains(NEW), "{}", ended.screen);
    assert_hidden(&ended, &[PASSWORD]);
}
