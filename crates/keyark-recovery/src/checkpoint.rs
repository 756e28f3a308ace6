//! What of a search is done, as text that can be stored.

use std::fmt;
use std::str::FromStr;

use keyark_core::{Error, ErrorKind, Result, hex};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::binding::{Binding, Marks};
use crate::done::Done;
use crate::search::State;
use crate::shard::Shard;
use crate::task::Task;

/// The version that is written, and the newest that is read.
const VERSION: u64 = 1;
/// The longest text that is read, in bytes. Each thread can leave one range open.
const MOST_BYTES: usize = 1 << 20;

/// What of a search is done, bound to its input. It holds no word and no passphrase, and does not help in guessing them.
///
/// As text it is JSON, whole or not at all: whoever writes it to a file writes a new one and renames it.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoint {
    marks: Marks,
    shard: Shard,
    blocks: u64,
    done: Done,
    tried: u64,
    found: u64,
}

impl Checkpoint {
    pub(crate) fn new<T: Task>(task: &T, shard: Shard, state: &State<T::Found>) -> Result<Self> {
        Ok(Self {
            marks: state.binding.marks(task)?,
            shard,
            blocks: shard.count(task.amount().blocks()),
            done: state.done.clone(),
            tried: state.tried,
            found: state.found,
        })
    }

    /// The state from which a share of `task` goes on.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] for other input or another share.
    pub(crate) fn state_for<T: Task>(&self, task: &T, shard: Shard) -> Result<State<T::Found>> {
        let other = |problem: String| {
            Error::new(
                ErrorKind::Mismatch,
                problem,
                "give the same input as before, or begin anew without the checkpoint",
            )
        };
        if self.shard != shard {
            return Err(other(format!("the checkpoint is of the share {}, not of {shard}", self.shard)));
        }
        let marks = Marks::new(task, self.marks.salt)?;
        if self.marks.input != marks.input || self.blocks != shard.count(task.amount().blocks()) {
            return Err(other(
                "the checkpoint is of another search: what is known or what is tried is another".to_owned(),
            ));
        }
        if self.marks.words != marks.words {
            return Err(other(
                "the checkpoint is of another search: of other words, passphrases or passwords".to_owned(),
            ));
        }
        Ok(State::new(self.done.clone(), self.tried, self.found, Binding::of(marks)))
    }

    /// How many blocks are done, and how many there are.
    pub fn blocks(&self) -> (u64, u64) {
        (self.done.count(), self.blocks)
    }

    /// The share that it is of.
    pub fn shard(&self) -> Shard {
        self.shard
    }

    /// The checkpoint as text.
    pub fn to_text(&self) -> String {
        let mut text = self.fields().to_string();
        text.push('\n');
        text
    }

    fn fields(&self) -> Value {
        let ranges: Vec<_> = self.done.ranges().map(|(start, end)| Value::from(vec![start, end])).collect();
        let mut fields = Map::new();
        let mut add = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        add("version", VERSION.into());
        add("salt", hex::encode(&self.marks.salt).into());
        add("input", hex::encode(&self.marks.input).into());
        add("words", hex::encode(&self.marks.words).into());
        add("shard", self.shard.to_string().into());
        add("blocks", self.blocks.into());
        add("done", ranges.into());
        add("tried", self.tried.into());
        add("found", self.found.into());
        let sum = sum(&fields);
        fields.insert("sum".to_owned(), sum.into());
        Value::Object(fields)
    }
}

/// A sum over all other fields: a checkpoint in which a number has changed would pass over candidates in silence.
fn sum(fields: &Map<String, Value>) -> String {
    let mut others: Vec<_> = fields.iter().filter(|(name, _)| *name != "sum").collect();
    others.sort_by_key(|(name, _)| *name); // whether a map keeps its order is decided elsewhere in the program
    let mut hash = Sha256::new();
    for (name, value) in others {
        hash.update(format!("{name}={value}\n"));
    }
    hex::encode(hash.finalize().get(..8).unwrap_or_default())
}

/// Reads the text.
impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.len() > MOST_BYTES {
            return Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("the checkpoint has {} bytes, and at most {MOST_BYTES} are read", text.len()),
                "check that this is the file you meant",
            ));
        }
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            damaged(if error.is_eof() { "is cut off" } else { "is not the JSON that keyark writes" })
        })?;
        match fields.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) if version > VERSION => {
                return Err(Error::malformed(
                    format!("the checkpoint has version {version}, and this program reads up to {VERSION}"),
                    "it was written by a newer keyark: go on with that, or begin anew",
                ));
            }
            _ => return Err(damaged("has no version that keyark knows")),
        }
        if fields.get("sum").and_then(Value::as_str) != Some(sum(&fields).as_str()) {
            return Err(damaged("has been changed: its sum does not fit"));
        }
        read(&fields).ok_or_else(|| damaged("has fields of an unknown form"))
    }
}

fn damaged(problem: &str) -> Error {
    Error::malformed(format!("the checkpoint {problem}"), "use another copy of it, or begin anew without it")
}

fn read(fields: &Map<String, Value>) -> Option<Checkpoint> {
    let number = |name: &str| fields.get(name).and_then(Value::as_u64);
    let blocks = number("blocks")?;
    let mut done = Done::default();
    for range in fields.get("done")?.as_array()? {
        let [start, end] = range.as_array()?.as_slice() else { return None };
        let (start, end) = (start.as_u64()?, end.as_u64()?);
        if start >= end || end > blocks {
            return None;
        }
        done.add_range(start, end);
    }
    Some(Checkpoint {
        marks: Marks { salt: bytes(fields, "salt")?, input: bytes(fields, "input")?, words: bytes(fields, "words")? },
        shard: fields.get("shard")?.as_str()?.parse().ok()?,
        blocks,
        done,
        tried: number("tried")?,
        found: number("found")?,
    })
}

fn bytes<const N: usize>(fields: &Map<String, Value>, name: &str) -> Option<[u8; N]> {
    hex::decode(fields.get(name)?.as_str()?).ok()?.try_into().ok()
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint(share {}, {} of {} blocks)", self.shard, self.done.count(), self.blocks)
    }
}
