//! All orders of things of which some are alike, counted and numbered in lexicographic order.

use zeroize::Zeroizing;

/// How often each thing occurs, by its number.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    often: Vec<usize>,
    count: u128,
}

impl Orders {
    /// `often` says how often each thing occurs; at most 24 in all, whose orders fit 128 bits.
    pub(crate) fn new(often: Vec<usize>) -> Self {
        let mut count: u128 = 1;
        let mut placed: u128 = 0;
        for times in &often {
            for time in 1..=*times {
                placed += 1;
                count = count.saturating_mul(placed) / time as u128; // a binomial coefficient after each turn: no rest
            }
        }
        Self { often, count }
    }

    pub(crate) fn count(&self) -> u128 {
        self.count
    }

    /// The order at `index`, below [`count`](Self::count).
    pub(crate) fn get(&self, mut index: u128) -> Zeroizing<Vec<usize>> {
        let mut left = self.often.clone();
        let mut remaining: usize = left.iter().sum();
        let mut orders = self.count;
        let mut order = Zeroizing::new(Vec::with_capacity(remaining));
        while remaining > 0 {
            for (thing, times) in left.iter_mut().enumerate().filter(|(_, times)| **times > 0) {
                // Of all orders of what remains, this share begins with this thing.
                let share = orders.saturating_mul(*times as u128) / remaining as u128;
                if index < share {
                    order.push(thing);
                    *times -= 1;
                    orders = share;
                    break;
                }
                index -= share;
            }
            remaining -= 1;
        }
        order
    }
}

/// The next order in lexicographic order. `false`, and the first order, after the last one.
pub(crate) fn next(order: &mut [usize]) -> bool {
    let falls = order.windows(2).rposition(|pair| matches!(pair, [first, second] if first < second));
    let Some((at, pivot)) = falls.and_then(|at| Some((at, *order.get(at)?))) else {
        order.reverse();
        return false;
    };
    if let Some(with) = order.iter().rposition(|thing| *thing > pivot) {
        order.swap(at, with);
    }
    if let Some(tail) = order.get_mut(at + 1..) {
        tail.reverse();
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_order_comes_once(often in prop::collection::vec(1_usize..3, 1..5)) {
            let orders = Orders::new(often);
            let mut walked = orders.get(0);
            let mut seen = HashSet::new();
            for index in 0..orders.count() {
                prop_assert_eq!(&*orders.get(index), &*walked);
                prop_assert!(seen.insert(walked.to_vec()));
                prop_assert_eq!(next(&mut walked), index + 1 < orders.count());
            }
            prop_assert_eq!(&*orders.get(0), &*walked);
        }
    }

    #[test]
    fn the_largest_numbers_fit() {
        let orders = Orders::new(vec![1; 24]);
        assert_eq!(orders.count(), (1..=24_u128).product::<u128>());
        assert_eq!(*orders.get(orders.count() - 1), (0..24).rev().collect::<Vec<_>>());
        assert_eq!(Orders::new(vec![12]).count(), 1);
        assert_eq!(Orders::new(vec![6, 6]).count(), 924);
    }
}
