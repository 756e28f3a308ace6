//! Permissions, and disks that are full or read-only: what stops a write is named, and costs nothing.

use std::os::unix::fs::PermissionsExt;

use super::*;
use processes::{JOB, command, succeeds};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn files_and_folders_are_the_owners_alone() {
    let home = home();
    let folder = Folder::new(home.path().join("parent/vault"));
    drop(folder.lock().unwrap());
    folder.write_new(RECORD, b"x").unwrap();
    folder.replace("keyark-vault.json", b"x").unwrap();
    for name in tree(home.path()) {
        let expected = if name.ends_with('/') { 0o700 } else { 0o600 };
        assert_eq!(mode(&home.path().join(&name)), expected, "{name}");
    }
    // A file that others may read is closed to them when it is replaced.
    let file = folder.path().join("keyark-vault.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    folder.replace("keyark-vault.json", b"y").unwrap();
    assert_eq!(mode(&file), 0o600);
}

/// As root, permissions hold nobody back: then the process becomes a user that they do.
#[test]
fn a_folder_without_permission_to_write_can_be_read() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("keyark-vault.json", b"old").unwrap();
    let open = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(home.path(), 0o755);
    open(&folder.path().join("keyark-vault.json"), 0o444);
    open(folder.path(), 0o555);
    let is_root = fs::write(folder.path().join("probe"), "").is_ok();
    let mut job = if is_root {
        fs::remove_file(folder.path().join("probe")).unwrap();
        // The program may be in a folder that other users cannot reach.
        let program = home.path().join("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let itself = command("write without permission", folder.path());
        let mut job = Command::new("setpriv");
        job.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(program).args(itself.get_args());
        job.envs(itself.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(home.path());
        job
    } else {
        command("write without permission", folder.path())
    };
    if is_root && Command::new("setpriv").arg("--version").output().is_err() {
        assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
    } else {
        succeeds(&mut job);
    }
    assert_eq!(tree(folder.path()), ["keyark-vault.json"]);
    assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
    open(folder.path(), 0o755);
}

/// A limit of the file size stands for the full disk: the writing stops in the middle of a file.
#[test]
fn a_write_that_fails_in_the_middle_leaves_everything_as_it_was() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("keyark-vault.json", b"old").unwrap();
    let job = command("write too much", folder.path());
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"]).arg(job.get_program()).args(job.get_args());
    limited.envs(job.get_envs().filter_map(|(name, value)| Some((name, value?))));
    succeeds(&mut limited);
    assert_eq!(tree(folder.path()), ["keyark-vault.json"], "no temporary files, no new folders");
    assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
}

/// On a disk of 64 kilobytes, which is then mounted read-only, where the system lets us mount one.
#[cfg(target_os = "linux")]
#[test]
fn full_and_read_only_disks_are_named_and_cost_nothing() {
    let home = home();
    let script = |then: &str| {
        let mount = r#"mount -t tmpfs -o size=64k none "$KEYARK_FOLDER""#;
        let mut shell = Command::new("unshare");
        shell.args(["-rm", "sh", "-ec", &format!("{mount}; {then}"), "sh"]).arg(std::env::current_exe().unwrap());
        shell.args(command("", home.path()).get_args()).env("KEYARK_FOLDER", home.path());
        shell
    };
    if !script("exit 0").output().is_ok_and(|output| output.status.success()) {
        return; // the test with a limited file size above stands for this one
    }
    let read_only = r#"mount -o remount,ro none "$KEYARK_FOLDER""#;
    let run = format!(r#"{JOB}="fill the disk" "$@"; {read_only}; {JOB}="write to a read-only disk" "$@""#);
    succeeds(&mut script(&run));
}
