//! Names and places that cannot be: they are refused or named, and nothing is touched.

use proptest::prelude::*;

use super::*;

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
