use proptest::prelude::*;

use super::*;
use crate::secp256k1::scalar::{add_words, sub_words};

/// a·b + c mod p, bit by bit: slow and plain.
pub(in crate::secp256k1) fn reference(a: [u64; 4], b: [u64; 4], c: [u64; 4]) -> [u64; 4] {
    let product = (0..256).rev().fold([0; 4], |sum, bit| {
        let sum = reference_add(sum, sum);
        if b[bit / 64] >> (bit % 64) & 1 == 1 { reference_add(sum, reference_mod(a)) } else { sum }
    });
    reference_add(product, reference_mod(c))
}

pub(in crate::secp256k1) fn reference_mod(a: [u64; 4]) -> [u64; 4] {
    match sub_words(&a, &P) {
        (less, false) => less,
        _ => a,
    }
}

/// The sum of two numbers below p.
fn reference_add(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let (sum, carry) = add_words(&a, &b);
    match sub_words(&sum, &P) {
        (less, borrow) if carry || !borrow => less,
        _ => sum,
    }
}

fn reference_negate(a: [u64; 4]) -> [u64; 4] {
    reference_mod(sub_words(&P, &reference_mod(a)).0)
}

/// Words that are often near 0, p and 2^256.
pub(in crate::secp256k1) fn words() -> impl Strategy<Value = [u64; 4]> {
    let word = prop_oneof![Just(0), Just(1), Just(u64::MAX), Just(u64::MAX - 1), Just(P[0]), any::<u64>()];
    let near_p = (0..4_u64).prop_map(|more| [P[0] - 2 + more, P[1], P[2], P[3]]);
    prop_oneof![any::<[u64; 4]>(), prop::array::uniform4(word), near_p]
}

proptest! {
    #[test]
    fn every_operation_is_the_reference(a in words(), b in words()) {
        let [x, y] = [a, b].map(Field);
        prop_assert_eq!(x.to_words(), reference_mod(a));
        prop_assert_eq!(x.mul(&y).to_words(), reference(a, b, [0; 4]));
        prop_assert_eq!(x.square().to_words(), reference(a, a, [0; 4]));
        prop_assert_eq!(x.add(y).to_words(), reference_add(reference_mod(a), reference_mod(b)));
        prop_assert_eq!(x.sub(y).to_words(), reference_add(reference_mod(a), reference_negate(b)));
        prop_assert_eq!(x.negate().to_words(), reference_negate(a));
        prop_assert_eq!(x.is_equal(y), reference_mod(a) == reference_mod(b));
    }

    #[test]
    fn inverses_and_roots(a in words()) {
        let x = Field(a);
        let one = if x.is_zero() { [0; 4] } else { [1, 0, 0, 0] };
        prop_assert_eq!(x.mul(&x.invert()).to_words(), one);
        let root = x.square().sqrt();
        prop_assert!(root.is_some_and(|root| root.is_equal(x) || root.add(x).is_zero()));
        // -1 is no square modulo p, so that either x or -x has a root.
        prop_assert!(x.is_zero() || x.sqrt().is_some() != x.negate().sqrt().is_some());
    }
}
