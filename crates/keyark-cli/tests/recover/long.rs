//! A search that nobody waits for, and how it is started and stopped.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::process::{Child, ChildStderr};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::*;

/// Makes each phrase some work. The limit on the time is no matter here.
pub(super) const SLOWLY: [&str; 6] = ["--threads", "1", "--indexes", "60", "--max-time", "36500d"];

/// Three words are lost, which takes longer than any test. The right ones are far behind.
pub(super) fn damaged() -> String {
    words(&[(5, "?"), (6, "?"), (8, "?")])
}

/// The arguments of that search, with its checkpoint in search.json.
pub(super) fn args<'a>(home: &Home, more: &[&'a str]) -> Vec<&'a str> {
    home.write("damaged.txt", damaged());
    let files = ["--phrase-file", "damaged.txt", "--checkpoint", "search.json"];
    [&["recover", "phrase", "--address", ETHEREUM], &files[..], &SLOWLY, more].concat()
}

pub(super) fn start(home: &Home) -> Child {
    home.command(&args(home, &["--json", "--out", "found.json"])).spawn().unwrap()
}

/// Waits until the command says that it has begun.
pub(super) fn has_begun(child: &mut Child) -> BufReader<ChildStderr> {
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("a second") {
        line.clear();
        assert_ne!(err.read_line(&mut line).unwrap(), 0, "it has ended");
    }
    err
}

/// Waits until this is so, while the command goes on.
#[track_caller]
pub(super) fn wait_until(child: &mut Child, what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(child.try_wait().unwrap().is_none() && begin.elapsed() < support::PATIENCE, "not yet: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The blocks that the checkpoint counts as done; none, where there is none yet.
pub(super) fn done(home: &Home) -> Vec<Range<u64>> {
    let Ok(text) = std::fs::read_to_string(home.path("search.json")) else { return Vec::new() };
    let object: Value = serde_json::from_str(&text).unwrap();
    let ranges = object["done"].as_array().unwrap();
    ranges.iter().map(|range| range[0].as_u64().unwrap()..range[1].as_u64().unwrap()).collect()
}

pub(super) fn blocks_done(home: &Home) -> u64 {
    done(home).into_iter().map(|range| range.end - range.start).sum()
}

/// Ends it with SIGKILL.
pub(super) fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Asks it to stop, and waits for its end.
pub(super) fn stop(mut child: Child, mut err: BufReader<ChildStderr>, signal: Signal) -> Run {
    kill_process(Pid::from_child(&child), signal).unwrap();
    let (mut out, mut said) = (String::new(), String::new());
    err.read_to_string(&mut said).unwrap();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    let code = wait(&mut child, "recover").code();
    Run { line: "recover".to_owned(), code, out, err: said }
}
