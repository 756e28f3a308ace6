//! The walk in eight lanes (AVX-512 IFMA).
#![allow(clippy::indexing_slicing, reason = "buffers of one length, sized here")]

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::array::from_fn;

use zeroize::Zeroize;

use super::field::Field;
use super::ifma_field::{Lanes, Stored};
use super::invert::invert_all;
use super::point::AffinePoint;
use super::table::{Entry, NEGATIVE, Pick};
use super::walk::Walk;
use crate::CodePath;

/// Products of differences that are made side by side, since one product waits for the one before.
const CHAINS: usize = 2;
/// How many steps ahead of its use a point is fetched from the table, most of which is in the second-level cache at best.
const AHEAD: usize = 2;

/// Sums in groups of eight lanes; there is none on a machine that lacks the instructions.
pub(super) struct Ifma {
    groups: Vec<[Group; CHAINS]>,
}

#[derive(Clone, Copy, Default, Zeroize)]
struct Group {
    /// The coordinates of the sums, loose.
    x: Stored,
    y: Stored,
    /// The difference of the points' x, carried.
    dx: Stored,
    /// The product of the differences before this one, carried.
    before: Stored,
}

impl Walk for Ifma {
    fn new(slots: usize) -> Self {
        // What the other functions rely on.
        assert!(CodePath::Avx512Ifma.is_available(), "the machine has AVX-512 IFMA");
        Self { groups: vec![Default::default(); slots.div_ceil(8 * CHAINS)] }
    }

    fn set(&mut self, points: &[Entry], picks: &[Pick]) {
        // SAFETY: there is a value of this type, so the machine has the instructions.
        unsafe { self.set_lanes(points, picks) }
    }

    fn add(&mut self, points: &[Entry], picks: &[Pick], met: &mut Vec<usize>) {
        // SAFETY: as in `set`.
        unsafe {
            let inverses = invert_all(&self.differences(points, picks, None));
            let inverses = inverses.or_else(|| invert_all(&self.differences(points, picks, Some(met))));
            self.sums(points, picks, &inverses.unwrap_or_default());
        }
    }

    fn get(&self, first: usize, out: &mut [Entry]) {
        // SAFETY: as in `set`.
        unsafe { self.get_lanes(first, out) }
    }

    fn wipe(&mut self) {
        self.groups.iter_mut().for_each(|groups| groups.zeroize());
    }
}

impl Ifma {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn set_lanes(&mut self, points: &[Entry], picks: &[Pick]) {
        for (number, group) in self.groups.as_flattened_mut().iter_mut().enumerate().take(picks.len().div_ceil(8)) {
            let (picks, _) = group_picks(picks, number);
            let (x, y) = (x_of(points, &picks), y_of(points, &picks));
            x.store(&mut group.x);
            y.store(&mut group.y);
        }
    }

    /// The way up: the differences of the x, and the product of all of them. With `met`, differences of zero are put down
    /// there and 1 taken in their place.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn differences(
        &mut self,
        points: &[Entry],
        picks: &[Pick],
        mut met: Option<&mut Vec<usize>>,
    ) -> [Field; 8 * CHAINS] {
        let mut products = [Lanes::one(); CHAINS];
        for (number, groups) in self.groups.iter_mut().enumerate().take(picks.len().div_ceil(8 * CHAINS)) {
            prefetch(points, picks, (number + AHEAD) * 8 * CHAINS);
            for (chain, group) in groups.iter_mut().enumerate() {
                let number = number * CHAINS + chain;
                let (picks, mask) = group_picks(picks, number);
                let mut dx = x_of(points, &picks).sub(Lanes::load(&group.x)).carry();
                if mask != 0xff {
                    dx = dx.select(mask, Lanes::one());
                }
                if let Some(met) = &mut met {
                    let zero = lanes_where(&dx.to_words(), |dx| dx == [0; 4]);
                    met.extend((0..8).filter(|lane| zero >> lane & 1 == 1).map(|lane| number * 8 + lane));
                    dx = Lanes::one().select(zero, dx);
                }
                dx.store(&mut group.dx);
                products[chain].store(&mut group.before);
                products[chain] = products[chain].mul(dx);
            }
        }
        // One value for each lane of each chain.
        let words = products.map(|product| product.to_words());
        from_fn(|at| Field(words[at / 8][at % 8]))
    }

    /// The way down: the sums, from the `inverses` of the products.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn sums(&mut self, points: &[Entry], picks: &[Pick], inverses: &[Field; 8 * CHAINS]) {
        let mut inverses: [Lanes; CHAINS] =
            from_fn(|chain| Lanes::from_words(from_fn(|lane| &inverses[8 * chain + lane].0)));
        let steps = picks.len().div_ceil(8 * CHAINS);
        for (number, groups) in self.groups.iter_mut().enumerate().take(steps).rev() {
            // Stage by stage for all chains, so that there is always work that waits for nothing.
            let lanes: [_; CHAINS] = from_fn(|chain| group_picks(picks, number * CHAINS + chain));
            let each: [Lanes; CHAINS] = from_fn(|chain| inverses[chain].mul(Lanes::load(&groups[chain].before)));
            inverses = from_fn(|chain| inverses[chain].mul(Lanes::load(&groups[chain].dx)));
            let slopes: [Lanes; CHAINS] = from_fn(|chain| {
                let dy = y_of(points, &lanes[chain].0).sub(Lanes::load(&groups[chain].y)).carry();
                dy.mul(each[chain])
            });
            let x3: [Lanes; CHAINS] = from_fn(|chain| {
                let x1 = Lanes::load(&groups[chain].x);
                // x₁ + x₂ = dx + 2·x₁.
                slopes[chain].square_add(Lanes::load(&groups[chain].dx).negate().sub_plain(x1).sub_plain(x1))
            });
            for (chain, group) in groups.iter_mut().enumerate() {
                let (x1, y1) = (Lanes::load(&group.x), Lanes::load(&group.y));
                let y3 = slopes[chain].mul_add(x1.sub(x3[chain]).carry(), y1.negate());
                match lanes[chain].1 {
                    0xff => {
                        x3[chain].store(&mut group.x);
                        y3.store(&mut group.y);
                    }
                    mask => {
                        x3[chain].select(mask, x1).store(&mut group.x);
                        y3.select(mask, y1).store(&mut group.y);
                    }
                }
            }
        }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn get_lanes(&self, first: usize, out: &mut [Entry]) {
        let groups = self.groups.as_flattened();
        let mut at = usize::MAX;
        let (mut x, mut y) = ([[0; 4]; 8], [[0; 4]; 8]);
        for (slot, out) in (first..).zip(out) {
            if at != slot / 8 {
                at = slot / 8;
                (x, y) = (Lanes::load(&groups[at].x).to_words(), Lanes::load(&groups[at].y).to_words());
            }
            *out = Entry(AffinePoint { x: x[slot % 8], y: y[slot % 8] });
        }
        x.zeroize();
        y.zeroize();
    }
}

/// Asks for the points that are picked from place `from` on.
#[inline]
fn prefetch(points: &[Entry], picks: &[Pick], from: usize) {
    for &pick in picks.iter().skip(from).take(8 * CHAINS) {
        let point: *const Entry = &points[(pick & !NEGATIVE) as usize];
        // SAFETY: a prefetch reads nothing, and every x86-64 machine has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(point.cast()) }
    }
}

/// The picks of the group `number`, and which of its lanes have one.
#[inline]
fn group_picks(picks: &[Pick], number: usize) -> ([Pick; 8], u8) {
    let rest = picks.get(number * 8..).unwrap_or_default();
    match rest.first_chunk() {
        Some(picks) => (*picks, 0xff),
        None => (std::array::from_fn(|lane| rest.get(lane).copied().unwrap_or_default()), (1 << rest.len()) - 1),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn x_of(points: &[Entry], picks: &[Pick; 8]) -> Lanes {
    Lanes::from_words(picks.map(|pick| &points[(pick & !NEGATIVE) as usize].0.x))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn y_of(points: &[Entry], picks: &[Pick; 8]) -> Lanes {
    let negative = lanes_where(picks, |pick| pick & NEGATIVE != 0);
    Lanes::from_words(picks.map(|pick| &points[(pick & !NEGATIVE) as usize].0.y)).negate_some(negative)
}

/// A bit for each lane that is so.
#[inline]
fn lanes_where<T: Copy>(lanes: &[T; 8], is_so: impl Fn(T) -> bool) -> u8 {
    (0..8).fold(0, |mask, lane| mask | u8::from(is_so(lanes[lane])) << lane)
}
