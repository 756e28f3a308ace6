//! A search, of keyark on two cores beside itself on one.

use criterion::Criterion;
use keyark::phrase::Phrase;
use keyark::recovery::{Bounds, Damage, Found, Known, Outcome, Passphrases, Pattern, PhraseSearch, Space};
use keyark::{Chain, ETHEREUM, Network, Position, Wallet, all_cores};
use keyark_benches::Work;

pub(crate) fn all(criterion: &mut Criterion) {
    if all_cores().get() < 2 {
        return;
    }
    let phrase = keyark_benches::phrases(8).unwrap().pop().unwrap();
    let expected = vec![phrase.to_text().expose().to_owned()];
    let show = |found: Vec<Found>| found.iter().map(|found| found.phrase.to_text().expose().to_owned()).collect();
    Work::new(criterion, "search for a wrong word of 12 on two cores", expected)
        .slow()
        .contender("keyark", || search(&phrase, 2), show)
        .contender("keyark on one core", || search(&phrase, 1), show)
        .finish();
}

/// Any one of the words may be wrong, and none is: all of the 24,565 phrases are looked at.
fn search(phrase: &Phrase, cores: usize) -> Vec<Found> {
    let kind = ETHEREUM.info().default_kind().unwrap();
    let wallet = Wallet::from_phrase(phrase, &"".into()).unwrap();
    let key = wallet.key(&ETHEREUM, kind, Position::default(), Network::Mainnet).unwrap();
    let known = Known::address(key.address(kind).unwrap().as_str(), &[&ETHEREUM], None).unwrap();
    let space = Space::new(&Pattern::read(&phrase.to_text(), None).unwrap(), &[Damage::OneWrong]).unwrap();
    let mut search = PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default()).unwrap().all();
    let mut found = Vec::new();
    assert_eq!(search.run(cores, &mut found).unwrap(), Outcome::Complete);
    found
}
