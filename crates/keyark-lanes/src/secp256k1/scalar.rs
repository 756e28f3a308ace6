//! Scalars: integers modulo the order n of the group (SEC 2, section 2.4.1).

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::point::NoKey;
use crate::CodePath;

/// The order n in words of 64 bits, the lowest first.
pub(super) const ORDER: [u64; 4] =
    [0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff];

/// Writes `out[i]` = `first[i]` + `second[i]` mod n, all of them as 32 big-endian bytes: the private children of BIP-32.
/// A time that depends on nothing but the number of scalars and which of them have no sum.
///
/// `out[i]` is [`NoKey::AboveOrder`] when either scalar is n or more, and [`NoKey::Zero`] when the sum is 0. A scalar of
/// 0 is added like any other.
///
/// # Panics
/// If the slices are not of one length.
pub fn add_scalars(_path: CodePath, first: &[[u8; 32]], second: &[[u8; 32]], out: &mut [Result<[u8; 32], NoKey>]) {
    assert_eq!(first.len(), second.len(), "as many scalars on one side as on the other");
    assert_eq!(first.len(), out.len(), "as many results as scalars");
    for ((first, second), out) in first.iter().zip(second).zip(out) {
        *out = add(Words(be_words(first)), Words(be_words(second)));
    }
}

/// Words that are wiped when they are done with.
#[derive(Zeroize, ZeroizeOnDrop)]
struct Words([u64; 4]);

fn add(first: Words, second: Words) -> Result<[u8; 32], NoKey> {
    let below = is_below(&first.0, &ORDER) & is_below(&second.0, &ORDER);
    let (sum, carry) = add_words(&first.0, &second.0);
    let sum = Words(sum);
    let (less, borrow) = sub_words(&sum.0, &ORDER);
    let less = Words(less);
    // The sum is below n when taking n away borrows more than the addition carried. The mask is hidden from the compiler,
    // which might make a branch of it.
    let keep = std::hint::black_box(u64::from(borrow & !carry).wrapping_neg());
    let mut reduced = Words([0; 4]);
    for ((word, sum), less) in reduced.0.iter_mut().zip(&sum.0).zip(&less.0) {
        *word = sum & keep | less & !keep;
    }
    let zero = reduced.0.iter().fold(0, |all, word| all | word) == 0;
    match (below, zero) {
        (false, _) => Err(NoKey::AboveOrder),
        (true, true) => Err(NoKey::Zero),
        (true, false) => Ok(be_bytes(&reduced.0)),
    }
}

/// The words of 32 big-endian bytes, the lowest first.
#[inline]
pub(super) fn be_words(bytes: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().rev().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_be_bytes(*chunk);
    }
    words
}

/// The 32 big-endian bytes of `words`, the lowest first.
#[inline]
pub(super) fn be_bytes(words: &[u64; 4]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words.iter().rev()) {
        *chunk = word.to_be_bytes();
    }
    bytes
}

/// Whether `value` is below `bound`, without a branch.
#[inline]
pub(super) fn is_below(value: &[u64; 4], bound: &[u64; 4]) -> bool {
    sub_words(value, bound).1
}

/// The sum modulo 2^(64·N), and whether it carries.
#[inline]
pub(super) fn add_words<const N: usize>(first: &[u64; N], second: &[u64; N]) -> ([u64; N], bool) {
    let mut carry = false;
    let mut sum = [0; N];
    for ((word, a), b) in sum.iter_mut().zip(first).zip(second) {
        (*word, carry) = a.carrying_add(*b, carry);
    }
    (sum, carry)
}

/// The difference modulo 2^(64·N), and whether it borrows.
#[inline]
pub(super) fn sub_words<const N: usize>(first: &[u64; N], second: &[u64; N]) -> ([u64; N], bool) {
    let mut borrow = false;
    let mut difference = [0; N];
    for ((word, a), b) in difference.iter_mut().zip(first).zip(second) {
        (*word, borrow) = a.borrowing_sub(*b, borrow);
    }
    (difference, borrow)
}
