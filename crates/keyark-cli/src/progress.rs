//! Progress on a terminal, for work that a person would wonder about.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::ui::Ui;

/// Shows that `what` is going on, until the work returns.
pub(crate) fn during<T>(ui: &Ui<'_>, what: &'static str, work: impl FnOnce() -> T) -> T {
    if ui.quiet || ui.json || !std::io::stderr().is_terminal() {
        return work();
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    let result = work();
    spinner.finish_and_clear();
    result
}

/// How far a search is, in thousandths, with a message behind it.
pub(crate) fn search(ui: &Ui<'_>) -> ProgressBar {
    if ui.quiet || ui.json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1000);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}%{msg}") {
        bar.set_style(style);
    }
    bar
}

/// Counts rows of a long output, where they go to a file or another program and so cannot be seen themselves.
pub(crate) fn counter(ui: &Ui<'_>, total: u64, to_file: bool) -> ProgressBar {
    const LONG: u64 = 10_000; // less is there at once
    if ui.quiet || (ui.terminal && !to_file) || total < LONG || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}
