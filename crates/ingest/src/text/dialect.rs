//! Delimiter, quote, escape and line endings, found on the first piece of a file.
//!
//! Every likely dialect reads the sample, and the one wins whose rows are most alike in their number of cells and whose
//! cells look most like single values: a cell with another delimiter or half a quote in it speaks against a dialect.

use std::collections::HashMap;

use milaan_model::reading::Reading;

use super::candidates::{self, Shape};
use super::delimiter::{Delimiter, Stands};
use super::records::{Dialect, Records};
use super::scan::count;
use crate::fold::fold;
use crate::row::RawRow;

/// Records that are looked at.
const SAMPLE_ROWS: usize = 500;
/// Below this a delimiter divides by chance: the file has one column.
const SCORE_MIN: f64 = 0.2;
/// Words of prose stand apart as well, but not equally many in nearly all lines.
const SPACES_SHARE_MIN: f64 = 0.9;
/// So many of the rows have the usual number of cells: then a row without them may be mended.
const WIDTH_SHARE_MIN: f64 = 0.5;

/// So many of the rows of a file without escapes have the usual number of cells.
const EVEN_SHARE: f64 = 0.999;

/// Finds what is not stated. `sample` is UTF-8 or a code page, whole lines.
pub(crate) fn sniff(sample: &[u8], reading: &Reading) -> Dialect {
    let lone_cr = has_lone_cr(sample);
    let delimiters = match reading.delimiter.or_else(|| said(sample)) {
        Some(stated) => vec![Delimiter::Byte(stated)],
        None => candidates::delimiters(sample),
    };
    let wanted: Vec<String> = reading
        .columns
        .iter()
        .flat_map(|column| std::iter::once(&column.header).chain(&column.aliases))
        .map(|name| fold(name))
        .collect();
    let mut best: Option<(Score, Dialect)> = None;
    for delimiter in &delimiters {
        // The share of the rows that have the usual width where nothing escapes.
        let mut even = (None, 0.0);
        for (quote, escape) in quotes(sample, delimiter, reading) {
            let delimiter = delimiter.clone();
            let dialect = Dialect { delimiter, quote, escape, lone_cr, width: None };
            let score = score(sample, &dialect, &wanted);
            if escape.is_none() {
                even = (quote, score.share);
            } else if even.0 == quote && even.1 >= EVEN_SHARE && reading.escape.is_none() {
                // Rows that are as wide as one another without it need no escape: `C:\\list\\` ends in one.
                continue;
            }
            // A later candidate has to be better, not as good.
            if best.as_ref().is_none_or(|(least, _)| score.value > least.value * 1.000_1) {
                best = Some((score, dialect));
            }
        }
    }
    let quote = Some(reading.quote.unwrap_or(b'"'));
    let plain =
        |delimiter| Dialect { delimiter, quote, escape: reading.escape, lone_cr, width: None };
    match best {
        Some((score, dialect)) if score.value >= SCORE_MIN || delimiters.len() == 1 => {
            Dialect { width: score.width, ..dialect }
        }
        _ => plain(delimiters.into_iter().next().unwrap_or(Delimiter::Byte(b','))),
    }
}

/// Excel's own first line, `sep=;`.
fn said(sample: &[u8]) -> Option<u8> {
    let sample = sample.strip_prefix(b"\"").unwrap_or(sample);
    match sample {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n' | b'"', ..] => {
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

/// The quotes and escapes worth a try with a delimiter, the likelier first.
fn quotes(
    sample: &[u8],
    delimiter: &Delimiter,
    reading: &Reading,
) -> Vec<(Option<u8>, Option<u8>)> {
    let quotes: Vec<u8> = match reading.quote {
        Some(stated) => vec![stated],
        None => std::iter::once(b'"')
            .chain(b"'`~|^$*%#@".iter().copied().filter(|&quote| {
                *delimiter != Delimiter::Byte(quote)
                    && candidates::encloses(sample, quote, delimiter)
            }))
            .collect(),
    };
    let mut found = Vec::new();
    for quote in quotes {
        if let Some(stated) = reading.escape {
            found.push((Some(quote), Some(stated)));
            continue;
        }
        // Before a delimiter or a line's end the quote closes its cell: `"C:\list\",`.
        let closes = |at: usize| {
            sample.get(at).is_none_or(|b| b"\r\n".contains(b))
                || matches!(delimiter.stands(sample, at, true), Stands::Yes(_))
        };
        let pairs = sample.windows(2).enumerate().filter(|(_, pair)| *pair == [b'\\', quote]);
        if pairs.map(|(at, _)| at).any(|at| !closes(at + 2)) {
            found.push((Some(quote), Some(b'\\')));
        }
        found.push((Some(quote), None));
        // Where nothing is quoted the delimiter itself is escaped.
        let is_escaped = |at: usize| matches!(delimiter.stands(sample, at, true), Stands::Yes(_));
        if !found.contains(&(Some(quote), Some(b'\\')))
            && memchr::memchr_iter(b'\\', sample).any(|at| is_escaped(at + 1))
        {
            found.push((Some(quote), Some(b'\\')));
        }
    }
    found
}

struct Score {
    value: f64,
    /// The usual number of cells, where it is usual indeed.
    width: Option<usize>,
    /// The share of the rows that have it.
    share: f64,
}

/// How well a dialect divides: wanted headers found first, then how alike the rows are and how clean the cells.
fn score(sample: &[u8], dialect: &Dialect, wanted: &[String]) -> Score {
    let mut records = Records::new(sample, dialect.clone(), 1 << 20);
    let mut row = RawRow::default();
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let (mut rows, mut broken, mut headers) = (0_usize, 0_usize, 0_usize);
    let mut shapes: Vec<Vec<Shape>> = Vec::new();
    while rows + broken < SAMPLE_ROWS && matches!(records.next(&mut row), Ok(true)) {
        if row.problem.is_some() {
            broken += 1;
        } else if !row.is_blank() {
            *widths.entry(row.len()).or_default() += 1;
            rows += 1;
            let shape = |at| candidates::shape(row.cell(at), dialect);
            shapes.push((0..row.len()).map(shape).collect());
            if rows <= crate::header::LOOK_ROWS && !wanted.is_empty() {
                let found = row.filled().filter(|(_, text)| wanted.contains(&fold(text))).count();
                headers = headers.max(found);
            }
        }
    }
    let most = widths
        .iter()
        .filter(|(width, _)| **width > 1)
        .max_by_key(|(width, count)| (**count * (**width).min(8), **width));
    let Some((&width, &count)) = most else {
        return Score { value: if headers > 0 { 0.5 } else { 0.0 }, width: None, share: 0.0 };
    };
    let share = count as f64 / (rows + broken) as f64;
    if dialect.delimiter.is_blank() && share < SPACES_SHARE_MIN {
        return Score { value: 0.0, width: None, share };
    }
    let clean = cleanness(&shapes, width);
    // Single spaces stand in names; they divide only numbers, and where nothing else does.
    let clean = match dialect.delimiter {
        Delimiter::Spaces(1) | Delimiter::Byte(b' ') if !has_numbers(&shapes, width) => 0.0,
        Delimiter::Spaces(1) | Delimiter::Byte(b' ') => clean * 0.85,
        _ => clean,
    };
    let value =
        headers as f64 * 100.0 + share * share * clean * clean * (1.0 - 1.0 / (width as f64 + 1.0));
    Score { value, width: (share >= WIDTH_SHARE_MIN).then_some(width), share }
}

/// Whether some column holds numbers below its first row.
fn has_numbers(shapes: &[Vec<Shape>], width: usize) -> bool {
    let usual = || shapes.iter().filter(|shapes| shapes.len() == width).skip(1);
    usual().count() > 0
        && (0..width).any(|column| usual().all(|shapes| shapes[column] == Shape::Number))
}

/// The mean of the cells in rows of the usual width; columns that are empty throughout speak against a delimiter.
fn cleanness(shapes: &[Vec<Shape>], width: usize) -> f64 {
    let usual: Vec<&Vec<Shape>> = shapes.iter().filter(|shapes| shapes.len() == width).collect();
    let mut sum = 0.0;
    let mut hollow = 0_usize;
    for column in 0..width {
        if usual.iter().all(|shapes| shapes[column] == Shape::Empty) {
            hollow += 1;
        }
        sum += usual.iter().map(|shapes| shapes[column].weight()).sum::<f64>();
    }
    // A trailing delimiter makes one such column; every other one means that the delimiter is longer.
    let hollow_share = hollow.saturating_sub(1) as f64 / width as f64;
    sum / (usual.len() * width) as f64 * (1.0 - hollow_share)
}

#[cfg(test)]
#[path = "dialect_tests.rs"]
mod tests;
