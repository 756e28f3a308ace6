//! Whether a password is strong enough to seal something new.

use keyark_core::{Error, Result, SecretText};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::{Entropy, Score, zxcvbn};

use super::gather;

/// How many characters are judged. More of them make a password no easier to guess, and the time that zxcvbn takes grows with their
/// square, times the ways in which the symbols among them may stand for letters: up to 0.25 s for 40, 1.4 s for 100.
const JUDGED: usize = 40;

/// Three words of a phrase have this many bytes at least, in each of BIP-39's lists.
const SHORTEST_RUN: usize = 9;

/// What an attacker of wallets tries first, whomever they belong to.
const PUBLIC: &str =
    "keyark wallet vault crypto coin bitcoin ethereum solana blockchain satoshi nakamoto hodl seed phrase mnemonic";

/// Refuses a password that gives away what it protects, or that is easily guessed.
pub(super) fn check(password: &str, known: &[&str]) -> Result<()> {
    check_own_text(password, known)?;
    let judged = judge(password, known);
    match judged.entropy.score() >= Score::Three {
        true => Ok(()),
        false => Err(too_weak(&judged)),
    }
}

/// Refuses the wallet's name or phrase, and a piece of the phrase, however they are written.
fn check_own_text(password: &str, known: &[&str]) -> Result<()> {
    let password = letters(password);
    let is_password = |text: &&str| letters(text) == password;
    if !password.is_empty() && known.iter().any(is_password) {
        return Err(Error::malformed(
            "this password is the wallet's own name or words",
            "choose something that does not come from the wallet; let keyark suggest six random words",
        ));
    }
    let words: Vec<_> = known.iter().flat_map(|text| text.split_whitespace()).map(letters).collect();
    let is_inside = |run: &[SecretText]| {
        let run = gather(run.iter().flat_map(|word| word.expose().chars()));
        run.expose().len() >= SHORTEST_RUN && password.expose().contains(run.expose())
    };
    if words.windows(3).any(is_inside) {
        return Err(Error::malformed(
            "this password holds three consecutive words of the wallet",
            "whoever sees the password would see a part of the phrase; let keyark suggest six random words",
        ));
    }
    Ok(())
}

struct Judged {
    entropy: Entropy,
    /// Whether it is about what is left without the known words.
    of_rest: bool,
}

/// The worst of what zxcvbn says of the text as it reads, of the text without accents (its lists have none), and of what is left
/// of both without the known words. Not of NFKD itself, in which a Korean syllable would count as three characters.
///
/// The known words are not given to zxcvbn as its user inputs: "name-of-wallet-2026" would be many finds to it, and strong. And it
/// forgets nothing: it and its regular expressions copy what they get (whole, in pieces, with symbols replaced) to memory that
/// cannot be erased from here. So they get no more than they need, and only when a password is chosen.
fn judge(password: &str, known: &[&str]) -> Judged {
    let known = known.iter().copied().chain([PUBLIC]).flat_map(readings);
    let known: Vec<_> = known.flat_map(|text| folded_words(&text)).collect();
    let wholes = readings(password);
    let rests = [without(&wholes[0], &known), without(&wholes[1], &known)];

    let mut worst = Judged { entropy: estimate(&wholes[0]), of_rest: false };
    let mut seen = vec![&wholes[0]];
    for (reading, of_rest) in [(&wholes[1], false), (&rests[0], true), (&rests[1], true)] {
        if !seen.contains(&reading) {
            let entropy = estimate(reading);
            if entropy.guesses() < worst.entropy.guesses() {
                worst = Judged { entropy, of_rest };
            }
            seen.push(reading);
        }
    }
    worst
}

fn estimate(reading: &SecretText) -> Entropy {
    zxcvbn(gather(reading.expose().chars().take(JUDGED)).expose(), &[])
}

/// The text in NFKC, with and without the accents of Latin, Greek and Cyrillic letters.
fn readings(text: &str) -> [SecretText; 2] {
    let without_accents = text.nfkd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter));
    [gather(text.nfkc()), gather(without_accents.nfc())]
}

/// The words that have three bytes (three Latin letters, one Chinese) and more, folded; each also backwards.
fn folded_words(text: &SecretText) -> Vec<SecretText> {
    let words = text.expose().split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() >= 3);
    words.flat_map(|word| [gather(word.chars().map(fold)), gather(word.chars().rev().map(fold))]).collect()
}

/// What is left of the text when the words, which are folded, are taken out wherever they stand.
fn without(text: &SecretText, words: &[SecretText]) -> SecretText {
    let folded = gather(text.expose().chars().map(fold));
    let mut is_taken = vec![false; folded.expose().len()];
    for word in words {
        for (start, found) in folded.expose().match_indices(word.expose()) {
            is_taken.iter_mut().skip(start).take(found.len()).for_each(|taken| *taken = true);
        }
    }
    // the two texts have the same number of characters, though not always of bytes
    let pairs = text.expose().chars().zip(folded.expose().char_indices());
    gather(pairs.filter(|(_, (start, _))| is_taken.get(*start) == Some(&false)).map(|(letter, _)| letter))
}

/// One letter for all that are put in each other's place: `p4$$W0RD` and `password` become the same.
fn fold(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        '4' | '@' => 'a',
        '8' => 'b',
        '(' | '{' | '[' | '<' => 'c',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | '7' | '+' | 'l' | 't' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '%' => 'x',
        '2' => 'z',
        other => other,
    }
}

/// The letters and digits alone, in lower case, without accents.
fn letters(text: &str) -> SecretText {
    gather(text.nfkd().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric()))
}

fn too_weak(judged: &Judged) -> Error {
    let feedback = judged.entropy.feedback();
    let reason = match feedback.and_then(|feedback| feedback.warning()) {
        _ if judged.of_rest => "the wallet's own words and those of its trade are tried first; ",
        Some(warning) => explain(warning),
        None => "",
    };
    let guesses = about(judged.entropy.guesses());
    let mut remedy = String::new();
    for suggestion in feedback.map(|feedback| feedback.suggestions()).unwrap_or_default() {
        remedy.push_str(advise(*suggestion));
        remedy.push_str("; ");
    }
    remedy.push_str("six random words are strong: let keyark suggest them");
    Error::malformed(format!("this password is too weak: {reason}about {guesses} guesses find it"), remedy)
}

/// The nearest power of ten, at least 10 and, as for all that are too weak, at most a hundred million.
fn about(guesses: u64) -> &'static str {
    // 3 is near enough to the square root of ten, half-way between two powers
    match guesses.saturating_mul(3).checked_ilog10().unwrap_or(0) {
        0 | 1 => "10",
        2 => "100",
        3 => "1,000",
        4 => "10,000",
        5 => "100,000",
        6 => "1 million",
        7 => "10 million",
        _ => "100 million",
    }
}

fn explain(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "it follows a row of keys; ",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "it follows a short pattern on the keyboard; ",
        Warning::RepeatsLikeAaaAreEasyToGuess => "it repeats one character; ",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "it repeats one piece; ",
        Warning::ThisIsATop10Password => "it is one of the ten most used; ",
        Warning::ThisIsATop100Password => "it is one of the hundred most used; ",
        Warning::ThisIsACommonPassword => "it is much used; ",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "it is like one that is much used; ",
        Warning::SequencesLikeAbcAreEasyToGuess => "it follows the alphabet or counts; ",
        Warning::RecentYearsAreEasyToGuess => "years are tried early; ",
        Warning::AWordByItselfIsEasyToGuess => "it is a single word; ",
        Warning::DatesAreOftenEasyToGuess => "dates are tried early; ",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => "it is a single name; ",
        Warning::CommonNamesAndSurnamesAreEasyToGuess => "frequent names are tried early; ",
    }
}

fn advise(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "use several words that do not belong together",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "symbols, digits and capitals are not needed",
        Suggestion::AddAnotherWordOrTwo => "add another word or two, unusual ones",
        Suggestion::CapitalizationDoesntHelpVeryMuch => "capitals help little",
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "all capitals help little",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "words written backwards help little",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "symbols in the place of letters help little",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "do without patterns of the keyboard",
        Suggestion::AvoidRepeatedWordsAndCharacters => "do not repeat words or characters",
        Suggestion::AvoidSequences => "do without sequences",
        Suggestion::AvoidRecentYears => "do without years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou => "least of all years of your own life",
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "do without dates, least of all of your own life",
    }
}

#[cfg(test)]
mod tests {
    use keyark_core::ErrorKind;
    use keyark_phrase::Language;

    use super::*;
    use crate::NewPassword;

    /// The phrase and the name as a vault hands them over. No word of theirs stands in a message.
    const PHRASE: &str = "legal winner thank wave sausage worth useful legal winner thank yellow oxygen";
    const NAME: &str = "Quokka Burrow";

    fn known() -> Vec<&'static str> {
        PHRASE.split(' ').chain([NAME]).collect()
    }

    fn refusal(password: &str, known: &[&str]) -> Error {
        let error = NewPassword::new(&SecretText::from(password), known).expect_err(password);
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.remedy().contains("let keyark suggest"), "{error:?}");
        error
    }

    fn accept(password: &str, known: &[&str]) {
        assert_eq!(
            NewPassword::new(&SecretText::from(password), known).map(|_| ()).map_err(|error| error.to_string()),
            Ok(())
        );
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        let own = "the wallet's own words and those of its trade are tried first; ";
        let ten = "it is one of the ten most used; ";
        let hundred = "it is one of the hundred most used; ";
        for (password, reason, guesses) in [
            ("password", ten, "10"),
            ("Password1", "it is much used; ", "1,000"),
            ("12345678", ten, "10"),
            ("qwertyuiop", hundred, "10"),
            ("aaaaaaaaaaaaaaaa", "it repeats one character; ", "100"),
            ("keyark2026", own, "10"),
            ("My wallet!", own, "10,000"),
            ("quokka2026", own, "10"),
            ("Quokka-Burrow-2026", own, "10,000"),
            ("wORrub @kk0uQ!", own, "100"),
            ("legal winner", own, "10"),
            ("thank. winner. sausage.", own, "10,000"),
            ("p\u{e4}ssw\u{f6}rd", ten, "10"),
            ("\u{43f}\u{430}\u{440}\u{43e}\u{43b}", "", "100,000"),
            ("\u{c554}\u{d638}", "", "100"),
            ("      ", "it repeats one character; ", "100"),
        ] {
            let problem = format!("this password is too weak: {reason}about {guesses} guesses find it");
            assert_eq!(refusal(password, &known()).problem(), problem, "{password}");
        }
    }

    #[test]
    fn strong_passwords_are_accepted() {
        for password in [
            "abacus-zoom-wistful-abdomen-creature-dab",
            "correct horse battery staple",
            "k7#Vq!2m@Zx$9L",
            "Zw\u{f6}lf Boxk\u{e4}mpfer jagen Viktor",
            "\u{c560}\u{d50c}\u{d30c}\u{c774}\u{b97c} \u{b9cc}\u{b4dc}\u{b294} \u{c77c}\u{acf1} \u{ac1c}\u{c758} \u{ac15}",
            "my wallet sleeps below the third stone",
        ] {
            accept(password, &known());
            accept(&password.repeat(3), &known());
        }
    }

    #[test]
    fn the_remedy_says_what_would_help_this_password() {
        for (password, advice) in [
            ("Quokka2026", "do without years; least of all years of your own life"),
            ("aaaaaaaaaaaaaaaa", "do not repeat words or characters"),
            ("abcdefgh", "do without sequences"),
            ("p4ssw0rd!", "symbols in the place of letters help little"),
            ("drowssap", "words written backwards help little"),
        ] {
            let rest = "; six random words are strong: let keyark suggest them";
            assert_eq!(
                refusal(password, &known()).remedy(),
                format!("add another word or two, unusual ones; {advice}{rest}")
            );
        }
    }

    #[test]
    fn a_known_word_does_not_count_however_it_is_written() {
        let rest = |text: &str, known: &str| {
            let known = folded_words(&readings(known)[0]);
            without(&SecretText::from(text), &known).expose().to_owned()
        };
        assert_eq!(rest("Qu0kK4-2026", "Quokka"), "-2026");
        assert_eq!(rest("a:akkouq:b", "a Quokka"), "a::b");
        assert_eq!(rest("\u{130}QUOKKA\u{130}", "quokka"), "\u{130}\u{130}");
        assert_eq!(rest("\u{2c65}quokka\u{23a}", "quokka"), "\u{2c65}\u{23a}", "other lengths in lower case");
        assert_eq!(rest("\u{6211}\u{7684}\u{94b1}", "\u{7684}"), "\u{6211}\u{94b1}");
        assert_eq!(rest("nothing of it", "!? - a ab"), "nothing of it");
        // with pieces cut out, a common password must not become a rare one
        assert!(refusal("password", &["ass"]).problem().contains("ten most used"));
    }

    #[test]
    fn the_name_and_the_phrase_themselves_are_refused_however_long() {
        let phrase: Vec<&str> = vec![PHRASE, NAME];
        for password in [PHRASE, &PHRASE.to_uppercase().replace(' ', "-"), NAME, "quokkaburrow", "Qu\u{f3}kka, Burrow!"]
        {
            let error = refusal(password, &phrase);
            assert_eq!(error.problem(), "this password is the wallet's own name or words", "{password}");
        }
    }

    #[test]
    fn three_consecutive_words_are_refused() {
        let hidden = ["k7#Vq!2m thank wave sausage 9L", "zoology+WaveSausageWorth", "k7#Vq!2m-oxygen-quokka-burrow"];
        for (password, known) in hidden.iter().zip([known(), vec![PHRASE, NAME], known()]) {
            assert_eq!(
                refusal(password, &known).problem(),
                "this password holds three consecutive words of the wallet",
                "{password}"
            );
        }
        for password in ["k7#Vq!2m thank wave 9L$q", "wave thank sausage k7#Vq!2m9L$q", "thank k7#Vq! wave sausage"] {
            accept(password, &known());
        }
        let japanese = Language::Japanese.word_list()[..12].join("\u{3000}");
        let piece = Language::Japanese.word_list()[4..7].join("-");
        assert!(refusal(&format!("k7#Vq!2m{piece}"), &[&japanese]).problem().contains("three consecutive"));
    }

    #[test]
    fn three_words_of_a_phrase_have_nine_bytes() {
        for language in Language::ALL {
            let shortest = language.word_list().iter().map(|word| letters(word).expose().len()).min();
            assert!(shortest >= Some(SHORTEST_RUN.div_ceil(3)), "{language}: {shortest:?}");
        }
        accept("k7#Vq!2m.abc.9L$q", &["a b c"]);
    }

    #[test]
    fn no_error_repeats_the_password_or_a_known_word() {
        for password in
            ["quokka2026", "QuokkaBurrow", "sausage", "thank wave sausage", "zqzq", "1q2w3e", "Margaret", "6/6/1986"]
        {
            let shown = format!("{:?}", refusal(password, &known())).to_lowercase();
            for piece in known().into_iter().flat_map(|text| text.split(' ')).chain([password]) {
                assert!(!shown.contains(&piece.to_lowercase()), "{piece} in {shown}");
            }
        }
    }

    #[test]
    fn guesses_are_told_as_powers_of_ten() {
        let cases =
            [(0, "10"), (1, "10"), (33, "10"), (34, "100"), (999, "1,000"), (10_001, "10,000"), (99_999, "100,000")];
        let large = [
            (1_000_000, "1 million"),
            (9_000_000, "10 million"),
            (100_000_004, "100 million"),
            (u64::MAX, "100 million"),
        ];
        for (guesses, told) in cases.into_iter().chain(large) {
            assert_eq!(about(guesses), told, "{guesses}");
        }
    }

    #[test]
    fn judging_the_slowest_text_takes_no_more_than_opening_a_vault() {
        accept("warm: k7#Vq!2m@Zx$9L", &[]);
        let symbols = "4@8({[<3691!|70$5+7%2".repeat(48);
        let start = std::time::Instant::now();
        accept(&symbols, &known());
        let taken = start.elapsed();
        assert!(taken.as_secs() < 10, "{taken:?}"); // below one second on a computer that does nothing else
    }
}
