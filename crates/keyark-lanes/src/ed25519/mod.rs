//! Ed25519 public keys, many at once (RFC 8032, section 5.1.5).
//!
//! A scalar times the base point is a sum of table entries, one for each of its digits; the keys of a block share the
//! inversion that their last step wants. Affine additions that share an inversion at each step, which are the best for
//! secp256k1, are not here: on this curve they take 12 multiplications, and the additions of Hisil, Wong, Carter and
//! Dawson take 7 and have no exceptions.

mod digits;
mod field;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod point;
mod portable;
#[cfg(test)]
mod reference;
mod table;

use crate::CodePath;

/// The public keys of secret scalars: `keys[i]` becomes the compressed clamp(`scalars[i]`)·B.
///
/// A scalar is the lower half of SHA-512 of a secret key. It is clamped here, whether or not it was before: any 32 bytes
/// are taken as a little-endian number of which bits 0, 1, 2 and 255 are cleared and bit 254 is set. The slices may be of
/// any length; the memory used does not grow with it. The first call of a process builds tables of 1.8 MB, which takes
/// some milliseconds.
///
/// Not constant time: the scalars decide which places of the tables are read. What the scalars leave in buffers is
/// zeroized.
///
/// # Panics
/// If there are not as many keys as scalars.
pub fn public_keys_vartime(path: CodePath, scalars: &[[u8; 32]], keys: &mut [[u8; 32]]) {
    assert_eq!(scalars.len(), keys.len(), "as many keys as scalars");
    if scalars.is_empty() {
        return;
    }
    let table = table::Table::get();
    match path.or_best() {
        #[cfg(target_arch = "x86_64")]
        CodePath::Avx512Ifma => {
            // SAFETY: `or_best` returns only paths of which the machine has the instructions.
            unsafe { ifma::public_keys(table, scalars, keys) }
        }
        #[cfg(target_arch = "x86_64")]
        CodePath::Avx2 | CodePath::Avx512 if is_x86_feature_detected!("bmi2") => {
            // SAFETY: the machine has the instructions.
            unsafe { portable_with_mulx(table, scalars, keys) }
        }
        _ => portable::public_keys(table, scalars, keys),
    }
}

/// The portable code with multiplications that leave the flags and registers alone, which all machines with AVX2 have.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "bmi2")]
fn portable_with_mulx(table: &table::Table, scalars: &[[u8; 32]], keys: &mut [[u8; 32]]) {
    portable::public_keys(table, scalars, keys);
}

#[cfg(test)]
mod tests;
