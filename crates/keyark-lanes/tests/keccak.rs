//! Keccak-256 on each code path that the machine has, against published vectors and the definition.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_range_loop)] // in helpers of tests

use keyark_lanes::{CodePath, keccak256};
use proptest::collection::vec;
use proptest::prelude::*;

/// Around the lanes of each path.
const BATCHES: [usize; 10] = [0, 1, 3, 4, 5, 7, 8, 9, 11, 19];

/// Keccak-f[1600] as FIPS 202, sections 3.2 and 3.3, puts it, from no table.
fn permute(a: &mut [[u64; 5]; 5]) {
    let mut register = 1_u32;
    for _ in 0..24 {
        let parity: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ a[x][y]));
        for x in 0..5 {
            for y in 0..5 {
                a[x][y] ^= parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
            }
        }
        let mut b = [[0; 5]; 5];
        b[0][0] = a[0][0];
        let (mut x, mut y) = (1, 0);
        for t in 0..24 {
            b[y][(2 * x + 3 * y) % 5] = a[x][y].rotate_left((t + 1) * (t + 2) / 2 % 64);
            (x, y) = (y, (2 * x + 3 * y) % 5);
        }
        for x in 0..5 {
            for y in 0..5 {
                a[x][y] = b[x][y] ^ (!b[(x + 1) % 5][y] & b[(x + 2) % 5][y]);
            }
        }
        for j in 0..7 {
            a[0][0] ^= u64::from(register & 1) << ((1 << j) - 1);
            register = (register << 1) ^ ((register >> 7) * 0x171);
        }
    }
}

fn by_definition(message: &[u8]) -> [u8; 32] {
    let mut block = [0; 136];
    block[..message.len()].copy_from_slice(message);
    block[message.len()] = 1;
    block[135] |= 0x80;
    let mut a = [[0; 5]; 5];
    for (i, word) in block.as_chunks().0.iter().enumerate() {
        a[i % 5][i / 5] = u64::from_le_bytes(*word);
    }
    permute(&mut a);
    std::array::from_fn(|i| a[i / 8][0].to_le_bytes()[i % 8])
}

fn check<const BYTES: usize>(messages: &[[u8; BYTES]]) {
    let expected: Vec<_> = messages.iter().map(|message| by_definition(message)).collect();
    for path in CodePath::available() {
        let mut digests = vec![[0; 32]; messages.len()];
        keccak256(path, messages, &mut digests);
        assert_eq!(digests, expected, "{}", path.id());
    }
}

fn messages<const BYTES: usize>(count: usize) -> Vec<[u8; BYTES]> {
    (0..count).map(|i| std::array::from_fn(|at| (at * 31 + i * 7 + at * i) as u8)).collect()
}

#[test]
fn batches_of_each_size() {
    for size in BATCHES {
        check::<64>(&messages(size));
    }
}

#[test]
fn messages_of_each_kind_of_length() {
    check::<0>(&messages(11));
    check::<1>(&messages(11));
    check::<7>(&messages(11));
    check::<8>(&messages(11));
    check::<20>(&messages(11));
    check::<33>(&messages(11));
    check::<134>(&messages(11));
    check::<135>(&messages(11));
}

fn hex_of<const BYTES: usize>(path: CodePath, message: &[u8; BYTES]) -> String {
    let mut digests = [[0; 32]];
    keccak256(path, &[*message], &mut digests);
    digests[0].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// EIP-1052, "Specification": the code hash of an account without code.
#[test]
fn eip_1052() {
    for path in CodePath::available() {
        let expected = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
        assert_eq!(hex_of(path, b""), expected, "{}", path.id());
    }
}

/// Solidity documentation, "Contract ABI Specification", "Examples": the first four bytes select a function.
#[test]
fn solidity_selectors() {
    for path in CodePath::available() {
        assert!(hex_of(path, b"baz(uint32,bool)").starts_with("cdcd77c0"), "{}", path.id());
        assert!(hex_of(path, b"bar(bytes3[2])").starts_with("fce353f6"), "{}", path.id());
        assert!(hex_of(path, b"sam(bytes,bool,uint256[])").starts_with("a5643bf2"), "{}", path.id());
    }
}

proptest! {
    #[test]
    fn same_as_the_definition(keys in vec((any::<[u8; 32]>(), any::<[u8; 32]>()), 0..35)) {
        let keys: Vec<[u8; 64]> = keys
            .iter()
            .map(|(x, y)| std::array::from_fn(|i| if i < 32 { x[i] } else { y[i - 32] }))
            .collect();
        check(&keys);
    }
}
