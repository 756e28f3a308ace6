//! What a vault or a wallet does not have, or has already, is refused.

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
    home.fails(&["import", "again", "--key-file", "key.txt", "--chain", "ethereum"], 7).says("already-exists", "hot");
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
        &["import", "x", "--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt", "--ask-passphrase"],
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
