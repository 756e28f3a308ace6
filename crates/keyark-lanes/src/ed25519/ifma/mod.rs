//! Eight keys in step with AVX-512 IFMA.

// Lanes are counted, and indices of entries masked, so that they cannot be out of range.
#![allow(clippy::indexing_slicing)]

mod field;

use std::arch::x86_64::*;

use zeroize::Zeroize;

use self::field::{Lanes, Stored, Wide};
use super::digits::{Digits, HALF, WINDOWS};
use super::field::Field;
use super::table::{Entry, Table};
use crate::vectors::avx512::load_halves;

const LANES: usize = 8;
/// The groups of eight keys that share an inversion.
const GROUPS: usize = 128;

/// A group of points with what is kept for the inversion.
#[derive(Clone, Copy, Default, Zeroize)]
struct Group {
    x: Stored,
    y: Stored,
    z: Stored,
    /// The product of the Z of the groups before.
    before: Stored,
}

/// The digits of a group's scalars.
#[derive(Clone, Copy, Default, Zeroize)]
struct Columns {
    top: [u16; LANES],
    windows: [[u16; LANES]; WINDOWS],
}

/// Eight points in the form of [`Point`](super::point::Point).
struct Points {
    sum: Lanes,
    difference: Lanes,
    z: Wide,
    t: Lanes,
}

/// Eight addends, or with the top digits eight points: `sum`, `difference` and `product` of
/// [`Addend`](super::point::Addend).
struct Addends([Lanes; 3]);

/// Places of eight digits in the table of their window.
#[derive(Clone, Copy, Default, Zeroize)]
struct Places {
    indices: [u16; LANES],
    /// 1 where the multiple is negative.
    signs: [u16; LANES],
}

/// The keys of `scalars`, of which there are as many as `keys`.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
pub(super) fn public_keys(table: &Table, scalars: &[[u8; 32]], keys: &mut [[u8; 32]]) {
    let mut groups = vec![Group::default(); scalars.len().div_ceil(LANES).min(GROUPS)];
    let mut columns = Columns::default();
    for (scalars, keys) in scalars.chunks(LANES * GROUPS).zip(keys.chunks_mut(LANES * GROUPS)) {
        let count = scalars.len().div_ceil(LANES);
        if let Some(groups) = groups.get_mut(..count) {
            for (group, scalars) in groups.iter_mut().zip(scalars.chunks(LANES)) {
                columns.fill(scalars);
                group.set(&multiples(table, &columns));
            }
            compress(groups, keys);
        }
    }
    groups.zeroize();
    columns.zeroize();
}

/// The clamped scalars times the base point.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn multiples(table: &Table, columns: &Columns) -> Points {
    let mut points = Points::new(columns.top.map(|digit| table.top(digit)));
    let mut entries = table.windows().iter().zip(&columns.windows).map(|(window, digits)| {
        let places = Places::of(digits);
        places.prefetch(window);
        (window, places)
    });
    let mut next = entries.next();
    while let Some((window, places)) = next {
        // While these are added, the next come into the cache.
        next = entries.next();
        points = points.add(&places.look_up(window));
    }
    points
}

/// The keys of the points, whose groups share one inversion, and whose lanes do.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512ifma")]
fn compress(groups: &mut [Group], keys: &mut [[u8; 32]]) {
    let mut product = Stored::from_fields(&[Field::ONE; LANES]).load();
    for group in groups.iter_mut() {
        group.before = product.stored();
        product = product.times(&group.z.load()).carried();
    }
    let (mut inverses, mut scratch) = (product.stored().fields(), [Field::ZERO; LANES]);
    Field::invert_all(&mut inverses, &mut scratch);
    let mut inverse = Stored::from_fields(&inverses).load();
    inverses.zeroize();
    scratch.zeroize();
    for (group, keys) in groups.iter().zip(keys.chunks_mut(LANES)).rev() {
        let own = inverse.times(&group.before.load()).carried();
        inverse = inverse.times(&group.z.load()).carried();
        let x = group.x.load().times(&own).carried();
        let y = group.y.load().times(&own).carried();
        let words = Lanes::compressed(&x, &y);
        for (lane, key) in keys.iter_mut().enumerate() {
            for (bytes, word) in key.as_chunks_mut().0.iter_mut().zip(words) {
                *bytes = word[lane].to_le_bytes();
            }
        }
    }
}

impl Columns {
    /// Takes up to eight scalars; of the lanes that are left over the digits are as they were.
    fn fill(&mut self, scalars: &[[u8; 32]]) {
        for (lane, scalar) in scalars.iter().enumerate().take(LANES) {
            let mut digits = Digits::of(scalar);
            self.top[lane] = digits.top;
            for (column, digit) in self.windows.iter_mut().zip(digits.windows) {
                column[lane] = digit;
            }
            digits.zeroize();
        }
    }
}

impl Group {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn set(&mut self, points: &Points) {
        // The sum and the difference of Y + X and Y − X are twice Y and X, so that Z is doubled.
        self.x = points.sum.minus(&points.difference).carried().stored();
        self.y = points.sum.plus(&points.difference).carried().stored();
        self.z = points.z.plus(&points.z).carried().stored();
    }
}

impl Points {
    /// The points of top digits.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(entries: [&Entry; LANES]) -> Self {
        let Addends([sum, difference, t]) = Addends::new(entries, [0; LANES], 0);
        Self { sum, difference, z: Wide::half(), t }
    }

    /// The sums, as [`Point::add`](super::point::Point::add) has them.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn add(&self, Addends([sum, difference, product]): &Addends) -> Self {
        let a = self.difference.times(difference);
        let b = self.sum.times_raised(sum);
        let c = self.t.times(product);
        let e = b.minus(&a).carried();
        let h = b.plus(&a).carried();
        let f = self.z.minus(&c).carried();
        let g = self.z.plus(&c).carried();
        let x = e.times(&f);
        let y = g.times_raised(&h);
        let z = f.times_raised(&g);
        let t = e.times(&h).carried();
        Self { sum: y.plus(&x).carried(), difference: y.minus(&x).carried(), z, t }
    }
}

impl Places {
    /// As [`sign_and_index`](super::digits::sign_and_index).
    #[inline]
    fn of(digits: &[u16; LANES]) -> Self {
        let half = HALF as u16;
        let signs = digits.map(|digit| u16::from(digit < half));
        let mut indices = *digits;
        for (index, sign) in indices.iter_mut().zip(signs) {
            *index = (*index ^ 0_u16.wrapping_sub(sign)) & (half - 1);
        }
        Self { indices, signs }
    }

    /// Has the entries brought into the cache.
    #[inline]
    fn prefetch(&self, window: &[Entry; HALF]) {
        for index in self.indices {
            let [low, _, high, _] = &window[usize::from(index) & (HALF - 1)].0;
            // SAFETY: a prefetch of any address is without effect but on the cache.
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(low.as_ptr().cast());
                _mm_prefetch::<_MM_HINT_T0>(high.as_ptr().cast());
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn look_up(&self, window: &[Entry; HALF]) -> Addends {
        let negative = self.signs.iter().rev().fold(0, |mask, sign| mask << 1 | *sign as u8);
        Addends::new(self.indices.map(|index| &window[usize::from(index) & (HALF - 1)]), self.signs, negative)
    }
}

impl Addends {
    /// The entries, of the opposite points where a sign is 1.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn new(entries: [&Entry; LANES], signs: [u16; LANES], negative: __mmask8) -> Self {
        let [a, b, c, d, e, f, g, h] = entries.map(|entry| &entry.0);
        let [i, j, k, l, m, n, o, p] = signs.map(|sign| usize::from(sign & 1));
        // −(x, y) is (−x, y): the rows of y + x and y − x change places.
        let [s0, s1, s2, s3] = transposed([&a[i], &b[j], &c[k], &d[l], &e[m], &f[n], &g[o], &h[p]]);
        let [d0, d1, d2, d3] =
            transposed([&a[i ^ 1], &b[j ^ 1], &c[k ^ 1], &d[l ^ 1], &e[m ^ 1], &f[n ^ 1], &g[o ^ 1], &h[p ^ 1]]);
        let [p0, p1, p2, p3] = transposed([&a[2], &b[2], &c[2], &d[2], &e[2], &f[2], &g[2], &h[2]]);
        let [s4, d4, p4, _] = transposed([&a[3], &b[3], &c[3], &d[3], &e[3], &f[3], &g[3], &h[3]]);
        let blend = |a, b| _mm512_mask_blend_epi64(negative, a, b);
        Self([
            Lanes([s0, s1, s2, s3, blend(s4, d4)]),
            Lanes([d0, d1, d2, d3, blend(d4, s4)]),
            Lanes([p0, p1, p2, p3, p4]).negated_in(negative),
        ])
    }
}

/// The columns of eight rows.
#[inline]
#[target_feature(enable = "avx512f")]
fn transposed([a, b, c, d, e, f, g, h]: [&[u64; 4]; LANES]) -> [__m512i; 4] {
    // Each vector has two rows, paired so that the halves end up in order.
    let (ac, bd, eg, fh) = (load_halves(a, c), load_halves(b, d), load_halves(e, g), load_halves(f, h));
    let (even, odd) = (_mm512_unpacklo_epi64(ac, bd), _mm512_unpackhi_epi64(ac, bd));
    let (even_up, odd_up) = (_mm512_unpacklo_epi64(eg, fh), _mm512_unpackhi_epi64(eg, fh));
    [
        _mm512_shuffle_i64x2::<0b10_00_10_00>(even, even_up),
        _mm512_shuffle_i64x2::<0b10_00_10_00>(odd, odd_up),
        _mm512_shuffle_i64x2::<0b11_01_11_01>(even, even_up),
        _mm512_shuffle_i64x2::<0b11_01_11_01>(odd, odd_up),
    ]
}
