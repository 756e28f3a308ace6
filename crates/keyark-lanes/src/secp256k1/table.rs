//! Multiples of G, and a scalar as picks among them.
//!
//! A scalar k is written with digits that are odd and of either sign, k = Σ dᵢ·2^(w·i) with |dᵢ| < 2^w, so that no digit is
//! zero and a window has a table of 2^(w-1) multiples. For an odd k the digits follow from the w-bit windows bᵢ of
//! (k + 2^(w·m) - 1) / 2 as dᵢ = 2·bᵢ - (2^w - 1); for an even k they are those of k - n, which is odd.
//! (Signed digits without zeros: Möller, "Improved techniques for fast exponentiation", 2002.)
#![allow(clippy::indexing_slicing, reason = "places within tables whose sizes are constants here")]

use std::sync::OnceLock;

use super::point::{AffinePoint, NoKey};
use super::scalar::{ORDER, add_words, be_words, is_below, sub_words};
use super::walk::Walk;

/// Bits in a window.
pub(super) const WIDTH: usize = 11;
/// Windows in a scalar.
pub(super) const WINDOWS: usize = 256usize.div_ceil(WIDTH);
/// Multiples in a window's table: 1, 3, … 2^WIDTH - 1 times its unit.
const HALF: usize = 1 << (WIDTH - 1);

/// One multiple in a cache line.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Entry(pub(super) AffinePoint);

/// Which entry is meant, and whether its negative is: the place in the low bits and [`NEGATIVE`].
pub(super) type Pick = u32;
/// The bit of a [`Pick`] that asks for the negative.
pub(super) const NEGATIVE: Pick = 1 << 31;

/// 2^(WIDTH·WINDOWS) - 1.
const ONES: [u64; 5] = {
    let mut ones = [u64::MAX; 5];
    ones[4] = (1 << (WIDTH * WINDOWS - 256)) - 1;
    ones
};

/// A scalar k as the number whose windows give its digits, but for the halving: k + 2^(WIDTH·WINDOWS) - 1, less n if k is
/// even.
pub(super) type Recoded = [u64; 5];

/// Recodes a scalar of 32 big-endian bytes. One of 0 or of n or more is an error, and the walk takes 1 in its place.
pub(super) fn recode(scalar: &[u8; 32]) -> (Recoded, Result<(), NoKey>) {
    let words = be_words(scalar);
    let valid = match words {
        [0, 0, 0, 0] => Err(NoKey::Zero),
        _ if !is_below(&words, &ORDER) => Err(NoKey::AboveOrder),
        _ => Ok(()),
    };
    let [a, b, c, d] = if valid.is_ok() { words } else { [1, 0, 0, 0] };
    let (sum, _) = add_words(&[a, b, c, d, 0], &ONES);
    let [e, f, g, h] = if a & 1 == 0 { ORDER } else { [0; 4] };
    (sub_words(&sum, &[e, f, g, h, 0]).0, valid)
}

/// Writes the digits of all scalars as picks from the [`table`]: those of window 0, then those of window 1, …
pub(super) fn write_picks(scalars: &[Recoded], picks: &mut [Pick]) {
    for (window, picks) in picks.chunks_mut(scalars.len()).enumerate() {
        // Halving moves the window one bit up.
        let bit = window * WIDTH + 1;
        let (word, shift) = (bit / 64, bit % 64);
        for (scalar, pick) in scalars.iter().zip(picks) {
            let next = if word < 4 { scalar[word + 1] } else { 0 };
            let bits = (scalar[word] >> shift | (next << 1) << (63 - shift)) as usize % (2 * HALF);
            // Below HALF the digit is negative, and the further below, the larger.
            let negative = bits < HALF;
            let place = (if negative { !bits } else { bits }) % HALF;
            *pick = (window * HALF + place) as Pick | if negative { NEGATIVE } else { 0 };
        }
    }
}

/// The odd multiples of 2^(WIDTH·i)·G for every window i, one window after the other. Made on first use, by `W`.
pub(super) fn table<W: Walk>() -> &'static [Entry] {
    static TABLE: OnceLock<Vec<Entry>> = OnceLock::new();
    TABLE.get_or_init(build::<W>)
}

/// Each round adds 2^r units to the first 2^(r-1) multiples of every window, which gives the next 2^(r-1).
fn build<W: Walk>() -> Vec<Entry> {
    const BLOCK: usize = 1024;
    let doublings = doublings();
    let mut table = vec![Entry(AffinePoint::GENERATOR); WINDOWS * HALF];
    for window in 0..WINDOWS {
        table[window * HALF] = doublings[window * WIDTH];
    }
    let mut walk = W::new(BLOCK);
    let mut sums = vec![Entry(AffinePoint::GENERATOR); BLOCK];
    for round in 1..WIDTH {
        let known = 1 << (round - 1);
        let places: Vec<(Pick, Pick)> = (0..WINDOWS)
            .flat_map(|window| {
                (0..known).map(move |at| ((window * HALF + at) as Pick, (window * WIDTH + round) as Pick))
            })
            .collect();
        for block in places.chunks(BLOCK) {
            let (old, step): (Vec<Pick>, Vec<Pick>) = block.iter().copied().unzip();
            walk.set(&table, &old);
            // No two multiples meet: all of them are below n, and different.
            walk.add(&doublings, &step, &mut Vec::new());
            walk.get(0, &mut sums[..block.len()]);
            for (old, sum) in old.iter().zip(&sums) {
                table[*old as usize + known] = *sum;
            }
        }
    }
    table
}

/// 2^i·G for every i below WIDTH·WINDOWS.
fn doublings() -> Vec<Entry> {
    let mut point = Some(AffinePoint::GENERATOR);
    std::iter::from_fn(|| {
        let this = point?;
        point = AffinePoint::add_complete(point, point);
        Some(Entry(this))
    })
    .take(WIDTH * WINDOWS)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secp256k1::portable::Portable;

    /// k·G for a small k, by additions.
    fn multiple(k: usize) -> Option<AffinePoint> {
        (0..k).fold(None, |sum, _| AffinePoint::add_complete(sum, Some(AffinePoint::GENERATOR)))
    }

    #[test]
    fn the_table_holds_odd_multiples() {
        let table = build::<Portable>();
        assert_eq!(table.len(), WINDOWS * HALF);
        for (at, entry) in table.iter().take(20).enumerate() {
            assert_eq!(Some(entry.0), multiple(2 * at + 1));
        }
        // Unit i + 1 is 2^WIDTH times unit i, and the last multiple is a unit short of that.
        for window in 0..WINDOWS - 1 {
            let (unit, last) = (table[window * HALF].0, table[(window + 1) * HALF - 1].0);
            assert_eq!(AffinePoint::add_complete(Some(unit), Some(last)), Some(table[(window + 1) * HALF].0));
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_path_makes_the_same_table() {
        if crate::CodePath::Avx512Ifma.is_available() {
            let same = |(a, b): (Entry, Entry)| a.0 == b.0;
            assert!(build::<Portable>().into_iter().zip(build::<super::super::ifma::Ifma>()).all(same));
        }
    }
}
