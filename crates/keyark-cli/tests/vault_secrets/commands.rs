//! Every command that succeeds prints and leaves nothing that it was not asked for.

use super::*;

#[test]
fn every_command_that_succeeds() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    for json in [&[][..], &["--json"]] {
        for args in [
            &["list"][..],
            &["show", PRIVATE_NAME],
            &["show", "kept"],
            &["show", "ether"],
            &["rename", "bit", "bits"],
            &["rename", "bits", "bit"],
            &["export", "xpub", "kept", "--chain", "bitcoin"],
            &["export", "xpub", PRIVATE_NAME, "--kind", "p2tr", "--out", "xpub.out"],
            &["export", "descriptor", "kept", "--out", "descriptor.out"],
            &["backup", "phrase", PRIVATE_NAME, "--answers-file", "words.txt"],
            &["backup", "phrase", "kept", "--answers-file", "words.txt", "--passphrase-file", "passphrase.txt"],
            &["backup", "key", "ether", "--answers-file", "key.txt"],
            &["backup", "key", "bit", "--answers-file", "wif.txt"],
            &["backup", "key", "sol", "--answers-file", "keypair.txt"],
            &["policy", "show"],
            &["policy", "set", "--deny", "keystore", "--chain", "ethereum", "--reason", "mine"],
            &["policy", "reset"],
            &["repair"],
            &["new", "fresh"],
            &["remove", "fresh", "--force"],
            &["list", "--check"],
        ] {
            guarded.ok(&[args, json].concat(), &[]);
            for file in ["xpub.out", "descriptor.out"] {
                let _ = std::fs::remove_file(home.path(file));
            }
        }
        guarded.run_alone(&[&["password", "list", "--home", "vault"], json].concat(), &[]).ok();
        for args in [
            &["export", "key", "kept", "--chain", "bitcoin"][..],
            &["export", "key", "kept", "--chain", "ethereum", "--out", "key.out"],
            &["export", "key", "kept", "--chain", "solana", "--format", "id-json"],
            &["export", "key", "ether", "--chain", "ethereum"],
            &["export", "key", "sol", "--chain", "solana", "--format", "base58-secret"],
        ] {
            guarded.ok(&[args, json].concat(), &[Kind::Key]);
            let _ = std::fs::remove_file(home.path("key.out"));
        }
    }
}

#[test]
fn a_keystore_and_what_is_imported_from_it() {
    let guarded = Guarded::with_wallets();
    let password = ["--keystore-password-file", "other-password.txt"];
    guarded.ok(
        &[&["export", "keystore", "ether", "--chain", "ethereum", "--out", "account.json"], &password[..]].concat(),
        &[],
    );
    guarded.ok(&["remove", "ether", "--force"], &[]);
    guarded.ok(&[&["import", "ether", "--keystore", "account.json"], &password[..]].concat(), &[]);
    guarded.fails(&["import", "other", "--keystore", "account.json", "--keystore-password-file", "wrong.txt"]);
    guarded.fails(&["import", "other", "--keystore", "words.txt", "--keystore-password-file", "wrong.txt"]);
}

#[test]
fn passwords_that_change() {
    let guarded = Guarded::with_wallets();
    let new = ["--new-password-file", "other-password.txt", "--work-factor", "2"];
    let back =
        ["password", "change", "--home", "vault", "--password-file", "other-password.txt", "--new-password-file"];
    guarded.ok(&[&["password", "change"], &new[..]].concat(), &[]);
    guarded.run_alone(&[&back[..], &["password.txt", "--work-factor", "2", "--json"]].concat(), &[]).ok();
    guarded.ok(&[&["password", "change", "--rekey", "--json"], &new[..]].concat(), &[]);
    guarded.run_alone(&[&back[..], &["password.txt", "--work-factor", "2", "--rekey"]].concat(), &[]).ok();
    let reset = ["password", "reset", "mine", "--home", "vault", "--phrase-file", "words.txt"];
    guarded.run_alone(&[&reset[..], &new].concat(), &[]).ok();
    let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
    guarded.run_alone(&[&merge[..], &["--old-password-file", "password.txt"]].concat(), &[]).ok();
    guarded.home.write("third.txt", "rickety-octane-velvet-61");
    guarded.home.write("fourth.txt", "lopsided-quarry-thimble-94");
    let reset = ["password", "reset", "one", "--home", "vault", "--key-file", "wif.txt", "--chain", "bitcoin"];
    guarded.run_alone(&[&reset[..], &["--new-password-file", "third.txt", "--work-factor", "2"]].concat(), &[]).ok();
    let new = ["--new-password-file", "fourth.txt", "--work-factor", "2"];
    let reset = ["password", "reset", "two", "--home", "vault", "--phrase-file", "words.txt", "--note-passphrase"];
    guarded.run_alone(&[&reset[..], &["--passphrase-file", "passphrase.txt"], &new].concat(), &[]).ok();
}

/// A passphrase that the vault is not to keep is not in it, sealed or not: its records open without it.
#[test]
fn a_noted_passphrase() {
    let guarded = Guarded::new();
    let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
    guarded.ok(&[&["import", "noted", "--note-passphrase"], &words[..], &CHEAP].concat(), &[]);
    guarded.ok(&["show", "noted", "--json"], &[]);
    guarded.ok(&["export", "key", "noted", "--chain", "ethereum", "--passphrase-file", "passphrase.txt"], &[Kind::Key]);
    guarded.fails(&["export", "key", "noted", "--chain", "ethereum"]);
    guarded.fails(&["export", "key", "noted", "--chain", "ethereum", "--passphrase-file", "wrong.txt"]);
    guarded.fails(&["export", "xpub", "noted", "--passphrase-file", "words.txt"]);
    guarded.fails(&["backup", "phrase", "noted", "--answers-file", "words.txt", "--passphrase-file", "wrong.txt"]);
}
