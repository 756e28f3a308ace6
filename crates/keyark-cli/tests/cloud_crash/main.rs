//! No crash costs a backup: each command that works on a cloud vault is killed (-9) at each of its system calls that change files, at home and in a
//! cloud that is a folder; before and after each request that changes something in one that is a server; and finds the disk full. Afterwards
//! the old password opens the cloud vault or the new one does, every wallet that was backed up is derived again from there (and restored into an empty
//! home by the command, at each second point), the vault at home opens, and the same command succeeds or says that its work was done.
#![cfg(all(target_os = "linux", target_env = "gnu", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test
#![allow(clippy::print_stdout)] // the counts, which the README gives

#[path = "../support/clouds.rs"]
mod clouds;
#[allow(dead_code, reason = "crash.rs uses more of it")]
#[path = "../crash/place.rs"]
mod place;
#[path = "../../../keyark-cloud/tests/support/server/mod.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;
#[path = "../crash/trace.rs"]
mod trace;

mod folders;
mod requests;
mod scenes;

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::{Arc, Barrier};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clouds::{CODE, Kind, LOCAL, NEW, NEW_CODE, OLD, Opens, URL, World, back_up, empty_box, try_all};
use nix::errno::Errno;
use scenes::SCENES;
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

/// How many requests have changed something.
fn changing(world: &World) -> usize {
    ["PUT", "DELETE", "MOVE", "MKCOL"].iter().map(|method| world.server().count(method)).sum()
}
