//! The two compression functions, written once over the vectors of each code path.

/// Defines `hash160` for a module that has `Vector`, `LANES` and operations on vectors: a macro and not a trait, since the
/// methods of a trait cannot ask for instructions.
macro_rules! define_lanes {
    ($($target_feature:meta)?) => {
        use crate::hash160::constants::{LEFT, Line, RIGHT, RIPEMD_INITIAL, SHA256_INITIAL, SHA256_K};
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
                    store(&mut lanes, word);
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
            let mut w = [splat(0); 16];
            unroll!(I < 16 => {
                // What follows the message is constant, and the compiler computes what comes of it.
                if 4 * I <= BYTES {
                    w[I] = load(&std::array::from_fn(|lane| padded_word(&messages[lane], I)));
                }
            });
            w[15] = splat(BYTES as u32 * 8);

            let mut s = [splat(0); 8];
            for (s, word) in s.iter_mut().zip(SHA256_INITIAL) {
                *s = splat(word);
            }
            let [first, second, rest @ ..] = &SHA256_K;
            unroll!(I < 16 => {
                s = sha256_round(s, add(splat(first[I]), w[I]));
            });
            unroll!(I < 16 => {
                w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                s = sha256_round(s, add(splat(second[I]), w[I]));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = sha256_round(s, add(splat(k[I]), w[I]));
                });
            }
            for (s, word) in s.iter_mut().zip(SHA256_INITIAL) {
                *s = add(*s, splat(word));
            }
            s
        }

        #[inline]
        $(#[$target_feature])?
        fn sha256_round([a, b, c, d, e, f, g, h]: [Vector; 8], input: Vector) -> [Vector; 8] {
            let sum1 = xor3(rotate_left(e, 26), rotate_left(e, 21), rotate_left(e, 7));
            let sum0 = xor3(rotate_left(a, 30), rotate_left(a, 19), rotate_left(a, 10));
            let t1 = add(add(add(h, input), choose(e, f, g)), sum1);
            [add(t1, add(majority(a, b, c), sum0)), a, b, c, add(d, t1), e, f, g]
        }

        /// The message word sixteen rounds on (FIPS 180-4, section 6.2.2, step 1).
        #[inline]
        $(#[$target_feature])?
        fn schedule(w0: Vector, w1: Vector, w9: Vector, w14: Vector) -> Vector {
            let sigma0 = xor3(rotate_left(w1, 25), rotate_left(w1, 14), shift_right::<3>(w1));
            let sigma1 = xor3(rotate_left(w14, 15), rotate_left(w14, 13), shift_right::<10>(w14));
            add(add(add(w0, sigma0), w9), sigma1)
        }

        /// RIPEMD-160 of the digests of SHA-256.
        $(#[$target_feature])?
        fn ripemd160(digest: [Vector; 8]) -> [Vector; 5] {
            let mut x = [splat(0); 16];
            for (x, word) in x.iter_mut().zip(digest) {
                *x = swap_bytes(word);
            }
            x[8] = splat(0x80);
            x[14] = splat(256);

            let [h0, h1, h2, h3, h4] = RIPEMD_INITIAL;
            let initial = [splat(h0), splat(h1), splat(h2), splat(h3), splat(h4)];
            let (mut left, mut right) = (initial, initial);
            macro_rules! round {
                ($round:literal) => {
                    unroll!(I < 16 => {
                        left = step(left, &LEFT, $round, I, x[LEFT.words[$round][I]]);
                        right = step(right, &RIGHT, $round, I, x[RIGHT.words[$round][I]]);
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
                add(h1, add(c, i)),
                add(h2, add(d, j)),
                add(h3, add(e, f)),
                add(h4, add(a, g)),
                add(h0, add(b, h)),
            ]
        }

        /// A step of a line, of which `round` and `i` are known to the compiler.
        #[inline]
        $(#[$target_feature])?
        fn step([a, b, c, d, e]: [Vector; 5], line: &Line, round: usize, i: usize, word: Vector) -> [Vector; 5] {
            let f = match line.functions[round] {
                0 => xor3(b, c, d),
                1 => choose(b, c, d),
                2 => or_not_xor(b, c, d),
                3 => choose(d, b, c),
                _ => or_not_xor(c, d, b),
            };
            let sum = add(add(a, f), add(word, splat(line.constants[round])));
            [e, add(rotate_left(sum, line.rotations[round][i]), e), b, rotate_left(c, 10), d]
        }
    };
}
