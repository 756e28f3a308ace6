//! What is wrong gets an error of its exit code, with a problem and a remedy, and costs nothing: after each of these commands
//! every file and folder is as it was.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::os::unix::fs::symlink;

use support::vault::{CHEAP, KEY, OTHER_PASSWORD, OTHER_WORDS, PASSWORD, VaultHome, with_password};
use support::{Failure, PATIENCE, WORDS, finish, text};

/// Every command that opens the vault, with what it takes but the vault and its password.
const OPENING: &[&[&str]] = &[
    &["new", "another"],
    &["import", "another", "--phrase-file", "other-words.txt"],
    &["list"],
    &["list", "--check"],
    &["show", "savings"],
    &["rename", "savings", "house"],
    &["remove", "savings", "--force"],
    &["export", "key", "savings", "--chain", "bitcoin"],
    &["export", "xpub", "savings", "--out", "xpub.txt"],
    &["export", "descriptor", "savings"],
    &[
        "export",
        "keystore",
        "hot",
        "--chain",
        "ethereum",
        "--out",
        "x.json",
        "--keystore-password-file",
        "password.txt",
    ],
    &["backup", "phrase", "savings", "--answers-file", "words.txt"],
    &["backup", "key", "hot", "--answers-file", "key.txt"],
    &["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "2"],
    &["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"],
    &["password", "merge", "--old-password-file", "other-password.txt"],
    &["policy", "show"],
    &["policy", "set", "--deny", "keystore"],
    &["policy", "reset"],
    &["repair"],
];

/// The three that also make a vault where there is none.
fn makes(args: &[&str]) -> bool {
    ["new", "import"].contains(&args[0])
}

mod passwords {
    use super::*;

    #[test]
    fn a_wrong_one_opens_nothing() {
        let home = VaultHome::with_wallets();
        for wrong in [
            "not the password",
            "Seldom whistles under water 7",
            " seldom whistles under water 7",
            "seldom whistles under water 7\n\n",
        ] {
            home.write("wrong.txt", wrong);
            for args in OPENING {
                let failure = home.fails_alone(
                    &[args, &["--home", "vault", "--password-file", "wrong.txt"][..]].concat(),
                    wrong_code(wrong),
                );
                assert!(["wrong-password", "malformed"].contains(&failure.kind.as_str()), "{args:?}: {failure:?}");
            }
        }
    }

    /// A line end inside of the password is a character that cannot be seen, and needs no opening.
    fn wrong_code(password: &str) -> i32 {
        if password.contains('\n') { 3 } else { 4 }
    }

    #[test]
    fn without_a_terminal_the_flag_is_named() {
        let home = VaultHome::with_wallets();
        for args in OPENING {
            home.fails_alone(&[args, &["--home", "vault"][..]].concat(), 2).says("usage", "--password-file");
        }
        let change = ["password", "change", "--home", "vault", "--password-file", "password.txt"];
        home.fails_alone(&change, 2).says("usage", "--new-password-file");
        let merge = ["password", "merge", "--home", "vault", "--password-file", "password.txt"];
        home.fails_alone(&merge, 2).says("usage", "--old-password-file");
        let reset = ["password", "reset", "savings", "--home", "vault"];
        home.fails_alone(&reset, 2).says("usage", "--phrase-file");
        home.fails_alone(&[&reset[..], &["--phrase-file", "words.txt"]].concat(), 2)
            .says("usage", "--new-password-file");
        let keystore = ["export", "keystore", "hot", "--chain", "ethereum", "--out", "x.json"];
        home.fails(&keystore, 2).says("usage", "--keystore-password-file");
        home.fails(&["import", "another"], 2).says("usage", "--phrase-file");
        let fresh = VaultHome::new();
        fresh.fails_alone(&["new", "savings", "--home", "vault"], 2).says("usage", "--password-file");
        fresh
            .fails_alone(&["import", "x", "--home", "vault", "--phrase-file", "words.txt"], 2)
            .says("usage", "--password-file");
    }

    #[test]
    fn files_that_hold_none() {
        let home = VaultHome::with_wallets();
        home.write("password.txt", "");
        home.fails(&["list"], 3).says("malformed", "no password");
        home.write("password.txt", "\n");
        home.fails(&["list"], 3).says("malformed", "no password");
        home.write("password.txt", b"\xff\xfe");
        home.fails(&["list"], 3).says("malformed", "UTF-8");
        home.write("password.txt", "x".repeat(1025));
        home.fails(&["list"], 3).says("out-of-bounds", "1024");
        std::fs::remove_file(home.path("password.txt")).unwrap();
        home.fails(&["list"], 7).says("not-found", "password.txt");
        let folder = ["list", "--home", "vault", "--password-file", "tmp"];
        home.fails_alone(&folder, 6).says("storage", "tmp");
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for bad in [
            "tab\there and there",
            "sel\u{200b}dom whistles under water",
            "\u{7}bell in the old tower",
            "two\nlines of a password",
        ] {
            let home = VaultHome::new();
            home.write("password.txt", bad);
            let failure = home.fails(&[&["new", "savings"], &CHEAP[..]].concat(), 3);
            failure.says("malformed", "cannot be seen");
            assert!(!format!("{failure:?}").contains("under water"));
            let home = VaultHome::with_wallets();
            home.write("bad.txt", bad);
            home.fails(&["password", "change", "--new-password-file", "bad.txt"], 3)
                .says("malformed", "cannot be seen");
        }
    }

    /// Each is refused with its reason, wherever a new password is set.
    #[test]
    fn weak_ones() {
        let fresh = VaultHome::new();
        let home = VaultHome::with_wallets();
        for weak in [
            "a",
            "        ",
            "password",
            "Passw0rd!",
            "123456789012",
            "qwertyuiop",
            "aaaaaaaaaaaaaaaaaaaa",
            "correct",
            "2026-11-21",
            "bitcoin2026",
            "savings",
            "SAVINGS2026",
            "s4v1ngs!",
        ] {
            fresh.write("password.txt", weak);
            home.write("weak.txt", weak);
            let refused = [
                fresh.fails(&[&["new", "savings"], &CHEAP[..]].concat(), 3),
                fresh.fails(&[&["import", "savings", "--phrase-file", "words.txt"], &CHEAP[..]].concat(), 3),
                home.fails(&["password", "change", "--new-password-file", "weak.txt", "--work-factor", "2"], 3),
                home.fails(
                    &["password", "change", "--rekey", "--new-password-file", "weak.txt", "--work-factor", "2"],
                    3,
                ),
                home.fails_alone(
                    &[
                        "password",
                        "reset",
                        "savings",
                        "--home",
                        "vault",
                        "--phrase-file",
                        "words.txt",
                        "--new-password-file",
                        "weak.txt",
                    ],
                    3,
                ),
            ];
            for failure in refused {
                assert_eq!(failure.kind, "malformed", "{weak}: {failure:?}");
                assert!(
                    failure.message.contains("weak") || failure.message.contains("wallet's own"),
                    "{weak}: {failure:?}"
                );
            }
        }
    }

    /// Who sees the password must not see a part of the words.
    #[test]
    fn the_wallets_own_words() {
        let own = "sausage worth useful legal";
        let home = VaultHome::with_wallets();
        home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
        home.write("own.txt", own);
        home.fails(&["password", "change", "--new-password-file", "own.txt", "--work-factor", "2"], 3)
            .says("malformed", "wallet");
        let reset = ["password", "reset", "third", "--home", "vault", "--phrase-file", "other-words.txt"];
        home.fails_alone(&[&reset[..], &["--new-password-file", "own.txt"]].concat(), 3).says("malformed", "wallet");
    }

    #[test]
    fn the_words_of_the_wallet_that_comes_in() {
        let home = VaultHome::new();
        home.write("password.txt", "sausage worth useful legal");
        home.fails(&[&["import", "third", "--phrase-file", "other-words.txt"], &CHEAP[..]].concat(), 3)
            .says("malformed", "wallet");
    }

    #[test]
    fn standard_input_serves_one_flag_only() {
        let home = VaultHome::with_wallets();
        for args in [
            &["import", "x", "--phrase-file", "-", "--password-file", "-"][..],
            &["password", "change", "--password-file", "-", "--new-password-file", "-"],
            &["password", "merge", "--password-file", "-", "--old-password-file", "-"],
            &["password", "reset", "x", "--phrase-file", "-", "--new-password-file", "-"],
            &["backup", "phrase", "savings", "--password-file", "-", "--answers-file", "-"],
        ] {
            let before = home.state();
            let input = if args[0] == "import" || args[1] == "reset" { OTHER_WORDS } else { PASSWORD };
            let run = home.run_with(&[args, &["--home", "vault", "--json"]].concat(), input);
            run.only_error(2).says("usage", "read once");
            home.assert_state(&before, args);
        }
    }
}

mod names {
    use super::*;

    /// A name as it is given to each command that takes a new one; the wallet that is to get it has another.
    #[track_caller]
    fn refused(home: &VaultHome, name: &str, code: i32) -> Vec<Failure> {
        let end = ["--", name]; // a name is no option
        let renamed = if name.eq_ignore_ascii_case("hot") { "savings" } else { "hot" };
        let with = |args: &[&'static str]| [&with_password(args)[..], &end].concat();
        vec![
            home.fails_alone(&with(&["new"]), code),
            home.fails_alone(&with(&["import", "--phrase-file", "other-words.txt"]), code),
            home.fails_alone(&[&with_password(&["rename"])[..], &["--", renamed, name]].concat(), code),
        ]
    }

    #[test]
    fn each_is_refused_for_its_own_reason() {
        let home = VaultHome::with_wallets();
        for (name, code, reason) in [
            ("", 3, "empty"),
            (" ", 3, "white space"),
            (" house", 3, "white space"),
            ("house ", 3, "white space"),
            ("house\t", 3, "white space"),
            ("a/b", 3, "slash"),
            ("../../etc", 3, "slash"),
            ("a\\b", 3, "slash"),
            ("bell\u{7}", 3, "cannot be seen"),
            ("two\nlines", 3, "cannot be seen"),
            ("\u{1b}[2Jhouse", 3, "cannot be seen"),
            ("h\u{202e}ouse", 3, "cannot be seen"),
            ("0123456789abcdef0123456789abcdef", 3, "id"),
            ("savings", 7, "already"),
            ("SAVINGS", 7, "already"),
            ("Hot", 7, "already"),
        ] {
            for failure in refused(&home, name, code) {
                failure.says(if code == 3 { "malformed" } else { "already-exists" }, reason);
            }
        }
    }

    #[test]
    fn five_thousand_characters() {
        let home = VaultHome::with_wallets();
        for long in ["x".repeat(5000), "\u{e9}".repeat(5000), "x".repeat(101), "wallet ".repeat(700) + "s"] {
            for failure in refused(&home, &long, 3) {
                failure.says("out-of-bounds", "100");
                let said = format!("{} {}", failure.message, failure.remedy);
                assert!(said.len() < 300, "the name is not repeated: {said}");
            }
        }
    }

    /// Somebody who types the words where the name belongs finds them in no error, and in no file.
    #[test]
    fn words_are_no_name_and_not_repeated() {
        let home = VaultHome::with_wallets();
        let shouted = OTHER_WORDS.to_uppercase();
        let part: Vec<_> = OTHER_WORDS.split(' ').take(6).collect();
        for name in [WORDS, OTHER_WORDS, &shouted, &part.join(" "), &part.join(", ")] {
            for failure in refused(&home, name, 3) {
                failure.says("malformed", "words");
                let said = format!("{} {}", failure.message, failure.remedy).to_lowercase();
                assert!(!said.contains("abandon") && !said.contains("legal") && !said.contains("winner"), "{said}");
            }
        }
        let fresh = VaultHome::new();
        fresh.fails(&["new", OTHER_WORDS], 3).says("malformed", "words");
        // The likeliest place of all: where a wallet's name is expected.
        for args in [&["show"][..], &["remove", "--force"], &["export", "xpub"], &["backup", "key"]] {
            let failure = home.fails(&[args, &[OTHER_WORDS]].concat(), if args[0] == "backup" { 2 } else { 7 });
            assert!(!format!("{failure:?}").contains("winner"), "{failure:?}");
        }
    }

    #[test]
    fn before_anything_is_asked_for() {
        let home = VaultHome::new();
        let nothing = ["--home", "vault"];
        home.fails_alone(&[&["new", ""], &nothing[..]].concat(), 3).says("malformed", "empty");
        home.fails_alone(&[&["import", "a/b"], &nothing[..]].concat(), 3).says("malformed", "slash");
        home.fails_alone(&[&["password", "reset", " "], &nothing[..]].concat(), 3).says("malformed", "white space");
    }
}

mod homes {
    use super::*;

    #[test]
    fn without_a_vault() {
        let home = VaultHome::new();
        for args in OPENING.iter().filter(|args| !makes(args)) {
            let failure = home.fails(args, 7);
            failure.says("not-found", "keyark new NAME");
            assert!(failure.message.contains("vault"), "{failure:?}");
        }
        home.fails_alone(&["password", "list", "--home", "vault"], 7).says("not-found", "keyark new NAME");
        let reset = ["password", "reset", "x", "--home", "vault", "--phrase-file", "words.txt"];
        home.fails_alone(&[&reset[..], &["--new-password-file", "password.txt"]].concat(), 7)
            .says("not-found", "keyark new NAME");
        // An empty folder is a place for a vault, and none yet.
        std::fs::create_dir(home.path("vault")).unwrap();
        home.fails(&["list"], 7).says("not-found", "keyark new NAME");
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    }

    #[test]
    fn a_folder_of_other_files() {
        let home = VaultHome::new();
        std::fs::create_dir(home.path("vault")).unwrap();
        home.write("vault/photo.jpg", "not a wallet");
        for args in OPENING {
            home.fails(args, 3).says("malformed", "other files");
        }
        // A folder beside it is another thing too.
        std::fs::remove_file(home.path("vault/photo.jpg")).unwrap();
        std::fs::create_dir(home.path("vault/photos")).unwrap();
        home.fails(&["new", "savings"], 3).says("malformed", "other files");
    }

    #[test]
    fn a_header_of_something_else() {
        let home = VaultHome::new();
        std::fs::create_dir(home.path("vault")).unwrap();
        for header in ["", "{}", "[]", "null", "{\"format\":\"other\"}", "\u{0}", &"[".repeat(100_000)] {
            home.write("vault/keyark-vault.json", header);
            home.fails(&["list"], 3);
            home.fails(&["new", "savings"], 3);
        }
        home.write("vault/keyark-vault.json", vec![b' '; (1 << 20) + 1]);
        home.fails(&["list"], 3).says("out-of-bounds", "1048576");
    }

    #[test]
    fn a_home_that_is_a_file() {
        let home = VaultHome::new();
        home.write("vault", "a file");
        for args in OPENING {
            home.fails(args, 6).says("storage", "not a folder");
        }
        for place in ["vault/", "vault/deeper", "words.txt/deeper/still"] {
            let args = ["new", "savings", "--home", place, "--password-file", "password.txt"];
            home.fails_alone(&args, 6).says("storage", "not a folder");
        }
    }

    #[test]
    fn a_link_to_nowhere() {
        let home = VaultHome::new();
        symlink(home.path("unplugged/disk"), home.path("vault")).unwrap();
        for args in OPENING {
            home.fails(args, 6).says("storage", "leads nowhere");
        }
        let below = ["new", "savings", "--home", "vault/below", "--password-file", "password.txt"];
        home.fails_alone(&below, 6).says("storage", "leads nowhere");
        symlink(home.path("loop"), home.path("loop")).unwrap();
        home.fails_alone(&["list", "--home", "loop", "--password-file", "password.txt"], 6);
    }

    #[test]
    fn a_link_to_a_folder_works() {
        let home = VaultHome::new();
        std::fs::create_dir(home.path("disk")).unwrap();
        symlink(home.path("disk"), home.path("vault")).unwrap();
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        assert!(home.path("disk/keyark-vault.json").is_file());
        assert_eq!(home.objects(&["list"]).len(), 1);
        home.keyark(&["rename", "savings", "house"]).ok();
    }

    /// Links inside of the vault would lead out of it.
    #[test]
    fn links_inside() {
        let home = VaultHome::with_wallets();
        let record = home.files("records/").remove(0);
        std::fs::rename(&record, home.path("moved.age")).unwrap();
        symlink(home.path("moved.age"), &record).unwrap();
        let codes = ["savings", "hot"].map(|wallet| home.keyark(&["show", wallet]).code.unwrap());
        assert!(codes == [0, 6] || codes == [6, 0], "{codes:?}");
        std::fs::rename(home.vault().join("epochs"), home.path("epochs")).unwrap();
        symlink(home.path("epochs"), home.vault().join("epochs")).unwrap();
        home.fails(&["list"], 6).says("storage", "link");
    }

    #[test]
    fn an_empty_name_of_a_home() {
        let home = VaultHome::new();
        home.fails_alone(&["list", "--home", "", "--password-file", "password.txt"], 2).says("usage", "--home");
        let mut command = home.command(&["list", "--password-file", "password.txt", "--json"]);
        command.env("KEYARK_HOME", "");
        let run = finish(command, "");
        assert!([2, 7].contains(&run.code.unwrap()), "{}", run.err); // refused, or as if it were not set
    }
}

mod damage {
    use super::*;

    /// Flips one bit of a file.
    fn flip(path: &std::path::Path, at: usize) {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }

    #[test]
    fn a_vault_of_a_newer_format() {
        let home = VaultHome::with_wallets();
        let header = home.read("vault/keyark-vault.json").replace("\"version\":1", "\"version\":2");
        home.write("vault/keyark-vault.json", header);
        for args in OPENING {
            let failure = home.fails(args, 3);
            failure.says("malformed", "version 2");
            assert!(failure.remedy.contains("newer keyark"), "{failure:?}");
        }
        home.fails_alone(&["password", "list", "--home", "vault"], 3).says("malformed", "version 2");
        let reset = ["password", "reset", "x", "--home", "vault", "--phrase-file", "words.txt"];
        home.fails_alone(&[&reset[..], &["--new-password-file", "other-password.txt"]].concat(), 3)
            .says("malformed", "version 2");
    }

    /// The file is sparse: reading it would take a gigabyte of memory, not of disk.
    #[test]
    fn a_manifest_of_a_gigabyte() {
        let home = VaultHome::with_wallets();
        let manifests = home.manifests();
        assert_eq!(manifests.len(), 2, "two generations are kept");
        let large = |path: &std::path::Path| std::fs::File::create(path).unwrap().set_len(1 << 30).unwrap();
        large(&manifests[0]);
        let run = home.json(&["list"]).ok();
        assert_eq!(run.objects().len(), 1, "the generation before");
        assert!(run.err.contains("1073741824") && run.err.contains("keyark repair"), "{}", run.err);
        home.fails(&["new", "another"], 3).says("out-of-bounds", "1073741824");
        large(&manifests[1]);
        for args in OPENING {
            home.fails(args, 3).says("out-of-bounds", "1073741824");
        }
    }

    #[test]
    fn a_record_and_an_identity_of_a_gigabyte() {
        let home = VaultHome::with_wallets();
        let large = |path: &std::path::Path| std::fs::File::create(path).unwrap().set_len(1 << 30).unwrap();
        large(&home.files("records/")[0]);
        let failures = ["savings", "hot"].map(|wallet| home.json(&["show", wallet])).map(|run| run.code.unwrap());
        assert!(failures == [0, 3] || failures == [3, 0], "{failures:?}");
        home.files("identity").iter().for_each(|path| large(path));
        for args in OPENING {
            home.fails(args, 3).says("out-of-bounds", "1073741824");
        }
    }

    #[test]
    fn a_work_factor_of_forty() {
        let home = VaultHome::with_wallets();
        let files = home.files("identity");
        assert_eq!(files.len(), 2);
        let good = std::fs::read(&files[0]).unwrap();
        let line = String::from_utf8_lossy(&good).lines().nth(1).unwrap().to_owned();
        assert!(line.starts_with("-> scrypt ") && line.ends_with(" 2"), "{line}");
        let greedy = |factor: &str| {
            let changed = [line.trim_end_matches('2'), factor].concat();
            let at = good.windows(line.len()).position(|window| window == line.as_bytes()).unwrap();
            [&good[..at], changed.as_bytes(), &good[at + line.len()..]].concat()
        };
        for factor in ["40", "21", "63"] {
            // One of the two files is enough.
            std::fs::write(&files[0], greedy(factor)).unwrap();
            assert_eq!(home.json(&["list"]).ok().objects().len(), 2);
            files.iter().for_each(|file| std::fs::write(file, greedy(factor)).unwrap());
            for args in OPENING {
                let failure = home.fails(args, 3);
                failure.says("out-of-bounds", factor);
                assert!(failure.message.contains("20"), "both numbers: {failure:?}");
            }
            files.iter().for_each(|file| std::fs::write(file, &good).unwrap());
        }
        for factor in ["64", "255", "99999999999999999999", "-1", "0", "02", "2.5"] {
            files.iter().for_each(|file| std::fs::write(file, greedy(factor)).unwrap());
            home.fails(&["list"], 3);
        }
        for factor in ["0", "21", "40", "x", ""] {
            let failure = home.fails(&["new", "another", "--work-factor", factor], 2);
            failure.says("usage", "1 to 20");
        }
    }

    /// A record that is another one than the manifest says: two files with each other's names.
    #[test]
    fn records_that_were_swapped() {
        let home = VaultHome::with_wallets();
        let records = home.files("records/");
        let [one, other] = [&records[0], &records[1]].map(|path| std::fs::read(path).unwrap());
        std::fs::write(&records[0], other).unwrap();
        std::fs::write(&records[1], one).unwrap();
        for args in [
            &["show", "savings"][..],
            &["show", "hot"],
            &["rename", "hot", "warm"],
            &["export", "key", "hot", "--chain", "ethereum"],
            &["export", "xpub", "savings"],
            &["backup", "phrase", "savings", "--answers-file", "words.txt"],
            &["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"],
        ] {
            let failure = home.fails(args, 3);
            failure.says("malformed", ".age");
            assert!(failure.message.contains("wallet"), "which one: {failure:?}");
        }
        // The list is another file, and still says what there is.
        assert_eq!(home.objects(&["list"]).len(), 2);
    }

    /// An older state of one record, which its owner sealed: the manifest lists another hash.
    #[test]
    fn an_older_record_under_the_new_ones_name() {
        let home = VaultHome::with_wallets();
        let before: Vec<_> = home.files("records/").iter().map(|path| std::fs::read(path).unwrap()).collect();
        home.keyark(&["rename", "savings", "house"]).ok();
        for path in home.files("records/") {
            let now = std::fs::read(&path).unwrap();
            if !before.contains(&now) {
                before.iter().for_each(|older| {
                    std::fs::write(&path, older).unwrap();
                    home.fails(&["show", "house"], 3).says("malformed", "damaged");
                });
            }
        }
    }

    /// A bit in each part of each file: found, named, and the rest still opens.
    #[test]
    fn a_flipped_bit() {
        let home = VaultHome::with_wallets();
        let good = home.state();
        let restore = |path: &std::path::Path| {
            let name = path.strip_prefix(home.path("")).unwrap().display().to_string();
            std::fs::write(path, &good[&name].1).unwrap();
        };
        for path in home.files(".age") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let length = std::fs::metadata(&path).unwrap().len() as usize;
            for at in [0, 25, 60, 110, 200, length - 1] {
                flip(&path, at);
                let list = home.json(&["list"]);
                let shows = ["savings", "hot"].map(|wallet| home.json(&["show", wallet]));
                let listed = list.objects().len();
                let shown = shows.iter().filter(|run| run.code == Some(0)).count();
                let all = [&list, &shows[0], &shows[1]].map(|run| run.err.as_str()).concat();
                assert_eq!(list.code, Some(0), "{name} at {at}: {}", list.err);
                let newest = home.manifests()[0] == path;
                match (name.split('-').next().unwrap(), newest) {
                    // Of the identity there is a copy.
                    (start, _) if start.starts_with("identity") => {
                        assert_eq!((listed, shown), (2, 2), "{name} at {at}")
                    }
                    // The state before is shown, which has one wallet less.
                    ("manifest", true) => assert_eq!((listed, shown), (1, 1), "{name} at {at}"),
                    // Nobody looks at the generation before, while the newest one is good.
                    ("manifest", false) => assert_eq!((listed, shown), (2, 2), "{name} at {at}"),
                    _ => assert_eq!((listed, shown), (2, 1), "{name} at {at}"),
                }
                assert!(
                    all.contains(&name) || (name.starts_with("manifest") && !newest),
                    "{name} at {at} is named: {all}"
                );
                restore(&path);
            }
            home.assert_state(&good, &name);
        }
    }

    #[test]
    fn files_cut_short_or_gone() {
        let home = VaultHome::with_wallets();
        let good = home.state();
        for path in home.files("") {
            let name = path.strip_prefix(home.path("")).unwrap().display().to_string();
            let bytes = &good[&name].1;
            for cut in [None, Some(0), Some(bytes.len() / 2), Some(bytes.len().saturating_sub(1))] {
                match cut {
                    None => std::fs::remove_file(&path).unwrap(),
                    Some(length) => std::fs::write(&path, &bytes[..length]).unwrap(),
                }
                let list = home.json(&["list"]).ok();
                assert!(!list.objects().is_empty(), "{name} cut to {cut:?}: {}", list.err);
                std::fs::write(&path, bytes).unwrap();
            }
        }
        assert_eq!(home.objects(&["list"]).len(), 2);
    }

    /// The policy that was set meanwhile must not be lost with it.
    #[test]
    fn an_older_copy_of_the_whole_vault_is_found_out() {
        let change =
            ["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "2", "--rekey"];
        for (args, password) in [(&["rename", "hot", "warm"][..], PASSWORD), (&change, OTHER_PASSWORD)] {
            let home = VaultHome::with_wallets();
            let old: Vec<_> = home.files("").iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
            home.keyark(&["policy", "set", "--deny", "private-key"]).ok();
            home.keyark(args).ok();
            home.write("now.txt", password);
            home.run(&["list", "--home", "vault", "--password-file", "now.txt"]).ok();

            let seen = std::fs::read(home.vault().join(".last-seen")).unwrap();
            std::fs::remove_dir_all(home.vault().join("epochs")).unwrap();
            for (path, bytes) in &old {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            std::fs::write(home.vault().join(".last-seen"), seen).unwrap();
            let run = home.json(&["list"]).ok();
            assert!(run.err.contains("older state") && run.objects().len() == 2, "{args:?}: {}", run.err);
            home.fails(&["export", "key", "hot", "--chain", "ethereum"], 3).says("malformed", "older state");
            home.fails(&["new", "another"], 3).says("malformed", "keyark repair");
            home.keyark(&["repair"]).ok();
            home.keyark(&["export", "key", "hot", "--chain", "ethereum"]).ok();
            assert!(!home.keyark(&["list"]).ok().err.contains("warning"), "it was accepted");
        }
    }

    /// What others left in `.last-seen` is no reason to fail.
    #[test]
    fn a_note_of_the_last_state_that_is_none() {
        let home = VaultHome::with_wallets();
        for note in [&b""[..], b"\xff", b"keyark-seen-1 vault=x epoch=1 generation=99999999999999999999", &[b'x'; 5000]]
        {
            std::fs::write(home.vault().join(".last-seen"), note).unwrap();
            assert_eq!(home.objects(&["list"]).len(), 2);
        }
    }

    /// Another vault's files in this one: sealed to somebody else.
    #[test]
    fn another_vaults_files() {
        let home = VaultHome::with_wallets();
        let other = VaultHome::with_wallets();
        let (own, foreign) = (home.manifests(), other.manifests());
        own.iter().zip(&foreign).for_each(|(own, foreign)| _ = std::fs::copy(foreign, own).unwrap());
        for args in OPENING {
            home.fails(args, 3).says("malformed", "manifest-");
        }
    }
}

mod wallets {
    use super::*;

    #[test]
    fn that_are_not_there() {
        let home = VaultHome::with_wallets();
        for args in [
            &["show", "nobody"][..],
            &["rename", "nobody", "somebody"],
            &["remove", "nobody"],
            &["remove", "nobody", "--force"],
            &["export", "key", "nobody", "--chain", "bitcoin"],
            &["export", "xpub", "nobody"],
            &["export", "descriptor", "nobody"],
            &[
                "export",
                "keystore",
                "nobody",
                "--chain",
                "ethereum",
                "--out",
                "x.json",
                "--keystore-password-file",
                "password.txt",
            ],
            &["backup", "phrase", "nobody", "--answers-file", "words.txt"],
            &["backup", "key", "nobody", "--answers-file", "key.txt"],
            &["show", ""],
            &["show", "0123456789abcdef0123456789abcdef"],
        ] {
            home.fails(args, 7).says("not-found", "savings, hot");
        }
    }

    #[test]
    fn chains_kinds_and_formats_that_are_none() {
        let home = VaultHome::with_wallets();
        let key = |more: &[&'static str]| [&["export", "key", "savings"], more].concat();
        for (args, code, said) in [
            (key(&["--chain", "dogecoin"]), 7, "bitcoin, ethereum, solana"),
            (key(&[]), 2, "--chain"),
            (key(&["--chain", "bitcoin", "--kind", "p2wsh"]), 7, "p2wpkh"),
            (key(&["--chain", "ethereum", "--kind", "p2wpkh"]), 7, "ledger-live"),
            (key(&["--chain", "bitcoin", "--format", "hex"]), 7, "wif"),
            (key(&["--chain", "solana", "--format", "id-json", "--secure-copy"]), 5, "base58-secret"),
            (key(&["--chain", "bitcoin", "--index", "2147483648"]), 3, "2147483647"),
            (key(&["--chain", "bitcoin", "--account", "2147483648"]), 3, "2147483647"),
            (key(&["--chain", "bitcoin", "--change", "2"]), 2, "0..=1"),
            (key(&["--chain", "ethereum", "--network", "testnet"]), 2, "mainnet"),
            (key(&["--chain", "bitcoin", "--out", "-"]), 2, "--out"),
            (key(&["--chain", "bitcoin", "--out", "nowhere/key.txt"]), 7, "nowhere"),
            (vec!["export", "xpub", "savings", "--kind", "bip44"], 7, "p2wpkh"),
            (vec!["export", "xpub", "savings", "--chain", "solana"], 5, "Solana"),
            (vec!["import", "x", "--key-file", "key.txt", "--chain", "dogecoin"], 7, "bitcoin, ethereum, solana"),
            (vec!["import", "x", "--key-file", "key.txt", "--chain", "solana"], 3, ""),
            (vec!["import", "x", "--key-file", "key.txt", "--chain", "ethereum", "--network", "testnet"], 2, "mainnet"),
        ] {
            let failure = home.fails(&args, code);
            assert!(failure.message.contains(said) || failure.remedy.contains(said), "{args:?}: {failure:?}");
        }
    }

    /// A wallet of one key has one chain, one address and no accounts.
    #[test]
    fn of_one_key() {
        let home = VaultHome::with_wallets();
        for args in [
            &["export", "key", "hot", "--chain", "bitcoin"][..],
            &["export", "key", "hot", "--chain", "solana"],
            &["export", "key", "hot", "--chain", "ethereum", "--index", "1"],
            &["export", "key", "hot", "--chain", "ethereum", "--account", "1"],
            &["export", "xpub", "hot"],
            &["export", "descriptor", "hot"],
        ] {
            let failure = home.fails(args, 2);
            assert_eq!(failure.kind, "usage", "{args:?}: {failure:?}");
        }
    }

    #[test]
    fn that_are_there_already() {
        let home = VaultHome::with_wallets();
        home.fails(&["import", "again", "--phrase-file", "words.txt"], 7).says("already-exists", "savings");
        home.fails(&["import", "again", "--key-file", "key.txt", "--chain", "ethereum"], 7)
            .says("already-exists", "hot");
        home.fails(&["import", "savings", "--phrase-file", "other-words.txt"], 7).says("already-exists", "savings");
        // With a passphrase they are another wallet.
        home.keyark(&["import", "hidden", "--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"]).ok();
    }

    #[test]
    fn imports_that_are_wrong() {
        let home = VaultHome::with_wallets();
        for (words, said) in [
            (WORDS.replace("about", "above"), "checksum"),
            (WORDS.replace("about", "abouttt"), "word 12"),
            ("abandon abandon about".to_owned(), "12, 15, 18, 21 or 24"),
            (String::new(), "no words"),
            (KEY.to_owned(), "private key"),
        ] {
            home.write("bad.txt", &words);
            home.fails(&["import", "bad", "--phrase-file", "bad.txt"], 3).says("malformed", said);
            let reset = ["password", "reset", "bad", "--home", "vault", "--new-password-file", "other-password.txt"];
            home.fails_alone(&[&reset[..], &["--phrase-file", "bad.txt"]].concat(), 3).says("malformed", said);
        }
        for key in ["", "0x1ab4", "not a key", WORDS, &"0".repeat(64), &"f".repeat(64)] {
            home.write("bad.txt", key);
            let failure = home.fails(&["import", "bad", "--key-file", "bad.txt", "--chain", "ethereum"], 3);
            assert!(!format!("{failure:?}").contains("abandon"), "{failure:?}");
        }
        for keystore in ["", "{}", "[1]", "not json", &"[".repeat(100_000)] {
            home.write("bad.json", keystore);
            home.fails(&["import", "bad", "--keystore", "bad.json", "--keystore-password-file", "password.txt"], 3);
        }
        home.fails(&["import", "bad", "--phrase-file", "nowhere.txt"], 7).says("not-found", "nowhere.txt");
    }

    #[test]
    fn arguments_that_do_not_fit_together() {
        let home = VaultHome::with_wallets();
        for args in [
            &["import", "x", "--chain", "ethereum"][..],
            &["import", "x", "--key-file", "key.txt"],
            &["import", "x", "--key-file", "key.txt", "--chain", "ethereum", "--phrase-file", "words.txt"],
            &["import", "x", "--key-file", "key.txt", "--chain", "ethereum", "--keystore", "k.json"],
            &["import", "x", "--keystore", "k.json", "--phrase-file", "words.txt"],
            &["import", "x", "--phrase-file", "other-words.txt", "--note-passphrase"],
            &[
                "import",
                "x",
                "--phrase-file",
                "other-words.txt",
                "--passphrase-file",
                "passphrase.txt",
                "--ask-passphrase",
            ],
            &["import"],
            &["new"],
            &["new", "x", "--words", "13"],
            &["new", "x", "--language", "klingon"],
            &["rename", "savings"],
            &["export", "keystore", "hot", "--chain", "ethereum"],
            &["export", "key", "savings", "--chain", "bitcoin", "--force"],
        ] {
            assert_eq!(home.fails(args, 2).kind, "usage", "{args:?}");
        }
    }

    /// Words have every chain, and are kept with the addresses of the main networks: what says otherwise is not passed over.
    #[test]
    fn what_does_not_go_with_words() {
        let home = VaultHome::with_wallets();
        let import = ["import", "x", "--phrase-file", "other-words.txt"];
        let reset = ["password", "reset", "x", "--phrase-file", "other-words.txt", "--home", "vault"];
        let reset = [&reset[..], &["--new-password-file", "other-password.txt", "--work-factor", "2"]].concat();
        for more in [["--chain", "ethereum"], ["--network", "testnet"]] {
            home.fails(&[&import[..], &more].concat(), 2).says("usage", more[0]);
            home.fails_alone(&[&reset[..], &more].concat(), 2).says("usage", more[0]);
        }
        let keystore = ["--keystore-password-file", "password.txt"];
        home.fails(&[&import[..], &keystore].concat(), 2).says("usage", "--keystore");
    }

    /// What belongs to the vault is not written over.
    #[test]
    fn exports_into_the_vault_itself() {
        let home = VaultHome::with_wallets();
        let record = home.files("records/").remove(0).display().to_string();
        let identity = home.files("identity").remove(0).display().to_string();
        for file in ["vault/keyark-vault.json", &record, &identity, "vault/lock", "vault/.last-seen"] {
            for export in [
                &["export", "key", "savings", "--chain", "bitcoin"][..],
                &["export", "xpub", "savings"],
                &["export", "keystore", "hot", "--chain", "ethereum", "--keystore-password-file", "other-password.txt"],
            ] {
                let before = home.state();
                let run = home.json(&[export, &["--force", "--out", file]].concat());
                assert!(run.code != Some(0), "{}: {}", run.line, run.err);
                home.assert_state(&before, (export, file));
            }
        }
    }
}

mod storage {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Root writes wherever it likes, so for root there is nothing to test here.
    #[test]
    fn a_read_only_folder() {
        let home = VaultHome::with_wallets();
        let folders = ["vault/epochs/1/records", "vault/epochs/1", "vault/epochs", "vault"];
        let set = |mode: u32| {
            for folder in folders {
                std::fs::set_permissions(home.path(folder), std::fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        set(0o500);
        if std::fs::write(home.path("vault/probe"), "").is_ok() {
            std::fs::remove_file(home.path("vault/probe")).unwrap();
            set(0o700);
            return; // nothing is read-only for this user
        }
        assert_eq!(home.objects(&["list"]).len(), 2);
        home.keyark(&["export", "key", "hot", "--chain", "ethereum"]).ok();
        for args in [&["new", "another"][..], &["rename", "hot", "warm"], &["remove", "hot", "--force"]] {
            home.fails(args, 6).says("storage", "permission");
        }
        set(0o700);
    }

    /// The lock of a process that has died is nobody's, and readers do not wait for one that lives.
    #[test]
    fn a_lock_that_was_left() {
        let home = VaultHome::with_wallets();
        std::fs::write(home.vault().join("lock"), "4194304\n").unwrap();
        home.keyark(&["rename", "hot", "warm"]).ok();
        let lock = std::fs::File::open(home.vault().join("lock")).unwrap();
        lock.lock().unwrap();
        let start = std::time::Instant::now();
        assert_eq!(home.objects(&["list"]).len(), 2);
        home.keyark(&["export", "xpub", "savings"]).ok();
        assert!(start.elapsed() < std::time::Duration::from_secs(5));
        let run = home.json(&["rename", "warm", "hot"]);
        run.only_error(6).says("storage", "another keyark");
        lock.unlock().unwrap();
        home.keyark(&["rename", "warm", "hot"]).ok();
    }

    /// Several programs at once: each change is made, or refused and made again.
    #[test]
    fn ten_at_once() {
        let home = VaultHome::with_wallets();
        let names: Vec<_> = (0..10).map(|number| format!("wallet {number}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                let home = &home;
                scope.spawn(move || home.keyark(&["new", name]).ok());
            }
        });
        let list = home.objects(&["list"]);
        let mut listed: Vec<_> = list.iter().map(|wallet| text(wallet, "name")).collect();
        listed.sort_unstable();
        let mut expected: Vec<_> = names.iter().map(String::as_str).chain(["hot", "savings"]).collect();
        expected.sort_unstable();
        assert_eq!(listed, expected);
        for name in &names {
            assert_eq!(home.objects(&["show", name]).len(), 11);
        }
    }

    /// Who reads while another writes sees the state before or after, and no sign of an older copy.
    #[test]
    fn readers_beside_a_writer() {
        let home = VaultHome::with_wallets();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..40 {
                    home.keyark(&["rename", "hot", "warm"]).ok();
                    home.keyark(&["rename", "warm", "hot"]).ok();
                }
            });
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..60 {
                        let run = home.json(&["list"]).ok();
                        assert_eq!(run.objects().len(), 2);
                        assert!(!run.err.contains("warning"), "nothing is wrong with this vault: {}", run.err);
                        home.keyark(&["export", "xpub", "savings"]).ok();
                    }
                });
            }
        });
    }

    /// The same at the moment that is hardest to hit: another process makes its change between two reads of this one. The
    /// note of the last state is a pipe here, at which the reader waits.
    #[test]
    fn a_change_while_the_vault_is_being_opened() {
        let home = VaultHome::with_wallets();
        let (note, pipe) = (home.vault().join(".last-seen"), home.path("pipe"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::fs::rename(&pipe, &note).unwrap();
        let reader = home.command(&with_password(&["export", "xpub", "savings", "--json"]));
        let reader = std::thread::spawn(move || finish(reader, ""));
        // Opening a pipe waits for the other end: now the reader is there.
        let (sender, arrived) = std::sync::mpsc::channel();
        let opened = note.clone();
        std::thread::spawn(move || sender.send(std::fs::File::options().write(true).open(opened).unwrap()));
        let end = arrived.recv_timeout(PATIENCE / 3);
        std::fs::rename(&note, &pipe).unwrap();
        home.keyark(&["rename", "hot", "warm"]).ok();
        if let Ok(mut end) = end {
            end.write_all(&std::fs::read(&note).unwrap()).unwrap();
        }
        let run = reader.join().unwrap().ok();
        assert!(!run.err.contains("older state"), "{}", run.err);
    }

    #[test]
    fn what_a_killed_writer_left_is_cleared() {
        let home = VaultHome::with_wallets();
        home.write("vault/epochs/1/records/.tmp-abc", "half a record");
        home.write("vault/.tmp-def", "half a header");
        assert_eq!(home.objects(&["list"]).len(), 2);
        home.keyark(&["rename", "hot", "warm"]).ok();
        assert!(home.files(".tmp-").is_empty(), "{:?}", home.files(".tmp-"));
        assert_eq!(home.objects(&["show", "warm"]).len(), 1);
    }
}
