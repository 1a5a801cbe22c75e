//! The private Parquet files of a run's stages.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder,
};
use datafusion::parquet::schema::types::ColumnPath;
use milaan_publish::private;

use crate::error::Error;

/// Rows of a stage's row group: the next stage's threads take whole groups, so a file of a million rows must have several.
const ROW_GROUP_ROWS: usize = 64 << 10;

/// What never repeats gives its dictionary up soon.
const DICTIONARY_BYTES_MAX: usize = 256 << 10;

/// Batches handed over that wait to be packed.
const WAITING_MAX: usize = 2;

/// Writes one private stage file. A thread of its own packs what it is given, so that who makes the rows goes on. Dropped
/// before [`StageWriter::finish`], it takes the file away.
pub(crate) struct StageWriter {
    batches: SyncSender<Handed>,
    /// `None`: it has ended.
    packer: Option<JoinHandle<Result<u64, ParquetError>>>,
    schema: SchemaRef,
    path: PathBuf,
}

/// What a packer is given.
enum Handed {
    Rows(RecordBatch),
    End,
    GivenUp,
}

impl StageWriter {
    pub(crate) fn create(path: &Path, schema: SchemaRef) -> Result<Self, Error> {
        Self::create_with(path, schema, &[])
    }

    /// A file in which these columns (paths) hardly ever hold a value twice: no dictionary of them is tried.
    pub(crate) fn create_with(
        path: &Path,
        schema: SchemaRef,
        distinct: &[Vec<String>],
    ) -> Result<Self, Error> {
        Self::open(path, schema, properties(distinct).build())
    }

    /// A file whose values are not packed, but for words that repeat.
    pub(crate) fn create_unpacked(path: &Path, schema: SchemaRef) -> Result<Self, Error> {
        let properties = properties(&[]).set_compression(Compression::UNCOMPRESSED);
        Self::open(path, schema, properties.build())
    }

    fn open(path: &Path, schema: SchemaRef, properties: WriterProperties) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            private::create_dir_all(folder)?;
        }
        let file = private::create_file(path)?;
        let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|_| broken_file(path))?;
        let (batches, waiting) = sync_channel::<Handed>(WAITING_MAX);
        let pack = move || {
            let mut rows = 0;
            for handed in waiting {
                match handed {
                    Handed::Rows(batch) => {
                        rows += batch.num_rows() as u64;
                        writer.write(&batch)?;
                    }
                    Handed::End => {
                        writer.close()?;
                        break;
                    }
                    Handed::GivenUp => break,
                }
            }
            Ok(rows)
        };
        let packer = std::thread::Builder::new().name("pack".to_owned()).spawn(pack);
        let packer = Some(packer.map_err(Error::io("cannot start a thread for", path))?);
        Ok(Self { batches, packer, schema, path: path.to_owned() })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec())
            .map_err(|_| broken_file(&self.path))?;
        // Nobody takes it: the packer met an error.
        self.batches.send(Handed::Rows(batch)).map_err(|_| broken_file(&self.path))
    }

    /// Ends the file; the rows written.
    pub(crate) fn finish(mut self) -> Result<u64, Error> {
        // Nobody takes it: the packer met an error, which it tells.
        let _ = self.batches.send(Handed::End);
        match self.packer.take().map(JoinHandle::join) {
            Some(Ok(rows)) => rows.map_err(|_| broken_file(&self.path)),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Err(broken_file(&self.path)),
        }
    }
}

impl Drop for StageWriter {
    fn drop(&mut self) {
        let Some(packer) = self.packer.take() else { return };
        // Whoever writes the file anew must not meet this packer.
        let _ = self.batches.send(Handed::GivenUp);
        let _ = packer.join();
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "unfinished file stays");
        }
    }
}

fn properties(distinct: &[Vec<String>]) -> WriterPropertiesBuilder {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS));
    for column in distinct {
        let path = ColumnPath::from(column.clone());
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path.clone(), EnabledStatistics::None);
        // Tokens and seals are as good as random: packing them costs more than reading what it saves.
        if column.iter().any(|name| is_random(name)) {
            properties = properties.set_column_compression(path, Compression::UNCOMPRESSED);
        }
    }
    properties
}

fn is_random(column: &str) -> bool {
    column.ends_with("_token") || column.ends_with("_sealed") || column == "fingerprint"
}

fn broken_file(path: &Path) -> Error {
    Error::Query {
        what: path.display().to_string(),
        reason: "the Parquet file could not be written (is the disk full?)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Int64Array;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    #[test]
    fn a_stage_file_stays_only_when_it_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, true)]));
        let numbers = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![numbers]).expect("a batch");
        let write = |path: &Path| {
            let mut writer = StageWriter::create(path, Arc::clone(&schema)).expect("a writer");
            writer.write(&batch).expect("a batch taken");
            writer
        };
        let whole = folder.path().join("whole.parquet");
        assert_eq!(write(&whole).finish().expect("an end"), 3);
        assert!(crate::session::parquet_schema(&whole).is_ok());
        let torn = folder.path().join("torn.parquet");
        drop(write(&torn));
        assert!(!torn.exists(), "what was given up is taken away");
    }
}
