//! The compression function, written once over the vectors of each code path.

/// Defines `compress` and `iterate` for a module that has `Vector`, `LANES` and the operations of FIPS 180-4, section
/// 4.1.3 on vectors: a macro and not a trait, since the methods of a trait cannot ask for instructions.
macro_rules! define_lanes {
    ($($target_feature:meta)?) => {
        use crate::sha512::constants::K;
        use crate::sha512::{Block, Bytes, Digests, Keys, Words};
        use crate::unroll::unroll;

        /// The compression function (FIPS 180-4, section 6.4.2).
        $(#[$target_feature])?
        pub(super) fn compress(states: &mut Digests<LANES>, block: &Block<LANES>) {
            let before = load_all(states);
            let mut w = load_all(block);
            let mut s = before;
            let [first, rest @ ..] = &K;
            unroll!(I < 16 => {
                s = round(s, add(s[7], add(splat(first[I]), w[I])));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = round(s, add(s[7], add(splat(k[I]), w[I])));
                });
            }
            store_all(states, add_all(before, s));
        }

        /// The words of the bytes of blocks, a square of lanes and words at a time.
        $(#[$target_feature])?
        pub(super) fn read(bytes: &Bytes<LANES>, block: &mut Block<LANES>) {
            for (square, words) in block.0.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut rows = [splat(0); LANES];
                for (row, bytes) in rows.iter_mut().zip(&bytes.0) {
                    *row = read_words(&bytes.as_chunks().0[square]);
                }
                for (words, column) in words.iter_mut().zip(transpose(rows)) {
                    store(words, column);
                }
            }
        }

        /// Iterations of PBKDF2 (RFC 8018, section 5.2): `chained` goes from U_c to U_(c + iterations), and what comes on the
        /// way is added to `sums`, the exclusive or of them all.
        $(#[$target_feature])?
        pub(super) fn iterate(
            keys: &Keys<LANES>,
            chained: &mut Digests<LANES>,
            sums: &mut Digests<LANES>,
            iterations: u32,
        ) {
            let (inner, outer) = (Start::new(&keys.inner), Start::new(&keys.outer));
            for _ in 0..iterations {
                compress_digest(&inner, chained);
                compress_digest(&outer, chained);
                for (sum, word) in sums.0.iter_mut().zip(&chained.0) {
                    store(sum, xor(load(sum), load(word)));
                }
            }
        }

        /// A state from which a block of one digest is compressed, with what the first rounds make of the state alone.
        struct Start {
            state: Digests<LANES>,
            /// `a` and `e` after round 0, but for the message word.
            first: Words<LANES, 2>,
            /// `h` and the constant of rounds 1, 2 and 3.
            next: Words<LANES, 3>,
        }

        impl Start {
            $(#[$target_feature])?
            fn new(state: &Digests<LANES>) -> Self {
                let s = load_all(state);
                let [a, _, _, _, e, ..] = round(s, add(s[7], splat(K[0][0])));
                let (mut first, mut next) = (Words::zero(), Words::zero());
                store_all(&mut first, [a, e]);
                store_all(&mut next, [add(s[6], splat(K[0][1])), add(s[5], splat(K[0][2])), add(s[4], splat(K[0][3]))]);
                Self { state: state.clone(), first, next }
            }
        }

        /// The compression of a block that is a digest and the padding of a message of 192 bytes, as every HMAC of a digest
        /// ends. The result takes the digest's place.
        // One copy for both halves of HMAC: two are more than some processors keep decoded.
        #[inline(never)]
        $(#[$target_feature])?
        fn compress_digest(start: &Start, digest: &mut Digests<LANES>) {
            // What the rounds and the schedule make of the constant words is computed by the compiler.
            let [w0, w1, w2, w3, w4, w5, w6, w7] = load_all(digest);
            let (end, zero, bits) = (splat(1 << 63), splat(0), splat(192 * 8));
            let mut w = [w0, w1, w2, w3, w4, w5, w6, w7, end, zero, zero, zero, zero, zero, zero, bits];

            let before = load_all(&start.state);
            let [a, b, c, _, e, f, g, _] = before;
            let ([a0, e0], [h1, h2, h3]) = (load_all(&start.first), load_all(&start.next));
            let mut s = [add(a0, w0), a, b, c, add(e0, w0), e, f, g];
            s = round(s, add(h1, w1));
            s = round(s, add(h2, w2));
            s = round(s, add(h3, w3));
            let [first, second, rest @ ..] = &K;
            unroll!(I < 16 => {
                if I > 3 {
                    s = round(s, add(s[7], add(splat(first[I]), w[I])));
                }
            });
            unroll!(I < 16 => {
                w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                s = round(s, add(s[7], add(splat(second[I]), w[I])));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = round(s, add(s[7], add(splat(k[I]), w[I])));
                });
            }
            store_all(digest, add_all(before, s));
        }

        #[inline]
        $(#[$target_feature])?
        fn load_all<const WORDS: usize>(words: &Words<LANES, WORDS>) -> [Vector; WORDS] {
            let mut loaded = [splat(0); WORDS];
            for (loaded, words) in loaded.iter_mut().zip(&words.0) {
                *loaded = load(words);
            }
            loaded
        }

        #[inline]
        $(#[$target_feature])?
        fn store_all<const WORDS: usize>(words: &mut Words<LANES, WORDS>, from: [Vector; WORDS]) {
            for (words, from) in words.0.iter_mut().zip(from) {
                store(words, from);
            }
        }

        #[inline]
        $(#[$target_feature])?
        fn add_all(mut x: [Vector; 8], y: [Vector; 8]) -> [Vector; 8] {
            for (x, y) in x.iter_mut().zip(y) {
                *x = add(*x, y);
            }
            x
        }

        /// One round, of which `input` is h + K + W.
        #[inline]
        $(#[$target_feature])?
        fn round([a, b, c, d, e, f, g, _]: [Vector; 8], input: Vector) -> [Vector; 8] {
            let t1 = add(add(input, ch(e, f, g)), big_sigma1(e));
            let t2 = add(maj(a, b, c), big_sigma0(a));
            [add(t1, t2), a, b, c, add(d, t1), e, f, g]
        }

        /// The message word sixteen rounds on (FIPS 180-4, section 6.4.2, step 1).
        #[inline]
        $(#[$target_feature])?
        fn schedule(w0: Vector, w1: Vector, w9: Vector, w14: Vector) -> Vector {
            add(add(add(w0, small_sigma0(w1)), w9), small_sigma1(w14))
        }
    };
}
