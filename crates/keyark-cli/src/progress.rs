//! Progress on a terminal, for work that a person would wonder about.

use std::io::{self, IsTerminal};
use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::ui::Ui;

/// Shows that `what` is going on, until the work returns.
pub(crate) fn during<T>(ui: &Ui<'_>, what: &'static str, work: impl FnOnce() -> T) -> T {
    if ui.quiet || ui.json || !std::io::stderr().is_terminal() {
        return work();
    }
    let spinner = ProgressBar::with_draw_target(None, target()).with_message(what);
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
    let bar = ProgressBar::with_draw_target(Some(1000), target());
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
    let bar = ProgressBar::with_draw_target(Some(total), target());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn target() -> ProgressDrawTarget {
    const TIMES_A_SECOND: u8 = 20;
    ProgressDrawTarget::term_like_with_hz(Box::new(Narrower(Term::buffered_stderr())), TIMES_A_SECOND)
}

/// Standard error, with room behind a bar for the `^C` that a terminal writes: else it would write it into the next line, and the bar could
/// not be taken away.
#[derive(Debug)]
struct Narrower(Term);

impl TermLike for Narrower {
    fn width(&self) -> u16 {
        const ROOM: u16 = 3;
        self.0.size().1.saturating_sub(ROOM)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
