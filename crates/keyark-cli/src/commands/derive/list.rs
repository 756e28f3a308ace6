//! Where rows go: to stdout, or into a file whose name says its form, of which nothing is lost when the disk is full.

use std::io::{BufWriter, Write};
use std::path::Path;

use indicatif::ProgressBar;
use keyark::{Error, Result};

use super::row::{Columns, Row, csv_titles};
use super::select::Selected;
use crate::args::Derive;
use crate::files::{self, NewFile};
use crate::progress;
use crate::ui::Ui;

/// How rows are written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Text for a person, or objects with --json.
    AsAsked,
    JsonLines,
    Csv,
}

impl Form {
    /// The form that the name of the file says.
    fn of(path: &Path) -> Self {
        match path.extension().map(|end| end.to_ascii_lowercase()) {
            Some(end) if end == "csv" => Self::Csv,
            Some(end) if end == "jsonl" => Self::JsonLines,
            _ => Self::AsAsked,
        }
    }
}

/// Shows rows in their form, and counts them.
pub(super) struct Sheet {
    form: Form,
    columns: Columns,
    counter: ProgressBar,
}

impl Sheet {
    pub(super) fn row(&self, row: &Row<'_>, ui: &mut Ui<'_>) -> Result<()> {
        self.counter.inc(1);
        match self.form {
            Form::Csv => ui.result(row, &row.csv()?),
            _ if ui.json => ui.result(row, ""),
            _ => ui.result(row, &row.text(&self.columns)),
        }
    }
}

/// Runs `work`, whose rows go where the arguments say.
///
/// # Errors
/// [`ErrorKind::Storage`](keyark::ErrorKind::Storage) where the file cannot be written; what was written until then is kept
/// beside it, but not private keys.
pub(super) fn write(
    args: &Derive,
    selected: &[Selected],
    ui: &mut Ui<'_>,
    work: impl FnOnce(&Sheet, &mut Ui<'_>) -> Result<()>,
) -> Result<()> {
    let total = selected.iter().map(Selected::count).sum();
    let form = args.out.out.as_deref().map_or(Form::AsAsked, Form::of);
    let counter = progress::counter(ui, total, args.out.out.is_some());
    let sheet = Sheet { form, columns: Columns::fit(selected), counter };
    let Some(path) = &args.out.out else {
        work(&sheet, ui)?;
        sheet.counter.finish_and_clear();
        return Ok(());
    };
    let mut file = BufWriter::with_capacity(1 << 16, Lines::new(NewFile::create(path, args.out.force)?));
    let mut messages = Vec::new();
    let mut inner = ui.with(&mut file, &mut messages, &files::shown(path));
    let titles = if form == Form::Csv { Some(csv_titles(args.private)?) } else { None };
    inner.json = (inner.json || form == Form::JsonLines) && form != Form::Csv;
    let begun = titles.as_deref().map_or(Ok(()), |titles| inner.result(&(), titles));
    let result = begun.and_then(|()| work(&sheet, &mut inner)).and_then(|()| inner.flush());
    sheet.counter.finish_and_clear();
    ui.note_all(&messages);
    let (lines, _) = file.into_parts(); // all is flushed, or cannot be
    match result {
        Ok(()) => lines.file.finish()?,
        Err(error) if args.private || !lines.is_broken => return Err(error),
        Err(error) => return Err(lines.keep(error, path, u64::from(titles.is_some()), selected)),
    }
    ui.note(&format!("written to {}, readable by you alone", files::shown(path)));
    Ok(())
}

/// A file of lines that knows which of them are whole.
struct Lines {
    file: NewFile,
    lines: u64,
    /// How many bytes there are, and how many up to the end of the last whole line.
    bytes: u64,
    whole: u64,
    is_broken: bool,
}

impl Lines {
    fn new(file: NewFile) -> Self {
        Self { file, lines: 0, bytes: 0, whole: 0, is_broken: false }
    }

    /// Keeps the whole rows beside the file that could not be written, and says how to go on.
    fn keep(self, error: Error, path: &Path, titles: u64, selected: &[Selected]) -> Error {
        let rows = self.lines.saturating_sub(titles);
        if rows == 0 {
            return error;
        }
        match self.file.keep_part(path, self.whole) {
            Err(_) => error,
            Ok(kept) => Error::new(
                error.kind(),
                format!("{}; {rows} rows are whole, and kept in {}", error.problem(), files::shown(&kept)),
                format!("make room, and write the others into another file: {}", rest(selected, rows)),
            ),
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes).inspect_err(|error| {
            self.is_broken |= error.kind() != std::io::ErrorKind::Interrupted;
        })?;
        let done = bytes.get(..written).unwrap_or_default();
        self.lines += done.iter().filter(|byte| **byte == b'\n').count() as u64;
        if let Some(last) = done.iter().rposition(|byte| *byte == b'\n') {
            self.whole = self.bytes + last as u64 + 1;
        }
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// The arguments for what comes behind so many rows.
fn rest(selected: &[Selected], mut rows: u64) -> String {
    for (at, one) in selected.iter().enumerate() {
        if rows >= one.count() {
            rows -= one.count();
            continue;
        }
        let range = format!("--range {}..{}", u64::from(one.range.start) + rows, one.range.end);
        if selected.len() == 1 {
            return range;
        }
        let more = if at + 1 < selected.len() { ", and then what comes behind them" } else { "" };
        return format!("--chain {} --kind {} {range}{more}", one.chain.info().id, one.kind.id);
    }
    "none is missing".to_owned()
}
