//! Extended keys: what is read is written as the same text.
#![no_main]

use keyark::SecretText;
use keyark::hd::base58check;
use keyark::hd::bip32::{ExtendedPrivateKey, ExtendedPublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(&String::from_utf8_lossy(data));
    check(&base58check::encode(data)); // changed text never has a right checksum
});

fn check(text: &str) {
    if let Ok((key, version)) = ExtendedPublicKey::parse(text) {
        assert_eq!(key.to_text(version), text.trim());
        let _ = key.derive(&"0/2147483647".parse().expect("a path")); // a key at depth 255 has no children
    }
    if let Ok((key, version)) = ExtendedPrivateKey::parse(&SecretText::from(text)) {
        assert!(key.to_text(version).expose() == text.trim(), "the text changed");
        let _ = key.derive_relative(&"0'/2147483647".parse().expect("a path"));
    }
}
