//! Where landed rows go: Parquet or CSV.

use std::io::Write;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::SchemaRef;
use milaan_model::schema;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::batches::landed_schema;
use crate::error::Error;

/// A column with more distinct text than this is written as it is.
const DICTIONARY_BYTES_MAX: usize = 256 << 10;

/// Takes landed rows.
pub(crate) trait Output {
    /// The landed columns, once, before anything else.
    fn begin(&mut self, columns: &[String]) -> Result<(), Error>;
    /// Rows.
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error>;
    /// Writes what is left.
    fn finish(self) -> Result<(), Error>;
}

/// One zstd Parquet file in row groups of a fixed size, whose columns are encoded side by side.
pub(crate) struct ParquetOut<'p, W: Write + Send> {
    out: Option<W>,
    file: Option<(SerializedFileWriter<W>, ArrowRowGroupWriterFactory)>,
    schema: SchemaRef,
    lineage: bool,
    row_group_rows: usize,
    groups: usize,
    waiting: Vec<RecordBatch>,
    rows: usize,
    pool: &'p rayon::ThreadPool,
}

impl<'p, W: Write + Send> ParquetOut<'p, W> {
    pub(crate) fn new(
        out: W,
        lineage: bool,
        row_group_rows: usize,
        pool: &'p rayon::ThreadPool,
    ) -> Self {
        Self {
            out: Some(out),
            file: None,
            schema: landed_schema(&[], lineage),
            lineage,
            row_group_rows: row_group_rows.max(1),
            groups: 0,
            waiting: Vec::new(),
            rows: 0,
            pool,
        }
    }

    /// Writes what waits as a row group.
    fn group(&mut self) -> Result<(), Error> {
        let batches = std::mem::take(&mut self.waiting);
        self.rows = 0;
        let Some((file, factory)) = self.file.as_mut().filter(|_| !batches.is_empty()) else {
            return Ok(());
        };
        let writers = factory.create_column_writers(self.groups).map_err(Error::write)?;
        self.groups += 1;
        let fields = self.schema.fields();
        let columns: Vec<_> = writers.into_iter().enumerate().collect();
        let encode = |(at, mut writer): (usize, ArrowColumnWriter)| {
            for batch in &batches {
                for leaf in compute_leaves(&fields[at], batch.column(at))? {
                    writer.write(&leaf)?;
                }
            }
            writer.close()
        };
        let chunks: Vec<_> =
            self.pool.install(|| columns.into_par_iter().map(encode).collect::<Vec<_>>());
        let mut group = file.next_row_group().map_err(Error::write)?;
        for chunk in chunks {
            let chunk = chunk.map_err(Error::write)?;
            chunk.append_to_row_group(&mut group).map_err(Error::write)?;
        }
        group.close().map(drop).map_err(Error::write)
    }
}

impl<W: Write + Send> Output for ParquetOut<'_, W> {
    fn begin(&mut self, columns: &[String]) -> Result<(), Error> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let row = ColumnPath::new(vec![schema::ROW.to_owned()]);
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            // Ids and phones never come twice: the sooner their dictionary is given up, the better.
            .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
            .set_max_row_group_row_count(Some(self.row_group_rows));
        if self.lineage {
            // Row numbers are counted up, never repeated.
            properties = properties
                .set_column_dictionary_enabled(row.clone(), false)
                .set_column_encoding(row, Encoding::DELTA_BINARY_PACKED);
        }
        self.schema = landed_schema(columns, self.lineage);
        let writer = ArrowWriter::try_new(out, self.schema.clone(), Some(properties.build()));
        let file = writer.and_then(ArrowWriter::into_serialized_writer).map_err(Error::write)?;
        self.file = Some(file);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut from = 0;
        while from < batch.num_rows() {
            let count = (batch.num_rows() - from).min(self.row_group_rows - self.rows);
            self.waiting.push(batch.slice(from, count));
            self.rows += count;
            from += count;
            if self.rows == self.row_group_rows {
                self.group()?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Error> {
        self.group()?;
        self.file.map_or(Ok(()), |(file, _)| file.close().map(drop).map_err(Error::write))
    }
}

/// RFC 4180: header first, quotes where needed, CRLF.
pub(crate) struct CsvOut<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvOut<W> {
    pub(crate) fn new(out: W) -> Self {
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        Self { writer }
    }
}

impl<W: Write> Output for CsvOut<W> {
    fn begin(&mut self, columns: &[String]) -> Result<(), Error> {
        self.writer.write_record(columns).map_err(Error::write)
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let columns: Vec<_> =
            batch.columns().iter().filter_map(|column| column.as_string_opt::<i32>()).collect();
        for at in 0..batch.num_rows() {
            let cells =
                columns.iter().map(|column| if column.is_null(at) { "" } else { column.value(at) });
            self.writer.write_record(cells).map_err(Error::write)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Error> {
        self.writer.flush().map_err(Error::write)
    }
}
