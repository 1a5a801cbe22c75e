//! A report as a workbook for people: typed columns, a header that stays and filters, a sheet an office where the contract names
//! the column, further sheets past Excel's row limit, and a last sheet that says what the columns mean.
//!
//! Texts are written as texts, so that leading zeros stay and nothing runs; it holds neither time nor author, so that the same
//! rows give the same bytes. Rows leave memory as they are written, by a temporary file beside the workbook.

use std::collections::{BTreeMap, BTreeSet};
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
/// A sheet's name without a number behind it; Excel takes 31 characters.
const NAME_CHARS_MAX: usize = 26;
/// Offices beyond so many share one sheet.
const OFFICES_MAX: usize = 200;
/// The sheet of those.
const OTHERS: &str = "others";
/// The sheet of rows that name no office.
const BLANK: &str = "(blank)";
/// The sheet of meanings.
pub(crate) const MEANINGS: &str = "columns";

/// A workbook while it is written.
pub(crate) struct XlsxFile {
    file: OutgoingFile,
    path: PathBuf,
    book: Workbook,
    contract: ReportContract,
    /// Place of the column by whose value rows go to sheets.
    office: Option<usize>,
    /// Office → its open sheet.
    open: BTreeMap<String, Sheet>,
    /// Names given, in lower case: Excel tells sheets apart by no more.
    names: BTreeSet<String>,
    rows_max: u32,
    formats: Formats,
}

/// A sheet that rows are added to.
struct Sheet {
    index: usize,
    /// The row to be written next, from 0.
    row: u32,
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
        let office = contract
            .sheets_by
            .as_ref()
            .and_then(|name| contract.columns.iter().position(|column| &column.name == name));
        let names = BTreeSet::from([MEANINGS.to_owned()]);
        let open = BTreeMap::new();
        let mut file = Self { file, path, book, contract, office, open, names, rows_max, formats };
        if office.is_none() {
            file.begin_sheet("").map_err(|source| broken(&file.path, source))?;
        }
        Ok(file)
    }

    /// Writes rows given as columns in their fixed types.
    pub(crate) fn write(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        self.write_rows(columns).map_err(|source| broken(&self.path, source))
    }

    pub(crate) fn finish(mut self) -> Result<FileReceipt, Error> {
        self.end_all()
            .and_then(|()| self.write_meanings())
            .and_then(|()| self.book.save_to_writer(&mut self.file))
            .map_err(|source| broken(&self.path, source))?;
        self.file.finish()
    }

    fn write_rows(&mut self, columns: &[ArrayRef]) -> Result<(), XlsxError> {
        let rows = columns.first().map_or(0, Array::len);
        let offices = self.office.map(|at| columns[at].as_string::<i32>());
        for row in 0..rows {
            let office = match offices {
                Some(offices) if offices.is_valid(row) => offices.value(row).trim(),
                _ => "",
            };
            let place = self.place(office)?;
            let sheet = self.book.worksheet_from_index(place.index)?;
            for (at, (column, contract)) in columns.iter().zip(&self.contract.columns).enumerate() {
                if column.is_valid(row) {
                    let place = (place.row, at as u16);
                    cell(sheet, place, column, (contract.kind, row), &self.formats)?;
                }
            }
        }
        Ok(())
    }

    /// Where an office's next row goes.
    fn place(&mut self, office: &str) -> Result<Sheet, XlsxError> {
        let known = self.open.contains_key(office) || self.open.len() < OFFICES_MAX;
        let office = if known { office } else { OTHERS };
        if let Some(sheet) = self.open.get_mut(office) {
            if sheet.row < self.rows_max {
                sheet.row += 1;
                return Ok(Sheet { index: sheet.index, row: sheet.row - 1 });
            }
            let full = Sheet { index: sheet.index, row: sheet.row };
            self.end_sheet(&full)?;
        }
        self.begin_sheet(office)?;
        self.place(office)
    }

    /// Begins a sheet with its header.
    fn begin_sheet(&mut self, office: &str) -> Result<(), XlsxError> {
        let name = self.free_name(office);
        let index = self.book.worksheets().len();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (at, column) in self.contract.columns.iter().enumerate() {
            sheet.set_column_width(at as u16, width(column.kind))?;
        }
        for (at, column) in self.contract.columns.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, &column.name, &self.formats.header)?;
        }
        self.open.insert(office.to_owned(), Sheet { index, row: 1 });
        Ok(())
    }

    /// A name that Excel takes and no other sheet has.
    fn free_name(&mut self, office: &str) -> String {
        let wanted = match (self.office, office) {
            (None, _) => self.contract.name.as_str(),
            (Some(_), "") => BLANK,
            (Some(_), office) => office,
        };
        let plain = |c: char| if c.is_control() || "[]:*?/\\'".contains(c) { ' ' } else { c };
        let name: String = wanted.chars().map(plain).take(NAME_CHARS_MAX).collect();
        let name = if name.trim().is_empty() { BLANK } else { name.trim() };
        let numbered =
            (1_u32..).map(|nth| if nth == 1 { name.to_owned() } else { format!("{name} {nth}") });
        let mut free = numbered.filter(|name| !self.names.contains(&name.to_lowercase()));
        let name = free.next().unwrap_or_default();
        self.names.insert(name.to_lowercase());
        name
    }

    fn end_all(&mut self) -> Result<(), XlsxError> {
        if self.open.is_empty() {
            self.begin_sheet("")?;
        }
        for sheet in std::mem::take(&mut self.open).into_values() {
            self.end_sheet(&sheet)?;
        }
        Ok(())
    }

    /// Filters over the rows that were written.
    fn end_sheet(&mut self, sheet: &Sheet) -> Result<(), XlsxError> {
        let last = (self.contract.columns.len().max(1) - 1) as u16;
        self.book.worksheet_from_index(sheet.index)?.autofilter(0, 0, sheet.row - 1, last).map(drop)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::StringArray;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    use super::*;
    use crate::report::testing::{column, contract};

    /// The sheets of a workbook of these rows: names, and texts of their rows.
    fn sheets(
        rows: &[(&str, Option<&str>)],
        (by, rows_max): (Option<&str>, u32),
    ) -> Vec<(String, Vec<Vec<String>>)> {
        let folder = tempfile::tempdir().expect("folder");
        let columns =
            vec![column("record_id", ColumnType::Text), column("district", ColumnType::Text)];
        let mut contract = contract(columns, &["record_id"]);
        contract.sheets_by = by.map(str::to_owned);
        let file = OutgoingFile::create(folder.path(), "routing.xlsx").expect("file");
        let mut book = XlsxFile::with_rows_max(file, &contract, rows_max).expect("book");
        let ids: StringArray = rows.iter().map(|(id, _)| Some(*id)).collect();
        let districts: StringArray = rows.iter().map(|(_, district)| *district).collect();
        book.write(&[Arc::new(ids) as ArrayRef, Arc::new(districts)]).expect("written");
        book.finish().expect("finished");
        let mut book: Xlsx<_> = open_workbook(folder.path().join("routing.xlsx")).expect("opens");
        let names = book.sheet_names();
        let texts = |row: &[Data]| row.iter().map(ToString::to_string).collect();
        names
            .into_iter()
            .map(|name| {
                let range = book.worksheet_range(&name).expect("sheet");
                (name, range.rows().map(texts).collect())
            })
            .collect()
    }

    #[test]
    fn an_office_has_its_own_sheet() {
        let rows = [
            ("007", Some("Guntur")),
            ("1", None),
            ("2", Some("GUNTUR")),
            ("3", Some("Guntur")),
            ("4", Some("Columns")),
            ("5", Some("a/b:[c]")),
        ];
        let found = sheets(&rows, (Some("district"), 100));
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Guntur", BLANK, "GUNTUR 2", "Columns 2", "a b  c", MEANINGS]);
        assert_eq!(found[0].1, [["record_id", "district"], ["007", "Guntur"], ["3", "Guntur"]]);
        let written: usize = found[..5].iter().map(|(_, rows)| rows.len() - 1).sum();
        assert_eq!(written, rows.len());
    }

    #[test]
    fn a_full_sheet_goes_on_in_the_next() {
        let rows: Vec<(&str, Option<&str>)> =
            ["1", "2", "3", "4", "5"].map(|id| (id, Some("x"))).to_vec();
        // The header counts.
        let found = sheets(&rows, (None, 3));
        let shape: Vec<(&str, usize)> =
            found.iter().map(|(name, rows)| (name.as_str(), rows.len())).collect();
        assert_eq!(shape[..3], [("routing", 3), ("routing 2", 3), ("routing 3", 2)]);
        let found = sheets(&rows, (Some("district"), 3));
        assert_eq!(found[2].0, "x 3");
        assert_eq!(found[2].1.len(), 2);
    }

    #[test]
    fn no_rows_have_a_sheet() {
        for by in [None, Some("district")] {
            let found = sheets(&[], (by, 10));
            assert_eq!(found.len(), 2, "{by:?}");
            assert_eq!(found[0].1, [["record_id", "district"]]);
        }
    }
}
