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
mod screen;
mod slips;
mod terminal;
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
    terminal::forbid_core_dumps();
    interrupt::install(json);
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, stdout.lock());
    let mut err = std::io::stderr();
    let mut ui = Ui::new(&mut out, &mut err, cli.global.json, cli.global.quiet, terminal);
    let result = commands::run(cli, &mut ui).and_then(|()| ui.flush());
    interrupt::give_way();
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
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut ui = Ui::new(&mut out, &mut err, json, false, false);
    if !error.use_stderr() {
        return match ui.help(error.render().to_string().trim_end()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                ui.error(&error);
                ExitCode::from(error.kind().code())
            }
        };
    }
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !json {
        ui.note(error.render().to_string().trim_end()); // the help of the command that needs one more word
        return ExitCode::from(ErrorKind::Usage.code());
    }
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut problem =
        lines.next().unwrap_or("this is not a command of keyark").trim_start_matches("error: ").to_owned();
    let mut reason = None;
    if let Some((value, why)) = problem.clone().split_once("': ").filter(|_| problem.starts_with("invalid value")) {
        (problem, reason) = (format!("{value}'"), Some(why.to_owned())); // what would be right is the remedy
    }
    let is_tip = |line: &&str| !line.starts_with("Usage:") && !line.starts_with("For more information");
    let mut tips: Vec<_> =
        lines.filter(is_tip).map(|line| line.trim_start_matches("tip: ").trim_matches(['[', ']'])).collect();
    if problem.ends_with(':') && !tips.is_empty() {
        // clap puts each thing that is missing on a line of its own.
        let missing = tips.iter().take_while(|tip| tip.starts_with(['<', '-'])).count().max(1);
        problem = format!("{problem} {}", tips.drain(..missing).collect::<Vec<_>>().join(", "));
    }
    let remedy = match (reason, tips.is_empty()) {
        (Some(reason), _) => reason,
        (None, false) => tips.join("; "),
        (None, true) => "add --help to the command to see what it takes".to_owned(),
    };
    let error = Error::new(ErrorKind::Usage, problem, remedy);
    ui.error(&error);
    ExitCode::from(ErrorKind::Usage.code())
}
