//! New recovery codes: on a screen of their own and typed back, or in a file. Nothing is sealed with one that nobody has.

use std::path::Path;

use keyark::vault::RecoveryCode;
use keyark::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

use super::Cloud;
use crate::args::RecoveryOut;
use crate::input::Secret;
use crate::ui::Ui;
use crate::{files, screen, terminal};

/// What becomes of a new recovery code.
pub(super) enum Plan<'a> {
    /// It is shown, written down and typed back.
    Paper,
    /// It is written to a file.
    File(&'a Path),
    /// There is none.
    None,
}

impl<'a> Plan<'a> {
    /// What the flags say. Without them a terminal is needed. The file must be free, none of the `inputs`, and not beside the vault that it opens.
    pub(super) fn new(out: &'a RecoveryOut, cloud: &Cloud, inputs: &[Option<&Path>]) -> Result<Self> {
        match &out.recovery_code_out {
            _ if out.no_recovery_code => Ok(Self::None),
            Some(file) => Self::file(file, cloud, inputs),
            None if terminal::can_ask() => Ok(Self::Paper),
            None => Err(Error::new(
                ErrorKind::Usage,
                "there is no terminal to show the recovery code on, and no --recovery-code-out",
                "give --recovery-code-out FILE, or --no-recovery-code if the password alone is to open the cloud vault",
            )),
        }
    }

    /// As [`new`](Self::new), where there is to be a code in any case.
    pub(super) fn paper_or_file(file: Option<&'a Path>, cloud: &Cloud, inputs: &[Option<&Path>]) -> Result<Self> {
        match file {
            Some(file) => Self::file(file, cloud, inputs),
            None if terminal::can_ask() => Ok(Self::Paper),
            None => Err(Error::new(
                ErrorKind::Usage,
                "there is no terminal to show the recovery code on, and no --recovery-code-out",
                "give --recovery-code-out FILE",
            )),
        }
    }

    fn file(file: &'a Path, cloud: &Cloud, inputs: &[Option<&Path>]) -> Result<Self> {
        // Its error would say --force, which there is not: an old code may still open older copies.
        files::check_free(file, false).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => error.with_remedy("choose another name"),
            ErrorKind::Usage if file.as_os_str() == "-" => error
                .with_problem("--recovery-code-out takes a file, not - for standard output")
                .with_remedy("name a file"),
            _ => error,
        })?;
        files::check_apart(file, inputs)?;
        let whole = files::whole(file);
        let folder = whole.parent().unwrap_or(&whole);
        if cloud.entry.location.folder().is_some_and(|vault| is_inside(folder, vault)) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{} would lie beside the vault that it opens", files::shown(file)),
                "choose a place that whoever has the cloud vault's files does not have",
            ));
        }
        Ok(Self::File(file))
    }

    /// Makes the code, and sees to it that the person has it.
    pub(super) fn make(&self, cloud: &Cloud, ui: &mut Ui<'_>) -> Result<Option<Made>> {
        match self {
            Self::None => Ok(None),
            Self::Paper => {
                let code = RecoveryCode::generate()?;
                teach(&code, cloud, ui)?;
                Ok(Some(Made { code, file: None }))
            }
            Self::File(file) => {
                let code = RecoveryCode::generate()?;
                let text = Zeroizing::new(format!("{}\n", code.expose()));
                files::write_new(file, &text, false)?;
                Ok(Some(Made { code, file: Some(file.to_path_buf()) }))
            }
        }
    }
}

/// Whether `folder` is the vault's, or below it.
fn is_inside(folder: &Path, vault: &Path) -> bool {
    folder.starts_with(vault) || folder.ancestors().any(|above| files::is_same_folder(above, vault))
}

/// A code that the person has, and that opens nothing yet.
pub(super) struct Made {
    pub(super) code: RecoveryCode,
    file: Option<std::path::PathBuf>,
}

/// The error where nobody knows whether a new code counts: the code is kept. Where another device came first, it does not.
pub(super) fn in_doubt(error: &Error, name: &str) -> Error {
    if error.kind() == ErrorKind::Locked {
        return Error::new(
            error.kind(),
            format!("another computer has set a password of this vault at the same time: {}", error.problem()),
            "the new recovery code opens nothing that is written from now on; run the command again with the password of today",
        );
    }
    let why = error.problem().replace("; nothing was changed", "");
    Error::new(
        error.kind(),
        format!("it is not certain that the new recovery code opens the cloud vault: {why}"),
        format!("{}; keep both codes until another one is made: keyark cloud recovery-code {name}", error.remedy()),
    )
}

impl Made {
    /// The vault was not changed: a file with a code that opens nothing would mislead.
    pub(super) fn take_back(made: Option<&Self>) {
        if let Some(file) = made.and_then(|made| made.file.as_deref()) {
            let _ = std::fs::remove_file(file); // the error that led here is the one to be told
        }
    }

    /// Where it is.
    pub(super) fn tell(&self, ui: &mut Ui<'_>) {
        let place = match &self.file {
            Some(file) => format!(
                "the recovery code is in {}, readable by you alone: print it or copy it by hand",
                files::shown(file)
            ),
            None => "the recovery code is on your paper".to_owned(),
        };
        ui.note(&format!("{place}. It opens the cloud vault like the password, so keep it apart from the password and from this computer"));
    }
}

/// Shows the code and has it typed back.
fn teach(code: &RecoveryCode, cloud: &Cloud, ui: &mut Ui<'_>) -> Result<()> {
    show(code, cloud)?;
    let secret = Secret {
        flag: "--recovery-code-out",
        file: None,
        prompt: "The recovery code, from the paper; Enter alone shows it again",
    };
    loop {
        let typed = secret.read()?;
        if typed.expose().trim().is_empty() {
            show(code, cloud)?;
            continue;
        }
        match check(code, &typed) {
            Ok(()) => return Ok(()),
            Err(error) => ui.error(&error),
        }
    }
}

fn check(code: &RecoveryCode, typed: &SecretText) -> Result<()> {
    if RecoveryCode::parse(typed)? == *code {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Mismatch, "this is another recovery code", "type the one that was shown just now"))
}

fn show(code: &RecoveryCode, cloud: &Cloud) -> Result<()> {
    let text = Zeroizing::new(format!(
        "The recovery code of {}. It opens that vault when\nits password is forgotten. It is not a seed phrase, and no wallet takes it.\n\n  {}\n\n\
         Write it down and keep it apart from the password and from this\ncomputer. It is asked for next.",
        cloud.title(),
        code.expose()
    ));
    screen::show(&text).map_err(|error| {
        let problem = format!("the terminal could not be used: {error}");
        Error::new(ErrorKind::Storage, problem, "have the code written to a file, with --recovery-code-out FILE")
    })
}
