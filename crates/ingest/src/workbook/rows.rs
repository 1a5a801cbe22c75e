//! Cells gathered into rows.

use super::book::Each;
use crate::error::Error;
use crate::limits::Limits;
use crate::reject::RejectRule;
use crate::row::RawRow;
use crate::table::Flow;

/// More columns than any spreadsheet program has.
const COLUMNS_MAX: usize = 16_384;

/// Cells of one kind that hold no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counted {
    pub(super) cells: u64,
    /// Row and column of the first, from 1.
    first: Option<(u64, usize)>,
}

impl Counted {
    fn add(&mut self, row: u64, column: usize) {
        self.cells += 1;
        self.first.get_or_insert((row, column + 1));
    }

    /// As the receipt says it; `None`: there is none.
    pub(super) fn told(&self) -> Option<String> {
        let (row, column) = self.first?;
        Some(format!("{} cells, first in row {row}, column {column}", self.cells))
    }
}

/// Cells that are filled for the eye and hold no value: they land empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Valueless {
    /// `#N/A`, `#REF!` and the like.
    pub(super) errors: Counted,
    /// Formulas whose result was not saved with them.
    pub(super) formulas: Counted,
    /// Beside them: whole numbers that may be days, but have no date format, in a workbook whose days count from 1904. Read as days,
    /// they would be four years off.
    pub(super) undated: Counted,
}

impl Valueless {
    pub(super) fn cells(&self) -> u64 {
        self.errors.cells + self.formulas.cells
    }
}

/// Hands on each row that has a filled cell, once the next one begins.
pub(super) struct Rows<'a, 'e> {
    row: RawRow,
    pub(super) valueless: Valueless,
    limits: &'a Limits,
    each: &'a mut Each<'e>,
}

impl<'a, 'e> Rows<'a, 'e> {
    pub(super) fn new(limits: &'a Limits, each: &'a mut Each<'e>) -> Self {
        Self { row: RawRow::default(), valueless: Valueless::default(), limits, each }
    }

    /// The next cell stands in this row, counted from 1.
    pub(super) fn at(&mut self, number: u64) -> Result<Flow, Error> {
        if number == self.row.number {
            return Ok(Flow::More);
        }
        let flow = self.end()?;
        self.row.begin(number);
        Ok(flow)
    }

    /// Writes a cell into its row, within the bounds of a row.
    pub(super) fn put(&mut self, column: usize, text: &str) {
        if self.row.bytes() + text.len() > self.limits.record_bytes_max || column >= COLUMNS_MAX {
            self.row.problem = Some(RejectRule::LineTooLong);
        } else {
            self.row.put(column, text);
        }
    }

    /// The cell holds an error.
    pub(super) fn error(&mut self, column: usize) {
        self.valueless.errors.add(self.row.number, column);
    }

    /// The cell holds a formula without its result.
    pub(super) fn formula(&mut self, column: usize) {
        self.valueless.formulas.add(self.row.number, column);
    }

    /// The cell holds a number that may be a day counted from 1904.
    pub(super) fn undated(&mut self, column: usize) {
        self.valueless.undated.add(self.row.number, column);
    }

    /// There is no other row.
    pub(super) fn end(&mut self) -> Result<Flow, Error> {
        if self.row.is_blank() { Ok(Flow::More) } else { (self.each)(&self.row) }
    }
}
