//! `derive`: every chain, kind, range and form of a private key, as objects and as columns.

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
