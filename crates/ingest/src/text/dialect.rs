//! Delimiter and line endings, found on the first piece of a file.

use std::collections::HashMap;

use milaan_model::reading::Reading;

use super::records::{Dialect, Records, count};
use crate::fold::fold;
use crate::row::RawRow;

/// Delimiters that are tried, the likelier first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are looked at.
const SAMPLE_ROWS: usize = 500;

/// Finds what is not stated. `sample` is UTF-8 or a code page, whole lines.
pub(crate) fn sniff(sample: &[u8], reading: &Reading) -> Dialect {
    let quote = reading.quote.unwrap_or(b'"');
    let lone_cr = has_lone_cr(sample);
    let dialect = |delimiter| Dialect { delimiter, quote, lone_cr };
    if let Some(stated) = reading.delimiter.or_else(|| said(sample)) {
        return dialect(stated);
    }
    let mut best = (0.0, b',');
    for delimiter in DELIMITERS {
        let score = score(sample, dialect(delimiter), reading);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    dialect(best.1)
}

/// Excel's own first line, `sep=;`.
fn said(sample: &[u8]) -> Option<u8> {
    match sample {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// CRs end lines if no LF does, or if they are too many to be slips within cells.
fn has_lone_cr(sample: &[u8]) -> bool {
    let lf = count(sample, b'\n');
    let pairs = sample.windows(2).filter(|pair| pair == b"\r\n").count();
    let cr = count(sample, b'\r') - pairs;
    cr > 0 && (lf == 0 || cr * 10 >= lf)
}

/// How well a delimiter divides: wanted headers found first, then the share of rows with the usual number of cells,
/// then that number.
fn score(sample: &[u8], dialect: Dialect, reading: &Reading) -> f64 {
    let wanted: Vec<String> = reading
        .columns
        .iter()
        .flat_map(|column| std::iter::once(&column.header).chain(&column.aliases))
        .map(|name| fold(name))
        .collect();
    let mut records = Records::new(sample, dialect, 1 << 20);
    let mut row = RawRow::default();
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let (mut rows, mut broken, mut headers) = (0_usize, 0_usize, 0_usize);
    while rows < SAMPLE_ROWS && matches!(records.next(&mut row), Ok(true)) {
        if row.problem.is_some() {
            broken += 1;
        } else if !row.is_blank() {
            *widths.entry(row.len()).or_default() += 1;
            rows += 1;
            if rows <= crate::header::LOOK_ROWS && !wanted.is_empty() {
                let found = row.filled().filter(|(_, text)| wanted.contains(&fold(text))).count();
                headers = headers.max(found);
            }
        }
    }
    let most = widths
        .iter()
        .filter(|(width, _)| **width > 1)
        .max_by_key(|(width, count)| (**count, **width));
    let Some((&width, &count)) = most else { return if headers > 0 { 0.5 } else { 0.0 } };
    let share = count as f64 / (rows + broken) as f64;
    headers as f64 * 100.0 + share * share * (width as f64).log2().min(6.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2\n3,5;4\n", b';'),
            ("name;note\nRavi;one, two\nSita;a, b, c\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b\n1|#e#\n", b'|'),
            ("Pensions, Guntur, 2026\n\nid;name\n1;Ravi\n2;Sita\n3;Lila\n", b';'),
            ("one\ntwo\n", b','),
            ("sep=|\na,b|c,d\n1,2|3,4\n", b'|'),
            ("\"a;b\",\"c;d\"\n\"1;2\",\"3;4\"\n", b','),
        ] {
            assert_eq!(sniff(text.as_bytes(), &Reading::default()).delimiter, delimiter, "{text}");
        }
    }

    #[test]
    fn lone_carriage_returns() {
        assert!(sniff(b"a,b\r1,2\r", &Reading::default()).lone_cr);
        assert!(!sniff(b"a,b\r\n1,2\r\n", &Reading::default()).lone_cr);
        assert!(sniff(b"a,b\r1,2\n3,4\r\n", &Reading::default()).lone_cr);
    }
}
