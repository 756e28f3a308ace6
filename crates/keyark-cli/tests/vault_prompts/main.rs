//! What the vault's commands ask on a terminal: nothing that is typed is shown, what is shown on its own screen does not stay,
//! and whoever stops at a prompt has changed nothing.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod a_new_vault;
mod backups;
mod opening;
mod passwords;
mod removing;
mod stopping;

use serde_json::{Value, json};
use support::terminal::{
    CLEAR_AND_LEAVE, ENTER_SCREEN, Ended, Terminal, answer, assert_ended, read_screen, read_words, scrollback,
};
use support::vault::{CHEAP, KEY, OTHER_PASSWORD, OTHER_WORDS, PASSPHRASE, PASSWORD, VaultHome};
use support::{WORDS, text};

const VAULT: &str = "Password of the vault";
const NEW: &str = "New password";
const AGAIN: &str = "The same again";

/// Starts a command on the home's vault, without any file of secrets.
fn start(home: &VaultHome, args: &[&str]) -> Terminal {
    Terminal::start(home, &[args, &["--home", "vault"]].concat())
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

/// None of these stays on the terminal, nor was it shown while it was typed.
#[track_caller]
fn assert_hidden(ended: &Ended, secrets: &[&str]) {
    let left = scrollback(&ended.screen);
    for secret in secrets {
        assert!(!left.contains(secret), "{secret} in:\n{left}");
    }
}
