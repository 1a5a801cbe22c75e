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

/// Builds batches of one table's records.
struct Builder {
    file: String,
    sheet: String,
    lineage: bool,
    schema: SchemaRef,
    builders: Vec<StringBuilder>,
    rows: Vec<i64>,
    bytes: usize,
}

impl Builder {
    fn new(file: &str, lineage: bool) -> Self {
        Self {
            file: file.to_owned(),
            sheet: String::new(),
            lineage,
            schema: landed_schema(&[], lineage),
            builders: Vec::new(),
            rows: Vec::new(),
            bytes: 0,
        }
    }

    /// An empty one for the same columns.
    fn empty(&self) -> Self {
        Self {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            lineage: self.lineage,
            schema: Arc::clone(&self.schema),
            builders: self.builders.iter().map(|_| StringBuilder::new()).collect(),
            rows: Vec::new(),
            bytes: 0,
        }
    }

    /// Takes a record; a batch when there are enough.
    fn row(&mut self, cells: Cells<'_>) -> Result<Option<RecordBatch>, Error> {
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
        Ok(None)
    }

    /// What is left.
    fn flush(&mut self) -> Result<Option<RecordBatch>, Error> {
        let count = self.rows.len();
        if count == 0 {
            return Ok(None);
        }
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.builders.len() + 3);
        if self.lineage {
            let constant =
                |text: &str| StringArray::from_iter_values(std::iter::repeat_n(text, count));
            arrays.push(Arc::new(constant(&self.file)));
            arrays.push(Arc::new(constant(&self.sheet)));
            arrays.push(Arc::new(Int64Array::from(std::mem::take(&mut self.rows))));
        }
        self.rows.clear();
        self.bytes = 0;
        arrays
            .extend(self.builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).map(Some).map_err(Error::write)
    }
}

/// Hands on the batches of one file.
pub(crate) struct BatchSink<'a, 'e> {
    builder: Builder,
    columns: Vec<String>,
    pub(crate) rejects: Vec<Reject>,
    emit: &'a mut Emit<'e>,
}

impl<'a, 'e> BatchSink<'a, 'e> {
    pub(crate) fn new(file: &str, lineage: bool, emit: &'a mut Emit<'e>) -> Self {
        let builder = Builder::new(file, lineage);
        Self { builder, columns: Vec::new(), rejects: Vec::new(), emit }
    }

    /// Hands out what is left.
    pub(crate) fn flush(&mut self) -> Result<Flow, Error> {
        let batch = self.builder.flush()?;
        Ok(batch.map_or(Flow::More, |batch| (self.emit)(Part::Batch(batch))))
    }
}

impl Sink for BatchSink<'_, '_> {
    fn columns(&mut self, sheet: &str, columns: &[String]) -> Result<(), Error> {
        self.flush()?;
        sheet.clone_into(&mut self.builder.sheet);
        if self.builder.builders.is_empty() {
            self.builder.schema = landed_schema(columns, self.builder.lineage);
            self.builder.builders = columns.iter().map(|_| StringBuilder::new()).collect();
            columns.clone_into(&mut self.columns);
            (self.emit)(Part::Columns(columns.to_vec()));
        }
        Ok(())
    }

    fn fixed(&self) -> Vec<WantedColumn> {
        wanted(&self.columns)
    }

    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error> {
        let batch = self.builder.row(cells)?;
        Ok(batch.map_or(Flow::More, |batch| (self.emit)(Part::Batch(batch))))
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        self.rejects.push(reject);
        Ok(())
    }

    fn piece(&self) -> Option<PieceSink> {
        let builder = self.builder.empty();
        Some(PieceSink { builder, batches: Vec::new(), rejects: Vec::new() })
    }

    fn join(&mut self, piece: PieceSink) -> Result<Flow, Error> {
        let PieceSink { mut builder, mut batches, mut rejects } = piece;
        batches.extend(builder.flush()?);
        self.rejects.append(&mut rejects);
        let mut flow = self.flush()?;
        for batch in batches {
            if flow == Flow::More {
                flow = (self.emit)(Part::Batch(batch));
            }
        }
        Ok(flow)
    }
}

/// Keeps the batches of a piece of a file until the pieces before it are through.
pub(crate) struct PieceSink {
    builder: Builder,
    batches: Vec<RecordBatch>,
    rejects: Vec<Reject>,
}

impl Sink for PieceSink {
    fn columns(&mut self, _sheet: &str, _columns: &[String]) -> Result<(), Error> {
        Ok(())
    }

    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error> {
        let batch = self.builder.row(cells)?;
        self.batches.extend(batch);
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
