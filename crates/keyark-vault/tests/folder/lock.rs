//! The lock: whom it keeps out and for how long, and what a killed process leaves.

use std::process::Child;

use super::*;
use processes::command;

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
