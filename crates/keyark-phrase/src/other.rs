//! Things that are taken for a phrase and are not one.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

use crate::diagnose::{Problem, ProblemKind};

/// A key, a file or a list of numbers in the place of words.
pub(crate) fn recognise(typed: &str) -> Option<Problem> {
    let text = typed.trim();
    let (what, remedy) = if text.split_whitespace().nth(1).is_none() {
        one_token(text)?
    } else if text.split_whitespace().all(|token| token.bytes().all(|byte| byte.is_ascii_digit())) {
        NUMBERS
    } else {
        file(text)?
    };
    Some(problem(format!("this is not a phrase but {what}"), remedy))
}

type Kind = (&'static str, &'static str);

const NUMBERS: Kind = (
    "the numbers of words, as some QR codes and metal plates have them",
    "look the words up in the list and type them",
);

fn file(text: &str) -> Option<Kind> {
    match text.chars().next()? {
        '{' => Some(("a JSON file, perhaps a keystore", "a keystore file is opened with its password")),
        '[' => Some(("a list of numbers, perhaps a key file of solana-keygen", "import it as a private key")),
        '-' if text.starts_with("-----BEGIN") => Some(("an armoured file", "open it with the program that made it")),
        _ => None,
    }
}

fn one_token(text: &str) -> Option<Kind> {
    let is = |start: &str| text.get(..start.len()).is_some_and(|given| given.eq_ignore_ascii_case(start));
    let base58 = text.bytes().all(|byte| byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte));
    let hex = text.strip_prefix("0x").unwrap_or(text);
    let hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(hex.len());
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    Some(match text.len() {
        48 | 60 | 72 | 84 | 96 if digits => NUMBERS,
        _ if hex.is_some_and(|digits| (32..=128).contains(&digits)) => {
            ("hexadecimal: a private key, a seed or entropy", "import a private key as a private key; it has no words")
        }
        100..=120 if base58 && text.get(1..4).is_some_and(|tag| matches!(tag, "prv" | "pub")) => {
            ("an extended key", "an extended key cannot be turned back into words; import it as such")
        }
        58 if base58 && is("6P") => ("an encrypted private key (BIP-38)", "it is opened with its password"),
        51 | 52 if base58 && text.starts_with(['5', 'K', 'L', '9', 'c']) => {
            ("a private key (WIF)", "import it as a private key; it has no words")
        }
        43 | 44 | 87 | 88 if base58 => ("base58: a key or an address", "import a private key as a private key"),
        48.. if is("ms1") => ("a codex32 share (BIP-93), which is another standard", "use a program for codex32"),
        60.. if is("age-secret-key-1") => ("an age identity", "keep it; it opens files that were sealed to it"),
        _ => return file(text),
    })
}

/// A share of SLIP-39 has 20 or 33 English words (SLIP-39, "Format of the share mnemonic"), and half of that list is
/// BIP-39's too: so some are known and some are not.
pub(crate) fn slip39(words: usize, known: usize) -> Option<Problem> {
    (matches!(words, 20 | 33) && known < words && known * 4 >= words).then(|| {
        problem(
            format!("this may be a SLIP-39 share, which has {words} words and is another standard"),
            "bring the shares together with a program for SLIP-39 (Shamir backup)",
        )
    })
}

/// Electrum takes its words from the English list of BIP-39 but marks them in its own way: by the first digits of an
/// HMAC of the words. One phrase in 200 that is merely wrong has such a mark by chance, so this is a "may be".
pub(crate) fn electrum(sentence: &str) -> Option<Problem> {
    let mut mac = Hmac::<Sha512>::new_from_slice(b"Seed version").ok()?;
    mac.update(sentence.as_bytes());
    let version = mac.finalize().into_bytes();
    let [first, second, ..] = *version.as_slice() else { return None };
    let marked = first == 0x01 || first == 0x10 && second >> 4 <= 2;
    marked.then(|| {
        problem(
            "this may be a seed of the wallet Electrum, which uses these words in a way of its own",
            "restore it with Electrum; other wallets would make other addresses of it",
        )
    })
}

fn problem(message: impl Into<String>, remedy: &'static str) -> Problem {
    Problem::new(ProblemKind::NotAPhrase, None, message, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_files_are_named() {
        for (typed, word) in [
            ("0x4646464646464646464646464646464646464646464646464646464646464646", "hexadecimal"),
            ("00000000000000000000000000000000", "hexadecimal"),
            ("KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn", "WIF"),
            ("5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf", "WIF"),
            ("6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg", "BIP-38"),
            (
                "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
                "extended key",
            ),
            ("ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw", "codex32"),
            ("{\"version\": 3}", "keystore"),
            ("{\"version\":3}", "keystore"),
            ("[1, 2,3]", "solana-keygen"),
            ("000000000000000000000000000000000000000000000003", "numbers of words"),
            ("0 0 0 0 0 0 0 0 0 0 0 3", "numbers of words"),
            ("\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl", "armoured"),
        ] {
            let problem = recognise(typed).unwrap_or_else(|| panic!("{word}"));
            assert!(problem.message().contains(word), "{word}: {}", problem.message());
            assert!(!problem.remedy().is_empty());
        }
    }

    #[test]
    fn words_are_not() {
        for typed in ["abandon", "abandon ability", "1. abandon", "", "9", "é", "Kwabandon"] {
            if let Some(problem) = recognise(typed) {
                assert!(typed == "9", "{typed}: {}", problem.message());
            }
        }
    }

    #[test]
    fn electrum_marks_its_seeds() {
        // Electrum, tests/test_mnemonic.py
        for seed in [
            "wild father tree among universe such mobile favorite target dynamic credit identify",
            "cram swing cover prefer miss modify ritual silly deliver chunk behind inform able",
        ] {
            assert!(electrum(seed).is_some(), "{seed}");
        }
        assert!(electrum("legal winner thank year wave sausage worth useful legal winner thank yellow").is_none());
    }
}
