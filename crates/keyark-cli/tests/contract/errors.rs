//! Every error has the form that scripts rely on.

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
    assert!(matches!(lines[..], [problem, remedy] if problem.starts_with("error: ") && remedy.starts_with("  try: ")));
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
