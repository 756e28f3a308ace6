//! The vault is for its owner alone, whatever the umask is.

use super::*;

/// Files 0600, folders 0700, whatever the person's umask is.
#[test]
fn the_vault_is_for_its_owner_alone() {
    for umask in ["000", "022", "077"] {
        let guarded = Guarded::new();
        let home = &guarded.home;
        let run = |args: &[&str]| {
            let inner = home.command(&with_password(args));
            let mut shell = std::process::Command::new("sh");
            shell
                .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
                .arg(inner.get_program())
                .args(inner.get_args());
            support::like(&mut shell, &inner);
            shell
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .stdin(std::process::Stdio::null());
            finish(shell, "").ok()
        };
        run(&[&["import", "kept", "--phrase-file", "words.txt"], &CHEAP[..]].concat());
        run(&["import", "hot", "--key-file", "key.txt", "--chain", "ethereum"]);
        run(&["backup", "phrase", "kept", "--answers-file", "words.txt"]);
        run(&["rename", "hot", "warm"]);
        run(&["policy", "set", "--deny", "keystore"]);
        run(&["password", "change", "--rekey", "--new-password-file", "other-password.txt", "--work-factor", "2"]);
        home.write("password.txt", WRONG_PASSWORD);
        run(&["export", "key", "kept", "--chain", "ethereum", "--out", "key.out"]);
        run(&["export", "xpub", "kept", "--out", "xpub.out"]);
        run(&["policy", "reset"]);
        run(&[
            "export",
            "keystore",
            "warm",
            "--chain",
            "ethereum",
            "--keystore-password-file",
            "wrong.txt",
            "--out",
            "account.out",
        ]);
        let mut files = Vec::new();
        for (name, (mode, _)) in home.state() {
            let is_folder = mode & 0o170_000 == 0o040_000;
            if name == "vault" || name.starts_with("vault/") || name.ends_with(".out") {
                assert_eq!(mode & 0o777, if is_folder { 0o700 } else { 0o600 }, "{name} under umask {umask}");
                files.push(name);
            }
        }
        for expected in
            ["vault/.last-seen", "vault/lock", "vault/keyark-vault.json", "key.out", "xpub.out", "account.out"]
        {
            assert!(files.iter().any(|name| name == expected), "{expected}: {files:?}");
        }
    }
}

/// A folder that was there keeps the permissions that its owner gave it; what comes into it is private.
#[test]
fn in_a_folder_that_was_there() {
    let home = VaultHome::new();
    std::fs::create_dir(home.vault()).unwrap();
    std::fs::set_permissions(home.vault(), std::fs::Permissions::from_mode(0o755)).unwrap();
    home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
    for (name, (mode, _)) in home.state() {
        if name.starts_with("vault/") {
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
