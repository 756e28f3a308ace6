//! What binds a checkpoint to its input, without telling a thief of the checkpoint anything worth having.
//!
//! A checkpoint lies in a file that is guarded less than the words, and it must refuse other input: resuming with one word
//! corrected would pass over the right phrase in silence. So it must depend on the words that are known; and any full
//! hash of them would let somebody who knows most of them guess the others one hash at a time, and be told "yes": cheaper
//! than the search, which only says so at the end of a key derivation for every phrase that the guess leaves open.
//!
//! So two marks are kept, under a random salt:
//!
//! - `input`, a SHA-256 of what is no secret: how many candidates, what is known, places, blocks. It can confirm a suspicion
//!   that the search is for a certain address or fingerprint; with these, a phrase is still tested by deriving its key.
//! - `words`, 16 bits of an scrypt over the words, the damages, and the passphrases. One guess at them costs a fifth of a
//!   second and 64 MiB, more than to search all phrases with one word unknown; and in all it never tells more than 16 bits: of
//!   65,536 wrong guesses one passes, so the guesses that are left still have to be searched. Other input is
//!   taken for the same once in 65,536 times. Neither mark holds anything of the words that are not known, so no phrase can be
//!   confirmed with them.

use std::sync::OnceLock;

use keyark_core::{Error, ErrorKind, Result, random};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::task::Task;

/// N = 2^16, r = 8, p = 1: 64 MiB.
const COST: u8 = 16;

/// The marks, made when they are first needed.
#[derive(Debug, Default)]
pub(crate) struct Binding(OnceLock<Marks>);

/// What a checkpoint keeps of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) salt: [u8; 16],
    pub(crate) input: [u8; 32],
    pub(crate) words: [u8; 2],
}

impl Binding {
    pub(crate) fn of(marks: Marks) -> Self {
        Self(OnceLock::from(marks))
    }

    /// # Errors
    /// [`ErrorKind::Internal`] without randomness or memory.
    pub(crate) fn marks<T: Task>(&self, task: &T) -> Result<Marks> {
        if let Some(marks) = self.0.get() {
            return Ok(marks.clone());
        }
        let mut salt = [0; 16];
        random::fill(&mut salt)?;
        let marks = Marks::new(task, salt)?;
        Ok(self.0.get_or_init(|| marks).clone())
    }
}

impl Marks {
    pub(crate) fn new<T: Task>(task: &T, salt: [u8; 16]) -> Result<Self> {
        Ok(Self { salt, input: input(task, &salt), words: words(task, &salt)? })
    }
}

fn input<T: Task>(task: &T, salt: &[u8]) -> [u8; 32] {
    let amount = task.amount();
    let mut hash = Sha256::new_with_prefix(b"keyark-recovery input 1");
    hash.update(salt);
    for number in [amount.total, amount.block, amount.before, amount.places as u128] {
        hash.update(number.to_be_bytes());
    }
    task.open_input(&mut |bytes| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    });
    hash.finalize().into()
}

fn words<T: Task>(task: &T, salt: &[u8]) -> Result<[u8; 2]> {
    let failed = || Error::new(ErrorKind::Internal, "scrypt refused its parameters", "report this");
    let params = scrypt::Params::new(COST, 8, 1).map_err(|_| failed())?;
    let mut key = Zeroizing::new([0; 32]);
    scrypt::scrypt(&task.secret_input(), salt, &params, key.as_mut_slice()).map_err(|_| failed())?;
    let [first, second, ..] = *key;
    Ok([first, second])
}
