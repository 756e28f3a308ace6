//! The storage on a local disk: its promises, hostile names and places, permissions, and the lock between processes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support {
    pub(crate) mod storage_promises;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use keyark_core::{Error, ErrorKind};
use keyark_vault::{Folder, Storage};
use proptest::prelude::*;
use support::storage_promises;
use tempfile::TempDir;

const RECORD: &str = "epochs/1/records/a.age";

/// A place for folders, gone after the test.
fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn folder(home: &TempDir) -> Folder {
    Folder::new(home.path().join("vault"))
}

/// Every path below `root`, sorted, folders with a `/` at the end.
fn tree(root: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let is_folder = entry.file_type().unwrap().is_dir();
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(if is_folder { name + "/" } else { name });
            if is_folder {
                walk(root, &path, found);
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

/// Each operation, and the error that it gives.
fn each_fails(storage: &dyn Storage, name: &str, check: impl Fn(&str, &Error)) {
    check("read", &storage.read(name, 100).unwrap_err());
    check("write_new", &storage.write_new(name, b"x").unwrap_err());
    check("replace", &storage.replace(name, b"x").unwrap_err());
    check("delete", &storage.delete(name).unwrap_err());
}

/// The same, where the whole folder is at fault.
fn all_fail(storage: &dyn Storage, check: impl Fn(&str, &Error)) {
    each_fails(storage, "keyark-vault.json", &check);
    each_fails(storage, RECORD, &check);
    check("list", &storage.list("").unwrap_err());
    check("list", &storage.list("epochs/1").unwrap_err());
    check("lock", &storage.lock().unwrap_err());
}

#[test]
fn it_keeps_the_promises_of_a_storage() {
    let home = home();
    storage_promises::check(&folder(&home));
    assert_eq!(tree(home.path()), ["vault/", "vault/lock"], "empty folders are removed, the lock file stays");
}

#[test]
fn it_keeps_them_with_files_of_others_beside() {
    let home = home();
    let others = ["vault/README.md", "vault/.hidden", "vault/Photos/", "vault/Photos/cat.jpg"];
    fs::create_dir_all(home.path().join("vault/Photos")).unwrap();
    for file in others.into_iter().filter(|name| !name.ends_with('/')) {
        fs::write(home.path().join(file), "theirs").unwrap();
    }
    storage_promises::check(&folder(&home));
    let left: Vec<_> = tree(home.path()).into_iter().filter(|name| others.contains(&name.as_str())).collect();
    assert_eq!(left.len(), others.len(), "{left:?}");
}

#[test]
fn reading_makes_nothing() {
    let home = home();
    let folder = Folder::new(home.path().join("a/b/vault"));
    assert_eq!(folder.path(), home.path().join("a/b/vault"));
    assert_eq!(folder.list("").unwrap(), [""; 0]);
    assert_eq!(folder.read("keyark-vault.json", 9).unwrap_err().kind(), ErrorKind::NotFound);
    folder.delete("keyark-vault.json").unwrap();
    assert_eq!(tree(home.path()), [""; 0]);
}

#[test]
fn a_missing_file_is_named() {
    let home = home();
    let error = folder(&home).read(RECORD, 9).unwrap_err();
    assert!(error.problem().contains(&*home.path().join("vault").join(RECORD).to_string_lossy()), "{error}");
}

#[test]
fn too_large_a_file_is_refused_with_both_numbers() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("keyark-vault.json", &[7; 1001]).unwrap();
    let error = folder.read("keyark-vault.json", 1000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    for part in ["keyark-vault.json", "1001", "1000"] {
        assert!(error.problem().contains(part), "{error}");
    }
    // Eight terabytes that take no room: refused before they are read.
    fs::File::options().write(true).open(folder.path().join("keyark-vault.json")).unwrap().set_len(8 << 40).unwrap();
    let started = Instant::now();
    assert_eq!(folder.read("keyark-vault.json", 1 << 20).unwrap_err().kind(), ErrorKind::OutOfBounds);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn hostile_names_touch_nothing() {
    let home = home();
    fs::write(home.path().join("a"), "outside").unwrap();
    let folder = folder(&home);
    let long = "x/".repeat(3000);
    for name in storage_promises::NOT_NAMES.into_iter().chain([long.as_str()]) {
        each_fails(&folder, name, |operation, error| {
            assert_eq!(error.kind(), ErrorKind::Usage, "{operation} {name:?}");
            assert!(!error.to_string().contains(char::is_control), "{operation} {error}");
            assert!(error.problem().len() < 200, "{operation} {error}");
        });
        assert_eq!(folder.list(name).unwrap_err().kind(), ErrorKind::Usage, "{name:?}");
    }
    assert_eq!(tree(home.path()), ["a"]);
    assert_eq!(fs::read(home.path().join("a")).unwrap(), b"outside");
}

#[test]
fn the_lock_file_is_no_file_of_the_vault() {
    let home = home();
    let folder = folder(&home);
    let lock = folder.lock().unwrap();
    for name in ["lock", "lock/a"] {
        each_fails(&folder, name, |operation, error| assert_eq!(error.kind(), ErrorKind::Usage, "{operation} {name}"));
    }
    assert_eq!(folder.list("").unwrap(), [""; 0]);
    drop(lock);
    folder.write_new("epochs/lock", b"x").unwrap(); // elsewhere, the name is free
    assert_eq!(folder.list("epochs").unwrap(), ["lock"]);
}

#[test]
fn a_name_too_long_for_the_disk_is_an_error() {
    let home = home();
    let folder = folder(&home);
    let name = "a".repeat(5000);
    assert_eq!(folder.write_new(&name, b"x").unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(folder.read(&name, 9).unwrap_err().kind(), ErrorKind::Storage);
    assert!(tree(home.path()).iter().all(|path| path == "vault/"), "nothing is left");
    let nested = Folder::new(home.path().join(&name).join("vault"));
    all_fail(&nested, |operation, error| assert_eq!(error.kind(), ErrorKind::Storage, "{operation}"));
}

#[test]
fn a_file_is_no_folder_and_a_folder_no_file() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("epochs/1/a", b"x").unwrap();
    let storage = |path: &'static str| {
        move |operation: &str, error: &Error| {
            assert_eq!(error.kind(), ErrorKind::Storage, "{operation} {error}");
            assert!(error.problem().contains(&*Path::new(path).to_string_lossy()), "{operation} {error}");
        }
    };
    each_fails(&folder, "epochs/1", storage("epochs"));
    each_fails(&folder, "epochs/1/a/b", storage("a"));
    assert_eq!(folder.list("epochs/1/a").unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(tree(folder.path()), ["epochs/", "epochs/1/", "epochs/1/a"]);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_named() {
    let home = home();
    fs::write(home.path().join("file"), "theirs").unwrap();
    for path in ["file", "file/", "file/vault", "file/a/b/vault"] {
        all_fail(&Folder::new(home.path().join(path)), |operation, error| {
            assert_eq!(error.kind(), ErrorKind::Storage, "{operation} {path}");
            let named = home.path().join("file").display().to_string();
            assert!(error.problem().contains(&named), "{operation} {error}");
            assert!(error.remedy().contains("another folder"), "{operation} {}", error.remedy());
        });
    }
    assert_eq!(fs::read(home.path().join("file")).unwrap(), b"theirs");
    assert_eq!(tree(home.path()), ["file"]);
}

#[test]
fn a_folder_without_a_name_is_refused() {
    all_fail(&Folder::new(""), |operation, error| assert_eq!(error.kind(), ErrorKind::Storage, "{operation}"));
}

#[test]
fn what_is_not_of_the_vault_is_not_listed() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("epochs/1/a.age", b"x").unwrap();
    for name in [".tmp-abc", ".DS_Store", "Thumbs.db", "a.age~", "b (conflicted copy).age", "ä"] {
        fs::write(folder.path().join(name), "x").unwrap();
        fs::write(folder.path().join("epochs/1").join(name), "x").unwrap();
    }
    assert_eq!(folder.list("").unwrap(), ["epochs/"]);
    assert_eq!(folder.list("epochs/1").unwrap(), ["a.age"]);
}

#[test]
fn folders_that_become_empty_are_removed_but_never_the_root() {
    let home = home();
    let folder = folder(&home);
    folder.write_new("epochs/1/records/a", b"x").unwrap();
    folder.write_new("epochs/1/b", b"x").unwrap();
    folder.delete("epochs/1/records/a").unwrap();
    assert_eq!(tree(folder.path()), ["epochs/", "epochs/1/", "epochs/1/b"]);
    folder.delete("epochs/1/b").unwrap();
    assert_eq!(tree(home.path()), ["vault/"]);
}

#[test]
fn of_eight_writers_without_a_lock_one_wins_and_its_file_is_whole() {
    const SIZE: usize = 300_000;
    let home = home();
    for round in 0..20 {
        let folder = folder(&home);
        let name = format!("epochs/{round}/manifest-1.age");
        let together = Barrier::new(8);
        let results: Vec<_> = thread::scope(|scope| {
            let write = |writer: u8| {
                together.wait();
                folder.write_new(&name, &vec![writer; SIZE])
            };
            let writers: Vec<_> = (0..8).map(|writer| scope.spawn(move || write(writer))).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = (0..8).zip(results).partition(|(_, result)| result.is_ok());
        assert_eq!(won.len(), 1);
        assert!(folder.read(&name, SIZE).unwrap() == vec![won[0].0; SIZE]);
        assert!(lost.into_iter().all(|(_, result)| result.unwrap_err().kind() == ErrorKind::AlreadyExists));
        assert_eq!(folder.list(&format!("epochs/{round}")).unwrap(), ["manifest-1.age"]);
    }
    assert!(!tree(home.path()).iter().any(|path| path.contains(".tmp-")), "no temporary file is left");
}

#[test]
fn readers_see_the_old_file_or_the_new_one() {
    const SIZE: usize = 200_000;
    let home = home();
    let folder = folder(&home);
    folder.replace("keyark-vault.json", &[0; SIZE]).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                let read = folder.read("keyark-vault.json", SIZE).unwrap();
                assert!(read.len() == SIZE && read.iter().all(|byte| *byte == read[0]), "a mixture");
                seen += 1;
            }
            seen
        });
        for round in 1..=50 {
            folder.replace("keyark-vault.json", &[round; SIZE]).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
}

/// The folder goes with its last file while another writer is about to write into it.
#[test]
fn writing_and_deleting_in_one_folder_do_not_disturb_each_other() {
    let home = home();
    let folder = folder(&home);
    let work = |name: &str| {
        for _ in 0..100 {
            folder.write_new(name, b"x").unwrap();
            assert_eq!(folder.read(name, 1).unwrap(), b"x");
            folder.delete(name).unwrap();
        }
    };
    thread::scope(|scope| {
        for name in ["epochs/1/records/a", "epochs/1/records/b", "epochs/1/c"] {
            scope.spawn(move || work(name));
        }
    });
    assert_eq!(tree(home.path()), ["vault/"]);
}

fn busy(folder: &Folder) -> (Error, Duration) {
    let started = Instant::now();
    (folder.lock().unwrap_err(), started.elapsed())
}

#[test]
fn the_lock_keeps_a_second_writer_out_for_the_time_limit() {
    let home = home();
    let folder = folder(&home).with_lock_wait(Duration::from_millis(300));
    let other = folder.clone();
    let lock = folder.lock().unwrap();
    let (error, waited) = busy(&other);
    assert_eq!(error.kind(), ErrorKind::Storage);
    let expected = format!("another keyark (process {}) is changing this vault", std::process::id());
    assert_eq!((error.problem(), error.remedy()), (&*expected, "wait until it has finished, and try again"));
    assert!(waited >= Duration::from_millis(300) && waited < Duration::from_secs(3), "{waited:?}");
    let (_, waited) = busy(&other.clone().with_lock_wait(Duration::ZERO));
    assert!(waited < Duration::from_millis(250), "{waited:?}");
    // Readers are not kept out.
    folder.write_new("keyark-vault.json", b"x").unwrap();
    assert_eq!(other.read("keyark-vault.json", 9).unwrap(), b"x");
    assert_eq!(other.list("").unwrap(), ["keyark-vault.json"]);
    drop(lock);
    drop(other.lock().unwrap());
    drop(folder.lock().unwrap());
}

#[test]
fn a_second_writer_goes_on_when_the_first_has_finished() {
    let home = home();
    let folder = folder(&home);
    let together = Barrier::new(2);
    thread::scope(|scope| {
        let lock = folder.lock().unwrap();
        let second = scope.spawn(|| {
            together.wait();
            let started = Instant::now();
            let _lock = folder.lock().unwrap();
            (started.elapsed(), folder.read("keyark-vault.json", 9).unwrap())
        });
        together.wait();
        thread::sleep(Duration::from_millis(200));
        folder.write_new("keyark-vault.json", b"first").unwrap();
        drop(lock);
        let (waited, read) = second.join().unwrap();
        assert_eq!(read, b"first");
        assert!(waited >= Duration::from_millis(190) && waited < Duration::from_secs(5), "{waited:?}");
    });
}

#[test]
fn an_endless_wait_is_no_panic() {
    let home = home();
    let folder = folder(&home).with_lock_wait(Duration::MAX);
    thread::scope(|scope| {
        let lock = folder.lock().unwrap();
        let second = scope.spawn(|| drop(folder.lock().unwrap()));
        thread::sleep(Duration::from_millis(60));
        assert!(!second.is_finished());
        drop(lock);
        second.join().unwrap();
    });
}

#[test]
fn a_lock_file_with_nonsense_in_it_is_no_obstacle() {
    for text in ["", "4294967296\n", "-1", "1234\n", "\u{1b}[2J", "not a number", &"9".repeat(100_000)] {
        let home = home();
        let folder = folder(&home).with_lock_wait(Duration::ZERO);
        fs::create_dir(folder.path()).unwrap();
        fs::write(folder.path().join("lock"), text).unwrap();
        let lock = folder.lock().unwrap();
        // Somebody writes into it while it is held: the message is less exact, and shows none of it.
        if text != "1234\n" && cfg!(unix) {
            fs::write(folder.path().join("lock"), text).unwrap();
            assert_eq!(busy(&folder).0.problem(), "another keyark is changing this vault", "{text:?}");
        }
        drop(lock);
        drop(folder.lock().unwrap());
    }
}

#[test]
fn what_killed_writers_left_is_removed_under_the_lock_only() {
    let home = home();
    let folder = folder(&home);
    folder.write_new(RECORD, b"x").unwrap();
    let leftovers = [".tmp-1", "epochs/1/.tmp-2", "epochs/1/records/.tmp-3", "epochs/1/records/.tmp-4"];
    let others = [".tmp", ".other", "epochs/1/records/tmp-5", "photos/.tmp-6"];
    fs::create_dir(folder.path().join("photos")).unwrap();
    fs::create_dir(folder.path().join(".tmp-folder")).unwrap();
    for name in leftovers.into_iter().chain(others) {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    folder.read(RECORD, 9).unwrap();
    folder.list("").unwrap();
    assert!(leftovers.iter().all(|name| folder.path().join(name).exists()));
    drop(folder.lock().unwrap());
    assert!(!leftovers.iter().any(|name| folder.path().join(name).exists()));
    assert!(others.into_iter().chain([RECORD, ".tmp-folder"]).all(|name| folder.path().join(name).exists()));
}

// Other processes: this program, started again with a job.

const JOB: &str = "KEYARK_FOLDER_JOB";

/// This program doing `job` (a word of [`job`]) with the folder `path`.
fn command(job: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "job", "--nocapture"]).env(JOB, job).env("KEYARK_FOLDER", path);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "is started by other tests as a process of its own"]
fn job() {
    let Ok(job) = std::env::var(JOB) else { return };
    let folder = Folder::new(PathBuf::from(std::env::var_os("KEYARK_FOLDER").unwrap()));
    match job.as_str() {
        "hold the lock" => {
            let _lock = folder.lock().unwrap();
            fs::write(folder.path().join(".tmp-killed"), "half").unwrap();
            fs::write(folder.path().parent().unwrap().join("holding"), "").unwrap();
            thread::sleep(Duration::from_secs(60));
        }
        "keep the promises" => storage_promises::check(&folder),
        "write too much" => {
            for (name, over) in [("new", false), ("epochs/1/records/new", false), ("keyark-vault.json", true)] {
                let bytes = vec![b'x'; 1 << 20];
                let written = if over { folder.replace(name, &bytes) } else { folder.write_new(name, &bytes) };
                let error = written.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().contains(name) && error.problem().contains("nothing was changed"), "{error}");
            }
        }
        "fill the disk" => {
            folder.write_new("keyark-vault.json", b"old").unwrap();
            let written = |number: u32| folder.write_new(&format!("epochs/1/records/{number}.age"), &[b'x'; 10_000]);
            let (number, error) = (0..100).find_map(|number| Some((number, written(number).err()?))).unwrap();
            assert_eq!(error.kind(), ErrorKind::Storage);
            assert!(error.problem().ends_with("the disk is full; nothing was changed"), "{error}");
            assert!(folder.replace("keyark-vault.json", &[b'x'; 100_000]).is_err());
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("epochs/1/records").unwrap().len(), number as usize);
            assert!(!tree(folder.path()).iter().any(|path| path.contains(".tmp-")));
            folder.delete("epochs/1/records/0.age").unwrap(); // makes room
            folder.write_new("epochs/1/records/new.age", &[b'y'; 10_000]).unwrap();
        }
        "write to a read-only disk" => {
            let refused = |error: Error| {
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().ends_with("the disk is read-only; nothing was changed"), "{error}");
            };
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("").unwrap(), ["epochs/", "keyark-vault.json"]);
            refused(folder.write_new("new", b"new").unwrap_err());
            refused(folder.write_new("epochs/2/new", b"new").unwrap_err());
            refused(folder.replace("keyark-vault.json", b"new").unwrap_err());
            refused(folder.delete("keyark-vault.json").unwrap_err());
            refused(folder.lock().unwrap_err());
            refused(Folder::new(folder.path().join("new")).write_new("new", b"new").unwrap_err());
        }
        "write without permission" => {
            assert_eq!(folder.read("keyark-vault.json", 9).unwrap(), b"old");
            assert_eq!(folder.list("").unwrap(), ["keyark-vault.json"]);
            let refused = |error: Error| {
                assert_eq!(error.kind(), ErrorKind::Storage);
                assert!(error.problem().contains("permission is missing; nothing was changed"), "{error}");
            };
            refused(folder.write_new(RECORD, b"new").unwrap_err());
            refused(folder.replace("keyark-vault.json", b"new").unwrap_err());
            refused(folder.delete("keyark-vault.json").unwrap_err());
            refused(folder.lock().unwrap_err());
        }
        other => panic!("no job {other:?}"),
    }
}

fn succeeds(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
    assert!(String::from_utf8_lossy(&text).contains("1 passed"), "it did run");
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn the_lock_of_a_process_that_is_killed_is_free() {
    let home = home();
    let folder = folder(&home).with_lock_wait(Duration::ZERO);
    let process = Killed(command("hold the lock", folder.path()).spawn().unwrap());
    let started = Instant::now();
    while !home.path().join("holding").exists() {
        assert!(started.elapsed() < Duration::from_secs(30), "the process never took the lock");
        thread::sleep(Duration::from_millis(10));
    }
    let (error, _) = busy(&folder);
    let who = if cfg!(windows) { String::new() } else { format!(" (process {})", process.0.id()) };
    assert_eq!(error.problem(), format!("another keyark{who} is changing this vault"));
    assert!(folder.path().join(".tmp-killed").exists(), "who does not hold the lock removes nothing");
    drop(process);
    let _lock = folder.lock().unwrap();
    assert_eq!(tree(folder.path()), ["lock"]);
}

#[test]
fn a_relative_path_will_do() {
    let home = home();
    for path in ["vault", "./a/b", "c/../d"] {
        succeeds(command("keep the promises", Path::new(path)).current_dir(home.path()));
    }
    assert_eq!(
        tree(home.path()).into_iter().filter(|name| name.ends_with("lock")).collect::<Vec<_>>(),
        ["a/b/lock", "d/lock", "vault/lock"]
    );
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

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

    #[test]
    fn the_folder_may_be_reached_through_a_link() {
        let home = home();
        fs::create_dir(home.path().join("disk")).unwrap();
        symlink(home.path().join("disk"), home.path().join("link")).unwrap();
        storage_promises::check(&Folder::new(home.path().join("link")));
        storage_promises::check(&Folder::new(home.path().join("link/below/vault")));
        assert_eq!(tree(&home.path().join("disk")), ["below/", "below/vault/", "below/vault/lock", "lock"]);
    }

    #[test]
    fn a_link_to_nowhere_is_named_and_nothing_is_made() {
        let home = home();
        symlink(home.path().join("unplugged/disk"), home.path().join("nowhere")).unwrap();
        symlink("loop", home.path().join("loop")).unwrap();
        for (path, link) in
            [("nowhere", "nowhere"), ("nowhere/a/vault", "nowhere"), ("loop", "loop"), ("loop/a", "loop")]
        {
            all_fail(&Folder::new(home.path().join(path)), |operation, error| {
                assert_eq!(error.kind(), ErrorKind::Storage, "{operation} {path}");
                let expected = format!("{} is a link that leads nowhere", home.path().join(link).display());
                assert_eq!(error.problem(), expected, "{operation}");
                assert!(error.remedy().contains("another folder"), "{operation} {}", error.remedy());
            });
        }
        assert_eq!(tree(home.path()), ["loop", "nowhere"]);
    }

    #[test]
    fn a_link_to_a_file_is_no_folder() {
        let home = home();
        fs::write(home.path().join("file"), "theirs").unwrap();
        symlink(home.path().join("file"), home.path().join("link")).unwrap();
        all_fail(&Folder::new(home.path().join("link")), |operation, error| {
            assert!(error.problem().contains("link is not a folder"), "{operation} {error}");
        });
    }

    #[test]
    fn links_inside_of_the_folder_lead_nobody_out() {
        let home = home();
        let folder = folder(&home);
        let outside = home.path().join("outside");
        fs::create_dir_all(outside.join("1/records")).unwrap();
        fs::write(outside.join("1/records/a.age"), "outside").unwrap();
        fs::write(outside.join("1/.tmp-theirs"), "outside").unwrap();
        fs::create_dir(folder.path()).unwrap();
        symlink(&outside, folder.path().join("epochs")).unwrap();
        symlink(outside.join("1/records/a.age"), folder.path().join("keyark-vault.json")).unwrap();
        symlink(outside.join("none"), folder.path().join("dangling")).unwrap();
        let before = tree(home.path());
        for name in [RECORD, "epochs/1/new", "keyark-vault.json", "dangling"] {
            each_fails(&folder, name, |operation, error| {
                assert_eq!(error.kind(), ErrorKind::Storage, "{operation} {name}");
                assert!(error.problem().contains("is a link"), "{operation} {error}");
            });
        }
        assert!(folder.list("epochs").unwrap_err().problem().contains("is a link"));
        drop(folder.lock().unwrap());
        let after: Vec<_> = tree(home.path()).into_iter().filter(|name| name != "vault/lock").collect();
        assert_eq!(after, before, "the lock removes nothing outside either");
        assert_eq!(fs::read(outside.join("1/records/a.age")).unwrap(), b"outside");

        fs::remove_file(folder.path().join("lock")).unwrap();
        symlink(outside.join("lock"), folder.path().join("lock")).unwrap();
        assert!(folder.lock().unwrap_err().problem().contains("is a link"));
        assert!(!outside.join("lock").exists());
    }

    #[test]
    fn a_named_pipe_is_an_error_and_no_wait() {
        let home = home();
        let folder = folder(&home);
        folder.write_new("keyark-vault.json", b"x").unwrap();
        let (pipe, lock) = (folder.path().join("pipe"), folder.path().join("lock"));
        assert!(Command::new("mkfifo").arg(&pipe).arg(&lock).status().unwrap().success());
        let started = Instant::now();
        each_fails(&folder, "pipe", |operation, error| {
            assert_eq!(error.kind(), ErrorKind::Storage, "{operation}");
            assert!(error.problem().contains("pipe is not a file"), "{operation} {error}");
        });
        assert!(folder.lock().unwrap_err().problem().contains("lock is not a file"));
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn strange_paths_are_shown_without_their_control_characters() {
        let home = home();
        let path = home.path().join("evil\u{1b}[2J\n\u{202e}name");
        fs::write(&path, "x").unwrap();
        all_fail(&Folder::new(path), |operation, error| {
            assert!(error.problem().contains(r"evil\u{1b}[2J\n\u{202e}name"), "{operation} {error}");
        });
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
        limited
            .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"])
            .arg(job.get_program())
            .args(job.get_args());
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
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_name_is_written_inside_or_refused(
        name in prop_oneof!["[a-z0-9./-]{0,12}", "[a-z.]{1,2}(/[a-z.-]{0,3}){0,5}", any::<String>()],
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        let part = |part: &str| {
            part.bytes().next().is_some_and(|first| first != b'.')
                && part.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b"-.".contains(&letter))
        };
        let parts: Vec<_> = name.split('/').collect();
        let valid = parts.len() <= 4 && parts.iter().all(|text| part(text)) && parts[0] != "lock";
        let home = home();
        let folder = folder(&home);
        match folder.write_new(&name, &bytes) {
            Ok(()) => {
                prop_assert!(valid);
                prop_assert_eq!(folder.read(&name, bytes.len()).unwrap(), bytes);
                let files: Vec<_> = tree(home.path()).into_iter().filter(|path| !path.ends_with('/')).collect();
                prop_assert_eq!(files, [format!("vault/{name}")]);
                let (above, file) = name.rsplit_once('/').unwrap_or(("", &name));
                prop_assert_eq!(folder.list(above).unwrap(), [file]);
            }
            Err(error) => {
                prop_assert!(!valid, "{error}");
                prop_assert_eq!(error.kind(), ErrorKind::Usage);
                prop_assert!(tree(home.path()).is_empty());
            }
        }
    }
}
