//! What comes into a vault gives the addresses that `derive` gives.

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
    let all: Vec<_> = KINDS.iter().flat_map(|(chain, kinds)| kinds.iter().map(move |kind| (*chain, *kind))).collect();
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
    home.run(&[&make[..], &["--keystore-password-file", "other-password.txt", "--out", "account.json"]].concat()).ok();
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
