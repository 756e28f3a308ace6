//! Every command that reads words refuses wrong ones alike, and says which word is wrong.

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
