//! What the vault's commands ask on a terminal: nothing that is typed is shown, what is shown on its own screen does not stay,
//! and whoever stops at a prompt has changed nothing.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use serde_json::{Value, json};
use support::terminal::{Ended, Terminal};
use support::vault::{CHEAP, KEY, OTHER_PASSWORD, OTHER_WORDS, PASSPHRASE, PASSWORD, VaultHome};
use support::{WORDS, text};

const ENTER_SCREEN: &str = "\x1b[?1049h";
const CLEAR_AND_LEAVE: &str = "\x1b[2J\x1b[H\x1b[?1049l";

const VAULT: &str = "Password of the vault";
const NEW: &str = "New password";
const AGAIN: &str = "The same again";

/// Starts a command on the home's vault, without any file of secrets.
fn start(home: &VaultHome, args: &[&str]) -> Terminal {
    Terminal::start(home, &[args, &["--home", "vault"]].concat())
}

/// Answers a prompt.
#[track_caller]
fn answer(terminal: &mut Terminal, prompt: &str, text: &str) {
    terminal.asked(prompt);
    terminal.types(&format!("{text}\n"));
}

/// Reads a screen of its own, and leaves it.
#[track_caller]
fn read_screen(terminal: &mut Terminal) -> String {
    terminal.expect(ENTER_SCREEN);
    let shown = terminal.expect("Enter, when it is on paper");
    terminal.types_until("\n", CLEAR_AND_LEAVE); // what is typed before it can be read does not count
    shown
}

/// The words on their screen, by their numbers.
#[track_caller]
fn read_words(shown: &str) -> Vec<String> {
    let tokens: Vec<_> = shown.split_whitespace().collect();
    let number = |token: &str| token.parse::<usize>().ok();
    let pairs = tokens.windows(2).filter_map(|pair| Some((number(pair[0])?, pair[1].to_owned())));
    let mut words: Vec<_> = pairs.filter(|(_, word)| word != "English").collect();
    words.sort();
    let numbers: Vec<_> = words.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>(), "{shown}");
    words.into_iter().map(|(_, word)| word).collect()
}

/// Answers the questions of a quiz, one for each word, from the paper.
#[track_caller]
fn answer_quiz(terminal: &mut Terminal, paper: &[String]) {
    for _ in paper {
        let prompt = terminal.asked("Word ");
        let position: usize = prompt.split(' ').next().unwrap().parse().unwrap();
        terminal.types(&format!("{}\n", paper[position - 1]));
    }
}

/// What stays on the terminal when the screens of their own are left.
fn scrollback(screen: &str) -> String {
    let parts = screen.split(ENTER_SCREEN).enumerate();
    parts.map(|(at, part)| if at == 0 { part } else { part.split_once(CLEAR_AND_LEAVE).unwrap().1 }).collect()
}

#[track_caller]
fn assert_ended(ended: &Ended, code: i32) {
    assert_eq!((ended.code, ended.echo), (Some(code), true), "{}", ended.screen);
    assert_eq!(ended.unread, 0, "bytes that the shell would read: {}", ended.screen);
}

/// None of these stays on the terminal, nor was it shown while it was typed.
#[track_caller]
fn assert_hidden(ended: &Ended, secrets: &[&str]) {
    let left = scrollback(&ended.screen);
    for secret in secrets {
        assert!(!left.contains(secret), "{secret} in:\n{left}");
    }
}

mod a_new_vault {
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
}

mod opening {
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
            assert!(
                ended.screen.contains("this is not the password") && ended.screen.contains("try:"),
                "{}",
                ended.screen
            );
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
            let args: Vec<_> =
                if args.contains(&"--home") { args.to_vec() } else { [args, &["--home", "vault"]].concat() };
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
        let change =
            ["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"];
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
}

mod backups {
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
}

mod removing {
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
}

mod passwords {
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
}

mod stopping {
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
}
