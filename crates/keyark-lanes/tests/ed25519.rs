//! Ed25519 public keys on every code path against RFC 8032 and ed25519-dalek.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use ed25519_dalek::SigningKey;
use ed25519_dalek::hazmat::ExpandedSecretKey;
use keyark_lanes::CodePath;
use keyark_lanes::ed25519::public_keys_vartime;
use proptest::prelude::*;
use sha2::{Digest, Sha512};

/// The keys of ed25519-dalek for scalars that are not yet clamped.
fn peer(scalars: &[[u8; 32]]) -> Vec<[u8; 32]> {
    let key = |scalar: &[u8; 32]| {
        let mut expanded = [0; 64];
        expanded[..32].copy_from_slice(scalar);
        ed25519_dalek::VerifyingKey::from(&ExpandedSecretKey::from_bytes(&expanded)).to_bytes()
    };
    scalars.iter().map(key).collect()
}

/// The keys of every path that this machine has agree with `expected`.
fn check(scalars: &[[u8; 32]], expected: &[[u8; 32]]) {
    for path in CodePath::available() {
        let mut keys = vec![[0xaa; 32]; scalars.len()];
        public_keys_vartime(path, scalars, &mut keys);
        assert!(keys == expected, "{} with {} scalars", path.id(), scalars.len());
    }
}

/// Scalars that differ in all their bits, the same in each run.
fn scalars(count: usize) -> Vec<[u8; 32]> {
    (0..count).map(|index| Sha512::digest(index.to_le_bytes())[..32].try_into().unwrap()).collect()
}

fn bytes(hex: &str) -> [u8; 32] {
    std::array::from_fn(|index| u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).unwrap())
}

/// RFC 8032, section 7.1: TEST 1, TEST 2, TEST 3, TEST 1024, TEST SHA(abc).
const VECTORS: [(&str, &str); 5] = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ),
    (
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    ),
];

#[test]
fn rfc_8032() {
    let scalars = VECTORS.map(|(secret, _)| Sha512::digest(bytes(secret))[..32].try_into().unwrap());
    let keys = VECTORS.map(|(_, key)| bytes(key));
    for (secret, key) in VECTORS {
        assert_eq!(SigningKey::from_bytes(&bytes(secret)).verifying_key().to_bytes(), bytes(key), "the peer, {key}");
    }
    check(&scalars, &keys);
}

#[test]
fn edges() {
    // L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032, section 5.1), little-endian.
    let order: [u8; 32] = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let near = |difference: i16| {
        let mut scalar = order;
        scalar[0] = u8::try_from(i16::from(scalar[0]) + difference).unwrap();
        scalar
    };
    let mut scalars = vec![[0; 32], [0xff; 32], [0x55; 32], [0xaa; 32], [0x80; 32], [0x7f; 32], [1; 32]];
    scalars.extend([near(-8), near(-1), near(0), near(1), near(8)]);
    // Multiples of L that clamping leaves near themselves: 4L to 7L, a little below and above.
    for factor in 4..8_u16 {
        let mut carry = 0;
        let multiple = order.map(|byte| {
            carry += u16::from(byte) * factor;
            let [low, high] = carry.to_le_bytes();
            carry = u16::from(high);
            low
        });
        for difference in [0_u8, 8, 16, 248] {
            let mut scalar = multiple;
            scalar[0] = scalar[0].wrapping_add(difference);
            scalars.push(scalar);
        }
    }
    // Each bit alone, and all below and all above it: digits at the ends of their range, at every place.
    for bit in 0..256 {
        let with = |set: &dyn Fn(usize) -> bool| -> [u8; 32] {
            std::array::from_fn(|byte| (0..8).map(|at| u8::from(set(8 * byte + at)) << at).sum())
        };
        scalars.extend([with(&|at| at == bit), with(&|at| at < bit), with(&|at| at > bit), with(&|at| at != bit)]);
    }
    check(&scalars, &peer(&scalars));
}

#[test]
fn batches() {
    let scalars = scalars(2100);
    let keys = peer(&scalars);
    for count in [0, 1, 2, 7, 8, 9, 15, 16, 17, 19, 255, 256, 257, 1023, 1024, 1025, 1031, 1032, 1033, 2047, 2049, 2100]
    {
        check(&scalars[..count], &keys[..count]);
        check(&scalars[2100 - count..], &keys[2100 - count..]);
    }
}

#[test]
fn clamping_is_done() {
    let [mut scalar] = [scalars(1)[0]];
    let expected = peer(&[scalar]);
    for (byte, bit) in [(0, 1), (0, 2), (0, 4), (31, 0x40), (31, 0x80)] {
        scalar[byte] ^= bit;
        check(&[scalar], &expected);
    }
}

#[test]
#[should_panic(expected = "as many keys as scalars")]
fn lengths_differ() {
    public_keys_vartime(CodePath::Portable, &[[0; 32]; 2], &mut [[0; 32]; 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn like_the_peer(scalars in proptest::collection::vec(any::<[u8; 32]>(), 0..40)) {
        check(&scalars, &peer(&scalars));
    }
}
