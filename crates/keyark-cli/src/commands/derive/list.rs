//! Where rows go: to stdout, or into a file whose name says its form, of which nothing is lost when the disk is full
//! or the person stops the command.

use std::io::{BufWriter, Write};
use std::path::Path;

use indicatif::ProgressBar;
use keyark::{Error, ErrorKind, Result};

use super::row::{Columns, Row, csv_titles};
use super::select::Selected;
#[cfg(feature = "parquet")]
use super::table::Table;
use crate::args::Derive;
use crate::files::{self, NewFile};
use crate::interrupt::{self, InOrder};
use crate::progress;
use crate::ui::Ui;

/// How rows are written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Text for a person, or objects with --json.
    AsAsked,
    JsonLines,
    Csv,
    Parquet,
}

impl Form {
    /// The form that the name of the file says.
    fn of(path: &Path) -> Self {
        match path.extension().map(|end| end.to_ascii_lowercase()) {
            Some(end) if end == "csv" => Self::Csv,
            Some(end) if end == "jsonl" => Self::JsonLines,
            Some(end) if end == "parquet" => Self::Parquet,
            _ => Self::AsAsked,
        }
    }
}

/// That the form which the file's name says can be written, before anything is asked for.
///
/// # Errors
/// [`ErrorKind::Usage`] for Parquet in a keyark without it.
pub(super) fn check(path: Option<&Path>) -> Result<()> {
    if cfg!(feature = "parquet") || path.map(Form::of) != Some(Form::Parquet) {
        return Ok(());
    }
    Err(no_parquet())
}

fn no_parquet() -> Error {
    Error::new(
        ErrorKind::Usage,
        "this keyark was built without Parquet",
        "name the file .csv or .jsonl, or build keyark with its feature parquet: cargo build --release --features parquet",
    )
}

/// Shows rows in their form, and counts them.
pub(super) struct Sheet {
    form: Form,
    columns: Columns,
    counter: ProgressBar,
    /// Of a file whose whole rows are kept when the person stops the command.
    in_order: Option<InOrder>,
    #[cfg(feature = "parquet")]
    table: Option<Table>,
}

impl Sheet {
    pub(super) fn row(&mut self, row: &Row<'_>, ui: &mut Ui<'_>) -> Result<()> {
        if self.in_order.as_ref().is_some_and(InOrder::is_asked) {
            return Err(interrupt::stopped());
        }
        self.counter.inc(1);
        #[cfg(feature = "parquet")]
        if let Some(table) = &mut self.table {
            return table.add(row);
        }
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
/// [`ErrorKind::Storage`] where the file cannot be written, [`ErrorKind::Cancelled`] when the person stopped it; what was written
/// until then is kept beside it, but not private keys.
pub(super) fn write(
    args: &Derive,
    selected: &[Selected],
    ui: &mut Ui<'_>,
    work: impl FnOnce(&mut Sheet, &mut Ui<'_>) -> Result<()>,
) -> Result<()> {
    let total = selected.iter().map(Selected::count).sum();
    let mut sheet = Sheet {
        form: args.out.out.as_deref().map_or(Form::AsAsked, Form::of),
        columns: Columns::fit(selected),
        counter: progress::counter(ui, total, args.out.out.is_some()),
        in_order: None,
        #[cfg(feature = "parquet")]
        table: None,
    };
    let Some(path) = &args.out.out else {
        work(&mut sheet, ui)?;
        sheet.counter.finish_and_clear();
        return Ok(());
    };
    let file = NewFile::create(path, args.out.force)?;
    sheet.in_order = (!args.private).then(interrupt::stop_in_order);
    let mut messages = Vec::new();
    let written = match sheet.form {
        #[cfg(feature = "parquet")]
        Form::Parquet => write_table(file, args, &mut sheet, ui, &mut messages, work),
        #[cfg(not(feature = "parquet"))]
        Form::Parquet => Err(no_parquet().into()),
        Form::AsAsked | Form::JsonLines | Form::Csv => write_lines(file, args, &mut sheet, ui, &mut messages, work),
    };
    sheet.counter.finish_and_clear();
    ui.note_all(&messages);
    match written {
        Ok(file) => file.finish()?,
        Err(broken) if args.private => return Err(broken.error),
        Err(broken) => return Err(broken.keep(path, selected)),
    }
    ui.note(&format!("written to {}, readable by you alone", files::shown(path)));
    Ok(())
}

/// Runs `work`, whose rows become lines.
fn write_lines(
    file: NewFile,
    args: &Derive,
    sheet: &mut Sheet,
    ui: &Ui<'_>,
    messages: &mut Vec<u8>,
    work: impl FnOnce(&mut Sheet, &mut Ui<'_>) -> Result<()>,
) -> Result<NewFile, Broken> {
    let name = args.out.out.as_deref().map(files::shown).unwrap_or_default();
    let titles = if sheet.form == Form::Csv { Some(csv_titles(args.private)?) } else { None };
    let mut file = BufWriter::with_capacity(1 << 16, Lines { file, lines: 0, bytes: 0, whole: 0 });
    let mut inner = ui.with(&mut file, messages, &name);
    inner.json = (inner.json || sheet.form == Form::JsonLines) && sheet.form != Form::Csv;
    let begun = titles.as_deref().map_or(Ok(()), |titles| inner.result(&(), titles));
    let result = begun.and_then(|()| work(sheet, &mut inner));
    let result = result.and(inner.flush());
    let (Lines { file, lines, whole, .. }, _) = file.into_parts(); // all is flushed, or cannot be
    let result = result.and_then(|()| file.sync());
    let rows = lines.saturating_sub(titles.is_some().into());
    match result {
        Ok(()) => Ok(file),
        Err(error) => Err(Broken { error, part: Some(Part { file, length: whole, rows }) }),
    }
}

/// Runs `work`, whose rows go into a table of columns.
#[cfg(feature = "parquet")]
fn write_table(
    file: NewFile,
    args: &Derive,
    sheet: &mut Sheet,
    ui: &Ui<'_>,
    messages: &mut Vec<u8>,
    work: impl FnOnce(&mut Sheet, &mut Ui<'_>) -> Result<()>,
) -> Result<NewFile, Broken> {
    let name = args.out.out.as_deref().map(files::shown).unwrap_or_default();
    let mut nothing = std::io::sink();
    let mut inner = ui.with(&mut nothing, messages, &name);
    inner.json = false;
    sheet.table = Some(Table::new(file, name.clone(), args.private)?);
    let result = work(sheet, &mut inner);
    match sheet.table.take() {
        Some(table) => table.end(result),
        None => Err(no_parquet().into()), // it is there
    }
}

/// A file of lines that knows which of them are whole.
struct Lines {
    file: NewFile,
    lines: u64,
    /// How many bytes there are, and how many up to the end of the last whole line.
    bytes: u64,
    whole: u64,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
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

/// Why a file is not whole, and what of it can be read nevertheless.
pub(super) struct Broken {
    pub(super) error: Error,
    pub(super) part: Option<Part>,
}

/// The start of a file, with so many bytes and rows.
pub(super) struct Part {
    pub(super) file: NewFile,
    pub(super) length: u64,
    pub(super) rows: u64,
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self { error, part: None }
    }
}

impl Broken {
    /// Keeps the whole rows beside the file that could not be written, and says how to go on.
    fn keep(self, path: &Path, selected: &[Selected]) -> Error {
        let Self { error, part } = self;
        let make_room = match error.kind() {
            ErrorKind::Storage => "make room, and ",
            ErrorKind::Cancelled => "",
            _ => return error,
        };
        let Some(Part { file, length, rows }) = part.filter(|part| part.rows > 0) else { return error };
        match file.keep_part(path, length) {
            Err(_) => error,
            Ok(kept) => Error::new(
                error.kind(),
                format!("{}; {rows} rows are whole, and kept in {}", problem(&error), files::shown(&kept)),
                format!("{make_room}write the others into another file: {}", rest(selected, rows)),
            ),
        }
    }
}

/// What went wrong; of a command that was stopped, without that nothing was changed.
fn problem(error: &Error) -> &str {
    if error.kind() == ErrorKind::Cancelled { "stopped" } else { error.problem() }
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
