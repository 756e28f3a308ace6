//! Keystore files: any text is read or refused, and a key comes out only if it is the key of the address in the file.
#![no_main]

use keyark::keystore::{Kdf, Keystore};
use keyark::{Chain, ETHEREUM, SecretText};
use libfuzzer_sys::fuzz_target;

/// The password of the seeds.
const PASSWORD: &str = "password";

fuzz_target!(|text: &str| {
    let Ok(keystore) = Keystore::parse(text) else { return };
    let inspection = keystore.inspect();
    assert!(!inspection.strength_note.is_empty());
    if !is_cheap(inspection.kdf) {
        return;
    }
    let support = ETHEREUM.keystore().expect("Ethereum has keystores");
    let Ok(opened) = support.open(text, &SecretText::from(PASSWORD)) else { return };
    if let (Some(derived), Some(named)) = (opened.address, opened.named_address) {
        let digits = derived.as_str().trim_start_matches("0x");
        assert!(named.eq_ignore_ascii_case(digits), "the key of {derived} came out of a file of {named}");
    }
});

/// Whether the file opens in less than a millisecond: the fuzzer has thousands to try.
fn is_cheap(kdf: Kdf) -> bool {
    match kdf {
        Kdf::Scrypt { n, r, p } => u64::from(n) * u64::from(r) * u64::from(p) <= 256,
        Kdf::Pbkdf2 { rounds } => rounds <= 256,
        _ => false,
    }
}
