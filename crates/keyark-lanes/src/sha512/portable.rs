//! One lane in plain Rust.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

pub(super) const LANES: usize = 1;

type Vector = u64;

#[inline]
fn load(&[word]: &[u64; LANES]) -> Vector {
    word
}

#[inline]
fn store(lanes: &mut [u64; LANES], word: Vector) {
    *lanes = [word];
}

#[inline]
fn read_words(bytes: &[u8; 8 * LANES]) -> Vector {
    u64::from_be_bytes(*bytes)
}

#[inline]
fn transpose(rows: [Vector; LANES]) -> [Vector; LANES] {
    rows
}

#[inline]
fn splat(word: u64) -> Vector {
    word
}

#[inline]
fn add(x: Vector, y: Vector) -> Vector {
    x.wrapping_add(y)
}

#[inline]
fn xor(x: Vector, y: Vector) -> Vector {
    x ^ y
}

#[inline]
fn ch(x: Vector, y: Vector, z: Vector) -> Vector {
    z ^ (x & (y ^ z))
}

#[inline]
fn maj(x: Vector, y: Vector, z: Vector) -> Vector {
    y ^ ((x ^ y) & (y ^ z))
}

#[inline]
fn big_sigma0(x: Vector) -> Vector {
    x.rotate_right(28) ^ x.rotate_right(34) ^ x.rotate_right(39)
}

#[inline]
fn big_sigma1(x: Vector) -> Vector {
    x.rotate_right(14) ^ x.rotate_right(18) ^ x.rotate_right(41)
}

#[inline]
fn small_sigma0(x: Vector) -> Vector {
    x.rotate_right(1) ^ x.rotate_right(8) ^ (x >> 7)
}

#[inline]
fn small_sigma1(x: Vector) -> Vector {
    x.rotate_right(19) ^ x.rotate_right(61) ^ (x >> 6)
}

define_lanes!();
