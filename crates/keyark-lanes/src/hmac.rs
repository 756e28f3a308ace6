//! HMAC-SHA512 (RFC 2104) of many messages at once: the steps of BIP-32 and SLIP-10.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::CodePath;
use crate::sha512::{BLOCK, Digests, Engine, Hasher, Keys, Message, dispatch, lanes_of};
use crate::vectors::Portable;

/// The bytes that a key is added to (RFC 2104, section 2), a word of them.
const INNER_PAD: u64 = 0x3636_3636_3636_3636;
const OUTER_PAD: u64 = 0x5c5c_5c5c_5c5c_5c5c;

/// A key for many messages: what HMAC makes of the key alone, computed once (RFC 2104, section 4).
///
/// The children of one parent share it, where the key is the parent's chain code; so do all master keys, where it is
/// `Bitcoin seed` or `ed25519 seed`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct HmacKey {
    inner: [u64; 8],
    outer: [u64; 8],
}

impl HmacKey {
    /// A key of any length; one of more than 128 bytes is hashed first.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        let mut keys = Keys::zero();
        keys.set(&mut Hasher::new(Portable), [key]);
        Self { inner: keys.inner.0.map(|[word]| word), outer: keys.outer.0.map(|[word]| word) }
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// HMAC-SHA512 of each message under the key of the same place.
///
/// # Panics
/// If there are not as many keys, or as many codes, as messages.
pub fn hmac_sha512<K: AsRef<[u8]>, M: AsRef<[u8]>>(path: CodePath, keys: &[K], messages: &[M], codes: &mut [[u8; 64]]) {
    assert_eq!(keys.len(), messages.len(), "a key for each message");
    assert_eq!(messages.len(), codes.len(), "a code for each message");
    dispatch!(path, messages.len(), engine => many_keys(engine, keys, messages, codes));
}

/// HMAC-SHA512 of each message under one key.
///
/// # Panics
/// If there are not as many codes as messages.
pub fn hmac_sha512_one_key<M: AsRef<[u8]>>(path: CodePath, key: &HmacKey, messages: &[M], codes: &mut [[u8; 64]]) {
    assert_eq!(messages.len(), codes.len(), "a code for each message");
    dispatch!(path, messages.len(), engine => one_key(engine, key, messages, codes));
}

fn many_keys<const N: usize, K: AsRef<[u8]>, M: AsRef<[u8]>>(
    engine: impl Engine<N>,
    keys: &[K],
    messages: &[M],
    codes: &mut [[u8; 64]],
) {
    let mut hasher = Hasher::new(engine);
    let mut states = Keys::zero();
    for ((keys, messages), codes) in keys.chunks(N).zip(messages.chunks(N)).zip(codes.chunks_mut(N)) {
        states.set(&mut hasher, lanes_of(keys, AsRef::as_ref));
        states.authenticate(&mut hasher, lanes_of(messages, |message| [message.as_ref(), &[]]));
        hasher.state.write(codes);
    }
}

fn one_key<const N: usize, M: AsRef<[u8]>>(
    engine: impl Engine<N>,
    key: &HmacKey,
    messages: &[M],
    codes: &mut [[u8; 64]],
) {
    let mut hasher = Hasher::new(engine);
    let states = Keys { inner: Digests::splat(&key.inner), outer: Digests::splat(&key.outer) };
    for (messages, codes) in messages.chunks(N).zip(codes.chunks_mut(N)) {
        states.authenticate(&mut hasher, lanes_of(messages, |message| [message.as_ref(), &[]]));
        hasher.state.write(codes);
    }
}

impl<const N: usize> Keys<N> {
    pub(crate) fn zero() -> Self {
        Self { inner: Digests::zero(), outer: Digests::zero() }
    }

    /// The states after `keys`, of any lengths.
    pub(crate) fn set(&mut self, hasher: &mut Hasher<impl Engine<N>, N>, keys: [&[u8]; N]) {
        if keys.iter().any(|key| key.len() > BLOCK) {
            self.inner.reset();
            hasher.absorb(&self.inner, keys.map(Message::new));
        }
        let digests = &hasher.state;
        for (lane, (key, bytes)) in keys.iter().zip(&mut hasher.bytes.0).enumerate() {
            bytes.fill(0);
            match bytes.get_mut(..key.len()) {
                Some(place) => place.copy_from_slice(key),
                None => digests.write_lane(lane, bytes),
            }
        }
        hasher.engine.read(&hasher.bytes, &mut hasher.block);
        for (state, pad) in [(&mut self.inner, INNER_PAD), (&mut self.outer, OUTER_PAD ^ INNER_PAD)] {
            for word in hasher.block.0.as_flattened_mut() {
                *word ^= pad;
            }
            state.reset();
            hasher.engine.compress(state, &hasher.block);
        }
    }

    /// HMAC of messages of two parts each; the codes are the hasher's state then.
    pub(crate) fn authenticate(&self, hasher: &mut Hasher<impl Engine<N>, N>, messages: [[&[u8]; 2]; N]) {
        hasher.absorb(&self.inner, messages.map(|parts| Message::after(1, parts)));
        hasher.absorb_state(&self.outer);
    }
}
