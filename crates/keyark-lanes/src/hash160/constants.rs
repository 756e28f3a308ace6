//! The numbers of SHA-256 (FIPS 180-4) and of RIPEMD-160 (Dobbertin, Bosselaers, Preneel: RIPEMD-160, a strengthened
//! version of RIPEMD, 1996).

/// The initial hash value of SHA-256 (FIPS 180-4, section 5.3.3).
pub(super) const SHA256_INITIAL: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The constants of the rounds of SHA-256 (FIPS 180-4, section 4.2.2), sixteen to a row.
pub(super) const SHA256_K: [[u32; 16]; 4] = [
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
        0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    ],
    [
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
        0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    ],
    [
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1,
        0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    ],
    [
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
        0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ],
];

/// The initial chaining value of RIPEMD-160.
pub(super) const RIPEMD_INITIAL: [u32; 5] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/// What is different between the two lines of RIPEMD-160, for each of the five rounds.
pub(super) struct Line {
    /// The function of each round: an index, from 0, of those of the paper.
    pub(super) functions: [usize; 5],
    pub(super) constants: [u32; 5],
    /// Which message word each step takes.
    pub(super) words: [[usize; 16]; 5],
}

pub(super) const LEFT: Line = Line {
    functions: [0, 1, 2, 3, 4],
    constants: [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e],
    words: words_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
};

pub(super) const RIGHT: Line = Line {
    functions: [4, 3, 2, 1, 0],
    constants: [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0],
    words: words_from([5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12]),
};

/// How far a step of each round rotates, by the message word that it takes: the same in both lines.
pub(super) const SHIFTS: [[u32; 16]; 5] = [
    [11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8],
    [12, 13, 11, 15, 6, 9, 9, 7, 12, 15, 11, 13, 7, 8, 7, 7],
    [13, 15, 14, 11, 7, 7, 6, 8, 13, 14, 13, 12, 5, 5, 6, 9],
    [14, 11, 12, 14, 8, 6, 5, 5, 15, 12, 15, 14, 9, 9, 8, 6],
    [15, 12, 13, 13, 9, 5, 8, 6, 14, 11, 12, 11, 8, 6, 5, 5],
];

/// The permutation of message words from one round to the next, in both lines.
const RHO: [usize; 16] = [7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8];

/// The message words of the five rounds, of which these are the first round's.
#[allow(clippy::indexing_slicing, reason = "constants, and places within them")]
const fn words_from(first: [usize; 16]) -> [[usize; 16]; 5] {
    let mut words = [first; 5];
    let mut step = 16;
    while step < 80 {
        words[step / 16][step % 16] = RHO[words[step / 16 - 1][step % 16]];
        step += 1;
    }
    words
}
