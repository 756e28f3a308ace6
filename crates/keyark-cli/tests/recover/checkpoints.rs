//! A checkpoint is of one search, of one process at a time, and whole; what is wrong with it is said at once.

use std::io::BufRead;

use rustix::process::Signal;
use support::with_space;

use super::*;
use long::{SLOWLY, has_begun, kill, stop, wait_until};

/// Stops a search in its middle, so that there is a checkpoint.
fn stopped(home: &Home) -> Run {
    let mut child = long::start(home);
    let err = has_begun(&mut child);
    stop(child, err, Signal::INT)
}

/// What takes long and keeps no checkpoint says that it would start over.
#[test]
fn whoever_keeps_none_is_told_of_it() {
    const TOLD: &str = "with --checkpoint FILE it goes on";
    let home = Home::new();
    assert!(!stopped(&home).err.contains(TOLD));
    let mut args = long::args(&home, &[]);
    args.retain(|arg| !["--checkpoint", "search.json"].contains(arg));
    let mut child = home.command(&args).spawn().unwrap();
    let mut err = has_begun(&mut child);
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert!(line.contains(TOLD), "{line}");
    let run = stop(child, err, Signal::INT);
    assert!(run.code == Some(130) && run.err.contains("with --checkpoint FILE it could go on"), "{}", run.err);
}

#[test]
fn a_checkpoint_of_something_else_is_refused_and_kept() {
    let home = Home::new();
    stopped(&home).only_error(130).says("cancelled", "the same command goes on");
    let whole = home.read("search.json");
    let with = |damaged: &str, args: &[&str]| {
        let search = ["--address", ETHEREUM, "--checkpoint", "search.json"];
        let run = recover(&home, damaged, &[&search[..], &SLOWLY, args].concat());
        assert_eq!(run.out, "", "{}", run.line);
        run
    };
    let damaged = long::damaged();
    with(&damaged.replace("winner", "window"), &[]).only_error(2).says("usage", "of other words");
    with(&damaged, &["--kind", "bip44"]).only_error(2).says("usage", "another");
    with(&damaged, &["--shard", "1/2"]).only_error(2).says("usage", "share");
    assert_eq!(home.read("search.json"), whole);
    for (content, said) in [
        (&whole[..whole.len() / 2], "cut off"),
        ("", "cut off"),
        (&whole.replace("\"version\":1", "\"version\":2"), "newer keyark"),
        (&whole.replace("\"tried\":", "\"tried\":1"), "changed"),
        ("{}", "version"),
        (&damaged, "JSON"),
    ] {
        home.write("search.json", content);
        with(&damaged, &[]).only_error(3).says("malformed", said);
        assert_eq!(home.read("search.json"), content, "it is left as it is");
    }
}

/// That the checkpoint cannot be written is said at once, not after hours.
#[test]
fn a_checkpoint_that_cannot_be_written() {
    let home = Home::new();
    std::fs::create_dir(home.path("closed")).unwrap();
    std::fs::set_permissions(home.path("closed"), std::os::unix::fs::PermissionsExt::from_mode(0o500)).unwrap();
    for folder in ["closed", "/proc"] {
        if std::fs::write(home.path(folder).join("probe"), "").is_ok() {
            continue; // root writes also where it may not; into /proc nobody does
        }
        let file = format!("{folder}/search.json");
        let args = [&["--address", ETHEREUM], &SLOWLY[..], &["--checkpoint", &file]].concat();
        let run = recover(&home, &long::damaged(), &args);
        run.only_error(6).says("storage", folder);
        assert!(!run.err.contains("a second"), "before anything is measured: {}", run.err);
    }
    let run = with_space(&home.command(&long::args(&home, &["--json", "--out", "found.json"])), 0);
    run.only_error(6).says("storage", "search.json could not be written");
    assert!(home.names().iter().all(|name| !name.contains("search")), "{:?}", home.names());
}

/// Two at once would write over what the other has found: the second is refused, and the first goes on.
#[test]
fn one_search_at_a_time_on_a_checkpoint() {
    let home = Home::new();
    let mut first = long::start(&home);
    wait_until(&mut first, "a checkpoint", || home.path("search.json").exists());
    let taken = "another search is going on with the checkpoint search.json";
    home.run(&long::args(&home, &["--json", "--out", "found.json"])).only_error(6).says("storage", taken);
    let short = |checkpoint| {
        let files = ["--checkpoint", checkpoint, "--out", "found.json"];
        recover(&home, &words(&[(8, "?")]), &[&["--address", ETHEREUM], &files[..]].concat())
    };
    short("other.json").ok();
    assert!(first.try_wait().unwrap().is_none(), "the first goes on");
    kill(first);
    // The lock ends with the process, and its file with the next search.
    assert!(home.path("search.json.lock").exists());
    std::fs::remove_file(home.path("search.json")).unwrap();
    std::fs::remove_file(home.path("found.json")).unwrap();
    short("search.json").ok();
    assert_eq!(serde_json::from_str::<Value>(&home.read("found.json")).unwrap()["phrase"], WORDS);
    assert!(home.names().iter().all(|name| !name.contains("search")), "{:?}", home.names());
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_sees_how_far_it_is_and_stops_it() {
    let home = Home::new();
    let mut terminal = support::terminal::Terminal::start(&home, &long::args(&home, &[]));
    terminal.expect("a second");
    terminal.expect("%, ");
    terminal.expect(" left");
    terminal.types("\x03");
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echo), (Some(130), true), "{}", ended.screen);
    assert_eq!(ended.screen.matches("error:").count(), 1, "{}", ended.screen);
    assert!(home.path("search.json").exists());
    // With the terminal's ^C behind it there is still room in the 80 columns: else the bar would stay in the line above.
    let bars: Vec<_> = ended.screen.split(['\r', '\n']).filter(|line| line.contains('%')).collect();
    assert!(!bars.is_empty() && bars.iter().all(|bar| console::measure_text_width(bar) < 80), "{:?}", ended.screen);
}
