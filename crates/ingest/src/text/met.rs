//! A record's bytes become text, and what was met on the way is counted for the receipt.

use super::scan::count;
use crate::reject::RejectRule;
use crate::row::{QUOTED, RawRow};

/// What was met on the way, for the receipt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met {
    pub(crate) lf: u64,
    pub(crate) crlf: u64,
    pub(crate) cr: u64,
    /// Whether a record is UTF-8 beyond ASCII.
    pub(crate) utf8: bool,
    /// Cells read as Windows-1252, and the row of the first.
    pub(crate) windows_1252: u64,
    pub(crate) windows_1252_first: u64,
    pub(crate) nul_bytes: u64,
    /// Records with broken quotes or other delimiters that could be mended, and the first of them.
    pub(crate) mended: u64,
    pub(crate) mended_first: u64,
}

impl Met {
    /// Adds what was met further down in the file.
    pub(crate) fn add(&mut self, next: &Self) {
        self.lf += next.lf;
        self.crlf += next.crlf;
        self.cr += next.cr;
        self.utf8 |= next.utf8;
        self.nul_bytes += next.nul_bytes;
        if self.windows_1252 == 0 {
            self.windows_1252_first = next.windows_1252_first;
        }
        self.windows_1252 += next.windows_1252;
        if self.mended == 0 {
            self.mended_first = next.mended_first;
        }
        self.mended += next.mended;
    }

    /// Counts the line end that `data` begins with; its length.
    pub(super) fn line_end(&mut self, data: &[u8]) -> usize {
        match data {
            [] => 0,
            [b'\r', b'\n', ..] => {
                self.crlf += 1;
                2
            }
            [b'\r', ..] => {
                self.cr += 1;
                1
            }
            _ => {
                self.lf += 1;
                1
            }
        }
    }

    /// Counts a mended record.
    pub(super) fn mended_at(&mut self, line: u64) {
        if self.mended == 0 {
            self.mended_first = line;
        }
        self.mended += 1;
    }

    /// Makes a row of a record's bytes; `odd`: control characters among them.
    pub(super) fn take(
        &mut self,
        row: &mut RawRow,
        mut bytes: Vec<u8>,
        cells: &mut [(u32, u32)],
        odd: usize,
        line: u64,
    ) {
        if odd > 0 {
            let is_text = odd * 10 <= bytes.len();
            let nul = count(&bytes, 0);
            if nul > 0 {
                self.nul_bytes += nul as u64;
                without_nul(&mut bytes, cells);
            }
            // A line of nothing but NULs, as a crashed program leaves it, is blank.
            row.problem = if is_text || nul == odd { None } else { Some(RejectRule::NotText) };
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.utf8 = self.utf8 || !text.is_ascii();
                row.set(line, text, cells);
            }
            Err(error) => {
                let bytes = error.into_bytes();
                let mut text = String::with_capacity(bytes.len() * 2);
                for (start, end) in cells.iter_mut() {
                    let (begin, mark) = (text.len() as u32, *end & QUOTED);
                    let cell = bytes[*start as usize..(*end & !QUOTED) as usize].to_vec();
                    text.push_str(&self.decode(cell, line));
                    (*start, *end) = (begin, text.len() as u32 | mark);
                    text.push('\n');
                }
                row.set(line, text, cells);
            }
        }
    }

    /// UTF-8 if it is, else Windows-1252, which has a character for every byte.
    pub(super) fn decode(&mut self, bytes: Vec<u8>, line: u64) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            if self.windows_1252 == 0 {
                self.windows_1252_first = line;
            }
            self.windows_1252 += 1;
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
        })
    }
}

fn without_nul(bytes: &mut Vec<u8>, cells: &mut [(u32, u32)]) {
    let mut kept: Vec<u8> = Vec::with_capacity(bytes.len());
    for (start, end) in cells {
        let (begin, mark) = (kept.len() as u32, *end & QUOTED);
        let cell = &bytes[*start as usize..(*end & !QUOTED) as usize];
        kept.extend(cell.iter().filter(|&&b| b != 0));
        (*start, *end) = (begin, kept.len() as u32 | mark);
        kept.push(b'\n');
    }
    *bytes = kept;
}
