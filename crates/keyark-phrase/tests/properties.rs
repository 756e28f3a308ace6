//! What holds for all entropy and all text.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // in helpers of tests; what is out of range is a failed test

use keyark_core::SecretText;
use keyark_phrase::{Answer, Language, Phrase, Quiz, QuizResult, WordCount, diagnose, passphrase_warnings};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn phrases() -> impl Strategy<Value = Phrase> {
    let language = proptest::sample::select(Language::ALL.to_vec());
    let count = proptest::sample::select(WordCount::ALL.to_vec());
    (language, count, any::<[u8; 32]>()).prop_map(|(language, count, entropy)| {
        Phrase::from_entropy(&entropy[..count.entropy_bytes()], language).unwrap()
    })
}

/// Text that looks like phrases to some degree.
fn almost_phrases() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => (proptest::sample::select(Language::ALL.to_vec()), 0_usize..2048).prop_map(|(l, i)| l.word_list()[i].to_owned()),
        4 => (0_usize..2048).prop_map(|i| Language::English.word_list()[i].to_owned()),
        1 => "\\PC{0,12}",
        1 => "[0-9]{1,3}[.)]",
        1 => "[a-z]{1,9}",
    ];
    (prop::collection::vec(word, 0..40), proptest::sample::select(vec![" ", "\n", "\u{3000}", ", ", "", "\0"]))
        .prop_map(|(words, separator)| words.join(separator))
}

proptest! {
    #[test]
    fn entropy_survives_the_words(phrase in phrases()) {
        let language = phrase.language();
        for text in [phrase.to_text().expose().to_owned(), phrase.to_text().expose().nfc().collect()] {
            let again = Phrase::parse_in(&text.as_str().into(), language).unwrap();
            prop_assert_eq!(again.entropy(), phrase.entropy());
            prop_assert_eq!(again.word_count(), phrase.word_count());
            prop_assert_eq!(&Phrase::parse(&text.into()).unwrap(), &phrase);
        }
        let again = Phrase::from_entropy(&phrase.entropy(), language).unwrap();
        prop_assert_eq!(again, phrase);
    }

    #[test]
    fn hostile_text_never_panics(text in prop_oneof![any::<String>(), almost_phrases()]) {
        let text = SecretText::from(text);
        passphrase_warnings(&text);
        for language in [None, Some(Language::English), Some(Language::Japanese)] {
            let diagnosis = diagnose(&text, language);
            let parsed = match language {
                None => Phrase::parse(&text),
                Some(language) => Phrase::parse_in(&text, language),
            };
            // The two agree, and positions and suggestions are what they say.
            prop_assert_eq!(diagnosis.valid(), parsed.is_ok());
            prop_assert_eq!(diagnosis.error().is_none(), parsed.is_ok());
            for problem in diagnosis.problems() {
                prop_assert!(problem.position().is_none_or(|position| (1..=diagnosis.words()).contains(&position)));
                prop_assert!(problem.suggestions().len() <= 5);
                for word in problem.suggestions() {
                    prop_assert!(diagnosis.language().unwrap().word_list().contains(word));
                }
            }
        }
    }

    #[test]
    fn typed_words_are_never_in_errors(typed in "[qxz]{6,12}", position in 0_usize..12) {
        let mut words = ["abandon"; 12];
        words[position] = &typed;
        let diagnosis = diagnose(&words.join(" ").into(), None);
        let error = diagnosis.error().unwrap();
        prop_assert_eq!(diagnosis.problems()[0].position(), Some(position + 1));
        let said = format!("{diagnosis:?} {error} {error:?}");
        prop_assert!(!said.contains(&typed), "{}", said);
    }

    #[test]
    fn a_quiz_reveals_nothing_to_any_answer(phrase in phrases(), answers in prop::collection::vec(any::<String>(), 4)) {
        let mut quiz = Quiz::new(&phrase, 24).unwrap();
        let words: Vec<_> = phrase.words().collect();
        for answer in answers {
            let open = quiz.next_question();
            let is_right = open.is_some_and(|open| words[open.position() - 1] == answer);
            let said = quiz.answer(&answer.as_str().into());
            prop_assert!(is_right || said != Answer::Right);
            let said = format!("{said:?} {quiz:?} {open:?}");
            prop_assert!(words.iter().all(|word| word.is_ascii() || !said.contains(word)));
        }
        prop_assert_eq!(quiz.result().map(|result| result.passed()), Some(false));
    }

    #[test]
    fn hostile_results_never_panic(text in "(keyark-quiz-1 )?(wrong=)?[0-9,+= -]{0,20}( positions=)?[0-9,]{0,12}\\PC{0,3}") {
        if let Ok(result) = text.parse::<QuizResult>() {
            prop_assert_eq!(result.to_text(), text);
        }
    }
}
