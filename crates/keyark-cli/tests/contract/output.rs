//! How files and standard output are written.

use super::*;

#[test]
fn a_file_is_for_its_owner_alone_and_never_replaced_unasked() {
    let home = Home::with_words();
    let args = ["derive", "--phrase-file", "words.txt", "--private", "--out", "keys.txt", "--json"];
    let run = home.run(&args).ok();
    assert_eq!(run.out, "");
    assert_eq!(mode(&home, "keys.txt"), 0o600);
    let first = home.read("keys.txt");
    assert_eq!(first.lines().count(), 3);

    let other = [&args[..], &["--chain", "bitcoin"]].concat();
    home.run(&other).only_error(7).says("already-exists", "--force");
    assert_eq!(home.read("keys.txt"), first);
    home.run(&[&other[..], &["--force"]].concat()).ok();
    assert_eq!(home.read("keys.txt").lines().count(), 1);
    assert_eq!(mode(&home, "keys.txt"), 0o600);
    assert_eq!(home.names(), ["keys.txt".to_owned(), "words.txt".to_owned()].into());
}

#[test]
fn force_makes_a_file_private_that_was_not() {
    let home = Home::with_words();
    home.write("open.txt", "");
    std::fs::set_permissions(home.path("open.txt"), std::fs::Permissions::from_mode(0o644)).unwrap();
    home.run(&["phrase", "new", "--out", "open.txt", "--force"]).ok();
    assert_eq!(mode(&home, "open.txt"), 0o600);
}

/// A link is a file that exists, even where it leads nowhere: nothing is written through it.
#[test]
fn a_link_is_not_followed() {
    let home = Home::with_words();
    std::os::unix::fs::symlink(home.path("elsewhere.txt"), home.path("link.txt")).unwrap();
    home.run(&["phrase", "new", "--out", "link.txt", "--json"]).only_error(7).says("already-exists", "link.txt");
    let forced = ["phrase", "new", "--out", "link.txt", "--force", "--json"];
    home.run(&forced).only_error(7).says("already-exists", "not a plain file");
    assert!(home.path("link.txt").is_symlink() && !home.path("elsewhere.txt").exists());
}

#[test]
fn completions_and_manual_pages() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.run(&["completions", shell]).ok().out.contains("keystore"), "{shell}");
    }
    home.run(&["man", "--out", "man1"]).ok();
    let names = home.names();
    for page in ["keyark.1", "keyark-derive.1", "keyark-keystore-open.1"] {
        assert!(names.contains(&format!("man1/{page}")), "{names:?}");
    }
}

#[test]
fn help_has_examples() {
    let home = Home::new();
    for command in ["derive", "account", "complete", "completions", "man"] {
        let help = home.run(&[command, "--help"]).ok();
        assert!(help.out.contains("Example"), "{command}:\n{}", help.out);
        assert_eq!(home.run(&["help", command]).ok().out, help.out);
    }
    for command in [["phrase", "new"], ["phrase", "check"], ["phrase", "quiz"], ["keystore", "make"]] {
        assert!(home.run(&[&command[..], &["--help"]].concat()).ok().out.contains("Example"), "{command:?}");
    }
    let bare = home.run(&[]);
    assert_eq!(bare.code, Some(2));
    assert!(bare.err.lines().count() > 10, "the help, line by line:\n{}", bare.err);
    assert!(home.run(&["--version"]).ok().out.starts_with("keyark "));
}

/// `head` is no error, and no reason to derive the rest.
#[test]
fn a_reader_that_has_seen_enough() {
    let home = Home::with_words();
    let args = ["derive", "--phrase-file", "words.txt", "--range", "0..2147483648"];
    let mut child = home.command(&args).spawn().unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    drop(out);
    assert!(line.contains(BITCOIN), "{line}");
    assert_eq!(support::wait(&mut child, "derive | head").code(), Some(0));
}
