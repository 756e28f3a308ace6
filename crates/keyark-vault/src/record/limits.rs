//! The bounds of what stands in a record.

use keyark_core::{Error, ErrorKind, Result};

/// Accounts, and backups.
pub(super) const MOST_ENTRIES: usize = 10_000;
/// Characters of a text that is not a secret.
pub(super) const MOST_CHARS: usize = 1_000;

pub(super) fn check_text(what: &'static str, text: &str) -> Result<()> {
    check(what, "characters", text.chars().count(), MOST_CHARS)
}

pub(super) fn check(what: &'static str, unit: &'static str, count: usize, limit: usize) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::OutOfBounds,
        format!("the {what} of this wallet's record has {count} {unit}, more than {limit}"),
        "the record was not made by keyark; use another copy of it",
    ))
}
