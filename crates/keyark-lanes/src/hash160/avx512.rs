//! Sixteen lanes with AVX-512.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

use std::arch::x86_64::*;

pub(super) const LANES: usize = 16;

type Vector = __m512i;

/// The functions of three bits, as the table that the instruction takes.
const XOR: i32 = 0x96;
const CHOOSE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;
const OR_NOT_XOR: i32 = 0x59;

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(lanes: &[u32; LANES]) -> Vector {
    // SAFETY: the array is the 64 bytes that are read, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn store(lanes: &mut [u32; LANES], words: Vector) {
    // SAFETY: the array is the 64 bytes that are written, and the store asks for no alignment.
    unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), words) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn splat(word: u32) -> Vector {
    _mm512_set1_epi32(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn swap_bytes(words: Vector) -> Vector {
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(order))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add(x: Vector, y: Vector) -> Vector {
    _mm512_add_epi32(x, y)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn rotate_left(x: Vector, by: u32) -> Vector {
    _mm512_rolv_epi32(x, splat(by))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn shift_right<const BY: u32>(x: Vector) -> Vector {
    _mm512_srli_epi32::<BY>(x)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<XOR>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn choose(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<CHOOSE>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn majority(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<MAJORITY>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn or_not_xor(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi32::<OR_NOT_XOR>(x, y, z)
}

define_lanes!(target_feature(enable = "avx512f,avx512bw"));
