//! BIP-39 words and seeds, beside `bip39`.

use bip39::Mnemonic;
use keyark::SecretText;
use keyark::phrase::{Language, Phrase, WordCount};
use proptest::prelude::*;

use crate::cases;

fn to_bip39(language: Language) -> bip39::Language {
    let name = language.name().replace(' ', "");
    *bip39::Language::ALL.iter().find(|theirs| theirs.to_string() == name).unwrap()
}

/// Passphrases as people type them: composed, decomposed, full-width, in any script.
fn passphrase() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ -~]{1,20}", "[é\u{e9}e\u{301}ｗ㍿ñガがß🔑]{1,8}", "\\PC{1,20}"]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn words_and_seeds_are_those_of_bip39(entropy: [u8; 32], passphrase in passphrase()) {
        for language in Language::ALL {
            for count in WordCount::ALL {
                let entropy = &entropy[..count.entropy_bytes()];
                let ours = Phrase::from_entropy(entropy, language).unwrap();
                let theirs = Mnemonic::from_entropy_in(to_bip39(language), entropy).unwrap();
                prop_assert!(ours.words().eq(theirs.words()));
                prop_assert_eq!(&*Phrase::parse_in(&theirs.to_string().into(), language).unwrap().entropy(), entropy);
                let parsed = Mnemonic::parse_in(to_bip39(language), ours.to_text().expose());
                prop_assert_eq!(parsed.unwrap().to_entropy(), entropy);
                if count == WordCount::Words12 || language == Language::English {
                    let seed = ours.to_seed(&SecretText::from(passphrase.as_str())).unwrap();
                    prop_assert_eq!(seed.expose(), theirs.to_seed(passphrase.as_str()));
                }
            }
        }
    }
}

#[test]
fn new_phrases_are_read_by_bip39() {
    for language in Language::ALL {
        for count in WordCount::ALL {
            let phrase = Phrase::generate(count, language).unwrap();
            let theirs = Mnemonic::parse_in(to_bip39(language), phrase.to_text().expose()).unwrap();
            assert_eq!(theirs.word_count(), count.as_usize());
        }
    }
}
