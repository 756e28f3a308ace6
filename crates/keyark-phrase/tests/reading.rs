//! Forgiving in form, strict in substance.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // in helpers of tests; what is out of range is a failed test

use keyark_core::{ErrorKind, SecretText};
use keyark_phrase::{Language, Phrase, ProblemKind, WordCount, diagnose};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

fn read(text: &str) -> Phrase {
    Phrase::parse(&text.into()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[test]
fn every_form_of_a_phrase_is_read() {
    let phrase = read(WORDS);
    assert_eq!(*phrase.entropy(), [0x7f; 16]);
    let numbered = |mark: &str| -> String {
        phrase.words().zip(1..).map(|(word, at): (_, usize)| format!("{at}{mark}{word}\n")).collect()
    };
    for text in [
        WORDS.to_uppercase(),
        WORDS.replace(' ', "\n"),
        WORDS.replace(' ', "\r\n"),
        WORDS.replace(' ', "\t  "),
        WORDS.replace(' ', "\u{3000}"),
        WORDS.replace(' ', "\u{a0}"),
        WORDS.replace(' ', ", "),
        format!("\u{feff}  {WORDS} \n\n"),
        format!("{WORDS}\0"),
        numbered(". "),
        numbered(") "),
        numbered("."),
        numbered(" "),
        numbered(": "),
        numbered(". ").lines().rev().collect::<Vec<_>>().join(" "),
        "lega winn than year wave saus wort usef lega winn than yell".to_owned(),
        "LEGAL WINN thank Year Wave sausag wort usefu legal winner than yello".to_owned(),
        WORDS.chars().map(|char| if char == 'a' { 'ａ' } else { char }).collect(), // full width
    ] {
        assert_eq!(read(&text), phrase, "{text:?}");
        assert_eq!(read(&text).to_seed(&"".into()).unwrap(), phrase.to_seed(&"".into()).unwrap());
    }
}

/// What the first four letters of each word are, in languages whose lists allow to stop there.
fn abbreviated(phrase: &Phrase, accents: bool) -> String {
    let short = |word: &str| -> String {
        let word: String = word.nfc().collect();
        let short: String = word.chars().take(4).collect();
        if accents { short } else { short.nfkd().filter(|char| !is_combining_mark(*char)).collect() }
    };
    phrase.words().map(|word| short(word) + " ").collect()
}

#[test]
fn every_word_of_every_list_is_told_by_its_first_four_letters() {
    for language in Language::ALL {
        // 2048 numbers of 11 bits, eleven to a phrase with entropy of 128 bits; the twelfth has the checksum.
        for first in (0..2048).step_by(11) {
            let mut bits = 0_u128;
            for index in first..first + 11 {
                bits = bits << 11 | u128::from(index as u16 % 2048);
            }
            let phrase = Phrase::from_entropy(&(bits << 7).to_be_bytes(), language).unwrap();
            let forms = match language {
                Language::Korean | Language::ChineseSimplified | Language::ChineseTraditional | Language::Japanese => {
                    vec![abbreviated(&phrase, true)]
                }
                _ => vec![abbreviated(&phrase, true), abbreviated(&phrase, false)],
            };
            for text in forms {
                assert_eq!(Phrase::parse_in(&text.into(), language).unwrap(), phrase, "{language} {first}");
            }
        }
    }
}

#[test]
fn abbreviated_phrases_of_every_language_are_read_without_naming_it() {
    for language in Language::ALL {
        for _ in 0..20 {
            let phrase = Phrase::generate(WordCount::Words24, language).unwrap();
            assert_eq!(read(&abbreviated(&phrase, true)), phrase, "{language}");
        }
    }
}

#[test]
fn accents_may_be_left_out_of_whole_words() {
    for language in [Language::Spanish, Language::French] {
        for byte in 0..=255 {
            let phrase = Phrase::from_entropy(&[byte; 16], language).unwrap();
            let plain: String = phrase.to_text().expose().chars().filter(|char| !is_combining_mark(*char)).collect();
            assert_eq!(Phrase::parse_in(&plain.as_str().into(), language).unwrap(), phrase);
            assert_eq!(read(&plain), phrase);
        }
    }
}

#[test]
fn chinese_needs_no_spaces() {
    for language in [Language::ChineseSimplified, Language::ChineseTraditional] {
        let phrase = Phrase::generate(WordCount::Words18, language).unwrap();
        assert_eq!(read(&phrase.words().collect::<String>()), phrase);
    }
}

/// Words that both the English and the French list have.
fn shared() -> Vec<&'static str> {
    let french = Language::French.word_list();
    Language::English.word_list().iter().copied().filter(|word| french.contains(word)).collect()
}

/// A phrase of shared words that is right in all of `right` and wrong in the others.
fn shared_phrase(right: &[Language]) -> SecretText {
    let shared = shared();
    assert_eq!(shared.len(), 100);
    let is_right = |text: &SecretText, language| Phrase::parse_in(text, language).is_ok();
    (0..)
        .map(|seed: usize| -> SecretText {
            let words: Vec<_> =
                (0..12).map(|at| shared[(seed / 7_usize.pow(at % 5) + 31 * at as usize) % 100]).collect();
            words.join(" ").into()
        })
        .find(|text| [Language::English, Language::French].iter().all(|l| is_right(text, *l) == right.contains(l)))
        .unwrap()
}

#[test]
fn words_of_two_lists_are_read_in_the_language_whose_checksum_is_right() {
    for language in [Language::English, Language::French] {
        assert_eq!(Phrase::parse(&shared_phrase(&[language])).unwrap().language(), language);
    }
}

#[test]
fn a_phrase_that_is_right_in_two_languages_has_one_seed_and_is_read() {
    let text = shared_phrase(&[Language::English, Language::French]);
    let (english, french) =
        (Phrase::parse_in(&text, Language::English).unwrap(), Phrase::parse_in(&text, Language::French).unwrap());
    assert_ne!(english.entropy(), french.entropy());
    assert_eq!(english.to_seed(&"x".into()).unwrap(), french.to_seed(&"x".into()).unwrap());
    assert_eq!(english, french);
    assert_eq!(Phrase::parse(&text).unwrap().language(), Language::English);
    assert_eq!(diagnose(&text, None).notes()[0].id(), "shared-words");
    assert_eq!(diagnose(&text, Some(Language::French)).notes(), []);
}

#[test]
fn an_abbreviation_of_two_different_phrases_is_not_guessed() {
    let start = |word: &str| -> String { word.chars().filter(|char| !is_combining_mark(*char)).take(4).collect() };
    let whole = |language: Language, text: &str| language.word_list().contains(&text);
    let starts = |language: Language| language.word_list().iter().map(|word| start(word));
    let french: Vec<_> = starts(Language::French).collect();
    // Starts that each list completes, to different words.
    let both: Vec<_> = starts(Language::English)
        .filter(|start| french.contains(start))
        .filter(|start| !whole(Language::English, start) && !whole(Language::French, start))
        .collect();
    assert!(both.len() > 100);
    let text: SecretText = (0..)
        .map(|seed: usize| -> SecretText {
            let words: Vec<_> =
                (0..12).map(|at| both[(seed / 5_usize.pow(at % 5) + 17 * at as usize) % both.len()].as_str()).collect();
            words.join(" ").into()
        })
        .find(|text| {
            [Language::English, Language::French].iter().all(|language| Phrase::parse_in(text, *language).is_ok())
        })
        .unwrap();
    let diagnosis = diagnose(&text, None);
    assert_eq!(diagnosis.problems()[0].kind(), ProblemKind::AmbiguousLanguage);
    assert_eq!((diagnosis.language(), diagnosis.valid()), (None, false));
    let error = Phrase::parse(&text).unwrap_err();
    assert!(error.problem().contains("English and French"), "{error}");
    let seed = |language| Phrase::parse_in(&text, language).unwrap().to_seed(&"".into()).unwrap();
    assert_ne!(seed(Language::English), seed(Language::French));
}

#[test]
fn each_bad_input_is_refused() {
    for (text, part) in [
        ("", "no words"),
        (" \n\u{3000}", "no words"),
        ("legal winner thank year wave sausage worth useful legal winner thank", "11 words"),
        (&format!("{WORDS} zoo"), "13 words"),
        (&WORDS.replace("yellow", "year"), "checksum"),
        (&WORDS.replace("legal winner", "winner legal"), "checksum"),
        (&WORDS.replace("sausage", "sossage"), "word 6 of 12 is not in the English list"),
        (&WORDS.replace("sausage", "saucisse"), "word 6 of 12"),
        (&WORDS.replace("sausage", "abaisser"), "word 6 of 12 is in the French list"),
        (&WORDS.replace("sausage", "가격"), "word 6 of 12 is in the Korean list"),
        (&WORDS.replace("sausage", "sau"), "word 6 of 12 is not in the English list"),
        (&WORDS.replace("sausage", "sausagee"), "word 6 of 12 is not in the English list"),
        (&"abandon ".repeat(5000), "bytes"),
        (&"zoo ".repeat(100), "100 words"),
    ] {
        let error = Phrase::parse(&text.into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.problem().contains(part), "{part}: {error}");
        assert!(!error.remedy().is_empty());
    }
}

#[test]
fn a_wrong_checksum_is_refused_in_every_language_and_count() {
    for language in Language::ALL {
        for count in WordCount::ALL {
            let phrase = Phrase::from_entropy(&vec![0x5a; count.entropy_bytes()], language).unwrap();
            let mut words: Vec<_> = phrase.words().collect();
            // The checksum has 4 bits or more: of all last words at most one in 16 is right.
            let right = language.word_list().iter().filter(|last| {
                words.pop();
                words.push(last);
                Phrase::parse_in(&words.join(" ").into(), language).is_ok()
            });
            assert_eq!(right.count(), 2048 >> (count.as_usize() / 3), "{language} {count:?}");
        }
    }
}
