//! A list as a Parquet file: columns of text, and rows in groups, each of which can be read as soon as it is in the file and the
//! footer names it.

use std::io::Write;
use std::sync::Arc;

use keyark::{Error, ErrorKind, Result};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor};

use super::list::{Broken, Part};
use super::row::{Row, titles};
use crate::files::NewFile;

/// How many rows the first group has; each of the next has as many as all before it, so that a full disk costs half of the rows
/// at most…
const FIRST: usize = 1 << 12;
/// …up to this many, which are held in memory with what is made of them: some 50 MB.
const MOST: usize = 1 << 16;
/// Of these columns a few values repeat, so that a table of them is shorter.
const REPEATING: [&str; 2] = ["chain", "kind"];

/// A Parquet file that is being written.
pub(super) struct Table {
    file: NewFile,
    /// What errors call the file.
    name: String,
    /// Makes the bytes of the groups. They go into the file a group at a time.
    writer: SerializedFileWriter<Vec<u8>>,
    schema: SchemaDescPtr,
    columns: Vec<Column>,
    /// How many rows wait for their group to be full, and how many are in the file.
    waiting: usize,
    written: usize,
    /// Where the file ends before its first group, and behind each one that is whole.
    ends: Vec<u64>,
}

/// The rows of one group in one column: of those that have a text, where it ends.
#[derive(Default)]
struct Column {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// For each row whether it has a text; unused in columns where every row has one.
    has: Vec<i16>,
}

impl Table {
    pub(super) fn new(file: NewFile, name: String, private: bool) -> Result<Self> {
        let column = |title| {
            let need = if ["chain", "address", "private_key"].contains(&title) { "required" } else { "optional" };
            format!("{need} binary {title} (STRING);")
        };
        let text = format!("message addresses {{ {} }}", titles(private).map(column).collect::<String>());
        let schema = Arc::new(parse_message_type(&text).map_err(ours)?);
        // Without statistics: they would repeat private keys, and tell nothing of rows that are in no order.
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .set_dictionary_enabled(false);
        for title in REPEATING {
            properties = properties.set_column_dictionary_enabled(title.into(), true);
        }
        let writer = SerializedFileWriter::new(Vec::new(), schema.clone(), Arc::new(properties.build()));
        let mut table = Self {
            file,
            name,
            writer: writer.map_err(ours)?,
            schema: Arc::new(SchemaDescriptor::new(schema)),
            columns: titles(private).map(|_| Column::default()).collect(),
            waiting: 0,
            written: 0,
            ends: Vec::new(),
        };
        table.put(0)?; // the mark at the start of the file
        Ok(table)
    }

    pub(super) fn add(&mut self, row: &Row<'_>) -> Result<()> {
        for (column, text) in self.columns.iter_mut().zip(row.fields()) {
            column.has.push(text.is_some().into());
            if let Some(text) = text {
                column.text.extend_from_slice(text.as_bytes());
                column.ends.push(column.text.len());
            }
        }
        self.waiting += 1;
        if self.waiting >= self.written.clamp(FIRST, MOST) { self.write_group() } else { Ok(()) }
    }

    /// The whole file; or why it is not whole, and what of it can be read nevertheless.
    pub(super) fn end(mut self, work: Result<()>) -> Result<NewFile, Broken> {
        let written = match &work {
            Err(error) if error.kind() != ErrorKind::Cancelled => Ok(()), // the disk is full
            _ => self.write_group(),
        };
        let groups = self.ends.len() - 1;
        match work.and(written).and_then(|()| self.write_footer(groups)).and_then(|_| self.file.sync()) {
            Ok(()) => Ok(self.file),
            Err(error) => Err(self.keep(error)),
        }
    }

    /// Ends the file behind the last group with which there is room for the footer.
    fn keep(mut self, error: Error) -> Broken {
        for groups in (1..self.ends.len()).rev() {
            let end = self.ends.get(groups).copied().unwrap_or_default();
            if self.file.cut(end).is_ok()
                && let Ok((rows, footer)) = self.write_footer(groups)
            {
                return Broken { error, part: Some(Part { file: self.file, length: end + footer, rows }) };
            }
        }
        Broken { error, part: None }
    }

    /// Writes the rows that wait.
    fn write_group(&mut self) -> Result<()> {
        if self.waiting == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(ours)?;
        self.columns.iter_mut().try_for_each(|column| column.write(&mut group)).map_err(ours)?;
        group.close().map_err(ours)?;
        let rows = std::mem::take(&mut self.waiting);
        self.put(rows)
    }

    /// Puts what the writer has made into the file; with it so many rows are whole.
    fn put(&mut self, rows: usize) -> Result<()> {
        self.writer.flush().map_err(|error| ours(error.into()))?;
        let bytes = std::mem::take(self.writer.inner_mut());
        self.file.write_all(&bytes).map_err(|error| crate::ui::unwritten(&self.name, &error))?;
        self.ends.push(self.ends.last().copied().unwrap_or_default() + bytes.len() as u64);
        self.written += rows;
        Ok(())
    }

    /// Writes the footer of a file that has so many groups. Gives the number of their rows and its own length.
    fn write_footer(&mut self, groups: usize) -> Result<(u64, u64)> {
        let groups: Vec<_> = self.writer.flushed_row_groups().iter().take(groups).cloned().collect();
        let rows = groups.iter().map(RowGroupMetaData::num_rows).sum();
        let (version, writer) =
            (self.writer.properties().writer_version().as_num(), self.writer.properties().created_by());
        let about = FileMetaData::new(version, rows, Some(writer.to_owned()), None, self.schema.clone(), None);
        let mut footer = Vec::new();
        ParquetMetaDataWriter::new(&mut footer, &ParquetMetaData::new(about, groups)).finish().map_err(ours)?;
        self.file.write_all(&footer).map_err(|error| crate::ui::unwritten(&self.name, &error))?;
        Ok((rows.unsigned_abs(), footer.len() as u64))
    }
}

impl Column {
    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, Vec<u8>>) -> Result<(), ParquetError> {
        let Self { text, ends, has } = std::mem::take(self);
        let text = ByteArray::from(text);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let values: Vec<_> = starts.zip(&ends).map(|(start, end)| text.slice(start, end - start)).collect();
        let Some(mut column) = group.next_column()? else { return Ok(()) };
        column.typed::<ByteArrayType>().write_batch(&values, Some(&has), None)?; // required columns ignore `has`
        column.close()
    }
}

/// The bytes are made in memory, so this is no fault of the disk.
fn ours(error: ParquetError) -> Error {
    Error::new(ErrorKind::Internal, format!("a row could not be written as Parquet: {error}"), "report this")
}
