//! Published vectors of SHA-512, HMAC-SHA512 and PBKDF2-HMAC-SHA512 on each code path that the machine has, in a full
//! batch: a lane of each path at least holds another message.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::num::NonZeroU32;

use keyark_lanes::{CodePath, HmacKey, Pbkdf2Input, hmac_sha512, hmac_sha512_one_key, pbkdf2_hmac_sha512, sha512};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// NIST, "Examples with Intermediate Values", SHA512.pdf: one block and two.
#[test]
fn nist_sha512() {
    let vectors = [
        (
            "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn\
             hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018\
             501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
        ),
    ];
    let messages = vectors.map(|(message, _)| message);
    for path in CodePath::available() {
        let mut digests = [[0; 64]; 2];
        sha512(path, &messages, &mut digests);
        for (digest, (_, expected)) in digests.iter().zip(vectors) {
            assert_eq!(hex(digest), expected, "{}", path.id());
        }
    }
}

/// RFC 4231, sections 4.2 to 4.5, 4.7 and 4.8 (4.6 is of a shorter output).
#[test]
fn rfc_4231() {
    let vectors: [(Vec<u8>, Vec<u8>, &str); 6] = [
        (
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            vec![0xaa; 20],
            vec![0xdd; 50],
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
             bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            (1..=25).collect(),
            vec![0xcd; 50],
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
             a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. \
              The key needs to be hashed before being used by the HMAC algorithm."
                .to_vec(),
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
             b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    let (keys, messages): (Vec<_>, Vec<_>) = vectors.iter().map(|(key, message, _)| (key, message)).unzip();
    for path in CodePath::available() {
        let mut codes = [[0; 64]; 6];
        hmac_sha512(path, &keys, &messages, &mut codes);
        for (code, (key, message, expected)) in codes.iter().zip(&vectors) {
            assert_eq!(hex(code), *expected, "{}", path.id());
            let mut again = [[0; 64]; 2];
            hmac_sha512_one_key(path, &HmacKey::new(key), &[message, message], &mut again);
            assert_eq!(again, [*code; 2], "{}", path.id());
        }
    }
}

/// The vectors that BIP-39 names, english and japanese (text in NFKD): phrases of less than a block and of more.
#[test]
fn bip_39() {
    let japanese = format!("{}{}", "あいこくしん ".repeat(11), "あおそ\u{3099}ら");
    let passphrase =
        "メートルカ\u{3099}ハ\u{3099}ウ\u{3099}ァは\u{309a}は\u{3099}く\u{3099}ゝ\u{3099}ちち\u{3099}十人十色";
    let vectors = [
        (
            "abandon ".repeat(11) + "about",
            "TREZOR",
            "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553\
             1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
        ),
        (
            "abandon ".repeat(23) + "art",
            "TREZOR",
            "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd30971\
             70af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8",
        ),
        (
            "zoo ".repeat(11) + "wrong",
            "TREZOR",
            "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13\
             332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069",
        ),
        (
            japanese,
            passphrase,
            "a262d6fb6122ecf45be09c50492b31f92e9beb7d9a845987a02cefda57a15f9c\
             467a17872029a9e92299b5cbdf306e3a0ee620245cbd508959b6cb7ca637bd55",
        ),
    ];
    let salts: Vec<_> = vectors.iter().map(|(_, passphrase, _)| format!("mnemonic{passphrase}")).collect();
    let inputs: Vec<_> = vectors
        .iter()
        .zip(&salts)
        .map(|((phrase, ..), salt)| Pbkdf2Input { password: phrase.as_bytes(), salt: salt.as_bytes() })
        .collect();
    for path in CodePath::available() {
        let mut seeds = [[0; 64]; 4];
        pbkdf2_hmac_sha512(path, NonZeroU32::new(2048).unwrap(), &inputs, &mut seeds);
        for (seed, (.., expected)) in seeds.iter().zip(&vectors) {
            assert_eq!(hex(seed), *expected, "{}", path.id());
        }
    }
}

#[test]
#[should_panic(expected = "a key for each input")]
fn too_few_keys_are_refused() {
    pbkdf2_hmac_sha512(CodePath::Portable, NonZeroU32::MIN, &[Pbkdf2Input { password: b"", salt: b"" }], &mut []);
}
