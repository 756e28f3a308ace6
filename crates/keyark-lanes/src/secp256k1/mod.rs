//! secp256k1 in batches: many k·G and K + k·G at once, for the keys of BIP-32.
//!
//! ```
//! use keyark_lanes::CodePath;
//! use keyark_lanes::secp256k1::{self, AffinePoint, NoKey, Parents};
//!
//! let mut scalars = [[0; 32]; 2];
//! scalars[1][31] = 1;
//! let mut keys = [Err(NoKey::Zero); 2];
//! secp256k1::mul_base_vartime(CodePath::best(), &scalars, &mut keys);
//! assert_eq!(keys, [Err(NoKey::Zero), Ok(AffinePoint::GENERATOR)]);
//!
//! let parent = Parents::Shared(&AffinePoint::GENERATOR);
//! secp256k1::add_mul_base_vartime(CodePath::best(), parent, &scalars, &mut keys);
//! assert_eq!(keys.map(|key| key.map(|key| key.to_compressed()[1])), [Ok(0x79), Ok(0xc6)]);
//! ```

mod field;
mod gcd;
#[cfg(target_arch = "x86_64")]
mod ifma;
#[cfg(target_arch = "x86_64")]
mod ifma_field;
mod invert;
mod point;
mod portable;
mod scalar;
mod table;
mod walk;

pub use point::{AffinePoint, NoKey};
pub use scalar::add_scalars;
pub use walk::Parents;

use crate::CodePath;
use portable::Portable;

/// The fewest elements that are faster in lanes: the inverse of a step is shared by all lanes, filled or not.
#[cfg(target_arch = "x86_64")]
const WORTH_LANES: usize = 4;

/// Writes `out[i]` = `scalars[i]`·G, the public keys of private keys; scalars are 32 big-endian bytes.
///
/// `out[i]` is [`NoKey::Zero`] for a scalar of 0 and [`NoKey::AboveOrder`] for one of n or more.
///
/// Not constant time: what is read, and when, depends on the scalars. Its buffers are of a bounded size, and are
/// overwritten at the end.
///
/// # Panics
/// If the slices are not of one length.
pub fn mul_base_vartime(path: CodePath, scalars: &[[u8; 32]], out: &mut [Result<AffinePoint, NoKey>]) {
    run(path, None, scalars, out);
}

/// Writes `out[i]` = parent + `scalars[i]`·G, the public children of BIP-32 ("Public parent key → public child key"); the
/// scalars are 32 big-endian bytes.
///
/// `out[i]` is [`NoKey::AboveOrder`] for a scalar of n or more and [`NoKey::Zero`] when the sum is the point at infinity.
/// A scalar of 0 gives the parent itself, as BIP-32 has it.
///
/// Not constant time, as [`mul_base_vartime`].
///
/// # Panics
/// If the slices are not of one length.
pub fn add_mul_base_vartime(
    path: CodePath,
    parents: Parents<'_>,
    scalars: &[[u8; 32]],
    out: &mut [Result<AffinePoint, NoKey>],
) {
    if let Parents::Each(parents) = parents {
        assert_eq!(parents.len(), scalars.len(), "as many parents as scalars");
    }
    run(path, Some(parents), scalars, out);
}

fn run(path: CodePath, parents: Option<Parents<'_>>, scalars: &[[u8; 32]], out: &mut [Result<AffinePoint, NoKey>]) {
    assert_eq!(scalars.len(), out.len(), "as many results as scalars");
    match path.or_best() {
        #[cfg(target_arch = "x86_64")]
        CodePath::Avx512Ifma if scalars.len() >= WORTH_LANES => walk::run::<ifma::Ifma>(parents, scalars, out),
        _ => walk::run::<Portable>(parents, scalars, out),
    }
}
