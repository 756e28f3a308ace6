use std::collections::HashSet;

use keyark_core::SecretText;
use keyark_phrase::Language;
use proptest::prelude::*;

use super::*;

fn space(text: &str, damages: &[Damage]) -> Space {
    Space::new(&Pattern::read(&text.into(), Some(Language::English)).unwrap(), damages).unwrap()
}

fn all(space: &Space) -> Vec<Vec<u16>> {
    let mut walk = space.walk(0);
    let mut all = Vec::new();
    while let Some(candidate) = walk.next() {
        all.push(candidate.numbers().to_vec());
    }
    all
}

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

fn with(changes: &[(usize, &str)]) -> String {
    let mut words: Vec<_> = WORDS.split(' ').collect();
    for (place, word) in changes {
        words[*place] = word;
    }
    words.join(" ")
}

#[test]
fn counts_are_those_of_paper() {
    let size = |text: &str, damages: &[Damage]| {
        let size = space(text, damages).size();
        (size.before, size.after, size.exact)
    };
    assert_eq!(size(WORDS, &[]), (1, 1, true));
    // So few are counted, and their checksums looked at.
    assert_eq!(size(&with(&[(0, "zoo")]), &[]), (1, 0, true));
    assert_eq!(size(&with(&[(11, "?")]), &[]), (2048, 128, true));
    assert_eq!(size(&with(&[(0, "?")]), &[]), (2048, 128, false));
    assert_eq!(size(&with(&[(0, "?"), (11, "?")]), &[]), (1 << 22, 1 << 18, true));
    assert_eq!(size(&with(&[(0, "license|lizard|zoo"), (1, "zo*")]), &[]).0, 6);
    let eleven = WORDS.rsplit_once(' ').unwrap().0;
    assert_eq!(size(eleven, &[Damage::OneTooFew]).0, 11 * 2047 + 2048);
    assert_eq!(size(&format!("{WORDS} zoo"), &[Damage::OneTooMany]).0, 13);
    assert_eq!(size(WORDS, &[Damage::OneWrong]).0, 1 + 12 * 2047);
    // 66 pairs, of which three are the same word twice; and nothing swapped.
    assert_eq!(size(WORDS, &[Damage::Swapped]).0, 1 + 66 - 3);
    // 12! orders, three words being there twice.
    assert_eq!(size(WORDS, &[Damage::AnyOrder]).0, 479_001_600 / 8);
    let twenty_four = "? ".repeat(24);
    assert_eq!(size(&twenty_four[..twenty_four.len() - 1].replacen('?', "zoo", 14), &[]).1, 1 << (110 - 8));
}

#[test]
fn more_than_can_be_numbered_is_refused() {
    let pattern = |text: String| Pattern::read(&text.into(), Some(Language::English)).unwrap();
    assert_eq!(Space::new(&pattern("? ".repeat(12)), &[]).unwrap_err().kind(), ErrorKind::OutOfBounds);
    let eleven = || "zoo ".to_owned() + &"? ".repeat(11);
    assert_eq!(Space::new(&pattern(eleven()), &[]).unwrap().count(), 1 << 117);
    assert_eq!(
        Space::new(&pattern(eleven() + &"? ".repeat(12)), &[Damage::AnyOrder]).unwrap_err().kind(),
        ErrorKind::OutOfBounds
    );
}

#[test]
fn a_number_of_words_that_no_phrase_has_is_refused_with_its_damage() {
    for (words, damages, problem, remedy) in [
        (11, vec![], "there are 11 words", "one-too-few"),
        (13, vec![], "there are 13 words", "one-too-many"),
        (10, vec![], "there are 10 words", "write a ?"),
        (1, vec![], "there is 1 word;", "write a ?"),
        (12, vec![Damage::OneTooFew], "with the one that is missing there would be 13", "already"),
        (12, vec![Damage::OneTooMany], "without the one too many there would be 11", "already"),
        (13, vec![Damage::OneTooFew], "there would be 14", "one-too-many"),
    ] {
        let text = vec!["zoo"; words].join(" ");
        let pattern = Pattern::read(&text.into(), Some(Language::English)).unwrap();
        let error = Space::new(&pattern, &damages).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.problem().contains(problem), "{error}");
        assert!(error.remedy().contains(remedy), "{}", error.remedy());
    }
}

#[test]
fn the_probable_comes_first() {
    // One slip of the hand before two others.
    let space = space(&with(&[(4, "wavee")]), &[]);
    assert_eq!(space.candidate(0).unwrap().words().nth(4), Some("wave"));
    // Nothing having happened before anything.
    for damage in [Damage::Swapped, Damage::OneWrong] {
        let first =
            super::Space::new(&Pattern::read(&WORDS.into(), None).unwrap(), &[damage]).unwrap().candidate(0).unwrap();
        assert_eq!(first.words().collect::<Vec<_>>().join(" "), WORDS);
    }
}

#[test]
fn the_identity_is_that_of_the_words_and_the_damages() {
    let identity = |text: &str, damages: &[Damage]| space(text, damages).identity().to_vec();
    let all = [
        identity(WORDS, &[]),
        identity(WORDS, &[Damage::Swapped]),
        identity(WORDS, &[Damage::OneWrong]),
        identity(&with(&[(0, "zoo")]), &[]),
        identity(&with(&[(0, "zoo|legal")]), &[]),
        identity(&with(&[(0, "legal|zoo")]), &[]),
    ];
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert_eq!(identity(&format!("1. {WORDS}"), &[]), identity(WORDS, &[]));
}

fn slot() -> impl Strategy<Value = String> {
    let word = || (0_usize..2048).prop_map(|index| Language::English.word_list()[index].to_owned());
    prop_oneof![
        6 => word(),
        1 => (word(), word(), word()).prop_map(|(one, two, three)| format!("{one}|{two}|{three}")),
        1 => word().prop_map(|word| format!("{}*", &word[..3])),
        1 => word().prop_map(|word| format!("{}?{}", &word[..1], &word[2..])),
        1 => word().prop_map(|word| format!("{}qq", &word[..word.len() - 1])),
    ]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop::sample::select(vec![Damage::None, Damage::Swapped, Damage::OneWrong, Damage::OneTooFew, Damage::OneTooMany])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_number_has_its_candidate(slots in prop::collection::vec(slot(), 12), damage in damage(), last_lost: bool, at: prop::sample::Index) {
        let mut slots = slots;
        if last_lost {
            slots[11] = "?".to_owned();
        }
        match damage {
            Damage::OneTooFew => drop(slots.pop()),
            Damage::OneTooMany => slots.push("zoo".to_owned()),
            _ => {}
        }
        let pattern = Pattern::read(&SecretText::from(slots.join(" ")), Some(Language::English)).unwrap();
        let space = Space::new(&pattern, &[damage]).unwrap();
        prop_assert!(space.candidate(space.count()).is_none());
        prop_assert!(space.candidate(u128::MAX).is_none());
        // Numbers and walking agree, from any start.
        let start = at.index(usize::try_from(space.count().min(1 << 40)).unwrap()) as u128;
        let mut walk = space.walk(start);
        for index in start..(start + 300).min(space.count()) {
            let candidate = space.candidate(index).unwrap();
            prop_assert_eq!(candidate.numbers(), walk.next().unwrap().numbers());
        }
        if space.count() < 30_000 {
            let all = all(&space);
            prop_assert_eq!(all.len() as u128, space.count());
        }
    }

    #[test]
    fn no_candidate_comes_twice_in_a_part(slots in prop::collection::vec(slot(), 12)) {
        let pattern = Pattern::read(&SecretText::from(slots.join(" ")), Some(Language::English)).unwrap();
        let space = Space::new(&pattern, &[]).unwrap();
        if space.count() < 100_000 {
            let all = all(&space);
            prop_assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        }
    }

    #[test]
    fn the_true_phrase_is_among_them(entropy: [u8; 16], damage in damage(), first in 0_usize..12, second in 0_usize..12, other in 0_usize..2048) {
        let phrase = Phrase::from_entropy(&entropy, Language::English).unwrap();
        let mut words: Vec<_> = phrase.words().collect();
        match damage {
            Damage::Swapped => words.swap(first, second),
            Damage::OneWrong => words[first] = Language::English.word_list()[other],
            Damage::OneTooFew => drop(words.remove(first)),
            Damage::OneTooMany => words.insert(first, Language::English.word_list()[other]),
            _ => words[first] = "?",
        }
        let space = space(&words.join(" "), &[damage]);
        let expected = Space::of_phrase(&phrase).unwrap().candidate(0).unwrap();
        prop_assert!(all(&space).contains(&expected.numbers().to_vec()));
    }

    #[test]
    fn any_order_has_the_true_one(entropy: [u8; 16], swaps in prop::collection::vec((0_usize..12, 0_usize..12), 12)) {
        let phrase = Phrase::from_entropy(&entropy, Language::English).unwrap();
        let mut words: Vec<_> = phrase.words().collect();
        swaps.into_iter().for_each(|(one, other)| words.swap(one, other));
        let space = space(&words.join(" "), &[Damage::AnyOrder]);
        // Too many to walk: but each number is another order, and all orders have a number.
        let last = space.candidate(space.count() - 1).unwrap();
        let mut backwards = space.candidate(0).unwrap().numbers().to_vec();
        backwards.reverse();
        prop_assert_eq!(last.numbers(), &backwards);
    }
}

#[test]
fn small_spaces_have_no_candidate_twice() {
    let eleven = WORDS.rsplit_once(' ').unwrap().0;
    for (text, damage) in [
        (WORDS.to_owned(), Damage::Swapped),
        (WORDS.to_owned(), Damage::OneWrong),
        (eleven.to_owned(), Damage::OneTooFew),
        (format!("{WORDS} yellow"), Damage::OneTooMany),
    ] {
        let all = all(&space(&text, &[damage]));
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{damage}");
    }
}

#[test]
fn closed_parts_have_right_checksums_only() {
    let space = space(&with(&[(3, "year|zoo"), (11, "?")]), &[]);
    let mut walk = space.walk(0);
    let mut valid = HashSet::new();
    while let Some(candidate) = walk.next() {
        assert!(candidate.is_valid());
        valid.insert(candidate.numbers().to_vec());
    }
    assert_eq!(valid.len(), 256);
}
