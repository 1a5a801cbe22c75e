//! Blocking keys of rows: for each rule a 64-bit hash of the values of its columns.
//!
//! A row has a key for every combination of the elements of its lists; a NULL or a NULL element gives none, since SQL's equi-join
//! never matches NULL.

use std::ops::Range;

use arrow::array::RecordBatch;
use milaan_kernels::hash::combine;
use milaan_model::matching::BlockingRule;

use super::column::{Cells, Class, KeyColumn, Side};
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

    /// The keys of a batch, ready for [`BatchKeys::of_rule`].
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

    /// The hashes of a column that is a single key, if it is one.
    pub(super) fn hashed(&self, plan: &KeyPlan, column: &str) -> Option<Cells> {
        let place = plan.columns.iter().position(|(name, each)| name == column && !each)?;
        self.columns[place].hashed()
    }

    /// Adds, for some rows, the row and hash of each key that a rule gives it, in the order of rows; a repeated element repeats its
    /// key.
    pub(super) fn of_rule(
        &self,
        rules: &[RulePlan],
        rule: usize,
        rows: Range<usize>,
        keys: &mut Vec<(u32, u64)>,
    ) {
        let start = rule as u64 + 1;
        match rules[rule].columns.as_slice() {
            [] => {}
            [one] => {
                let one = &self.columns[*one];
                for row in rows {
                    let known = one.keys(row).iter().filter(|key| **key != 0);
                    keys.extend(known.map(|key| (row as u32, combine(start, *key))));
                }
            }
            [first, rest @ ..] => {
                for row in rows {
                    self.combine(*first, rest, row as u32, start, keys);
                }
            }
        }
    }

    fn combine(
        &self,
        first: usize,
        rest: &[usize],
        row: u32,
        hash: u64,
        keys: &mut Vec<(u32, u64)>,
    ) {
        let known = self.columns[first].keys(row as usize).iter().filter(|key| **key != 0);
        match rest {
            [] => keys.extend(known.map(|key| (row, combine(hash, *key)))),
            [next, rest @ ..] => {
                for key in known {
                    self.combine(*next, rest, row, combine(hash, *key), keys);
                }
            }
        }
    }
}
