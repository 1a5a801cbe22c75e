//! The cells of an XLSX sheet as rows, while they are unpacked.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

use super::cell;
use super::rows::Rows;
use super::spreadsheet::{Look, Spreadsheet, plain, text, unescaped};
use super::xml::{Ahead, Attributes, BREAKS_OFF, Bad, Token, Xml, decode};
use crate::error::Error;
use crate::table::Flow;

/// Digits that a number of a spreadsheet has, at most.
const DIGITS_MAX: usize = 15;

/// Numbers without a format that are read as days further on (`kernels/date/read.rs`).
const DAYS: RangeInclusive<u32> = 10_000..=60_000;

/// Why the rows of a sheet end before the sheet does.
pub(super) enum Stop {
    Bad(Bad),
    /// The one who takes the rows says so.
    Refused(Error),
}

impl From<Bad> for Stop {
    fn from(bad: Bad) -> Self {
        Self::Bad(bad)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// How a cell's value is to be understood: its attribute `t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A number, or what nothing is said of.
    Number,
    Shared,
    Inline,
    Formula,
    Boolean,
    Date,
    Error,
}

/// A cell's place, kind and style.
struct Head {
    row: u32,
    column: u32,
    kind: Kind,
    look: Look,
}

/// What of a sheet nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hidden {
    /// Rows with a cell in them.
    pub(super) rows: u64,
    /// Columns, filled or not.
    pub(super) columns: u64,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Value,
    /// A formula whose result was not saved.
    Formula,
}

/// Columns that a spreadsheet has.
const COLUMNS_MAX: u64 = 1 << 14;

/// Reads a sheet to its end or until enough was taken; what of it is hidden.
pub(super) fn read(
    book: &Spreadsheet,
    xml: Xml<Ahead>,
    rows: &mut Rows<'_, '_>,
) -> Result<Hidden, Stop> {
    let mut columns = 0;
    let mut sheet = Sheet {
        book,
        xml,
        row: 0,
        column: 0,
        value: String::new(),
        piece: String::new(),
        days: BTreeSet::new(),
    };
    loop {
        match sheet.xml.next()? {
            Token::Start { name: b"sheetData", is_empty, .. } if !is_empty => break,
            Token::Start { name: b"sheetData", .. } => return Ok(Hidden::default()),
            Token::Start { name: b"col", attributes, .. } => columns += hidden_columns(&attributes),
            Token::Eof => return Err(BREAKS_OFF.into()),
            _ => {}
        }
    }
    Ok(Hidden { rows: sheet.rows(rows)?, columns })
}

/// How many columns a description of columns (`col`) hides. The one of all columns to the right of the table, which some
/// hide for a tidy sheet, hides nothing that is there.
fn hidden_columns(attributes: &Attributes<'_>) -> u64 {
    let number = |name: &[u8]| std::str::from_utf8(attributes.get(name)?).ok()?.parse::<u64>().ok();
    let (Some(first), Some(last)) = (number(b"min"), number(b"max")) else { return 0 };
    let is_hidden = matches!(attributes.get(b"hidden"), Some(b"1" | b"true"));
    if is_hidden && last < COLUMNS_MAX { (last + 1).saturating_sub(first) } else { 0 }
}

struct Sheet<'a> {
    book: &'a Spreadsheet,
    xml: Xml<Ahead>,
    row: u32,
    column: u32,
    /// The value of a cell.
    value: String,
    piece: String,
    /// Columns with a day counted from 1904.
    days: BTreeSet<u32>,
}

impl Sheet<'_> {
    fn rows(&mut self, rows: &mut Rows<'_, '_>) -> Result<u64, Stop> {
        let (mut hidden, mut is_hidden) = (0, false);
        loop {
            match self.xml.next()? {
                Token::Start { name: b"c", attributes, is_empty } => {
                    let mut head = head(self.book, (self.row, self.column), attributes)?;
                    self.column = head.column.saturating_add(1);
                    if is_empty {
                        continue;
                    }
                    let holds = self.cell(&mut head)?;
                    if rows.at(u64::from(head.row) + 1)? == Flow::Enough {
                        return Ok(hidden);
                    }
                    let column = head.column as usize;
                    match holds {
                        Holds::Nothing => {}
                        Holds::Formula => rows.formula(column),
                        Holds::Value if head.kind == Kind::Error => rows.error(column),
                        Holds::Value => {
                            if self.book.is_1904 && !self.has_format(&mut head) {
                                rows.undated(column);
                            }
                            if let Some(text) = self.text(&head)? {
                                rows.put(column, text);
                                hidden += u64::from(std::mem::take(&mut is_hidden));
                            }
                        }
                    }
                }
                Token::Start { name: b"row", attributes, is_empty } => {
                    if let Some(at) = attributes.get(b"r") {
                        self.row = place(at).0.ok_or(NO_PLACE)?;
                    }
                    is_hidden = matches!(attributes.get(b"hidden"), Some(b"1" | b"true"));
                    if is_empty {
                        self.row = self.row.saturating_add(1);
                        self.column = 0;
                    }
                }
                Token::End(b"row") => {
                    self.row = self.row.saturating_add(1);
                    self.column = 0;
                }
                Token::End(b"sheetData") => {
                    rows.end()?;
                    return Ok(hidden);
                }
                Token::Eof => return Err(BREAKS_OFF.into()),
                _ => {}
            }
        }
    }

    /// Reads a cell whose start tag has been read, its value into `value`.
    fn cell(&mut self, head: &mut Head) -> Result<Holds, Bad> {
        self.value.clear();
        // As nearly all cells are written; a row's cells are trimmed in any case.
        let written: [&[u8]; 2] = match head.kind {
            Kind::Inline => [b"<is><t>", b"</t></is></c>"],
            _ => [b"<v>", b"</v></c>"],
        };
        if let Some(raw) = self.xml.between(written[0], written[1]) {
            decode(raw, &mut self.value)?;
            if head.kind == Kind::Inline {
                unescaped(&mut self.value);
            }
            return Ok(Holds::Value);
        }
        let (mut has_value, mut is_formula) = (false, false);
        loop {
            match self.xml.next()? {
                Token::Start { name: b"v", is_empty: false, .. } if head.kind != Kind::Inline => {
                    self.value.clear();
                    plain(&mut self.xml, &mut self.value)?;
                    has_value = true;
                }
                Token::Start { name: b"is", is_empty: false, .. } => {
                    self.value.clear();
                    text(&mut self.xml, &mut self.piece, &mut self.value)?;
                    // Whatever the cell says of itself.
                    head.kind = Kind::Inline;
                    has_value = true;
                }
                Token::Start { name, is_empty, .. } => {
                    is_formula |= name == b"f";
                    if !is_empty {
                        self.xml.skip()?;
                    }
                }
                Token::End(_) => {
                    // A formula may well make an empty text.
                    let is_text = matches!(head.kind, Kind::Formula | Kind::Inline);
                    let is_open = is_formula && self.value.trim_ascii().is_empty() && !is_text;
                    return Ok(match has_value {
                        _ if is_open => Holds::Formula,
                        true => Holds::Value,
                        false => Holds::Nothing,
                    });
                }
                Token::Eof => return Err(BREAKS_OFF),
                _ => {}
            }
        }
    }

    /// The text of the cell whose value was read; `None`: it is empty, or holds an error.
    fn text(&mut self, head: &Head) -> Result<Option<&str>, Bad> {
        if self.value.is_empty() {
            return Ok(None);
        }
        Ok(match head.kind {
            Kind::Shared => {
                let index = self.value.trim_ascii().parse().ok();
                let text = index.and_then(|index| self.book.texts.get(index));
                Some(text.ok_or(Bad::How("a cell stands for a text that is not there"))?)
            }
            Kind::Inline => Some(&self.value),
            Kind::Formula => Some(unescaped(&mut self.value)),
            Kind::Error => None,
            Kind::Boolean => match self.value.trim() {
                "" => None,
                "0" => Some("FALSE"),
                "1" => Some("TRUE"),
                other if other.eq_ignore_ascii_case("false") => Some("FALSE"),
                other if other.eq_ignore_ascii_case("true") => Some("TRUE"),
                _ => Some(&self.value),
            },
            Kind::Date => Some(cell::without_midnight(&self.value)),
            Kind::Number => self.number(head.look),
        })
    }

    /// Gives a number that has lost its date format the one of its column, in a workbook whose days count from 1904: read as a number,
    /// it would be taken for a day counted from 1900. `false`: its column has none, and it may be any number.
    fn has_format(&mut self, head: &mut Head) -> bool {
        let is_day = || self.value.trim().parse().is_ok_and(|day: u32| DAYS.contains(&day));
        match (head.kind, head.look) {
            (Kind::Number, Look::Date) => {
                self.days.insert(head.column);
                true
            }
            (Kind::Number, Look::Number) if is_day() => {
                let is_known = self.days.contains(&head.column);
                if is_known {
                    head.look = Look::Date;
                }
                is_known
            }
            _ => true,
        }
    }

    fn number(&mut self, look: Look) -> Option<&str> {
        if look == Look::Number && is_plain(self.value.as_bytes()) {
            return Some(&self.value);
        }
        // What is no number is still what stands there.
        let Ok(number) = self.value.parse::<f64>() else { return Some(&self.value) };
        let moment = |kind| DataRef::DateTime(ExcelDateTime::new(number, kind, self.book.is_1904));
        let value = match look {
            Look::Number => DataRef::Float(number),
            Look::Date => moment(ExcelDateTimeType::DateTime),
            Look::Duration => moment(ExcelDateTimeType::TimeDelta),
        };
        cell::text(&value, &mut self.piece).is_some().then_some(self.piece.as_str())
    }
}

/// Reads a cell's attributes; `next`: where it stands if it does not say so.
fn head(book: &Spreadsheet, next: (u32, u32), attributes: Attributes<'_>) -> Result<Head, Bad> {
    let mut head = Head { row: next.0, column: next.1, kind: Kind::Number, look: Look::Number };
    for (key, value) in attributes {
        match key {
            b"r" => {
                let (row, column) = place(value);
                (head.row, head.column) = (row.ok_or(NO_PLACE)?, column.ok_or(NO_PLACE)?);
            }
            b"s" => {
                let style = std::str::from_utf8(value).ok().and_then(|style| style.parse().ok());
                let style: usize = style.unwrap_or_default();
                head.look = book.looks.get(style).copied().unwrap_or_default();
            }
            b"t" => {
                head.kind = match value {
                    b"s" => Kind::Shared,
                    b"inlineStr" | b"is" => Kind::Inline,
                    b"str" => Kind::Formula,
                    b"b" => Kind::Boolean,
                    b"d" => Kind::Date,
                    b"e" => Kind::Error,
                    _ => Kind::Number,
                };
            }
            _ => {}
        }
    }
    Ok(head)
}

const NO_PLACE: Bad = Bad::How("a cell stands nowhere");

/// Row and column, both from 0, of `A1`; `1` alone has no column.
fn place(at: &[u8]) -> (Option<u32>, Option<u32>) {
    let letters = at.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (letters, digits) = at.split_at(letters);
    let letter = |sum: u32, b: &u8| {
        sum.saturating_mul(26).saturating_add(u32::from(b.to_ascii_uppercase() - b'A') + 1)
    };
    let digit = |sum: Option<u32>, b: &u8| {
        let digit = b.is_ascii_digit().then(|| u32::from(b - b'0'))?;
        sum?.checked_mul(10)?.checked_add(digit)
    };
    let row = digits.iter().fold(Some(0), digit).and_then(|row| row.checked_sub(1));
    (row, letters.iter().fold(0, letter).checked_sub(1))
}

/// Whether a number is written as [`cell::text`] would write it.
fn is_plain(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    let point = digits.iter().position(|&b| b == b'.');
    let (whole, fraction) = digits.split_at(point.unwrap_or(digits.len()));
    let all_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let fits = all_digits(whole)
        && whole.len() + fraction.len() <= DIGITS_MAX
        && (whole[0] != b'0' || (whole.len() == 1 && number != b"-0"));
    match fraction {
        [] => fits,
        [_, fraction @ ..] => {
            fits && all_digits(fraction)
                && fraction.last() != Some(&b'0')
                && !fraction.starts_with(b"0000000")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_plain() {
        for number in [
            "0",
            "7",
            "-7",
            "123456789012345",
            "1234567890123456",
            "0.5",
            "-0.25",
            "2750.5",
            "2750.50",
            "007",
            "1e5",
            "0.0000001",
            "0.00000001",
            "-0",
            "-0.0",
            "1.",
            ".5",
            "12345678.1234567",
            "0.30000000000000004",
            "",
            "-",
            "999999999999999",
            "0.10",
            "99999999999999.9",
            "1.0",
        ] {
            if !is_plain(number.as_bytes()) {
                continue;
            }
            let value = DataRef::Float(number.parse().unwrap());
            assert_eq!(cell::text(&value, &mut String::new()), Some(number));
        }
        assert!(is_plain(b"2750.5") && is_plain(b"123456789012345") && !is_plain(b"1e5"));
    }

    #[test]
    fn places() {
        assert_eq!(place(b"A1"), (Some(0), Some(0)));
        assert_eq!(place(b"ab12"), (Some(11), Some(27)));
        assert_eq!(place(b"12"), (Some(11), None));
        assert_eq!(place(b"A0").0, None);
        assert_eq!(place(b"A-1").0, None);
        assert_eq!(place(b"A99999999999").0, None);
        assert_eq!(place(b"ZZZZZZZZZZ1"), (Some(0), Some(u32::MAX - 1)));
    }
}
