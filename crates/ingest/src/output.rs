//! Where landed rows go: Parquet or CSV.

use std::io::Write;

use arrow::array::{Array, AsArray, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::batches::landed_schema;
use crate::error::Error;

/// Takes landed rows.
pub(crate) trait Output {
    /// The landed columns, once, before anything else.
    fn begin(&mut self, columns: &[String]) -> Result<(), Error>;
    /// Rows.
    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error>;
    /// Writes what is left.
    fn finish(self) -> Result<(), Error>;
}

/// One zstd Parquet file in row groups of a fixed size.
pub(crate) struct ParquetOut<W: Write + Send> {
    out: Option<W>,
    writer: Option<ArrowWriter<W>>,
    lineage: bool,
    row_group_rows: usize,
}

impl<W: Write + Send> ParquetOut<W> {
    pub(crate) fn new(out: W, lineage: bool, row_group_rows: usize) -> Self {
        Self { out: Some(out), writer: None, lineage, row_group_rows }
    }
}

impl<W: Write + Send> Output for ParquetOut<W> {
    fn begin(&mut self, columns: &[String]) -> Result<(), Error> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(self.row_group_rows))
            .build();
        let schema = landed_schema(columns, self.lineage);
        self.writer =
            Some(ArrowWriter::try_new(out, schema, Some(properties)).map_err(Error::write)?);
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.writer.as_mut().map_or(Ok(()), |writer| writer.write(batch).map_err(Error::write))
    }

    fn finish(self) -> Result<(), Error> {
        self.writer.map_or(Ok(()), |writer| writer.close().map(drop).map_err(Error::write))
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
