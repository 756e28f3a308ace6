//! The one place that prints: JSON Lines or text on stdout, everything else on stderr.

use std::io::{IsTerminal, Write};

use keyark::{Error, ErrorKind, Result, Warning};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::slips;

/// Where a command's results and messages go.
pub(crate) struct Ui<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// Whether results are JSON Lines.
    pub(crate) json: bool,
    /// Whether progress is silent.
    pub(crate) quiet: bool,
    /// Whether a person sees stdout.
    pub(crate) terminal: bool,
    /// What is being written to, as errors call it.
    destination: String,
    broken: bool,
    warned: Vec<&'static str>,
}

impl<'a> Ui<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, err: &'a mut dyn Write, json: bool, quiet: bool, terminal: bool) -> Self {
        let destination = "the output".to_owned();
        Self { out, err, json, quiet, terminal, destination, broken: false, warned: Vec::new() }
    }

    /// A ui with the same manner that prints elsewhere, to what errors call `destination`.
    pub(crate) fn with<'b>(&self, out: &'b mut dyn Write, err: &'b mut dyn Write, destination: &str) -> Ui<'b> {
        Ui { destination: destination.to_owned(), ..Ui::new(out, err, self.json, true, false) }
    }

    /// One result: an object with --json, else these lines.
    pub(crate) fn result(&mut self, value: &impl Serialize, text: &str) -> Result<()> {
        if self.json {
            let written = serde_json::to_writer(&mut *self.out, value).map_err(std::io::Error::from);
            let written = written.and_then(|()| self.out.write_all(b"\n"));
            self.check(written)
        } else {
            self.line(text)
        }
    }

    /// Help, which is text also with --json.
    pub(crate) fn help(&mut self, text: &str) -> Result<()> {
        self.line(text).and_then(|()| self.flush())
    }

    /// Lines of text for a person, only without --json.
    pub(crate) fn text(&mut self, text: &str) -> Result<()> {
        if self.json { Ok(()) } else { self.line(text) }
    }

    fn line(&mut self, text: &str) -> Result<()> {
        let written = writeln!(self.out, "{text}");
        self.check(written)
    }

    /// A message on stderr. That it cannot be shown is no reason to stop.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = self.flush();
        let _ = if self.terminal && !self.json && std::io::stderr().is_terminal() {
            let mut broken = text.lines().flat_map(|line| {
                let indent = if line.starts_with("  ") { "  " } else { "" };
                textwrap::wrap(line, textwrap::Options::with_termwidth().subsequent_indent(indent))
            });
            broken.try_for_each(|line| writeln!(self.err, "{line}"))
        } else {
            writeln!(self.err, "{text}")
        };
    }

    /// Messages that were collected, on stderr.
    pub(crate) fn note_all(&mut self, messages: &[u8]) {
        let _ = self.flush();
        let _ = self.err.write_all(messages);
    }

    /// Warnings on stderr that each row of a long output would repeat: each once.
    pub(crate) fn warn_once(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            if !self.warned.contains(&warning.id()) {
                self.warned.push(warning.id());
                self.note(&format!("warning: {warning}"));
            }
        }
    }

    /// Warnings on stderr.
    pub(crate) fn warnings(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            self.note(&format!("warning: {}", printable(warning.message())));
        }
    }

    /// The problem and the remedy, a line each, or one object with --json.
    pub(crate) fn error(&mut self, error: &Error) {
        let kind = error.kind();
        let (mut message, mut remedy) = (error.to_string(), error.remedy().to_owned());
        if slips::repeated_in(&[&message, &remedy]) {
            message = "something that looks like words or a key was given in an argument, and is not repeated here"
                .to_owned();
            remedy = "put it into a file, name the file, and remove the line from the shell's history".to_owned();
        }
        if self.json {
            let object = serde_json::json!({
                "error": {
                    "code": kind.code(),
                    "kind": kind.id(),
                    "message": message,
                    "remedy": remedy,
                }
            });
            self.note(&object.to_string());
        } else {
            let (message, remedy) = (printable(&message), printable(&remedy));
            self.note(&format!("{} {message}\n  {} {remedy}", self.red("error:"), self.bold("try:")));
        }
    }

    /// Says `what` is about to happen and has the person type a name first; `done` is what is not done otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if something else is typed.
    pub(crate) fn have_typed(&mut self, what: &str, name: &str, done: &str) -> Result<()> {
        self.note(&format!("{what}\nType {name} to go on, anything else to leave it:"));
        let mut typed = String::new();
        let read = std::io::stdin().read_line(&mut typed);
        if read.is_ok() && typed.trim() == name {
            return Ok(());
        }
        let problem = format!("the name was not typed, so nothing was {done}");
        Err(Error::new(ErrorKind::Cancelled, problem, "run the command again"))
    }

    /// The width into which text is wrapped: the terminal's, or none.
    pub(crate) fn width(&self) -> usize {
        if self.terminal { textwrap::termwidth() } else { usize::MAX }
    }

    /// Text in bold on a terminal.
    pub(crate) fn bold(&self, text: &str) -> String {
        self.styled("1", text)
    }

    fn red(&self, text: &str) -> String {
        self.styled("1;31", text)
    }

    fn styled(&self, code: &str, text: &str) -> String {
        let colour = self.terminal && std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        let written = self.out.flush();
        self.check(written)
    }

    /// Whether the reader of stdout has gone away, as `head` does when it has seen enough.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    fn check(&mut self, written: std::io::Result<()>) -> Result<()> {
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.broken = true;
                Ok(())
            }
            Err(error) => Err(unwritten(&self.destination, &error)),
        }
    }
}

/// That the output, by its name, takes no more.
pub(crate) fn unwritten(destination: &str, error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        format!("{destination} could not be written: {error}"),
        "see whether the disk is full, and run the command again",
    )
}

/// Text that may come from a file or a name, with its control characters escaped: they could rewrite the screen.
pub(crate) fn printable(text: &str) -> String {
    let escape = |letter: char| match letter {
        control if keyark::is_invisible(control) => control.escape_default().to_string(),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}

/// A name or a path as it is typed in a shell.
pub(crate) fn quoted(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    if !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

/// Rows of text in aligned columns. Where the last cell does not fit beside the others into `width`, it has lines of its own.
pub(crate) fn table(rows: &[Vec<String>], width: usize) -> String {
    const GAP: &str = "  ";
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<_> = (0..columns).map(|column| widest(column).unwrap_or_default()).collect();
    let start: usize = widths.iter().rev().skip(1).map(|width| width + GAP.len()).sum();
    let line = |row: &Vec<String>| {
        let pad = |cell: &String, width: usize| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())));
        let cells = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width));
        let cells: Vec<_> = cells.collect();
        // What is copied from the screen, an address or a URL, is not broken; and a date is one word.
        let wrap = |text: &str, indent: &str| {
            let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(indent);
            let options = options.break_words(false).word_separator(textwrap::WordSeparator::AsciiSpace);
            let lines = textwrap::wrap(text, options.word_splitter(textwrap::WordSplitter::NoHyphenation));
            lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
        };
        match (cells.split_last(), row.last()) {
            (Some((_, others)), Some(last)) if columns > 1 && row.len() == columns && start + last.width() > width => {
                format!("{}\n{}", wrap(&others.join(GAP), ""), wrap(last, GAP))
            }
            _ => cells.join(GAP).trim_end().to_owned(),
        }
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Names and values in two aligned columns.
pub(crate) fn fields(pairs: &[(&str, &str)], width: usize) -> String {
    let row = |(name, value): &(&str, &str)| vec![(*name).to_owned(), printable(value)];
    table(&pairs.iter().map(row).collect::<Vec<_>>(), width)
}
