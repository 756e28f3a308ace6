//! A screen of its own for secrets, as editors have it: when it is left, nothing of it stays in the terminal's scrollback.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::terminal;

static ENTERED: AtomicBool = AtomicBool::new(false);

/// Shows `text` on the terminal's alternate screen until Enter is pressed.
pub(crate) fn show(text: &str) -> std::io::Result<()> {
    const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[H";
    ENTERED.store(true, Ordering::SeqCst);
    let shown = write(&format!("{ENTER}{text}\n\nEnter, when it is on paper: this screen is then cleared. "));
    terminal::forget_input(); // an Enter that was typed before the words could be seen
    let read = shown.and_then(|()| std::io::stdin().read_line(&mut String::new()));
    leave();
    read.map(drop)
}

/// Clears the alternate screen and leaves it, if it was entered.
pub(crate) fn leave() {
    const LEAVE: &str = "\x1b[2J\x1b[H\x1b[?1049l";
    if ENTERED.swap(false, Ordering::SeqCst) {
        let _ = write(LEAVE); // a terminal that has gone away needs no clearing
    }
}

fn write(text: &str) -> std::io::Result<()> {
    let mut terminal = std::io::stderr();
    terminal.write_all(text.as_bytes())?;
    terminal.flush()
}
