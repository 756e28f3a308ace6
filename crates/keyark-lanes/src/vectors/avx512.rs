//! Vectors of 512 bits, with AVX-512, which has a rotation and every function of three bits.

use std::arch::x86_64::*;
use std::marker::PhantomData;

use super::avx2::{self, Word};

/// As many words as fill the vector.
#[derive(Clone, Copy)]
pub(crate) struct Vector<T, const LANES: usize>(__m512i, PhantomData<T>);

pub(crate) type U32 = Vector<u32, 16>;
pub(crate) type U64 = Vector<u64, 8>;

/// The functions of three bits, as the table that the instruction takes.
const XOR: i32 = 0x96;
const CHOOSE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;
const OR_NOT_XOR: i32 = 0x59;
const XOR_AND_NOT: i32 = 0xd2;

#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn load<T: Word, const LANES: usize>(lanes: &[T; LANES]) -> __m512i {
    const { assert!(size_of::<[T; LANES]>() == 64, "a vector is 64 bytes") };
    // SAFETY: the array is the 64 bytes that are read, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn store<T: Word, const LANES: usize>(lanes: &mut [T; LANES], vector: __m512i) {
    const { assert!(size_of::<[T; LANES]>() == 64, "a vector is 64 bytes") };
    // SAFETY: the array is the 64 bytes that are written, and the store asks for no alignment.
    unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), vector) }
}

/// Four words and four more.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn load_halves(low: &[u64; 4], high: &[u64; 4]) -> __m512i {
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(avx2::load(low)), avx2::load(high))
}

impl<T: Word, const LANES: usize> Vector<T, LANES> {
    pub(crate) const LANES: usize = LANES;

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn of(vector: __m512i) -> Self {
        Self(vector, PhantomData)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn load(lanes: &[T; LANES]) -> Self {
        Self::of(load(lanes))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn store(self, lanes: &mut [T; LANES]) {
        store(lanes, self.0);
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn xor(self, y: Self) -> Self {
        Self::of(_mm512_xor_si512(self.0, y.0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn function<const TABLE: i32>(self, y: Self, z: Self) -> Self {
        Self::of(_mm512_ternarylogic_epi64::<TABLE>(self.0, y.0, z.0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn xor3(self, y: Self, z: Self) -> Self {
        self.function::<XOR>(y, z)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn choose(self, y: Self, z: Self) -> Self {
        self.function::<CHOOSE>(y, z)
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn majority(self, y: Self, z: Self) -> Self {
        self.function::<MAJORITY>(y, z)
    }

    /// The bytes of each quarter, by their places in it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn shuffle(self, places: __m128i) -> Self {
        Self::of(_mm512_shuffle_epi8(self.0, _mm512_broadcast_i32x4(places)))
    }
}

impl U32 {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn splat(word: u32) -> Self {
        Self::of(_mm512_set1_epi32(word.cast_signed()))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn plus(self, y: Self) -> Self {
        Self::of(_mm512_add_epi32(self.0, y.0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn rotate_left(self, by: u32) -> Self {
        Self::of(_mm512_rolv_epi32(self.0, Self::splat(by).0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn rotate_right(self, by: u32) -> Self {
        Self::of(_mm512_rorv_epi32(self.0, Self::splat(by).0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn shift_right(self, by: u32) -> Self {
        Self::of(_mm512_srlv_epi32(self.0, Self::splat(by).0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn swap_bytes(self) -> Self {
        self.shuffle(_mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203))
    }

    /// `(x | !y) ^ z`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn or_not_xor(self, y: Self, z: Self) -> Self {
        self.function::<OR_NOT_XOR>(y, z)
    }
}

impl U64 {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn splat(word: u64) -> Self {
        Self::of(_mm512_set1_epi64(word.cast_signed()))
    }

    /// Words that follow each other in bytes, the highest byte of each first.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn read(bytes: &[u8; 64]) -> Self {
        let words = Self::of(load(bytes));
        words.shuffle(_mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn plus(self, y: Self) -> Self {
        Self::of(_mm512_add_epi64(self.0, y.0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn rotate_left(self, by: u32) -> Self {
        Self::of(_mm512_rolv_epi64(self.0, Self::splat(by.into()).0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn rotate_right(self, by: u32) -> Self {
        Self::of(_mm512_rorv_epi64(self.0, Self::splat(by.into()).0))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn shift_right(self, by: u32) -> Self {
        Self::of(_mm512_srlv_epi64(self.0, Self::splat(by.into()).0))
    }

    /// `x ^ (!y & z)`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(crate) fn xor_and_not(self, y: Self, z: Self) -> Self {
        self.function::<XOR_AND_NOT>(y, z)
    }

    /// Rows to columns: first of pairs of words, then of pairs of pairs.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    #[allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]
    pub(crate) fn transpose(rows: [Self; 8]) -> [Self; 8] {
        const EVEN: i32 = 0b10_00_10_00;
        const ODD: i32 = 0b11_01_11_01;
        let [r0, r1, r2, r3, r4, r5, r6, r7] = rows.map(|row| row.0);
        let low = [(r0, r1), (r2, r3), (r4, r5), (r6, r7)].map(|(x, y)| _mm512_unpacklo_epi64(x, y));
        let high = [(r0, r1), (r2, r3), (r4, r5), (r6, r7)].map(|(x, y)| _mm512_unpackhi_epi64(x, y));
        let mut columns = rows;
        for (i, [p0, p1, p2, p3]) in [low, high].into_iter().enumerate() {
            let (even, even_rest) = (_mm512_shuffle_i64x2::<EVEN>(p0, p1), _mm512_shuffle_i64x2::<EVEN>(p2, p3));
            let (odd, odd_rest) = (_mm512_shuffle_i64x2::<ODD>(p0, p1), _mm512_shuffle_i64x2::<ODD>(p2, p3));
            columns[i] = Self::of(_mm512_shuffle_i64x2::<EVEN>(even, even_rest));
            columns[i + 2] = Self::of(_mm512_shuffle_i64x2::<EVEN>(odd, odd_rest));
            columns[i + 4] = Self::of(_mm512_shuffle_i64x2::<ODD>(even, even_rest));
            columns[i + 6] = Self::of(_mm512_shuffle_i64x2::<ODD>(odd, odd_rest));
        }
        columns
    }
}
