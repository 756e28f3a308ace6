//! Ctrl-C: gives the terminal its echo back, removes unfinished files, says that nothing was changed; or has long work stop in
//! order.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use keyark::{Error, ErrorKind};

use crate::{screen, terminal};

/// What is to be removed when the person stops the command.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Installs the handler of Ctrl-C, hang-up and termination.
pub(crate) fn install(json: bool) {
    let restore = terminal::remember();
    // Where no handler can be installed, the system's own ends the program, as it would without keyark's.
    let _ = ctrlc::set_handler(move || {
        if IN_ORDER.load(Ordering::SeqCst) && !is_second_time() {
            return; // the work ends the program; a second time it ends at once
        }
        STOPPING.store(true, Ordering::SeqCst);
        let asking = terminal::is_asking();
        restore();
        screen::leave();
        if let Ok(unfinished) = UNFINISHED.lock() {
            unfinished.iter().for_each(|path| remove(path));
        }
        let (mut out, mut err) = (std::io::sink(), std::io::stderr());
        let mut ui = crate::ui::Ui::new(&mut out, &mut err, json, true, false);
        if asking {
            ui.note(""); // the prompt has no line end of its own
        }
        ui.error(&stopped());
        std::process::exit(i32::from(ErrorKind::Cancelled.code()));
    });
}

/// Notes that the work is to stop, and says whether it was so before. Two signals within a second are one: `timeout` and terminals
/// send theirs to the command and to its group.
fn is_second_time() -> bool {
    const ONE: Duration = Duration::from_secs(1);
    static FIRST: Mutex<Option<Instant>> = Mutex::new(None);
    let Ok(mut first) = FIRST.lock() else { return true };
    ASKED.store(true, Ordering::SeqCst);
    first.get_or_insert_with(Instant::now).elapsed() > ONE
}

/// Removes a file or folder, again and again while the main thread still writes into it: once it is gone, nothing new can be
/// made in it.
fn remove(path: &Path) {
    const MOST: usize = 1000;
    for _ in 0..MOST {
        let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        if path.symlink_metadata().is_err() {
            return;
        }
    }
}

/// Set when the handler has begun: what fails from then on fails because of it.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C asks the work to stop, in place of ending the program.
static IN_ORDER: AtomicBool = AtomicBool::new(false);
/// Whether it has asked.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Until the guard is dropped, Ctrl-C does not end the program: the work looks up whether it [is asked](InOrder::is_asked)
/// to stop, and keeps what it has.
pub(crate) fn stop_in_order() -> InOrder {
    IN_ORDER.store(true, Ordering::SeqCst);
    InOrder(())
}

/// See [`stop_in_order`].
pub(crate) struct InOrder(());

impl InOrder {
    /// Whether the person wants it to stop.
    pub(crate) fn is_asked(&self) -> bool {
        ASKED.load(Ordering::SeqCst)
    }
}

impl Drop for InOrder {
    fn drop(&mut self) {
        IN_ORDER.store(false, Ordering::SeqCst);
    }
}

/// Leaves the end of the program to the handler, if that has begun.
pub(crate) fn give_way() {
    if STOPPING.load(Ordering::SeqCst) {
        wait_for_the_end();
    }
}

/// The error of a command that the person stopped before it did anything.
pub(crate) fn stopped() -> Error {
    Error::new(ErrorKind::Cancelled, "stopped; nothing was changed", "run the command again when you are ready")
}

/// For a prompt that was interrupted: the handler, on its own thread, is about to end the program. The error is for the case
/// that there is no handler.
pub(crate) fn wait_for_the_end() -> Error {
    std::thread::sleep(std::time::Duration::from_secs(2));
    stopped()
}

/// Removes `path` if the command is stopped before the returned guard is dropped.
pub(crate) fn remove_on_interrupt(path: &Path) -> Cleanup {
    let path = crate::files::whole(path);
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        unfinished.push(path.clone());
    }
    Cleanup(path)
}

/// See [`remove_on_interrupt`].
pub(crate) struct Cleanup(PathBuf);

impl Drop for Cleanup {
    fn drop(&mut self) {
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            unfinished.retain(|path| *path != self.0);
        }
    }
}
