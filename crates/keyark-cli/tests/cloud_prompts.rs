//! What `keyark cloud` asks on a terminal: nothing that is typed is shown, the recovery code is on a screen of its own, and whoever stops at a
//! prompt has changed nothing.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use support::terminal::{Ended, Terminal, answer, assert_ended, read_screen, scrollback};
use support::vault::{CHEAP, OTHER_PASSWORD, PASSWORD, VaultHome};

const CLOUD_PASSWORD: &str = "seven herons crossed a frozen canal 5";
const WORK: [&str; 2] = ["--work-factor", "4"];

const CLOUD: &str = "Password of the cloud vault box";
const NEW: &str = "New password";
const AGAIN: &str = "The same again";
const CODE: &str = "The recovery code, from the paper";

fn url(home: &VaultHome) -> String {
    format!("file://{}", home.path("cloud").display())
}

/// Starts `keyark cloud` without any file of secrets.
fn start(home: &VaultHome, args: &[&str]) -> Terminal {
    Terminal::start(home, &[&["cloud"], args, &["--home", "vault"]].concat())
}

/// A home with a cloud vault called `box`, whose recovery code is in code.txt.
fn with_box() -> VaultHome {
    let home = VaultHome::new();
    home.write("cloud.txt", CLOUD_PASSWORD);
    let files = ["--cloud-password-file", "cloud.txt", "--recovery-code-out", "code.txt"];
    home.run(&[&["cloud", "init", "box", &url(&home), "--home", "vault"], &files[..], &WORK].concat()).ok();
    let put = ["import", "savings", "--phrase-file", "words.txt", "--home", "cloud", "--password-file", "cloud.txt"];
    home.run(&put).ok();
    home
}

/// The recovery code on its screen.
#[track_caller]
fn read_code(terminal: &mut Terminal) -> String {
    let shown = read_screen(terminal);
    let code = shown.split_whitespace().find(|token| token.starts_with("KEYARK-RECOVERY-"));
    code.unwrap_or_else(|| panic!("no code:\n{shown}")).to_owned()
}

#[track_caller]
fn assert_hidden(ended: &Ended, secrets: &[&str]) {
    let left = scrollback(&ended.screen);
    for secret in secrets {
        assert!(!left.contains(secret), "{secret} in:\n{left}");
    }
}

/// Whether the cloud vault opens with the password or the code in this file.
fn opens(home: &VaultHome, flag: &str, file: &str) -> bool {
    home.run(&["cloud", "list", "box", "--home", "vault", flag, file]).code == Some(0)
}

mod a_new_cloud_vault {
    use super::*;

    #[test]
    fn has_a_password_of_its_own_and_a_code_that_was_typed_back() {
        let home = VaultHome::new();
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        let mut terminal = start(&home, &[&["init", "box", &url(&home)], &WORK[..]].concat());
        terminal.expect("One password of its own");
        let shown = read_screen(&mut terminal);
        let suggested = shown.split_whitespace().find(|token| token.split('-').count() == 6).unwrap().to_owned();
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, &suggested);
        }
        let code = read_code(&mut terminal);
        let wrong = code.replace("KEYARK-RECOVERY-", "KEYARK-RECOVERY-Z");
        answer(&mut terminal, CODE, &wrong[..code.len()]);
        terminal.expect("error:");
        answer(&mut terminal, CODE, "legal winner thank year wave sausage");
        terminal.expect("error:");
        answer(&mut terminal, CODE, ""); // shows it once more
        assert_eq!(read_code(&mut terminal), code);
        // As people write: without the prefix, small letters, blanks.
        let typed = code.trim_start_matches("KEYARK-RECOVERY-").to_lowercase().replace('-', " ");
        answer(&mut terminal, CODE, &typed);
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[&suggested, &code, &typed, "legal winner"]);
        assert!(ended.screen.contains("the cloud vault box is made"), "{}", ended.screen);
        home.write("suggested.txt", &suggested);
        home.write("code.txt", &code);
        assert!(
            opens(&home, "--cloud-password-file", "suggested.txt") && opens(&home, "--recovery-code-file", "code.txt")
        );
    }

    #[test]
    fn is_not_made_when_the_person_stops() {
        let home = VaultHome::new();
        let before = home.state();
        let url = url(&home);
        let init = [&["init", "box", &url], &WORK[..]].concat();
        let mut terminal = start(&home, &init);
        read_screen(&mut terminal);
        terminal.asked(NEW);
        terminal.types("\x03");
        assert_ended(&terminal.end(), 130);
        home.assert_state(&before, "stopped at the password");

        let mut terminal = start(&home, &init);
        read_screen(&mut terminal);
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, CLOUD_PASSWORD);
        }
        let code = read_code(&mut terminal);
        terminal.asked(CODE);
        terminal.types("\x03");
        let ended = terminal.end();
        assert_ended(&ended, 130);
        assert_hidden(&ended, &[CLOUD_PASSWORD, &code]);
        home.assert_state(&before, "stopped at the code");
    }

    #[test]
    fn does_not_take_the_password_of_this_computer() {
        let home = VaultHome::new();
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        let mut terminal = start(&home, &[&["init", "box", &url(&home), "--no-recovery-code"], &WORK[..]].concat());
        read_screen(&mut terminal);
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, PASSWORD);
        }
        terminal.expect("password of the vault on this computer");
        assert!(!home.path("cloud").exists());
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, CLOUD_PASSWORD);
        }
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[PASSWORD, CLOUD_PASSWORD]);
        assert!(home.path("cloud").exists());
    }
}

mod opening {
    use super::*;

    #[test]
    fn slips_are_forgiven_twice() {
        let home = with_box();
        let mut terminal = start(&home, &["list", "box"]);
        for _ in 0..2 {
            answer(&mut terminal, CLOUD, "a slip of the keyboard");
            terminal.expect("error:");
        }
        answer(&mut terminal, CLOUD, CLOUD_PASSWORD);
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[CLOUD_PASSWORD, "slip of the keyboard"]);
        assert!(ended.screen.contains("savings"), "{}", ended.screen);

        let mut terminal = start(&home, &["list", "box"]);
        for _ in 0..3 {
            answer(&mut terminal, CLOUD, "a slip of the keyboard");
        }
        assert_ended(&terminal.end(), 4);
    }

    #[test]
    fn the_recovery_code_is_typed_in_the_passwords_place() {
        let home = with_box();
        let code = home.read("code.txt").trim_end().to_owned();
        let mut terminal = start(&home, &[&["change-password", "box"], &WORK[..]].concat());
        answer(&mut terminal, CLOUD, &code.to_lowercase());
        read_screen(&mut terminal);
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, OTHER_PASSWORD);
        }
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[&code, &code.to_lowercase(), OTHER_PASSWORD]);
        assert!(opens(&home, "--cloud-password-file", "other-password.txt"));
        assert!(
            !opens(&home, "--cloud-password-file", "cloud.txt") && opens(&home, "--recovery-code-file", "code.txt")
        );
    }
}

mod changing {
    use super::*;

    #[test]
    fn a_rekey_that_is_stopped_at_the_code_changes_nothing() {
        let home = with_box();
        let cloud = || {
            let mut state = home.state();
            state.retain(|name, _| name.starts_with("cloud"));
            state
        };
        let before = cloud();
        let rekey = [&["change-password", "box", "--rekey"], &WORK[..]].concat();
        let begin = || {
            let mut terminal = start(&home, &rekey);
            answer(&mut terminal, CLOUD, CLOUD_PASSWORD);
            read_screen(&mut terminal);
            for prompt in [NEW, AGAIN] {
                answer(&mut terminal, prompt, OTHER_PASSWORD);
            }
            let code = read_code(&mut terminal);
            terminal.asked(CODE);
            (terminal, code)
        };
        let (mut terminal, _) = begin();
        terminal.types("\x03");
        assert_ended(&terminal.end(), 130);
        assert!(cloud() == before);

        let (mut terminal, code) = begin();
        terminal.types(&format!("{code}\n"));
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[&code]);
        home.write("new-code.txt", &code);
        assert!(
            opens(&home, "--recovery-code-file", "new-code.txt") && !opens(&home, "--recovery-code-file", "code.txt")
        );
    }

    #[test]
    fn a_forgotten_password() {
        let home = with_box();
        let before = home.state();
        let mut terminal = start(&home, &["forgot-password", "box", "--no-recovery-code"]);
        terminal.expect("keyark cloud change-password box");
        terminal.expect("Type box to go on");
        terminal.types("\n");
        assert_ended(&terminal.end(), 130);
        home.assert_state(&before, "the name was not typed");

        let mut terminal = start(&home, &[&["forgot-password", "box", "--no-recovery-code"], &WORK[..]].concat());
        terminal.expect("this vault has a recovery code");
        terminal.expect("Type box to go on");
        terminal.types("box\n");
        read_screen(&mut terminal);
        for prompt in [NEW, AGAIN] {
            answer(&mut terminal, prompt, OTHER_PASSWORD);
        }
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert!(ended.screen.contains("keyark backup cloud --all --to box"), "{}", ended.screen);

        let mut terminal = start(&home, &["merge", "box"]);
        answer(&mut terminal, CLOUD, OTHER_PASSWORD);
        answer(&mut terminal, "The old password of that vault", CLOUD_PASSWORD);
        let ended = terminal.end();
        assert_ended(&ended, 0);
        assert_hidden(&ended, &[CLOUD_PASSWORD, OTHER_PASSWORD]);
        assert!(ended.screen.contains("taken over: savings"), "{}", ended.screen);
    }
}

mod deleting {
    use super::*;

    #[test]
    fn the_name_is_typed_first() {
        let home = with_box();
        let before = home.state();
        for typed in ["\n", "y\n", "boxes\n"] {
            let mut terminal = start(&home, &["remove", "box", "--everything"]);
            terminal.expect("Type box to go on");
            terminal.types(typed);
            assert_ended(&terminal.end(), 130);
            home.assert_state(&before, typed);
        }
        let mut terminal = start(&home, &["remove", "box", "--everything"]);
        terminal.expect("Type box to go on");
        terminal.types("box\n");
        assert_ended(&terminal.end(), 0);
        assert!(!home.path("cloud/keyark-vault.json").exists());
    }

    #[test]
    fn the_wallets_name_for_a_wallet() {
        let home = with_box();
        let begin = || {
            let mut terminal = start(&home, &["remove", "box", "--wallet", "savings"]);
            answer(&mut terminal, CLOUD, CLOUD_PASSWORD);
            terminal.expect("Type savings to go on");
            terminal
        };
        let mut terminal = begin();
        terminal.types("box\n");
        assert_ended(&terminal.end(), 130);
        let mut terminal = begin();
        terminal.types("savings\n");
        assert_ended(&terminal.end(), 0);
        let list = home.run(&["cloud", "list", "box", "--home", "vault", "--cloud-password-file", "cloud.txt"]).ok();
        assert!(list.err.contains("no wallet is in it"), "{}", list.err);
    }
}
