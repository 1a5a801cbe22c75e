//! A column whose values repeat (places, words, statuses): each distinct value of a batch is worked out once.
//!
//! Invariant: a function of ours depends on its arguments alone, so equal values may share one answer.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use milaan_kernels::hash::hash64;

/// Rows looked at before the rest: a column that is mostly new values there is left alone.
const SAMPLE_ROWS: usize = 128;
/// Distinct values in a batch above which looking each one up costs what it saves.
const DISTINCT_MAX: usize = 1024;
const PLACES: usize = 1 << 12;

/// The distinct values of a column and which of them each row has.
pub(crate) struct Repeats {
    /// The distinct values, in order of appearance.
    pub(crate) values: ArrayRef,
    which: UInt32Array,
}

impl Repeats {
    /// `None` where the column is short, is no text, or its values hardly repeat.
    pub(crate) fn of(column: &ArrayRef) -> Option<Repeats> {
        match column.data_type() {
            DataType::Utf8 => {
                let texts = column.as_string::<i32>();
                find(column, |row| texts.value(row))
            }
            DataType::Utf8View => {
                let texts = column.as_string_view();
                find(column, |row| texts.value(row))
            }
            _ => None,
        }
    }

    /// The answer of each row, from those of the distinct values.
    pub(crate) fn spread(&self, answers: &ArrayRef) -> Result<ArrayRef> {
        Ok(take(answers, &self.which, None)?)
    }
}

fn find<'a>(column: &ArrayRef, text: impl Fn(usize) -> &'a str) -> Option<Repeats> {
    if column.len() < 2 * SAMPLE_ROWS {
        return None;
    }
    let mut places = vec![0_u32; PLACES]; // one more than the number of a distinct value
    let mut firsts: Vec<u32> = Vec::with_capacity(SAMPLE_ROWS);
    let mut which = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        if firsts.len() > DISTINCT_MAX || (row == SAMPLE_ROWS && firsts.len() > SAMPLE_ROWS / 2) {
            return None;
        }
        let value = column.is_valid(row).then(|| text(row));
        let mut place = value.map_or(0, |value| hash64(1, value.as_bytes()) as usize) % PLACES;
        let number = loop {
            let Some(known) = places[place].checked_sub(1) else {
                firsts.push(u32::try_from(row).ok()?);
                places[place] = u32::try_from(firsts.len()).ok()?;
                break places[place] - 1;
            };
            let first = firsts[known as usize] as usize;
            if column.is_valid(first).then(|| text(first)) == value {
                break known;
            }
            place = (place + 1) % PLACES;
        };
        which.push(number);
    }
    let values = take(column, &UInt32Array::from(firsts), None).ok()?;
    Some(Repeats { values: Arc::clone(&values), which: UInt32Array::from(which) })
}
