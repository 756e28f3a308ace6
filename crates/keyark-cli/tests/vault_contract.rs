//! What scripts rely on of the vault's commands: their JSON, what they change, and that they say the same as the commands that
//! need no vault.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use serde_json::{Value, json};
use support::vault::{CHEAP, KEY, KEY_ADDRESS, OTHER_PASSWORD, PASSWORD, VaultHome, with_password};
use support::{WORDS, assert_fields, finish, text};

/// The kinds of each chain.
const KINDS: [(&str, &[&str]); 3] = [
    ("bitcoin", &["p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr"]),
    ("ethereum", &["bip44", "ledger-live", "ledger-legacy"]),
    ("solana", &["bip44-change", "bip44", "root", "seed"]),
];

/// One field of each object.
fn column<'a>(objects: &'a [Value], name: &str) -> Vec<&'a str> {
    objects.iter().map(|object| text(object, name)).collect()
}

/// The first address of every kind, as `derive` gives it.
fn derived(home: &VaultHome, more: &[&str]) -> Vec<Value> {
    let of_chain = |(chain, kinds): &(&str, &[&str])| {
        let kinds: Vec<_> = kinds.iter().flat_map(|kind| ["--kind", *kind]).collect();
        let args = [&["derive", "--json", "--chain", chain], &kinds[..], more].concat();
        home.run(&args).ok().objects()
    };
    KINDS.iter().flat_map(of_chain).collect()
}

/// A point in time as RFC 3339 has it, of this century.
fn assert_time(value: &Value) {
    let time = value.as_str().unwrap_or_else(|| panic!("no time: {value}"));
    assert!(time.len() == "2026-01-01T00:00:00Z".len() && time.starts_with("20") && time.ends_with('Z'), "{time}");
}

mod adding {
    use super::*;

    #[test]
    fn a_new_wallet_has_words_of_its_own() {
        let home = VaultHome::new();
        let first = home.object(&[&["new", "savings"], &CHEAP[..]].concat());
        assert_fields(&first, &["accounts", "backed_up", "fingerprint", "id", "name"]);
        assert_eq!((text(&first, "name"), &first["backed_up"]), ("savings", &json!(false)));
        assert!(keyark::hex::decode(text(&first, "id")).is_ok_and(|id| id.len() == 16));
        let accounts = first["accounts"].as_array().unwrap();
        let kinds: Vec<_> = accounts.iter().map(|account| (text(account, "chain"), text(account, "kind"))).collect();
        let all: Vec<_> =
            KINDS.iter().flat_map(|(chain, kinds)| kinds.iter().map(move |kind| (*chain, *kind))).collect();
        assert_eq!(kinds, all);

        let second = home.object(&["new", "house"]);
        for field in ["id", "fingerprint", "accounts"] {
            assert_ne!(first[field], second[field], "{field}");
        }
        assert_eq!(column(&home.objects(&["list"]), "name"), ["savings", "house"]);
        assert_eq!(home.objects(&["show", "savings"]), *accounts);
    }

    #[test]
    fn a_person_is_told_where_it_is_and_that_it_is_not_backed_up() {
        let home = VaultHome::new();
        let run = home.keyark(&[&["new", "my savings"], &CHEAP[..]].concat()).ok();
        assert_eq!(run.out.lines().count(), 3, "the default address of each chain:\n{}", run.out);
        for words in ["no vault in vault yet", "my savings is not backed up", "keyark backup phrase 'my savings'"] {
            assert!(run.err.contains(words), "{words}:\n{}", run.err);
        }
        let run = home.keyark(&["new", "-dash"]);
        assert_eq!(run.code, Some(2), "an option, not a name");
        let run = home.run(&[&with_password(&["new"])[..], &["--", "-dash"]].concat()).ok();
        assert!(run.err.contains("keyark backup phrase '-dash'"), "{}", run.err);
    }

    #[test]
    fn as_many_words_as_asked_for_and_in_their_language() {
        let home = VaultHome::new();
        home.keyark(&[&["new", "plain"], &CHEAP[..]].concat()).ok();
        assert!(home.keyark(&["show", "plain"]).ok().err.contains("12 English words"));
        for (words, language, said) in [("24", "japanese", "24 Japanese"), ("15", "spanish", "15 Spanish")] {
            home.keyark(&["new", language, "--words", words, "--language", language]).ok();
            let run = home.keyark(&["show", language]).ok();
            assert!(run.err.contains(said), "{}", run.err);
        }
    }

    #[test]
    fn imported_words_give_what_derive_gives() {
        let home = VaultHome::new();
        let args = ["import", "savings", "--phrase-file", "words.txt"];
        let object = home.object(&[&args, &CHEAP[..]].concat());
        let rows = derived(&home, &["--phrase-file", "words.txt"]);
        assert_eq!(object["accounts"], json!(rows));
        assert_eq!(object["fingerprint"], "73c5da0a");
        assert_eq!(home.objects(&["show", "savings"]), rows);
    }

    #[test]
    fn a_passphrase_is_kept() {
        let home = VaultHome::new();
        let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
        home.keyark(&[&["import", "hidden"], &words[..], &CHEAP].concat()).ok();
        assert_eq!(home.objects(&["show", "hidden"]), derived(&home, &words));
        let rows = home.run(&[&["derive", "--private", "--chain", "bitcoin", "--json"], &words[..]].concat()).object();
        let key = home.object(&["export", "key", "hidden", "--chain", "bitcoin"]);
        assert_eq!(text(&key, "private_key"), text(&rows, "private_key"));
    }

    #[test]
    fn a_passphrase_is_only_noted() {
        let home = VaultHome::new();
        let words = ["--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"];
        home.keyark(&[&["import", "hidden", "--note-passphrase"], &words[..], &CHEAP].concat()).ok();
        assert_eq!(home.objects(&["show", "hidden"]), derived(&home, &words), "addresses are no secret");
        let export = ["export", "key", "hidden", "--chain", "bitcoin"];
        let rows = home.run(&[&["derive", "--private", "--chain", "bitcoin", "--json"], &words[..]].concat()).object();
        let key = home.object(&[&export[..], &["--passphrase-file", "passphrase.txt"]].concat());
        assert_eq!(text(&key, "private_key"), text(&rows, "private_key"));
        home.fails(&export, 2).says("usage", "--passphrase-file");
        home.fails(&[&export[..], &["--passphrase-file", "wrong.txt"]].concat(), 8).says("mismatch", "hidden");
    }

    #[test]
    fn a_key_of_each_chain_and_form() {
        let home = VaultHome::new();
        home.keyark(&[&["new", "first"], &CHEAP[..]].concat()).ok();
        let forms = [
            ("bitcoin", "wif"),
            ("ethereum", "hex"),
            ("solana", "base58-keypair"),
            ("solana", "base58-secret"),
            ("solana", "id-json"),
        ];
        for (chain, format) in forms {
            let derive = ["derive", "--phrase-file", "words.txt", "--private", "--json"];
            let row = home.run(&[&derive[..], &["--chain", chain, "--format", format]].concat()).object();
            home.write("form.txt", text(&row, "private_key"));
            let object = home.object(&["import", "one", "--key-file", "form.txt", "--chain", chain]);
            let of_kind = |account: &&Value| account["kind"] == row["kind"];
            let accounts = object["accounts"].as_array().unwrap();
            let account = accounts.iter().find(of_kind).unwrap();
            assert_eq!(
                (text(account, "address"), text(account, "public_key"), &account["path"]),
                (text(&row, "address"), text(&row, "public_key"), &Value::Null)
            );
            assert_eq!(object["fingerprint"], Value::Null);
            let key = home.object(&["export", "key", "one", "--chain", chain, "--format", format]);
            assert_eq!(
                (text(&key, "private_key"), text(&key, "address")),
                (text(&row, "private_key"), text(&row, "address"))
            );
            home.keyark(&["remove", "one", "--force"]).ok();
        }
    }

    #[test]
    fn a_key_of_the_test_network_stays_there() {
        let home = VaultHome::new();
        let key = "cTGhosGriPpuGA586jemcuH9pE9spwUmneMBmYYzrQEbY92DJrbo";
        home.write("wif.txt", key);
        let import = ["import", "test", "--key-file", "wif.txt", "--chain", "bitcoin"];
        let object = home.object(&[&import, &CHEAP[..]].concat());
        let addresses = column(object["accounts"].as_array().unwrap(), "address");
        assert!(addresses.contains(&"tb1q6rz28mcfaxtmd6v789l9rrlrusdprr9pqcpvkl"), "{addresses:?}");
        assert_eq!(text(&home.object(&["export", "key", "test", "--chain", "bitcoin"]), "private_key"), key);
        home.fails(&["import", "main", "--key-file", "wif.txt", "--chain", "bitcoin", "--network", "mainnet"], 3)
            .says("malformed", "mainnet");
    }

    #[test]
    fn a_keystore_of_a_key_and_one_of_words() {
        let home = VaultHome::new();
        let make = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--profile", "light"];
        home.run(&[&make[..], &["--keystore-password-file", "other-password.txt", "--out", "account.json"]].concat())
            .ok();
        let import = ["--keystore", "account.json", "--keystore-password-file", "other-password.txt"];
        home.fails(&["import", "hot", "--keystore", "account.json", "--keystore-password-file", "wrong.txt"], 4)
            .says("wrong-password", "account.json");
        let object = home.object(&[&["import", "hot"], &import[..], &CHEAP].concat());
        assert_eq!(text(&object["accounts"][0], "address"), KEY_ADDRESS);
        assert_eq!(text(&home.object(&["export", "key", "hot", "--chain", "ethereum"]), "private_key"), KEY);

        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../keyark-keystore/tests/data/trust-4.8.2-phrase.json");
        home.write("trust-password.txt", "password");
        let import = ["import", "trust", "--keystore", file, "--keystore-password-file", "trust-password.txt"];
        let object = home.object(&import);
        assert_eq!(object["accounts"].as_array().unwrap().len(), 11, "words have every chain");
        let addresses = column(object["accounts"].as_array().unwrap(), "address");
        assert!(addresses.contains(&"0x494f60cb6Ac2c8F5E1393aD9FdBdF4Ad589507F7"), "{addresses:?}");
        let secrets: Vec<_> = home.objects(&["list"]).iter().map(|wallet| wallet["secret"].clone()).collect();
        assert_eq!(secrets, ["private-key", "phrase"]);
    }
}

mod listing {
    use super::*;

    #[test]
    fn the_unbacked_come_first() {
        let home = VaultHome::with_wallets();
        home.keyark(&["new", "house"]).ok();
        let list = home.objects(&["list"]);
        assert_eq!(column(&list, "name"), ["savings", "hot", "house"]);
        for wallet in &list {
            assert_fields(wallet, &["name", "id", "backed_up", "backups"]);
            assert_eq!((&wallet["backed_up"], &wallet["backups"]), (&json!(false), &json!([])));
        }
        let before: Vec<_> = list.iter().map(|wallet| text(wallet, "id").to_owned()).collect();

        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        let list = home.objects(&["list"]);
        assert_eq!(column(&list, "name"), ["hot", "house", "savings"]);
        assert_eq!(column(&list, "id"), [&*before[1], &before[2], &before[0]], "ids stay");
        let savings = &list[2];
        assert_eq!(savings["backed_up"], true);
        let backup = &savings["backups"][0];
        assert_fields(backup, &["method", "to", "made", "verified", "stale"]);
        assert_eq!((text(backup, "method"), &backup["stale"]), ("phrase", &Value::Null));
        assert_time(&backup["made"]);
        assert_time(&backup["verified"]);
    }

    #[test]
    fn the_check_is_for_cron() {
        let home = VaultHome::with_wallets();
        let run = home.json(&["list", "--check"]);
        run.error(8).says("mismatch", "2 wallets");
        assert_eq!(run.objects(), home.objects(&["list"]), "what is listed is the same");
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        home.json(&["list", "--check"]).error(8).says("mismatch", "keyark backup key hot");
        home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
        let run = home.json(&["list", "--check"]).ok();
        assert_eq!(run.objects().len(), 2);
        assert_eq!(run.err, "", "nothing to mail");
    }

    #[test]
    fn a_person_sees_what_is_not_backed_up() {
        let home = VaultHome::with_wallets();
        let run = home.keyark(&["list"]).ok();
        let rows: Vec<_> = run.out.lines().collect();
        assert!(
            rows.len() == 3 && rows[1].starts_with("savings  NO") && rows[2].starts_with("hot      NO"),
            "{}",
            run.out
        );
        assert!(run.err.contains("2 wallets are not backed up"), "{}", run.err);
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        let run = home.keyark(&["list"]).ok();
        assert!(run.out.lines().last().unwrap().contains("words on paper"), "{}", run.out);
        assert!(run.err.contains("hot is not backed up"), "{}", run.err);
    }

    #[test]
    fn an_empty_vault_says_what_to_do() {
        let home = VaultHome::with_wallets();
        for wallet in ["savings", "hot"] {
            home.keyark(&["remove", wallet, "--force"]).ok();
        }
        let run = home.keyark(&["list"]).ok();
        assert!(run.out.is_empty() && run.err.contains("keyark new"), "{}{}", run.out, run.err);
        home.keyark(&["list", "--check"]).ok();
    }
}

mod one_wallet {
    use super::*;

    #[test]
    fn is_found_by_its_name_in_any_case_and_by_its_id() {
        let home = VaultHome::with_wallets();
        let rows = home.objects(&["show", "savings"]);
        assert_eq!(rows, derived(&home, &["--phrase-file", "words.txt"]));
        let id = text(&home.objects(&["list"])[0], "id").to_owned();
        for name in ["Savings", &id, &id.to_uppercase()] {
            assert_eq!(home.objects(&["show", name]), rows, "{name}");
        }
        let run = home.keyark(&["show", "savings"]).ok();
        assert_eq!(run.out.lines().count(), rows.len());
        assert!(run.err.contains("12 English words") && run.err.contains("73c5da0a"), "{}", run.err);
        assert!(home.keyark(&["show", "hot"]).ok().err.contains("one private key of ethereum"));
    }

    #[test]
    fn gets_another_name() {
        let home = VaultHome::with_wallets();
        let before = home.objects(&["list"]);
        let renamed = home.object(&["rename", "savings", "Mother's house (2026)"]);
        assert_eq!((text(&renamed, "name"), &renamed["id"]), ("Mother's house (2026)", &before[0]["id"]));
        assert_eq!(column(&home.objects(&["list"]), "name"), ["Mother's house (2026)", "hot"]);
        home.fails(&["show", "savings"], 7).says("not-found", "Mother's house (2026)");
        home.keyark(&["rename", "mother's house (2026)", "MOTHER"]).ok();
        home.keyark(&["rename", "mother", "Mother"]).ok(); // other capitals are no other wallet
        assert_eq!(home.objects(&["list"])[0]["id"], before[0]["id"]);
        home.fails(&["rename", "hot", "mother"], 7).says("already-exists", "another name");
    }

    #[test]
    fn is_removed_when_it_is_backed_up_or_with_force() {
        let home = VaultHome::with_wallets();
        home.fails(&["remove", "savings"], 5).says("refused", "not backed up");
        let removed = home.object(&["remove", "savings", "--force"]);
        assert_eq!((text(&removed, "name"), &removed["removed"]), ("savings", &json!(true)));
        home.fails(&["show", "savings"], 7).says("not-found", "hot");
        assert_eq!(column(&home.objects(&["list"]), "name"), ["hot"]);
        // It can come again.
        home.keyark(&["import", "savings", "--phrase-file", "words.txt"]).ok();
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        home.fails(&["remove", "savings"], 2).says("usage", "--force"); // backed up, but there is nobody to ask
        home.keyark(&["remove", "savings", "--force"]).ok();
        home.keyark(&["rename", "hot", "warm"]).ok();
        assert_eq!(
            home.files("records/").len(),
            2,
            "what was removed is gone with the change after: warm, and hot before it"
        );
    }
}

mod exports {
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
        let again =
            ["export", "keystore", "hot", "--chain", "ethereum", "--keystore-password-file", "other-password.txt"];
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
}

mod backups {
    use super::*;

    #[track_caller]
    fn wallet(home: &VaultHome, name: &str) -> Value {
        home.objects(&["list"]).into_iter().find(|wallet| text(wallet, "name") == name).unwrap()
    }

    #[test]
    fn words_on_paper() {
        let home = VaultHome::with_wallets();
        let before = home.state();
        for (sheet, code, kind) in [
            (WORDS.replace("about", "above"), 8, "mismatch"),
            (WORDS.replace("abandon", "ability"), 8, "mismatch"),
            ("abandon abandon".to_owned(), 3, "malformed"),
        ] {
            home.write("sheet.txt", sheet);
            let run = home.json(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
            assert_eq!(run.error(code).kind, kind);
            let run = home.keyark(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
            assert_eq!(run.code, Some(code));
            std::fs::remove_file(home.path("sheet.txt")).unwrap();
            home.assert_state(&before, "a wrong sheet");
            assert_eq!(wallet(&home, "savings")["backed_up"], false);
        }
        home.write(
            "sheet.txt",
            WORDS.split(' ').enumerate().map(|(at, word)| format!("{}. {word}\n", at + 1)).collect::<String>(),
        );
        let object = home.object(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]);
        assert_eq!(
            (text(&object, "name"), text(&object, "method"), &object["backed_up"]),
            ("savings", "phrase", &json!(true))
        );
        let listed = wallet(&home, "savings");
        assert_eq!((&listed["backed_up"], &listed["backups"][0]["made"]), (&json!(true), &object["made"]));
        // Once more is the same paper.
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "sheet.txt"]).ok();
        assert_eq!(wallet(&home, "savings")["backups"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_key_on_paper() {
        let home = VaultHome::with_wallets();
        home.write("sheet.txt", KEY.replace("1ab4", "1ab5"));
        home.fails(&["backup", "key", "hot", "--answers-file", "sheet.txt"], 8).says("mismatch", "another private key");
        home.write("sheet.txt", &KEY[..40]);
        home.fails(&["backup", "key", "hot", "--answers-file", "sheet.txt"], 3);
        let object = home.object(&["backup", "key", "hot", "--answers-file", "key.txt"]);
        assert_eq!(text(&object, "method"), "private-key");
        assert_eq!(wallet(&home, "hot")["backed_up"], true);
    }

    #[test]
    fn each_kind_of_wallet_has_its_own() {
        let home = VaultHome::with_wallets();
        home.fails(&["backup", "phrase", "hot", "--answers-file", "words.txt"], 2)
            .says("usage", "keyark backup key hot");
        home.fails(&["backup", "key", "savings", "--answers-file", "key.txt"], 2)
            .says("usage", "keyark backup phrase savings");
        for args in [["backup", "phrase", "savings"], ["backup", "key", "hot"]] {
            home.fails(&args, 2).says("usage", "--answers-file");
        }
    }

    /// Words without their passphrase are another wallet, so it has to be on paper as well.
    #[test]
    fn a_passphrase_is_asked_for_too() {
        let home = VaultHome::with_wallets();
        let words = ["--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
        for (name, note) in [("kept", &[][..]), ("noted", &["--note-passphrase"])] {
            home.keyark(&[&["import", name], &words[..], note].concat()).ok();
            let backup = ["backup", "phrase", name, "--answers-file", "other-words.txt"];
            home.fails(&backup, 2).says("usage", "--passphrase-file");
            home.fails(&[&backup[..], &["--passphrase-file", "wrong.txt"]].concat(), 8).says("mismatch", "passphrase");
            home.keyark(&[&backup[..], &["--passphrase-file", "passphrase.txt"]].concat()).ok();
            assert_eq!(wallet(&home, name)["backed_up"], true);
            home.keyark(&["remove", name, "--force"]).ok();
        }
    }
}

mod passwords {
    use std::collections::BTreeSet;

    use super::*;

    const CHANGE: [&str; 6] = ["password", "change", "--new-password-file", "other-password.txt", "--work-factor", "3"];

    /// Lists the wallets with the password in this file, or says how that failed.
    fn names(home: &VaultHome, password: &str) -> Result<Vec<String>, i32> {
        let run = home.run(&["list", "--home", "vault", "--password-file", password, "--json"]);
        match run.code {
            Some(0) => Ok(run.objects().iter().map(|wallet| text(wallet, "name").to_owned()).collect()),
            code => Err(code.unwrap()),
        }
    }

    #[test]
    fn a_change_rewrites_the_identity_alone() {
        let home = VaultHome::with_wallets();
        let records = home.files("records/");
        let run = home.json(&CHANGE);
        assert!(run.err.contains("still open with the old password") && run.err.contains("--rekey"), "{}", run.err);
        assert_eq!(run.object(), json!({ "changed": true, "rekeyed": false, "wallets": 2 }));
        assert_eq!(
            (names(&home, "password.txt"), names(&home, "other-password.txt").map(|names| names.len())),
            (Err(4), Ok(2))
        );
        assert_eq!(home.files("records/"), records);
    }

    #[test]
    fn the_old_password_is_no_new_one() {
        let home = VaultHome::with_wallets();
        let same = ["password", "change", "--new-password-file", "password.txt", "--work-factor", "2"];
        for more in [&[][..], &["--rekey"]] {
            home.fails(&[&same[..], more].concat(), 2).says("usage", "the old one");
        }
    }

    #[test]
    fn a_rekey_seals_everything_again() {
        let home = VaultHome::with_wallets();
        home.keyark(&["policy", "set", "--deny", "keystore"]).ok();
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        let (list, shown) = (home.objects(&["list"]), home.objects(&["show", "savings"]));
        let sealed: BTreeSet<_> = home.files(".age").into_iter().collect();
        let run = home.json(&[&CHANGE[..], &["--rekey"]].concat());
        assert!(run.err.contains("still open with the old password"), "copies do: {}", run.err);
        assert_eq!(run.object()["rekeyed"], true);
        let now: BTreeSet<_> = home.files(".age").into_iter().collect();
        assert_eq!(now.intersection(&sealed).count(), 0, "{now:?}");
        assert_eq!(names(&home, "password.txt"), Err(4));
        home.write("password.txt", OTHER_PASSWORD);
        assert_eq!(home.objects(&["list"]), list, "backups too");
        assert_eq!(home.objects(&["show", "savings"]), shown);
        assert_eq!(home.object(&["policy", "show"])["denied"][0]["item"], "keystore", "the policy is taken along");
    }

    /// The old password and the wallet's words: `password reset` wants no password.
    #[test]
    fn a_reset_seals_one_wallet_under_a_new_password() {
        let home = VaultHome::with_wallets();
        let reset = ["password", "reset", "mine", "--home", "vault", "--new-password-file", "other-password.txt"];
        let words = [&reset[..], &["--phrase-file", "words.txt"], &CHEAP].concat();
        let run = home.run(&[&words[..], &["--json"]].concat());
        assert!(run.err.contains("keyark password merge"), "{}", run.err);
        let object = run.object();
        assert_eq!((text(&object, "name"), &object["backed_up"]), ("mine", &json!(false)));
        assert_eq!(names(&home, "other-password.txt"), Ok(vec!["mine".to_owned()]));
        assert_eq!(
            names(&home, "password.txt"),
            Ok(vec!["savings".to_owned(), "hot".to_owned()]),
            "the old one still opens"
        );

        // The others are listed as sealed, by the date of their password.
        let listed = home.run(&["list", "--home", "vault", "--password-file", "other-password.txt"]).ok();
        assert!(listed.err.contains("more wallets are sealed under the password set on 20"), "{}", listed.err);
        let passwords = home.run(&["password", "list", "--home", "vault", "--json"]).ok().objects();
        assert_eq!(passwords.len(), 2);
        for (password, (current, records)) in passwords.iter().zip([(true, 1), (false, 2)]) {
            assert_fields(password, &["epoch", "password_set", "current", "records"]);
            assert_time(&password["password_set"]);
            assert_eq!((&password["current"], &password["records"]), (&json!(current), &json!(records)));
        }

        // What is sealed under the old one can be read, not changed.
        home.fails(&["rename", "hot", "warm"], 4).says("locked", "keyark password merge");
        home.fails(&["new", "another"], 4).says("locked", "keyark password merge");
        let proved = home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
        assert!(proved.err.contains("not noted"), "{}", proved.err);
        assert_eq!(text(&home.object(&["export", "key", "hot", "--chain", "ethereum"]), "private_key"), KEY);

        let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
        let wrong = [&merge[..], &["--old-password-file", "wrong.txt"]].concat();
        home.fails_alone(&wrong, 4).says("wrong-password", "nothing that a reset");
        let same = [&merge[..], &["--old-password-file", "other-password.txt"]].concat();
        home.fails_alone(&same, 4).says("wrong-password", "nothing that a reset");
        let right = [&merge[..], &["--old-password-file", "password.txt"]].concat();
        let merged = home.run(&[&right[..], &["--json"]].concat()).object();
        assert_eq!(merged, json!({ "added": ["hot"], "known": ["savings"], "damaged": [] }));
        let listed = home.run(&["list", "--home", "vault", "--password-file", "other-password.txt"]).ok();
        assert!(!listed.err.contains("sealed"), "{}", listed.err);
        let mut listed = names(&home, "other-password.txt").unwrap();
        listed.sort(); // by when they came, which may be the same second
        assert_eq!(listed, ["hot", "mine"]);
        let again = home.run(&[&right[..], &["--json"]].concat()).object();
        assert_eq!((&again["added"], again["known"].as_array().unwrap().len()), (&json!([]), 2));
    }

    /// What was proved of a wallet before its password was forgotten is not forgotten with it.
    #[test]
    fn backups_come_back_with_a_merge() {
        let home = VaultHome::with_wallets();
        home.keyark(&["backup", "phrase", "savings", "--answers-file", "words.txt"]).ok();
        home.keyark(&["backup", "key", "hot", "--answers-file", "key.txt"]).ok();
        let reset = ["password", "reset", "savings", "--home", "vault", "--new-password-file", "other-password.txt"];
        home.run(&[&reset[..], &["--phrase-file", "words.txt"], &CHEAP].concat()).ok();
        let merge = ["password", "merge", "--home", "vault", "--password-file", "other-password.txt"];
        home.run(&[&merge[..], &["--old-password-file", "password.txt"]].concat()).ok();
        home.write("password.txt", OTHER_PASSWORD);
        for wallet in home.objects(&["list"]) {
            assert_eq!(wallet["backed_up"], true, "{wallet}");
        }
    }

    #[test]
    fn a_key_is_a_proof_as_well() {
        let home = VaultHome::with_wallets();
        let reset = ["password", "reset", "hot", "--home", "vault", "--new-password-file", "other-password.txt"];
        home.fails_alone(&[&reset[..], &["--key-file", "key.txt"], &CHEAP].concat(), 2).says("usage", "--chain");
        home.run(&[&reset[..], &["--key-file", "key.txt", "--chain", "ethereum"], &CHEAP].concat()).ok();
        home.write("password.txt", OTHER_PASSWORD);
        assert_eq!(text(&home.object(&["export", "key", "hot", "--chain", "ethereum"]), "private_key"), KEY);
    }

    #[test]
    fn a_reset_with_a_passphrase() {
        let home = VaultHome::with_wallets();
        let words = ["--phrase-file", "other-words.txt", "--passphrase-file", "passphrase.txt"];
        let reset = ["password", "reset", "hidden", "--home", "vault", "--new-password-file", "other-password.txt"];
        home.run(&[&reset[..], &words, &["--note-passphrase"], &CHEAP].concat()).ok();
        home.write("password.txt", OTHER_PASSWORD);
        assert_eq!(home.objects(&["show", "hidden"]), derived(&home, &words));
    }

    #[test]
    fn the_list_of_passwords_needs_none() {
        let home = VaultHome::with_wallets();
        let run = home.run(&["password", "list", "--home", "vault"]).ok();
        assert_eq!(run.out.lines().count(), 2, "{}", run.out);
        assert!(run.out.contains("password of today"), "{}", run.out);
        home.keyark(&CHANGE).ok();
        let objects = home.run(&["password", "list", "--home", "vault", "--json"]).ok().objects();
        assert_eq!(objects.len(), 1, "a change is no new epoch");
    }

    /// Other Unicode forms of the same password open the vault, and nothing is trimmed.
    #[test]
    fn composed_and_decomposed() {
        let home = VaultHome::new();
        home.write("password.txt", " \u{dc}ber die sieben Br\u{fc}cken \n");
        home.keyark(&[&["new", "savings"], &CHEAP[..]].concat()).ok();
        home.write("decomposed.txt", " U\u{308}ber die sieben Bru\u{308}cken \r\n");
        home.write("trimmed.txt", "\u{dc}ber die sieben Br\u{fc}cken");
        assert_eq!(names(&home, "decomposed.txt"), Ok(vec!["savings".to_owned()]));
        assert_eq!(names(&home, "trimmed.txt"), Err(4));
    }
}

mod policies {
    use super::*;

    const KEY_OF: [&str; 3] = ["export", "key", "savings"];

    #[test]
    fn a_vault_allows_what_the_chains_allow() {
        let home = VaultHome::with_wallets();
        assert_eq!(home.object(&["policy", "show"]), json!({ "denied": [], "ask_password": false }));
        assert!(home.keyark(&["policy", "show"]).ok().out.contains("keyark chains"));
    }

    #[test]
    fn it_can_allow_less() {
        let home = VaultHome::with_wallets();
        let reason = "keys stay on this computer";
        let set = ["policy", "set", "--deny", "private-key", "--chain", "bitcoin", "--reason", reason];
        let object = home.object(&set);
        let denial = json!({ "item": "private_key", "chain": "bitcoin", "reason": reason });
        assert_eq!(object, json!({ "denied": [denial], "ask_password": false }));
        assert_eq!(home.object(&["policy", "show"]), object);
        assert!(home.keyark(&["policy", "show"]).ok().out.contains(reason));

        let failure = home.fails(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat(), 5);
        failure.says("refused", reason);
        home.keyark(&[&KEY_OF[..], &["--chain", "ethereum"]].concat()).ok();
        home.keyark(&["export", "xpub", "savings"]).ok();

        let set = ["policy", "set", "--deny", "private-key", "--deny", "keystore", "--deny", "extended-public-key"];
        home.keyark(&set).ok();
        for args in [
            &["export", "key", "savings", "--chain", "solana"][..],
            &["export", "key", "hot", "--chain", "ethereum"],
            &["export", "xpub", "savings"],
            &["export", "descriptor", "savings"],
            &[
                "export",
                "keystore",
                "hot",
                "--chain",
                "ethereum",
                "--keystore-password-file",
                "other-password.txt",
                "--out",
                "x.json",
            ],
        ] {
            assert_eq!(home.fails(args, 5).kind, "refused", "{args:?}");
        }
        home.keyark(&["policy", "reset"]).ok();
        assert_eq!(home.object(&["policy", "show"]), json!({ "denied": [], "ask_password": false }));
        home.keyark(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat()).ok();
    }

    #[test]
    fn what_cannot_be_set() {
        let home = VaultHome::with_wallets();
        home.fails(&["policy", "set"], 2).says("usage", "--deny");
        home.fails(&["policy", "set", "--deny", "everything"], 2).says("usage", "private-key");
        home.fails(&["policy", "set", "--deny", "keystore", "--chain", "dogecoin"], 7).says("not-found", "bitcoin");
        home.fails(&["policy", "set", "--reason", "because"], 2).says("usage", "--deny");
        home.fails(&["policy", "set", "--chain", "bitcoin", "--ask-password"], 2).says("usage", "--deny");
    }

    /// From a file the password can be read again; standard input cannot, and there is nobody to ask.
    #[test]
    fn the_password_again_before_each_export() {
        let home = VaultHome::with_wallets();
        home.keyark(&["policy", "set", "--ask-password"]).ok();
        assert_eq!(home.object(&["policy", "show"])["ask_password"], true);
        let exports = [
            &["export", "key", "savings", "--chain", "bitcoin"][..],
            &["export", "xpub", "savings"],
            &["export", "descriptor", "savings"],
        ];
        for export in exports {
            home.keyark(export).ok();
            let args = [export, &["--home", "vault", "--password-file", "-", "--json"]].concat();
            home.run_with(&args, PASSWORD).only_error(2).says("usage", "standard input gave it once");
        }
        // What does not leave is not asked about.
        home.run_with(&["show", "savings", "--home", "vault", "--password-file", "-"], PASSWORD).ok();
    }

    /// Who takes the newest manifest away brings no wider policy back.
    #[test]
    fn an_older_manifest_does_not_widen_it() {
        let home = VaultHome::with_wallets();
        home.keyark(&["policy", "set", "--deny", "private-key"]).ok();
        let newest = home.manifests().remove(0);
        std::fs::remove_file(newest).unwrap();
        let run = home.json(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat());
        assert!(run.out.is_empty() && run.code != Some(0), "{}{}", run.out, run.err);
        assert!(run.err.contains("repair"), "{}", run.err);
    }
}

mod repairs {
    use super::*;

    #[test]
    fn a_whole_vault_stays_as_it_is() {
        let home = VaultHome::with_wallets();
        let before = home.state();
        let object = home.object(&["repair"]);
        assert_eq!(object, json!({ "repaired": false, "found": [], "wallets": 2, "damaged": [] }));
        home.assert_state(&before, "repair");
    }

    #[test]
    fn a_lost_header_is_written_again() {
        let home = VaultHome::with_wallets();
        let header = home.vault().join("keyark-vault.json");
        for broken in [None, Some(""), Some("{"), Some("{\"format\":\"other\"}")] {
            match broken {
                None => std::fs::remove_file(&header).unwrap(),
                Some(text) => std::fs::write(&header, text).unwrap(),
            }
            let run = home.json(&["list"]).ok();
            assert_eq!(run.objects().len(), 2);
            assert!(run.err.contains("keyark-vault.json"), "{}", run.err);
            assert_eq!(home.object(&["repair"])["repaired"], true);
            let run = home.json(&["list", "--quiet"]).ok();
            assert!(!run.err.contains("warning"), "{}", run.err);
        }
    }

    /// The newest list of wallets is damaged: the one before it is shown, nothing is written, and the repair finds the wallet
    /// that only the newest one had.
    #[test]
    fn a_damaged_manifest() {
        let home = VaultHome::with_wallets();
        home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
        let newest = home.manifests().remove(0);
        let mut bytes = std::fs::read(&newest).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&newest, bytes).unwrap();

        let run = home.json(&["list"]).ok();
        assert_eq!(column(&run.objects(), "name"), ["savings", "hot"]);
        assert!(run.err.contains("manifest-") && run.err.contains("keyark repair"), "{}", run.err);
        home.fails(&["rename", "hot", "warm"], 3).says("malformed", "manifest-");
        home.fails(&["export", "key", "hot", "--chain", "ethereum"], 3).says("malformed", "manifest-");

        assert_eq!(
            home.object(&["repair"]),
            json!({ "repaired": true, "found": ["third"], "wallets": 3, "damaged": [] })
        );
        assert_eq!(column(&home.objects(&["list"]), "name"), ["savings", "hot", "third"]);
        home.keyark(&["rename", "hot", "warm"]).ok();
    }

    #[test]
    fn a_damaged_record_is_named_and_the_others_open() {
        let home = VaultHome::with_wallets();
        let record = home.files("records/").remove(0);
        std::fs::write(&record, "gone").unwrap();
        let name = record.file_name().unwrap().to_str().unwrap();
        let run = home.json(&["repair"]);
        run.error(3).says("malformed", "1 of 2 wallets cannot be opened");
        let damaged = run.objects()[0]["damaged"].as_array().unwrap().clone();
        assert!(damaged.len() == 1 && damaged[0].as_str().unwrap().contains(name), "{damaged:?}");
        let codes: Vec<_> = ["savings", "hot"].map(|wallet| home.keyark(&["show", wallet]).code.unwrap()).into();
        assert!(codes == [0, 3] || codes == [3, 0], "{codes:?}");
        home.keyark(&["list"]).ok();
    }

    /// Of the identity there are two files, either of which is enough.
    #[test]
    fn a_damaged_identity() {
        for file in ["identity.password.age", "identity.password.copy.age"] {
            let home = VaultHome::with_wallets();
            let path = home.files(file).remove(0);
            let good = std::fs::read(&path).unwrap();
            for bad in [None, Some(&b""[..]), Some(&good[..good.len() - 1]), Some(b"not age")] {
                match bad {
                    None => std::fs::remove_file(&path).unwrap(),
                    Some(bytes) => std::fs::write(&path, bytes).unwrap(),
                }
                let run = home.json(&["list"]).ok();
                assert!(run.objects().len() == 2 && run.err.contains(file), "{}", run.err);
                home.object(&["repair"]);
                assert_eq!(std::fs::read(&path).unwrap(), good, "{bad:?}");
            }
        }
    }
}

mod places {
    use super::*;

    const NEW: [&str; 6] = ["new", "savings", "--password-file", "password.txt", "--work-factor", "2"];
    const LIST: [&str; 4] = ["list", "--password-file", "password.txt", "--json"];

    #[test]
    fn home_beats_the_environment_and_that_the_default() {
        let home = VaultHome::new();
        let run = |args: &[&str], variable: Option<&(&str, std::path::PathBuf)>| {
            let mut command = home.command(args);
            command.envs(variable.cloned());
            finish(command, "")
        };
        let named = ("KEYARK_HOME", home.path("named"));
        run(&[&NEW[..], &["--home", "flag"]].concat(), Some(&named)).ok();
        assert!(home.path("flag/keyark-vault.json").is_file() && !home.path("named").exists());
        run(&NEW, Some(&named)).ok();
        assert!(home.path("named/keyark-vault.json").is_file());
        assert_eq!(run(&LIST, Some(&named)).ok().objects().len(), 1);

        let data = ("XDG_DATA_HOME", home.path("data"));
        run(&NEW, Some(&data)).ok();
        assert_eq!(run(&LIST, Some(&data)).ok().objects().len(), 1);
        if cfg!(target_os = "linux") {
            assert!(home.path("data/keyark/keyark-vault.json").is_file());
            run(&NEW, None).ok();
            assert!(home.path(".local/share/keyark/keyark-vault.json").is_file());
        }
    }

    #[test]
    fn a_folder_of_many_levels_is_made() {
        let home = VaultHome::new();
        home.run(&[&NEW[..], &["--home", "a/b/\u{fc} c"]].concat()).ok();
        assert!(home.path("a/b/\u{fc} c/keyark-vault.json").is_file());
    }

    #[test]
    fn every_command_has_help_with_examples() {
        let home = VaultHome::new();
        let commands = "new,import,list,show,rename,remove,export,export key,export keystore,export xpub,export descriptor,\
                        backup,backup phrase,backup key,backup forget,password,password change,password reset,password merge,\
                        password list,policy,policy show,policy set,policy reset,repair";
        for command in commands.split(',') {
            let args: Vec<_> = command.split(' ').chain(["--help"]).collect();
            let run = home.run(&args).ok();
            assert!(run.out.contains("Example") && run.out.contains("--home"), "{command}:\n{}", run.out);
        }
    }

    #[test]
    fn the_password_from_standard_input() {
        let home = VaultHome::with_wallets();
        let args = ["list", "--home", "vault", "--password-file", "-", "--json"];
        assert_eq!(home.run_with(&args, &format!("{PASSWORD}\n")).ok().objects(), home.objects(&["list"]));
        let import = ["import", "third", "--home", "vault", "--password-file", "password.txt", "--phrase-file", "-"];
        home.run_with(&import, support::vault::OTHER_WORDS).ok();
        assert_eq!(home.objects(&["list"]).len(), 3);
    }
}
