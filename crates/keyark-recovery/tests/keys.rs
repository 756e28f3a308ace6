//! Passwords of keystore files, and private keys of which characters are unknown.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support;

use std::time::Duration;

use keyark_core::{ChainKey, ErrorKind, ExportPolicy, KeystoreCost, Network, Position, SecretText, Seed};
use keyark_recovery::{Checkpoint, Guesses, KeySearch, PasswordSearch, Search, Task};
use support::{StopAfter, chains};

fn key(chain: usize) -> ChainKey {
    let kind = chains()[chain].info().default_kind().unwrap();
    ChainKey::at(chains()[chain], &Seed::new(&[0x42; 64]).unwrap(), kind, Position::default(), Network::Mainnet)
        .unwrap()
}

fn exported(chain: usize, format: &str) -> SecretText {
    key(chain).export_private_key(&ExportPolicy::advertised(), Some(format)).unwrap().text
}

fn address(chain: usize) -> String {
    key(chain).address(chains()[chain].info().default_kind().unwrap()).unwrap().to_string()
}

/// The text with `?` in these places.
fn marked(text: &SecretText, places: &[usize]) -> SecretText {
    let letters = text.expose().chars().enumerate();
    SecretText::from(letters.map(|(at, letter)| if places.contains(&at) { '?' } else { letter }).collect::<String>())
}

fn run<T: Task>(mut search: Search<T>) -> Vec<T::Found> {
    let mut found = Vec::new();
    search.run(2, &mut found).unwrap();
    found
}

#[test]
fn the_password_of_a_keystore_is_found_among_guesses() {
    let file =
        key(1).export_keystore(&ExportPolicy::advertised(), &"Sun7".into(), KeystoreCost::Pbkdf2Light).unwrap().text;
    let search = |guesses: Guesses| PasswordSearch::new(&file, guesses).unwrap();
    let guesses = || Guesses::list(&"moon\nSun6\nSun7\nstar".into()).unwrap();
    let found = run(search(guesses())).remove(0);
    assert_eq!(found.password.expose(), "Sun7");
    found.opened.check_address(&address(1)).unwrap();
    let pattern = Guesses::pattern(&"Sun[5-8]".into()).unwrap();
    assert_eq!(run(search(pattern)).len(), 1);
    let wrong = Guesses::list(&"moon\nstar".into()).unwrap();
    assert!(run(search(wrong)).is_empty());
    // Stopped before the right one, and gone on with.
    let mut stop = StopAfter::new(1);
    let mut first = search(guesses());
    first.run(1, &mut stop).unwrap();
    let checkpoint: Checkpoint = stop.checkpoint.unwrap().parse().unwrap();
    assert_eq!(checkpoint.blocks(), (1, 4));
    let mut rest = Vec::new();
    search(guesses()).resume(&checkpoint).unwrap().run(1, &mut rest).unwrap();
    assert_eq!((rest[0].password.expose(), rest[0].tried), ("Sun7", 3));
    let other = Guesses::list(&"moon\nSun6\nSun7\nstars".into()).unwrap();
    assert_eq!(search(other).resume(&checkpoint).unwrap_err().kind(), ErrorKind::Mismatch);
    let estimate =
        search(Guesses::pattern(&"?a?a?a?a".into()).unwrap()).estimate(1, Duration::from_millis(10)).unwrap();
    assert_eq!(estimate.after, 95_u128.pow(4));
    let error = estimate.check_time(Duration::from_secs(60)).unwrap_err();
    assert!(error.problem().contains("81,450,6"), "{error}");
    assert!(!format!("{:?}", search(guesses())).contains("Sun"));
    assert!(PasswordSearch::new("{}", guesses()).is_err());
}

#[test]
fn characters_are_found_by_the_checksum() {
    for (chain, format, places) in [(0, "wif", vec![3, 51]), (0, "wif", vec![20]), (2, "base58-keypair", vec![40])] {
        let whole = exported(chain, format);
        let search = KeySearch::new(chains()[chain], &marked(&whole, &places), None, None).unwrap();
        let found = run(search);
        assert_eq!(found.len(), 1, "{format}");
        assert!(found[0].text == whole && found[0].address.is_none());
        assert_eq!(found[0].format.id, format);
    }
}

#[test]
fn characters_are_found_by_the_address() {
    for (chain, format, places) in [(1, "hex", vec![2, 30, 65]), (2, "base58-secret", vec![7]), (0, "wif", vec![51])] {
        let whole = exported(chain, format);
        let text = marked(&whole, &places);
        let mut search = KeySearch::new(chains()[chain], &text, Some(&address(chain)), None).unwrap();
        let estimate = search.estimate(2, Duration::from_millis(20)).unwrap();
        assert_eq!(estimate.after, if format == "hex" { 4096 } else { 58 });
        let found = run(search);
        assert_eq!(found.len(), 1);
        assert!(found[0].text == whole);
        assert_eq!(found[0].address.as_ref().unwrap().1.as_str(), address(chain));
    }
    // Another address: nothing.
    let text = marked(&exported(1, "hex"), &[5, 6]);
    let other = "0x58A57ed9d8d624cBD12e2C467D34787555bB1b25";
    assert!(run(KeySearch::new(chains()[1], &text, Some(other), None).unwrap()).is_empty());
}

/// Of what its start says, a key has no address of another network, nor a form that its start does not have.
#[test]
fn what_no_key_can_have_is_refused() {
    let wif = exported(0, "wif");
    let testnet = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
    let new = |text: &SecretText, address, network| KeySearch::new(chains()[0], text, address, network);
    for (places, address, network) in [
        (&[20][..], Some(testnet), None),
        (&[20], None, Some(Network::Regtest)),
        (&[0, 20], Some(testnet), Some(Network::Regtest)),
        (&[0, 20], Some("bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"), None),
    ] {
        let error = new(&marked(&wif, places), address, network).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert!(!format!("{error:?}").contains(&wif.expose()[1..20]));
    }
    assert!(new(&marked(&wif, &[0, 20]), Some(testnet), None).unwrap().has_checksum());
    let ethereum = marked(&exported(1, "hex"), &[20]);
    assert!(!KeySearch::new(chains()[1], &ethereum, None, None).unwrap().has_checksum());
    let error = KeySearch::new(chains()[1], &ethereum, None, Some(Network::Testnet)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    // Good characters of a form that is not completed.
    for chain in [0, 2] {
        let error = KeySearch::new(chains()[chain], &ethereum, None, None).unwrap_err();
        assert!(error.problem().contains("in hexadecimal"), "{error}");
    }
}

#[test]
fn what_cannot_be_completed_is_refused() {
    let hex = exported(1, "hex");
    let new = |chain: usize, text: &SecretText| KeySearch::new(chains()[chain], text, None, None);
    assert_eq!(new(1, &hex).unwrap_err().kind(), ErrorKind::Usage); // nothing is unknown
    let error = new(1, &marked(&hex, &(2..40).collect::<Vec<_>>())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.problem().contains("38 unknown characters"), "{error}");
    // Hexadecimal has no checksum: every text is a key.
    let error = new(1, &marked(&hex, &[10, 11])).unwrap().run(2, &mut Vec::new()).unwrap_err();
    assert!(error.problem().contains("more than 100 keys fit"), "{error}");
    for (chain, text, part) in [(1, "0x12?g", "character 6"), (0, "K?0", "character 3"), (2, "?l", "character 2")] {
        let error = new(chain, &text.into()).unwrap_err();
        assert!(error.problem().contains(part), "{error}");
    }
    assert!(new(0, &"?".repeat(300).into()).is_err());
    assert!(KeySearch::new(chains()[1], &marked(&hex, &[3]), Some("0x12"), None).is_err());
    let shown = format!("{:?}", new(1, &marked(&hex, &[3])).unwrap());
    assert!(!shown.contains(&hex.expose()[10..20]));
}
