//! A search from its estimate to its end: says what there is to do, shows how far it is, keeps a checkpoint, stops in order.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use keyark::recovery::{Checkpoint, Observer, Outcome, Progress, Search, Shard, Task};
use keyark::{Error, ErrorKind, Result, all_cores};

use super::report::{Results, count, counted, in_words, lasting};
use crate::args::Effort;
use crate::input::LIMIT;
use crate::interrupt::InOrder;
use crate::ui::{Ui, quoted};
use crate::{files, interrupt, progress};

/// How long a search may take, unless the person says otherwise.
const MAX_TIME: Duration = Duration::from_secs(3600);
/// How often what is done is written: so much is lost with the power.
const EVERY: Duration = Duration::from_secs(2);
/// From when on whoever keeps no checkpoint is told of it.
const LONG: Duration = Duration::from_secs(60);

/// How a search is gone about.
pub(in crate::commands) struct Drive<'a> {
    pub(in crate::commands) effort: &'a Effort,
    /// What is tried: `phrases`.
    pub(in crate::commands) what: &'static str,
    /// Whether it goes on behind the first match.
    pub(in crate::commands) all: bool,
    /// How many threads there are at most.
    pub(in crate::commands) most_threads: usize,
}

/// How a search ended.
pub(in crate::commands) struct Ended {
    /// How many fit, in all runs.
    pub(in crate::commands) found: u64,
    /// How many candidates there were, those with a wrong checksum and those of other shares included.
    pub(in crate::commands) of: u128,
    pub(in crate::commands) time: Duration,
}

impl Ended {
    /// The error for a search that found nothing: none fits `what`.
    pub(in crate::commands) fn nothing_fits(&self, drive: &Drive<'_>, what: &str, remedy: &'static str) -> Error {
        let shard = drive.effort.shard;
        let of = counted(self.of, drive.what);
        let (problem, remedy) = match shard {
            Shard::WHOLE => (format!("none of {of} fits {what}"), remedy),
            shard => (format!("none in share {shard} of {of} fits {what}"), "the other shares may have it"),
        };
        Error::new(ErrorKind::Mismatch, problem, remedy)
    }
}

/// Shows a match, which was found so long after the start.
pub(in crate::commands) type Show<'a, F> = &'a mut dyn FnMut(F, Duration, &mut Results, &mut Ui<'_>) -> Result<()>;

impl Drive<'_> {
    /// Makes the search, with an end in which everything is tried or the first match is shown.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for what takes too long, [`ErrorKind::Cancelled`] when the person stopped it; what the checkpoint,
    /// the search and the showing say.
    pub(in crate::commands) fn run<T: Task>(
        &self,
        search: Search<T>,
        results: &mut Results,
        show: Show<'_, T::Found>,
        ui: &mut Ui<'_>,
    ) -> Result<Ended> {
        let threads = self.effort.threads.map_or_else(|| all_cores().get().min(self.most_threads), usize::from);
        let mut search = self.prepare(search, ui)?;
        let start = Instant::now();
        let in_order = interrupt::stop_in_order();
        let spinner = "measuring how fast this computer is";
        let estimate = progress::during(ui, spinner, || search.estimate(threads, Duration::from_secs(1)))?;
        let max_time = self.effort.max_time.unwrap_or(MAX_TIME);
        let refusal = estimate
            .check_time(max_time)
            .err()
            .filter(|_| !search.is_complete())
            .map(|error| too_long(error, estimate.time));
        if !ui.quiet && refusal.is_none() {
            ui.note(&in_words(&estimate, self.what, &self.share(), search.is_complete()));
            if estimate.time > LONG && self.effort.checkpoint.is_none() {
                ui.note("once stopped it would start over; with --checkpoint FILE it goes on from where it was");
            }
        }
        if refusal.is_none() && estimate.time > EVERY {
            self.keep(&search, results)?; // that there is room for it is seen now, not after hours
        }
        if search.goes_on() && !self.all && !ui.quiet {
            ui.note("many phrases have the fingerprint of another wallet by chance: the search goes on behind the first that fits");
        }
        let (bar, last) = (progress::search(ui), Instant::now());
        let goes_on = search.goes_on();
        let mut watch = Watch {
            drive: self,
            ui,
            results,
            show,
            bar,
            in_order: &in_order,
            is_refused: refusal.is_some(),
            start,
            last,
            told: 0,
            goes_on,
            done: (0, 0),
            failed: None,
            is_warned: false,
        };
        // Refused or not: what was found while the speed was measured is shown.
        let outcome = search.run(threads, &mut watch);
        watch.bar.finish_and_clear();
        let Watch { failed, done, .. } = watch;
        let ended = Ended { found: search.found(), of: estimate.before, time: start.elapsed() };
        match (failed, outcome, refusal) {
            (Some(error), ..) => Err(error),
            (None, Ok(_), _) if ui.is_broken() => Ok(ended), // nobody reads on; the checkpoint stays as it was
            (None, Ok(Outcome::Complete | Outcome::FoundFirst), _) => self.finish(results, ui).map(|()| ended),
            (None, Ok(Outcome::Stopped), Some(refusal)) => results.store_at_last(ui).and(Err(refusal)),
            (None, Ok(Outcome::Stopped), None) => Err(self.stopped(&search, results, done, ui)?),
            (None, Err(error), _) => self.keep(&search, results).and(Err(error)),
        }
    }

    /// The share of the search that was asked for, from where its checkpoint is.
    fn prepare<T: Task>(&self, search: Search<T>, ui: &mut Ui<'_>) -> Result<Search<T>> {
        let search = search.shard(self.effort.shard);
        let search = if self.all { search.all() } else { search };
        let Some(path) = self.effort.checkpoint.as_deref().filter(|path| path.exists()) else { return Ok(search) };
        let in_file = |error: Error| error.with_context("file", files::shown(path));
        let checkpoint: Checkpoint = files::read_text(path, LIMIT)?.parse().map_err(in_file)?;
        // Not `Mismatch`: its exit code says of a share that nothing in it fits.
        let usage = |error: Error| Error::new(ErrorKind::Usage, error.problem().to_owned(), error.remedy().to_owned());
        let search = search.resume(&checkpoint).map_err(|error| match error.kind() {
            ErrorKind::Mismatch => in_file(usage(error)),
            _ => in_file(error),
        })?;
        let (done, of) = checkpoint.blocks();
        if !ui.quiet {
            ui.note(&format!(
                "going on from {}: {}% is done",
                files::shown(path),
                100 * u128::from(done) / u128::from(of.max(1))
            ));
        }
        Ok(search)
    }

    /// Which share it is, where there are several.
    pub(in crate::commands) fn share(&self) -> String {
        match self.effort.shard {
            Shard::WHOLE => String::new(),
            shard => format!("this is share {shard}"),
        }
    }

    /// All is done, so there is nothing to go on from.
    fn finish(&self, results: &mut Results, ui: &mut Ui<'_>) -> Result<()> {
        results.store_at_last(ui)?;
        self.effort.checkpoint.as_deref().map_or(Ok(()), files::remove)
    }

    /// Writes what is done: what was found first.
    fn keep<T: Task>(&self, search: &Search<T>, results: &mut Results) -> Result<()> {
        results.store()?;
        self.effort.checkpoint.as_deref().map_or(Ok(()), |path| write(path, &search.checkpoint()?))
    }

    /// The person has stopped it.
    fn stopped<T: Task>(
        &self,
        search: &Search<T>,
        results: &mut Results,
        (done, total): (u128, u128),
        ui: &mut Ui<'_>,
    ) -> Result<Error> {
        results.store_at_last(ui)?;
        self.keep(search, results)?;
        let remedy = match &self.effort.checkpoint {
            Some(path) => format!("the same command goes on from {}", quoted(&files::shown(path))),
            None => "run it again from the start; with --checkpoint FILE it could go on".to_owned(),
        };
        Ok(Error::new(
            ErrorKind::Cancelled,
            format!("stopped: {} of {} are done", count(done), counted(total, self.what)),
            remedy,
        ))
    }
}

/// The library's refusal, with the flags that would help.
fn too_long(error: Error, time: Duration) -> Error {
    const DAY: u64 = 86_400;
    let days = time.as_secs() / DAY + 1;
    let remedy = match days {
        0..=60 => format!(
            "narrow down what is unknown, allow more with --max-time {days}d, or share it among computers with --shard 1/8"
        ),
        61..=7_300 => format!(
            "narrow down what is unknown; {} computers as fast as this one would take a day, each with its --shard and --max-time 2d",
            count(days.into())
        ),
        _ => "find out more of what is lost: so much is beyond any number of computers".to_owned(),
    };
    error.with_remedy(remedy)
}

fn write(path: &Path, checkpoint: &Checkpoint) -> Result<()> {
    files::write_new(path, &checkpoint.to_text(), true)
}

/// Who watches a search.
struct Watch<'a, 'ui, F> {
    drive: &'a Drive<'a>,
    ui: &'a mut Ui<'ui>,
    results: &'a mut Results,
    show: Show<'a, F>,
    bar: ProgressBar,
    in_order: &'a InOrder,
    is_refused: bool,
    start: Instant,
    /// When a checkpoint was written last.
    last: Instant,
    /// How many were found in this run.
    told: u64,
    /// Whether the first match is not the end.
    goes_on: bool,
    done: (u128, u128),
    /// What could not be shown, and why.
    failed: Option<Error>,
    is_warned: bool,
}

impl<F> Observer<F> for Watch<'_, '_, F> {
    fn found(&mut self, found: F) {
        self.told += 1;
        if self.failed.is_some() {
            return;
        }
        let time = self.start.elapsed();
        let shown = self.bar.suspend(|| (self.show)(found, time, self.results, self.ui));
        if let Err(error) = shown {
            self.failed = Some(error);
        }
    }

    fn progress(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        self.done = (progress.done, progress.total);
        if self.is_refused || self.failed.is_some() || self.ui.is_broken() || self.in_order.is_asked() {
            return ControlFlow::Break(());
        }
        self.bar.set_position((progress.done.saturating_mul(1000) / progress.total.max(1)) as u64); // at most 1000
        if let Some(left) = progress.left {
            self.bar.set_message(format!(", {} tried, {} left", count(progress.tried.into()), lasting(left)));
        }
        let is_over = progress.done >= progress.total || (self.told > 0 && !self.goes_on);
        if self.last.elapsed() >= EVERY && !is_over {
            self.keep(progress);
            self.last = Instant::now();
        }
        ControlFlow::Continue(())
    }
}

impl<F> Watch<'_, '_, F> {
    /// Writes what is done. That it cannot be written is no reason to stop: what is found counts.
    fn keep(&mut self, progress: &Progress<'_>) {
        let written = self.results.store().and_then(|()| match &self.drive.effort.checkpoint {
            Some(path) => write(path, &progress.checkpoint()?),
            None => Ok(()),
        });
        if let Err(error) = written
            && !std::mem::replace(&mut self.is_warned, true)
        {
            let ui = &mut *self.ui;
            self.bar.suspend(|| ui.note(&format!("warning: {}; the search goes on", error.problem())));
        }
    }
}
