//! Two cores beside one.
//!
//! What else a machine does changes by the second, and by more than what is measured here: so the two take turns, and each one's fastest
//! counts. The first work is done by threads that share nothing, and tells what the machine itself has to give.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use keyark::phrase::Phrase;
use keyark::phrase::batch::{CodePath, Salt, seeds};
use keyark::recovery::{Bounds, Damage, Known, Outcome, Passphrases, Pattern, PhraseSearch, Space};
use keyark::{AddressKind, AddressRange, BITCOIN, Chain, ETHEREUM, Network, Position, WatchAccount};
use keyark_benches::{addresses, ethereum_address, phrases, xpub};

/// How often each has its turn.
const TURNS: usize = 40;
const PHRASES: u32 = 1024;
const ADDRESSES: u32 = 100_000;
/// How many addresses one core makes at a time.
const BLOCK: u32 = 1024;

pub(crate) fn measure() {
    let phrases = phrases(PHRASES).unwrap();
    take_turns("1,024 phrases to seeds, by threads that share nothing", || seeds_of(&phrases), || two_halves(&phrases));

    let phrase = phrases.last().unwrap();
    let address = ethereum_address(phrase).unwrap();
    let search = |cores| search(phrase, &address, cores);
    take_turns("search for a wrong word of 12", || search(1), || search(2));

    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub().unwrap()).unwrap();
    take_turns(
        "xpub to 100,000 addresses (P2WPKH)",
        || list(watched.as_ref(), kind),
        || list_on_two(watched.as_ref(), kind),
    );
}

fn take_turns(work: &str, one: impl Fn(), two: impl Fn()) {
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    two(); // tables, caches
    let turn = |fastest: (Duration, Duration), _| (fastest.0.min(time(&one)), fastest.1.min(time(&two)));
    let (one, two) = (0..TURNS).fold((Duration::MAX, Duration::MAX), turn);
    println!(r#"{{"work":"{work}","one":{},"two":{}}}"#, one.as_secs_f64(), two.as_secs_f64());
}

fn seeds_of(phrases: &[Phrase]) {
    let salt = Salt::new(&"".into());
    let all = seeds(CodePath::best(), phrases.iter().map(|phrase| (phrase, &salt))).unwrap();
    assert_eq!(all.len(), phrases.len());
}

fn two_halves(phrases: &[Phrase]) {
    let (first, second) = phrases.split_at(phrases.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| seeds_of(first));
        scope.spawn(|| seeds_of(second));
    });
}

/// Any one of the words may be wrong, and none is: all of the 24,565 phrases are looked at.
fn search(phrase: &Phrase, address: &str, cores: usize) {
    let known = Known::address(address, &[&ETHEREUM], None).unwrap();
    let space = Space::new(&Pattern::read(&phrase.to_text(), None).unwrap(), &[Damage::OneWrong]).unwrap();
    let mut search = PhraseSearch::new(space, Passphrases::none(), known, &Bounds::default()).unwrap().all();
    let mut found = Vec::new();
    assert_eq!(search.run(cores, &mut found).unwrap(), Outcome::Complete);
    assert_eq!(found.len(), 1);
}

/// Without any thread, which would be a second core's.
fn list(watched: &dyn WatchAccount, kind: &AddressKind) {
    assert_eq!(addresses(watched, kind, ADDRESSES, BLOCK).unwrap().len(), ADDRESSES as usize);
}

fn list_on_two(watched: &dyn WatchAccount, kind: &AddressKind) {
    let (network, start) = (Network::Mainnet, Position::default());
    let range = AddressRange { chain: &BITCOIN, kind, network, start, range: 0..ADDRESSES };
    let mut all = Vec::with_capacity(ADDRESSES as usize);
    let each = |one: keyark::RangeAddress| {
        all.push(one.found.address);
        ControlFlow::Continue(())
    };
    range.of_account(watched, NonZeroUsize::new(2).unwrap(), each).unwrap();
    assert_eq!(all.len(), ADDRESSES as usize);
}
