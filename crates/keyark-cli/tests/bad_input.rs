//! What is wrong gets an error that names the problem and the remedy, with its exit code, and loses nothing: nothing on
//! stdout but what was asked for, no file left behind, none changed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests; what is out of range is a failed test

mod support;

use serde_json::{Value, json};
use support::{Failure, Home, WORDS, finish, text};

const ETHEREUM_KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";
/// The key of `m/84'/0'/0'/0/0` in BIP-84, and the one of `m/84'/1'/0'/0/0` in the chain's vectors.
const WIF_MAINNET: &str = "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d";
const WIF_TESTNET: &str = "cTGhosGriPpuGA586jemcuH9pE9spwUmneMBmYYzrQEbY92DJrbo";

/// Runs a command that must fail, with --json and without: nothing on stdout, and the home as it was before.
#[track_caller]
fn fails(home: &Home, args: &[&str], code: i32) -> Failure {
    let before = home.names();
    let failure = home.run(&[args, &["--json"]].concat()).only_error(code);
    let run = home.run(args);
    assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{}\n{}", run.line, run.err);
    let lines: Vec<_> =
        run.err.lines().filter(|line| !line.starts_with("warning: ") && !line.starts_with("note: ")).collect();
    match lines[..] {
        [problem, remedy] => {
            assert!(problem.starts_with("error: ") && remedy.starts_with("  try: "), "{}", run.err);
        }
        _ => panic!("a problem and a remedy, a line each:\n{}", run.err),
    }
    assert_eq!(home.names(), before, "{args:?}");
    failure
}

mod phrases {
    use super::*;

    /// Every command that reads words refuses them alike.
    #[track_caller]
    fn refused(words: &str, problem: &str, said: &str) {
        let home = Home::new();
        home.write("words.txt", words);
        home.write("sheet.txt", WORDS);
        home.write("password.txt", "password");
        let from = ["--phrase-file", "words.txt"];
        let make = ["--chain", "ethereum", "--keystore-password-file", "password.txt", "--out", "account.json"];
        for args in [
            &["derive"][..],
            &["derive", "--private", "--out", "keys.txt"],
            &["account", "--chain", "bitcoin"],
            &["phrase", "quiz", "--answers-file", "sheet.txt"],
            &[&["keystore", "make"], &make[..]].concat(),
        ] {
            fails(&home, &[args, &from].concat(), 3).says("malformed", said);
        }
        // The check prints its findings, and fails all the same.
        let run = home.run(&[&["phrase", "check", "--json"], &from[..]].concat());
        run.error(3).says("malformed", said);
        let diagnosis = &run.objects()[0];
        assert_eq!(diagnosis["valid"], false);
        let kinds = diagnosis["problems"].as_array().unwrap().iter().map(|problem| text(problem, "kind"));
        assert!(kinds.into_iter().any(|kind| kind == problem), "{diagnosis}");
    }

    #[test]
    fn a_wrong_word() {
        refused(&WORDS.replace("about", "abouttt"), "unknown-word", "word 12");
    }

    #[test]
    fn a_short_phrase() {
        refused("abandon abandon about", "wrong-count", "12, 15, 18, 21 or 24");
        refused("", "empty", "no words");
        refused(" \n\t ", "empty", "no words");
    }

    #[test]
    fn a_long_phrase() {
        refused(&format!("{WORDS} about"), "wrong-count", "13 words");
        refused(&"abandon ".repeat(25), "wrong-count", "25");
    }

    #[test]
    fn mixed_languages() {
        let english = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        refused(&english.replacen("legal", "abaisser", 1), "mixed-languages", "word 1");
        refused(&english.replace("sausage", "\u{3042}\u{3044}"), "unknown-word", "word 6");
    }

    #[test]
    fn a_wrong_checksum() {
        refused(&WORDS.replace("about", "abandon"), "wrong-checksum", "checksum");
    }

    #[test]
    fn something_else_than_a_phrase() {
        refused(ETHEREUM_KEY, "not-a-phrase", "private key");
        refused(WIF_MAINNET, "not-a-phrase", "private key");
        refused(r#"{"version":3,"crypto":{}}"#, "not-a-phrase", "keystore");
    }

    #[test]
    fn files_that_hold_no_text() {
        let home = Home::new();
        home.write("words.txt", b"\xff\xfe\x00abandon");
        fails(&home, &["derive", "--phrase-file", "words.txt"], 3).says("malformed", "UTF-8");
        home.write("words.txt", vec![b'a'; (1 << 20) + 1]);
        fails(&home, &["derive", "--phrase-file", "words.txt"], 3).says("out-of-bounds", "1048576");
        fails(&home, &["derive", "--phrase-file", "/dev/zero"], 3).says("out-of-bounds", "1048576");
        fails(&home, &["derive", "--phrase-file", "nowhere.txt"], 7).says("not-found", "nowhere.txt");
        fails(&home, &["derive", "--phrase-file", "."], 6).says("storage", "directory");
        let failure = fails(&home, &["derive", "--phrase-file", "words.txt/more"], 6);
        failure.says("storage", "words.txt/more");
    }
}

mod paths_and_positions {
    use super::*;

    #[track_caller]
    fn refused(args: &[&str], code: i32) -> Failure {
        let home = Home::with_words();
        fails(&home, &[&["derive", "--phrase-file", "words.txt"], args].concat(), code)
    }

    #[test]
    fn an_index_of_two_to_the_31() {
        for path in ["m/44'/60'/0'/0/2147483648", "m/44'/60'/0'/0/2147483648'", "m/84h/0h/99999999999999999999h/0/0"] {
            refused(&["--path", path], 3).says("out-of-bounds", "2147483647");
        }
        refused(&["--account", "2147483648"], 3).says("out-of-bounds", "2147483647");
        refused(&["--range", "0..2147483649"], 3).says("out-of-bounds", "2147483648");
    }

    #[test]
    fn paths_that_are_none() {
        for path in ["", "44'/60'/0'/0/0", "m//0", "m/x", "m/-1", "m/0''", WORDS] {
            assert_eq!(refused(&["--path", path, "--chain", "bitcoin"], 3).kind, "malformed", "{path}");
        }
        let deep = format!("m{}", "/0".repeat(60_000));
        refused(&["--path", &deep, "--chain", "bitcoin"], 3);
    }

    #[test]
    fn a_path_without_a_chain() {
        refused(&["--path", "m/0/0"], 2).says("usage", "--chain");
        refused(&["--path", "m/44'/60'/0'/0/0", "--chain", "bitcoin", "--chain", "ethereum"], 2)
            .says("usage", "--chain");
    }

    #[test]
    fn a_step_that_is_not_hardened_on_ed25519() {
        refused(&["--path", "m/44'/501'/0", "--chain", "solana"], 3).says("malformed", "hardened");
    }

    #[test]
    fn a_position_that_a_kind_does_not_have() {
        refused(&["--chain", "ethereum", "--change", "1"], 2).says("usage", "change");
        refused(&["--chain", "solana", "--change", "1"], 2).says("usage", "change");
        refused(&["--chain", "solana", "--kind", "root", "--account", "1"], 2).says("usage", "account");
        refused(&["--chain", "solana", "--kind", "seed", "--account", "1"], 2).says("usage", "account");
        refused(&["--chain", "solana", "--kind", "seed", "--range", "0..2"], 2).says("usage", "one address");
        refused(&["--chain", "bitcoin", "--change", "2"], 2).says("usage", "--change");
    }

    /// Where a range runs over accounts, an account beside it would be ignored.
    #[test]
    fn an_account_and_a_range_of_accounts() {
        let args = ["--chain", "ethereum", "--kind", "ledger-live", "--account", "3", "--range", "0..2"];
        refused(&args, 2).says("usage", "--account");
    }
}

mod extended_public_keys {
    use super::*;

    const ZPUB: &str = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
    /// The master key of BIP-32's first vector.
    const XPRV: &str = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";

    #[track_caller]
    fn refused(xpub: &str, args: &[&str], code: i32) -> Failure {
        let failure = fails(&Home::new(), &[&["derive", "--xpub", xpub], args].concat(), code);
        let said = format!("{failure:?}");
        assert!(xpub.len() < 20 || !said.contains(xpub), "what was given is not repeated: {said}");
        failure
    }

    #[test]
    fn a_wrong_checksum() {
        refused(&ZPUB.replace("GutZYs", "GutZYt"), &[], 3).says("malformed", "checksum");
        refused(&ZPUB.replacen("AijB", "AijC", 1), &[], 3).says("malformed", "checksum");
        refused(&ZPUB[..ZPUB.len() - 1], &[], 3);
    }

    #[test]
    fn another_network() {
        refused(ZPUB, &["--network", "testnet"], 3).says("malformed", "mainnet");
        let home = Home::with_words();
        let args = ["account", "--phrase-file", "words.txt", "--chain", "bitcoin", "--network", "testnet", "--json"];
        let vpub = text(&home.run(&args).object(), "slip132").to_owned();
        refused(&vpub, &["--network", "mainnet"], 3).says("malformed", "testnet");
    }

    #[test]
    fn a_private_key_in_its_place() {
        refused(XPRV, &[], 3).says("malformed", "private");
        refused(WIF_MAINNET, &[], 3);
        refused(ETHEREUM_KEY, &[], 3);
        refused(WORDS, &[], 3);
        refused("", &[], 3);
    }

    #[test]
    fn a_chain_that_has_none() {
        for chain in ["ethereum", "solana"] {
            refused(ZPUB, &["--chain", chain], 2).says("usage", "--chain");
            let args = ["account", "--phrase-file", "words.txt", "--chain", chain];
            fails(&Home::with_words(), &args, 5).says("refused", "extended public key");
        }
    }

    #[test]
    fn an_index_of_two_to_the_31() {
        refused(ZPUB, &["--range", "0..2147483649"], 3).says("out-of-bounds", "2147483647");
    }
}

mod refusals {
    use super::*;

    #[test]
    fn what_the_policy_keeps() {
        let home = Home::with_words();
        for path in ["m", "m/84'", "m/84'/0'/0'", "m/84'/0'/0'/0", "m/44'/60'/0'/0/0", "m/7/8/9"] {
            let args = ["derive", "--phrase-file", "words.txt", "--chain", "bitcoin", "--private", "--path", path];
            let failure = fails(&home, &args, 5);
            assert_eq!(failure.kind, "refused", "{path}: {failure:?}");
        }
        // The chain refuses before it looks at anything else, so no words are asked for.
        for chain in ["bitcoin", "solana"] {
            let args = ["keystore", "make", "--chain", chain, "--out", "account.json"];
            fails(&home, &args, 5).says("refused", "standard for encrypted keystore files");
        }
    }

    #[test]
    fn a_form_that_cannot_be_cut() {
        let home = Home::with_words();
        let args = ["derive", "--phrase-file", "words.txt", "--chain", "solana", "--private", "--secure-copy"];
        for format in ["id-json", "base58-keypair"] {
            fails(&home, &[&args[..], &["--format", format]].concat(), 5).says("refused", "base58-secret");
        }
    }

    #[test]
    fn unknown_names_get_the_known_ones() {
        let home = Home::with_words();
        let derive = ["derive", "--phrase-file", "words.txt"];
        for (args, code, known) in [
            (&["--chain", "nope"][..], 7, "bitcoin, ethereum, solana"),
            (&["--chain", ""], 7, "bitcoin, ethereum, solana"),
            (&["--kind", "nope"], 7, "p2wpkh"),
            (&["--chain", "bitcoin", "--kind", "bip44"], 7, "p2pkh, p2sh-p2wpkh, p2wpkh, p2tr"),
            (&["--chain", "solana", "--private", "--format", "wif"], 7, "base58-keypair, base58-secret, id-json"),
            (&["--network", "nope"], 2, "mainnet, testnet, signet, regtest"),
            (&["--language", "klingon"], 2, "english, japanese"),
        ] {
            let failure = fails(&home, &[&derive[..], args].concat(), code);
            failure.says(if code == 7 { "not-found" } else { "usage" }, known);
        }
        let account = ["account", "--phrase-file", "words.txt", "--chain"];
        fails(&home, &[&account[..], &["nope"]].concat(), 7).says("not-found", "bitcoin, ethereum, solana");
        fails(&home, &[&account[..], &["bitcoin", "--kind", "nope"]].concat(), 7).says("not-found", "p2tr");
        let make = ["keystore", "make", "--out", "a.json", "--chain", "nope"];
        fails(&home, &make, 7).says("not-found", "bitcoin, ethereum, solana");
        fails(&home, &["complete", "--chain", "nope"], 7).says("not-found", "bitcoin, ethereum, solana");
    }
}

mod parts_of_keys {
    use super::*;

    #[track_caller]
    fn complete(shown: &str, rest: &str, args: &[&str], code: i32) -> Failure {
        let home = Home::new();
        home.write("part.txt", shown);
        home.write("rest.txt", rest);
        let files = ["complete", "--key-file", "part.txt", "--rest-file", "rest.txt"];
        fails(&home, &[&files[..], args].concat(), code)
    }

    /// Cuts a key as a secure copy does.
    fn cut(key: &str) -> (&str, &str) {
        key.split_at(key.len() - if key.starts_with("0x") { 12 } else { 16 })
    }

    #[test]
    fn a_wif_for_another_network() {
        let (shown, rest) = cut(WIF_TESTNET);
        complete(shown, rest, &["--chain", "bitcoin", "--network", "mainnet"], 3).says("malformed", "testnet");
        let (shown, rest) = cut(WIF_MAINNET);
        complete(shown, rest, &["--chain", "bitcoin", "--network", "regtest"], 3).says("malformed", "mainnet");
    }

    #[test]
    fn parts_that_do_not_belong_together() {
        let shown = cut(WIF_MAINNET).0;
        let other = cut(WIF_TESTNET).1;
        complete(shown, other, &["--chain", "bitcoin"], 3).says("malformed", "checksum");
        complete(shown, "", &["--chain", "bitcoin"], 3);
        complete("", "", &["--chain", "bitcoin"], 3);
        // Nothing in hex tells, so the address must.
        let (shown, rest) = cut(ETHEREUM_KEY);
        let address = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";
        let changed = rest.replace("30da", "30db");
        complete(shown, &changed, &["--chain", "ethereum", "--address", address], 8).says("mismatch", "address");
    }

    #[test]
    fn an_address_that_is_none() {
        let (shown, rest) = cut(ETHEREUM_KEY);
        for (address, said) in [
            ("0x9858EfFD232B4033E47d90003D41EC34EcaEda9", "40 digits"),
            ("0x9858effD232B4033E47d90003D41EC34EcaEda94", "checksum"),
            ("bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", ""),
            ("", ""),
        ] {
            complete(shown, rest, &["--chain", "ethereum", "--address", address], 3).says("malformed", said);
        }
    }
}

mod keystores {
    use super::*;

    const PASSWORD: &str = "correct horse";

    /// A keystore of [`ETHEREUM_KEY`], of the light profile for haste.
    fn light() -> Value {
        let home = Home::new();
        home.write("key.txt", ETHEREUM_KEY);
        home.write("password.txt", PASSWORD);
        let args = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--out", "account.json"];
        let password = ["--keystore-password-file", "password.txt", "--profile", "light"];
        home.run(&[&args[..], &password].concat()).ok();
        serde_json::from_str(&home.read("account.json")).unwrap()
    }

    fn home_with(file: &str) -> Home {
        let home = Home::new();
        home.write("account.json", file);
        home.write("password.txt", PASSWORD);
        home
    }

    const INSPECT: [&str; 3] = ["keystore", "inspect", "account.json"];
    const OPEN: [&str; 5] = ["keystore", "open", "account.json", "--keystore-password-file", "password.txt"];

    /// Neither looking into it nor opening it works, and both say why.
    #[track_caller]
    fn refused(file: &str, kind: &str, said: &str) {
        let home = home_with(file);
        let start = std::time::Instant::now();
        fails(&home, &INSPECT, 3).says(kind, said);
        fails(&home, &OPEN, 3).says(kind, said);
        fails(&home, &[&OPEN[..], &["--out", "key.txt"]].concat(), 3).says(kind, said);
        assert!(start.elapsed().as_secs() < 5, "refused before anything is derived");
    }

    #[test]
    fn not_json_or_cut_off() {
        let whole = light().to_string();
        for file in ["", "\n", "abandon abandon about", ETHEREUM_KEY, "[]", "3", "null", "{}", "{\"version\":3}"] {
            refused(file, "malformed", "");
        }
        for end in [1, 2, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            refused(&whole[..end], "malformed", "cut off");
        }
    }

    #[test]
    fn a_huge_or_zero_cost() {
        let file = light();
        for (field, value) in [
            ("n", json!(0)),
            ("n", json!(1)),
            ("n", json!(1_u64 << 31)),
            ("n", json!(1_u64 << 62)),
            ("r", json!(0)),
            ("r", json!(1 << 20)),
            ("p", json!(0)),
            ("p", json!(u32::MAX)),
            ("dklen", json!(0)),
            ("dklen", json!(u32::MAX)),
        ] {
            let mut file = file.clone();
            file["crypto"]["kdfparams"][field] = value.clone();
            refused(&file.to_string(), "out-of-bounds", "");
        }
        for value in [json!(-1), json!(4096.5), json!("much"), json!(null), json!(4095)] {
            let mut file = file.clone();
            file["crypto"]["kdfparams"]["n"] = value.clone();
            refused(&file.to_string(), "malformed", "");
        }
        let params = |c: Value| json!({ "c": c, "dklen": 32, "prf": "hmac-sha256", "salt": "00".repeat(32) });
        for c in [json!(0), json!(u32::MAX), json!(u64::MAX)] {
            let mut file = file.clone();
            file["crypto"]["kdf"] = json!("pbkdf2");
            file["crypto"]["kdfparams"] = params(c);
            refused(&file.to_string(), "out-of-bounds", "");
        }
    }

    #[test]
    fn an_unknown_kdf_or_cipher() {
        let mut file = light();
        file["crypto"]["kdf"] = json!("argon2id");
        refused(&file.to_string(), "malformed", "scrypt, pbkdf2");
        let mut file = light();
        file["crypto"]["cipher"] = json!("rot13");
        refused(&file.to_string(), "malformed", "aes-128-ctr");
        let mut file = light();
        file["version"] = json!(99);
        refused(&file.to_string(), "malformed", "99");
    }

    #[test]
    fn a_wrong_password() {
        let home = home_with(&light().to_string());
        for password in ["Correct horse", "correct horse ", "", "\n\n"] {
            home.write("password.txt", password);
            fails(&home, &OPEN, 4).says("wrong-password", "password");
            fails(&home, &[&OPEN[..], &["--out", "key.txt"]].concat(), 4);
        }
        // What is forced over stays too.
        home.write("key.txt", "an older key");
        fails(&home, &[&OPEN[..], &["--out", "key.txt", "--force"]].concat(), 4);
        assert_eq!(home.read("key.txt"), "an older key");
    }

    /// A bit that flips anywhere in the file: it is refused, or it does not matter. Never is another key shown.
    #[test]
    fn flipped_bits() {
        let whole = serde_json::to_string_pretty(&light()).unwrap();
        let home = home_with(&whole);
        let (mut refused, mut harmless) = (0, 0);
        // A prime step visits each field, and each bit of a character.
        for bit in (0..whole.len() * 8).step_by(89) {
            let mut bytes = whole.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            home.write("account.json", &bytes);
            let run = home.run(&[&OPEN[..], &["--json"]].concat());
            if run.code == Some(0) {
                harmless += 1;
                assert_eq!(text(&run.objects()[0], "private_key"), ETHEREUM_KEY, "bit {bit}");
            } else {
                refused += 1;
                let code = run.code.unwrap();
                assert!([3, 4, 8].contains(&code), "bit {bit}: {}", run.err);
                run.only_error(code);
            }
        }
        assert!(refused > 20 && harmless > 0, "{refused} refused, {harmless} harmless");
    }

    /// The MAC does not cover the IV: only the address tells that the key is another one.
    #[test]
    fn a_changed_iv_is_told_by_the_address() {
        let mut file = light();
        let iv = text(&file["crypto"]["cipherparams"], "iv").to_owned();
        let other = if iv.starts_with('0') { "1" } else { "0" };
        file["crypto"]["cipherparams"]["iv"] = json!(format!("{other}{}", &iv[1..]));
        let home = home_with(&file.to_string());
        let failure = fails(&home, &OPEN, 8);
        failure.says("mismatch", "address");
    }

    #[test]
    fn keys_and_passwords_that_are_none() {
        let home = home_with("");
        let make = ["keystore", "make", "--chain", "ethereum", "--profile", "light", "--out", "new.json"];
        let with = |key: &str, password: &str, code: i32| {
            home.write("key.txt", key);
            home.write("password.txt", password);
            let args = ["--key-file", "key.txt", "--keystore-password-file", "password.txt"];
            fails(&home, &[&make[..], &args].concat(), code)
        };
        for key in [
            "",
            "0x",
            &ETHEREUM_KEY[..65],
            &format!("{ETHEREUM_KEY}0"),
            WIF_MAINNET,
            WORDS,
            &"0".repeat(64),
            &"f".repeat(64),
        ] {
            assert_eq!(with(key, "password", 3).kind, "malformed", "{key}");
        }
        assert_eq!(with(ETHEREUM_KEY, "", 2).kind, "usage");
    }
}

mod files {
    use std::process::{Command, Stdio};

    use super::*;

    /// Every command that writes a file, with inputs that are all right.
    fn writers() -> (Home, Vec<Vec<&'static str>>) {
        let home = Home::with_words();
        home.write("key.txt", ETHEREUM_KEY);
        home.write("password.txt", "password");
        home.write("part.txt", &ETHEREUM_KEY[..54]);
        home.write("rest.txt", &ETHEREUM_KEY[54..]);
        let make = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--profile", "light"];
        let password = ["--keystore-password-file", "password.txt"];
        home.run(&[&make[..], &password, &["--out", "account.json"]].concat()).ok();
        let commands = vec![
            vec!["phrase", "new"],
            vec!["derive", "--phrase-file", "words.txt", "--private"],
            vec!["account", "--phrase-file", "words.txt", "--chain", "bitcoin"],
            [&make[..], &password].concat(),
            [&["keystore", "open", "account.json"], &password[..]].concat(),
            vec!["complete", "--chain", "ethereum", "--key-file", "part.txt", "--rest-file", "rest.txt"],
        ];
        (home, commands)
    }

    #[test]
    fn an_existing_file() {
        let (home, commands) = writers();
        home.write("taken.txt", "mine");
        for command in commands {
            fails(&home, &[&command[..], &["--out", "taken.txt"]].concat(), 7).says("already-exists", "taken.txt");
            assert_eq!(home.read("taken.txt"), "mine");
        }
    }

    /// Root may write where nobody may, so the folders here are such as even root cannot write to.
    #[test]
    fn a_folder_that_cannot_be_written() {
        let (home, commands) = writers();
        for command in commands {
            for (folder, code, kind) in [
                ("/proc/self", 6, "storage"),
                ("/sys", 6, "storage"),
                ("words.txt", 7, "not-found"),
                ("nowhere", 7, "not-found"),
            ] {
                let out = format!("{folder}/new.txt");
                fails(&home, &[&command[..], &["--out", &out]].concat(), code).says(kind, folder);
            }
        }
        fails(&home, &["man", "--out", "words.txt"], 6).says("storage", "words.txt");
        fails(&home, &["man", "--out", "/proc/self/man"], 6).says("storage", "/proc/self/man");
    }

    #[test]
    fn a_folder_in_the_place_of_a_file() {
        let (home, commands) = writers();
        std::fs::create_dir(home.path("folder")).unwrap();
        home.write("folder/file.txt", "mine");
        for command in commands {
            fails(&home, &[&command[..], &["--out", "folder"]].concat(), 7);
            fails(&home, &[&command[..], &["--out", "folder", "--force"]].concat(), 7).says("already-exists", "folder");
            fails(&home, &[&command[..], &["--out", "folder/"]].concat(), 7);
        }
        assert_eq!(home.read("folder/file.txt"), "mine");
    }

    /// A limit on the size of files stands in for a full disk: the file can be made, and no byte of it written.
    fn without_space(keyark: &Command) -> Command {
        let mut shell = Command::new("bash");
        shell
            .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
            .arg(keyark.get_program())
            .args(keyark.get_args());
        support::like(&mut shell, keyark);
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell
    }

    #[test]
    fn a_full_disk() {
        let (home, commands) = writers();
        home.write("older.txt", "mine");
        let before = home.names();
        for command in commands {
            for out in [&["--out", "new.txt"][..], &["--out", "older.txt", "--force"]] {
                let run = finish(without_space(&home.command(&[&command[..], out, &["--json"]].concat())), "");
                run.only_error(6).says("storage", out[1]);
                assert_eq!(home.names(), before, "{command:?}");
                assert_eq!(home.read("older.txt"), "mine");
            }
        }
    }

    #[test]
    fn a_full_disk_behind_standard_output() {
        let (home, commands) = writers();
        let printing = commands.into_iter().filter(|command| command[1] != "make");
        for command in
            printing.chain([vec!["chains"], vec!["tour"], vec!["completions", "bash"], vec!["chains", "--help"]])
        {
            let mut keyark = home.command(&[&command[..], &["--json"]].concat());
            keyark.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
            let run = finish(keyark, "");
            assert_eq!(run.code, Some(6), "{}: {}", run.line, run.err);
            run.error(6).says("storage", "disk");
        }
    }
}

mod arguments {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_terminal_and_no_file_for_a_secret() {
        let home = Home::with_words();
        home.write("key.txt", ETHEREUM_KEY);
        home.write("password.txt", "password");
        let make = ["keystore", "make", "--chain", "ethereum", "--out", "a.json"];
        home.run(&[
            "keystore",
            "make",
            "--chain",
            "ethereum",
            "--key-file",
            "key.txt",
            "--out",
            "account.json",
            "--profile",
            "light",
            "--keystore-password-file",
            "password.txt",
        ])
        .ok();
        for (args, flag) in [
            (&["derive"][..], "--phrase-file"),
            (&["derive", "--phrase-file", "words.txt", "--ask-passphrase"], "--passphrase-file"),
            (&["account", "--chain", "bitcoin"], "--phrase-file"),
            (&["phrase", "check"], "--phrase-file"),
            (&["phrase", "quiz"], "--phrase-file"),
            (&["phrase", "quiz", "--phrase-file", "words.txt"], "--answers-file"),
            (&["keystore", "open", "account.json"], "--keystore-password-file"),
            (&make, "--key-file"),
            (&[&make[..], &["--key-file", "key.txt"]].concat(), "--keystore-password-file"),
            (&["complete", "--chain", "ethereum"], "--key-file"),
            (&["complete", "--chain", "ethereum", "--key-file", "key.txt"], "--rest-file"),
        ] {
            let failure = fails(&home, args, 2);
            failure.says("usage", flag);
            assert!(failure.message.contains("no terminal"), "{failure:?}");
        }
    }

    /// Names that no file, chain or kind has: each is an error like any other, in two lines, whatever is in it.
    #[test]
    fn hostile_names() {
        let home = Home::with_words();
        let long = "x".repeat(100_000);
        for name in [
            "\u{1b}[2J\u{7}",
            "a\nerror: b\n  try: c",
            "\r",
            "\u{202e}txt.sdrow",
            "..",
            "/",
            "%s%n",
            "$(reboot)",
            &long,
        ] {
            for flag in ["--phrase-file", "--passphrase-file", "--chain", "--kind", "--path", "--range", "--network"] {
                let mut args = vec!["derive", "--phrase-file", "words.txt", flag, name];
                if flag == "--phrase-file" {
                    args.drain(1..3);
                }
                let run = home.run(&args);
                assert!(run.code.is_some_and(|code| [2, 3, 6, 7].contains(&code)), "{}", run.err);
                assert_eq!((run.out.as_str(), run.err.lines().count()), ("", 2), "{flag} {name:?}:\n{}", run.err);
                assert!(!run.err.contains(['\u{1b}', '\u{7}', '\r']), "{flag} {name:?}: {:?}", run.err);
            }
        }
    }

    #[test]
    fn arguments_that_are_not_text() {
        use std::os::unix::ffi::OsStrExt;
        let home = Home::with_words();
        let bytes = std::ffi::OsStr::from_bytes(b"\xff\xfe");
        for flag in ["--phrase-file", "--chain", "--xpub", "--range", "--out"] {
            let args = ["derive".as_ref(), flag.as_ref(), bytes, "--json".as_ref()];
            let run = finish(home.command::<&std::ffi::OsStr>(&args), "");
            let code = run.code.unwrap();
            assert!([2, 7].contains(&code), "{flag}: {}", run.err);
            run.only_error(code);
        }
    }

    /// What may be typed behind `keyark`, in any order. No file is named that could be written.
    fn word() -> impl Strategy<Value = String> {
        let known = "derive account phrase check quiz keystore inspect open complete help --json --quiet --phrase- \
            file --passphrase-file --key-file --chain --kind --path --range --account --private --secure- \
            copy --xpub --network --address --language -- - --help words.txt bitcoin solana p2tr 0..3 \
            m/44'/60'/0'/0/0 testnet english 1";
        let known: Vec<_> = known.split(' ').collect();
        prop_oneof![4 => proptest::sample::select(known).prop_map(str::to_owned), 1 => "[^\\x00]{0,12}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_typed_has_an_answer(args in proptest::collection::vec(word(), 0..8)) {
            let home = Home::with_words();
            let run = finish(home.command(&args), "");
            prop_assert!(run.code.is_some_and(|code| [0, 2, 3, 5, 6, 7].contains(&code)), "{}\n{}", run.line, run.err);
            prop_assert!(!run.err.contains("panicked"), "{}\n{}", run.line, run.err);
            prop_assert_eq!(run.code == Some(0), !run.err.contains("error"), "{}\n{}", run.line, run.err);
        }
    }
}
