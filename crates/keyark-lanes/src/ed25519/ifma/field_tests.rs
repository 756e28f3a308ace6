use proptest::prelude::*;

use super::super::super::reference::{self, limbs, value};
use super::*;

const FACTOR: u64 = (1 << 52) - 1;
const CARRIED: u64 = (1 << 51) + (1 << 16) - 1;
const UNIT: u64 = 1 << 51;

type Elements = [[u64; 5]; 8];

/// What the operations on lanes make of `a` and `b`, as limbs of each lane.
struct Results {
    plain: Elements,
    raised: Elements,
    sum: Elements,
    difference: Elements,
    /// The raised product less the plain one of the elements the other way around, and their sum.
    zero: Elements,
    double: Elements,
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn results(a: &Elements, b: &Elements) -> Results {
    let (a, b) = (lanes(a), lanes(b));
    let (plain, raised) = (a.times(&b), a.times_raised(&b));
    Results {
        plain: elements(Lanes(plain.0)),
        raised: elements(Lanes(raised.0)),
        sum: elements(plain.carried().plus(&raised.carried()).carried()),
        difference: elements(plain.carried().minus(&b.times(&b).carried()).carried()),
        zero: elements(raised.minus(&plain).carried()),
        double: elements(raised.plus(&plain).carried()),
    }
}

#[target_feature(enable = "avx512f")]
fn lanes(elements: &Elements) -> Lanes {
    Stored::from_fields(&elements.map(Field)).load()
}

#[target_feature(enable = "avx512f")]
fn elements(lanes: Lanes) -> Elements {
    lanes.stored().fields().map(|field| field.0)
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn canonical(limbs: &Elements) -> Elements {
    elements(Lanes(lanes(limbs).canonical()))
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn compressed(x: &Elements, y: &Elements) -> [[u64; 8]; 4] {
    Lanes::compressed(&lanes(x), &lanes(y))
}

#[target_feature(enable = "avx512f")]
fn negated(limbs: &Elements, mask: u8) -> Elements {
    elements(lanes(limbs).negated_in(mask))
}

fn has_ifma() -> bool {
    crate::CodePath::Avx512Ifma.is_available()
}

proptest! {
    #[test]
    fn arithmetic(a in proptest::array::uniform8(limbs(FACTOR)), b in proptest::array::uniform8(limbs(FACTOR))) {
        prop_assume!(has_ifma());
        // SAFETY: the machine has the instructions.
        let results = unsafe { results(&a, &b) };
        for lane in 0..8 {
            let (a, b) = (value(a[lane]), value(b[lane]));
            let product = reference::times(a, b);
            prop_assert_eq!(value(results.plain[lane]), product);
            prop_assert_eq!(value(results.raised[lane]), product);
            prop_assert!(results.plain[lane].iter().all(|limb| *limb < 534 * UNIT));
            prop_assert!(results.raised[lane].iter().all(|limb| (1215 * UNIT..1750 * UNIT).contains(limb)));
            prop_assert_eq!(value(results.sum[lane]), reference::plus(product, product));
            prop_assert_eq!(value(results.difference[lane]), reference::minus(product, reference::times(b, b)));
            prop_assert_eq!(value(results.zero[lane]), [0; 4]);
            prop_assert_eq!(value(results.double[lane]), reference::plus(product, product));
            for carried in [results.sum, results.difference, results.zero, results.double] {
                prop_assert!(carried[lane].iter().all(|limb| *limb <= CARRIED));
            }
        }
    }

    #[test]
    fn representatives(a in proptest::array::uniform8(limbs(CARRIED)), b in proptest::array::uniform8(limbs(CARRIED)), mask: u8) {
        prop_assume!(has_ifma());
        // SAFETY: the machine has the instructions.
        let (canonical, words) = unsafe { (canonical(&a), compressed(&a, &b)) };
        // SAFETY: the machine has the instructions.
        let negated = unsafe { negated(&canonical, mask) };
        for lane in 0..8 {
            prop_assert_eq!(canonical[lane], Field(a[lane]).canonical().0);
            let [low, _, _, _] = value(a[lane]);
            let [p, q, r, s] = value(b[lane]);
            prop_assert_eq!(words.map(|word| word[lane]), [p, q, r, s | low << 63]);
            let of = value(a[lane]);
            let expected = if mask >> lane & 1 == 1 { reference::minus([0; 4], of) } else { of };
            prop_assert_eq!(value(negated[lane]), expected);
            prop_assert!(negated[lane].iter().all(|limb| *limb <= FACTOR));
        }
    }
}

#[test]
fn half() {
    if has_ifma() {
        #[target_feature(enable = "avx512f,avx512ifma")]
        fn halves() -> Elements {
            elements(Lanes(Wide::half().0))
        }
        // SAFETY: the machine has the instructions.
        for limbs in unsafe { halves() } {
            assert_eq!(value(limbs), value(Field::HALF.0));
            assert!(limbs.iter().all(|limb| (1215 * UNIT..1750 * UNIT).contains(limb)));
        }
    }
}
