//! A report as CSV that opens right in a spreadsheet, and in which nothing runs.
//!
//! RFC 4180 with CRLF, and a byte order mark, without which Excel takes UTF-8 for a legacy code page. NULL is an empty
//! cell. A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.

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
                cells.write(row, &mut self.cell).map_err(io::Error::other)?;
                self.writer.write_field(&self.cell)?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

/// One column's cells as text.
enum Cells<'a> {
    Text(&'a StringArray),
    TextList(&'a ListArray),
    Evidence(&'a ListArray),
    Number(&'a Float64Array),
    /// Integers, decimals, dates, booleans: as Arrow prints them.
    Plain(&'a dyn Array, ArrayFormatter<'a>),
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
            ColumnType::Number => Self::Number(column.as_primitive::<Float64Type>()),
            ColumnType::Integer | ColumnType::Decimal | ColumnType::Boolean | ColumnType::Date => {
                let formatter =
                    ArrayFormatter::try_new(column, options).map_err(io::Error::other)?;
                Self::Plain(column, formatter)
            }
        })
    }

    fn write(&self, row: usize, cell: &mut String) -> fmt::Result {
        match self {
            Self::Text(texts) if texts.is_valid(row) => cell.push_str(&guarded(texts.value(row))),
            Self::TextList(lists) if lists.is_valid(row) => {
                let list = lists.value(row);
                let parts: Vec<&str> =
                    list.as_string::<i32>().iter().map(Option::unwrap_or_default).collect();
                cell.push_str(&guarded(&parts.join(";")));
            }
            Self::Evidence(lists) if lists.is_valid(row) => {
                cell.push_str(&guarded(&evidence(&lists.value(row))?));
            }
            Self::Number(numbers) if numbers.is_valid(row) => shortest(numbers.value(row), cell)?,
            Self::Plain(array, formatter) if array.is_valid(row) => {
                write!(cell, "{}", formatter.value(row))?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// `name=level:+3.25;village=same:-0.50`: weights to two places, which is what a person reads; Parquet has them whole.
pub(crate) fn evidence(items: &ArrayRef) -> Result<String, fmt::Error> {
    let items = items.as_struct();
    let comparisons = items.column(0).as_string::<i32>();
    let levels = items.column(1).as_string::<i32>();
    let weights = items.column(2).as_primitive::<Float64Type>();
    let mut text = String::new();
    for index in 0..items.len() {
        if index > 0 {
            text.push(';');
        }
        let word = |words: &StringArray| {
            if words.is_valid(index) { words.value(index).to_owned() } else { String::new() }
        };
        write!(text, "{}={}", word(comparisons), word(levels))?;
        if weights.is_valid(index) {
            write!(text, ":{:+.2}", weights.value(index))?;
        }
    }
    Ok(text)
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
pub(crate) fn guarded(text: &str) -> std::borrow::Cow<'_, str> {
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
