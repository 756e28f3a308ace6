//! Eight lanes with AVX-512, which has a rotation and every function of three bits.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]

use std::arch::x86_64::*;

pub(super) const LANES: usize = 8;

type Vector = __m512i;

/// The functions of three bits, as the table that the instruction takes.
const XOR: i32 = 0x96;
const CHOOSE: i32 = 0xca;
const MAJORITY: i32 = 0xe8;

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

/// Words that follow each other in a message.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn read_words(bytes: &[u8; 8 * LANES]) -> Vector {
    let order = _mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607);
    // SAFETY: the array is the 64 bytes that are read, and the load asks for no alignment.
    let words = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) };
    _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(order))
}

/// Rows to columns: first of pairs of words, then of pairs of pairs.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn transpose([r0, r1, r2, r3, r4, r5, r6, r7]: [Vector; LANES]) -> [Vector; LANES] {
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;
    let low = [(r0, r1), (r2, r3), (r4, r5), (r6, r7)].map(|(x, y)| _mm512_unpacklo_epi64(x, y));
    let high = [(r0, r1), (r2, r3), (r4, r5), (r6, r7)].map(|(x, y)| _mm512_unpackhi_epi64(x, y));
    let mut columns = [r0; LANES];
    for (i, [p0, p1, p2, p3]) in [low, high].into_iter().enumerate() {
        let (even, even_rest) = (_mm512_shuffle_i64x2::<EVEN>(p0, p1), _mm512_shuffle_i64x2::<EVEN>(p2, p3));
        let (odd, odd_rest) = (_mm512_shuffle_i64x2::<ODD>(p0, p1), _mm512_shuffle_i64x2::<ODD>(p2, p3));
        columns[i] = _mm512_shuffle_i64x2::<EVEN>(even, even_rest);
        columns[i + 2] = _mm512_shuffle_i64x2::<EVEN>(odd, odd_rest);
        columns[i + 4] = _mm512_shuffle_i64x2::<ODD>(even, even_rest);
        columns[i + 6] = _mm512_shuffle_i64x2::<ODD>(odd, odd_rest);
    }
    columns
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn splat(word: u64) -> Vector {
    _mm512_set1_epi64(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add(x: Vector, y: Vector) -> Vector {
    _mm512_add_epi64(x, y)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor(x: Vector, y: Vector) -> Vector {
    _mm512_xor_si512(x, y)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn ch(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi64::<CHOOSE>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn maj(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi64::<MAJORITY>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor3(x: Vector, y: Vector, z: Vector) -> Vector {
    _mm512_ternarylogic_epi64::<XOR>(x, y, z)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn big_sigma0(x: Vector) -> Vector {
    xor3(_mm512_ror_epi64::<28>(x), _mm512_ror_epi64::<34>(x), _mm512_ror_epi64::<39>(x))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn big_sigma1(x: Vector) -> Vector {
    xor3(_mm512_ror_epi64::<14>(x), _mm512_ror_epi64::<18>(x), _mm512_ror_epi64::<41>(x))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn small_sigma0(x: Vector) -> Vector {
    xor3(_mm512_ror_epi64::<1>(x), _mm512_ror_epi64::<8>(x), _mm512_srli_epi64::<7>(x))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn small_sigma1(x: Vector) -> Vector {
    xor3(_mm512_ror_epi64::<19>(x), _mm512_ror_epi64::<61>(x), _mm512_srli_epi64::<6>(x))
}

define_lanes!(target_feature(enable = "avx512f,avx512bw"));
