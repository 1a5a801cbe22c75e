//! A report as Parquet: the same rows give the same bytes, however they were batched.
//!
//! Page and row-group boundaries follow the batches that a Parquet writer is given, so the rows are regrouped to one
//! size first. Nothing else that may vary goes in: no time, no library version, no host.

use std::fmt;

use arrow::array::RecordBatch;
use arrow::compute::BatchCoalescer;
use arrow::datatypes::SchemaRef;
use milaan_model::{ColumnType, ReportContract};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{WriterProperties, WriterVersion};
use serde_json::{Value, json};

use crate::error::{At, Error};
use crate::outgoing::{FileReceipt, OutgoingFile};

/// Rows handed to the Parquet writer at once.
const BATCH_ROWS: usize = 8_192;
/// Words repeat within a few kilobytes; ids never do, and the sooner their dictionary is given up, the less it costs.
const DICTIONARY_BYTES_MAX: usize = 128 << 10;
/// Rows in a row group: eight batches.
const ROW_GROUP_ROWS: usize = 65_536;
/// The writer, in the form Parquet readers parse; raised when the bytes of an unchanged report change.
const CREATED_BY: &str = "milaan version 1.0.0 (build 1)";

/// A report's Parquet file while it is written.
pub(crate) struct ParquetFile {
    path: std::path::PathBuf,
    writer: ArrowWriter<OutgoingFile>,
    regroup: BatchCoalescer,
}

impl fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl ParquetFile {
    pub(crate) fn create(
        file: OutgoingFile,
        contract: &ReportContract,
        schema: &SchemaRef,
    ) -> Result<Self, Error> {
        let path = file.path().to_owned();
        let properties = properties(contract).at("set up", &path)?;
        let writer =
            ArrowWriter::try_new(file, schema.clone(), Some(properties)).at("begin", &path)?;
        Ok(Self { path, writer, regroup: BatchCoalescer::new(schema.clone(), BATCH_ROWS) })
    }

    pub(crate) fn write(&mut self, batch: RecordBatch) -> Result<(), Error> {
        self.regroup.push_batch(batch).map_err(ParquetError::from).at("regroup", &self.path)?;
        self.write_regrouped()
    }

    pub(crate) fn finish(mut self) -> Result<FileReceipt, Error> {
        self.regroup
            .finish_buffered_batch()
            .map_err(ParquetError::from)
            .at("regroup", &self.path)?;
        self.write_regrouped()?;
        self.writer.into_inner().at("end", &self.path)?.finish()
    }

    fn write_regrouped(&mut self) -> Result<(), Error> {
        while let Some(batch) = self.regroup.next_completed_batch() {
            self.writer.write(&batch).at("write", &self.path)?;
        }
        Ok(())
    }
}

fn properties(contract: &ReportContract) -> Result<WriterProperties, ParquetError> {
    let metadata = [
        ("milaan.report", contract.name.to_string()),
        ("milaan.version", contract.version.to_string()),
        ("milaan.contract", described(contract).to_string()),
    ];
    let metadata =
        metadata.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect();
    Ok(WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_key_value_metadata(Some(metadata))
        .set_sorting_columns(Some(sorting(contract)))
        .build())
}

/// The key as Parquet knows it, by leaf: readers need not sort again.
fn sorting(contract: &ReportContract) -> Vec<SortingColumn> {
    let leaf_of = |name: &String| {
        let mut leaf = 0;
        for column in &contract.columns {
            if &column.name == name {
                return leaf;
            }
            leaf += if column.kind == ColumnType::Evidence { 3 } else { 1 };
        }
        leaf
    };
    contract
        .key
        .iter()
        .map(|name| SortingColumn {
            column_idx: leaf_of(name),
            descending: false,
            nulls_first: true,
        })
        .collect()
}

/// The contract, so that a file found alone still says what it holds.
fn described(contract: &ReportContract) -> Value {
    let columns: Vec<Value> = contract
        .columns
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "type": column.kind.as_str(),
                "class": column.class.as_str(),
                "required": column.required,
                "meaning": column.meaning,
                "values": column.values,
            })
        })
        .collect();
    json!({
        "title": contract.title,
        "grain": contract.grain,
        "clearance": contract.clearance.as_str(),
        "key": contract.key,
        "columns": columns,
    })
}
