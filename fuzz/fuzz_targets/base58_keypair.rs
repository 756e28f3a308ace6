//! Solana's private keys in their three forms: what is imported is exported in its form and imported again.
#![no_main]

use keyark::{Chain, ChainKey, Curve, ExportPolicy, Network, PrivateKey, SOLANA, SecretText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok((key, format, _)) = ChainKey::import(&SOLANA, &SecretText::from(&*text), None) {
        let exported = round_trip(&key, format.id);
        // The array may be read with spaces or leading zeros; base58 has one spelling.
        assert!(format.id == "id-json" || exported.expose() == text.trim(), "the text changed");
    }
    if let Some(secret) = data.first_chunk() {
        let key = PrivateKey::new(Curve::Ed25519, secret);
        let key = ChainKey::from_private_key(&SOLANA, key, Network::Mainnet).expect("any 32 bytes are a key");
        for format in SOLANA.info().key_formats {
            round_trip(&key, format.id);
        }
    }
});

fn round_trip(key: &ChainKey, format: &str) -> SecretText {
    let exported = key.export_private_key(&ExportPolicy::advertised(), Some(format)).expect("it may leave").text;
    let (again, found, _) = ChainKey::import(&SOLANA, &exported, None).expect("what was exported is imported");
    assert_eq!((again.public_key(), found.id), (key.public_key(), format));
    exported
}
