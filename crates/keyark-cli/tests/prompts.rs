//! What is asked on a terminal: secrets are not shown while they are typed, and whoever is asked can stop at any time. The
//! command runs on a pseudo-terminal of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use rustix::process::Signal;
use serde_json::{Value, json};
use support::terminal::{Ended, Terminal};
use support::{Home, WORDS, text};

const ETHEREUM_KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";

fn home() -> Home {
    let home = Home::with_words();
    home.write("key.txt", ETHEREUM_KEY);
    home
}

const MAKE: [&str; 10] =
    ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--profile", "light", "--out", "account.json"];

/// Each command that asks, and what it asks for.
fn asking() -> [(Vec<&'static str>, &'static str); 6] {
    [
        (vec!["derive"], "Words"),
        (vec!["derive", "--phrase-file", "words.txt", "--ask-passphrase", "--out", "rows.txt"], "passphrase"),
        (vec!["phrase", "check"], "Words"),
        (vec!["phrase", "quiz", "--phrase-file", "words.txt"], "Word"),
        (MAKE.to_vec(), "password"),
        (vec!["complete", "--chain", "ethereum"], "part"),
    ]
}

/// Stopped: exit 130, said once, the echo is back, nothing is left behind.
#[track_caller]
fn assert_stopped(ended: &Ended, home: &Home, before: &std::collections::BTreeSet<String>) {
    assert_eq!(ended.code, Some(130), "{}", ended.screen);
    assert!(ended.echo, "the terminal shows what is typed, as before");
    assert_eq!(ended.screen.matches("error").count(), 1, "{}", ended.screen);
    assert!(ended.screen.contains("stopped; nothing was changed"), "{}", ended.screen);
    assert_eq!(home.names(), *before);
}

#[test]
fn ctrl_c_stops() {
    let home = home();
    let before = home.names();
    for (args, prompt) in asking() {
        let mut terminal = Terminal::start(&home, &args);
        terminal.asked(prompt);
        terminal.types("half a sec\x03");
        assert_stopped(&terminal.end(), &home, &before);
    }
    let mut terminal = Terminal::start(&home, &MAKE);
    terminal.asked("");
    terminal.types("password\n");
    terminal.asked("again");
    terminal.types("\x03");
    assert_stopped(&terminal.end(), &home, &before);
}

#[test]
fn ctrl_c_with_json_is_one_object() {
    let home = home();
    let mut terminal = Terminal::start(&home, &["derive", "--json"]);
    terminal.asked("");
    terminal.types("\x03");
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo), (Some(130), true), "{}", ended.screen);
    let last = ended.screen.lines().rfind(|line| !line.trim().is_empty()).unwrap();
    let object: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {}", ended.screen));
    assert_eq!((text(&object["error"], "kind"), &object["error"]["code"]), ("cancelled", &json!(130)));
}

#[test]
fn so_do_the_other_signals() {
    let home = home();
    let before = home.names();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut terminal = Terminal::start(&home, &MAKE);
        terminal.asked("");
        terminal.signal(signal);
        assert_stopped(&terminal.end(), &home, &before);
    }
}

/// The end of the input is no answer.
#[test]
fn ctrl_d_is_no_answer() {
    let home = home();
    let before = home.names();
    let mut terminal = Terminal::start(&home, &["derive"]);
    terminal.asked("");
    terminal.types("\x04");
    let ended = terminal.end();
    assert!(ended.code != Some(0) && ended.echo, "{}", ended.screen);
    assert!(ended.screen.contains("error") && ended.screen.contains("try:"), "{}", ended.screen);
    assert_eq!(home.names(), before);
}

#[test]
fn two_entries_that_differ() {
    let home = home();
    let before = home.names();
    let mut terminal = Terminal::start(&home, &MAKE);
    terminal.asked("");
    terminal.types("one password\n");
    terminal.asked("again");
    terminal.types("another password\n");
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo), (Some(8), true), "{}", ended.screen);
    assert!(ended.screen.contains("differ"), "{}", ended.screen);
    assert_eq!(home.names(), before);
}

/// And what goes right: a phrase and a password typed, and neither of them on the screen.
#[test]
fn what_is_typed_is_used_and_not_shown() {
    let home = home();
    let mut terminal = Terminal::start(&home, &["derive", "--chain", "ethereum"]);
    terminal.asked("");
    terminal.types(&format!("{WORDS}\n"));
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo), (Some(0), true), "{}", ended.screen);
    assert!(ended.screen.contains(ETHEREUM), "{}", ended.screen);
    assert!(!ended.screen.contains("abandon"), "{}", ended.screen);

    let mut terminal = Terminal::start(&home, &MAKE);
    for prompt in ["New password for the keystore", "The same again"] {
        terminal.asked(prompt);
        terminal.types("pass word \n");
    }
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo), (Some(0), true), "{}", ended.screen);
    assert!(!ended.screen.contains("pass word"), "{}", ended.screen);
    let open = ["keystore", "open", "account.json", "--keystore-password-file", "-"];
    assert_eq!(home.run_with(&open, "pass word ").ok().out.trim_end(), ETHEREUM_KEY);
}

const ETHEREUM: &str = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";

/// Words are often pasted in several lines. None of them may stay for the shell, which would run and keep it.
#[test]
fn words_pasted_over_several_lines() {
    let home = home();
    for pasted in [WORDS.replace(' ', "\n"), WORDS.replacen(" abandon abandon", "\nabandon abandon", 3)] {
        let mut terminal = Terminal::start(&home, &["derive", "--chain", "ethereum"]);
        terminal.asked("Words");
        terminal.types(&format!("{pasted}\n"));
        terminal.expect(ETHEREUM);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echo, ended.unread), (Some(0), true, 0), "{}", ended.screen);
        assert!(!ended.screen.contains("abandon"), "{}", ended.screen);
    }
}

/// Typed line by line, they end where the person says so: a part of a phrase can be a phrase.
#[test]
fn words_typed_over_several_lines() {
    let home = home();
    let (first, second) = WORDS.split_at("abandon".len() * 6 + 6);
    let mut terminal = Terminal::start(&home, &["derive", "--chain", "ethereum"]);
    terminal.asked("Words");
    for line in [first, second, ""] {
        terminal.types(&format!("{line}\n"));
        if !line.is_empty() {
            terminal.asked("Enter if these are all");
        }
    }
    terminal.expect(ETHEREUM);
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo, ended.unread), (Some(0), true, 0), "{}", ended.screen);
    assert!(!ended.screen.contains("abandon"), "{}", ended.screen);
}

/// Where the command fails in the middle of what was pasted, the rest is thrown away.
#[test]
fn what_was_pasted_too_much_is_gone() {
    let home = home();
    let mut terminal = Terminal::start(&home, &["derive"]);
    terminal.asked("Words");
    terminal.types(&format!("{}\n{}\n", WORDS.replace("about", "above"), WORDS.replace(' ', "\n")));
    let ended = terminal.end();
    assert!(ended.code != Some(0) && ended.echo, "{}", ended.screen);
    assert_eq!(ended.unread, 0, "bytes that the shell would read: {}", ended.screen);
}

mod new_words {
    use std::process::Command;

    use super::*;
    use support::terminal::{self, ENTER_SCREEN};

    const LEAVE_SCREEN: &str = "\x1b[?1049l";

    /// Waits for the words on their own screen, and reads them.
    #[track_caller]
    fn read_words(terminal: &mut Terminal) -> Vec<String> {
        terminal.expect(ENTER_SCREEN);
        terminal::read_words(&terminal.expect("Enter"))
    }

    /// What stays in the terminal when the words' own screen is left.
    fn scrollback(screen: &str) -> String {
        let parts = screen.split(ENTER_SCREEN).enumerate();
        parts.map(|(at, part)| if at == 0 { part } else { part.split_once(LEAVE_SCREEN).unwrap().1 }).collect()
    }

    #[track_caller]
    fn assert_not_left(words: &[String], screen: &str) {
        let left = scrollback(screen);
        for three in words.windows(3) {
            assert!(!left.contains(&three.join(" ")), "{left}");
        }
        assert!(words.iter().filter(|word| left.contains(word.as_str())).count() < 6, "{left}");
    }

    #[test]
    fn are_shown_on_their_own_screen_and_asked_for() {
        let home = Home::new();
        let mut terminal = Terminal::start(&home, &["phrase", "new"]);
        let words = read_words(&mut terminal);
        terminal.types_until("\n", LEAVE_SCREEN); // what is typed before the words can be seen does not count
        for _ in 0..4 {
            let prompt = terminal.asked("Word ");
            let position: usize = prompt.split(' ').next().unwrap().parse().unwrap();
            terminal.types(&format!("{}\n", words[position - 1]));
        }
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echo), (Some(0), true), "{}", ended.screen);
        assert!(ended.screen.contains("passed"), "{}", ended.screen);
        assert_not_left(&words, &ended.screen);
        assert!(home.names().is_empty());
    }

    #[test]
    fn ctrl_c_clears_their_screen() {
        let home = Home::new();
        let mut terminal = Terminal::start(&home, &["phrase", "new"]);
        let words = read_words(&mut terminal);
        terminal.types("\x03");
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echo), (Some(130), true), "{}", ended.screen);
        assert_not_left(&words, &ended.screen);
    }

    /// The words go to the terminal or nowhere: not into a file that takes the messages, nor to a screen that is cleared
    /// before anyone could read it.
    #[test]
    fn do_not_go_where_nobody_reads() {
        let home = Home::new();
        for redirect in ["2> log.txt", "< /dev/null"] {
            let mut command = home.command::<&str>(&[]);
            command = {
                let mut shell = Command::new("bash");
                shell.args(["-c", &format!("exec \"$0\" phrase new {redirect}")]).arg(command.get_program());
                crate::support::like(&mut shell, &command);
                shell
            };
            let ended = Terminal::of(&command).end();
            let log = if redirect.contains("log") { home.read("log.txt") } else { String::new() };
            let list = keyark::phrase::Language::English.word_list();
            let in_log = log.split_whitespace().filter(|token| list.contains(token)).count();
            // Shown on the terminal, plainly, or refused with a word on what to do.
            match ended.code {
                Some(0) => assert!(
                    scrollback(&ended.screen).split_whitespace().filter(|word| list.contains(word)).count() >= 12
                ),
                code => {
                    assert!(code == Some(2) && format!("{log}{}", ended.screen).contains("--out"), "{}", ended.screen)
                }
            }
            assert!(!log.contains(ENTER_SCREEN) && in_log < 12, "{redirect}: {log}");
        }
    }
}
