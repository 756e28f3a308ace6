//! Which code does the work.

#[cfg(target_arch = "aarch64")]
use super::neon;
use super::{Block, Bytes, Digests, Keys, portable};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::CodePath;
#[cfg(target_arch = "aarch64")]
use crate::vectors::Neon;
#[cfg(target_arch = "x86_64")]
use crate::vectors::{Avx2, Avx512};
use crate::vectors::{Instructions, Portable};

/// SHA-512 over N lanes.
pub(crate) trait Engine<const N: usize>: Copy {
    /// The compression function (FIPS 180-4, section 6.4.2).
    fn compress(self, states: &mut Digests<N>, block: &Block<N>);

    /// The words of the bytes of blocks.
    fn read(self, bytes: &Bytes<N>, block: &mut Block<N>);

    /// Iterations of PBKDF2 (RFC 8018, section 5.2): `chained` goes from U_c to U_(c + iterations), and what comes on the
    /// way is added to `sums`, the exclusive or of them all.
    fn iterate(self, keys: &Keys<N>, chained: &mut Digests<N>, sums: &mut Digests<N>, iterations: u32);
}

/// The instructions for a batch: those of the path, but for a message that is alone, which is done sooner in one lane than in all.
pub(crate) fn instructions(path: CodePath, messages: usize) -> Instructions {
    Instructions::of(if messages == 1 { CodePath::Portable } else { path })
}

/// Runs the expression with the engine of the batch, once: what it calls is compiled for each number of lanes.
macro_rules! dispatch {
    ($path:expr, $messages:expr, $engine:ident => $run:expr) => {
        match $crate::sha512::instructions($path, $messages) {
            $crate::vectors::Instructions::Portable($engine) => $run,
            #[cfg(target_arch = "aarch64")]
            $crate::vectors::Instructions::Neon($engine) => $run,
            #[cfg(target_arch = "x86_64")]
            $crate::vectors::Instructions::Avx2($engine) => $run,
            #[cfg(target_arch = "x86_64")]
            $crate::vectors::Instructions::Avx512($engine) => $run,
        }
    };
}
pub(crate) use dispatch;

impl Engine<{ portable::LANES }> for Portable {
    fn compress(self, states: &mut Digests<{ portable::LANES }>, block: &Block<{ portable::LANES }>) {
        portable::compress(states, block);
    }

    fn read(self, bytes: &Bytes<{ portable::LANES }>, block: &mut Block<{ portable::LANES }>) {
        portable::read(bytes, block);
    }

    fn iterate(
        self,
        keys: &Keys<{ portable::LANES }>,
        chained: &mut Digests<{ portable::LANES }>,
        sums: &mut Digests<{ portable::LANES }>,
        iterations: u32,
    ) {
        portable::iterate(keys, chained, sums, iterations);
    }
}

/// Implements the engine with the functions of a module that need instructions.
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
macro_rules! impl_engine {
    ($engine:ident, $module:ident) => {
        impl Engine<{ $module::LANES }> for $engine {
            fn compress(self, states: &mut Digests<{ $module::LANES }>, block: &Block<{ $module::LANES }>) {
                // SAFETY: the token is there, and so are the instructions.
                unsafe { $module::compress(states, block) }
            }

            fn read(self, bytes: &Bytes<{ $module::LANES }>, block: &mut Block<{ $module::LANES }>) {
                // SAFETY: the token is there, and so are the instructions.
                unsafe { $module::read(bytes, block) }
            }

            fn iterate(
                self,
                keys: &Keys<{ $module::LANES }>,
                chained: &mut Digests<{ $module::LANES }>,
                sums: &mut Digests<{ $module::LANES }>,
                iterations: u32,
            ) {
                // SAFETY: the token is there, and so are the instructions.
                unsafe { $module::iterate(keys, chained, sums, iterations) }
            }
        }
    };
}
#[cfg(target_arch = "aarch64")]
impl_engine!(Neon, neon);
#[cfg(target_arch = "x86_64")]
impl_engine!(Avx2, avx2);
#[cfg(target_arch = "x86_64")]
impl_engine!(Avx512, avx512);
