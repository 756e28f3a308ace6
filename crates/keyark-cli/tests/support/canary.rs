//! Secrets that are easy to find again: a wallet, its keys in every form, and passwords, to be searched for in whatever a
//! command prints or leaves behind.
#![allow(dead_code, reason = "each file of tests uses a part of this")]

use keyark::hd::bip32::{ExtendedPrivateKey, Version};
use keyark::phrase::Phrase;
use keyark::{DerivationPath, ExportPolicy, KeyLocation, Network, Position, Registry, Seed, Wallet, hex};

/// The second phrase of BIP-39's vectors, and their passphrase.
pub(crate) const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
pub(crate) const PASSPHRASE: &str = "TREZOR";
/// The passwords of keystores, and one that is wrong.
pub(crate) const PASSWORD: &str = "canary-password \u{fc}ber 7";
pub(crate) const WRONG_PASSWORD: &str = "canary-wrong-one 8";

/// Seed and master key of these words with this passphrase, from BIP-39's vectors.
const SEED: &str = "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607";
const MASTER: &str =
    "xprv9s21ZrQH143K2gA81bYFHqU68xz1cX2APaSq5tt6MFSLeXnCKV1RVUJt9FWNTbrrryem4ZckN8k4Ls1H6nwdvDTvnV7zEXs2HgPezuVccsq";

/// What a secret is, for saying what a command may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The words, in sequence.
    Words,
    /// Entropy, seed, extended private keys: what no command shows.
    Root,
    /// A private key of an address, in one of its forms.
    Key,
    /// A password or passphrase.
    Password,
}

/// One text that must not be seen.
pub(crate) struct Canary {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

/// The wallet with the passphrase, and the one without.
pub(crate) fn wallets() -> [Wallet; 2] {
    let phrase = Phrase::parse(&WORDS.into()).unwrap();
    let wallets = [PASSPHRASE, ""].map(|passphrase| Wallet::from_phrase(&phrase, &passphrase.into()).unwrap());
    assert_eq!(hex::encode(wallets[0].expose_seed().unwrap().expose()), SEED);
    wallets
}

/// The first private key of a chain under the passphrase.
pub(crate) fn key(chain: &str, format: &str) -> String {
    let chain = Registry::installed().unwrap().get(chain).unwrap();
    let kind = chain.info().default_kind().unwrap();
    let [wallet, _] = wallets();
    let key = wallet.key(chain, kind, Position::default(), Network::Mainnet).unwrap();
    key.export_private_key(&ExportPolicy::advertised(), Some(format)).unwrap().text.expose().to_owned()
}

/// Every secret, in every form.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut found = Vec::new();
    let mut add = |kind: Kind, text: String| {
        found.push(Canary { kind, text });
    };
    let words: Vec<_> = WORDS.split(' ').collect();
    words.windows(3).for_each(|three| add(Kind::Words, three.join(" ")));
    for password in [PASSPHRASE, PASSWORD, WRONG_PASSWORD] {
        add(Kind::Password, password.to_owned());
    }
    add(Kind::Root, "7f".repeat(16)); // the entropy
    add(Kind::Root, MASTER.to_owned());
    for wallet in wallets() {
        let seed = wallet.expose_seed().unwrap();
        add(Kind::Root, hex::encode(seed.expose()));
        for node in nodes(seed) {
            add(Kind::Root, hex::encode(node.private_key().expose()));
            for version in [Version::XPUB, Version::YPUB, Version::ZPUB, Version::TPUB] {
                add(Kind::Root, node.to_text(version).expose().to_owned());
            }
        }
        keys(&wallet, &mut add);
    }
    found
}

/// The nodes above the addresses.
fn nodes(seed: &Seed) -> Vec<ExtendedPrivateKey> {
    let master = ExtendedPrivateKey::from_seed(seed).unwrap();
    let paths = ["m", "m/84'", "m/84'/0'", "m/84'/0'/0'", "m/84'/0'/0'/0", "m/44'/60'/0'", "m/44'/60'/0'/0"];
    paths.map(|path| master.derive(&path.parse::<DerivationPath>().unwrap()).unwrap()).into()
}

/// The private keys of the first two addresses of each kind on each chain: as each form, and as hex.
fn keys(wallet: &Wallet, add: &mut impl FnMut(Kind, String)) {
    let seed = wallet.expose_seed().unwrap();
    for chain in Registry::installed().unwrap().iter() {
        for kind in chain.info().kinds {
            for network in [Network::Mainnet, Network::Testnet] {
                if chain.info().check_network(network).is_err() {
                    continue;
                }
                for key in wallet.keys(chain, kind, Position::default(), 0..2, network) {
                    let Ok(key) = key else { continue }; // some kinds have one address only
                    for format in chain.info().key_formats {
                        let exported = key.export_private_key(&ExportPolicy::advertised(), Some(format.id)).unwrap();
                        // Of solana-keygen's numbers, the second half is the public key.
                        let numbers: Vec<_> = exported.text.expose().split(',').take(32).collect();
                        add(Kind::Key, numbers.join(",").replace(['[', ' '], ""));
                    }
                    let raw = match key.location() {
                        Some(KeyLocation::Path(path)) if chain.info().curve.id() == "secp256k1" => {
                            keyark::hd::bip32::derive(seed, path).unwrap()
                        }
                        Some(KeyLocation::Path(path)) => keyark::hd::slip10::derive(seed, path).unwrap(),
                        _ => continue, // the seed's own bytes
                    };
                    add(Kind::Key, hex::encode(raw.expose()));
                }
            }
        }
    }
}

/// Asserts that `text` shows no secret, not even a part of one, but those of the kinds that may be shown.
#[track_caller]
pub(crate) fn assert_hides(text: &str, canaries: &[Canary], may_show: &[Kind], place: &str) {
    let words = text
        .to_lowercase()
        .split(|mark: char| !mark.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let squeezed: String = text.split_whitespace().collect();
    let lower = squeezed.to_lowercase();
    for Canary { kind, text: secret } in canaries {
        if may_show.contains(kind) {
            continue;
        }
        let seen = match kind {
            Kind::Words => words.contains(secret),
            Kind::Password => text.contains(secret),
            Kind::Root | Kind::Key => pieces(secret).any(|piece| squeezed.contains(piece) || lower.contains(piece)),
        };
        assert!(!seen, "{kind:?} in {place}:\n{text}");
    }
}

/// The parts of a key by which it is recognised: a quarter of it is no accident.
fn pieces(secret: &str) -> impl Iterator<Item = &str> {
    let secret = secret.strip_prefix("0x").unwrap_or(secret);
    let length = secret.len() / 4;
    (0..4).filter_map(move |at| secret.get(at * length..(at + 1) * length))
}
