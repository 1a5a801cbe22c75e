//! A Parquet dump: columns by name, cast to text.

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use milaan_model::reading::FileCounts;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::Error;
use crate::header;
use crate::limits::DumpFile;
use crate::row::RawRow;
use crate::table::{Cells, Flow, Sink, Task};

/// Reads a Parquet file into `sink`. Its first row is row 1.
pub(crate) fn read(
    file: &DumpFile,
    task: Task<'_>,
    sink: &mut dyn Sink,
) -> Result<FileCounts, Error> {
    let unreadable =
        |error: Box<dyn std::error::Error + Send + Sync>| Error::unreadable(&file.path, error);
    let input = crate::source::open(file)?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(input).map_err(|e| unreadable(e.into()))?;
    let mut head = RawRow::default();
    builder.schema().fields().iter().for_each(|field| head.push(field.name()));
    let mut counts = FileCounts {
        file: file.name.clone(),
        found: vec![("format".to_owned(), "parquet".to_owned())],
        ..FileCounts::default()
    };
    let places = places(file, &head, task, &mut counts, sink)?;
    let reader = builder.with_batch_size(4096).build().map_err(|e| unreadable(e.into()))?;
    let mut row = RawRow::default();
    for batch in reader {
        let batch = batch.map_err(|e| unreadable(e.into()))?;
        let mut columns = Vec::with_capacity(batch.num_columns());
        for column in batch.columns() {
            columns.push(cast(column, &DataType::Utf8).map_err(|e| unreadable(e.into()))?);
        }
        for at in 0..batch.num_rows() {
            row.begin(counts.rows_read + 1);
            for (place, column) in columns.iter().enumerate() {
                if column.is_valid(at) {
                    row.put(place, column.as_string::<i32>().value(at));
                }
            }
            counts.rows_read += 1;
            counts.rows_landed += 1;
            if sink.row(Cells::new(&row, &places, false))? == Flow::Enough {
                return Ok(counts);
            }
        }
    }
    Ok(counts)
}

fn places(
    file: &DumpFile,
    head: &RawRow,
    task: Task<'_>,
    counts: &mut FileCounts,
    sink: &mut dyn Sink,
) -> Result<Vec<Option<usize>>, Error> {
    if task.wanted.is_empty() {
        sink.columns("", &header::unique_names(Some(head), head.len(), task.reserved))?;
        return Ok((0..head.len()).map(Some).collect());
    }
    let names = header::unique_names(Some(head), head.len(), &[]);
    let places = header::map(&names, task.wanted);
    for (column, _) in task.wanted.iter().zip(&places).filter(|(_, place)| place.is_none()) {
        if column.required {
            return Err(Error::ColumnMissing {
                file: file.name.clone(),
                sheet: String::new(),
                column: column.header.clone(),
                header_row: 0,
                did_you_mean: header::nearest(column, &names),
            });
        }
        counts.columns_absent.push(column.header.clone());
    }
    let unasked = names.into_iter().enumerate().filter(|(at, _)| !places.contains(&Some(*at)));
    counts.columns_ignored = unasked.map(|(_, name)| name).collect();
    let columns: Vec<String> = task.wanted.iter().map(|column| column.header.clone()).collect();
    sink.columns("", &columns)?;
    Ok(places)
}
