use proptest::prelude::*;

use super::super::reference::{self, P, limbs, value};
use super::*;

const FACTOR: u64 = (1 << 54) - 1;
const TIGHT: u64 = (1 << 51) + (1 << 13) - 1;

/// The number that the element is, after a look at its limbs.
fn tight(element: Field) -> [u64; 4] {
    assert!(element.0.iter().all(|limb| *limb <= TIGHT), "{element:x?}");
    value(element.0)
}

#[test]
fn constants() {
    assert_eq!(value(Field::HALF.plus(Field::HALF).0), [1, 0, 0, 0]);
    let p = Field([MASK - 18, MASK, MASK, MASK, MASK]);
    assert_eq!((p.to_words(), p.inverse().to_words()), ([0; 4], [0; 4]));
    assert_eq!(Field([MASK; 5]).to_words(), [18, 0, 0, 0]);
    assert_eq!(Field::from_words(P).0, p.0);
}

proptest! {
    #[test]
    fn canonical(limbs in limbs(1 << 63)) {
        let element = Field(limbs);
        prop_assert_eq!(element.to_words(), value(limbs));
        prop_assert_eq!(value(element.canonical().0), value(limbs));
        prop_assert!(element.canonical().0.iter().all(|limb| *limb <= MASK));
        prop_assert_eq!(Field::from_words(element.to_words()).0, element.canonical().0);
    }

    #[test]
    fn products(a in limbs(FACTOR), b in limbs(FACTOR)) {
        prop_assert_eq!(tight(Field(a).times(Field(b))), reference::times(value(a), value(b)));
        prop_assert_eq!(tight(Field(a).square()), reference::times(value(a), value(a)));
    }

    #[test]
    fn sums(a in limbs(FACTOR), b in limbs(FACTOR), c in limbs(TIGHT)) {
        prop_assert_eq!(value(Field(a).plus(Field(b)).0), reference::plus(value(a), value(b)));
        prop_assert_eq!(value(Field(a).minus(Field(c)).0), reference::minus(value(a), value(c)));
        prop_assert_eq!(tight(Field(a).tight()), value(a));
        prop_assert_eq!(Field(a).or(Field(b), 0).0, a);
        prop_assert_eq!(Field(a).or(Field(b), u64::MAX).0, b);
    }

    #[test]
    fn inverses(all in proptest::collection::vec(limbs(FACTOR), 0..6)) {
        let mut elements: Vec<Field> = all.into_iter().map(Field).filter(|element| element.to_words() != [0; 4]).collect();
        let before = elements.clone();
        let mut scratch = before.clone();
        Field::invert_all(&mut elements, &mut scratch);
        for (inverse, element) in elements.iter().zip(&before) {
            prop_assert_eq!(tight(inverse.times(*element)), [1, 0, 0, 0]);
            prop_assert_eq!(inverse.to_words(), element.inverse().to_words());
        }
    }
}
