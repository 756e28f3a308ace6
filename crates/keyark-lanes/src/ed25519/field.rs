//! The field of 2²⁵⁵ − 19 elements in five limbs of 51 bits.

use zeroize::Zeroize;

/// What a limb keeps when its carry is taken.
pub(super) const MASK: u64 = (1 << 51) - 1;

/// An element, not necessarily reduced: the sum of the limbs times 2^(51·i), modulo 2²⁵⁵ − 19.
///
/// A *tight* element has limbs below 2⁵¹ + 2¹³, as every product has. Multiplication takes limbs below 2⁵⁴, so that a few
/// sums and differences of tight elements need no carries.
#[derive(Debug, Clone, Copy, Zeroize)]
pub(super) struct Field(pub(super) [u64; 5]);

impl Field {
    pub(super) const ZERO: Self = Self([0; 5]);
    pub(super) const ONE: Self = Self([1, 0, 0, 0, 0]);
    /// (p + 1) / 2.
    pub(super) const HALF: Self = Self([MASK - 8, MASK, MASK, MASK, MASK >> 1]);

    pub(super) const fn from_u32(value: u32) -> Self {
        Self([value as u64, 0, 0, 0, 0])
    }

    /// The element of 256 bits in words, the lowest first; the highest bit is left out (RFC 8032, section 5.1.3).
    pub(super) const fn from_words([a, b, c, d]: [u64; 4]) -> Self {
        Self([
            a & MASK,
            (a >> 51 | b << 13) & MASK,
            (b >> 38 | c << 26) & MASK,
            (c >> 25 | d << 39) & MASK,
            (d >> 12) & MASK,
        ])
    }

    /// The limbs of the one representative below p, of limbs up to 2⁶³.
    pub(super) fn canonical(self) -> Self {
        // After two rounds of carries the limbs are below 2⁵¹, but for a lowest that is up to 19 more: below 2p.
        let [a, b, c, d, e] = carried(carried(self.0));
        let mut excess = (a + 19) >> 51;
        for limb in [b, c, d, e] {
            excess = (limb + excess) >> 51;
        }
        // p is taken off by adding 19 and leaving out bit 255.
        let mut carry = 19 * excess;
        Self([a, b, c, d, e].map(|limb| {
            let sum = limb + carry;
            carry = sum >> 51;
            sum & MASK
        }))
    }

    /// The canonical element as 255 bits in words, the lowest first.
    pub(super) fn to_words(self) -> [u64; 4] {
        let [a, b, c, d, e] = self.canonical().0;
        [a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12]
    }

    /// The same element with tight limbs, of limbs below 2⁵⁴.
    pub(super) fn tight(self) -> Self {
        Self(carried(self.0))
    }

    /// The element if `mask` is 0, `other` if all its bits are set.
    #[inline(always)]
    pub(super) fn or(self, other: Self, mask: u64) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        let choose = |a, b| a ^ ((a ^ b) & mask);
        Self([choose(a, v), choose(b, w), choose(c, x), choose(d, y), choose(e, z)])
    }

    /// The sum, without carries.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        Self([a + v, b + w, c + x, d + y, e + z])
    }

    /// The difference from a tight element, without carries: 2p is added so that no limb goes below zero.
    #[inline(always)]
    pub(super) fn minus(self, other: Self) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        let high = 2 * MASK;
        Self([a + (high - 36) - v, b + high - w, c + high - x, d + high - y, e + high - z])
    }

    /// The product, tight, of limbs below 2⁵⁴.
    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        let ([a, b, c, d, e], [v, w, x, y, z]) = (self.0, other.0);
        // 2²⁵⁵ = 19: what a product has above comes back below 19 times.
        let (w19, x19, y19, z19) = (19 * w, 19 * x, 19 * y, 19 * z);
        reduce([
            wide(a, v) + wide(b, z19) + wide(c, y19) + wide(d, x19) + wide(e, w19),
            wide(a, w) + wide(b, v) + wide(c, z19) + wide(d, y19) + wide(e, x19),
            wide(a, x) + wide(b, w) + wide(c, v) + wide(d, z19) + wide(e, y19),
            wide(a, y) + wide(b, x) + wide(c, w) + wide(d, v) + wide(e, z19),
            wide(a, z) + wide(b, y) + wide(c, x) + wide(d, w) + wide(e, v),
        ])
    }

    /// The square, tight, of limbs below 2⁵⁴.
    #[inline(always)]
    pub(super) fn square(self) -> Self {
        let [a, b, c, d, e] = self.0;
        let (a2, b2, d19, e19) = (2 * a, 2 * b, 19 * d, 19 * e);
        reduce([
            wide(a, a) + wide(b2, e19) + wide(2 * c, d19),
            wide(a2, b) + wide(2 * c, e19) + wide(d, d19),
            wide(a2, c) + wide(b, b) + wide(2 * d, e19),
            wide(a2, d) + wide(b2, c) + wide(e, e19),
            wide(a2, e) + wide(b2, d) + wide(c, c),
        ])
    }

    /// The square of the square …, `times` times.
    fn squared(self, times: u32) -> Self {
        (0..times).fold(self, |element, _| element.square())
    }

    /// The inverse, by Fermat: the power 2²⁵⁵ − 21, with the addition chain of "Curve25519: new Diffie-Hellman speed
    /// records" (Bernstein 2006, section 5). The inverse of zero is zero.
    pub(super) fn inverse(self) -> Self {
        let two = self.square();
        let nine = two.squared(2).times(self);
        let eleven = nine.times(two);
        // A name gives the number of ones in the exponent's binary digits.
        let ones5 = eleven.square().times(nine);
        let ones10 = ones5.squared(5).times(ones5);
        let ones20 = ones10.squared(10).times(ones10);
        let ones40 = ones20.squared(20).times(ones20);
        let ones50 = ones40.squared(10).times(ones10);
        let ones100 = ones50.squared(50).times(ones50);
        let ones200 = ones100.squared(100).times(ones100);
        let ones250 = ones200.squared(50).times(ones50);
        ones250.squared(5).times(eleven)
    }

    /// Replaces all elements, none of which may be zero, by their inverses, at the price of one inversion and three
    /// multiplications each (Montgomery 1987, section 10.3.1). `scratch` is as long as `elements`.
    pub(super) fn invert_all(elements: &mut [Self], scratch: &mut [Self]) {
        let mut product = Self::ONE;
        for (element, before) in elements.iter().zip(scratch.iter_mut()) {
            *before = product;
            product = product.times(*element);
        }
        let mut inverse = product.inverse();
        for (element, before) in elements.iter_mut().zip(scratch.iter()).rev() {
            let next = inverse.times(*element);
            *element = inverse.times(*before);
            inverse = next;
        }
    }
}

#[inline(always)]
fn wide(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// The low 64 bits of a value that may have more.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)]
fn low(value: u128) -> u64 {
    value as u64
}

/// Carries through the columns of a product, from the lowest to the highest and around.
#[inline(always)]
fn reduce([a, b, c, d, e]: [u128; 5]) -> Field {
    // With factors below 2⁵⁴ a column is below 2¹¹⁵ and a carry below 2⁶⁴; the highest column has no 19 in it, so that
    // 19 times its carry is too.
    let b = b + u128::from(low(a >> 51));
    let c = c + u128::from(low(b >> 51));
    let d = d + u128::from(low(c >> 51));
    let e = e + u128::from(low(d >> 51));
    let a = (low(a) & MASK) + 19 * low(e >> 51);
    Field([a & MASK, (low(b) & MASK) + (a >> 51), low(c) & MASK, low(d) & MASK, low(e) & MASK])
}

/// One round of carries, the highest going around.
fn carried(limbs: [u64; 5]) -> [u64; 5] {
    let mut carry = 0;
    let [a, b, c, d, e] = limbs.map(|limb| {
        let sum = limb + carry;
        carry = sum >> 51;
        sum & MASK
    });
    [a + 19 * carry, b, c, d, e]
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
