//! Four lanes with AVX2, which has no rotation: two shifts are one, and a shuffle of bytes where it is by whole bytes.
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

/// Words that follow each other in a message.
#[inline]
#[target_feature(enable = "avx2")]
fn read_words(bytes: &[u8; 8 * LANES]) -> Vector {
    let order = _mm_set_epi64x(0x0809_0a0b_0c0d_0e0f, 0x0001_0203_0405_0607);
    // SAFETY: the array is the 32 bytes that are read, and the load asks for no alignment.
    let words = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
    _mm256_shuffle_epi8(words, _mm256_broadcastsi128_si256(order))
}

/// Rows to columns: first of pairs of words, then of the pairs.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose([r0, r1, r2, r3]: [Vector; LANES]) -> [Vector; LANES] {
    const LOW: i32 = 0x20;
    const HIGH: i32 = 0x31;
    let (even, even_rest) = (_mm256_unpacklo_epi64(r0, r1), _mm256_unpacklo_epi64(r2, r3));
    let (odd, odd_rest) = (_mm256_unpackhi_epi64(r0, r1), _mm256_unpackhi_epi64(r2, r3));
    [
        _mm256_permute2x128_si256::<LOW>(even, even_rest),
        _mm256_permute2x128_si256::<LOW>(odd, odd_rest),
        _mm256_permute2x128_si256::<HIGH>(even, even_rest),
        _mm256_permute2x128_si256::<HIGH>(odd, odd_rest),
    ]
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat(word: u64) -> Vector {
    _mm256_set1_epi64x(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(x: Vector, y: Vector) -> Vector {
    _mm256_add_epi64(x, y)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor(x: Vector, y: Vector) -> Vector {
    _mm256_xor_si256(x, y)
}

#[inline]
#[target_feature(enable = "avx2")]
fn ch(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(z, _mm256_and_si256(x, xor(y, z)))
}

// The exclusive or of `x` and `y` is that of `y` and `z` of the next round, which the compiler sees.
#[inline]
#[target_feature(enable = "avx2")]
fn maj(x: Vector, y: Vector, z: Vector) -> Vector {
    xor(y, _mm256_and_si256(xor(x, y), xor(y, z)))
}

/// The rotation by RIGHT, of which LEFT is the rest to 64.
#[inline]
#[target_feature(enable = "avx2")]
fn rotate<const RIGHT: i32, const LEFT: i32>(x: Vector) -> Vector {
    const { assert!(RIGHT + LEFT == 64) };
    xor(_mm256_srli_epi64::<RIGHT>(x), _mm256_slli_epi64::<LEFT>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn rotate_byte(x: Vector) -> Vector {
    let each = _mm_set_epi64x(0x080f_0e0d_0c0b_0a09, 0x0007_0605_0403_0201);
    _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(each))
}

#[inline]
#[target_feature(enable = "avx2")]
fn big_sigma0(x: Vector) -> Vector {
    xor(xor(rotate::<28, 36>(x), rotate::<34, 30>(x)), rotate::<39, 25>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn big_sigma1(x: Vector) -> Vector {
    xor(xor(rotate::<14, 50>(x), rotate::<18, 46>(x)), rotate::<41, 23>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma0(x: Vector) -> Vector {
    xor(xor(rotate::<1, 63>(x), rotate_byte(x)), _mm256_srli_epi64::<7>(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn small_sigma1(x: Vector) -> Vector {
    xor(xor(rotate::<19, 45>(x), rotate::<61, 3>(x)), _mm256_srli_epi64::<6>(x))
}

define_lanes!(target_feature(enable = "avx2"));
