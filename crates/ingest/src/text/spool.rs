//! A table as SQL*Plus and sqlcmd print it: columns of fixed width, a line of dashes below their names.
//!
//! `ID    NAME` over `----- ----------`: each group of dashes is a column, the space between two groups divides. Lines
//! that have text where a space should be are prompts and remarks: they are left whole. A value that the program has
//! wrapped onto a further line is not put together again.

use std::io::{self, BufRead, BufReader, Read};

/// What divides the columns once they are known.
pub(super) const DIVIDER: u8 = 0x1f;
/// Lines below the dashes that are looked at.
const LINES_MAX: usize = 200;
/// So many of them have spaces between the columns, at least.
const SHARE_MIN: f64 = 0.9;
/// A longer line is left as it is.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// The places of the spaces between columns, in characters; `None`: the text is no such table.
pub(super) fn columns(sample: &[u8]) -> Option<Vec<usize>> {
    let lines: Vec<&[u8]> = sample.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end).collect();
    let (at, places) = lines
        .iter()
        .enumerate()
        .skip(1)
        .find_map(|(at, line)| groups(line).map(|places| (at, places)))?;
    let header = lines[at - 1];
    if !header.iter().any(u8::is_ascii_alphabetic) || divided(header, &places).is_none() {
        return None;
    }
    let below = lines[at + 1..].iter().filter(|line| !line.is_empty() && !is_remark(line));
    let (all, fit) = below.take(LINES_MAX).fold((0_usize, 0_usize), |(all, fit), line| {
        (all + 1, fit + usize::from(divided(line, &places).is_some()))
    });
    (fit > 0 && fit as f64 >= SHARE_MIN * all as f64).then_some(places)
}

/// The places between groups of dashes: at least two groups, one of them of three, one space between two.
fn groups(line: &[u8]) -> Option<Vec<usize>> {
    let is_drawn = line.first() == Some(&b'-')
        && line.iter().all(|b| b"- ".contains(b))
        && line.windows(3).any(|piece| piece == b"---")
        && !line.windows(2).any(|pair| pair == b"  ");
    let places: Vec<usize> = (0..line.len()).filter(|&at| line[at] == b' ').collect();
    (is_drawn && !places.is_empty()).then_some(places)
}

/// Prompts, and how many rows there were.
fn is_remark(line: &[u8]) -> bool {
    line.starts_with(b"SQL>") || line.ends_with(b" selected.") || line.ends_with(b" affected)")
}

/// A line's pieces; `None`: it has something else than a space between two columns.
fn divided<'a>(line: &'a [u8], places: &[usize]) -> Option<Vec<&'a [u8]>> {
    // Padding counts characters.
    let starts: Option<Vec<usize>> = match std::str::from_utf8(line) {
        Ok(text) if !line.is_ascii() => Some(text.char_indices().map(|(at, _)| at).collect()),
        _ => None,
    };
    let offset = |place: usize| match &starts {
        Some(starts) => starts.get(place).copied(),
        None => Some(place).filter(|&place| place < line.len()),
    };
    let mut pieces = Vec::with_capacity(places.len() + 1);
    let mut from = 0;
    for &place in places {
        let at = offset(place).unwrap_or(line.len());
        if line.get(at).is_some_and(|&b| b != b' ') {
            return None;
        }
        pieces.push(&line[from.min(line.len())..at]);
        from = at + 1;
    }
    pieces.push(&line[from.min(line.len())..]);
    Some(pieces)
}

/// The lines of such a table, divided.
pub(super) struct Spool<R> {
    input: BufReader<R>,
    places: Vec<usize>,
    line: Vec<u8>,
    divided: Vec<u8>,
    at: usize,
    /// Whether the line before was too long and goes on.
    goes_on: bool,
}

impl<R: Read> Spool<R> {
    pub(super) fn new(input: R, places: Vec<usize>) -> Self {
        let input = BufReader::with_capacity(64 << 10, input);
        Self { input, places, line: Vec::new(), divided: Vec::new(), at: 0, goes_on: false }
    }

    /// Reads and divides a line; `false` at the end.
    fn next(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.divided.clear();
        self.at = 0;
        let count = (&mut self.input).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.line)?;
        let is_cut = count as u64 == LINE_BYTES_MAX && !self.line.ends_with(b"\n");
        let is_part = std::mem::replace(&mut self.goes_on, is_cut) || is_cut;
        let length = self.line.trim_ascii_end().len();
        let (line, end) = self.line.split_at(length);
        let pieces = divided(line, &self.places);
        match pieces.filter(|_| !is_part && length > 0 && !is_remark(line)) {
            Some(pieces) => {
                for (at, piece) in pieces.iter().enumerate() {
                    if at > 0 {
                        self.divided.push(DIVIDER);
                    }
                    self.divided.extend_from_slice(piece);
                }
                // White space at the end may hold a form feed: a new page.
                self.divided.extend(end.iter().filter(|b| b"\r\n".contains(b)));
            }
            None => self.divided.extend_from_slice(&self.line),
        }
        Ok(count > 0)
    }
}

impl<R: Read> Read for Spool<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.divided.len() {
            if !self.next()? {
                return Ok(0);
            }
        }
        let count = into.len().min(self.divided.len() - self.at);
        into[..count].copy_from_slice(&self.divided[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one() {
        for (text, expected) in [
            ("ID   NAME\n---- ----\n   1 Ravi\n", Some(vec![4])),
            ("ID   NAME\n---- ----\n", None),
            ("ID   NAME\n---- ----\nRavi,Kumar\nSita,Devi\n", None),
            ("IDS NAMES\n---------\n  1 Ravi\n", None),
            ("\n---- ----\n   1 Ravi\n", None),
            ("a b\n- -\n1 2\n", None),
        ] {
            assert_eq!(columns(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn long_lines() {
        let long = "x".repeat(3 << 20) + "\n1234 Ravi\n";
        let mut all = String::new();
        Spool::new(long.as_bytes(), vec![4]).read_to_string(&mut all).unwrap();
        assert!(all.ends_with("xx\n1234\u{1f}Ravi\n"));
        assert_eq!(all.len(), long.len());
    }
}
