//! What is wrong with a phrase: every problem, where it is, and what to do.

use std::borrow::Cow;
use std::fmt;

use keyark_core::{Error, SecretText, Warning};

use crate::{Language, examine::examine};

/// Finds everything that is wrong with a phrase. Without a `language`, the one in which most words are found.
///
/// It accepts what [`Phrase::parse`](crate::Phrase::parse) accepts and no more.
pub fn diagnose(text: &SecretText, language: Option<Language>) -> Diagnosis {
    examine(text.expose(), language).diagnosis
}

/// What [`diagnose`] found. It holds positions and words of the lists, never what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub(crate) language: Option<Language>,
    pub(crate) words: usize,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<Warning>,
}

impl Diagnosis {
    /// Whether it is a phrase: there are no problems.
    pub fn valid(&self) -> bool {
        self.problems.is_empty()
    }

    /// The language that was asked for, or that most words belong to. `None` when no word is in any list, or when two
    /// languages are equally right.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.words
    }

    /// All problems: what it is instead of a phrase, then words by position, then count and checksum.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What was read otherwise than it was typed. No reason to refuse it:
    ///
    /// - `completed-words`: words that were completed from their first letters, with positions.
    /// - `missing-accents`: words that were typed without their accents, with positions.
    /// - `capitals`: there were capitals.
    /// - `numbers`: numbers before the words were left out.
    /// - `numbers-sorted`: each word has its own, and the words were put in their order.
    /// - `numbers-out-of-order`: they do not run 1, 2, 3; the words were taken as they stand.
    /// - `invisible-characters`: control characters and the like were left out.
    /// - `shared-words`: the words are in another language's list too; the seed is the same.
    pub fn notes(&self) -> &[Warning] {
        &self.notes
    }

    /// All problems as one error of the kind [`Malformed`](keyark_core::ErrorKind::Malformed). `None` when there are
    /// none.
    pub fn error(&self) -> Option<Error> {
        let first = self.problems.first()?;
        if self.problems.len() == 1 {
            return Some(Error::malformed(first.message.clone(), first.remedy.clone()));
        }
        let mut parts = Vec::new();
        let mut grouped = Vec::new();
        for problem in &self.problems {
            if problem.position.is_none() {
                parts.push(problem.message.to_string());
            } else if !grouped.contains(&problem.kind) {
                grouped.push(problem.kind);
                parts.push(self.brief(problem.kind));
            }
        }
        let words = self.problems.iter().filter(|problem| problem.position.is_some()).count();
        let remedy = match first.position {
            Some(_) if words > 1 => "compare these words with what you wrote down, and type them again".into(),
            _ => first.remedy.clone(),
        };
        Some(Error::malformed(parts.join("; "), remedy))
    }

    /// All words with one `kind` of problem: `words 3 ('abandon'?), 7 and 9 of 12 are not in the English list`.
    fn brief(&self, kind: ProblemKind) -> String {
        // With many slips, the suggestions in a row would be the phrase itself.
        const MOST_SUGGESTIONS: usize = 2;
        let words: Vec<_> = self.problems.iter().filter(|problem| problem.kind == kind).collect();
        let few = words.len() <= MOST_SUGGESTIONS;
        let named = words.iter().map(|word| match (word.position, word.suggestions.first()) {
            (Some(position), Some(suggestion)) if few => format!("{position} ('{suggestion}'?)"),
            (position, _) => position.unwrap_or_default().to_string(),
        });
        let list = match (kind, self.language) {
            (ProblemKind::MixedLanguages, _) => "in the list of another language".to_owned(),
            (_, Some(language)) => format!("not in the {language} list"),
            (_, None) => "in none of the lists".to_owned(),
        };
        let (noun, verb) = if words.len() == 1 { ("word", "is") } else { ("words", "are") };
        format!("{noun} {} of {} {verb} {list}", enumerate(named, "and"), self.words)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemKind,
    position: Option<usize>,
    suggestions: Vec<&'static str>,
    message: Cow<'static, str>,
    remedy: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(
        kind: ProblemKind,
        position: Option<usize>,
        message: impl Into<String>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        let message = Cow::Owned(message.into());
        Self { kind, position, suggestions: Vec::new(), message, remedy: remedy.into() }
    }

    /// Adds words that may have been meant, and names the first three in the message.
    pub(crate) fn with_suggestions(mut self, suggestions: Vec<&'static str>) -> Self {
        if !suggestions.is_empty() {
            let words = suggestions.iter().take(3).map(|word| format!("'{word}'"));
            self.message = Cow::Owned(format!("{}; did you mean {}?", self.message, enumerate(words, "or")));
        }
        self.suggestions = suggestions;
        self
    }

    /// What sort of problem it is, for programs.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// The word that it is about, counted from 1. `None` when it is about all of them.
    pub fn position(&self) -> Option<usize> {
        self.position
    }

    /// Words of the list that may have been meant, the nearest first, five at most.
    pub fn suggestions(&self) -> &[&'static str] {
        &self.suggestions
    }

    /// The problem in one line, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, in one line.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What sort of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// There are no words at all.
    Empty,
    /// It is something else: a key, a file, a share of another standard.
    NotAPhrase,
    /// A word is in no list.
    UnknownWord,
    /// A word is in the list of another language than the rest.
    MixedLanguages,
    /// All words are in the list of another language than was asked for.
    WrongLanguage,
    /// There are more or fewer words than a phrase has.
    WrongCount,
    /// All words are known, but they do not belong together.
    WrongChecksum,
    /// Abbreviated words can be read as different phrases in two languages.
    AmbiguousLanguage,
}

impl ProblemKind {
    /// The stable name: `unknown-word`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAPhrase => "not-a-phrase",
            Self::UnknownWord => "unknown-word",
            Self::MixedLanguages => "mixed-languages",
            Self::WrongLanguage => "wrong-language",
            Self::WrongCount => "wrong-count",
            Self::WrongChecksum => "wrong-checksum",
            Self::AmbiguousLanguage => "ambiguous-language",
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn enumerate(items: impl IntoIterator<Item = String>, last: &str) -> String {
    let mut items: Vec<_> = items.into_iter().collect();
    match (items.pop(), items.is_empty()) {
        (Some(item), false) => format!("{} {last} {item}", items.join(", ")),
        (item, _) => item.unwrap_or_default(),
    }
}
