//! The quiz: has the person written the words down?

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, Result, SecretText, random};
use subtle::ConstantTimeEq;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use zeroize::Zeroizing;

use crate::{Language, Phrase};

/// How many wrong answers end a quiz.
const WRONG_ANSWERS: usize = 3;
/// The most words that a phrase has, and so the highest position.
const MOST_WORDS: usize = 24;
/// Room for any word of any list in NFKD; a longer answer is wrong.
const WORD_BYTES: usize = 64;

/// Asks for words of a phrase by position, in random order.
///
/// A question stays until it is answered rightly. The third wrong answer of all ends the quiz as failed, and a new one
/// asks in a new order. Nothing that a quiz says tells a word; its `Debug` does not either.
pub struct Quiz {
    language: Language,
    /// What is asked for, and the number of the word in the list, side by side.
    positions: Vec<usize>,
    expected: Zeroizing<Vec<u16>>,
    right: usize,
    wrong: usize,
}

/// What a [`Quiz`] asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    position: usize,
}

impl Question {
    /// The position of the word, counted from 1.
    pub fn position(&self) -> usize {
        self.position
    }
}

/// What a [`Quiz`] says to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is the word.
    Right,
    /// It is not the word, which stays unsaid.
    Wrong {
        /// How many more wrong answers the quiz takes; with 0 it is over.
        tries_left: usize,
    },
    /// The quiz is over, and the answer was not looked at.
    Over,
}

impl Quiz {
    /// A quiz of so many `questions`, at least one and at most one for each word; numbers outside that range are
    /// moved into it. Positions and order are drawn from the operating system's randomness.
    ///
    /// # Errors
    /// [`Internal`](keyark_core::ErrorKind::Internal) where the system gives no randomness.
    pub fn new(phrase: &Phrase, questions: usize) -> Result<Self> {
        let words = phrase.word_count().as_usize();
        let mut positions: Vec<_> = (1..=words).collect();
        // Fisher-Yates: every order is equally likely.
        for remaining in (2..=words).rev() {
            positions.swap(remaining - 1, random::below(remaining as u32)? as usize);
        }
        positions.truncate(questions.clamp(1, words));
        let mut expected = Zeroizing::new(Vec::with_capacity(positions.len()));
        expected.extend(positions.iter().filter_map(|position| phrase.index_at(*position)));
        Ok(Self { language: phrase.language(), positions, expected, right: 0, wrong: 0 })
    }

    /// The question that is open. `None` when the quiz is over.
    pub fn next_question(&self) -> Option<Question> {
        if self.wrong >= WRONG_ANSWERS {
            return None;
        }
        self.positions.get(self.right).map(|position| Question { position: *position })
    }

    /// Answers the open question. The whole word counts, in any case, composed or decomposed, with white space around
    /// it, and with or without its accents where those are optional. The comparison takes the same time wherever the
    /// words differ.
    pub fn answer(&mut self, answer: &SecretText) -> Answer {
        let (Some(_), Some(index)) = (self.next_question(), self.expected.get(self.right)) else {
            return Answer::Over;
        };
        let given = canonical(self.language, answer.expose().trim());
        let expected = self.language.word(*index).and_then(|word| canonical(self.language, word));
        let is_right = match (given, expected) {
            (Some(given), Some(expected)) => given.as_slice().ct_eq(expected.as_slice()).into(),
            _ => false,
        };
        if is_right {
            self.right += 1;
            return Answer::Right;
        }
        self.wrong += 1;
        Answer::Wrong { tries_left: WRONG_ANSWERS - self.wrong }
    }

    /// How it went. `None` while a question is open.
    pub fn result(&self) -> Option<QuizResult> {
        self.next_question().is_none().then(|| QuizResult { positions: self.positions.clone(), wrong: self.wrong })
    }
}

impl fmt::Debug for Quiz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Quiz({} of {} answered, {} wrong, redacted)", self.right, self.positions.len(), self.wrong)
    }
}

/// A word as it is compared: NFKD, lower case, without accents where they are optional, filled up with zeros.
fn canonical(language: Language, word: &str) -> Option<Zeroizing<[u8; WORD_BYTES]>> {
    let mut buffer = Zeroizing::new([0; WORD_BYTES]);
    let mut rest = buffer.as_mut_slice();
    for char in word.nfkd().flat_map(char::to_lowercase) {
        if char == '\0' {
            return None; // it would be lost among the zeros after the word
        }
        if language.accents_are_optional() && is_combining_mark(char) {
            continue;
        }
        let (place, after) = rest.split_at_mut_checked(char.len_utf8())?;
        char.encode_utf8(place);
        rest = after;
    }
    Some(buffer)
}

/// How a quiz went: a value to store. It holds positions and counts, no word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuizResult {
    positions: Vec<usize>,
    wrong: usize,
}

impl QuizResult {
    /// How many words were to be told.
    pub fn asked(&self) -> usize {
        self.positions.len()
    }

    /// Their positions, counted from 1, in the order in which they were asked for.
    pub fn positions(&self) -> &[usize] {
        &self.positions
    }

    /// How many answers were wrong, 0 to 3.
    pub fn wrong(&self) -> usize {
        self.wrong
    }

    /// Whether all were told, with fewer than three wrong answers.
    pub fn passed(&self) -> bool {
        self.wrong < WRONG_ANSWERS
    }

    /// The result on one line, which [`FromStr`] reads: `keyark-quiz-1 wrong=1 positions=7,2,11`. The first word is
    /// the version of this form.
    pub fn to_text(&self) -> String {
        let positions: Vec<_> = self.positions.iter().map(usize::to_string).collect();
        format!("keyark-quiz-1 wrong={} positions={}", self.wrong, positions.join(","))
    }

    fn read(text: &str) -> Option<Self> {
        let (wrong, positions) = text.strip_prefix("keyark-quiz-1 wrong=")?.split_once(" positions=")?;
        let positions: Vec<usize> = positions.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let result = Self { positions, wrong: wrong.parse().ok()? };
        let mut sorted = result.positions.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let in_range = sorted.first().is_some_and(|first| *first >= 1) && sorted.last() <= Some(&MOST_WORDS);
        let sound = in_range && sorted.len() == result.asked() && result.wrong <= WRONG_ANSWERS;
        // Only what `to_text` writes is read: no plus signs, no leading zeros.
        (sound && result.to_text() == text).then_some(result)
    }
}

impl FromStr for QuizResult {
    type Err = Error;

    /// Reads what [`QuizResult::to_text`] wrote.
    ///
    /// # Errors
    /// [`Malformed`](keyark_core::ErrorKind::Malformed) for anything else.
    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).ok_or_else(|| {
            Error::malformed(
                "this is not the result of a quiz that this version of keyark wrote",
                "take the quiz again",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_form_of_its_own_to_compare() {
        for language in Language::ALL {
            let forms: std::collections::HashSet<_> =
                language.word_list().iter().map(|word| *canonical(language, word).unwrap()).collect();
            assert_eq!(forms.len(), 2048, "{language}");
        }
        assert!(canonical(Language::English, &"a".repeat(WORD_BYTES + 1)).is_none());
    }

    #[test]
    fn only_sound_results_are_read() {
        let text = "keyark-quiz-1 wrong=2 positions=24,1,7";
        let result: QuizResult = text.parse().unwrap();
        assert_eq!((result.asked(), result.wrong(), result.passed()), (3, 2, true));
        assert_eq!((result.positions(), result.to_text().as_str()), ([24, 1, 7].as_slice(), text));
        assert!(!"keyark-quiz-1 wrong=3 positions=1".parse::<QuizResult>().unwrap().passed());
        for bad in [
            "",
            "keyark-quiz-2 wrong=2 positions=24,1,7",
            "keyark-quiz-1 wrong=4 positions=1",
            "keyark-quiz-1 wrong=-1 positions=1",
            "keyark-quiz-1 wrong=0 positions=",
            "keyark-quiz-1 wrong=0 positions=0",
            "keyark-quiz-1 wrong=0 positions=25",
            "keyark-quiz-1 wrong=0 positions=1,1",
            "keyark-quiz-1 wrong=0 positions=01",
            "keyark-quiz-1 wrong=0 positions=+1",
            "keyark-quiz-1 wrong=0 positions=1\n",
        ] {
            assert!(bad.parse::<QuizResult>().is_err(), "{bad:?}");
        }
    }
}
