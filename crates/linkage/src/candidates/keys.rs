//! Blocking keys of rows: for each rule a 64-bit hash of the values of its columns.
//!
//! A row has a key for every combination of the elements of its lists; a NULL or a NULL element gives none, since SQL's equi-join
//! never matches NULL.

use arrow::array::RecordBatch;
use milaan_kernels::hash::combine;
use milaan_model::matching::BlockingRule;

use super::column::{Class, KeyColumn, Side};
use super::error::Error;

/// A rule over the distinct key columns.
#[derive(Debug, Clone)]
pub(super) struct RulePlan {
    pub(super) name: String,
    columns: Vec<usize>,
    pub(super) block_rows_max: u64,
}

/// The rules and the columns they need.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyPlan {
    pub(super) rules: Vec<RulePlan>,
    pub(super) columns: Vec<(String, bool)>,
}

impl KeyPlan {
    pub(super) fn of(rules: &[BlockingRule]) -> Self {
        let mut plan = Self::default();
        for rule in rules {
            let columns = rule.keys.iter().map(|key| plan.column(&key.column, key.each)).collect();
            plan.rules.push(RulePlan {
                name: rule.name.to_string(),
                columns,
                block_rows_max: rule.block_rows_max,
            });
        }
        plan
    }

    fn column(&mut self, name: &str, each: bool) -> usize {
        let known = self.columns.iter().position(|column| column.0 == name && column.1 == each);
        known.unwrap_or_else(|| {
            self.columns.push((name.to_owned(), each));
            self.columns.len() - 1
        })
    }

    /// The keys of a batch, ready for [`BatchKeys::each`].
    pub(super) fn of_batch(&self, batch: &RecordBatch, side: Side) -> Result<BatchKeys, Error> {
        let columns = self
            .columns
            .iter()
            .map(|(name, each)| KeyColumn::of(batch, side, name, *each))
            .collect::<Result<_, Error>>()?;
        Ok(BatchKeys { columns })
    }
}

/// The key columns of one batch.
#[derive(Debug)]
pub(super) struct BatchKeys {
    columns: Vec<KeyColumn>,
}

impl BatchKeys {
    pub(super) fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        self.columns.iter().map(|column| column.class)
    }

    /// Tells the hash of each key that a rule gives a row; a repeated element repeats its key.
    pub(super) fn each(
        &self,
        rules: &[RulePlan],
        rule: usize,
        row: usize,
        tell: &mut impl FnMut(u64),
    ) {
        if !rules[rule].columns.is_empty() {
            self.combine(&rules[rule].columns, row, rule as u64 + 1, tell);
        }
    }

    fn combine(&self, columns: &[usize], row: usize, hash: u64, tell: &mut impl FnMut(u64)) {
        let Some((column, rest)) = columns.split_first() else { return tell(hash) };
        for key in self.columns[*column].keys(row) {
            if *key != 0 {
                self.combine(rest, row, combine(hash, *key), tell);
            }
        }
    }
}
