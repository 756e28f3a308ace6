//! How much there is to do, and how long it takes here.

use std::time::Duration;

use keyark_core::{Error, ErrorKind, Result};

use crate::amount::{counted, lasting, seconds};
use crate::task::Amount;

/// How much there is to do, and how long it takes here.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// How many candidates there are, with each passphrase, those with a wrong checksum included; of all shares.
    pub before: u128,
    /// Those with a right checksum, from which keys are derived; of all shares.
    pub after: u128,
    /// Whether `after` was counted, not estimated from the share of phrases that have a right checksum.
    pub exact: bool,
    /// How many are left to try, in this share; none when what was asked for was found while the speed was measured.
    pub left: u128,
    /// At how many places each is looked for.
    pub places: usize,
    /// How many are tried each second on this machine.
    pub rate: f64,
    /// How long the rest takes.
    pub time: Duration,
}

impl Estimate {
    /// From what there is, how many blocks are left, and how many were tried in the time `elapsed`.
    pub(crate) fn new(amount: &Amount, blocks: u64, tried: f64, elapsed: Duration) -> Self {
        let share = blocks as f64 / amount.blocks().max(1) as f64;
        let left = (amount.after as f64 * share).ceil() as u128;
        // A second without any: less than one a second, and how much less nobody knows.
        let rate = if tried > 0.0 { tried } else { 1.0 } / elapsed.as_secs_f64().max(1e-6);
        let &Amount { before, after, exact, places, .. } = amount;
        Self { before, after, exact, left, places, rate, time: seconds(left as f64 / rate) }
    }

    /// That it takes no longer than `most`.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] with the number to try, both times and the rate.
    pub fn check_time(&self, most: Duration) -> Result<()> {
        if self.time <= most {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::OutOfBounds,
            format!(
                "trying {} takes {} at {} a second, and at most {} is allowed",
                counted(self.left),
                lasting(self.time),
                if self.rate < 10.0 { format!("{:.1}", self.rate) } else { counted(self.rate as u128) },
                lasting(most)
            ),
            "narrow down what is unknown, allow more time, or split the work among machines",
        ))
    }
}
