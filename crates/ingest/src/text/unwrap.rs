//! A file each of whose lines became one quoted cell: opened as text in one column, and saved again.
//!
//! `"1,""Ravi"",5"` is the line `1,"Ravi",5`.

use std::io::{self, BufRead, BufReader, Read};

/// So many lines of the sample are wrapped, at least.
const SHARE_MIN: f64 = 0.95;
/// Fewer columns may be a comma in the one cell that there is, as in `Surname, Name`.
const WIDTH_MIN: usize = 3;

/// Lines that are looked at.
const LINES_MAX: usize = 200;

/// Whether nearly every line is wrapped, and nearly all of them have as many columns once they are not.
pub(super) fn is_wrapped(sample: &[u8]) -> bool {
    let (mut wrapped, mut others) = (Vec::new(), 0_usize);
    let mut rest = sample.trim_ascii_start();
    while !rest.is_empty() && wrapped.len() + others < LINES_MAX {
        let line = wrapped_line(rest);
        let length = match line {
            Some(line) => line.len(),
            None => rest.iter().position(|&b| is_end(b)).unwrap_or(rest.len()),
        };
        match line {
            Some(line) => wrapped.push(line),
            None => others += 1,
        }
        rest = rest[length..].trim_ascii_start();
    }
    let lines = wrapped.len() + others;
    if lines < 2 || (wrapped.len() as f64) < SHARE_MIN * lines as f64 {
        return false;
    }
    b",;\t|".iter().any(|&delimiter| {
        let widths = wrapped.iter().map(|line| columns(line, delimiter));
        let first = widths.clone().next().unwrap_or_default();
        first >= WIDTH_MIN
            && widths.filter(|&width| width == first).count() * 10 >= wrapped.len() * 9
    })
}

fn is_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// The wrapped line that a text begins with, quotes included: behind the closing one there is nothing but its end.
fn wrapped_line(text: &[u8]) -> Option<&[u8]> {
    let mut at = 1;
    if text.first() != Some(&b'"') {
        return None;
    }
    loop {
        at += text.get(at..)?.iter().position(|&b| b == b'"')?;
        match text.get(at + 1) {
            Some(b'"') => at += 2,
            Some(&behind) if !is_end(behind) => return None,
            _ => return Some(&text[..=at]),
        }
    }
}

/// Columns of a wrapped line: delimiters outside of its inner quotes, and one more.
fn columns(line: &[u8], delimiter: u8) -> usize {
    let (mut count, mut quotes) = (1, 0_usize);
    for &byte in &line[1..line.len() - 1] {
        quotes += usize::from(byte == b'"');
        // An inner quote is written as two.
        count += usize::from(byte == delimiter && quotes / 2 % 2 == 0);
    }
    count
}

/// The lines of such a file as they were.
pub(super) struct Unwrapped<R> {
    input: BufReader<R>,
    /// Whether the next byte begins a line.
    begins: bool,
    /// Whether a wrapped line is not yet closed.
    open: bool,
}

impl<R: Read> Unwrapped<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 << 10, input), begins: true, open: false }
    }

    /// The next byte of the lines as they were.
    fn next(&mut self) -> io::Result<Option<u8>> {
        loop {
            let Some(byte) = self.take()? else { return Ok(None) };
            let begins = std::mem::replace(&mut self.begins, byte == b'\n' || byte == b'\r');
            if byte != b'"' {
                return Ok(Some(byte));
            }
            if self.open && self.input.fill_buf()?.first() == Some(&b'"') {
                self.input.consume(1);
                return Ok(Some(byte));
            }
            if !self.open && !begins {
                // A line that is none of these.
                return Ok(Some(byte));
            }
            self.open = !self.open;
        }
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }
}

impl<R: Read> Read for Unwrapped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            match self.next()? {
                Some(byte) => into[filled] = byte,
                None => break,
            }
            filled += 1;
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines() {
        for (text, wrapped) in [
            ("\"a,b,c\"\r\n\"1,\"\"x, y\"\",3\"\r\n\"2,z,4\"\r\n", true),
            ("\"a;b;c\"\n\"1;2;3\"", true),
            ("\"a\",\"b\",\"c\"\n\"1\",\"2\",\"3\"\n", false),
            ("\"Name\"\n\"Devi, Sita\"\n\"Rao, Ravi\"\n", false),
            ("\"Place\"\n\"Road 5, Guntur, AP\"\n\"Tenali, AP\"\n", false),
            ("a,b,c\n1,2,3\n", false),
        ] {
            assert_eq!(is_wrapped(text.as_bytes()), wrapped, "{text}");
        }
        let mut bare = String::new();
        let text = "\"a,b,c\"\r\n\"1,\"\"x\ny\"\",3\"\r\nTotal \"2\"\n";
        Unwrapped::new(text.as_bytes()).read_to_string(&mut bare).unwrap();
        assert_eq!(bare, "a,b,c\r\n1,\"x\ny\",3\r\nTotal \"2\"\n");
    }
}
