//! Secure copy: a private key of which a part is left off, so that the clipboard never holds all of it.
//!
//! Wallets leave off the last six characters. For a compressed WIF those are the checksum, and for Solana's 64-byte
//! keypair they belong to the public half: the whole secret is still there. So each form says where it is cut, and
//! how many bits of the key itself are hidden then; the chains' tests count them.

use crate::{Error, ErrorKind, Result, SecretText};

/// Where a text form is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// Characters are left off the end.
    End {
        /// How many.
        characters: usize,
        /// How many bits of the key nobody can tell from the rest.
        hidden_bits: u32,
    },
    /// Characters are left off the start.
    Start {
        /// How many.
        characters: usize,
        /// How many bits of the key nobody can tell from the rest.
        hidden_bits: u32,
    },
    /// The form cannot be cut safely.
    Never {
        /// Why, and what to use instead.
        reason: &'static str,
    },
}

/// The two parts of a key: one to copy, one to write down by hand.
#[derive(Debug)]
pub struct SecureCopy {
    /// The part for the clipboard.
    pub shown: SecretText,
    /// The part to write down by hand.
    pub withheld: SecretText,
    /// Whether the withheld part is the start of the key; else it is the end.
    pub at_start: bool,
    /// How many bits of the key nobody can tell from the shown part.
    pub hidden_bits: u32,
}

impl Cut {
    /// Cuts `text`.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] for a form that cannot be cut safely, with the reason.
    pub fn split(&self, text: &SecretText) -> Result<SecureCopy> {
        let text = text.expose();
        let (at, at_start, hidden_bits) = match *self {
            Self::End { characters, hidden_bits } => (text.len().checked_sub(characters), false, hidden_bits),
            Self::Start { characters, hidden_bits } => (Some(characters), true, hidden_bits),
            Self::Never { reason } => {
                return Err(Error::new(ErrorKind::Refused, "this form of the key cannot be cut safely", reason));
            }
        };
        let (start, end) = at.and_then(|at| text.split_at_checked(at)).ok_or_else(|| {
            Error::malformed("the key is shorter than the part that would be left off", "check the key")
        })?;
        let (shown, withheld) = if at_start { (end, start) } else { (start, end) };
        Ok(SecureCopy { shown: shown.into(), withheld: withheld.into(), at_start, hidden_bits })
    }

    /// How many characters are left off; none for a form that is never cut.
    pub fn characters(&self) -> Option<usize> {
        match *self {
            Self::End { characters, .. } | Self::Start { characters, .. } => Some(characters),
            Self::Never { .. } => None,
        }
    }

    /// Joins the two parts again. `None` for a form that is never cut.
    pub fn join(&self, shown: &SecretText, withheld: &SecretText) -> Option<SecretText> {
        let (first, second) = match self {
            Self::End { .. } => (shown, withheld),
            Self::Start { .. } => (withheld, shown),
            Self::Never { .. } => return None,
        };
        let mut joined = String::with_capacity(first.expose().len() + second.expose().len());
        joined.push_str(first.expose());
        joined.push_str(second.expose());
        Some(joined.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CUTS: [Cut; 2] = [Cut::End { characters: 4, hidden_bits: 16 }, Cut::Start { characters: 4, hidden_bits: 16 }];

    proptest! {
        #[test]
        fn the_parts_join_to_the_whole(text in "[0-9a-f]{4,80}") {
            let whole = SecretText::from(text);
            for cut in CUTS {
                let parts = cut.split(&whole).unwrap();
                prop_assert_eq!(parts.withheld.expose().len(), 4);
                prop_assert_eq!(&cut.join(&parts.shown, &parts.withheld).unwrap(), &whole);
            }
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,8}") {
            for cut in CUTS {
                let _ = cut.split(&text.as_str().into());
            }
        }
    }

    #[test]
    fn a_form_that_cannot_be_cut_says_so() {
        let never = Cut::Never { reason: "use base58" };
        let error = never.split(&"[1,2]".into()).unwrap_err();
        assert_eq!((error.kind(), error.remedy()), (ErrorKind::Refused, "use base58"));
        assert!(never.join(&"a".into(), &"b".into()).is_none());
    }
}
