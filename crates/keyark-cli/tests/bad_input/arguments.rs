//! Whatever is typed as an argument, the answer is a result or one error.

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
    for name in
        ["\u{1b}[2J\u{7}", "a\nerror: b\n  try: c", "\r", "\u{202e}txt.sdrow", "..", "/", "%s%n", "$(reboot)", &long]
    {
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
