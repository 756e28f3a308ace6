//! Four lanes with AVX2.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

use std::arch::x86_64::*;

pub(super) const LANES: usize = 4;

type Vector = __m256i;

#[inline]
#[target_feature(enable = "avx2")]
fn load(lanes: &[u64; LANES]) -> Vector {
    // SAFETY: the array is the 32 bytes that are read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(lanes: &mut [u64; LANES], words: Vector) {
    // SAFETY: the array is the 32 bytes that are written, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), words) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat(word: u64) -> Vector {
    _mm256_set1_epi64x(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor(x: Vector, y: Vector) -> Vector {
    _mm256_xor_si256(x, y)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(xor(x, y), z)
}

#[inline]
#[target_feature(enable = "avx2")]
fn rotate_left(x: Vector, by: u32) -> Vector {
    xor(_mm256_sllv_epi64(x, splat(by.into())), _mm256_srlv_epi64(x, splat((64 - by).into())))
}

#[inline]
#[target_feature(enable = "avx2")]
fn chi(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(x, _mm256_andnot_si256(y, z))
}

define_lanes!(target_feature(enable = "avx2"));
