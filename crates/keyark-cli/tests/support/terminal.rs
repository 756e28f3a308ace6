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

use super::{Home, PATIENCE, like, wait};

/// What opens a screen of its own, and what clears and leaves it.
pub(crate) const ENTER_SCREEN: &str = "\x1b[?1049h";
pub(crate) const CLEAR_AND_LEAVE: &str = "\x1b[2J\x1b[H\x1b[?1049l";

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
    /// How many bytes of what was typed nobody has read: the shell would read them next.
    pub(crate) unread: u64,
}

impl Terminal {
    /// Starts `keyark` on a new terminal.
    pub(crate) fn start(home: &Home, args: &[&str]) -> Self {
        Self::of(&home.command(args))
    }

    /// Starts a command as the leader of a session on a new terminal, as a shell does.
    pub(crate) fn of(started: &Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        let line = File::options().read(true).write(true).open(path).unwrap();
        tcsetwinsize(&line, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();

        // The terminal must be the controlling one, or Ctrl-C would be a character like any other.
        let mut command = Command::new("setsid");
        command.arg("--ctty").arg(started.get_program()).args(started.get_args());
        like(&mut command, started);
        let end = || line.try_clone().unwrap();
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();

        let screen = Arc::new(Mutex::new(Vec::new()));
        let mut from = File::from(master.try_clone().unwrap());
        let shared = Arc::clone(&screen);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The read fails when the last user of the line has gone.
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                shared.lock().unwrap().extend(bytes.iter().take(count));
            }
        });
        Self { child, keyboard: File::from(master), line: line.into(), screen, reader, seen: 0 }
    }

    /// Waits until `text` appears on the screen, after what was waited for before, and gives what came in between.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let between = self.appears(text, PATIENCE);
        between.unwrap_or_else(|| panic!("no {text:?} on the screen:\n{}", self.text()))
    }

    fn appears(&mut self, text: &str, patience: Duration) -> Option<String> {
        let start = Instant::now();
        while start.elapsed() < patience {
            let screen = self.text();
            let new = screen.get(self.seen..).unwrap_or_default();
            if let Some((between, _)) = new.split_once(text) {
                self.seen += between.len() + text.len();
                return Some(between.to_owned());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        None
    }

    /// Waits until `prompt` asks for a secret, and the terminal has stopped to show what is typed. Gives the
    /// rest of the prompt.
    #[track_caller]
    pub(crate) fn asked(&mut self, prompt: &str) -> String {
        self.expect(prompt);
        let rest = self.expect("(not shown): ");
        let start = Instant::now();
        while self.echo() {
            assert!(start.elapsed() < PATIENCE, "what is typed is shown:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(1));
        }
        rest
    }

    /// Types text; Ctrl-C is `"\x03"`.
    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Types text, and again each half second, until `answer` appears on the screen.
    #[track_caller]
    pub(crate) fn types_until(&mut self, text: &str, answer: &str) {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.types(text);
            if self.appears(answer, Duration::from_millis(500)).is_some() {
                return;
            }
        }
        panic!("no {answer:?} on the screen:\n{}", self.text());
    }

    /// Sends a signal to the command.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until it ends.
    pub(crate) fn end(mut self) -> Ended {
        let status = wait(&mut self.child, "on a terminal");
        let echo = self.echo();
        let unread = rustix::io::ioctl_fionread(&self.line).unwrap();
        drop(self.line);
        self.reader.join().unwrap();
        let screen = String::from_utf8_lossy(&self.screen.lock().unwrap()).replace("\r\n", "\n");
        Ended { code: status.code(), screen, echo, unread }
    }

    fn echo(&self) -> bool {
        tcgetattr(&self.line).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }
}

/// Answers a prompt.
#[track_caller]
pub(crate) fn answer(terminal: &mut Terminal, prompt: &str, text: &str) {
    terminal.asked(prompt);
    terminal.types(&format!("{text}\n"));
}

/// Reads a screen of its own, and leaves it.
#[track_caller]
pub(crate) fn read_screen(terminal: &mut Terminal) -> String {
    terminal.expect(ENTER_SCREEN);
    let shown = terminal.expect("Enter, when it is on paper");
    terminal.types_until("\n", CLEAR_AND_LEAVE); // what is typed before it can be read does not count
    shown
}

/// The words on their screen, as a person reads them: by their numbers, over the columns.
#[track_caller]
pub(crate) fn read_words(shown: &str) -> Vec<String> {
    let tokens: Vec<_> = shown.split_whitespace().collect();
    let number = |token: &str| token.parse::<usize>().ok();
    let pairs = tokens.windows(2).filter_map(|pair| Some((number(pair[0])?, pair[1].to_owned())));
    let mut words: Vec<_> = pairs.filter(|(_, word)| word != "English").collect();
    words.sort();
    let numbers: Vec<_> = words.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>(), "{shown}");
    words.into_iter().map(|(_, word)| word).collect()
}

/// What stays on the terminal when the screens of their own are left.
pub(crate) fn scrollback(screen: &str) -> String {
    let parts = screen.split(ENTER_SCREEN).enumerate();
    parts.map(|(at, part)| if at == 0 { part } else { part.split_once(CLEAR_AND_LEAVE).unwrap().1 }).collect()
}

/// Asserts that it ended with this exit code, and left the terminal as it was.
#[track_caller]
pub(crate) fn assert_ended(ended: &Ended, code: i32) {
    assert_eq!((ended.code, ended.echo), (Some(code), true), "{}", ended.screen);
    assert_eq!(ended.unread, 0, "bytes that the shell would read: {}", ended.screen);
}
