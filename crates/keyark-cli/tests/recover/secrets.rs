//! No word of a phrase is in what a search says besides its result.

use super::*;

/// No word of the phrase is in what is said, in an error or in a checkpoint.
#[test]
fn no_word_is_told() {
    let home = keystores::home();
    home.write("guesses.txt", format!("{}\n{PASSPHRASE}\n", canary::PASSWORD));
    let canaries = canary::canaries();
    let hides = |text: &str, place: &str| {
        canary::assert_hides(text, &canaries, &[], place);
        let told =
            text.split(|letter: char| !letter.is_alphabetic()).find(|part| WORDS.split(' ').any(|word| word == *part));
        assert_eq!(told, None, "{place}: {text}");
    };
    for (damaged, args) in [
        (words(&[(8, "?")]), &["--address", ETHEREUM][..]),
        (words(&[(8, "usefull"), (2, "winnr")]), &["--address", ETHEREUM]),
        (words(&[(8, "us?ful|")]), &["--address", ETHEREUM]),
        (words(&[(8, "u?q")]), &["--address", ETHEREUM]),
        (WORDS.to_owned(), &["--address", ETHEREUM]),
        (words(&[(12, "")]), &["--address", ETHEREUM]),
        (format!("{WORDS} {WORDS} {WORDS}"), &["--address", ETHEREUM]),
        (words(&[(8, "?"), (9, "?")]), &["--address", ETHEREUM, "--max-time", "0s"]),
        (words(&[(12, "?")]), &["--fingerprint", "00000000", "--passphrases-file", "guesses.txt"]),
        (words(&[(12, "?")]), &["--fingerprint", "00000000", "--passphrase-pattern-file", "guesses.txt"]),
        (words(&[(12, "?")]), &["--checksum-only"]),
        (words(&[(12, "?")]), &["--address", WORDS]),
        (words(&[(12, "?")]), &["--checkpoint", "right.txt", "--address", ETHEREUM]),
    ] {
        home.write("right.txt", WORDS);
        let run = recover(&home, &damaged, args);
        hides(&run.err, &run.line);
        home.write("damaged.txt", &damaged);
        let run = home.run(&[&["recover", "phrase", "--phrase-file", "damaged.txt"], args].concat());
        hides(&run.err, &run.line);
    }
    let run = home.run(&["recover", "path", "--phrase-file", "right.txt", "--fingerprint", "00000000"]);
    hides(&run.err, &run.line);
    let run = home.run(&["recover", "keystore", "account.json", "--passwords-file", "guesses.txt"]);
    hides(&run.err, &run.line);
    assert_eq!(run.code, Some(8));
}
