//! SHA-512, HMAC and PBKDF2 on each code path that the machine has, against published vectors and the peer libraries.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use std::num::NonZeroU32;

use hmac::{Hmac, KeyInit, Mac};
use keyark_lanes::{CodePath, HmacKey, Pbkdf2Input, hmac_sha512, hmac_sha512_one_key, pbkdf2_hmac_sha512, sha512};
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::{Digest, Sha512};

/// Around the lanes of each path.
const BATCHES: [usize; 11] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 19];

/// Around the ends of blocks, of their padding, and of the keys that HMAC hashes first.
const LENGTHS: [usize; 16] = [0, 1, 32, 37, 63, 64, 111, 112, 113, 127, 128, 129, 239, 240, 256, 400];

fn bytes(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 167 + seed * 59 + (i * seed) % 251) as u8).collect()
}

fn peer_hmac(key: &[u8], message: &[u8]) -> [u8; 64] {
    Hmac::<Sha512>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().into()
}

fn peer_pbkdf2(input: &Pbkdf2Input<'_>, iterations: u32) -> [u8; 64] {
    let mut key = [0; 64];
    pbkdf2::pbkdf2_hmac::<Sha512>(input.password, input.salt, iterations, &mut key);
    key
}

fn check_sha512(messages: &[Vec<u8>]) {
    let expected: Vec<[u8; 64]> = messages.iter().map(|message| Sha512::digest(message).into()).collect();
    for path in CodePath::available() {
        let mut digests = vec![[0; 64]; messages.len()];
        sha512(path, messages, &mut digests);
        assert_eq!(digests, expected, "{}", path.id());
    }
}

fn check_hmac(keys: &[Vec<u8>], messages: &[Vec<u8>]) {
    let pairs = || keys.iter().zip(messages);
    let expected: Vec<_> = pairs().map(|(key, message)| peer_hmac(key, message)).collect();
    let expected_one: Vec<_> = messages.iter().map(|message| peer_hmac(&keys[0], message)).collect();
    for path in CodePath::available() {
        let mut codes = vec![[0; 64]; messages.len()];
        hmac_sha512(path, keys, messages, &mut codes);
        assert_eq!(codes, expected, "{}", path.id());
        hmac_sha512_one_key(path, &HmacKey::new(&keys[0]), messages, &mut codes);
        assert_eq!(codes, expected_one, "{}, one key", path.id());
    }
}

fn check_pbkdf2(iterations: u32, passwords: &[Vec<u8>], salts: &[Vec<u8>]) {
    let inputs: Vec<_> = passwords.iter().zip(salts).map(|(password, salt)| Pbkdf2Input { password, salt }).collect();
    let expected: Vec<_> = inputs.iter().map(|input| peer_pbkdf2(input, iterations)).collect();
    for path in CodePath::available() {
        let mut keys = vec![[0; 64]; inputs.len()];
        pbkdf2_hmac_sha512(path, NonZeroU32::new(iterations).unwrap(), &inputs, &mut keys);
        assert_eq!(keys, expected, "{}", path.id());
    }
}

#[test]
fn batches_of_each_size() {
    for size in BATCHES {
        let messages: Vec<_> = (0..size).map(|i| bytes(37 + i, i)).collect();
        let keys: Vec<_> = (0..size).map(|i| bytes(32, i + 100)).collect();
        check_sha512(&messages);
        if size > 0 {
            check_hmac(&keys, &messages);
        }
        check_pbkdf2(3, &messages, &keys);
    }
}

#[test]
fn messages_of_each_length_side_by_side() {
    for shift in 0..LENGTHS.len() {
        let lengths = || LENGTHS.iter().cycle().skip(shift).take(LENGTHS.len() + 3);
        let messages: Vec<_> = lengths().map(|length| bytes(*length, shift)).collect();
        let keys: Vec<_> = lengths().skip(1).chain([&5]).map(|length| bytes(*length, shift + 100)).collect();
        check_sha512(&messages);
        check_hmac(&keys, &messages);
        check_pbkdf2(2, &keys, &messages);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn same_as_the_libraries(
        inputs in vec((vec(any::<u8>(), 0..300), vec(any::<u8>(), 0..300)), 1..20),
        iterations in 1_u32..20,
    ) {
        let (keys, messages): (Vec<_>, Vec<_>) = inputs.into_iter().unzip();
        check_sha512(&messages);
        check_hmac(&keys, &messages);
        check_pbkdf2(iterations, &keys, &messages);
    }
}
