//! Whatever is known of a wallet finds it: addresses of every chain and kind, extended keys, fingerprints, the checksum.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

mod support;

use std::time::Duration;

use keyark_core::{ChainKey, ErrorKind, KeySource, Network, Position, Seed, Step};
use keyark_hd::bip32::{ExtendedPrivateKey, Version};
use keyark_phrase::Phrase;
use keyark_recovery::{Bounds, Guesses, Known, Passphrases, Pattern, PhraseSearch, Space, which_wallet};
use support::{chains, fingerprint, run, seed};

const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const MARKED: &str = "legal winner thank year wave sausage worth use* legal winner thank yellow|zoo";

fn phrase() -> Phrase {
    Phrase::parse(&WORDS.into()).unwrap()
}

fn find(known: Known, bounds: &Bounds) -> Vec<keyark_recovery::Found> {
    let space = Space::new(&Pattern::read(&MARKED.into(), None).unwrap(), &[]).unwrap();
    run(PhraseSearch::new(space, Passphrases::none(), known, bounds).unwrap().all())
}

fn key(
    chain: &'static dyn keyark_core::Chain,
    kind: &'static keyark_core::AddressKind,
    at: Position,
    network: Network,
) -> ChainKey {
    ChainKey::at(chain, &seed(&phrase(), ""), kind, at, network).unwrap()
}

#[test]
fn addresses_of_every_chain_and_kind_are_found() {
    let bounds = Bounds { accounts: 3, indices: 3, change: true, ..Bounds::default() };
    for chain in chains() {
        for kind in chain.info().kinds {
            let has = |step| kind.template().is_some_and(|template| template.has(step));
            let at = Position {
                account: if has(Step::Account) { 2 } else { 0 },
                change: u32::from(has(Step::Change)),
                index: if has(Step::Index) { 1 } else { 0 },
            };
            let key = key(chain, kind, at, Network::Mainnet);
            let address = key.address(kind).unwrap();
            let known = Known::address(&format!(" {address}\n"), &chains(), None).unwrap();
            let found = find(known.clone(), &bounds);
            assert_eq!(found.len(), 1, "{} {}", chain.info().id, kind.id);
            assert_eq!(found[0].chain.unwrap().info().id, chain.info().id);
            assert_eq!(found[0].address.as_ref(), Some(&address));
            assert_eq!(found[0].path.as_ref(), key.path());
            assert_eq!(found[0].path.is_none(), kind.source == KeySource::SeedPrefix);
            // The same words, right from the start.
            let found = which_wallet(&phrase(), &known, Passphrases::none(), &bounds, 1).unwrap().unwrap();
            assert_eq!(found.path.as_ref(), key.path());
            assert!(found.passphrase.is_empty());
            // Outside of the bounds there is nothing.
            if at != Position::default() {
                assert!(which_wallet(&phrase(), &known, Passphrases::none(), &Bounds::default(), 1).unwrap().is_none());
            }
        }
    }
}

#[test]
fn the_network_is_that_of_the_address() {
    let chain = chains()[0];
    let kind = chain.info().kind("p2wpkh").unwrap();
    let key = key(chain, kind, Position::default(), Network::Testnet);
    let address = key.address(kind).unwrap();
    let found = find(Known::address(address.as_str(), &chains(), None).unwrap(), &Bounds::default());
    assert_eq!(found[0].path.as_ref().unwrap().to_string(), "m/84'/1'/0'/0/0");
    let error = Known::address(address.as_str(), &chains(), Some(Network::Mainnet)).unwrap_err();
    assert!(error.problem().contains("for testnet, not for mainnet"), "{error}");
}

#[test]
fn a_kind_of_another_chain_is_refused_by_the_chain_of_what_is_known() {
    let known = Known::address("0x9858EfFD232B4033E47d90003D41EC34EcaEda94", &chains(), None).unwrap();
    let bounds = Bounds { kinds: vec!["bip44".to_owned(), "p2tr".to_owned()], ..Bounds::default() };
    let space = Space::of_phrase(&phrase()).unwrap();
    let error = PhraseSearch::new(space, passphrases(), known, &bounds).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.problem(), "what is known is of Ethereum, which has no such address kind");
}

#[test]
fn a_list_of_addresses_needs_one_that_fits() {
    let mut lines = vec!["# mine".to_owned(), String::new()];
    for chain in chains() {
        let kind = chain.info().default_kind().unwrap();
        let other =
            ChainKey::at(chain, &Seed::new(&[9; 64]).unwrap(), kind, Position::default(), Network::Mainnet).unwrap();
        lines.push(other.address(kind).unwrap().to_string());
    }
    let list = |lines: &[String]| Known::addresses(&lines.join("\r\n"), &chains(), None);
    assert!(find(list(&lines).unwrap(), &Bounds::default()).is_empty());
    let kind = chains()[2].info().default_kind().unwrap();
    lines.push(key(chains()[2], kind, Position::default(), Network::Mainnet).address(kind).unwrap().to_string());
    assert_eq!(find(list(&lines).unwrap(), &Bounds::default()).len(), 1);
    lines[3].push('x');
    let error = list(&lines).unwrap_err();
    assert!(error.to_string().contains("line 4"), "{error}");
    assert_eq!(Known::addresses("\n# none\n", &chains(), None).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn extended_keys_and_fingerprints_are_found() {
    let master = ExtendedPrivateKey::from_seed(&seed(&phrase(), "")).unwrap();
    let account = |path: &str| master.derive(&path.parse().unwrap()).unwrap().public();
    for (path, version) in [
        ("m/84'/0'/0'", Version::XPUB),
        ("m/84'/0'/7'", Version::ZPUB),
        ("m/49'/0'/0'", Version::YPUB),
        ("m/86'/0'/3'", Version::XPUB),
        ("m/84'/1'/0'", Version::VPUB),
        // What keyark does not export for Ethereum, and other wallets do.
        ("m/44'/60'/0'", Version::XPUB),
        ("m/44'/60'/2'", Version::XPUB),
        ("m", Version::XPUB),
    ] {
        let known = Known::extended_key(&account(path).to_text(version), &chains()).unwrap();
        let found = find(known, &Bounds::default());
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!(found[0].path.as_ref().unwrap().to_string(), path);
    }
    let below = Known::extended_key(&account("m/84'/0'/0'/0").to_text(Version::XPUB), &chains()).unwrap();
    let error =
        PhraseSearch::new(Space::of_phrase(&phrase()).unwrap(), passphrases(), below, &Bounds::default()).unwrap_err();
    assert!(error.problem().contains("4 steps below"), "{error}");
    assert_eq!(find(fingerprint(&phrase()), &Bounds::default()).len(), 1);
}

fn passphrases() -> Passphrases {
    Passphrases::none().or(Guesses::one("a".into()))
}

#[test]
fn the_checksum_alone_lists_every_valid_phrase() {
    let text = "legal winner thank year wave sausage worth useful legal winner thank ?";
    let space = Space::new(&Pattern::read(&text.into(), None).unwrap(), &[]).unwrap();
    let found =
        run(PhraseSearch::new(space, Passphrases::none(), Known::checksum(), &Bounds::default()).unwrap().all());
    assert_eq!(found.len(), 128);
    assert!(found.iter().any(|found| found.phrase == phrase()));
    assert!(found.iter().all(|found| found.chain.is_none() && found.path.is_none()));

    let text = "legal winner thank year wave sausage worth useful legal winner ? ?";
    let space = || Space::new(&Pattern::read(&text.into(), None).unwrap(), &[]).unwrap();
    let error = PhraseSearch::new(space(), Passphrases::none(), Known::checksum(), &Bounds::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.problem().contains("262,144") && error.problem().contains("10,000"), "{error}");
    let error =
        PhraseSearch::new(Space::of_phrase(&phrase()).unwrap(), passphrases(), Known::checksum(), &Bounds::default())
            .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(which_wallet(&phrase(), &Known::checksum(), passphrases(), &Bounds::default(), 1).is_err());
}

#[test]
fn which_wallet_finds_the_passphrase() {
    let chain = chains()[1];
    let kind = chain.info().default_kind().unwrap();
    let key = ChainKey::at(chain, &seed(&phrase(), "a"), kind, Position::default(), Network::Mainnet).unwrap();
    let known = Known::address(key.address(kind).unwrap().as_str(), &chains(), None).unwrap();
    let found = which_wallet(&phrase(), &known, passphrases(), &Bounds::default(), 2).unwrap().unwrap();
    assert_eq!((found.passphrase.expose(), found.kind.unwrap().id), ("a", "bip44"));
    assert!(which_wallet(&phrase(), &known, Passphrases::none(), &Bounds::default(), 2).unwrap().is_none());
}

#[test]
fn which_wallet_looks_far() {
    let bounds = Bounds { accounts: 7, indices: 190, change: true, ..Bounds::default() };
    for chain in chains() {
        for kind in chain.info().kinds {
            let has = |step| kind.template().is_some_and(|template| template.has(step));
            let at = Position {
                account: if has(Step::Account) { 6 } else { 0 },
                change: u32::from(has(Step::Change)),
                index: if has(Step::Index) { 189 } else { 0 },
            };
            let key = key(chain, kind, at, Network::Mainnet);
            let known = Known::address(key.address(kind).unwrap().as_str(), &chains(), None).unwrap();
            let found = which_wallet(&phrase(), &known, Passphrases::none(), &bounds, 1).unwrap().unwrap();
            assert_eq!(found.path.as_ref(), key.path(), "{} {}", chain.info().id, kind.id);
        }
    }
}

#[test]
fn what_is_no_address_is_refused_with_what_its_chain_says_or_each() {
    // One character of the checksum is changed.
    let error = Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1B25", &chains(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.problem().starts_with("the checksum of the address is wrong at character"), "{error}");
    // What begins as addresses of no chain alone.
    let error = Known::address("58A57ed9", &chains(), None).unwrap_err();
    assert!(chains().iter().all(|chain| error.problem().contains(chain.info().name)), "{error}");
    let error = Known::address("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", &chains()[..1], None).unwrap_err();
    assert!(error.problem().contains("checksum"), "{error}");
    // A script of several signers.
    let script = "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3";
    let error = Known::address(script, &chains(), None).unwrap_err();
    assert!(error.problem().contains("keyark derives no addresses of this kind"), "{error}");
    // Solana addresses with a slip in them, half of which lead off the curve: accounts of tokens have such, and no key.
    let slips = ('a'..='k').map(|last| format!("HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpq{last}"));
    let error = slips.filter_map(|text| Known::address(&text, &chains(), None).err()).next().unwrap();
    assert!(error.problem().contains("on Solana") && error.remedy().contains("each character"), "{error}");
    for text in ["", "zz", "1234567", "123456789a"] {
        assert_eq!(Known::fingerprint(text).unwrap_err().kind(), ErrorKind::Malformed);
    }
    assert!(Known::address("x", &[], None).is_err());
    let master = ExtendedPrivateKey::from_seed(&seed(&phrase(), "")).unwrap();
    assert!(Known::extended_key(master.to_text(Version::XPUB).expose(), &chains()).is_err());
    assert!(Known::extended_key(&master.public().to_text(Version::XPUB), &chains()[2..]).is_err());
}

#[test]
fn a_path_that_two_kinds_share_is_derived_once() {
    let known = Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains(), None).unwrap();
    let places = |bounds| {
        let space = Space::of_phrase(&phrase()).unwrap();
        let mut search = PhraseSearch::new(space, passphrases(), known.clone(), &bounds).unwrap();
        search.estimate(1, Duration::ZERO).unwrap().places
    };
    // m/44'/60'/0'/0/0 is the first address of MetaMask and of Ledger Live; m/44'/60'/0'/0 that of older Ledgers.
    assert_eq!(places(Bounds::default()), 2);
    // 3 x 2 of BIP-44, two more accounts of Ledger Live are among them, and 3 x 2 of older Ledgers.
    assert_eq!(places(Bounds { accounts: 3, indices: 2, ..Bounds::default() }), 12);
}

/// Words with a wrong checksum open nothing, whatever the passphrase: that is said before any is tried.
#[test]
fn what_has_no_right_checksum_is_no_search() {
    let refused = |words: &str| {
        let space = Space::new(&Pattern::read(&words.into(), None).unwrap(), &[]).unwrap();
        let error = PhraseSearch::new(space, passphrases(), fingerprint(&phrase()), &Bounds::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        error.problem().to_owned()
    };
    assert!(refused(&WORDS.replace("year", "zoo")).contains("no passphrase"));
    assert!(refused(&WORDS.replace("year", "zoo|zebra")).contains("none of the 2 phrases"));
}

#[test]
fn bounds_that_make_no_sense_are_refused() {
    let known = || Known::address("0x58A57ed9d8d624cBD12e2C467D34787555bB1b25", &chains(), None).unwrap();
    let refused = |bounds: Bounds| {
        PhraseSearch::new(Space::of_phrase(&phrase()).unwrap(), passphrases(), known(), &bounds).unwrap_err()
    };
    assert_eq!(refused(Bounds { accounts: 0, ..Bounds::default() }).kind(), ErrorKind::Usage);
    assert_eq!(refused(Bounds { kinds: vec!["p2pkh".to_owned()], ..Bounds::default() }).kind(), ErrorKind::NotFound);
    let error = refused(Bounds { indices: 1 << 31, accounts: 1 << 31, ..Bounds::default() });
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.problem().contains("100000"), "{error}");
    let both = Known::address("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", &chains(), None).unwrap();
    let error = PhraseSearch::new(
        Space::of_phrase(&phrase()).unwrap(),
        passphrases(),
        both,
        &Bounds { kinds: vec!["p2pkh".to_owned()], ..Bounds::default() },
    )
    .unwrap_err();
    assert!(error.problem().contains("of no kind among those asked for"), "{error}");
}
