//! `phrase`: new words are right words, and problems of given ones are described.

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
    let run = home.run_with(&["phrase", "check", "--phrase-file", "-", "--json"], &WORDS.replacen("aban", "abna", 1));
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
