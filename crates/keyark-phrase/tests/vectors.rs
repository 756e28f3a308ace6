//! The vectors of BIP-39 in all ten languages, each in every direction. Sources: data/SOURCES.md.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // in helpers of tests; what is out of range is a failed test

use std::collections::HashMap;

use keyark_core::hex;
use keyark_phrase::{Language, Phrase, diagnose};
use unicode_normalization::UnicodeNormalization;

struct Vector {
    language: Language,
    entropy: Vec<u8>,
    phrase: String,
    passphrase: String,
    seed: Vec<u8>,
}

fn vectors() -> Vec<Vector> {
    let rows: Vec<HashMap<String, String>> = serde_json::from_str(include_str!("data/bip39.json")).unwrap();
    let vectors: Vec<_> = rows
        .into_iter()
        .map(|mut row| Vector {
            language: row["language"].parse().unwrap(),
            entropy: hex::decode(&row["entropy"]).unwrap().to_vec(),
            seed: hex::decode(&row["seed"]).unwrap().to_vec(),
            phrase: row.remove("phrase").unwrap(),
            passphrase: row.remove("passphrase").unwrap(),
        })
        .collect();
    for language in Language::ALL {
        let count = vectors.iter().filter(|vector| vector.language == language).count();
        assert_eq!(count, if language == Language::Japanese { 48 } else { 24 }, "{language}");
    }
    vectors
}

#[test]
fn entropy_gives_the_words() {
    for vector in vectors() {
        let phrase = Phrase::from_entropy(&vector.entropy, vector.language).unwrap();
        let nfkd: String = vector.phrase.nfkd().collect();
        assert!(phrase.words().eq(nfkd.split_whitespace()), "{}", vector.phrase);
        assert!(phrase.to_text().expose().nfkd().eq(nfkd.chars()), "{}", vector.phrase);
    }
}

#[test]
fn words_give_the_entropy_and_the_language_is_found() {
    for vector in vectors() {
        for text in [vector.phrase.clone(), vector.phrase.nfc().collect(), vector.phrase.nfkd().collect()] {
            let text = text.into();
            let phrase = Phrase::parse_in(&text, vector.language).unwrap();
            assert_eq!(phrase.language(), vector.language);
            assert_eq!(*phrase.entropy(), vector.entropy, "{}", vector.phrase);

            let found = Phrase::parse(&text).unwrap();
            assert_eq!(found, phrase);
            let diagnosis = diagnose(&text, None);
            assert!(diagnosis.valid());
            // A phrase whose words are in both Chinese lists is read as the first of them.
            let shared = diagnosis.notes().iter().any(|note| note.id() == "shared-words");
            assert!(found.language() == vector.language || shared, "{}", vector.phrase);
        }
    }
}

#[test]
fn words_and_passphrase_give_the_seed() {
    for vector in vectors() {
        let phrase = Phrase::parse(&vector.phrase.as_str().into()).unwrap();
        for passphrase in [vector.passphrase.clone(), vector.passphrase.nfkd().collect()] {
            let seed = phrase.to_seed(&passphrase.into()).unwrap();
            assert_eq!(seed.expose(), vector.seed, "{}", vector.phrase);
        }
    }
}
