//! What a search works on: something that is counted, cut into blocks, and bound to its checkpoints.

use std::fmt;

use keyark_core::Result;
use zeroize::Zeroizing;

use crate::engine::Gauge;

/// What a search works on: phrases, passwords or keys. Only this crate has such.
pub trait Task: fmt::Debug + Sync {
    /// What is found.
    type Found: Send;

    /// Does a block, and returns what it found; `None` when it was told to stop before the end.
    #[doc(hidden)]
    fn block(&self, block: u64, gauge: &Gauge) -> Result<Option<Vec<Self::Found>>>;

    /// How much there is.
    #[doc(hidden)]
    fn amount(&self) -> Amount;

    /// Hands over what the input is, as far as it is no secret.
    #[doc(hidden)]
    fn open_input(&self, add: &mut dyn FnMut(&[u8]));

    /// What tells the secret input from others.
    #[doc(hidden)]
    fn secret_input(&self) -> Zeroizing<Vec<u8>>;

    /// Whether something else than what is looked for may well fit, so that the first match does not end the search.
    #[doc(hidden)]
    fn may_fit_by_chance(&self) -> bool {
        false
    }

    /// That so many found are not too many.
    #[doc(hidden)]
    fn check_found(&self, found: u64) -> Result<()> {
        let _ = found;
        Ok(())
    }
}

/// How much there is to do.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// How many numbers there are: what is looked at.
    pub total: u128,
    /// How many of them a block has. It depends on the input alone, so that a checkpoint and the shares of others mean the same
    /// blocks.
    pub block: u128,
    /// How many there would be without a checksum.
    pub before: u128,
    /// How many are tried.
    pub after: u128,
    /// Whether they were counted.
    pub exact: bool,
    /// At how many places each is looked for.
    pub places: usize,
}

impl Amount {
    /// How many blocks there are. Who makes it has checked that they fit.
    pub(crate) fn blocks(&self) -> u64 {
        u64::try_from(self.total.div_ceil(self.block.max(1))).unwrap_or(u64::MAX)
    }

    /// The numbers in a block.
    pub(crate) fn range(&self, block: u64) -> std::ops::Range<u128> {
        let start = u128::from(block).saturating_mul(self.block);
        start..start.saturating_add(self.block).min(self.total)
    }

    /// How many numbers so many blocks have, with the last of all or without.
    pub(crate) fn numbers(&self, blocks: u64, with_last: bool) -> u128 {
        let full = self.block.saturating_mul(u128::from(self.blocks())); // the last block has fewer
        let short = if with_last { full.saturating_sub(self.total) } else { 0 };
        self.block.saturating_mul(u128::from(blocks)).saturating_sub(short)
    }
}
