//! Digits that a spreadsheet has lost: `2.34E+11` for a number of twelve digits, sixteen digits in a cell that keeps
//! fifteen. Such a value is kept as it came and counted; nothing ever makes a number of it again.

use crate::row::RawRow;

/// Digits that a spreadsheet's number holds.
const SPREADSHEET_DIGITS: usize = 15;
/// An id or an account has so many digits at least; amounts do not.
const ID_DIGITS_MIN: usize = 10;

/// Values that have lost digits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lost {
    values: u64,
    /// Row and column of the first, from 1.
    first: Option<(u64, usize)>,
}

impl Lost {
    /// Looks at a record's cells.
    pub(crate) fn look(&mut self, row: &RawRow) {
        // Nearly no row has one: one look at its text is enough.
        if !row.text().as_bytes().contains(&b'+') {
            return;
        }
        for (column, _) in row.filled().filter(|(_, cell)| has_lost_digits(cell)) {
            self.values += 1;
            self.first.get_or_insert((row.number, column + 1));
        }
    }

    /// Adds what was found further down.
    pub(crate) fn add(&mut self, below: Self) {
        self.values += below.values;
        self.first = self.first.or(below.first);
    }

    /// The receipt's line, if there is something to say.
    pub(crate) fn found(&self) -> Option<(String, String)> {
        let (row, column) = self.first?;
        let said = format!("{} values, first in row {row}, column {column}", self.values);
        Some(("EXCEL_PRECISION_LOSS".to_owned(), said))
    }
}

/// Whether a cell is a number in scientific notation, of an id's length, some digits of which are missing.
pub(crate) fn has_lost_digits(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once("E+") else { return false };
    // Where the spreadsheet writes a comma for the point, `2,34E+11`.
    let (whole, part) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let Ok(exponent) = exponent.parse::<usize>() else { return false };
    let complete = exponent == part.len() && part.len() < SPREADSHEET_DIGITS;
    whole.len() == 1
        && digits(whole)
        && digits(part)
        && exponent + 1 >= ID_DIGITS_MIN
        && exponent <= 30
        && !complete
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        for (cell, lost) in [
            ("2.34E+11", true),
            ("1.23456789012346E+18", true),
            ("9E+09", true),
            ("2,34E+11", true),
            ("2,34123412346E+11", false),
            ("2,34,567E+11", false),
            ("2.34123412346E+11", false),
            ("1E+05", false),
            ("12E34", false),
            ("6.02E-23", false),
            ("Flat 1E+", false),
        ] {
            assert_eq!(has_lost_digits(cell), lost, "{cell}");
        }
    }
}
