//! Lost words of twelve, with an Ethereum address known: the whole search, to the last candidate.

use std::time::{Duration, Instant};

use keyark::recovery::{Bounds, Known, Outcome, Passphrases, Pattern, PhraseSearch, Space};
use keyark::{ETHEREUM, SecretText};
use keyark_benches::{ethereum_address, phrases};

/// So often each of the short searches is done; the fastest counts.
const TIMES: usize = 5;

/// One `unknown` word in its worst place, or two.
pub(crate) fn measure(unknown: usize, cores: usize) {
    let phrase = phrases(8).unwrap().pop().unwrap();
    let words: Vec<_> = phrase.words().collect();
    let address = ethereum_address(&phrase).unwrap();

    let with_lost = |places: &[usize]| {
        let shown = words.iter().enumerate().map(|(at, word)| if places.contains(&at) { "?" } else { word });
        SecretText::from(shown.collect::<Vec<_>>().join(" ").as_str())
    };
    let worst = match unknown {
        1 => (0..words.len())
            .map(|place| {
                let text = with_lost(&[place]);
                (0..TIMES).map(|_| search(&text, &address, cores)).min().unwrap()
            })
            .max()
            .unwrap(),
        2 => search(&with_lost(&[2, 6]), &address, cores),
        _ => panic!("one or two words"),
    };
    println!(r#"{{"unknown":{unknown},"cores":{cores},"seconds":{}}}"#, worst.as_secs_f64());
}

/// How long it takes to read what is known and to try everything, as if the right phrase came last.
fn search(text: &SecretText, address: &str, cores: usize) -> Duration {
    let start = Instant::now();
    let pattern = Pattern::read(text, None).unwrap();
    let space = Space::new(&pattern, &[]).unwrap();
    let known = Known::address(address, &[&ETHEREUM], None).unwrap();
    let mut search = PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default()).unwrap().all();
    let mut found = Vec::new();
    assert_eq!(search.run(cores, &mut found).unwrap(), Outcome::Complete);
    assert_eq!(found.len(), 1);
    start.elapsed()
}
