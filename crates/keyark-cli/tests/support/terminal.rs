//! A terminal of its own for a command, to type on and to read from.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::{Home, PATIENCE, wait};

/// A command on a pseudo-terminal of 80 columns.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    /// The side of the command, kept open so that its state can be looked at afterwards.
    line: OwnedFd,
    screen: Arc<Mutex<Vec<u8>>>,
    reader: std::thread::JoinHandle<()>,
    seen: usize,
}

/// How a command on a terminal ended.
pub(crate) struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// All that was on the screen, without line feeds' carriage returns.
    pub(crate) screen: String,
    /// Whether the terminal shows what is typed, as it did before.
    pub(crate) echo: bool,
}

impl Terminal {
    /// Starts `keyark` as the leader of a session on a new terminal, as a shell does.
    pub(crate) fn start(home: &Home, args: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let line = File::options().read(true).write(true).open(path).unwrap();
        tcsetwinsize(&line, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();

        // The terminal must be the controlling one, or Ctrl-C would be a character like any other.
        let keyark = home.command(args);
        let mut command = Command::new("setsid");
        command.arg("--ctty").arg(keyark.get_program()).args(keyark.get_args());
        command.current_dir(keyark.get_current_dir().unwrap());
        for (name, value) in keyark.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let end = || line.try_clone().unwrap();
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();

        let screen = Arc::new(Mutex::new(Vec::new()));
        let mut from = File::from(master.try_clone().unwrap());
        let shared = Arc::clone(&screen);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The read fails when the last user of the line has gone.
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                shared.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Self { child, keyboard: File::from(master), line: line.into(), screen, reader, seen: 0 }
    }

    /// Waits until `text` appears on the screen, after what was waited for before.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let screen = self.text();
            if let Some(at) = screen.get(self.seen..).and_then(|new| new.find(text)) {
                self.seen += at + text.len();
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("no {text:?} on the screen:\n{}", self.text());
    }

    /// Types text; Ctrl-C is `"\x03"`.
    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Sends a signal to the command.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it ends.
    pub(crate) fn end(mut self) -> Ended {
        let status = wait(&mut self.child, "on a terminal");
        let echo = tcgetattr(&self.line).unwrap().local_modes.contains(LocalModes::ECHO);
        drop(self.line);
        self.reader.join().unwrap();
        let screen = String::from_utf8_lossy(&self.screen.lock().unwrap()).replace("\r\n", "\n");
        Ended { code: status.code(), screen, echo }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }
}
