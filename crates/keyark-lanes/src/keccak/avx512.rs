//! Eight lanes with AVX-512.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

use std::arch::x86_64::*;

pub(super) const LANES: usize = 8;

type Vector = __m512i;

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(lanes: &[u64; LANES]) -> Vector {
    // SAFETY: the array is the 64 bytes that are read, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn store(lanes: &mut [u64; LANES], words: Vector) {
    // SAFETY: the array is the 64 bytes that are written, and the store asks for no alignment.
    unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), words) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn splat(word: u64) -> Vector {
    _mm512_set1_epi64(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor(x: Vector, y: Vector) -> Vector {
    _mm512_xor_si512(x, y)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi64::<0x96>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rotate_left(x: Vector, by: u32) -> Vector {
    _mm512_rolv_epi64(x, splat(by.into()))
}

/// `x ^ (!y & z)`, by the table that the instruction takes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn chi(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi64::<0xd2>(x, y, z)
}

define_lanes!(target_feature(enable = "avx512f,avx512bw"));
