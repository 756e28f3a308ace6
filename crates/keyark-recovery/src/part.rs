//! A part of the space: all words of some groups, one of each place, in the order given or in any.

use keyark_phrase::Language;
use zeroize::Zeroizing;

use crate::candidate::{Candidate, checksum_bits};
use crate::orders::{self, Orders};
use crate::reading::Group;
use crate::words::{LIST, Word};

/// All combinations of one word of each place's group.
pub(crate) struct Part {
    language: Language,
    /// The groups of the places; where the order is open, the different ones.
    groups: Vec<Group>,
    places: usize,
    orders: Option<Orders>,
    /// The last word can be any, so it is counted by the bits of entropy that it holds, and ends with the right checksum.
    closed: bool,
    /// How many there are in each order.
    product: u128,
    count: u128,
    written: u128,
}

impl Part {
    /// `None` where there are 2^128 or more. With `any_order`, the groups in all orders.
    pub(crate) fn new(language: Language, groups: Vec<Group>, any_order: bool) -> Option<Self> {
        let places = groups.len();
        let written = groups.iter().try_fold(1_u128, |product, group| product.checked_mul(group.len() as u128))?;
        if any_order {
            let (groups, often) = distinct(groups);
            let orders = Orders::new(often);
            let count = written.checked_mul(orders.count())?;
            let orders = Some(orders);
            return Some(Self {
                language,
                groups,
                places,
                orders,
                closed: false,
                product: written,
                count,
                written: count,
            });
        }
        let closed = groups.last().is_some_and(|group| group.len() == LIST);
        let count = if closed { written >> checksum_bits(places) } else { written };
        Some(Self { language, groups, places, orders: None, closed, product: count, count, written })
    }

    /// How many candidates there are to look at.
    pub(crate) fn count(&self) -> u128 {
        self.count
    }

    /// How many phrases they stand for, those with a wrong checksum included.
    pub(crate) fn written(&self) -> u128 {
        self.written
    }

    /// How many have a right checksum, if all are known to have one.
    pub(crate) fn valid(&self) -> Option<u128> {
        self.closed.then_some(self.count)
    }

    fn group(&self, kind: Option<&usize>) -> &[Word] {
        kind.and_then(|kind| self.groups.get(*kind)).map(|group| group.as_slice()).unwrap_or_default()
    }

    fn last(&self) -> usize {
        self.places.saturating_sub(1)
    }
}

/// The different groups, and how often each occurs.
fn distinct(groups: Vec<Group>) -> (Vec<Group>, Vec<usize>) {
    let mut different: Vec<Group> = Vec::new();
    let mut often: Vec<usize> = Vec::new();
    for group in groups {
        match different.iter().position(|other| *other == group).and_then(|at| often.get_mut(at)) {
            Some(times) => *times += 1,
            None => {
                different.push(group);
                often.push(1);
            }
        }
    }
    (different, often)
}

/// A place in a part, which goes on to the next candidate without counting from the start.
pub(crate) struct Cursor {
    digits: Zeroizing<Vec<Word>>,
    order: Zeroizing<Vec<usize>>,
    pub(crate) candidate: Candidate,
}

impl Cursor {
    /// At `index` of `part`, below its count.
    pub(crate) fn at(part: &Part, index: u128) -> Self {
        let (order, mut rest) = match &part.orders {
            Some(orders) => (orders.get(index / part.product.max(1)), index % part.product.max(1)),
            None => (Zeroizing::new((0..part.places).collect()), index),
        };
        let candidate = Candidate::new(part.language, part.places);
        let mut cursor = Self { digits: Zeroizing::new(vec![0; part.places]), order, candidate };
        for place in (0..part.places).rev() {
            let radix = cursor.radix(part, place) as u128;
            if let Some(digit) = cursor.digits.get_mut(place) {
                *digit = (rest % radix.max(1)) as Word; // below the radix, 2048 at most
            }
            rest /= radix.max(1);
        }
        cursor.fill(part, 0);
        cursor
    }

    /// Goes on to the next candidate of `part`. `false` after the last one.
    pub(crate) fn advance(&mut self, part: &Part) -> bool {
        for place in (0..part.places).rev() {
            let radix = self.radix(part, place);
            let Some(digit) = self.digits.get_mut(place) else { return false };
            *digit += 1;
            if usize::from(*digit) < radix {
                self.fill(part, place);
                return true;
            }
            *digit = 0;
        }
        let more = part.orders.is_some() && orders::next(&mut self.order);
        self.fill(part, 0);
        more
    }

    fn radix(&self, part: &Part, place: usize) -> usize {
        if part.closed && place == part.last() {
            return LIST >> checksum_bits(part.places);
        }
        part.group(self.order.get(place)).len()
    }

    /// Writes the words from `place` on.
    fn fill(&mut self, part: &Part, place: usize) {
        for place in place..part.places {
            let digit = self.digits.get(place).copied().unwrap_or_default();
            if part.closed && place == part.last() {
                self.candidate.close(digit);
            } else if let Some(word) = part.group(self.order.get(place)).get(usize::from(digit)) {
                self.candidate.set(place, *word);
            }
        }
    }
}
