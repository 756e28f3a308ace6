//! The only source of randomness: the operating system's.

use crate::{Error, ErrorKind, Result};

/// Fills `buffer` with bytes of the operating system's generator.
///
/// There is no other generator in keyark and no fall-back: weak substitutes are how whole families
/// of wallets were emptied.
///
/// # Errors
/// [`ErrorKind::Internal`] where the system gives none. Nothing must be made from `buffer` then.
pub fn fill(buffer: &mut [u8]) -> Result<()> {
    fill_from(buffer, getrandom::fill)
}

fn fill_from<E>(buffer: &mut [u8], source: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<()> {
    source(buffer).map_err(|_| {
        Error::new(
            ErrorKind::Internal,
            "the operating system gave no randomness",
            "nothing was made; restart the computer and try again",
        )
    })
}

/// A whole number from 0 up to, not including, `bound`, each equally likely. 0 for a bound of 0.
///
/// # Errors
/// As [`fill`].
pub fn below(bound: u32) -> Result<u32> {
    if bound == 0 {
        return Ok(0);
    }
    // Rejection sampling: the top part of the range, where small numbers would be more likely, is drawn again.
    let limit = u32::MAX - u32::MAX % bound;
    loop {
        let mut bytes = [0; 4];
        fill(&mut bytes)?;
        let drawn = u32::from_le_bytes(bytes);
        if drawn < limit {
            return Ok(drawn % bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_system_is_an_error_not_zeros() {
        let error = fill_from(&mut [0; 16], |_| Err(())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }

    #[test]
    fn draws_stay_below_the_bound_and_reach_every_value() {
        let mut seen = [false; 5];
        for _ in 0..500 {
            seen[below(5).unwrap() as usize] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(below(0).unwrap(), 0);
        assert_eq!(below(1).unwrap(), 0);
    }
}
