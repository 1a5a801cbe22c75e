//! A report as CSV that opens right in a spreadsheet, and in which nothing runs.
//!
//! RFC 4180 with CRLF, and a byte order mark, without which Excel takes UTF-8 for a legacy code page. NULL is an empty
//! cell. A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::path::PathBuf;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StringArray};
use arrow::datatypes::Float64Type;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use milaan_model::{ColumnType, ReportContract};

use crate::error::{At, Error};
use crate::outgoing::{FileReceipt, OutgoingFile};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const BUFFER_BYTES: usize = 1 << 16;

/// A report's CSV file while it is written.
pub(crate) struct CsvFile {
    path: PathBuf,
    writer: csv::Writer<OutgoingFile>,
    kinds: Vec<ColumnType>,
    cell: String,
}

impl fmt::Debug for CsvFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl CsvFile {
    /// Writes the mark and the header.
    pub(crate) fn create(mut file: OutgoingFile, contract: &ReportContract) -> Result<Self, Error> {
        let path = file.path().to_owned();
        file.write_all(BYTE_ORDER_MARK).at("write", &path)?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .buffer_capacity(BUFFER_BYTES)
            .from_writer(file);
        let header = contract.columns.iter().map(|column| guarded(&column.name).into_owned());
        writer.write_record(header).map_err(io::Error::from).at("write", &path)?;
        let kinds = contract.columns.iter().map(|column| column.kind).collect();
        Ok(Self { path, writer, kinds, cell: String::new() })
    }

    /// Writes rows given as columns in their fixed types.
    pub(crate) fn write(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        self.write_rows(columns).at("write", &self.path)
    }

    pub(crate) fn finish(self) -> Result<FileReceipt, Error> {
        let file = self
            .writer
            .into_inner()
            .map_err(|error| io::Error::from(error.error().kind()))
            .at("write", &self.path)?;
        file.finish()
    }

    fn write_rows(&mut self, columns: &[ArrayRef]) -> io::Result<()> {
        let rows = columns.first().map_or(0, Array::len);
        let options = FormatOptions::default();
        let cells = columns
            .iter()
            .zip(&self.kinds)
            .map(|(column, kind)| Cells::new(column, *kind, &options))
            .collect::<io::Result<Vec<_>>>()?;
        for row in 0..rows {
            for cells in &cells {
                self.cell.clear();
                match cells {
                    Cells::Text(texts) if texts.is_valid(row) => {
                        self.writer.write_field(guarded(texts.value(row)).as_bytes())?;
                        continue;
                    }
                    Cells::TextList(lists) if lists.is_valid(row) => {
                        push_joined(lists, row, &mut self.cell);
                    }
                    Cells::Evidence(lists) if lists.is_valid(row) => {
                        push_evidence(lists, row, &mut self.cell).map_err(io::Error::other)?;
                    }
                    Cells::Plain(column) => column.push(row, &mut self.cell)?,
                    _ => {}
                }
                let is_number = matches!(cells, Cells::Plain(_));
                let cell =
                    if is_number { Cow::Borrowed(self.cell.as_str()) } else { guarded(&self.cell) };
                self.writer.write_field(cell.as_bytes())?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

/// One column's cells.
enum Cells<'a> {
    Text(&'a StringArray),
    TextList(&'a ListArray),
    Evidence(&'a ListArray),
    Plain(Plain<'a>),
}

impl<'a> Cells<'a> {
    fn new(
        column: &'a ArrayRef,
        kind: ColumnType,
        options: &'a FormatOptions<'a>,
    ) -> io::Result<Self> {
        Ok(match kind {
            ColumnType::Text => Self::Text(column.as_string()),
            ColumnType::TextList => Self::TextList(column.as_list()),
            ColumnType::Evidence => Self::Evidence(column.as_list()),
            ColumnType::Number
            | ColumnType::Integer
            | ColumnType::Decimal
            | ColumnType::Boolean
            | ColumnType::Date => Self::Plain(Plain::new(column, kind, options)?),
        })
    }
}

/// Numbers, dates, booleans as text; nothing for NULL.
pub(crate) enum Plain<'a> {
    Number(&'a Float64Array),
    /// As Arrow prints them: integers, decimals, dates, booleans.
    Other(&'a dyn Array, ArrayFormatter<'a>),
}

impl<'a> Plain<'a> {
    /// For a column of one of these kinds.
    pub(crate) fn new(
        column: &'a ArrayRef,
        kind: ColumnType,
        options: &'a FormatOptions<'a>,
    ) -> io::Result<Self> {
        if kind == ColumnType::Number {
            return Ok(Self::Number(column.as_primitive::<Float64Type>()));
        }
        let formatter = ArrayFormatter::try_new(column, options).map_err(io::Error::other)?;
        Ok(Self::Other(column, formatter))
    }

    /// Whether a cell holds something.
    pub(crate) fn is_valid(&self, row: usize) -> bool {
        match self {
            Self::Number(numbers) => numbers.is_valid(row),
            Self::Other(array, _) => array.is_valid(row),
        }
    }

    /// Appends a cell's text.
    pub(crate) fn push(&self, row: usize, text: &mut String) -> io::Result<()> {
        if !self.is_valid(row) {
            return Ok(());
        }
        let pushed = match self {
            Self::Number(numbers) => shortest(numbers.value(row), text),
            Self::Other(_, formatter) => write!(text, "{}", formatter.value(row)),
        };
        pushed.map_err(io::Error::other)
    }
}

/// Where the items of a row's list stand among all items.
pub(crate) fn items(lists: &ListArray, row: usize) -> std::ops::Range<usize> {
    let ends = lists.value_offsets();
    ends[row] as usize..ends[row + 1] as usize
}

/// Appends a list of texts as `a;b`, an empty text for NULL.
pub(crate) fn push_joined(lists: &ListArray, row: usize, text: &mut String) {
    let words = lists.values().as_string::<i32>();
    for (at, item) in items(lists, row).enumerate() {
        if at > 0 {
            text.push(';');
        }
        text.push_str(word(words, item));
    }
}

/// Appends `name=level:+3.25;village=same:-0.50`: weights to two places, which is what a person reads; Parquet has them whole.
pub(crate) fn push_evidence(lists: &ListArray, row: usize, text: &mut String) -> fmt::Result {
    let all = lists.values().as_struct();
    let comparisons = all.column(0).as_string::<i32>();
    let levels = all.column(1).as_string::<i32>();
    let weights = all.column(2).as_primitive::<Float64Type>();
    for (at, item) in items(lists, row).enumerate() {
        if at > 0 {
            text.push(';');
        }
        text.push_str(word(comparisons, item));
        text.push('=');
        text.push_str(word(levels, item));
        if weights.is_valid(item) {
            write!(text, ":{:+.2}", weights.value(item))?;
        }
    }
    Ok(())
}

fn word(words: &StringArray, item: usize) -> &str {
    if words.is_valid(item) { words.value(item) } else { "" }
}

/// The shortest text that reads back as the same number.
fn shortest(number: f64, cell: &mut String) -> fmt::Result {
    let size = number.abs();
    if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) {
        write!(cell, "{number}")
    } else {
        write!(cell, "{number:e}")
    }
}

/// The text, with an apostrophe in front when a spreadsheet might run it.
///
/// Spreadsheets skip white space and invisible characters before they look, and take full-width signs for plain ones.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return text.into();
    }
    let starts_with_control = text.starts_with(['\t', '\r', '\n']);
    let seen =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || invisible(c));
    if starts_with_control || seen.starts_with(runs) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

fn runs(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@'
            | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' // full-width
            | '\u{fe66}' | '\u{fe62}' | '\u{fe63}' | '\u{fe6b}' // small forms
            | '\u{2212}' // minus sign
    )
}

/// Zero-width and direction marks, soft hyphen, byte order mark.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_do_not_run() {
        for text in [
            "=1+1",
            "+91",
            "-5",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "\u{a0}=1",
            "\t=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " ＝1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{0}=1",
            "−1",
            "﹦1",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", " ", "Lakshmi", "12", "a=b", "O'Brien", "'=1", "XXXX-XXXX-1234", "లక్ష్మి"]
        {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn numbers_are_shortest() {
        for (number, text) in [
            (0.1, "0.1"),
            (3.0, "3"),
            (-2.5, "-2.5"),
            (0.999_999_999_999_9, "0.9999999999999"),
            (1e300, "1e300"),
            (1.5e-9, "1.5e-9"),
            (f64::NAN, "NaN"),
        ] {
            let mut cell = String::new();
            shortest(number, &mut cell).expect("written");
            assert_eq!(cell, text);
        }
    }
}
