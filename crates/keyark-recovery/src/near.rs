//! Which words of a list a mistyped word may have been, the most probable first.

use keyark_phrase::Language;

use crate::words::{Word, has_prefixes};

/// Longer ones are not mistyped words, and comparing them takes its time.
const LONGEST: usize = 24;
/// How many letters tell a word (bip-0039-wordlists).
const PREFIX: usize = 4;

/// The numbers of the words near to `typed`, in groups of falling probability; words of one group are equally probable.
///
/// - One slip of the hand (a letter doubled, left out, swapped with its neighbour, or hit beside its key), or a word that
///   has the same first four letters.
/// - Any other letter added, left out or changed; words of which up to three letters are the start.
/// - Two of these; in words of six letters or more, three.
pub(crate) fn near(language: Language, list: &[Vec<char>], typed: &[char]) -> Vec<Vec<Word>> {
    let mut groups = vec![Vec::new(); 4];
    if typed.is_empty() || typed.len() > LONGEST {
        return Vec::new();
    }
    for (index, word) in (0..).zip(list) {
        if let Some(rank) = rank(language, typed, word)
            && let Some(group) = groups.get_mut(rank)
        {
            group.push(index);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// `None` for words that are too far apart.
fn rank(language: Language, typed: &[char], word: &[char]) -> Option<usize> {
    let longest = typed.len().max(word.len());
    let alike = typed.iter().zip(word).take_while(|(typed, word)| typed == word).count();
    let same_start = alike >= PREFIX && has_prefixes(language);
    if same_start {
        return Some(0);
    }
    let is_start = alike == typed.len() && has_prefixes(language);
    let most = if longest >= 6 { 3 } else { 2 };
    // Almost all words differ in more letters than that; to see it is ten times faster than to find the distance.
    if unmatched(typed, word).max(unmatched(word, typed)) > most {
        return is_start.then_some(1);
    }
    // Of one letter, every word of two or three would be near.
    let distance = strsim::generic_damerau_levenshtein(typed, word);
    match distance {
        _ if distance >= longest => is_start.then_some(1),
        0 => Some(0),
        1 if is_slip(typed, word) => Some(0),
        1 => Some(1),
        _ if is_start => Some(1),
        2 => Some(2),
        3 if most == 3 => Some(3),
        _ => None,
    }
}

/// How many letters of `one` have no like in `other`, wherever it stands. Each change of a letter makes at most one.
fn unmatched(one: &[char], other: &[char]) -> usize {
    let mut taken = 0_u32; // a bit for each letter of `other`: there are LONGEST at most
    let is_unmatched = |letter: &&char| {
        let like = (0..).zip(other).find(|(at, like)| taken >> at & 1 == 0 && like == letter);
        taken |= like.map_or(0, |(at, _)| 1 << at);
        like.is_none()
    };
    one.iter().filter(is_unmatched).count()
}

/// Whether the one change between two words is a slip of the hand.
fn is_slip(typed: &[char], word: &[char]) -> bool {
    if typed.len() != word.len() {
        return is_double(typed, word);
    }
    let mut changes = typed.iter().zip(word).filter(|(typed, word)| typed != word);
    match (changes.next(), changes.next()) {
        (Some((typed, word)), None) => are_neighbours(*typed, *word),
        _ => true, // two neighbours that have swapped places
    }
}

/// Whether the letter that one has more is beside its like.
fn is_double(one: &[char], other: &[char]) -> bool {
    let (long, short) = if one.len() > other.len() { (one, other) } else { (other, one) };
    let at = long.iter().zip(short).take_while(|(long, short)| long == short).count();
    let letter = long.get(at);
    let before = at.checked_sub(1).and_then(|at| long.get(at));
    letter.is_some() && (letter == before || letter == long.get(at + 1))
}

/// Whether two keys touch, on the keyboards of the Latin lists (QWERTY, QWERTZ, AZERTY).
fn are_neighbours(one: char, other: char) -> bool {
    const KEYBOARDS: [[&str; 3]; 3] = [
        ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
        ["qwertzuiop", "asdfghjkl", "yxcvbnm"],
        ["azertyuiop", "qsdfghjklm", "wxcvbn"],
    ];
    let place = |rows: &[&str; 3], letter| {
        (0_i32..)
            .zip(rows)
            .find_map(|(y, row)| (0_i32..).zip(row.chars()).find(|key| key.1 == letter).map(|key| (key.0, y)))
    };
    KEYBOARDS.iter().any(|rows| match (place(rows, one), place(rows, other)) {
        // Each row stands half a key to the right of the one above.
        (Some((x, y)), Some((to_x, to_y))) => match to_y - y {
            0 => (to_x - x).abs() == 1,
            1 => (-1..=0).contains(&(to_x - x)),
            -1 => (0..=1).contains(&(to_x - x)),
            _ => false,
        },
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words;

    fn ranked(language: Language, typed: &str) -> Vec<Vec<&'static str>> {
        let groups = near(language, words::list(language), &words::letters(language, typed));
        groups.iter().map(|group| group.iter().map(|index| words::word(language, *index)).collect()).collect()
    }

    #[test]
    fn slips_of_the_hand_come_first() {
        for (typed, meant) in [
            ("abandno", "abandon"),
            ("abandonn", "abandon"),
            ("aabandon", "abandon"),
            ("sbandon", "abandon"), // s is beside a
            ("licences", "license"),
            ("abandoned", "abandon"),
            ("zooo", "zoo"),
            ("actoin", "action"),
            ("xoo", "zoo"),
        ] {
            let groups = ranked(Language::English, typed);
            assert!(groups[0].contains(&meant), "{typed}: {groups:?}");
        }
    }

    #[test]
    fn every_word_with_two_changes_is_near() {
        for (at, word) in Language::English.word_list().iter().enumerate().step_by(97) {
            let mut typed: Vec<char> = word.chars().collect();
            typed[0] = 'x';
            let last = typed.len() - 1;
            typed[last] = 'q';
            if typed.len() < 4 {
                continue;
            }
            let typed: String = typed.into_iter().collect();
            let groups = ranked(Language::English, &typed);
            assert!(groups.iter().flatten().any(|near| near == word), "{at}: {typed}");
        }
    }

    proptest! {
        #[test]
        fn no_distance_is_below_the_unmatched_letters(one in "[a-d]{1,24}", other in "[a-d]{1,8}") {
            let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
            let distance = strsim::generic_damerau_levenshtein(&one, &other);
            prop_assert!(unmatched(&one, &other) <= distance && unmatched(&other, &one) <= distance);
        }
    }

    #[test]
    fn far_text_has_nothing_near() {
        assert!(ranked(Language::English, "qqqqqqqqqq").is_empty());
        assert!(ranked(Language::English, &"a".repeat(1000)).is_empty());
        assert!(ranked(Language::ChineseSimplified, "龘").is_empty());
        assert!(!ranked(Language::English, "lic")[0].is_empty());
    }
}
