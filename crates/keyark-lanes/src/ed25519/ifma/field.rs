//! Eight field elements at once with 52-bit multiplication (AVX-512 IFMA), in five limbs of 51 bits.
//!
//! Two kinds of elements keep the carries few. Factors, [`Lanes`], have limbs below 2⁵², which is all that the
//! multiplication reads. Products, [`Wide`], have limbs that are not carried yet; sums and differences are taken of
//! these, and one round of carries makes a factor of what is wanted. So an addition of points, of seven products, has
//! seven such rounds and no others.

use std::arch::x86_64::*;

use zeroize::DefaultIsZeroes;

use super::super::field::{Field, MASK};
use crate::vectors::avx512::{self, load};

/// A limb of eight elements.
type Limb = __m512i;

/// Eight elements with limbs below 2⁵¹ + 2¹⁶.
#[derive(Clone, Copy)]
pub(super) struct Lanes(pub(super) [Limb; 5]);

/// Eight elements with limbs that are not carried: below 534·2⁵¹ (plain), from 1215·2⁵¹ to 1750·2⁵¹ (raised), or the
/// sum or difference of such.
#[derive(Clone, Copy)]
pub(super) struct Wide([Limb; 5]);

/// Lanes in memory.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C, align(64))]
pub(super) struct Stored([[u64; 8]; 5]);

impl DefaultIsZeroes for Stored {}

/// The limbs of 2⁵·p. As columns of the upper half of a product they are 19·2 times as much below: 1216·p.
const RAISE: [u64; 5] = [(MASK - 18) << 5, MASK << 5, MASK << 5, MASK << 5, MASK << 5];

impl Stored {
    /// The eight elements.
    pub(super) fn fields(&self) -> [Field; 8] {
        let Self([a, b, c, d, e]) = self;
        std::array::from_fn(|lane| Field([a, b, c, d, e].map(|limb| limb[lane])))
    }

    /// Eight tight elements.
    pub(super) fn from_fields(fields: &[Field; 8]) -> Self {
        Self(std::array::from_fn(|limb| fields.map(|field| field.0[limb])))
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn load(&self) -> Lanes {
        let [a, b, c, d, e] = &self.0;
        Lanes([load(a), load(b), load(c), load(d), load(e)])
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(super) fn store(vector: __m512i) -> [u64; 8] {
    let mut words = [0; 8];
    avx512::store(&mut words, vector);
    words
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(word: u64) -> __m512i {
    _mm512_set1_epi64(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn lo(sum: Limb, a: Limb, b: Limb) -> Limb {
    _mm512_madd52lo_epu64(sum, a, b)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn hi(sum: Limb, a: Limb, b: Limb) -> Limb {
    _mm512_madd52hi_epu64(sum, a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(a: Limb, b: Limb) -> Limb {
    _mm512_add_epi64(a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn twice(a: Limb) -> Limb {
    add(a, a)
}

/// A column of a product, 2·high + low + 19·upper, as 2·(high + 9·upper) + upper + low.
#[inline]
#[target_feature(enable = "avx512f")]
fn column(high: Limb, low: Limb, upper: Limb) -> Limb {
    let nine = add(_mm512_slli_epi64::<3>(upper), upper);
    add(add(twice(add(high, nine)), upper), low)
}

impl Lanes {
    /// The product, plain.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn times(&self, other: &Self) -> Wide {
        let zero = _mm512_setzero_si512();
        self.product(other, [zero; 5])
    }

    /// The product, raised: any plain one can be taken off.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn times_raised(&self, other: &Self) -> Wide {
        let [a, b, c, d, e] = RAISE;
        self.product(other, [splat(a), splat(b), splat(c), splat(d), splat(e)])
    }

    /// The product with columns of the upper half that begin at `upper`.
    ///
    /// The high half of a product of limbs i and j is worth 2^(51·(i + j) + 52), twice a unit of column i + j + 1. So
    /// column k is 2·high + low, and column k + 5 comes down to it 19 times, as 2²⁵⁵ = 19.
    /// A column of the upper half has at most 4 low and 5 high halves below 2⁵², with which the lowest column is below
    /// (1 + 19·14)·2⁵² = 534·2⁵¹.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn product(&self, other: &Self, upper: [Limb; 5]) -> Wide {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        let [p, q, r, s, t] = upper;
        let p = hi(hi(hi(hi(hi(p, a, z), b, y), c, x), d, w), e, v);
        let q = hi(hi(hi(hi(q, b, z), c, y), d, x), e, w);
        let r = hi(hi(hi(r, c, z), d, y), e, x);
        let s = hi(hi(s, d, z), e, y);
        let t = hi(t, e, z);
        let p = lo(lo(lo(lo(twice(p), b, z), c, y), d, x), e, w);
        let q = lo(lo(lo(twice(q), c, z), d, y), e, x);
        let r = lo(lo(twice(r), d, z), e, y);
        let s = lo(twice(s), e, z);
        let t = twice(t);

        // The lower half begins at zero, not at what the upper comes to, so that neither waits for the other.
        let o = _mm512_setzero_si512();
        let g = hi(o, a, v);
        let h = hi(hi(o, a, w), b, v);
        let i = hi(hi(hi(o, a, x), b, w), c, v);
        let j = hi(hi(hi(hi(o, a, y), b, x), c, w), d, v);
        let k = lo(o, a, v);
        let l = lo(lo(o, a, w), b, v);
        let m = lo(lo(lo(o, a, x), b, w), c, v);
        let n = lo(lo(lo(lo(o, a, y), b, x), c, w), d, v);
        let u = lo(lo(lo(lo(lo(o, a, z), b, y), c, x), d, w), e, v);
        Wide([column(o, k, p), column(g, l, q), column(h, m, r), column(i, n, s), column(j, u, t)])
    }

    /// The sum, not carried.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn plus(&self, other: &Self) -> Wide {
        Wide(self.0).plus(&Wide(other.0))
    }

    /// The difference, not carried, with 2p added so that no limb goes below zero.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn minus(&self, other: &Self) -> Wide {
        let limb = splat(2 * MASK);
        Wide(self.0).plus(&Wide([splat(2 * MASK - 36), limb, limb, limb, limb])).minus(&Wide(other.0))
    }

    /// The opposite of the elements in `lanes`, which must be canonical there; the others as they are.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn negated_in(&self, lanes: __mmask8) -> Self {
        let ([a, b, c, d, e], limb) = (self.0, splat(2 * MASK));
        let negated = |limb, of| _mm512_mask_sub_epi64(of, lanes, limb, of);
        Self([negated(splat(2 * MASK - 36), a), negated(limb, b), negated(limb, c), negated(limb, d), negated(limb, e)])
    }

    /// The limbs of the representatives below p.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn canonical(&self) -> [Limb; 5] {
        let ([a, b, c, d, e], mask) = (self.0, splat(MASK));
        let shift = |limb| _mm512_srli_epi64::<51>(limb);
        // An element with such limbs is below 2p. It is p or more if adding 19 carries into bit 255, and then p is taken
        // off by adding 19 and leaving out bit 255.
        let mut carry = shift(add(a, splat(19)));
        for limb in [b, c, d, e] {
            carry = shift(add(limb, carry));
        }
        let a = lo(a, carry, splat(19));
        let b = add(b, shift(a));
        let c = add(c, shift(b));
        let d = add(d, shift(c));
        let e = add(e, shift(d));
        [a, b, c, d, e].map(|limb| _mm512_and_si512(limb, mask))
    }

    /// Points' 32 bytes in words, the lowest first, of x and y (RFC 8032, section 5.1.2).
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn compressed(x: &Self, y: &Self) -> [[u64; 8]; 4] {
        let ([odd, ..], [a, b, c, d, e]) = (x.canonical(), y.canonical());
        let or = |a, b| _mm512_or_si512(a, b);
        [
            store(or(a, _mm512_slli_epi64::<51>(b))),
            store(or(_mm512_srli_epi64::<13>(b), _mm512_slli_epi64::<38>(c))),
            store(or(_mm512_srli_epi64::<26>(c), _mm512_slli_epi64::<25>(d))),
            store(or(or(_mm512_srli_epi64::<39>(d), _mm512_slli_epi64::<12>(e)), _mm512_slli_epi64::<63>(odd))),
        ]
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn stored(&self) -> Stored {
        let [a, b, c, d, e] = self.0;
        Stored([store(a), store(b), store(c), store(d), store(e)])
    }
}

impl Wide {
    /// 1/2 in each lane, raised.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn half() -> Self {
        let ([a, b, c, d, e], Field([v, w, x, y, z])) = (RAISE, Field::HALF);
        Self([splat(38 * a + v), splat(38 * b + w), splat(38 * c + x), splat(38 * d + y), splat(38 * e + z)])
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        Self([add(a, v), add(b, w), add(c, x), add(d, y), add(e, z)])
    }

    /// The difference; `other` is smaller in every limb.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        let sub = |a, b| _mm512_sub_epi64(a, b);
        Self([sub(a, v), sub(b, w), sub(c, x), sub(d, y), sub(e, z)])
    }

    /// The same elements as factors, of limbs up to 3,400·2⁵¹: what is carried goes up by one limb, all at a time.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn carried(&self) -> Lanes {
        let ([a, b, c, d, e], mask) = (self.0, splat(MASK));
        let shift = |limb| _mm512_srli_epi64::<51>(limb);
        let rest = |limb| _mm512_and_si512(limb, mask);
        Lanes([
            lo(rest(a), shift(e), splat(19)),
            add(rest(b), shift(a)),
            add(rest(c), shift(b)),
            add(rest(d), shift(c)),
            add(rest(e), shift(d)),
        ])
    }
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
