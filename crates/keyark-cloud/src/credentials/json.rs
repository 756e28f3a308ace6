//! Credentials that are a JSON object of texts.

use keyark_core::{Error, Result, SecretText};
use serde_json::{Map, Value};

/// The members of the object; each is taken out as it is used.
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map(Self).map_err(|error| {
            // The parser's own words can quote the text.
            let problem =
                format!("the credentials file is not a JSON object (line {}, column {})", error.line(), error.column());
            Error::malformed(problem, r#"it begins with { and ends with }, with "name": "value" between"#)
        })
    }

    /// The text of a member; `None` if it is not there, or empty.
    pub(super) fn take(&mut self, name: &'static str) -> Result<Option<SecretText>> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(SecretText::new(text)).filter(|text| !text.is_empty())),
            Some(_) => Err(Error::malformed(
                format!("{name} is not a text in the credentials file"),
                "put its value in quotes",
            )),
        }
    }
}
