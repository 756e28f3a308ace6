//! One line of the output.

use keyark::{Address, Error, ErrorKind, PublicKey, Result, Warning};
use serde::Serialize;
use zeroize::Zeroizing;

use super::select::Selected;
use crate::commands::ShownKey;

/// The object of one address. With --private it holds a secret: this is the place where it is meant to be shown.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    chain: &'static str,
    kind: Option<&'static str>,
    path: Option<String>,
    address: &'a str,
    /// None beside a cut private key: it would shorten the search for what is missing.
    public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secure_copy: Option<SecureCopy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
struct SecureCopy {
    hidden_bits: u32,
    missing_characters: usize,
    missing_at: &'static str,
}

impl<'a> Row<'a> {
    pub(super) fn new(
        one: &Selected,
        path: Option<String>,
        address: &'a Address,
        public_key: &PublicKey,
        shown: Option<&'a ShownKey>,
    ) -> Self {
        let hidden = shown.and_then(|shown| shown.hidden.as_ref());
        Self {
            chain: one.chain.info().id,
            kind: one.label,
            path,
            address: address.as_str(),
            public_key: hidden.is_none().then(|| keyark::hex::encode(public_key.as_bytes())),
            private_key: shown.map(|shown| shown.text.expose()),
            warnings: shown.map(|shown| shown.warnings.iter().map(Warning::message).collect()),
            secure_copy: hidden.map(|hidden| SecureCopy {
                hidden_bits: hidden.bits,
                missing_characters: hidden.characters,
                missing_at: hidden.place,
            }),
        }
    }

    /// The row in aligned columns.
    pub(super) fn text(&self, columns: &Columns) -> String {
        let Columns { chain, kind, path, address } = *columns;
        let shown_path = self.path.as_deref().unwrap_or("-");
        let start = format!("{:chain$}  {:kind$}  {shown_path:path$}", self.chain, self.kind.unwrap_or("-"));
        match self.private_key {
            Some(key) => format!("{start}  {:address$}  {key}", self.address),
            None => format!("{start}  {}", self.address),
        }
    }

    /// What stands in the columns of a table.
    pub(super) fn fields(&self) -> impl Iterator<Item = Option<&str>> {
        let usual = [Some(self.chain), self.kind, self.path.as_deref(), Some(self.address), self.public_key.as_deref()];
        usual.into_iter().chain(self.private_key.map(Some))
    }

    /// The row as a line of a table.
    pub(super) fn csv(&self) -> Result<Zeroizing<String>> {
        csv_line(self.fields().map(Option::unwrap_or_default))
    }
}

/// The titles of a table's columns, in the order of [`Row::fields`]; with --private it has one more.
pub(super) fn titles(private: bool) -> impl Iterator<Item = &'static str> {
    ["chain", "kind", "path", "address", "public_key"].into_iter().chain(private.then_some("private_key"))
}

/// The first line of a table.
pub(super) fn csv_titles(private: bool) -> Result<Zeroizing<String>> {
    csv_line(titles(private))
}

/// A line of a table, without its end.
fn csv_line<'a>(fields: impl Iterator<Item = &'a str>) -> Result<Zeroizing<String>> {
    const USUAL: usize = 512;
    let mut writer = csv::WriterBuilder::new().buffer_capacity(USUAL).from_writer(Vec::with_capacity(USUAL));
    let written = writer.write_record(fields).ok().and_then(|()| writer.into_inner().ok());
    let line = written.and_then(|mut line| {
        line.pop(); // its end
        String::from_utf8(line).ok().map(Zeroizing::new)
    });
    line.ok_or_else(|| Error::new(ErrorKind::Internal, "a row could not be written as CSV", "report this"))
}

/// The usual longest address: Solana's have up to 44 characters. Longer ones (Taproot's 62) push their key to the right.
const ADDRESS: usize = 44;

/// The widths of the columns, known before the first row: rows stream.
pub(super) struct Columns {
    chain: usize,
    kind: usize,
    path: usize,
    address: usize,
}

impl Columns {
    pub(super) fn fit(selected: &[Selected]) -> Self {
        let widest = |width: fn(&Selected) -> usize| selected.iter().map(width).max().unwrap_or_default();
        Self {
            chain: widest(|one| one.chain.info().id.len()),
            kind: widest(|one| one.kind.id.len()),
            path: widest(Selected::path_width),
            address: ADDRESS,
        }
    }
}
