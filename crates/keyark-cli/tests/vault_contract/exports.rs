//! Exports say the same as the commands that need no vault.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// What `derive --private` says of the same address.
fn same_as_derive(home: &VaultHome, of_export: &[&str], of_derive: &[&str]) {
    let exported = home.object(&[&["export", "key", "savings"], of_export].concat());
    let derive = ["derive", "--phrase-file", "words.txt", "--private", "--json"];
    let row = home.run(&[&derive[..], of_derive].concat()).object();
    assert_fields(&exported, &["chain", "kind", "path", "address", "format", "private_key", "warnings"]);
    for field in ["chain", "kind", "path", "address", "private_key"] {
        assert_eq!(exported[field], row[field], "{field} of {of_export:?}");
    }
}

#[test]
fn a_key_is_the_one_that_derive_gives() {
    let home = VaultHome::with_wallets();
    for (chain, kinds) in KINDS {
        same_as_derive(&home, &["--chain", chain], &["--chain", chain]);
        for kind in kinds {
            let args = ["--chain", chain, "--kind", kind];
            same_as_derive(&home, &args, &args);
        }
    }
    let at = |more: &[&'static str]| [&["--chain", "bitcoin"], more].concat();
    same_as_derive(
        &home,
        &at(&["--account", "2", "--change", "1", "--index", "7"]),
        &at(&["--account", "2", "--change", "1", "--range", "7..8"]),
    );
    same_as_derive(&home, &at(&["--network", "testnet"]), &at(&["--network", "testnet"]));
    for format in ["base58-keypair", "base58-secret", "id-json"] {
        let args = ["--chain", "solana", "--format", format];
        same_as_derive(&home, &args, &args);
    }
}

#[test]
fn a_person_sees_the_key_alone_on_stdout() {
    let home = VaultHome::with_wallets();
    let run = home.keyark(&["export", "key", "hot", "--chain", "ethereum"]).ok();
    assert_eq!(run.out, format!("{KEY}\n"));
    assert!(run.err.contains(KEY_ADDRESS) && !run.err.contains(KEY), "{}", run.err);
    let run = home.keyark(&["export", "key", "savings", "--chain", "bitcoin"]).ok();
    assert!(run.err.contains("warning: together with the account's extended public key"), "{}", run.err);
}

#[test]
fn a_file_is_for_its_owner_alone() {
    let home = VaultHome::with_wallets();
    for args in [
        ["export", "key", "savings", "--chain", "bitcoin"],
        ["export", "xpub", "savings", "--chain", "bitcoin"],
        ["export", "descriptor", "savings", "--chain", "bitcoin"],
    ] {
        let shown = home.json(&args).ok().out;
        let run = home.json(&[&args[..], &["--out", "out.txt"]].concat()).ok();
        assert_eq!((run.out.as_str(), home.read("out.txt")), ("", shown));
        let mode = std::fs::metadata(home.path("out.txt")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        home.fails(&[&args[..], &["--out", "out.txt"]].concat(), 7).says("already-exists", "--force");
        home.json(&[&args[..], &["--out", "out.txt", "--force"]].concat()).ok();
        let over_password = [&args[..], &["--out", "password.txt", "--force"]].concat();
        home.fails(&over_password, 2).says("usage", "password.txt");
        std::fs::remove_file(home.path("out.txt")).unwrap();
    }
}

#[test]
fn a_secure_copy_is_completed_again() {
    let home = VaultHome::with_wallets();
    for chain in ["bitcoin", "ethereum", "solana"] {
        let args = ["export", "key", "savings", "--chain", chain, "--secure-copy"];
        let copy = home.json(&args).ok();
        let object = &copy.objects()[0];
        assert!(object["hidden_bits"].as_u64().is_some_and(|bits| bits > 20), "{object}");
        let part = text(object, "private_key");
        let format = text(object, "format");
        let whole = home.object(&["export", "key", "savings", "--chain", chain, "--format", format]);
        let whole = text(&whole, "private_key");
        let rest = whole.replacen(part, "", 1);
        assert!(rest.len() >= 6 && rest.len() < whole.len(), "{chain}");
        assert!(!copy.out.contains(&rest) && copy.err.contains(&rest) && !copy.err.contains(part), "{chain}");
        home.write("part.txt", part);
        home.write("rest.txt", rest);
        let address = text(object, "address");
        let complete = ["complete", "--chain", chain, "--key-file", "part.txt", "--rest-file", "rest.txt"];
        let done = home.run(&[&complete[..], &["--address", address, "--json"]].concat()).object();
        assert_eq!((text(&done, "address"), &done["checked"]), (address, &json!(true)));
        let default = home.object(&["export", "key", "savings", "--chain", chain]);
        assert_eq!(text(&done, "private_key"), text(&default, "private_key"));
    }
}

#[test]
fn a_keystore_opens_again_and_is_noted() {
    let home = VaultHome::with_wallets();
    for (wallet, backed_up) in [("savings", false), ("hot", true)] {
        let file = format!("{wallet}.json");
        let args = ["--chain", "ethereum", "--keystore-password-file", "other-password.txt", "--out", &file];
        let object = home.object(&[&["export", "keystore", wallet], &args[..]].concat());
        assert_eq!((text(&object, "address"), text(&object, "file")), (KEY_ADDRESS, file.as_str()));
        let mode = std::fs::metadata(home.path(&file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let open = ["keystore", "open", &file, "--keystore-password-file", "other-password.txt"];
        assert_eq!(home.run(&open).ok().out, format!("{KEY}\n"));
        let list = home.objects(&["list"]);
        let noted = list.iter().find(|entry| text(entry, "name") == wallet).unwrap();
        let backup = &noted["backups"][0];
        assert_eq!((text(backup, "method"), noted["backed_up"].clone()), ("keystore", json!(backed_up)));
        let to = std::path::Path::new(text(backup, "to"));
        assert!(to.is_absolute() && to.ends_with(&file), "{backup}");
        assert_time(&backup["verified"]);
    }
    let again = ["export", "keystore", "hot", "--chain", "ethereum", "--keystore-password-file", "other-password.txt"];
    home.fails(&[&again[..], &["--out", "hot.json"]].concat(), 7).says("already-exists", "--force");
    home.keyark(&[&again[..], &["--out", "hot.json", "--force"]].concat()).ok();
    assert_eq!(home.objects(&["list"])[1]["backups"].as_array().unwrap().len(), 1, "the same file is one backup");
}

#[test]
fn accounts_are_those_of_account() {
    let home = VaultHome::with_wallets();
    for more in [&[][..], &["--kind", "p2tr"], &["--kind", "p2pkh", "--account", "1"], &["--network", "testnet"]] {
        let account = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin", "--json"];
        let account = home.run(&[&account[..], more].concat()).object();
        for part in ["xpub", "descriptor"] {
            let args = [&["export", part, "savings"], more].concat();
            assert_eq!(home.object(&args), account, "{args:?}");
            assert_eq!(home.object(&[&args[..], &["--chain", "bitcoin"]].concat()), account);
        }
        let run = home.keyark(&[&["export", "descriptor", "savings"], more].concat()).ok();
        assert_eq!(run.out.trim_end(), text(&account, "descriptor"));
        assert!(run.err.contains("warning: whoever has this sees every address"), "{}", run.err);
        let run = home.keyark(&[&["export", "xpub", "savings"], more].concat()).ok();
        assert!(run.out.contains(text(&account, "xpub")), "{}", run.out);
    }
}

#[test]
fn what_a_chain_denies_is_denied_before_the_password() {
    let home = VaultHome::with_wallets();
    let at = |args: &[&'static str]| [args, &["--home", "vault"]].concat(); // no password
    home.fails_alone(&at(&["export", "xpub", "savings", "--chain", "ethereum"]), 5).says("refused", "Ethereum");
    home.fails_alone(&at(&["export", "keystore", "savings", "--chain", "bitcoin", "--out", "x.json"]), 5)
        .says("refused", "Bitcoin");
}
