//! A home that holds no vault, or something else, is refused and left as it is.

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
