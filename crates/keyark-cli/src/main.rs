//! The `keyark` command: backs up crypto wallets.
//!
//! `args` says what can be asked, `commands` does it, `ui` is the one place that prints, `input` the one place that reads
//! secrets, and `files` the one place that writes files.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod files;
mod input;
mod interrupt;
mod progress;
mod slips;
mod ui;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use keyark::{Error, ErrorKind};

use crate::args::Cli;
use crate::ui::Ui;

fn main() -> ExitCode {
    let json = std::env::args_os().any(|argument| argument == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error, json),
    };
    interrupt::install(json);
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, stdout.lock());
    let mut err = std::io::stderr();
    let mut ui = Ui::new(&mut out, &mut err, cli.global.json, cli.global.quiet, terminal);
    let result = commands::run(cli, &mut ui).and_then(|()| ui.flush());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = ui.flush(); // the error that matters is the first one
            ui.error(&error);
            ExitCode::from(error.kind().code())
        }
    }
}

/// Help and versions go to stdout as they are; faults of usage have the form of every other error.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
        let mut ui = Ui::new(&mut out, &mut err, false, false, false);
        let printed = ui.text(error.render().to_string().trim_end()).and_then(|()| ui.flush());
        return match printed {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                ui.error(&error);
                ExitCode::from(error.kind().code())
            }
        };
    }
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !json {
        let _ = error.print(); // the help of the command that needs one more word
        return ExitCode::from(ErrorKind::Usage.code());
    }
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let problem = lines.next().unwrap_or("this is not a command of keyark").trim_start_matches("error: ").to_owned();
    let rest: Vec<_> = lines
        .filter(|line| !line.starts_with("For more information"))
        .map(|line| line.trim_start_matches("tip: "))
        .collect();
    let remedy = if rest.is_empty() { "see keyark --help".to_owned() } else { rest.join("; ") };
    let error = Error::new(ErrorKind::Usage, problem, remedy);
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    Ui::new(&mut out, &mut err, json, false, false).error(&error);
    ExitCode::from(ErrorKind::Usage.code())
}
