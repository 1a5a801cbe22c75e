//! The list, taken in batch by batch and indexed.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::column::{Cells, Class, Side};
use super::compiled::{Compiled, Keep};
use super::error::Error;
use super::features::{FeatureBuilder, FeatureColumns, ListFeatures};
use super::index::{KeyIndex, RuleBuilder};
use super::keys::BatchKeys;

/// Takes the list in.
#[derive(Debug)]
pub struct ListBuilder {
    compiled: Arc<Compiled>,
    rules: Vec<RuleBuilder>,
    features: FeatureBuilder,
    rows: u64,
    key_classes: Vec<Class>,
    threads: usize,
}

/// Notes the classes of a further batch.
pub(super) fn note_classes(
    known: &mut Vec<Class>,
    found: impl Iterator<Item = Class>,
    names: &[&str],
    side: Side,
) -> Result<(), Error> {
    let found: Vec<Class> = found.collect();
    known.resize(found.len(), Class::Null);
    for ((known, found), name) in known.iter_mut().zip(found).zip(names) {
        *known = known.with(found).ok_or_else(|| Error::ColumnType {
            side: side.name(),
            column: (*name).to_owned(),
            found: format!("{found:?}"),
            wanted: "what it is elsewhere",
        })?;
    }
    Ok(())
}

/// The names of the key columns, and of the columns compared.
pub(super) fn column_names(compiled: &Compiled) -> (Vec<&str>, Vec<&str>) {
    let keys = compiled.keys.columns.iter().map(|(name, _)| name.as_str()).collect();
    let compared = compiled.comparisons.iter().flat_map(|one| &one.columns);
    (keys, compared.map(String::as_str).collect())
}

/// Adds the keys of a batch whose rows have these numbers.
fn push_keys(
    compiled: &Compiled,
    rules: &mut [RuleBuilder],
    keys: &BatchKeys,
    numbers: Range<u32>,
) {
    let mut of_rule = Vec::new();
    for (rule, builder) in rules.iter_mut().enumerate() {
        of_rule.clear();
        keys.of_rule(&compiled.keys.rules, rule, 0..numbers.len(), &mut of_rule);
        for (row, hash) in &of_rule {
            builder.push(*hash, numbers.start + row);
        }
    }
}

impl ListBuilder {
    /// An empty list.
    pub fn new(compiled: Arc<Compiled>) -> Self {
        let rules = compiled.keys.rules.iter().map(|_| RuleBuilder::new()).collect();
        let features = FeatureBuilder::new(&compiled);
        Self { compiled, rules, features, rows: 0, key_classes: Vec::new(), threads: 1 }
    }

    /// With so many threads: keys and features are taken in beside one another, and the rules' indexes sorted beside one another.
    #[must_use]
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Adds rows. A batch needs the columns [`Compiled::list_columns`] says, in any order.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let compiled = Arc::clone(&self.compiled);
        let limit = u64::from(u32::MAX - 1);
        let rows = self.rows + batch.num_rows() as u64;
        if rows > limit {
            return Err(Error::Limit { what: "rows of the list", found: rows, limit });
        }
        let names = column_names(&compiled);
        let keys = compiled.keys.of_batch(batch, Side::List)?;
        note_classes(&mut self.key_classes, keys.classes(), &names.0, Side::List)?;
        let ids = Cells::text(batch, Side::List, "record_id")?;
        let columns = if compiled.keep == Keep::Nothing {
            None
        } else {
            Some(FeatureColumns::of(&compiled, batch, &keys, Side::List)?)
        };
        if let Some(columns) = &columns {
            note_classes(self.features.classes(), columns.classes(), &names.1, Side::List)?;
        }
        let (rules, features) = (&mut self.rules, &mut self.features);
        let first = self.rows as u32;
        let mut index = || push_keys(&compiled, rules, &keys, first..rows as u32);
        let mut take_in = || -> Result<(), Error> {
            for row in 0..batch.num_rows() {
                let id = ids
                    .text_at(row)
                    .ok_or(Error::KeyMissing { side: Side::List.name(), column: "record_id" })?;
                features.push_id(id);
                if let Some(columns) = &columns {
                    features.push(&compiled, columns.row(row));
                }
            }
            Ok(())
        };
        if self.threads > 1 {
            std::thread::scope(|scope| {
                scope.spawn(index);
                take_in()
            })?;
        } else {
            index();
            take_in()?;
        }
        self.rows = rows;
        Ok(())
    }

    /// Bytes held now. [`ListBuilder::finish`] needs no more than this again for the index, and frees as it goes.
    pub fn memory_bytes(&self) -> usize {
        self.rules.iter().map(RuleBuilder::memory_bytes).sum::<usize>()
            + self.features.memory_bytes()
    }

    /// The index.
    pub fn finish(self) -> Result<ListIndex, Error> {
        Ok(ListIndex {
            keys: KeyIndex::of(self.rules, self.threads)?,
            features: self.features.finish()?,
            key_classes: self.key_classes,
            compiled: self.compiled,
        })
    }
}

/// The list, indexed by all blocking rules; shared by the workers.
#[derive(Debug)]
pub struct ListIndex {
    pub(super) compiled: Arc<Compiled>,
    pub(super) keys: KeyIndex,
    pub(super) features: ListFeatures,
    pub(super) key_classes: Vec<Class>,
}

impl ListIndex {
    /// The model it was made for.
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// Rows of the list.
    pub fn rows(&self) -> usize {
        self.features.record_ids.len()
    }

    /// Keys of the list, by rule.
    pub fn keys_by_rule(&self) -> Vec<u64> {
        self.keys.rules.iter().map(|rule| rule.keys() as u64).collect()
    }

    /// Different keys of the list, by rule.
    pub fn blocks_by_rule(&self) -> Vec<u64> {
        self.keys.rules.iter().map(|rule| rule.blocks() as u64).collect()
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.keys.memory_bytes() + self.features.memory_bytes()
    }

    /// Says that workers have seen the whole registry: its blocks' sizes are known, and workers that go over it again leave
    /// over-full blocks out from the start and count nothing.
    pub fn settle(&self) {
        self.keys.settle();
    }
}
