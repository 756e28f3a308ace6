//! A search that is stopped or killed goes on from where it was: nothing is lost, and nothing found twice.

use std::collections::BTreeSet;

use keyark::recovery::Checkpoint;
use rustix::process::Signal;

use super::*;
use long::{SLOWLY, blocks_done, has_begun, kill, stop, wait_until};
use search::FirstBlock;

/// Killed, started again and stopped: each time it goes on from where it was.
#[test]
fn kill_9_and_ctrl_c_lose_nothing() {
    let home = Home::new();
    let mut child = long::start(&home);
    wait_until(&mut child, "something is done", || blocks_done(&home) > 0);
    kill(child);
    let killed = blocks_done(&home);
    assert!(killed > 0);

    let mut child = long::start(&home);
    let err = has_begun(&mut child);
    wait_until(&mut child, "more is done", || blocks_done(&home) > killed);
    let before = blocks_done(&home);
    stop(child, err, Signal::TERM).only_error(130).says("cancelled", "search.json");
    assert!(blocks_done(&home) >= before && !home.path("found.json").exists());
}

/// What is behind the first block, which an earlier run has done, is found by the one that goes on, and then the
/// checkpoint is gone.
#[test]
fn the_rest_is_found() {
    let home = Home::new();
    let damaged = words(&[(5, "?")]);
    let first = FirstBlock::of(&damaged, ETHEREUM);
    assert_eq!(first.found, 0, "wave is at the end of the list");
    home.write("search.json", &first.checkpoint);
    let args = ["--address", ETHEREUM, "--all", "--checkpoint", "search.json", "--out", "found.json"];
    let run = recover(&home, &damaged, &args).ok();
    assert!(run.err.contains("going on from search.json: 50% is done"), "{}", run.err);
    assert_eq!(serde_json::from_str::<Value>(&home.read("found.json")).unwrap()["phrase"], WORDS);
    assert!(!home.path("search.json").exists(), "it is complete");
}

/// A share of the work is a share of the blocks: each candidate is in one of them.
#[test]
fn the_shares_find_it_once() {
    let home = Home::new();
    for damaged in [words(&[(12, "?")]), words(&[(3, "?")]), one_lost_and_one_of(8)] {
        let shares = ["1/3", "2/3", "3/3"].map(|share| {
            let run = recover(&home, &damaged, &["--address", ETHEREUM, "--shard", share]);
            assert!(run.err.contains(&format!("share {share}")), "{}", run.err);
            match run.code {
                Some(8) => run.only_error(8).says("mismatch", "other shares"),
                _ => assert_eq!(text(&run.objects()[0], "phrase"), WORDS),
            }
            run.code
        });
        assert_eq!(shares.iter().filter(|code| **code == Some(0)).count(), 1, "{shares:?}");
    }
}

/// Two words are not sure: one is lost, and of so many that the other can be, the right one is the last.
fn one_lost_and_one_of(count: usize) -> String {
    let list = keyark::phrase::Language::English.word_list();
    let right = list.iter().position(|word| *word == "useful").unwrap();
    words(&[(8, &list[right + 1 - count..=right].join("|")), (5, "?")])
}

/// What was found before the search was stopped is in the file, and stays there.
#[test]
fn matches_are_kept() {
    let home = Home::new();
    let all = ["--all", "--checksum-only", "--out", "all.txt", "--checkpoint", "search.json"];
    home.write("damaged.txt", words(&[(12, "?")]));
    home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt"], &all[..]].concat()).ok();
    assert_eq!(home.read("all.txt").lines().count(), 128);
    assert!(!home.path("search.json").exists());
    let names = home.names();
    assert!(names.iter().all(|name| !name.contains(".keyark-")), "{names:?}");
}

/// Of what the damaged words can be, one in so many; and their addresses are in list.txt.
fn list_of_some(home: &Home, damaged: &str, step: usize) -> BTreeSet<String> {
    let phrases = recover(home, damaged, &["--checksum-only"]).ok().objects();
    let some: BTreeSet<_> = phrases.iter().step_by(step).map(|object| text(object, "phrase").to_owned()).collect();
    let args = ["derive", "--phrase-file", "-", "--chain", "ethereum", "--json"];
    let known = some.iter().map(|phrase| text(&home.run_with(&args, phrase).object(), "address").to_owned());
    home.write("list.txt", known.collect::<Vec<_>>().join("\n"));
    some
}

#[track_caller]
fn phrases_in(objects: &str) -> BTreeSet<String> {
    let objects = objects.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    objects.map(|object| text(&object, "phrase").to_owned()).collect()
}

/// Which candidate of the long search a phrase is.
fn number(phrase: &str) -> u64 {
    let list = keyark::phrase::Language::English.word_list();
    let lost: Vec<_> = phrase.split(' ').collect();
    [lost[4], lost[5], lost[7]].iter().fold(0, |number, word| {
        let at = list.iter().position(|other| other == word).unwrap();
        number * list.len() as u64 + at as u64
    })
}

/// Those of the phrases that are in blocks that the checkpoint counts as done.
fn counted<'a>(home: &Home, phrases: &'a BTreeSet<String>) -> Vec<&'a String> {
    let Ok(text) = std::fs::read_to_string(home.path("search.json")) else { return Vec::new() };
    let (_, blocks) = text.parse::<Checkpoint>().unwrap().blocks();
    let per_block = 2048_u64.pow(3).div_ceil(blocks);
    let done = long::done(home);
    let is_done = |phrase: &&String| done.iter().any(|range| range.contains(&(number(phrase) / per_block)));
    phrases.iter().filter(is_done).collect()
}

/// What fits and is in blocks that are done is in the file; and what is in the file is whole, and there once.
#[track_caller]
fn assert_nothing_is_lost(home: &Home, expected: &BTreeSet<String>) {
    let file = home.read("found");
    let found = phrases_in(&file);
    assert_eq!(file.lines().count(), found.len(), "each once: {file}");
    assert!(found.is_subset(expected), "{file}");
    let lost: Vec<_> = counted(home, expected).into_iter().filter(|phrase| !found.contains(*phrase)).collect();
    assert!(lost.is_empty(), "counted, and not in the file: {lost:?}");
}

/// A list of all that fit, which is killed: what was found is in the file before a checkpoint counts it, and the same
/// command adds to it.
#[test]
fn all_that_fit_survive_kill_9() {
    let home = Home::new();
    let list = keyark::phrase::Language::English.word_list();
    let expected = list_of_some(&home, &words(&[(5, list[0]), (6, &list[..16].join("|")), (8, "?")]), 100);
    home.write("damaged.txt", long::damaged());
    let search =
        ["recover", "phrase", "--phrase-file", "damaged.txt", "--addresses-file", "list.txt", "--all", "--json"];
    let without = [&search[..], &SLOWLY, &["--out", "found-without"]].concat();
    let with = [&search[..], &SLOWLY, &["--out", "found", "--checkpoint", "search.json"]].concat();
    let start = |args| home.command(args).spawn().unwrap();
    let (mut child, mut other) = (start(&with), start(&without));
    wait_until(&mut child, "a checkpoint", || home.path("search.json").exists());
    let early = home.read("search.json");
    wait_until(&mut child, "a match that is counted", || !counted(&home, &expected).is_empty());
    kill(child);
    assert_nothing_is_lost(&home, &expected);

    let before = home.read("found");
    let done = blocks_done(&home);
    home.write("search.json", early); // as if it had been killed a moment earlier
    let mut child = start(&with);
    wait_until(&mut child, "more is done", || blocks_done(&home) > done);
    kill(child);
    assert!(home.read("found").starts_with(&before), "{before}");
    assert_nothing_is_lost(&home, &expected);

    // Without a checkpoint, too, what was found is there.
    wait_until(&mut other, "a match", || home.path("found-without").exists());
    kill(other);
    let found = phrases_in(&home.read("found-without"));
    assert!(!found.is_empty() && found.is_subset(&expected), "{found:?}");
}

/// The run before has found what is in its first block, or everything, of which its checkpoint counts the first block
/// only: the same command adds the rest, once.
#[test]
fn what_is_found_again_is_there_once() {
    let home = Home::new();
    let damaged = words(&[(12, "?")]);
    let expected = list_of_some(&home, &damaged, 16);
    let first = FirstBlock::of(&damaged, &home.read("list.txt"));
    assert!(first.found > 0 && first.found < expected.len(), "{}", first.found);
    for (form, begin) in [(&["--json"][..], "\n{"), (&[], "\n\n 1 ")] {
        let known = ["--addresses-file", "list.txt", "--threads", "1", "--all", "--out", "found"];
        let args = [&["recover", "phrase", "--phrase-file", "damaged.txt"], &known[..], form].concat();
        home.run(&args).ok();
        let all = home.read("found");
        let (of_the_first, _) = all.match_indices(begin).nth(first.found - 1).unwrap();
        for before in [&all[..], &all[..=of_the_first]] {
            home.write("found", before);
            home.write("search.json", &first.checkpoint);
            let run = home.run(&[&args[..], &["--checkpoint", "search.json"]].concat()).ok();
            assert!(run.err.contains("going on from search.json"), "{}", run.err);
            let found = home.read("found");
            assert!(found.starts_with(before), "{before}\n\n{found}");
            assert_eq!(found.matches("0x").count(), expected.len(), "each once: {found}");
            if !form.is_empty() {
                assert_eq!(phrases_in(&found), expected);
            }
        }
        std::fs::remove_file(home.path("found")).unwrap();
    }
}
