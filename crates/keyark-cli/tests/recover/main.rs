//! `keyark recover`: what it finds and how it says so, what it refuses, and that no work is lost or done twice.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/canary.rs"]
mod canary;
#[path = "../support/search.rs"]
mod search;
#[path = "../support/mod.rs"]
mod support;

mod checkpoints;
mod going_on;
mod keys;
mod keystores;
mod long;
mod paths;
mod phrases;
mod refusals;
mod secrets;

use canary::{PASSPHRASE, WORDS};
use serde_json::{Value, json};
use support::{Failure, Home, Run, text, wait};

/// What the canary's words open without a passphrase.
const ETHEREUM: &str = "0x58A57ed9d8d624cBD12e2C467D34787555bB1b25";

/// The words with some of them replaced.
fn words(replaced: &[(usize, &str)]) -> String {
    let mut words: Vec<_> = WORDS.split(' ').collect();
    replaced.iter().for_each(|(at, word)| words[at - 1] = word);
    words.join(" ").trim().to_owned()
}

/// What the words open, under a passphrase or none: the address of the default kind of a chain.
fn address(home: &Home, args: &[&str]) -> String {
    home.write("right.txt", WORDS);
    let run = home.run(&[&["derive", "--phrase-file", "right.txt", "--json"], args].concat()).ok();
    text(&run.objects()[0], "address").to_owned()
}

fn recover(home: &Home, damaged: &str, args: &[&str]) -> Run {
    home.write("damaged.txt", damaged);
    home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt", "--json"], args].concat())
}

/// The one match.
#[track_caller]
fn found(home: &Home, damaged: &str, args: &[&str]) -> Value {
    recover(home, damaged, args).object()
}

#[track_caller]
fn refused(damaged: &str, args: &[&str], code: i32) -> Failure {
    recover(&Home::new(), damaged, args).only_error(code)
}
