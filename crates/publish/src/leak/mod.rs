//! The last look before anything leaves: every outgoing byte is read back and searched for identifiers.
//!
//! The classes of the columns should have kept identifiers out long before; this finds what they missed. So it looks at
//! what was written, not at what was meant, and where it cannot look (a broken file, an unknown binary format, a link)
//! it answers as if it had found something.
//!
//! Money and measures are not searched: a district's monthly pensions in rupees have the shape of a mobile number. In
//! reports these are the columns of type `decimal` and `number`, in JSON the numbers.

mod csv_text;
mod json;
mod parquet_values;
mod plain;
mod quiet;
mod xlsx_cells;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use milaan_kernels::leak::{self, Leak};
use milaan_kernels::script;
use milaan_model::ReportContract;
use serde::Serialize;

use crate::outgoing::{FileReceipt, read_back};

pub(crate) use json::scan_value;

/// Kind of a finding where nothing could be looked into.
const UNREADABLE: &str = "unreadable";
/// Kind of a finding where the bytes are not those that were written.
const ALTERED: &str = "altered";
/// A broken query leaks in every row; the first places are enough.
pub(crate) const FOUND_MAX: usize = 1_000;
/// Shorter texts hold no identifier that is looked for.
const IDENTIFIER_BYTES_MIN: usize = 10;

/// An identifier in the clear: where, never what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeakFound {
    /// The file, relative to the run's folder.
    pub file: String,
    /// What kind of identifier; `unreadable`: the scanner could not look, `altered`: not the bytes that were written.
    pub kind: &'static str,
    /// The column or JSON path; `None`: outside of any.
    pub column: Option<String>,
    /// With tables the row, counted from 1 (0: the header); in other files the line, or the byte in a Parquet footer.
    pub row_or_offset: u64,
}

impl fmt::Display for LeakFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.kind, self.file)?;
        if let Some(column) = &self.column {
            write!(f, ", `{column}`")?;
        }
        write!(f, " at {}", self.row_or_offset)
    }
}

/// What a clean scan has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScanReceipt {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Collects what is found in one file.
pub(crate) struct Findings<'a> {
    file: &'a str,
    found: &'a mut Vec<LeakFound>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(file: &'a str, found: &'a mut Vec<LeakFound>) -> Self {
        Self { file, found }
    }

    /// Searches one text; `column` is asked for only when something is found.
    fn search(&mut self, text: &[u8], column: impl Fn() -> Option<String>, place: u64) -> bool {
        let leaks = leaks_in(text);
        for leak in &leaks {
            self.add(leak.kind, column(), place);
        }
        !leaks.is_empty()
    }

    /// Searches the whole line first, which is quick; only when it holds something is the cell looked for.
    fn search_line(&mut self, line: &Line, column: impl Fn(usize) -> Option<String>, row: u64) {
        if leaks_in(&line.text).is_empty() {
            return;
        }
        let mut in_a_cell = false;
        for (index, cell) in &line.cells {
            in_a_cell |= self.search(&line.text[cell.clone()], || column(*index), row);
        }
        if !in_a_cell {
            self.search(&line.text, || None, row);
        }
    }

    fn add(&mut self, kind: &'static str, column: Option<String>, place: u64) {
        if self.found.len() < FOUND_MAX {
            let found =
                LeakFound { file: self.file.to_owned(), kind, column, row_or_offset: place };
            self.found.push(found);
        }
    }

    pub(crate) fn unreadable(&mut self, place: u64) {
        self.add(UNREADABLE, None, place);
    }
}

/// A report's file among the outgoing ones.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) contract: &'a ReportContract,
    pub(crate) receipt: &'a FileReceipt,
}

/// Searches one file; returns its size.
pub(crate) fn scan_file(path: &Path, known: Option<Known<'_>>, findings: &mut Findings<'_>) -> u64 {
    let name = findings.file;
    findings.search(name.as_bytes(), || Some("file name".to_owned()), 0);
    let Ok((bytes, sha256)) = read_back(path) else {
        findings.unreadable(0);
        return 0;
    };
    if let Some(Known { receipt, .. }) = known
        && (receipt.bytes, &receipt.sha256) != (bytes, &sha256)
    {
        findings.add(ALTERED, None, 0);
    }
    let searched = match path.extension().and_then(|ending| ending.to_str()) {
        Some("parquet") => parquet_values::scan(path, findings),
        Some("csv") => csv_text::scan(path, known.map(|known| known.contract), findings),
        Some("xlsx") => xlsx_cells::scan(path, known.map(|known| known.contract), findings),
        Some("json") => json::scan_document(path, findings),
        Some("jsonl") => json::scan_lines(path, findings),
        _ => plain::scan(path, findings),
    };
    if let Err(place) = searched {
        findings.unreadable(place);
    }
    bytes
}

/// `Err` is the place from which on nothing could be read.
type Searched = Result<(), u64>;

/// Digits of other scripts are digits too.
fn leaks_in(text: &[u8]) -> Vec<Leak> {
    if text.len() < IDENTIFIER_BYTES_MIN {
        return Vec::new();
    }
    match std::str::from_utf8(text) {
        Ok(text) if !text.is_ascii() => leak::scan(script::ascii_digits(text).as_bytes()),
        _ => leak::scan(text),
    }
}

/// One row of a table as one line, so that an account beside its bank's code is seen as such.
#[derive(Default)]
struct Line {
    text: Vec<u8>,
    cells: Vec<(usize, Range<usize>)>,
}

impl Line {
    fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    fn push(&mut self, column: usize, cell: &[u8]) {
        if !self.cells.is_empty() {
            self.text.push(b',');
        }
        let start = self.text.len();
        self.text.extend_from_slice(cell);
        self.cells.push((column, start..self.text.len()));
    }
}

/// Whether these bytes are text: the search knows no other encoding, and a NUL may hide digits from it.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}
