//! A wallet is removed when its name was typed.

use super::*;

#[test]
fn the_name_is_typed() {
    let home = VaultHome::with_wallets();
    home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
    let before = home.state();
    for wrong in ["y", "yes", "Savings", "", "hot"] {
        let mut terminal = start(&home, &["remove", "savings"]);
        answer(&mut terminal, VAULT, PASSWORD);
        terminal.expect("leave it:");
        terminal.types(&format!("{wrong}\n"));
        let ended = terminal.end();
        assert_ended(&ended, 130);
        assert!(ended.screen.contains("nothing was removed"), "{}", ended.screen);
        home.assert_state(&before, wrong);
    }
    let mut terminal = start(&home, &["remove", "SAVINGS"]);
    answer(&mut terminal, VAULT, PASSWORD);
    terminal.expect("leave it:");
    terminal.types("savings\n");
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(ended.screen.contains("savings is removed"), "{}", ended.screen);
    assert_eq!(home.objects(&["list"]).len(), 1);
}

/// One that is not backed up is not asked about.
#[test]
fn an_unbacked_wallet_stays() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["remove", "savings"]);
    answer(&mut terminal, VAULT, PASSWORD);
    let ended = terminal.end();
    assert_ended(&ended, 5);
    assert!(ended.screen.contains("--force"), "{}", ended.screen);
}
