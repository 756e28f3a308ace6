//! `keyark completions` and `keyark man`: made from the same source as the help.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;
use keyark::{Error, ErrorKind, Result};

use crate::args::Cli;
use crate::files;
use crate::ui::Ui;

/// What each exit code means, for the man pages.
const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done"),
    (1, "a fault of keyark"),
    (2, "usage"),
    (3, "the input is malformed or out of bounds"),
    (4, "wrong password"),
    (5, "refused by the export policy"),
    (6, "the storage failed"),
    (7, "no such thing, or it exists already"),
    (8, "a verification did not match"),
    (130, "stopped by the person"),
];

pub(super) fn completions(shell: clap_complete::Shell, ui: &mut Ui<'_>) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "keyark", &mut script);
    ui.result(
        &serde_json::json!({ "shell": shell.to_string(), "script": String::from_utf8_lossy(&script) }),
        &String::from_utf8_lossy(&script),
    )
}

pub(super) fn man(folder: &Path, ui: &mut Ui<'_>) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(
            ErrorKind::Storage,
            format!("the manual pages could not be written to {}: {error}", files::shown(folder)),
            "check the path, its permissions and the space on the disk",
        )
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build(); // gives every command its full name
    for (name, page) in pages(&root, "keyark").map_err(failed)? {
        std::fs::write(folder.join(format!("{name}.1")), page).map_err(failed)?;
    }
    let shown = files::shown(folder);
    let text = format!("the manual pages are in {shown}; read them with: man -l {shown}/keyark.1");
    ui.result(&serde_json::json!({ "folder": shown }), &text)
}

/// The page of a command and of those below it, with their names.
fn pages(command: &clap::Command, name: &str) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut page = Vec::new();
    let without_examples = command.clone().after_help("").after_long_help("");
    let manual = Man::new(without_examples).title(name).manual("keyark");
    manual.render_title(&mut page)?;
    manual.render_name_section(&mut page)?;
    manual.render_synopsis_section(&mut page)?;
    manual.render_description_section(&mut page)?;
    manual.render_options_section(&mut page)?;
    if command.has_subcommands() {
        manual.render_subcommands_section(&mut page)?;
    }
    if let Some(examples) = command.get_after_help() {
        page.extend(verbatim(&examples.to_string()));
    }
    page.extend(exit_status());
    let mut pages = vec![(name.to_owned(), page)];
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        pages.extend(self::pages(sub, &format!("{name}-{}", sub.get_name()))?);
    }
    Ok(pages)
}

/// The examples as they stand: to be copied, so neither filled nor hyphenated.
fn verbatim(examples: &str) -> Vec<u8> {
    // Without the heading, and without what stands in sections of its own.
    let lines = examples.lines().skip(1).take_while(|line| !line.is_empty());
    let lines =
        lines.map(|line| format!("{}\n", line.trim_start_matches("  ").replace('\\', "\\e").replace('-', "\\-")));
    format!(".SH EXAMPLES\n.nf\n{}.fi\n", lines.collect::<String>()).into_bytes()
}

/// The exit codes, which scripts rely on.
fn exit_status() -> Vec<u8> {
    let mut text = ".SH \"EXIT STATUS\"\n".to_owned();
    for (code, meaning) in EXIT_CODES {
        text.push_str(&format!(".TP\n{code}\n{meaning}\n"));
    }
    text.into_bytes()
}
