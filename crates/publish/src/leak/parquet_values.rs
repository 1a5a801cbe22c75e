//! Parquet: the footer's bytes (names, metadata, statistics) and every value of every text, list, struct and integer.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use milaan_kernels::leak::may_hold;

use super::{Findings, Line, Searched, leaks_in};

/// The footer's length and the magic bytes at the end of the file.
const TAIL_BYTES: u64 = 8;
/// The least integer with as many digits as an identifier.
const INTEGER_MIN: u64 = 1_000_000_000;

pub(super) fn scan(path: &Path, findings: &mut Findings<'_>) -> Searched {
    let (footer, start) = footer(path).map_err(|_| 0_u64)?;
    findings.search(&footer, || None, start);
    let file = File::open(path).map_err(|_| 0_u64)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|_| start)?;
    let mut rows_before: u64 = 0;
    for batch in reader {
        let batch = batch.map_err(|_| rows_before + 1)?;
        scan_batch(&batch, rows_before, findings)?;
        rows_before += batch.num_rows() as u64;
    }
    Ok(())
}

/// Plain texts and integers row by row, what is nested column by column.
fn scan_batch(batch: &RecordBatch, rows_before: u64, findings: &mut Findings<'_>) -> Searched {
    let schema = batch.schema();
    let mut flat = Vec::new();
    for (index, array) in batch.columns().iter().enumerate() {
        let name = schema.field(index).name();
        let row_of = |index: usize| rows_before + index as u64 + 1;
        match Flat::new(array) {
            Some(column) => flat.push((index, column)),
            None if visit(array, name, &row_of, findings) => {}
            None => return Err(rows_before + 1),
        }
    }
    if flat.iter().all(|(_, column)| column.is_quiet()) {
        return Ok(());
    }
    let name = |index: usize| Some(schema.field(index).name().clone());
    let mut line = Line::default();
    for row in 0..batch.num_rows() {
        line.clear();
        for (index, column) in &flat {
            column.push(*index, row, &mut line);
        }
        findings.search_line(&line, name, rows_before + row as u64 + 1);
    }
    Ok(())
}

/// A column with one text or integer a row.
enum Flat {
    Texts(StringArray),
    Integers(Int64Array),
}

impl Flat {
    fn new(array: &ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Dictionary(_, _) => {
                let plain = cast(array, &DataType::Utf8).ok()?;
                Some(Self::Texts(plain.as_string::<i32>().clone()))
            }
            DataType::Int64 | DataType::UInt64 => {
                let plain = cast(array, &DataType::Int64).ok()?;
                Some(Self::Integers(plain.as_primitive::<Int64Type>().clone()))
            }
            _ => None,
        }
    }

    /// Whether nothing can be found in it; a line's end stands between its values as a comma between cells.
    fn is_quiet(&self) -> bool {
        match self {
            Self::Texts(texts) => {
                let mut all = Vec::with_capacity(texts.value_data().len() + texts.len());
                for text in texts.iter().flatten() {
                    all.extend_from_slice(text.as_bytes());
                    all.push(b'\n');
                }
                !may_hold(&all)
            }
            Self::Integers(numbers) => {
                numbers.iter().flatten().all(|number| number.unsigned_abs() < INTEGER_MIN)
            }
        }
    }

    fn push(&self, index: usize, row: usize, line: &mut Line) {
        match self {
            Self::Texts(texts) if texts.is_valid(row) => {
                line.push(index, texts.value(row).as_bytes());
            }
            Self::Integers(numbers) if numbers.is_valid(row) => {
                let size = numbers.value(row).unsigned_abs();
                if size >= INTEGER_MIN {
                    line.push(index, size.to_string().as_bytes());
                }
            }
            _ => {}
        }
    }
}

/// The footer and where it begins.
fn footer(path: &Path) -> std::io::Result<(Vec<u8>, u64)> {
    let mut file = File::open(path)?;
    let end = file.seek(SeekFrom::End(-(TAIL_BYTES as i64)))?;
    let mut tail = [0; 4];
    file.read_exact(&mut tail)?;
    let length = u64::from(u32::from_le_bytes(tail));
    let start = end.checked_sub(length).ok_or(std::io::ErrorKind::InvalidData)?;
    file.seek(SeekFrom::Start(start))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    Ok((footer, start))
}

/// Searches an array value by value; `false`: a type that is not known, so nothing was searched.
fn visit(
    array: &ArrayRef,
    name: &str,
    row_of: &dyn Fn(usize) -> u64,
    findings: &mut Findings<'_>,
) -> bool {
    if let Some(flat) = Flat::new(array) {
        if flat.is_quiet() {
            return true;
        }
        let mut line = Line::default();
        for index in 0..array.len() {
            line.clear();
            flat.push(0, index, &mut line);
            // Where a value stands is worked out for what is found alone.
            if !leaks_in(&line.text).is_empty() {
                findings.search_line(&line, |_| Some(name.to_owned()), row_of(index));
            }
        }
        return true;
    }
    match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let offsets = list.value_offsets();
            let parent =
                |child: usize| row_of(offsets.partition_point(|&at| at as usize <= child) - 1);
            visit(list.values(), name, &parent, findings)
        }
        DataType::Struct(fields) => {
            fields.iter().zip(array.as_struct().columns()).all(|(field, child)| {
                visit(child, &format!("{name}.{}", field.name()), row_of, findings)
            })
        }
        DataType::Binary => {
            for (index, bytes) in array.as_binary::<i32>().iter().enumerate() {
                let bytes = bytes.unwrap_or_default();
                findings.search(bytes, || Some(name.to_owned()), row_of(index));
            }
            true
        }
        // Too few digits, or money and measures.
        found => found.is_primitive() || matches!(found, DataType::Boolean | DataType::Null),
    }
}
