//! One lane in plain Rust.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

pub(super) const LANES: usize = 1;

type Vector = u32;

#[inline]
fn load(&[word]: &[u32; LANES]) -> Vector {
    word
}

#[inline]
fn store(lanes: &mut [u32; LANES], word: Vector) {
    *lanes = [word];
}

#[inline]
fn splat(word: u32) -> Vector {
    word
}

#[inline]
fn swap_bytes(word: Vector) -> Vector {
    word.swap_bytes()
}

#[inline]
fn add(x: Vector, y: Vector) -> Vector {
    x.wrapping_add(y)
}

#[inline]
fn rotate_left(x: Vector, by: u32) -> Vector {
    x.rotate_left(by)
}

#[inline]
fn shift_right<const BY: u32>(x: Vector) -> Vector {
    x >> BY
}

#[inline]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    x ^ y ^ z
}

#[inline]
fn choose(x: Vector, y: Vector, z: Vector) -> Vector {
    z ^ (x & (y ^ z))
}

#[inline]
fn majority(x: Vector, y: Vector, z: Vector) -> Vector {
    y ^ ((x ^ y) & (y ^ z))
}

#[inline]
fn or_not_xor(x: Vector, y: Vector, z: Vector) -> Vector {
    (x | !y) ^ z
}

define_lanes!();
