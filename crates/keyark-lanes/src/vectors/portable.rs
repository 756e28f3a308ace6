//! One word in plain Rust.

/// A vector of one lane.
#[derive(Clone, Copy)]
pub(crate) struct Vector<T>(T);

pub(crate) type U32 = Vector<u32>;
pub(crate) type U64 = Vector<u64>;

macro_rules! impl_vector {
    ($word:ty) => {
        impl Vector<$word> {
            pub(crate) const LANES: usize = 1;

            #[inline]
            pub(crate) fn load(&[word]: &[$word; 1]) -> Self {
                Self(word)
            }

            #[inline]
            pub(crate) fn store(self, lanes: &mut [$word; 1]) {
                *lanes = [self.0];
            }

            #[inline]
            pub(crate) fn splat(word: $word) -> Self {
                Self(word)
            }

            #[inline]
            pub(crate) fn plus(self, y: Self) -> Self {
                Self(self.0.wrapping_add(y.0))
            }

            #[inline]
            pub(crate) fn rotate_left(self, by: u32) -> Self {
                Self(self.0.rotate_left(by))
            }

            #[inline]
            pub(crate) fn rotate_right(self, by: u32) -> Self {
                Self(self.0.rotate_right(by))
            }

            #[inline]
            pub(crate) fn shift_right(self, by: u32) -> Self {
                Self(self.0 >> by)
            }

            #[inline]
            pub(crate) fn xor3(self, y: Self, z: Self) -> Self {
                Self(self.0 ^ y.0 ^ z.0)
            }

            #[inline]
            pub(crate) fn choose(self, y: Self, z: Self) -> Self {
                Self(z.0 ^ (self.0 & (y.0 ^ z.0)))
            }

            // The exclusive or of `x` and `y` is that of `y` and `z` of the next round, which the compiler sees.
            #[inline]
            pub(crate) fn majority(self, y: Self, z: Self) -> Self {
                Self(y.0 ^ ((self.0 ^ y.0) & (y.0 ^ z.0)))
            }
        }
    };
}
impl_vector!(u32);
impl_vector!(u64);

impl U32 {
    #[inline]
    pub(crate) fn swap_bytes(self) -> Self {
        Self(self.0.swap_bytes())
    }

    /// `(x | !y) ^ z`.
    #[inline]
    pub(crate) fn or_not_xor(self, y: Self, z: Self) -> Self {
        Self((self.0 | !y.0) ^ z.0)
    }
}

impl U64 {
    /// The word of bytes, the highest first.
    #[inline]
    pub(crate) fn read(bytes: &[u8; 8]) -> Self {
        Self(u64::from_be_bytes(*bytes))
    }

    #[inline]
    pub(crate) fn transpose(rows: [Self; 1]) -> [Self; 1] {
        rows
    }

    #[inline]
    pub(crate) fn xor(self, y: Self) -> Self {
        Self(self.0 ^ y.0)
    }

    /// `x ^ (!y & z)`.
    #[inline]
    pub(crate) fn xor_and_not(self, y: Self, z: Self) -> Self {
        Self(self.0 ^ (!y.0 & z.0))
    }
}
