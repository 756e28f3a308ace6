//! Words and bytes of N messages.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::constants::INITIAL;

/// The bytes of a block.
pub(crate) const BLOCK: usize = 128;

/// Words of N messages: those of one place side by side, as the vectors take them.
// Aligned to a line of the cache, which a load of 64 bytes would otherwise straddle.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
#[repr(align(64))]
pub(crate) struct Words<const N: usize, const WORDS: usize>(pub(crate) [[u64; N]; WORDS]);

/// Digests, or what the compression function has come to.
pub(crate) type Digests<const N: usize> = Words<N, 8>;
/// Blocks of messages.
pub(crate) type Block<const N: usize> = Words<N, 16>;

/// The bytes of blocks of N messages, those of one message side by side.
#[derive(Zeroize, ZeroizeOnDrop)]
#[repr(align(64))]
pub(crate) struct Bytes<const N: usize>(pub(crate) [[u8; BLOCK]; N]);

/// The states of HMAC after its keys (RFC 2104, section 4).
pub(crate) struct Keys<const N: usize> {
    pub(crate) inner: Digests<N>,
    pub(crate) outer: Digests<N>,
}

impl<const N: usize, const WORDS: usize> Words<N, WORDS> {
    pub(crate) fn zero() -> Self {
        Self([[0; N]; WORDS])
    }

    /// The same words in each lane.
    pub(crate) fn splat(words: &[u64; WORDS]) -> Self {
        Self(words.map(|word| [word; N]))
    }

    /// Copies a lane, which is less than N, from `other`.
    pub(crate) fn copy_lane(&mut self, lane: usize, other: &Self) {
        for (to, from) in self.0.iter_mut().zip(&other.0) {
            if let (Some(to), Some(from)) = (to.get_mut(lane), from.get(lane)) {
                *to = *from;
            }
        }
    }
}

impl<const N: usize> Digests<N> {
    pub(crate) fn initial() -> Self {
        Self::splat(&INITIAL)
    }

    /// Goes back to the initial hash value (FIPS 180-4, section 5.3.5).
    pub(crate) fn reset(&mut self) {
        self.0 = INITIAL.map(|word| [word; N]);
    }

    /// Writes the digest of a lane, which is less than N, as the first bytes of `bytes`.
    pub(crate) fn write_lane(&self, lane: usize, bytes: &mut [u8]) {
        for (word, lanes) in bytes.as_chunks_mut().0.iter_mut().zip(&self.0) {
            *word = lanes.get(lane).copied().unwrap_or_default().to_be_bytes();
        }
    }

    /// Writes the digests of the first lanes, as many as `digests`, which are N at most.
    pub(crate) fn write(&self, digests: &mut [[u8; 64]]) {
        for (lane, digest) in digests.iter_mut().enumerate() {
            self.write_lane(lane, digest);
        }
    }
}

impl<const N: usize> Bytes<N> {
    pub(crate) fn zero() -> Self {
        Self([[0; BLOCK]; N])
    }
}
