//! What is wrong gets an error that names the problem and the remedy, with its exit code, and loses nothing: nothing on
//! stdout but what was asked for, no file left behind, none changed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod extended_public_keys;
mod files;
mod keystores;
mod parts_of_keys;
mod paths_and_positions;
mod phrases;
mod refusals;

use serde_json::{Value, json};
use support::{Failure, Home, WORDS, finish, text};

const ETHEREUM_KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";
/// The key of `m/84'/0'/0'/0/0` in BIP-84, and the one of `m/84'/1'/0'/0/0` in the chain's vectors.
const WIF_MAINNET: &str = "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d";
const WIF_TESTNET: &str = "cTGhosGriPpuGA586jemcuH9pE9spwUmneMBmYYzrQEbY92DJrbo";

/// Runs a command that must fail, with --json and without: nothing on stdout, and the home as it was before.
#[track_caller]
fn fails(home: &Home, args: &[&str], code: i32) -> Failure {
    let before = home.names();
    let failure = home.run(&[args, &["--json"]].concat()).only_error(code);
    let run = home.run(args);
    assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{}\n{}", run.line, run.err);
    let lines: Vec<_> =
        run.err.lines().filter(|line| !line.starts_with("warning: ") && !line.starts_with("note: ")).collect();
    match lines[..] {
        [problem, remedy] => {
            assert!(problem.starts_with("error: ") && remedy.starts_with("  try: "), "{}", run.err);
        }
        _ => panic!("a problem and a remedy, a line each:\n{}", run.err),
    }
    assert_eq!(home.names(), before, "{args:?}");
    failure
}
