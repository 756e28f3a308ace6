//! Words, passphrases and passwords are read from files as they stand there.

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
