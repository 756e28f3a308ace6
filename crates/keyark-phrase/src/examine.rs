//! The examination behind reading and diagnosis: the words are read once, and the outcome is a phrase or its problems.

use keyark_core::{Error, ErrorKind, Result, Warning};
use zeroize::Zeroizing;

use crate::diagnose::{Diagnosis, Problem, ProblemKind, enumerate};
use crate::numbers::Numbers;
use crate::read::{Found, How, Words, find, find_exact, join};
use crate::{Language, Phrase, WordCount, other, suggest::suggestions};

/// Longer texts are not looked at: no phrase comes near.
const MOST_BYTES: usize = 16 * 1024;
/// Nor are more words looked up, so that hostile text costs little.
const MOST_WORDS: usize = 99;

pub(crate) struct Examination {
    pub(crate) diagnosis: Diagnosis,
    phrase: Option<Phrase>,
}

impl Examination {
    pub(crate) fn into_phrase(self) -> Result<Phrase> {
        self.phrase.ok_or_else(|| {
            self.diagnosis.error().unwrap_or_else(|| {
                Error::new(ErrorKind::Internal, "a phrase without problems was not read", "report this to keyark")
            })
        })
    }

    fn valid(phrase: Phrase, notes: Vec<Warning>) -> Self {
        let language = Some(phrase.language());
        let diagnosis = Diagnosis { language, words: phrase.words().count(), problems: Vec::new(), notes };
        Self { diagnosis, phrase: Some(phrase) }
    }

    fn invalid(language: Option<Language>, words: usize, problems: Vec<Problem>, notes: Vec<Warning>) -> Self {
        Self { diagnosis: Diagnosis { language, words, problems, notes }, phrase: None }
    }
}

/// Reads `typed` in the language that was asked for, or in any.
pub(crate) fn examine(typed: &str, asked: Option<Language>) -> Examination {
    if typed.len() > MOST_BYTES {
        let message = format!("this text has {} bytes; a phrase has fewer than {MOST_BYTES}", typed.len());
        return Examination::invalid(asked, 0, vec![too_long(message)], Vec::new());
    }
    let words = Words::read(typed);
    let languages = asked.as_ref().map_or(Language::ALL.as_slice(), std::slice::from_ref);
    // Where all words stand in a list as typed and the checksum is right, nothing else need be looked at.
    if let Some(phrase) = languages.iter().find_map(|language| as_typed(&words, *language)) {
        let mut notes = notes_on(&words);
        notes.extend(asked.is_none().then(|| shared_words(&words, phrase.language())).flatten());
        return Examination::valid(phrase, notes);
    }
    if words.len() == 0 {
        let problem = Problem::new(ProblemKind::Empty, None, "there are no words", "type the 12 to 24 words");
        return Examination::invalid(asked, 0, vec![problem], Vec::new());
    }
    if words.len() > MOST_WORDS {
        let message = format!("this text has {} words; a phrase has 24 at most", words.len());
        return Examination::invalid(asked, words.len(), vec![too_long(message)], Vec::new());
    }
    if let Some(problem) = other::recognise(typed) {
        return Examination::invalid(asked, words.len(), vec![problem], Vec::new());
    }
    readings(&words, languages, asked)
}

fn too_long(message: String) -> Problem {
    Problem::new(ProblemKind::NotAPhrase, None, message, "type the words of one phrase and nothing else")
}

fn as_typed(words: &Words, language: Language) -> Option<Phrase> {
    WordCount::try_from(words.len()).ok()?;
    let mut indices = Zeroizing::new(Vec::with_capacity(words.len()));
    for word in words.iter() {
        indices.push(find_exact(language, word)?);
    }
    Phrase::from_indices(&indices, language)
}

/// The words as one language has them.
struct Reading {
    language: Language,
    found: Zeroizing<Vec<Option<Found>>>,
}

impl Reading {
    fn new(words: &Words, language: Language) -> Self {
        let mut found = Zeroizing::new(Vec::with_capacity(words.len()));
        found.extend(words.iter().map(|word| find(language, word)));
        Self { language, found }
    }

    fn known(&self) -> usize {
        self.found.iter().flatten().count()
    }

    fn count(&self, how: How) -> usize {
        self.positions(how).count()
    }

    fn positions(&self, how: How) -> impl Iterator<Item = usize> {
        (1..)
            .zip(self.found.iter())
            .filter(move |(_, found)| found.is_some_and(|found| found.how == how))
            .map(|(at, _)| at)
    }

    /// The numbers of the words, if all are known.
    fn indices(&self) -> Option<Zeroizing<Vec<u16>>> {
        let mut indices = Zeroizing::new(Vec::with_capacity(self.found.len()));
        for found in self.found.iter() {
            indices.push((*found)?.index);
        }
        Some(indices)
    }

    fn phrase(&self) -> Option<Phrase> {
        Phrase::from_indices(self.indices()?.as_slice(), self.language)
    }

    fn notes(&self) -> Vec<Warning> {
        let numbers = |how| {
            let positions: Vec<_> = self.positions(how).collect();
            let (noun, verb) = if positions.len() == 1 { ("word", "was") } else { ("words", "were") };
            let list = enumerate(positions.iter().map(usize::to_string), "and");
            (!positions.is_empty()).then(|| format!("{noun} {list} {verb}"))
        };
        let completed = numbers(How::Prefix)
            .map(|words| Warning::new("completed-words", format!("{words} completed from the first letters")));
        let accents = numbers(How::Accents)
            .map(|words| Warning::new("missing-accents", format!("{words} typed without accents")));
        completed.into_iter().chain(accents).collect()
    }
}

fn readings(words: &Words, languages: &[Language], asked: Option<Language>) -> Examination {
    let readings: Vec<_> = languages.iter().map(|language| Reading::new(words, *language)).collect();
    let right: Vec<_> =
        readings.iter().filter_map(|reading| reading.phrase().map(|phrase| (reading, phrase))).collect();
    if let Some((reading, phrase)) = right.first() {
        let mut notes = reading.notes();
        notes.extend(notes_on(words));
        // Equal phrases have the same words, thus the same seed: then the first language is as good as the others.
        if right.iter().all(|(_, other)| other == phrase) {
            return Examination::valid(phrase.clone(), notes);
        }
        let names = right.iter().map(|(reading, _)| reading.language.name().to_owned());
        let problem = Problem::new(
            ProblemKind::AmbiguousLanguage,
            None,
            format!("these words can be completed to different phrases in {}", enumerate(names, "and")),
            "type the words in full, or say which language they are in",
        );
        return Examination::invalid(None, words.len(), vec![problem], notes_on(words));
    }
    // The language that knows most words, and of those the one that has most as typed, is the one that was meant.
    let rank = |reading: &Reading| (reading.known(), reading.count(How::Exact));
    let best = readings.iter().reduce(|best, next| if rank(next) > rank(best) { next } else { best });
    match best {
        Some(best) => wrong(words, best, asked),
        // Without a language there is no phrase. ALL is not empty, but an empty one would be refused.
        None => Examination::invalid(asked, words.len(), vec![wrong_count(words.len())], Vec::new()),
    }
}

/// Names all that is wrong, with `reading` as the language that was meant.
fn wrong(words: &Words, reading: &Reading, asked: Option<Language>) -> Examination {
    let language = if reading.known() > 0 { Some(reading.language) } else { asked };
    let mut problems = Vec::new();
    if reading.language == Language::English {
        problems.extend(other::slip39(words.len(), reading.known()));
    }
    match asked.and_then(|asked| all_in_another(words, reading, asked)) {
        Some(problem) => problems.push(problem),
        None => {
            let unknown = (1..).zip(words.iter().zip(reading.found.iter())).filter(|(_, (_, found))| found.is_none());
            problems.extend(unknown.map(|(position, (word, _))| unknown_word(position, word, words.len(), language)));
        }
    }
    let counted = WordCount::try_from(words.len()).is_ok();
    if !counted {
        problems.push(wrong_count(words.len()));
    }
    if let Some(indices) = reading.indices() {
        if counted {
            problems.push(wrong_checksum(words));
        }
        if reading.language == Language::English {
            let words = indices.iter().filter_map(|index| reading.language.word(*index));
            problems.extend(other::electrum(&join(words, " ")));
        }
    }
    let mut notes = reading.notes();
    notes.extend(notes_on(words));
    Examination::invalid(language, words.len(), problems, notes)
}

fn all_in_another(words: &Words, reading: &Reading, asked: Language) -> Option<Problem> {
    if reading.known() == words.len() {
        return None;
    }
    let knows_all =
        |language: &Language| *language != asked && words.iter().all(|word| find(*language, word).is_some());
    let other = Language::ALL.into_iter().find(knows_all)?;
    Some(Problem::new(
        ProblemKind::WrongLanguage,
        None,
        format!("these words are in the {other} list, not in the {asked} one"),
        format!("read them as {other}, or do not name a language"),
    ))
}

fn unknown_word(position: usize, word: &str, of: usize, language: Option<Language>) -> Problem {
    let remedy = format!("compare word {position} with what you wrote down, and type it again");
    let Some(language) = language else {
        let message = format!("word {position} of {of} is in none of the lists");
        return Problem::new(ProblemKind::UnknownWord, Some(position), message, remedy);
    };
    let is_whole = |other: &Language| find(*other, word).is_some_and(|found| found.how != How::Prefix);
    let problem = match Language::ALL.into_iter().find(is_whole) {
        Some(other) => Problem::new(
            ProblemKind::MixedLanguages,
            Some(position),
            format!("word {position} of {of} is in the {other} list, not in the {language} one"),
            "all words of a phrase are of one language; compare this one with what you wrote down",
        ),
        None => {
            let message = format!("word {position} of {of} is not in the {language} list");
            Problem::new(ProblemKind::UnknownWord, Some(position), message, remedy)
        }
    };
    problem.with_suggestions(suggestions(language, word))
}

fn wrong_count(words: usize) -> Problem {
    let is_phrase = |words| WordCount::try_from(words).is_ok();
    let remedy = if matches!(words, 13 | 25) {
        "one word is too many; if the last one is a passphrase (some wallets call it the 13th or 25th word), \
         give it as the passphrase"
    } else if is_phrase(words + 1) {
        "one word seems to be missing; compare with what you wrote down, word by word"
    } else if is_phrase(words - 1) {
        "one word seems to be too many; compare with what you wrote down, word by word"
    } else {
        "compare with what you wrote down, word by word; look for words on another line or page"
    };
    let noun = if words == 1 { "there is 1 word" } else { "there are" };
    let count = if words == 1 { String::new() } else { format!(" {words} words") };
    let message = format!("{noun}{count}, and a phrase has 12, 15, 18, 21 or 24");
    Problem::new(ProblemKind::WrongCount, None, message, remedy)
}

fn wrong_checksum(words: &Words) -> Problem {
    let remedy = if words.numbers == Numbers::OutOfOrder {
        "the numbers before the words are not in order; type the words in the order of their numbers"
    } else {
        "all words are in the list, so one is another word of the list than it should be, or the order is wrong; \
         compare with what you wrote down, word by word, above all words that look alike"
    };
    Problem::new(ProblemKind::WrongChecksum, None, "the checksum of the words is wrong", remedy)
}

fn notes_on(words: &Words) -> Vec<Warning> {
    let note = |applies: bool, id, message: &'static str| applies.then(|| Warning::new(id, message));
    let notes = [
        note(words.capitals, "capitals", "capitals were read as small letters"),
        words.numbers.note(),
        note(words.invisible, "invisible-characters", "characters that cannot be seen were left out"),
    ];
    notes.into_iter().flatten().collect()
}

/// The English and French lists share words, and so do the two Chinese ones; no other two do.
fn shared_words(words: &Words, language: Language) -> Option<Warning> {
    let other = match language {
        Language::English => Language::French,
        Language::French => Language::English,
        Language::ChineseSimplified => Language::ChineseTraditional,
        Language::ChineseTraditional => Language::ChineseSimplified,
        _ => return None,
    };
    words.iter().all(|word| find_exact(other, word).is_some()).then(|| {
        Warning::new(
            "shared-words",
            format!("these words are in the {other} list too; they were read as {language}, and the seed is the same"),
        )
    })
}
