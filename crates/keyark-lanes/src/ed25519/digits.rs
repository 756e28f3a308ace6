//! Scalars in digits.
//!
//! A clamped scalar is 8·m with m = 2²⁵¹ + the 251 bits of the scalar from bit 3 on (RFC 8032, section 5.1.5): clamping
//! is to read no other bits. These 251 are cut into [`WINDOWS`] digits of [`WIDTH`] bits and one of [`TOP_WIDTH`].
//!
//! A digit u of a window stands for u − (2^WIDTH − 1)/2, which has a sign and is never zero: ±1/2, ±3/2, … Nothing is
//! carried from digit to digit, and half of the multiples are enough for a table, as the others are their negatives.
//! What the digits lack, (2^(WIDTH·WINDOWS) − 1)/2, is in the table of the top digit.

use zeroize::Zeroize;

/// The bits of a digit with a sign. More bits are fewer additions and a larger table.
pub(super) const WIDTH: usize = 10;
/// The number of digits with a sign.
pub(super) const WINDOWS: usize = 24;
/// The bits of the top digit, which has no sign.
pub(super) const TOP_WIDTH: usize = 251 - WIDTH * WINDOWS;
/// The multiples in the table of a window.
pub(super) const HALF: usize = 1 << (WIDTH - 1);

/// The digits of a clamped scalar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Zeroize)]
pub(super) struct Digits {
    pub(super) top: u16,
    /// The lowest first.
    pub(super) windows: [u16; WINDOWS],
}

impl Digits {
    /// The digits of the scalar that `bytes` are when clamped.
    pub(super) fn of(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        let [a, b, c, d] = words;
        let mut rest = shifted([a, b, c, d & (u64::MAX >> 2)], 3);
        let mut digits = Self::default();
        for digit in &mut digits.windows {
            *digit = lowest(rest, WIDTH);
            rest = shifted(rest, WIDTH);
        }
        digits.top = lowest(rest, TOP_WIDTH);
        words.zeroize();
        rest.zeroize();
        digits
    }
}

/// The number without its lowest bits.
fn shifted([a, b, c, d]: [u64; 4], bits: usize) -> [u64; 4] {
    [a >> bits | b << (64 - bits), b >> bits | c << (64 - bits), c >> bits | d << (64 - bits), d >> bits]
}

/// The lowest bits of the number, at most 16.
#[allow(clippy::cast_possible_truncation)] // that is what it does
fn lowest([word, ..]: [u64; 4], bits: usize) -> u16 {
    (word & ((1 << bits) - 1)) as u16
}

/// Whether the multiple that a digit of a window stands for is negative, and where in the table its amount is.
#[inline(always)]
pub(super) fn sign_and_index(digit: u16) -> (bool, usize) {
    let digit = usize::from(digit);
    // u and 2^WIDTH − 1 − u, its complement, stand for opposite numbers.
    let negative = digit < HALF;
    (negative, if negative { !digit } else { digit } & (HALF - 1))
}
