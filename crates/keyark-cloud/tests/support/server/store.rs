//! The objects of a server, and how they were before.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

type Bytes = Arc<Vec<u8>>;

/// Objects by their path, and the folders that a WebDAV client has made.
#[derive(Clone, Default)]
pub(super) struct Objects {
    files: BTreeMap<String, (Bytes, usize)>,
    folders: BTreeSet<String>,
    /// What each write replaced, the oldest first.
    journal: Vec<(String, Option<(Bytes, usize)>)>,
}

impl Objects {
    /// The content, and a number that no other content has.
    pub(super) fn read(&self, path: &str) -> Option<(Bytes, usize)> {
        self.files.get(path).cloned()
    }

    pub(super) fn write(&mut self, path: &str, bytes: Vec<u8>) {
        let version = self.journal.len() + 1;
        let old = self.files.insert(path.to_owned(), (Arc::new(bytes), version));
        self.journal.push((path.to_owned(), old));
        self.add_folders_of(path);
    }

    pub(super) fn remove(&mut self, path: &str) -> bool {
        let old = self.files.remove(path);
        let existed = old.is_some();
        if existed {
            self.journal.push((path.to_owned(), old));
        }
        existed
    }

    /// These objects as they were before the last writes and removals. A client that writes to them changes nothing.
    pub(super) fn before(&self, writes: usize) -> Self {
        let mut past = self.clone();
        for (path, old) in self.journal.iter().rev().take(writes) {
            match old {
                Some(old) => past.files.insert(path.clone(), old.clone()),
                None => past.files.remove(path),
            };
        }
        past
    }

    pub(super) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.iter().map(|(path, (bytes, _))| (path.clone(), bytes.to_vec())).collect()
    }

    /// Path, size and version of those with the prefix, sorted.
    pub(super) fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, usize, usize)> {
        self.files
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, (bytes, version))| (path.as_str(), bytes.len(), *version))
    }

    /// Whether a folder of that path (without a `/` at the end) was made; the root always is.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    pub(super) fn add_folder(&mut self, path: &str) {
        self.folders.insert(path.to_owned());
    }

    pub(super) fn add_folders_of(&mut self, path: &str) {
        for (end, _) in path.match_indices('/') {
            self.folders.insert(path[..end].to_owned());
        }
    }

    pub(super) fn remove_folder(&mut self, path: &str) {
        let within = format!("{path}/");
        self.folders.retain(|folder| folder != path && !folder.starts_with(&within));
        let files: Vec<_> = self.with_prefix(&within).map(|(path, ..)| path.to_owned()).collect();
        for file in files {
            self.remove(&file);
        }
    }

    /// The folders directly in one, by their names.
    pub(super) fn folders_in(&self, path: &str) -> Vec<String> {
        let within = if path.is_empty() { String::new() } else { format!("{path}/") };
        let inside = self.folders.iter().filter_map(|folder| folder.strip_prefix(&within));
        inside.filter(|name| !name.is_empty() && !name.contains('/')).map(str::to_owned).collect()
    }
}
