//! What a word that is in no list may have been.

use std::cmp::Reverse;

use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use crate::{Language, read::letters};

/// How many are offered at most: more would not be read, and would say more about the words around.
const MOST: usize = 5;
/// Longer ones are not mistyped words, and comparing them takes its time.
const LONGEST: usize = 24;

/// The words of the list nearest to `typed` (NFKD, lower case), the nearest first.
///
/// Nearness counts letters added, left out, changed, and swapped with a neighbour; accents do not count where they are
/// optional. The first four letters tell a word, so sharing them weighs half a letter; of equally near ones the one
/// that starts alike comes first.
pub(crate) fn suggestions(language: Language, typed: &str) -> Vec<&'static str> {
    let length = letters(typed);
    if length > LONGEST {
        return Vec::new();
    }
    let typed = plain(language, typed);
    let mut near: Vec<_> = (0_u16..)
        .zip(language.word_list())
        .filter_map(|(index, word)| {
            let (score, alike) = score(&typed, length, &plain(language, word))?;
            Some((score, Reverse(alike), index))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(MOST).filter_map(|(_, _, index)| language.word(index)).collect()
}

/// Half letters of difference, and how many letters at the start are the same; `None` for words too far apart.
fn score(typed: &str, length: usize, word: &str) -> Option<(usize, usize)> {
    let alike = typed.chars().zip(word.chars()).take_while(|(typed, word)| typed == word).count();
    let word_length = letters(word);
    let longest = length.max(word_length);
    let same_start = alike >= 4;
    let is_start = (2..4).contains(&length) && word.starts_with(typed);
    // Words whose lengths differ by more cannot be near, and most words are put aside here without the work.
    if length.abs_diff(word_length) > 3 && !same_start && !is_start {
        return None;
    }
    let distance = strsim::osa_distance(typed, word);
    if is_start {
        return Some((3.min(2 * distance), alike));
    }
    let near = distance <= (longest / 2).min(3);
    (near || same_start).then(|| (2 * distance - usize::from(same_start && distance > 0), alike))
}

fn plain(language: Language, word: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(word.len()));
    text.extend(word.chars().filter(|char| !(language.accents_are_optional() && is_combining_mark(*char))));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(language: Language, typed: &str) -> Option<&'static str> {
        suggestions(language, typed).first().copied()
    }

    #[test]
    fn the_usual_slips_are_undone() {
        for (typed, meant) in [
            ("abandn", "abandon"),
            ("abandno", "abandon"),
            ("abandonn", "abandon"),
            ("ebandon", "abandon"),
            ("actoin", "action"),
            ("licence", "license"),
            ("abandoned", "abandon"),
            ("acress", "across"),
            ("zooo", "zoo"),
            ("lic", "license"),
        ] {
            let offered = suggestions(Language::English, typed);
            let place = offered.iter().position(|word| *word == meant);
            assert!(
                place == Some(0) || (meant == "the" || meant == "across") && place.is_some(),
                "{typed}: {offered:?}"
            );
        }
        assert_eq!(first(Language::Spanish, "abacoo"), Some("a\u{301}baco"));
        assert_eq!(first(Language::Japanese, "あいこくしむ"), Some("あいこくしん"));
    }

    #[test]
    fn at_most_five_are_offered_and_none_for_what_is_far() {
        for language in Language::ALL {
            for typed in ["a", "ca", "ba", "mar", "pan", "la", "쓰", "あ", "水"] {
                assert!(suggestions(language, typed).len() <= MOST);
            }
        }
        assert_eq!(first(Language::English, "qqqqqqqq"), None);
        assert_eq!(first(Language::English, &"a".repeat(10_000)), None);
        assert_eq!(first(Language::ChineseSimplified, "龘"), None);
    }
}
