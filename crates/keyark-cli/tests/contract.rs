//! What scripts rely on: the JSON of every command, where it goes, how files are written, and how arguments are read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use support::{Home, WORDS, assert_fields, text};

/// The first addresses of [`WORDS`]: BIP-84, and MetaMask's and Phantom's as the chains' vectors have them.
const BITCOIN: &str = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";
const ETHEREUM: &str = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
const SOLANA: &str = "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk";
const ETHEREUM_KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";

/// `keyark derive` from [`WORDS`], as objects.
#[track_caller]
fn derive(home: &Home, args: &[&str]) -> Vec<Value> {
    let args = [&["derive", "--phrase-file", "words.txt", "--json"], args].concat();
    home.run(&args).ok().objects()
}

/// One field of each object.
fn column<'a>(objects: &'a [Value], name: &str) -> Vec<&'a str> {
    objects.iter().map(|object| text(object, name)).collect()
}

fn mode(home: &Home, name: &str) -> u32 {
    std::fs::metadata(home.path(name)).unwrap().permissions().mode() & 0o777
}

mod chains {
    use super::*;

    #[test]
    fn each_chain_is_an_object() {
        let chains = Home::new().run(&["chains", "--json"]).ok().objects();
        assert_eq!(column(&chains, "id"), ["bitcoin", "ethereum", "solana"]);
        for chain in &chains {
            assert_fields(
                chain,
                &["id", "name", "coin_type", "curve", "kinds", "exports", "networks", "ownership_proof"],
            );
            assert!(chain["coin_type"].is_u64() && chain["ownership_proof"].is_array());
            let kinds = chain["kinds"].as_array().unwrap();
            assert_eq!(kinds.iter().filter(|kind| kind["default"] == true).count(), 1, "{chain}");
            for kind in kinds {
                assert_fields(kind, &["default", "id", "path", "used_by"]);
                assert!(kind["used_by"].as_array().is_some_and(|used_by| !used_by.is_empty()), "{kind}");
            }
            let items = ["extended_private_key", "extended_public_key", "keystore", "private_key"];
            assert_fields(&chain["exports"], &items);
            for item in items {
                let export = &chain["exports"][item];
                let denied = text(export, "scope") == "denied";
                assert_eq!(denied, export["reason"].is_string(), "{item}: {export}");
                assert!(["account", "child-address", "denied"].contains(&text(export, "scope")), "{export}");
            }
        }
    }

    #[test]
    fn the_kinds_and_paths_are_the_documented_ones() {
        let chains = Home::new().run(&["chains", "--json"]).ok().objects();
        let kinds = |chain: &Value| -> Vec<(String, Value, Value)> {
            let kinds = chain["kinds"].as_array().unwrap().iter();
            kinds.map(|kind| (text(kind, "id").to_owned(), kind["path"].clone(), kind["default"].clone())).collect()
        };
        let row = |id: &str, path: Value, default: bool| (id.to_owned(), path, json!(default));
        assert_eq!(
            kinds(&chains[0]),
            [
                row("p2pkh", json!("m/44'/0'/{account}'/{change}/{index}"), false),
                row("p2sh-p2wpkh", json!("m/49'/0'/{account}'/{change}/{index}"), false),
                row("p2wpkh", json!("m/84'/0'/{account}'/{change}/{index}"), true),
                row("p2tr", json!("m/86'/0'/{account}'/{change}/{index}"), false),
            ]
        );
        assert_eq!(
            kinds(&chains[1]),
            [
                row("bip44", json!("m/44'/60'/{account}'/0/{index}"), true),
                row("ledger-live", json!("m/44'/60'/{account}'/0/0"), false),
                row("ledger-legacy", json!("m/44'/60'/{account}'/{index}"), false),
            ]
        );
        assert_eq!(
            kinds(&chains[2]),
            [
                row("bip44-change", json!("m/44'/501'/{account}'/0'"), true),
                row("bip44", json!("m/44'/501'/{account}'"), false),
                row("root", json!("m/44'/501'"), false),
                row("seed", Value::Null, false),
            ]
        );
        assert_eq!(chains[0]["networks"], json!(["mainnet", "testnet", "signet", "regtest"]));
        assert_eq!(chains[0]["exports"]["private_key"], json!({ "scope": "child-address", "formats": ["wif"] }));
    }

    #[test]
    fn a_person_sees_columns() {
        let run = Home::new().run(&["chains"]).ok();
        assert_eq!(run.err, "");
        for words in ["Bitcoin (bitcoin, coin type 0, secp256k1)", "p2wpkh *", "m/44'/501'/{account}'/0'", "no: "] {
            assert!(run.out.contains(words), "{words}:\n{}", run.out);
        }
        assert!(!run.out.contains('\x1b'), "colour only on a terminal");
        let kinds = run.out.lines().filter(|line| line.contains("m/8") || line.contains("m/44'/0'"));
        let starts: Vec<_> = kinds.filter_map(|line| line.find("m/")).collect();
        assert_eq!(starts.len(), 3);
        assert!(starts.iter().all(|start| *start == starts[0]), "{}", run.out);
    }
}

mod derivation {
    use super::*;

    #[test]
    fn every_chain_in_its_default_kind() {
        let home = Home::with_words();
        let rows = derive(&home, &[]);
        assert_eq!(column(&rows, "chain"), ["bitcoin", "ethereum", "solana"]);
        assert_eq!(column(&rows, "kind"), ["p2wpkh", "bip44", "bip44-change"]);
        assert_eq!(column(&rows, "path"), ["m/84'/0'/0'/0/0", "m/44'/60'/0'/0/0", "m/44'/501'/0'/0'"]);
        assert_eq!(column(&rows, "address"), [BITCOIN, ETHEREUM, SOLANA]);
        for row in &rows {
            assert_fields(row, &["address", "chain", "kind", "path", "public_key"]);
            assert!(keyark::hex::decode(text(row, "public_key")).is_ok());
            assert!(row.get("private_key").is_none());
        }
    }

    #[test]
    fn a_person_sees_the_same_in_aligned_columns() {
        let home = Home::with_words();
        let run = home.run(&["derive", "--phrase-file", "words.txt"]).ok();
        assert_eq!(
            run.out,
            format!(
                "bitcoin   p2wpkh        m/84'/0'/0'/0/0   {BITCOIN}\n\
                 ethereum  bip44         m/44'/60'/0'/0/0  {ETHEREUM}\n\
                 solana    bip44-change  m/44'/501'/0'/0'  {SOLANA}\n"
            )
        );
        assert_eq!(run.err, "");
        // Rows stream, so the columns are as wide as the last row needs before the first one is there.
        let run = home.run(&["derive", "--phrase-file", "words.txt", "--range", "8..12"]).ok();
        let starts: Vec<_> = run.out.lines().filter_map(|line| line.rfind(' ')).collect();
        assert_eq!(starts.len(), 12);
        assert!(starts.iter().all(|start| *start == starts[0]), "{}", run.out);
    }

    #[test]
    fn a_range_is_half_open() {
        let home = Home::with_words();
        let rows = derive(&home, &["--chain", "bitcoin", "--range", "0..2"]);
        assert_eq!(column(&rows, "address"), [BITCOIN, "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g"]);
        let rows = derive(&home, &["--chain", "bitcoin", "--range", "1..3", "--change", "1", "--account", "2"]);
        assert_eq!(column(&rows, "path"), ["m/84'/0'/2'/1/1", "m/84'/0'/2'/1/2"]);
        assert_eq!(derive(&home, &["--chain", "bitcoin", "--range", "5..5"]), Vec::<Value>::new());
        let last = derive(&home, &["--chain", "bitcoin", "--range", "2147483647..2147483648"]);
        assert_eq!(column(&last, "path"), ["m/84'/0'/0'/0/2147483647"]);
    }

    #[test]
    fn without_an_index_in_the_path_a_range_runs_over_accounts() {
        let home = Home::with_words();
        let rows = derive(&home, &["--chain", "ethereum", "--kind", "ledger-live", "--range", "0..3"]);
        assert_eq!(column(&rows, "path"), ["m/44'/60'/0'/0/0", "m/44'/60'/1'/0/0", "m/44'/60'/2'/0/0"]);
        assert_eq!(text(&rows[0], "address"), ETHEREUM);
        let rows = derive(&home, &["--chain", "solana", "--range", "0..2"]);
        assert_eq!(column(&rows, "path"), ["m/44'/501'/0'/0'", "m/44'/501'/1'/0'"]);
        let rows = derive(&home, &["--chain", "solana", "--kind", "bip44", "--account", "7"]);
        assert_eq!(column(&rows, "path"), ["m/44'/501'/7'"]);
        let rows = derive(&home, &["--chain", "ethereum", "--kind", "ledger-legacy", "--range", "3..4"]);
        assert_eq!(column(&rows, "path"), ["m/44'/60'/0'/3"]);
    }

    #[test]
    fn the_seed_kind_has_no_path() {
        let home = Home::with_words();
        let rows = derive(&home, &["--chain", "solana", "--kind", "seed"]);
        assert_eq!(rows[0]["path"], Value::Null);
        assert_fields(&rows[0], &["path"]); // null, not absent
        // What the chain's vectors say of solana-keygen without a path.
        assert_eq!(column(&rows, "address"), ["EHqmfkN89RJ7Y33CXM6uCzhVeuywHoJXZZLszBHHZy7o"]);
        let run = home.run(&["derive", "--phrase-file", "words.txt", "--chain", "solana", "--kind", "seed"]).ok();
        assert_eq!(run.out, "solana  seed  -  EHqmfkN89RJ7Y33CXM6uCzhVeuywHoJXZZLszBHHZy7o\n");
    }

    #[test]
    fn every_kind_gives_its_own_address() {
        let home = Home::with_words();
        let kinds = ["p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr"];
        let args: Vec<_> = kinds.iter().flat_map(|kind| ["--kind", kind]).collect();
        let rows = derive(&home, &args);
        assert_eq!(column(&rows, "kind"), kinds);
        // BIP-44, BIP-49, BIP-84, BIP-86: the first two as the chain's vectors have them, the others are the standards'.
        let addresses = [
            "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA",
            "37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf",
            BITCOIN,
            "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
        ];
        assert_eq!(column(&rows, "address"), addresses);
        let both = derive(&home, &["--kind", "bip44"]);
        assert_eq!(column(&both, "chain"), ["ethereum", "solana"], "the chains that have the kind");
    }

    #[test]
    fn networks_have_their_own_addresses() {
        let home = Home::with_words();
        for (network, start) in [("mainnet", "bc1q"), ("testnet", "tb1q"), ("signet", "tb1q"), ("regtest", "bcrt1q")] {
            let rows = derive(&home, &["--chain", "bitcoin", "--network", network]);
            assert!(text(&rows[0], "address").starts_with(start), "{network}: {rows:?}");
            let coin = if network == "mainnet" { "m/84'/0'/" } else { "m/84'/1'/" };
            assert!(text(&rows[0], "path").starts_with(coin), "{network}: {rows:?}");
        }
        // A chain that was named must have the network; those that nobody named stay on their main one.
        let rows = derive(&home, &["--network", "testnet"]);
        assert_eq!(column(&rows, "address"), ["tb1q6rz28mcfaxtmd6v789l9rrlrusdprr9pqcpvkl", ETHEREUM, SOLANA]);
        let args = ["derive", "--phrase-file", "words.txt", "--chain", "solana", "--network", "testnet", "--json"];
        home.run(&args).only_error(2).says("usage", "mainnet");
    }

    #[test]
    fn a_path_in_either_notation() {
        let home = Home::with_words();
        for path in ["m/44'/60'/0'/0/0", "m/44h/60h/0h/0/0", "m/44'/60h/0'/0/0"] {
            let rows = derive(&home, &["--path", path]);
            assert_eq!((column(&rows, "path"), column(&rows, "address")), (vec!["m/44'/60'/0'/0/0"], vec![ETHEREUM]));
        }
        // The kind follows from the path where one has such paths, and can be named.
        let rows = derive(&home, &["--path", "m/86h/0h/0h/0/0"]);
        assert_eq!(column(&rows, "kind"), ["p2tr"]);
        let rows = derive(&home, &["--path", "m/7h/8/9", "--chain", "bitcoin", "--kind", "p2pkh"]);
        assert_eq!((column(&rows, "kind"), column(&rows, "path")), (vec!["p2pkh"], vec!["m/7'/8/9"]));
        let rows = derive(&home, &["--path", "m/7h/8/9", "--chain", "bitcoin"]);
        assert_eq!(rows[0]["kind"], Value::Null, "a path of no kind");
    }

    #[test]
    fn private_keys_in_the_chains_own_forms() {
        let home = Home::with_words();
        let rows = derive(&home, &["--private"]);
        for row in &rows {
            assert_fields(row, &["address", "chain", "kind", "path", "private_key", "public_key"]);
        }
        // BIP-84's vector, and the keys in the chains' vectors.
        assert_eq!(text(&rows[0], "private_key"), "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d");
        assert_eq!(text(&rows[1], "private_key"), ETHEREUM_KEY);
        let formats = ["base58-keypair", "base58-secret", "id-json"];
        let forms: Vec<_> = formats
            .map(|format| derive(&home, &["--chain", "solana", "--private", "--format", format]))
            .iter()
            .map(|rows| text(&rows[0], "private_key").to_owned())
            .collect();
        assert_eq!(text(&rows[2], "private_key"), forms[0], "the keypair is the default");
        assert!(forms[1].len() < forms[0].len());
        let array: Vec<u8> = serde_json::from_str(&forms[2]).unwrap();
        assert_eq!(array.len(), 64);
        assert_eq!(keyark::hex::encode(&array[32..]), text(&rows[2], "public_key"));
    }

    #[test]
    fn a_secure_copy_takes_a_form_that_can_be_cut() {
        let home = Home::with_words();
        let rows = derive(&home, &["--private", "--secure-copy"]);
        assert_eq!(column(&rows, "chain"), ["bitcoin", "ethereum", "solana"]);
        assert!(rows.iter().all(|row| row["secure_copy"]["hidden_bits"].as_u64() >= Some(24)), "{rows:?}");
    }

    #[test]
    fn a_secure_copy_lacks_what_it_says() {
        let home = Home::with_words();
        for (chain, format) in [("bitcoin", "wif"), ("ethereum", "hex"), ("solana", "base58-secret")] {
            let args =
                ["derive", "--phrase-file", "words.txt", "--json", "--chain", chain, "--private", "--format", format];
            let whole = home.run(&args).object();
            let run = home.run(&[&args[..], &["--secure-copy"]].concat()).ok();
            let copy = &run.objects()[0];
            let (whole, shown) = (text(&whole, "private_key"), text(copy, "private_key"));
            let said = &copy["secure_copy"];
            let missing = said["missing_characters"].as_u64().unwrap() as usize;
            assert_eq!(whole.len(), shown.len() + missing);
            let withheld = match text(said, "missing_at") {
                "start" => whole.strip_suffix(shown),
                "end" => whole.strip_prefix(shown),
                other => panic!("at the {other}?"),
            };
            assert!(said["hidden_bits"].as_u64().unwrap() >= 24, "{said}");
            assert!(run.err.contains(withheld.unwrap()), "the part to write down is shown on stderr");
        }
    }
}

mod extended_public_keys {
    use super::*;

    /// The account of BIP-84's vector.
    const ZPUB: &str = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";

    #[test]
    fn an_account_is_one_object() {
        let home = Home::with_words();
        let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin"];
        let object = home.run(&[&args[..], &["--json"]].concat()).object();
        assert_fields(&object, &["chain", "kind", "path", "fingerprint", "xpub", "slip132", "descriptor", "warnings"]);
        assert_eq!((text(&object, "slip132"), text(&object, "fingerprint")), (ZPUB, "73c5da0a"));
        assert!(text(&object, "descriptor").starts_with("wpkh([73c5da0a/84h/0h/0h]xpub"));
        assert!(!object["warnings"].as_array().unwrap().is_empty(), "with one private key it gives them all");
        let run = home.run(&args).ok();
        assert!(run.out.contains(ZPUB) && run.err.starts_with("warning: "));
    }

    #[test]
    fn they_give_the_addresses_that_the_words_give() {
        let home = Home::with_words();
        for change in ["0", "1"] {
            let watched = home.run(&["derive", "--xpub", ZPUB, "--change", change, "--range", "0..20", "--json"]);
            let watched = watched.ok().objects();
            let derived = derive(&home, &["--chain", "bitcoin", "--change", change, "--range", "0..20"]);
            assert_eq!(column(&watched, "address"), column(&derived, "address"));
            assert_eq!(column(&watched, "public_key"), column(&derived, "public_key"));
            assert_eq!(text(&watched[3], "path"), format!("{change}/3"), "relative: the key does not know its path");
        }
    }

    #[test]
    fn a_bare_xpub_takes_the_named_kind() {
        let home = Home::with_words();
        let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin", "--kind", "p2tr", "--json"];
        let xpub = text(&home.run(&args).object(), "xpub").to_owned();
        let rows = home.run(&["derive", "--xpub", &xpub, "--kind", "p2tr", "--json"]).ok().objects();
        let address = "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"; // BIP-86
        assert_eq!(column(&rows, "address"), [address]);
    }
}

mod phrases {
    use super::*;

    #[test]
    fn new_words_are_right_words() {
        let home = Home::new();
        for count in [12, 15, 18, 21, 24] {
            let object = home.run(&["phrase", "new", "--words", &count.to_string(), "--json"]).object();
            assert_eq!((&object["words"], text(&object, "language")), (&json!(count), "english"));
            assert_eq!(text(&object, "phrase").split(' ').count(), count);
            let check = home.run_with(&["phrase", "check", "--phrase-file", "-", "--json"], text(&object, "phrase"));
            let check = check.object();
            assert_eq!(check["valid"], true);
            assert_eq!((&check["words"], text(&check, "language")), (&json!(count), "english"));
            assert_eq!(check["problems"], json!([]));
        }
        let once = home.run(&["phrase", "new"]).ok();
        assert_ne!(once.out, home.run(&["phrase", "new"]).ok().out);
        assert_eq!(once.out.split_whitespace().count(), 12, "the words alone on stdout");
    }

    #[test]
    fn a_file_holds_the_words_alone() {
        let home = Home::new();
        let object = home.run(&["phrase", "new", "--words", "24", "--out", "words.txt", "--json"]).object();
        assert_eq!(object, json!({ "language": "english", "words": 24, "file": "words.txt" }));
        assert_eq!(home.read("words.txt").split_whitespace().count(), 24);
        assert_eq!(mode(&home, "words.txt"), 0o600);
        home.run(&["phrase", "check", "--phrase-file", "words.txt"]).ok();
    }

    #[test]
    fn every_language() {
        let home = Home::new();
        for language in keyark::phrase::Language::ALL {
            let args = ["phrase", "new", "--language", language.id(), "--json"];
            let object = home.run(&args).object();
            assert_eq!(text(&object, "language"), language.id());
            let args = ["phrase", "check", "--phrase-file", "-", "--language", language.id(), "--json"];
            assert_eq!(home.run_with(&args, text(&object, "phrase")).object()["valid"], true, "{language:?}");
        }
    }

    #[test]
    fn problems_have_a_position_a_kind_and_suggestions() {
        let home = Home::new();
        let run =
            home.run_with(&["phrase", "check", "--phrase-file", "-", "--json"], &WORDS.replacen("aban", "abna", 1));
        run.error(3);
        let object = &run.objects()[0];
        assert_eq!(
            (&object["valid"], &object["language"], &object["words"]),
            (&json!(false), &json!("english"), &json!(12))
        );
        let problem = &object["problems"][0];
        assert_eq!((&problem["position"], text(problem, "kind")), (&json!(1), "unknown-word"));
        assert_eq!(problem["suggestions"][0], "abandon");
    }

    #[test]
    fn a_quiz_says_whether_it_was_passed() {
        let home = Home::with_words();
        let args = ["phrase", "quiz", "--phrase-file", "words.txt", "--answers-file", "sheet.txt", "--json"];
        let sheet = WORDS.split(' ').enumerate().map(|(at, word)| format!("{}. {word}\n", at + 1)).collect::<String>();
        home.write("sheet.txt", &sheet);
        assert_eq!(home.run(&args).object(), json!({ "passed": true, "asked": 12, "wrong": 0 }));
        home.write("sheet.txt", sheet.replace("about", "above"));
        let run = home.run(&args);
        run.error(8).says("mismatch", "differs");
        assert_eq!(run.objects()[0]["passed"], false);
    }
}

mod keystores {
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
            let made =
                home.run(&[&MAKE[..], &["--key-file", "key.txt", "--kdf", kdf, "--out", &file]].concat()).object();
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
        let swapped =
            ["complete", "--chain", "ethereum", "--key-file", "rest.txt", "--rest-file", "part.txt", "--json"];
        let object = home.run(&[&swapped[..], &["--address", ETHEREUM]].concat()).object();
        assert_eq!(text(&object, "private_key"), ETHEREUM_KEY);
        assert!(!object["warnings"].as_array().unwrap().is_empty(), "that they were swapped is said");
    }
}

mod output {
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
}

mod errors {
    use super::*;

    #[test]
    fn one_object_on_stderr_with_json() {
        let home = Home::with_words();
        let run = home.run(&["derive", "--phrase-file", "nowhere.txt", "--json"]);
        let error = run.only_error(7);
        assert_eq!(run.err.lines().count(), 1);
        error.says("not-found", "nowhere.txt");
        // Wherever --json stands.
        home.run(&["--json", "derive", "--phrase-file", "nowhere.txt"]).only_error(7);
    }

    #[test]
    fn a_problem_and_a_remedy_for_a_person() {
        let home = Home::new();
        let run = home.run(&["derive", "--phrase-file", "nowhere.txt"]);
        assert_eq!((run.code, run.out.as_str()), (Some(7), ""));
        assert_eq!(run.err, "error: there is no file nowhere.txt\n  try: check the path\n");
    }

    #[test]
    fn usage_has_the_form_of_every_other_error() {
        let home = Home::with_words();
        for args in [
            &["bogus"][..],
            &["derive", "--bogus"],
            &["derive", "--range"],
            &["derive", "--account", "one"],
            &["derive", "--account", "4294967296"],
            &["derive", "--network", "moonnet"],
            &["derive", "--force"],
            &["derive", "--secure-copy"],
            &["derive", "--format", "wif"],
            &["derive", "--path", "m/0", "--range", "0..2"],
            &["derive", "--xpub", "xpub", "--private"],
            &["phrase"],
            &["phrase", "new", "--words", "13"],
            &["phrase", "new", "--language", "klingon"],
            &["keystore", "make", "--chain", "ethereum"],
            &["completions", "abacus"],
            &[],
        ] {
            let run = home.run(&[args, &["--json"]].concat());
            assert_eq!(run.only_error(2).kind, "usage");
            assert_eq!(run.err.lines().count(), 1, "{}", run.err);
            let run = home.run(args);
            assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{args:?}");
        }
        let run = home.run(&["derive", "--range"]);
        let lines: Vec<_> = run.err.lines().collect();
        assert!(
            matches!(lines[..], [problem, remedy] if problem.starts_with("error: ") && remedy.starts_with("  try: "))
        );
    }

    #[test]
    fn ranges() {
        let home = Home::with_words();
        for (range, code) in [
            ("5..3", 2),
            ("5", 2),
            ("..", 2),
            ("0..", 2),
            ("..3", 2),
            ("0..=3", 2),
            ("-1..3", 2),
            ("0x0..3", 2),
            ("0..2147483649", 3),
            ("0..99999999999999999999999", 3),
        ] {
            let range = format!("--range={range}");
            home.run(&["derive", "--phrase-file", "words.txt", &range, "--json"]).only_error(code);
        }
    }
}

mod secrets_from_files {
    use super::*;

    #[test]
    fn standard_input_serves_one_flag_only() {
        let home = Home::with_words();
        let run = home.run_with(&["derive", "--phrase-file", "-", "--json"], WORDS).ok();
        assert_eq!(column(&run.objects(), "address"), [BITCOIN, ETHEREUM, SOLANA]);
        let args = ["derive", "--phrase-file", "-", "--passphrase-file", "-", "--json"];
        home.run_with(&args, WORDS).only_error(2).says("usage", "--passphrase-file");
        home.write("key.txt", ETHEREUM_KEY);
        let args = ["keystore", "make", "--chain", "ethereum", "--key-file", "-", "--keystore-password-file", "-"];
        let run = home.run_with(&[&args[..], &["--out", "a.json", "--json"]].concat(), ETHEREUM_KEY);
        run.only_error(2).says("usage", "--keystore-password-file");
        assert!(!home.path("a.json").exists());
    }

    /// The address under a passphrase, as it stands in a file.
    fn address(home: &Home, passphrase: &str) -> String {
        home.write("passphrase.txt", passphrase);
        let rows = derive(home, &["--passphrase-file", "passphrase.txt", "--chain", "ethereum"]);
        text(&rows[0], "address").to_owned()
    }

    #[test]
    fn one_newline_belongs_to_the_file_and_nothing_else() {
        let home = Home::with_words();
        let plain = address(&home, "a secret");
        assert_eq!(address(&home, "a secret\n"), plain);
        assert_eq!(address(&home, "a secret\r\n"), plain, "the newline of Windows");
        let others = ["a secret ", "a secret\n\n", " a secret", "a secret\t\n", "\na secret", "a secret\r"];
        let mut seen = vec![plain, ETHEREUM.to_owned()];
        for other in others {
            let address = address(&home, other);
            assert!(!seen.contains(&address), "{other:?} was trimmed");
            seen.push(address);
        }
        assert_eq!(address(&home, "\n"), ETHEREUM, "no passphrase");
    }

    #[test]
    fn a_password_keeps_its_spaces() {
        let home = Home::with_words();
        home.write("key.txt", ETHEREUM_KEY);
        home.write("password.txt", "pass word \n");
        let make = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--profile", "light"];
        let password = ["--keystore-password-file", "password.txt", "--out", "account.json"];
        home.run(&[&make[..], &password].concat()).ok();
        let open = ["keystore", "open", "account.json", "--keystore-password-file", "-", "--json"];
        for (typed, code) in [("pass word ", 0), ("pass word \n", 0), ("pass word", 4), ("pass word \n\n", 4)] {
            let run = home.run_with(&open, typed);
            assert_eq!(run.code, Some(code), "{typed:?}: {}", run.err);
        }
    }

    #[test]
    fn passphrases_are_normalised_and_doubtful_ones_noted() {
        let home = Home::with_words();
        let composed = address(&home, "caf\u{e9}");
        assert_eq!(composed, address(&home, "cafe\u{301}"));
        home.write("passphrase.txt", "caf\u{e9}");
        let run = home.run(&["derive", "--phrase-file", "words.txt", "--passphrase-file", "passphrase.txt"]).ok();
        assert!(run.err.starts_with("warning: "), "some wallets do not normalise: {}", run.err);
    }
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
