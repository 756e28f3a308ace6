//! Words: whatever is typed is read or diagnosed, and a phrase that was written out is read again.
#![no_main]

use keyark::SecretText;
use keyark::phrase::{Language, Phrase, diagnose};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    read(&String::from_utf8_lossy(data));
    read_and_write_in(data);
});

/// The data as text that somebody typed.
fn read(text: &str) {
    let text = SecretText::from(text);
    let diagnosis = diagnose(&text, None);
    match Phrase::parse(&text) {
        Ok(phrase) => {
            assert!(diagnosis.valid(), "what is read has no problems");
            let again = Phrase::parse(&phrase.to_text()).expect("a phrase that was written is read");
            assert!(again == phrase, "the words changed");
        }
        Err(error) => {
            assert!(!diagnosis.valid(), "what is refused has a problem");
            assert!(!error.problem().is_empty() && !error.remedy().is_empty());
        }
    }
}

/// The data as a language, and as text in it or as entropy: random text hardly ever has a right checksum.
fn read_and_write_in(data: &[u8]) {
    let Some((language, entropy)) = data.split_first() else { return };
    let Some(&language) = Language::ALL.get(usize::from(*language)) else { return };
    if let Ok(text) = std::str::from_utf8(entropy) {
        let text = SecretText::from(text);
        assert!(diagnose(&text, Some(language)).valid() == Phrase::parse_in(&text, language).is_ok());
    }
    let Ok(phrase) = Phrase::from_entropy(entropy, language) else { return };
    for again in [Phrase::parse(&phrase.to_text()), Phrase::parse_in(&phrase.to_text(), language)] {
        assert!(again.expect("a phrase that was written is read") == phrase, "the words changed");
    }
}
