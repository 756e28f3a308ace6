//! A message, block by block.

use super::BLOCK;

/// What is left of a message of two parts, and its padding (FIPS 180-4, section 5.1.2).
#[derive(Clone)]
pub(crate) struct Message<'a> {
    parts: [&'a [u8]; 2],
    bits: u128,
    /// Whether the bit that ends the message has been written.
    ended: bool,
}

impl<'a> Message<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::after(0, [bytes, &[]])
    }

    /// The parts one after the other, after `blocks` blocks that the state has taken in already.
    pub(crate) fn after(blocks: usize, parts: [&'a [u8]; 2]) -> Self {
        let bytes = blocks * BLOCK + parts.iter().map(|part| part.len()).sum::<usize>();
        Self { parts, bits: bytes as u128 * 8, ended: false }
    }

    /// Writes the next block, and tells whether it is the last.
    pub(crate) fn next_block(&mut self, block: &mut [u8; BLOCK]) -> bool {
        block.fill(0);
        let mut rest = block.as_mut_slice();
        for part in &mut self.parts {
            let (now, later) = part.split_at(part.len().min(rest.len()));
            let (place, after) = rest.split_at_mut(now.len());
            place.copy_from_slice(now);
            (*part, rest) = (later, after);
        }
        let room = rest.len();
        let ended_before = std::mem::replace(&mut self.ended, room > 0);
        if let (Some(first), false) = (rest.first_mut(), ended_before) {
            *first = 0x80;
        }
        let is_last = ended_before || room > 16;
        if let (Some(length), true) = (block.last_chunk_mut::<16>(), is_last) {
            *length = self.bits.to_be_bytes();
        }
        is_last
    }
}
