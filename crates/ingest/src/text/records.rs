//! Delimited text into rows: quotes, all line endings, physical line numbers, and a way on after a broken quote.
//!
//! Works on bytes of UTF-8 or a code page that agrees with it on ASCII; a record that is not valid UTF-8 is read as
//! Windows-1252, so a file that turns at some row loses nothing.

use std::io::Read;

use super::delimiter::{Delimiter, Stands};
use super::mend;
use super::met::Met;
use crate::reject::{RAW_BYTES_MAX, RejectRule};
use crate::row::RawRow;
use crate::source::fill_from;

/// How a file's text is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    /// `None`: no character quotes.
    pub(crate) quote: Option<u8>,
    /// Makes the quote, the delimiter or itself behind it plain text.
    pub(crate) escape: Option<u8>,
    /// Whether a CR without LF ends a line.
    pub(crate) lone_cr: bool,
    /// Cells that nearly every record has; a record with a broken quote is mended if that gives so many.
    pub(crate) width: Option<usize>,
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
const ESCAPE: u8 = 5;

pub(crate) struct Records<R> {
    /// `None`: the buffer is all there is for now, and a record that runs out of it is left.
    input: Option<R>,
    buffer: Vec<u8>,
    start: usize,
    read_bytes: usize,
    eof: bool,
    line: u64,
    dialect: Dialect,
    /// The delimiter, where it is one byte and nothing is escaped: most files.
    simple: Option<u8>,
    classes: [u8; 256],
    record_bytes_max: usize,
    cells: Vec<(u32, u32)>,
    pub(crate) met: Met,
}

/// How a scan of the buffer ended.
enum Scan {
    /// The record's end is not in the buffer.
    NeedsMore,
    /// A record; where the next one starts, the line breaks in it, whether a quote in it may be broken.
    Record { next: usize, lines: u64, odd: usize, doubtful: bool },
    /// A quote opens and does not close.
    Unbalanced,
}

/// Whether a quote closes its cell.
enum Closes {
    Not,
    NeedsMore,
    /// The cell ends here.
    At(usize),
}

/// Where a cell ended.
enum CellEnd {
    NeedsMore,
    Unbalanced,
    At(usize),
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
        records.eof = whole;
        records
    }

    fn make(
        input: Option<R>,
        buffer: Vec<u8>,
        line: u64,
        dialect: Dialect,
        record_bytes_max: usize,
    ) -> Self {
        let mut classes = [PLAIN; 256];
        classes[..0x20].fill(ODD);
        classes[0x7f] = ODD;
        classes[usize::from(b'\t')] = PLAIN;
        classes[usize::from(b'\n')] = LF;
        classes[usize::from(b'\r')] = CR;
        if let Some(escape) = dialect.escape {
            classes[usize::from(escape)] = ESCAPE;
        }
        for byte in 0..=u8::MAX {
            if dialect.delimiter.may_begin(byte) {
                classes[usize::from(byte)] = DELIMITER;
            }
        }
        let simple = match dialect.delimiter {
            Delimiter::Byte(byte) if dialect.escape.is_none() => Some(byte),
            _ => None,
        };
        Self {
            input,
            buffer,
            start: 0,
            read_bytes: READ_BYTES_FIRST,
            eof: false,
            line,
            dialect,
            simple,
            classes,
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
            let scan = match self.simple_line(&mut bytes) {
                Some(scan) => scan,
                None => self.scan(&mut bytes),
            };
            match scan {
                Scan::Record { next, .. } if next - self.start > self.record_bytes_max => {
                    self.broken_line(row, RejectRule::LineTooLong)?;
                    return Ok(true);
                }
                Scan::Record { doubtful: true, .. }
                    if self.dialect.width.is_some_and(|width| width != self.cells.len())
                        && self.mended(row) =>
                {
                    return Ok(true);
                }
                Scan::Record { next, lines, odd, .. } => {
                    self.met.take(row, bytes, &mut self.cells, odd, self.line);
                    self.start = next;
                    self.line += lines;
                    return Ok(true);
                }
                Scan::Unbalanced => {
                    if !self.mended(row) {
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
        let Some(input) = self.input.as_mut().filter(|_| !self.eof) else { return Ok(false) };
        let left = self.buffer.len() - self.start;
        self.buffer.copy_within(self.start.., 0);
        self.start = 0;
        // Doubling keeps the rescans of a long record linear.
        let wanted = self.read_bytes.max(left);
        self.read_bytes = (self.read_bytes * 2).min(READ_BYTES_MAX);
        self.buffer.resize(left + wanted, 0);
        let filled = left + fill_from(input, &mut self.buffer[left..])?;
        self.eof = filled < left + wanted;
        self.buffer.truncate(filled);
        Ok(filled > left)
    }

    /// A line without quotes, escapes and control characters, copied as it is. `None`: not such a line.
    fn simple_line(&mut self, bytes: &mut Vec<u8>) -> Option<Scan> {
        let delimiter = self.simple?;
        let data = &self.buffer[self.start..];
        self.cells.clear();
        let special = |byte: Option<&u8>| {
            byte.is_some_and(|&b| Some(b) == self.dialect.quote || (b == b' ' && b != delimiter))
        };
        let (mut at, mut cell) = (0, 0);
        if special(data.first()) {
            return None;
        }
        loop {
            let &byte = data.get(at)?;
            match self.classes[usize::from(byte)] {
                PLAIN => {}
                DELIMITER => {
                    self.cells.push((cell as u32, at as u32));
                    cell = at + 1;
                    if special(data.get(cell)) {
                        return None;
                    }
                }
                LF => break,
                CR if data.get(at + 1) == Some(&b'\n') => break,
                _ => return None,
            }
            at += 1;
        }
        self.cells.push((cell as u32, at as u32));
        bytes.extend_from_slice(&data[..=at]);
        let next = if data[at] == b'\n' {
            self.met.lf += 1;
            at + 1
        } else {
            self.met.crlf += 1;
            at + 2
        };
        Some(Scan::Record { next: self.start + next, lines: 1, odd: 0, doubtful: false })
    }

    /// Scans one record: its cells go to `bytes`, one separator byte between them, their places to `self.cells`.
    fn scan(&mut self, bytes: &mut Vec<u8>) -> Scan {
        self.cells.clear();
        bytes.clear();
        let data = &self.buffer[self.start..];
        let (mut at, mut lines, mut odd, mut stray) = (0, 0, 0, false);
        let aligned = matches!(self.dialect.delimiter, Delimiter::Spaces(_));
        if aligned {
            at = data.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        }
        loop {
            let cell = bytes.len() as u32;
            let open = at
                + data[at..]
                    .iter()
                    .take_while(|&&b| b == b' ' && !self.dialect.delimiter.may_begin(b))
                    .count();
            let is_quoted =
                self.dialect.quote.is_some() && data.get(open) == self.dialect.quote.as_ref();
            let ended = if is_quoted {
                self.quoted(data, open, bytes, &mut lines, &mut stray)
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
            if let Stands::Yes(length) = self.delimiter(data, end) {
                at = end + length;
                continue;
            }
            let length = self.met.line_end(&data[end..]);
            let doubtful = stray || lines > 0;
            let next = self.start + end + length;
            return Scan::Record { next, lines: lines + 1, odd, doubtful };
        }
    }

    fn delimiter(&self, data: &[u8], at: usize) -> Stands {
        match data.get(at).map(|&b| self.classes[usize::from(b)]) {
            Some(DELIMITER) => self.dialect.delimiter.stands(data, at, self.eof),
            _ => Stands::No,
        }
    }

    /// A cell without quotes: up to the delimiter or the line's end.
    fn plain(&self, data: &[u8], from: usize, bytes: &mut Vec<u8>, odd: &mut usize) -> CellEnd {
        let (mut at, mut from) = (from, from);
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
                ESCAPE => match data.get(at + 1) {
                    None if !self.eof => return CellEnd::NeedsMore,
                    Some(&next) if self.is_escaped(next) => {
                        bytes.extend_from_slice(&data[from..at]);
                        from = at + 1;
                        at += 1;
                    }
                    _ => {}
                },
                DELIMITER => match self.dialect.delimiter.stands(data, at, self.eof) {
                    Stands::Yes(_) => break,
                    Stands::NeedsMore => return CellEnd::NeedsMore,
                    Stands::No => {}
                },
                _ => break,
            }
            at += 1;
        }
        bytes.extend_from_slice(&data[from..at]);
        CellEnd::At(at)
    }

    /// Whether the escape before this byte makes it plain text.
    fn is_escaped(&self, byte: u8) -> bool {
        Some(byte) == self.dialect.quote
            || Some(byte) == self.dialect.escape
            || self.dialect.delimiter.may_begin(byte)
    }

    /// A quoted cell. A quote that neither doubles nor ends the cell is text, as `"O"Brien"`; one that opens a cell on
    /// a later line says that this one was never closed.
    fn quoted(
        &self,
        data: &[u8],
        open: usize,
        bytes: &mut Vec<u8>,
        lines: &mut u64,
        stray: &mut bool,
    ) -> CellEnd {
        let (quote, escape) = (data[open], self.dialect.escape);
        let mut from = open + 1;
        let mut crossed = 0;
        loop {
            let reach = data.len().min(open + QUOTED_BYTES_MAX);
            let found = data[from.min(reach)..reach]
                .iter()
                .position(|&b| b == quote || (Some(b) == escape && b != quote));
            let Some(at) = found.map(|offset| from + offset) else {
                let hopeless = self.eof || reach < data.len();
                return if hopeless { CellEnd::Unbalanced } else { CellEnd::NeedsMore };
            };
            crossed += breaks(&data[from..at], self.dialect.lone_cr);
            bytes.extend_from_slice(&data[from..at]);
            if data[at] != quote {
                match data.get(at + 1) {
                    None if !self.eof => return CellEnd::NeedsMore,
                    Some(&next) if next == quote || Some(next) == escape => {
                        bytes.push(next);
                        from = at + 2;
                    }
                    _ => {
                        bytes.push(data[at]);
                        from = at + 1;
                    }
                }
                continue;
            }
            if data.get(at + 1) == Some(&quote) {
                bytes.push(quote);
                from = at + 2;
                continue;
            }
            match self.closes(data, at + 1) {
                Closes::NeedsMore => return CellEnd::NeedsMore,
                Closes::At(after) => {
                    *lines += crossed;
                    return CellEnd::At(after);
                }
                Closes::Not => {}
            }
            if crossed > 0 && self.begins_cell(data, at) {
                return CellEnd::Unbalanced;
            }
            *stray = true;
            bytes.push(quote);
            from = at + 1;
        }
    }

    /// Whether behind a quote there is the delimiter or the line's end.
    fn closes(&self, data: &[u8], behind: usize) -> Closes {
        let mut after = behind;
        loop {
            match data.get(after) {
                None if !self.eof => return Closes::NeedsMore,
                Some(b'\r') if after + 1 == data.len() && !self.eof => return Closes::NeedsMore,
                None | Some(b'\n') => return Closes::At(after),
                Some(b'\r') if self.ends_line(data, after) => return Closes::At(after),
                Some(&b) => match self.delimiter(data, after) {
                    Stands::Yes(_) => return Closes::At(after),
                    Stands::NeedsMore => return Closes::NeedsMore,
                    Stands::No if b == b' ' || b == b'\t' => after += 1,
                    Stands::No => return Closes::Not,
                },
            }
        }
    }

    /// Whether the CR here ends a line.
    fn ends_line(&self, data: &[u8], at: usize) -> bool {
        self.dialect.lone_cr || data.get(at + 1).is_none_or(|&next| next == b'\n')
    }

    /// Whether a quote stands where a cell begins.
    fn begins_cell(&self, data: &[u8], at: usize) -> bool {
        match (&self.dialect.delimiter, &data[..at]) {
            (_, [.., b'\n' | b'\r']) => true,
            (Delimiter::Text(text), before) => before.ends_with(text),
            (delimiter, before) => before.last().is_some_and(|&b| delimiter.may_begin(b)),
        }
    }

    /// Tries to read the physical line at the start as a record of the usual width whose quotes are broken.
    fn mended(&mut self, row: &mut RawRow) -> bool {
        let Some(width) = self.dialect.width else { return false };
        let data = &self.buffer[self.start..];
        let found = data.iter().position(|&b| b == b'\n' || (b == b'\r' && self.dialect.lone_cr));
        let whole = found.is_some() || self.eof;
        let mut end = found.unwrap_or(data.len());
        if !whole || end > RAW_BYTES_MAX {
            return false;
        }
        let next = if found.is_some() { end + 1 } else { end };
        if end > 0 && data[end - 1] == b'\r' && found.is_some_and(|at| data[at] == b'\n') {
            end -= 1;
        }
        let Some((bytes, cells)) = mend::mend(&data[..end], &self.dialect, width) else {
            return false;
        };
        self.cells = cells;
        self.met.take(row, bytes, &mut self.cells, 0, self.line);
        self.met.mended_at(self.line);
        self.start += next;
        self.line += 1;
        true
    }

    /// Takes the physical line at the start as one cell with a problem; of a line beyond the limit only its head is
    /// kept.
    fn broken_line(&mut self, row: &mut RawRow, rule: RejectRule) -> std::io::Result<()> {
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
        let text = self.met.decode(head, self.line);
        let cells = [(0, text.len() as u32)];
        row.set(self.line, text, &cells);
        row.problem = Some(rule);
        self.line += 1;
        Ok(())
    }
}

/// How often a byte occurs.
pub(super) fn count(data: &[u8], byte: u8) -> usize {
    data.iter().map(|&found| usize::from(found == byte)).sum()
}

/// Line breaks in a piece of text.
pub(super) fn breaks(data: &[u8], lone_cr: bool) -> u64 {
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
