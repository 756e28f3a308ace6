//! No secret in what is shown, and no panic on hostile text.

use keyark_core::{Chain, ExportPolicy, SecretText, hex, random};

use crate::{Vector, new_keys};

/// Neither `Debug` nor an error about a damaged key repeats a secret.
pub fn shows_no_secret(chain: &'static dyn Chain, _: &[Vector]) {
    let policy = ExportPolicy::advertised();
    for (_, key) in new_keys(chain) {
        let Ok(permit) = policy.permit(&key) else { continue };
        let private_key = permit.private_key(chain.info()).unwrap();
        let mut shown = format!("{key:?} {permit:?} {private_key:?}");
        let mut secrets = vec![hex::encode(private_key.expose())];
        for format in chain.info().key_formats {
            let exported = key.export_private_key(&policy, Some(format.id)).unwrap();
            shown += &format!("{exported:?}");
            let text = exported.text.expose();
            for damaged in
                [&text[1..], &text[..text.len() - 1], &format!("{text}x"), &format!("é{text}"), &text.replace('1', "!")]
            {
                if let Err(error) = chain.import_key(&damaged.into()) {
                    shown += &format!("{error} {error:?} {}", error.remedy());
                }
            }
            secrets.push(text.to_owned());
        }
        for secret in secrets {
            for start in (0..secret.len() - 12).filter(|start| secret.is_char_boundary(*start)) {
                let piece = &secret[start..start + 12];
                assert!(!shown.contains(piece), "a piece of the key is shown in: {shown}");
            }
        }
    }
}

/// Random, damaged and huge text is an error, or is read, but never a panic.
pub fn survives_hostile_text(chain: &'static dyn Chain, vectors: &[Vector]) {
    let mut texts: Vec<String> = ["", " ", "\0", "0x", "[", "[]", "[,]", "xprv", "\u{3000}é𝄞", "-1", "[256]", "1", "K"]
        .map(str::to_owned)
        .to_vec();
    texts.push("1".repeat(100_000));
    texts.push("[1,".repeat(100_000));
    for vector in vectors.iter().take(4) {
        for good in [Some(&vector.address), vector.private_key.as_ref()].into_iter().flatten() {
            for at in (0..good.len()).filter(|at| good.is_char_boundary(*at)) {
                texts.push(good[..at].to_owned());
                texts.push(format!("{}{}{}", &good[..at], noise(), &good[at..]));
            }
        }
    }
    for text in texts {
        let secret = SecretText::from(text.as_str());
        let _ = chain.import_key(&secret);
        let _ = chain.parse_address(&text);
        if let Some(support) = chain.keystore() {
            let _ = support.open(&text, &"password".into());
        }
        if let Some(support) = chain.extended_keys() {
            let _ = support.read_public(&text);
        }
    }
}

fn noise() -> char {
    let mut bytes = [0; 4];
    random::fill(&mut bytes).unwrap();
    char::from_u32(u32::from_le_bytes(bytes) % 0x11_0000).unwrap_or('\u{fffd}')
}
