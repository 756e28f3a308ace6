//! Vectors of 128 bits, with NEON.

use std::arch::aarch64::*;

/// A vector of four or two lanes.
#[derive(Clone, Copy)]
pub(crate) struct Vector<T>(T);

pub(crate) type U32 = Vector<uint32x4_t>;
pub(crate) type U64 = Vector<uint64x2_t>;

macro_rules! impl_vector {
    ($vector:ty: [$word:ident; $lanes:literal], $load:ident, $store:ident, $splat:ident, $plus:ident, $xor:ident, $choose:ident,
     $shift:ident, $by:ident) => {
        impl Vector<$vector> {
            pub(crate) const LANES: usize = $lanes;

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn load(lanes: &[$word; $lanes]) -> Self {
                // SAFETY: the array is the 16 bytes that are read, and the load asks for no more alignment than it has.
                Self(unsafe { $load(lanes.as_ptr()) })
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn store(self, lanes: &mut [$word; $lanes]) {
                // SAFETY: the array is the 16 bytes that are written, and the store asks for no more alignment than it has.
                unsafe { $store(lanes.as_mut_ptr(), self.0) }
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn splat(word: $word) -> Self {
                Self($splat(word))
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn plus(self, y: Self) -> Self {
                Self($plus(self.0, y.0))
            }

            /// There is no rotation: two shifts are one.
            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn rotate_left(self, by: u32) -> Self {
                Self($shift(self.0, $by(by.into()))).xor(self.shift_right($word::BITS - by))
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn rotate_right(self, by: u32) -> Self {
                self.rotate_left($word::BITS - by)
            }

            /// A shift to the left by fewer than none.
            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn shift_right(self, by: u32) -> Self {
                Self($shift(self.0, $by(-i64::from(by))))
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn xor(self, y: Self) -> Self {
                Self($xor(self.0, y.0))
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn xor3(self, y: Self, z: Self) -> Self {
                self.xor(y).xor(z)
            }

            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn choose(self, y: Self, z: Self) -> Self {
                Self($choose(self.0, y.0, z.0))
            }

            /// Where `x` and `y` differ, `z` decides.
            #[inline]
            #[target_feature(enable = "neon")]
            pub(crate) fn majority(self, y: Self, z: Self) -> Self {
                self.xor(y).choose(z, y)
            }
        }
    };
}
impl_vector!(uint32x4_t: [u32; 4], vld1q_u32, vst1q_u32, vdupq_n_u32, vaddq_u32, veorq_u32, vbslq_u32, vshlq_u32, in_each_u32);
impl_vector!(uint64x2_t: [u64; 2], vld1q_u64, vst1q_u64, vdupq_n_u64, vaddq_u64, veorq_u64, vbslq_u64, vshlq_u64, vdupq_n_s64);

/// By how much each lane is shifted: less than 32, to either side.
#[inline]
#[target_feature(enable = "neon")]
fn in_each_u32(by: i64) -> int32x4_t {
    vdupq_n_s32(by as i32)
}

impl U32 {
    #[inline]
    #[target_feature(enable = "neon")]
    pub(crate) fn swap_bytes(self) -> Self {
        Self(vreinterpretq_u32_u8(vrev32q_u8(vreinterpretq_u8_u32(self.0))))
    }

    /// `(x | !y) ^ z`.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(crate) fn or_not_xor(self, y: Self, z: Self) -> Self {
        Self(vornq_u32(self.0, y.0)).xor(z)
    }
}

impl U64 {
    /// Words that follow each other in bytes, the highest byte of each first.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(crate) fn read(bytes: &[u8; 16]) -> Self {
        // SAFETY: the array is the 16 bytes that are read, and bytes have no alignment.
        let words = unsafe { vld1q_u8(bytes.as_ptr()) };
        Self(vreinterpretq_u64_u8(vrev64q_u8(words)))
    }

    /// `x ^ (!y & z)`.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(crate) fn xor_and_not(self, y: Self, z: Self) -> Self {
        self.xor(Self(vbicq_u64(z.0, y.0)))
    }

    /// Rows to columns.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(crate) fn transpose([first, second]: [Self; 2]) -> [Self; 2] {
        [Self(vtrn1q_u64(first.0, second.0)), Self(vtrn2q_u64(first.0, second.0))]
    }
}
