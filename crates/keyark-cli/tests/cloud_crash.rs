//! No crash costs a backup: each command that works on a cloud vault is killed (-9) at each of its system calls that change files, at home and in a
//! cloud that is a folder; before and after each request that changes something in one that is a server; and finds the disk full. Afterwards
//! the old password opens the cloud vault or the new one does, every wallet that was backed up is derived again from there (and restored into an empty
//! home by the command, at each second point), the vault at home
//! opens, and the same command succeeds or says that its work was done.
#![cfg(all(target_os = "linux", target_env = "gnu", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test
#![allow(clippy::print_stdout)] // the counts, which the README gives

#[path = "support/clouds.rs"]
mod clouds;
#[allow(dead_code, reason = "crash.rs uses more of it")]
#[path = "crash/place.rs"]
mod place;
#[path = "../../keyark-cloud/tests/support/server/mod.rs"]
mod server;
mod support;
#[path = "crash/trace.rs"]
mod trace;

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::{Arc, Barrier};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clouds::{CODE, Kind, LOCAL, NEW, NEW_CODE, OLD, Opens, URL, World, back_up, empty_box, try_all};
use nix::errno::Errno;
use server::{Fault, When};
use support::{PATIENCE, Run};
use trace::{CAN_FAIL, Fate, trace};

/// A command that works on a cloud vault.
struct Scene {
    name: &'static str,
    args: &'static [&'static str],
    prepare: fn(&World),
    /// Whether passwords and codes change: then each of them opens what it opened before, or what it opens afterwards.
    by_steps: bool,
    /// How it may fail when it is run again after it had done its work.
    done: &'static [&'static str],
    /// Whether it makes a recovery code and no file of that name may be there.
    makes_code: bool,
    /// The wallet whose copy it removes.
    removes: Option<&'static str>,
    /// Whether a recovery code opens the vault at every time.
    keeps_a_code: bool,
}

const OPEN: Scene = Scene {
    name: "",
    args: &[],
    prepare: clouds::two_wallets_in_box,
    by_steps: false,
    done: &[],
    makes_code: false,
    removes: None,
    keeps_a_code: false,
};

const SCENES: &[Scene] = &[
    Scene {
        name: "cloud init",
        args: &["cloud", "init", "box", URL, "--no-recovery-code", "--work-factor", "1", "--cloud-password-file", OLD],
        prepare: clouds::two_wallets,
        ..OPEN
    },
    Scene {
        name: "cloud init with a code",
        args: &[
            "cloud",
            "init",
            "box",
            URL,
            "--recovery-code-out",
            NEW_CODE,
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
        ],
        prepare: clouds::two_wallets,
        by_steps: true,
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "backup cloud",
        args: &["backup", "cloud", "savings", "--to", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets(world);
            empty_box(world);
            back_up(world, "hot");
        },
        ..OPEN
    },
    Scene {
        name: "backup cloud, again",
        args: &["backup", "cloud", "savings", "--to", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            let more = ["add-account", "savings", "--chain", "bitcoin", "--account", "1", "--password-file", LOCAL];
            world.run(&more).ok();
        },
        ..OPEN
    },
    Scene {
        name: "verify",
        args: &["verify", "--from", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        ..OPEN
    },
    Scene {
        name: "cloud change-password",
        args: &[
            "cloud",
            "change-password",
            "box",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--new-password-file",
            NEW,
        ],
        by_steps: true,
        done: &["wrong-password"],
        keeps_a_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud change-password --rekey",
        args: &[
            "cloud",
            "change-password",
            "box",
            "--rekey",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--new-password-file",
            NEW,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        // Locked: killed between the manifest, with which the new password counts, and the header.
        done: &["wrong-password", "locked"],
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud forgot-password",
        args: &[
            "cloud",
            "forgot-password",
            "box",
            "--work-factor",
            "1",
            "--new-password-file",
            NEW,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        done: &["usage"],
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud recovery-code",
        args: &[
            "cloud",
            "recovery-code",
            "box",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        makes_code: true,
        keeps_a_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud merge",
        args: &["cloud", "merge", "box", "--cloud-password-file", NEW, "--old-password-file", OLD],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            let forgot = [
                "cloud",
                "forgot-password",
                "box",
                "--no-recovery-code",
                "--work-factor",
                "1",
                "--new-password-file",
                NEW,
            ];
            world.run(&forgot).ok();
        },
        ..OPEN
    },
    Scene {
        name: "cloud remove --wallet",
        args: &["cloud", "remove", "box", "--wallet", "hot", "--force", "--cloud-password-file", OLD],
        done: &["not-found"],
        removes: Some("hot"),
        ..OPEN
    },
    Scene {
        name: "restore cloud, into nothing",
        args: &["restore", "cloud", URL, "--cloud-password-file", OLD, "--password-file", LOCAL, "--work-factor", "1"],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            std::fs::remove_dir_all(world.place.path("home")).unwrap();
        },
        ..OPEN
    },
    Scene {
        name: "restore cloud, beside others",
        args: &["restore", "cloud", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            world.run(&["remove", "hot", "--force", "--password-file", LOCAL]).ok();
        },
        ..OPEN
    },
];

/// What is seen of a world: in the cloud, and at home.
struct Seen {
    cloud: Opens,
    local: Option<BTreeMap<String, (Vec<String>, bool)>>,
}

impl Seen {
    fn of(world: &World) -> Self {
        Self { cloud: world.opens(), local: world.local() }
    }
}

/// A world before a command, and what is seen of it before and afterwards.
struct Stage {
    scene: &'static Scene,
    kind: Kind,
    world: World,
    before: Seen,
    after: Seen,
    /// The calls that change files, where the cloud is a folder.
    calls: Vec<String>,
    /// How many requests change something, where it is a server.
    requests: usize,
}

impl Stage {
    fn set(scene: &'static Scene, kind: Kind) -> nix::Result<Self> {
        let world = World::new(kind);
        (scene.prepare)(&world);
        let before = Seen::of(&world);
        let done = world.copy();
        let (mut calls, mut requests) = (Vec::new(), 0);
        if kind == Kind::Folder {
            let traced = trace(&done.command(scene.args), Fate::Undisturbed, &mut |_, _| {})?;
            traced.run.ok();
            calls = traced.calls;
        } else {
            done.run(scene.args).ok();
            requests = changing(&done);
        }
        let after = Seen::of(&done);
        Ok(Self { scene, kind, world, before, after, calls, requests })
    }

    /// Looks at what is left, restores it, and runs the command again.
    fn check(&self, world: &World, number: usize) -> Seen {
        /// So many points for one that is restored by the command: `Seen` has derived every wallet of each of them again.
        const RESTORED: usize = 2;
        let scene = self.scene;
        let seen = Seen::of(world);
        let (before, after) = (&self.before.cloud, &self.after.cloud);
        let one_of = |way: &&str| seen.cloud.get(*way) == before.get(*way) || seen.cloud.get(*way) == after.get(*way);
        let is_good = match scene.by_steps {
            true => [OLD, NEW, CODE, NEW_CODE].iter().all(one_of),
            false => seen.cloud == *before || seen.cloud == *after,
        };
        assert!(is_good, "neither the old state nor the new: {:#?}", seen.cloud);
        let kept: Vec<_> = before.values().flatten().filter(|(name, _)| scene.removes != Some(name.as_str())).collect();
        for (name, addresses) in kept {
            let is_there = |way: &str| {
                seen.cloud
                    .get(way)
                    .and_then(|wallets| wallets.get(name))
                    .is_some_and(|found| found.starts_with(addresses))
            };
            assert!(is_there(OLD) || is_there(NEW), "{name} is lost: {:#?}", seen.cloud);
        }
        let is_empty = before.is_empty();
        assert!(is_empty || [OLD, NEW].iter().any(|way| seen.cloud.contains_key(way)), "no password opens it");
        // A vault that was made for what is restored, with nothing in it yet.
        let is_begun = self.before.local.is_none() && seen.local.as_ref().is_some_and(BTreeMap::is_empty);
        assert!(
            is_begun || seen.local == self.before.local || seen.local == self.after.local,
            "at home, neither the old state nor the new: {:#?}",
            seen.local
        );
        self.check_notes(&seen);
        // Each way that opens something, in turn.
        let ways: Vec<_> = seen.cloud.iter().filter(|(_, wallets)| !wallets.is_empty()).collect();
        let turn = number / RESTORED;
        if let Some((way, wallets)) = ways.get(turn % ways.len().max(1)).filter(|_| number.is_multiple_of(RESTORED)) {
            assert_eq!(world.restore(way), **wallets, "{way}");
        }
        if self.again(world, &seen) {
            return seen;
        }
        let end = Seen::of(world);
        for password in [OLD, NEW] {
            assert_eq!(end.cloud.get(password), after.get(password), "{password}, when it was run again");
        }
        assert_eq!(end.local, self.after.local, "at home, when it was run again");
        seen
    }

    /// A recovery code that opened the vault goes on doing so, or the new one does.
    fn check_code(&self, seen: &Seen) {
        let opens = [CODE, NEW_CODE].iter().any(|way| seen.cloud.contains_key(way));
        assert!(opens || !self.scene.keeps_a_code, "no recovery code opens it any more");
    }

    /// What the home notes as proved is there.
    fn check_notes(&self, seen: &Seen) {
        for (name, (_, proved)) in seen.local.iter().flatten() {
            let is_there = seen.cloud.values().any(|wallets| wallets.contains_key(name));
            assert!(!proved || is_there || self.scene.removes.is_some(), "{name} is noted as proved and not there");
        }
    }

    /// Runs the command again; whether everything has been looked at with that.
    fn again(&self, world: &World, seen: &Seen) -> bool {
        let run = world.run(self.scene.args);
        if run.code == Some(0) {
            return false;
        }
        let error = run.error(run.code.unwrap());
        // A file with a code is never written over: it may open something.
        if error.kind == "already-exists" && self.scene.makes_code && world.place.path(NEW_CODE).exists() {
            std::fs::rename(world.place.path(NEW_CODE), world.place.path("kept-code.txt")).unwrap();
            return self.again(world, seen);
        }
        assert!(self.scene.done.contains(&error.kind.as_str()), "again: {error:?}");
        match error.kind.as_str() {
            "wrong-password" => assert!(!seen.cloud.contains_key(OLD), "{error:?}"),
            "not-found" => assert_eq!(seen.cloud, self.after.cloud, "{error:?}"),
            "usage" => assert!(seen.cloud.contains_key(NEW), "{error:?}"),
            // The new password counts. What the old one opens has not been removed yet, and can be.
            _ => {
                assert_eq!(seen.cloud.get(NEW), self.after.cloud.get(NEW), "{error:?}");
                let remove = ["cloud", "remove", "box", "--older", "--force", "--cloud-password-file", NEW];
                world.run(&remove).ok();
                let end = world.opens();
                assert!(!end.contains_key(OLD) && !end.contains_key(CODE), "{end:#?}");
                assert_eq!(end.get(NEW), self.after.cloud.get(NEW));
                return true;
            }
        }
        false
    }
}

fn changing(world: &World) -> usize {
    ["PUT", "DELETE", "MOVE", "MKCOL"].iter().map(|method| world.server().count(method)).sum()
}

/// The scenes on a cloud of a kind; `None` where tracing is not permitted.
fn stages(kind: Kind) -> Option<Vec<Stage>> {
    let stages = SCENES.iter().map(|scene| Stage::set(scene, kind)).collect::<nix::Result<Vec<_>>>();
    match stages {
        Err(Errno::EPERM | Errno::EACCES | Errno::ENOSYS) => {
            println!("left out: tracing is not permitted here");
            None
        }
        stages => Some(stages.unwrap()),
    }
}

fn in_a_folder(what: &str, fate: fn(usize) -> Fate, every: usize, about: About) {
    let start = Instant::now();
    let Some(stages) = stages(Kind::Folder) else { return };
    let numbers = |stage: &Stage| (0..stage.calls.len()).step_by(every).collect::<Vec<_>>();
    let points: Vec<_> =
        stages.iter().flat_map(|stage| numbers(stage).into_iter().map(move |number| (stage, number))).collect();
    let all: usize = stages.iter().map(|stage| stage.calls.len()).sum();
    let name =
        |(stage, number): &(&Stage, usize)| format!("{}, call {number}, {}", stage.scene.name, stage.calls[*number]);
    let count = try_all(&points, 2, name, |(stage, number)| {
        let world = stage.world.copy();
        let run = trace(&world.command(stage.scene.args), fate(*number), &mut |_, _| {}).unwrap().run;
        if matches!(fate(*number), Fate::Killed(_)) {
            assert_eq!(run.code, None, "{}", run.out);
            let seen = stage.check(&world, *number);
            stage.check_code(&seen);
        } else {
            check_full(stage, &world, &run, *number, about);
        }
        true
    });
    println!("faults: {what}: {count} injected of {all} points, 0 states lost, {:.0?}", start.elapsed());
    assert!(count >= 100, "only {count} points");
}

/// What is looked at where the disk is full.
#[derive(Clone, Copy, PartialEq)]
enum About {
    State,
    /// That what a failure says is true, too.
    Words,
}

/// A failure says that the disk is full, and a success is one.
fn check_full(stage: &Stage, world: &World, run: &Run, number: usize, about: About) {
    let said = run.code.map(|code| (code != 0).then(|| run.error(code)));
    let seen = stage.check(world, number);
    match said {
        Some(None) => assert!(seen.cloud == stage.after.cloud || stage.scene.makes_code, "it said that it was done"),
        Some(Some(failure)) => {
            assert_eq!(failure.kind, "storage", "{failure:?}");
            let text = format!("{} {}", failure.message, failure.remedy);
            assert!(text.contains("disk is full") || text.contains("space"), "{failure:?}");
            if about == About::State {
                return;
            }
            assert!(text.contains("space"), "what to do is not said: {failure:?}");
            stage.check_code(&seen);
            let is_same = seen.cloud == stage.before.cloud && seen.local == stage.before.local;
            assert!(is_same || !text.contains("nothing was changed"), "something was: {failure:?}");
        }
        None => panic!("a signal ended it"),
    }
}

#[test]
fn killed_where_the_cloud_is_a_folder() {
    in_a_folder("kill -9 at a system call, cloud in a folder", Fate::Killed, 1, About::State);
}

#[test]
fn a_full_disk_at_home_and_in_the_folder() {
    const SAMPLE: usize = 4; // each fourth point: failing calls are tried one by one in crash.rs
    match CAN_FAIL {
        true => in_a_folder("disk full from a system call on, cloud in a folder", Fate::DiskFull, SAMPLE, About::State),
        false => println!("left out: calls cannot be made to fail on this machine"),
    }
}

#[test]
fn what_is_said_of_a_full_disk_is_true() {
    if CAN_FAIL {
        in_a_folder("disk full: what is said of it", Fate::DiskFull, 3, About::Words);
    }
}

#[test]
fn killed_at_each_request_to_s3() {
    on_a_server("kill -9 at a request, S3", Kind::S3);
}

#[test]
fn killed_at_each_request_to_webdav() {
    on_a_server("kill -9 at a request, WebDAV", Kind::WebDav);
}

fn on_a_server(what: &str, kind: Kind) {
    let start = Instant::now();
    let stages = stages(kind).unwrap();
    let points: Vec<_> = stages
        .iter()
        .flat_map(|stage| (0..stage.requests).flat_map(move |number| [false, true].map(|after| (stage, number, after))))
        // A sample of WebDAV, which takes three requests for each of S3's: what is after one is before the next one.
        .filter(|(_, number, after)| kind == Kind::S3 || *after || number.is_multiple_of(3))
        .collect();
    let name = |(stage, number, after): &(&Stage, usize, bool)| {
        format!(
            "{} on {:?}, {} request {number}",
            stage.scene.name,
            stage.kind,
            if *after { "after" } else { "before" }
        )
    };
    let count = try_all(&points, 3, name, |(stage, number, after)| {
        let world = stage.world.copy();
        let Some(held) = kill_at(&world, stage.scene.args, *number, *after) else { return false };
        let seen = stage.check(&world, *number);
        stage.check_code(&seen);
        // It had no effect until now; what it does is in a world that nobody looks at any more.
        held.wait();
        true
    });
    println!("faults: {what}: {count} injected, 0 states lost, {:.0?}", start.elapsed());
    assert!(count >= 40, "only {count} points");
}

/// Runs a command until its n-th request that changes something, which has its effect or has none, and kills it there. Whoever waits at the
/// barrier lets a request that is held go on. `None` if it came to its end with fewer requests.
fn kill_at(world: &World, args: &[&str], number: usize, after_effect: bool) -> Option<Arc<Barrier>> {
    const FOR_THE_EFFECT: Duration = Duration::from_millis(10);
    let held = Arc::new(Barrier::new(if after_effect { 1 } else { 2 }));
    let fault = match after_effect {
        // The answer does not come while the command lives.
        true => Fault::Slow(Duration::from_secs(2)),
        false => Fault::Meet(held.clone()),
    };
    world.server().forget_log();
    world.server().fault(When::method("PUT|DELETE|MOVE|MKCOL").after(number).times(1), fault);
    let mut child = world.command(args).spawn().unwrap();
    let start = Instant::now();
    while changing(world) <= number {
        let ended = child.try_wait().unwrap();
        if let Some(ended) = ended {
            assert!(ended.success(), "it failed by itself");
            return None; // requests side by side: one folder less was made
        }
        if start.elapsed() > PATIENCE {
            kill(&mut child);
            panic!("it hangs");
        }
        sleep(Duration::from_millis(1));
    }
    if after_effect {
        sleep(FOR_THE_EFFECT);
    }
    kill(&mut child);
    world.server().heal();
    Some(held)
}

fn kill(child: &mut Child) {
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
}
