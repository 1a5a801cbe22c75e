//! What might divide a file's lines, and how much a cell looks like one value.

use std::collections::HashMap;

use super::delimiter::{Delimiter, Stands};
use super::records::Dialect;
use super::scan::count;
use crate::fold::{is_numeric, is_value};

/// Single bytes that are tried, the likelier first.
const BYTES: &[u8] = b",;\t|\x1f\x01\x14\x1c\x1d\x1e\x0b\x0c^~:#!*";
/// Lines in which longer delimiters are looked for.
const LINES: usize = 100;
/// Bytes of the longest delimiter that is found.
const LENGTH_MAX: usize = 4;

/// The delimiters worth a try, the likelier first.
pub(super) fn delimiters(sample: &[u8]) -> Vec<Delimiter> {
    let mut found: Vec<Delimiter> = BYTES
        .iter()
        .copied()
        .filter(|byte| *byte == b',' || sample.contains(byte))
        .map(Delimiter::Byte)
        .collect();
    // Before their own bytes: where `||` divides, `|` divides as evenly.
    let longer = longer(sample);
    found.splice(0..0, longer);
    found.extend(spaced(sample));
    if sample.windows(2).any(|pair| pair == b"  ") {
        found.push(Delimiter::Spaces(2));
    }
    if sample.contains(&b' ') {
        found.push(Delimiter::Byte(b' '));
        found.push(Delimiter::Spaces(1));
    }
    for delimiter in between_quotes(sample) {
        if !found.contains(&delimiter) {
            found.push(delimiter);
        }
    }
    let lines = first_lines(sample);
    found.retain(|delimiter| !is_in_cells(delimiter, &lines));
    if found.is_empty() {
        // It stands nowhere: one column.
        found.push(Delimiter::Byte(b'\t'));
    }
    found
}

/// The first lines that hold something.
fn first_lines(sample: &[u8]) -> Vec<&[u8]> {
    let lines = sample.split(|&b| b == b'\n' || b == b'\r').map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.is_empty()).take(LINES).collect()
}

/// Whether a sign stands in the cells of a single column, whose name is one word without it: the colon of addresses on the web and
/// of hours, the comma with a space behind it that most lines have once.
fn is_in_cells(delimiter: &Delimiter, lines: &[&[u8]]) -> bool {
    let Some((name, cells)) = lines.split_first() else { return false };
    let is_word =
        |line: &[u8]| line.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii());
    let often =
        |is: &dyn Fn(&[u8]) -> bool| cells.iter().filter(|line| is(line)).count() * 2 > cells.len();
    let once = |line: &[u8]| count(line, b',') == 1 && line.windows(2).any(|pair| pair == b", ");
    let is_text = match delimiter {
        Delimiter::Byte(byte) if b":~^#!*".contains(byte) => true,
        Delimiter::Byte(b',' | b' ') | Delimiter::Spaces(_) => often(&once),
        Delimiter::Text(text) if text == b", " => often(&once),
        Delimiter::Text(text) => text.starts_with(b":"),
        Delimiter::Byte(_) => false,
    };
    is_text && is_word(name) && !cells.is_empty() && !cells.iter().any(|line| is_word(line))
}

/// Delimiters with spaces about them, where the bare one may stand within cells: ` , ` between `Ink, blue` and `Pen`. A sign
/// that lines begin with draws a frame. And arrows, whose dash is no sign of delimiters.
fn spaced(sample: &[u8]) -> Vec<Delimiter> {
    let lines = count(sample, b'\n').max(count(sample, b'\r')) + 1;
    // What stands in quotes divides nothing.
    let bare: Vec<&[u8]> = sample.split(|&b| b == b'"').step_by(2).collect();
    let sample = &bare.join(&b'"');
    let often = |text: &[u8]| memchr::memmem::find_iter(sample, text).count() * 2 >= lines;
    let framed = |byte| often(&[b'\n', byte]);
    let of_byte = |byte| [vec![b' ', byte, b' '], vec![byte, b' ']];
    let texts = b",;|:".iter().filter(|&&byte| !framed(byte)).flat_map(|&byte| of_byte(byte));
    texts.chain([b"->".to_vec()]).filter(|text| often(text)).map(Delimiter::Text).collect()
}

/// What stands between the quotes of two cells, whatever it is, if it does so about once a line.
fn between_quotes(sample: &[u8]) -> Vec<Delimiter> {
    let lines = count(sample, b'\n').max(count(sample, b'\r')) + 1;
    let mut counts: HashMap<&[u8], usize> = HashMap::new();
    for quote in [b'"', b'\''] {
        let places = sample.iter().enumerate().filter(|(_, byte)| **byte == quote);
        let mut last = None;
        for (at, _) in places {
            if let Some(from) = last.replace(at).map(|last: usize| last + 1)
                && (1..=LENGTH_MAX).contains(&(at - from))
                && divides(&sample[from..at])
            {
                *counts.entry(&sample[from..at]).or_default() += 1;
            }
        }
    }
    let mut found: Vec<(usize, &[u8])> = counts
        .into_iter()
        .filter(|(_, count)| *count * 2 >= lines)
        .map(|(text, count)| (count, text))
        .collect();
    found.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
    found
        .into_iter()
        .take(2)
        .map(|(_, text)| match text {
            [byte] => Delimiter::Byte(*byte),
            _ => Delimiter::Text(text.to_vec()),
        })
        .collect()
}

/// Whether text between two quotes is no cell: signs alone, one character beyond ASCII, or `\t` as it is typed.
fn divides(text: &[u8]) -> bool {
    let one = || std::str::from_utf8(text).is_ok_and(|text| text.chars().count() == 1);
    text == b"\\t"
        || text.iter().all(|b| b.is_ascii() && !b.is_ascii_alphanumeric() && !b"\r\n".contains(b))
        || (!text.is_ascii() && one())
}

/// Runs of the same signs that stand in nearly every line, equally often.
fn longer(sample: &[u8]) -> Vec<Delimiter> {
    let mut counts: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let lines: Vec<&[u8]> = sample
        .split(|&b| b == b'\n' || b == b'\r')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(LINES)
        .collect();
    for (at, line) in lines.iter().enumerate() {
        for run in line.split(|&b| !is_sign(b)).filter(|run| (2..=LENGTH_MAX).contains(&run.len()))
        {
            let per_line = counts.entry(run).or_insert_with(|| vec![0; lines.len()]);
            per_line[at] += 1;
        }
    }
    let mut found: Vec<(usize, &[u8])> = counts
        .into_iter()
        .filter_map(|(run, per_line)| {
            let filled = per_line.iter().filter(|&&count| count > 0).count();
            (filled * 5 >= lines.len() * 3 && filled > 1).then(|| (per_line.iter().sum(), run))
        })
        .collect();
    found.sort_by(|a, b| (b.0, b.1.len(), a.1).cmp(&(a.0, a.1.len(), b.1)));
    found.into_iter().take(3).map(|(_, run)| Delimiter::Text(run.to_vec())).collect()
}

/// Signs that a longer delimiter is made of. Bytes beyond ASCII are not letters only where they make `¦`, `§`, `¤`, `¬`
/// in UTF-8; quotes, brackets and what stands in numbers and dates are none.
fn is_sign(byte: u8) -> bool {
    b"|~^;:#@$%&*!=<>\\_\t".contains(&byte) || matches!(byte, 0xc2 | 0xa6 | 0xa7 | 0xa4 | 0xac)
}

/// Whether a quote stands at both ends of some cell.
pub(super) fn encloses(sample: &[u8], quote: u8, delimiter: &Delimiter) -> bool {
    let line_end = |byte: Option<&u8>| byte.is_none_or(|&b| b == b'\n' || b == b'\r');
    let (mut opens, mut closes, mut all) = (0_usize, 0_usize, 0_usize);
    for (at, _) in sample.iter().enumerate().filter(|(_, byte)| **byte == quote) {
        all += 1;
        let before = at.checked_sub(1).and_then(|before| sample.get(before));
        let begins = delimiter.stands_before(sample, at) || before == Some(&b' ');
        let ends = matches!(delimiter.stands(sample, at + 1, true), Stands::Yes(_));
        opens += usize::from(line_end(before) || begins);
        closes += usize::from(line_end(sample.get(at + 1)) || ends);
    }
    opens > 0 && closes > 0 && (opens + closes) * 2 > all
}

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Empty,
    /// A number, a date.
    Number,
    /// A word or a few.
    Value,
    /// A sentence, an address.
    Prose,
    /// Another delimiter stands in it.
    Mixed,
    /// Half a quote.
    Torn,
}

impl Shape {
    pub(super) fn weight(self) -> f64 {
        match self {
            Self::Empty => 0.9,
            Self::Number | Self::Value => 1.0,
            Self::Prose => 0.9,
            Self::Mixed => 0.45,
            Self::Torn => 0.1,
        }
    }
}

/// Looks at a cell as this dialect gives it.
pub(super) fn shape(cell: Option<&str>, dialect: &Dialect) -> Shape {
    let Some(text) = cell else { return Shape::Empty };
    if is_numeric(text) || is_value(text) {
        return Shape::Number;
    }
    let bytes = text.as_bytes();
    let ends = |quote: u8| {
        usize::from(bytes.first() == Some(&quote)) + usize::from(bytes.last() == Some(&quote))
    };
    let torn = |quote: u8| match ends(quote) {
        // Quoted by a character that is none here.
        2 if bytes.len() > 1 => Some(quote) != dialect.quote,
        1 => quote == b'"' || Some(quote) == dialect.quote || quote == b'\'' && bytes[0] == quote,
        _ => false,
    };
    if torn(b'"') || torn(b'\'') || dialect.quote.is_some_and(torn) || bytes.ends_with(b"\\") {
        return Shape::Torn;
    }
    if dialect.quote.is_some_and(|quote| {
        bytes.windows(2).any(|pair| pair == [b'\\', quote]) && dialect.escape.is_none()
    }) {
        return Shape::Torn;
    }
    // A cell that is another delimiter, or part of a longer one: its neighbours' quotes, or the rest of it, were taken for
    // delimiters.
    if bytes.len() <= LENGTH_MAX && bytes.iter().all(|b| b",;\t|~^:@#&<>=_\\".contains(b)) {
        return Shape::Mixed;
    }
    // Quotes that enclose what stands between two cells.
    let is_own = |byte: Option<&u8>| byte.is_some_and(|&b| dialect.delimiter == Delimiter::Byte(b));
    if bytes.len() > 1 && is_own(bytes.first()) && is_own(bytes.last()) {
        return Shape::Torn;
    }
    let divided = b",;\t|".iter().any(|&other| {
        let own = dialect.delimiter == Delimiter::Byte(other);
        !own && crowded(bytes, other)
    });
    if divided {
        return Shape::Mixed;
    }
    let words = count(bytes, b' ') + 1;
    if words > 6 || bytes.len() > 60 { Shape::Prose } else { Shape::Value }
}

/// Whether a delimiter stands in a text as no punctuation does: without white space behind it, or as a bar or tab.
fn crowded(bytes: &[u8], delimiter: u8) -> bool {
    bytes.iter().enumerate().any(|(at, &byte)| {
        byte == delimiter
            && (matches!(byte, b'\t' | b'|') || bytes.get(at + 1).is_some_and(|&next| next != b' '))
    })
}
