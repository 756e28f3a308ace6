//! The vault's JSON, written and read by hand: fields in a fixed order, secrets in memory that is erased, and fields of later
//! versions kept as they are.

use std::collections::BTreeMap;

use keyark_core::{Error, Result, SecretText};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use zeroize::{Zeroize, Zeroizing};

/// The fields of an object that has been read. What nobody has taken at the end is of a later version.
pub(crate) struct Fields<'a> {
    what: &'static str,
    fields: BTreeMap<String, &'a RawValue>,
}

/// Fields that this version does not know, by name, as JSON.
pub(crate) type Unknown = Vec<(String, SecretText)>;

impl<'a> Fields<'a> {
    /// Reads an object, called `what` in errors; white space after it is allowed.
    pub(crate) fn read(text: &'a str, what: &'static str) -> Result<Self> {
        let fields = serde_json::from_str(text).map_err(|error| {
            Error::malformed(format!("{what} is not a JSON object"), "use another copy of it")
                .with_context("line", error.line())
                .with_context("column", error.column())
        })?;
        Ok(Self { what, fields })
    }

    /// The value of a field.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T> {
        self.take_if_there(name)?.ok_or_else(|| self.fault(name, "is missing"))
    }

    /// The value of a field, `None` where it is missing or null.
    pub(crate) fn take_if_there<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>> {
        let raw = self.fields.remove(name).filter(|raw| raw.get() != "null");
        raw.map(|raw| serde_json::from_str(raw.get())).transpose().map_err(|_| self.fault(name, "has an unknown form"))
    }

    /// The value of a field that is secret text.
    pub(crate) fn take_secret(&mut self, name: &'static str) -> Result<SecretText> {
        self.take::<String>(name).map(SecretText::new)
    }

    /// The object in a field.
    pub(crate) fn take_object(&mut self, name: &'static str, what: &'static str) -> Result<Fields<'a>> {
        let raw = self.fields.remove(name).ok_or_else(|| self.fault(name, "is missing"))?;
        Fields::read(raw.get(), what)
    }

    /// The objects in a field that is a list, at most `limit`; an empty list where the field is missing.
    pub(crate) fn take_objects(
        &mut self,
        name: &'static str,
        what: &'static str,
        limit: usize,
    ) -> Result<Vec<Fields<'a>>> {
        let Some(raw) = self.fields.remove(name) else { return Ok(Vec::new()) };
        let items: Vec<&'a RawValue> =
            serde_json::from_str(raw.get()).map_err(|_| self.fault(name, "is not a list"))?;
        if items.len() > limit {
            return Err(self.fault(name, &format!("has {} entries, and at most {limit} are read", items.len())));
        }
        items.into_iter().map(|item| Fields::read(item.get(), what)).collect()
    }

    /// What has not been taken.
    pub(crate) fn rest(self) -> Unknown {
        self.fields.into_iter().map(|(name, raw)| (name, SecretText::from(raw.get()))).collect()
    }

    /// An error about one field. It does not repeat the value.
    pub(crate) fn fault(&self, name: &str, problem: &str) -> Error {
        Error::malformed(format!("the field {name:?} of {} {problem}", self.what), "use another copy of it")
    }
}

/// An object that is being written. Its text lies in memory that is erased, also where it had to grow.
pub(crate) struct Writer {
    text: Zeroizing<String>,
    empty: bool,
}

impl Writer {
    pub(crate) fn new() -> Self {
        let mut writer = Self { text: Zeroizing::new(String::with_capacity(4096)), empty: true };
        writer.push("{");
        writer
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.quoted(value);
    }

    pub(crate) fn text_if_there(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        self.push(&value.to_string());
    }

    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        self.name(name);
        self.push(if value { "true" } else { "false" });
    }

    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.name(name);
        self.nested(write);
    }

    pub(crate) fn objects<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.name(name);
        self.push("[");
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            self.nested(|writer| write(writer, item));
        }
        self.push("]");
    }

    /// Fields of a later version, as they were read.
    pub(crate) fn unknown(&mut self, fields: &Unknown) {
        for (name, value) in fields {
            self.name(name);
            self.push(value.expose());
        }
    }

    /// The whole text.
    pub(crate) fn finish(mut self) -> Zeroizing<String> {
        self.push("}");
        self.text
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.push("{");
        self.empty = true;
        write(self);
        self.push("}");
        self.empty = false;
    }

    fn name(&mut self, name: &str) {
        if !self.empty {
            self.push(",");
        }
        self.empty = false;
        self.quoted(name);
        self.push(":");
    }

    /// A JSON string (RFC 8259, section 7), escaped character by character so that no copy is left behind.
    fn quoted(&mut self, text: &str) {
        self.push("\"");
        let mut plain = 0;
        for (at, letter) in text.char_indices() {
            if matches!(letter, '"' | '\\') || letter < ' ' {
                self.push(text.get(plain..at).unwrap_or_default());
                self.push(&format!("\\u{:04x}", u32::from(letter)));
                plain = at + 1; // these are one byte long
            }
        }
        self.push(text.get(plain..).unwrap_or_default());
        self.push("\"");
    }

    fn push(&mut self, text: &str) {
        let needed = self.text.len() + text.len();
        if needed > self.text.capacity() {
            let mut larger = Zeroizing::new(String::with_capacity(needed.next_power_of_two()));
            larger.push_str(&self.text);
            self.text.zeroize(); // a string that grows by itself leaves its old self behind
            self.text = larger;
        }
        self.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample(text: &str) -> Zeroizing<String> {
        let mut writer = Writer::new();
        writer.text("text", text);
        writer.number("number", u64::MAX);
        writer.flag("flag", true);
        writer.text_if_there("absent", None);
        writer.object("object", |writer| writer.text(text, ""));
        writer.objects("list", [1, 2], |writer, item| writer.number("item", item));
        writer.finish()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in any::<String>()) {
            let written = sample(&text);
            let mut fields = Fields::read(&written, "the sample").unwrap();
            prop_assert_eq!(fields.take::<String>("text").unwrap(), text.clone());
            prop_assert_eq!(fields.take::<u64>("number").unwrap(), u64::MAX);
            prop_assert!(fields.take::<bool>("flag").unwrap());
            prop_assert_eq!(fields.take_if_there::<String>("absent").unwrap(), None);
            let object = fields.take_object("object", "the inner one").unwrap().rest();
            prop_assert_eq!(object, vec![(text, SecretText::from("\"\""))]);
            let items: Vec<u64> = fields
                .take_objects("list", "an item", 2)
                .unwrap()
                .into_iter()
                .map(|mut item| item.take("item").unwrap())
                .collect();
            prop_assert_eq!(items, vec![1, 2]);
            prop_assert!(fields.rest().is_empty());
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,40}") {
            if let Ok(mut fields) = Fields::read(&text, "the text") {
                let _ = fields.take::<u64>("a");
            }
        }
    }

    #[test]
    fn faults_are_named_and_values_are_not() {
        let mut fields = Fields::read(r#"{"a":"canary","list":[{},{},{}]}"#, "the sample").unwrap();
        let error = fields.take::<u64>("a").unwrap_err();
        assert!(error.problem().contains("\"a\" of the sample") && !format!("{error:?}").contains("canary"), "{error}");
        assert!(fields.take::<u64>("b").unwrap_err().problem().contains("missing"));
        let error = fields.take_objects("list", "an item", 2).err().unwrap();
        assert!(error.problem().contains("3 entries"), "{error}");
    }
}
