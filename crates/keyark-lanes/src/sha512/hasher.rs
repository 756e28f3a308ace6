//! Messages of any lengths, a batch of N of them at a time.

use super::{Block, Bytes, Digests, Engine, Message};

/// The buffers of a call, zeroized when it drops them: that takes as long as hashing, so there is one for all batches.
pub(crate) struct Hasher<E, const N: usize> {
    pub(crate) engine: E,
    /// What the last messages have come to.
    pub(crate) state: Digests<N>,
    pub(crate) bytes: Bytes<N>,
    pub(crate) block: Block<N>,
}

impl<E: Engine<N>, const N: usize> Hasher<E, N> {
    pub(crate) fn new(engine: E) -> Self {
        Self { engine, state: Digests::zero(), bytes: Bytes::zero(), block: Block::zero() }
    }

    /// Takes in the messages, with their padding, after `start`.
    pub(crate) fn absorb(&mut self, start: &Digests<N>, mut messages: [Message<'_>; N]) {
        self.state.0 = start.0;
        let mut ended = [false; N];
        while ended.contains(&false) {
            let before = ended.contains(&true).then(|| (ended, self.state.clone()));
            for ((message, bytes), ended) in messages.iter_mut().zip(&mut self.bytes.0).zip(&mut ended) {
                if !*ended {
                    *ended = message.next_block(bytes);
                }
            }
            self.engine.read(&self.bytes, &mut self.block);
            self.engine.compress(&mut self.state, &self.block);
            // What a shorter message had come to stays.
            if let Some((ended, before)) = before {
                for (lane, _) in ended.iter().enumerate().filter(|(_, ended)| **ended) {
                    self.state.copy_lane(lane, &before);
                }
            }
        }
    }

    /// Takes in the state itself, as a message of one digest, after `start` and one block before it.
    pub(crate) fn absorb_state(&mut self, start: &Digests<N>) {
        let (digest, padding) = self.block.0.split_at_mut(self.state.0.len());
        digest.copy_from_slice(&self.state.0);
        for (words, word) in padding.iter_mut().zip([1 << 63, 0, 0, 0, 0, 0, 0, 192 * 8]) {
            *words = [word; N];
        }
        self.state.0 = start.0;
        self.engine.compress(&mut self.state, &self.block);
    }
}

/// What `make` makes of each item, of which there are from 1 to N; the lanes that are left repeat the first.
pub(crate) fn lanes_of<'a, T, U, const N: usize>(items: &'a [T], make: impl Fn(&'a T) -> U) -> [U; N] {
    std::array::from_fn(|lane| {
        #[allow(clippy::expect_used, reason = "`chunks` gives no empty slice")]
        let item = items.get(lane).or(items.first()).expect("a batch has an item");
        make(item)
    })
}
