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
    file: OutgoingFile,
    kinds: Vec<ColumnType>,
    /// Rows that wait to be written.
    rows: Vec<u8>,
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
        let mut rows = Vec::with_capacity(2 * BUFFER_BYTES);
        for (at, column) in contract.columns.iter().enumerate() {
            begin_cell(at, &mut rows);
            push_quoted(&guarded(&column.name), &mut rows);
        }
        end_row(0, &mut rows);
        let kinds = contract.columns.iter().map(|column| column.kind).collect();
        Ok(Self { path, file, kinds, rows, cell: String::new() })
    }

    /// Writes rows given as columns in their fixed types.
    pub(crate) fn write(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        self.write_rows(columns).at("write", &self.path)
    }

    pub(crate) fn finish(mut self) -> Result<FileReceipt, Error> {
        self.file.write_all(&self.rows).at("write", &self.path)?;
        self.file.finish()
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
            let start = self.rows.len();
            for (at, cells) in cells.iter().enumerate() {
                begin_cell(at, &mut self.rows);
                self.cell.clear();
                match cells {
                    Cells::Text(texts, is_plain) if texts.is_valid(row) => {
                        let text = texts.value(row);
                        if *is_plain
                            && text.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric)
                        {
                            self.rows.extend_from_slice(text.as_bytes());
                        } else {
                            push_quoted(&guarded(text), &mut self.rows);
                        }
                        continue;
                    }
                    Cells::TextList(lists) if lists.is_valid(row) => {
                        push_joined(lists, row, &mut self.cell);
                    }
                    Cells::Evidence(lists) if lists.is_valid(row) => {
                        push_evidence(lists, row, &mut self.cell).map_err(io::Error::other)?;
                    }
                    Cells::Plain(column) => {
                        column.push(row, &mut self.cell)?;
                        push_quoted(&self.cell, &mut self.rows);
                        continue;
                    }
                    _ => continue,
                }
                push_quoted(&guarded(&self.cell), &mut self.rows);
            }
            end_row(start, &mut self.rows);
            if self.rows.len() >= BUFFER_BYTES {
                self.file.write_all(&self.rows)?;
                self.rows.clear();
            }
        }
        Ok(())
    }
}

fn begin_cell(at: usize, rows: &mut Vec<u8>) {
    if at > 0 {
        rows.push(b',');
    }
}

/// Ends the row that begins there; one empty cell alone is quoted, since an empty line is no row.
fn end_row(start: usize, rows: &mut Vec<u8>) {
    if rows.len() == start {
        rows.extend_from_slice(b"\"\"");
    }
    rows.extend_from_slice(b"\r\n");
}

/// Whether there is a sign that has to stand in quotes.
fn has_signs(text: &[u8]) -> bool {
    // Without a way out in the middle it is a few instructions for 32 bytes.
    text.iter().fold(false, |has, byte| has | matches!(byte, b',' | b'"' | b'\r' | b'\n'))
}

/// Appends a cell, in quotes where it needs them.
fn push_quoted(text: &str, rows: &mut Vec<u8>) {
    let text = text.as_bytes();
    if !has_signs(text) {
        rows.extend_from_slice(text);
        return;
    }
    rows.push(b'"');
    let mut from = 0;
    for at in memchr::memchr_iter(b'"', text) {
        rows.extend_from_slice(&text[from..=at]);
        rows.push(b'"');
        from = at + 1;
    }
    rows.extend_from_slice(&text[from..]);
    rows.push(b'"');
}

/// One column's cells.
enum Cells<'a> {
    /// And whether none of them has to stand in quotes.
    Text(&'a StringArray, bool),
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
            ColumnType::Text => {
                let texts = column.as_string::<i32>();
                let ends = texts.value_offsets();
                let all = &texts.value_data()[ends[0] as usize..ends[texts.len()] as usize];
                Self::Text(texts, !has_signs(all))
            }
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
            text.push(':');
            push_weight(weights.value(item), text)?;
        }
    }
    Ok(())
}

/// Appends `{:+.2}`; the usual numbers by their hundredths, which is far quicker.
fn push_weight(weight: f64, text: &mut String) -> fmt::Result {
    const HUNDREDTHS_MAX: f64 = 1e6;
    let hundredths = weight.abs() * 100.0;
    let near = hundredths.round();
    // Between two hundredths the exact digits decide.
    if !(hundredths < HUNDREDTHS_MAX && (hundredths - near).abs() < 0.499_999) {
        return write!(text, "{weight:+.2}");
    }
    let near = near as u32;
    let digit = |number: u32| char::from(b'0' + (number % 10) as u8);
    text.push(if weight.is_sign_negative() { '-' } else { '+' });
    if near < 1_000 {
        text.push(digit(near / 100));
    } else {
        write!(text, "{}", near / 100)?;
    }
    text.push('.');
    text.push(digit(near / 10));
    text.push(digit(near));
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
    fn weights_are_written_as_the_standard_library_does() {
        let tenths = (-20_000..20_000).map(|number| f64::from(number) / 1_000.0);
        let others =
            [0.0, -0.0, 0.005, 0.125, -0.004_9, 99.995, 1e5, -1e9, 1e300, f64::NAN, f64::INFINITY];
        for weight in tenths.chain(others) {
            let mut text = String::new();
            push_weight(weight, &mut text).expect("written");
            assert_eq!(text, format!("{weight:+.2}"));
        }
    }

    #[test]
    fn cells_in_quotes_as_the_csv_crate_has_them() {
        for row in [
            &["a", "b c", ""][..],
            &["a,b", "say \"so\"", "\""],
            &["x\ny", "\r", "'"],
            &[""],
            &["\"\""],
        ] {
            let mut writer =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            writer.write_record(row).expect("written");
            let mut ours = Vec::new();
            for (at, cell) in row.iter().enumerate() {
                begin_cell(at, &mut ours);
                push_quoted(cell, &mut ours);
            }
            end_row(0, &mut ours);
            assert_eq!(ours, writer.into_inner().expect("bytes"));
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
