//! Which blocks are done: all below a mark, and some above it.

use std::collections::BTreeMap;

/// A set of blocks, as ranges that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// Start and end, which is not in it.
    ranges: BTreeMap<u64, u64>,
    count: u64,
}

impl Done {
    pub(crate) fn add(&mut self, block: u64) {
        self.add_range(block, block.saturating_add(1));
    }

    /// Adds a range; what of it is there already does no harm.
    pub(crate) fn add_range(&mut self, mut start: u64, mut end: u64) {
        if start >= end {
            return;
        }
        // All that touch it become one with it.
        while let Some((&other, &other_end)) = self.ranges.range(..=end).next_back() {
            if other_end < start {
                break;
            }
            self.ranges.remove(&other);
            self.count -= other_end - other;
            start = start.min(other);
            end = end.max(other_end);
        }
        self.ranges.insert(start, end);
        self.count += end - start;
    }

    pub(crate) fn has(&self, block: u64) -> bool {
        self.ranges.range(..=block).next_back().is_some_and(|(_, end)| block < *end)
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn ranges(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.ranges.iter().map(|(start, end)| (*start, *end))
    }

    /// The blocks below `end` that are not done.
    pub(crate) fn rest(&self, end: u64) -> impl Iterator<Item = u64> + Send + use<> {
        let mut from = 0;
        let mut gaps = Vec::new();
        for (start, done) in self.ranges() {
            gaps.push(from..start.min(end));
            from = done;
        }
        gaps.push(from..end);
        gaps.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(blocks in prop::collection::vec(0_u64..60, 0..80), range in (0_u64..60, 0_u64..60)) {
            let mut done = Done::default();
            let mut set = BTreeSet::new();
            for block in blocks {
                done.add(block);
                set.insert(block);
            }
            done.add_range(range.0, range.1);
            set.extend(range.0..range.1);
            prop_assert_eq!(done.count(), set.len() as u64);
            for block in 0..70 {
                prop_assert_eq!(done.has(block), set.contains(&block));
            }
            prop_assert_eq!(done.rest(50).collect::<Vec<_>>(), (0..50).filter(|block| !set.contains(block)).collect::<Vec<_>>());
            let ranges: Vec<_> = done.ranges().collect();
            prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?}", ranges);
        }
    }
}
