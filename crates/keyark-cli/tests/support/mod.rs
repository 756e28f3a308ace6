//! What the tests of the command share: a home of its own for each test, and the command run in it.
#![allow(dead_code, reason = "each file of tests uses a part of this")]

#[cfg(target_os = "linux")]
pub(crate) mod terminal;
#[cfg(unix)]
pub(crate) mod vault;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The words of the BIP-84, BIP-86 and many other vectors.
pub(crate) const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// Longer than any command here takes; what runs longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of its own for a test. The command runs in it, and its temporary files go into a second folder of it.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmp")).unwrap();
        Self { folder }
    }

    /// A home with [`WORDS`] in words.txt.
    pub(crate) fn with_words() -> Self {
        let home = Self::new();
        home.write("words.txt", format!("{WORDS}\n"));
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of all files in the home, those in the folder for temporary files among them.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        files_below(self.folder.path()).into_iter().map(|path| path.display().to_string()).collect()
    }

    /// `keyark` with these arguments, in this home, with nothing on standard input.
    pub(crate) fn command<A: AsRef<std::ffi::OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyark"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.path("tmp"))
            .env_remove("KEYARK_HOME")
            .env_remove("XDG_DATA_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `keyark` with nothing on standard input.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), "")
    }

    /// Runs `keyark` with `input` on standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped());
        finish(command, input)
    }
}

/// Gives a command the folder and the environment of another.
pub(crate) fn like(command: &mut Command, other: &Command) {
    command.current_dir(other.get_current_dir().unwrap());
    for (name, value) in other.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// A limit on the size of files stands in for a full disk.
pub(crate) fn with_space(keyark: &Command, kibibytes: u32) -> Run {
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"")])
        .arg(keyark.get_program())
        .args(keyark.get_args());
    like(&mut shell, keyark);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(shell, "")
}

/// The paths of all files below `folder`, relative to it.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(root, &path, found),
                false => found.push(path.strip_prefix(root).unwrap().to_owned()),
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found
}

/// Runs a command to its end and collects what it printed. One that hangs is ended, and fails the test.
pub(crate) fn finish(mut command: Command, input: &str) -> Run {
    let line = format!("{command:?}");
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // The command may end before it has read all; that is its right.
        stdin.map(|mut stdin| stdin.write_all(input.as_bytes()));
    });
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let status = wait(&mut child, &line);
    writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { line, code: status.code(), out: text(out.join().unwrap()), err: text(err.join().unwrap()) }
}

fn collect(from: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut from) = from {
            from.read_to_end(&mut bytes).unwrap();
        }
        bytes
    })
}

/// Waits for the end of a process, for [`PATIENCE`] at most.
pub(crate) fn wait(child: &mut Child, line: &str) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it hangs: {line}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What a command did.
pub(crate) struct Run {
    /// The command line, for messages of failed tests.
    pub(crate) line: String,
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Asserts that it succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}{}", self.line, self.out, self.err);
        self
    }

    /// Stdout as JSON Lines: one object on each line, and nothing else.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        assert!(self.out.is_empty() || self.out.ends_with('\n'), "{}\n{}", self.line, self.out);
        let object = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(value.is_object(), "{line}");
            value
        };
        self.out.lines().map(object).collect()
    }

    /// The one object on stdout of a command that succeeded.
    #[track_caller]
    pub(crate) fn object(self) -> Value {
        let run = self.ok();
        let mut objects = run.objects();
        assert_eq!(objects.len(), 1, "{}\n{}", run.line, run.out);
        objects.remove(0)
    }

    /// Asserts that a command with --json failed with this exit code, and gives its error: the last line of stderr is
    /// one object with a code, a kind, a message and a remedy.
    #[track_caller]
    pub(crate) fn error(&self, code: i32) -> Failure {
        assert_eq!(self.code, Some(code), "{}\n{}{}", self.line, self.out, self.err);
        let last = self.err.lines().last().unwrap_or_else(|| panic!("{}: an error without a word", self.line));
        let value: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"));
        let fields: Vec<_> = value["error"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["code", "kind", "message", "remedy"], "{last}");
        assert_eq!(value["error"]["code"], code, "{last}");
        let text = |name: &str| value["error"][name].as_str().unwrap().to_owned();
        let failure = Failure { kind: text("kind"), message: text("message"), remedy: text("remedy") };
        for part in [&failure.message, &failure.remedy] {
            assert!(!part.trim().is_empty() && !part.contains('\n'), "{last}");
        }
        failure
    }

    /// As [`error`](Self::error), for a command that has printed nothing before.
    #[track_caller]
    pub(crate) fn only_error(&self, code: i32) -> Failure {
        assert_eq!(self.out, "", "{}", self.line);
        self.error(code)
    }
}

/// The error of a command with --json.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) remedy: String,
}

impl Failure {
    /// Asserts that it is of this kind and says this in its problem or its remedy.
    #[track_caller]
    pub(crate) fn says(&self, kind: &str, words: &str) {
        assert_eq!(self.kind, kind, "{self:?}");
        assert!(self.message.contains(words) || self.remedy.contains(words), "{words}: {self:?}");
    }
}

/// Asserts that an object has these fields. It may have others: the contract is added to, never changed.
#[track_caller]
pub(crate) fn assert_fields(object: &Value, names: &[&str]) {
    let fields = object.as_object().unwrap_or_else(|| panic!("no object: {object}"));
    for name in names {
        assert!(fields.contains_key(*name), "no {name}: {object}");
    }
}

/// A text field of an object.
#[track_caller]
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_else(|| panic!("no text in {name}: {object}"))
}

/// One text field of each object.
#[track_caller]
pub(crate) fn column<'a>(objects: &'a [Value], name: &str) -> Vec<&'a str> {
    objects.iter().map(|object| text(object, name)).collect()
}
