//! The field once more for tests, by doubling and adding whole numbers below p, and the limbs to try.

use proptest::prelude::*;

use super::field::MASK;

/// 2²⁵⁵ − 19, the lowest word first.
pub(super) const P: [u64; 4] = [u64::MAX - 18, u64::MAX, u64::MAX, u64::MAX >> 1];

/// a + b, of which the sum is below 2²⁵⁶.
fn sum(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let mut carry = 0;
    std::array::from_fn(|word| {
        let sum = u128::from(a[word]) + u128::from(b[word]) + carry;
        carry = sum >> 64;
        sum as u64
    })
}

/// a − b, if it is not negative.
fn difference(a: [u64; 4], b: [u64; 4]) -> Option<[u64; 4]> {
    let mut borrow = false;
    let words = std::array::from_fn(|word| {
        let (value, under) = a[word].overflowing_sub(b[word]);
        let (value, under_too) = value.overflowing_sub(u64::from(borrow));
        borrow = under || under_too;
        value
    });
    (!borrow).then_some(words)
}

/// a + b modulo p, of numbers below p.
pub(super) fn plus(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let sum = sum(a, b);
    difference(sum, P).unwrap_or(sum)
}

/// a − b modulo p, of numbers below p.
pub(super) fn minus(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    plus(a, difference(P, b).filter(|negated| *negated != P).unwrap_or_default())
}

/// a · b modulo p, of numbers below p.
pub(super) fn times(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    (0..256).rev().fold([0; 4], |product, bit| {
        let doubled = plus(product, product);
        if b[bit / 64] >> (bit % 64) & 1 == 1 { plus(doubled, a) } else { doubled }
    })
}

/// The number below p that limbs stand for.
pub(super) fn value(limbs: [u64; 5]) -> [u64; 4] {
    limbs.into_iter().rev().fold([0; 4], |number, limb| {
        let shifted = (0..51).fold(number, |number, _| plus(number, number));
        plus(shifted, [limb, 0, 0, 0])
    })
}

/// Limbs up to `highest`: any, and often those at a bound or those of numbers near 0, p and 2p.
pub(super) fn limbs(highest: u64) -> BoxedStrategy<[u64; 5]> {
    let edges = [0, 1, MASK - 19, MASK - 18, MASK - 17, MASK, MASK + 1, 2 * MASK, highest];
    let edge = proptest::sample::select(edges.map(|limb| limb.min(highest)).to_vec());
    let near = (0..3_u64, 0..40_u64).prop_map(move |(times, more)| {
        let [low, limb] = [times * (MASK - 18) + more, times * MASK];
        [low.saturating_sub(20), limb, limb, limb, limb].map(|limb| limb.min(highest))
    });
    prop_oneof![proptest::array::uniform5(0..=highest), proptest::array::uniform5(edge), near, Just([highest; 5]),]
        .boxed()
}
