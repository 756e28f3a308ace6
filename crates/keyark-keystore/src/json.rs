//! JSON as it stands in the file: in order, with repeated names, and numbers only where they are whole.
//!
//! A map would keep the last of two equal names in silence, and two programs would then read two different files.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, Warning, hex};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::limits::MAX_TEXT;

pub(crate) enum Json {
    Null,
    Text(String),
    /// `None` for a number that is not a whole one from 0 to 2^64 - 1.
    Number(Option<u64>),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
    Bool,
}

/// Reads the whole text as one JSON value.
pub(crate) fn read(text: &str) -> Result<Json> {
    if text.len() > MAX_TEXT {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("the file has {} bytes, and a keystore has at most {MAX_TEXT}", text.len()),
            "check that this is the file you meant: the keystore of one key has about 500 bytes",
        ));
    }
    if text.trim().is_empty() {
        return Err(Error::malformed("the file is empty", "use another copy of it"));
    }
    serde_json::from_str(text).map_err(|error| {
        let place = (error.line(), error.column());
        let error = if error.classify() == Category::Eof && text.trim_start().starts_with('{') {
            Error::malformed("the file is cut off: its JSON does not end", "use another copy of it")
        } else {
            Error::malformed("the file is not JSON", "a keystore is a JSON file that starts with a brace: {")
        };
        error.with_context("line", place.0).with_context("column", place.1)
    })
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(Some(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(u64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(item) = items.next_entry()? {
            object.push(item);
        }
        Ok(Json::Object(object))
    }
}

/// The fields of one object in the file, and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    path: &'static str,
    entries: &'a [(String, Json)],
}

impl<'a> Fields<'a> {
    /// The fields of the whole file.
    pub(crate) fn top(json: &'a Json) -> Result<Self> {
        match json {
            Json::Object(entries) => Ok(Self { path: "", entries }),
            _ => Err(Error::malformed(
                "the file is JSON, but not a JSON object",
                "a keystore is a JSON object with the fields version and crypto",
            )),
        }
    }

    /// The fields of an object below, for those that matter only by the way. `None` for what is not an object.
    pub(crate) fn inner(json: &'a Json) -> Option<Self> {
        match json {
            Json::Object(entries) => Some(Self { path: "", entries }),
            _ => None,
        }
    }

    /// The field called `name`, in any case. `None` where it is missing or null.
    pub(crate) fn get(&self, name: &'static str, notes: &mut Vec<Warning>) -> Result<Option<&'a Json>> {
        let mut found = self.entries.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let Some((key, value)) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(Error::malformed(
                format!("the keystore has the field {} twice", self.full(name)),
                "programs differ in which of the two they read; use another copy of the file",
            ));
        }
        if key != name {
            notes.push(Warning::new(
                "unusual-case",
                format!("the file writes {key} where the standard has {name}; web3.js and cast do not read that"),
            ));
        }
        Ok(if matches!(value, Json::Null) { None } else { Some(value) })
    }

    /// Whether there is a field called exactly `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, value)| key == name && !matches!(value, Json::Null))
    }

    /// The text of the field called exactly `name`, if it is text.
    pub(crate) fn plain_text(&self, name: &str) -> Option<&'a str> {
        self.entries.iter().find_map(|(key, value)| match value {
            Json::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// The value of the field called exactly `name`.
    pub(crate) fn plain(&self, name: &str) -> Option<&'a Json> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The object in the field `name`, which stands at `path`.
    pub(crate) fn object(&self, name: &'static str, path: &'static str, notes: &mut Vec<Warning>) -> Result<Self> {
        match self.need(name, notes)? {
            Json::Object(entries) => Ok(Self { path, entries }),
            _ => Err(self.wrong_type(name, "a JSON object")),
        }
    }

    pub(crate) fn text(&self, name: &'static str, notes: &mut Vec<Warning>) -> Result<&'a str> {
        match self.need(name, notes)? {
            Json::Text(text) => Ok(text),
            _ => Err(self.wrong_type(name, "text")),
        }
    }

    pub(crate) fn number(&self, name: &'static str, notes: &mut Vec<Warning>) -> Result<u64> {
        match self.need(name, notes)? {
            Json::Number(Some(number)) => Ok(*number),
            _ => Err(self.wrong_type(name, "a whole number from 0 to 2^64 - 1")),
        }
    }

    /// The bytes of hexadecimal text, of either case. A prefix `0x` is read and reported.
    pub(crate) fn hex(&self, name: &'static str, notes: &mut Vec<Warning>) -> Result<Vec<u8>> {
        let text = self.text(name, notes)?;
        let digits = strip_0x(text);
        if digits.len() < text.len() {
            let message = format!("{} starts with 0x, which the standard does not have", self.full(name));
            notes.push(Warning::new("hex-prefix", message));
        }
        hex::decode(digits).map_err(|error| {
            Error::malformed(
                format!("{} is not hexadecimal text: {}", self.full(name), error.problem()),
                "the file is damaged; use another copy of it",
            )
        })
    }

    fn need(&self, name: &'static str, notes: &mut Vec<Warning>) -> Result<&'a Json> {
        self.get(name, notes)?.ok_or_else(|| {
            Error::malformed(
                format!("the keystore has no field {}", self.full(name)),
                "the file is damaged, or not a keystore of version 3; use another copy of it",
            )
        })
    }

    pub(crate) fn wrong_type(&self, name: &str, wanted: &str) -> Error {
        Error::malformed(
            format!("the field {} is not {wanted}", self.full(name)),
            "the file is damaged, or not a keystore of version 3; use another copy of it",
        )
    }

    fn full(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

pub(crate) fn strip_0x(text: &str) -> &str {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text)
}

/// A name from the file as it can be shown: short, and free of what a terminal would act on.
pub(crate) fn shown(name: &str) -> String {
    if name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_graphic()) {
        format!("\"{name}\"")
    } else {
        format!("of {} bytes", name.len())
    }
}
