//! Disks that take nothing more, for each command that writes: a small one that is full to the last block, and one that is
//! read-only. Both are in memory, mounted where only these tests see them.

use std::path::Path;
use std::process::Command;

use super::place::{OLD, Place, State};
use super::scenes::{SCENES, Scene};
use super::support::Run;
use super::{check_failure, left_out, newest_password, parallel, say};

/// Set where mounts are seen by these tests only.
const MOUNTS: &str = "KEYARK_TEST_MOUNTS";

/// Whether mounting is possible here. If not, the test of this name is run again where it is, as root or as a user who is
/// root among processes of his own; where that is not possible either, it is left out.
fn can_mount(test: &str) -> bool {
    if std::env::var_os(MOUNTS).is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let possible = |flags: &&str| {
        let probe =
            Command::new("unshare").arg(flags).args(["mount", "-t", "tmpfs", "tmpfs"]).arg(folder.path()).output();
        probe.is_ok_and(|probe| probe.status.success())
    };
    let Some(flags) = ["-m", "-rm"].into_iter().find(possible) else {
        left_out(&format!("{test}: nothing can be mounted here"));
        return false;
    };
    let mut again = Command::new("unshare");
    again.arg(flags).arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).env(MOUNTS, "1");
    let again = again.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&again.stderr));
    assert!(again.status.success() && out.contains("1 passed"), "{out}{err}");
    err.lines().for_each(say);
    false
}

/// A disk in memory.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        run("mount", &["-t", "tmpfs", "-o", "size=2m", "tmpfs"], folder.path());
        Self { folder }
    }

    /// Puts a copy of `place` on the disk, alone.
    fn hold(&self, place: &Place) -> Place {
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
        }
        let copy = Place::at(self.folder.path());
        place.copy_to(&copy);
        copy
    }

    /// Fills the disk but for so many blocks.
    fn fill(&self, place: &Place, blocks: u64) {
        const BLOCK: u64 = 4096;
        let path = place.path(FILLING);
        let mut size = 0;
        while append(&path, &[0xff; BLOCK as usize]) {
            size += BLOCK;
        }
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size - blocks * BLOCK).unwrap();
    }

    fn make_read_only(&self) {
        run("mount", &["-o", "remount,ro"], self.folder.path());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &[], self.folder.path());
    }
}

/// What takes up the space.
const FILLING: &str = "filling";

/// Whether all of it could be written.
fn append(path: &Path, bytes: &[u8]) -> bool {
    use std::io::Write;
    std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(bytes).is_ok()
}

fn run(program: &str, args: &[&str], folder: &Path) {
    let done = Command::new(program).args(args).arg(folder).output().unwrap();
    assert!(done.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A command, the vault that it finds, and the one that it leaves.
fn ends(scene: &Scene) -> (Place, State, State) {
    let place = Place::with_inputs();
    (scene.prepare)(&place);
    let done = place.copy();
    done.run(scene.args).ok();
    let (before, after) = (place.state().0, done.state().0);
    (place, before, after)
}

/// Commands that only read. Each is there for what it prints on both outputs.
fn read_all(place: &Place, state: &State) -> Vec<(String, String)> {
    let mut printed = Vec::new();
    let mut read = |args: &[&str]| {
        let Run { out, err, .. } = place.run(args).ok();
        printed.push((out, err));
    };
    for (password, view) in state {
        let password = ["--password-file", password];
        read(&[&["list"], &password[..]].concat());
        read(&[&["policy", "show"], &password[..]].concat());
        for wallet in &view.wallets {
            read(&[&["show", &wallet.name], &password[..]].concat());
            if view.sound && view.may_export_keys() {
                read(&[&["export", "key", &wallet.name, "--chain", "ethereum"], &password[..]].concat());
            }
        }
    }
    printed
}

#[test]
fn a_disk_that_is_full_to_the_last_block_costs_nothing() {
    if !can_mount("full::a_disk_that_is_full_to_the_last_block_costs_nothing") {
        return;
    }
    let tries = parallel(SCENES.iter().collect(), until_it_fits);
    let sum: usize = tries.iter().sum();
    say(&format!("{} commands on a full disk, {sum} tries with more and more space", SCENES.len()));
    assert!(tries.iter().all(|tries| *tries > 1), "none of them may fit without any space: {tries:?}");
}

/// Tries a command with no free block, one, two and so on, until it succeeds; a slow one with some at a time. How many tries
/// that took.
fn until_it_fits(scene: &Scene) -> usize {
    const MOST: u64 = 40;
    let (place, before, after) = ends(scene);
    let disk = Disk::new();
    for (number, blocks) in (0..MOST).step_by(if scene.slow { 4 } else { 1 }).enumerate() {
        let place = disk.hold(&place);
        disk.fill(&place, blocks);
        let run = place.run(scene.args);
        let (state, _) = place.state();
        let (is_old, is_new) = (state == before, state == after);
        let name = scene.name;
        assert!(is_old || is_new || (scene.between)(&state, &before, &after), "{name}, {blocks} blocks: {state:#?}");
        check_failure(scene, &run, is_old, is_new);
        read_all(&place, &state);
        place.show_all(&state);
        std::fs::remove_file(place.path(FILLING)).unwrap();
        if run.code == Some(0) {
            return number + 1;
        }
        let password = newest_password(&state);
        place.change(password);
        place.names_after_change(password);
        assert!(!place.census().contains_key("unfinished"), "{name}, {blocks} blocks");
    }
    panic!("{} does not fit into {MOST} blocks", scene.name)
}

#[test]
fn a_read_only_disk_can_be_read_and_refuses_changes() {
    if !can_mount("full::a_read_only_disk_can_be_read_and_refuses_changes") {
        return;
    }
    parallel(SCENES.iter().collect(), |scene: &Scene| {
        let (place, before, _) = ends(scene);
        let disk = Disk::new();
        let place = disk.hold(&place);
        let printed = read_all(&place, &before);
        disk.make_read_only();
        assert_eq!(read_all(&place, &before), printed, "{}: reading prints the same", scene.name);
        if scene.said.is_empty() {
            assert!(!printed.iter().any(|(_, err)| err.contains("warning:")), "{}: {printed:?}", scene.name);
        }
        let failure = place.run(scene.args).only_error(6);
        assert_eq!(failure.kind, "storage", "{}", scene.name);
        assert!(failure.message.to_lowercase().contains("read-only"), "{}: {failure:?}", scene.name);
        assert_eq!(place.state().0, before, "{}", scene.name);
        assert!(place.run(&["list", "--password-file", OLD]).out.is_empty() == before.is_empty(), "{}", scene.name);
    });
}
