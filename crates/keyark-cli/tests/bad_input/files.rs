//! Files that are there, folders that cannot be written and full disks cost nothing.

use support::with_space;

use super::*;

/// Every command that writes a file, with inputs that are all right.
fn writers() -> (Home, Vec<Vec<&'static str>>) {
    let home = Home::with_words();
    home.write("key.txt", ETHEREUM_KEY);
    home.write("password.txt", "password");
    home.write("part.txt", &ETHEREUM_KEY[..54]);
    home.write("rest.txt", &ETHEREUM_KEY[54..]);
    let make = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--profile", "light"];
    let password = ["--keystore-password-file", "password.txt"];
    home.run(&[&make[..], &password, &["--out", "account.json"]].concat()).ok();
    let commands = vec![
        vec!["phrase", "new"],
        vec!["derive", "--phrase-file", "words.txt", "--private"],
        vec!["account", "--phrase-file", "words.txt", "--chain", "bitcoin"],
        [&make[..], &password].concat(),
        [&["keystore", "open", "account.json"], &password[..]].concat(),
        vec!["complete", "--chain", "ethereum", "--key-file", "part.txt", "--rest-file", "rest.txt"],
    ];
    (home, commands)
}

#[test]
fn an_existing_file() {
    let (home, commands) = writers();
    home.write("taken.txt", "mine");
    for command in commands {
        fails(&home, &[&command[..], &["--out", "taken.txt"]].concat(), 7).says("already-exists", "taken.txt");
        assert_eq!(home.read("taken.txt"), "mine");
    }
}

/// Root may write where nobody may, so the folders here are such as even root cannot write to.
#[test]
fn a_folder_that_cannot_be_written() {
    let (home, commands) = writers();
    for command in commands {
        for (folder, code, kind) in [
            ("/proc/self", 6, "storage"),
            ("/sys", 6, "storage"),
            ("words.txt", 7, "not-found"),
            ("nowhere", 7, "not-found"),
        ] {
            let out = format!("{folder}/new.txt");
            fails(&home, &[&command[..], &["--out", &out]].concat(), code).says(kind, folder);
        }
    }
    fails(&home, &["man", "--out", "words.txt"], 6).says("storage", "words.txt");
    fails(&home, &["man", "--out", "/proc/self/man"], 6).says("storage", "/proc/self/man");
}

#[test]
fn a_folder_in_the_place_of_a_file() {
    let (home, commands) = writers();
    std::fs::create_dir(home.path("folder")).unwrap();
    home.write("folder/file.txt", "mine");
    for command in commands {
        fails(&home, &[&command[..], &["--out", "folder"]].concat(), 7);
        fails(&home, &[&command[..], &["--out", "folder", "--force"]].concat(), 7).says("already-exists", "folder");
        fails(&home, &[&command[..], &["--out", "folder/"]].concat(), 7);
    }
    assert_eq!(home.read("folder/file.txt"), "mine");
}

#[test]
fn a_full_disk() {
    let (home, commands) = writers();
    home.write("older.txt", "mine");
    let before = home.names();
    for command in commands {
        for out in [&["--out", "new.txt"][..], &["--out", "older.txt", "--force"]] {
            let run = with_space(&home.command(&[&command[..], out, &["--json"]].concat()), 0);
            run.only_error(6).says("storage", out[1]);
            assert_eq!(home.names(), before, "{command:?}");
            assert_eq!(home.read("older.txt"), "mine");
        }
    }
}

#[test]
fn a_full_disk_behind_standard_output() {
    let (home, commands) = writers();
    let printing = commands.into_iter().filter(|command| command[1] != "make");
    for command in printing.chain([vec!["chains"], vec!["tour"], vec!["completions", "bash"], vec!["chains", "--help"]])
    {
        let mut keyark = home.command(&[&command[..], &["--json"]].concat());
        keyark.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let run = finish(keyark, "");
        assert_eq!(run.code, Some(6), "{}: {}", run.line, run.err);
        run.error(6).says("storage", "disk");
    }
}
