//! PBKDF2-HMAC-SHA512 (RFC 8018, section 5.2) of many passwords at once: phrases to seeds (BIP-39).

use std::num::NonZeroU32;

use crate::CodePath;
use crate::sha512::{Engine, Hasher, Keys, dispatch, lanes_of};
use crate::vectors::Portable;

/// A password and the salt it goes with.
///
/// Many passwords under one salt, and one password under many salts, are the same slice many times; setting up what they
/// share takes 4 of 4,096 parts of the time, so there is nothing to gain from telling.
#[derive(Clone, Copy)]
pub struct Pbkdf2Input<'a> {
    /// Of any length: the words of a phrase, in BIP-39.
    pub password: &'a [u8],
    /// Of any length: `mnemonic` and the passphrase, in BIP-39.
    pub salt: &'a [u8],
}

impl std::fmt::Debug for Pbkdf2Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pbkdf2Input(..)")
    }
}

/// The first block, 64 bytes, of the key of each input; BIP-39 has 2,048 iterations.
///
/// A batch of a multiple of 8 has no lanes that do nothing on any code path.
///
/// # Panics
/// If there are not as many keys as inputs.
pub fn pbkdf2_hmac_sha512(path: CodePath, iterations: NonZeroU32, inputs: &[Pbkdf2Input<'_>], keys: &mut [[u8; 64]]) {
    assert_eq!(inputs.len(), keys.len(), "a key for each input");
    dispatch!(path, inputs.len(), engine => in_lanes(engine, iterations, inputs, keys));
}

fn in_lanes<const N: usize>(
    engine: impl Engine<N>,
    iterations: NonZeroU32,
    inputs: &[Pbkdf2Input<'_>],
    keys: &mut [[u8; 64]],
) {
    for (inputs, keys) in inputs.chunks(N).zip(keys.chunks_mut(N)) {
        // One input that is left over is done sooner in one lane, too.
        match inputs {
            [_] if N > 1 => derive(Portable, iterations, inputs, keys),
            _ => derive(engine, iterations, inputs, keys),
        }
    }
}

/// The keys of from 1 to N inputs.
fn derive<const N: usize>(
    engine: impl Engine<N>,
    iterations: NonZeroU32,
    inputs: &[Pbkdf2Input<'_>],
    keys: &mut [[u8; 64]],
) {
    let mut hasher = Hasher::new(engine);
    let mut states = Keys::zero();
    states.set(&mut hasher, lanes_of(inputs, |input| input.password));
    // The index of the block, from 1, follows the salt.
    states.authenticate(&mut hasher, lanes_of(inputs, |input| [input.salt, &[0, 0, 0, 1]]));
    let mut sums = hasher.state.clone();
    engine.iterate(&states, &mut hasher.state, &mut sums, iterations.get() - 1);
    sums.write(keys);
}
