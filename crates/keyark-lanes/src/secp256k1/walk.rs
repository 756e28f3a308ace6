//! The way through a batch: every element has a sum, and all sums take one addition at a time, so that the inverses of a
//! step come from a single inversion (Montgomery's trick; Cohen, "A Course in Computational Algebraic Number Theory",
//! algorithm 10.3.4).
//!
//! A small batch would pay for one inversion per window. Each element then has several sums, of some windows each, which
//! are added up at the end in pairs: as many additions in fewer steps.
#![allow(clippy::indexing_slicing, reason = "ranges of buffers that are sized here")]

use zeroize::Zeroize;

use super::point::{AffinePoint, NoKey};
use super::table::{Entry, NEGATIVE, Pick, Recoded, WINDOWS, recode, table, write_picks};

/// The most elements that are worked on at a time.
const BLOCK: usize = 1024;
/// The most slots that are worth having, whose additions pay for the inversion of a step.
const SLOTS: usize = 2048;

/// The parents of a batch.
#[derive(Debug, Clone, Copy)]
pub enum Parents<'a> {
    /// One parent for every scalar: the children of one extended key.
    Shared(&'a AffinePoint),
    /// A parent for each scalar, in the same order.
    Each(&'a [AffinePoint]),
}

impl<'a> Parents<'a> {
    /// The parents of the elements from `first` on, at most `count`; one, if it is everyone's.
    fn part(self, first: usize, count: usize) -> &'a [AffinePoint] {
        match self {
            Self::Shared(parent) => std::slice::from_ref(parent),
            Self::Each(parents) => &parents[first..first + count],
        }
    }
}

/// Sums in slots that take a step together: what a code path implements.
///
/// Picks are places in a slice of points, with [`NEGATIVE`] for the negative of the point.
pub(super) trait Walk {
    /// Room for so many slots.
    fn new(slots: usize) -> Self;
    /// Sets slot i to `points[picks[i]]`.
    fn set(&mut self, points: &[Entry], picks: &[Pick]);
    /// Adds `points[picks[i]]` to slot i. Where the two have the same x, which needs another formula, the slot holds
    /// nonsense from then on, and its number is added to `met`.
    fn add(&mut self, points: &[Entry], picks: &[Pick], met: &mut Vec<usize>);
    /// Writes the sums from slot `first` on to `out`.
    fn get(&self, first: usize, out: &mut [Entry]);
    /// Overwrites what was secret.
    fn wipe(&mut self);
}

/// k·G for every scalar k, or parent + k·G where there are parents.
pub(super) fn run<W: Walk>(parents: Option<Parents<'_>>, scalars: &[[u8; 32]], out: &mut [Result<AffinePoint, NoKey>]) {
    let block = scalars.len().min(BLOCK);
    if block == 0 {
        return;
    }
    let mut batch = Batch::<W>::new(block);
    for (number, (scalars, out)) in scalars.chunks(block).zip(out.chunks_mut(block)).enumerate() {
        let parents = parents.map_or(&[][..], |parents| parents.part(number * block, scalars.len()));
        batch.run(parents, scalars, out);
    }
    batch.wipe();
}

/// The buffers of a block.
struct Batch<W> {
    table: &'static [Entry],
    walk: W,
    recoded: Vec<Recoded>,
    /// Which scalars are within 1..n.
    valid: Vec<Result<(), NoKey>>,
    /// The digits of every element, window by window.
    picks: Vec<Pick>,
    /// Points on their way into or out of `walk`.
    points: Vec<Entry>,
    /// The slots whose sums met a point of the same x.
    met: Vec<usize>,
}

impl<W: Walk> Batch<W> {
    fn new(elements: usize) -> Self {
        let slots = elements * chains(elements);
        Self {
            table: table::<W>(),
            walk: W::new(slots),
            recoded: Vec::new(),
            valid: Vec::new(),
            picks: vec![0; elements * WINDOWS],
            points: vec![Entry(AffinePoint::GENERATOR); slots],
            met: Vec::new(),
        }
    }

    fn run(&mut self, parents: &[AffinePoint], scalars: &[[u8; 32]], out: &mut [Result<AffinePoint, NoKey>]) {
        let count = scalars.len();
        (self.recoded, self.valid) = scalars.iter().map(recode).unzip();
        write_picks(&self.recoded, &mut self.picks[..count * WINDOWS]);
        self.recoded.zeroize();
        self.met.clear();
        self.multiply(count);
        self.add_parents(parents, count);
        self.walk.get(0, &mut self.points[..count]);
        for (at, ((out, point), valid)) in out.iter_mut().zip(&self.points).zip(&self.valid).enumerate() {
            *out = match valid {
                Ok(()) => Ok(point.0),
                Err(NoKey::Zero) => parent(parents, at).ok_or(NoKey::Zero),
                Err(NoKey::AboveOrder) => Err(NoKey::AboveOrder),
            };
        }
        self.redo_met(parents, out);
    }

    /// Leaves k·G in the first `count` slots. Slot c·count + i has element i's sum over every chains-th window from window
    /// c on, until the sums of an element are added up.
    fn multiply(&mut self, count: usize) {
        let mut chains = chains(count);
        let mut steps = self.picks[..count * WINDOWS].chunks(count * chains);
        if let Some(first) = steps.next() {
            self.walk.set(self.table, first);
        }
        for step in steps {
            self.walk.add(self.table, step, &mut self.met);
        }
        while chains > 1 {
            let kept = chains.div_ceil(2);
            let moved = (chains - kept) * count;
            self.walk.get(kept * count, &mut self.points[..moved]);
            self.walk.add(&self.points, &in_order(moved), &mut self.met);
            chains = kept;
        }
    }

    fn add_parents(&mut self, parents: &[AffinePoint], count: usize) {
        for (entry, parent) in self.points.iter_mut().zip(parents) {
            *entry = Entry(*parent);
        }
        match parents {
            [] => {}
            [_] => self.walk.add(&self.points, &vec![0; count], &mut self.met),
            _ => self.walk.add(&self.points, &in_order(count), &mut self.met),
        }
    }

    /// Works out the elements of the slots in `met` with the complete addition law.
    fn redo_met(&mut self, parents: &[AffinePoint], out: &mut [Result<AffinePoint, NoKey>]) {
        let count = out.len();
        self.met.iter_mut().for_each(|slot| *slot %= count);
        self.met.sort_unstable();
        self.met.dedup();
        for &at in &self.met {
            if self.valid[at].is_err() {
                continue;
            }
            let digits = self.picks[..count * WINDOWS].iter().skip(at).step_by(count);
            let sum = digits.fold(parent(parents, at), |sum, pick| {
                let point = self.table[(pick & !NEGATIVE) as usize].0;
                let point = if pick & NEGATIVE == 0 { point } else { point.negate() };
                AffinePoint::add_complete(sum, Some(point))
            });
            out[at] = sum.ok_or(NoKey::Zero);
        }
    }

    fn wipe(&mut self) {
        self.walk.wipe();
        self.picks.zeroize();
        self.points.iter_mut().for_each(|point| point.0.zeroize());
    }
}

/// How many sums each of so many elements has.
fn chains(elements: usize) -> usize {
    (SLOTS / elements).clamp(1, WINDOWS)
}

fn in_order(count: usize) -> Vec<Pick> {
    (0..).take(count).collect()
}

fn parent(parents: &[AffinePoint], at: usize) -> Option<AffinePoint> {
    match parents {
        [parent] => Some(*parent),
        _ => parents.get(at).copied(),
    }
}
