//! A slip of the pen in any word is found, and the word that was meant is among the suggestions. The tour shows that
//! with a word of a random phrase, so it must hold for every word of the list.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use keyark::phrase::Language;
use serde_json::Value;
use support::Home;

/// The problem of the word at `position`.
#[track_caller]
fn problem_at(diagnosis: &Value, position: usize) -> &Value {
    let problem = diagnosis["problems"].as_array().unwrap().iter().find(|problem| problem["position"] == position);
    problem.unwrap_or_else(|| panic!("no problem with word {position}: {diagnosis}"))
}

#[track_caller]
fn assert_suggested(diagnosis: &Value, position: usize, meant: &str) {
    let problem = problem_at(diagnosis, position);
    assert_eq!(problem["kind"], "unknown-word", "{meant}: {problem}");
    let suggestions = problem["suggestions"].as_array().unwrap();
    assert!(suggestions.iter().any(|suggestion| suggestion == meant), "{meant}: {problem}");
}

/// As the tour does it: the language is told from the right words.
#[test]
fn a_letter_too_many_is_found_among_right_words() {
    let home = Home::new();
    let words = Language::English.word_list();
    for chunk in words.chunks(12) {
        let text: String = chunk.iter().zip(words).map(|(word, right)| format!("{word}q {right} ")).collect();
        let run = home.run_with(&["phrase", "check", "--phrase-file", "-", "--json"], &text);
        let diagnosis = &run.objects()[0];
        run.error(3).says("malformed", "not in the English list");
        assert_eq!((&diagnosis["language"], &diagnosis["valid"]), (&"english".into(), &false.into()));
        for (at, word) in chunk.iter().enumerate() {
            assert_suggested(diagnosis, 2 * at + 1, word);
        }
    }
}

/// Where no word is right, the person names the language.
#[test]
fn a_letter_too_many_is_found_in_every_word() {
    let home = Home::new();
    for chunk in Language::English.word_list().chunks(24) {
        let text: String = chunk.iter().map(|word| format!("{word}q ")).collect();
        let args = ["phrase", "check", "--phrase-file", "-", "--language", "english", "--json"];
        let run = home.run_with(&args, &text);
        let diagnosis = &run.objects()[0];
        for (at, word) in chunk.iter().enumerate() {
            assert_suggested(diagnosis, at + 1, word);
        }
    }
}
