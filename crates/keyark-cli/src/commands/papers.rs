//! `keyark completions` and `keyark man`: made from the same source as the help.

use std::path::Path;

use clap::CommandFactory;
use keyark::{Error, ErrorKind, Result};

use crate::args::Cli;
use crate::files;
use crate::ui::Ui;

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
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
    ui.result(
        &serde_json::json!({ "folder": files::shown(folder) }),
        &format!(
            "the manual pages are in {}; read them with: man -l {}/keyark.1",
            files::shown(folder),
            files::shown(folder)
        ),
    )
}
