//! Everything to try, counted exactly and numbered, the most probable first.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result};
use keyark_phrase::{Phrase, WordCount};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::amount::counted;
use crate::candidate::{Candidate, checksum_bits};
use crate::damage::{Damage, Shape, shapes};
use crate::part::{Cursor, Part};
use crate::pattern::Pattern;
use crate::reading::{Group, Slot, group};

/// The most parts that a space is split into, by how probable they are.
const MOST_PARTS: usize = 16_384;

/// Everything to try: the candidates of a pattern and of what may have happened besides.
///
/// It is a list of parts, the most probable first; each is all combinations of one word for each place. A candidate has a
/// number, by which it is found again: what was tried is a set of numbers, and shards are too.
pub struct Space {
    parts: Vec<Part>,
    /// The number of the first candidate of each part.
    starts: Vec<u128>,
    count: u128,
    words: usize,
    /// How many have a right checksum, if there are few enough to count them.
    valid: Option<u128>,
    /// Whether it is of a pattern in which something is doubtful.
    is_doubtful: bool,
    identity: Zeroizing<[u8; 32]>,
}

/// So many are counted at once: it takes a millisecond.
const COUNTED: u128 = 256;

/// How many phrases a space has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Size {
    /// All, those with a wrong checksum included.
    pub before: u128,
    /// Those with a right checksum, from which keys are derived.
    pub after: u128,
    /// Whether `after` was counted. Else some of it is [`before`](Self::before) divided by 16 for 12 words, up to 256 for 24, since
    /// that share of all phrases has a right checksum.
    pub exact: bool,
}

impl Space {
    /// All candidates of `pattern`, as it stands and with each of `damages` undone, one at a time.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a number of words that no phrase has, with the damage that would make it one;
    /// [`ErrorKind::OutOfBounds`] for 2^128 candidates or more.
    pub fn new(pattern: &Pattern, damages: &[Damage]) -> Result<Self> {
        let mut parts = Vec::new();
        let shapes = shapes(pattern, damages)?;
        let most = (MOST_PARTS / shapes.len().max(1)).max(1);
        for shape in shapes {
            split(shape, most, &mut parts)?;
        }
        parts.sort_by_key(|(cost, _)| *cost); // stable: what is equally probable stays in its order
        let space = Self::of_parts(parts.into_iter().map(|(_, part)| part).collect(), identity(pattern, damages))?;
        Ok(Self { is_doubtful: pattern.is_doubtful(), ..space })
    }

    /// One phrase and nothing else: to look for its passphrase or its paths.
    ///
    /// # Errors
    /// None that a phrase can cause.
    pub fn of_phrase(phrase: &Phrase) -> Result<Self> {
        let language = phrase.language();
        let number = |word: &str| language.word_list().iter().position(|other| *other == word).unwrap_or_default();
        let groups = phrase.words().map(|word| group(vec![number(word) as u16])).collect(); // below 2048
        let mut hash = Sha256::new_with_prefix(b"one phrase");
        hash.update(Zeroizing::new(phrase.entropy()).as_slice());
        hash.update(language.id());
        let part = Part::new(language, groups, false).ok_or_else(too_many)?;
        Self::of_parts(vec![part], Zeroizing::new(hash.finalize().into()))
    }

    fn of_parts(parts: Vec<Part>, identity: Zeroizing<[u8; 32]>) -> Result<Self> {
        let mut starts = Vec::with_capacity(parts.len());
        let mut count: u128 = 0;
        for part in &parts {
            starts.push(count);
            count = count.checked_add(part.count()).ok_or_else(too_many)?;
        }
        let words = parts.first().map_or(0, |part| Cursor::at(part, 0).candidate.count);
        let mut space = Self { parts, starts, count, words, valid: None, is_doubtful: false, identity };
        space.valid = (count <= COUNTED).then(|| space.count_valid());
        Ok(space)
    }

    /// How many candidates there are: numbers from 0 up to here. Of those whose last word is lost, only the ones with a right
    /// checksum are among them.
    pub fn count(&self) -> u128 {
        self.count
    }

    /// How many phrases these are, before and after the checksum.
    pub fn size(&self) -> Size {
        let mut size = Size { before: 0, after: 0, exact: true };
        let mut unknown: u128 = 0;
        for part in &self.parts {
            size.before = size.before.saturating_add(part.written());
            match part.valid() {
                Some(valid) => size.after = size.after.saturating_add(valid),
                None => unknown = unknown.saturating_add(part.count()),
            }
        }
        if let Some(valid) = self.valid {
            return Size { after: valid, ..size };
        }
        size.exact = unknown == 0;
        size.after = size.after.saturating_add(unknown.div_ceil(1 << checksum_bits(self.words)));
        size
    }

    fn count_valid(&self) -> u128 {
        let (mut valid, mut walk) = (0, self.walk(0));
        while let Some(candidate) = walk.next() {
            valid += u128::from(candidate.is_valid());
        }
        valid
    }

    /// Whether the pattern has something doubtful, so that even a single phrase is a finding.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// How many words its phrases have.
    pub fn words(&self) -> WordCount {
        WordCount::try_from(self.words).unwrap_or_default()
    }

    /// The candidate with the number `index`. `None` from [`count`](Self::count) on.
    pub fn candidate(&self, index: u128) -> Option<Candidate> {
        self.walk(index).next().cloned()
    }

    /// The candidates from `index` on, each in a time that does not depend on how many there are.
    pub fn walk(&self, index: u128) -> Walk<'_> {
        Walk { space: self, index, at: None }
    }

    /// What tells this space from others, as a secret: it is a hash of the words.
    pub(crate) fn identity(&self) -> &Zeroizing<[u8; 32]> {
        &self.identity
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Space({} candidates, {} words, redacted)", counted(self.count), self.words)
    }
}

/// The candidates of a space, one after the other.
pub struct Walk<'a> {
    space: &'a Space,
    index: u128,
    /// The part, and the place in it.
    at: Option<(usize, Cursor)>,
}

impl Walk<'_> {
    /// The next candidate. It is overwritten by the one after it.
    #[allow(clippy::should_implement_trait)] // an iterator cannot lend what it gives
    pub fn next(&mut self) -> Option<&Candidate> {
        if self.index >= self.space.count {
            return None;
        }
        let within = match &mut self.at {
            Some((part, cursor)) => self.space.parts.get(*part).is_some_and(|part| cursor.advance(part)),
            None => false,
        };
        if !within {
            self.at = Some(self.space.cursor(self.index)?);
        }
        self.index += 1;
        self.at.as_ref().map(|(_, cursor)| &cursor.candidate)
    }
}

impl fmt::Debug for Walk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Walk(at {}, redacted)", self.index)
    }
}

impl Space {
    fn cursor(&self, index: u128) -> Option<(usize, Cursor)> {
        let part = self.starts.partition_point(|start| *start <= index).checked_sub(1)?;
        let start = self.starts.get(part)?;
        Some((part, Cursor::at(self.parts.get(part)?, index - start)))
    }
}

/// Splits a shape into `most` parts by the groups of its slots, each with its cost.
fn split(shape: Shape, most: usize, parts: &mut Vec<(u32, Part)>) -> Result<()> {
    let Shape { language, mut slots, any_order, cost } = shape;
    let most = if any_order { 1 } else { most };
    while slots.iter().fold(1_usize, |parts, slot| parts.saturating_mul(slot.0.len())) > most {
        let Some(longest) = slots.iter_mut().max_by_key(|slot| slot.0.len()) else { break };
        merge_last(&mut longest.0);
    }
    let mut ranks = vec![0; slots.len()];
    loop {
        let groups = slots.iter().zip(&ranks).filter_map(|(slot, rank)| slot.0.get(*rank).cloned()).collect();
        let total = ranks.iter().sum::<usize>() as u32; // a few per place
        parts.push((cost + total, Part::new(language, groups, any_order).ok_or_else(too_many)?));
        let next = ranks.iter_mut().zip(&slots).find_map(|(rank, slot)| {
            *rank += 1;
            if *rank < slot.0.len() {
                return Some(());
            }
            *rank = 0;
            None
        });
        if next.is_none() {
            return Ok(());
        }
    }
}

fn merge_last(groups: &mut Vec<Group>) {
    if let (Some(last), Some(before)) = (groups.pop(), groups.pop()) {
        groups.push(group(before.iter().chain(last.iter()).copied().collect()));
    }
}

/// A hash of the words that are known and of what may be elsewhere.
fn identity(pattern: &Pattern, damages: &[Damage]) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new_with_prefix(b"pattern");
    let others = if damages.contains(&Damage::WrongLanguage) { pattern.others() } else { Vec::new() };
    for reading in pattern.best().iter().chain(&others) {
        hash.update(reading.language.id());
        for Slot(groups) in &reading.slots {
            for group in groups {
                hash.update((group.len() as u64).to_be_bytes());
                group.iter().for_each(|word| hash.update(word.to_be_bytes()));
            }
            hash.update([0xff; 8]); // no group is as long
        }
    }
    for damage in damages {
        hash.update(damage.id());
        hash.update([0]);
    }
    Zeroizing::new(hash.finalize().into())
}

fn too_many() -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        "there are more candidates than can be numbered (2^128)",
        "too many words are unknown; each one that you find out makes it 2048 times fewer",
    )
}

#[cfg(test)]
#[path = "space_tests.rs"]
mod tests;
