//! Eight lanes with AVX2.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

use std::arch::x86_64::*;

pub(super) const LANES: usize = 8;

type Vector = __m256i;

#[inline]
#[target_feature(enable = "avx2")]
fn load(lanes: &[u32; LANES]) -> Vector {
    // SAFETY: the array is the 32 bytes that are read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(lanes: &mut [u32; LANES], words: Vector) {
    // SAFETY: the array is the 32 bytes that are written, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), words) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat(word: u32) -> Vector {
    _mm256_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn swap_bytes(words: Vector) -> Vector {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    _mm256_shuffle_epi8(words, _mm256_broadcastsi128_si256(order))
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(x: Vector, y: Vector) -> Vector {
    _mm256_add_epi32(x, y)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor(x: Vector, y: Vector) -> Vector {
    _mm256_xor_si256(x, y)
}

#[inline]
#[target_feature(enable = "avx2")]
fn rotate_left(x: Vector, by: u32) -> Vector {
    xor(_mm256_sllv_epi32(x, splat(by)), _mm256_srlv_epi32(x, splat(32 - by)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift_right<const BY: i32>(x: Vector) -> Vector {
    _mm256_srli_epi32::<BY>(x)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(xor(x, y), z)
}

#[inline]
#[target_feature(enable = "avx2")]
fn choose(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(z, _mm256_and_si256(x, xor(y, z)))
}

// The exclusive or of `x` and `y` is that of `y` and `z` of the next round, which the compiler sees.
#[inline]
#[target_feature(enable = "avx2")]
fn majority(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(y, _mm256_and_si256(xor(x, y), xor(y, z)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn or_not_xor(x: Vector, y: Vector, z: Vector) -> Vector {
    // The complement of `y` without `x`.
    xor(_mm256_andnot_si256(x, y), xor(z, splat(u32::MAX)))
}

define_lanes!(target_feature(enable = "avx2"));
