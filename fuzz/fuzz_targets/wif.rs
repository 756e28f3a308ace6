//! Bitcoin's private keys: what is imported is exported as the same text.
#![no_main]

use keyark::hd::base58check;
use keyark::{BITCOIN, ChainKey, ExportPolicy, SecretText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(&String::from_utf8_lossy(data));
    check(&base58check::encode(data)); // changed text never has a right checksum
});

fn check(text: &str) {
    let Ok((key, format, _)) = ChainKey::import(&BITCOIN, &SecretText::from(text), None) else { return };
    let exported = key.export_private_key(&ExportPolicy::advertised(), Some(format.id));
    assert!(exported.expect("a key that stands alone may leave").text.expose() == text.trim(), "the text changed");
}
