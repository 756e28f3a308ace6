//! Secrets are shown where that is the purpose, and nowhere else. A known phrase, its keys and its passwords go through
//! every command, in success and in failure, and all that is printed or left behind is searched for them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "support/canary.rs"]
mod canary;
mod support;

use canary::{Canary, Kind, PASSPHRASE, PASSWORD, WORDS, WRONG_PASSWORD, assert_hides, canaries, key};
use support::{Home, finish, text};

/// A home with every secret in a file of its own, under the name of its kind.
struct Guarded {
    home: Home,
    canaries: Vec<Canary>,
}

/// The files with secrets, and a keystore.
const FILES: [&str; 12] = [
    "words.txt",
    "slip.txt",
    "order.txt",
    "short.txt",
    "passphrase.txt",
    "password.txt",
    "wrong.txt",
    "hex.txt",
    "wif.txt",
    "keypair.txt",
    "id.json",
    "account.json",
];

impl Guarded {
    fn new() -> Self {
        let home = Home::new();
        let mut words: Vec<_> = WORDS.split(' ').collect();
        home.write("words.txt", format!("{WORDS}\n"));
        home.write("slip.txt", WORDS.replace("sausage", "sausagge"));
        home.write("short.txt", words[..11].join(" "));
        words.swap(3, 4);
        home.write("order.txt", words.join(" "));
        home.write("passphrase.txt", PASSPHRASE);
        home.write("password.txt", PASSWORD);
        home.write("wrong.txt", WRONG_PASSWORD);
        for (file, chain, format) in [
            ("hex.txt", "ethereum", "hex"),
            ("wif.txt", "bitcoin", "wif"),
            ("keypair.txt", "solana", "base58-keypair"),
            ("id.json", "solana", "id-json"),
        ] {
            home.write(file, key(chain, format));
        }
        let wif = key("bitcoin", "wif");
        home.write("part.txt", &wif[..wif.len() - 16]);
        home.write("rest.txt", &wif[wif.len() - 16..]);
        let make = ["keystore", "make", "--chain", "ethereum", "--key-file", "hex.txt", "--profile", "light"];
        let args = [&make[..], &["--keystore-password-file", "password.txt", "--out", "account.json"]].concat();
        home.run(&args).ok();
        Self { home, canaries: canaries() }
    }

    /// Runs a command as text and as JSON, and searches what it printed and every file that it left.
    #[track_caller]
    fn run(&self, args: &[&str], may_show: &[Kind]) {
        for args in [args.to_vec(), [args, &["--json"]].concat()] {
            let before = self.home.names();
            let mut command = self.home.command(&args);
            command.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
            let run = finish(command, "");
            assert!(run.code.is_some_and(|code| code <= 8), "{}\n{}", run.line, run.err);
            assert_hides(&run.out, &self.canaries, may_show, &format!("stdout of {args:?}"));
            assert_hides(&run.err, &self.canaries, &[], &format!("stderr of {args:?}"));
            for name in self.home.names().difference(&before) {
                assert_hides(&self.home.read(name), &self.canaries, may_show, &format!("{name} after {args:?}"));
                std::fs::remove_file(self.home.path(name)).unwrap();
            }
        }
    }
}

/// The search itself finds what it is for.
#[test]
fn the_search_finds_each_kind_of_secret() {
    let canaries = canaries();
    let hex = key("ethereum", "hex");
    for (text, kind) in [
        ("1. Legal\n2. winner\n3. thank".to_owned(), Kind::Words),
        ("{\"phrase\":[\"sausage\",\"worth\",\"useful\"]}".to_owned(), Kind::Words),
        (hex.to_uppercase(), Kind::Key),
        (hex[30..].to_owned(), Kind::Key),
        (key("bitcoin", "wif"), Kind::Key),
        (key("solana", "id-json").replace(',', ",\n "), Kind::Key),
        ("7f".repeat(16), Kind::Root),
        (format!("wrong password '{PASSWORD}'"), Kind::Password),
    ] {
        assert_hides(&text, &canaries, &[kind], "a place where it may be");
        let found = std::panic::catch_unwind(|| assert_hides(&text, &canaries, &[], "here"));
        assert!(found.is_err(), "{text}");
    }
}

#[test]
fn every_command_that_succeeds() {
    let guarded = Guarded::new();
    let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
    let with = |start: &[&'static str], end: &[&'static str]| [start, &words[..], end].concat();
    let quiet: &[Vec<&str>] = &[
        vec!["chains"],
        with(&["derive"], &[]),
        with(&["derive"], &["--range", "0..3"]),
        with(&["derive", "--kind", "p2pkh", "--kind", "p2tr", "--kind", "ledger-live", "--kind", "seed"], &[]),
        with(&["derive", "--chain", "bitcoin", "--network", "testnet"], &[]),
        with(&["derive", "--path", "m/44'/60'/0'/0/0"], &["--out", "rows.txt"]),
        with(&["account", "--chain", "bitcoin"], &[]),
        with(&["account", "--chain", "bitcoin", "--kind", "p2tr"], &["--out", "account.txt"]),
        vec!["phrase", "check", "--phrase-file", "words.txt"],
        vec!["phrase", "quiz", "--phrase-file", "words.txt", "--answers-file", "words.txt"],
        vec!["keystore", "inspect", "account.json"],
        with(
            &["keystore", "make", "--chain", "ethereum", "--profile", "light"],
            &["--keystore-password-file", "password.txt", "--out", "new.json"],
        ),
        vec!["completions", "bash"],
        vec!["help", "derive"],
    ];
    for args in quiet {
        guarded.home.run(args).ok();
        clear(&guarded.home, args);
        guarded.run(args, &[]);
    }
    // Those whose purpose is to show a key show that, and nothing else.
    let showing: &[Vec<&str>] = &[
        with(&["derive", "--private"], &[]),
        with(&["derive", "--private"], &["--range", "0..2", "--out", "keys.txt"]),
        with(&["derive", "--private", "--chain", "bitcoin", "--kind", "p2pkh", "--kind", "p2tr"], &[]),
        with(&["derive", "--private", "--chain", "solana", "--format", "id-json"], &[]),
        vec!["keystore", "open", "account.json", "--keystore-password-file", "password.txt"],
        vec!["keystore", "open", "account.json", "--keystore-password-file", "password.txt", "--out", "key.txt"],
        vec!["complete", "--chain", "bitcoin", "--key-file", "part.txt", "--rest-file", "rest.txt"],
    ];
    for args in showing {
        guarded.home.run(args).ok();
        clear(&guarded.home, args);
        guarded.run(args, &[Kind::Key]);
    }
}

/// Removes what a trial run of a command wrote.
fn clear(home: &Home, args: &[&str]) {
    if let Some(at) = args.iter().position(|arg| *arg == "--out") {
        std::fs::remove_file(home.path(args[at + 1])).unwrap();
    }
}

#[test]
fn refusals_and_faults() {
    let guarded = Guarded::new();
    let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
    let with = |start: &[&'static str]| [start, &words[..]].concat();
    guarded.home.write("taken.txt", "");
    for args in [
        with(&["derive", "--private", "--chain", "bitcoin", "--path", "m"]),
        with(&["derive", "--private", "--chain", "bitcoin", "--path", "m/84h/0h/0h"]),
        with(&["derive", "--private", "--format", "nope", "--chain", "solana"]),
        with(&["derive", "--private", "--secure-copy", "--chain", "solana", "--format", "id-json"]),
        with(&["derive", "--private", "--out", "taken.txt"]),
        with(&["derive", "--private", "--out", "nowhere/keys.txt"]),
        with(&["derive", "--private", "--out", "/proc/self/keys.txt"]),
        with(&["derive", "--chain", "solana", "--path", "m/44h/501h/0"]),
        with(&["derive", "--account", "2147483648"]),
        with(&["account", "--chain", "ethereum"]),
        with(&[
            "keystore",
            "make",
            "--chain",
            "bitcoin",
            "--keystore-password-file",
            "password.txt",
            "--out",
            "x.json",
        ]),
        with(&[
            "keystore",
            "make",
            "--chain",
            "ethereum",
            "--keystore-password-file",
            "password.txt",
            "--out",
            "taken.txt",
        ]),
        vec!["keystore", "open", "account.json", "--keystore-password-file", "wrong.txt"],
        vec!["keystore", "open", "account.json", "--keystore-password-file", "password.txt", "--out", "taken.txt"],
        vec!["phrase", "quiz", "--phrase-file", "words.txt", "--answers-file", "order.txt"],
        vec!["complete", "--chain", "bitcoin", "--key-file", "wif.txt", "--rest-file", "hex.txt"],
    ] {
        assert_ne!(guarded.home.run(&args).code, Some(0), "{args:?}");
        guarded.run(&args, &[]);
    }
}

/// Suggestions for every word would be the whole phrase: only the check, which is there to show them, does.
#[test]
fn a_phrase_full_of_slips() {
    let guarded = Guarded::new();
    guarded.home.write("slips.txt", WORDS.split(' ').map(|word| format!("{word}q ")).collect::<String>());
    let from = ["--phrase-file", "slips.txt", "--language", "english"];
    for command in
        [&["derive"][..], &["account", "--chain", "bitcoin"], &["phrase", "quiz", "--answers-file", "words.txt"]]
    {
        guarded.run(&[command, &from].concat(), &[]);
    }
    guarded.run(&[&["phrase", "check"], &from[..]].concat(), &[Kind::Words]);
}

/// Every file with a secret in it is given wherever a file is asked for: most of that is wrong, and all of it stays hidden.
#[test]
fn files_in_the_wrong_place() {
    let guarded = Guarded::new();
    for file in FILES {
        let make = ["keystore", "make", "--chain", "ethereum", "--profile", "light", "--out", "new.json"];
        for args in [
            &["derive", "--phrase-file", file][..],
            &["derive", "--phrase-file", "words.txt", "--passphrase-file", file],
            &["account", "--chain", "bitcoin", "--phrase-file", file],
            &["phrase", "check", "--phrase-file", file],
            &["phrase", "check", "--language", "japanese", "--phrase-file", file],
            &["phrase", "quiz", "--phrase-file", "words.txt", "--answers-file", file],
            &["keystore", "inspect", file],
            &["keystore", "open", file, "--keystore-password-file", "wrong.txt"],
            &[&make[..], &["--key-file", file, "--keystore-password-file", "password.txt"]].concat(),
        ] {
            guarded.run(args, &[]);
        }
        for chain in ["bitcoin", "ethereum", "solana"] {
            for (part, rest) in [(file, "/dev/null"), (file, "hex.txt"), ("wif.txt", file)] {
                guarded.run(&["complete", "--chain", chain, "--key-file", part, "--rest-file", rest], &[Kind::Key]);
            }
        }
    }
}

/// The likeliest slip of all: the secret itself where the name of its file belongs. It is in the shell's history then, and
/// need not be in a log as well.
#[test]
fn secrets_given_as_arguments_are_not_repeated() {
    let guarded = Guarded::new();
    let keys =
        [key("ethereum", "hex"), key("bitcoin", "wif"), key("solana", "base58-keypair"), key("solana", "id-json")];
    for secret in keys.iter().map(String::as_str).chain([WORDS]) {
        let out = format!("{secret}/new.txt");
        let equals = format!("--phrase-file={secret}");
        for args in [
            &["derive", "--phrase-file", secret][..],
            &["derive", &equals],
            &["derive", secret],
            &["derive", "--xpub", secret],
            &["derive", "--phrase-file", "words.txt", "--chain", secret],
            &["derive", "--phrase-file", "words.txt", "--kind", secret],
            &["derive", "--phrase-file", "words.txt", "--path", secret],
            &["derive", "--phrase-file", "words.txt", "--range", secret],
            &["derive", "--phrase-file", "words.txt", "--account", secret],
            &["derive", "--phrase-file", "words.txt", "--network", secret],
            &["derive", "--phrase-file", "words.txt", "--private", "--chain", "solana", "--format", secret],
            &["derive", "--phrase-file", "words.txt", "--out", &out],
            &["phrase", "check", secret],
            &["phrase", "new", "--language", secret],
            &["keystore", "open", secret],
            &["keystore", "inspect", secret],
            &["keystore", "make", "--chain", "ethereum", "--out", "x.json", "--key-file", secret],
            &["complete", "--chain", "ethereum", "--key-file", "hex.txt", "--rest-file", secret],
            &["complete", "--chain", "ethereum", "--address", secret],
            &[secret],
        ] {
            guarded.run(args, &[]);
        }
    }
}

/// With --secure-copy, stdout and the files lack what stderr tells to write down, and the whole key is nowhere.
#[test]
fn a_secure_copy_is_never_whole() {
    let guarded = Guarded::new();
    let home = &guarded.home;
    let derive = ["derive", "--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt", "--private"];
    let cuts = [("bitcoin", "wif"), ("ethereum", "hex"), ("solana", "base58-secret")];
    for (chain, format) in cuts {
        let whole = key(chain, format);
        let mut commands = vec![[&derive[..], &["--chain", chain, "--format", format]].concat()];
        if chain == "ethereum" {
            commands.push(vec!["keystore", "open", "account.json", "--keystore-password-file", "password.txt"]);
        }
        for command in commands {
            for more in [&["--secure-copy"][..], &["--secure-copy", "--json"], &["--secure-copy", "--out", "copy.txt"]]
            {
                let run = home.run(&[&command[..], more].concat()).ok();
                let shown = match more.contains(&"--out") {
                    true => home.read("copy.txt"),
                    false => run.out.clone(),
                };
                let tokens = |text: &str| {
                    text.split(|mark: char| !mark.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
                };
                let part =
                    tokens(&shown).into_iter().filter(|token| whole.contains(token)).max_by_key(String::len).unwrap();
                let rest = whole.replacen(&part, "", 1);
                assert!(part.len() > 20 && rest.len() >= 6, "{part} of {}", whole.len());
                assert!(!shown.contains(&rest), "the part to write down is in {command:?}");
                assert!(run.err.contains(&rest) && !run.err.contains(&part), "{command:?}: {}", run.err);
                let everything = format!("{}{}", run.out, run.err);
                assert!(!everything.contains(&whole), "{command:?}");
                let _ = std::fs::remove_file(home.path("copy.txt"));
            }
        }
    }
}

/// New words are shown once, where they were asked for.
#[test]
fn new_words_go_to_one_place() {
    let home = Home::new();
    let run = home.run(&["phrase", "new", "--json"]).ok();
    let words = text(&run.objects()[0], "phrase").to_owned();
    let first: Vec<_> = words.split(' ').take(3).collect();
    assert!(!run.err.contains(&first.join(" ")));
    assert!(home.names().is_empty());
    for more in [&["--out", "words.txt"][..], &["--out", "words.txt", "--force", "--json"]] {
        let run = home.run(&[&["phrase", "new"], more].concat()).ok();
        let words = home.read("words.txt");
        let first = words.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        assert!(!run.out.contains(&first) && !run.err.contains(&first), "{}{}", run.out, run.err);
    }
}

#[cfg(target_os = "linux")]
mod stopped {
    use std::io::BufRead;
    use std::process::Child;
    use std::time::Duration;

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    fn stop(child: &mut Child, signal: Signal) {
        kill_process(Pid::from_child(child), signal).unwrap();
        let code = support::wait(child, "stopped").code();
        assert!(matches!(code, Some(130 | 0)), "{signal:?}: {code:?}"); // 0: it was done before the signal came
    }

    /// The tour's folder holds a whole wallet: it is gone at every moment of the tour.
    #[test]
    fn the_tour_leaves_nothing_behind() {
        let home = Home::new();
        home.run(&["tour"]).ok();
        assert_eq!(std::fs::read_dir(home.path("tmp")).unwrap().count(), 0);
        // While files are written, while a key derivation runs, and at the very end.
        let moments =
            [(Signal::INT, &[1, 3, 5, 7, 8, 9, 11][..]), (Signal::TERM, &[2, 6, 8, 10, 11]), (Signal::HUP, &[4, 8])];
        for (signal, step) in moments.iter().flat_map(|(signal, steps)| steps.iter().map(move |step| (*signal, step))) {
            let mut child = home.command(&["tour"]).spawn().unwrap();
            let title = format!("{step}. ");
            let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
            assert!(lines.any(|line| line.unwrap().starts_with(&title)), "step {step}");
            stop(&mut child, signal);
            let left: Vec<_> = std::fs::read_dir(home.path("tmp")).unwrap().collect();
            assert!(left.is_empty(), "{signal:?} after step {step}: {left:?}");
        }
    }

    #[test]
    fn no_half_of_a_file_stays() {
        let guarded = Guarded::new();
        let before = guarded.home.names();
        let words = ["--phrase-file", "words.txt"];
        let password = ["--keystore-password-file", "password.txt"];
        for args in [
            [&["derive", "--private", "--range", "0..1000000", "--out", "keys.txt"], &words[..]].concat(),
            [&["keystore", "make", "--chain", "ethereum", "--out", "new.json"], &words[..], &password].concat(),
        ] {
            for signal in [Signal::INT, Signal::TERM] {
                let mut child = guarded.home.command(&args).spawn().unwrap();
                std::thread::sleep(Duration::from_millis(150));
                stop(&mut child, signal);
                assert_eq!(guarded.home.names(), before, "{args:?}");
            }
        }
    }
}
