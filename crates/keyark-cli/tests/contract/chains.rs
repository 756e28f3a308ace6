//! `chains` says what each chain has, as documented.

use super::*;

#[test]
fn each_chain_is_an_object() {
    let chains = Home::new().run(&["chains", "--json"]).ok().objects();
    assert_eq!(column(&chains, "id"), ["bitcoin", "ethereum", "solana"]);
    for chain in &chains {
        assert_fields(chain, &["id", "name", "coin_type", "curve", "kinds", "exports", "networks", "ownership_proof"]);
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
