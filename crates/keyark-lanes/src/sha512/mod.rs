//! SHA-512 (FIPS 180-4) of many messages at once: each lane of a vector holds a word of another message.

#[macro_use]
mod rounds;
mod constants;
mod engine;
mod hasher;
mod message;
mod words;

pub(crate) use engine::{Engine, dispatch, instructions};
pub(crate) use hasher::{Hasher, lanes_of};
pub(crate) use message::Message;
pub(crate) use words::{BLOCK, Block, Bytes, Digests, Keys, Words};

use crate::CodePath;
use crate::vectors::for_each_path;

for_each_path!(define_sha512 over U64);

/// SHA-512 (FIPS 180-4) of each message, of any lengths.
///
/// # Panics
/// If there are not as many digests as messages.
pub fn sha512<M: AsRef<[u8]>>(path: CodePath, messages: &[M], digests: &mut [[u8; 64]]) {
    assert_eq!(messages.len(), digests.len(), "a digest for each message");
    dispatch!(path, messages.len(), engine => in_lanes(engine, messages, digests));
}

fn in_lanes<const N: usize, M: AsRef<[u8]>>(engine: impl Engine<N>, messages: &[M], digests: &mut [[u8; 64]]) {
    let initial = Digests::initial();
    let mut hasher = Hasher::new(engine);
    for (messages, digests) in messages.chunks(N).zip(digests.chunks_mut(N)) {
        hasher.absorb(&initial, lanes_of(messages, |message| Message::new(message.as_ref())));
        hasher.state.write(digests);
    }
}
