//! A line whose quotes are broken, read so that it has the usual number of cells.
//!
//! One quote too many or too few makes the rest of a line, or of the file, one cell. Where taking one cell's quote for
//! text gives exactly the cells that nearly all other lines have, that is what the line says.

use super::delimiter::Stands;
use super::records::Dialect;

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
        let open = at + line[at..].iter().take_while(|&&b| b == b' ').count();
        let may_quote = match literal {
            Literal::All => false,
            Literal::Cell(cell) => cell != cells.len(),
            Literal::Unclosed => true,
        };
        let opens =
            may_quote && dialect.quote.is_some() && line.get(open) == dialect.quote.as_ref();
        let (end, next) = match opens.then(|| closed(line, open, dialect, &mut bytes)).flatten() {
            Some(found) => found,
            None => plain(line, at, dialect, literal, &mut bytes),
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
            let after = at + 1 + line[at + 1..].iter().take_while(|&&b| b == b' ').count();
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

/// A cell up to the next delimiter, its quotes as they are.
fn plain(
    line: &[u8],
    from: usize,
    dialect: &Dialect,
    literal: Literal,
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
    let bare = match (literal, dialect.quote) {
        (Literal::All, Some(quote)) if cell.len() > 1 => {
            cell.strip_prefix(&[quote]).and_then(|rest| rest.strip_suffix(&[quote])).unwrap_or(cell)
        }
        _ => cell,
    };
    bytes.extend_from_slice(bare);
    (end, next)
}

#[cfg(test)]
mod tests {
    use super::super::delimiter::Delimiter;
    use super::*;

    #[test]
    fn broken_quotes() {
        let dialect = Dialect {
            delimiter: Delimiter::Byte(b','),
            quote: Some(b'"'),
            escape: None,
            lone_cr: false,
            width: Some(3),
        };
        for (line, expected) in [
            ("1,\"Ravi,3", Some("1|\"Ravi|3")),
            ("\"1,Ravi,3", Some("\"1|Ravi|3")),
            ("\"1\"\",\"Ravi\",\"3\"", Some("\"1\"\"|Ravi|3")),
            ("1,\"Ra\"\",\"a, b\"", Some("1|\"Ra\"\"|a, b")),
            ("\"a, b\",\"Ravi,3", Some("a, b|\"Ravi|3")),
            ("1,2", None),
            ("1,\"2,3,4", None),
        ] {
            let found = mend(line.as_bytes(), &dialect, 3).map(|(bytes, cells)| {
                let text = |&(from, to): &(u32, u32)| {
                    String::from_utf8_lossy(&bytes[from as usize..to as usize]).into_owned()
                };
                cells.iter().map(text).collect::<Vec<_>>().join("|")
            });
            assert_eq!(found.as_deref(), expected, "{line}");
        }
    }
}
