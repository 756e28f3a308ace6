//! RIPEMD-160 of SHA-256 on each code path that the machine has, against published vectors and the peer libraries.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use keyark_lanes::{CodePath, hash160};
use proptest::collection::vec;
use proptest::prelude::*;
use ripemd::{Digest, Ripemd160};
use sha2::Sha256;

/// Around the lanes of each path.
const BATCHES: [usize; 13] = [0, 1, 2, 7, 8, 9, 15, 16, 17, 19, 32, 35, 100];

fn check<const BYTES: usize>(messages: &[[u8; BYTES]]) {
    let expected: Vec<[u8; 20]> =
        messages.iter().map(|message| Ripemd160::digest(Sha256::digest(message)).into()).collect();
    for path in CodePath::available() {
        let mut hashes = vec![[0; 20]; messages.len()];
        hash160(path, messages, &mut hashes);
        assert_eq!(hashes, expected, "{}", path.id());
    }
}

fn messages<const BYTES: usize>(count: usize) -> Vec<[u8; BYTES]> {
    (0..count).map(|i| std::array::from_fn(|at| (at * 31 + i * 7 + at * i) as u8)).collect()
}

#[test]
fn batches_of_each_size() {
    for size in BATCHES {
        check::<33>(&messages(size));
    }
}

#[test]
fn messages_of_each_kind_of_length() {
    check::<0>(&messages(19));
    check::<1>(&messages(19));
    check::<3>(&messages(19));
    check::<4>(&messages(19));
    check::<20>(&messages(19));
    check::<22>(&messages(19));
    check::<32>(&messages(19));
    check::<54>(&messages(19));
    check::<55>(&messages(19));
}

/// BIP-173, "Examples": the key and the hash in its P2WPKH address.
#[test]
fn bip_173() {
    let text = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    let key: [u8; 33] = std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap());
    for path in CodePath::available() {
        let mut hashes = [[0; 20]];
        hash160(path, &[key], &mut hashes);
        let text: String = hashes[0].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, "751e76e8199196d454941c45d1b3a323f1433bd6", "{}", path.id());
    }
}

proptest! {
    #[test]
    fn same_as_the_libraries(keys in vec(any::<[u8; 32]>(), 0..70)) {
        let keys: Vec<[u8; 33]> = keys
            .iter()
            .map(|x| std::array::from_fn(|i| if i == 0 { 2 | (x[31] & 1) } else { x[i - 1] }))
            .collect();
        check(&keys);
    }
}
