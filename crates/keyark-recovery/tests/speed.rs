//! How fast a search is here: `cargo test --release -p keyark-recovery --test speed -- --ignored --nocapture`.
#![allow(clippy::unwrap_used)] // in helpers of tests

mod support;

use std::time::{Duration, Instant};

use keyark_core::{ChainKey, Network, Position};
use keyark_phrase::Phrase;
use keyark_recovery::{Bounds, Damage, Known, Passphrases, Pattern, PhraseSearch, Space};
use support::chains;

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

#[test]
#[ignore = "a measurement"]
fn a_lost_word_and_two() {
    let known = || Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains(), None).unwrap();
    let space =
        |text: &str, damages: &[Damage]| Space::new(&Pattern::read(&text.into(), None).unwrap(), damages).unwrap();
    let phrase = Phrase::parse(&WORDS.into()).unwrap();
    let each = |what, work: &dyn Fn()| {
        let start = Instant::now();
        (0..200).for_each(|_| work());
        println!("{what}: {:?} each, on one thread", start.elapsed() / 200);
    };
    each("a seed", &|| drop(phrase.to_seed(&"".into()).unwrap()));
    let seed = phrase.to_seed(&"".into()).unwrap();
    let kind = chains()[1].info().default_kind().unwrap();
    each("an address", &|| {
        let key = ChainKey::at(chains()[1], &seed, kind, Position::default(), Network::Mainnet).unwrap();
        key.address(kind).unwrap();
    });
    for (text, damages) in [
        (WORDS.replace("useful", "?"), vec![]),
        (WORDS.replace("yellow", "?"), vec![]),
        (WORDS.rsplit_once(' ').unwrap().0.to_owned(), vec![Damage::OneTooFew]),
        (WORDS.to_owned(), vec![Damage::OneWrong]),
        (WORDS.replace("worth useful", "? ?"), vec![]),
    ] {
        let start = Instant::now();
        let mut search =
            PhraseSearch::new(space(&text, &damages), Passphrases::none(), known(), &Bounds::default()).unwrap();
        let made = start.elapsed();
        let estimate = search.estimate(2, Duration::from_secs(1)).unwrap();
        println!(
            "{damages:?}: made in {made:?}, {} to try, {:.0} a second, {:?}",
            estimate.after, estimate.rate, estimate.time
        );
    }
    // The checksum alone: how many candidates are looked at.
    let space = space("legal winner thank year wave sausage worth useful legal ? ? yellow", &[]);
    let (start, mut valid) = (Instant::now(), 0_u64);
    let mut walk = space.walk(0);
    while let Some(candidate) = walk.next() {
        valid += u64::from(candidate.is_valid());
    }
    let rate = space.count() as f64 / start.elapsed().as_secs_f64();
    println!("{rate:.0} candidates looked at a second on one thread, {valid} of {} valid", space.count());
}
