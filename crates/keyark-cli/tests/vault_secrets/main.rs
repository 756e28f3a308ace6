//! The vault's secrets are where they belong and nowhere else: known words, keys and passwords go through every command of the
//! vault, in success and in failure, and all that is printed and every file that is left is searched for them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "../support/canary.rs"]
mod canary;
#[path = "../support/mod.rs"]
mod support;

mod commands;
mod copies;
mod failures;
mod permissions;
mod searching;

use std::cell::RefCell;
use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use canary::{Canary, Kind, PASSPHRASE, PASSWORD, WORDS, WRONG_PASSWORD, assert_hides, canaries, key, wallets};
use keyark::vault::{Folder, Password, Vault, WalletSecret};
use keyark::{Network, Position, Registry};
use support::vault::{CHEAP, VaultHome, with_password};
use support::{files_below, finish, text};

/// The files in which the secrets were given.
const GIVEN: [&str; 9] = [
    "words.txt",
    "other-words.txt",
    "passphrase.txt",
    "password.txt",
    "other-password.txt",
    "wrong.txt",
    "key.txt",
    "wif.txt",
    "keypair.txt",
];

/// What may be said to nobody but its owner, though it is no secret key: who finds the vault's folder learns nothing of it.
const PRIVATE_NAME: &str = "canary-name of a wallet";

/// A home with a vault in which there are the canary's wallets: with its passphrase kept, noted, and without, and its keys.
struct Guarded {
    home: VaultHome,
    canaries: Vec<Canary>,
    /// What tells whose the vault is.
    names: Vec<String>,
    /// The files that have been searched, as they were then.
    searched: RefCell<HashSet<(String, Vec<u8>)>>,
}

impl Guarded {
    fn new() -> Self {
        let home = VaultHome::new();
        home.write("words.txt", WORDS);
        home.write("passphrase.txt", PASSPHRASE);
        home.write("password.txt", PASSWORD);
        home.write("other-password.txt", WRONG_PASSWORD);
        home.write("wrong.txt", format!("{WRONG_PASSWORD} of somebody else"));
        home.write("key.txt", key("ethereum", "hex"));
        home.write("wif.txt", key("bitcoin", "wif"));
        home.write("keypair.txt", key("solana", "base58-keypair"));
        let mut names = addresses();
        names.extend(["canary-", "kept", "ether", "age1", "AGE-SECRET-KEY"].map(str::to_owned));
        Self { home, canaries: canaries(), names, searched: RefCell::default() }
    }

    fn with_wallets() -> Self {
        let guarded = Self::new();
        let words = ["--phrase-file", "words.txt"];
        let passphrase = ["--passphrase-file", "passphrase.txt"];
        guarded.ok(&[&["import", PRIVATE_NAME], &words[..], &CHEAP].concat(), &[]);
        guarded.ok(&[&["import", "kept"], &words[..], &passphrase].concat(), &[]);
        guarded.ok(&["import", "ether", "--key-file", "key.txt", "--chain", "ethereum"], &[]);
        guarded.ok(&["import", "bit", "--key-file", "wif.txt", "--chain", "bitcoin"], &[]);
        guarded.ok(&["import", "sol", "--key-file", "keypair.txt", "--chain", "solana"], &[]);
        guarded
    }

    /// Runs a command with the vault's password, and searches all that it printed and left.
    #[track_caller]
    fn run(&self, args: &[&str], may_show: &[Kind]) -> support::Run {
        self.run_alone(&with_password(args), may_show)
    }

    #[track_caller]
    fn ok(&self, args: &[&str], may_show: &[Kind]) {
        self.run(args, may_show).ok();
    }

    /// Runs a command that fails, as text and as JSON.
    #[track_caller]
    fn fails(&self, args: &[&str]) {
        self.fails_alone(&with_password(args));
    }

    #[track_caller]
    fn fails_alone(&self, args: &[&str]) {
        for args in [args.to_vec(), [&["--json"], args].concat()] {
            let run = self.run_alone(&args, &[]);
            assert_ne!(run.code, Some(0), "{}", run.line);
        }
    }

    #[track_caller]
    fn run_alone(&self, args: &[&str], may_show: &[Kind]) -> support::Run {
        let mut command = self.home.command(args);
        command.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
        let run = finish(command, "");
        assert!(run.code.is_some_and(|code| code <= 8 && code != 1), "{}\n{}", run.line, run.err);
        assert_hides(&run.out, &self.canaries, may_show, &format!("stdout of {args:?}"));
        assert_hides(&run.err, &self.canaries, &[], &format!("stderr of {args:?}"));
        let out = args.iter().position(|arg| *arg == "--out").map(|at| args[at + 1]);
        self.search(out, may_show, &format!("after {args:?}"));
        run
    }

    /// Searches every file but those in which the secrets were given; the one that was asked for may show what stdout may.
    #[track_caller]
    fn search(&self, out: Option<&str>, may_show: &[Kind], when: &str) {
        let folder = self.home.path("");
        for path in files_below(&folder) {
            let name = path.display().to_string();
            if GIVEN.contains(&name.as_str()) {
                continue;
            }
            let bytes = std::fs::read(folder.join(&path)).unwrap();
            let is_out = out == Some(name.as_str());
            if !is_out && !self.searched.borrow_mut().insert((name.clone(), bytes.clone())) {
                continue;
            }
            // In Age's files, each byte that is no text becomes a mark that is in no secret.
            let mark = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' };
            let marked = || bytes.iter().map(mark).collect();
            let file = std::str::from_utf8(&bytes).map_or_else(|_| marked(), str::to_owned);
            assert_hides(&file, &self.canaries, if is_out { may_show } else { &[] }, &format!("{name} {when}"));
            assert_hides(&name, &self.canaries, &[], &format!("the name of a file {when}"));
            if name.starts_with("vault/") {
                let told = self.names.iter().find(|told| file.contains(told.as_str()));
                assert!(told.is_none(), "{told:?} in {name} {when}");
            }
        }
    }
}

/// The first address of each chain, with the passphrase and without.
fn addresses() -> Vec<String> {
    let mut found = Vec::new();
    for wallet in wallets() {
        for chain in Registry::installed().unwrap().iter() {
            let kind = chain.info().default_kind().unwrap();
            let key = wallet.key(chain, kind, Position::default(), Network::Mainnet).unwrap();
            found.push(key.address(kind).unwrap().to_string());
        }
    }
    found
}
