//! RIPEMD-160 of SHA-256 of many short messages of one length at once: what Bitcoin makes addresses of.

#[macro_use]
mod rounds;
mod constants;

use crate::CodePath;
use crate::vectors::{call, for_each_path};

for_each_path!(define_hash160 over U32);

/// RIPEMD-160 of SHA-256 of each message of `BYTES` bytes, 55 at most: 33 for a compressed public key, 22 for the script of
/// P2WPKH in P2SH (BIP-141).
///
/// Messages and hashes are taken for public: nothing is zeroized.
///
/// # Panics
/// If there are not as many hashes as messages.
pub fn hash160<const BYTES: usize>(path: CodePath, messages: &[[u8; BYTES]], hashes: &mut [[u8; 20]]) {
    const { assert!(BYTES <= 55, "the message and its padding are one block") };
    assert_eq!(messages.len(), hashes.len(), "a hash for each message");
    call!(path, hash160(messages, hashes));
}

/// The word `i`, less than 14, of a message and the bit that ends it.
#[inline]
fn padded_word<const BYTES: usize>(message: &[u8; BYTES], i: usize) -> u32 {
    let byte = |at| message.get(at).copied().unwrap_or(if at == BYTES { 0x80 } else { 0 });
    u32::from_be_bytes([byte(4 * i), byte(4 * i + 1), byte(4 * i + 2), byte(4 * i + 3)])
}
