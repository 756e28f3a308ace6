//! One share of a search that many machines make together.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind, Result};

/// One share of a search: `1/8` is the first of eight. The blocks are dealt out one by one, so that each share begins with the
/// most probable ones, the shares have no block in common, and together they have all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { index: 0, of: 1 };
    /// The most shares.
    pub const MOST: u64 = 1_000_000;

    /// Share `index`, from 1, of `of`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where there is no such share.
    pub fn new(index: u64, of: u64) -> Result<Self> {
        if of == 0 || of > Self::MOST || index == 0 || index > of {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("there is no share {index} of {of}"),
                format!("the first of eight shares is 1/8 and the last 8/8; there are at most {}", Self::MOST),
            ));
        }
        Ok(Self { index: index - 1, of })
    }

    /// How many of `blocks` it has.
    pub(crate) fn count(self, blocks: u64) -> u64 {
        blocks.saturating_sub(self.index).div_ceil(self.of)
    }

    /// The block that is its `at`-th.
    pub(crate) fn block(self, at: u64) -> u64 {
        at.saturating_mul(self.of).saturating_add(self.index)
    }

    /// Which of its blocks `block` is, if it is one.
    pub(crate) fn at(self, block: u64) -> Option<u64> {
        (block % self.of == self.index).then_some(block / self.of)
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
    }
}

/// Reads `1/8`.
impl FromStr for Shard {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |text: &str| if digits(text) { text.parse().ok() } else { None };
        match text.trim().split_once('/').and_then(|(index, of)| Some((number(index)?, number(of)?))) {
            Some((index, of)) => Self::new(index, of),
            None => Err(Error::new(
                ErrorKind::Usage,
                "this is not a share, which is two numbers with / between",
                "write the first of eight shares as 1/8",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_that_there_are_not_are_refused() {
        for text in [
            "3/2",
            "0/2",
            "1/0",
            "0/0",
            "1",
            "",
            "/",
            "1/",
            "-1/2",
            "+1/2",
            "1/2/3",
            "a/b",
            "1/1000001",
            "1/9999999999",
        ] {
            assert_eq!(text.parse::<Shard>().unwrap_err().kind(), ErrorKind::Usage, "{text}");
        }
        assert_eq!("8/8".parse::<Shard>().unwrap().to_string(), "8/8");
    }

    proptest! {
        #[test]
        fn the_union_is_everything_and_no_block_is_in_two(blocks in 0_u64..500, of in 1_u64..40) {
            let mut all = Vec::new();
            let mut counts = Vec::new();
            for index in 1..=of {
                let shard = Shard::new(index, of).unwrap();
                let own: Vec<_> = (0..shard.count(blocks)).map(|at| shard.block(at)).collect();
                for (at, block) in (0..).zip(&own) {
                    prop_assert_eq!(shard.at(*block), Some(at));
                }
                counts.push(own.len());
                all.extend(own);
            }
            all.sort_unstable();
            prop_assert_eq!(all, (0..blocks).collect::<Vec<_>>());
            prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
        }
    }
}
