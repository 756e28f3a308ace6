//! Whoever stops at a prompt, at any of them, has changed nothing.

use super::*;

/// A thing that a person does until they stop.
#[derive(Clone, Copy)]
enum Step {
    Answer(&'static str, &'static str),
    Screen,
    Question(&'static str),
}
use Step::{Answer, Question, Screen};

/// Stops the command with Ctrl-C at each of its steps.
fn at_each(home: &VaultHome, args: &[&str], steps: &[Step]) {
    let before = home.state();
    for last in 0..steps.len() {
        let mut terminal = start(home, args);
        for step in &steps[..last] {
            match step {
                Answer(prompt, text) => answer(&mut terminal, prompt, text),
                Screen => _ = read_screen(&mut terminal),
                Question(_) => unreachable!("the last one"),
            }
        }
        match steps[last] {
            Answer(prompt, _) => {
                terminal.asked(prompt);
                terminal.types("half a sec\x03");
            }
            Screen => {
                terminal.expect(ENTER_SCREEN);
                terminal.expect("Enter, when it is on paper");
                // What is typed in the same moment is thrown away, with whatever it is.
                terminal.types_until("\x03", "stopped");
            }
            Question(text) => {
                terminal.expect(text);
                terminal.types("\x03");
            }
        }
        let ended = terminal.end();
        assert_ended(&ended, 130);
        assert_eq!(ended.screen.matches("error").count(), 1, "{}", ended.screen);
        let left = scrollback(&ended.screen); // which finds that each screen was left
        assert!(left.contains("stopped; nothing was changed"), "{left}");
        assert!(!left.contains("half a sec") && !left.contains(PASSWORD), "{left}");
        home.assert_state(&before, (args, last));
    }
}

const SET_NEW: [Step; 3] = [Screen, Answer(NEW, OTHER_PASSWORD), Answer(AGAIN, OTHER_PASSWORD)];

#[test]
fn on_a_fresh_home() {
    let home = VaultHome::new();
    at_each(&home, &["new", "savings"], &SET_NEW);
    at_each(&home, &["import", "savings", "--phrase-file", "words.txt"], &SET_NEW);
    assert!(!home.vault().exists());
}

#[test]
fn in_a_vault() {
    let home = VaultHome::with_wallets();
    let open = Answer(VAULT, PASSWORD);
    for command in [
        &["new", "house"][..],
        &["list"],
        &["show", "savings"],
        &["rename", "savings", "house"],
        &["remove", "savings", "--force"],
        &["export", "key", "savings", "--chain", "bitcoin", "--out", "key.out"],
        &["export", "xpub", "savings"],
        &["policy", "set", "--deny", "keystore"],
        &["repair"],
    ] {
        at_each(&home, command, &[open]);
    }
    at_each(&home, &["import", "x"], &[open, Answer("Words", OTHER_WORDS)]);
    at_each(
        &home,
        &["import", "x", "--ask-passphrase"],
        &[open, Answer("Words", OTHER_WORDS), Answer("passphrase", PASSPHRASE)],
    );
    let keystore = ["export", "keystore", "hot", "--chain", "ethereum", "--out", "account.json"];
    at_each(&home, &keystore, &[open, Answer("New password for the keystore", "one"), Answer(AGAIN, "one")]);
}

#[test]
fn in_a_backup() {
    let home = VaultHome::with_wallets();
    let open = Answer(VAULT, PASSWORD);
    at_each(&home, &["backup", "phrase", "savings"], &[open, Screen, Answer("Word ", "abandon")]);
    at_each(&home, &["backup", "key", "hot"], &[open, Screen, Answer("from the paper", KEY)]);
}

#[test]
fn in_a_change_of_the_password() {
    let home = VaultHome::with_wallets();
    let open = [Answer(VAULT, PASSWORD)];
    at_each(&home, &["password", "change"], &[&open[..], &SET_NEW].concat());
    at_each(&home, &["password", "change", "--rekey"], &[&open[..], &SET_NEW].concat());
    let words = [Answer("Words", WORDS)];
    at_each(&home, &["password", "reset", "mine"], &[&words[..], &SET_NEW].concat());
    at_each(&home, &["password", "merge"], &[open[0], Answer("The old password", OTHER_PASSWORD)]);
}

#[test]
fn before_a_removal() {
    let home = VaultHome::with_wallets();
    home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
    at_each(&home, &["remove", "hot"], &[Answer(VAULT, PASSWORD), Question("leave it:")]);
}

#[test]
fn with_json_it_is_one_object() {
    let home = VaultHome::with_wallets();
    let mut terminal = start(&home, &["list", "--json"]);
    terminal.asked(VAULT);
    terminal.types("\x03");
    let ended = terminal.end();
    assert_ended(&ended, 130);
    let last = ended.screen.lines().rfind(|line| !line.trim().is_empty()).unwrap();
    let object: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {}", ended.screen));
    assert_eq!((text(&object["error"], "kind"), &object["error"]["code"]), ("cancelled", &json!(130)));
}

/// Ctrl-D is no answer.
#[test]
fn the_end_of_the_input() {
    let home = VaultHome::with_wallets();
    home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
    let before = home.state();
    let mut terminal = start(&home, &["list"]);
    terminal.asked(VAULT);
    terminal.types("\x04");
    let ended = terminal.end();
    assert_ended(&ended, 2);
    assert!(ended.screen.contains("--password-file"), "{}", ended.screen);
    let mut terminal = start(&home, &["remove", "hot"]);
    answer(&mut terminal, VAULT, PASSWORD);
    terminal.expect("leave it:");
    terminal.types("\x04");
    assert_ended(&terminal.end(), 130);
    home.assert_state(&before, "Ctrl-D");
    let fresh = VaultHome::new();
    let before = fresh.state();
    let mut terminal = start(&fresh, &["new", "savings"]);
    read_screen(&mut terminal);
    terminal.asked(NEW);
    terminal.types("\x04");
    assert_ended(&terminal.end(), 2);
    fresh.assert_state(&before, "Ctrl-D");
}
