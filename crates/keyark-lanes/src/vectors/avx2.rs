//! Vectors of 256 bits, with AVX2.

use std::arch::x86_64::*;
use std::marker::PhantomData;

/// A word of a lane.
///
/// # Safety
/// It has no padding, and every pattern of its bits is one: loads and stores rely on that.
pub(crate) unsafe trait Word: Copy {}

// SAFETY: an integer without a sign has no padding, and every pattern of its bits is one.
unsafe impl Word for u8 {}
// SAFETY: as before.
unsafe impl Word for u32 {}
// SAFETY: as before.
unsafe impl Word for u64 {}

/// As many words as fill the vector.
#[derive(Clone, Copy)]
pub(crate) struct Vector<T, const LANES: usize>(__m256i, PhantomData<T>);

pub(crate) type U32 = Vector<u32, 8>;
pub(crate) type U64 = Vector<u64, 4>;

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load<T: Word, const LANES: usize>(lanes: &[T; LANES]) -> __m256i {
    const { assert!(size_of::<[T; LANES]>() == 32, "a vector is 32 bytes") };
    // SAFETY: the array is the 32 bytes that are read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store<T: Word, const LANES: usize>(lanes: &mut [T; LANES], vector: __m256i) {
    const { assert!(size_of::<[T; LANES]>() == 32, "a vector is 32 bytes") };
    // SAFETY: the array is the 32 bytes that are written, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), vector) }
}

impl<T: Word, const LANES: usize> Vector<T, LANES> {
    pub(crate) const LANES: usize = LANES;

    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(vector: __m256i) -> Self {
        Self(vector, PhantomData)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn load(lanes: &[T; LANES]) -> Self {
        Self::of(load(lanes))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn store(self, lanes: &mut [T; LANES]) {
        store(lanes, self.0);
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn xor(self, y: Self) -> Self {
        Self::of(_mm256_xor_si256(self.0, y.0))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn xor3(self, y: Self, z: Self) -> Self {
        self.xor(y).xor(z)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn choose(self, y: Self, z: Self) -> Self {
        z.xor(Self::of(_mm256_and_si256(self.0, y.xor(z).0)))
    }

    // The exclusive or of `x` and `y` is that of `y` and `z` of the next round, which the compiler sees.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn majority(self, y: Self, z: Self) -> Self {
        y.xor(Self::of(_mm256_and_si256(self.xor(y).0, y.xor(z).0)))
    }

    /// The bytes of each half, by their places in it.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn shuffle(self, places: __m128i) -> Self {
        Self::of(_mm256_shuffle_epi8(self.0, _mm256_broadcastsi128_si256(places)))
    }
}

impl U32 {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn splat(word: u32) -> Self {
        Self::of(_mm256_set1_epi32(word.cast_signed()))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn plus(self, y: Self) -> Self {
        Self::of(_mm256_add_epi32(self.0, y.0))
    }

    /// There is no rotation: two shifts are one.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn rotate_left(self, by: u32) -> Self {
        Self::of(_mm256_sllv_epi32(self.0, Self::splat(by).0)).xor(self.shift_right(32 - by))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn rotate_right(self, by: u32) -> Self {
        self.rotate_left(32 - by)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn shift_right(self, by: u32) -> Self {
        Self::of(_mm256_srlv_epi32(self.0, Self::splat(by).0))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn swap_bytes(self) -> Self {
        self.shuffle(_mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203))
    }

    /// `(x | !y) ^ z`.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn or_not_xor(self, y: Self, z: Self) -> Self {
        // The complement of `y` without `x`.
        Self::of(_mm256_andnot_si256(self.0, y.0)).xor(z.xor(Self::splat(u32::MAX)))
    }
}

impl U64 {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn splat(word: u64) -> Self {
        Self::of(_mm256_set1_epi64x(word.cast_signed()))
    }

    /// Words that follow each other in bytes, the highest byte of each first.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn read(bytes: &[u8; 32]) -> Self {
        let words = Self::of(load(bytes));
        words.shuffle(_mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn plus(self, y: Self) -> Self {
        Self::of(_mm256_add_epi64(self.0, y.0))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn rotate_left(self, by: u32) -> Self {
        Self::of(_mm256_sllv_epi64(self.0, Self::splat(by.into()).0)).xor(self.shift_right(64 - by))
    }

    /// A shuffle of bytes where it is by one.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn rotate_right(self, by: u32) -> Self {
        match by {
            8 => self.shuffle(_mm_set_epi64x(0x080f_0e0d_0c0b_0a09, 0x0007_0605_0403_0201)),
            _ => self.rotate_left(64 - by),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn shift_right(self, by: u32) -> Self {
        Self::of(_mm256_srlv_epi64(self.0, Self::splat(by.into()).0))
    }

    /// `x ^ (!y & z)`.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn xor_and_not(self, y: Self, z: Self) -> Self {
        self.xor(Self::of(_mm256_andnot_si256(y.0, z.0)))
    }

    /// Rows to columns: first of pairs of words, then of the pairs.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(crate) fn transpose([r0, r1, r2, r3]: [Self; 4]) -> [Self; 4] {
        const LOW: i32 = 0x20;
        const HIGH: i32 = 0x31;
        let (even, even_rest) = (_mm256_unpacklo_epi64(r0.0, r1.0), _mm256_unpacklo_epi64(r2.0, r3.0));
        let (odd, odd_rest) = (_mm256_unpackhi_epi64(r0.0, r1.0), _mm256_unpackhi_epi64(r2.0, r3.0));
        [
            Self::of(_mm256_permute2x128_si256::<LOW>(even, even_rest)),
            Self::of(_mm256_permute2x128_si256::<LOW>(odd, odd_rest)),
            Self::of(_mm256_permute2x128_si256::<HIGH>(even, even_rest)),
            Self::of(_mm256_permute2x128_si256::<HIGH>(odd, odd_rest)),
        ]
    }
}
