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
fn splat(word: u64) -> Vector {
    word
}

#[inline]
fn xor(x: Vector, y: Vector) -> Vector {
    x ^ y
}

#[inline]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    x ^ y ^ z
}

#[inline]
fn rotate_left(x: Vector, by: u32) -> Vector {
    x.rotate_left(by)
}

#[inline]
fn chi(x: Vector, y: Vector, z: Vector) -> Vector {
    x ^ (!y & z)
}

define_lanes!();
