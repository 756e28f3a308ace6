//! Numbers before words, as paper and keyark's own table have them: often in columns, and then they tell the order.

use std::collections::BTreeMap;

use keyark_core::Warning;

/// How the numbers before words run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// There are none.
    None,
    /// 1, 2, 3 …, as the words stand.
    InOrder,
    /// Each word has its own, and the words were put in their order.
    Sorted,
    /// Some words have none, or the same: the words are as they stand.
    OutOfOrder,
}

impl Numbers {
    /// What a person is told of them: `numbers`, `numbers-sorted`, `numbers-out-of-order`.
    pub fn note(self) -> Option<Warning> {
        let (id, message) = match self {
            Self::None => return None,
            Self::InOrder => ("numbers", "the numbers before the words were left out"),
            Self::Sorted => ("numbers-sorted", "the words were put in the order of the numbers before them"),
            Self::OutOfOrder => (
                "numbers-out-of-order",
                "the numbers before the words do not run 1, 2, 3; the words were taken in the order in which they stand",
            ),
        };
        Some(Warning::new(id, message))
    }
}

/// A higher one is no number of a word.
const HIGHEST: usize = 99;

/// Takes numbers off the start of words, in what was cut at white space: `7.` and `7)` always, `7`, `7:` and `7-` where each word has one. Where
/// the words are put in the order of their numbers, `None` stands for a number in between that no word has.
///
/// Not for users of the library: keyark-recovery reads damaged words by the same rule.
#[doc(hidden)]
pub fn without_numbers<'t>(tokens: &[&'t str]) -> (Vec<Option<&'t str>>, Numbers) {
    let (words, is_whole) = marked(tokens, any_mark);
    let each_has_one = is_whole && words.iter().all(|(number, _)| number.is_some());
    let words = if each_has_one { words } else { marked(tokens, stop_or_bracket).0 };
    let stands = || words.iter().map(|(_, word)| Some(*word)).collect();
    if words.iter().all(|(number, _)| number.is_none()) {
        return (stands(), Numbers::None);
    }
    if (1..).zip(&words).all(|(at, (number, _))| number.is_none_or(|number| number == at)) {
        return (stands(), Numbers::InOrder);
    }
    let by_number: BTreeMap<_, _> = words.iter().filter_map(|(number, word)| Some(((*number)?, *word))).collect();
    match by_number.last_key_value() {
        Some((&last, _)) if by_number.len() == words.len() && last <= HIGHEST => {
            let first = usize::from(!by_number.contains_key(&0)); // some count from 0
            ((first..=last).map(|number| by_number.get(&number).copied()).collect(), Numbers::Sorted)
        }
        _ => (stands(), Numbers::OutOfOrder),
    }
}

/// The words, each with the number before it, be it in a token of its own; and whether there is a word behind each number.
fn marked<'t>(
    tokens: &[&'t str],
    split: impl Fn(&'t str) -> (Option<usize>, &'t str),
) -> (Vec<(Option<usize>, &'t str)>, bool) {
    let mut words = Vec::with_capacity(tokens.len());
    let (mut waiting, mut is_whole) = (None, true);
    for token in tokens {
        let (number, word) = split(token);
        is_whole &= number.is_none() || waiting.is_none();
        waiting = number.or(waiting);
        if !word.is_empty() {
            words.push((waiting.take(), word));
        }
    }
    (words, is_whole && waiting.is_none())
}

/// `7.`, `7)`, `7.word`.
fn stop_or_bracket(token: &str) -> (Option<usize>, &str) {
    let (digits, rest) = digits(token);
    match (digits.parse(), rest.strip_prefix(['.', ')'])) {
        (Ok(number), Some(word)) => (Some(number), word),
        _ => (None, token),
    }
}

/// Those, `7`, `7:`, `7-`, and marks that stand alone.
fn any_mark(token: &str) -> (Option<usize>, &str) {
    let (digits, rest) = digits(token);
    let word = rest.trim_start_matches(['.', ')', ':', '-']);
    match digits.parse() {
        Ok(number) if word.len() < rest.len() || rest.is_empty() => (Some(number), word),
        _ if word.is_empty() => (None, word),
        _ => (None, token),
    }
}

fn digits(token: &str) -> (&str, &str) {
    token.split_at(token.len() - token.trim_start_matches(|letter: char| letter.is_ascii_digit()).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> (String, Numbers) {
        let (words, numbers) = without_numbers(&typed.split_whitespace().collect::<Vec<_>>());
        (words.into_iter().map(|word| word.unwrap_or("-")).collect::<Vec<_>>().join(" "), numbers)
    }

    #[test]
    fn numbers_in_order_are_left_out() {
        for typed in
            ["1. a 2. b 3. c", "1.a 2)b 3. c", "1 a 2 b 3 c", "1: a 2: b 3: c", "1:a 2-b 3- c", "1 . a 2 . b 3 . c"]
        {
            assert_eq!(read(typed), ("a b c".to_owned(), Numbers::InOrder), "{typed}");
        }
        assert_eq!(read("1. a b 3. c"), ("a b c".to_owned(), Numbers::InOrder));
        assert_eq!(read("a b c"), ("a b c".to_owned(), Numbers::None));
        assert_eq!(read(""), (String::new(), Numbers::None));
    }

    #[test]
    fn numbers_tell_the_order() {
        for typed in ["1. a 3. c 2. b", "1 a 3 c 2 b", "3:c 1:a 2:b", "0. a 2. c 1. b"] {
            assert_eq!(read(typed), ("a b c".to_owned(), Numbers::Sorted), "{typed}");
        }
        assert_eq!(read("1. a 4. d 2. b"), ("a b - d".to_owned(), Numbers::Sorted));
        assert_eq!(read("2 b 3 c"), ("- b c".to_owned(), Numbers::Sorted));
    }

    #[test]
    fn numbers_that_tell_no_order_leave_the_words_as_they_stand() {
        for typed in ["1. a 1. b 2. c", "2. a b c", "1. a 3. b c", "1. a 2. b 100. c"] {
            assert_eq!(read(typed), ("a b c".to_owned(), Numbers::OutOfOrder), "{typed}");
        }
    }

    #[test]
    fn bare_numbers_are_words_where_not_each_word_has_one() {
        assert_eq!(read("1 a 2: b 1.5 12."), ("1 a 2: b 5".to_owned(), Numbers::OutOfOrder));
        assert_eq!(read("7 8 9"), ("7 8 9".to_owned(), Numbers::None));
        assert_eq!(read("1 a 2"), ("1 a 2".to_owned(), Numbers::None));
        assert_eq!(read("a - b"), ("a - b".to_owned(), Numbers::None));
        assert_eq!(read("99999999999999999999999. a"), ("99999999999999999999999. a".to_owned(), Numbers::None));
    }
}
