//! The one place that reads secrets: from a file, from standard input, or from the terminal without echo.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use keyark::{Error, ErrorKind, Result, SecretText};
use zeroize::Zeroizing;

use crate::{files, interrupt, terminal};

/// More than any phrase, key or keystore has.
pub(crate) const LIMIT: usize = 1 << 20;

/// More than 24 words of any language have.
const LONGEST_WORDS: usize = 4096;

/// A secret that a command needs: which flag names its file, and what the person is asked for.
pub(crate) struct Secret<'a> {
    /// The flag, as the person types it: `--phrase-file`.
    pub(crate) flag: &'static str,
    /// The value of the flag.
    pub(crate) file: Option<&'a Path>,
    /// What to ask for: `Words`.
    pub(crate) prompt: &'a str,
}

/// That at most one of these flags reads standard input, before any of them does.
///
/// # Errors
/// [`ErrorKind::Usage`] naming the second one.
pub(crate) fn check_one_stdin(flags: &[(&'static str, Option<&Path>)]) -> Result<()> {
    let mut stdin = flags.iter().filter(|(_, file)| file.is_some_and(|file| file.as_os_str() == "-"));
    match (stdin.next(), stdin.next()) {
        (Some(_), Some((flag, _))) => Err(stdin_taken(flag)),
        _ => Ok(()),
    }
}

fn stdin_taken(flag: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("standard input can be read once, and {flag} asks for it again"),
        "give - to one flag only, and files to the others",
    )
}

impl Secret<'_> {
    /// The secret from its file, or asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] naming the flag where there is neither a file nor a terminal; else as [`files::read_text`].
    pub(crate) fn read(&self) -> Result<SecretText> {
        self.read_up_to(LIMIT)
    }

    /// A secret that may have so many bytes: a list of guesses.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn read_up_to(&self, limit: usize) -> Result<SecretText> {
        match self.file {
            Some(path) => self.take_file(path, limit),
            None => self.ask(self.prompt),
        }
    }

    /// A new secret from its file, or asked for twice.
    ///
    /// # Errors
    /// As [`read`](Self::read); [`ErrorKind::Mismatch`] when the two differ.
    pub(crate) fn read_new(&self) -> Result<SecretText> {
        if let Some(path) = self.file {
            return self.take_file(path, LIMIT);
        }
        let first = self.ask(self.prompt)?;
        if first != self.ask("The same again")? {
            return Err(Error::new(ErrorKind::Mismatch, "the two entries differ", "type it twice alike"));
        }
        Ok(first)
    }

    fn take_file(&self, path: &Path, limit: usize) -> Result<SecretText> {
        let text = if path.as_os_str() == "-" {
            static TAKEN: AtomicBool = AtomicBool::new(false);
            if TAKEN.swap(true, Ordering::Relaxed) {
                return Err(stdin_taken(self.flag));
            }
            let stdin = terminal::unbuffered_stdin().map_err(|error| {
                Error::new(ErrorKind::Storage, format!("standard input could not be read: {error}"), "give a file")
            })?;
            files::read_bounded(stdin, "standard input", limit)?
        } else {
            files::read_text(path, limit)?
        };
        // One newline, of either kind, belongs to the file and not to the secret; nothing else is removed.
        let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        Ok(SecretText::from(text))
    }

    /// Words from their file, or asked for, over as many lines as they are pasted in.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(crate) fn read_words(&self) -> Result<SecretText> {
        if self.file.is_some() {
            return self.read();
        }
        const MOST_WORDS: usize = 24;
        let mut words = Zeroizing::new(String::with_capacity(LONGEST_WORDS)); // does not grow, so leaves no copies behind
        let mut prompt = self.prompt;
        let mut pasted = false;
        let _hidden = terminal::hide(); // also between the lines of what is pasted
        loop {
            let line = self.ask(prompt)?;
            let full = words.len() + line.expose().len() >= LONGEST_WORDS;
            let first = words.is_empty();
            words.push_str(line.expose());
            words.push(' ');
            let count = words.split_whitespace().count();
            let more = terminal::has_more();
            pasted |= more;
            // One line, or one paste, that can be a phrase is one; words typed over several lines end with an empty line.
            let whole = (first || pasted) && keyark::phrase::WordCount::try_from(count).is_ok();
            if more {
                prompt = "More words";
            } else if line.is_empty() || full || whole || count >= MOST_WORDS {
                terminal::forget_input(); // half a line of words must not go to the shell
                return Ok(SecretText::from(words.trim_end()));
            } else {
                prompt = "More words, or Enter if these are all";
            }
        }
    }

    fn ask(&self, prompt: &str) -> Result<SecretText> {
        if !terminal::can_ask() {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("there is no terminal to ask on, and no {}", self.flag),
                format!("give {} FILE, or {} - for standard input", self.flag, self.flag),
            ));
        }
        let typed = terminal::read_hidden(&format!("{prompt} (not shown): "));
        typed.map(|text| SecretText::from(text.as_str())).map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => interrupt::wait_for_the_end(),
            std::io::ErrorKind::UnexpectedEof => {
                Error::new(ErrorKind::Usage, "nothing was typed", format!("type it, or give {} FILE", self.flag))
            }
            std::io::ErrorKind::InvalidData => {
                Error::malformed("what was typed is not UTF-8 text of one line", format!("give {} FILE", self.flag))
            }
            _ => Error::new(ErrorKind::Storage, format!("the terminal could not be read: {error}"), "try again"),
        })
    }
}
