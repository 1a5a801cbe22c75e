//! A workbook as one XML file (SpreadsheetML), as Excel 2002 and 2003 and many report programs write it, often named `.xls`.
//!
//! `Workbook > Worksheet > Table > Row > Cell > Data`; rows and cells stand one behind the other, unless `ss:Index` says where.

use std::fs::File;
use std::io::{BufReader, Read};

use calamine::DataRef;

use super::book::SheetName;
use super::cell;
use super::rows::Rows;
use super::sheet::{Hidden, Stop};
use super::xml::{Attributes, BREAKS_OFF, Bad, Token, Xml, decode};
use crate::error::Error;
use crate::limits::DumpFile;
use crate::table::Flow;

/// Bytes in which such a file says what it is.
const HEAD_BYTES: u64 = 4096;
/// Columns that a spreadsheet has.
const COLUMNS_MAX: u64 = 1 << 14;
/// The name of its elements' family.
const FAMILY: &[u8] = b"urn:schemas-microsoft-com:office:spreadsheet";

/// Whether a file begins as such a workbook, in any encoding.
pub(crate) fn is_one(head: &[u8]) -> bool {
    let text: Vec<u8> = head.iter().copied().filter(|b| *b != 0).collect();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let begins = text.trim_ascii_start().first().is_some_and(|&b| b == b'<' || b >= 0x80);
    begins && memchr::memmem::find(text, FAMILY).is_some()
}

/// Whether the file at hand does.
pub(super) fn is_at(file: &DumpFile) -> Result<bool, Error> {
    let mut head = Vec::new();
    let taken = crate::source::open(file)?.take(HEAD_BYTES).read_to_end(&mut head);
    taken.map_err(|error| Error::unreadable(&file.path, error))?;
    Ok(is_one(&head))
}

/// Such a workbook's sheets, by their order.
pub(super) struct SheetsInXml(Vec<SheetName>);

impl SheetsInXml {
    /// Looks which sheets there are.
    pub(super) fn open(file: &DumpFile) -> Result<Self, Error> {
        names(part(file)?).map(Self).map_err(|bad| super::spreadsheet::refused(file, bad))
    }

    pub(super) fn sheets(&self) -> Vec<SheetName> {
        self.0.clone()
    }

    /// Reads a sheet to its end or until enough was taken; what of it is hidden.
    pub(super) fn read(
        &self,
        file: &DumpFile,
        sheet: &str,
        rows: &mut Rows<'_, '_>,
    ) -> Result<Hidden, Stop> {
        let at = self.0.iter().position(|name| name.name == sheet).unwrap_or(self.0.len());
        let mut xml = part(file)?;
        let mut seen = 0;
        loop {
            match xml.next()? {
                Token::Start { name: b"Worksheet", is_empty, .. } => {
                    seen += 1;
                    if seen == at + 1 {
                        return if is_empty { Ok(Hidden::default()) } else { table(xml, rows) };
                    }
                }
                Token::Eof => return Err(BREAKS_OFF.into()),
                _ => {}
            }
        }
    }
}

fn part(file: &DumpFile) -> Result<Xml<BufReader<File>>, Error> {
    Ok(Xml::new(BufReader::new(crate::source::open(file)?)))
}

fn names(mut xml: Xml<impl Read>) -> Result<Vec<SheetName>, Bad> {
    let mut sheets: Vec<SheetName> = Vec::new();
    let mut hides = false;
    loop {
        match xml.next()? {
            Token::Start { name: b"Worksheet", attributes, .. } => {
                let mut name = attribute(&attributes, b"Name")?.unwrap_or_default();
                if sheets.iter().any(|sheet| sheet.name == name) {
                    name = format!("{name} ({})", sheets.len() + 1);
                }
                sheets.push(SheetName { name, visible: true });
            }
            // `Visible` is a sheet's; it says how far it is hidden.
            Token::Start { name: b"Visible", is_empty, .. } => hides = !is_empty,
            Token::Text(text) if hides => {
                if let Some(sheet) = sheets.last_mut() {
                    sheet.visible = !text.trim_ascii().starts_with(b"SheetHidden")
                        && !text.trim_ascii().starts_with(b"SheetVeryHidden");
                }
            }
            Token::End(b"Visible") => hides = false,
            Token::End(b"Workbook") => return Ok(sheets),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// An attribute's text, whatever its prefix.
fn attribute(attributes: &Attributes<'_>, name: &[u8]) -> Result<Option<String>, Bad> {
    let is_it =
        |key: &[u8]| key.strip_suffix(name).is_some_and(|p| p.is_empty() || p.ends_with(b":"));
    let Some((_, value)) = attributes.clone().find(|(key, _)| is_it(key)) else { return Ok(None) };
    let mut text = String::new();
    decode(value, &mut text)?;
    Ok(Some(text))
}

fn number(attributes: &Attributes<'_>, name: &[u8]) -> Result<Option<u64>, Bad> {
    Ok(attribute(attributes, name)?.and_then(|text| text.trim().parse().ok()))
}

/// The rows of the sheet whose start tag has been read.
fn table(mut xml: Xml<impl Read>, rows: &mut Rows<'_, '_>) -> Result<Hidden, Stop> {
    let mut hidden = Hidden::default();
    let (mut row, mut column, mut is_hidden) = (0_u64, 0_u64, false);
    let mut value = String::new();
    loop {
        match xml.next()? {
            Token::Start { name: b"Row", attributes, is_empty } => {
                row = number(&attributes, b"Index")?.unwrap_or(row + 1).max(1);
                is_hidden = number(&attributes, b"Hidden")? == Some(1);
                column = 0;
                if is_empty {
                    row = row.saturating_add(number(&attributes, b"Span")?.unwrap_or(0));
                }
            }
            Token::Start { name: b"Cell", attributes, is_empty } => {
                column = number(&attributes, b"Index")?.unwrap_or(column + 1).max(1);
                let (at, formula) = (column, attribute(&attributes, b"Formula")?.is_some());
                column = column.saturating_add(number(&attributes, b"MergeAcross")?.unwrap_or(0));
                let kind = if is_empty { None } else { data(&mut xml, &mut value)? };
                if rows.at(row)? == Flow::Enough {
                    return Ok(hidden);
                }
                let at = usize::try_from(at - 1).unwrap_or(usize::MAX);
                match kind.as_deref() {
                    Some("Error") => rows.error(at),
                    None if formula => rows.formula(at),
                    None => {}
                    Some(kind) if !value.trim().is_empty() => {
                        put(rows, at, kind, &value);
                        hidden.rows += u64::from(std::mem::take(&mut is_hidden));
                    }
                    Some(_) => {}
                }
            }
            Token::Start { name: b"Column", attributes, .. } => {
                let is_hidden = u64::from(number(&attributes, b"Hidden")? == Some(1));
                let span = number(&attributes, b"Span")?.unwrap_or(0).min(COLUMNS_MAX);
                hidden.columns += is_hidden * (1 + span);
            }
            Token::End(b"Worksheet") => {
                rows.end()?;
                return Ok(hidden);
            }
            Token::Eof => return Err(BREAKS_OFF.into()),
            _ => {}
        }
    }
}

/// Writes a cell's value as a person would write it down.
fn put(rows: &mut Rows<'_, '_>, at: usize, kind: &str, value: &str) {
    let mut scratch = String::new();
    let text = match (kind, value.trim()) {
        ("Boolean", "0") => "FALSE",
        ("Boolean", "1") => "TRUE",
        ("DateTime", moment) => {
            let moment = moment.strip_suffix(".000").unwrap_or(moment);
            match moment.split_once('T') {
                // A time of no day.
                Some(("1899-12-31" | "1904-01-01", time)) => time,
                _ => cell::without_midnight(moment),
            }
        }
        ("Number", number) => match number.parse::<f64>() {
            Ok(known) => {
                cell::text(&DataRef::Float(known), &mut scratch);
                &scratch
            }
            Err(_) => number,
        },
        _ => value,
    };
    rows.put(at, text);
}

/// Reads to the end of a cell: its data's type, the text into `value`; `None`: it has none.
fn data(xml: &mut Xml<impl Read>, value: &mut String) -> Result<Option<String>, Bad> {
    let mut kind = None;
    value.clear();
    loop {
        match xml.next()? {
            Token::Start { name: b"Data", attributes, is_empty } => {
                kind = Some(attribute(&attributes, b"Type")?.unwrap_or_default());
                if !is_empty {
                    written(xml, value)?;
                }
            }
            // Remarks of a cell have data of their own.
            Token::Start { is_empty: false, .. } => xml.skip()?,
            Token::End(_) => return Ok(kind),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// The text of an element, that of its runs among it.
fn written(xml: &mut Xml<impl Read>, value: &mut String) -> Result<(), Bad> {
    let mut depth = 1_u32;
    while depth > 0 {
        match xml.next()? {
            Token::Text(raw) => decode(raw, value)?,
            Token::Data(raw) => value.push_str(&String::from_utf8_lossy(raw)),
            Token::Start { is_empty: false, .. } => depth += 1,
            Token::End(_) => depth -= 1,
            Token::Eof => return Err(BREAKS_OFF),
            Token::Start { .. } => {}
        }
    }
    Ok(())
}
