//! The field of secp256k1 in plain Rust: integers modulo p = 2^256 - 2^32 - 977 (SEC 2, section 2.4.1).

use zeroize::Zeroize;

use super::scalar::{add_words, sub_words};

/// p in words of 64 bits, the lowest first.
pub(super) const P: [u64; 4] = [FOLD.wrapping_neg(), u64::MAX, u64::MAX, u64::MAX];
/// 2^256 mod p: what a carry out of 256 bits is worth.
pub(super) const FOLD: u64 = 0x1_0000_03d1;

/// A number modulo p, as any value below 2^256 that is congruent to it, in words of 64 bits, the lowest first.
#[derive(Debug, Clone, Copy, Default, Zeroize)]
pub(super) struct Field(pub(super) [u64; 4]);

impl Field {
    pub(super) const ONE: Self = Self([1, 0, 0, 0]);

    /// The value below p.
    #[inline]
    pub(super) fn to_words(self) -> [u64; 4] {
        match sub_words(&self.0, &P) {
            (below, false) => below,
            _ => self.0,
        }
    }

    #[inline(always)]
    pub(super) fn add(self, other: Self) -> Self {
        let (sum, carry) = add_words(&self.0, &other.0);
        let (sum, carry) = add_words(&sum, &[FOLD * u64::from(carry), 0, 0, 0]);
        // A second carry leaves less than `FOLD`.
        let [a, b, c, d] = sum;
        Self([a + FOLD * u64::from(carry), b, c, d])
    }

    #[inline(always)]
    pub(super) fn sub(self, other: Self) -> Self {
        let (difference, borrow) = sub_words(&self.0, &other.0);
        let ([a, b, c, d], borrow) = sub_words(&difference, &[FOLD * u64::from(borrow), 0, 0, 0]);
        // A second borrow leaves more than 2^256 - `FOLD`.
        Self([a - FOLD * u64::from(borrow), b, c, d])
    }

    #[inline]
    pub(super) fn negate(self) -> Self {
        Self([0; 4]).sub(self)
    }

    #[inline(always)]
    pub(super) fn mul(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        let [b0, b1, b2, b3] = other.0;
        let (r0, carry) = mac(0, a0, b0, 0);
        let (r1, carry) = mac(0, a0, b1, carry);
        let (r2, carry) = mac(0, a0, b2, carry);
        let (r3, r4) = mac(0, a0, b3, carry);
        let (r1, carry) = mac(r1, a1, b0, 0);
        let (r2, carry) = mac(r2, a1, b1, carry);
        let (r3, carry) = mac(r3, a1, b2, carry);
        let (r4, r5) = mac(r4, a1, b3, carry);
        let (r2, carry) = mac(r2, a2, b0, 0);
        let (r3, carry) = mac(r3, a2, b1, carry);
        let (r4, carry) = mac(r4, a2, b2, carry);
        let (r5, r6) = mac(r5, a2, b3, carry);
        let (r3, carry) = mac(r3, a3, b0, 0);
        let (r4, carry) = mac(r4, a3, b1, carry);
        let (r5, carry) = mac(r5, a3, b2, carry);
        let (r6, r7) = mac(r6, a3, b3, carry);
        reduce([r0, r1, r2, r3], [r4, r5, r6, r7])
    }

    #[inline(always)]
    pub(super) fn square(&self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        // The products of different words, then twice those and the squares.
        let (r1, carry) = mac(0, a0, a1, 0);
        let (r2, carry) = mac(0, a0, a2, carry);
        let (r3, r4) = mac(0, a0, a3, carry);
        let (r3, carry) = mac(r3, a1, a2, 0);
        let (r4, r5) = mac(r4, a1, a3, carry);
        let (r5, r6) = mac(r5, a2, a3, 0);
        let [r7, r6, r5, r4, r3, r2, r1] = [
            r6 >> 63,
            r6 << 1 | r5 >> 63,
            r5 << 1 | r4 >> 63,
            r4 << 1 | r3 >> 63,
            r3 << 1 | r2 >> 63,
            r2 << 1 | r1 >> 63,
            r1 << 1,
        ];
        let [s0, s1, s2, s3] = self.0.map(|word| u128::from(word) * u128::from(word));
        let squares = [s0, s1, s2, s3].map(|square| (square as u64, (square >> 64) as u64));
        let [(q0, q1), (q2, q3), (q4, q5), (q6, q7)] = squares;
        let ([r0, r1, r2, r3, r4, r5, r6, r7], _) =
            add_words(&[0, r1, r2, r3, r4, r5, r6, r7], &[q0, q1, q2, q3, q4, q5, q6, q7]);
        reduce([r0, r1, r2, r3], [r4, r5, r6, r7])
    }

    pub(super) fn is_zero(self) -> bool {
        self.to_words() == [0; 4]
    }

    pub(super) fn is_equal(self, other: Self) -> bool {
        self.to_words() == other.to_words()
    }
}

/// `sum` + `a`·`b` + `carry`, as its low and its high word.
#[inline(always)]
fn mac(sum: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let sum = u128::from(sum) + u128::from(a) * u128::from(b) + u128::from(carry);
    (sum as u64, (sum >> 64) as u64)
}

/// `low` + 2^256·`high` modulo p, by 2^256 ≡ `FOLD`.
#[inline(always)]
fn reduce(low: [u64; 4], high: [u64; 4]) -> Field {
    let ([r0, r1, r2, r3], [h0, h1, h2, h3]) = (low, high);
    let (r0, carry) = mac(r0, h0, FOLD, 0);
    let (r1, carry) = mac(r1, h1, FOLD, carry);
    let (r2, carry) = mac(r2, h2, FOLD, carry);
    let (r3, above) = mac(r3, h3, FOLD, carry);
    // Below 2^68, as `above` is at most `FOLD`.
    let more = u128::from(above) * u128::from(FOLD);
    let ([r0, r1, r2, r3], carry) = add_words(&[r0, r1, r2, r3], &[more as u64, (more >> 64) as u64, 0, 0]);
    // A carry leaves less than 2^68, too little for another.
    let last = (u128::from(r1) << 64 | u128::from(r0)) + u128::from(FOLD * u64::from(carry));
    Field([last as u64, (last >> 64) as u64, r2, r3])
}

#[cfg(test)]
#[path = "field_tests.rs"]
pub(super) mod tests;
