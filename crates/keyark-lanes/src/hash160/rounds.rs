//! The two compression functions, written once over the vectors of each code path.

/// Defines `hash160` for a module of [`for_each_path`].
macro_rules! define_hash160 {
    ($($target_feature:meta)?) => {
        use crate::hash160::constants::{LEFT, Line, RIGHT, RIPEMD_INITIAL, SHA256_INITIAL, SHA256_K, SHIFTS};
        use crate::hash160::padded_word;
        use crate::unroll::unroll;

        $(#[$target_feature])?
        pub(super) fn hash160<const BYTES: usize>(messages: &[[u8; BYTES]], hashes: &mut [[u8; 20]]) {
            for (messages, hashes) in messages.chunks(LANES).zip(hashes.chunks_mut(LANES)) {
                let mut lanes = [[0; BYTES]; LANES];
                for (lane, message) in lanes.iter_mut().zip(messages) {
                    *lane = *message;
                }
                let words = ripemd160(sha256(&lanes)).map(|word| {
                    let mut lanes = [0; LANES];
                    word.store(&mut lanes);
                    lanes
                });
                for (lane, hash) in hashes.iter_mut().enumerate() {
                    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(&words) {
                        *bytes = word[lane].to_le_bytes();
                    }
                }
            }
        }

        /// SHA-256 (FIPS 180-4, section 6.2) of messages of one block.
        $(#[$target_feature])?
        fn sha256<const BYTES: usize>(messages: &[[u8; BYTES]; LANES]) -> [Vector; 8] {
            let mut w = [Vector::splat(0); 16];
            unroll!(I < 16 => {
                // What follows the message is constant, and the compiler computes what comes of it.
                if 4 * I <= BYTES {
                    w[I] = Vector::load(&std::array::from_fn(|lane| padded_word(&messages[lane], I)));
                }
            });
            w[15] = Vector::splat(BYTES as u32 * 8);

            let mut s = [Vector::splat(0); 8];
            for (s, word) in s.iter_mut().zip(SHA256_INITIAL) {
                *s = Vector::splat(word);
            }
            let [first, second, rest @ ..] = &SHA256_K;
            unroll!(I < 16 => {
                s = sha256_round(s, Vector::splat(first[I]).plus(w[I]));
            });
            unroll!(I < 16 => {
                w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                s = sha256_round(s, Vector::splat(second[I]).plus(w[I]));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = sha256_round(s, Vector::splat(k[I]).plus(w[I]));
                });
            }
            for (s, word) in s.iter_mut().zip(SHA256_INITIAL) {
                *s = s.plus(Vector::splat(word));
            }
            s
        }

        #[inline]
        $(#[$target_feature])?
        fn sha256_round([a, b, c, d, e, f, g, h]: [Vector; 8], input: Vector) -> [Vector; 8] {
            let sum1 = e.rotate_right(6).xor3(e.rotate_right(11), e.rotate_right(25));
            let sum0 = a.rotate_right(2).xor3(a.rotate_right(13), a.rotate_right(22));
            let t1 = h.plus(input).plus(e.choose(f, g)).plus(sum1);
            let t2 = a.majority(b, c).plus(sum0);
            [t1.plus(t2), a, b, c, d.plus(t1), e, f, g]
        }

        /// The message word sixteen rounds on (FIPS 180-4, section 6.2.2, step 1).
        #[inline]
        $(#[$target_feature])?
        fn schedule(w0: Vector, w1: Vector, w9: Vector, w14: Vector) -> Vector {
            let sigma0 = w1.rotate_right(7).xor3(w1.rotate_right(18), w1.shift_right(3));
            let sigma1 = w14.rotate_right(17).xor3(w14.rotate_right(19), w14.shift_right(10));
            w0.plus(sigma0).plus(w9).plus(sigma1)
        }

        /// RIPEMD-160 of the digests of SHA-256.
        $(#[$target_feature])?
        fn ripemd160(digest: [Vector; 8]) -> [Vector; 5] {
            let mut x = [Vector::splat(0); 16];
            for (x, word) in x.iter_mut().zip(digest) {
                *x = word.swap_bytes();
            }
            x[8] = Vector::splat(0x80);
            x[14] = Vector::splat(256);

            let initial = RIPEMD_INITIAL.map(|word| Vector::splat(word));
            let (mut left, mut right) = (initial, initial);
            macro_rules! round {
                ($round:literal) => {
                    unroll!(I < 16 => {
                        const L: usize = LEFT.words[$round][I];
                        const R: usize = RIGHT.words[$round][I];
                        left = step(left, &LEFT, $round, x[L], SHIFTS[$round][L]);
                        right = step(right, &RIGHT, $round, x[R], SHIFTS[$round][R]);
                    });
                };
            }
            round!(0);
            round!(1);
            round!(2);
            round!(3);
            round!(4);
            let ([h0, h1, h2, h3, h4], [a, b, c, d, e], [f, g, h, i, j]) = (initial, left, right);
            [
                h1.plus(c).plus(i),
                h2.plus(d).plus(j),
                h3.plus(e).plus(f),
                h4.plus(a).plus(g),
                h0.plus(b).plus(h),
            ]
        }

        /// A step of a line, of which `round` and `shift` are known to the compiler.
        #[inline]
        $(#[$target_feature])?
        fn step([a, b, c, d, e]: [Vector; 5], line: &Line, round: usize, word: Vector, shift: u32) -> [Vector; 5] {
            let f = match line.functions[round] {
                0 => b.xor3(c, d),
                1 => b.choose(c, d),
                2 => b.or_not_xor(c, d),
                3 => d.choose(b, c),
                _ => c.or_not_xor(d, b),
            };
            let sum = a.plus(f).plus(word.plus(Vector::splat(line.constants[round])));
            [e, sum.rotate_left(shift).plus(e), b, c.rotate_left(10), d]
        }
    };
}
