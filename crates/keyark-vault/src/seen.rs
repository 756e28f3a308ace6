//! How far a vault had come: a note that is kept outside of it.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, Result};

use crate::header::MAX_GENERATION;
use crate::lineage::ManifestName;

/// How far a vault had come when it was last open, to be kept outside of it: who puts back an older state of the vault is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub(crate) vault: String,
    pub(crate) epoch: u32,
    pub(crate) generation: u64,
    /// The names of the newest manifests; none in notes of before there were names.
    pub(crate) manifests: Vec<ManifestName>,
}

impl Seen {
    /// Whether it is later than `before`, or of another vault.
    pub fn is_newer_than(&self, before: &Self) -> bool {
        let (own, other) = ((self.epoch, self.generation), (before.epoch, before.generation));
        // Two devices may have written the same generation.
        self.vault != before.vault || own > other || (own == other && self.manifests != before.manifests)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keyark-seen-1 vault={} epoch={} generation={}", self.vault, self.epoch, self.generation)?;
        let names: Vec<_> = self.manifests.iter().map(ToString::to_string).collect();
        if names.is_empty() { Ok(()) } else { write!(f, " manifests={}", names.join(",")) }
    }
}

impl FromStr for Seen {
    type Err = Error;

    /// Reads what `Display` wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](keyark_core::ErrorKind::Malformed) for anything else.
    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let (vault, rest) = text.strip_prefix("keyark-seen-1 vault=")?.split_once(" epoch=")?;
            let (epoch, rest) = rest.split_once(" generation=")?;
            let (generation, names) = rest.split_once(" manifests=").unwrap_or((rest, ""));
            let names = names.split(',').filter(|name| !name.is_empty());
            let manifests = names.map(ManifestName::from_text).collect::<Option<Vec<_>>>()?;
            let (epoch, generation) = (epoch.parse().ok()?, generation.parse().ok()?);
            Some(Self { vault: vault.to_owned(), epoch, generation, manifests })
        };
        let sound = |seen: &Self| seen.to_string() == text && seen.generation <= MAX_GENERATION;
        read().filter(sound).ok_or_else(|| {
            Error::malformed("this is not a note of how far a vault has come", "remove it; the next use writes it anew")
        })
    }
}
