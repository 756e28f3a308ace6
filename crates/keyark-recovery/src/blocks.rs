//! How the work is cut: into blocks, which are done or not done, and these into batches, which are derived at once.

/// How many keys are derived at once, and less than twice as many: few enough to stop soon, and no last few that leave lanes empty.
const BATCH: usize = 64;
/// The lanes of the widest code path for PBKDF2.
const LANES: usize = 8;
/// How many phrases a block has at most: a fraction of a second of work.
const MOST: u128 = 256;
/// How many it has at least: a batch.
const LEAST: u128 = BATCH as u128;
/// Into how many blocks a small search is cut, so that every thread has some.
const BLOCKS: u128 = 64;

/// How many candidates with passphrases a block has, of `total`, of which `tries` are tried at so many `places`. It depends on the input
/// alone, so that a checkpoint and the shares of others mean the same blocks.
pub(crate) fn block_size(total: u128, tries: u128, places: usize) -> u128 {
    // How many must be looked at for one whose checksum is right.
    let per_try = total.div_ceil(tries.max(1)).clamp(1, 256);
    let most = (MOST / (1 + places as u128 / 8)).max(LEAST) * per_try;
    (total / BLOCKS).clamp(LEAST * per_try, most)
}

/// How many of so many jobs each batch has: all about the same.
pub(crate) fn batch_size(jobs: usize) -> usize {
    jobs.div_ceil((jobs / BATCH).max(1)).next_multiple_of(LANES).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_full() {
        for jobs in 1..=448 {
            let size = batch_size(jobs);
            let last = (jobs - 1) % size + 1;
            assert!(last == jobs || last >= 24 && size < 2 * BATCH + LANES, "{jobs}: {size}, and {last} last");
        }
    }

    #[test]
    fn a_block_has_a_batch_however_many_places_there_are() {
        for places in [1, 79, 80, 120, 100_000] {
            assert!(block_size(1 << 22, 1 << 18, places) / 16 >= LEAST, "{places}");
        }
        assert_eq!(block_size(2048, 128, 2), 1024, "two cores have a block each");
        assert_eq!(block_size(1, 1, 1), LEAST);
    }
}
