//! Links, pipes and strange paths: nobody is led out of the folder, and nobody waits.

use std::os::unix::fs::symlink;

use super::*;

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
    for (path, link) in [("nowhere", "nowhere"), ("nowhere/a/vault", "nowhere"), ("loop", "loop"), ("loop/a", "loop")] {
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
