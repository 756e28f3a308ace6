//! `keyark phrase`: make words, check them, be asked for them.

use std::path::Path;

use keyark::phrase::{Answer, Diagnosis, Language, Phrase, Quiz, QuizResult, WordCount, diagnose};
use keyark::{Error, ErrorKind, Result, SecretText};
use serde::Serialize;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::args::{Out, PhraseCommand};
use crate::input::Secret;
use crate::ui::{Ui, table};
use crate::{files, screen, terminal};

pub(super) fn run(command: PhraseCommand, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        PhraseCommand::New { words, language, out } => new(words, language, &out, ui),
        PhraseCommand::Check { phrase_file, language } => check(phrase_file.as_deref(), language, ui),
        PhraseCommand::Quiz { phrase_file, language, questions, answers_file } => {
            let phrase = super::read_phrase(phrase_file.as_deref(), language)?;
            let proof = quiz(&phrase, questions, answers_file.as_deref(), ui)?;
            let object = json!({ "passed": true, "asked": proof.asked(), "wrong": proof.wrong() });
            ui.result(&object, &passed(&proof))
        }
    }
}

/// How many words are asked for when they have just been shown.
const QUESTIONS: usize = 4;

fn new(words: WordCount, language: Language, out: &Out, ui: &mut Ui<'_>) -> Result<()> {
    let phrase = Phrase::generate(words, language)?;
    let text = phrase.to_text();
    if let Some(path) = &out.out {
        // The words alone, also with --json: the file is what --phrase-file takes.
        files::write_new(path, &Zeroizing::new(format!("{}\n", text.expose())), out.force)?;
        let object = json!({ "language": language.id(), "words": words.as_usize(), "file": files::shown(path) });
        ui.result(&object, &format!("{}: {} words, readable by you alone", files::shown(path), words.as_usize()))?;
    } else {
        let object = NewObject { language: language.id(), words: words.as_usize(), phrase: text.expose() };
        if !ui.json && ui.terminal && terminal::can_ask() {
            let proof = teach(&phrase, QUESTIONS, "Ctrl-C leaves the words behind, unproved.", ui)?;
            return ui.text(&passed(&proof));
        }
        ui.result(&object, text.expose())?;
    }
    ui.note(
        "whoever has these words has the money, and nobody can make them again: write them on paper, show them to nobody, \
         and prove that the paper is right: keyark phrase quiz",
    );
    Ok(())
}

fn passed(proof: &QuizResult) -> String {
    format!("passed: all {} words asked for are right", proof.asked())
}

/// Shows the words on a screen of their own and asks for so many of them, until the paper is right.
pub(super) fn teach(phrase: &Phrase, questions: usize, stopping: &str, ui: &mut Ui<'_>) -> Result<QuizResult> {
    let title = format!(
        "Make sure that nobody and no camera sees this screen.\n\n\
         {} {} words. Write them on paper, in their order, and show them to\n\
         nobody: whoever has them has the money. Nobody can make them again.\n",
        phrase.word_count().as_usize(),
        phrase.language().name()
    );
    let shown = Zeroizing::new(format!("{title}\n{}", grid(phrase).as_str()));
    loop {
        screen::show(&shown).map_err(|error| {
            Error::new(ErrorKind::Storage, format!("the terminal could not be used: {error}"), "use --out FILE")
        })?;
        ui.note(&format!("Now prove that the paper is right. {stopping}"));
        match quiz(phrase, Some(questions), None, ui) {
            Err(error) if error.kind() == ErrorKind::Mismatch => {
                ui.note("The paper differs. Enter shows the words again.");
                std::io::stdin().read_line(&mut String::new()).map(drop).unwrap_or_default(); // without a terminal the next screen fails
            }
            result => return result,
        }
    }
}

/// What `phrase new` shows. It borrows the words, so that no copies of them are left behind.
#[derive(Serialize)]
struct NewObject<'a> {
    language: &'a str,
    words: usize,
    phrase: &'a str,
}

/// The words with their numbers, in columns to be copied by hand.
pub(super) fn grid(phrase: &Phrase) -> Zeroizing<String> {
    const COLUMNS: usize = 3;
    // Composed: terminals show the parts of a decomposed letter side by side.
    let cell = |(at, word): (usize, &str)| format!("{:>2} {}", at + 1, word.nfc());
    let cells: Vec<_> = phrase.words().enumerate().map(cell).collect();
    let rows = cells.len().div_ceil(COLUMNS);
    let row = |row: usize| cells.iter().skip(row).step_by(rows).cloned().collect::<Vec<_>>();
    Zeroizing::new(table(&(0..rows).map(row).collect::<Vec<_>>(), usize::MAX))
}

fn check(file: Option<&Path>, language: Option<Language>, ui: &mut Ui<'_>) -> Result<()> {
    let text = super::phrase_secret(file).read_words()?;
    let diagnosis = diagnose(&text, language);
    ui.result(&to_json(&diagnosis), &summary(&diagnosis))?;
    if !ui.json {
        ui.warnings(diagnosis.notes());
    }
    match diagnosis.error() {
        // With --json the result on stdout says all, and says it in full.
        Some(error) if ui.json => Err(error),
        Some(_) => Err(Error::malformed(
            "the words are not right yet",
            "see the problems above, then check again; what is lost or cannot be read: keyark help recover phrase",
        )),
        None => Ok(()),
    }
}

fn to_json(diagnosis: &Diagnosis) -> Value {
    let problem = |problem: &keyark::phrase::Problem| {
        json!({
            "position": problem.position(),
            "kind": problem.kind().id(),
            "suggestions": problem.suggestions(),
            "message": problem.message(),
            "remedy": problem.remedy(),
        })
    };
    json!({
        "valid": diagnosis.valid(),
        "language": diagnosis.language().map(Language::id),
        "words": diagnosis.words(),
        "problems": diagnosis.problems().iter().map(problem).collect::<Vec<_>>(),
        "notes": diagnosis.notes().iter().map(|note| note.message()).collect::<Vec<_>>(),
    })
}

fn summary(diagnosis: &Diagnosis) -> String {
    if diagnosis.valid() {
        let language = diagnosis.language().map_or("", Language::name);
        return format!("right: {} {language} words, and their checksum fits", diagnosis.words());
    }
    let problem = |problem: &keyark::phrase::Problem| format!("- {}\n  {}", problem.message(), problem.remedy());
    diagnosis.problems().iter().map(problem).collect::<Vec<_>>().join("\n")
}

/// Asks for words. When it is not passed, that is shown as the result, and returned as an error.
pub(super) fn quiz(
    phrase: &Phrase,
    questions: Option<usize>,
    answers: Option<&Path>,
    ui: &mut Ui<'_>,
) -> Result<QuizResult> {
    let most = phrase.word_count().as_usize();
    let questions = questions.unwrap_or(most);
    if !(1..=most).contains(&questions) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("a quiz on {most} words has 1 to {most} questions, not {questions}"),
            "leave --questions away to be asked for all of them",
        ));
    }
    let sheet = answers
        .map(|path| Secret { flag: "--answers-file", file: Some(path), prompt: "Answers" }.read())
        .transpose()?;
    let mut quiz = Quiz::new(phrase, questions)?;
    let mut asked = 0;
    while let Some(question) = quiz.next_question() {
        let position = question.position();
        asked += 1;
        let answer = match &sheet {
            Some(sheet) => written_word(sheet, position)?,
            None => {
                let prompt = format!("Word {position} of {most}, written in full");
                Secret { flag: "--answers-file", file: None, prompt: &prompt }.read()?
            }
        };
        if answer.is_empty() && sheet.is_none() {
            continue; // Enter alone is no answer
        }
        match quiz.answer(&answer) {
            Answer::Right if sheet.is_none() => ui.note(&format!("word {position} is right")),
            Answer::Right => {}
            Answer::Wrong { tries_left } if tries_left > 0 && sheet.is_none() => {
                let tries = if tries_left == 1 { "1 try" } else { "2 tries" };
                ui.note(&format!("word {position} is not right; {tries} left"));
            }
            // A sheet says the same at every try.
            Answer::Wrong { .. } | Answer::Over => {
                ui.note(&format!("word {position} is not right"));
                break;
            }
        }
    }
    let result = quiz.result();
    if let Some(proof) = result.as_ref().filter(|result| result.passed()) {
        return Ok(proof.clone());
    }
    let (asked, wrong) = result.map_or((asked, 1), |result| (result.asked(), result.wrong()));
    ui.result(&json!({ "passed": false, "asked": asked, "wrong": wrong }), "not passed")?;
    Err(Error::new(
        ErrorKind::Mismatch,
        "what was written down differs from the words",
        "compare the paper with the words, one by one, and take the quiz again",
    ))
}

/// The word at `position` of a sheet on which the words stand in order, with or without numbers.
fn written_word(sheet: &SecretText, position: usize) -> Result<SecretText> {
    let is_number = |word: &&str| !word.trim_end_matches(['.', ')']).chars().all(|mark| mark.is_ascii_digit());
    let word = sheet.expose().split_whitespace().filter(is_number).nth(position - 1);
    word.map(SecretText::from).ok_or_else(|| {
        Error::malformed(format!("the answers have no word {position}"), "write all words down, in their order")
    })
}
