//! `keystore`: what is made opens again, for scripts and for people.

use super::*;

fn home() -> Home {
    let home = Home::with_words();
    home.write("key.txt", format!("{ETHEREUM_KEY}\n"));
    home.write("password.txt", "a good password\n");
    home
}

const MAKE: [&str; 9] = [
    "keystore",
    "make",
    "--chain",
    "ethereum",
    "--keystore-password-file",
    "password.txt",
    "--profile",
    "light",
    "--json",
];

#[test]
fn made_inspected_and_opened() {
    let home = home();
    for kdf in ["scrypt", "pbkdf2"] {
        let file = format!("{kdf}.json");
        let made = home.run(&[&MAKE[..], &["--key-file", "key.txt", "--kdf", kdf, "--out", &file]].concat()).object();
        assert_fields(&made, &["address", "chain", "file", "format", "warnings"]);
        assert_eq!((text(&made, "address"), text(&made, "file")), (ETHEREUM, file.as_str()));
        assert!(!made["warnings"].as_array().unwrap().is_empty(), "light says that it is light");
        assert_eq!(mode(&home, &file), 0o600);

        let inspected = home.run(&["keystore", "inspect", &file, "--json"]).object();
        assert_fields(&inspected, &["format", "writer", "cipher", "kdf", "strength", "address", "problems"]);
        assert_eq!((text(&inspected, "format"), text(&inspected, "cipher")), ("web3-v3", "aes-128-ctr"));
        assert_eq!((text(&inspected["kdf"], "name"), text(&inspected, "address")), (kdf, ETHEREUM));
        assert_eq!(text(&inspected, "strength"), "light");

        let args = ["keystore", "open", &file, "--keystore-password-file", "password.txt", "--json"];
        let opened = home.run(&args).object();
        assert_fields(&opened, &["address", "chain", "private_key", "warnings"]);
        assert_eq!((text(&opened, "address"), text(&opened, "chain")), (ETHEREUM, "ethereum"));
        assert_eq!(text(&opened, "private_key"), ETHEREUM_KEY);
    }
}

#[test]
fn the_standard_profile_is_the_default() {
    let home = home();
    let args: Vec<_> = MAKE.into_iter().filter(|arg| !["--profile", "light"].contains(arg)).collect();
    home.run(&[&args[..], &["--key-file", "key.txt", "--out", "account.json"]].concat()).ok();
    let inspected = home.run(&["keystore", "inspect", "account.json", "--json"]).object();
    assert_eq!(inspected["kdf"], json!({ "name": "scrypt", "n": 262144, "r": 8, "p": 1 }));
    assert_eq!((text(&inspected, "strength"), &inspected["problems"]), ("standard", &json!([])));
}

#[test]
fn made_from_words_too() {
    let home = home();
    let args = ["--phrase-file", "words.txt", "--index", "1", "--out", "second.json"];
    let made = home.run(&[&MAKE[..], &args].concat()).object();
    let rows = derive(&home, &["--chain", "ethereum", "--range", "1..2"]);
    assert_eq!(text(&made, "address"), text(&rows[0], "address"));
}

#[test]
fn a_person_sees_the_key_alone_on_stdout() {
    let home = home();
    home.run(&[&MAKE[..], &["--key-file", "key.txt", "--kdf", "pbkdf2", "--out", "account.json"]].concat()).ok();
    let args = ["keystore", "open", "account.json", "--keystore-password-file", "password.txt"];
    let run = home.run(&args).ok();
    assert_eq!(run.out, format!("{ETHEREUM_KEY}\n"));
    assert!(run.err.contains(ETHEREUM) && run.err.contains("warning: "));
    let rows = home.run(&["keystore", "inspect", "account.json"]).ok().out;
    let starts = rows
        .lines()
        .map(|line| line.find("  ").unwrap() + line[line.find("  ").unwrap()..].find(|c| c != ' ').unwrap());
    assert!(starts.collect::<std::collections::BTreeSet<_>>().len() == 1, "aligned:\n{rows}");
}

#[test]
fn a_secure_copy_is_completed_again() {
    let home = home();
    home.run(&[&MAKE[..], &["--key-file", "key.txt", "--kdf", "pbkdf2", "--out", "account.json"]].concat()).ok();
    let args = ["keystore", "open", "account.json", "--keystore-password-file", "password.txt", "--secure-copy"];
    let part = home.run(&args).ok();
    let rest = ETHEREUM_KEY.strip_prefix(part.out.trim_end()).unwrap();
    assert!(part.err.contains(rest));
    home.write("part.txt", &part.out);
    home.write("rest.txt", rest);
    let args = ["complete", "--chain", "ethereum", "--key-file", "part.txt", "--rest-file", "rest.txt", "--json"];
    let object = home.run(&[&args[..], &["--address", ETHEREUM]].concat()).object();
    assert_eq!((text(&object, "private_key"), text(&object, "address")), (ETHEREUM_KEY, ETHEREUM));
    assert_eq!((&object["checked"], &object["warnings"]), (&json!(true), &json!([])));
    let object = home.run(&args).object();
    assert_eq!(object["checked"], false);
    assert!(!object["warnings"].as_array().unwrap().is_empty());
    let swapped = ["complete", "--chain", "ethereum", "--key-file", "rest.txt", "--rest-file", "part.txt", "--json"];
    let object = home.run(&[&swapped[..], &["--address", ETHEREUM]].concat()).object();
    assert_eq!(text(&object, "private_key"), ETHEREUM_KEY);
    assert!(!object["warnings"].as_array().unwrap().is_empty(), "that they were swapped is said");
}

/// Trust Wallet keeps the words of a wallet in place of a key.
#[test]
fn a_keystore_of_words_gives_their_first_account() {
    let home = Home::new();
    home.write("password.txt", "password");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../keyark-keystore/tests/data/trust-4.8.2-phrase.json");
    let open = ["keystore", "open", file, "--keystore-password-file", "password.txt"];
    let object = &home.run(&[&open[..], &["--json"]].concat()).ok().objects()[0];
    assert_eq!(text(object, "address"), "0x494f60cb6Ac2c8F5E1393aD9FdBdF4Ad589507F7");
    assert!(text(object, "phrase").starts_with("team engine square"));
    assert_eq!(home.run(&open).ok().out.trim_end(), text(object, "private_key"));
}
