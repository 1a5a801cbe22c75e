//! Cells gathered into rows.

use super::book::Each;
use crate::error::Error;
use crate::limits::Limits;
use crate::reject::RejectRule;
use crate::row::RawRow;
use crate::table::Flow;

/// More columns than any spreadsheet program has.
const COLUMNS_MAX: usize = 16_384;

/// Hands on each row that has a filled cell, once the next one begins.
pub(super) struct Rows<'a, 'e> {
    row: RawRow,
    limits: &'a Limits,
    each: &'a mut Each<'e>,
}

impl<'a, 'e> Rows<'a, 'e> {
    pub(super) fn new(limits: &'a Limits, each: &'a mut Each<'e>) -> Self {
        Self { row: RawRow::default(), limits, each }
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

    /// There is no other row.
    pub(super) fn end(&mut self) -> Result<Flow, Error> {
        if self.row.is_blank() { Ok(Flow::More) } else { (self.each)(&self.row) }
    }
}
