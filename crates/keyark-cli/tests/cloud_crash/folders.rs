//! Killed at each system call, and a full disk, where the cloud is a folder.

use super::*;

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
