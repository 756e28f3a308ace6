//! What a folder promises: what is written, read, listed and deleted, and that reading makes nothing.

use super::*;

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
