//! Which manifest follows which, and what two have together that were written at the same time.
//!
//! Many clouds cannot keep two devices from writing at once. So no manifest takes another one's place: each has a random mark in its name and lists
//! those that it follows. One that nobody follows is a head. Two heads are read as one state, which has what either of them has, and the next
//! change makes one of them.

use std::collections::HashSet;
use std::fmt;

use keyark_core::{Result, hex, random};

use crate::header::{MAX_GENERATION, record_file};
use crate::manifest::{Manifest, Removed, Retired};
use crate::{WalletEntry, WalletId, WalletName};

/// So many generations back, a manifest knows all that it follows. What is older was put back by somebody.
pub(crate) const WINDOW: u64 = 32;
/// Devices that write at once make more than one name for each generation.
const MAX_NAMES: usize = 256;

/// The name of a manifest: `7-0123456789abcdef`, or `7` as it was before there were marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ManifestName {
    pub(crate) generation: u64,
    mark: Option<String>,
}

impl ManifestName {
    /// A new name, which no other manifest has.
    pub(crate) fn new(generation: u64) -> Result<Self> {
        let mut mark = [0; 8];
        random::fill(&mut mark)?;
        Ok(Self { generation, mark: Some(hex::encode(&mark)) })
    }

    /// The name of the first manifest of an epoch, which is written where nothing else is.
    pub(crate) fn first() -> Self {
        Self { generation: 1, mark: None }
    }

    /// From the name of a file: `manifest-7-0123456789abcdef.age`.
    pub(crate) fn parse(file: &str) -> Option<Self> {
        Self::from_text(file.strip_prefix("manifest-")?.strip_suffix(".age")?)
    }

    /// From the text that `Display` gives; nothing else is one.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (number, mark) = match text.split_once('-') {
            Some((number, mark)) => (number, Some(mark)),
            None => (text, None),
        };
        let is_mark =
            |mark: &str| mark.len() == 16 && mark.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name = Self { generation: number.parse().ok()?, mark: mark.map(str::to_owned) };
        let sound = name.generation <= MAX_GENERATION && mark.is_none_or(is_mark) && name.to_string() == text;
        sound.then_some(name)
    }

    pub(crate) fn file(&self, epoch: u32) -> String {
        format!("epochs/{epoch}/manifest-{self}.age")
    }
}

impl fmt::Display for ManifestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mark {
            Some(mark) => write!(f, "{}-{mark}", self.generation),
            None => write!(f, "{}", self.generation),
        }
    }
}

/// Names in one text, with spaces between them.
pub(crate) fn to_text(names: &[ManifestName]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The names in such a text; `None` if one of them is no name.
pub(crate) fn from_text(text: &str) -> Option<Vec<ManifestName>> {
    text.split_ascii_whitespace().map(ManifestName::from_text).collect()
}

impl Manifest {
    /// Whether what the manifest of this name said is in this one: it is one of its heads, or was followed.
    pub(crate) fn includes(&self, name: &ManifestName) -> bool {
        // Before there were marks, every manifest followed the one before it.
        let is_before_marks = name.mark.is_none() && name.generation < self.generation;
        is_before_marks || self.heads.contains(name) || self.follows.contains(name)
    }

    /// Whether the manifest of this name is so old that nobody knows any more whether it was followed.
    pub(crate) fn is_beyond_memory(&self, name: &ManifestName) -> bool {
        name.generation.saturating_add(WINDOW) <= self.generation
    }

    /// Becomes the next manifest after its heads.
    pub(crate) fn advance(&mut self, generation: u64) -> Result<()> {
        let name = ManifestName::new(generation)?;
        let mut follows = std::mem::replace(&mut self.heads, vec![name]);
        follows.append(&mut self.follows);
        self.follows = follows;
        self.generation = generation;
        self.forget();
        Ok(())
    }

    /// Bounds what is followed: the newest names stay.
    fn forget(&mut self) {
        self.follows.sort_unstable_by(|one, other| other.cmp(one));
        self.follows.dedup();
        let oldest = self.generation.saturating_sub(WINDOW);
        self.follows.retain(|name| name.generation >= oldest);
        self.follows.truncate(MAX_NAMES);
    }

    /// The state that has what both have. Of a wallet that both have changed, the later revision counts, or the later writer's; the other one is kept
    /// among the contested, so that the next change takes its backups over. What one of them removed is gone, unless the other one has changed
    /// it since. What may leave is what both allow.
    pub(crate) fn join(mut self, other: Self) -> Self {
        let other_is_later = (other.written, &other.heads) > (self.written, &self.heads);
        for removed in other.removed {
            self.note_removed(removed);
        }
        for retired in other.retired {
            if !self.retired.iter().any(|known| known.file == retired.file) {
                self.retired.push(retired);
            }
        }
        let removed = std::mem::take(&mut self.removed);
        let is_gone = |entry: &WalletEntry| removed.iter().any(|gone| gone.covers(entry));
        let (mut gone, own): (Vec<_>, Vec<_>) = std::mem::take(&mut self.wallets).into_iter().partition(is_gone);
        self.wallets = own;
        let (also_gone, others): (Vec<_>, Vec<_>) = other.wallets.into_iter().partition(is_gone);
        gone.extend(also_gone);
        // What one of them has replaced or settled itself is in the other one's past.
        let past: HashSet<String> = self.retired.iter().map(|retired| retired.file.clone()).collect();
        let epoch = self.epoch;
        let is_past = |entry: &WalletEntry| past.contains(&record_file(epoch, &entry.file));
        let join = |entry| self.join_entry(entry, other_is_later, &is_past);
        let to_name: Vec<_> = others.into_iter().filter_map(join).collect();
        self.name_apart(&to_name);
        self.contested.extend(other.contested);
        let (also_gone, contested) = std::mem::take(&mut self.contested).into_iter().partition(is_gone);
        self.contested = contested;
        gone.extend(also_gone);
        self.removed = removed;
        for entry in gone {
            self.retire_file(&entry);
        }
        self.keep_listed();
        self.generation = self.generation.max(other.generation);
        // Files that only one of them has dropped are kept until the state of both has been written and followed.
        for retired in &mut self.retired {
            retired.since = self.generation.saturating_add(1);
        }
        self.policy = self.policy.and(&other.policy);
        self.merged.extend(other.merged);
        self.merged.sort_unstable();
        self.merged.dedup();
        self.written = self.written.max(other.written);
        self.follows.extend(other.follows);
        self.heads.extend(other.heads);
        self.absorbed.extend(other.absorbed);
        self.forget();
        self
    }

    /// Takes from a manifest that is older than anybody remembers what nobody else has: wallets that are not known here and were not removed.
    pub(crate) fn absorb(&mut self, old: Self) {
        for entry in old.wallets {
            let is_known = self.wallets.iter().any(|known| known.id == entry.id);
            let is_removed = self.removed.iter().any(|removed| removed.id == entry.id);
            if !is_known && !is_removed {
                let name = self.free_name(&entry.name, |_| false);
                self.wallets.push(entry.called(name));
            }
        }
        self.absorbed.extend(old.heads);
    }

    /// Returns the wallet's id if its name is news here.
    fn join_entry(
        &mut self,
        entry: WalletEntry,
        is_later: bool,
        is_past: &impl Fn(&WalletEntry) -> bool,
    ) -> Option<WalletId> {
        let id = entry.id;
        let Some(known) = self.wallets.iter_mut().find(|known| known.id == id) else {
            self.wallets.push(entry);
            return Some(id);
        };
        let is_same = entry.file == known.file;
        let wins = match (is_past(&entry), is_past(known)) {
            (true, false) => false,
            (false, true) => true,
            _ => entry.revision > known.revision || (entry.revision == known.revision && is_later),
        };
        let loser = if wins { std::mem::replace(known, entry) } else { entry };
        let has_new_name = wins && !known.name.same_as(&loser.name);
        if !is_same && !is_past(&loser) {
            self.contested.push(loser);
        }
        has_new_name.then_some(id)
    }

    /// Gives those of these wallets another name whose own one another wallet has: two devices have chosen it at once.
    fn name_apart(&mut self, ids: &[WalletId]) {
        for id in ids {
            let Some(at) = self.wallets.iter().position(|entry| entry.id == *id) else { continue };
            let entry = self.wallets.remove(at);
            let name = self.free_name(&entry.name, |_| false);
            self.wallets.insert(at, entry.called(name));
        }
    }

    /// What is listed is not to be removed, whoever has dropped it.
    pub(crate) fn keep_listed(&mut self) {
        let listed: HashSet<String> = self.wallets.iter().map(|entry| record_file(self.epoch, &entry.file)).collect();
        self.retired.retain(|retired| !listed.contains(&retired.file));
        self.contested.retain(|loser| !listed.contains(&record_file(self.epoch, &loser.file)));
    }

    /// Notes a record that is not listed any more as one to be removed.
    fn retire_file(&mut self, entry: &WalletEntry) {
        let file = record_file(self.epoch, &entry.file);
        if !self.retired.iter().any(|known| known.file == file) {
            self.retired.push(Retired { file, since: self.generation });
        }
    }

    /// Notes that a wallet was removed, in this revision or an earlier one.
    pub(crate) fn note_removed(&mut self, removed: Removed) {
        match self.removed.iter_mut().find(|known| known.id == removed.id) {
            Some(known) => known.revision = known.revision.max(removed.revision),
            None => self.removed.push(removed),
        }
    }

    /// A name that no wallet has, and that is not `taken` otherwise: this one, or with a number after it.
    pub(crate) fn free_name(&self, name: &WalletName, taken: impl Fn(&WalletName) -> bool) -> WalletName {
        let taken = |name: &WalletName| taken(name) || self.wallets.iter().any(|entry| entry.name.same_as(name));
        let start: String = name.as_str().chars().take(WalletName::MAX_CHARS - 10).collect();
        let numbered = (2..).filter_map(|number| WalletName::new(&format!("{} ({number})", start.trim_end())).ok());
        std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_else(|| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_written_and_nothing_else_is_one() {
        for name in [ManifestName::new(7).unwrap(), ManifestName::first()] {
            assert_eq!(ManifestName::parse(&format!("manifest-{name}.age")), Some(name.clone()));
            assert_eq!(name.file(3), format!("epochs/3/manifest-{name}.age"));
        }
        for bad in ["", "7-", "07", "-7", "7-0123456789abcdeF", "7-0123456789abcde", "7-0123456789abcdef0", "+7", "7 "]
        {
            assert_eq!(ManifestName::from_text(bad), None, "{bad:?}");
        }
        assert_eq!(ManifestName::from_text(&(MAX_GENERATION + 1).to_string()), None);
        let names = vec![ManifestName::new(9).unwrap(), ManifestName::first()];
        assert_eq!(from_text(&to_text(&names)), Some(names));
        assert_eq!(from_text("7 x"), None);
    }
}
