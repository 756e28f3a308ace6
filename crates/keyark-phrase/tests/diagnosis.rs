//! Every problem is named, and nothing that was typed.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // in helpers of tests; what is out of range is a failed test

use keyark_phrase::{Diagnosis, Language, Phrase, Problem, ProblemKind, WordCount, diagnose};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

fn of(text: &str) -> Diagnosis {
    diagnose(&text.into(), None)
}

fn kinds(diagnosis: &Diagnosis) -> Vec<(&'static str, Option<usize>)> {
    diagnosis.problems().iter().map(|problem| (problem.kind().id(), problem.position())).collect()
}

#[test]
fn a_right_phrase_has_no_problems() {
    let diagnosis = of(WORDS);
    assert!(diagnosis.valid());
    assert_eq!((diagnosis.language(), diagnosis.words()), (Some(Language::English), 12));
    assert!(diagnosis.notes().is_empty() && diagnosis.error().is_none());
}

#[test]
fn all_problems_are_named_at_once() {
    let text = "legal wnner thank yaer wave sausage abaisser useful legal qqqqqqqq thank";
    let diagnosis = of(text);
    assert_eq!(diagnosis.language(), Some(Language::English));
    assert_eq!(
        kinds(&diagnosis),
        [
            ("unknown-word", Some(2)),
            ("unknown-word", Some(4)),
            ("mixed-languages", Some(7)),
            ("unknown-word", Some(10)),
            ("wrong-count", None)
        ]
    );
    let first: Vec<_> = diagnosis.problems().iter().map(|problem| problem.suggestions().first().copied()).collect();
    assert_eq!(first[..2], [Some("winner"), Some("year")]);
    assert_eq!(first[3..], [None, None]);
    assert!(diagnosis.problems()[2].message().contains("French"));
    assert_eq!(
        diagnosis.error().unwrap().problem(),
        "words 2, 4 and 10 of 11 are not in the English list; word 7 of 11 is in the \
         list of another language; there are 11 words, and a phrase has 12, 15, 18, 21 or 24"
    );
}

#[test]
fn one_wrong_word_makes_one_sentence() {
    let error = Phrase::parse(&WORDS.replace("worth", "wroth").into()).unwrap_err();
    assert!(error.problem().starts_with("word 7 of 12 is not in the English list; did you mean 'worth'"), "{error}");
    assert_eq!(error.remedy(), "compare word 7 with what you wrote down, and type it again");
}

#[test]
fn what_was_read_otherwise_than_typed_is_noted() {
    let ids = |text: &str| -> Vec<_> { of(text).notes().iter().map(|note| note.id()).collect() };
    assert_eq!(ids(&WORDS.to_uppercase()), ["capitals"]);
    assert_eq!(ids(&format!("1. {WORDS}")), ["numbers"]);
    let backwards = WORDS.split(' ').rev().zip(1..).map(|(word, at)| format!("{} {word} ", 13 - at));
    assert_eq!(ids(&backwards.collect::<String>()), ["numbers-sorted"]);
    assert_eq!(ids(&format!("2. {WORDS}")), ["numbers-out-of-order"]);
    assert_eq!(ids(&format!("{WORDS}\0")), ["invisible-characters"]);
    let short = of("lega winner thank year wave saus worth useful legal winner thank yello");
    assert_eq!(short.notes()[0].id(), "completed-words");
    assert_eq!(short.notes()[0].message(), "words 1, 6 and 12 were completed from the first letters");
    let spanish = Phrase::from_entropy(&[0; 16], Language::Spanish).unwrap();
    let plain = spanish.to_text().expose().replace('\u{301}', "");
    let notes = of(&plain).notes().to_vec();
    assert_eq!(notes[0].id(), "missing-accents");
    assert!(notes[0].message().starts_with("words 1, 2, 3"), "{}", notes[0]);
}

#[test]
fn a_wrong_checksum_says_how_to_find_the_word() {
    let diagnosis = of(&WORDS.replace("yellow", "year"));
    assert_eq!(kinds(&diagnosis), [("wrong-checksum", None)]);
    assert!(diagnosis.problems()[0].remedy().contains("look alike"));
    // Written in two columns and typed line by line: the numbers tell the order, unless they are those of the columns.
    let words: Vec<_> = WORDS.split(' ').collect();
    let columns = |second: usize| -> String {
        (0..6).map(|i| format!("{}. {} {}. {}\n", i + 1, words[i], i + second, words[i + 6])).collect()
    };
    assert!(of(&columns(7)).valid());
    let diagnosis = of(&columns(1));
    assert_eq!(kinds(&diagnosis), [("wrong-checksum", None)]);
    assert!(diagnosis.problems()[0].remedy().contains("in the order of their numbers"));
}

#[test]
fn a_wrong_count_says_what_may_have_happened() {
    let remedy = |words: usize| {
        let text = "zoo ".repeat(words);
        let diagnosis = of(&text);
        assert_eq!(kinds(&diagnosis)[0], ("wrong-count", None), "{words}");
        assert!(diagnosis.problems()[0].message().contains(&words.to_string()));
        diagnosis.problems()[0].remedy().to_owned()
    };
    assert!(remedy(11).contains("missing"));
    assert!(remedy(23).contains("missing"));
    assert!(remedy(16).contains("too many"));
    assert!(remedy(25).contains("passphrase"));
    assert!(remedy(1).contains("compare"));
}

#[test]
fn the_language_that_was_asked_for_is_kept() {
    let diagnosis = diagnose(&WORDS.into(), Some(Language::Spanish));
    assert_eq!(kinds(&diagnosis), [("wrong-language", None)]);
    assert!(diagnosis.problems()[0].message().contains("English"));
    assert_eq!(
        Phrase::parse_in(&WORDS.into(), Language::Spanish).unwrap_err().problem(),
        diagnosis.problems()[0].message()
    );
    assert_eq!(diagnose(&WORDS.into(), Some(Language::English)).language(), Some(Language::English));
}

#[test]
fn things_that_are_not_phrases_are_named() {
    for (text, part) in [
        ("0x4646464646464646464646464646464646464646464646464646464646464646", "hexadecimal"),
        ("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn", "WIF"),
        ("{\"crypto\": {\"kdf\": \"scrypt\"}}", "keystore"),
        ("[12, 34, 56]", "solana-keygen"),
        // SLIP-39, vectors.json, 1: a share without a group
        (
            "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband \
             erode duke ajar critical decision keyboard",
            "SLIP-39",
        ),
        // Electrum, tests/test_mnemonic.py
        ("wild father tree among universe such mobile favorite target dynamic credit identify", "Electrum"),
        ("cram swing cover prefer miss modify ritual silly deliver chunk behind inform able", "Electrum"),
    ] {
        let diagnosis = of(text);
        let problem = diagnosis.problems().iter().find(|problem| problem.kind() == ProblemKind::NotAPhrase).unwrap();
        assert!(problem.message().contains(part), "{}", problem.message());
        assert!(!diagnosis.valid() && Phrase::parse(&text.into()).is_err());
    }
}

#[test]
fn text_without_any_listed_word_has_no_language() {
    let diagnosis = of("qqqqq wwwww");
    assert_eq!(diagnosis.language(), None);
    assert_eq!(kinds(&diagnosis), [("unknown-word", Some(1)), ("unknown-word", Some(2)), ("wrong-count", None)]);
    assert!(diagnosis.problems()[0].message().contains("none of the lists"));
    assert_eq!(kinds(&of("")), [("empty", None)]);
}

/// Everything that a diagnosis and its error say.
fn said(diagnosis: &Diagnosis) -> String {
    let of_problem = |problem: &Problem| format!("{problem} {problem:?} {} {}", problem.message(), problem.remedy());
    let problems: String = diagnosis.problems().iter().map(of_problem).collect();
    let notes: String = diagnosis.notes().iter().map(|note| format!("{note} {note:?}")).collect();
    let error = diagnosis.error().map(|error| format!("{error} {error:?} {}", error.remedy())).unwrap_or_default();
    format!("{diagnosis:?} {problems} {notes} {error}").to_lowercase()
}

#[test]
fn what_was_typed_is_never_repeated() {
    const CANARY: &str = "xcanaryx";
    for text in [
        CANARY.to_owned(),
        WORDS.replace("sausage", CANARY),
        WORDS.replace(' ', CANARY),
        format!("{WORDS} {CANARY}"),
        format!("{{{CANARY}"),
        format!("1. {CANARY}\n2. {CANARY}"),
        format!("{CANARY} ").repeat(12),
        format!("{CANARY} ").repeat(200),
        format!("{CANARY} ").repeat(9000),
        CANARY.to_uppercase(),
    ] {
        for language in [None, Some(Language::English), Some(Language::Korean)] {
            let said = said(&diagnose(&text.as_str().into(), language));
            assert!(!said.contains("canary"), "{said}");
        }
    }
    // Words that are right are not repeated either.
    let said = said(&of("legal winner thank year wave sausage worth useful legal winner qqqqqqqq"));
    for word in WORDS.split(' ') {
        // "year" and "wave" are part of no message; short ones are not part of a longer word of one
        assert!(!said.split(|char: char| !char.is_alphabetic()).any(|part| part == word), "{word}: {said}");
    }
}

#[test]
fn every_single_slip_in_a_new_phrase_is_found() {
    for language in Language::ALL {
        let phrase = Phrase::generate(WordCount::Words12, language).unwrap();
        let words: Vec<_> = phrase.words().collect();
        for position in 0..12 {
            let mut words = words.clone();
            let slipped = format!("{}qq", words[position]);
            words[position] = &slipped;
            let diagnosis = diagnose(&words.join(" ").into(), None);
            let problem = &diagnosis.problems()[0];
            assert_eq!((problem.kind(), problem.position()), (ProblemKind::UnknownWord, Some(position + 1)));
            assert_eq!(diagnosis.problems().len(), 1, "{language}");
        }
    }
}
