//! The quiz takes wrong answers without saying the right one.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // in helpers of tests; what is out of range is a failed test

use std::collections::HashSet;

use keyark_phrase::{Answer, Language, Phrase, Quiz, QuizResult, WordCount};
use unicode_normalization::UnicodeNormalization;

fn phrase(language: Language) -> Phrase {
    Phrase::from_entropy(&[0x7f; 32], language).unwrap()
}

fn order(quiz: &mut Quiz, phrase: &Phrase) -> Vec<usize> {
    let words: Vec<_> = phrase.words().collect();
    let mut order = Vec::new();
    while let Some(question) = quiz.next_question() {
        order.push(question.position());
        assert_eq!(quiz.answer(&words[question.position() - 1].into()), Answer::Right);
    }
    order
}

#[test]
fn all_right_passes_and_the_number_of_questions_is_kept_in_range() {
    let phrase = phrase(Language::English);
    for (asked, expected) in [(0, 1), (1, 1), (4, 4), (24, 24), (25, 24), (usize::MAX, 24)] {
        let mut quiz = Quiz::new(&phrase, asked).unwrap();
        assert_eq!(quiz.result(), None);
        let order = order(&mut quiz, &phrase);
        assert_eq!(order.len(), expected);
        assert_eq!(order.iter().collect::<HashSet<_>>().len(), expected, "no position twice");
        assert!(order.iter().all(|position| (1..=24).contains(position)));
        let result = quiz.result().unwrap();
        assert!(result.passed());
        assert_eq!((result.asked(), result.wrong(), result.positions()), (expected, 0, order.as_slice()));
        assert_eq!(result.to_text().parse::<QuizResult>().unwrap(), result);
        assert_eq!(quiz.answer(&"legal".into()), Answer::Over);
    }
}

#[test]
fn the_order_is_new_each_time_and_every_position_is_reached() {
    let phrase = phrase(Language::English);
    let orders: HashSet<_> = (0..50).map(|_| order(&mut Quiz::new(&phrase, 24).unwrap(), &phrase)).collect();
    assert_eq!(orders.len(), 50);
    let first: HashSet<_> =
        (0..2000).map(|_| Quiz::new(&phrase, 1).unwrap().next_question().unwrap().position()).collect();
    assert_eq!(first.len(), 24);
}

#[test]
fn three_wrong_answers_end_it() {
    let phrase = phrase(Language::English);
    let words: Vec<_> = phrase.words().collect();
    let mut quiz = Quiz::new(&phrase, 24).unwrap();
    let question = quiz.next_question().unwrap();
    assert_eq!(quiz.answer(&"wrong".into()), Answer::Wrong { tries_left: 2 });
    assert_eq!(quiz.next_question(), Some(question), "the question stays");
    assert_eq!(quiz.answer(&words[question.position() - 1].into()), Answer::Right);
    assert_eq!(quiz.answer(&"".into()), Answer::Wrong { tries_left: 1 });
    assert_eq!(quiz.result(), None);
    assert_eq!(quiz.answer(&"wrong".into()), Answer::Wrong { tries_left: 0 });
    assert_eq!(quiz.next_question(), None);
    let result = quiz.result().unwrap();
    assert_eq!((result.passed(), result.wrong(), result.asked()), (false, 3, 24));
    assert_eq!(result.to_text().parse::<QuizResult>().unwrap(), result);
    // Over is over: the right word does not bring it back.
    for word in &words {
        assert_eq!(quiz.answer(&(*word).into()), Answer::Over);
    }
    assert!(!quiz.result().unwrap().passed());
}

#[test]
fn the_form_of_an_answer_does_not_matter_but_the_whole_word_does() {
    for language in Language::ALL {
        let phrase = phrase(language);
        let words: Vec<_> = phrase.words().collect();
        for shape in [
            |word: &str| word.nfc().collect(),
            |word: &str| word.nfkd().collect(),
            |word: &str| word.to_uppercase(),
            |word: &str| format!(" {word}\n"),
        ] as [fn(&str) -> String; 4]
        {
            let mut quiz = Quiz::new(&phrase, 24).unwrap();
            while let Some(question) = quiz.next_question() {
                let answer = shape(words[question.position() - 1]);
                assert_eq!(quiz.answer(&answer.as_str().into()), Answer::Right, "{language} {answer}");
            }
        }
    }
    let phrase = phrase(Language::English);
    for shape in [
        |word: &str| word[..4].to_owned(),
        |word: &str| format!("{word}s"),
        |word: &str| format!("{word} {word}"),
        |word: &str| format!("{word}\0"),
        |_: &str| "x".repeat(10_000),
    ] as [fn(&str) -> String; 5]
    {
        let mut quiz = Quiz::new(&phrase, 24).unwrap();
        let mut open = quiz.next_question().unwrap();
        let words: Vec<_> = phrase.words().collect();
        while words[open.position() - 1].len() == 4 {
            assert_eq!(quiz.answer(&words[open.position() - 1].into()), Answer::Right);
            open = quiz.next_question().unwrap();
        }
        let answer = shape(words[open.position() - 1]);
        assert_eq!(quiz.answer(&answer.into()), Answer::Wrong { tries_left: 2 });
    }
}

#[test]
fn accents_may_be_missing_where_they_are_optional() {
    let phrase = Phrase::from_entropy(&[0; 16], Language::Spanish).unwrap(); // ten times "ábaco"
    let mut quiz = Quiz::new(&phrase, 12).unwrap();
    while quiz.next_question().is_some_and(|question| question.position() == 12) {
        assert_eq!(quiz.answer(&phrase.words().last().unwrap().into()), Answer::Right);
    }
    assert_eq!(quiz.answer(&"abaco".into()), Answer::Right);
}

#[test]
fn nothing_it_says_tells_a_word() {
    for count in WordCount::ALL {
        let phrase = Phrase::generate(count, Language::English).unwrap();
        let mut quiz = Quiz::new(&phrase, 24).unwrap();
        let mut said = String::new();
        for _ in 0..3 {
            said += &format!("{quiz:?} {:?} ", quiz.next_question());
            said += &format!("{:?} ", quiz.answer(&"wrong-answer".into()));
        }
        let result = quiz.result().unwrap();
        said += &format!("{quiz:?} {result:?} {}", result.to_text());
        let said = said.to_lowercase();
        // Words of the messages themselves, which are there whatever the phrase.
        let own =
            ["left", "quiz", "of", "answered", "wrong", "redacted", "some", "question", "position", "answer", "right"];
        for word in phrase.words().filter(|word| !own.contains(word)) {
            assert!(!said.split(|char: char| !char.is_alphabetic()).any(|part| part == word), "{word}: {said}");
        }
        assert!(!said.contains("wrong-answer"));
    }
}
