//! Keystores opened: the same file by both. Making one is not compared, because there is no cost that both would write.
//! eth-keystore does not check the key's address and keyark does, which takes less than a thousandth of the time.

use std::path::Path;

use criterion::Criterion;
use keyark::{Chain, ETHEREUM, ExportPolicy, KeystoreCost, KeystoreSecret, Network, Position, Wallet};
use keyark_benches::{Work, seed};

/// As Foundry's cast writes it: scrypt with N = 8192, r = 8, p = 1.
const CAST: &str = include_str!("../../crates/keyark-keystore/tests/data/cast-1.7.1.json");

pub(crate) fn all(criterion: &mut Criterion) {
    open(criterion, "open keystore, scrypt N=8192 p=1 (cast)", CAST, "cast password");
    open(criterion, "open keystore, scrypt N=4096 p=6 (light)", &made(KeystoreCost::ScryptLight), "password");
    open(criterion, "open keystore, PBKDF2 c=262144 (light)", &made(KeystoreCost::Pbkdf2Light), "password");
}

fn made(cost: KeystoreCost) -> String {
    let kind = ETHEREUM.info().default_kind().unwrap();
    let wallet = Wallet::from_seed(seed().unwrap());
    let key = wallet.key(&ETHEREUM, kind, Position::default(), Network::Mainnet).unwrap();
    key.export_keystore(&ExportPolicy::advertised(), &"password".into(), cost).unwrap().text
}

fn open(criterion: &mut Criterion, name: &str, text: &str, password: &str) {
    let support = ETHEREUM.keystore().unwrap();
    let secret = password.into();
    let keyark = || match support.open(text, &secret).unwrap().secret {
        KeystoreSecret::Key(key) => key,
        _ => panic!("the file holds a key"),
    };
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keystore.json");
    std::fs::write(&file, text).unwrap();

    Work::new(criterion, name, keyark().expose().to_vec())
        .slow()
        .contender("keyark", keyark, |key| key.expose().to_vec())
        .contender("eth-keystore", || eth_keystore::decrypt_key(&file, password).unwrap(), |key| key)
        .finish();
}
