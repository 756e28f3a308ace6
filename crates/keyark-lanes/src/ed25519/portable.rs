//! One key after another, in plain Rust.

use zeroize::Zeroize;

use super::digits::{Digits, WINDOWS, sign_and_index};
use super::field::Field;
use super::point::Projective;
use super::table::{Entry, Table};

/// The keys that share an inversion.
const BLOCK: usize = 256;

/// The keys of `scalars`, of which there are as many as `keys`.
#[inline(always)] // so that it is compiled for the instructions of the caller
pub(super) fn public_keys(table: &Table, scalars: &[[u8; 32]], keys: &mut [[u8; 32]]) {
    let length = scalars.len().min(BLOCK);
    let mut points = vec![Projective { x: Field::ZERO, y: Field::ZERO, z: Field::ONE }; length];
    let mut inverses = vec![Field::ZERO; length];
    let mut scratch = vec![Field::ZERO; length];
    let mut parts = Parts::default();
    for (scalars, keys) in scalars.chunks(BLOCK).zip(keys.chunks_mut(BLOCK)) {
        for ((point, inverse), scalar) in points.iter_mut().zip(&mut inverses).zip(scalars) {
            parts.read(table, scalar);
            *point = parts.sum();
            *inverse = point.z;
        }
        // In a last, shorter block the rest still holds inverses of the one before, which are not zero.
        Field::invert_all(&mut inverses, &mut scratch);
        for ((point, inverse), key) in points.iter().zip(&inverses).zip(keys) {
            *key = compress(point.x.times(*inverse), point.y.times(*inverse));
        }
    }
    parts.zeroize();
    points.zeroize();
    inverses.zeroize();
    scratch.zeroize();
}

/// The entries that a scalar's digits stand for.
#[derive(Default, Zeroize)]
struct Parts {
    top: Entry,
    windows: [Entry; WINDOWS],
    negative: [bool; WINDOWS],
}

impl Parts {
    /// Reads all entries at once: they are far apart, and none should wait for the addition of another.
    #[inline(always)]
    fn read(&mut self, table: &Table, scalar: &[u8; 32]) {
        let mut digits = Digits::of(scalar);
        self.top = *table.top(digits.top);
        let parts = self.windows.iter_mut().zip(&mut self.negative);
        for (((entry, negative), window), digit) in parts.zip(table.windows()).zip(digits.windows) {
            let index;
            (*negative, index) = sign_and_index(digit);
            #[allow(clippy::indexing_slicing)] // `index` is masked
            {
                *entry = window[index];
            }
        }
        digits.zeroize();
    }

    /// The clamped scalar times the base point.
    #[inline(always)]
    fn sum(&self) -> Projective {
        let mut point = self.top.point();
        for (entry, negative) in self.windows.iter().zip(self.negative) {
            point = point.add(&entry.addend(negative)).point();
        }
        point.projective()
    }
}

/// A point's 32 bytes: y, and the lowest bit of x at the top (RFC 8032, section 5.1.2).
fn compress(x: Field, y: Field) -> [u8; 32] {
    let [odd, ..] = x.canonical().0;
    let [a, b, c, d] = y.to_words();
    let mut key = [0; 32];
    for (bytes, word) in key.as_chunks_mut().0.iter_mut().zip([a, b, c, d | odd << 63]) {
        *bytes = word.to_le_bytes();
    }
    key
}
