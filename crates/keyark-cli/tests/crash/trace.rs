//! A command that is run from one system call to the next, with the calls that change files counted.
//!
//! Writing through memory that is mapped from a file would not be seen; the command maps no file for writing.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::support::{Run, like};

/// What happens to a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    /// Nothing: it runs to its end.
    Undisturbed,
    /// It is killed (-9) at the entry of its n-th call that changes files, which does not take place.
    Killed(usize),
    /// From its n-th such call on, the disk is full: those that take space fail.
    DiskFull(usize),
}

/// A command that has been traced to its end.
pub(crate) struct Traced {
    /// Its calls that change files, each with the file, in their order.
    pub(crate) calls: Vec<String>,
    /// How it ended; without an exit code when it was killed.
    pub(crate) run: Run,
}

/// Runs a command and lets it meet its fate. At the entry of each call that changes files, `look` is called with its number
/// and what it is.
///
/// # Errors
/// `EPERM` where tracing is not permitted.
#[expect(clippy::zombie_processes, reason = "the tracer waits for it")]
pub(crate) fn trace(command: &Command, fate: Fate, look: &mut dyn FnMut(usize, &str)) -> nix::Result<Traced> {
    // The shell waits until it is traced, and then becomes the command.
    let mut shell = Command::new("sh");
    shell.args(["-c", "read go; exec \"$@\"", "sh"]).arg(command.get_program()).args(command.get_args());
    like(&mut shell, command);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = shell.spawn().unwrap();
    let process = Pid::from_raw(child.id().try_into().unwrap());
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_EXITKILL;
    if let Err(error) = ptrace::seize(process, options) {
        child.kill().unwrap();
        child.wait().unwrap();
        return Err(error);
    }
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();

    let mut tracer = Tracer { process, fate, calls: Vec::new(), failing: BTreeSet::new() };
    let code = tracer.follow(look);
    // What it prints is less than a pipe holds, so it never waits for a reader.
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    Ok(Traced { calls: tracer.calls, run: Run { line: format!("{command:?}"), code, out, err } })
}

struct Tracer {
    process: Pid,
    fate: Fate,
    calls: Vec<String>,
    /// Threads in a call that is made to fail.
    failing: BTreeSet<Pid>,
}

impl Tracer {
    /// Follows all threads to the end of the process; its exit code.
    fn follow(&mut self, look: &mut dyn FnMut(usize, &str)) -> Option<i32> {
        loop {
            // Of this thread's children only: other tests follow theirs on other threads.
            let stop = waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)).unwrap();
            let (thread, signal) = match stop {
                WaitStatus::PtraceSyscall(thread) => {
                    self.at_call(thread, look);
                    (thread, None)
                }
                WaitStatus::PtraceEvent(thread, ..) => (thread, None),
                WaitStatus::Stopped(thread, signal) => (thread, Some(signal)),
                WaitStatus::Exited(thread, code) if thread == self.process => return Some(code),
                WaitStatus::Signaled(thread, ..) if thread == self.process => return None,
                _ => continue,
            };
            let _ = ptrace::syscall(thread, signal); // it fails for one that has just been killed
        }
    }

    fn at_call(&mut self, thread: Pid, look: &mut dyn FnMut(usize, &str)) {
        let Ok(info) = ptrace::syscall_info(thread) else { return };
        if info.op == libc::PTRACE_SYSCALL_INFO_EXIT && self.failing.remove(&thread) {
            machine::fail(thread, Errno::ENOSPC);
        }
        if info.op != libc::PTRACE_SYSCALL_INFO_ENTRY {
            return;
        }
        let Ok(call) = machine::call(thread) else { return };
        let Some((text, takes_space)) = describe(thread, &call) else { return };
        let number = self.calls.len();
        look(number, &text);
        self.calls.push(text);
        match self.fate {
            Fate::Killed(at) if at == number => kill(self.process, Signal::SIGKILL).unwrap(),
            Fate::DiskFull(from) if number >= from && takes_space => {
                machine::skip(thread);
                self.failing.insert(thread);
            }
            _ => {}
        }
    }
}

/// A system call: its number and its arguments.
struct Call {
    number: i64,
    args: [u64; 6],
}

/// Where a call says what it changes.
#[derive(Clone, Copy)]
enum What {
    /// An open file, in this argument.
    File(usize),
    /// A path, in this argument.
    Path(usize),
    /// A path, and in the other argument how it is opened.
    Open(usize, usize),
}

/// The calls that change files, whether they take space, and where they say of which.
#[rustfmt::skip]
const CALLS: &[(i64, &str, bool, What)] = &[
    (libc::SYS_write, "write", true, What::File(0)),
    (libc::SYS_pwrite64, "pwrite", true, What::File(0)),
    (libc::SYS_writev, "writev", true, What::File(0)),
    (libc::SYS_pwritev, "pwritev", true, What::File(0)),
    (libc::SYS_pwritev2, "pwritev2", true, What::File(0)),
    (libc::SYS_sendfile, "sendfile", true, What::File(0)),
    (libc::SYS_copy_file_range, "copy_file_range", true, What::File(2)),
    (libc::SYS_ftruncate, "ftruncate", false, What::File(0)),
    (libc::SYS_fallocate, "fallocate", true, What::File(0)),
    (libc::SYS_fsync, "fsync", true, What::File(0)),
    (libc::SYS_fdatasync, "fdatasync", true, What::File(0)),
    (libc::SYS_fchmod, "fchmod", false, What::File(0)),
    (libc::SYS_fchown, "fchown", false, What::File(0)),
    (libc::SYS_truncate, "truncate", false, What::Path(0)),
    (libc::SYS_openat, "openat", true, What::Open(1, 2)),
    (libc::SYS_openat2, "openat2", true, What::Path(1)),
    (libc::SYS_renameat, "renameat", true, What::Path(1)),
    (libc::SYS_renameat2, "renameat2", true, What::Path(1)),
    (libc::SYS_linkat, "linkat", true, What::Path(1)),
    (libc::SYS_symlinkat, "symlinkat", true, What::Path(2)),
    (libc::SYS_unlinkat, "unlinkat", false, What::Path(1)),
    (libc::SYS_mkdirat, "mkdirat", true, What::Path(1)),
    (libc::SYS_fchmodat, "fchmodat", false, What::Path(1)),
    (libc::SYS_fchownat, "fchownat", false, What::Path(1)),
];

/// Older calls, which only this machine has.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const OLDER: &[(i64, &str, bool, What)] = &[
    (libc::SYS_open, "open", true, What::Open(0, 1)),
    (libc::SYS_creat, "creat", true, What::Path(0)),
    (libc::SYS_rename, "rename", true, What::Path(0)),
    (libc::SYS_link, "link", true, What::Path(0)),
    (libc::SYS_symlink, "symlink", true, What::Path(1)),
    (libc::SYS_unlink, "unlink", false, What::Path(0)),
    (libc::SYS_mkdir, "mkdir", true, What::Path(0)),
    (libc::SYS_rmdir, "rmdir", false, What::Path(0)),
    (libc::SYS_chmod, "chmod", false, What::Path(0)),
    (libc::SYS_chown, "chown", false, What::Path(0)),
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[(i64, &str, bool, What)] = &[];

/// What a call changes, if it changes a file, and whether that takes space.
fn describe(thread: Pid, call: &Call) -> Option<(String, bool)> {
    let (_, name, takes_space, what) = CALLS.iter().chain(OLDER).find(|(number, ..)| *number == call.number)?;
    let file = match *what {
        What::File(at) if matches!(call.args[at], 1 | 2) => return None,
        What::File(at) => {
            std::fs::read_link(format!("/proc/{thread}/fd/{}", call.args[at])).ok()?.display().to_string()
        }
        What::Path(at) => text_at(thread, call.args[at]),
        What::Open(path, flags) => {
            const WRITES: i32 = libc::O_CREAT | libc::O_TRUNC | libc::O_WRONLY | libc::O_RDWR;
            let flags = i32::try_from(call.args[flags] & u64::from(u32::MAX >> 1)).unwrap();
            if flags & WRITES == 0 {
                return None;
            }
            text_at(thread, call.args[path])
        }
    };
    // Pipes and sockets among the open files have no path; terminals and the system's own files are no part of a vault.
    let elsewhere =
        file.contains(":[") || ["/dev/tty", "/dev/null", "/proc/", "/sys/"].iter().any(|of| file.starts_with(of));
    (!elsewhere).then(|| (format!("{name} {file}"), *takes_space))
}

/// The text at an address in the memory of a thread.
fn text_at(thread: Pid, address: u64) -> String {
    let mut bytes = [0; 4096];
    let memory = std::fs::File::open(format!("/proc/{thread}/mem")).unwrap();
    let count = memory.read_at(&mut bytes, address).unwrap_or_default();
    let text = bytes[..count].split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

/// The registers of this machine.
#[cfg(target_arch = "x86_64")]
mod machine {
    use super::{Call, Errno, Pid, ptrace};

    pub(super) const CAN_FAIL: bool = true;

    pub(super) fn call(thread: Pid) -> nix::Result<Call> {
        let at = ptrace::getregs(thread)?;
        Ok(Call { number: at.orig_rax.cast_signed(), args: [at.rdi, at.rsi, at.rdx, at.r10, at.r8, at.r9] })
    }

    /// Has the system do nothing: there is no call of this number.
    pub(super) fn skip(thread: Pid) {
        let mut at = ptrace::getregs(thread).unwrap();
        at.orig_rax = u64::MAX;
        ptrace::setregs(thread, at).unwrap();
    }

    /// Has a call return an error.
    pub(super) fn fail(thread: Pid, error: Errno) {
        let mut at = ptrace::getregs(thread).unwrap();
        at.rax = i64::from(-(error as i32)).cast_unsigned();
        ptrace::setregs(thread, at).unwrap();
    }
}

#[cfg(target_arch = "aarch64")]
mod machine {
    use super::{Call, Errno, Pid, ptrace};

    /// The number of a call cannot be changed through the general registers here.
    pub(super) const CAN_FAIL: bool = false;

    pub(super) fn call(thread: Pid) -> nix::Result<Call> {
        let at = ptrace::getregs(thread)?.regs;
        Ok(Call { number: at[8].cast_signed(), args: [at[0], at[1], at[2], at[3], at[4], at[5]] })
    }

    pub(super) fn skip(_: Pid) {}

    pub(super) fn fail(_: Pid, _: Errno) {}
}

/// Whether calls can be made to fail on this machine.
pub(crate) const CAN_FAIL: bool = machine::CAN_FAIL;
