//! What is written down on paper is asked for, and slips are corrected.

use super::*;

#[track_caller]
fn backed_up(home: &VaultHome, wallet: &str) -> bool {
    let list = home.objects(&["list"]);
    let found = list.iter().find(|entry| text(entry, "name") == wallet).unwrap();
    found["backed_up"].as_bool().unwrap()
}

#[test]
fn words_are_written_down_and_asked_for() {
    let home = VaultHome::with_wallets();
    home.keyark(&["new", "house"]).ok();
    let mut terminal = start(&home, &["backup", "phrase", "house"]);
    answer(&mut terminal, VAULT, PASSWORD);
    let words = read_words(&read_screen(&mut terminal));
    answer_quiz(&mut terminal, &words);
    let ended = terminal.end();
    assert_ended(&ended, 0);
    assert!(ended.screen.contains("house is backed up"), "{}", ended.screen);
    assert!(backed_up(&home, "house") && !backed_up(&home, "savings"));
    let left = scrollback(&ended.screen);
    assert!(words.windows(2).all(|two| !left.contains(&two.join(" "))), "{left}");
    // They are the wallet's words.
    home.write("paper.txt", words.join(" "));
    let derived = home.run(&["derive", "--chain", "ethereum", "--phrase-file", "paper.txt", "--json"]).object();
    let shown = home.objects(&["show", "house"]);
    assert!(shown.iter().any(|row| row["address"] == derived["address"]));
}

#[test]
fn a_paper_that_differs_is_corrected() {
    let home = VaultHome::with_wallets();
    let before = home.state();
    let mut terminal = start(&home, &["backup", "phrase", "savings"]);
    answer(&mut terminal, VAULT, PASSWORD);
    read_screen(&mut terminal);
    let wrong = vec!["zebra".to_owned(); 12];
    let prompt = terminal.asked("Word ");
    assert!(prompt.contains("of 12"), "{prompt}");
    for tries in ["2 tries left", "1 try left"] {
        terminal.types("zebra\n");
        terminal.expect(tries);
        terminal.asked("Word ");
    }
    terminal.types(&format!("{}\n", wrong[0]));
    terminal.expect("The paper differs");
    home.assert_state(&before, "not passed");
    terminal.types_until("\n", ENTER_SCREEN);
    let shown = terminal.expect("Enter, when it is on paper");
    assert_eq!(read_words(&shown).join(" "), WORDS);
    terminal.types_until("\n", CLEAR_AND_LEAVE);
    let right: Vec<_> = WORDS.split(' ').map(str::to_owned).collect();
    answer_quiz(&mut terminal, &right);
    assert_ended(&terminal.end(), 0);
    assert!(backed_up(&home, "savings"));
}

#[test]
fn a_kept_passphrase_is_shown_and_asked_for_too() {
    let home = VaultHome::with_wallets();
    let import = ["import", "hidden", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
    home.keyark(&import).ok();
    let paper: Vec<_> = OTHER_WORDS.split(' ').map(str::to_owned).collect();
    for (typed, code) in [("trezor", 8), (PASSPHRASE, 0)] {
        let mut terminal = start(&home, &["backup", "phrase", "hidden"]);
        answer(&mut terminal, VAULT, PASSWORD);
        read_screen(&mut terminal);
        answer_quiz(&mut terminal, &paper);
        assert!(read_screen(&mut terminal).contains(PASSPHRASE));
        answer(&mut terminal, "from the paper", typed);
        let ended = terminal.end();
        assert_ended(&ended, code);
        assert_hidden(&ended, &[PASSPHRASE, "trezor", "winner thank"]);
        assert_eq!(backed_up(&home, "hidden"), code == 0);
    }
}

#[test]
fn a_key_is_written_down_and_typed() {
    let home = VaultHome::with_wallets();
    let slip = KEY.replace("1ab4", "1ab5");
    for (typed, code) in [(&[slip.as_str(); 3][..], 8), (&[slip.as_str(), KEY], 0)] {
        let mut terminal = start(&home, &["backup", "key", "hot"]);
        answer(&mut terminal, VAULT, PASSWORD);
        assert!(read_screen(&mut terminal).contains(KEY));
        typed.iter().for_each(|typed| answer(&mut terminal, "from the paper", typed));
        let ended = terminal.end();
        assert_ended(&ended, code);
        assert_hidden(&ended, &[KEY, &KEY[10..40]]);
        assert_eq!(backed_up(&home, "hot"), code == 0);
    }
}
