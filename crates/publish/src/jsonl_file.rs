//! Rows as JSON Lines, one object a line in the order of the contract, and the JSON Schema they keep.
//!
//! NULL is `null`, a date ISO text, money a number with two places; the same rows give the same bytes.

use std::fmt;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray};
use arrow::datatypes::Float64Type;
use arrow::util::display::FormatOptions;
use milaan_model::{ColumnContract, ColumnType, ReportContract};
use serde_json::{Value, json};

use crate::csv_file::{Plain, items};
use crate::error::{At, Error};
use crate::outgoing::{FileReceipt, OutgoingFile};

/// A JSON Lines file while it is written.
pub(crate) struct JsonlFile {
    path: PathBuf,
    writer: BufWriter<OutgoingFile>,
    columns: Vec<(String, ColumnType)>,
}

impl fmt::Debug for JsonlFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonlFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl JsonlFile {
    pub(crate) fn create(file: OutgoingFile, contract: &ReportContract) -> Self {
        let columns = contract.columns.iter().map(|one| (quoted(&one.name), one.kind)).collect();
        Self { path: file.path().to_owned(), writer: BufWriter::new(file), columns }
    }

    /// Writes rows given as columns in their fixed types.
    pub(crate) fn write(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        self.write_rows(columns).at("write", &self.path)
    }

    pub(crate) fn finish(self) -> Result<FileReceipt, Error> {
        let path = self.path;
        let file =
            self.writer.into_inner().map_err(io::IntoInnerError::into_error).at("write", &path)?;
        file.finish()
    }

    fn write_rows(&mut self, columns: &[ArrayRef]) -> io::Result<()> {
        let rows = columns.first().map_or(0, Array::len);
        let options = FormatOptions::default();
        let cells = columns
            .iter()
            .zip(&self.columns)
            .map(|(column, (_, kind))| Cells::new(column, *kind, &options))
            .collect::<io::Result<Vec<_>>>()?;
        let mut line = Vec::new();
        let mut plain = String::new();
        for row in 0..rows {
            line.clear();
            for (at, (cells, (name, _))) in cells.iter().zip(&self.columns).enumerate() {
                line.push(if at == 0 { b'{' } else { b',' });
                line.extend_from_slice(name.as_bytes());
                line.push(b':');
                cells.push(row, &mut plain, &mut line)?;
            }
            line.extend_from_slice(b"}\n");
            self.writer.write_all(&line)?;
        }
        Ok(())
    }
}

/// One column's cells.
enum Cells<'a> {
    Text(&'a StringArray),
    TextList(&'a ListArray),
    Number(&'a Float64Array),
    Date(Plain<'a>),
    Other(Plain<'a>),
}

impl<'a> Cells<'a> {
    fn new(
        column: &'a ArrayRef,
        kind: ColumnType,
        options: &'a FormatOptions<'a>,
    ) -> io::Result<Self> {
        Ok(match kind {
            ColumnType::Text => Self::Text(column.as_string()),
            ColumnType::TextList => Self::TextList(column.as_list()),
            ColumnType::Number => Self::Number(column.as_primitive::<Float64Type>()),
            ColumnType::Evidence => {
                return Err(io::Error::other("evidence does not stand in change-sets"));
            }
            ColumnType::Date => Self::Date(Plain::new(column, kind, options)?),
            ColumnType::Integer | ColumnType::Decimal | ColumnType::Boolean => {
                Self::Other(Plain::new(column, kind, options)?)
            }
        })
    }

    /// Appends a cell as JSON; `plain` is room for its text.
    fn push(&self, row: usize, plain: &mut String, line: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Text(texts) if texts.is_valid(row) => push_quoted(texts.value(row), line)?,
            Self::TextList(lists) if lists.is_valid(row) => {
                let words = lists.values().as_string::<i32>();
                line.push(b'[');
                for (at, item) in items(lists, row).filter(|&item| words.is_valid(item)).enumerate()
                {
                    if at > 0 {
                        line.push(b',');
                    }
                    push_quoted(words.value(item), line)?;
                }
                line.push(b']');
            }
            // What is no number in JSON is `null`.
            Self::Number(numbers) if numbers.is_valid(row) => {
                serde_json::to_writer(line, &numbers.value(row))?;
            }
            Self::Date(dates) if dates.is_valid(row) => {
                plain.clear();
                dates.push(row, plain)?;
                push_quoted(plain, line)?;
            }
            Self::Other(others) if others.is_valid(row) => {
                plain.clear();
                others.push(row, plain)?;
                line.extend_from_slice(plain.as_bytes());
            }
            _ => line.extend_from_slice(b"null"),
        }
        Ok(())
    }
}

fn push_quoted(text: &str, line: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(line, text).map_err(io::Error::from)
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The JSON Schema (2020-12) of a line.
pub(crate) fn schema(contract: &ReportContract) -> Value {
    let properties: serde_json::Map<String, Value> = contract
        .columns
        .iter()
        .map(|column| (column.name.clone(), property(column, contract)))
        .collect();
    let names: Vec<&str> = contract.columns.iter().map(|column| column.name.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": contract.title,
        "description": contract.grain,
        "version": contract.version,
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

fn property(column: &ColumnContract, contract: &ReportContract) -> Value {
    let required = column.required || contract.key.contains(&column.name);
    let kind = match column.kind {
        ColumnType::Text | ColumnType::Date => "string",
        ColumnType::Integer => "integer",
        ColumnType::Number | ColumnType::Decimal => "number",
        ColumnType::Boolean => "boolean",
        ColumnType::TextList | ColumnType::Evidence => "array",
    };
    let types = if required { json!(kind) } else { json!([kind, "null"]) };
    let mut property = json!({ "type": types, "description": column.meaning });
    if column.kind == ColumnType::Date {
        property["format"] = json!("date");
    }
    if column.kind == ColumnType::TextList {
        property["items"] = json!({ "type": "string" });
    }
    if !column.values.is_empty() && column.kind == ColumnType::Text {
        let mut words: Vec<Value> = column.values.iter().map(|word| json!(word)).collect();
        if !required {
            words.push(Value::Null);
        }
        property["enum"] = Value::Array(words);
    }
    property
}
