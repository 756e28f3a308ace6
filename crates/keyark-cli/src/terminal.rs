//! The terminal that the person types on.

use std::io::IsTerminal;

#[cfg(unix)]
pub(crate) use unix::{forbid_core_dumps, forget_input, has_more, hide, is_asking, read_hidden, remember};

#[cfg(unix)]
mod unix {
    use std::io::{Error, ErrorKind, Result, Write};

    use rustix::process::{Resource, Rlimit, setrlimit};
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
    use zeroize::Zeroizing;

    /// A crash must not write the secrets in memory into a file. Where the system refuses, it is as it would be without.
    pub(crate) fn forbid_core_dumps() {
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = setrlimit(Resource::Core, none);
    }

    /// The longest line that a terminal gives at once.
    const LONGEST_LINE: usize = 4096;

    /// One line, not shown while it is typed. The terminal's own line editing stays on, and every character counts: a tab in a
    /// password is a tab. Reads no byte behind the end of the line.
    pub(crate) fn read_hidden(prompt: &str) -> Result<Zeroizing<String>> {
        let _hidden = hide()?; // before the prompt: who answers at once must not see it
        let mut err = std::io::stderr();
        write!(err, "{prompt}")?;
        err.flush()?;
        let line = read_line()?;
        let text =
            std::str::from_utf8(&line).map_err(|_| Error::new(ErrorKind::InvalidData, "this is not UTF-8 text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Switches the echo off until the guard is dropped.
    pub(crate) fn hide() -> Result<Hidden> {
        let before = tcgetattr(rustix::stdio::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &hidden)?;
        let was_asking = ASKING.swap(true, Ordering::SeqCst);
        Ok(Hidden { before, was_asking })
    }

    /// See [`hide`].
    pub(crate) struct Hidden {
        before: Termios,
        was_asking: bool,
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.before);
            ASKING.store(self.was_asking, Ordering::SeqCst);
        }
    }

    static ASKING: AtomicBool = AtomicBool::new(false);

    /// Whether a prompt stands at the end of the screen.
    pub(crate) fn is_asking() -> bool {
        ASKING.load(Ordering::SeqCst)
    }

    fn read_line() -> Result<Zeroizing<Vec<u8>>> {
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE)); // does not grow, so leaves no copies behind
        let mut byte = Zeroizing::new([0]);
        loop {
            match rustix::io::read(rustix::stdio::stdin(), &mut *byte) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) if *byte == *b"\n" => return Ok(line),
                Ok(_) if line.len() == LONGEST_LINE => return Err(ErrorKind::InvalidData.into()),
                Ok(_) => line.extend_from_slice(byte.as_slice()),
                Err(error) if error == rustix::io::Errno::INTR => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A prompt switches the echo off; what is returned gives back the terminal as it is now.
    pub(crate) fn remember() -> impl Fn() + Send + 'static {
        let now = tcgetattr(rustix::stdio::stdin()).ok();
        move || {
            if let Some(now) = &now {
                let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, now);
            }
        }
    }

    /// Whether more was typed or pasted than has been read.
    pub(crate) fn has_more() -> bool {
        std::thread::sleep(std::time::Duration::from_millis(200)); // a long paste arrives in pieces
        rustix::io::ioctl_fionread(rustix::stdio::stdin()).is_ok_and(|waiting| waiting > 0)
    }

    /// Throws away what was typed but not read.
    pub(crate) fn forget_input() {
        let _ = tcflush(rustix::stdio::stdin(), QueueSelector::IFlush);
    }
}

/// Whether there is a person to ask: one who types, and sees what is asked.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Standard input without the buffer that `std` keeps, and never erases, for the whole run.
pub(crate) fn unbuffered_stdin() -> std::io::Result<std::fs::File> {
    #[cfg(unix)]
    return std::os::fd::AsFd::as_fd(&std::io::stdin()).try_clone_to_owned().map(std::fs::File::from);
    #[cfg(windows)]
    return std::os::windows::io::AsHandle::as_handle(&std::io::stdin()).try_clone_to_owned().map(std::fs::File::from);
}

/// On Windows the console's mode ends with the prompt, and a prompt reads whole lines.
#[cfg(not(unix))]
pub(crate) fn remember() -> impl Fn() + Send + 'static {
    || {}
}

/// One line, not shown while it is typed.
#[cfg(not(unix))]
pub(crate) fn read_hidden(prompt: &str) -> std::io::Result<zeroize::Zeroizing<String>> {
    rpassword::prompt_password(prompt).map(zeroize::Zeroizing::new)
}

#[cfg(not(unix))]
pub(crate) fn has_more() -> bool {
    false
}

#[cfg(not(unix))]
pub(crate) fn forget_input() {}

#[cfg(not(unix))]
pub(crate) fn forbid_core_dumps() {}

#[cfg(not(unix))]
pub(crate) fn hide() -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn is_asking() -> bool {
    true
}
