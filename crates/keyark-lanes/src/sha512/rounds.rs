//! The compression function, written once over the vectors of each code path.

/// Defines `compress`, `read` and `iterate` for a module of [`for_each_path`].
macro_rules! define_sha512 {
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
                s = round(s, s[7].plus(Vector::splat(first[I]).plus(w[I])));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = round(s, s[7].plus(Vector::splat(k[I]).plus(w[I])));
                });
            }
            store_all(states, add_all(before, s));
        }

        /// The words of the bytes of blocks, a square of lanes and words at a time.
        $(#[$target_feature])?
        pub(super) fn read(bytes: &Bytes<LANES>, block: &mut Block<LANES>) {
            for (square, words) in block.0.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut rows = [Vector::splat(0); LANES];
                for (row, bytes) in rows.iter_mut().zip(&bytes.0) {
                    *row = Vector::read(&bytes.as_chunks().0[square]);
                }
                for (words, column) in words.iter_mut().zip(Vector::transpose(rows)) {
                    column.store(words);
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
                    Vector::load(sum).xor(Vector::load(word)).store(sum);
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
                let [a, _, _, _, e, ..] = round(s, s[7].plus(Vector::splat(K[0][0])));
                let (mut first, mut next) = (Words::zero(), Words::zero());
                store_all(&mut first, [a, e]);
                let [k1, k2, k3] = [K[0][1], K[0][2], K[0][3]].map(|k| Vector::splat(k));
                store_all(&mut next, [s[6].plus(k1), s[5].plus(k2), s[4].plus(k3)]);
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
            let (end, zero, bits) = (Vector::splat(1 << 63), Vector::splat(0), Vector::splat(192 * 8));
            let mut w = [w0, w1, w2, w3, w4, w5, w6, w7, end, zero, zero, zero, zero, zero, zero, bits];

            let before = load_all(&start.state);
            let [a, b, c, _, e, f, g, _] = before;
            let ([a0, e0], [h1, h2, h3]) = (load_all(&start.first), load_all(&start.next));
            let mut s = [a0.plus(w0), a, b, c, e0.plus(w0), e, f, g];
            s = round(s, h1.plus(w1));
            s = round(s, h2.plus(w2));
            s = round(s, h3.plus(w3));
            let [first, second, rest @ ..] = &K;
            unroll!(I < 16 => {
                if I > 3 {
                    s = round(s, s[7].plus(Vector::splat(first[I]).plus(w[I])));
                }
            });
            unroll!(I < 16 => {
                w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                s = round(s, s[7].plus(Vector::splat(second[I]).plus(w[I])));
            });
            for k in rest {
                unroll!(I < 16 => {
                    w[I] = schedule(w[I], w[(I + 1) % 16], w[(I + 9) % 16], w[(I + 14) % 16]);
                    s = round(s, s[7].plus(Vector::splat(k[I]).plus(w[I])));
                });
            }
            store_all(digest, add_all(before, s));
        }

        #[inline]
        $(#[$target_feature])?
        fn load_all<const WORDS: usize>(words: &Words<LANES, WORDS>) -> [Vector; WORDS] {
            let mut loaded = [Vector::splat(0); WORDS];
            for (loaded, words) in loaded.iter_mut().zip(&words.0) {
                *loaded = Vector::load(words);
            }
            loaded
        }

        #[inline]
        $(#[$target_feature])?
        fn store_all<const WORDS: usize>(words: &mut Words<LANES, WORDS>, from: [Vector; WORDS]) {
            for (words, from) in words.0.iter_mut().zip(from) {
                from.store(words);
            }
        }

        #[inline]
        $(#[$target_feature])?
        fn add_all(mut x: [Vector; 8], y: [Vector; 8]) -> [Vector; 8] {
            for (x, y) in x.iter_mut().zip(y) {
                *x = x.plus(y);
            }
            x
        }

        /// One round, of which `input` is h + K + W.
        #[inline]
        $(#[$target_feature])?
        fn round([a, b, c, d, e, f, g, _]: [Vector; 8], input: Vector) -> [Vector; 8] {
            let t1 = input.plus(e.choose(f, g)).plus(e.rotate_right(14).xor3(e.rotate_right(18), e.rotate_right(41)));
            let t2 = a.majority(b, c).plus(a.rotate_right(28).xor3(a.rotate_right(34), a.rotate_right(39)));
            [t1.plus(t2), a, b, c, d.plus(t1), e, f, g]
        }

        /// The message word sixteen rounds on (FIPS 180-4, section 6.4.2, step 1).
        #[inline]
        $(#[$target_feature])?
        fn schedule(w0: Vector, w1: Vector, w9: Vector, w14: Vector) -> Vector {
            let before = w0.plus(w1.rotate_right(1).xor3(w1.rotate_right(8), w1.shift_right(7))).plus(w9);
            before.plus(w14.rotate_right(19).xor3(w14.rotate_right(61), w14.shift_right(6)))
        }
    };
}
