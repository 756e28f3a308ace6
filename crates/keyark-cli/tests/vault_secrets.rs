//! The vault's secrets are where they belong and nowhere else: known words, keys and passwords go through every command of the
//! vault, in success and in failure, and all that is printed and every file that is left is searched for them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "support/canary.rs"]
mod canary;
mod support;

use std::cell::RefCell;
use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use canary::{Canary, Kind, PASSPHRASE, PASSWORD, WORDS, WRONG_PASSWORD, assert_hides, canaries, wallets};
use keyark::vault::{Folder, Password, Vault, WalletSecret};
use keyark::{ExportPolicy, Network, Position, Registry};
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

/// The first private key of a chain under the passphrase.
fn key(chain: &str, format: &str) -> String {
    let chain = Registry::installed().unwrap().get(chain).unwrap();
    let kind = chain.info().default_kind().unwrap();
    let [wallet, _] = wallets();
    let key = wallet.key(chain, kind, Position::default(), Network::Mainnet).unwrap();
    key.export_private_key(&ExportPolicy::advertised(), Some(format)).unwrap().text.expose().to_owned()
}

/// The search itself finds what it is for, also between bytes that are no text.
#[test]
fn the_search_finds_each_kind_of_secret() {
    let guarded = Guarded::new();
    let address = addresses().remove(0);
    let hex = key("ethereum", "hex");
    let secrets = [WORDS, PASSWORD, PASSPHRASE, &hex, &hex[20..], &"7f".repeat(16), &address, PRIVATE_NAME];
    std::fs::create_dir(guarded.home.vault()).unwrap();
    for secret in secrets {
        for file in [secret.as_bytes().to_vec(), [b"\xff\xfe", secret.as_bytes(), b"\x80"].concat()] {
            guarded.home.write("vault/file", file);
            let search = std::panic::AssertUnwindSafe(|| guarded.search(None, &[], "here"));
            assert!(std::panic::catch_unwind(search).is_err(), "{secret}");
        }
    }
}

#[test]
fn every_command_that_succeeds() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    for json in [&[][..], &["--json"]] {
        for args in [
            &["list"][..],
            &["show", PRIVATE_NAME],
            &["show", "kept"],
            &["show", "ether"],
            &["rename", "bit", "bits"],
            &["rename", "bits", "bit"],
            &["export", "xpub", "kept", "--chain", "bitcoin"],
            &["export", "xpub", PRIVATE_NAME, "--kind", "p2tr", "--out", "xpub.out"],
            &["export", "descriptor", "kept", "--out", "descriptor.out"],
            &["backup", "phrase", PRIVATE_NAME, "--answers-file", "words.txt"],
            &["backup", "phrase", "kept", "--answers-file", "words.txt", "--passphrase-file", "passphrase.txt"],
            &["backup", "key", "ether", "--answers-file", "key.txt"],
            &["backup", "key", "bit", "--answers-file", "wif.txt"],
            &["backup", "key", "sol", "--answers-file", "keypair.txt"],
            &["policy", "show"],
            &["policy", "set", "--deny", "keystore", "--chain", "ethereum", "--reason", "mine"],
            &["policy", "reset"],
            &["repair"],
            &["new", "fresh"],
            &["remove", "fresh", "--force"],
            &["list", "--check"],
        ] {
            guarded.ok(&[args, json].concat(), &[]);
            for file in ["xpub.out", "descriptor.out"] {
                let _ = std::fs::remove_file(home.path(file));
            }
        }
        guarded.run_alone(&[&["password", "list", "--home", "vault"], json].concat(), &[]).ok();
        for args in [
            &["export", "key", "kept", "--chain", "bitcoin"][..],
            &["export", "key", "kept", "--chain", "ethereum", "--out", "key.out"],
            &["export", "key", "kept", "--chain", "solana", "--format", "id-json"],
            &["export", "key", "ether", "--chain", "ethereum"],
            &["export", "key", "sol", "--chain", "solana", "--format", "base58-secret"],
        ] {
            guarded.ok(&[args, json].concat(), &[Kind::Key]);
            let _ = std::fs::remove_file(home.path("key.out"));
        }
    }
}

#[test]
fn a_keystore_and_what_is_imported_from_it() {
    let guarded = Guarded::with_wallets();
    let password = ["--keystore-password-file", "other-password.txt"];
    guarded.ok(
        &[&["export", "keystore", "ether", "--chain", "ethereum", "--out", "account.json"], &password[..]].concat(),
        &[],
    );
    guarded.ok(&["remove", "ether", "--force"], &[]);
    guarded.ok(&[&["import", "ether", "--keystore", "account.json"], &password[..]].concat(), &[]);
    guarded.fails(&["import", "other", "--keystore", "account.json", "--keystore-password-file", "wrong.txt"]);
    guarded.fails(&["import", "other", "--keystore", "words.txt", "--keystore-password-file", "wrong.txt"]);
}

#[test]
fn passwords_that_change() {
    let guarded = Guarded::with_wallets();
    let new = ["--new-password-file", "other-password.txt", "--work-factor", "2"];
    let back =
        ["password", "change", "--home", "vault", "--password-file", "other-password.txt", "--new-password-file"];
    guarded.ok(&[&["password", "change"], &new[..]].concat(), &[]);
    guarded.run_alone(&[&back[..], &["password.txt", "--work-factor", "2", "--json"]].concat(), &[]).ok();
    guarded.ok(&[&["password", "change", "--rekey", "--json"], &new[..]].concat(), &[]);
    guarded.run_alone(&[&back[..], &["password.txt", "--work-factor", "2", "--rekey"]].concat(), &[]).ok();
    let reset = ["password", "reset", "mine", "--home", "vault", "--phrase-file", "words.txt"];
    guarded.run_alone(&[&reset[..], &new].concat(), &[]).ok();
    let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
    guarded.run_alone(&[&merge[..], &["--old-password-file", "password.txt"]].concat(), &[]).ok();
    guarded.home.write("third.txt", "rickety-octane-velvet-61");
    guarded.home.write("fourth.txt", "lopsided-quarry-thimble-94");
    let reset = ["password", "reset", "one", "--home", "vault", "--key-file", "wif.txt", "--chain", "bitcoin"];
    guarded.run_alone(&[&reset[..], &["--new-password-file", "third.txt", "--work-factor", "2"]].concat(), &[]).ok();
    let new = ["--new-password-file", "fourth.txt", "--work-factor", "2"];
    let reset = ["password", "reset", "two", "--home", "vault", "--phrase-file", "words.txt", "--note-passphrase"];
    guarded.run_alone(&[&reset[..], &["--passphrase-file", "passphrase.txt"], &new].concat(), &[]).ok();
}

/// A passphrase that the vault is not to keep is not in it, sealed or not: its records open without it.
#[test]
fn a_noted_passphrase() {
    let guarded = Guarded::new();
    let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
    guarded.ok(&[&["import", "noted", "--note-passphrase"], &words[..], &CHEAP].concat(), &[]);
    guarded.ok(&["show", "noted", "--json"], &[]);
    guarded.ok(&["export", "key", "noted", "--chain", "ethereum", "--passphrase-file", "passphrase.txt"], &[Kind::Key]);
    guarded.fails(&["export", "key", "noted", "--chain", "ethereum"]);
    guarded.fails(&["export", "key", "noted", "--chain", "ethereum", "--passphrase-file", "wrong.txt"]);
    guarded.fails(&["export", "xpub", "noted", "--passphrase-file", "words.txt"]);
    guarded.fails(&["backup", "phrase", "noted", "--answers-file", "words.txt", "--passphrase-file", "wrong.txt"]);
}

#[test]
fn refusals_and_faults() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    home.write("other-words.txt", WORDS.replace("sausage", "sausagge"));
    let out = ["--home", "vault", "--password-file"];
    for args in [
        &["list"][..],
        &["new", "x"],
        &["import", "x", "--phrase-file", "words.txt"],
        &["export", "key", "kept", "--chain", "bitcoin"],
        &["password", "change", "--new-password-file", "other-password.txt"],
    ] {
        guarded.fails_alone(&[args, &out[..], &["wrong.txt"]].concat());
        guarded.fails_alone(&[args, &["--home", "vault"][..]].concat());
    }
    for args in [
        &["import", "again", "--phrase-file", "words.txt"][..],
        &["import", "kept", "--phrase-file", "other-words.txt"],
        &["import", "slip", "--phrase-file", "other-words.txt"],
        &["import", WORDS, "--phrase-file", "words.txt"],
        &["new", WORDS],
        &["show", WORDS],
        &["rename", "kept", WORDS],
        &["remove", WORDS, "--force"],
        &["remove", "kept"],
        &["export", "key", "kept", "--chain", "dogecoin"],
        &["export", "key", "ether", "--chain", "bitcoin"],
        &["export", "key", "kept", "--chain", "bitcoin", "--out", "nowhere/x"],
        &["export", "key", "kept", "--chain", "bitcoin", "--out", "words.txt"],
        &["export", "key", "kept", "--chain", "solana", "--format", "id-json", "--secure-copy"],
        &["export", "keystore", "kept", "--chain", "bitcoin", "--out", "x.json"],
        &["backup", "phrase", "kept", "--answers-file", "words.txt", "--passphrase-file", "wrong.txt"],
        &["backup", "key", "ether", "--answers-file", "wif.txt"],
        &["backup", "key", "ether", "--answers-file", "words.txt"],
        &["backup", "key", "kept", "--answers-file", "key.txt"],
        &["policy", "set", "--deny", WORDS],
        &["policy", "set", "--deny", "keystore", "--chain", WORDS],
    ] {
        guarded.fails(args);
    }
    // A wrong quiz has a result, too.
    for sheet in ["other-words.txt", "key.txt", "password.txt"] {
        let run = guarded.run(&["backup", "phrase", "kept", "--answers-file", sheet], &[]);
        assert!([Some(3), Some(8)].contains(&run.code), "{}", run.err);
    }
    home.keyark(&["policy", "set", "--deny", "private-key", "--reason", "mine"]).ok();
    guarded.fails(&["export", "key", "kept", "--chain", "bitcoin"]);
}

/// Every file with a secret in it, where another one belongs.
#[test]
fn files_in_the_wrong_place() {
    let guarded = Guarded::with_wallets();
    std::fs::remove_file(guarded.home.path("other-words.txt")).unwrap();
    for file in GIVEN.into_iter().filter(|file| *file != "other-words.txt") {
        for args in [
            &["import", "x", "--phrase-file", file][..],
            &["import", "x", "--key-file", file, "--chain", "ethereum"],
            &["import", "x", "--key-file", file, "--chain", "bitcoin"],
            &["import", "x", "--key-file", file, "--chain", "solana"],
            &["import", "x", "--keystore", file, "--keystore-password-file", "password.txt"],
            &["export", "key", "kept", "--chain", "ethereum", "--out", file, "--force", "--passphrase-file", file],
            &["backup", "key", "sol", "--answers-file", file],
        ] {
            // Some of them are right there, and are a wallet that is in the vault already.
            let run = guarded.run(args, &[]);
            assert!(run.code != Some(0) || args[0] == "backup", "{}", run.line);
        }
        let unlock = ["list", "--home", "vault", "--password-file", file];
        assert_eq!(guarded.run_alone(&unlock, &[]).code == Some(0), file == "password.txt", "{file}");
    }
}

/// With --secure-copy no part of what is printed or written is the whole key.
#[test]
fn a_secure_copy_is_never_whole() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    for (chain, format) in [("bitcoin", "wif"), ("ethereum", "hex"), ("solana", "base58-secret")] {
        let whole = key(chain, format);
        for more in [&[][..], &["--json"], &["--out", "copy.out"]] {
            let args = ["export", "key", "kept", "--chain", chain, "--format", format, "--secure-copy"];
            let run = home.keyark(&[&args[..], more].concat()).ok();
            let written = if more.contains(&"--out") { home.read("copy.out") } else { run.out.clone() };
            let part = written
                .split(|mark: char| !mark.is_alphanumeric())
                .filter(|token| whole.contains(token))
                .max_by_key(|token| token.len())
                .unwrap();
            let rest = whole.replacen(part, "", 1);
            assert!(part.len() > 20 && rest.len() >= 6, "{part} of {}", whole.len());
            assert!(run.err.contains(&rest) && !run.err.contains(part), "{}", run.err);
            assert!(!format!("{}{}{written}", run.out, run.err).contains(&whole));
            assert!(!written.contains(&rest), "the part to write down is in {more:?}");
            let _ = std::fs::remove_file(home.path("copy.out"));
        }
    }
}

/// New words are printed nowhere: the backup alone shows them.
#[test]
fn new_words_stay_in_the_vault() {
    let home = VaultHome::new();
    let mut printed = String::new();
    let mut run = |args: &[&str]| {
        let run = home.keyark(args).ok();
        printed += &format!("{}\n{}\n", run.out, run.err);
    };
    run(&[&["new", "one"], &CHEAP[..]].concat());
    run(&["new", "two", "--json"]);
    run(&["new", "three", "--words", "24"]);
    for args in
        [&["list"][..], &["show", "one"], &["show", "two", "--json"], &["rename", "three", "third"], &["repair"]]
    {
        run(args);
    }
    let vault = Vault::find(Arc::new(Folder::new(home.vault()))).unwrap().unwrap();
    let vault = vault.unlock(&Password::new(&support::vault::PASSWORD.into()).unwrap()).unwrap();
    let mut count = 0;
    for entry in vault.wallets().unwrap() {
        let record = vault.record(entry.id).unwrap();
        let WalletSecret::Phrase(phrase) = record.secret() else { panic!("words") };
        let words: Vec<_> = phrase.words().collect();
        count += words.len();
        let shown = printed.split(|mark: char| !mark.is_alphabetic()).collect::<Vec<_>>().join(" ");
        // The messages have a few words that stand in the list as well.
        assert!(words.windows(3).all(|three| !shown.contains(&three.join(" "))), "{printed}");
        let seen = words.iter().filter(|word| shown.split(' ').any(|token| token == **word)).count();
        assert!(seen * 2 < words.len(), "{seen} of {} words are in:\n{printed}", words.len());
    }
    assert_eq!(count, 12 + 12 + 24);
}

mod permissions {
    use super::*;

    /// Files 0600, folders 0700, whatever the person's umask is.
    #[test]
    fn the_vault_is_for_its_owner_alone() {
        for umask in ["000", "022", "077"] {
            let guarded = Guarded::new();
            let home = &guarded.home;
            let run = |args: &[&str]| {
                let inner = home.command(&with_password(args));
                let mut shell = std::process::Command::new("sh");
                shell
                    .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
                    .arg(inner.get_program())
                    .args(inner.get_args());
                support::like(&mut shell, &inner);
                shell
                    .stdout(std::process::Stdio::piped())
                    .stderr(std::process::Stdio::piped())
                    .stdin(std::process::Stdio::null());
                finish(shell, "").ok()
            };
            run(&[&["import", "kept", "--phrase-file", "words.txt"], &CHEAP[..]].concat());
            run(&["import", "hot", "--key-file", "key.txt", "--chain", "ethereum"]);
            run(&["backup", "phrase", "kept", "--answers-file", "words.txt"]);
            run(&["rename", "hot", "warm"]);
            run(&["policy", "set", "--deny", "keystore"]);
            run(&["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"]);
            home.write("password.txt", WRONG_PASSWORD);
            run(&["export", "key", "kept", "--chain", "ethereum", "--out", "key.out"]);
            run(&["export", "xpub", "kept", "--out", "xpub.out"]);
            run(&["policy", "reset"]);
            run(&[
                "export",
                "keystore",
                "warm",
                "--chain",
                "ethereum",
                "--keystore-password-file",
                "wrong.txt",
                "--out",
                "account.out",
            ]);
            let mut files = Vec::new();
            for (name, (mode, _)) in home.state() {
                let is_folder = mode & 0o170_000 == 0o040_000;
                if name == "vault" || name.starts_with("vault/") || name.ends_with(".out") {
                    assert_eq!(mode & 0o777, if is_folder { 0o700 } else { 0o600 }, "{name} under umask {umask}");
                    files.push(name);
                }
            }
            for expected in
                ["vault/.last-seen", "vault/lock", "vault/keyark-vault.json", "key.out", "xpub.out", "account.out"]
            {
                assert!(files.iter().any(|name| name == expected), "{expected}: {files:?}");
            }
        }
    }

    /// A folder that was there keeps the permissions that its owner gave it; what comes into it is private.
    #[test]
    fn in_a_folder_that_was_there() {
        let home = VaultHome::new();
        std::fs::create_dir(home.vault()).unwrap();
        std::fs::set_permissions(home.vault(), std::fs::Permissions::from_mode(0o755)).unwrap();
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        for (name, (mode, _)) in home.state() {
            if name.starts_with("vault/") {
                assert_eq!(mode & 0o077, 0, "{name}");
            }
        }
    }
}

/// What is removed is gone with the next change: its record, and so its words.
#[test]
fn removed_wallets_leave() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    let sealed = home.files("records/").len();
    for wallet in [PRIVATE_NAME, "kept", "ether", "bit"] {
        guarded.ok(&["remove", wallet, "--force"], &[]);
    }
    guarded.ok(&["rename", "sol", "last"], &[]);
    guarded.ok(&["rename", "last", "sol"], &[]);
    assert_eq!(sealed, 5);
    assert!(home.files("records/").len() <= 2, "the last one and the state before: {:?}", home.files("records/"));
    assert_eq!(text(&home.objects(&["list"])[0], "name"), "sol");
}
