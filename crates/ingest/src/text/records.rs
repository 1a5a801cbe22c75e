//! Delimited text into rows: quotes, all line endings, physical line numbers, and a way on after a broken quote.
//!
//! Works on bytes of UTF-8 or a code page that agrees with it on ASCII; a record that is not valid UTF-8 is read as
//! Windows-1252, so a file that turns at some row loses nothing.

use std::io::Read;

use crate::reject::{RAW_BYTES_MAX, RejectRule};
use crate::row::RawRow;

/// How a file's text is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    /// Whether a CR without LF ends a line.
    pub(crate) lone_cr: bool,
}

/// What was met on the way, for the receipt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met {
    pub(crate) lf: u64,
    pub(crate) crlf: u64,
    pub(crate) cr: u64,
    /// Records that are UTF-8 beyond ASCII (only the first is counted).
    pub(crate) utf8: bool,
    /// Records read as Windows-1252, and the first of them.
    pub(crate) windows_1252: u64,
    pub(crate) windows_1252_first: u64,
    pub(crate) nul_bytes: u64,
}

/// A quoted cell that is longer than this was never closed.
const QUOTED_BYTES_MAX: usize = 1 << 20;
/// How much is read at a time: little at first, since most files are small.
const READ_BYTES_FIRST: usize = 8 << 10;
const READ_BYTES_MAX: usize = 256 << 10;

const PLAIN: u8 = 0;
const DELIMITER: u8 = 1;
const LF: u8 = 2;
const CR: u8 = 3;
/// Control characters, NUL among them.
const ODD: u8 = 4;

pub(crate) struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    read_bytes: usize,
    eof: bool,
    line: u64,
    dialect: Dialect,
    classes: [u8; 256],
    record_bytes_max: usize,
    cells: Vec<(u32, u32)>,
    pub(crate) met: Met,
}

/// How a scan of the buffer ended.
enum Scan {
    /// The record's end is not in the buffer.
    NeedsMore,
    /// A record; where the next one starts, and the line breaks in it.
    Record { next: usize, lines: u64, odd: usize },
    /// A quote opens and does not close.
    Unbalanced,
}

/// Where a cell ended.
enum CellEnd {
    NeedsMore,
    Unbalanced,
    At(usize),
}

impl<R: Read> Records<R> {
    pub(crate) fn new(input: R, dialect: Dialect, record_bytes_max: usize) -> Self {
        let mut classes = [PLAIN; 256];
        classes[..0x20].fill(ODD);
        classes[0x7f] = ODD;
        classes[usize::from(b'\t')] = PLAIN;
        classes[usize::from(b'\n')] = LF;
        classes[usize::from(b'\r')] = CR;
        classes[usize::from(dialect.delimiter)] = DELIMITER;
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            read_bytes: READ_BYTES_FIRST,
            eof: false,
            line: 1,
            dialect,
            classes,
            record_bytes_max,
            cells: Vec::new(),
            met: Met::default(),
        }
    }

    /// Reads the next record into `row`; `false` at the end.
    pub(crate) fn next(&mut self, row: &mut RawRow) -> std::io::Result<bool> {
        loop {
            if self.start == self.buffer.len() && !self.fill()? {
                return Ok(false);
            }
            let mut bytes = row.take_buffer();
            let scan = self.scan(&mut bytes);
            match scan {
                Scan::Record { next, lines, odd } => {
                    self.finish(row, bytes, odd);
                    self.start = next;
                    self.line += lines;
                    return Ok(true);
                }
                Scan::Unbalanced => {
                    if self.broken_line(row, RejectRule::UnbalancedQuote)? {
                        return Ok(true);
                    }
                }
                Scan::NeedsMore if self.buffer.len() - self.start > self.record_bytes_max => {
                    self.broken_line(row, RejectRule::LineTooLong)?;
                    return Ok(true);
                }
                Scan::NeedsMore => {
                    self.fill()?;
                }
            }
        }
    }

    /// Reads more behind what is left. `false` at the end of the file.
    fn fill(&mut self) -> std::io::Result<bool> {
        if self.eof {
            return Ok(false);
        }
        let left = self.buffer.len() - self.start;
        self.buffer.copy_within(self.start.., 0);
        self.start = 0;
        // Doubling keeps the rescans of a long record linear.
        let wanted = self.read_bytes.max(left);
        self.read_bytes = (self.read_bytes * 2).min(READ_BYTES_MAX);
        self.buffer.resize(left + wanted, 0);
        let mut filled = left;
        while filled < left + wanted {
            match self.input.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.eof = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(filled);
        Ok(filled > left)
    }

    /// Scans one record: its cells go to `bytes`, one separator byte between them, their places to `self.cells`.
    fn scan(&mut self, bytes: &mut Vec<u8>) -> Scan {
        self.cells.clear();
        let data = &self.buffer[self.start..];
        let (mut at, mut lines, mut odd) = (0, 0, 0);
        loop {
            let cell = bytes.len() as u32;
            let mut quote_at = at;
            while data.get(quote_at).is_some_and(|&b| b == b' ' && b != self.dialect.delimiter) {
                quote_at += 1;
            }
            let ended = if data.get(quote_at) == Some(&self.dialect.quote) {
                self.quoted(data, quote_at, bytes, &mut lines)
            } else {
                self.plain(data, at, bytes, &mut odd)
            };
            let end = match ended {
                CellEnd::NeedsMore => return Scan::NeedsMore,
                CellEnd::Unbalanced => return Scan::Unbalanced,
                CellEnd::At(end) => end,
            };
            self.cells.push((cell, bytes.len() as u32));
            bytes.push(b'\n');
            let (next, is_record_end) = match data.get(end).map(|&b| self.classes[usize::from(b)]) {
                None => (end, true),
                Some(DELIMITER) => (end + 1, false),
                Some(CR) if data.get(end + 1) == Some(&b'\n') => {
                    self.met.crlf += 1;
                    (end + 2, true)
                }
                Some(CR) => {
                    self.met.cr += 1;
                    (end + 1, true)
                }
                _ => {
                    self.met.lf += 1;
                    (end + 1, true)
                }
            };
            if is_record_end {
                return Scan::Record { next: self.start + next, lines: lines + 1, odd };
            }
            at = next;
        }
    }

    /// A cell without quotes: up to the delimiter or the line's end.
    fn plain(&self, data: &[u8], from: usize, bytes: &mut Vec<u8>, odd: &mut usize) -> CellEnd {
        let mut at = from;
        loop {
            let Some(&byte) = data.get(at) else {
                if self.eof {
                    break;
                }
                return CellEnd::NeedsMore;
            };
            match self.classes[usize::from(byte)] {
                PLAIN => {}
                ODD => *odd += 1,
                CR => match data.get(at + 1) {
                    None if !self.eof => return CellEnd::NeedsMore,
                    Some(b'\n') => break,
                    _ if self.dialect.lone_cr => break,
                    _ => {}
                },
                _ => break,
            }
            at += 1;
        }
        bytes.extend_from_slice(&data[from..at]);
        CellEnd::At(at)
    }

    /// A quoted cell. A quote that neither doubles nor ends the cell is text, as `"O"Brien"`; one that opens a cell on
    /// a later line says that this one was never closed.
    fn quoted(&self, data: &[u8], open: usize, bytes: &mut Vec<u8>, lines: &mut u64) -> CellEnd {
        let Dialect { delimiter, quote, lone_cr } = self.dialect;
        let mut from = open + 1;
        let mut crossed = 0;
        loop {
            let found = data[from..].iter().position(|&b| b == quote);
            let Some(at) = found.map(|offset| from + offset) else {
                let hopeless = self.eof || data.len() - open > QUOTED_BYTES_MAX;
                return if hopeless { CellEnd::Unbalanced } else { CellEnd::NeedsMore };
            };
            crossed += breaks(&data[from..at], lone_cr);
            bytes.extend_from_slice(&data[from..at]);
            if data.get(at + 1) == Some(&quote) {
                bytes.push(quote);
                from = at + 2;
                continue;
            }
            let mut after = at + 1;
            while data.get(after).is_some_and(|&b| (b == b' ' || b == b'\t') && b != delimiter) {
                after += 1;
            }
            match data.get(after) {
                None if !self.eof => return CellEnd::NeedsMore,
                Some(b'\r') if after + 1 == data.len() && !self.eof => return CellEnd::NeedsMore,
                Some(&b) if b != delimiter && b != b'\n' && b != b'\r' => {}
                _ => {
                    *lines += crossed;
                    return CellEnd::At(after);
                }
            }
            let before = data[at - 1];
            if crossed > 0 && (before == delimiter || before == b'\n' || before == b'\r') {
                return CellEnd::Unbalanced;
            }
            bytes.push(quote);
            from = at + 1;
        }
    }

    /// Takes the physical line at the start as one cell with a problem; of a line beyond the limit only its head is
    /// kept. `false`: the line's end is not in the buffer yet, so try again.
    fn broken_line(&mut self, row: &mut RawRow, rule: RejectRule) -> std::io::Result<bool> {
        let mut head: Vec<u8> = Vec::new();
        loop {
            let data = &self.buffer[self.start..];
            let end = data.iter().position(|&b| b == b'\n' || (b == b'\r' && self.dialect.lone_cr));
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
        let text = self.decode(head);
        let cells = [(0, text.len() as u32)];
        row.set(self.line, text, &cells);
        row.problem = Some(rule);
        self.line += 1;
        Ok(true)
    }

    fn finish(&mut self, row: &mut RawRow, mut bytes: Vec<u8>, odd: usize) {
        if odd > 0 {
            let is_text = odd * 10 <= bytes.len();
            let nul = count(&bytes, 0);
            if nul > 0 {
                self.met.nul_bytes += nul as u64;
                self.without_nul(&mut bytes);
            }
            // A line of nothing but NULs, as a crashed program leaves it, is blank.
            row.problem = if is_text || nul == odd { None } else { Some(RejectRule::NotText) };
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.met.utf8 = self.met.utf8 || !text.is_ascii();
                row.set(self.line, text, &self.cells);
            }
            Err(error) => {
                let bytes = error.into_bytes();
                let cells = std::mem::take(&mut self.cells);
                let mut text = String::with_capacity(bytes.len() * 2);
                let mut places = Vec::with_capacity(cells.len());
                for (start, end) in cells {
                    let begin = text.len() as u32;
                    text.push_str(&self.decode(bytes[start as usize..end as usize].to_vec()));
                    places.push((begin, text.len() as u32));
                    text.push('\n');
                }
                row.set(self.line, text, &places);
                self.cells = places;
            }
        }
    }

    /// UTF-8 if it is, else Windows-1252, which has a character for every byte.
    fn decode(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            if self.met.windows_1252 == 0 {
                self.met.windows_1252_first = self.line;
            }
            self.met.windows_1252 += 1;
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
        })
    }

    fn without_nul(&mut self, bytes: &mut Vec<u8>) {
        let mut kept: Vec<u8> = Vec::with_capacity(bytes.len());
        for (start, end) in &mut self.cells {
            let begin = kept.len() as u32;
            kept.extend(bytes[*start as usize..*end as usize].iter().filter(|&&b| b != 0));
            (*start, *end) = (begin, kept.len() as u32);
            kept.push(b'\n');
        }
        *bytes = kept;
    }
}

/// How often a byte occurs.
pub(super) fn count(data: &[u8], byte: u8) -> usize {
    data.iter().map(|&found| usize::from(found == byte)).sum()
}

/// Line breaks in a piece of text.
fn breaks(data: &[u8], lone_cr: bool) -> u64 {
    let lf = count(data, b'\n');
    if !lone_cr {
        return lf as u64;
    }
    let lone = (0..data.len()).filter(|&at| data[at] == b'\r' && data.get(at + 1) != Some(&b'\n'));
    (lf + lone.count()) as u64
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
