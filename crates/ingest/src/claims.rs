//! What a workbook says that it holds, held against its size before a reader makes room for it.
//!
//! calamine reserves memory for what a workbook claims, and an ODS file may repeat one row a million times. A claim that
//! cannot be true, or that no memory holds, is an error here, since no error can be made of an allocation that failed.

use std::io::{self, BufRead, Read, Seek};

use crate::error::Error;
use crate::limits::{DumpFile, Limits};

/// The shortest text of a shared string table, `<si/>`.
const STRING_BYTES_MIN: u64 = 5;
/// So many texts may be claimed in any case: careless writers are no attackers.
const STRINGS_CLAIMED: u64 = 1 << 20;
/// Where the table's count stands, at most.
const HEAD_BYTES: u64 = 4096;
/// Rows and columns beyond which no spreadsheet program goes.
const ROWS_MAX: u64 = 1 << 20;
const COLUMNS_MAX: u64 = 1 << 14;
/// Elements of an ODS file that are read up to their end.
const ENTERED: [&[u8]; 5] = [
    b"office:document-content",
    b"table:table",
    b"table:table-row",
    b"office:annotation",
    b"table:named-expressions",
];
/// Spaces that one element of an ODS file stands for, at most.
const SPACES_MAX: u64 = 1 << 16;

/// Looks at the part of an XLSX file that holds its texts; `bytes`: how long it is.
pub(crate) fn shared_strings(file: &DumpFile, part: impl Read, bytes: u64) -> Result<(), Error> {
    let mut head = Vec::new();
    // What cannot be read is the reader's to refuse.
    let _ = part.take(HEAD_BYTES).read_to_end(&mut head);
    let Some(at) = head.windows(4).position(|piece| piece == b"<sst" || piece == b":sst") else {
        return Ok(());
    };
    let tag = head[at..].split(|&b| b == b'>').next().unwrap_or_default();
    match attribute(tag, b"uniqueCount") {
        Some(count) if count > (bytes / STRING_BYTES_MIN).max(STRINGS_CLAIMED) => {
            Err(damaged(file, "it claims to hold more texts than it has room for"))
        }
        _ => Ok(()),
    }
}

/// Looks at the content of an ODS file: that it ends, and how many cells it is with its repeated rows and columns.
pub(crate) fn ods(file: &DumpFile, mut part: impl BufRead, limits: &Limits) -> Result<(), Error> {
    let mut table = Extent::default();
    let (mut row_repeats, mut width, mut waiting) = (1, 0, 0);
    // The reader waits for the end of what it has entered, for ever.
    let mut open: i64 = 0;
    let mut piece = Vec::new();
    loop {
        piece.clear();
        // What does not unpack is the reader's to refuse.
        match part.read_until(b'>', &mut piece) {
            Ok(0) => break,
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
        let Some(tag) = tag(&piece) else { continue };
        let name = tag.split(|b| b.is_ascii_whitespace() || *b == b'/').find(|n| !n.is_empty());
        let (closes, is_whole) = (tag.first() == Some(&b'/'), tag.last() == Some(&b'/'));
        if ENTERED.contains(&name.unwrap_or_default()) && !is_whole {
            open += if closes { -1 } else { 1 };
        }
        match (name.unwrap_or_default(), closes) {
            (b"table:table", false) => table = Extent::default(),
            (b"table:table-row", false) => {
                row_repeats = attribute(tag, b"table:number-rows-repeated").unwrap_or(1);
                (width, waiting) = (0, 0);
                if is_whole {
                    table.add(row_repeats, 0);
                }
            }
            (b"table:table-row", true) => table.add(row_repeats, width),
            (b"table:table-cell" | b"table:covered-table-cell", false) => {
                waiting += attribute(tag, b"table:number-columns-repeated").unwrap_or(1);
                if tag
                    .windows(13)
                    .any(|piece| piece == b"office:value-" || piece == b"table:formula")
                {
                    width = (width + std::mem::take(&mut waiting)).min(COLUMNS_MAX);
                }
            }
            (b"text:s", false) if attribute(tag, b"text:c").is_some_and(|c| c > SPACES_MAX) => {
                return Err(damaged(file, "one of its cells is made of spaces beyond measure"));
            }
            _ => {}
        }
        if table.cells() > limits.cells_max {
            let limit = limits.cells_max;
            return Err(Error::TooLarge {
                file: file.name.clone(),
                what: "cells in a sheet",
                limit,
            });
        }
    }
    if open == 0 { Ok(()) } else { Err(damaged(file, "its content breaks off")) }
}

/// The rectangle that a table's filled cells span.
#[derive(Debug, Default)]
struct Extent {
    rows: u64,
    first: Option<u64>,
    last: u64,
    width: u64,
}

impl Extent {
    fn add(&mut self, repeats: u64, width: u64) {
        let from = self.rows;
        self.rows = self.rows.saturating_add(repeats).min(ROWS_MAX);
        if width > 0 {
            self.first.get_or_insert(from);
            self.last = self.rows;
            self.width = self.width.max(width);
        }
    }

    fn cells(&self) -> u64 {
        (self.last - self.first.unwrap_or(self.last)) * self.width
    }
}

/// Looks at the sheets of an XLS file: the rows and columns that each says it has.
pub(crate) fn xls(
    file: &DumpFile,
    mut input: impl Read + Seek,
    limits: &Limits,
) -> Result<(), Error> {
    if !crate::container::ends(&mut input) {
        return Err(damaged(file, "its parts lead back to one another"));
    }
    // A container that is damaged is the reader's to refuse, as is one that ends within a record.
    let Ok(mut container) = cfb::CompoundFile::open(input) else { return Ok(()) };
    let names = ["Workbook", "Book", "WORKBOOK", "BOOK", "workbook", "book"];
    let Some(mut stream) = names.iter().find_map(|name| container.open_stream(name).ok()) else {
        return Ok(());
    };
    sheets_of(file, &mut stream, limits).unwrap_or(Ok(()))
}

fn sheets_of(
    file: &DumpFile,
    stream: &mut (impl Read + Seek),
    limits: &Limits,
) -> io::Result<Result<(), Error>> {
    const DIMENSIONS: u16 = 0x0200;
    let mut stream = io::BufReader::new(stream);
    let mut record = [0; 4];
    loop {
        stream.read_exact(&mut record)?;
        let [kind, length] =
            [[record[0], record[1]], [record[2], record[3]]].map(u16::from_le_bytes);
        if kind != DIMENSIONS || !matches!(length, 14 | 16) {
            stream.seek_relative(i64::from(length))?;
            continue;
        }
        let mut body = vec![0; usize::from(length)];
        stream.read_exact(&mut body)?;
        let long = |at| number(&body, at, 4);
        let (rows, columns) = (long(4).saturating_sub(long(0)), number(&body, 10, 2));
        if rows.saturating_mul(columns) > limits.cells_max {
            return Ok(Err(damaged(file, "a sheet claims more cells than the format has")));
        }
    }
}

/// The inside of the tag that a piece of XML ends with.
fn tag(piece: &[u8]) -> Option<&[u8]> {
    let open = piece.iter().rposition(|&b| b == b'<')?;
    piece[open + 1..].strip_suffix(b">")
}

/// An attribute that is a number; one that is too long to be read is the greatest.
fn attribute(tag: &[u8], name: &[u8]) -> Option<u64> {
    let at = tag.windows(name.len()).position(|piece| piece == name)? + name.len();
    let value = tag[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let digits: Vec<u8> = value.iter().skip(1).copied().take_while(u8::is_ascii_digit).collect();
    let text = std::str::from_utf8(&digits).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or(u64::MAX))
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    let piece = bytes.get(at..at + width).unwrap_or_default();
    piece.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

fn damaged(file: &DumpFile, how: &'static str) -> Error {
    Error::Damaged { file: file.name.clone(), how }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> DumpFile {
        DumpFile { path: "x".into(), name: "x".to_owned() }
    }

    #[test]
    fn texts() {
        for (head, fits) in [
            ("<sst count=\"9\" uniqueCount=\"7\"><si><t>a</t></si>", true),
            ("<x:sst uniqueCount='99999999'>", false),
            ("<sst uniqueCount=\"5000\">", true),
            ("<sst uniqueCount=\"99999999999999999999999999\">", false),
            ("<sst>", true),
            ("", true),
        ] {
            assert_eq!(shared_strings(&file(), head.as_bytes(), 100).is_ok(), fits, "{head}");
        }
    }

    #[test]
    fn repeated_cells() {
        let limits = Limits { cells_max: 1000, ..Limits::default() };
        let cell =
            "<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
        let row = |repeats: u64, cells: &str| {
            format!(
                "<table:table-row table:number-rows-repeated=\"{repeats}\">{cells}</table:table-row>"
            )
        };
        let wide =
            cell.replace("table-cell ", "table-cell table:number-columns-repeated=\"2000\" ");
        let empty = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
        let end = "</office:document-content>";
        let begin = "<office:document-content>";
        for (content, fits) in [
            (row(1, cell) + end, true),
            (row(1, cell) + &row(1_048_000, empty) + end, true),
            (row(1001, cell) + end, false),
            (row(1, &wide) + end, false),
            (row(1, cell) + &row(2000, empty) + &row(1, cell) + end, false),
            (row(1, cell), false),
            (format!("<table:table>{}{end}", row(1, cell)), false),
            (format!("<table:table>{}</table:table>{end}", row(1, cell)), true),
            (format!("<office:annotation><text:p>{end}"), false),
            (row(1, &cell.replace("x<", "<text:s text:c=\"999999999\"/><")) + end, false),
        ] {
            let content = format!("{begin}{content}");
            let looked = ods(&file(), content.as_bytes(), &limits);
            assert_eq!(looked.is_ok(), fits, "{content}: {looked:?}");
        }
        assert!(ods(&file(), &b"\x93 encrypted"[..], &limits).is_ok());
    }

    #[test]
    fn claimed_dimensions() {
        let book = |rows: u32| {
            let mut container = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
            let mut stream = container.create_stream("Workbook").unwrap();
            let fields = [0_u32.to_le_bytes(), rows.to_le_bytes(), [0, 0, 0, 1], [0; 4]].concat();
            let records = [&[9, 8, 2, 0, 0, 6][..], &[0, 2, 14, 0], &fields[..14], &[10, 0, 0, 0]];
            io::Write::write_all(&mut stream, &records.concat()).unwrap();
            drop(stream);
            container.into_inner()
        };
        assert!(xls(&file(), book(65_536), &Limits::default()).is_ok());
        assert!(xls(&file(), book(u32::MAX), &Limits::default()).is_err());
        assert!(xls(&file(), io::Cursor::new(b"no container"), &Limits::default()).is_ok());
    }
}
