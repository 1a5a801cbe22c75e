//! A report as a workbook for people: typed columns, a header that stays and filters, further sheets past Excel's row limit,
//! and a last sheet that says what the columns mean.
//!
//! Texts are written as texts, so that leading zeros stay and nothing runs; it holds neither time nor author, so that the same
//! rows give the same bytes. Rows leave memory as they are written, by a temporary file beside the workbook.

use std::fmt;
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Float64Type, Int64Type};
use milaan_model::{ColumnType, ReportContract};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::csv_file::{guarded, push_evidence, push_joined};
use crate::error::Error;
use crate::outgoing::{FileReceipt, OutgoingFile};

/// Excel's limit, the header counted.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// A cell holds no longer text.
const CELL_CHARS_MAX: usize = 32_767;
/// From Excel's day zero to 1970-01-01.
const DAYS_TO_1970: i32 = 25_569;
/// A sheet's name is not longer.
const NAME_CHARS_MAX: usize = 28;
/// The sheet of meanings.
pub(crate) const MEANINGS: &str = "columns";

/// A workbook while it is written.
pub(crate) struct XlsxFile {
    file: OutgoingFile,
    path: PathBuf,
    book: Workbook,
    contract: ReportContract,
    sheet: Option<usize>,
    sheets: usize,
    row: u32,
    rows_max: u32,
    formats: Formats,
}

struct Formats {
    header: Format,
    text: Format,
    integer: Format,
    decimal: Format,
    date: Format,
}

impl fmt::Debug for XlsxFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XlsxFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl XlsxFile {
    /// Begins the workbook and its first sheet.
    pub(crate) fn create(file: OutgoingFile, contract: &ReportContract) -> Result<Self, Error> {
        Self::with_rows_max(file, contract, SHEET_ROWS_MAX)
    }

    pub(crate) fn with_rows_max(
        file: OutgoingFile,
        contract: &ReportContract,
        rows_max: u32,
    ) -> Result<Self, Error> {
        let path = file.path().to_owned();
        let formats = Formats {
            header: Format::new().set_bold(),
            text: Format::new().set_num_format("@"),
            integer: Format::new().set_num_format("0"),
            decimal: Format::new().set_num_format("0.00"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        };
        let mut book = Workbook::new();
        let begun = (|| {
            // Without a date of its own the workbook would hold the hour it was written.
            let day = ExcelDateTime::from_ymd(2017, 8, 31)?;
            book.set_properties(&DocProperties::new().set_creation_datetime(&day));
            book.set_tempdir(path.parent().unwrap_or(Path::new(".")))?;
            Ok(())
        })();
        begun.map_err(|source| broken(&path, source))?;
        let contract = contract.clone();
        let mut file =
            Self { file, path, book, contract, sheet: None, sheets: 0, row: 0, rows_max, formats };
        file.next_sheet().map_err(|source| broken(&file.path, source))?;
        Ok(file)
    }

    /// Writes rows given as columns in their fixed types.
    pub(crate) fn write(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        self.write_rows(columns).map_err(|source| broken(&self.path, source))
    }

    pub(crate) fn finish(mut self) -> Result<FileReceipt, Error> {
        self.end_sheet()
            .and_then(|()| self.write_meanings())
            .and_then(|()| self.book.save_to_writer(&mut self.file))
            .map_err(|source| broken(&self.path, source))?;
        self.file.finish()
    }

    fn write_rows(&mut self, columns: &[ArrayRef]) -> Result<(), XlsxError> {
        let rows = columns.first().map_or(0, Array::len);
        for row in 0..rows {
            if self.row >= self.rows_max {
                self.end_sheet()?;
                self.next_sheet()?;
            }
            let sheet = self.book.worksheet_from_index(self.sheet.unwrap_or_default())?;
            for (at, (column, contract)) in columns.iter().zip(&self.contract.columns).enumerate() {
                if column.is_valid(row) {
                    let place = (self.row, at as u16);
                    cell(sheet, place, column, (contract.kind, row), &self.formats)?;
                }
            }
            self.row += 1;
        }
        Ok(())
    }

    /// Begins a sheet with its header.
    fn next_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name: String = self.contract.name.as_str().chars().take(NAME_CHARS_MAX).collect();
        let name = if self.sheets == 1 { name } else { format!("{name} {}", self.sheets) };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (at, column) in self.contract.columns.iter().enumerate() {
            sheet.set_column_width(at as u16, width(column.kind))?;
        }
        for (at, column) in self.contract.columns.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, &column.name, &self.formats.header)?;
        }
        self.sheet = Some(self.sheets - 1);
        self.row = 1;
        Ok(())
    }

    /// Filters over the rows that were written.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let Some(at) = self.sheet.take() else { return Ok(()) };
        let last = (self.contract.columns.len().max(1) - 1) as u16;
        self.book.worksheet_from_index(at)?.autofilter(0, 0, self.row - 1, last).map(drop)
    }

    fn write_meanings(&mut self) -> Result<(), XlsxError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(MEANINGS)?.set_freeze_panes(1, 0)?;
        sheet.set_column_width(0, 24)?.set_column_width(3, 80)?;
        for (at, word) in ["column", "type", "required", "meaning", "words"].iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, *word, &self.formats.header)?;
        }
        for (row, column) in self.contract.columns.iter().enumerate() {
            let row = row as u32 + 1;
            sheet.write_string(row, 0, &column.name)?;
            sheet.write_string(row, 1, column.kind.as_str())?;
            sheet.write_string(row, 2, if column.required { "yes" } else { "no" })?;
            sheet.write_string(row, 3, &column.meaning)?;
            sheet.write_string(row, 4, column.values.join(", "))?;
        }
        Ok(())
    }
}

fn cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &ArrayRef,
    (kind, index): (ColumnType, usize),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let mut text = |text: &str| {
        let short: String = guarded(text).chars().take(CELL_CHARS_MAX).collect();
        sheet.write_string_with_format(row, at, short, &formats.text).map(drop)
    };
    match kind {
        ColumnType::Text => text(column.as_string::<i32>().value(index)),
        ColumnType::TextList => {
            let mut joined = String::new();
            push_joined(column.as_list(), index, &mut joined);
            text(&joined)
        }
        ColumnType::Evidence => {
            let mut found = String::new();
            // Writing to a String cannot fail.
            let _ = push_evidence(column.as_list(), index, &mut found);
            text(&found)
        }
        ColumnType::Integer => {
            let number = column.as_primitive::<Int64Type>().value(index) as f64;
            sheet.write_number_with_format(row, at, number, &formats.integer).map(drop)
        }
        ColumnType::Number => {
            let number = column.as_primitive::<Float64Type>().value(index);
            sheet.write_number(row, at, number).map(drop)
        }
        ColumnType::Decimal => {
            let number = column.as_primitive::<Decimal128Type>().value(index) as f64 / 100.0;
            sheet.write_number_with_format(row, at, number, &formats.decimal).map(drop)
        }
        ColumnType::Date => {
            let days = column.as_primitive::<Date32Type>().value(index) + DAYS_TO_1970;
            sheet.write_number_with_format(row, at, f64::from(days), &formats.date).map(drop)
        }
        ColumnType::Boolean => {
            sheet.write_boolean(row, at, column.as_boolean().value(index)).map(drop)
        }
    }
}

fn width(kind: ColumnType) -> f64 {
    match kind {
        ColumnType::Text | ColumnType::TextList => 22.0,
        ColumnType::Evidence => 60.0,
        _ => 12.0,
    }
}

/// The writer's own words may quote a cell, so only the kind of failure is told.
fn broken(path: &Path, source: XlsxError) -> Error {
    match source {
        XlsxError::IoError(source) => Error::io("write", path, source),
        _ => Error::io("write", path, std::io::ErrorKind::InvalidData.into()),
    }
}
