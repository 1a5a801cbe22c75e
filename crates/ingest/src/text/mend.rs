//! A line whose quotes are broken, read so that it has the usual number of cells.
//!
//! One quote too many or too few makes the rest of a line, or of the file, one cell. Where taking one cell's quote for
//! text gives exactly the cells that nearly all other lines have, that is what the line says.

use super::delimiter::{Delimiter, Stands};
use super::records::Dialect;
use super::scan::count;

/// Cells as bytes with a separator between them, and their places.
type Cells = (Vec<u8>, Vec<(u32, u32)>);

/// More cells that begin with a quote than this are not tried one by one.
const TRIES_MAX: usize = 256;

/// A line's cells as bytes with a separator between them, and their places; `None`: no reading has `width` cells.
pub(super) fn mend(line: &[u8], dialect: &Dialect, width: usize) -> Option<Cells> {
    if width < 2 {
        return None;
    }
    let read = |literal| split(line, dialect, literal);
    let quoted = |literal| Some(read(literal)).filter(|(_, cells)| cells.len() == width);
    if let Some(found) = quoted(Literal::Unclosed) {
        return Some(found);
    }
    for at in 0..width.min(TRIES_MAX) {
        if let Some(found) = quoted(Literal::Cell(at)) {
            return Some(found);
        }
    }
    quoted(Literal::All)
}

/// Whether a line has `width` cells where no quote is one.
pub(super) fn is_whole(line: &[u8], dialect: &Dialect, width: usize) -> bool {
    split(line, dialect, Literal::All).1.len() == width
}

/// Delimiters that a single line may have instead of its file's.
const OTHER_DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b' '];

/// A line's cells where it alone is divided or quoted by another sign than the rest of its file; `None`: no other sign
/// gives exactly `width` cells. Single spaces divide only cells that are all quoted.
pub(super) fn otherwise(line: &[u8], dialect: &Dialect, width: usize) -> Option<Cells> {
    if width < 3 {
        return None;
    }
    let quoted = |quote: u8| count(line, quote) >= 2 * width && line.first() == Some(&quote);
    let fits = |dialect: &Dialect| {
        Some(split(line, dialect, Literal::Unclosed)).filter(|(_, cells)| cells.len() == width)
    };
    for byte in OTHER_DELIMITERS {
        let delimiter = Delimiter::Byte(byte);
        let may = byte != b' ' || dialect.quote.is_some_and(quoted);
        if delimiter != dialect.delimiter && may && line.contains(&byte) {
            let found = fits(&Dialect { delimiter, ..dialect.clone() });
            if found.is_some() {
                return found;
            }
        }
    }
    let others = [b'\'', b'"'].into_iter().filter(|&quote| Some(quote) != dialect.quote);
    others
        .filter(|&quote| quoted(quote) && line.last() == Some(&quote))
        .find_map(|quote| fits(&Dialect { quote: Some(quote), ..dialect.clone() }))
}

/// Which quotes are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Literal {
    /// Those that open and never close.
    Unclosed,
    /// Those and the one of this cell.
    Cell(usize),
    /// All, but for those around a whole cell.
    All,
}

fn split(line: &[u8], dialect: &Dialect, literal: Literal) -> Cells {
    let (mut bytes, mut cells) = (Vec::with_capacity(line.len() + 1), Vec::new());
    let mut at = 0;
    loop {
        let begin = bytes.len() as u32;
        let blank = |b: u8| b == b' ' && !dialect.delimiter.may_begin(b);
        let open = at + line[at..].iter().take_while(|&&b| blank(b)).count();
        let may_quote = match literal {
            Literal::All => false,
            Literal::Cell(cell) => cell != cells.len(),
            Literal::Unclosed => true,
        };
        let opens =
            may_quote && dialect.quote.is_some() && line.get(open) == dialect.quote.as_ref();
        let (end, next) = match opens.then(|| closed(line, open, dialect, &mut bytes)).flatten() {
            Some(found) => found,
            None => plain(line, at, dialect, &mut bytes),
        };
        cells.push((begin, bytes.len() as u32));
        bytes.push(b'\n');
        match next {
            Some(length) => at = end + length,
            None => return (bytes, cells),
        }
    }
}

/// A quoted cell up to the quote that a delimiter or the end follows: where it ends, and the delimiter's length.
fn closed(
    line: &[u8],
    open: usize,
    dialect: &Dialect,
    bytes: &mut Vec<u8>,
) -> Option<(usize, Option<usize>)> {
    let quote = line[open];
    let begin = bytes.len();
    let mut at = open + 1;
    while let Some(&byte) = line.get(at) {
        if byte != quote {
            bytes.push(byte);
            at += 1;
        } else if line.get(at + 1) == Some(&quote) {
            bytes.push(quote);
            at += 2;
        } else {
            let blank = |b: u8| b == b' ' && !dialect.delimiter.may_begin(b);
            let after = at + 1 + line[at + 1..].iter().take_while(|&&b| blank(b)).count();
            if after == line.len() {
                return Some((after, None));
            }
            if let Stands::Yes(length) = dialect.delimiter.stands(line, after, true) {
                return Some((after, Some(length)));
            }
            bytes.push(byte);
            at += 1;
        }
    }
    bytes.truncate(begin);
    None
}

/// A cell up to the next delimiter, its quotes as they are but for those around the whole of it.
fn plain(
    line: &[u8],
    from: usize,
    dialect: &Dialect,
    bytes: &mut Vec<u8>,
) -> (usize, Option<usize>) {
    let mut end = from;
    let mut next = None;
    while end < line.len() {
        if let Stands::Yes(length) = dialect.delimiter.stands(line, end, true) {
            next = Some(length);
            break;
        }
        end += 1;
    }
    let cell = line[from..end].trim_ascii();
    let bare = dialect
        .quote
        .and_then(|quote| cell.strip_prefix(&[quote])?.strip_suffix(&[quote]))
        .unwrap_or(cell);
    bytes.extend_from_slice(bare);
    (end, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect() -> Dialect {
        Dialect {
            delimiter: Delimiter::Byte(b','),
            quote: Some(b'"'),
            escape: None,
            lone_cr: false,
            width: Some(3),
        }
    }

    fn joined(found: Option<Cells>) -> Option<String> {
        let (bytes, cells) = found?;
        let text = |&(from, to): &(u32, u32)| {
            String::from_utf8_lossy(&bytes[from as usize..to as usize]).into_owned()
        };
        Some(cells.iter().map(text).collect::<Vec<_>>().join("|"))
    }

    #[test]
    fn other_signs() {
        for (line, expected) in [
            ("1;Ravi, Kumar;3", Some("1|Ravi, Kumar|3")),
            ("1\tRavi\t3", Some("1|Ravi|3")),
            ("\"1\" \"Ravi Kumar\" \"3\"", Some("1|Ravi Kumar|3")),
            ("1 Ravi 3", None),
            ("'1','Ravi, Kumar','3'", Some("1|Ravi, Kumar|3")),
            ("'1,Ravi,'3", None),
            ("a;b", None),
        ] {
            let found = joined(otherwise(line.as_bytes(), &dialect(), 3));
            assert_eq!(found.as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn broken_quotes() {
        for (line, expected) in [
            ("1,\"Ravi,3", Some("1|\"Ravi|3")),
            ("\"1,Ravi,3", Some("\"1|Ravi|3")),
            ("\"1\"\",\"Ravi\",\"3\"", Some("1\"|Ravi|3")),
            ("1,\"Ra\"\",\"a, b\"", Some("1|Ra\"|a, b")),
            ("\"a, b\",\"Ravi,3", Some("a, b|\"Ravi|3")),
            ("1,2", None),
            ("1,\"2,3,4", None),
        ] {
            let found = joined(mend(line.as_bytes(), &dialect(), 3));
            assert_eq!(found.as_deref(), expected, "{line}");
        }
    }
}
