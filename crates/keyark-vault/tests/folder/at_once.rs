//! Writers and readers in one folder at once, without a lock.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

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
