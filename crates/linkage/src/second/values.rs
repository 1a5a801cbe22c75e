//! Values by number: what pairs agree on, and how many rows of the registry have it.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use milaan_kernels::hash::{BuildHash64, combine, hash64};

use super::{Counted, Counting};
use crate::candidates::Error;
use crate::candidates::column::{Cells, Side};

/// The columns of a batch whose rows' values are counted together.
#[derive(Debug)]
pub(super) struct Values(Vec<Cells>);

impl Values {
    /// Of columns that stand in the batch with something before their names.
    pub(super) fn of(
        batch: &RecordBatch,
        (side, before): (Side, &str),
        counted: &Counted,
    ) -> Result<Self, Error> {
        let cells = |name: &String| Cells::of(batch, side, &format!("{before}{name}"));
        counted.columns.iter().map(cells).collect::<Result<_, _>>().map(Self)
    }

    /// A hash of what a row has in all of them: `None` where the first is NULL; in the others NULL is an empty text.
    pub(super) fn hash(&self, row: usize) -> Option<u64> {
        let (first, others) = self.0.split_first()?;
        let start = first.hash_at(row);
        let add = |hash, other: &Cells| match other.hash_at(row) {
            0 => combine(hash, hash64(15, b"")),
            known => combine(hash, known),
        };
        (start != 0).then(|| others.iter().fold(start, add))
    }
}

/// Numbers of the values wanted, by comparison and way of counting.
pub(super) type Numbers = Vec<Vec<HashMap<u64, u32, BuildHash64>>>;

/// Counts the registry's rows that have the values wanted; one a thread, and all are added.
#[derive(Debug)]
pub struct Counter {
    counting: Arc<Counting>,
    numbers: Arc<Numbers>,
    pub(super) rows: Vec<u32>,
}

impl Counter {
    pub(super) fn new(counting: &Arc<Counting>, numbers: &Arc<Numbers>, values: u32) -> Self {
        let (counting, numbers) = (Arc::clone(counting), Arc::clone(numbers));
        Self { counting, numbers, rows: vec![0; values as usize] }
    }

    /// Counts rows of the registry; the batch has the columns of all [`Counted`].
    pub fn count(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let wanted = self.counting.ways.iter().flatten().zip(self.numbers.iter().flatten());
        for (counted, numbers) in wanted.filter(|(_, numbers)| !numbers.is_empty()) {
            let values = Values::of(batch, (Side::Registry, ""), counted)?;
            for row in 0..batch.num_rows() {
                let number = values.hash(row).and_then(|hash| numbers.get(&hash));
                if let Some(number) = number {
                    self.rows[*number as usize] += 1;
                }
            }
        }
        Ok(())
    }
}
