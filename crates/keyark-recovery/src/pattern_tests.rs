use keyark_core::ErrorKind;

use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::words::word;

fn read(text: &str) -> Pattern {
    Pattern::read(&text.into(), None).unwrap()
}

fn at(pattern: &Pattern, place: usize) -> Vec<Vec<&'static str>> {
    let reading = &pattern.best()[0];
    let groups = &reading.slots[place - 1].0;
    groups.iter().map(|group| group.iter().map(|index| word(reading.language, *index)).collect()).collect()
}

#[test]
fn each_mark_is_understood() {
    let pattern = read("zoo ? licen?e lic* license|lizard abandno ABAN zo?|abandn");
    assert_eq!(pattern.languages(), [Language::English]);
    assert_eq!(at(&pattern, 1), [["zoo"]]);
    assert_eq!(at(&pattern, 2)[0].len(), 2048);
    assert_eq!(at(&pattern, 3), [["license"]]);
    assert_eq!(at(&pattern, 4), [["license"]]);
    assert_eq!(at(&pattern, 5), [["license", "lizard"]]);
    assert_eq!(at(&pattern, 6)[0], ["abandon"]);
    assert_eq!(at(&pattern, 7), [["abandon"]]);
    assert!(at(&pattern, 8)[0].starts_with(&["zoo", "abandon"]));
    assert_eq!((pattern.words(), pattern.unsure()), (8, 4));
    let notes: Vec<_> = pattern.notes().iter().map(Warning::id).collect();
    assert_eq!(notes, ["near-words"]);
    assert!(pattern.notes()[0].message().starts_with("word 6 is not in the English list"), "{}", pattern.notes()[0]);
}

#[test]
fn other_lists_are_read_by_their_letters() {
    let pattern = read("ábaco abac ab?co");
    assert_eq!(pattern.languages(), [Language::Spanish]);
    for place in 1..=2 {
        assert_eq!(at(&pattern, place), [["a\u{301}baco"]]);
    }
    assert_eq!(at(&pattern, 3), [["a\u{301}baco"]]);
    let pattern = read("가격 가? 가끔");
    assert_eq!(pattern.languages(), [Language::Korean]);
    assert!(at(&pattern, 2)[0].iter().all(|word| word.nfc().next() == Some('가')));
    assert_eq!(read("的?是").words(), 3);
}

#[test]
fn languages_that_fit_equally_well_are_all_tried() {
    let shared: Vec<_> = Language::French
        .word_list()
        .iter()
        .filter(|word| Language::English.word_list().contains(word))
        .take(3)
        .copied()
        .collect();
    let pattern = read(&shared.join(" "));
    assert_eq!(pattern.languages(), [Language::English, Language::French]);
    assert_eq!(pattern.notes()[0].id(), "languages");
    let named = Pattern::read(&shared.join(" ").into(), Some(Language::French)).unwrap();
    assert_eq!(named.languages(), [Language::French]);
    assert!(named.others().iter().any(|reading| reading.language == Language::English));
}

#[test]
fn numbers_tell_the_order_and_what_is_missing() {
    let ids = |text: &str| -> Vec<_> { read(text).notes().iter().map(|note| note.id()).collect() };
    assert_eq!(ids("1. zoo 2. ? 3. abandon"), [""; 0]);
    assert_eq!(ids("1. zoo 3. abandon 2. ?"), ["numbers-sorted"]);
    assert_eq!(ids("1 zoo 3 abandon"), ["numbers-sorted", "numbers-missing"]);
    assert_eq!(ids("1. zoo 1. abandon 2. ?"), ["numbers-out-of-order"]);
    let pattern = read("1 zoo 3 abandon");
    assert_eq!((pattern.words(), at(&pattern, 3)), (3, at(&read("abandon"), 1)));
    assert!(pattern.notes()[1].message().starts_with("word 2 is not there"), "{:?}", pattern.notes());
}

#[test]
fn what_fits_nothing_is_refused_by_its_place() {
    for (text, part) in [
        ("", "no words"),
        (" ,\n", "no words"),
        ("zoo abandon||zoo", "word 2 of 2 has an alternative"),
        ("zoo |", "word 2 of 2"),
        ("zoo wxyz?", "no word of the English list has the letters of word 2 of 2"),
        ("zoo qq* q?q", "words 2 and 3 of 3"),
        ("qqqqqqqqqq xxxxxxxxxx", "none of the words is in any list"),
    ] {
        let error = Pattern::read(&text.into(), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.problem().contains(part), "{text}: {error}");
        assert!(!format!("{error:?}").contains("zoo"), "{error:?}");
    }
    for text in ["zoo ".repeat(27), "a".repeat(20_000), "zoo|".repeat(64) + "zoo"] {
        assert_eq!(Pattern::read(&text.into(), None).unwrap_err().kind(), ErrorKind::OutOfBounds);
    }
}

#[test]
fn hostile_marks_cost_little() {
    let stars = format!("zoo {}x", "*?".repeat(5000));
    assert!(Pattern::read(&stars.into(), None).is_err());
    assert_eq!(at(&read("zoo ***z*oo**"), 2), [["zoo"]]);
}

#[test]
fn what_is_shown_has_no_word_in_it() {
    let shown = format!("{:?}", read("zoo abandon licen?e"));
    assert_eq!(shown, "Pattern(3 words, 0 unsure, redacted)");
}

proptest::proptest! {
    #[test]
    fn hostile_text_never_panics(text in "[a-z?*| ]{0,60}|\\PC{0,60}") {
        if let Ok(pattern) = Pattern::read(&text.into(), None) {
            for reading in pattern.best.iter().chain(&pattern.others()) {
                for slot in &reading.slots {
                    let mut words: Vec<_> = slot.0.iter().flat_map(|group| group.iter().copied()).collect();
                    assert!(!words.is_empty() && slot.0.iter().all(|group| !group.is_empty()));
                    words.sort_unstable();
                    let all = words.len();
                    words.dedup();
                    assert_eq!(words.len(), all);
                }
            }
        }
    }
}

#[test]
fn words_of_no_list_that_is_tried_are_refused_whatever_is_marked() {
    let text = "legal winner thank year ? legal winner thank year wave sausage worth";
    let error = Pattern::read(&text.into(), Some(Language::Japanese)).unwrap().check_language().unwrap_err();
    assert!(error.problem().contains("Japanese"), "{error}");
    assert!(Pattern::read(&"? ? ? ?".into(), Some(Language::Japanese)).unwrap().check_language().is_ok());
    // Where letters are known, they tell the language.
    assert_eq!(read("aban* lega* license|lizard qqqqqqqqqq").languages(), [Language::English]);
}
