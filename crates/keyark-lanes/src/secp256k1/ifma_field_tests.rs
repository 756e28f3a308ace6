use proptest::prelude::*;

use super::*;
use crate::CodePath;
use crate::secp256k1::field::P;
use crate::secp256k1::field::tests::{reference, reference_mod, words};

/// The bound of limb 4 in loose values.
const LOOSE_TOP: i64 = (1 << 48) + (1 << 10);

/// Eight values of five limbs, as the tests make them up.
type Limbs = [[u64; 5]; 8];

fn store_limbs(limbs: &Limbs) -> Stored {
    Stored(std::array::from_fn(|limb| std::array::from_fn(|lane| limbs[lane][limb])))
}

/// What signed limbs are modulo p.
fn value(limbs: [u64; 5]) -> [u64; 4] {
    limbs.iter().rev().fold([0; 4], |sum, &limb| {
        let magnitude = [(limb as i64).unsigned_abs(), 0, 0, 0];
        let minus_one = [P[0] - 1, P[1], P[2], P[3]];
        let term = if (limb as i64) < 0 { reference(magnitude, minus_one, [0; 4]) } else { magnitude };
        reference(sum, [1 << 52, 0, 0, 0], term)
    })
}

/// Limbs in `low..high` but for limb 4, which is in `top`; often at the ends.
fn limbs(low: i64, high: i64, top: std::ops::Range<i64>) -> impl Strategy<Value = Limbs> {
    let limb = |low: i64, high: i64| {
        prop_oneof![Just(low as u64), Just((high - 1) as u64), (low..high).prop_map(|limb| limb as u64)]
    };
    let number = (prop::array::uniform4(limb(low, high)), limb(top.start, top.end));
    prop::array::uniform8(number.prop_map(|([a, b, c, d], e)| [a, b, c, d, e]))
}

fn carried() -> impl Strategy<Value = Limbs> {
    limbs(0, 1 << 52, 0..1 << 52)
}

fn loose() -> impl Strategy<Value = Limbs> {
    limbs(-(1 << 52), 1 << 52, -LOOSE_TOP..LOOSE_TOP)
}

/// What the operations give, in lanes: numbers below p and limbs.
#[derive(Default)]
struct Results {
    words: Vec<[[u64; 4]; 8]>,
    limbs: Vec<Stored>,
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn work_out(a: &Limbs, b: &Limbs, c: &Limbs, d: &Limbs) -> Results {
    let [a, b, c, d] = [a, b, c, d].map(|limbs| Lanes::load(&store_limbs(limbs)));
    let addend = c.negate().sub_plain(d).sub_plain(d);
    let all = [a.mul(b), a.square_add(Lanes::zero()), c.sub(d).carry(), a.mul_add(b, addend), a.square_add(addend)];
    let mut results = Results::default();
    for lanes in all {
        let mut stored = Stored::default();
        lanes.store(&mut stored);
        results.limbs.push(stored);
        results.words.push(lanes.to_words());
    }
    results.words.push(c.to_words());
    results.words.push(c.negate_some(0b1010_0101).to_words());
    results
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn there_and_back(numbers: &[[u64; 4]; 8]) -> [[u64; 4]; 8] {
    Lanes::from_words(numbers.each_ref()).to_words()
}

proptest! {
    #[test]
    fn every_operation_is_the_reference(a in carried(), b in carried(), c in loose(), d in loose()) {
        if !CodePath::Avx512Ifma.is_available() {
            return Ok(());
        }
        // SAFETY: the machine has the instructions.
        let results = unsafe { work_out(&a, &b, &c, &d) };
        let minus = |number| reference(number, [P[0] - 1, P[1], P[2], P[3]], [0; 4]);
        for lane in 0..8 {
            let [a, b, c, d] = [a, b, c, d].map(|limbs| value(limbs[lane]));
            let addend = minus(reference(d, [2, 0, 0, 0], c));
            let expected = [
                reference(a, b, [0; 4]),
                reference(a, a, [0; 4]),
                reference(minus(d), [1, 0, 0, 0], c),
                reference(a, b, addend),
                reference(a, a, addend),
                c,
                if 0b1010_0101 >> lane & 1 == 1 { minus(c) } else { c },
            ];
            for (at, (result, expected)) in results.words.iter().zip(expected).enumerate() {
                prop_assert_eq!(result[lane], expected, "operation {}", at);
            }
            // The third is carried, the last two are loose, the first two are both.
            for (at, result) in results.limbs.iter().enumerate() {
                let [low @ .., top] = result.0.map(|limb| limb[lane]);
                prop_assert!(low.iter().all(|limb| *limb < 1 << 52), "operation {}", at);
                prop_assert!(if at == 2 { top < 1 << 52 } else { (top as i64).abs() < LOOSE_TOP }, "operation {}", at);
            }
        }
    }

    #[test]
    fn words_come_back_reduced(numbers in prop::array::uniform8(words())) {
        if CodePath::Avx512Ifma.is_available() {
            // SAFETY: the machine has the instructions.
            prop_assert_eq!(unsafe { there_and_back(&numbers) }, numbers.map(reference_mod));
        }
    }
}
