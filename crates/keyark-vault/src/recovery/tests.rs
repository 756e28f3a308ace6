use std::collections::HashSet;
use std::io::{Read, Write};

use age::secrecy::SecretString;
use keyark_core::ErrorKind;
use keyark_phrase::{Language, Phrase, WordCount, diagnose};
use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<RecoveryCode> {
    RecoveryCode::parse(&SecretText::from(text))
}

/// The same code in each run, so that what is said of a mistake can be held to.
fn fixed() -> RecoveryCode {
    RecoveryCode::of(&std::array::from_fn(|at| (at * 11 + 5) as u8 % 32))
}

fn problem(text: &str) -> String {
    let error = parse(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(!error.remedy().is_empty());
    error.problem().to_owned()
}

/// The positions of the symbols in the text.
fn symbols_of(code: &str) -> Vec<usize> {
    (PREFIX.len()..code.len()).filter(|at| code.as_bytes()[*at] != b'-').collect()
}

fn with(code: &str, at: usize, letter: char) -> String {
    [&code[..at], &letter.to_string(), &code[at + 1..]].concat()
}

#[test]
fn a_code_has_its_form_and_is_read_again() {
    let mut seen = HashSet::new();
    let mut drawn = [[false; 32]; DATA];
    for _ in 0..1000 {
        let code = RecoveryCode::generate().unwrap();
        let groups: Vec<&str> = code.expose().strip_prefix("KEYARK-RECOVERY-").unwrap().split('-').collect();
        assert_eq!(groups.len(), 6);
        assert!(groups.iter().all(|group| group.len() == 5 && group.bytes().all(|letter| ALPHABET.contains(&letter))));
        assert_eq!(parse(code.expose()).unwrap(), code);
        for (place, at) in drawn.iter_mut().zip(symbols_of(code.expose())) {
            place[ALPHABET.iter().position(|letter| *letter == code.expose().as_bytes()[at]).unwrap()] = true;
        }
        assert!(seen.insert(code.expose().to_owned()));
    }
    assert_eq!(drawn, [[true; 32]; DATA], "each symbol in each place: 26 × 5 bits are random");
}

/// What was printed once must be read for ever. The check symbols were computed by another program: as the solution of the four equations that a code
/// fulfils at the roots.
#[test]
fn the_form_stays() {
    let golden = "KEYARK-RECOVERY-5GV6H-W7JX8-KY9MZ-AN0BP-1CQ2D-RWYQC";
    assert_eq!(fixed().expose(), golden);
    assert_eq!(parse(golden).unwrap(), fixed());
}

#[test]
fn every_wrong_character_is_refused_and_its_group_is_named() {
    let code = fixed();
    for (index, at) in symbols_of(code.expose()).into_iter().enumerate() {
        for letter in ALPHABET.iter().map(|letter| char::from(*letter)) {
            let wrong = with(code.expose(), at, letter);
            if wrong == code.expose() {
                continue;
            }
            let expected = format!("this is not the recovery code as it was made: group {} seems wrong", index / 5 + 1);
            assert_eq!(problem(&wrong), expected);
        }
    }
}

#[test]
fn every_two_that_were_swapped_are_refused() {
    let code = fixed();
    let places = symbols_of(code.expose());
    for (index, one) in places.iter().enumerate() {
        for (other_index, other) in places.iter().enumerate().skip(index + 1) {
            let mut bytes = code.expose().as_bytes().to_vec();
            bytes.swap(*one, *other);
            let swapped = String::from_utf8(bytes).unwrap();
            if swapped == code.expose() {
                continue;
            }
            let told = problem(&swapped);
            if other_index == index + 1 {
                let expected = match (index / 5 + 1, other_index / 5 + 1) {
                    (group, same) if group == same => format!("group {group} seems wrong"),
                    (group, next) => format!("the end of group {group} and the beginning of group {next} seem swapped"),
                };
                assert!(told.ends_with(&expected), "{told}");
            }
        }
    }
}

#[test]
fn neighbours_that_differ_are_found_in_every_code() {
    for _ in 0..200 {
        let code = RecoveryCode::generate().unwrap();
        for pair in symbols_of(code.expose()).windows(2) {
            let mut bytes = code.expose().as_bytes().to_vec();
            bytes.swap(pair[0], pair[1]);
            let swapped = String::from_utf8(bytes).unwrap();
            assert_eq!(parse(&swapped).is_ok(), swapped == code.expose());
        }
    }
}

#[test]
fn other_ways_to_type_it_are_the_same_code() {
    let code = fixed();
    let text = code.expose();
    let groups = text.trim_start_matches("KEYARK-RECOVERY-");
    let looks = |zero: &str, one: &str| ["KEYARK-RECOVERY-", &groups.replace('0', zero).replace('1', one)].concat();
    assert!(groups.contains('0') && groups.contains('1'));
    for typed in [
        text.to_lowercase(),
        text.replace('-', " "),
        text.replace('-', ""),
        text.replace('-', "\u{2013}"),
        text.replace('-', " - "),
        text.replace('-', "\n"),
        groups.to_owned(),
        groups.replace('-', ""),
        groups.to_lowercase().replace('-', " "),
        format!("RECOVERY-{groups}"),
        format!("recovery {groups}"),
        format!("KEYARK {groups}"),
        format!("keyarkrecovery{groups}"),
        format!("KEYARK RECOVERY: {groups}"),
        format!("  {text}\r\n"),
        format!("\u{feff}{text}\u{200b}"),
        looks("O", "I"),
        looks("o", "l"),
        looks("o", "L"),
        text.replace("RECOVERY", "REC0VERY"),
        groups.bytes().filter(|letter| *letter != b'-').map(|letter| format!("{} ", char::from(letter))).collect(),
        text.chars().map(|letter| char::from_u32(u32::from(letter) + 0xfee0).unwrap()).collect(),
    ] {
        assert_eq!(parse(&typed).unwrap(), code, "{typed:?}");
        assert_eq!(parse(&typed).unwrap().expose(), text);
    }
}

#[test]
fn what_is_missing_or_too_much_is_counted() {
    let code = fixed();
    let text = code.expose();
    let places = symbols_of(text);
    for (index, at) in places.iter().enumerate() {
        let short = [&text[..*at], &text[at + 1..]].concat();
        let told = problem(&short);
        assert!(
            told.starts_with("1 character is missing: a recovery code has 30 behind its prefix, this one 29"),
            "{told}"
        );
        assert!(told.ends_with(&format!("; group {} has 4 instead of 5", index / 5 + 1)), "{told}");
        let long = [&text[..*at], "X", &text[*at..]].concat();
        let told = problem(&long);
        assert!(told.starts_with("1 character is too many: ") && told.ends_with("has 6 instead of 5"), "{told}");
    }
    for groups in 1..6 {
        let told = problem(&text[..text.len() - 6 * groups]);
        assert!(told.starts_with(&format!("{} characters are missing", 5 * groups)), "{told}");
        assert!(!told.contains("instead of"), "{told}");
        let bare = &text["KEYARK-RECOVERY-".len()..text.len() - 6 * groups];
        assert_eq!(problem(bare), told, "in groups it is a code, with its prefix or without");
    }
    assert!(
        problem(&[text, "-", &text["KEYARK-RECOVERY-".len()..]].concat()).starts_with("30 characters are too many")
    );
    assert!(problem(&[text, &"X".repeat(1 << 20)].concat()).starts_with("1048576 characters are too many"));
    for empty in ["", " ", "-", "KEYARK-RECOVERY", "keyark-recovery-", "\u{feff}"] {
        assert_eq!(problem(empty), "there is no recovery code", "{empty:?}");
    }
}

#[test]
fn what_stands_in_no_code_is_named_by_its_place() {
    let code = fixed();
    for (index, at) in symbols_of(code.expose()).into_iter().enumerate() {
        for letter in ['U', '!', '\u{410}', '\u{e9}', '\u{1f511}'] {
            let expected = format!("character {} of group {} stands in no recovery code", index % 5 + 1, index / 5 + 1);
            assert_eq!(problem(&with(code.expose(), at, letter)), expected);
        }
    }
}

#[test]
fn words_of_a_wallet_are_recognised() {
    for language in Language::ALL {
        for words in [WordCount::Words12, WordCount::Words24] {
            let phrase = Phrase::generate(words, language).unwrap().to_text();
            for typed in [phrase.expose().to_owned(), phrase.expose().to_uppercase()] {
                let told = problem(&typed);
                assert_eq!(told, "these are words of a wallet, not a recovery code", "{language:?}");
            }
            // One of them is wrong, or it is not all of them.
            let mut some: Vec<&str> = phrase.expose().split_whitespace().collect();
            some[3] = "zzzzzz";
            assert!(problem(&some.join(" ")).contains("of a wallet"), "{language:?}");
            assert!(problem(&some[4..9].join(" ")).contains("of a wallet"), "{language:?}");
        }
    }
    let remedy = parse("abandon ability able about above absent").unwrap_err().remedy().to_owned();
    assert!(remedy.starts_with("do not type them here"), "{remedy}");
}

#[test]
fn keys_shares_and_passwords_are_recognised() {
    for typed in [
        "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
        "0x4646464646464646464646464646464646464646464646464646464646464646",
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
        "4wBqpZM9xaSheZzJSMawUKKwhdpChKbZ5eu5ky4Vigw",
        "{\"version\": 3}",
        // SLIP-39, vectors.json
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard",
    ] {
        let error = parse(typed).unwrap_err();
        assert!(error.problem().contains("a share of a wallet, a private key"), "{error}");
        assert!(error.remedy().starts_with("do not type those here"));
    }
    for typed in ["hunter2", "Summer2026!", "zu spät für Laternen", "pa$$word-pa$$word-pa$$word-1234", "correct_horse"]
    {
        assert_eq!(problem(typed), "this looks like a password, not like a recovery code", "{typed}");
    }
    for _ in 0..16 {
        let suggested = crate::NewPassword::suggest().unwrap();
        assert_eq!(problem(suggested.expose()), "this looks like a password, not like a recovery code");
    }
}

#[test]
fn a_code_is_taken_for_nothing_else() {
    for _ in 0..16 {
        let code = RecoveryCode::generate().unwrap();
        let spaced = code.expose().replace('-', " ");
        for typed in [code.expose(), &spaced.to_lowercase(), &spaced.replace(' ', "")] {
            let typed = SecretText::from(typed);
            assert!(Phrase::parse(&typed).is_err() && !diagnose(&typed, None).valid());
            for language in Language::ALL {
                assert!(Phrase::parse_in(&typed, language).is_err());
            }
        }
        assert!(!code.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()), "as base58 and hexadecimal are");
    }
}

#[test]
fn no_part_of_a_code_is_a_word_of_a_wallet() {
    assert!(has_word("KEYARK-RECOVERY-BRAND-W7JX8-KY9MZ-AN0BP-1CQ2D-RWYQC"));
    assert!(has_word("KEYARK-RECOVERY-5GV6H-W7JX8-KY9MZ-AN0BP-1CQ2D-ENTER"));
    assert!(!has_word(fixed().expose()));
    let lists: HashSet<&str> = Language::ALL.iter().flat_map(|language| language.word_list()).copied().collect();
    for _ in 0..2000 {
        let code = RecoveryCode::generate().unwrap();
        assert!(code.expose().to_lowercase().split('-').all(|part| !lists.contains(part)));
    }
}

#[test]
fn its_text_is_the_passphrase_of_an_age_file() {
    let code = RecoveryCode::generate().unwrap();
    let seal = |text: &str| {
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(text));
        recipient.set_work_factor(2);
        let mut sealed = Vec::new();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
        writer.write_all(b"identity").unwrap();
        writer.finish().unwrap();
        sealed
    };
    let sealed = seal(code.expose());
    let typed = parse(&code.expose().to_lowercase().replace('-', "")).unwrap();
    let identity = age::scrypt::Identity::new(SecretString::from(typed.expose()));
    let mut opened = String::new();
    let decryptor = age::Decryptor::new_buffered(&*sealed).unwrap();
    decryptor.decrypt(std::iter::once(&identity as _)).unwrap().read_to_string(&mut opened).unwrap();
    assert_eq!(opened, "identity");
}

#[test]
fn debug_shows_nothing() {
    let code = fixed();
    assert_eq!(format!("{code:?}"), "RecoveryCode(redacted)");
    assert_ne!(code, RecoveryCode::generate().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn hostile_text_never_panics_and_is_no_code(text in prop_oneof![any::<String>(), "\\PC{1,80}", "(KEYARK|RECOVERY|[-0-9A-Zo \u{ff0d}]){0,60}"]) {
        if let Ok(code) = parse(&text) {
            prop_assert_eq!(parse(code.expose()).unwrap(), code);
        }
    }

    #[test]
    fn errors_never_repeat_the_input(words in prop::collection::vec("[A-Z0-9]{4,12}|[a-z0-9]*[0-9][a-z0-9]{4,8}|[\u{e0}-\u{ff}]{2,9}", 1..40), between in "[- .]") {
        let typed = words.join(&between);
        if let Err(error) = parse(&typed) {
            let told = format!("{error} {error:?} {}", error.remedy());
            for word in &words {
                prop_assert!(["KEYARK", "RECOVERY"].iter().any(|own| own.contains(word.as_str())) || !told.contains(word.as_str()), "{}", told);
            }
        }
    }

    #[test]
    fn mistakes_in_up_to_four_places_are_refused(data in prop::array::uniform26(0_u8..32), changes in prop::collection::btree_map(0_usize..30, 1_u8..32, 1..=4)) {
        let code = RecoveryCode::of(&data);
        let mut bytes = code.expose().as_bytes().to_vec();
        let places = symbols_of(code.expose());
        for (at, change) in &changes {
            let value = ALPHABET.iter().position(|letter| *letter == bytes[places[*at]]).unwrap();
            bytes[places[*at]] = ALPHABET[value ^ usize::from(*change)];
        }
        let error = parse(std::str::from_utf8(&bytes).unwrap()).unwrap_err();
        prop_assert!(error.problem().starts_with("this is not the recovery code as it was made"));
    }
}
