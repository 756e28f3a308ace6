//! Long lists of addresses in files: the forms that the name of the file says, and a disk that takes no more.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Home, Run, finish, text};

const ZPUB: &str =
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
const TITLES: &str = "chain,kind,path,address,public_key";

/// The rows of a table as the fields of objects.
fn table(content: &str) -> Vec<Vec<String>> {
    let mut lines = content.lines();
    assert_eq!(lines.next(), Some(TITLES));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn fields(objects: &[Value]) -> Vec<Vec<String>> {
    let field = |object: &Value, name| object[name].as_str().unwrap_or_default().to_owned();
    objects.iter().map(|object| TITLES.split(',').map(|name| field(object, name)).collect()).collect()
}

#[test]
fn tables_and_json_lines_have_the_same_rows() {
    let home = Home::with_words();
    let kinds = ["--kind", "p2tr", "--kind", "ledger-live", "--kind", "bip44-change", "--range", "0..40"];
    for args in [
        &["derive", "--phrase-file", "words.txt", "--range", "0..300"][..],
        &[&["derive", "--phrase-file", "words.txt"], &kinds[..]].concat(),
        &["derive", "--phrase-file", "words.txt", "--chain", "solana", "--kind", "seed"],
        &["derive", "--xpub", ZPUB, "--change", "1", "--range", "7..300"],
    ] {
        let rows = home.run(&[args, &["--json"]].concat()).ok();
        for (name, more) in [("rows.jsonl", &[][..]), ("rows.JSONL", &["--json"]), ("rows.txt", &["--json"])] {
            let run = home.run(&[args, &["--out", name], more].concat()).ok();
            assert_eq!((run.out.as_str(), home.read(name)), ("", rows.out.clone()), "{name} {args:?}");
        }
        for more in [&[][..], &["--json"]] {
            home.run(&[args, &["--out", "rows.csv", "--force"], more].concat()).ok();
            assert_eq!(table(&home.read("rows.csv")), fields(&rows.objects()), "{args:?}");
        }
        home.run(&[args, &["--out", "plain"]].concat()).ok();
        assert_eq!(home.read("plain"), home.run(args).out, "other names as on the screen");
        for name in ["rows.jsonl", "rows.JSONL", "rows.txt", "rows.csv", "plain"] {
            std::fs::remove_file(home.path(name)).unwrap();
        }
    }
}

#[test]
fn private_keys_are_a_column_more() {
    let home = Home::with_words();
    let args = ["derive", "--phrase-file", "words.txt", "--chain", "ethereum", "--private"];
    home.run(&[&args[..], &["--out", "keys.csv"]].concat()).ok();
    let key = &home.run(&[&args[..], &["--json"]].concat()).objects()[0];
    let content = home.read("keys.csv");
    let lines: Vec<_> = content.lines().collect();
    assert_eq!(lines[0], format!("{TITLES},private_key"));
    assert!(lines[1].ends_with(&format!(",{}", text(key, "private_key"))), "{content}");
}

/// A limit on the size of files stands in for a full disk.
fn with_space(keyark: &Command, kibibytes: u32) -> Run {
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"")])
        .arg(keyark.get_program())
        .args(keyark.get_args());
    support::like(&mut shell, keyark);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(shell, "")
}

/// What was written is kept, whole rows of it, and the rest is made by what the error says.
#[test]
fn a_full_disk_keeps_the_rows_that_are_whole() {
    for (name, titles) in [("rows.csv", 1), ("rows.jsonl", 0), ("rows.txt", 0)] {
        let home = Home::with_words();
        let args = ["derive", "--xpub", ZPUB, "--out", name, "--json"];
        home.run(&[&args[..], &["--range", "0..5000"]].concat()).ok();
        let whole = home.read(name);
        std::fs::remove_file(home.path(name)).unwrap();

        let run = with_space(&home.command(&[&args[..], &["--range", "0..5000"]].concat()), 150);
        let failure = run.only_error(6);
        let partial = home.read(&format!("{name}.partial"));
        let rows = partial.lines().count() - titles;
        assert!(rows > 100 && partial.ends_with('\n'), "{failure:?}");
        failure.says("storage", &format!("{rows} rows are whole, and kept in {name}.partial"));
        failure.says("storage", &format!("--range {rows}..5000"));
        assert!(!home.path(name).exists(), "only a whole list has the name");
        assert!(home.names().iter().all(|name| !name.contains(".keyark-")), "{:?}", home.names());

        home.run(&[&args[..], &["--range", &format!("{rows}..5000")]].concat()).ok();
        let rest = home.read(name);
        let rest: Vec<_> = rest.lines().skip(titles).collect();
        assert_eq!(partial.lines().chain(rest).collect::<Vec<_>>(), whole.lines().collect::<Vec<_>>());

        // What is kept is not overwritten the next time.
        let again = with_space(&home.command(&[&args[..], &["--range", "0..5000", "--force"]].concat()), 150);
        again.only_error(6).says("storage", &format!("{name}.partial-2"));
        assert_eq!(home.read(&format!("{name}.partial")), partial);
    }
}

/// Of several kinds, it says which is to go on.
#[test]
fn a_full_disk_among_several_chains() {
    let home = Home::with_words();
    let args = ["derive", "--phrase-file", "words.txt", "--range", "0..400", "--out", "rows.csv", "--json"];
    let failure = with_space(&home.command(&args), 90).only_error(6);
    let rows = home.read("rows.csv.partial").lines().count() - 1;
    assert!((400..800).contains(&rows), "{rows}");
    failure.says("storage", &format!("--chain ethereum --kind bip44 --range {}..400", rows - 400));
}

#[test]
fn private_keys_are_not_left_behind() {
    let home = Home::with_words();
    let before = home.names();
    let args = ["derive", "--phrase-file", "words.txt", "--private", "--chain", "ethereum", "--range", "0..1000"];
    for name in ["keys.csv", "keys.jsonl", "keys.txt"] {
        let failure = with_space(&home.command(&[&args[..], &["--out", name, "--json"]].concat()), 90).only_error(6);
        failure.says("storage", name);
        assert!(!failure.message.contains("rows"), "{failure:?}");
        assert_eq!(home.names(), before);
    }
}
