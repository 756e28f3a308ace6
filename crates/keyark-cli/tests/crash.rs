//! No crash costs a wallet: each command that writes is killed (-9) at each of its system calls that change files, and finds
//! the disk full from each of them on. Afterwards the vault opens, holds the old state or the new one, and can be changed.
#![cfg(all(target_os = "linux", target_env = "gnu", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

#[path = "crash/full.rs"]
mod full;
#[path = "crash/place.rs"]
mod place;
#[path = "crash/scenes.rs"]
mod scenes;
mod support;
#[path = "crash/trace.rs"]
mod trace;

use std::any::Any;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nix::errno::Errno;
use place::{Census, NEW, OLD, Place, State};
use scenes::{SCENES, Scene};
use support::Run;
use trace::{CAN_FAIL, Fate, trace};

/// Fewer points than this, and the calls are not seen.
const FEWEST_POINTS: usize = 200;

#[test]
fn a_command_that_is_killed_leaves_the_old_state_or_the_new() {
    try_all_points(Fate::Killed);
}

#[test]
fn a_command_that_finds_the_disk_full_leaves_the_old_state_or_the_new() {
    match CAN_FAIL {
        true => try_all_points(Fate::DiskFull),
        false => left_out("calls cannot be made to fail on this machine"),
    }
}

/// Says something on the screen, past the test harness, which keeps to itself what a passing test prints.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn left_out(why: &str) {
    say(&format!("left out: {why}"));
}

/// A vault before a command that writes, and after it.
struct Stage {
    scene: &'static Scene,
    place: Place,
    before: End,
    after: End,
    calls: Vec<String>,
    /// For a slow command: what lay there at the entry of each call. A kill leaves the same, and the lock is given back.
    frozen: Vec<Place>,
}

/// What is seen at one end of a command: at once, and after one more change.
struct End {
    state: State,
    names: Vec<String>,
    census: Census,
}

impl End {
    fn of(place: &Place) -> Self {
        let (state, _) = place.state();
        place.show_all(&state);
        let password = newest_password(&state);
        let next = place.copy();
        next.change(password);
        Self { state, names: next.names_after_change(password), census: next.census() }
    }
}

/// The password that the current epoch has.
fn newest_password(state: &State) -> &'static str {
    if state.contains_key(NEW) { NEW } else { OLD }
}

impl Stage {
    fn set(scene: &'static Scene) -> nix::Result<Self> {
        let place = Place::with_inputs();
        (scene.prepare)(&place);
        let before = End::of(&place);
        let done = place.copy();
        let mut frozen = Vec::new();
        let traced = trace(&done.command(scene.args), Fate::Undisturbed, &mut |_, _| {
            if scene.slow {
                frozen.push(done.copy());
            }
        })?;
        traced.run.ok();
        let after = End::of(&done);
        assert_ne!(before.state, after.state, "{} changes nothing", scene.name);
        Ok(Self { scene, place, before, after, calls: traced.calls, frozen })
    }

    /// Which calls are tried. A slow command's failures are: those with its own file, and a few of those with the vault,
    /// which are the same as other commands'.
    fn points(&self, fate: fn(usize) -> Fate) -> impl Iterator<Item = usize> {
        const A_FEW: usize = 12;
        let all = !self.scene.slow || matches!(fate(0), Fate::Killed(_));
        (0..self.calls.len()).filter(move |number| all || self.is_own(*number) || number.is_multiple_of(A_FEW))
    }

    /// Whether a call is with a file outside of the vault.
    fn is_own(&self, number: usize) -> bool {
        !self.calls[number].contains("home")
    }

    /// The command with its fate, in a fresh copy.
    fn run(&self, number: usize, fate: Fate) -> (Place, Run) {
        if self.scene.slow && matches!(fate, Fate::Killed(_)) && !self.is_own(number) {
            let place = self.frozen[number].copy();
            return (place, Run { line: String::new(), code: None, out: String::new(), err: String::new() });
        }
        let place = self.place.copy();
        let run = trace(&place.command(self.scene.args), fate, &mut |_, _| {}).unwrap().run;
        (place, run)
    }

    /// One point: a fresh copy, the command with its fate, and what it left.
    fn try_point(&self, number: usize, fate: Fate) {
        const SHOWN: usize = 8;
        let (place, run) = self.run(number, fate);
        let (state, said) = place.state();
        if number.is_multiple_of(SHOWN) {
            let mut shown = state.clone();
            if self.scene.args.contains(&"--rekey") && shown.contains_key(NEW) {
                shown.remove(OLD); // if it opens still, then to be looked at only
            }
            place.show_all(&shown);
        }
        let known = |line: &&String| !self.scene.said.iter().any(|known| line.contains(known));
        assert_eq!(said.iter().find(known), None, "an alarm");
        let is_old = state == self.before.state;
        let is_new = state == self.after.state;
        let is_between = (self.scene.between)(&state, &self.before.state, &self.after.state);
        assert!(
            is_old || is_new || is_between,
            "neither the old state nor the new: {state:#?}\n{}{}",
            run.out,
            run.err
        );
        match fate {
            Fate::DiskFull(_) => check_failure(self.scene, &run, is_old, is_new),
            _ => assert!(run.code.is_none() && (is_new || run.out.is_empty()), "it said that it was done: {}", run.out),
        }
        self.check_out_file(&place, is_new);

        // Where both passwords open the same wallets, either of them is used: the other one must end with that.
        let half_way = is_between && state.len() == 2;
        // After a rekey the old one can only look.
        let old_changes = half_way && !self.scene.args.contains(&"--rekey");
        let password = if old_changes && number.is_multiple_of(2) { OLD } else { newest_password(&state) };
        place.change(password);
        let names = place.names_after_change(password);
        if is_old || is_new {
            assert_eq!(names, if is_old { &self.before } else { &self.after }.names);
        }
        if half_way {
            let other = if password == OLD { NEW } else { OLD };
            place.run(&["list", "--password-file", other]).only_error(4);
        }
        self.check_files(&place.census(), is_old, is_new);
    }

    /// A keystore is absent or whole, and there when the vault says so.
    fn check_out_file(&self, place: &Place, is_new: bool) {
        let file = "account.json";
        if !self.scene.args.contains(&file) {
            return;
        }
        if place.path(file).exists() {
            place.run(&["keystore", "inspect", file]).ok();
        } else {
            assert!(!is_new, "a backup is noted that is not there");
        }
    }

    fn check_files(&self, census: &Census, is_old: bool, is_new: bool) {
        let expected = if is_old { &self.before.census } else { &self.after.census };
        for kind in census.keys().chain(expected.keys()) {
            let count = |of: &Census| of.get(kind).copied().unwrap_or_default();
            let left = self.scene.left.iter().find(|(left, _)| left == kind).map_or(0, |(_, most)| *most);
            let (found, expected) = (count(census), count(expected));
            assert!(found <= expected + left, "{found} files of the kind {kind}, not {expected}");
            assert!(found >= expected || !(is_old || is_new), "{found} files of the kind {kind}, not {expected}");
        }
    }
}

/// A failure is of the storage, says why, and is true; as is a success.
fn check_failure(scene: &Scene, run: &Run, is_old: bool, is_new: bool) {
    if run.code == Some(0) {
        assert!(is_new, "{} said that it was done", scene.name);
        return;
    }
    let failure = run.error(6);
    failure.says("storage", "space");
    let says_nothing = [&failure.message, &failure.remedy].iter().any(|text| text.contains("nothing was changed"));
    assert!(is_old || scene.says_too_much || !says_nothing, "{} changed something: {failure:?}", scene.name);
}

fn try_all_points(fate: fn(usize) -> Fate) {
    let start = std::time::Instant::now();
    let stages = parallel(SCENES.iter().collect(), Stage::set);
    let stages = match stages.into_iter().collect::<nix::Result<Vec<_>>>() {
        Err(Errno::EPERM | Errno::EACCES | Errno::ENOSYS) => return left_out("tracing is not permitted here"),
        stages => stages.unwrap(),
    };
    let points = stages.iter().flat_map(|stage| stage.points(fate).map(move |number| (stage, number))).collect();
    let failures = parallel(points, |(stage, number)| {
        let tried = catch_unwind(AssertUnwindSafe(|| stage.try_point(number, fate(number))));
        let why = |panic: Box<dyn Any + Send>| match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(other) => other.downcast_ref::<&str>().copied().unwrap_or_default().to_owned(),
        };
        let point = |why| format!("{}, call {number}, {}:\n{why}\n", stage.scene.name, stage.calls[number]);
        tried.err().map(why).map(point)
    });
    let count = failures.len();
    say(&format!("{count} points of {} commands, in {:.0?}", stages.len(), start.elapsed()));
    let failures: Vec<_> = failures.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{} of {count} points:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= FEWEST_POINTS, "only {count} points");
}

/// Does all the work on two threads. The results come in the order of the work.
fn parallel<T: Send + Sync + Copy, R: Send>(work: Vec<T>, act: impl Fn(T) -> R + Sync) -> Vec<R> {
    const THREADS: usize = 2;
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = work.get(number) else { break };
                    let result = act(*item);
                    results.lock().unwrap().push((number, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
