//! Writing a file that every known program reads.

use keyark_core::{
    Curve, Error, ErrorKind, KeystoreCost, PrivateKey, Result, SealedKeystore, SecretText, Warning, hex, random,
};
use zeroize::Zeroizing;

use crate::cipher::Cipher;
use crate::inspect::Strength;
use crate::params::Kdf;
use crate::password;

/// N, r and p of the standard profile.
pub(crate) const SCRYPT_STANDARD: (u32, u32, u32) = (262_144, 8, 1);
/// The rounds of the standard profile of PBKDF2.
pub(crate) const PBKDF2_STANDARD_ROUNDS: u32 = 1_000_000;

/// Seals `key` under `password` into the text of a keystore file (Web3 Secret Storage, version 3).
///
/// `address` is the key's own, 40 digits of lower-case hexadecimal without 0x. The text is in the form that all
/// programs read: `crypto` in lower case, `address` without 0x, AES-128-CTR, a salt of 32 bytes, a random `id`. The
/// password is taken in NFKC, with a warning where that differs from what was typed; a light cost has one too.
///
/// # Errors
/// [`ErrorKind::Usage`] for an empty password, an address of another form, or a key of another curve;
/// [`ErrorKind::Internal`] without randomness or without the memory for scrypt.
pub fn seal(key: &PrivateKey, address: &str, password: &SecretText, cost: KeystoreCost) -> Result<SealedKeystore> {
    let kdf = match cost {
        KeystoreCost::ScryptStandard => {
            let (n, r, p) = SCRYPT_STANDARD;
            Kdf::Scrypt { n, r, p }
        }
        KeystoreCost::ScryptLight => Kdf::Scrypt { n: 4096, r: 8, p: 6 },
        KeystoreCost::Pbkdf2Standard => Kdf::Pbkdf2 { rounds: PBKDF2_STANDARD_ROUNDS },
        KeystoreCost::Pbkdf2Light => Kdf::Pbkdf2 { rounds: 262_144 },
        _ => return Err(usage("keyark-keystore does not know this cost", "choose the standard one")),
    };
    let mut draft = Draft { kdf, salt: [0; 32], iv: [0; 16], id: [0; 16] };
    random::fill(&mut draft.salt)?;
    random::fill(&mut draft.iv)?;
    random::fill(&mut draft.id)?;
    draft.seal(key, address, password)
}

/// All that a file is made of besides the key and the password.
struct Draft {
    kdf: Kdf,
    salt: [u8; 32],
    iv: [u8; 16],
    id: [u8; 16],
}

impl Draft {
    fn seal(&self, key: &PrivateKey, address: &str, typed: &SecretText) -> Result<SealedKeystore> {
        if typed.is_empty() {
            return Err(usage("the password is empty", "choose a password of several words"));
        }
        if key.curve() != Curve::Secp256k1 {
            let problem =
                format!("Web3 Secret Storage is for keys of secp256k1, and this is one of {}", key.curve().id());
            return Err(usage(problem, "this chain has no keystore standard; export the private key instead"));
        }
        let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if address.len() != 40 || !address.bytes().all(lower_hex) {
            return Err(usage("the address is not 40 digits of lower-case hexadecimal", "leave 0x and capitals off"));
        }
        let password = password::nfkc(typed.expose());
        let warnings = warnings(self.kdf, typed, &password);

        let derived = self.kdf.derive(password.as_bytes(), &self.salt)?;
        let cipher = Cipher::Aes128;
        let mut data = Zeroizing::new(*key.expose());
        cipher.apply(&derived, &self.iv, data.as_mut_slice())?;
        let mac = cipher.mac(&derived, data.as_slice())?;
        Ok(SealedKeystore { text: self.text(address, data.as_slice(), &mac), warnings })
    }

    /// By hand: the order and the spelling last as long as the files do. Nothing in it needs escaping.
    fn text(&self, address: &str, ciphertext: &[u8], mac: &[u8]) -> String {
        let salt = hex::encode(&self.salt);
        let kdfparams = match self.kdf {
            Kdf::Scrypt { n, r, p } => {
                format!(
                    "\"dklen\": 32,\n      \"n\": {n},\n      \"p\": {p},\n      \"r\": {r},\n      \"salt\": \"{salt}\""
                )
            }
            Kdf::Pbkdf2 { rounds } => format!(
                "\"c\": {rounds},\n      \"dklen\": 32,\n      \"prf\": \"hmac-sha256\",\n      \"salt\": \"{salt}\""
            ),
        };
        format!(
            r#"{{
  "address": "{address}",
  "crypto": {{
    "cipher": "{cipher}",
    "cipherparams": {{
      "iv": "{iv}"
    }},
    "ciphertext": "{ciphertext}",
    "kdf": "{kdf}",
    "kdfparams": {{
      {kdfparams}
    }},
    "mac": "{mac}"
  }},
  "id": "{id}",
  "version": 3
}}
"#,
            cipher = Cipher::Aes128.id(),
            iv = hex::encode(&self.iv),
            ciphertext = hex::encode(ciphertext),
            kdf = self.kdf.id(),
            mac = hex::encode(mac),
            id = uuid::Builder::from_random_bytes(self.id).into_uuid(),
        )
    }
}

/// Fewer characters than this are guessed in days, whatever a guess costs.
const SHORT_PASSWORD: usize = 10;

fn warnings(kdf: Kdf, typed: &SecretText, password: &str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (strength, note) = kdf.strength();
    if strength != Strength::Standard {
        warnings.push(Warning::new("light-kdf", format!("lightly protected: {note}")));
    }
    if typed.expose() != password {
        warnings.push(Warning::new(
            "password-form",
            "the password has characters that Unicode writes in more than one way; the file has their form NFKC, and \
             programs that take a password as typed may refuse it",
        ));
    }
    if typed.has_invisible() {
        warnings.push(Warning::new(
            "password-control",
            "the password holds characters that cannot be seen, such as a tab or a byte order mark, which other \
             programs may not let you type",
        ));
    }
    if typed.expose().chars().count() < SHORT_PASSWORD {
        warnings.push(Warning::new(
            "short-password",
            "the password is short: whoever has the file can guess it; choose several words that nobody else would",
        ));
    }
    warnings
}

fn usage(problem: impl Into<std::borrow::Cow<'static, str>>, remedy: &'static str) -> Error {
    Error::new(ErrorKind::Usage, problem, remedy)
}

#[cfg(test)]
mod tests {
    use keyark_core::KeystoreSecret;
    use proptest::prelude::*;

    use super::*;
    use crate::Keystore;

    const ADDRESS: &str = "17c5185167401ed00cf5f5b2fc97d9bbfdb7d025";

    fn draft(kdf: Kdf) -> Draft {
        Draft { kdf, salt: [0xa1; 32], iv: [0xb2; 16], id: [0xc3; 16] }
    }

    fn cheap() -> Draft {
        draft(Kdf::Scrypt { n: 2, r: 1, p: 1 })
    }

    fn key(byte: u8) -> PrivateKey {
        PrivateKey::new(Curve::Secp256k1, &[byte; 32])
    }

    /// The exact text: other programs and later versions must go on reading it.
    #[test]
    fn the_text_is_pinned() {
        let sealed = draft(Kdf::Scrypt { n: 16, r: 8, p: 1 }).seal(&key(0x42), ADDRESS, &"password".into()).unwrap();
        assert_eq!(sealed.text, include_str!("../tests/data/sealed-scrypt.json"));
        let sealed = draft(Kdf::Pbkdf2 { rounds: 10 }).seal(&key(0x42), ADDRESS, &"password".into()).unwrap();
        assert_eq!(sealed.text, include_str!("../tests/data/sealed-pbkdf2.json"));
    }

    #[test]
    fn the_password_is_sealed_in_nfkc() {
        let ids = |typed: &str| -> Vec<_> {
            let sealed = cheap().seal(&key(1), ADDRESS, &typed.into()).unwrap();
            sealed.warnings.iter().map(Warning::id).filter(|id| *id != "light-kdf").collect()
        };
        assert!(ids("plain password").is_empty());
        assert!(ids("caf\u{e9} au lait").is_empty());
        assert_eq!(ids("cafe\u{301} au lait"), ["password-form"]);
        assert_eq!(ids("\u{fb01}ne password"), ["password-form"]);
        assert_eq!(ids("a\tb password"), ["password-control"]);
        assert_eq!(ids("a\u{200b}b password"), ["password-control"]);
        assert_eq!(ids("nine char"), ["short-password"]);

        // What another program opens that takes the composed form as typed.
        let file = cheap().seal(&key(1), ADDRESS, &"cafe\u{301}".into()).unwrap();
        let opened = Keystore::parse(&file.text).unwrap().open(&"caf\u{e9}".into()).unwrap();
        assert!(opened.warnings().iter().all(|warning| warning.id() != "password-form"));
    }

    #[test]
    fn each_form_of_a_password_opens_and_is_said() {
        // A file sealed under the decomposed form, as it stands: the composed one is typed.
        let file = |password: &str| {
            let draft = cheap();
            let derived = draft.kdf.derive(password.as_bytes(), &draft.salt).unwrap();
            let mut data = [7; 32];
            Cipher::Aes128.apply(&derived, &draft.iv, &mut data).unwrap();
            let mac = Cipher::Aes128.mac(&derived, &data).unwrap();
            Keystore::parse(&draft.text(ADDRESS, &data, &mac)).unwrap()
        };
        for (sealed, typed, form) in [
            ("cafe\u{301}", "cafe\u{301}", None),
            ("caf\u{e9}", "cafe\u{301}", Some("NFKC")),
            ("cafe\u{301}", "caf\u{e9}", Some("NFKD")),
            ("fi\u{e9}", "\u{fb01}e\u{301}", Some("NFKC")),
            ("fie\u{301}", "\u{fb01}\u{e9}", Some("NFKD")),
        ] {
            let opened = file(sealed).open(&typed.into()).unwrap();
            let said = opened.warnings().iter().find(|warning| warning.id() == "password-form");
            assert_eq!(said.is_some(), form.is_some(), "{sealed:?} {typed:?}");
            assert!(said.is_none_or(|said| said.message().contains(form.unwrap())), "{said:?}");
        }
        assert!(file("caf\u{e9}").open(&"cafe".into()).is_err());
    }

    #[test]
    fn a_plaintext_of_another_length_is_an_error() {
        let draft = cheap();
        let derived = draft.kdf.derive(b"password", &draft.salt).unwrap();
        for (length, part) in [(1, "1 bytes"), (27, "27 bytes"), (33, "33 bytes"), (64, "Ed25519"), (111, "111 bytes")]
        {
            let mut data = vec![0x5a; length];
            Cipher::Aes128.apply(&derived, &draft.iv, &mut data).unwrap();
            let mac = Cipher::Aes128.mac(&derived, &data).unwrap();
            let keystore = Keystore::parse(&draft.text(ADDRESS, &data, &mac)).unwrap();
            let error = keystore.open(&"password".into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed);
            assert!(error.problem().contains(part) && error.problem().contains("instead of 32"), "{error}");
            assert!(!format!("{error:?}").contains("5a"), "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(bytes: [u8; 32], salt: [u8; 32], iv: [u8; 16], id: [u8; 16], password in "\\PC{1,12}") {
            let draft = Draft { salt, iv, id, ..cheap() };
            let key = PrivateKey::new(Curve::Secp256k1, &bytes);
            let password = SecretText::from(password);
            let sealed = draft.seal(&key, ADDRESS, &password).unwrap();
            let keystore = Keystore::parse(&sealed.text).unwrap();
            prop_assert_eq!(keystore.inspect().warnings.len(), 1, "only the cost is unusual");
            let checked = keystore.open(&password).unwrap().check_address(ADDRESS).unwrap();
            prop_assert!(matches!(checked.secret, KeystoreSecret::Key(opened) if opened == key));

            let parsed: serde_json::Value = serde_json::from_str(&sealed.text).unwrap();
            let id = parsed["id"].as_str().unwrap();
            prop_assert_eq!(id.len(), 36);
            prop_assert_eq!(&id[14..15], "4", "a random UUID is one of version 4");
        }

        #[test]
        fn another_password_does_not_open(one in "\\PC{1,12}", two in "\\PC{1,12}") {
            let sealed = cheap().seal(&key(1), ADDRESS, &one.as_str().into()).unwrap();
            let same = password::nfkc(&one) == password::nfkc(&two);
            let result = Keystore::parse(&sealed.text).unwrap().open(&two.as_str().into());
            prop_assert_eq!(result.is_ok(), same);
        }
    }
}
