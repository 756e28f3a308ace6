//! Keccak-256 of many short messages of one length at once: what Ethereum makes addresses of.

#[macro_use]
mod rounds;

use crate::CodePath;
use crate::vectors::{call, for_each_path};

for_each_path!(define_keccak256 over U64);

/// The words of a block for a digest of 256 bits (FIPS 202, section 6.1: the capacity is twice the digest).
const RATE: usize = 17;

/// The offsets of rho (FIPS 202, section 3.2.2), of the word of row y and column x at 5y + x.
const RHO: [u32; 25] = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];

/// The constants of iota (FIPS 202, section 3.2.5), a round each.
const IOTA: [u64; 24] = [
    0x0000000000000001,
    0x0000000000008082,
    0x800000000000808a,
    0x8000000080008000,
    0x000000000000808b,
    0x0000000080000001,
    0x8000000080008081,
    0x8000000000008009,
    0x000000000000008a,
    0x0000000000000088,
    0x0000000080008009,
    0x000000008000000a,
    0x000000008000808b,
    0x800000000000008b,
    0x8000000000008089,
    0x8000000000008003,
    0x8000000000008002,
    0x8000000000000080,
    0x000000000000800a,
    0x800000008000000a,
    0x8000000080008081,
    0x8000000000008080,
    0x0000000080000001,
    0x8000000080008008,
];

/// Keccak-256 of each message of `BYTES` bytes, 135 at most: 64 for the public key of an Ethereum address.
///
/// The padding is that of the original Keccak (submission to the SHA-3 competition, version 3), not the one of SHA3-256.
/// Messages and digests are taken for public: nothing is zeroized.
///
/// # Panics
/// If there are not as many digests as messages.
pub fn keccak256<const BYTES: usize>(path: CodePath, messages: &[[u8; BYTES]], digests: &mut [[u8; 32]]) {
    const { assert!(BYTES < 8 * RATE, "the message and its padding are one block") };
    assert_eq!(messages.len(), digests.len(), "a digest for each message");
    call!(path, keccak256(messages, digests));
}

/// The word `i`, less than `RATE`, of a message and its padding, which begins and ends with a bit.
#[inline]
fn padded_word<const BYTES: usize>(message: &[u8; BYTES], i: usize) -> u64 {
    let byte = |at| match message.get(8 * i + at) {
        Some(byte) => *byte,
        None => u8::from(8 * i + at == BYTES) | if 8 * i + at == 8 * RATE - 1 { 0x80 } else { 0 },
    };
    u64::from_le_bytes([byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7)])
}
