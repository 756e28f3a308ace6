//! What may have happened to the words besides what is marked.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind, Result};
use keyark_phrase::{Language, WordCount};

use crate::near::near;
use crate::pattern::Pattern;
use crate::reading::{Reading, Slot, group};
use crate::words::{self, LIST, Word};

/// What may have happened to the words besides what the pattern marks. Nothing having happened is always tried too, where
/// the number of words allows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Damage {
    /// Nothing.
    #[default]
    None,
    /// One word is missing, and nobody knows where.
    OneTooFew,
    /// One of the words does not belong there.
    OneTooMany,
    /// Two words have swapped places.
    Swapped,
    /// The words are in any order.
    AnyOrder,
    /// The words are of another language than the one that was named or found, which is left out where it does not know them.
    WrongLanguage,
    /// Any one of the words may be another word of the list.
    OneWrong,
}

impl Damage {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::OneTooFew,
        Self::OneTooMany,
        Self::Swapped,
        Self::AnyOrder,
        Self::WrongLanguage,
        Self::OneWrong,
    ];

    /// The stable name: `one-too-few`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OneTooFew => "one-too-few",
            Self::OneTooMany => "one-too-many",
            Self::Swapped => "swapped",
            Self::AnyOrder => "any-order",
            Self::WrongLanguage => "wrong-language",
            Self::OneWrong => "one-wrong",
        }
    }

    /// How many words there are when it is undone.
    fn undone(self, words: usize) -> usize {
        match self {
            Self::OneTooFew => words + 1,
            Self::OneTooMany => words.saturating_sub(1),
            _ => words,
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Reads the stable name.
impl FromStr for Damage {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self> {
        Self::ALL.iter().copied().find(|damage| damage.id() == id).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|damage| damage.id()).collect();
            Error::new(ErrorKind::NotFound, "there is no such damage", format!("use some of: {}", known.join(", ")))
        })
    }
}

/// What may stand at each place when a damage is undone in one way.
pub(crate) struct Shape {
    pub(crate) language: Language,
    pub(crate) slots: Vec<Slot>,
    pub(crate) any_order: bool,
    /// The less probable, the larger: one for each step that people are less likely to make.
    pub(crate) cost: u32,
}

/// All ways to undo `damages`.
///
/// # Errors
/// [`ErrorKind::Usage`] where the number of words is none that a phrase has, or the damage does not apply.
pub(crate) fn shapes(pattern: &Pattern, damages: &[Damage]) -> Result<Vec<Shape>> {
    let damages = if damages.is_empty() { &[Damage::None] } else { damages };
    if !damages.contains(&Damage::WrongLanguage) {
        pattern.check_language()?;
    }
    for damage in damages {
        if WordCount::try_from(damage.undone(pattern.words())).is_err() {
            return Err(wrong_count(pattern.words(), *damage, damages));
        }
        if *damage == Damage::WrongLanguage && pattern.others().is_empty() {
            return Err(no_other_language(pattern));
        }
    }
    let mut shapes = Vec::new();
    let is_wrong =
        damages.contains(&Damage::AnyOrder) || (damages.contains(&Damage::WrongLanguage) && pattern.is_foreign());
    if WordCount::try_from(pattern.words()).is_ok() && !is_wrong {
        shapes.extend(pattern.best().iter().map(|reading| shape(reading, reading.slots.clone(), 0)));
    }
    for (at, damage) in damages.iter().enumerate() {
        if damages.iter().take(at).any(|before| before == damage) {
            continue;
        }
        if *damage == Damage::WrongLanguage {
            let others = (1..).zip(pattern.others());
            shapes.extend(others.map(|(cost, reading)| shape(&reading, reading.slots.clone(), cost)));
        }
        for reading in pattern.best() {
            match damage {
                Damage::OneTooFew => insertions(reading, &mut shapes),
                Damage::OneTooMany => removals(reading, &mut shapes),
                Damage::Swapped => swaps(reading, &mut shapes),
                Damage::OneWrong => doubts(reading, &mut shapes),
                Damage::AnyOrder => shapes.push(Shape { any_order: true, ..shape(reading, reading.slots.clone(), 0) }),
                Damage::None | Damage::WrongLanguage => {}
            }
        }
    }
    Ok(shapes)
}

fn shape(reading: &Reading, slots: Vec<Slot>, cost: u32) -> Shape {
    Shape { language: reading.language, slots, any_order: false, cost }
}

/// A lost word before each place and at the end. At the end first: there the checksum gives most of it.
fn insertions(reading: &Reading, shapes: &mut Vec<Shape>) {
    for at in (0..=reading.slots.len()).rev() {
        // The same word before and behind its like is the same phrase: it comes behind.
        let next = reading.slots.get(at).and_then(Slot::single);
        let all: Vec<_> = (0..LIST as Word).filter(|word| Some(*word) != next).collect();
        let mut slots = reading.slots.clone();
        slots.insert(at, Slot(vec![group(all)]));
        shapes.push(shape(reading, slots, u32::from(at < reading.slots.len())));
    }
}

fn removals(reading: &Reading, shapes: &mut Vec<Shape>) {
    for at in (0..reading.slots.len()).rev() {
        let mut slots = reading.slots.clone();
        let removed = slots.remove(at);
        if slots.get(at) != Some(&removed) {
            shapes.push(shape(reading, slots, 0));
        }
    }
}

/// Neighbours first.
fn swaps(reading: &Reading, shapes: &mut Vec<Shape>) {
    let places = reading.slots.len();
    for (first, second) in (0..places).flat_map(|first| (first + 1..places).map(move |second| (first, second))) {
        if reading.slots.get(first) != reading.slots.get(second) {
            let mut slots = reading.slots.clone();
            slots.swap(first, second);
            shapes.push(shape(reading, slots, if second == first + 1 { 1 } else { 2 }));
        }
    }
}

/// One word replaced by any other, those near it first.
fn doubts(reading: &Reading, shapes: &mut Vec<Shape>) {
    let list = words::list(reading.language);
    for (at, slot) in reading.slots.iter().enumerate() {
        let mut groups = slot.single().map(|word| near_to(reading.language, list, word)).unwrap_or_default();
        let rest = |word: &Word| !groups.iter().flatten().any(|near| near == word);
        let rest: Vec<_> = (0..LIST as Word).filter(rest).collect();
        groups.push(rest);
        groups.iter_mut().for_each(|group| group.retain(|word| !slot.has(*word)));
        groups.retain(|group| !group.is_empty());
        if !groups.is_empty() {
            let mut slots = reading.slots.clone();
            if let Some(place) = slots.get_mut(at) {
                *place = Slot(groups.into_iter().map(group).collect());
            }
            shapes.push(shape(reading, slots, 1));
        }
    }
}

fn near_to(language: Language, list: &[Vec<char>], word: Word) -> Vec<Vec<Word>> {
    list.get(usize::from(word)).map(|letters| near(language, list, letters)).unwrap_or_default()
}

fn wrong_count(words: usize, damage: Damage, all: &[Damage]) -> Error {
    let is_phrase = |words| WordCount::try_from(words).is_ok();
    let noun = if words == 1 { "there is 1 word".to_owned() } else { format!("there are {words} words") };
    let problem = match damage {
        Damage::OneTooFew => format!("{noun}, and with the one that is missing there would be {}", words + 1),
        Damage::OneTooMany => {
            format!("{noun}, and without the one too many there would be {}", words.saturating_sub(1))
        }
        _ => noun,
    };
    let others_fit = all.iter().any(|other| is_phrase(other.undone(words)));
    let remedy = if others_fit && damage != Damage::None {
        "not all of the named damages go with that number: leave out those that do not, or write a ? for each missing word"
    } else if is_phrase(words) {
        "that is the number of a phrase already: mark lost words with ?, and leave this damage out"
    } else if is_phrase(words + 1) {
        "one word seems to be missing: write a ? in its place, or name the damage one-too-few if the place is not known"
    } else if is_phrase(words.saturating_sub(1)) {
        "one word seems to be too many: leave it out, or name the damage one-too-many if it is not known which; the last \
         one may be a passphrase"
    } else {
        "write a ? for each word that is lost, so that there are as many as the phrase had"
    };
    Error::new(ErrorKind::Usage, format!("{problem}; a phrase has 12, 15, 18, 21 or 24"), remedy)
}

fn no_other_language(pattern: &Pattern) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("the words fit no other language than {}", pattern.names()),
        if pattern.language_was_named() {
            "leave the language away, or name another damage"
        } else {
            "name another damage, or mark the words that are not sure"
        },
    )
}
