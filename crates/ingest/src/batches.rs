//! Records into Arrow batches of bounded size.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use milaan_model::reading::WantedColumn;
use milaan_model::schema;

use crate::error::Error;
use crate::reject::Reject;
use crate::table::{Cells, Flow, Sink};

/// Rows of a batch, unless its text is longer than [`BATCH_BYTES`].
const BATCH_ROWS: usize = 8192;
/// Text of a batch.
const BATCH_BYTES: usize = 8 << 20;

/// Takes what a file gives; `Enough` when nobody listens any more.
pub(crate) type Emit<'a> = dyn FnMut(Part) -> Flow + 'a;

/// A piece of a file.
pub(crate) enum Part {
    /// The landed columns, of the first table only.
    Columns(Vec<String>),
    Batch(RecordBatch),
}

/// The schema of landed rows.
pub(crate) fn landed_schema(columns: &[String], lineage: bool) -> SchemaRef {
    let mut fields = Vec::with_capacity(columns.len() + 3);
    if lineage {
        fields.push(Field::new(schema::FILE, DataType::Utf8, false));
        fields.push(Field::new(schema::SHEET, DataType::Utf8, false));
        fields.push(Field::new(schema::ROW, DataType::Int64, false));
    }
    fields.extend(columns.iter().map(|name| Field::new(name, DataType::Utf8, true)));
    Arc::new(Schema::new(fields))
}

/// Builds the batches of one file.
pub(crate) struct BatchSink<'a, 'e> {
    file: &'a str,
    sheet: String,
    lineage: bool,
    columns: Vec<String>,
    schema: SchemaRef,
    builders: Vec<StringBuilder>,
    rows: Vec<i64>,
    bytes: usize,
    pub(crate) rejects: Vec<Reject>,
    emit: &'a mut Emit<'e>,
}

impl<'a, 'e> BatchSink<'a, 'e> {
    pub(crate) fn new(file: &'a str, lineage: bool, emit: &'a mut Emit<'e>) -> Self {
        Self {
            file,
            sheet: String::new(),
            lineage,
            columns: Vec::new(),
            schema: landed_schema(&[], lineage),
            builders: Vec::new(),
            rows: Vec::new(),
            bytes: 0,
            rejects: Vec::new(),
            emit,
        }
    }

    /// Hands out what is left.
    pub(crate) fn flush(&mut self) -> Result<Flow, Error> {
        let count = self.rows.len();
        if count == 0 {
            return Ok(Flow::More);
        }
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.builders.len() + 3);
        if self.lineage {
            let constant =
                |text: &str| StringArray::from_iter_values(std::iter::repeat_n(text, count));
            arrays.push(Arc::new(constant(self.file)));
            arrays.push(Arc::new(constant(&self.sheet)));
            arrays.push(Arc::new(Int64Array::from(std::mem::take(&mut self.rows))));
        }
        self.rows.clear();
        self.bytes = 0;
        arrays
            .extend(self.builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(Error::write)?;
        Ok((self.emit)(Part::Batch(batch)))
    }
}

impl Sink for BatchSink<'_, '_> {
    fn columns(&mut self, sheet: &str, columns: &[String]) -> Result<(), Error> {
        self.flush()?;
        sheet.clone_into(&mut self.sheet);
        if self.builders.is_empty() {
            self.schema = landed_schema(columns, self.lineage);
            self.builders = columns.iter().map(|_| StringBuilder::new()).collect();
            columns.clone_into(&mut self.columns);
            (self.emit)(Part::Columns(columns.to_vec()));
        }
        Ok(())
    }

    fn fixed(&self) -> Vec<WantedColumn> {
        wanted(&self.columns)
    }

    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error> {
        for (cell, builder) in cells.iter().zip(&mut self.builders) {
            match cell {
                Some(text) => {
                    self.bytes += text.len();
                    builder.append_value(text);
                }
                None => builder.append_null(),
            }
        }
        self.rows.push(cells.row() as i64);
        if self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            return self.flush();
        }
        Ok(Flow::More)
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        self.rejects.push(reject);
        Ok(())
    }
}

/// Found columns, as the next table has to fill them.
pub(crate) fn wanted(columns: &[String]) -> Vec<WantedColumn> {
    let wanted =
        |name: &String| WantedColumn { header: name.clone(), aliases: Vec::new(), required: false };
    columns.iter().map(wanted).collect()
}
