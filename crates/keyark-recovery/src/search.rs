//! The search: blocks over threads, what is done, and who watches.

use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use keyark_core::Result;

use crate::amount::seconds;
use crate::binding::Binding;
use crate::checkpoint::Checkpoint;
use crate::done::Done;
use crate::engine::{self, Event, Gauge};
use crate::estimate::Estimate;
use crate::found::Found;
use crate::phrases::Phrases;
use crate::shard::Shard;
use crate::task::Task;

/// Is told how a search goes, on the thread that runs it.
pub trait Observer<F = Found> {
    /// Something fits. Called before a checkpoint counts its block as done, so that none is lost: whoever stores both stores this
    /// first.
    fn found(&mut self, found: F);

    /// So much is done. Called after each block, and every tenth of a second; [`ControlFlow::Break`] stops the search.
    fn progress(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let _ = progress;
        ControlFlow::Continue(())
    }
}

/// Takes what is found, and never stops.
impl<F> Observer<F> for Vec<F> {
    fn found(&mut self, found: F) {
        self.push(found);
    }
}

/// How far a search is.
pub struct Progress<'a> {
    /// How many candidates are done, of this share.
    pub done: u128,
    /// How many there are in this share.
    pub total: u128,
    /// How many keys have been derived or passwords tried: candidates with a right checksum.
    pub tried: u64,
    /// How many fit.
    pub found: u64,
    /// How many are [`tried`](Self::tried) each second, in this run.
    pub rate: f64,
    /// How long the rest takes at the speed of this run; none before a block is done.
    pub left: Option<Duration>,
    checkpoint: &'a dyn Fn() -> Result<Checkpoint>,
}

impl Progress<'_> {
    /// What is done, to go on from later. The first one takes a fifth of a second.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](keyark_core::ErrorKind::Internal) without randomness.
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        (self.checkpoint)()
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({} of {}, {} found)", self.done, self.total, self.found)
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was tried.
    Complete,
    /// One fits, and the others were not asked for.
    FoundFirst,
    /// The observer stopped it.
    Stopped,
}

/// A search for the phrases, passphrases and paths that fit what is known of a wallet.
pub type PhraseSearch = Search<Phrases>;

/// How long the speed is measured at the most.
const MOST_MEASURED: Duration = Duration::from_secs(10);

/// A search: a [`PhraseSearch`], [`PasswordSearch`](crate::PasswordSearch) or [`KeySearch`](crate::KeySearch).
///
/// The work is cut into blocks, the most probable first. A block is done or not done: what is found in one that is
/// stopped in its middle is found when it is done again.
pub struct Search<T: Task> {
    pub(crate) task: T,
    shard: Shard,
    state: State<T::Found>,
    all: bool,
}

/// What changes as a search goes.
pub(crate) struct State<F> {
    pub(crate) done: Done,
    pub(crate) tried: u64,
    pub(crate) found: u64,
    pub(crate) binding: Binding,
    /// As [`Gauge::keys`].
    keys: u64,
    /// Blocks that found something while the speed was measured. They are done when it has been told.
    pending: Vec<(u64, Vec<F>)>,
}

impl<F> State<F> {
    pub(crate) fn new(done: Done, tried: u64, found: u64, binding: Binding) -> Self {
        Self { done, tried, found, binding, keys: 0, pending: Vec::new() }
    }
}

impl<T: Task> Search<T> {
    pub(crate) fn of(task: T) -> Self {
        let state = State::new(Done::default(), 0, 0, Binding::default());
        Self { task, shard: Shard::WHOLE, state, all: false }
    }

    /// The same search, which goes through everything and finds all that fits.
    #[must_use]
    pub fn all(mut self) -> Self {
        self.all = true;
        self
    }

    /// One share of the search, of which nothing is done.
    #[must_use]
    pub fn shard(self, shard: Shard) -> Self {
        Self { shard, all: self.all, ..Self::of(self.task) }
    }

    /// The rest of a search that was stopped.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`](keyark_core::ErrorKind::Mismatch) for a checkpoint of other input or of another share.
    pub fn resume(mut self, checkpoint: &Checkpoint) -> Result<Self> {
        self.state = checkpoint.state_for(&self.task, self.shard)?;
        Ok(self)
    }

    /// What is done, to go on from later. The first one takes a fifth of a second.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](keyark_core::ErrorKind::Internal) without randomness.
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        Checkpoint::new(&self.task, self.shard, &self.state)
    }

    /// How many were found, before it was stopped too.
    pub fn found(&self) -> u64 {
        self.state.found
    }

    /// Whether it goes on after the first match: where all are wanted, and where the first may well be another wallet's, because a
    /// fingerprint is looked for among millions of phrases.
    pub fn goes_on(&self) -> bool {
        self.all || self.task.may_fit_by_chance()
    }

    /// Whether everything of this share has been tried.
    pub fn is_complete(&self) -> bool {
        self.state.done.count() >= self.shard.count(self.task.amount().blocks())
    }

    /// How much there is to do, and how fast this machine does it on `threads` threads: measured on the search's first blocks for
    /// at most `time`, a second at the most, but until something has been tried. What is done in that time is done.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn estimate(&mut self, threads: usize, time: Duration) -> Result<Estimate> {
        let start = Instant::now();
        let time = time.min(Duration::from_secs(1));
        let before = self.state.tried;
        let all = self.goes_on();
        self.work(threads, |_, state, done| {
            match done {
                Some((block, found)) if !found.is_empty() => state.pending.push((block, found)),
                Some((block, _)) => state.done.add(block),
                None => {}
            }
            // Nothing done in a second says nothing of a year.
            let late = start.elapsed() >= if state.tried > before || state.keys > 0 { time } else { MOST_MEASURED };
            let enough = late || (!all && !state.pending.is_empty());
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let amount = self.task.amount();
        // Phrases with many places are tried many at a time, which may take longer than was measured: then their keys are what is known.
        let tried = self.state.tried.saturating_sub(before) as f64;
        let tried = tried.max(self.state.keys as f64 / amount.places.max(1) as f64);
        let pending = &self.state.pending;
        let blocks = match pending.is_empty() || all {
            true => {
                let done = self.state.done.count() + pending.len() as u64;
                self.shard.count(amount.blocks()).saturating_sub(done)
            }
            false => 0, // the first that fits is all that was asked for
        };
        Ok(Estimate::new(&amount, blocks, tried, start.elapsed()))
    }

    /// Works on `threads` threads until everything is tried, one fits, or the observer stops it. 0 threads are taken for 1, and more than
    /// 1,024 for 1,024.
    ///
    /// # Errors
    /// What makes all further work pointless, such as missing memory. What was done before is kept.
    pub fn run(&mut self, threads: usize, observer: &mut dyn Observer<T::Found>) -> Result<Outcome> {
        let all = self.goes_on();
        let shard = self.shard;
        let start = (Instant::now(), self.state.tried, done(&self.task, shard, &self.state));
        let pending = std::mem::take(&mut self.state.pending);
        let fits = !pending.is_empty();
        let more = pending.iter().map(|(_, found)| found.len() as u64).sum::<u64>();
        self.task.check_found(self.state.found.saturating_add(more))?; // before any of them is told
        pending.into_iter().for_each(|(block, found)| tell(&mut self.state, block, found, observer));
        if fits && !all {
            return Ok(Outcome::FoundFirst);
        }
        let mut outcome = Outcome::Complete;
        let mut too_many = Ok(());
        self.work(threads, |task, state, done| {
            if let Some((block, found)) = done {
                if !found.is_empty() && !all {
                    outcome = Outcome::FoundFirst;
                }
                tell(state, block, found, observer);
            }
            too_many = task.check_found(state.found);
            let stopped =
                observer.progress(&progress(task, shard, state, start, &|| Checkpoint::new(task, shard, state)));
            if stopped.is_break() && outcome == Outcome::Complete {
                outcome = Outcome::Stopped;
            }
            let goes_on = outcome == Outcome::Complete && too_many.is_ok();
            if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        too_many?;
        // Whoever stops it at the last moment has everything nevertheless.
        Ok(if outcome == Outcome::Stopped && self.is_complete() { Outcome::Complete } else { outcome })
    }

    /// Does what is not done, and hands `each` every block with what it found, and nothing when time passes.
    fn work(
        &mut self,
        threads: usize,
        mut each: impl FnMut(&T, &mut State<T::Found>, Option<(u64, Vec<T::Found>)>) -> ControlFlow<()>,
    ) -> Result<()> {
        let Self { task, shard, state, .. } = self;
        let task: &T = task;
        let gauge = Gauge::from(state.tried);
        let mut done = state.done.clone();
        state.pending.iter().for_each(|(block, _)| done.add(*block));
        let todo = done.rest(shard.count(task.amount().blocks()));
        let result = engine::run(task, *shard, todo, threads, &gauge, |event| {
            (state.tried, state.keys) = (gauge.tried(), gauge.keys());
            let done = match event {
                Event::Tick => None,
                Event::Block(block, found) => Some((block, found)),
            };
            each(task, state, done)
        });
        (state.tried, state.keys) = (gauge.tried(), gauge.keys());
        result
    }
}

impl<T: Task> fmt::Debug for Search<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blocks = self.shard.count(self.task.amount().blocks());
        write!(f, "Search({:?}, share {}, {} of {blocks} blocks)", self.task, self.shard, self.state.done.count())
    }
}

/// Hands over what a block found, and then counts it as done.
fn tell<F>(state: &mut State<F>, block: u64, found: Vec<F>, observer: &mut dyn Observer<F>) {
    state.found += found.len() as u64;
    found.into_iter().for_each(|found| observer.found(found));
    state.done.add(block);
}

/// How many candidates of the share are done.
fn done<T: Task>(task: &T, shard: Shard, state: &State<T::Found>) -> u128 {
    let last = last_block(task, shard);
    task.amount().numbers(state.done.count(), last.is_some_and(|last| state.done.has(last)))
}

/// Which of the share's blocks is the last of all, if it is one.
fn last_block<T: Task>(task: &T, shard: Shard) -> Option<u64> {
    shard.at(task.amount().blocks().checked_sub(1)?)
}

/// How far it is, from when it started and what had been tried and done then.
fn progress<'a, T: Task>(
    task: &T,
    shard: Shard,
    state: &State<T::Found>,
    (start, tried, before): (Instant, u64, u128),
    checkpoint: &'a dyn Fn() -> Result<Checkpoint>,
) -> Progress<'a> {
    let elapsed = start.elapsed().as_secs_f64().max(1e-6);
    let amount = task.amount();
    let done = done(task, shard, state);
    let total = amount.numbers(shard.count(amount.blocks()), last_block(task, shard).is_some());
    let speed = done.saturating_sub(before) as f64 / elapsed;
    Progress {
        done,
        total,
        tried: state.tried,
        found: state.found,
        rate: state.tried.saturating_sub(tried) as f64 / elapsed,
        left: (done > before).then(|| seconds(total.saturating_sub(done) as f64 / speed)),
        checkpoint,
    }
}
