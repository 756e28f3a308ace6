//! No error and no file that is left after one has a secret in it, whatever was given.

use super::*;

#[test]
fn refusals_and_faults() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    home.write("other-words.txt", WORDS.replace("sausage", "sausagge"));
    let out = ["--home", "vault", "--password-file"];
    for args in [
        &["list"][..],
        &["new", "x"],
        &["import", "x", "--phrase-file", "words.txt"],
        &["export", "key", "kept", "--chain", "bitcoin"],
        &["password", "change", "--new-password-file", "other-password.txt"],
    ] {
        guarded.fails_alone(&[args, &out[..], &["wrong.txt"]].concat());
        guarded.fails_alone(&[args, &["--home", "vault"][..]].concat());
    }
    for args in [
        &["import", "again", "--phrase-file", "words.txt"][..],
        &["import", "kept", "--phrase-file", "other-words.txt"],
        &["import", "slip", "--phrase-file", "other-words.txt"],
        &["import", WORDS, "--phrase-file", "words.txt"],
        &["new", WORDS],
        &["show", WORDS],
        &["rename", "kept", WORDS],
        &["remove", WORDS, "--force"],
        &["remove", "kept"],
        &["export", "key", "kept", "--chain", "dogecoin"],
        &["export", "key", "ether", "--chain", "bitcoin"],
        &["export", "key", "kept", "--chain", "bitcoin", "--out", "nowhere/x"],
        &["export", "key", "kept", "--chain", "bitcoin", "--out", "words.txt"],
        &["export", "key", "kept", "--chain", "solana", "--format", "id-json", "--secure-copy"],
        &["export", "keystore", "kept", "--chain", "bitcoin", "--out", "x.json"],
        &["backup", "phrase", "kept", "--answers-file", "words.txt", "--passphrase-file", "wrong.txt"],
        &["backup", "key", "ether", "--answers-file", "wif.txt"],
        &["backup", "key", "ether", "--answers-file", "words.txt"],
        &["backup", "key", "kept", "--answers-file", "key.txt"],
        &["policy", "set", "--deny", WORDS],
        &["policy", "set", "--deny", "keystore", "--chain", WORDS],
    ] {
        guarded.fails(args);
    }
    // A wrong quiz has a result, too.
    for sheet in ["other-words.txt", "key.txt", "password.txt"] {
        let run = guarded.run(&["backup", "phrase", "kept", "--answers-file", sheet], &[]);
        assert!([Some(3), Some(8)].contains(&run.code), "{}", run.err);
    }
    home.keyark(&["policy", "set", "--deny", "private-key", "--reason", "mine"]).ok();
    guarded.fails(&["export", "key", "kept", "--chain", "bitcoin"]);
}

/// Every file with a secret in it, where another one belongs.
#[test]
fn files_in_the_wrong_place() {
    let guarded = Guarded::with_wallets();
    std::fs::remove_file(guarded.home.path("other-words.txt")).unwrap();
    for file in GIVEN.into_iter().filter(|file| *file != "other-words.txt") {
        for args in [
            &["import", "x", "--phrase-file", file][..],
            &["import", "x", "--key-file", file, "--chain", "ethereum"],
            &["import", "x", "--key-file", file, "--chain", "bitcoin"],
            &["import", "x", "--key-file", file, "--chain", "solana"],
            &["import", "x", "--keystore", file, "--keystore-password-file", "password.txt"],
            &["export", "key", "kept", "--chain", "ethereum", "--out", file, "--force", "--passphrase-file", file],
            &["backup", "key", "sol", "--answers-file", file],
        ] {
            // Some of them are right there, and are a wallet that is in the vault already.
            let run = guarded.run(args, &[]);
            assert!(run.code != Some(0) || args[0] == "backup", "{}", run.line);
        }
        let unlock = ["list", "--home", "vault", "--password-file", file];
        assert_eq!(guarded.run_alone(&unlock, &[]).code == Some(0), file == "password.txt", "{file}");
    }
}
