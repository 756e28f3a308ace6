//! A search that the library stops after its first block, for checkpoints that do not depend on how fast the computer is.
#![allow(clippy::unwrap_used)] // in helpers of tests

use std::ops::ControlFlow;

use keyark::Registry;
use keyark::recovery::{Bounds, Found, Known, Observer, Passphrases, Pattern, PhraseSearch, Progress, Space};

/// What is left of a search for all that fits, of which the first block is done.
#[derive(Default)]
pub(crate) struct FirstBlock {
    /// How many were found in it.
    pub(crate) found: usize,
    pub(crate) checkpoint: String,
}

impl FirstBlock {
    /// Looks for these addresses, one on each line, among what the damaged words can be, as `--all` does.
    pub(crate) fn of(damaged: &str, addresses: &str) -> Self {
        let all: Vec<_> = Registry::installed().unwrap().iter().collect();
        let space = Space::new(&Pattern::read(&damaged.into(), None).unwrap(), &[]).unwrap();
        let known = Known::addresses(addresses, &all, None).unwrap();
        let mut search = PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default()).unwrap().all();
        let mut first = Self::default();
        search.run(1, &mut first).unwrap();
        assert_eq!((search.found(), search.is_complete()), (first.found as u64, false));
        first
    }
}

impl Observer<Found> for FirstBlock {
    fn found(&mut self, _: Found) {
        self.found += 1;
    }

    fn progress(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        if progress.done == 0 {
            return ControlFlow::Continue(());
        }
        self.checkpoint = progress.checkpoint().unwrap().to_text();
        ControlFlow::Break(())
    }
}
