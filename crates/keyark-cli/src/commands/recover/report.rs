//! What is found, and where it goes.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{HumanCount, HumanDuration};
use keyark::Result;
use keyark::recovery::Estimate;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::Out;
use crate::files;
use crate::ui::Ui;

/// More than a match takes, so that the buffer does not grow and leave words behind.
const LINE: usize = 16 << 10;
/// The longest file of matches that is added to.
const LONGEST: usize = 64 << 20;

/// Where matches go: to stdout as they are found, or into a file that holds them all, whole, before a checkpoint counts them as
/// found.
pub(in crate::commands) struct Results {
    kept: Option<Kept>,
    /// Whether something is there.
    pub(in crate::commands) has_some: bool,
}

struct Kept {
    path: PathBuf,
    text: Zeroizing<String>,
    is_stored: bool,
    force: bool,
    /// How much of the text earlier runs have found.
    earlier: usize,
}

impl Kept {
    /// Whether an earlier run has found it: killed before its checkpoint counted it, it is found again. `line` is its object, with
    /// what differs from run to run at the end, or the lines for a person.
    fn has(&self, line: &str) -> bool {
        let line = line.split_once(",\"tried\":").map_or(line, |(line, _)| line).trim_start_matches('\n');
        let earlier = self.text.get(..self.earlier).unwrap_or_default();
        let mut starts = earlier.match_indices(line).map(|(at, _)| at);
        starts.any(|at| at == 0 || earlier.as_bytes().get(at - 1) == Some(&b'\n'))
    }
}

impl Results {
    /// Results for `out`. A search that is `going_on` adds to those that are there.
    pub(in crate::commands) fn new(out: &Out, going_on: bool) -> Result<Self> {
        let Some(path) = &out.out else { return Ok(Self { kept: None, has_some: false }) };
        let is_ours = going_on && path.is_file();
        let text = if is_ours { files::read_text(path, LONGEST)? } else { Zeroizing::default() };
        let has_some = !text.is_empty();
        let earlier = text.len();
        let kept = Kept { path: path.clone(), text, is_stored: true, force: is_ours || out.force, earlier };
        Ok(Self { kept: Some(kept), has_some })
    }

    /// One match: an object with --json, else these lines.
    pub(in crate::commands) fn add(&mut self, value: &impl Serialize, text: &str, ui: &mut Ui<'_>) -> Result<()> {
        self.has_some = true;
        let Some(kept) = &mut self.kept else {
            return ui.result(value, text).and_then(|()| ui.flush());
        };
        let mut line = Zeroizing::new(Vec::with_capacity(LINE));
        let mut messages = Vec::new();
        ui.with(&mut *line, &mut messages, &files::shown(&kept.path)).result(value, text)?;
        let line = String::from_utf8_lossy(&line);
        if !kept.has(&line) {
            append(&mut kept.text, &line);
            kept.is_stored = false;
        }
        Ok(())
    }

    /// Puts what came since the last time into the file.
    pub(in crate::commands) fn store(&mut self) -> Result<()> {
        let Some(kept) = self.kept.as_mut().filter(|kept| !kept.is_stored) else { return Ok(()) };
        files::write_new(&kept.path, &kept.text, kept.force)?;
        (kept.is_stored, kept.force) = (true, true);
        Ok(())
    }

    /// At the end of the search: where the file cannot be written, what was found goes beside it or onto the terminal.
    pub(super) fn store_at_last(&mut self, ui: &mut Ui<'_>) -> Result<()> {
        let Err(error) = self.store() else { return Ok(()) };
        let Some(kept) = &self.kept else { return Err(error) };
        if let Ok(beside) = files::write_beside(&kept.path, &kept.text) {
            let problem = format!("{}; what was found is in {}", error.problem(), files::shown(&beside));
            return Err(error.with_problem(problem).with_remedy("read it there, or move it to where it should be"));
        }
        if std::io::stdout().is_terminal() {
            ui.text(&kept.text)?;
            return Err(error);
        }
        Err(error.with_remedy("make room, and run the command again: it finds it again"))
    }

    /// The file, if it holds something.
    pub(in crate::commands) fn file(&self) -> Option<&Path> {
        self.kept.as_ref().filter(|kept| !kept.text.is_empty()).map(|kept| kept.path.as_path())
    }
}

/// Adds to a text of secrets, of which no copies are left behind as it grows.
fn append(text: &mut Zeroizing<String>, more: &str) {
    if text.capacity() - text.len() < more.len() {
        let mut larger = Zeroizing::new(String::with_capacity(2 * (text.len() + more.len())));
        larger.push_str(text);
        *text = larger;
    }
    text.push_str(more);
}

/// How much there is to do and how long it takes, in a line. `what` it is: `phrases`.
pub(super) fn in_words(estimate: &Estimate, what: &str, share: &str, is_complete: bool) -> String {
    let mut text = counted(estimate.before, what);
    if estimate.before != estimate.after {
        let about = if estimate.exact { "" } else { "about " };
        text.push_str(&format!(", {about}{} with a right checksum", count(estimate.after)));
    }
    if estimate.places > 1 {
        text.push_str(&format!(", each at {} places", count(estimate.places as u128)));
    }
    if !share.is_empty() {
        text.push_str(&format!("; {share}"));
    }
    let rate = rate(estimate.rate);
    if estimate.left > 0 {
        text.push_str(&format!("; {rate} a second: {}", lasting(estimate.time)));
    } else if !is_complete {
        text.push_str("; what fits was found while the speed was measured");
    }
    text
}

/// `2,048 phrases`, `1 phrase`.
pub(in crate::commands) fn counted(number: u128, what: &str) -> String {
    format!("{} {}", count(number), if number == 1 { what.trim_end_matches('s') } else { what })
}

/// `2,048`.
pub(in crate::commands) fn count(number: u128) -> String {
    HumanCount(u64::try_from(number).unwrap_or(u64::MAX)).to_string()
}

fn rate(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}") } else { count(rate as u128) }
}

/// `3 minutes`.
pub(in crate::commands) fn lasting(time: Duration) -> String {
    if time < Duration::from_secs(1) { "less than a second".to_owned() } else { HumanDuration(time).to_string() }
}

/// Seconds to the millisecond, as objects have them.
pub(in crate::commands) fn seconds(time: Duration) -> f64 {
    time.as_millis() as f64 / 1000.0
}
