//! Damaged, swapped, older and other files of a vault are found out and named.

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
            assert!(all.contains(&name) || (name.starts_with("manifest") && !newest), "{name} at {at} is named: {all}");
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
    let change = ["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "2", "--rekey"];
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
    for note in [&b""[..], b"\xff", b"keyark-seen-1 vault=x epoch=1 generation=99999999999999999999", &[b'x'; 5000]] {
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
