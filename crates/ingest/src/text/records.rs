//! Delimited text into rows: quotes, all line endings, physical line numbers, and a way on after a broken quote.
//!
//! Works on bytes of UTF-8 or a code page that agrees with it on ASCII; a record that is not valid UTF-8 is read as
//! Windows-1252, so a file that turns at some row loses nothing.

use std::io::Read;

use super::mend;
use super::met::Met;
pub(crate) use super::scan::Dialect;
use super::scan::{Scan, Scanner, breaks};
use crate::reject::{RAW_BYTES_MAX, RejectRule};
use crate::row::RawRow;
use crate::source::fill_from;

/// How much is read at a time: little at first, since most files are small.
const READ_BYTES_FIRST: usize = 8 << 10;
const READ_BYTES_MAX: usize = 256 << 10;

pub(crate) struct Records<R> {
    /// `None`: the buffer is all there is for now, and a record that runs out of it is left.
    input: Option<R>,
    buffer: Vec<u8>,
    start: usize,
    read_bytes: usize,
    line: u64,
    scanner: Scanner,
    record_bytes_max: usize,
    cells: Vec<(u32, u32)>,
    pub(crate) met: Met,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(input: R, dialect: Dialect, record_bytes_max: usize) -> Self {
        Self::after(Vec::new(), input, 1, dialect, record_bytes_max)
    }

    /// Goes on in a file: bytes that were read already, the rest, and the number of the next line.
    pub(crate) fn after(
        bytes: Vec<u8>,
        input: R,
        line: u64,
        dialect: Dialect,
        record_bytes_max: usize,
    ) -> Self {
        Self::make(Some(input), bytes, line, dialect, record_bytes_max)
    }

    /// Records of a piece in the middle of a file whose first line has a number.
    /// `whole`: the file ends with it.
    pub(crate) fn piece(
        bytes: Vec<u8>,
        whole: bool,
        line: u64,
        dialect: Dialect,
        record_bytes_max: usize,
    ) -> Self {
        let mut records = Self::make(None, bytes, line, dialect, record_bytes_max);
        records.scanner.eof = whole;
        records
    }

    fn make(
        input: Option<R>,
        buffer: Vec<u8>,
        line: u64,
        dialect: Dialect,
        record_bytes_max: usize,
    ) -> Self {
        Self {
            input,
            buffer,
            start: 0,
            read_bytes: READ_BYTES_FIRST,
            line,
            scanner: Scanner::new(dialect, false),
            record_bytes_max,
            cells: Vec::new(),
            met: Met::default(),
        }
    }

    /// The number of the next line.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// A piece as it came, how much of it was made records of, and what was met.
    pub(crate) fn into_piece(self) -> (Vec<u8>, usize, Met) {
        (self.buffer, self.start, self.met)
    }

    /// What was read and not yet made a record of, and the input behind it.
    pub(crate) fn into_rest(mut self) -> (Vec<u8>, Option<R>, Met) {
        self.buffer.drain(..self.start);
        (self.buffer, self.input, self.met)
    }

    /// Reads the next record into `row`; `false` at the end.
    pub(crate) fn next(&mut self, row: &mut RawRow) -> std::io::Result<bool> {
        loop {
            if self.start == self.buffer.len() && !self.fill()? {
                return Ok(false);
            }
            let mut bytes = row.take_buffer();
            let data = &self.buffer[self.start..];
            match self.scanner.scan(data, &mut bytes, &mut self.cells) {
                Scan::Record { end, .. } if end > self.record_bytes_max => {
                    self.broken_line(row, RejectRule::LineTooLong)?;
                    return Ok(true);
                }
                Scan::Record { end, seen } => {
                    let width = self.scanner.dialect.width;
                    let unusual = width.is_some_and(|width| width != self.cells.len());
                    if unusual && self.parted(row, end) {
                        return Ok(true);
                    }
                    let broken = unusual
                        && (seen.stray
                            || self.cells.len() == 1
                            || (seen.lines > 0 && self.holds_a_record(end)));
                    // A line quoted otherwise than its file has as many cells, with the quotes in them.
                    if (broken || self.begins_otherwise())
                        && (self.mended(row, broken)
                            || (broken && self.mended_lines(row, end, seen.lines)))
                    {
                        return Ok(true);
                    }
                    self.start += end + self.met.line_end(&self.buffer[self.start + end..]);
                    self.met.take(row, bytes, &mut self.cells, seen.odd, self.line);
                    self.line += seen.lines + 1;
                    return Ok(true);
                }
                Scan::Unbalanced => {
                    if !self.mended(row, true) {
                        self.broken_line(row, RejectRule::UnbalancedQuote)?;
                    }
                    return Ok(true);
                }
                Scan::NeedsMore if self.buffer.len() - self.start > self.record_bytes_max => {
                    self.broken_line(row, RejectRule::LineTooLong)?;
                    return Ok(true);
                }
                Scan::NeedsMore if self.input.is_none() => return Ok(false),
                Scan::NeedsMore => {
                    self.fill()?;
                }
            }
        }
    }

    /// Reads more behind what is left. `false` at the end of the file.
    fn fill(&mut self) -> std::io::Result<bool> {
        let Some(input) = self.input.as_mut().filter(|_| !self.scanner.eof) else {
            return Ok(false);
        };
        let left = self.buffer.len() - self.start;
        self.buffer.copy_within(self.start.., 0);
        self.start = 0;
        // Doubling keeps the rescans of a long record linear.
        let wanted = self.read_bytes.max(left);
        self.read_bytes = (self.read_bytes * 2).min(READ_BYTES_MAX);
        self.buffer.resize(left + wanted, 0);
        let filled = left + fill_from(input, &mut self.buffer[left..])?;
        self.scanner.eof = filled < left + wanted;
        self.buffer.truncate(filled);
        Ok(filled > left)
    }

    /// Whether the line at the start begins with a quote that is none in this file.
    fn begins_otherwise(&self) -> bool {
        self.buffer.get(self.start) == Some(&b'\'') && self.scanner.dialect.quote == Some(b'"')
    }

    /// Whether a later line of the record that ends here is a whole record by itself: then the quote before it was never closed.
    /// Where none is, a cell of several lines was closed as it should be, and the record has a cell too many or too few.
    fn holds_a_record(&self, end: usize) -> bool {
        let dialect = &self.scanner.dialect;
        let record = &self.buffer[self.start..self.start + end];
        let mut lines = record.split(|&byte| byte == b'\n').skip(1);
        dialect.width.is_some_and(|width| lines.any(|line| mend::is_whole(line, dialect, width)))
    }

    /// Takes the first of two records that a CR alone divides, in a file whose lines end otherwise: where both have the usual
    /// number of cells. They stand in one line, as whoever counts line ends sees it, and have its number.
    fn parted(&mut self, row: &mut RawRow, end: usize) -> bool {
        let Scanner { dialect, .. } = &self.scanner;
        let record = &self.buffer[self.start..self.start + end];
        let (Some(width), false) = (dialect.width, dialect.lone_cr) else { return false };
        if width < 2 || memchr::memchr(b'\r', record).is_none() {
            return false;
        }
        let scanner = Scanner::new(Dialect { lone_cr: true, ..dialect.clone() }, true);
        let (mut bytes, mut cells) = (Vec::new(), Vec::new());
        let mut first = |from: usize| match scanner.scan(&record[from..], &mut bytes, &mut cells) {
            Scan::Record { end, seen } if cells.len() == width => {
                Some((end, seen.odd, std::mem::take(&mut bytes), std::mem::take(&mut cells)))
            }
            _ => None,
        };
        let Some((at, odd, bytes, cells)) = first(0) else { return false };
        if record.get(at) != Some(&b'\r') || first(at + 1).is_none() {
            return false;
        }
        let lines = breaks(&record[..at], false);
        self.cells = cells;
        self.start += at;
        self.start += self.met.line_end(&self.buffer[self.start..]);
        self.met.take(row, bytes, &mut self.cells, odd, self.line);
        self.line += lines;
        true
    }

    /// Tries to read the physical line at the start as a record of the usual width that is divided or quoted by other
    /// signs, or, if it is `broken`, whose quotes are.
    fn mended(&mut self, row: &mut RawRow, broken: bool) -> bool {
        let Some(width) = self.scanner.dialect.width else { return false };
        let data = &self.buffer[self.start..];
        let found =
            data.iter().position(|&b| b == b'\n' || (b == b'\r' && self.scanner.dialect.lone_cr));
        let whole = found.is_some() || self.scanner.eof;
        let mut end = found.unwrap_or(data.len());
        if !whole || end > RAW_BYTES_MAX {
            return false;
        }
        let next = if found.is_some() { end + 1 } else { end };
        if end > 0 && data[end - 1] == b'\r' && found.is_some_and(|at| data[at] == b'\n') {
            end -= 1;
        }
        let (line, dialect) = (&data[..end], &self.scanner.dialect);
        let found = mend::otherwise(line, dialect, width)
            .or_else(|| broken.then(|| mend::mend(line, dialect, width)).flatten());
        let Some((bytes, cells)) = found else { return false };
        self.cells = cells;
        self.met.take(row, bytes, &mut self.cells, 0, self.line);
        self.met.mended_at(self.line);
        self.start += next;
        self.line += 1;
        true
    }

    /// Tries the same on a record of several lines, up to where its last one ends.
    fn mended_lines(&mut self, row: &mut RawRow, end: usize, lines: u64) -> bool {
        let Some(width) = self.scanner.dialect.width.filter(|_| lines > 0 && end <= RAW_BYTES_MAX)
        else {
            return false;
        };
        let record = &self.buffer[self.start..self.start + end];
        let Some((bytes, cells)) = mend::mend(record, &self.scanner.dialect, width) else {
            return false;
        };
        self.cells = cells;
        self.met.take(row, bytes, &mut self.cells, 0, self.line);
        self.met.mended_at(self.line);
        self.start += end + self.met.line_end(&self.buffer[self.start + end..]);
        self.line += lines + 1;
        true
    }

    /// Takes the physical line at the start as one cell with a problem; of a line beyond the limit only its head is
    /// kept.
    fn broken_line(&mut self, row: &mut RawRow, rule: RejectRule) -> std::io::Result<()> {
        let mut head: Vec<u8> = Vec::new();
        loop {
            let data = &self.buffer[self.start..];
            let end = data
                .iter()
                .position(|&b| b == b'\n' || (b == b'\r' && self.scanner.dialect.lone_cr));
            let taken = end.unwrap_or(data.len());
            let room = RAW_BYTES_MAX - head.len().min(RAW_BYTES_MAX);
            head.extend_from_slice(&data[..taken.min(room)]);
            self.start += taken;
            if end.is_some() {
                let pair = self.buffer[self.start..].starts_with(b"\r\n");
                self.start += if pair { 2 } else { 1 };
                break;
            }
            if !self.fill()? {
                break;
            }
        }
        let text = self.met.decode(head, self.line);
        let cells = [(0, text.len() as u32)];
        row.set(self.line, text, &cells);
        row.problem = Some(rule);
        self.line += 1;
        Ok(())
    }
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
