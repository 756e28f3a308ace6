//! Long lists of addresses in files: the forms that the name of the file says, a disk that takes no more, and Ctrl-C.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::{Failure, Home, Run, text, with_space};

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

/// Stops a list that would never end, when `bytes` of it are written.
fn stopped(home: &Home, args: &[&str], bytes: u64) -> Failure {
    let mut child = home.command(&[&["derive", "--json"], args].concat()).spawn().unwrap();
    let begin = Instant::now();
    let written = || {
        let unfinished = home.names().into_iter().find(|name| name.contains(".keyark-"));
        unfinished.and_then(|name| std::fs::metadata(home.path(&name)).ok()).map_or(0, |file| file.len())
    };
    while written() < bytes {
        assert!(child.try_wait().unwrap().is_none() && begin.elapsed() < support::PATIENCE, "nothing is written");
        std::thread::sleep(Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    Run { line: args.join(" "), code: output.status.code(), out, err }.only_error(130)
}

/// What was written before Ctrl-C is kept, and the rest is made by what the error says.
#[test]
fn ctrl_c_keeps_the_rows_that_are_whole() {
    for (name, titles) in [("rows.csv", 1), ("rows.jsonl", 0)] {
        let home = Home::new();
        let failure = stopped(&home, &["--xpub", ZPUB, "--range", "5..2147483648", "--out", name], 100_000);
        let partial = home.read(&format!("{name}.partial"));
        let rows = partial.lines().count() - titles;
        failure.says("cancelled", &format!("stopped; {rows} rows are whole, and kept in {name}.partial"));
        failure.says("cancelled", &format!("--range {}..2147483648", rows + 5));
        assert!(partial.ends_with('\n') && partial.lines().last().unwrap().contains(&format!("0/{}", rows + 4)));
        assert_eq!(home.names().into_iter().collect::<Vec<_>>(), [format!("{name}.partial")]);
    }
}

#[test]
fn ctrl_c_leaves_no_private_keys() {
    let home = Home::with_words();
    let before = home.names();
    let args = ["--phrase-file", "words.txt", "--private", "--chain", "ethereum", "--range", "0..2147483648"];
    for name in ["keys.csv", "keys.jsonl"] {
        stopped(&home, &[&args[..], &["--out", name]].concat(), 1).says("cancelled", "nothing was changed");
        assert_eq!(home.names(), before);
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_needs_its_feature() {
    let home = Home::new();
    let run = home.run(&["derive", "--phrase-file", "nowhere.txt", "--out", "rows.Parquet", "--json"]);
    let failure = run.only_error(2);
    failure.says("usage", "built without Parquet");
    failure.says("usage", "--features parquet");
    assert!(home.names().is_empty());
}

#[cfg(feature = "parquet")]
mod parquet {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;

    use super::*;

    /// What the file has: the titles with their types, and the rows.
    fn read(home: &Home, name: &str) -> (Vec<String>, Vec<Vec<Option<String>>>) {
        let reader = SerializedFileReader::new(std::fs::File::open(home.path(name)).unwrap()).unwrap();
        let about = reader.metadata().file_metadata();
        let columns = about.schema_descr().columns().iter();
        let titles = columns.map(|column| format!("{} {:?}", column.name(), column.logical_type_ref().unwrap()));
        let field = |field: &Field| match field {
            Field::Null => None,
            Field::Str(text) => Some(text.clone()),
            other => panic!("{other:?}"),
        };
        let rows = reader.get_row_iter(None).unwrap();
        let rows: Vec<Vec<_>> =
            rows.map(|row| row.unwrap().get_column_iter().map(|(_, value)| field(value)).collect()).collect();
        assert_eq!(about.num_rows(), rows.len() as i64);
        (titles.collect(), rows)
    }

    /// The rows of a table, in which what is absent is empty.
    fn csv(home: &Home, name: &str) -> Vec<Vec<Option<String>>> {
        let some = |field: String| Some(field).filter(|field| !field.is_empty());
        table(&home.read(name)).into_iter().map(|row| row.into_iter().map(some).collect()).collect()
    }

    #[test]
    fn it_has_the_rows_of_the_table() {
        let home = Home::with_words();
        let words = ["derive", "--phrase-file", "words.txt"];
        for (rows, args) in [
            (900, &[&words[..], &["--range", "0..300"]].concat()[..]),
            (1, &[&words[..], &["--chain", "solana", "--kind", "seed"]].concat()),
            (1, &[&words[..], &["--path", "m/44'/60'/7/8/9"]].concat()),
            (9993, &["derive", "--xpub", ZPUB, "--range", "7..10000"]),
            (0, &["derive", "--xpub", ZPUB, "--range", "7..7"]),
        ] {
            for json in [&[][..], &["--json"]] {
                home.run(&[args, &["--out", "rows.PARQUET", "--force"], json].concat()).ok();
            }
            home.run(&[args, &["--out", "rows.csv", "--force"]].concat()).ok();
            let (titles, found) = read(&home, "rows.PARQUET");
            let expected: Vec<_> = TITLES.split(',').map(|title| format!("{title} String")).collect();
            assert_eq!((titles, found.len()), (expected, rows), "{args:?}");
            assert_eq!(found, csv(&home, "rows.csv"), "{args:?}");
        }
    }

    #[test]
    fn private_keys_are_a_column_more() {
        let home = Home::with_words();
        let args = ["derive", "--phrase-file", "words.txt", "--chain", "ethereum", "--private"];
        home.run(&[&args[..], &["--out", "keys.parquet"]].concat()).ok();
        let key = &home.run(&[&args[..], &["--json"]].concat()).objects()[0];
        let (titles, rows) = read(&home, "keys.parquet");
        assert_eq!(titles.last().unwrap(), "private_key String");
        assert_eq!(rows[0].last().unwrap().as_deref(), Some(text(key, "private_key")));
        // A part of it is left off: beside it there is no public key, which would shorten the search for that part.
        home.run(&[&args[..], &["--secure-copy", "--out", "cut.parquet"]].concat()).ok();
        let (_, rows) = read(&home, "cut.parquet");
        assert_eq!((rows[0].len(), &rows[0][4]), (6, &None));
    }

    /// The groups of rows that are whole are kept, with the footer without which they could not be read.
    #[test]
    fn a_full_disk_keeps_the_groups_that_are_whole() {
        let home = Home::with_words();
        let args = ["derive", "--xpub", ZPUB, "--range", "3..20000", "--json"];
        home.run(&[&args[..], &["--out", "rows.csv"]].concat()).ok();
        let all = csv(&home, "rows.csv");
        home.run(&[&args[..], &["--out", "rows.parquet"]].concat()).ok();
        let size = std::fs::metadata(home.path("rows.parquet")).unwrap().len();
        std::fs::remove_file(home.path("rows.parquet")).unwrap();
        let most = u32::try_from(size / 1024).unwrap();
        // The last of them has room for every group, and not for the footer.
        for (kibibytes, expected) in [(most / 3, 4096), (most - 10, 16384), (most, 16384)] {
            let failure = with_space(&home.command(&[&args[..], &["--out", "rows.parquet"]].concat()), kibibytes);
            let failure = failure.only_error(6);
            let (_, rows) = read(&home, "rows.parquet.partial");
            assert_eq!(rows.len(), expected, "{kibibytes} {failure:?}");
            assert_eq!(rows, all[..expected]);
            failure.says("storage", &format!("{expected} rows are whole, and kept in rows.parquet.partial"));
            failure.says("storage", &format!("--range {}..20000", expected + 3));
            std::fs::remove_file(home.path("rows.parquet.partial")).unwrap();
        }
        let none = with_space(&home.command(&[&args[..], &["--out", "rows.parquet"]].concat()), 100).only_error(6);
        assert!(!none.message.contains("rows are"), "{none:?}");
        assert!(home.names().iter().all(|name| !name.contains("parquet") && !name.contains(".keyark-")));
    }

    #[test]
    fn ctrl_c_keeps_every_row() {
        let home = Home::new();
        let range = ["--xpub", ZPUB, "--range", "5..2147483648"];
        let failure = stopped(&home, &[&range[..], &["--out", "rows.parquet"]].concat(), 100_000);
        let (_, rows) = read(&home, "rows.parquet.partial");
        failure.says("cancelled", &format!("stopped; {} rows are whole, and kept in rows.parquet.partial", rows.len()));
        failure.says("cancelled", &format!("--range {}..2147483648", rows.len() + 5));
        assert_eq!(rows.last().unwrap()[2], Some(format!("0/{}", rows.len() + 4)));
        assert_eq!(home.names().into_iter().collect::<Vec<_>>(), ["rows.parquet.partial"]);
    }

    #[test]
    fn private_keys_are_not_left_behind() {
        let home = Home::with_words();
        let before = home.names();
        let args = ["--phrase-file", "words.txt", "--private", "--chain", "ethereum", "--out", "keys.parquet"];
        stopped(&home, &[&args[..], &["--range", "0..2147483648"]].concat(), 1).says("cancelled", "nothing was");
        assert_eq!(home.names(), before);
        let derive = [&["derive", "--json"], &args[..], &["--range", "0..6000"]].concat();
        let failure = with_space(&home.command(&derive), 800).only_error(6);
        assert!(failure.message.contains("keys.parquet") && !failure.message.contains("rows are"), "{failure:?}");
        assert_eq!(home.names(), before);
    }
}
