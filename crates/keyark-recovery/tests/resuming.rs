//! A search can be stopped anywhere, split, and gone on with: nothing is lost, and nothing is done twice.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support;

use std::collections::HashSet;
use std::time::Duration;

use keyark_core::ErrorKind;
use keyark_recovery::{Bounds, Checkpoint, Damage, Found, Guesses, Known, Outcome, Passphrases, PhraseSearch, Shard};
use support::{StopAfter, space, text};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// 1,500 phrases fit, in 24 blocks, and none costs a key derivation.
fn many() -> PhraseSearch {
    PhraseSearch::new(
        space(WORDS, None, &[Damage::OneWrong]),
        Passphrases::none(),
        Known::checksum(),
        &Bounds::default(),
    )
    .unwrap()
    .all()
}

fn texts(found: &[Found]) -> Vec<String> {
    let mut texts: Vec<_> = found.iter().map(text).collect();
    texts.sort();
    texts
}

fn everything() -> Vec<String> {
    let mut found: Vec<Found> = Vec::new();
    assert_eq!(many().run(2, &mut found).unwrap(), Outcome::Complete);
    texts(&found)
}

#[test]
fn all_threads_together_find_everything_once() {
    let expected = everything();
    assert!(expected.len() > 1000);
    assert_eq!(expected.iter().collect::<HashSet<_>>().len(), expected.len());
    for threads in [0, 1, 3, 16] {
        let mut found: Vec<Found> = Vec::new();
        many().run(threads, &mut found).unwrap();
        assert_eq!(texts(&found), expected);
    }
}

#[test]
fn stopped_at_any_block_it_goes_on_with_the_rest() {
    let expected = everything();
    for blocks in [1, 2, 5, 13, 22, 23, 24, 25] {
        let mut first = StopAfter::new(blocks);
        let mut search = many();
        let outcome = search.run(3, &mut first).unwrap();
        assert_eq!(outcome == Outcome::Complete, search.is_complete());
        // What lies in the file is all that is left after kill -9.
        let Some(checkpoint) = first.checkpoint.take() else {
            assert_eq!(outcome, Outcome::Complete);
            continue;
        };
        let checkpoint: Checkpoint = checkpoint.parse().unwrap();
        assert_eq!(checkpoint.blocks().0, blocks as u64);
        let mut rest: Vec<Found> = Vec::new();
        let mut search = many().resume(&checkpoint).unwrap();
        assert_eq!(search.run(2, &mut rest).unwrap(), Outcome::Complete);
        first.found.extend(rest);
        assert_eq!(texts(&first.found), expected, "{blocks} blocks");
    }
}

#[test]
fn stopped_again_and_again_it_comes_to_its_end() {
    let mut found = Vec::new();
    let mut checkpoint = many().checkpoint().unwrap().to_text();
    let mut runs = 0;
    loop {
        let mut step = StopAfter::new(7);
        let mut search = many().resume(&checkpoint.parse().unwrap()).unwrap();
        let outcome = search.run(2, &mut step).unwrap();
        found.append(&mut step.found);
        runs += 1;
        match outcome {
            Outcome::Complete => break,
            _ => checkpoint = step.checkpoint.unwrap(),
        }
    }
    assert!(runs > 2);
    assert_eq!(texts(&found), everything());
}

#[test]
fn the_shares_are_disjoint_and_are_everything() {
    let mut found = Vec::new();
    for index in 1..=7 {
        let mut own: Vec<Found> = Vec::new();
        many().shard(Shard::new(index, 7).unwrap()).run(2, &mut own).unwrap();
        assert!(!own.is_empty());
        found.extend(own);
    }
    assert_eq!(texts(&found), everything());
}

#[test]
fn what_is_measured_is_done_and_nothing_of_it_is_lost() {
    let mut search = many();
    let estimate = search.estimate(2, Duration::from_millis(1)).unwrap();
    assert_eq!(estimate.before, 1 + 12 * 2047);
    assert!(!estimate.exact && estimate.rate > 0.0);
    // Nothing that was found and not yet told counts as done.
    let checkpoint = search.checkpoint().unwrap();
    let mut found: Vec<Found> = Vec::new();
    search.run(2, &mut found).unwrap();
    assert_eq!(texts(&found), everything());
    let mut again: Vec<Found> = Vec::new();
    many().resume(&checkpoint).unwrap().run(2, &mut again).unwrap();
    assert_eq!(texts(&again), everything());
}

/// A batch of phrases with many places each takes longer than is measured: what is done of it counts.
#[test]
fn the_rate_is_known_before_the_first_batch_is_done() {
    let space = support::space(WORDS, None, &[Damage::OneWrong]);
    let bounds = Bounds { accounts: 50_000, kinds: vec!["ledger-live".to_owned()], ..Bounds::default() };
    let known = Known::address("0x9858EfFD232B4033E47d90003D41EC34EcaEda94", &support::chains(), None).unwrap();
    let mut search = PhraseSearch::new(space, Passphrases::none(), known, &bounds).unwrap();
    let estimate = search.estimate(1, Duration::from_millis(50)).unwrap();
    assert_eq!(estimate.places, 50_000);
    // One in ten seconds, the longest that is measured, was what it said.
    assert!(estimate.rate > 0.11, "{estimate:?}");
}

#[test]
fn what_takes_too_long_is_refused_with_both_numbers() {
    let two = "? ? thank year wave sausage worth useful legal winner thank yellow";
    let known = support::fingerprint(&keyark_phrase::Phrase::parse(&WORDS.into()).unwrap());
    let mut search = support::search(two, &[], known);
    let estimate = search.estimate(2, Duration::from_millis(300)).unwrap();
    assert_eq!((estimate.before, estimate.after), (1 << 22, 1 << 18));
    let error = estimate.check_time(Duration::from_secs(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.problem().contains("a second, and at most 1 second is allowed"), "{error}");
    estimate.check_time(Duration::from_secs(1 << 40)).unwrap();
}

#[test]
fn checkpoints_of_other_input_are_refused() {
    let checkpoint = many().checkpoint().unwrap();
    let other = |search: PhraseSearch, part: &str| {
        let error = search.resume(&checkpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        assert!(error.problem().contains(part), "{error}");
    };
    let search = |words: &str, damage, known| {
        PhraseSearch::new(space(words, None, &[damage]), Passphrases::none(), known, &Bounds::default()).unwrap()
    };
    // One word is another one, of the same numbers.
    other(search(&WORDS.replace("useful", "zoo"), Damage::OneWrong, Known::checksum()), "of other words");
    other(search(WORDS, Damage::Swapped, Known::checksum()), "of another search");
    other(search(WORDS, Damage::OneWrong, Known::fingerprint("00000000").unwrap()), "of another search");
    other(many().shard("2/3".parse().unwrap()), "of the share 1/1, not of 2/3");
    let passphrases = |guess: &str| {
        let phrase = keyark_phrase::Phrase::parse(&WORDS.into()).unwrap();
        let passphrases = Passphrases::none().or(Guesses::one(guess.into()));
        let known = Known::fingerprint("00000000").unwrap();
        PhraseSearch::new(keyark_recovery::Space::of_phrase(&phrase).unwrap(), passphrases, known, &Bounds::default())
            .unwrap()
    };
    let checkpoint = passphrases("one").checkpoint().unwrap();
    assert_eq!(passphrases("two").resume(&checkpoint).unwrap_err().kind(), ErrorKind::Mismatch);
    passphrases("one").resume(&checkpoint).unwrap();
}

#[test]
fn checkpoints_that_are_broken_are_refused() {
    let text = many().checkpoint().unwrap().to_text();
    let read = |text: &str| text.parse::<Checkpoint>().map(drop).map_err(|error| error.problem().to_owned());
    read(&text).unwrap();
    assert!(read(&text[..text.len() / 2]).unwrap_err().contains("cut off"));
    assert!(read("").unwrap_err().contains("cut off"));
    assert!(read("[]").unwrap_err().contains("not the JSON"));
    assert!(read("{}").unwrap_err().contains("no version"));
    assert!(read(&text.replace("\"version\":1", "\"version\":2")).unwrap_err().contains("has version 2"));
    assert!(read(&text.replace("\"found\":0", "\"found\":1")).unwrap_err().contains("changed"));
    assert!(read(&" ".repeat(2 << 20)).unwrap_err().contains("bytes"));
}

#[test]
fn nothing_to_find_and_far_too_much_are_refused() {
    let known = || Known::fingerprint("00000000").unwrap();
    let refused = |text: &str, damages: &[Damage]| {
        PhraseSearch::new(space(text, None, damages), Passphrases::none(), known(), &Bounds::default()).unwrap_err()
    };
    let error = refused(WORDS, &[]);
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.problem().contains("no word is marked") && error.remedy().contains("which wallet"), "{error}");
    let error = refused("? ? ? ? ? ? worth useful legal winner thank yellow", &[]);
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.problem().contains("7.4 × 10^19") && error.problem().contains("4.6 × 10^18"), "{error}");
}

#[test]
fn nothing_shows_a_word() {
    let words: Vec<_> = WORDS.split(' ').collect();
    let pattern = format!("{WORDS} zebra").replace("yellow", "yell?w|zoo");
    let mut said = Vec::new();
    let read = keyark_recovery::Pattern::read(&pattern.as_str().into(), None).unwrap();
    said.push(format!("{read:?} {:?}", read.notes()));
    said.push(format!("{:?}", keyark_recovery::Space::new(&read, &[]).unwrap_err()));
    let space = space(&pattern, None, &[Damage::OneTooMany]);
    said.push(format!("{space:?} {:?} {:?}", space.candidate(0), space.walk(0)));
    let passphrases = Passphrases::none().or(Guesses::one("canary".into()));
    let mut search = PhraseSearch::new(
        space,
        passphrases,
        support::fingerprint(&keyark_phrase::Phrase::parse(&WORDS.into()).unwrap()),
        &Bounds::default(),
    )
    .unwrap();
    let mut found: Vec<Found> = Vec::new();
    search.run(2, &mut found).unwrap();
    said.push(format!("{search:?} {found:?} {:?} {}", search.checkpoint(), search.checkpoint().unwrap().to_text()));
    assert_eq!(found.len(), 1);
    for said in said {
        for word in words.iter().chain(&["zebra", "canary"]) {
            assert!(!said.contains(word), "{word}: {said}");
        }
    }
}
