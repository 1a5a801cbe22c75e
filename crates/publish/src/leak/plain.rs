//! Text files of no special form, line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{Findings, Searched, is_text};

/// A longer line is nothing that we write.
const LINE_BYTES_MAX: u64 = 16 << 20;

pub(super) fn scan(path: &Path, findings: &mut Findings<'_>) -> Searched {
    each_line(path, |line, number| {
        findings.search(line, || None, number);
        Ok(())
    })
}

/// Calls with each line and its number, from 1; a line that is no text, or does not end, cannot be read.
pub(super) fn each_line(path: &Path, mut visit: impl FnMut(&[u8], u64) -> Searched) -> Searched {
    let mut reader = BufReader::new(File::open(path).map_err(|_| 0_u64)?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)
            .map_err(|_| number)?;
        if read == 0 {
            break;
        }
        if read as u64 == LINE_BYTES_MAX || !is_text(&line) {
            return Err(number);
        }
        visit(&line, number)?;
    }
    Ok(())
}
