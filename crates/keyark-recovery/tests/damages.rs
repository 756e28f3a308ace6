//! Every kind of damage is undone, and nothing is found that is not there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support;

use keyark_core::SecretText;
use keyark_phrase::{Language, Phrase};
use keyark_recovery::{Bounds, Damage, Found, Guesses, Known, Passphrases, Pattern, PhraseSearch, Space};
use support::{Dice, Harm, chains, fingerprint, run, seed, space, text};

fn recover(harm: Harm, dice: &mut Dice) {
    let (phrase, left, language, damages) = harm.happen(dice);
    let space = space(&left, language, &damages);
    let found = run(PhraseSearch::of_all(space, fingerprint(&phrase)));
    assert_eq!(found.len(), 1, "{harm:?}");
    assert!(found[0].phrase == phrase, "{harm:?} gave another phrase");
}

/// A search through everything: a second phrase that fits would be found too.
trait All {
    fn of_all(space: Space, known: Known) -> PhraseSearch;
}

impl All for PhraseSearch {
    fn of_all(space: Space, known: Known) -> PhraseSearch {
        // A second passphrase, so that one phrase alone is a search too.
        let passphrases = Passphrases::none().or(Guesses::one("x".into()));
        let few = space.size().before == 1;
        let passphrases = if few { passphrases } else { Passphrases::none() };
        PhraseSearch::new(space, passphrases, known, &Bounds::default()).unwrap().all()
    }
}

#[test]
fn each_kind_of_damage_is_undone() {
    for harm in Harm::ALL {
        // A thousand keys are derived for each of these, and less than two hundred for the others.
        let rounds = if matches!(harm, Harm::OneTooFew | Harm::OneWrong) { 1 } else { 3 };
        for round in 0..rounds {
            recover(harm, &mut Dice::new(1 + round));
        }
    }
}

#[test]
#[ignore = "takes twenty minutes of a core with AVX-512: 1,000 of each kind"]
fn a_thousand_of_each_kind_are_undone() {
    for harm in Harm::ALL {
        for round in 0..1000 {
            recover(harm, &mut Dice::new(1000 + round));
        }
    }
}

#[test]
fn nothing_is_found_of_another_wallet() {
    let other = Phrase::from_entropy(&[0x77; 16], Language::English).unwrap();
    for harm in [Harm::Lost, Harm::LostLast, Harm::Swapped, Harm::OneTooMany, Harm::NeighbourKey, Harm::AnyOrder] {
        let (_, left, language, damages) = harm.happen(&mut Dice::new(7));
        let found = run(PhraseSearch::of_all(space(&left, language, &damages), fingerprint(&other)));
        assert!(found.is_empty(), "{harm:?}");
    }
}

#[test]
fn longer_phrases_and_other_languages_are_recovered() {
    for (language, bytes) in
        [(Language::Spanish, 16), (Language::Korean, 20), (Language::Japanese, 24), (Language::ChineseTraditional, 32)]
    {
        let phrase = Phrase::from_entropy(&vec![0x42; bytes], language).unwrap();
        let mut words: Vec<_> = phrase.words().collect();
        let last = words.len() - 1;
        words[last] = "?";
        let search = support::search(&words.join(" "), &[], fingerprint(&phrase));
        let found = run(search);
        assert!(found[0].phrase == phrase, "{language}");
    }
}

#[test]
fn a_language_that_knows_no_word_is_refused() {
    let text = "legal winner thank year wave sausage worth useful legal winner thank ?";
    let whole = Pattern::read(&text.replace('?', "yellow").into(), Some(Language::Japanese)).unwrap();
    let error = Space::new(&whole, &[]).unwrap_err();
    assert!(error.problem().contains("in the Japanese list") && error.remedy().contains("wrong-language"), "{error}");
    let pattern = Pattern::read(&text.into(), Some(Language::Japanese)).unwrap();
    assert_eq!(Space::new(&pattern, &[Damage::WrongLanguage]).unwrap().size().after, 128);
    // No other list has these words.
    let pattern = Pattern::read(&text.into(), Some(Language::English)).unwrap();
    let error = Space::new(&pattern, &[Damage::WrongLanguage]).unwrap_err();
    assert!(error.problem().contains("no other language than English"), "{error}");
}

/// The language that was named is left out where its own words are only near to those that are there: each would stand for dozens.
#[test]
fn words_under_the_name_of_another_language() {
    let latin = [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::Italian,
        Language::Portuguese,
        Language::Czech,
    ];
    for (seed, own) in (0..).zip(latin) {
        for named in latin.into_iter().filter(|named| *named != own) {
            let phrase = support::Dice::new(seed).phrase(own);
            let mut words: Vec<_> = phrase.words().collect();
            words[7] = "?";
            let pattern = Pattern::read(&words.join(" ").into(), Some(named)).unwrap();
            let space = Space::new(&pattern, &[Damage::WrongLanguage]).unwrap();
            assert!(space.size().before < 1 << 22, "{own} as {named}: {:?}", space.size());
            let found = run(PhraseSearch::of_all(space, fingerprint(&phrase)));
            assert!(found[0].phrase == phrase, "{own} as {named}");
        }
    }
}

#[test]
fn damages_are_read_by_their_names() {
    for damage in Damage::ALL {
        assert_eq!(damage.to_string().parse::<Damage>().unwrap(), *damage);
    }
    assert!("melted".parse::<Damage>().unwrap_err().remedy().contains("one-too-few"));
}

#[test]
fn passphrases_are_found_in_every_form() {
    let phrase = Phrase::from_entropy(&[0x42; 16], Language::English).unwrap();
    let known = |passphrase: &str, raw: bool| {
        let seed = if raw { raw_seed(&phrase, passphrase) } else { seed(&phrase, passphrase) };
        address(&keyark_ethereum::ETHEREUM, &seed)
    };
    let search = |guesses: Guesses, known: Known| {
        let space = Space::of_phrase(&phrase).unwrap();
        run(PhraseSearch::new(space, Passphrases::none().or(guesses), known, &Bounds::default()).unwrap())
    };
    let list = || Guesses::list(&"TREZOR\ncaf\u{e9}\nsun shine".into()).unwrap();
    for (passphrase, raw) in
        [("TREZOR", false), ("caf\u{e9}", false), ("caf\u{e9}", true), ("sun shine", false), ("", false)]
    {
        let found = search(list(), known(passphrase, raw));
        assert_eq!((found[0].passphrase.expose(), found[0].passphrase_is_raw), (passphrase, raw));
    }
    let found = search(Guesses::pattern(&"Sun?d[!.]".into()).unwrap(), known("Sun7.", false));
    assert_eq!(found[0].passphrase.expose(), "Sun7.");
    assert!(search(list(), known("another", false)).is_empty());
}

fn raw_seed(phrase: &Phrase, passphrase: &str) -> keyark_core::Seed {
    let words = phrase.words().collect::<Vec<_>>().join(" ");
    let mut seed = [0; 64];
    pbkdf2::pbkdf2_hmac::<sha2::Sha512>(words.as_bytes(), format!("mnemonic{passphrase}").as_bytes(), 2048, &mut seed);
    keyark_core::Seed::new(&seed).unwrap()
}

fn address(chain: &'static dyn keyark_core::Chain, seed: &keyark_core::Seed) -> Known {
    let kind = chain.info().default_kind().unwrap();
    let key = keyark_core::ChainKey::at(chain, seed, kind, Default::default(), Default::default()).unwrap();
    Known::address(key.address(kind).unwrap().as_str(), &chains(), None).unwrap()
}

#[test]
fn a_lost_word_and_a_forgotten_passphrase_are_found_together() {
    let phrase = Phrase::from_entropy(&[0x42; 16], Language::English).unwrap();
    let mut words: Vec<_> = phrase.words().collect();
    words[3] = "?";
    let known = address(&keyark_solana::SOLANA, &seed(&phrase, "b"));
    let passphrases = Passphrases::none().or(Guesses::list(&SecretText::from("a\nb")).unwrap());
    let search = PhraseSearch::new(space(&words.join(" "), None, &[]), passphrases, known, &Bounds::default()).unwrap();
    let found: Vec<Found> = run(search);
    assert!(found[0].phrase == phrase && found[0].passphrase.expose() == "b");
    assert_eq!(text(&found[0]).split(' ').count(), 12);
}
