//! The field of secp256k1 in eight lanes with 52-bit multiplication (AVX-512 IFMA).
//!
//! A product instruction reads the low 52 bits of a lane, so factors must have their limbs carried. Values come in two
//! states:
//! - *carried*: every limb is in 0..2^52, so that the value is below 2^260: what factors are, and their products.
//! - *loose*: limbs 0 to 3 are within ±2^52 and limb 4 is within ±(2^48 + 2^10), so that the value is little more than
//!   2^256 away from 0: what coordinates are, which are only ever added to.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed size at constant places")]

use std::arch::x86_64::*;

use zeroize::Zeroize;

use super::field::FOLD;

/// The low 52 bits.
const MASK: u64 = (1 << 52) - 1;
/// The low 48 bits: what limb 4 holds of a value below 2^256.
const TOP_MASK: u64 = (1 << 48) - 1;

/// Eight values in memory: limb by limb, and in a limb lane by lane.
#[derive(Clone, Copy, Default, Zeroize)]
#[repr(align(64))]
pub(super) struct Stored([[u64; 8]; 5]);

/// Eight values in registers.
#[derive(Clone, Copy)]
pub(super) struct Lanes([__m512i; 5]);

impl Lanes {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn load(from: &Stored) -> Self {
        Self(std::array::from_fn(|at| load(&from.0[at])))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn store(self, to: &mut Stored) {
        for at in 0..5 {
            store(&mut to.0[at], self.0[at]);
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn zero() -> Self {
        Self([_mm512_setzero_si512(); 5])
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn one() -> Self {
        let zero = _mm512_setzero_si512();
        Self([_mm512_set1_epi64(1), zero, zero, zero, zero])
    }

    /// Eight coordinates, each in words of 64 bits, carried.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn from_words(words: [&[u64; 4]; 8]) -> Self {
        let [a, b, c, d] = transpose(words);
        let mask = _mm512_set1_epi64(MASK as i64);
        Self([
            _mm512_and_si512(a, mask),
            _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<52>(a), _mm512_slli_epi64::<12>(b)), mask),
            _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<40>(b), _mm512_slli_epi64::<24>(c)), mask),
            _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<28>(c), _mm512_slli_epi64::<36>(d)), mask),
            _mm512_srli_epi64::<16>(d),
        ])
    }

    /// `self` - `other` + 4p, limb by limb: in 0..2^259 if both are loose.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn sub(self, other: Self) -> Self {
        let mut limbs = self.sub_plain(other).0;
        limbs[0] = _mm512_sub_epi64(limbs[0], _mm512_set1_epi64(4 * FOLD as i64));
        limbs[4] = _mm512_add_epi64(limbs[4], _mm512_set1_epi64(4 << 48));
        Self(limbs)
    }

    /// 16p - `self`, limb by limb.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn negate(self) -> Self {
        let zero = _mm512_setzero_si512();
        let lowest = _mm512_set1_epi64(-16 * (FOLD as i64));
        Self([lowest, zero, zero, zero, _mm512_set1_epi64(16 << 48)]).sub_plain(self)
    }

    /// `self` - `other`, limb by limb.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn sub_plain(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| _mm512_sub_epi64(self.0[at], other.0[at])))
    }

    /// The negative, limb by limb, in the lanes of `negative`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn negate_some(self, negative: __mmask8) -> Self {
        let zero = _mm512_setzero_si512();
        Self(self.0.map(|limb| _mm512_mask_sub_epi64(limb, negative, zero, limb)))
    }

    /// `self` in the lanes of `mask`, `other` in the others.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn select(self, mask: __mmask8, other: Self) -> Self {
        Self(std::array::from_fn(|at| _mm512_mask_blend_epi64(mask, other.0[at], self.0[at])))
    }

    /// The same value, carried if it is in 0..2^260.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn carry(self) -> Self {
        let mask = _mm512_set1_epi64(MASK as i64);
        let mut limbs = self.0;
        for at in 0..4 {
            limbs[at + 1] = _mm512_add_epi64(limbs[at + 1], _mm512_srai_epi64::<52>(limbs[at]));
            limbs[at] = _mm512_and_si512(limbs[at], mask);
        }
        Self(limbs)
    }

    /// The numbers below p of loose or carried values.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn to_words(self) -> [[u64; 4]; 8] {
        let top_mask = _mm512_set1_epi64(TOP_MASK as i64);
        let fold = _mm512_set1_epi64(FOLD as i64);
        let mut value = self.sub(Self::zero()).carry();
        // The second round takes in what the first one's last carry may leave above 2^256.
        for _ in 0..2 {
            value.0[0] = _mm512_madd52lo_epu64(value.0[0], _mm512_srli_epi64::<48>(value.0[4]), fold);
            value.0[4] = _mm512_and_si512(value.0[4], top_mask);
            value = value.carry();
        }
        // Adding 2^256 - p carries out of bit 256 when the value is p or more.
        let mut above = value;
        above.0[0] = _mm512_add_epi64(above.0[0], fold);
        let mut above = above.carry();
        let reduced = _mm512_cmpgt_epi64_mask(above.0[4], top_mask);
        above.0[4] = _mm512_and_si512(above.0[4], top_mask);
        let [a, b, c, d, e] = above.select(reduced, value).0;
        let words = [
            _mm512_or_si512(a, _mm512_slli_epi64::<52>(b)),
            _mm512_or_si512(_mm512_srli_epi64::<12>(b), _mm512_slli_epi64::<40>(c)),
            _mm512_or_si512(_mm512_srli_epi64::<24>(c), _mm512_slli_epi64::<28>(d)),
            _mm512_or_si512(_mm512_srli_epi64::<36>(d), _mm512_slli_epi64::<16>(e)),
        ];
        let mut stored = [[0; 8]; 4];
        for (to, word) in stored.iter_mut().zip(words) {
            store(to, word);
        }
        std::array::from_fn(|lane| stored.map(|word| word[lane]))
    }

    /// The product of two carried values, carried and loose.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn mul(self, other: Self) -> Self {
        self.mul_add(other, Self::zero())
    }

    /// The product of two carried values and an addend, loose. The addend's limbs may be signed and up to ±2^58, but for
    /// limb 4, which must not be negative.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn mul_add(self, other: Self, addend: Self) -> Self {
        let mut columns = addend.columns();
        for i in 0..5 {
            for j in 0..5 {
                columns[i + j] = _mm512_madd52lo_epu64(columns[i + j], self.0[i], other.0[j]);
                columns[i + j + 1] = _mm512_madd52hi_epu64(columns[i + j + 1], self.0[i], other.0[j]);
            }
        }
        reduce(columns)
    }

    /// The square of a carried value and an addend, loose; the addend is as in [`mul_add`](Self::mul_add).
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn square_add(self, addend: Self) -> Self {
        let mut mixed = [_mm512_setzero_si512(); 10];
        for i in 0..5 {
            for j in i + 1..5 {
                mixed[i + j] = _mm512_madd52lo_epu64(mixed[i + j], self.0[i], self.0[j]);
                mixed[i + j + 1] = _mm512_madd52hi_epu64(mixed[i + j + 1], self.0[i], self.0[j]);
            }
        }
        let mut columns = addend.columns();
        for at in 1..9 {
            columns[at] = _mm512_add_epi64(columns[at], _mm512_add_epi64(mixed[at], mixed[at]));
        }
        for i in 0..5 {
            columns[2 * i] = _mm512_madd52lo_epu64(columns[2 * i], self.0[i], self.0[i]);
            columns[2 * i + 1] = _mm512_madd52hi_epu64(columns[2 * i + 1], self.0[i], self.0[i]);
        }
        reduce(columns)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn columns(self) -> [__m512i; 10] {
        let zero = _mm512_setzero_si512();
        let [a, b, c, d, e] = self.0;
        [a, b, c, d, e, zero, zero, zero, zero, zero]
    }
}

/// The sum of `columns[i]`·2^(52·i) modulo p, loose; and carried, if no column is negative. Columns 5 to 9 come down by 2^260 ≡ 16·`FOLD`, then what is above 2^256
/// by 2^256 ≡ `FOLD`.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduce(mut columns: [__m512i; 10]) -> Lanes {
    let fold = _mm512_set1_epi64(16 * FOLD as i64);
    // What a carry leaves above 52 bits needs no mask, as it is a factor next.
    for at in 5..9 {
        columns[at + 1] = _mm512_add_epi64(columns[at + 1], _mm512_srli_epi64::<52>(columns[at]));
    }
    for at in 0..5 {
        columns[at] = _mm512_madd52lo_epu64(columns[at], columns[at + 5], fold);
    }
    for at in 0..4 {
        columns[at + 1] = _mm512_madd52hi_epu64(columns[at + 1], columns[at + 5], fold);
    }
    let beyond = _mm512_madd52hi_epu64(_mm512_setzero_si512(), columns[9], fold);
    let above = _mm512_add_epi64(_mm512_slli_epi64::<4>(beyond), _mm512_srli_epi64::<48>(columns[4]));
    let fold = _mm512_set1_epi64(FOLD as i64);
    Lanes([
        _mm512_madd52lo_epu64(columns[0], above, fold),
        _mm512_madd52hi_epu64(columns[1], above, fold),
        columns[2],
        columns[3],
        _mm512_and_si512(columns[4], _mm512_set1_epi64(TOP_MASK as i64)),
    ])
    .carry()
}

/// Word by word what is number by number.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn transpose(numbers: [&[u64; 4]; 8]) -> [__m512i; 4] {
    let pair = |at: usize| {
        let low = _mm512_castsi256_si512(load_half(numbers[at]));
        _mm512_inserti64x4::<1>(low, load_half(numbers[at + 4]))
    };
    let [a, b, c, d] = [pair(0), pair(1), pair(2), pair(3)];
    // Words 0 and 2, then 1 and 3, of numbers 0, 1, 4 and 5 and of the other four.
    let (ab_even, ab_odd) = (_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    let (cd_even, cd_odd) = (_mm512_unpacklo_epi64(c, d), _mm512_unpackhi_epi64(c, d));
    let low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    let high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    [
        _mm512_permutex2var_epi64(ab_even, low, cd_even),
        _mm512_permutex2var_epi64(ab_odd, low, cd_odd),
        _mm512_permutex2var_epi64(ab_even, high, cd_even),
        _mm512_permutex2var_epi64(ab_odd, high, cd_odd),
    ]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(from: &[u64; 8]) -> __m512i {
    // SAFETY: the reference is to 64 readable bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(to: &mut [u64; 8], value: __m512i) {
    // SAFETY: the reference is to 64 writable bytes, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), value) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_half(from: &[u64; 4]) -> __m256i {
    // SAFETY: the reference is to 32 readable bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[cfg(test)]
#[path = "ifma_field_tests.rs"]
mod tests;
