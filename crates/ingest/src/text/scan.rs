//! One record at the start of a piece of text: where its cells are and where it ends.

use super::delimiter::{Delimiter, Stands};
use crate::row::QUOTED;

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
const QUOTED_BYTES_MAX: usize = 8 << 20;
const PLAIN: u8 = 0;
const DELIMITER: u8 = 1;
const LF: u8 = 2;
const CR: u8 = 3;
/// Control characters, NUL among them.
const ODD: u8 = 4;
const ESCAPE: u8 = 5;

/// What a record has besides its cells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Line breaks within cells.
    pub(super) lines: u64,
    /// Control characters.
    pub(super) odd: usize,
    /// Whether a quote in a quoted cell neither doubles nor ends it.
    pub(super) stray: bool,
}

/// How a scan of the buffer ended.
pub(super) enum Scan {
    /// The record's end is not in the buffer.
    NeedsMore,
    /// A record; where it ends, before its line end.
    Record { end: usize, seen: Seen },
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

/// Reads records by one dialect.
pub(super) struct Scanner {
    pub(super) dialect: Dialect,
    /// Whether nothing comes behind the text at hand.
    pub(super) eof: bool,
    /// The delimiter, where it is one byte and nothing is escaped: most files.
    simple: Option<u8>,
    classes: [u8; 256],
}

impl Scanner {
    pub(super) fn new(dialect: Dialect, eof: bool) -> Self {
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
        Self { dialect, eof, simple, classes }
    }

    /// Scans one record: its cells go to `bytes`, one separator byte between them, their places to `cells`.
    pub(super) fn scan(
        &self,
        data: &[u8],
        bytes: &mut Vec<u8>,
        cells: &mut Vec<(u32, u32)>,
    ) -> Scan {
        match self.simple_line(data, bytes, cells) {
            Some(scan) => scan,
            None => self.any_line(data, bytes, cells),
        }
    }

    /// A line without escapes, control characters and quotes within cells, copied as it is. `None`: not such a line.
    fn simple_line(
        &self,
        data: &[u8],
        bytes: &mut Vec<u8>,
        cells: &mut Vec<(u32, u32)>,
    ) -> Option<Scan> {
        let delimiter = self.simple?;
        cells.clear();
        let mut at = 0;
        loop {
            let mut begin = at;
            // Of a quoted cell.
            let mut end = 0;
            if self.dialect.quote.is_some() && data.get(at) == self.dialect.quote.as_ref() {
                begin = at + 1;
                end = self.simple_quoted(data, begin)?;
                at = end + 1;
            } else if data.get(at) == Some(&b' ') && delimiter != b' ' {
                // A quote may follow.
                return None;
            } else {
                while self.classes[usize::from(*data.get(at)?)] == PLAIN {
                    at += 1;
                }
            }
            cells.push((begin as u32, if end > 0 { end as u32 | QUOTED } else { at as u32 }));
            match self.classes[usize::from(*data.get(at)?)] {
                DELIMITER => at += 1,
                LF => break,
                CR if data.get(at + 1) == Some(&b'\n') => break,
                _ => return None,
            }
        }
        bytes.extend_from_slice(&data[..=at]);
        Some(Scan::Record { end: at, seen: Seen::default() })
    }

    /// Where the quote stands that ends a cell of plain text.
    fn simple_quoted(&self, data: &[u8], begin: usize) -> Option<usize> {
        let quote = self.dialect.quote?;
        let mut at = begin;
        loop {
            let &byte = data.get(at)?;
            if byte == quote {
                return Some(at);
            }
            if !matches!(self.classes[usize::from(byte)], PLAIN | DELIMITER) {
                return None;
            }
            at += 1;
        }
    }

    /// Any record.
    fn any_line(&self, data: &[u8], bytes: &mut Vec<u8>, cells: &mut Vec<(u32, u32)>) -> Scan {
        cells.clear();
        bytes.clear();
        let (mut at, mut seen) = (0, Seen::default());
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
                self.quoted(data, open, bytes, &mut seen)
            } else {
                self.plain(data, at, bytes, &mut seen)
            };
            let end = match ended {
                CellEnd::NeedsMore => return Scan::NeedsMore,
                CellEnd::Unbalanced => return Scan::Unbalanced,
                CellEnd::At(end) => end,
            };
            let mark = if is_quoted { QUOTED } else { 0 };
            cells.push((cell, bytes.len() as u32 | mark));
            bytes.push(b'\n');
            if let Stands::Yes(length) = self.delimiter(data, end) {
                at = end + length;
                continue;
            }
            return Scan::Record { end, seen };
        }
    }

    fn delimiter(&self, data: &[u8], at: usize) -> Stands {
        match data.get(at).map(|&b| self.classes[usize::from(b)]) {
            Some(DELIMITER) => self.dialect.delimiter.stands(data, at, self.eof),
            _ => Stands::No,
        }
    }

    /// A cell without quotes: up to the delimiter or the line's end.
    fn plain(&self, data: &[u8], from: usize, bytes: &mut Vec<u8>, seen: &mut Seen) -> CellEnd {
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
                ODD => seen.odd += 1,
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
    fn quoted(&self, data: &[u8], open: usize, bytes: &mut Vec<u8>, seen: &mut Seen) -> CellEnd {
        let (quote, escape) = (data[open], self.dialect.escape);
        let mut from = open + 1;
        let mut crossed = 0;
        let mut strays = 0_u32;
        loop {
            let reach = data.len().min(open + QUOTED_BYTES_MAX);
            let found =
                data[from.min(reach)..reach].iter().position(|&b| b == quote || Some(b) == escape);
            let Some(at) = found.map(|offset| from + offset) else {
                let hopeless = self.eof || reach < data.len();
                return if hopeless { CellEnd::Unbalanced } else { CellEnd::NeedsMore };
            };
            crossed += breaks(&data[from..at], self.dialect.lone_cr);
            if data[from..at].contains(&0) {
                seen.odd += count(&data[from..at], 0);
            }
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
            let doubled = data.get(at + 1) == Some(&quote);
            if doubled {
                bytes.push(quote);
                from = at + 2;
            }
            // Behind a quote that stands open in the cell, the second of two ends it: `"said "yes"",`.
            if !doubled || strays % 2 == 1 {
                match self.closes(data, at + 1 + usize::from(doubled)) {
                    Closes::NeedsMore => return CellEnd::NeedsMore,
                    Closes::At(after) => {
                        seen.lines += crossed;
                        return CellEnd::At(after);
                    }
                    Closes::Not => {}
                }
            }
            if doubled {
                continue;
            }
            if crossed > 0 && self.begins_cell(data, at) {
                return CellEnd::Unbalanced;
            }
            seen.stray = true;
            strays += 1;
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
        matches!(data[..at], [.., b'\n' | b'\r']) || self.dialect.delimiter.stands_before(data, at)
    }
}

/// How often a byte occurs.
pub(super) fn count(data: &[u8], byte: u8) -> usize {
    // Sums of single bytes, which the compiler does many at a time.
    let sum = |piece: &[u8]| piece.iter().map(|&found| u8::from(found == byte)).sum::<u8>();
    data.chunks(255).map(|piece| usize::from(sum(piece))).sum()
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
