//! The permutation, written once over the vectors of each code path.

/// Defines `keccak256` for a module of [`for_each_path`].
macro_rules! define_keccak256 {
    ($($target_feature:meta)?) => {
        use crate::keccak::{IOTA, RATE, RHO, padded_word};
        use crate::unroll::unroll;

        $(#[$target_feature])?
        pub(super) fn keccak256<const BYTES: usize>(messages: &[[u8; BYTES]], digests: &mut [[u8; 32]]) {
            for (messages, digests) in messages.chunks(LANES).zip(digests.chunks_mut(LANES)) {
                let mut lanes = [[0; BYTES]; LANES];
                for (lane, message) in lanes.iter_mut().zip(messages) {
                    *lane = *message;
                }
                let mut state = [Vector::splat(0); 25];
                unroll!(I < 25 => {
                    // Between the message and the last byte of the block there is nothing.
                    if I < RATE && (8 * I <= BYTES || I == RATE - 1) {
                        state[I] = Vector::load(&std::array::from_fn(|lane| padded_word(&lanes[lane], I)));
                    }
                });
                permute(&mut state);

                let mut words = [[0; LANES]; 4];
                for (lanes, word) in words.iter_mut().zip(state) {
                    word.store(lanes);
                }
                for (lane, digest) in digests.iter_mut().enumerate() {
                    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(&words) {
                        *bytes = word[lane].to_le_bytes();
                    }
                }
            }
        }

        /// Keccak-f[1600] (FIPS 202, section 3.3).
        $(#[$target_feature])?
        fn permute(state: &mut [Vector; 25]) {
            let mut a = *state;
            for iota in IOTA {
                // Theta: the parities of columns.
                let mut parity = [Vector::splat(0); 5];
                unroll!(X < 5 => {
                    parity[X] = a[X].xor3(a[X + 5], a[X + 10]).xor3(a[X + 15], a[X + 20]);
                });
                let mut turned = parity;
                unroll!(X < 5 => {
                    turned[X] = parity[X].rotate_left(1);
                });
                // The rest of theta, rho and pi: the word at (x, y) goes to (y, 2x + 3y).
                let mut b = a;
                unroll!(I < 25 => {
                    const X: usize = I % 5;
                    const Y: usize = I / 5;
                    let mixed = a[I].xor3(parity[(X + 4) % 5], turned[(X + 1) % 5]);
                    b[Y + 5 * ((2 * X + 3 * Y) % 5)] = mixed.rotate_left(RHO[I]);
                });
                // Chi.
                unroll!(I < 25 => {
                    const ROW: usize = I - I % 5;
                    a[I] = b[I].xor_and_not(b[ROW + (I + 1) % 5], b[ROW + (I + 2) % 5]);
                });
                a[0] = a[0].xor(Vector::splat(iota));
            }
            *state = a;
        }
    };
}
