//! Rows as JSON Lines, one object a line in the order of the contract, and the JSON Schema they keep.
//!
//! NULL is `null`, a date ISO text, money a number with two places; the same rows give the same bytes.

use std::fmt;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use milaan_model::{ColumnContract, ColumnType, ReportContract};
use serde_json::{Value, json};

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
        let mut line = String::new();
        for row in 0..rows {
            line.clear();
            line.push('{');
            for (at, (column, (name, kind))) in columns.iter().zip(&self.columns).enumerate() {
                if at > 0 {
                    line.push(',');
                }
                line.push_str(name);
                line.push(':');
                line.push_str(&cell(column, *kind, row)?);
            }
            line.push_str("}\n");
            self.writer.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

/// One value as JSON.
fn cell(column: &ArrayRef, kind: ColumnType, row: usize) -> io::Result<String> {
    if column.is_null(row) {
        return Ok("null".to_owned());
    }
    Ok(match kind {
        ColumnType::Text => quoted(column.as_string::<i32>().value(row)),
        ColumnType::Number => {
            let number = column.as_primitive::<Float64Type>().value(row);
            serde_json::Number::from_f64(number).map_or("null".to_owned(), |one| one.to_string())
        }
        ColumnType::TextList => {
            let list = column.as_list::<i32>().value(row);
            let texts: Vec<String> = list.as_string::<i32>().iter().flatten().map(quoted).collect();
            format!("[{}]", texts.join(","))
        }
        ColumnType::Evidence => {
            return Err(io::Error::other("evidence does not stand in change-sets"));
        }
        ColumnType::Integer | ColumnType::Decimal | ColumnType::Boolean | ColumnType::Date => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(column, &options).map_err(io::Error::other)?;
            let text = formatter.value(row).to_string();
            if kind == ColumnType::Date { quoted(&text) } else { text }
        }
    })
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
